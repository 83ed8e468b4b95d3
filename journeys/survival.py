"""How long until something happens, when some have not been watched long enough to know. Pure.

The estimate of Kaplan & Meier (1958), Journal of the American Statistical
Association 53, 457-481; its variance by Greenwood, its interval on the scale of
log(-log), and the median's by Brookmeyer & Crowley (1982), Biometrics 38, 29-41.
"""

import math
from typing import NamedTuple

Z = 1.959964


class Step(NamedTuple):
    """From `at` on, until the next step, `waiting` is the share to whom it has not happened."""

    at: float
    at_risk: int  # watched until just before
    waiting: float
    low: float
    high: float


class Median(NamedTuple):
    """When it has happened to half; None where the curve, or the end of its interval, does not come down so far."""

    at: float | None
    low: float | None
    high: float | None


def curve(times):
    """The Steps of a curve. Takes (time, whether it happened then) of each; what happens at one time stands before who leaves then.

    >>> [(step.at, step.at_risk, round(step.waiting, 3)) for step in curve([(1, True), (2, False), (3, True), (3, True), (4, False)])]
    [(1, 5, 0.8), (3, 3, 0.267)]
    """
    found, waiting, variance, high = [], 1.0, 0.0, 1.0
    ordered = sorted(times)
    place, left = 0, len(ordered)
    while place < len(ordered):
        at, here, happened = ordered[place][0], 0, 0
        while place + here < len(ordered) and ordered[place + here][0] == at:
            happened += ordered[place + here][1]
            here += 1
        if happened:
            waiting *= 1 - happened / left
            variance += happened / (left * (left - happened)) if left > happened else 0
            low, high = _interval(waiting, variance, high)
            found.append(Step(at, left, waiting, low, high))
        place, left = place + here, left - here
    return found


def at(steps, time):
    """The Step in force at a time, or None before the first."""
    return next((step for step in reversed(steps) if step.at <= time), None)


def median(steps):
    """The Median of a curve: where it, and each end of its interval, comes down to a half."""
    return Median(*(next((step.at for step in steps if getattr(step, name) <= 0.5), None) for name in ("waiting", "low", "high")))


def _interval(waiting, variance, high):
    """Ends of the 95 % interval of a share of the curve. Where the last one watched ends it, the upper end stays where it was."""
    if not waiting:
        return 0.0, high
    spread = Z * math.sqrt(variance) / abs(math.log(waiting))
    return waiting ** math.exp(spread), waiting ** math.exp(-spread)
