"""A report's rows as the page shows them: which cell links where, how long its bar is, what a rate is out of.

Everything is chosen here, so that the template only prints.
"""

from dataclasses import dataclass, replace

from flask_babel import gettext as _

from collector.filters import KEYS, NOT_SET
from collector.frame import address_with
from journeys import labels
from journeys.navigation import session_address

ANCHORED = ("stages", "touchpoints", "transitions")  # reports whose single rows other pages lead to; the first column has the key of each
WORDS = ("text", "words", "page", "day", "time", "blank", "list", "hour")


@dataclass(frozen=True)
class Head:
    column: object
    href: str = ""  # sorts by this column
    order: str = ""  # "ascending", "descending" or ""
    under: object = None  # the Head of the column that stands under it, or None

    @property
    def words(self):
        return self.column.kind in WORDS


@dataclass(frozen=True)
class Cell:
    raw: object
    kind: str
    text: str = ""  # for words: what is read
    href: str = ""  # filters everything by this cell
    out_of: int | None = None  # what a rate or mean is out of, where the row does not show it
    low: float | None = None
    high: float | None = None
    share: float | None = None  # length of the bar behind it, 0-1
    under: object = None  # the Cell that stands under it, or None

    @property
    def words(self):
        return self.kind in WORDS


@dataclass(frozen=True)
class Table:
    heads: tuple
    rows: tuple
    total: tuple = ()
    anchors: tuple = ()  # where each row is found on its page, if others lead there

    @property
    def crowded(self):
        """Do so many of its columns print an interval that beside their numbers they would not fit?"""
        return sum(bool(head.column.interval) for head in self.heads) >= 3


def table(report, sort=None, only=(), most=None, link=None):
    """The Table of a report.

    `only` names the columns to show, by default all, a pair of them in one place; `most` is how many rows;
    `sort` is the sort option the report was asked with, None when it cannot be
    sorted; `link` makes an address from filters, by default this page's.
    """
    columns = _shown(report.columns, only)
    longest = max((_size(row, columns) for row in report.rows), default=0)
    rows = tuple(_row(row, columns, report, longest, link or filtered_address) for row in report.rows[:most])
    total = _total(report, columns) if report.totals is not None else ()
    anchors = tuple(anchor(report.name, getattr(row, report.columns[0].key)) for row in report.rows[:most]) if report.name in ANCHORED else ()
    return Table(_stacked(tuple(_head(column, sort) for column in columns), only), tuple(_stacked(row, only) for row in rows), _stacked(total, only), anchors)


def anchor(report, key):
    """Where the row with that key is found on the page of a report; "" where no page leads to single rows of it."""
    return f"row-{key}" if report in ANCHORED else ""


def filtered_address(filters):
    """This page with other filters; what was searched or cut away starts anew."""
    changes = dict.fromkeys(KEYS) | {"search": None, "limit": None, "after": None} | filters.query()
    return address_with(**changes)


def _shown(columns, only):
    if only:
        known = {column.key: column for column in columns}
        return tuple(known[key] for keys in only for key in ((keys,) if isinstance(keys, str) else keys))
    return tuple(column for at, column in enumerate(columns) if not _printed_beside(column.key, columns[:at]))


def _stacked(parts, only):
    """Heads or Cells: of each pair of columns the second under the first."""
    if not parts or all(isinstance(keys, str) for keys in only):
        return parts
    parts = iter(parts)
    return tuple(next(parts) if isinstance(keys, str) else replace(next(parts), under=next(parts)) for keys in only)


def _printed_beside(key, earlier):
    """Is this column only the end of an interval, or what an earlier rate is out of? That one prints it."""
    return any(key == column.of or key in column.interval for column in earlier)


def _head(column, sort):
    if sort is None:
        return Head(column)
    words = column.kind in WORDS
    downwards = (sort == column.key) if words else (sort != "-" + column.key)
    order = {column.key: "ascending", "-" + column.key: "descending"}.get(sort, "")
    return Head(column, address_with(sort=("-" if downwards else "") + column.key), order)


def _row(row, columns, report, longest, link):
    cells = [_cell(row, column, columns, report, link) for column in columns]
    if longest and columns[0].kind in WORDS and not columns[0].to:
        first = cells[0]
        cells[0] = Cell(first.raw, first.kind, first.text or (first.kind == "text" and _("(none)")) or "", first.href, share=_size(row, columns) / longest)
    return tuple(cells)


def _cell(row, column, columns, report, link):
    raw = getattr(row, column.key)
    if column.to:
        session = getattr(row, column.to)
        return Cell(raw, column.kind, href=session_address(session) if session else "")
    if column.kind == "hour":
        return Cell(raw, "text", labels.hour(raw))
    if column.kind == "list":
        return Cell(raw, "list", ", ".join(labels.label(column.filter, each) if column.filter else _(each) for each in raw))
    if column.kind in ("text", "page", "words"):
        text = _(raw) if column.kind == "words" and raw else labels.label(column.filter or column.key, raw)
        by = getattr(row, column.by or column.key)
        names_none = column.filter == "group" and by in ("", NOT_SET)  # pages in no group are none to filter by
        href = link(report.filters.with_(column.filter, by)) if column.filter and report.filters is not None and not names_none else ""
        return Cell(raw, column.kind, text, href)
    shown = [each.key for each in columns]
    out_of = getattr(row, column.of, None) if column.of and column.of not in shown else None
    low, high = (getattr(row, key) for key in column.interval) if column.interval else (None, None)
    return Cell(raw, column.kind, out_of=out_of, low=low, high=high)


def _total(report, columns):
    cells = [_cell(report.totals, column, columns, report, lambda filters: "")
             if getattr(report.totals, column.key, None) is not None and column.kind not in WORDS
             else Cell("", "blank") for column in columns]
    return (Cell("", "words", _("All")), *cells[1:])


def _size(row, columns):
    """What a row's bar is drawn from: its first count."""
    counted = next((column.key for column in columns if column.kind == "count"), None)
    return (getattr(row, counted) or 0) if counted else 0
