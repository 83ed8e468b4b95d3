"""The policy: what every message goes through on its way into the store, step by step. STEPS, at the end, is the order.

A step takes the Work of the batch and one Arrival. It may leave events out, with
a reason from the closed list in exclusions.py; what it finds out it puts on the
Arrival for the steps after it.
"""

from operator import attrgetter

from collector import events, exclusions, message, money, outcomes
from collector.rows import WRITERS
from collector.session import GAP

LATEST = 5 * 60_000  # a sender's clock may be this far ahead
EARLIEST = 48 * 3_600_000  # and an event this old
MOST_IN_VIEW = 10_000  # events of one page view
MOST_IN_SESSION = 20_000
CODES = {"purchase": "transaction_id", "contact_code": "code"}  # custom events that have one, and where


def honour_opt_outs(work, arrival):
    """GPC and DNT: by the browser's header, or told by the tracker, which then sends nothing else."""
    told = ()
    if message.OptOut in arrival.kinds:
        told = [event.signal for event in arrival.events if type(event) is message.OptOut]
        arrival.events = [event for event in arrival.events if type(event) is not message.OptOut]
    signal = arrival.received.opt_out or (told[0] if told else "")
    # Without a visitor it was taken for an opt-out on arrival, whatever the rule is by now.
    if signal and (signal not in arrival.known.off or not arrival.received.visitor):
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
    arrival.events.sort(key=attrgetter("at"))


def time_exposures(work, arrival):
    """An exposure counts from when it happened, though it may have to stand behind later events that came before it."""
    if message.Exposure in arrival.kinds:
        for event in arrival.events:
            if type(event) is message.Exposure:
                arrival.values[event.page, event.n] = event.at


def mask_pages(work, arrival):
    """Addresses without query, and without what could name a person."""
    arrival.page_ids = [work.memory.page(arrival.known, page.url) for page in arrival.batch.pages]


def join_sessions(work, arrival):
    """Events less than 30 minutes apart are one session; a new one takes its source from the page it starts on."""
    kept, current = [], None
    for event in arrival.events:
        if current is None or event.at - current.last_at >= GAP:
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
        current.last_at += 1
        if event.at > current.last_at:
            current.last_at = event.at
        else:
            arrival.late[event.page, event.n] = current.last_at - event.at
            event.at = current.last_at
        current.events += 1
        kept.append((current, current.events, view, event))
    arrival.placed = kept


def note_codes(work, arrival):
    """By these, somebody who calls or orders outside the page is found again: transaction ids, and codes that were shown."""
    if message.Custom not in arrival.kinds:
        return
    for current, _, _, event in arrival.placed:
        if type(event) is message.Custom and event.name in CODES:
            work.note_code(current, event.at, str(event.props.get(CODES[event.name]) or ""))


def value_orders(work, arrival):
    """Amounts in the site's currency; an order that was counted before has none, nor one in another currency."""
    if message.Custom not in arrival.kinds:
        return
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
    if not known.page_goals and message.Custom not in arrival.kinds:
        return
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
    site, pages, page_ids, name = arrival.known.id, arrival.batch.pages, arrival.page_ids, work.memory.name
    values, reached, late = arrival.values, arrival.reached, arrival.late
    for current, number, view, event in arrival.placed:
        page = event.page
        value = values.get((page, event.n)) if values else None
        goal = 1 if reached and (page, event.n) in reached else None
        kind, what, element, label, x, y, value, detail = WRITERS[type(event)](event, pages[page], name, value, goal)
        if late and (late_ms := late.get((page, event.n))):
            x, value, detail = events.late(kind, x, value, detail, late_ms)
        row = (site, current.id, number, event.at, kind, view.number, page_ids[page],
               what, element, label, x, y, value, detail)
        current.add(row)
        work.events.append(row)


def note_outcomes(work, arrival):
    """Exposures to experiments, and what visitors who were exposed do, are counted when the batch is through."""
    if arrival.known.trials:
        outcomes.note(work, arrival)


STEPS = (honour_opt_outs, set_bots_aside, keep_bad_events_apart, leave_duplicates_out, set_the_clock, time_exposures, mask_pages,
         join_sessions, note_codes, value_orders, mark_goals, keep, note_outcomes)


def _nothing_done(event):
    """Sent by itself when a page goes, perhaps hours after the visit."""
    return type(event) is message.Vitals or (type(event) is message.Leave and not event.engaged_ms)
