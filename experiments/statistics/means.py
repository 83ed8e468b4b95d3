"""Two means, ratios of means, or adjusted means: Welch's test and Fieller's interval. Pure.

All three end in the same five numbers (a difference, the control's value, their
variances and covariance), and everything follows from those. A critical value is
given in standard normal units and exchanged for Student's t with the same tail.
"""

import math
from dataclasses import dataclass

from experiments.statistics.curves import t_as_z, two_sided, z_as_t

ROUNDING = 1e-12  # part of a variance that subtracting may leave where nothing is
FURTHEST = 1e12  # with two or three values a high z is a t beyond all use; such an interval is not given


@dataclass(frozen=True)
class Means:
    """A difference and the control's value it is relative to, with the variances of both, in any unit. No test when `df` is None."""

    difference: float | None
    variance: float | None  # of the difference; 0 when a variant has no spread of its own
    base: float | None  # the control's value
    base_variance: float | None
    covariance: float | None  # of difference and base
    df: float | None

    @property
    def known(self):
        """True when there is a spread to compare the difference with."""
        return self.df is not None

    @property
    def relative(self):
        """Change as a fraction of the control's value; None when that is not above zero."""
        return self.difference / self.base if self.difference is not None and self.base and self.base > 0 else None

    @property
    def z(self):
        """Welch's t as the z with the same tail; None without spread."""
        return t_as_z(self.difference / math.sqrt(self.variance), self.df) if self.known else None

    @property
    def p(self):
        """Two-sided p of Welch's test, never 0; None without spread. Welch (1947), Biometrika 34, 28-35.

        >>> from experiments.statistics.sums import Mean
        >>> round(of_means(Mean(5, 15, 55), Mean(5, 30, 190)).p, 6)  # 1 2 3 4 5 against 4 5 6 7 8
        0.017072
        """
        return two_sided(self.z) if self.known else None

    @property
    def why_no_relative(self):
        """Why the relative change cannot be known, as a reason's code; "" when it can."""
        return "" if self.base is not None and self.base > 0 else "control_not_positive"

    def difference_interval(self, z):
        """(low, high) of the difference at critical value `z`; None without spread, or with too few values for that z.

        >>> from experiments.statistics.sums import Mean
        >>> [round(end, 4) for end in of_means(Mean(5, 15, 55), Mean(5, 30, 190)).difference_interval(1.959964)]
        [0.694, 5.306]
        """
        if not self.known or z_as_t(z, self.df) > FURTHEST:
            return None
        width = z_as_t(z, self.df) * math.sqrt(self.variance)
        return self.difference - width, self.difference + width

    def relative_interval(self, z):
        """(low, high) of the relative change at critical value `z`: every r for which difference - r base may be zero.

        None without spread, or when the control's value is not clearly above zero
        at the same critical value: then the set is not an interval.
        Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185.

        >>> from experiments.statistics.sums import Mean
        >>> [round(end, 4) for end in of_means(Mean(5, 15, 55), Mean(5, 30, 190)).relative_interval(1.959964)]
        [0.1654, 3.5118]
        """
        if not self.known or self.why_no_relative or z_as_t(z, self.df) > FURTHEST:
            return None
        t = z_as_t(z, self.df)
        a = self.base**2 - t * t * self.base_variance
        b = self.difference * self.base - t * t * self.covariance
        c = self.difference**2 - t * t * self.variance
        inner = b * b - a * c
        if a <= 0 or inner < 0:
            return None
        far = (b + math.copysign(math.sqrt(inner), b)) / a
        near = c / (a * far) if far else 0.0  # the product of both ends is c / a; subtracting would lose digits
        return min(near, far), max(near, far)

    def z_at(self, relative):
        """The statistic against a relative change of `relative` instead of none, as a z; None without spread.

        >>> from experiments.statistics.sums import Mean
        >>> means = of_means(Mean(5, 15, 55), Mean(5, 30, 190))
        >>> round(means.z_at(0.0) - means.z, 12), round(means.z_at(means.relative), 12)
        (0.0, 0.0)
        """
        if not self.known or self.why_no_relative:
            return None
        variance = self.variance - 2 * relative * self.covariance + relative**2 * self.base_variance
        return t_as_z((self.difference - relative * self.base) / math.sqrt(variance), self.df) if variance > 0 else None


UNKNOWN = Means(None, None, None, None, None, None)


def of_means(control, treatment):
    """Means of two sums.Mean. The difference comes from exact totals."""
    if control.n < 2 or treatment.n < 2:
        return UNKNOWN
    difference = float((treatment.total * control.n - control.total * treatment.n) / (control.n * treatment.n))
    return _independent(difference, control.value, control.variance / control.n, treatment.variance / treatment.n,
                        control.n - 1, treatment.n - 1)


def of_ratios(control, treatment):
    """Means of two sums.Ratio, at visitor level: Deng, Knoblich & Lu (2018), KDD. Degrees of freedom count orders, not visitors.

    >>> from experiments.statistics.sums import Ratio
    >>> of_ratios(Ratio(9, 6, 8, 90, 2100, 120), Ratio(9, 6, 8, 120, 3000, 165)).difference
    5.0
    """
    if control.variance is None or treatment.variance is None or min(control.x, treatment.x) < 2:
        return UNKNOWN
    return _independent(treatment.value - control.value, control.value, control.variance, treatment.variance,
                        min(control.n, control.x) - 1, min(treatment.n, treatment.x) - 1)


def _independent(difference, base, variance0, variance1, df0, df1):
    """Welch-Satterthwaite degrees of freedom: Welch (1947).

    A variant whose values are all the same tells nothing of how much they vary, so there is no test.
    """
    if not (variance0 > 0 and variance1 > 0):
        return Means(difference, 0.0, base, variance0, 0.0, None)
    variance = variance0 + variance1
    df = variance**2 / (variance0**2 / df0 + variance1**2 / df1)
    return Means(difference, variance, base, variance0, -variance0, df)


def of_adjusted(control, treatment, everyone):
    """Means of two sums.Adjusted, their values corrected by what was known before exposure (CUPED).

    The slope is pooled over `everyone`, all variants. The change is relative to the
    control's own mean, which is not adjusted, and correlated with the difference.
    Deng, Xu, Kohavi & Walker (2013), WSDM, 123-132.

    >>> from experiments.statistics.sums import Adjusted
    >>> before_after = Adjusted(4, 10, 30, 14, 54, 40), Adjusted(4, 10, 30, 18, 86, 50)
    >>> of_adjusted(*before_after, before_after).difference  # the same before, 1 more after
    1.0
    """
    if control.n < 2 or treatment.n < 2:
        return UNKNOWN
    slope = slope_of(everyone)
    difference = treatment.value - control.value - slope * float(
        (treatment.x * control.n - control.x * treatment.n) / (control.n * treatment.n))
    (y0, xy0, adjusted0), (_, _, adjusted1) = _spreads(control, slope), _spreads(treatment, slope)
    n0, n1 = control.n, treatment.n
    found = _independent(difference, control.value, adjusted0 / n0, adjusted1 / n1, n0 - 1, n1 - 1)
    return Means(difference, found.variance, control.value, y0 / n0, -(y0 - slope * xy0) / n0, found.df)


def slope_of(everyone):
    """θ of CUPED: how much of a visitor's value is told by the one before, pooled within variants; 0 when nothing is.

    >>> from experiments.statistics.sums import Adjusted
    >>> slope_of([Adjusted(4, 10, 30, 20, 120, 60)])  # y = 2 x
    2.0
    """
    xy = sum((each.n * each.xy - each.x * each.y) / each.n for each in everyone if each.n)
    xx = sum((each.n * each.xx - each.x * each.x) / each.n for each in everyone if each.n)
    return float(xy / xx) if xx else 0.0


def _spreads(sums, slope):
    """(variance of y, covariance of x and y, variance of y - slope x) of one variant's values."""
    pairs = sums.n * (sums.n - 1)
    yy, xy, xx = (float(each / pairs) for each in (sums.n * sums.yy - sums.y**2, sums.n * sums.xy - sums.x * sums.y,
                                                   sums.n * sums.xx - sums.x**2))
    left = yy - 2 * slope * xy + slope * slope * xx
    return yy, xy, left if left > ROUNDING * yy else 0.0
