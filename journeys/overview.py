"""What happened, day by day, hour by hour when the period is one day, beside the period before."""

from typing import NamedTuple

from collector.period import HOUR
from journeys import columns, listing
from journeys.ask import ask_sessions, ask_sums, begin
from journeys.options import check
from journeys.report import N_, Report

NAME = "overview"
TITLE = N_("Overview")
OPTIONS = ()
NUMBERS = (columns.VISITORS, columns.SESSIONS, columns.VIEWS, columns.ENGAGED, columns.BOUNCE_RATE, columns.CLICKS,
           columns.FIELDS, columns.CONVERSIONS, columns.CONVERSION_RATE, columns.CONVERSION_LOW,
           columns.CONVERSION_HIGH, columns.PURCHASES, columns.REVENUE)
NOT_OVER = N_("The last day is not over yet; its numbers still grow.")


class Numbers(NamedTuple):
    """One day, or all of them."""

    visitors: int
    sessions: int
    views: int
    engaged: float | None  # seconds a session
    bounce_rate: float | None
    clicks: int
    fields: int
    conversions: int
    conversion_rate: float | None
    conversion_low: float | None
    conversion_high: float | None
    purchases: int
    revenue: int  # minor units


class Day(NamedTuple):
    day: int
    visitors: int
    sessions: int
    views: int
    engaged: float | None
    bounce_rate: float | None
    clicks: int
    fields: int
    conversions: int
    conversion_rate: float | None
    conversion_low: float | None
    conversion_high: float | None
    purchases: int
    revenue: int


class Hour(NamedTuple):
    at: int
    visitors: int
    sessions: int
    views: int
    engaged: float | None
    bounce_rate: float | None
    clicks: int
    fields: int
    conversions: int
    conversion_rate: float | None
    conversion_low: float | None
    conversion_high: float | None
    purchases: int
    revenue: int


class _Sums(NamedTuple):
    sessions: int = 0
    views: int = 0
    engaged_ms: int = 0
    bounces: int = 0
    clicks: int = 0
    fields: int = 0
    conversions: int = 0
    purchases: int = 0
    revenue: int = 0


def report(store, site, period, filters, **options):
    """Rows are days or hours. `extra` has the period before ("previous_period", its "previous_rows" and its totals
    "previous") and "changes": for each number by key, how it grew since, as a part of what it was; for a rate, in
    points of the rate; None where there is nothing to compare with.
    """
    check(OPTIONS, options)
    before = period.previous()
    visitors, previous_visitors = (begin(store, "visitors", site, each, filters) for each in (period, before))
    rows, totals = _part(store, site, period, filters, visitors)
    previous_rows, previous = _part(store, site, before, filters, previous_visitors)
    first = columns.HOUR if period.days == 1 else columns.DAY
    return Report(NAME, TITLE, (first, *NUMBERS), rows, totals, period, filters,
                  notes=() if period.over else (NOT_OVER,),
                  extra={"previous_period": before, "previous": previous, "previous_rows": previous_rows,
                         "changes": _changes(totals, previous)})


def _part(store, site, period, filters, visitors):
    if period.days == 1:
        found = _every_hour(ask_sessions(store, "overview_hours", site, period, filters), period)
        rows = tuple(Hour(at, *_numbers(visitors, sums)) for at, visitors, sums in found)
    else:
        found = _every_day(ask_sums(store, "overview_days", site, period, filters, key=1, order=("day",)), period)
        rows = tuple(Day(day, *_numbers(visitors, sums)) for day, visitors, sums in found)
    sums = _Sums(*(sum(numbers) for numbers in zip(*(sums for _, _, sums in found), strict=True)))
    return rows, Numbers(*_numbers(visitors()[0].visitors, sums))


def _every_day(rows, period):
    by_day = {row.day: row for row in rows}
    return [(day, *_split(by_day.get(day))) for day in range(period.first_day, period.last_day + 1)]


def _every_hour(rows, period):
    by_hour = {row.hour: row for row in rows}
    return [(period.start + hour * HOUR, *_split(by_hour.get(hour))) for hour in range(period.hours())]


def _split(row):
    """The visitors of a row, and its numbers that may be added up."""
    return (row.visitors, _Sums(*row[2:])) if row else (0, _Sums())


def _numbers(visitors, sums):
    low, high = listing.wilson(sums.conversions, sums.sessions)
    return (visitors, sums.sessions, sums.views, listing.seconds(sums.engaged_ms, sums.sessions),
            listing.rate(sums.bounces, sums.sessions), sums.clicks, sums.fields, sums.conversions,
            listing.rate(sums.conversions, sums.sessions), low, high, sums.purchases, sums.revenue)


def _changes(now, before):
    return {column.key: _change(column, getattr(now, column.key), getattr(before, column.key)) for column in NUMBERS
            if column not in (columns.CONVERSION_LOW, columns.CONVERSION_HIGH)}


def _change(column, now, before):
    if now is None or before is None:
        return None
    if column.kind == "rate":
        return now - before
    return (now - before) / before if before else None
