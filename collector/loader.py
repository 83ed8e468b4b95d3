"""Drains the spool into the store, exactly once. STEPS is the policy every message goes through, in order.

One process does it, held by a file lock; the others wait to take over. Each
batch of messages becomes one transaction together with the position in the
spool, so a crash at any moment loses nothing and counts nothing twice. What is
kept in memory only saves time: after a restart the sessions are rebuilt from
their events, and the result is the same.

    python -m collector.loader DATA
"""

import logging
import signal
import sys
import threading

from collector import exclusions, mask, message, money, rows, session, spool, totals
from collector.memory import KEPT, Memory, transaction_hash
from collector.storage.changes import Changes

LATEST = 5 * 60_000  # a sender's clock may be this far ahead
EARLIEST = 48 * 3_600_000  # and an event this old
MOST_IN_VIEW = 10_000  # events of one page view
MOST_IN_SESSION = 20_000
MOST_SESSIONS = 8  # remembered of one visitor before old ones are let go
MOST_REJECTED = 200  # rows kept of one site in one batch of the loader
LONGEST_REJECTED = 1000  # characters kept of a rejected event
BATCH_BYTES = 1 << 20  # of the spool in one transaction

log = logging.getLogger("netiv.loader")


# -- the policy

def honour_opt_outs(work, arrival):
    """GPC and DNT: by the browser's header, or told by the tracker, which then sends nothing else."""
    told = [event.signal for event in arrival.events if type(event) is message.OptOut]
    if told:
        arrival.events = [event for event in arrival.events if type(event) is not message.OptOut]
    signal = arrival.received.opt_out or (told[0] if told else "")
    if signal and signal not in arrival.known.off:
        arrival.drop(signal, len(told))
        arrival.drop_all(signal)


def set_bots_aside(work, arrival):
    if arrival.received.bot and "bot" not in arrival.known.off:
        arrival.drop_all(exclusions.bot(arrival.received.bot))


def keep_bad_events_apart(work, arrival):
    """Events not in the agreed form were taken out one by one when the message was read."""
    for refused in arrival.refused:
        work.reject(arrival, refused.field, refused.why, refused.event)
    arrival.drop("rejected", len(arrival.refused))
    arrival.refused = ()


def leave_duplicates_out(work, arrival):
    """(view, n) is an event's own id: one that is in already was delivered again."""
    views = arrival.views = [work.memory.view(arrival.known.id, page.view) for page in arrival.batch.pages]
    fresh, too_many = [], 0
    for event in arrival.events:
        view, bit = views[event.page], 1 << event.n
        if event.n >= MOST_IN_VIEW:
            too_many += 1
        elif not view.mask & bit:
            view.mask |= bit
            fresh.append(event)
    duplicates = len(arrival.events) - len(fresh) - too_many
    arrival.drop("duplicate", duplicates)
    arrival.drop("too_many", too_many)
    arrival.events = fresh


def set_the_clock(work, arrival):
    """Our clock, and the sender's only for how long before sending an event was; in the order they happened."""
    received_at = arrival.received.received_at
    offset = received_at - arrival.batch.sent_at
    earliest, latest = received_at - EARLIEST, received_at + LATEST
    for event in arrival.events:
        at = event.at + offset
        event.at = earliest if at < earliest else latest if at > latest else at
    arrival.events.sort(key=_at)


def mask_pages(work, arrival):
    """Addresses without query, and without what could name a person."""
    arrival.page_ids = [work.memory.page(arrival.known, page.url) for page in arrival.batch.pages]


def join_sessions(work, arrival):
    """Events less than 30 minutes apart are one session; a new one takes its source from the page it starts on."""
    kept, current = [], None
    for event in arrival.events:
        if current is None or not current.fits(event.at):
            current = work.session_at(arrival, event.at)
        view = arrival.views[event.page]
        if current is None:
            if _nothing_done(event) and view.session_id:
                arrival.drop("idle", 1)
                continue
            current = work.begin_session(arrival, event)
        if current.events >= MOST_IN_SESSION:
            arrival.drop("too_many", 1)
            continue
        if view.session_id != current.id:
            work.enter(current, view)
        # One visitor's events never share a millisecond, so that their order is their time's.
        event.at = current.last_at = max(event.at, current.last_at + 1)
        current.events += 1
        kept.append((current, current.events, view, event))
    arrival.placed = kept


def value_orders(work, arrival):
    """Amounts in the site's currency; an order that was counted before has none, nor one in another currency."""
    site = arrival.known.site
    for _, _, _, event in arrival.placed:
        if type(event) is message.Custom and ("value" in event.props or event.name == "purchase"):
            currency = str(event.props.get("currency") or site.currency).upper()
            amount = money.minor_units(event.props.get("value"), site.currency) if currency == site.currency else None
            if event.name == "purchase":
                amount = work.count_order(arrival, event, amount or 0)
                if amount is not None and currency != site.currency:
                    work.note(arrival, "other_currency", 1)
            if amount is not None:
                arrival.values[event.page, event.n] = amount


def mark_goals(work, arrival):
    """A goal is a custom event's name or a page's path."""
    known = arrival.known
    for current, _, _, event in arrival.placed:
        if type(event) is message.Custom:
            reached = known.event_goals.get(event.name)
        elif type(event) is message.Pageview:
            reached = known.page_goals and known.goals_of_page.get(arrival.page_ids[event.page])
        else:
            continue
        for goal in reached or ():
            current.reach(goal)
            arrival.reached.add((event.page, event.n))


def keep(work, arrival):
    """Each event becomes a row, scrubbed, and counts in its session."""
    site, pages, name = arrival.known.id, arrival.batch.pages, work.memory.name
    for current, number, view, event in arrival.placed:
        kind, what, element, label, x, y, value, detail = rows.WRITERS[type(event)](
            event, pages[event.page], name, arrival.values.get((event.page, event.n)),
            1 if (event.page, event.n) in arrival.reached else None)
        row = (site, current.id, number, event.at, kind, view.number, arrival.page_ids[event.page],
               what, element, label, x, y, value, detail)
        current.add(row)
        work.events.append(row)


STEPS = (honour_opt_outs, set_bots_aside, keep_bad_events_apart, leave_duplicates_out, set_the_clock, mask_pages,
         join_sessions, value_orders, mark_goals, keep)


def _at(event):
    return event.at


def _nothing_done(event):
    """Sent by itself when a page goes, perhaps hours after the visit."""
    return type(event) is message.Vitals or (type(event) is message.Leave and not event.engaged_ms)


# -- one message, and one batch of them

class Arrival:
    """A message on its way through the STEPS."""

    __slots__ = ("known", "received", "batch", "refused", "events", "views", "page_ids", "placed", "values",
                 "reached", "dropped")

    def __init__(self, known, received, batch, refused=()):
        self.known, self.received, self.batch, self.refused = known, received, batch, refused
        self.events = batch.events
        self.views = self.page_ids = self.placed = ()
        self.values = {}  # (page, n) of a custom event: minor units
        self.reached = set()  # (page, n) of events that reached a goal
        self.dropped = {}

    def drop(self, reason, count):
        """Counts events as left out; taking them out is the step's."""
        if count:
            self.dropped[reason] = self.dropped.get(reason, 0) + count

    def drop_all(self, reason):
        self.drop(reason, len(self.events) + len(self.refused))
        self.events, self.refused = [], ()


class Work:
    """What one batch of messages comes to: the rows of one transaction."""

    def __init__(self, memory):
        self.memory = memory
        self.events = []
        self.touched = {}  # session: what it counted for before
        self.views = {}
        self.sums = totals.nothing()
        self.ledger = {}  # (site, day, reason): [events, batches]
        self.rejected = []
        self.orders = {}
        self.visitor_days = {}
        self.first_events = {}

    def pass_through(self, arrival):
        """Takes a message through the steps, until nothing of it is left."""
        known, received = arrival.known, arrival.received
        self.memory.turn_to(known, known.day_and_hour(received.received_at)[0])
        for step in STEPS:
            step(self, arrival)
            if not arrival.events and not arrival.refused:
                break
        for reason, count in arrival.dropped.items():
            self.note(arrival, reason, count)
        for page, view in zip(arrival.batch.pages, arrival.views):
            view.at = received.received_at
            self.views[known.id, page.view] = view
        if arrival.placed and not known.has_events:
            self.first_events.setdefault(known.id, received.received_at)

    def note(self, arrival, reason, count):
        """Writes into the ledger what was left out or set apart."""
        day, _ = arrival.known.day_and_hour(arrival.received.received_at)
        entry = self.ledger.setdefault((arrival.known.id, day, reason), [0, 0])
        entry[0] += count
        entry[1] += 1

    def reject(self, arrival, field, why, event):
        if len(self.rejected) < MOST_REJECTED:
            text = mask.scrub(event[:4 * LONGEST_REJECTED].decode(errors="replace"))[:LONGEST_REJECTED]
            self.rejected.append((arrival.known.id, arrival.received.received_at, mask.scrub(field)[:100],
                                  mask.scrub(why)[:300], text))

    # -- sessions

    def session_at(self, arrival, at):
        """The visitor's session that an event of that time is part of, or None.

        Just after midnight a visitor has a new id; yesterday's is looked at too,
        so that a session goes on.
        """
        for visitor in self._visitors(arrival):
            for found in reversed(visitor.sessions):
                if found.fits(at):
                    self._touch(found)
                    return found
        return None

    def _visitors(self, arrival):
        known, received = arrival.known, arrival.received
        yield self.memory.visitor(known.id, received.visitor)
        if received.previous is not None:
            yield self.memory.visitor(known.id, received.previous)

    def _touch(self, found):
        if found not in self.touched:
            if not found.complete:
                self.memory.complete(found)
            self.touched[found] = session.contribution(found)

    def begin_session(self, arrival, event):
        known, received = arrival.known, arrival.received
        day, hour = known.day_and_hour(event.at)
        visitor_id, visitor = self._whose(arrival, day)
        started_at = event.at
        while any((known.id, session.session_id(started_at, visitor_id)) == (other.site_id, other.id)
                  for other in visitor.sessions):
            started_at += 1
        event.at = started_at
        new = session.Session(known.id, session.session_id(started_at, visitor_id), visitor_id, day, hour,
                              self._visitor_day(known.id, visitor, day), started_at,
                              arrival.page_ids[event.page],
                              self.memory.origin(known, arrival.batch.pages[event.page]),
                              self.memory.client(received, arrival.batch.language))
        if len(visitor.sessions) >= MOST_SESSIONS:
            visitor.forget_before(started_at - KEPT)
        visitor.sessions.append(new)
        self.touched[new] = []
        return new

    def _whose(self, arrival, day):
        """The visitor's id and Visitor; yesterday's while a late event still belongs to that day."""
        known, received = arrival.known, arrival.received
        if received.previous is not None and day < known.day_and_hour(received.received_at)[0]:
            before = self.memory.visitor(known.id, received.previous)
            if before.sessions:
                return received.previous, before
        return received.visitor, self.memory.visitor(known.id, received.visitor)

    def _visitor_day(self, site_id, visitor, day):
        """Counts the visitor on a day new to him; gives his day before it, or None."""
        days = {each.day for each in visitor.sessions}
        before = max([each for each in days if each < day], default=visitor.earlier_day)
        if day not in days:
            self._count_visitor(site_id, day, before, 1)
            after = min([each for each in days if each > day], default=None)
            if after is not None:  # an older event came late: the next day has another day before it
                self._count_visitor(site_id, after, before, -1)
                self._count_visitor(site_id, after, day, 1)
                for each in visitor.sessions:
                    if each.day == after:
                        self._touch(each)
                        each.previous_day = day
        return None if before < 0 else before

    def _count_visitor(self, site_id, day, before, count):
        key = site_id, day, before
        self.visitor_days[key] = self.visitor_days.get(key, 0) + count

    def enter(self, current, view):
        """The page view is part of that session, with the next number in it."""
        view.session_id = current.id
        current.last_view += 1
        view.number = current.last_view

    def count_order(self, arrival, event, amount):
        """The amount, or None when the site has counted that transaction_id before."""
        transaction = str(event.props.get("transaction_id") or "")
        if not transaction:
            return amount
        key = arrival.known.id, transaction_hash(transaction)
        if key in self.orders or self.memory.ordered_before(*key):
            return None
        self.orders[key] = event.at
        return amount

    # -- the outcome

    def changes(self):
        """Everything as rows. What each touched session counts for now takes the place of what it did before."""
        for found, before in self.touched.items():
            if before:
                totals.take_away(self.sums, before)
            totals.add(self.sums, session.contribution(found))
        memory = self.memory
        return Changes({
            "names": memory.new_names, "pages": memory.new_pages,
            "events": self.events,
            "sessions": [session.row(found) for found in sorted(self.touched, key=_place)],
            "seen": [(site, view, held.at, held.session_id, held.number,
                      held.mask.to_bytes((held.mask.bit_length() + 7) // 8, "little"))
                     for (site, view), held in self.views.items() if held.mask],
            "orders": [(*key, at) for key, at in self.orders.items()],
            "growth": [(site, day, *known.growth[day]) for site, day, known in memory.grown],
            "rejected": self.rejected,
            "visitor_days": [(*key, count) for key, count in self.visitor_days.items() if count],
            **totals.rows(self.sums),
            "exclusions": [(*key, *counts) for key, counts in sorted(self.ledger.items())],
        }, [(at, site) for site, at in self.first_events.items()])


def _place(found):
    return found.site_id, found.id


class Loader:
    """Reads a spool on and writes a store. One at a time: the caller holds the lock."""

    def __init__(self, store, directory):
        self.store, self.directory = store, directory
        self.memory = Memory(store)

    def drain(self, batch_bytes=BATCH_BYTES):
        """Everything that lies in the spool; gives back how many messages it was. Raises StoreError."""
        count = 0
        positions = dict(self.store.ask("collector/positions"))
        while True:
            finished = spool.finished(self.directory, positions)
            received, after = spool.read(self.directory, positions, batch_bytes)
            if not received:
                break
            self.write(self.take(self.read(received)), after)
            count += len(received)
            positions = after
        spool.remove(self.directory, finished)
        return count

    def read(self, records):
        """(Received, Batch, refused events) of records, passing over what is no message."""
        found = []
        for received in records:
            try:
                found.append((received, *message.parse(received.body)))
            except message.BadMessage as error:  # the front lets none through
                log.warning("a record of the spool is no message: %s", error)
        return found

    def take(self, messages):
        """The Changes that messages, read already, come to."""
        self.memory.look_at_sites()
        arrivals = [Arrival(self.memory.sites[received.site], received, batch, refused)
                    for received, batch, refused in messages if received.site in self.memory.sites]
        self.memory.recall(arrivals)
        work = Work(self.memory)
        for arrival in arrivals:
            work.pass_through(arrival)
        return work.changes()

    def write(self, changes, positions):
        try:
            self.store.write(changes, positions)
        except BaseException:
            self.memory.forget()
            raise
        self.memory.written()


def drain(store, directory):
    """Drains a spool directory into a store, in line; gives back how many messages it was."""
    return Loader(store, directory).drain()
