"""Weeks and months of a period, and what visitors of a cohort did in each. Pure.

A cohort is everybody whose first session began in one week or month. All of it
is counted within the period, so a part that the period cuts off, or that still
runs, is unfinished: what is seen of it is no fall.
"""

import math
from collections import Counter, defaultdict, namedtuple
from datetime import date
from itertools import groupby
from operator import add, itemgetter
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


# some visitors of cohorts, as arrays: their ids, how many sessions each had, the days of these, one visitor's after another's,
# and four numbers of each session with orders: whose it is, its day, orders, revenue
Visitors = namedtuple("Visitors", "ids sessions days orders")


def read(rows):
    """The Visitors of a row of cohorts.sql."""
    import numpy as np  # not above: the server starts without it
    return Visitors(*(np.fromstring(text or "", np.int64, sep=" ") for text in rows[0]))


def count(shares, parts, outside):
    """(visitors of each cohort by its number, the Count of each (cohort, part) by their numbers).

    Takes the Visitors of each share, the Parts, and {visitor: [buyers.Order, …]} of orders outside the page, those of before the first Part too.
    """
    import numpy as np
    ids, sessions, days, orders = map(np.concatenate, zip(*shares))
    orders = orders.reshape(-1, 4)
    first_day = parts[0].first_day
    numbers = [part.number for part in parts for _ in range(part.first_day, part.last_day + 1)]
    cohort, returned = _came(sessions, np.array(numbers)[days - first_day])
    theirs = np.isin(ids, [*orders[:, 0].tolist(), *outside])
    found = defaultdict(lambda: [0, 0, 0, 0, 0], {key: [visitors, 0, 0, 0, 0] for key, visitors in returned.items()})
    for key, *sums in _bought(dict(zip(ids[theirs].tolist(), cohort[theirs].tolist())), first_day, numbers, orders.tolist(), outside):
        found[key][1:] = map(add, found[key][1:], sums)
    return Counter(cohort.tolist()), {key: Count(*sums) for key, sums in found.items()}


def _came(sessions, part):
    """(the cohort of each visitor, how many of a cohort came back in a part by (cohort, part)). `part` is that of each session."""
    import numpy as np

    from journeys import ways
    if not len(sessions):
        return np.zeros(0, int), {}
    first, width = part.min(), part.max() - part.min() + 1
    cohort = np.minimum.reduceat(part, np.cumsum(sessions) - sessions)
    met = np.sort(np.repeat(np.arange(len(sessions)), sessions) * width + part - first, kind="stable")
    begins = np.flatnonzero(ways.news(met))
    whose, part = np.divmod(met[begins], width)
    of = cohort[whose] - first
    again = np.diff(np.append(begins, len(met))) > (part == of)  # in the first, with a second session
    counts = np.bincount((of * width + part)[again])
    return cohort, {(int(pair // width + first), int(pair % width + first)): int(counts[pair]) for pair in np.flatnonzero(counts)}


def _bought(cohorts, first_day, numbers, orders, outside):
    """((cohort, part), 1 of an order that was not the first, revenue, its square, orders outside the page) of each part in which a visitor bought.

    `cohorts` says of which each visitor is; those in `outside` who are of none are left out.
    """
    before = Counter()  # a visitor's orders so far; at first those outside the page that lie before the part of the first session
    done = [(visitor, numbers[day - first_day], bought, revenue, 0) for visitor, day, bought, revenue in orders]
    for visitor in outside.keys() & cohorts.keys():
        for order in outside[visitor]:
            place = order.day - first_day
            if 0 <= place < len(numbers) and numbers[place] >= cohorts[visitor]:
                done.append((visitor, numbers[place], 1, order.value or 0, 1))
            else:
                before[visitor] += 1
    for (visitor, number), here in groupby(sorted(done), key=itemgetter(0, 1)):
        _, _, bought, revenue, elsewhere = map(sum, zip(*here))
        yield (cohorts[visitor], number), int(before[visitor] + bought > 1), revenue, revenue * revenue, elsewhere
        before[visitor] += bought


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
