"""How a report asks: the totals when nothing is filtered, the sessions themselves when something is.

Questions about sessions are many times slower, so those whose numbers may be
added up are asked a few days at a time, on all processors, and added up here:
SQLite sorts small heaps faster than one large one, and on one processor only.
"""

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from operator import add

from collector import filters as narrowing
from collector import period as periods

DAYS = 5  # of a part; fewer sort faster, more leave less to add up


def ask(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, or of <question>_filtered.sql for the sessions the filters choose."""
    if filters:
        return ask_sessions(store, f"{question}_filtered", site, period, filters, **values)
    return store.ask(f"journeys/{question}", **_bounds(site, period), **values)


def ask_sums(store, question, site, period, filters, key, order, **values):
    """The same, where rows of different days may be added up.

    `key` says how many columns, the first ones, name a row; the others are
    numbers, each session in one day only. `order` is that of the question:
    names of columns, a minus before those that go down.
    """
    if not filters or period.days <= DAYS:
        return ask(store, question, site, period, filters, **values)
    fragment, more = narrowing.sql(filters)
    asked, name = store.ask, f"journeys/{question}_filtered"  # store and site may be known to this thread only
    parts = _pool().map(lambda each: asked(name, fragment, **each),
                        [_bounds(site, part) | values | more for part in _parts(period)])
    sums, row = {}, None
    for found in parts:
        for row in found:
            named, numbers = row[:key], row[key:]
            before = sums.get(named)
            sums[named] = numbers if before is None else tuple(map(add, before, numbers))
    rows = [row._make(named + numbers) for named, numbers in sums.items()]
    for column in reversed(order):
        at = row._fields.index(column.removeprefix("-")) if rows else 0
        rows.sort(key=lambda each, at=at: each[at], reverse=column.startswith("-"))
    return rows


def begin(store, question, site, period, filters):
    """Starts asking, and gives a function to call for the rows: others may be asked meanwhile."""
    if not filters:
        rows = ask(store, question, site, period)
        return lambda: rows
    fragment, more = narrowing.sql(filters)
    return _pool().submit(store.ask, f"journeys/{question}_filtered", fragment, **_bounds(site, period), **more).result


def ask_sessions(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, which reads sessions whether they are filtered or not."""
    fragment, more = narrowing.sql(filters)
    return store.ask(f"journeys/{question}", fragment, **_bounds(site, period), **values, **more)


@functools.cache
def _pool():
    return ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="report")


def _parts(period):
    """The days of a period in heaps of DAYS, each a Period."""
    return [periods.of_dates(periods.date_of(first), periods.date_of(min(first + DAYS - 1, period.last_day)), period.zone)
            for first in range(period.first_day, period.last_day + 1, DAYS)]


def _bounds(site, period):
    return {"site": site.id, "first_day": period.first_day, "last_day": period.last_day,
            "start": period.start, "end": period.end}
