"""Single sessions, or visitors, on the way of a funnel: the time between steps, and where people went instead. Read in Python."""

import json
from itertools import groupby
from typing import NamedTuple

from collector import events
from journeys import steps
from journeys.ask import ask_sessions, fragment_of

LOOKED = 1000  # sessions whose events are read one by one
SPANS = 4999  # that a period is divided into: a number that has nothing to do with hours and days


class Walk(NamedTuple):
    """How far one session, or one visitor, came."""

    value: str  # the side of the session in which the way began
    furthest: int
    waits: tuple  # milliseconds from each step to the next
    next: str | None  # the page seen next, "" when there was none, None at the end of the way


def one_of(many):
    """Of how many one is looked at."""
    return -(-many // LOOKED) or 1


def of_sessions(store, site, period, filters, plan, side, every):
    """Walks of the sessions that met the first part, or of about every so manyth of them."""
    values = _met(store, site, period, filters, plan, side, every)
    return [walk for _, walk in read(store, site, period, filters, plan, values, None, visitors=0)]


def of_all_visitors(store, site, period, filters, plan, longest, side):
    """Walks of the visitors whose sessions met the first part."""
    values = _met(store, site, period, filters, plan, side, 1)
    return [walk for _, walk in read(store, site, period, filters, plan, values, longest, visitors=1)]


def read(store, site, period, filters, plan, values, longest, visitors):
    """(unit, Walk) of each of some sessions, or of their visitors, that reached the first step. `values` are {session: its side}."""
    for unit, line in _lines(store, site, period, filters, plan, list(values), visitors):
        begun, places = steps.walk([(row.at, row.bits) for row in line], plan.bits, plan.strict, longest)
        if places:
            reached = [line[place] for place in places]
            waits = tuple(after.at - before.at for before, after in zip(reached, reached[1:]))
            done = len(places) == len(plan.steps)
            yield unit, Walk(values.get(line[begun].session_id) or "", len(places), waits, None if done else _next(line, places[-1]))


def _met(store, site, period, filters, plan, side, every):
    """{session: its side} of those that met the first part, or of about every so manyth of them."""
    def ask(**some):
        rows = ask_sessions(store, "funnel_met", site, period, filters, wants=plan.lines["wants"], journey=plan.journey, table=plan.table,
                            **side.values, **some)
        return {row.session_id: row.value for row in rows}

    if every > 1:
        found = ask(spans=SPANS, part=every, every=1)
        if len(found) >= LOOKED // 4:
            return found  # else they came all at once, and are less evenly spread than that
    return ask(spans=1, part=1, every=every)


def _lines(store, site, period, filters, plan, ids, visitors):
    """The line of each session, or of each visitor: (unit, rows in order, the same twice running once)."""
    if not ids:
        return
    fragment, more = fragment_of(store, site, filters)
    rows = store.ask("journeys/funnel_lines", fragment, site=site.id, start=period.start, end=period.end,
                     sessions=json.dumps(ids), visitors=visitors, **plan.lines, **more)
    for unit, line in groupby(rows, key=lambda row: row.unit):
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
