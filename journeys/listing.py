"""Rows of a report as a reader wants them: searched, sorted, cut; and the arithmetic they share."""

import math

from collector.fields import N_
from collector.interval import wilson  # reports take it from here, beside the others
from journeys.options import BadOption


def chosen(rows, columns, options):
    """The rows to show and how many were found. Takes the LISTING options; raises BadOption for an unknown column."""
    rows = _found(rows, columns, options["search"])
    rows = _sorted(rows, columns, options["sort"])
    return tuple(rows[:options["limit"]]), len(rows)


def _found(rows, columns, text):
    if not text:
        return rows
    keys = [column.key for column in columns if column.kind in ("text", "page", "words")]
    wanted = text.casefold()
    return [row for row in rows if any(wanted in str(getattr(row, key)).casefold() for key in keys)]


def _sorted(rows, columns, sort):
    """The rows in the order of a column, unknown values last; rows that are equal stay in their own order."""
    if not sort:
        return rows
    key = sort.removeprefix("-")
    if key not in [column.key for column in columns]:
        raise BadOption("sort", N_("is %(typed)s; write one of %(choices)s"),
                        typed=sort[:40], choices=", ".join(column.key for column in columns))
    known = [row for row in rows if getattr(row, key) is not None]
    unknown = [row for row in rows if getattr(row, key) is None]
    return sorted(known, key=lambda row: getattr(row, key), reverse=sort.startswith("-")) + unknown


def rate(part, whole):
    """A share from 0 to 1, or None of nothing.

    >>> rate(1, 4), rate(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


def seconds(milliseconds, count):
    """The mean in seconds, or None of nothing.

    >>> seconds(3000, 2)
    1.5
    """
    return milliseconds / count / 1000 if count else None


def difference(part, whole, other_part, other_whole):
    """(the first rate minus the other, low and high end of its interval), Nones where either is of nothing.

    >>> [round(each, 4) for each in difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    if not whole or not other_whole:
        return None, None, None
    return part / whole - other_part / other_whole, *newcombe(part, whole, other_part, other_whole)


def newcombe(part, whole, other_part, other_whole, z=1.959964):
    """The interval of a difference of two rates, the first minus the other, as (low, high), or (None, None): of 95 %, or of another `z`.

    From the Wilson intervals of both: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10, whose
    first example this is.

    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    if not whole or not other_whole:
        return None, None
    first, other = min(1.0, part / whole), min(1.0, other_part / other_whole)  # as wilson() does
    (low, high), (other_low, other_high) = wilson(part, whole, z), wilson(other_part, other_whole, z)
    return (first - other - math.hypot(first - low, other_high - other),
            first - other + math.hypot(high - first, other - other_low))
