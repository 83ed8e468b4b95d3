"""The headline numbers of the overview and the picture of one of them, day by day beside the period before."""

import time
from dataclasses import dataclass
from datetime import datetime

from babel import dates, numbers
from flask_babel import get_locale

from collector import current, locale
from collector.frame import address_with
from collector.period import date_of

TILES = ("visitors", "sessions", "views", "engaged", "bounce_rate", "conversion_rate", "revenue")
WORSE_WHEN_MORE = {"bounce_rate"}
WIDTH, HEIGHT = 100, 24  # the box a sparkline is drawn in


@dataclass(frozen=True)
class Tile:
    column: object
    value: object
    change: float | None  # since the period before: relative, 0.12 being 12 % more; of a rate, in points of it
    better: str  # "up" or "down": which way is good
    out_of: int | None
    line: str  # SVG path
    under: str
    href: str
    chosen: bool


def tiles(report, chosen):
    """The Tiles of an overview report; `chosen` is the key of the one in the picture."""
    columns = {column.key: column for column in report.columns}
    return tuple(_tile(columns[key], report, key == chosen) for key in TILES)


def _tile(column, report, chosen):
    line, under = spark([getattr(row, column.key) for row in report.rows])
    return Tile(column, getattr(report.totals, column.key), _rounded(report.extra["changes"][column.key], column.kind),
                "down" if column.key in WORSE_WHEN_MORE else "up",
                getattr(report.totals, column.of) if column.of else None, line, under,
                address_with(show=column.key), chosen)


def _rounded(change, kind):
    """A change as precise as it is printed, so that what reads 0 is neither good nor bad."""
    return None if change is None else round(change, 3 if kind == "rate" else 2) or 0.0


def spark(values):
    """A line through the values, and the area under it, as SVG paths in a box of 100 × 24. Gaps count as nothing.

    >>> spark([0, 4, 2])[0]
    'M0 23L50 1L100 12'
    """
    known = [value or 0 for value in values]
    top = max(known, default=0)
    if len(known) < 2 or not top:
        return "", ""
    points = [f"{_short(WIDTH * at / (len(known) - 1))} {_short(HEIGHT - 1 - (HEIGHT - 2) * value / top)}"
              for at, value in enumerate(known)]
    line = "M" + "L".join(points)
    return line, f"{line}V{HEIGHT}H0Z"


def _short(number):
    return f"{number:.1f}".removesuffix(".0")


def picture(report, column):
    """What the picture of one column is drawn from, as JSON: the texts come ready in the reader's language."""
    before = report.extra["previous_rows"][:len(report.rows)]
    return {"kind": column.kind, "currency": current.site.currency, "labels": [moment(row, "MMMd") for row in report.rows],
            "series": [_series(before, column, True), _series(report.rows, column, False)]}


def _series(rows, column, before):
    values = [getattr(row, column.key) for row in rows]
    return {"before": before, "days": [moment(row, "MMMEd") for row in rows], "texts": [said(value, column.kind) for value in values],
            "values": [None if _to_come(row) else plain(value, column.kind)
                       for row, value in zip(rows, values, strict=True)]}


def _to_come(row):
    """Is this an hour of today that has not begun? Its line ends before it."""
    return getattr(row, "at", 0) > time.time() * 1000


def plain(value, kind):
    """A value as the axis counts it: money in whole units of its currency."""
    if value is None or kind != "money":
        return value
    return value / 10 ** numbers.get_currency_precision(current.site.currency)


def said(value, kind):
    """A number of a column as a page prints it."""
    shown = {"rate": locale.percent, "seconds": locale.seconds, "money": locale.money}.get(kind, locale.number)
    return "" if value is None else shown(value)


def moment(row, skeleton):
    """The day or hour of a row, in the reader's language."""
    if hasattr(row, "day"):
        return dates.format_skeleton(skeleton, datetime.combine(date_of(row.day), datetime.min.time()), locale=get_locale())
    return dates.format_time(datetime.fromtimestamp(row.at / 1000, current.site.zone), "HH:mm", locale=get_locale())
