"""Which sessions of a Part (parts.py) a list counts, ranks or draws. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from journeys.parts import together

VISITOR = (1 << 22) - 1  # the bits of a session's id that come from the visitor
TROUBLE = ("rage", "dead", "error_clicks", "errors")
KINDS = {"all": (), "trouble": TROUBLE, "order": ("purchases",), "form": ("fields",), "none": (*TROUBLE, "purchases", "fields")}  # as session_kind.sql
RANKS = {"engaged": ("engaged_ms",), "revenue": ("revenue",), "trouble": TROUBLE}


class Count(NamedTuple):
    sessions: int


class Ranked(NamedTuple):
    rank: int
    id: int


@dataclass(frozen=True)
class Counted:
    """Makes the Count of the chosen sessions of a kind."""

    kind: str

    @property
    def wants(self):
        return {"sessions": KINDS[self.kind]}

    def __call__(self, part):
        return [Count(int(_of_kind(part, self.kind).sum()))]


@dataclass(frozen=True)
class Top:
    """Makes the first `limit` Ranked of those, by rank and id downwards, that come after `most` and `before`."""

    kind: str
    column: str
    most: int
    before: int
    limit: int

    @property
    def wants(self):
        return together({"sessions": ("id", *RANKS[self.column])}, {"sessions": KINDS[self.kind]})

    def __call__(self, part):
        ids, ranks = part.sessions.id, sum(getattr(part.sessions, name).astype(np.int64) for name in RANKS[self.column])
        places = np.flatnonzero(_of_kind(part, self.kind) & ((ranks < self.most) | (ranks == self.most) & (ids < self.before)))
        if len(places) > self.limit:
            last = np.partition(ranks[places], -self.limit)[-self.limit]
            above = places[ranks[places] > last]
            places = np.append(above, places[ranks[places] == last][len(above) - self.limit:])  # of equal ones those that began last
        return [Ranked(*each) for each in zip(ranks[places].tolist(), ids[places].tolist())]


@dataclass(frozen=True)
class Drawn:
    """Makes `limit` Ranked of the chosen sessions: those of visitors with the lowest numbers, which is as good as drawn by lot."""

    limit: int
    wants = {"sessions": ("id",)}

    def __call__(self, part):
        ids = part.sessions.id[part.chosen].astype(np.int64, copy=False)
        lots = ids & VISITOR
        if len(ids) > self.limit:
            lowest = lots <= np.partition(lots, self.limit - 1)[self.limit - 1]
            ids, lots = ids[lowest], lots[lowest]
        return [Ranked(*each) for each in zip(lots.tolist(), ids.tolist())]


def _of_kind(part, kind):
    found = np.zeros(len(part.chosen), bool)
    for name in KINDS[kind]:
        found |= getattr(part.sessions, name) > 0
    return part.chosen & found if KINDS[kind] and kind != "none" else part.chosen & ~found
