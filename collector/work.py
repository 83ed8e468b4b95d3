"""One message on its way through the loader's STEPS, and what a batch of them comes to."""

from itertools import chain

from collector import mask, outcomes, session, totals
from collector.memory import KEPT, transaction_hash
from collector.storage.changes import Changes

MOST_SESSIONS = 8  # remembered of one visitor before old ones are let go
LONGEST_REJECTED = 1000  # characters kept of a rejected event


class Arrival:
    """A message on its way through the STEPS."""

    __slots__ = ("known", "received", "batch", "refused", "events", "kinds", "views", "page_ids", "placed", "values",
                 "late", "reached", "dropped")

    def __init__(self, known, received, batch, refused=()):
        self.known, self.received, self.batch, self.refused = known, received, batch, refused
        self.events = batch.events
        self.kinds = set(map(type, batch.events))
        self.views = self.page_ids = self.placed = ()
        self.values = {}  # (page, n) of a custom event: minor units; of an exposure: when it happened
        self.late = {}  # (page, n) of an event that stands behind later ones: milliseconds since it happened
        self.reached = set()  # (page, n) of events that reached a goal
        self.dropped = {}

    @property
    def lasting(self):
        """The sender's id when it lasts beyond the day, by consent or as the owner's customer; else None."""
        return self.received.visitor if self.batch.visitor or self.batch.user else None

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
        self.ledger = {}  # (site, day, reason): [events, batches]
        self.rejected = []
        self.orders = {}
        self.codes = {}  # (site, session, hash of a code): when
        self.visitor_days = {}
        self.first_events = {}
        self.begun = set()  # (site, id) of sessions that are new with it
        self.noted = {}  # KnownSite: [(session, row of an event, what it matters to), …]: see outcomes.py

    def pass_through(self, steps, arrival):
        """Takes a message through the steps, until nothing of it is left."""
        known, received = arrival.known, arrival.received
        self.memory.turn_to(known, known.day_and_hour(received.received_at)[0])
        for step in steps:
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
        if self.memory.may_keep_rejected():
            text = mask.scrub(event[:4 * LONGEST_REJECTED].decode(errors="replace"))[:LONGEST_REJECTED]
            self.rejected.append((arrival.known.id, arrival.received.received_at, mask.scrub(field)[:100],
                                  mask.scrub(why)[:300], text))

    # -- sessions

    def session_at(self, arrival, at):
        """The visitor's session that an event of that time is part of, or None.

        Just after midnight a visitor has a new id; yesterday's is looked at too,
        so that a session goes on. Who gives consent or signs in within a session
        can be known again by it: the first such id stands.
        """
        for visitor in self._visitors(arrival):
            for found in reversed(visitor.sessions):
                if found.fits(at):
                    self._touch(found)
                    if found.lasting is None:
                        found.lasting = arrival.lasting
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
        own = [each.id for each in visitor.sessions]
        name = known.id, session.session_id(started_at, visitor_id)
        while name in self.begun or name[1] in own:
            started_at += 1
            name = known.id, session.session_id(started_at, visitor_id)
        self.begun.add(name)
        event.at = started_at
        new = session.Session(*name, visitor_id, day, hour,
                              self._visitor_day(known.id, visitor, day), started_at,
                              arrival.page_ids[event.page],
                              self.memory.origin(known, arrival.batch.pages[event.page]),
                              self.memory.client(received, arrival.batch.language))
        new.lasting = arrival.lasting
        if len(visitor.sessions) >= MOST_SESSIONS:
            visitor.forget_before(started_at - KEPT)
        visitor.sessions.append(new)
        self.touched[new] = []
        return new

    def _whose(self, arrival, day):
        """The visitor's id and Visitor; yesterday's id for an event of yesterday that came after midnight."""
        known, received = arrival.known, arrival.received
        visitor_id = received.visitor
        if received.previous is not None and arrival.lasting is None:
            if day < known.day_and_hour(received.received_at)[0]:
                visitor_id = received.previous
        return visitor_id, self.memory.visitor(known.id, visitor_id)

    def _visitor_day(self, site_id, visitor, day):
        """Counts the visitor on a day new to him; gives his day before it, or None."""
        days = [each.day for each in visitor.sessions]
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

    def note_code(self, current, at, code):
        """A code that somebody may name outside the page was in this session. A telephone is none: its hash could be tried out."""
        if code and mask.is_clean(code):
            self.codes[current.site_id, current.id, transaction_hash(code)] = at

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
        counted = chain.from_iterable(map(session.contribution, self.touched))
        sums = totals.rows(counted, chain.from_iterable(self.touched.values()))
        kept_of_trials, gone = outcomes.changes(self) if self.noted else ({}, {})
        memory = self.memory
        touched = sorted(self.touched, key=_place)
        return Changes({
            "names": memory.new_names, "pages": memory.new_pages,
            "events": self.events,
            "sessions": [session.row(found) for found in touched],
            "session_pages": [row for found in touched for row in session.page_rows(found)],
            "session_forms": [row for found in touched for row in session.form_rows(found)],
            "session_fields": [row for found in touched for row in session.field_rows(found)],
            "seen": [(site, view, held.at, held.session_id, held.number,
                      held.mask.to_bytes((held.mask.bit_length() + 7) // 8, "little"))
                     for (site, view), held in self.views.items() if held.mask],
            "orders": [(*key, at) for key, at in self.orders.items()],
            "session_codes": [(*key, at) for key, at in self.codes.items()],
            "growth": [(site, day, *known.growth[day]) for site, day, known in memory.grown],
            "rejected": self.rejected,
            "visitor_days": [(*key, count) for key, count in self.visitor_days.items() if count],
            **sums,
            **kept_of_trials,
            "exclusions": [(*key, *counts) for key, counts in sorted(self.ledger.items())],
        }, [(at, site) for site, at in self.first_events.items()], gone)


def _place(found):
    return found.site_id, found.id
