"""What a funnel reads of a Part (parts.py), of all its sessions at once: how far each came, which of them are looked at one by one, and whose they are. Pure."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from journeys import ways
from journeys.parts import together

LOT = np.uint64(0x9E3779B97F4A7C15)  # odd, so that every id has a lot of its own; 2**64 by the golden ratio, so that ids near each other have not


class Some(NamedTuple):
    """What is known of the sessions of some days."""

    came: tuple  # (value, furthest, sessions), as ways.Came
    drawn: bytes  # ids of those with the lowest lots that reached the first step, or may have
    values: bytes  # theirs


@dataclass(frozen=True)
class Along:
    """Makes one Some of the chosen sessions of a Part, for the way of a Plan."""

    line: Any  # a Trails or Events
    side: Any  # a BySide
    looked: int  # how many are drawn

    @property
    def wants(self):
        return together(self.side.wants, self.line.wants, {"sessions": ("id",)})

    def __call__(self, part):
        furthest, values, ids = self.line.furthest(part), self.side.of(part).astype(np.int64, copy=False), part.sessions.id
        if not part.chosen.all():
            furthest, values, ids = furthest[part.chosen], values[part.chosen], ids[part.chosen]
        reached = np.flatnonzero(furthest)
        some = reached[_lowest(ids[reached], self.looked)]
        return [Some(tuple(map(tuple, ways.counted(furthest, values))), ids[some].tobytes(), values[some].tobytes())]


def drawn(parts, many):
    """{session: value} of so many with the lowest lots of all that were drawn in several parts."""
    ids, values = (np.frombuffer(b"".join(getattr(part, name) for part in parts), np.int64) for name in ("drawn", "values"))
    some = _lowest(ids, many)
    return dict(zip(ids[some].tolist(), values[some].tolist()))


def _lowest(ids, many):
    """Places of so many ids with the lowest lots."""
    lots = ids.astype(np.uint64) * LOT
    return np.argpartition(lots, many)[:many] if len(lots) > many else np.arange(len(lots))


@dataclass(frozen=True)
class Trails:
    """The pages of sessions, as far as their trails have them, for a funnel_plan.Way of pages."""

    way: Any
    wants = {"sessions": ("trail",)}

    def lines(self, part):
        return part.sessions.trail

    def furthest(self, part):
        lines = self.lines(part)
        return np.where(ways.is_long(lines), ways.LONG, ways.walk(lines, self.way)[0])

    def matter(self, lines):
        """Of each line whether it makes a difference, as far as a visitor's go one after another."""
        if self.way.strict:
            return np.ones(len(lines.starts) - 1, bool)  # another page between does
        return ways.is_long(lines) | ways.meet(lines, self.way)


@dataclass(frozen=True)
class Events:
    """The custom events of sessions that a funnel_plan.Way asks for."""

    way: Any
    wants = {"events": ("name", "reached")}

    def lines(self, part):
        met = part.events.name.astype(np.int64) * 2 + part.events.reached
        return ways.only(ways.Lines(met, part.starts("events")), ways.among(met, np.unique(sum(self.way.steps, ()))))

    def furthest(self, part):
        return ways.walk(self.lines(part), self.way)[0]

    def matter(self, lines):
        return ways.meet(lines, self.way)


@dataclass(frozen=True)
class Nothing:
    """What sessions did is not read."""

    wants = {}

    def lines(self, part):
        return ways.Lines(np.zeros(0, int), np.zeros(len(part.chosen) + 1, int))

    def matter(self, lines):
        return np.ones(len(lines.starts) - 1, bool)


def line_of(plan):
    """What columns have of the way of a Plan: Trails, Events or Nothing."""
    return Trails(plan.trails) if plan.trails else Events(plan.events) if plan.events else Nothing()


def of_visits(line, side):
    """What visits() reads, {family: names}."""
    return together(side.wants, line.wants, {"sessions": ("id", "person", "lasted")})


def visits(part, line, side):
    """(the visitor of each chosen session of a Part, ways.Visits of those that make a difference)."""
    of, lines = part.sessions, line.lines(part)
    those = np.flatnonzero(part.chosen & line.matter(lines))
    ids = of.id[those]
    return of.person[part.chosen], ways.Visits(of.person[those], ids, (ids >> 22) + of.lasted[those], side.of(part)[those].astype(np.int64), ways.taken(lines, those))
