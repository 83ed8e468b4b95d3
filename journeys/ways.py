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

CODE = np.dtype([("slash", "S1"), ("characters", "<u4")])
GAP = "/" * trail.WIDTH  # between two trails
LONG = 31  # in the place of how far: there were more pages than the trail has
NO_VALUE = -1  # of a dimension


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
    _, values, lines = events(rows)
    furthest, _ = walk(lines, way)
    return [came for came in _counted(furthest, values) if came.furthest]


def events(rows):
    """(ids of sessions, values, Lines of names) of funnel_events.sql."""
    sessions, places, names, values = map(numbers, *rows)
    order = np.lexsort((places, sessions))
    begins = np.flatnonzero(news(sessions[order]))
    return sessions[order][begins], values[order][begins] if len(values) else values, Lines(names[order], np.append(begins, len(order)))


def walk(lines, way):
    """(furthest, begun) of each line: how many steps of a funnel_plan.Way it reached, and the place in `met` where that began, of the furthest the first."""
    return (_strict if way.strict else _open)(lines, [_meets(lines.met, step) for step in way.steps])


def _meets(met, step):
    if step is None:
        return np.ones(len(met), bool)
    return met == step[0] if len(step) == 1 else np.isin(met, np.array(step, met.dtype))


def _open(lines, meets):
    furthest, begun, whose, ends = *_nowhere(lines), whose_of(lines), lines.starts[1:]
    places = np.flatnonzero(meets[0])
    at = places[news(whose[places])]
    going = whose[at]
    furthest[going], begun[going] = 1, at
    for step, meet in enumerate(meets[1:], 2):
        places = np.append(np.flatnonzero(meet), len(meet))  # after the last there is one beyond the end
        at = places[np.searchsorted(places, at + 1)]
        on = at < ends[going]
        going, at = going[on], at[on]
        furthest[going] = step
    return furthest, begun


def _strict(lines, meets):
    furthest, begun, whose = *_nowhere(lines), whose_of(lines)
    goes_on, so_far = ~news(whose), np.ones(len(whose), bool)
    for step, meet in enumerate(meets):
        so_far = np.append(False, so_far)[:-1] & goes_on & meet if step else meet
        places = np.flatnonzero(so_far)
        first = places[news(whose[places])]
        furthest[whose[first]], begun[whose[first]] = step + 1, first - step
    return furthest, begun


def _nowhere(lines):
    return np.zeros(len(lines.starts) - 1, int), np.zeros(len(lines.starts) - 1, int)


def _by_trails(lines, way):
    furthest, _ = walk(lines, way)
    return np.where(is_long(lines), LONG, furthest)


def is_long(lines):
    """Of each trail, whether there may have been more pages than it has."""
    return np.diff(lines.starts) >= trail.LONGEST


def _counted(furthest, values):
    """Came of lines; `values` may be empty where nothing tells them apart."""
    found, counts = np.unique(furthest | (values if len(values) else NO_VALUE) << 5, return_counts=True)
    return [Came(each >> 5, each & 31, sessions) for each, sessions in zip(found.tolist(), counts.tolist())]


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
                      taken(self.lines, places))


class Part(NamedTuple):
    """What is known of the sessions of some days."""

    everybody: np.ndarray  # the visitor of each
    visits: Visits  # those that make a difference


def of_visitors(rows, way):
    """The Part of funnel_visitors.sql. `way` is None where it is not one of pages."""
    (text, *texts, trails_text), = rows
    everybody = numbers(text)
    visits = Visits(everybody, *map(numbers, texts), trails(trails_text))
    if way is None or way.strict:
        return Part(everybody, visits)  # of a strict one another page between makes a difference
    lines, those = visits.lines, is_long(visits.lines)
    for step in way.steps:
        those[whose_of(lines)[_meets(lines.met, step)]] = True
    return Part(everybody, visits.taken(np.flatnonzero(those)))


def together(parts):
    """Visits of several."""
    met = [part.lines.met for part in parts]
    lengths = np.concatenate([np.diff(part.lines.starts) for part in parts])
    lines = Lines(np.concatenate(met), np.append(0, np.cumsum(lengths)))
    return Visits(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("visitors", "ids", "ended", "values")), lines)


def ordered(visits):
    """The same Visits, a visitor's one after another as they began."""
    return visits.taken(np.lexsort((visits.ids, visits.visitors)))


def meeting(visits, parts):
    """The Visits that events() of each part are of, with these in their lines. What came after the visits were read is left out."""
    ids, values, names = (np.concatenate(column) for column in zip(*((ids, values, lines.met) for ids, values, lines in parts)))
    lengths = np.concatenate([np.diff(lines.starts) for *_, lines in parts])
    by_id = np.argsort(visits.ids)
    at = by_id[np.searchsorted(visits.ids, ids, sorter=by_id).clip(max=len(by_id) - 1)] if len(by_id) else np.zeros(0, int)
    found = Visits(visits.visitors[at], ids[:len(at)], visits.ended[at], values, Lines(names, np.append(0, np.cumsum(lengths))))
    return found.taken(np.flatnonzero(visits.ids[at] == found.ids))


def of_their_visitors(visits, ids):
    """{session: visitor} of all sessions of those visitors whose some sessions are."""
    theirs = np.isin(visits.visitors, visits.visitors[np.isin(visits.ids, ids)])
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
    same, values = True, visits.values
    if len(values):
        same = np.minimum.reduceat(values, first) == np.maximum.reduceat(values, first)  # else it is not known in which the way began
    unsure = np.logical_or.reduceat(is_long(lines), first) | (most > 0) & ~(whole | (least == most) & same)
    sure = (most > 0) & ~unsure
    if len(values):
        values = values[np.searchsorted(lines.starts, begun[sure], "right") - 1]
    return visits.visitors[first][sure], visits.visitors[first][unsure], _counted(most[sure], values)


def taken(lines, places):
    """The Lines at some places, in that order."""
    lengths = np.diff(lines.starts)[places]
    starts = np.append(0, np.cumsum(lengths))
    return Lines(lines.met[np.arange(starts[-1]) + np.repeat(lines.starts[places] - starts[:-1], lengths)], starts)


def whose_of(lines):
    """Of all that was met which line it is of."""
    return np.repeat(np.arange(len(lines.starts) - 1), np.diff(lines.starts))


def news(ordered):
    """Of each of some numbers in order whether it is not that before."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    return found
