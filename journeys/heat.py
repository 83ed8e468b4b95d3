"""The cohorts as people read them: a row a cohort, a column for each week or month after, darker where there is more; and the mean as a line."""

from dataclasses import dataclass
from datetime import datetime

from babel import dates
from flask_babel import get_locale
from flask_babel import gettext as _

from collector import current, locale
from collector.filters import KEYS, MOST
from collector.frame import interval, whole_money
from collector.period import date_of
from journeys import cohort_filter
from journeys.headline import plain
from journeys.navigation import kept, page_address
from journeys.retention import RUNNING

LEVELS = 8  # steps of darkness
FEWEST = 10  # visitors of a cohort that is coloured


@dataclass(frozen=True)
class Cell:
    text: str
    title: str = ""  # what it is out of, its interval, and whether it is not over
    level: int = 0
    running: bool = False
    href: str = ""  # the sessions behind it


@dataclass(frozen=True)
class Line:
    name: str
    visitors: Cell
    cells: tuple


@dataclass(frozen=True)
class Heat:
    heads: tuple  # weeks or months after
    lines: tuple
    mean: tuple  # Cells of all cohorts together
    first: str  # what the lines are called
    after: str  # what the columns are called


def parts(report):
    """What the template of the retention page shows: a Heat, None where there is no cohort, and a picture of the mean."""
    if not report.rows:
        return {"heat": None, "picture": None, "known": report.extra["known"]}
    by, means = report.extra["by"], report.extra["mean"]
    most = max((_value(row) or 0 for row in (*report.rows, *means) if row.state != RUNNING and row.after and row.visitors >= FEWEST), default=0)
    lines = {}
    for row in report.rows:
        lines.setdefault(row.cohort, []).append(row)
    heads = tuple(range(max(row.after for row in report.rows) + 1))
    mean = {row.after: row for row in means}
    weekly = by == "week"
    over = {after: [row for row in report.rows if row.after == after and row.state != RUNNING] for after in mean}
    return {"known": report.extra["known"], "picture": _picture(means, weekly), "heat": Heat(
        heads, tuple(Line(named(day, weekly), _visitors(rows[0], report), tuple(_cell(row, most, report, [row]) for row in rows)) for day, rows in lines.items()),
        tuple(_cell(mean[after], most, report, over[after]) if after in mean else Cell("") for after in heads),
        _("Week from") if weekly else _("Month from"), _("Weeks after") if weekly else _("Months after"))}


def _value(row):
    """What a cell is coloured by: a rate, or the revenue a visitor."""
    return row.mean if hasattr(row, "mean") else row.rate


def _visitors(row, report):
    return Cell(locale.number(row.visitors), href=_sessions([cohort_filter.value(report.extra["by"], row.cohort, filters=report.filters)]))


def _cell(row, most, report, cohorts):
    """A row as a Cell that leads to the sessions in which visitors of these cohorts, rows too, did it."""
    value, running = _value(row), row.state == RUNNING
    level = min(LEVELS, round(LEVELS * value / most)) if value and most and row.visitors >= FEWEST else 0
    found = row.revenue if hasattr(row, "mean") else row.count
    behind = [cohort_filter.value(report.extra["by"], each.cohort, each.after, report.extra["what"], report.filters) for each in cohorts] if found else []
    return Cell(_short(row), _title(row, running), level, running, _sessions(behind))


def _sessions(values):
    """Address of the sessions that the filter `cohort` chooses by these values, "" where it cannot."""
    if not values or len(values) > MOST or "" in values:
        return ""
    return page_address("sessions", **{key: value for key, value in kept().items() if key not in KEYS}, cohort=values)


def _short(row):
    if hasattr(row, "mean"):
        return "–" if row.mean is None else whole_money(row.mean)
    return locale.percent(row.rate, 0)


def _title(row, running):
    said = [_("%(count)s of %(n)s visitors", count=locale.number(row.count), n=locale.number(row.visitors))
            if hasattr(row, "rate") else _("%(n)s visitors", n=locale.number(row.visitors))]
    ends = _ends(row)
    if ends:
        said.append(_("interval of 95 percent %(interval)s", interval=ends))
    if getattr(row, "outside", 0):
        said.append(_("orders outside the page: %(n)s", n=locale.number(row.outside)))
    if running:
        said.append(_("not over yet"))
    return " · ".join(said)


def _ends(row):
    if hasattr(row, "mean"):
        return "" if row.mean is None else interval((row.mean_low, row.mean_high), "money")
    return "" if row.rate is None else interval((row.low, row.high))


def named(day, weekly, skeleton="MMMd"):
    """The first day of a cohort; of a whole month, its name."""
    return dates.format_skeleton(skeleton if weekly or date_of(day).day > 1 else "yMMMM",
                                 datetime.combine(date_of(day), datetime.min.time()), locale=get_locale())


def _picture(means, weekly):
    """What the line of the mean is drawn from, as headline.picture() gives it; None of a single point."""
    if len(means) < 2 or all(_value(row) is None for row in means):
        return None
    kind = "money" if hasattr(means[0], "mean") else "rate"
    days = [(_("After %(n)s weeks", n=row.after) if weekly else _("After %(n)s months", n=row.after)) for row in means]
    return {"kind": kind, "currency": current.site.currency, "labels": [str(row.after) for row in means],
            "series": [{"before": False, "days": days, "texts": [_said(row) for row in means],
                        "values": [plain(_value(row), kind) for row in means]}]}


def _said(row):
    value = whole_money(row.mean) if hasattr(row, "mean") and row.mean is not None else locale.percent(row.rate) if hasattr(row, "rate") else ""
    return f"{value} ({_ends(row)})" if value else ""
