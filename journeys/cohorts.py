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


def count(sessions, parts, outside):
    """(visitors of each cohort by its number, the Count of each (cohort, part) by their numbers).

    Takes rows of lasting, day, purchases and revenue, each visitor's together and in the order of time, the Parts, and
    {lasting: [buyers.Order, …]} of orders outside the page, those of before the first Part too.
    """
    numbers = {day: part.number for part in parts for day in range(part.first_day, part.last_day + 1)}
    sizes, found = Counter(), defaultdict(lambda: [0, 0, 0, 0, 0])
    for person, visits in groupby(sessions, key=itemgetter(0)):
        cohort = orders = 0
        if person in outside:
            visits, orders = _with(outside[person], list(visits), numbers)
        for number, here in groupby(visits, key=lambda visit: numbers[visit[1]]):
            sessions_here = bought = revenue = elsewhere = 0
            for whose, _, purchases, paid in here:
                if whose is None:
                    elsewhere += 1
                else:
                    sessions_here += 1
                bought += purchases
                revenue += paid
            if not cohort:
                cohort = number
                sizes[number] += 1
            sums = found[cohort, number]
            sums[0] += sessions_here > (number == cohort)  # in the first, with a second session
            sums[1] += bought > 0 and orders + bought > 1
            sums[2] += revenue
            sums[3] += revenue * revenue
            sums[4] += elsewhere
            orders += bought
    return sizes, {key: Count(*sums) for key, sums in found.items()}


def _with(made, visits, numbers):
    """(a visitor's sessions and orders outside the page, rows of these of nobody, by day; how many such orders lie before the part of the first)."""
    first = numbers[visits[0][1]]
    inside = [(None, order.day, 1, order.value or 0) for order in made if numbers.get(order.day, 0) >= first]
    return sorted(visits + inside, key=itemgetter(1)), len(made) - len(inside)


def _bounds(day, by):
    """(number, first day, last day) of the week or month a day is in.

    >>> _bounds(3, "week"), _bounds(31, "month")
    ((1, 3, 9), (23641, 31, 58))
    """
    if by == "week":
        number = (day - SUNDAY) // 7 + 1
        return number, SUNDAY + 7 * (number - 1), SUNDAY + 7 * number - 1
    when = periods.date_of(day)
    number = when.year * 12 + when.month - 1
    first, following = (date(each // 12, each % 12 + 1, 1).toordinal() - periods.EPOCH for each in (number, number + 1))
    return number, first, following - 1


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
