"""The orders of each customer: the one place where they are read, whatever asks for them.

A customer is a visitor who can be known again and ordered. Who cannot be known
again has orders too, but nobody can tell whose.
"""

from typing import NamedTuple

from journeys.ask import ask_sessions
from journeys.retention import whole_past


class Order(NamedTuple):
    at: int  # UTC milliseconds
    day: int  # of its session
    value: int  # minor units
    session_id: int | None


def orders(store, site, period, filters):
    """{customer's id: [Order, …]} in the order of time: all until the period's end, the first ones too.

    Filters choose customers by their first session.
    """
    past = whole_past(period)
    found = {}
    for row in ask_sessions(store, "customer_orders", site, past, filters, start=past.start):
        found.setdefault(row.customer, []).append(Order(row.at, row.day, row.value, row.session_id))
    return found


def watched_until(store, site, period):
    """Until when there is anything to know of the period: its end, or the last event while it still runs."""
    if period.over:
        return period.end
    last = store.ask("journeys/last_event", site=site.id, start=period.start, end=period.end)[0].at
    return period.start if last is None else last + 1
