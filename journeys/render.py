"""A report as text: JSON for programs, CSV for spreadsheets, a table for the terminal. Pure.

In JSON everything stands as it was counted: rates 0-1, seconds, money in minor
units, times as UTC milliseconds, days as dates. CSV and the terminal's table
are for people: money in whole units of the currency, times on the site's clock.
"""

import dataclasses
import io
import json
import unicodedata
from datetime import datetime

from collector import period as periods
from collector import sheet
from collector.filters import Filters
from collector.money import EXPONENTS
from collector.period import Period

BOM = "\ufeff"  # without it Excel reads Hebrew as Latin letters
WIDEST = 60  # characters of a cell in the terminal
WEEK = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
NUMBERS = ("count", "number", "rate", "seconds", "money", "change", "points")


def to_json(report, site):
    """The whole report, with the definition of every column."""
    columns = [{name: value for name, value in dataclasses.asdict(column).items() if value or name == "definition"}
               for column in report.columns]
    found = {"report": report.name, "title": report.title, "site": site.key, "timezone": site.timezone,
             "currency": site.currency, "period": _plain(report.period), "filters": _plain(report.filters),
             "columns": columns, "rows": _plain(report.rows), "totals": _plain(report.totals),
             "notes": list(report.notes)} | _plain(report.extra)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def story(told, site):
    """One session's story (stories.py) as JSON."""
    found = {"site": site.key, "timezone": site.timezone, "currency": site.currency} | _plain(told)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def to_csv(report, site):
    """A header of the columns' keys and a line a row, for a spreadsheet: every cell quoted, formulas disarmed."""
    out = io.StringIO()
    lines = sheet.writer(out)
    lines.writerow([column.key for column in report.columns])
    for row in report.rows:
        lines.writerow([_cell(getattr(row, column.key), column.kind, site) for column in report.columns])
    return BOM + out.getvalue()


def to_table(report, site):
    """Columns in line, numbers to the right, the totals under them."""
    lines = [[column.key for column in report.columns]]
    lines += [[_text(getattr(row, column.key), column.kind, site) for column in report.columns] for row in report.rows]
    if report.totals is not None:
        lines.append([_text(getattr(report.totals, column.key, None), column.kind, site)
                      if column.kind in NUMBERS else "" for column in report.columns])
        lines[-1][0] = "all"
    widths = [max(_width(line[at]) for line in lines) for at in range(len(report.columns))]
    numbers = [column.kind in NUMBERS for column in report.columns]
    aligned = ["  ".join(map(_pad, line, widths, numbers)).rstrip() for line in lines]
    aligned.insert(1, "  ".join("-" * width for width in widths))
    said = [f"{report.title}, {report.period.first_date} to {report.period.last_date}, {site.timezone}", ""]
    return "\n".join([*said, *aligned, *(["", *report.notes] if report.notes else [])]) + "\n"


def _plain(value):
    """A value as JSON knows it."""
    if isinstance(value, Period):
        return {"name": value.name, "first_day": str(value.first_date), "last_day": str(value.last_date),
                "start": value.start, "end": value.end, "over": value.over}
    if isinstance(value, Filters):
        return value.query()
    if hasattr(value, "_asdict"):
        return {name: str(periods.date_of(each)) if name == "day" else _plain(each)
                for name, each in value._asdict().items()}
    if dataclasses.is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _cell(value, kind, site):
    """A cell of a spreadsheet."""
    if value is None:
        return ""
    if kind == "day":
        return str(periods.date_of(value))
    if kind == "time":
        return datetime.fromtimestamp(value / 1000, site.zone).isoformat(" ", "seconds")
    if kind == "money":
        places = EXPONENTS.get(site.currency, 2)
        return f"{value / 10 ** places:.{places}f}"
    if kind == "hour":
        return f"{WEEK[value // 24]} {value % 24:02}:00"
    if kind == "list":
        return sheet.cell(", ".join(value))
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return sheet.cell(value)


def _text(value, kind, site):
    """A cell of the terminal's table; control characters would move its cursor."""
    if value is None:
        return "-"
    if kind == "rate":
        return f"{value:.1%}"
    if kind == "points":
        return f"{100 * value:+.1f} pp"
    if kind == "seconds":
        return f"{value:.1f} s"
    text = str(_cell(value, kind, site)) if kind in ("day", "time", "money", "list", "hour") else str(value)
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return text if len(text) <= WIDEST else text[:WIDEST - 1] + "…"


def _pad(text, width, right):
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text):
    """Places a text takes in a terminal: wide letters take two, marks on letters none."""
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
               for each in text)
