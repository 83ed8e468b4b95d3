"""Single sessions, or visitors, on the way of a funnel: the time between steps, and where people went instead. Read in Python."""

from itertools import groupby
from typing import NamedTuple

from collector import events
from journeys import steps
from journeys.ask import ask_of_sessions, read_parts

LOOKED = 1000  # sessions whose events are read one by one
VISITORS = 500  # the same of visitors with all their sessions in a window
SPANS = 4999  # that a period is divided into: a number that has nothing to do with hours and days


class Walk(NamedTuple):
    """How far one session, or one visitor, came."""

    value: str  # the side of the session in which the way began
    furthest: int
    waits: tuple  # milliseconds from each step to the next
    next: str | None  # the page seen next, "" when there was none, None at the end of the way


def one_of(many, most=None):
    """Of how many one is looked at, so that they are about `most`; without a number of LOOKED."""
    return -(-many // (most or LOOKED)) or 1


def of_sessions(store, site, plan, sides):
    """Walks of those sessions that reached the first step; `sides` are {session: its side}."""
    return list(read(store, site, plan, sides, {session: session for session in sides}, None).values())


def read(store, site, plan, sides, units, longest):
    """{unit: Walk} of those that reached the first step.

    `units` are {session: the session itself, or its visitor}, of all sessions to read; `sides` {session: its side}.
    """
    found = {}
    for unit, line in _lines(store, site, plan, units):
        begun, places = steps.walk([(row.at, row.bits) for row in line], plan.bits, plan.strict, longest)
        if places:
            reached = [line[place] for place in places]
            waits = tuple(after.at - before.at for before, after in zip(reached, reached[1:]))
            done = len(places) == len(plan.steps)
            found[unit] = Walk(sides.get(line[begun].session_id) or "", len(places), waits, None if done else _next(line, places[-1]))
    return found


def met(store, site, period, filters, plan, side, every):
    """{session: its side} of those that met the first part, or of about every so manyth of them."""
    def ask(**some):
        parts = read_parts(store, "funnel_met", site, period, filters, list, wants=plan.lines["wants"], journey=plan.journey, table=plan.table,
                           first=period.start, last=period.end, **side.values, **some)
        return {row.session_id: row.value for rows in parts for row in rows}

    if every > 1:
        found = ask(spans=SPANS, part=every, every=1)
        if len(found) >= LOOKED // 4:
            return found  # else they came all at once, and are less evenly spread than that
    return ask(spans=1, part=1, every=every)


def _lines(store, site, plan, units):
    """The line of each unit: (unit, rows in order, the same twice running once)."""
    if not units:
        return
    rows = ask_of_sessions(store, "funnel_lines", site, units, **plan.lines)
    for unit, line in groupby(sorted(rows, key=lambda row: units[row.session_id]), key=lambda row: units[row.session_id]):
        before, kept = None, []
        for row in line:
            if (row.session_id, row.what) != before:
                kept.append(row)
            before = row.session_id, row.what
        yield unit, kept


def _next(line, place):
    here = line[place]
    return next((row.path for row in line[place + 1:]
                 if row.type == events.PAGEVIEW and row.path != here.path and row.session_id == here.session_id), "")
