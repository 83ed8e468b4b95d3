"""The way of a funnel over several sessions of a visitor, within a window of time.

Of a way of pages, or of custom events in open order, columns say how far a visitor
came at most: with all the time there is, one session after another; and at least: in
any one session that took no longer than the window. Where both are the same, or all
sessions fit into the window, nothing else has to be known; events are read of the
other visitors. Of any other way they are read of all who met the first part: only
events say its order.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from journeys import by_side, funnel_columns, funnel_walks, ways
from journeys.ask import read_columns


class Came(NamedTuple):
    """How many came how far."""

    value: str | None  # the side of the session in which the way began
    furthest: int  # number of the last step reached; 0: none
    visitors: int


def visitors(store, site, period, filters, plan, longest, side):
    """([Came], [Walk]): of all visitors, and of about VISITORS of those who reached the first step, or of all of them where every event is read."""
    line, of = funnel_columns.line_of(plan), by_side.of(store, side)
    people, parts = zip(*read_columns(store, site, period, filters, funnel_columns.of_visits(line, of), lambda part: funnel_columns.visits(part, line, of)))
    everybody, visits = ways.distinct(np.concatenate(people)), ways.together(parts)
    if plan.trails or plan.events:
        found, walks = _by_columns(store, site, plan, longest, side, ways.ordered(visits), line.way)
    else:
        sides = funnel_walks.met(store, site, period, filters, plan, side, 1)
        walks = list(funnel_walks.read(store, site, plan, sides, ways.of_their_visitors(visits, list(sides)), longest).values())
        found = Counter((walk.value, walk.furthest) for walk in walks)
    return [Came(*came, count) for came, count in found.items()] + [Came(None, 0, everybody - found.total())], walks


def _by_columns(store, site, plan, longest, side, visits, way):
    """(Counter of (value, furthest), [Walk])."""
    sure, unsure, came = ways.within(visits, way, longest)
    texts = by_side.texts(store, side, {*visits.values.tolist()})

    def read(some):  # of some visitors
        theirs = visits.taken(np.flatnonzero(ways.among(visits.visitors, np.sort(some))))
        ids = theirs.ids.tolist()
        return funnel_walks.read(store, site, plan, dict(zip(ids, map(texts.get, theirs.values.tolist()))), dict(zip(ids, theirs.visitors.tolist())), longest)

    walked = read(unsure)
    found = Counter({(texts.get(each.value) or "", each.furthest): each.sessions for each in came})
    found.update((walk.value, walk.furthest) for walk in walked.values())
    reached = np.sort(np.concatenate((sure, np.array([*walked], int))))
    return found, list(read(reached[::funnel_walks.one_of(len(reached), funnel_walks.VISITORS)]).values())
