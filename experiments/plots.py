"""Where things stand in a picture: axes, lines, bands and bars as percent of its box. Pure.

Pictures are drawn on the server, as SVG whose lengths are percentages or a box of
100 × 100 that stretches: sharp at every width, in print, in the reviewer's packet
and without a script. Names and numbers on them are the page's.
"""

import math
from dataclasses import dataclass

TICKS = 5  # about so many on an axis
MOST = 2.0  # no axis of changes goes beyond three times the control


@dataclass(frozen=True)
class Axis:
    """A straight scale from `low` to `high`, with the values of its ticks."""

    low: float
    high: float
    ticks: tuple

    def at(self, value):
        """Percent of the way, kept inside the picture.

        >>> Axis(-0.1, 0.1, ()).at(0.05), Axis(-0.1, 0.1, ()).at(7)
        (75.0, 100.0)
        """
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def holds(self, value):
        return self.low <= value <= self.high


def axis(values, zero=True, count=TICKS):
    """The Axis that holds all `values` (None among them are left out), between round ticks.

    >>> axis([-0.031, 0.09]).ticks
    (-0.05, 0.0, 0.05, 0.1)
    """
    known = [value for value in values if value is not None and math.isfinite(value)] + [0.0] * zero
    low, high = min(known, default=0.0), max(known, default=1.0)
    if low == high:
        low, high = low - (abs(low) or 1) * (low != 0), high + (abs(high) or 1)
    step = _round_step((high - low) / count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Axis(first * step, last * step, tuple(round(each * step, 12) + 0.0 for each in range(first, last + 1)))


def clipped(intervals, widest=4.0):
    """An Axis for many intervals: the narrow ones rule, and what reaches `widest` times beyond the middle one is cut off.

    A segment of twenty visitors must not make a dot of all the others.

    >>> clipped([(-0.1, 0.1), (-0.1, 0.1), (-40, 90)]).high
    0.4
    >>> clipped([(-0.94, 33)]).high
    2.0
    """
    known = [pair for pair in intervals if pair]
    if not known:
        return axis([-0.1, 0.1])
    reach = sorted(max(abs(low), abs(high)) for low, high in known)
    most = min(widest * reach[(len(reach) - 1) // 2], MOST)
    ends = [min(max(end, -most), most) for pair in known for end in pair]
    return axis([*ends, -max(ends) / 8, -min(ends) / 8])  # some room on the other side of zero


def line(points, whole):
    """The SVG path through (x, y) in percent, y upwards; a y of None breaks it. `whole` says how many points the width has.

    >>> line([50, None, 0, 100], 4)
    'M0 50M66.67 100L100 0'
    """
    found, pen = [], "M"
    for at, y in enumerate(points):
        if y is None:
            pen = "M"
            continue
        found.append(f"{pen}{_short(place(at, whole))} {_short(100 - y)}")
        pen = "L"
    return "".join(found)


def band(lows, highs, whole):
    """The SVG path of the area between two lines; days without one are left out.

    >>> band([0, 20], [50, 60], 2)
    'M0 50L100 40L100 80L0 100Z'
    """
    known = [(place(at, whole), low, high) for at, (low, high) in enumerate(zip(lows, highs, strict=True))
             if low is not None and high is not None]
    there = [f"{_short(x)} {_short(100 - high)}" for x, _, high in known]
    back = [f"{_short(x)} {_short(100 - low)}" for x, low, _ in reversed(known)]
    return f"M{'L'.join(there + back)}Z" if known else ""


def place(at, whole):
    """Percent of the way of the `at`-th of `whole` points."""
    return round(100 * at / (whole - 1), 2) if whole > 1 else 50.0


def every(count, most=6):
    """Which of `count` points get a label, so that there are at most `most`.

    >>> every(15)
    [0, 3, 6, 9, 12]
    """
    step = max(1, math.ceil(count / most))
    return list(range(0, count, step))


def _round_step(rough):
    """The next of 1, 2, 5, 10, … times a power of ten.

    >>> _round_step(0.024)
    0.05
    """
    power = 10.0 ** math.floor(math.log10(rough))
    return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough * 0.999999)


def _short(number):
    return f"{number:.2f}".rstrip("0").rstrip(".")
