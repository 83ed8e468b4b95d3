"""How far along a way sessions came, all of them at once: what each met, in order, stands in columns, and a step is looked for in all lines. Pure.

Some questions give columns as texts, several times faster than a row for each
session: numbers with commas between them, trails with GAP between.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from collector import trail

CODE = np.dtype([("slash", "S1"), ("characters", "<u4")])
GAP = "/" * trail.WIDTH  # between two trails
LONG = 31  # in the place of how far: there were more pages than the trail has
NO_VALUE = -1  # of a dimension
NEAR = 100_000  # numbers up to here are counted each at its own place, however few they are


class Came(NamedTuple):
    """How many came how far; visitors where they are counted."""

    value: int  # the id of their value of a dimension, NO_VALUE for none
    furthest: int  # number of the last step reached, 0 for none, or LONG
    sessions: int


@dataclass(frozen=True)
class Lines:
    """What each session, or each visitor, met: numbers of pages or of events."""

    met: np.ndarray  # of all lines one after another
    starts: np.ndarray  # where in it each line begins, and at last where all end


@dataclass(frozen=True)
class Packed:
    """Makes rows with bytes in the place of some texts of whole numbers: the lowest byte of each, then the next of each. Long ones are kept
    in half the time that way. The same whenever the columns are the same."""

    columns: tuple

    def __call__(self, rows):
        return [row._replace(**{name: numbers(getattr(row, name)).view(np.uint8).reshape(-1, 8).T.tobytes() for name in self.columns}) for row in rows]


def numbers(column, kind=np.int64):
    """The numbers of a text with commas between them, or of bytes that Packed made; none of None."""
    if isinstance(column, bytes):
        return np.frombuffer(column, np.uint8).reshape(8, -1).T.copy().view(np.int64)[:, 0]
    return np.fromstring(column or "", kind, sep=",")


def all_numbers(texts, kind=np.int64):
    """The numbers of several such texts, one after another."""
    return np.concatenate([numbers(text, kind) for text in texts])


def all_trails(texts):
    """Lines of several texts of trails, None among them."""
    return trails(GAP.join(known) if (known := [text for text in texts if text is not None]) else None)


def codes(text):
    """A number for each code of a trail, as funnel_plan.py makes it: its four characters after the slash."""
    return np.frombuffer(text.encode(), CODE)["characters"].copy()


def trails(text):
    """Lines of a text of trails; none of None."""
    if text is None:
        return Lines(np.zeros(0, np.uint32), np.zeros(1, int))
    met = codes(text)
    gap = met == codes(GAP)
    gaps = np.flatnonzero(gap)
    return Lines(met[~gap], np.concatenate(([0], gaps - np.arange(len(gaps)), [len(met) - len(gaps)])))


def walk(lines, way):
    """(furthest, begun) of each line: how many steps of a funnel_plan.Way it reached, and the place in `met` where that began, of the furthest the first."""
    return (_strict if way.strict else _open)(lines, way.steps)


def meets(met, step):
    """Of all that was met whether it meets a step of a way."""
    if step is None:
        return np.ones(len(met), bool)
    return met == step[0] if len(step) == 1 else among(met, np.sort(np.array(step, met.dtype)))


def _open(lines, steps):
    furthest, begun, ends = *_nowhere(lines), lines.starts[1:]
    going, at = _first(lines, steps[0])
    furthest[going], begun[going] = 1, at
    for number, step in enumerate(steps[1:], 2):
        at = at + 1
        if step is not None:
            places, before = _places(meets(lines.met, step))
            at = places[before[at]]
        on = at < ends[going]
        going, at = going[on], at[on]
        furthest[going] = number
    return furthest, begun


def _strict(lines, steps):
    furthest, begun = _nowhere(lines)
    going, at = _first(lines, steps[0])
    furthest[going], begun[going] = 1, at
    begins = np.zeros(len(lines.met) + 1, bool)
    begins[lines.starts] = True
    so_far = None if steps[0] is None else meets(lines.met, steps[0])
    for number, step in enumerate(steps[1:], 2):
        here = ~begins[:-1] if step is None else meets(lines.met, step) & ~begins[:-1]
        if so_far is not None:
            here[1:] &= so_far[:-1]
        so_far = here
        going, at = _firsts(lines, so_far)
        furthest[going], begun[going] = number, at - number + 1
    return furthest, begun


def _first(lines, step):
    """(lines that meet a step, the place in each where it first does)."""
    if step is None:
        going = np.flatnonzero(np.diff(lines.starts))
        return going, lines.starts[going]
    return _firsts(lines, meets(lines.met, step))


def _firsts(lines, meet):
    """(lines in which any place meets, the first of each that does)."""
    places, before = _places(meet)
    nth = before[lines.starts]
    going = np.flatnonzero(nth[1:] > nth[:-1])
    return going, places[nth[going]]


def _places(meet):
    """(the places that meet, and one beyond the end; for every place, how many before it do)."""
    before = np.zeros(len(meet) + 1, np.int32)
    np.cumsum(meet, out=before[1:])
    return np.append(np.flatnonzero(meet), len(meet)), before


def _nowhere(lines):
    return np.zeros(len(lines.starts) - 1, int), np.zeros(len(lines.starts) - 1, int)


def meet(lines, way):
    """Of each line whether it meets any step of a way."""
    found = np.zeros(len(lines.starts) - 1, bool)
    for step in way.steps:
        found[_first(lines, step)[0]] = True
    return found


def is_long(lines):
    """Of each trail, whether there may have been more pages than it has."""
    return np.diff(lines.starts) >= trail.LONGEST


def counted(furthest, values):
    """Came of lines."""
    cells, (places,) = close(furthest + (values - NO_VALUE << 5))
    counts = np.bincount(places)
    found = np.flatnonzero(counts)
    return [Came((each >> 5) + NO_VALUE, each & 31, sessions) for each, sessions in zip(cells[found].tolist(), counts[found].tolist())]


# -- visitors, over several sessions

@dataclass(frozen=True)
class Visits:
    """Sessions in columns."""

    visitors: np.ndarray
    ids: np.ndarray
    ended: np.ndarray
    values: np.ndarray  # of what tells them apart
    lines: Lines

    def taken(self, places):
        """Those at some places, in that order."""
        return Visits(self.visitors[places], self.ids[places], self.ended[places], self.values[places], taken(self.lines, places))


def together(parts):
    """Visits of several."""
    met = [part.lines.met for part in parts]
    lengths = np.concatenate([np.diff(part.lines.starts) for part in parts])
    lines = Lines(np.concatenate(met), np.append(0, np.cumsum(lengths)))
    return Visits(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("visitors", "ids", "ended", "values")), lines)


def ordered(visits):
    """The same Visits, which are in order of their ids, a visitor's one after another."""
    return visits.taken(np.argsort(visits.visitors, kind="stable"))


def of_their_visitors(visits, ids):
    """{session: visitor} of all sessions of those visitors whose some sessions are."""
    theirs = among(visits.visitors, np.sort(visits.visitors[among(visits.ids, np.sort(ids))]))
    return dict(zip(visits.ids[theirs].tolist(), visits.visitors[theirs].tolist()))


def distinct(numbers):
    """How many different ones there are. Sorted: np.unique hashes, and takes ten times as long."""
    return int(np.count_nonzero(news(np.sort(numbers))))


def within(visits, way, longest):
    """(visitors who reached the first step, visitors of whom columns do not say how far they came, Came of the former) within `longest` milliseconds.

    Takes Visits that are ordered(). How far a visitor came is between what one session shows that is no longer than that, and
    what all sessions show one after another, however long they took.
    """
    first = np.flatnonzero(news(visits.visitors))
    if not len(first):
        return first, first, []
    lines = visits.lines
    of_each, _ = walk(lines, way)
    most, begun = walk(Lines(lines.met, lines.starts[np.append(first, len(of_each))]), way)
    began = visits.ids >> 22
    least = np.maximum.reduceat(np.where(visits.ended - began <= longest, of_each, np.minimum(of_each, 1)), first)
    whole = np.maximum.reduceat(visits.ended, first) - began[first] <= longest
    same = np.minimum.reduceat(visits.values, first) == np.maximum.reduceat(visits.values, first)  # else it is not known in which the way began
    unsure = np.logical_or.reduceat(is_long(lines), first) | (most > 0) & ~(whole | (least == most) & same)
    sure = (most > 0) & ~unsure
    values = visits.values[np.searchsorted(lines.starts, begun[sure], "right") - 1]
    return visits.visitors[first][sure], visits.visitors[first][unsure], counted(most[sure], values)


def only(lines, those):
    """The same Lines with those of all that was met."""
    return Lines(lines.met[those], np.append(0, np.cumsum(those))[lines.starts])


def among(numbers, chosen):
    """Of each number, whether it is among the chosen ones, which are in order. np.isin would sort the numbers."""
    return chosen[np.searchsorted(chosen, numbers).clip(max=len(chosen) - 1)] == numbers if len(chosen) else np.zeros(len(numbers), bool)


def taken(lines, places):
    """The Lines at some places, in that order."""
    lengths = np.diff(lines.starts)[places]
    starts = np.append(0, np.cumsum(lengths))
    return Lines(lines.met[np.arange(starts[-1]) + np.repeat(lines.starts[places] - starts[:-1], lengths)], starts)


def whose_of(lines):
    """Of all that was met which line it is of."""
    return np.repeat(np.arange(len(lines.starts) - 1), np.diff(lines.starts))


def close(*columns):
    """(numbers in order, the columns with the place of each of theirs among them), to count by: whole numbers from 0 on, each as it is while none
    is far beyond how many they are; of ids that are, on a server of many sites, the different ones only.
    """
    most = max(int(column.max(initial=0)) for column in columns)
    if most < NEAR + 8 * sum(map(len, columns)):
        return np.arange(most + 1), columns
    numbers, places = np.unique(np.concatenate(columns), return_inverse=True)
    return numbers, np.split(places, np.cumsum([len(column) for column in columns])[:-1])


def news(ordered):
    """Of each of some numbers in order whether it is not that before."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
