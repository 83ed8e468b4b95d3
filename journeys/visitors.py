"""How many visitors met each touchpoint of a journey and entered each stage.

Each counts once where he can be known again on another day, else once a day.
Of all sessions the days have it ready (collector/walk_visitors.py), of chosen
ones it is added up with the rest of what they met.
"""

from collections import Counter
from typing import NamedTuple

from collector import walk_visitors
from collector.filters import NONE
from journeys.ask import ask, keep


class Count(NamedTuple):
    stage: int
    touchpoint: int  # 0: any of the stage
    visitors: int


def counts(store, site, period, record):
    """(visitors of each touchpoint, of each stage), by their numbers, of all sessions of a period."""
    found = keep(store, site, period, NONE, f"visitors of {record.id}", lambda: _of_days(store, site, period, record))
    return ({row.touchpoint: row.visitors for row in found if row.touchpoint}, {row.stage: row.visitors for row in found if not row.touchpoint})


def _of_days(store, site, period, record):
    import numpy as np  # not above: the server starts without it

    from journeys import ways
    passing, lasting = Counter(), {}
    for row in ask(store, "touchpoint_visitors", site, period, journey=record.id):
        cell = (0, row.touchpoint) if row.touchpoint else (row.stage, 0)  # a touchpoint may have been of another stage before
        passing[cell] += row.passing
        lasting.setdefault(cell, []).append(row.lasting)
    return [Count(*cell, passing[cell] + ways.distinct(np.frombuffer(b"".join(blobs), walk_visitors.ID))) for cell, blobs in lasting.items()]
