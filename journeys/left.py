"""What the page of abandonment shows beside its table: the numbers over it, the hours of the week, and the sessions to follow."""

from dataclasses import dataclass

from babel import dates
from flask_babel import get_locale

from collector import current
from collector.filters import Filters
from journeys import abandonment, sessions, sides
from journeys.navigation import page_address
from journeys.table import table

SHOWN = ("at", "source", "device", "exit_page", "views", "engaged", "trouble", "fields")
ROWS = 10
LEVELS = 5  # of colour


@dataclass(frozen=True)
class Tile:
    column: object
    value: object
    low: float | None = None
    high: float | None = None


def parts(report):
    """What the template shows beside the report."""
    side = sides.Side("variant" if report.columns[0] == sides.COLUMN else "", report.extra["experiment"])
    all_of, filters = report.totals, side.narrowed(report.filters).within(Filters((("abandoned", report.extra["of"]),)))
    tiles = (Tile(abandonment.MET, all_of.sessions), Tile(abandonment.ABANDONS, all_of.abandons),
             Tile(abandonment.RATE[0], all_of.rate, all_of.low, all_of.high), Tile(abandonment.WORTH, all_of.worth))
    left = sessions.report(current.store, current.site, report.period, filters, limit=ROWS)
    return {"tiles": tiles, "week": _week(report), "left": table(left, only=SHOWN),
            "left_href": "" if filters.apart else page_address("sessions", period=report.period.name, **filters.query())}


def _week(report):
    """(day, [(abandons, level of colour), … of its hours]) where the report is by hour; else nothing."""
    if report.columns[0].kind != "hour" or not report.rows:
        return ()
    counts = {row.value: row.abandons for row in report.extra["hours"]}
    most = max(counts.values()) or 1
    names = dates.get_day_names("abbreviated", locale=get_locale())
    return [(names[(day + 6) % 7], [(count, -(-count * LEVELS // most)) for count in (counts.get(day * 24 + hour, 0) for hour in range(24))])
            for day in range(7)]
