"""What happened, day by day, hour by hour when the period is one day, beside the period before."""

from typing import NamedTuple

from collector.period import HOUR
from journeys import columns, days, listing
from journeys.ask import ask_sessions
from journeys.options import check
from journeys.report import N_, Report

NAME = "overview"
TITLE = N_("Overview")
OPTIONS = ()
NUMBERS = (columns.VISITORS, columns.SESSIONS, columns.VIEWS, columns.ENGAGED, columns.BOUNCE_RATE, columns.CLICKS,
           columns.FIELDS, columns.CONVERSIONS, columns.CONVERSION_RATE, columns.CONVERSION_LOW,
           columns.CONVERSION_HIGH, columns.PURCHASES, columns.REVENUE)
NOBODY = 0, days.Sums()  # visitors, and what they did
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


def report(store, site, period, filters, **options):
    """Rows are days or hours. `extra` has the period before ("previous_period", its "previous_rows" and its totals
    "previous") and "changes": for each number by key, how it grew since, as a part of what it was; for a rate, in
    points of the rate; None where there is nothing to compare with.
    """
    check(OPTIONS, options)
    before = period.previous()
    rows, totals = _part(store, site, period, filters)
    previous_rows, previous = _part(store, site, before, filters)
    first = columns.HOUR if period.days == 1 else columns.DAY
    return Report(NAME, TITLE, (first, *NUMBERS), rows, totals, period, filters,
                  notes=() if period.over else (NOT_OVER,),
                  extra={"previous_period": before, "previous": previous, "previous_rows": previous_rows,
                         "changes": _changes(totals, previous)})


def _part(store, site, period, filters):
    found, visitors = days.counted(store, site, period, filters)
    totals = Numbers(*_numbers(visitors, days.added([sums for *_, sums in found])))
    if period.days == 1:
        by_hour = {hour: (visitors, days.Sums(*sums)) for hour, visitors, *sums in ask_sessions(store, "overview_hours", site, period, filters)}
        return tuple(Hour(period.start + hour * HOUR, *_numbers(*by_hour.get(hour, NOBODY))) for hour in range(period.hours())), totals
    by_day = {day: (visitors, sums) for day, visitors, sums in found}
    return tuple(Day(day, *_numbers(*by_day.get(day, NOBODY))) for day in range(period.first_day, period.last_day + 1)), totals


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
