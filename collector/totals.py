"""Adds up contributions of sessions into the rows that the totals tables grow by. Pure."""

from operator import add as plus
from operator import neg

from collector.filters import DIMENSIONS
from collector.session import CLIENT, ORIGIN

TABLES = ("hours", "origins", "clients", "session_days", "page_days", "trails", "event_days", "form_days", "field_days")
_PARTS = {"origins": tuple(DIMENSIONS[name] for name in ORIGIN),
          "clients": tuple(DIMENSIONS[name] for name in CLIENT)}


def nothing():
    """Sums to begin with: {table: {key: numbers}}."""
    return {table: {} for table in TABLES}


def add(sums, contribution):
    """Adds a session's contribution to the sums."""
    for table, key, numbers in contribution:
        found = sums[table]
        before = found.get(key)
        found[key] = numbers if before is None else tuple(map(plus, before, numbers))


def take_away(sums, contribution):
    add(sums, [(table, key, tuple(map(neg, numbers))) for table, key, numbers in contribution])


def rows(sums):
    """{table: rows of key columns and what each of its numbers grows by}, in the order of the tables' keys."""
    sums = {table: dict(found) for table, found in sums.items()}
    for part, dimensions in _PARTS.items():
        for (site, day, values), numbers in sums.pop(part).items():
            add(sums, [("session_days", (site, dimension, day, value), numbers)
                       for dimension, value in zip(dimensions, values)])
    return {table: [(*key, *numbers) for key, numbers in sorted(found.items()) if any(numbers)]
            for table, found in sums.items()}
