"""Weeks and months of a period, and what visitors of a cohort did in each. Pure.

A cohort is everybody whose first session began in one week or month. All of it
is counted within the period, so a part that the period cuts off, or that still
runs, is unfinished: what is seen of it is no fall.
"""

import math
from collections import Counter, defaultdict
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from collector import period as periods
from journeys import listing

FEWEST = 30  # visitors of whom a mean and its interval are given
SUNDAY = 3  # 1970-01-04 was one; weeks begin with it, as in Israel


class Part(NamedTuple):
    """One week or month, as much of it as lies in the period."""

    number: int  # consecutive
    first_day: int
    last_day: int
    over: bool  # all of its days are in the period and behind us


class Count(NamedTuple):
    """What was done in one part by the visitors of one cohort."""

    returned: int = 0
    ordered: int = 0
    revenue: int = 0  # minor units
    squares: int = 0  # sum of each visitor's revenue, squared
    outside: int = 0  # orders among them that were made outside the page


def parts(period, by):
    """The Parts of a period, `by` "week" or "month"."""
    found = []
    day = period.first_day
    while day <= period.last_day:
        number, _, ends = _bounds(day, by)
        whole = ends < period.last_day or (ends == period.last_day and period.over)
        found.append(Part(number, day, min(ends, period.last_day), whole))
        day = ends + 1
    return found


def count(visitors, parts, outside):
    """(visitors of each cohort by its number, the Count of each (cohort, part) by their numbers).

    Takes rows of cohorts.sql, the Parts, and {lasting: [buyers.Order, …]} of orders outside the page, those of before the first Part too.
    """
    first_day, numbers = parts[0].first_day, [part.number for part in parts for _ in range(part.first_day, part.last_day + 1)]
    sizes, returned = _without_orders([row for row in visitors if row.orders is None and row.lasting not in outside], numbers)
    found = defaultdict(lambda: [0, 0, 0, 0, 0], {key: [number, 0, 0, 0, 0] for key, number in returned.items()})
    for row in visitors:
        if row.orders is None and row.lasting not in outside:
            continue
        done, orders = _done(row, outside.get(row.lasting, ()), first_day, numbers)
        cohort = done[0].number
        sizes[cohort] += 1
        for number, here in groupby(done, key=itemgetter(0)):
            _, sessions, bought, revenue, elsewhere = map(sum, zip(*here))
            sums = found[cohort, number]
            sums[0] += sessions > (number == cohort)  # in the first, with a second session
            sums[1] += bought > 0 and orders + bought > 1
            sums[2] += revenue
            sums[3] += revenue * revenue
            sums[4] += elsewhere
            orders += bought
    return sizes, {key: Count(*sums) for key, sums in found.items()}


class Done(NamedTuple):
    """A session, the orders of one, or an order outside the page."""

    number: int  # of the part
    session: int = 0
    orders: int = 0
    revenue: int = 0
    outside: int = 0


def _done(row, made, first_day, numbers):
    """(all that a visitor did, part by part, how many of the orders outside the page lie before the part of the first session)."""
    sessions = [Done(numbers[int(day)], 1) for day in row.days.split()]
    first = min(sessions).number
    bought = iter(map(int, (row.orders or "").split()))
    done = sessions + [Done(numbers[day], 0, orders, revenue) for day, orders, revenue in zip(bought, bought, bought)]
    inside = [Done(numbers[order.day - first_day], 0, 1, order.value or 0, 1) for order in made
              if 0 <= order.day - first_day < len(numbers) and numbers[order.day - first_day] >= first]
    return sorted(done + inside), len(made) - len(inside)


def _without_orders(visitors, numbers):
    """(visitors of each cohort, how many of each cohort came back in each part by (cohort, part)) of visitors who ordered nothing."""
    import numpy as np  # not above: the server starts without it
    if not visitors:
        return Counter(), {}
    sessions = np.array([row.sessions for row in visitors])
    begins = np.cumsum(sessions) - sessions
    part = (np.array(numbers) - numbers[0])[np.fromstring(" ".join(row.days for row in visitors), int, sep=" ")]
    cohort = np.minimum.reduceat(part, begins)
    width = numbers[-1] - numbers[0] + 1
    met, times = np.unique(np.repeat(np.arange(len(visitors)), sessions) * width + part, return_counts=True)
    whose, part = np.divmod(met, width)
    again = times > (part == cohort[whose])  # in the first, with a second session
    pairs, counts = np.unique((cohort[whose] * width + part)[again], return_counts=True)
    sizes = Counter({number + numbers[0]: size for number, size in enumerate(np.bincount(cohort).tolist()) if size})
    return sizes, {(pair // width + numbers[0], pair % width + numbers[0]): number for pair, number in zip(pairs.tolist(), counts.tolist())}


def span(day, by, after=0):
    """(first day, last day) of the week or month a day is in, or of the one so many after.

    >>> span(3, "week"), span(30, "month", 1)
    ((3, 9), (31, 58))
    """
    return _days(_number(day, by) + after, by)


def _bounds(day, by):
    """(number, first day, last day) of the week or month a day is in.

    >>> _bounds(3, "week"), _bounds(31, "month")
    ((1, 3, 9), (23641, 31, 58))
    """
    number = _number(day, by)
    return number, *_days(number, by)


def _number(day, by):
    if by == "week":
        return (day - SUNDAY) // 7 + 1
    when = periods.date_of(day)
    return when.year * 12 + when.month - 1


def _days(number, by):
    if by == "week":
        return SUNDAY + 7 * (number - 1), SUNDAY + 7 * number - 1
    first, following = (date(each // 12, each % 12 + 1, 1).toordinal() - periods.EPOCH for each in (number, number + 1))
    return first, following - 1


def mean(total, squares, count, z=1.959964):
    """(mean, low, high) of `count` numbers by their sum and the sum of their squares, or Nones below FEWEST.

    Normal interval of a mean, not below zero.

    >>> [round(each, 1) for each in mean(3000, 400_000, 30)]
    [100.0, 79.0, 121.0]
    """
    if count < FEWEST:
        return None, None, None
    centre = total / count
    half = z * math.sqrt(max(0.0, (squares - count * centre * centre) / (count - 1)) / count)
    return centre, max(0.0, centre - half), centre + half


def share(part, whole):
    """(rate, low, high), or Nones of nobody. Wilson's interval: journeys/listing.py."""
    return listing.rate(part, whole), *listing.wilson(part, whole)
