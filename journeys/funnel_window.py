"""The way of a funnel over several sessions of a visitor, within a window of time.

Of a way of pages, trails say how far a visitor came at most: with all the time
there is, one session after another; and at least: in any one session that took no
longer than the window. Where both are the same, or all of a visitor's sessions fit
into the window, nothing else has to be known; events are read of the others. What a
way of anything else needs stands in no order but that of events: they are read of
all who met the first part.
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
    if plan.trails:
        found, walks = _by_trails(store, site, period, filters, plan, longest, side, ways.together([part.visits for part in parts]))
    else:
        walks = funnel_walks.of_all_visitors(store, site, period, filters, plan, longest, side)
        found = Counter((walk.value, walk.furthest) for walk in walks)
    return [Came(*came, count) for came, count in found.items()] + [Came(None, 0, everybody - found.total())], walks


def _by_trails(store, site, period, filters, plan, longest, side, visits):
    """(Counter of (value, furthest), [Walk])."""
    texts = texts_of(store, side, set(visits.values.tolist()) or {ways.NO_VALUE})

    def read(some):
        theirs = np.isin(visits.visitors, some)
        values = visits.values[theirs].tolist() if side.by else [ways.NO_VALUE] * int(theirs.sum())
        return list(funnel_walks.read(store, site, period, filters, plan,
                                      dict(zip(visits.ids[theirs].tolist(), map(texts.get, values))), longest, visitors=1))

    sure, unsure, came = ways.within(visits, plan.trails, longest)
    walked = read(unsure)
    found = Counter({(texts[each.value] or "", each.furthest): each.sessions for each in came})
    found.update((walk.value, walk.furthest) for _, walk in walked)
    reached = np.sort(np.concatenate((sure, np.array([visitor for visitor, _ in walked], int))))
    return found, [walk for _, walk in read(reached[::funnel_walks.one_of(len(reached))])]
