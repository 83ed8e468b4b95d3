"""How many visitors met each touchpoint of a journey and entered each stage.

Each counts once where he can be known again on another day, else once a day.
Of all sessions the days have it ready (collector/walk_visitors.py); of chosen
ones it is worked out from what each session met. A set of touchpoints is an
integer here, with the bit of each one's number.
"""

from collections import Counter
from typing import NamedTuple

from collector import walk_visitors
from journeys.ask import ask, ask_each, keep


class Count(NamedTuple):
    stage: int
    touchpoint: int  # 0: any of the stage
    visitors: int


class Met(NamedTuple):
    """So many visitors met these touchpoints; one who can be known again stands by himself, under his id."""

    lasting: int | None
    touchpoints: int
    visitors: int


def counts(store, site, period, filters, record):
    """(visitors of each touchpoint, of each stage), by their numbers."""
    count = _of_sessions if filters else _of_days
    found = keep(store, site, period, filters, f"visitors of {record.id}", lambda: count(store, site, period, filters, record))
    return ({row.touchpoint: row.visitors for row in found if row.touchpoint}, {row.stage: row.visitors for row in found if not row.touchpoint})


def _of_days(store, site, period, filters, record):
    import numpy as np  # not above: the server starts without it

    from journeys import ways
    passing, lasting = Counter(), {}
    for row in ask(store, "touchpoint_visitors", site, period, journey=record.id):
        cell = (0, row.touchpoint) if row.touchpoint else (row.stage, 0)  # a touchpoint may have been of another stage before
        passing[cell] += row.passing
        lasting.setdefault(cell, []).append(row.lasting)
    return [Count(*cell, passing[cell] + ways.distinct(np.frombuffer(b"".join(blobs), walk_visitors.ID))) for cell, blobs in lasting.items()]


def _of_sessions(store, site, period, filters, record):
    passing, known = Counter(), {}
    for row in ask_each(store, "touchpoint_visitors_filtered", site, period, filters, made=_met, journey=record.id):
        if row.lasting is None:
            passing[row.touchpoints] += row.visitors
        else:
            known[row.lasting] = known.get(row.lasting, 0) | row.touchpoints
    people = passing + Counter(known.values())
    stages = record.journey.stages
    wanted = [(0, touchpoint.number, 1 << touchpoint.number) for stage in stages for touchpoint in stage.touchpoints]
    wanted += [(stage.number, 0, sum(1 << touchpoint.number for touchpoint in stage.touchpoints)) for stage in stages]
    return [Count(stage, touchpoint, sum(visitors for met, visitors in people.items() if met & bits)) for stage, touchpoint, bits in wanted]


def _met(rows):
    """The Met of the sessions of a few days, far fewer than they are."""
    passing, known, sets = {}, {}, {None: 0}
    for day, visitor, lasting, met in rows:
        if met not in sets:
            sets[met] = sum(1 << int(number) for number in met.split(","))
        people, person = (passing, (day, visitor)) if lasting is None else (known, lasting)
        people[person] = people.get(person, 0) | sets[met]
    return ([Met(None, *each) for each in Counter(passing.values()).items() if each[0]]
            + [Met(lasting, touchpoints, 1) for lasting, touchpoints in known.items() if touchpoints])
