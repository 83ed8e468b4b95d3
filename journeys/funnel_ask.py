"""What is counted for a funnel: who came how far, and from single sessions the time between steps and where people went instead.

Counting is done by days: where all steps are pages, or custom events in open
order, in columns of all sessions (funnel_columns.py); else a question to the store
reads all that those sessions did which met the first part and the second. Times and
next pages are read from single sessions: funnel_walks.py. Windows over several
sessions of a visitor: funnel_window.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from journeys import funnel_walks, sides
from journeys.ask import each_of_columns, keep, sum_sessions


@dataclass(frozen=True)
class Counted:
    reached: dict  # {side: [sessions that reached step 1, 2, …]}
    walks: list
    every: int  # of how many sessions, or visitors, one was walked
    everybody: dict | None = None  # {side: all sessions, or visitors, of the period}, where all were gone through


def counted(store, site, period, filters, plan, longest, side=sides.NONE):
    """Counted of a Plan, by a Side. `longest` is the window in milliseconds, None for the session, and then visitors are counted."""
    asked = "funnel", *plan.lines.values(), plan.bits, plan.strict, side
    if longest is not None:
        return _visitors(store, site, period, filters, plan, longest, side, (*asked, longest))
    found = _of_sessions(store, site, period, filters, plan, side)
    every = funnel_walks.one_of(sum(sessions for *_, sessions in found.reached))
    walks = keep(store, site, period, filters, (*asked, every), lambda: funnel_walks.of_sessions(store, site, plan, found.looked_at(every)))
    return Counted(_reached(found.reached, plan), walks, every, found.everybody)


def any_session(store, site, period, filters, plan):
    """Did any session of the period meet the first step of a Plan?"""
    return bool(_of_sessions(store, site, period, filters, plan, sides.NONE).reached)


class _Sessions(NamedTuple):
    reached: list  # (value, furthest, sessions); the same value and furthest may come more than once
    everybody: dict | None  # as in Counted
    looked_at: Callable  # gives {session: its side} of about one of so many


def _of_sessions(store, site, period, filters, plan, side):
    def of_lines(**values):
        return [row[1:] for row in sum_sessions(store, "funnel", site, period, filters, key=3, order=(), **plan.values, **side.values, **values, each=0)]

    if not (plan.trails or plan.events):
        return _Sessions(of_lines(narrowed=int(bool(filters)), long=0), None,
                         lambda every: funnel_walks.met(store, site, period, filters, plan, side, every))
    from journeys import by_side, funnel_columns, ways  # not above: the server starts without numpy
    parts = list(each_of_columns(store, site, period, filters, funnel_columns.Along(
        funnel_columns.line_of(plan), by_side.of(store, side), funnel_walks.LOOKED)))
    came = [ways.Came(*each) for part in parts for each in part.came]
    texts, everybody = by_side.texts(store, side, {each.value for each in came}), Counter()
    for each in came:
        everybody[texts.get(each.value, "")] += each.sessions
    reached = [(texts.get(each.value, ""), each.furthest, each.sessions) for each in came if 0 < each.furthest < ways.LONG]
    if any(each.furthest == ways.LONG for each in came):
        reached += of_lines(narrowed=1, long=1)
    return _Sessions(reached, everybody, lambda _: {session: texts.get(value, "") for session, value in funnel_columns.drawn(parts, funnel_walks.LOOKED).items()})


def _visitors(store, site, period, filters, plan, longest, side, asked):
    from journeys import funnel_window  # not above: the server starts without numpy
    both = cache(lambda: funnel_window.visitors(store, site, period, filters, plan, longest, side))
    found = keep(store, site, period, filters, (*asked, "came"), lambda: both()[0])
    walks = keep(store, site, period, filters, (*asked, "walks"), lambda: both()[1])
    reached = [each for each in found if each.furthest]
    return Counted(_reached(reached, plan), walks, funnel_walks.one_of(sum(each.visitors for each in reached), funnel_walks.VISITORS) if plan.trails or plan.events else 1,
                   None if side.by else {"": sum(each.visitors for each in found)})


def _reached(found, plan):
    reached = {}
    for value, furthest, count in found:
        steps_of_value = reached.setdefault(value or "", [0] * len(plan.steps))
        for step in range(furthest):
            steps_of_value[step] += count
    return reached
