"""What chosen sessions met on their way through a journey, and how they moved: one answer for all reports about stages.

Of all sessions the days have sums; of chosen ones it is added up from the walks
of their days, which stand in columns (collector/walk_columns.py), a few days at
a time. A day that was not walked through yet since there are columns adds
nothing: it is one of those that the reports say are still to be brought up to date.
"""

from collections import Counter, namedtuple
from operator import add
from typing import NamedTuple

from collector.storage.changes import TABLES
from journeys.ask import each_of_columns, keep

Touchpoint = namedtuple("Touchpoint", ("stage", "touchpoint", *TABLES["touchpoint_days"].others))


class Move(NamedTuple):
    from_stage: int
    to_stage: int
    kind: int
    sessions: int


class Trail(NamedTuple):
    way: str
    sessions: int


class Met(NamedTuple):
    """How many sessions are chosen, rows as the questions of all sessions give them, and visitors by number."""

    sessions: int
    touchpoints: list
    moves: list
    trails: list
    of_touchpoints: dict
    of_stages: dict


def of(store, site, period, filters, record):
    """The Met of a journey_register.Record."""
    found, = keep(store, site, period, filters, f"met of {record.id}", lambda: [_added_up(store, site, period, filters, record)])
    return found._replace(touchpoints=list(map(Touchpoint._make, found.touchpoints)), moves=list(map(Move._make, found.moves)),
                          trails=list(map(Trail._make, found.trails)))


def _added_up(store, site, period, filters, record):
    from journeys import met_columns  # not above: the server starts without numpy
    stages = record.journey.stages
    walks = met_columns.Walks(record.id, tuple(touchpoint.number for stage in stages for touchpoint in stage.touchpoints), tuple(stage.number for stage in stages))
    parts = list(each_of_columns(store, site, period, filters, walks))
    touchpoints, moves, trails, visitors = {}, Counter(), Counter(), [0] * walks.places
    for part in parts:
        for stage, touchpoint, *numbers in part.touchpoints:
            before = touchpoints.get((stage, touchpoint))
            touchpoints[stage, touchpoint] = tuple(map(add, before, numbers)) if before else tuple(numbers)
        for *move, sessions in part.moves:
            moves[tuple(move)] += sessions
        trails.update(dict(part.trails))
        visitors = list(map(add, visitors, part.passing))
    _, there = met_columns.together([met_columns.known(part, walks.places) for part in parts], walks.places)
    visitors = list(map(add, visitors, met_columns.at_places(there, walks.places)))
    return Met(sum(part.sessions for part in parts), [(*cell, *numbers) for cell, numbers in sorted(touchpoints.items())],
               [(*move, sessions) for move, sessions in sorted(moves.items())], list(trails.items()),
               dict(zip(walks.touchpoints, visitors)), dict(zip(walks.stages, visitors[len(walks.touchpoints):])))
