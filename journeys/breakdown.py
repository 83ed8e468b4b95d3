"""Sessions by one of their dimensions: what sources, places, devices, entries and exits have in common."""

from typing import NamedTuple

from journeys import columns, listing, sides
from journeys.ask import ask_sums


class Row(NamedTuple):
    value: str
    sessions: int
    share: float | None
    bounce_rate: float | None
    engaged: float | None  # seconds a session
    conversions: int
    conversion_rate: float | None
    conversion_low: float | None
    conversion_high: float | None
    purchases: int
    revenue: int  # minor units


def rows(store, site, period, filters, dimension):
    """Every value of a dimension as a Row, most sessions first, and a Row over all of them."""
    found = ask_sums(store, "breakdown", site, period, filters, key=1, order=("-sessions", "value"),
                     **sides.Side(dimension).values)
    sessions = sum(row.sessions for row in found)
    return [_row(row.value, row, sessions) for row in found], _totals(found, sessions)


def cut(rows, value_column, options):
    """The rows to show, how many were found, and the report's columns."""
    shown = (value_column, *columns.OF_SESSIONS)
    return *listing.chosen(rows, shown, options), shown


def _row(value, numbers, all_sessions):
    low, high = listing.wilson(numbers.conversions, numbers.sessions)
    return Row(value, numbers.sessions, listing.rate(numbers.sessions, all_sessions),
               listing.rate(numbers.bounces, numbers.sessions), listing.seconds(numbers.engaged_ms, numbers.sessions),
               numbers.conversions, listing.rate(numbers.conversions, numbers.sessions), low, high,
               numbers.purchases, numbers.revenue)


class _Sums(NamedTuple):
    sessions: int
    bounces: int
    engaged_ms: int
    conversions: int
    purchases: int
    revenue: int


def _totals(found, sessions):
    """The sums may be taken because every session has exactly one value of the dimension."""
    return _row("", _Sums(*(sum(getattr(row, name) for row in found) for name in _Sums._fields)), sessions)
