"""The light over every report that counts conversions: how much of the real orders the tracking saw in these days.

A page gets it from its Bar; other pages ask of_period() and print the macro `light`.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import current, orders
from collector.locale import percent
from journeys.navigation import kept, page_address

COUNT_CONVERSIONS = {"conversions", "conversion_rate", "completions", "purchases", "revenue", "tracked"}  # keys of columns
COUNT_THEM_TOO = {"map", "moments", "pain", "funnel", "retention", "abandonment"}  # reports
KINDS = {"green": "good", "amber": "attention", "red": "bad", "unknown": ""}  # class of the tag


@dataclass(frozen=True)
class Light:
    kind: str
    text: str
    share: float | None
    low: float | None
    high: float | None
    of: int
    thresholds: str
    href: str


def light(report):
    """The Light of a report that counts conversions; None for others, and where no real orders are known."""
    counts = report.name in COUNT_THEM_TOO or any(column.key in COUNT_CONVERSIONS for column in report.columns)
    return of_period(report.period) if counts and report.period is not None else None


def of_period(period):
    """The Light of the site shown on the days of a Period; None where no real orders are known."""
    found = orders.health(current.store, current.site, period)
    if found is None:
        return None
    days = {name: values for name, values in kept().items() if name == "period"}
    return Light(KINDS[found.light], _(orders.LIGHTS[found.says]), found.share, found.low, found.high, found.of, thresholds(),
                 page_address("orders", **days))


def thresholds():
    return _("Green from %(green)s of the real orders tracked, amber from %(amber)s or when more are tracked than real, red below; "
             "not judged under %(fewest)s orders.", green=percent(orders.GREEN, 0), amber=percent(orders.AMBER, 0), fewest=orders.FEWEST)
