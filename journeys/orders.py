"""Real orders beside tracked ones, day by day: how much of what was really ordered the tracking saw."""

from typing import NamedTuple

from collector import orders as real
from journeys import columns, listing
from journeys.options import check
from journeys.report import Column, N_, Report

NAME = "orders"
TITLE = N_("Real orders")
OPTIONS = ()
NO_FILTERS = N_("Filters do not apply here: a real order that was not tracked belongs to no session.")
NOTHING_BROUGHT_IN = N_("No real orders of these days were brought in: there is nothing to compare with.")
SOME_DAYS = N_("Real orders are known for some of these days only; the share is that of those days.")
COLUMNS = (
    columns.DAY,
    Column("tracked", N_("Tracked"), "count", N_("Purchases that the site's own tracking counted, on the day their session began.")),
    Column("real", N_("Real"), "count", N_("Orders that were brought in from the shop's own system, on the day they were made.")),
    Column("share", N_("Share tracked"), "rate", N_(
        "Of the real orders with a transaction id, those whose id was tracked. Where none has an id: tracked out of real, by count."),
        of="of", interval=("low", "high")),
    Column("low", N_("Share tracked, low end"), "rate", N_("Low end of the share's interval of 95 % (Wilson)."), of="of"),
    Column("high", N_("Share tracked, high end"), "rate", N_("High end of the share's interval of 95 % (Wilson)."), of="of"),
    Column("of", N_("Compared"), "count", N_("Real orders that the share is out of.")),
    Column("matched", N_("Found by id"), "count", N_("Real orders whose transaction id was tracked, on whatever day.")),
    Column("tracked_revenue", N_("Tracked revenue"), "money", N_("Sum of the purchases that were tracked.")),
    Column("real_revenue", N_("Real revenue"), "money", N_("Sum of the real orders, as far as they have a value in the site's currency.")),
)


class Row(NamedTuple):
    day: int
    tracked: int
    real: int | None
    share: float | None
    low: float | None
    high: float | None
    of: int | None
    matched: int | None
    tracked_revenue: int
    real_revenue: int | None


class Totals(NamedTuple):
    """All days; what is about real orders, of the days whose real orders are known."""

    tracked: int
    real: int | None
    share: float | None
    low: float | None
    high: float | None
    of: int | None
    matched: int | None
    tracked_revenue: int
    real_revenue: int | None


def report(store, site, period, filters, **options):
    """Rows are days. `extra` has "health": the light on these days as a dict, None where no real orders are known."""
    check(OPTIONS, options)
    days = real.days(store, site, period)
    known = [day for day in days if day.real is not None]
    health = real.judge(known) if known else None
    notes = ((NO_FILTERS,) if filters else ()) + (
        (NOTHING_BROUGHT_IN,) if not known else (SOME_DAYS,) if len(known) < len(days) else ())
    return Report(NAME, TITLE, COLUMNS, tuple(map(_row, days)), _totals(days, known, health), period, filters, notes=notes,
                  extra={"health": health})


def _row(day):
    found, of = real.share(day)
    low, high = listing.wilson(found, of)
    return Row(day.day, day.tracked, day.real, listing.rate(found, of), low, high, of if day.real is not None else None,
               day.matched, day.tracked_revenue, day.real_revenue)


def _totals(days, known, health):
    tracked, revenue = (sum(getattr(day, name) for day in days) for name in ("tracked", "tracked_revenue"))
    if not known:
        return Totals(tracked, None, None, None, None, None, None, revenue, None)
    matched, real_revenue = (sum(getattr(day, name) for day in known) for name in ("matched", "real_revenue"))
    return Totals(tracked, health.real, health.share, health.low, health.high, health.of, matched, revenue, real_revenue)
