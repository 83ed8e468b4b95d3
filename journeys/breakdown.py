"""Sessions by one of their dimensions: what sources, places, devices, entries and exits have in common."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from journeys import columns, listing, sides
from journeys.ask import ask, sum_columns


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
    found = sums(store, site, period, filters, sides.Side(dimension))
    sessions = sum(row.sessions for row in found)
    return [_row(row.value, row, sessions) for row in found], _totals(found, sessions)


def sums(store, site, period, filters, side):
    """A Sums for each value of a sides.Side, most sessions first."""
    if not filters and side.by != "variant":
        return ask(store, "breakdown", site, period, **side.values)
    from journeys import by_side  # not above: the server starts without numpy
    found = sum_columns(store, site, period, filters, _Adds(by_side.of(store, side)), key=1, order=())
    texts = by_side.texts(store, side, [row.value for row in found])
    return sorted((row._replace(value=texts[row.value]) for row in found if row.value in texts), key=lambda row: (-row.sessions, row.value))


class Sums(NamedTuple):
    value: Any  # at first its id
    sessions: int
    views: int
    bounces: int
    engaged_ms: int
    conversions: int
    purchases: int
    revenue: int


@dataclass(frozen=True)
class _Adds:
    """Makes Sums of a Part, by the ids that a BySide gives."""

    side: Any

    @property
    def wants(self):
        from journeys import parts
        return parts.together(self.side.wants, {"sessions": ("views", "bounce", "engaged_ms", "conversions", "purchases", "revenue")})

    def __call__(self, part):
        from journeys import parts
        values, of = self.side.of(part), part.sessions
        some = part.chosen & (values >= 0)
        return [Sums(*row) for row in parts.sums(values[some], *(column[some] for column in (
            of.views, of.bounce, of.engaged_ms, of.conversions, of.purchases, of.revenue)))]


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
