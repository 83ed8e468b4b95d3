"""What a field of a form costs: completions a month that are at stake in it, more than in the fields around it. Pure.

Some people leave a form at every field. A field is charged only with what it
loses *more* than its neighbours, the two fields before and the two after it in
the order in which people meet them: nearer to it than the rest of the form, so
a long form's weariness is not laid at its door, and four of them, so one bad
neighbour does not hide another. Of the sessions that reached the field

    extra = those who left at it / those who reached it  -  the same of its neighbours, pooled
    cost  = extra * those who reached it * completions of those who went on from it / those who went on from it

scaled from the days counted to thirty. So the sessions lost without need are
taken to complete the form as often as those who went on: an upper bound, since
who gives up easily is not like who does not. A field that loses no more than
its neighbours costs nothing. Costs of several fields do not add up: who is kept
in one may be lost in the next.

The interval is of 95 %: Newcombe's of `extra` and Wilson's of the completion
rate, their distances from the estimate squared and added, each times the other
factor (MOVER: Zou & Donner, 2008, Statistics in Medicine 27, 1693-1702). Those
who reached the field are taken as they were counted.
"""

import math
from typing import NamedTuple

from journeys import listing

AROUND = 2  # neighbours on each side
FEWEST = 30  # sessions that must have reached a field, its neighbours, and gone on from it
MONTH = 30  # days


class Counts(NamedTuple):
    """Sessions of one field."""

    reached: int
    left: int  # abandoned the form in it
    completed: int  # went on from it and completed the form


class Cost(NamedTuple):
    """Completions at stake in thirty days. Each None where there is not enough data."""

    cost: float | None
    low: float | None
    high: float | None


UNKNOWN = Cost(None, None, None)


def costs(fields, days):
    """A Cost for each of a form's Counts. They stand in the order people meet the fields; counted in so many days.

    >>> [round(end) for end in costs([Counts(400, 20, 250), Counts(380, 95, 250), Counts(285, 15, 250)], 30)[1]]
    [66, 51, 83]
    """
    return [_cost(field, *around(fields, at), days) for at, field in enumerate(fields)]


def around(fields, at):
    """(sessions that reached the neighbours of a field, those that left at one of them), each pooled. Takes Counts in order."""
    neighbours = fields[max(0, at - AROUND):at] + fields[at + 1:at + 1 + AROUND]
    return sum(each.reached for each in neighbours), sum(each.left for each in neighbours)


def _cost(field, around, around_left, days):
    went_on = field.reached - field.left
    if min(field.reached, around, went_on) < FEWEST or not field.completed:
        return UNKNOWN
    extra = field.left / field.reached - around_left / around
    extra_ends = listing.newcombe(field.left, field.reached, around_left, around)
    rate, rate_ends = field.completed / went_on, listing.wilson(field.completed, went_on)
    if extra < 0:
        rate_ends = rate_ends[::-1]  # less of a completion makes more of a loss below zero
    most = field.reached * MONTH / days
    cost = extra * rate
    low = cost - math.hypot(rate * (extra - extra_ends[0]), extra * (rate - rate_ends[0]))
    high = cost + math.hypot(rate * (extra_ends[1] - extra), extra * (rate_ends[1] - rate))
    return Cost(*(max(0.0, each) * most for each in (cost, low, high)))
