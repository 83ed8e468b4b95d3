"""What is counted for a funnel: who came how far, and from single sessions the time between steps and where people went instead.

Counting is a question to the store, by days: where all steps are pages, each one
page or any, of the trails of sessions; where they are custom events, of those
alone; else of all that those sessions did which met the first part and the
second. Times and next pages are read from single sessions in Python: from all of
them up to LOOKED, else from those that began in a part of each of SPANS. Where a
window spans several sessions of a visitor, everything is read so.
"""

import json
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from collector import events
from journeys import sides, steps
from journeys.ask import ask_sessions, fragment_of, keep, sum_sessions
from journeys.funnel_plan import named

LOOKED = 1000  # sessions whose events are read one by one
SPANS = 4999  # that a period is divided into: a number that has nothing to do with hours and days


class Walk(NamedTuple):
    """How far one session, or one visitor, came."""

    value: str  # the side of the session in which the way began
    furthest: int
    waits: tuple  # milliseconds from each step to the next
    next: str | None  # the page seen next, "" when there was none, None at the end of the way


@dataclass(frozen=True)
class Counted:
    reached: dict  # {side: [sessions that reached step 1, 2, …]}
    walks: list
    every: int  # of how many sessions one was walked


def counted(store, site, period, filters, plan, longest, side=sides.NONE):
    """Counted of a Plan, by a Side. `longest` is the window in milliseconds, None for the session, and then visitors are counted."""
    asked = "funnel", *plan.lines.values(), plan.bits, plan.strict, side
    if longest is not None:
        walks = keep(store, site, period, filters, (*asked, longest),
                     lambda: _visitors(store, site, period, filters, plan, longest, side))
        return Counted(_reached(((walk.value, walk.furthest, 1) for walk in walks), plan), walks, 1)
    found = _counts(store, site, period, filters, plan, side)
    reached = _reached(((row.value, row.furthest, row.sessions) for row in found), plan)
    every = -(-sum(row.sessions for row in found) // LOOKED) or 1
    walks = keep(store, site, period, filters, (*asked, every), lambda: _sessions(store, site, period, filters, plan, side, every))
    return Counted(reached, walks, every)


def any_session(store, site, period, filters, plan):
    """Did any session of the period meet the first step of a Plan?"""
    return bool(_counts(store, site, period, filters, plan, sides.NONE))


def _counts(store, site, period, filters, plan, side):
    """Rows of value, furthest and sessions; the same value and furthest may come more than once."""
    def count(question, **values):
        return sum_sessions(store, question, site, period, filters, key=3, order=(), **values)

    narrowed = side.values | {"narrowed": int(bool(filters))}
    if plan.trails:
        found = count("funnel_trails_filtered", **named(plan.trails), **side.values) if filters or side.by else count("funnel_trails", **named(plan.trails))
        longer = any(row.furthest < 0 for row in found)
        return [row for row in found if row.furthest > 0] + (
            count("funnel", **plan.values, **side.values, narrowed=1, each=0, long=1) if longer else [])
    if plan.events:
        return count("funnel_events", wants=plan.lines["wants"], **named(plan.events), **narrowed)
    return count("funnel", **plan.values, **narrowed, each=0, long=0)


def _sessions(store, site, period, filters, plan, side, every):
    values = _met(store, site, period, filters, plan, side, every)
    lines = _lines(store, site, period, filters, plan, list(values), visitors=0)
    return [walk for walk in (_walk(line, plan, None, values) for line in lines) if walk]


def _visitors(store, site, period, filters, plan, longest, side):
    values = _met(store, site, period, filters, plan, side, 1)
    lines = _lines(store, site, period, filters, plan, list(values), visitors=1)
    return [walk for walk in (_walk(line, plan, longest, values) for line in lines) if walk]


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


def _reached(found, plan):
    reached = {}
    for value, furthest, sessions in found:
        steps_of_value = reached.setdefault(value or "", [0] * len(plan.steps))
        for step in range(furthest):
            steps_of_value[step] += sessions
    return reached


def _lines(store, site, period, filters, plan, ids, visitors):
    """The line of each session, or of each visitor: rows in order, the same twice running once."""
    if not ids:
        return
    fragment, more = fragment_of(store, site, filters)
    rows = store.ask("journeys/funnel_lines", fragment, site=site.id, start=period.start, end=period.end,
                     sessions=json.dumps(ids), visitors=visitors, **plan.lines, **more)
    for _, line in groupby(rows, key=lambda row: row.unit):
        before, kept = None, []
        for row in line:
            if (row.session_id, row.what) != before:
                kept.append(row)
            before = row.session_id, row.what
        yield kept


def _walk(line, plan, longest, values):
    """The Walk of a line, or None where not even the first step was reached."""
    begun, places = steps.walk([(row.at, row.bits) for row in line], plan.bits, plan.strict, longest)
    if not places:
        return None
    reached = [line[place] for place in places]
    waits = tuple(after.at - before.at for before, after in zip(reached, reached[1:]))
    done = len(places) == len(plan.steps)
    return Walk(values.get(line[begun].session_id) or "", len(places), waits, None if done else _next(line, places[-1]))


def _next(line, place):
    here = line[place]
    return next((row.path for row in line[place + 1:]
                 if row.type == events.PAGEVIEW and row.path != here.path and row.session_id == here.session_id), "")
