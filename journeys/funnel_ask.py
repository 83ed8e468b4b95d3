"""What is counted for a funnel: who came how far, and from single sessions the time between steps and where people went instead.

Counting is a question to the store, by days: where all steps are pages, of the
trails of sessions; where they are custom events, of those alone; else of all that
those sessions did which met the first part and the second. Times and next pages
are read from single sessions: funnel_walks.py. Windows over several sessions of a
visitor: funnel_window.py.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache

from journeys import funnel_walks, sides
from journeys.ask import keep, sum_sessions


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
    found, everybody = _counts(store, site, period, filters, plan, side)
    every = funnel_walks.one_of(sum(sessions for *_, sessions in found))
    walks = keep(store, site, period, filters, (*asked, every),
                 lambda: funnel_walks.of_sessions(store, site, period, filters, plan, side, every))
    return Counted(_reached(found, plan), walks, every, everybody)


def any_session(store, site, period, filters, plan):
    """Did any session of the period meet the first step of a Plan?"""
    return bool(_counts(store, site, period, filters, plan, sides.NONE)[0])


def _counts(store, site, period, filters, plan, side):
    """([(value, furthest, sessions)], everybody as in Counted); the same value and furthest may come more than once."""
    from journeys import ways  # not above: the server starts without numpy
    narrowed = side.values | {"narrowed": int(bool(filters))}

    def came(question, make, way, **values):
        return sum_sessions(store, question, site, period, filters, key=2, order=(), made=ways.Along(make, way), **values)

    def lines(**values):
        return [row[1:] for row in sum_sessions(store, "funnel", site, period, filters, key=3, order=(), **plan.values, **values, each=0)]

    every_session = bool(plan.trails and (filters or side.by))
    if every_session:
        found = came("funnel_trails_filtered", ways.of_trails, plan.trails, **side.values)
    elif plan.trails:
        found = came("funnel_trails", ways.of_totals, plan.trails)
    elif plan.events:
        found = came("funnel_events", ways.of_events, plan.events, **plan.names, **narrowed)
    else:
        return lines(**narrowed, long=0), None
    texts, everybody = texts_of(store, side, {row.value for row in found}), Counter()
    for row in found:
        everybody[texts[row.value] or ""] += row.sessions
    reached = [(texts[row.value], row.furthest, row.sessions) for row in found if 0 < row.furthest < ways.LONG]
    if any(row.furthest == ways.LONG for row in found):
        reached += lines(**side.values, narrowed=1, long=1)
    return reached, everybody if every_session else None


def texts_of(store, side, ids):
    """{id of what sessions are told apart by: how it is written, None for none}."""
    if not side.by:
        return dict.fromkeys(ids)
    return dict(store.ask("journeys/funnel_values", ids=json.dumps(sorted(ids)), **side.values))


def _visitors(store, site, period, filters, plan, longest, side, asked):
    from journeys import funnel_window  # not above: the server starts without numpy
    both = cache(lambda: funnel_window.visitors(store, site, period, filters, plan, longest, side))
    found = keep(store, site, period, filters, (*asked, "came"), lambda: both()[0])
    walks = keep(store, site, period, filters, (*asked, "walks"), lambda: both()[1])
    reached = [each for each in found if each.furthest]
    return Counted(_reached(reached, plan), walks, funnel_walks.one_of(sum(each.visitors for each in reached)) if plan.trails or plan.events else 1,
                   None if side.by else {"": sum(each.visitors for each in found)})


def _reached(found, plan):
    reached = {}
    for value, furthest, count in found:
        steps_of_value = reached.setdefault(value or "", [0] * len(plan.steps))
        for step in range(furthest):
            steps_of_value[step] += count
    return reached
