"""Which sessions of a Part (parts.py) met a cart or a checkout, which of them ordered nothing after it, and what they left, added up."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from collector.carts import SIGNS
from journeys import parts

LEFT = 2  # in columns_carts.sql


@dataclass(frozen=True)
class Step:
    """A cart or a checkout: `pages` are the ids of those that stand for it, None where the site sends events of it."""

    name: str
    pages: tuple | None = None

    @property
    def wants(self):
        return {"carts": (self.name,)} if self.pages is None else {"pages": ("page", "views"), "sessions": ("purchases",)}

    def of(self, part):
        """(whether each session met it, whether it did and left it)"""
        if self.pages is None:
            found = part.of_each("carts", self.name)
            return found > 0, found == LEFT
        met = part.saw(self.pages)
        return met, met & (part.sessions.purchases == 0)


def step(store, site, name):
    """The Step "cart" or "checkout" of a site, which is given by its number."""
    sign = SIGNS[name]
    if store.ask("journeys/has_events", site=site, names=json.dumps(sign.events))[0].found:
        return Step(name)
    return Step(name, tuple(row.id for row in store.ask("journeys/sign_pages", site=site, paths=json.dumps(sign.pages))))


class Sums(NamedTuple):
    kind: int  # of an error, as events.py numbers it; else 0
    value: Any  # an id, or the hour of the week; later how it is written
    sessions: int
    abandons: int
    valued: int  # abandons of which it is known what they were worth
    worth: int  # of those
    going_on: int  # left it too, but may still go on: in none of the numbers before


@dataclass(frozen=True)
class Adds:
    """Makes Sums of a Part by a side that each of them has: a BySide, or one of SIDES."""

    step: Step
    side: Any
    ended: int | None  # the last event was before; None: they all are over

    @property
    def wants(self):
        of_side = SIDES[self.side][0] if self.side in SIDES else self.side.wants
        return parts.together(self.step.wants, of_side, {"carts": ("told", "worth")} if self.step.pages is None else {},
                              {} if self.ended is None else {"sessions": ("id", "lasted")})

    def __call__(self, part):
        met, left = self.step.of(part)
        kinds, values = self._sides(part, left)
        some = part.chosen & met & (values >= 0)
        over = np.ones(len(met), bool) if self.ended is None else (part.sessions.id >> 22) + part.sessions.lasted < self.ended
        gone = left & over
        told, worth = (part.of_each("carts", name) if self.step.pages is None else np.zeros(len(met), int) for name in ("told", "worth"))
        numbers, found = (over, gone, gone & (told > 0), np.where(gone, worth, 0), left & ~over), []
        for kind in np.unique(kinds[some]).tolist():
            here = some & (kinds == kind)
            found += [Sums(kind, value, *sums) for value, _, *sums in parts.sums(values[here], *(column[here] for column in numbers))]
        return found

    def _sides(self, part, left):
        """The kind and the value of each session."""
        if self.side in SIDES:
            return SIDES[self.side][1](part, left)
        return np.zeros(len(left), int), self.side.of(part)


def _hour(part, left):
    return np.zeros(len(left), int), (part.sessions.day + 4) % 7 * 24 + np.minimum(part.sessions.hour, 23)


def _error(part, left):
    """Of those that left."""
    return tuple(np.where(left, part.of_each("last_errors", name), 0) for name in ("kind", "what"))


def _field(part, left):
    return np.zeros(len(left), int), part.of_each("left_fields", "field")


SIDES = {  # what no dimension is: (columns, function of a Part and of who left)
    "hour": ({"sessions": ("hour",)}, _hour), "error": ({"last_errors": ("kind", "what")}, _error), "field": ({"left_fields": ("field",)}, _field)}
