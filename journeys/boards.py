"""What stands on a map at one moment: stages, their touchpoints, where people went next, and what was written. Pure.

The map report puts a Board together; the page prints it; a kept version is its
JSON. A Cell is one number and where it is found again: the row and column of a
report. What is not known is None, never a guess.
"""

import dataclasses
from dataclasses import dataclass, field

from journeys.listing import newcombe

MEASURED, REPORTED, ASSUMED, UNKNOWN = "measured", "reported", "assumed", ""


@dataclass(frozen=True)
class Cell:
    """One number of a report."""

    measure: str  # key of its column
    title: str  # a msgid, as the column has it
    kind: str  # journeys/report.py: KINDS
    value: object  # None: not known
    n: int | None  # what a rate or mean is out of
    low: float | None  # ends of a rate's 95 % interval
    high: float | None
    report: str  # the report it is found in
    row: str  # and the row there, by its key
    basis: str = MEASURED


@dataclass(frozen=True)
class Touchpoint:
    number: int
    key: str
    name: str
    digital: bool  # False: outside the page, so nothing is measured unless it was brought in
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Transition:
    """Where sessions that were in a stage went next."""

    key: str  # as filters name it
    to: str  # the key of a stage, or "leave"
    name: str
    kind: str  # forward, skip, back, return or leave
    sessions: Cell
    share: Cell


@dataclass(frozen=True)
class Pain:
    """A pain point found by measurement on a page of a stage."""

    key: str
    kind: str  # journeys/pain.py: KINDS
    label: str
    page: str
    form: str
    met: Cell  # of the sessions that came to the place, those that met it
    lost: Cell  # conversions a month at stake, an upper bound


@dataclass(frozen=True)
class Said:
    """A note as it stands on the map."""

    id: int
    lane: str
    text: str
    feeling: int | None
    who: str
    at: int
    version: int
    basis: str
    evidence_kind: str
    evidence: str


@dataclass(frozen=True)
class Stage:
    key: str
    name: str
    cells: tuple[Cell, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    transitions: tuple[Transition, ...] = ()
    pains: tuple[Pain, ...] = ()
    said: tuple[Said, ...] = ()
    feeling: float | None = None  # the mean of what was felt, -2 to 2
    felt: int = 0  # and how many notes it is of

    def cell(self, measure):
        """One of its cells, or None."""
        return next((each for each in self.cells if each.measure == measure), None)

    def in_lane(self, lane):
        return tuple(each for each in self.said if each.lane == lane)

    @property
    def has_data(self):
        """False: a gap."""
        return any(cell.value for cell in self.cells if cell.kind == "count")


@dataclass(frozen=True)
class Board:
    key: str  # of the map
    name: str
    kind: str  # journeys/maps.py: KINDS
    segment: str  # filters as an address has them
    first_day: str  # dates
    last_day: str
    stages: tuple[Stage, ...] = field(default=())

    def stage(self, key):
        """One of its stages, or None."""
        return next((each for each in self.stages if each.key == key), None)


@dataclass(frozen=True)
class Change:
    """How a number of one board differs from that of another, the first minus the other."""

    stage: str
    item: str  # a touchpoint's or transition's key; "" for the stage itself
    measure: str
    before: object  # the other's value
    now: object
    difference: float | None  # of rates
    low: float | None  # of its 95 % interval, Newcombe's
    high: float | None
    changed: bool  # only where the interval leaves out zero


def differences(board, other):
    """{(stage, item, measure): Change} of every number of a stage that both boards have, and of the shares of what is in it."""
    before = {key: cell for stage in other.stages for key, cell in _compared(stage)}
    return {key: _change(*key[:2], cell, before[key]) for stage in board.stages for key, cell in _compared(stage) if key in before}


def as_dict(board):
    """The Board as JSON knows it."""
    return dataclasses.asdict(board)


def restore(found):
    """The Board that as_dict() gave."""
    return Board(**found | {"stages": tuple(_stage(each) for each in found["stages"])})


def _compared(stage):
    """((stage, item, measure), Cell) of what is compared."""
    for cell in stage.cells:
        yield (stage.key, "", cell.measure), cell
    for touchpoint in stage.touchpoints:
        for cell in touchpoint.cells:
            if cell.measure == "share":
                yield (stage.key, touchpoint.key, "share"), cell
    for transition in stage.transitions:
        yield (stage.key, transition.key, "share"), transition.share


def _change(stage, item, cell, was):
    low = high = difference = None
    if cell.kind == "rate" and None not in (cell.value, was.value, cell.n, was.n):
        difference = cell.value - was.value
        low, high = newcombe(round(cell.value * cell.n), cell.n, round(was.value * was.n), was.n)
    return Change(stage, item, cell.measure, was.value, cell.value, difference, low, high,
                  low is not None and (low > 0 or high < 0))


def _stage(found):
    return Stage(**found | {
        "cells": tuple(Cell(**each) for each in found["cells"]),
        "touchpoints": tuple(Touchpoint(**each | {"cells": tuple(Cell(**cell) for cell in each["cells"])})
                             for each in found["touchpoints"]),
        "transitions": tuple(Transition(**each | {"sessions": Cell(**each["sessions"]), "share": Cell(**each["share"])})
                       for each in found["transitions"]),
        "pains": tuple(Pain(**each | {"met": Cell(**each["met"]), "lost": Cell(**each["lost"])}) for each in found["pains"]),
        "said": tuple(Said(**each) for each in found["said"])})
