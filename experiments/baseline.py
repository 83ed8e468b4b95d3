"""What history says before a test: visitors a day it would meet, and what its metrics came to in the last 30 days.

Read from sessions and what the loader keeps of them. The unit is the visitor,
as in the test; but for times the window after the exposure is not applied, and
a visitor who stores nothing is another one the next day, as in the test too.
"""

import json
from dataclasses import dataclass
from math import sqrt

from collector import events, filters, period
from experiments import goals

DAYS = 30
WEEK = 7  # days whose traffic says how fast visitors come
TYPES = {"event": (events.CUSTOM, None), "page": (events.PAGEVIEW, None), "form": (events.FORM, events.SUBMIT)}
NEW_OR_NOT = {"all": "", "new": "and previous_day is null", "returning": "and previous_day is not null"}


@dataclass(frozen=True)
class Tried:
    """A metric on the last days. Money in minor units, times in milliseconds, rates as fractions."""

    metric: object  # definition.Metric
    n: int  # what `value` is of: visitors; buyers for order_value, starters for form_errors, finishers for time
    units: int  # visitors whom something was counted of
    value: float | None  # rate or mean; None when there is nothing to take it of
    deviation: float | None  # standard deviation of one of n: the standard error is deviation / sqrt(n)

    @property
    def is_fed(self):
        """Whether anything came that this metric counts."""
        return self.n > 0 and (self.units > 0 or self.metric.kind == "form_errors")


def last_days(site, now, days=DAYS):
    """The Period of so many days up to today, today in it."""
    today = period.day_of(now, site.zone)
    return period.of_dates(period.date_of(today - days + 1), period.date_of(today), site.zone)


def traffic(store, site, experiment, span):
    """Visitors it would meet, all variants together, as {day: visitors}; days without any are left out."""
    return {row.day: row.visitors for row in _ask(store, site, experiment, span, "traffic")}


def pace(experiment, met, span):
    """Visitors of each full day of a span who would take part, from traffic(): its last day, today, is not over."""
    return tuple(experiment.share * met.get(day, 0) for day in range(span.first_day, span.last_day))


def tried(store, site, experiment, metric, span):
    """What a metric came to among the visitors it would meet: a Tried."""
    source, name = goals.source(store, site, metric)
    if not source:
        return Tried(metric, 0, 0, None, None)
    if source == "page":
        name = glob(name)
    if metric.kind == "time":
        kind, number = TYPES[source]
        row = _ask(store, site, experiment, span, "tried_time", name=name, type=kind, number=number,
                   window=metric.window_hours * period.HOUR)[0]
        return Tried(metric, row.units, row.units, *_mean(row.units, row.time_ms, row.time_squared))
    row = _ask(store, site, experiment, span, f"tried_{source}", name=name)[0]
    return _KINDS[metric.kind](metric, row)


def came(store, site, metric, span):
    """How often what a metric counts came from the site in a span, from whomever: events, page views, or sessions that sent the form."""
    source, name = goals.source(store, site, metric)
    return store.ask("experiments/came", site=site.id, first_day=span.first_day, last_day=span.last_day, source=source,
                     name=glob(name) if source == "page" else name)[0].times


def glob(path):
    """A path with * as SQLite's glob reads it, where ? and [ have a meaning too.

    >>> glob("/shop/*?x[1]")
    '/shop/*[?]x[[]1]'
    """
    return "".join(f"[{character}]" if character in "?[" else character for character in path)


def _conversion(metric, row):
    rate = row.units / row.visitors if row.visitors else None
    value = 1 - rate if metric.kind == "abandonment" and rate is not None else rate
    return Tried(metric, row.visitors, int(row.units), value, None if rate is None else sqrt(rate * (1 - rate)))


def _revenue(metric, row):
    return Tried(metric, row.visitors, row.units, *_mean(row.visitors, row.amount, row.amount_squared))


def _count(metric, row):
    return Tried(metric, row.visitors, row.units, *_mean(row.visitors, row.times, row.times_squared))


def _form_errors(metric, row):
    starters = int(row.starters)
    return Tried(metric, starters, int(row.units), *_mean(starters, row.errors, row.errors_squared))


def _order_value(metric, row):
    """A ratio of means; its deviation by the delta method, of buyers (Deng et al. 2018)."""
    if not row.orders:
        return Tried(metric, row.units, row.units, None, None)
    ratio, a_buyer = row.amount / row.orders, row.orders / row.units
    left = row.amount_squared - 2 * ratio * row.both + ratio ** 2 * row.orders_squared
    return Tried(metric, row.units, row.units, ratio, sqrt(max(left, 0) / row.units) / a_buyer)


_KINDS = {"conversion": _conversion, "abandonment": _conversion, "revenue": _revenue, "order_value": _order_value,
          "form_errors": _form_errors, "count": _count}


def _mean(n, total, squares):
    """Mean and standard deviation of n values, (None, None) of none."""
    if not n:
        return None, None
    return total / n, sqrt(max(squares - total ** 2 / n, 0) / max(n - 1, 1))


def _ask(store, site, experiment, span, question, **values):
    where, audience = experiment.where, experiment.audience
    chosen = [(key, filters.literal(value)) for key in ("device", "channel", "country") for value in getattr(audience, key)]
    fragment, more = filters.sql(filters.Filters(tuple(chosen)))
    return store.ask(f"experiments/{question}", f"{fragment}\n    {NEW_OR_NOT[audience.visitors]}", site=site.id, start=span.start,
                     end=span.end, paths=json.dumps([glob(path) for path in where.paths]), everywhere=int(not where.paths),
                     event=where.event, **values, **more)
