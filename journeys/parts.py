"""The sessions of some days as columns, and which of them are chosen: a report adds them up instead of reading row after row.

A day's columns stand ready (collector/column_days.py). Of a day that was written to
since, or whose columns are damaged, they are made of its rows as they are now. Pure.
"""

import json
import logging
import zlib
from functools import cache
from itertools import chain, groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from collector import day_columns
from collector import period as periods
from collector.day_columns import BETWEEN, CODES, FAMILIES, ROWS, WORDS
from journeys.unpacked import few_bytes
from journeys.ways import Lines, close

log = logging.getLogger("netiv.journeys")


class Words(NamedTuple):
    """A column of texts that many rows share."""

    texts: list  # one may stand there twice
    places: np.ndarray  # of the text of each row


class Part:
    """The sessions of a few days, earliest first, and which of them are chosen.

    Each family has its columns under its name, as attributes: arrays of whole numbers, in as few bytes as they need (compare
    them, index them, take their .sum(), but do no arithmetic before astype(np.int64): 200 + 100 of single bytes is 44), Words,
    or Lines of the codes of pages. `sessions` has a row for each session, with `day` besides; of which session a row of another
    family is, whose() says.
    """

    def __init__(self, families, rows, ask, changes):
        self.__dict__.update(families)
        self._rows = rows  # {family: how many rows each session has}
        self.ask = ask  # a function: rows of another question about these days
        self.changes = changes  # (day, how often it was written to) of each day; None where one was written to just now
        self.chosen = np.zeros(0, bool)  # of each session, whether it is

    def whose(self, family):
        """Of each row of a family, the place of its session."""
        return np.repeat(np.arange(len(self._rows[family])), self._rows[family])

    def starts(self, family):
        """Where the rows of each session begin, and at last where all end."""
        return np.cumsum(np.append(0, self._rows[family]), dtype=np.int64)

    def of_chosen(self, family):
        """Of each row of a family, whether its session is chosen."""
        return np.repeat(self.chosen, self._rows[family])

    def of_each(self, family, name):
        """Of each session the number in its row of a family with one at most, 0 without any."""
        column = getattr(getattr(self, family), name)
        found = np.zeros(len(self._rows[family]), column.dtype)
        found[self.whose(family)] = column
        return found

    def saw(self, pages):
        """Whether each session saw one of the pages, by "page" and "views"."""
        return self.any_of("pages", np.isin(self.pages.page, pages) & (self.pages.views > 0))

    def any_of(self, family, some):
        """Whether each session has one of some rows of a family."""
        found = np.zeros(len(self._rows[family]), bool)
        found[self.whose(family)[some]] = True
        return found


def together(*wanted):
    """Several of {family: names of columns} as one, with a column of sessions at least."""
    found = {"sessions": ()}
    for family, names in chain.from_iterable(each.items() for each in wanted):
        found[family] = tuple(dict.fromkeys((*found.get(family, ()), *names)))
    return found | {"sessions": found["sessions"] or ("bounce",)}


def read(ask, at_once, period, wanted):
    """The Part of a period, none of it chosen yet. `ask` asks the store of that period, and at_once() gives what asks it as of one moment,
    a context; `wanted` is {family: names of columns}, as of together().
    """
    kept = {(family, part): [] for family, names in wanted.items() for part in FAMILIES[family].parts(names)}
    first = "sessions", wanted["sessions"][0]
    days, changes = [], []  # (day, how many pieces); (day, how often it was written to)
    for day, rows in groupby(ask("journeys/columns", form=day_columns.FORM, wanted=json.dumps(list(kept))), attrgetter("day")):
        rows = list(rows)
        ready = _ready(rows, kept) if rows[0].fresh else None
        found = ready or _unpacked(_made(at_once, day, period.zone, wanted), kept)
        if rows[0].fresh and not ready and found[first]:
            _say(rows[0].site, day)
        for column, pieces in found.items():
            kept[column] += pieces
        days.append((day, len(found[first])))
        changes.append((day, rows[0].changes if ready else None))
    return _part(kept, wanted, np.repeat(*np.array(days, int).reshape(-1, 2).T), ask, tuple(changes))


def _ready(rows, columns):
    """What _unpacked() gives of a day whose columns stand ready; None where one of them is damaged or missing, as all are of a day without sessions."""
    try:
        found = _unpacked(((row.family, row.name, row.packed) for row in rows if row.packed is not None), columns)
    except (zlib.error, IndexError, ValueError):
        return None
    pieces = set(map(len, found.values()))
    return found if len(pieces) == 1 and 0 not in pieces else None


def _made(at_once, day, zone, wanted):
    """A day is written to while it is read: its families are of the same moment, so that they say the same of each session."""
    first, end = (periods.day_start(each, zone) << 22 for each in (day, day + 1))
    with at_once() as ask:
        for piece in filter(None, day_columns.pieces(ask, first, end, wanted)):
            yield from piece.packed()


def _unpacked(packed, columns):
    """{(family, part): what is in each of its pieces} of (family, part, bytes), for these columns."""
    found = {column: [] for column in columns}
    for family, part, piece in packed:
        found[family, part].append(zlib.decompress(piece).decode().split(BETWEEN) if part.endswith(WORDS) else few_bytes(piece))
    return found


@cache
def _say(site, day):
    """Once in the life of the process."""
    log.error("columns of site %s on %s cannot be read; its rows are read instead", site, periods.date_of(day))


def _part(kept, wanted, days, ask, changes):
    """Takes the pieces of columns out of {(family, part): pieces}, and the day of each piece."""
    families, rows = {}, {}
    for family, names in wanted.items():
        kind, table = FAMILIES[family], {}
        for name in names:
            found = kept.pop((family, name))
            if family == "sessions" and "day" not in table:
                table["day"] = np.repeat(days, list(map(len, found)))
            if name in kind.words:
                table[name] = _words(found, kept.pop((family, name + WORDS)))
            elif name in kind.trails:
                table[name] = Lines(_joined(kept.pop((family, name + CODES))).astype(np.uint32, copy=False), np.cumsum(np.append(0, _joined(found)), dtype=np.int64))
            else:
                table[name] = _joined(found)
        if kind.is_many:
            rows[family] = _joined(kept.pop((family, ROWS)))
        families[family] = SimpleNamespace(**table)
    return Part(families, rows, ask, None if (None in dict(changes).values()) else changes)


def sums(values, *columns):
    """(value, how many have it, the sum of each column over them) of each different value; whole numbers from 0 on."""
    numbers, (places,) = close(values)
    counts = np.bincount(places)
    found = np.flatnonzero(counts)
    return zip(numbers[found].tolist(), counts[found].tolist(), *(np.bincount(places, column)[found].astype(np.int64).tolist() for column in columns))


def _joined(arrays):
    return np.concatenate(arrays) if arrays else np.zeros(0, np.uint8)


def _words(places, pieces):
    """Words of pieces, each of which has texts of its own."""
    texts, found = [], []
    for some, words in zip(places, pieces):
        found.append(some + np.int64(len(texts)))
        texts += words
    return Words(texts, _joined(found))
