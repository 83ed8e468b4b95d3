"""What chosen sessions met and how they moved, added up from the walks of their days as columns (collector/walk_columns.py). Pure."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple
from zlib import decompress

import numpy as np

from collector.matcher import BACK, FORWARD, LEAVE_SITE, RETURN, SKIP, TROUBLED
from collector.walk_columns import CAME, KIND, MORE, MOVE, NOBODY
from journeys import ways
from journeys.unpacked import numbers


class Met(NamedTuple):
    """What the chosen sessions of some days come to."""

    sessions: int
    touchpoints: tuple  # rows of touchpoints.sql
    moves: tuple  # rows of transitions.sql
    trails: tuple  # rows of paths_stages.sql
    passing: tuple  # visitors who cannot be known again on another day, at each place that is asked for
    lasting: bytes  # ids of those who can, the lowest first
    there: bytes  # of each of them a bit for each place: whether he was there


@dataclass(frozen=True)
class Walks:
    """Makes a Met of a Part (parts.py). The places where visitors are counted are these touchpoints and these stages, by their
    numbers; the same whenever they are the same."""

    journey: int
    touchpoints: tuple
    stages: tuple
    wants = {"sessions": ("id",)}

    def __call__(self, part):
        chosen = part.sessions.id[part.chosen]
        met, moves, trails, passing, people = [], Counter(), Counter(), np.zeros(self.places, int), []
        for row in part.ask("journeys/walks", journey=self.journey):
            day = _Day(row, chosen)
            met.append(day.touchpoints())
            moves.update(day.moves())
            trails.update(day.trails())
            some, *those = day.visitors(self._places(day.kinds[:, KIND.index("touchpoint")], self.touchpoints),
                                        self._places(day.kinds[:, KIND.index("stage")], self.stages, len(self.touchpoints)), self.places)
            passing += some
            people.append(those)
        lasting, there = together(people, self.places)
        return [Met(len(chosen), _summed(met), tuple((*move, sessions) for move, sessions in moves.items()), tuple(trails.items()), tuple(passing.tolist()),
                     lasting.tobytes(), there.tobytes())]

    @property
    def places(self):
        return len(self.touchpoints) + len(self.stages)

    def _places(self, numbers, known, first=0):
        """The place of each number; one that is none of these, in days not yet brought up to date, is beyond all places."""
        places = np.full(max((numbers.max(initial=0), *known)) + 1, self.places)
        places[list(known)] = np.arange(first, first + len(known))
        return places[numbers]


def together(parts, places):
    """(different ids, where each was in any of the parts) of (ids, bits for so many places) each."""
    if not parts:
        return np.zeros(0, np.int64), np.zeros((0, -(-places // 8)), np.uint8)
    ids, there = (np.concatenate(column) for column in zip(*parts))
    order = np.argsort(ids)
    ids = ids[order]
    first = np.flatnonzero(ways.news(ids))
    return ids[first], np.bitwise_or.reduceat(there[order], first, axis=0) if len(first) else there


def known(part, places):
    """(ids, bits) of a Met, as together() takes them."""
    ids = np.frombuffer(part.lasting, np.int64)
    return ids, np.frombuffer(part.there, np.uint8).reshape(len(ids), -(-places // 8))


def at_places(there, places):
    """How many were at each place."""
    return np.unpackbits(there, axis=1, count=places).sum(axis=0, dtype=int).tolist()


class _Day:
    """The walks of a day, and which of its sessions are chosen."""

    def __init__(self, row, chosen):
        self._row = row
        self.here, self.ends = ways.among(_read(row, "ids"), chosen), _read(row, "ends")
        self.kinds, self.all_met = _read(row, "kinds").reshape(-1, len(KIND)), _read(row, "met")
        whose = np.repeat(np.arange(len(self.here)), _read(row, "meetings"))
        self.mine = self.here[whose]  # of each meeting
        self.whose, self.met = whose[self.mine], self.all_met[self.mine]

    def touchpoints(self):
        """A row for each kind of meeting: stage, touchpoint, and the numbers that touchpoints.sql has of them."""
        kinds = dict(zip(KIND, self.kinds.T))
        left, again = np.bincount(self.met * 2 + (self.ends[self.whose] >= CAME), minlength=2 * len(self.kinds)).reshape(-1, 2).T
        sessions, entered, more = left + again, kinds["entered"], dict(zip(MORE, self._more()))
        engaged = np.bincount(self.met, _read(self._row, "engaged")[self.mine], len(self.kinds)).astype(int)

        def moved(bits):
            ended = bits >> LEAVE_SITE & 1
            return (*(sessions * (bits >> kind & 1) for kind in (FORWARD, SKIP, BACK)), again * ended, left * ended, sessions * (bits & TROUBLED > 0))

        return np.stack([
            kinds["stage"], kinds["touchpoint"], sessions, sessions + more["times"], engaged, *(more[name] for name in MORE[1:-1]),
            *moved(kinds["moved"]), sessions * kinds["converted"], more["revenue"],
            sessions * entered, *moved(kinds["stage_moved"]), sessions * entered * kinds["converted"], more["revenue"] * entered], axis=1)

    def _more(self):
        """Of each of MORE its sum by kind of meeting."""
        of, what, numbers = (_read(self._row, name) for name in ("more_of", "more_what", "more"))
        mine = self.mine[of]
        cells = self.all_met[of[mine]] * len(MORE) + what[mine]
        return np.bincount(cells, numbers[mine], len(self.kinds) * len(MORE)).astype(int).reshape(-1, len(MORE)).T

    def moves(self):
        """{move: sessions}, of those that were made."""
        found = {}
        moves, (way, move) = _read(self._row, "moves").reshape(-1, len(MOVE)), _read(self._row, "steps").reshape(-1, 2).T
        of_way, ends = _read(self._row, "ways")[self.here], self.ends[self.here]
        for end in np.flatnonzero(np.bincount(ends)).tolist():
            made = np.bincount(move, np.bincount(of_way[ends == end], minlength=way.max() + 1)[way], len(moves)).astype(int)
            for at in np.flatnonzero(made).tolist():
                from_stage, to_stage, kind = moves[at].tolist()
                named = (from_stage, end - CAME, RETURN) if end >= CAME and kind == LEAVE_SITE else (from_stage, to_stage, kind)
                found[named] = found.get(named, 0) + int(made[at])
        return found

    def trails(self):
        """{trail: sessions}, without those that met nothing."""
        trails, found = decompress(self._row.trails).decode().split("\n"), {}
        counts = np.bincount(_read(self._row, "ways")[self.here])
        for way in np.flatnonzero(counts).tolist():
            if trails[way]:
                found[trails[way]] = found.get(trails[way], 0) + int(counts[way])
        return found

    def visitors(self, at_touchpoint, at_stage, places):
        """(how many at each place cannot be known again on another day, ids of those who can, where each was); takes the two places of each kind."""
        person, ids = _read(self._row, "people")[self.whose], _read(self._row, "lasting")
        there = np.zeros((len(ids), places + 1), bool)
        there[person, at_touchpoint[self.met]] = True
        there[person, at_stage[self.met]] = True
        there = there[:, :-1]
        lasting = np.flatnonzero((ids != NOBODY) & there.any(axis=1))
        return there[ids == NOBODY].sum(axis=0), ids[lasting], np.packbits(there[lasting], axis=1)


def _summed(days):
    """Rows of different kinds and days, added up by stage and touchpoint."""
    rows = np.concatenate(days) if days else np.zeros((0, 2), int)
    cells, which = np.unique(rows[:, 0] << 32 | rows[:, 1], return_inverse=True)
    sums = np.zeros((len(cells), rows.shape[1] - 2), int)
    np.add.at(sums, which, rows[:, 2:])
    return tuple((cell >> 32, cell & 0xffffffff, *numbers) for cell, numbers in zip(cells.tolist(), sums.tolist()) if numbers[0])


def _read(row, name):
    """A column, as collector/planes.py packed it."""
    return numbers(getattr(row, name))
