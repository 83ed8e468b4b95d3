"""How far along a way sessions came, all of them at once: what each met, in order, stands in columns. Pure.

A question gives the columns of a part of the period as texts: numbers with commas
between them, trails with GAP between. That is several times faster than a row for each
session, as is looking for a step in all lines at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from collector import trail

GAP = "/" * trail.WIDTH  # between two trails
LONG = 31  # in the place of how far: there were more pages than the trail has
NO_VALUE = -1  # of a dimension


class Came(NamedTuple):
    """How many came how far."""

    value: int  # the id of their value of a dimension, NO_VALUE for none
    furthest: int  # number of the last step reached, or LONG
    sessions: int


@dataclass(frozen=True)
class Lines:
    """What each session, or each visitor, met: numbers of pages or of events."""

    met: np.ndarray  # of all lines one after another
    starts: np.ndarray  # where in it each line begins, and at last where all end


def numbers(text):
    """The numbers of a text with commas between them; none of None."""
    return np.fromstring(text or "", np.int64, sep=",")


def codes(text):
    """A number for each code of a trail, as funnel_plan.py makes it: its four characters after the slash."""
    return np.frombuffer(text.encode(), np.uint8).reshape(-1, trail.WIDTH)[:, 1:].copy().view(np.uint32)[:, 0]


def trails(text):
    """Lines of a text of trails; none of None."""
    if text is None:
        return Lines(np.zeros(0, np.uint32), np.zeros(1, int))
    met = codes(text)
    gap = met == codes(GAP)
    gaps = np.flatnonzero(gap)
    return Lines(met[~gap], np.concatenate(([0], gaps - np.arange(len(gaps)), [len(met) - len(gaps)])))


@dataclass(frozen=True)
class Along:
    """Makes Came of rows of a question, by one of the functions below, for a funnel_plan.Way; the same whenever these are the same."""

    make: Callable
    way: Any

    def __call__(self, rows):
        return self.make(rows, self.way)


def of_totals(rows, way):
    """Came by funnel_trails.sql."""
    (text, sessions), = rows
    lines = trails(text)
    found = np.bincount(_by_trails(lines, way), numbers(sessions))
    return [Came(NO_VALUE, furthest, int(found[furthest])) for furthest in np.flatnonzero(found).tolist() if furthest]


def of_trails(rows, way):
    """Came by funnel_trails_filtered.sql."""
    (text, values), = rows
    return _counted(_by_trails(trails(text), way), numbers(values))


def of_events(rows, way):
    """Came by funnel_events.sql."""
    sessions, places, names, values = map(numbers, *rows)
    order = np.lexsort((places, sessions))
    begins = np.flatnonzero(np.diff(sessions[order], prepend=-1))
    furthest, _ = walk(Lines(names[order], np.append(begins, len(order))), way)
    return _counted(furthest, values[order][begins] if len(values) else values)


def walk(lines, way):
    """(furthest, begun) of each line: how many steps of a funnel_plan.Way it reached, and the place in `met` where that began, of the furthest the first."""
    return (_strict if way.strict else _open)(lines, [_meets(lines.met, step) for step in way.steps])


def _meets(met, step):
    if step is None:
        return np.ones(len(met), bool)
    return met == step[0] if len(step) == 1 else np.isin(met, np.array(step, met.dtype))


def _open(lines, meets):
    ends, at, going = lines.starts[1:], lines.starts[:-1], np.arange(len(lines.starts) - 1)
    furthest, begun = np.zeros(len(going), int), np.zeros(len(going), int)
    for step, meet in enumerate(meets):
        places = np.append(np.flatnonzero(meet), len(meet))  # after the last there is one beyond the end
        found = places[np.searchsorted(places, at)]
        on = found < ends[going]
        going, at = going[on], found[on] + 1
        furthest[going] = step + 1
        if not step:
            begun[going] = found[on]
    return furthest, begun


def _strict(lines, meets):
    furthest, begun = np.zeros(len(lines.starts) - 1, int), np.zeros(len(lines.starts) - 1, int)
    whose = _whose(lines)
    begins = np.flatnonzero(meets[0])
    reached, going = np.ones(len(begins), int), np.arange(len(begins))
    for step, meet in enumerate(meets[1:], 1):
        at = begins[going] + step
        on = at < lines.starts[1:][whose[begins[going]]]
        on[on] = meet[at[on]]
        going = going[on]
        reached[going] = step + 1
    first = np.flatnonzero(np.diff(whose[begins], prepend=-1))
    if len(first):
        best = np.maximum.reduceat(reached << 40 | (len(whose) - begins), first)  # the furthest, and of those the one that begins first
        line = whose[begins[first]]
        furthest[line], begun[line] = best >> 40, len(whose) - (best & (1 << 40) - 1)
    return furthest, begun


def _by_trails(lines, way):
    furthest, _ = walk(lines, way)
    return np.where(is_long(lines), LONG, furthest)


def is_long(lines):
    """Of each trail, whether there may have been more pages than it has."""
    return np.diff(lines.starts) >= trail.LONGEST


def _counted(furthest, values):
    """Came of lines that reached anything; `values` may be empty where nothing tells them apart."""
    those = furthest > 0
    found = furthest[those] | (values[those] if len(values) else NO_VALUE) << 5
    return [Came(each >> 5, each & 31, sessions) for each, sessions in zip(*(column.tolist() for column in np.unique(found, return_counts=True)))]


# -- visitors, over several sessions

@dataclass(frozen=True)
class Visits:
    """Sessions in columns."""

    visitors: np.ndarray
    ids: np.ndarray
    ended: np.ndarray
    values: np.ndarray  # empty where nothing tells them apart
    lines: Lines

    def taken(self, places):
        """Those at some places, in that order."""
        return Visits(self.visitors[places], self.ids[places], self.ended[places], self.values[places] if len(self.values) else self.values,
                      _taken(self.lines, places))


class Part(NamedTuple):
    """What is known of the sessions of some days."""

    everybody: np.ndarray  # the visitor of each
    visits: Visits | None  # those that make a difference to a way of pages


def of_visitors(rows, way):
    """The Part of funnel_visitors.sql. `way` may be None: it is not one of pages."""
    (text, *texts, trails_text), = rows
    everybody = numbers(text)
    if way is None:
        return Part(everybody, None)
    visits = Visits(everybody, *map(numbers, texts), trails(trails_text))
    if way.strict:
        return Part(everybody, visits)  # another page between makes a difference
    lines, those = visits.lines, is_long(visits.lines)
    for step in way.steps:
        those[_whose(lines)[_meets(lines.met, step)]] = True
    return Part(everybody, visits.taken(np.flatnonzero(those)))


def together(parts):
    """Visits of several, a visitor's one after another as they began."""
    met = [part.lines.met for part in parts]
    lengths = np.concatenate([np.diff(part.lines.starts) for part in parts])
    lines = Lines(np.concatenate(met), np.append(0, np.cumsum(lengths)))
    visits = Visits(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("visitors", "ids", "ended", "values")), lines)
    return visits.taken(np.lexsort((visits.ids, visits.visitors)))


def distinct(numbers):
    """How many different ones there are."""
    return int(np.count_nonzero(_news(np.sort(numbers))))


def within(visits, way, longest):
    """(visitors who reached the first step, visitors of whom trails do not say how far they came, Came of the former) within `longest` milliseconds.

    Takes Visits as together() gives them.
    """
    first = np.flatnonzero(_news(visits.visitors))
    if not len(first):
        return first, first, []
    lines = visits.lines
    of_each, _ = walk(lines, way)
    most, begun = walk(Lines(lines.met, lines.starts[np.append(first, len(of_each))]), way)
    began = visits.ids >> 22
    least = np.maximum.reduceat(np.where(visits.ended - began <= longest, of_each, np.minimum(of_each, 1)), first)
    whole = np.maximum.reduceat(visits.ended, first) - began[first] <= longest
    same, values = True, visits.values
    if len(values):
        same = np.minimum.reduceat(values, first) == np.maximum.reduceat(values, first)  # else it is not known in which the way began
        values = values[np.searchsorted(lines.starts, begun, "right") - 1]
    unsure = np.logical_or.reduceat(is_long(lines), first) | (most > 0) & ~(whole | (least == most) & same)
    sure = (most > 0) & ~unsure
    return visits.visitors[first][sure], visits.visitors[first][unsure], _counted(most[sure], values[sure] if len(values) else values)


def _taken(lines, places):
    lengths = np.diff(lines.starts)[places]
    starts = np.append(0, np.cumsum(lengths))
    return Lines(lines.met[np.arange(starts[-1]) + np.repeat(lines.starts[places] - starts[:-1], lengths)], starts)


def _whose(lines):
    return np.repeat(np.arange(len(lines.starts) - 1), np.diff(lines.starts))


def _news(ordered):
    """Of each of some numbers in order whether it is not that before."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
