"""The orders of each customer: the one place where they are read, whatever asks for them.

A customer is a visitor who can be known again and ordered, on the page or
outside it. Who cannot be known again has orders too, but nobody can tell whose.
"""

from dataclasses import replace
from typing import NamedTuple

from collector import filters as narrowing
from collector import period as periods
from journeys.ask import ask_visitors, fragment_of

KEPT_DAYS = 400  # so far back a visitor's first session may lie


class Order(NamedTuple):
    at: int  # UTC milliseconds
    day: int  # of its session, or of one made elsewhere its own
    value: int | None  # minor units; None when unknown
    session_id: int | None  # None of one made outside the page


def orders(store, site, period, filters):
    """{customer's id: [Order, …]} in the order of time: all until the period's end, the first ones too.

    Filters choose customers by their first session.
    """
    past = whole_past(period)
    found = {}
    for row in ask_visitors(store, "customer_orders_filtered" if filters else "customer_orders", site, past, filters):
        found.setdefault(row.customer, []).append(Order(row.at, row.day, row.value, row.session_id))
    for customer, made in outside(store, site, period, filters).items():
        found[customer] = sorted(found.get(customer, []) + made, key=lambda order: order.at)
    return found


def outside(store, site, period, filters=narrowing.NONE):
    """The same of orders made outside the page: brought in, by the customer's id or a code, and not tracked."""
    fragment, more = fragment_of(store, site, filters)
    found = {}
    for row in store.ask("journeys/outside_orders", fragment, site=site.id, start=whole_past(period).start, end=period.end, **more):
        found.setdefault(row.customer, []).append(Order(row.at, row.day, row.value, None))
    return found


def made_outside(orders):
    """How many of some Orders."""
    return sum(order.session_id is None for order in orders)


def watched_until(store, site, period, orders):
    """Until when there is anything to know of the period: its end, or the last event or order while it still runs."""
    if period.over:
        return period.end
    last = store.ask("journeys/last_event", site=site.id, start=period.start, end=period.end)[0].at
    latest = max((each[-1].at for each in orders.values()), default=period.start - 1)
    return max(period.start if last is None else last + 1, latest + 1)


def whole_past(period):
    """The period and all days before it that a visitor's first session may lie in: what an answer depends on."""
    first_day = period.first_day - KEPT_DAYS
    return replace(period, first_day=first_day, start=periods.day_start(first_day, period.zone))
