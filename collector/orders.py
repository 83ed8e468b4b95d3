"""Real orders beside tracked ones: how much of what was really ordered the site's own tracking saw.

A tracking that loses every fifth order makes every conversion rate and every
experiment's verdict wrong, so the share tracked is a light on whatever counts
conversions:

    green    95 % or more of the real orders were tracked
    amber    80 % to 95 %, or more tracked than real
    red      under 80 %
    unknown  fewer than 20 real orders: a few say nothing

By transaction id where real orders have one: each is a tracked one or it is
not. Where none has, by count: as many tracked as real, whichever they were.
Only days whose real orders were brought in are compared.
"""

from typing import NamedTuple

from collector.fields import N_
from collector.interval import wilson

GREEN, AMBER = 0.95, 0.80  # share tracked from which on the light is this
DOUBLE = 1.05  # tracked out of real from which on some are counted twice, or real ones are missing
FEWEST = 20
LIGHTS = {"green": N_("Tracking is sound"), "amber": N_("Tracking loses orders"), "red": N_("Tracking is broken"),
          "double": N_("More orders tracked than real"), "unknown": N_("Too few real orders to judge the tracking")}


class Day(NamedTuple):
    """One day, or all of them. None where the real orders of the day were not brought in."""

    day: int
    tracked: int
    tracked_revenue: int  # minor units
    real: int | None
    real_revenue: int | None
    coded: int | None  # real orders with a transaction id
    matched: int | None  # of those, tracked ones


class Health(NamedTuple):
    """How much of the real orders was tracked, on the days whose real orders are known."""

    light: str  # "green", "amber", "red" or "unknown"
    says: str  # a key of LIGHTS
    share: float | None
    low: float | None  # interval of 95 % (Wilson)
    high: float | None
    found: int  # what the share is of: orders found among the tracked
    of: int  # and out of how many real ones
    real: int
    tracked: int  # on the same days
    by: str  # "transaction_id" or "count"
    days: int  # of the period, whose real orders are known


def days(store, site, period):
    """A Day for each day of a Period."""
    known = _known_days(store, site, period)
    rows = {row.day: row for row in store.ask("collector/order_days", **_bounds(site, period))}
    return [_day(day, rows.get(day), day in known) for day in range(period.first_day, period.last_day + 1)]


def health(store, site, period):
    """The Health of a site's order tracking on the days of a Period; None where no real orders are known."""
    known = [day for day in days(store, site, period) if day.real is not None] if _known_days(store, site, period) else []
    return judge(known) if known else None


def judge(known):
    """The Health of Days whose real orders are known."""
    real, tracked, coded, matched = (sum(getattr(day, name) for day in known) for name in ("real", "tracked", "coded", "matched"))
    by = "transaction_id" if coded else "count"
    found, of = (matched, coded) if coded else (min(tracked, real), real)
    says = _says(found, of, real, tracked)
    low, high = wilson(found, of)
    return Health("amber" if says == "double" else says, says, found / of if of else None, low, high, found, of, real, tracked, by, len(known))


def share(day):
    """(found, out of) of a Day, by transaction id where its real orders have one, else by count; (0, 0) where they are unknown."""
    if not day.real:
        return 0, 0
    return (day.matched, day.coded) if day.coded else (min(day.tracked, day.real), day.real)


def _says(found, of, real, tracked):
    if of < FEWEST:
        return "unknown"
    if found / of < AMBER:
        return "red"
    if tracked > DOUBLE * real:
        return "double"
    return "green" if found / of >= GREEN else "amber"


def _day(day, row, known):
    tracked = (row.tracked, row.tracked_revenue) if row else (0, 0)
    real = (row.real, row.real_revenue, row.coded, row.matched) if row else (0, 0, 0, 0)
    return Day(day, *tracked, *(real if known else (None,) * 4))


def _known_days(store, site, period):
    spans = store.ask("collector/order_spans", **_bounds(site, period))
    return {day for span in spans for day in range(max(span.first_day, period.first_day), min(span.last_day, period.last_day) + 1)}


def _bounds(site, period):
    return {"site": site.id, "first_day": period.first_day, "last_day": period.last_day}
