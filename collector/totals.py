"""Adds up contributions of sessions into the rows that the totals tables grow by. Pure."""

from collections import defaultdict
from operator import add as plus
from operator import neg

from collector.filters import DIMENSIONS
from collector.session import CLIENT, ORIGIN

TABLES = ("hours", "origins", "clients", "session_days", "page_days", "event_days", "form_days", "field_days")
_PARTS = {"origins": tuple(DIMENSIONS[name] for name in ORIGIN),
          "clients": tuple(DIMENSIONS[name] for name in CLIENT)}


def add(sums, contribution):
    """Adds a contribution to the sums, {table: {key: numbers}}."""
    for table, key, numbers in contribution:
        found = sums[table]
        before = found.get(key)
        found[key] = numbers if before is None else tuple(map(plus, before, numbers))


def take_away(sums, contribution):
    add(sums, [(table, key, tuple(map(neg, numbers))) for table, key, numbers in contribution])


def rows(added, taken=()):
    """{table: rows of key columns and what each of its numbers grows by}, in the order of the tables' keys.

    Takes all that sessions count for now, and all that they counted for before.
    """
    # All numbers of a key first and their sums at the end: that costs less than a new tuple for each that comes.
    found = {table: defaultdict(list) for table in TABLES}
    for table, key, numbers in added:
        found[table][key].append(numbers)
    for table, key, numbers in taken:
        found[table][key].append(tuple(map(neg, numbers)))
    for part, dimensions in _PARTS.items():
        for (site, day, values), each in found.pop(part).items():
            numbers = _sum(each)
            for dimension, value in zip(dimensions, values):
                found["session_days"][site, dimension, day, value].append(numbers)
    return {table: [(*key, *numbers) for key, each in sorted(by_key.items()) if any(numbers := _sum(each))]
            for table, by_key in found.items()}


def _sum(each):
    """Number by number: [(1, 20), (3, 5)] gives (4, 25)."""
    return each[0] if len(each) == 1 else tuple(map(sum, zip(*each)))
