"""The distributions that tests read their p from. Pure.

The normal one is the standard library's; Student's t and chi-square are
scipy.special's, imported when first asked for, because the import takes longer
than everything else here and a server may never need it.
"""

import math
from statistics import NormalDist

SMALLEST = 1e-300  # a p below it is given as it: a p is never 0
_NORMAL = NormalDist()


def normal_tail(z):
    """Chance that a standard normal number exceeds `z`.

    >>> round(normal_tail(1.959964), 6)
    0.025
    """
    return math.erfc(z / math.sqrt(2)) / 2


def normal_quantile(tail):
    """The z that a standard normal number exceeds with chance `tail`, 0 < tail < 1. Wichura (1988), AS 241.

    >>> round(normal_quantile(0.025), 6)
    1.959964
    """
    return -_NORMAL.inv_cdf(tail)


def critical(alpha):
    """The z beyond which a two-sided test at level `alpha` rejects.

    >>> round(critical(0.05), 6), round(critical(0.04), 6)
    (1.959964, 2.053749)
    """
    return normal_quantile(alpha / 2)


def two_sided(z):
    """Two-sided p of a standard normal z; SMALLEST where it is smaller still.

    >>> round(two_sided(-1.959964), 6), two_sided(50)
    (0.05, 1e-300)
    """
    return max(2 * normal_tail(abs(z)), SMALLEST)


def t_as_z(t, df):
    """The z with the same tail as Student's `t` with `df` degrees of freedom: -40 to 40.

    >>> round(t_as_z(2.228139, 10), 5)
    1.95996
    """
    from scipy.special import stdtr
    tail = float(stdtr(df, -abs(t)))
    return math.copysign(min(normal_quantile(tail), 40.0) if 0 < tail < 0.5 else 40.0 if tail == 0 else 0.0, t)


def z_as_t(z, df):
    """Student's t with the same tail as `z`: the critical value to put in place of `z` >= 0. Infinite when the tail is too thin for a float.

    >>> round(z_as_t(1.959964, 10), 5)
    2.22814
    """
    if df > 1e8:
        return z
    from scipy.special import stdtrit
    t = float(-stdtrit(df, normal_tail(z)))
    return t if t >= z * (1 - 1e-9) else math.inf  # for tails next to nothing scipy gives an infinity of the other sign


def chi_square_tail(statistic, df):
    """Chance that chi-square with `df` degrees of freedom exceeds `statistic`; at least SMALLEST.

    >>> round(chi_square_tail(3.841459, 1), 6)
    0.05
    """
    from scipy.special import chdtrc
    return max(float(chdtrc(df, statistic)), SMALLEST)
