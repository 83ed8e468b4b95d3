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

from journeys import funnel_walks, ways
from journeys.ask import read_parts
from journeys.funnel_ask import texts_of


class Came(NamedTuple):
    """How many came how far."""

    value: str | None  # the side of the session in which the way began
    furthest: int  # number of the last step reached; 0: none
    visitors: int


def visitors(store, site, period, filters, plan, longest, side):
    """([Came], [Walk]): of all visitors, and of about LOOKED of those who reached the first step, or of all of them where every event is read."""
    parts = read_parts(store, "funnel_visitors", site, period, filters, lambda rows: ways.of_visitors(rows, plan.trails), **side.values)
    everybody = ways.distinct(np.concatenate([part.everybody for part in parts]))
    visits = ways.together([part.visits for part in parts])
    if plan.trails:
        found, walks = _by_columns(store, site, plan, longest, side, ways.ordered(visits), plan.trails)
    elif plan.events:
        events = read_parts(store, "funnel_events", site, period, filters, ways.events, narrowed=int(bool(filters)), **plan.names, **side.values)
        found, walks = _by_columns(store, site, plan, longest, side, ways.ordered(ways.meeting(visits, events)), plan.events)
    else:
        sides = funnel_walks.met(store, site, period, filters, plan, side, 1)
        walks = list(funnel_walks.read(store, site, plan, sides, ways.of_their_visitors(visits, list(sides)), longest).values())
        found = Counter((walk.value, walk.furthest) for walk in walks)
    return [Came(*came, count) for came, count in found.items()] + [Came(None, 0, everybody - found.total())], walks


def _by_columns(store, site, plan, longest, side, visits, way):
    """(Counter of (value, furthest), [Walk])."""
    sure, unsure, came = ways.within(visits, way, longest)
    texts = texts_of(store, side, {*visits.values.tolist()})

    def read(some):
        theirs = visits.taken(np.flatnonzero(np.isin(visits.visitors, some)))
        ids = theirs.ids.tolist()
        return funnel_walks.read(store, site, plan, dict(zip(ids, map(texts.get, theirs.values.tolist()))), dict(zip(ids, theirs.visitors.tolist())), longest)

    walked = read(unsure)
    found = Counter({(texts.get(each.value) or "", each.furthest): each.sessions for each in came})
    found.update((walk.value, walk.furthest) for walk in walked.values())
    reached = np.sort(np.concatenate((sure, np.array([*walked], int))))
    return found, list(read(reached[::funnel_walks.one_of(len(reached))]).values())
