"""Two conversion rates: the score test and the intervals that invert it. Pure.

One statistic does everything. The difference is compared with the standard
error it would have if the hypothesis were true, and an interval holds every
hypothesis that the same test does not reject; so p < α exactly when both
intervals leave out zero. The factor N/(N-1) of Miettinen and Nurminen is in
none of the three.
"""

import math
from dataclasses import dataclass

from experiments.statistics.curves import two_sided
from experiments.statistics.roots import root
from experiments.statistics.sums import Rate

# What was observed is never rejected, but where all or none converted in each variant its spread is zero: start beside it.
BESIDE = 1e-10


@dataclass(frozen=True)
class Rates:
    """Control and treatment as Rates. Differences are in rate points (0.03 is three), relative changes fractions of the control."""

    control: Rate
    treatment: Rate

    @property
    def difference(self):
        """Treatment minus control, or None without visitors.

        >>> Rates(Rate(120, 1000), Rate(150, 1000)).difference
        0.03
        """
        (x0, n0), (x1, n1) = self._table
        return (x1 * n0 - x0 * n1) / (n0 * n1) if n0 and n1 else None

    @property
    def relative(self):
        """Change as a fraction of the control's rate; None when the control has no conversion.

        >>> Rates(Rate(120, 1000), Rate(150, 1000)).relative
        0.25
        """
        (x0, n0), (x1, n1) = self._table
        return (x1 * n0 - x0 * n1) / (x0 * n1) if x0 and n1 else None

    @property
    def z(self):
        """The pooled score statistic, or None when nobody or everybody converted. Pearson's chi-square is its square.

        >>> round(Rates(Rate(120, 1000), Rate(150, 1000)).z, 6)
        1.96305
        """
        (x0, n0), (x1, n1) = self._table
        n, x = n0 + n1, x0 + x1
        if not (n0 and n1 and 0 < x < n):
            return None
        return (x1 * n0 - x0 * n1) * math.sqrt(n / (n0 * n1 * x * (n - x)))

    @property
    def p(self):
        """Two-sided p of the score test, never 0; None where z is.

        >>> round(Rates(Rate(120, 1000), Rate(150, 1000)).p, 6)
        0.04964
        """
        return None if self.z is None else two_sided(self.z)

    @property
    def why_no_relative(self):
        """Why the relative change cannot be known, as a reason's code; "" when it can."""
        return "" if self.control.conversions else "control_zero"

    def difference_interval(self, z):
        """(low, high): the differences that the score test with critical value `z` does not reject; None without visitors.

        Mee (1984), Biometrics 40, 1175-1176; Miettinen & Nurminen (1985), Statistics in Medicine 4, 213-226.

        >>> [round(end, 6) for end in Rates(Rate(120, 1000), Rate(150, 1000)).difference_interval(1.959964)]
        [4.7e-05, 0.060096]
        """
        (x0, n0), (x1, n1) = self._table
        if not (n0 and n1):
            return None
        if 2 * (x0 + x1) > n0 + n1:  # rates near 1 are as exact as rates near 0
            low, high = _differences(n0 - x0, n0, n1 - x1, n1, z)
            return -high, -low
        return _differences(x0, n0, x1, n1, z)

    def relative_interval(self, z):
        """(low, high) of the relative change by the score test with critical value `z`; None when the control has no conversion.

        Koopman (1984), Biometrics 40, 513-517.

        >>> [round(end, 6) for end in Rates(Rate(120, 1000), Rate(150, 1000)).relative_interval(1.959964)]
        [0.000349, 0.56271]
        """
        (x0, n0), (x1, n1) = self._table
        if not x0 or not n1:
            return None
        low, high = _ratios(x0, n0, x1, n1, z)
        return low - 1, high - 1

    def z_at(self, relative):
        """The statistic against a relative change of `relative` (greater than -1) instead of none; None where it has no spread.

        Farrington & Manning (1990), Statistics in Medicine 9, 1447-1454; the
        restricted rates of Koopman (1984).

        >>> rates = Rates(Rate(120, 1000), Rate(150, 1000))
        >>> rates.z_at(0.0) - rates.z < 1e-12
        True
        """
        (x0, n0), (x1, n1) = self._table
        if not (n0 and n1):
            return None
        spread = _ratio_error(x0, n0, x1, n1, 1 + relative)
        return (x1 / n1 - (1 + relative) * x0 / n0) / spread if spread else None

    @property
    def _table(self):
        return ((self.control.conversions, self.control.visitors), (self.treatment.conversions, self.treatment.visitors))


def wilson(rate, z):
    """(low, high) of one variant's own rate, or None without visitors. Wilson (1927), JASA 22, 209-212.

    >>> [round(end, 4) for end in wilson(Rate(81, 263), 1.959964)]
    [0.2553, 0.3662]
    """
    x, n = rate.conversions, rate.visitors
    if not n:
        return None
    middle, spread = x + z * z / 2, z * math.sqrt(x * (n - x) / n + z * z / 4)
    return (0.0 if x == 0 else (middle - spread) / (n + z * z)), (1.0 if x == n else (middle + spread) / (n + z * z))


# -- the difference

def _differences(x0, n0, x1, n1, z):
    observed = (x1 * n0 - x0 * n1) / (n0 * n1)

    def excess(delta):
        return abs(observed - delta) - z * _difference_error(x0, n0, x1, n1, delta)

    beside = 0.0 if excess(observed) < 0 else BESIDE
    return (-1.0 if observed == -1 else root(excess, -1.0, observed - beside),
            1.0 if observed == 1 else root(excess, observed + beside, 1.0))


def _difference_error(x0, n0, x1, n1, delta):
    """Standard error of the difference if it truly were `delta`."""
    p0 = _restricted(x0, n0, x1, n1, delta)
    p1 = p0 + delta
    return math.sqrt(max(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1, 0.0))


def _restricted(x0, n0, x1, n1, delta):
    """The control's most likely rate if the treatment's were `delta` higher.

    The likelihood has one maximum, a root of the cubic of Farrington & Manning
    (1990). Their closed form takes an arc cosine near 1 and keeps half the digits
    when rates are small; Newton's steps on the same cubic, kept between the
    bounds, keep them all.
    """
    low, high = max(0.0, -delta), min(1.0, 1.0 - delta)
    if high <= low:
        return low
    if _at_bound(x0, n0, x1, n1, delta, low, high) is not None:
        return _at_bound(x0, n0, x1, n1, delta, low, high)
    p0 = (x0 + x1 - n1 * delta) / (n0 + n1)
    if not low < p0 < high:
        p0 = (low + high) / 2
    for _ in range(100):
        p1 = p0 + delta
        pull0, pull1, spread0, spread1 = x0 - n0 * p0, x1 - n1 * p1, p0 * (1 - p0), p1 * (1 - p1)
        slope = pull0 * (1 - 2 * p1) - n0 * spread1 + pull1 * (1 - 2 * p0) - n1 * spread0
        cubic = pull0 * spread1 + pull1 * spread0  # falls through zero at the maximum
        if cubic > 0:
            low = p0
        else:
            high = p0
        step = p0 - cubic / slope if slope < 0 else math.inf
        if not low <= step <= high:
            step = (low + high) / 2
        elif abs(step - p0) <= 1e-9 * step:  # a Newton step doubles the digits: the next would change nothing
            return step
        p0 = step
    return p0


def _at_bound(x0, n0, x1, n1, delta, low, high):
    """The bound at which the likelihood is greatest, where a variant has no conversions or nothing else; else None."""
    first, last = (x0, n1 - x1) if delta >= 0 else (x1, n0 - x0)  # what keeps the maximum off the lower and the upper bound
    if first == 0:
        p0, p1 = low, low + delta
        if delta == 0:
            if x0 + x1 == 0:
                return low
        elif (x1 - n1 * p1 - n0 * p1 * (1 - p1) if delta > 0 else x0 - n0 * p0 - n1 * p0 * (1 - p0)) <= 0:
            return low
    if last == 0:
        p0, p1 = high, high + delta
        if delta == 0:
            if x0 + x1 == n0 + n1:
                return high
        elif (x0 - n0 * p0 + n1 * p0 * (1 - p0) if delta > 0 else x1 - n1 * p1 + n0 * p1 * (1 - p1)) >= 0:
            return high
    return None


# -- the ratio

def _ratios(x0, n0, x1, n1, z):
    observed = x1 * n0 / (x0 * n1)

    def excess(ratio):
        return abs(x1 / n1 - ratio * (x0 / n0)) - z * _ratio_error(x0, n0, x1, n1, ratio)

    beside = 0.0 if excess(observed) < 0 else BESIDE
    high = 2 * observed + 2 * BESIDE
    while excess(high) < 0:
        high *= 4
    return (root(excess, 0.0, observed * (1 - beside)) if x1 else 0.0), root(excess, observed + beside, high)


def _ratio_error(x0, n0, x1, n1, ratio):
    """Standard error of p1 - ratio p0 if p1 / p0 truly were `ratio`. The likeliest rates solve a quadratic: Koopman (1984)."""
    b = n1 * ratio + x1 + n0 + x0 * ratio
    inner = max(b * b - 4 * (n0 + n1) * ratio * (x0 + x1), 0.0)
    p0 = min(2 * (x0 + x1) / (b + math.sqrt(inner)), 1.0)
    p1 = min(ratio * p0, 1.0)
    return math.sqrt(max(p1 * (1 - p1) / n1 + ratio * ratio * p0 * (1 - p0) / n0, 0.0))
