"""Do sessions that met something convert less than others like them, and how sure is that? Pure.

Sessions are compared within strata: the same place, device and channel. Of a
stratum those that met it are taken as they are; the others say how many would
have converted had they been like them. So the others are weighted as those who
met it are spread over the strata (direct standardisation: Fleiss, Levin &
Paik, 2003, chapter 19), strata without others are left out and counted.

The interval is Newcombe's (1998, method 10); the weighted others count as so
many sessions as tell equally much, 1 / sum(weight² / others): Kish (1965),
Survey Sampling, section 11.7. With one stratum it is the plain one. `chance` is
the p-value that belongs to it, two-sided: one minus the level at which the
interval touches zero. Many things are compared at once, so Holm's (1979)
procedure keeps the chance that any of them is a false alarm at 5 %.
"""

import math
from typing import NamedTuple

from journeys import listing

FEWEST = 30  # sessions that met it, and others to compare them with
FEWEST_CONVERTED = 5  # sessions that converted, of both together
LEVEL = 0.05


class Stratum(NamedTuple):
    """Sessions of one kind."""

    met: int
    met_converted: int
    others: int
    others_converted: int


class Compared(NamedTuple):
    """Those who met it against others like them. Rates are fractions, the difference is theirs minus the others'."""

    met: int  # sessions that could be compared
    alone: int  # sessions that met it and have no others like them
    converted: int
    rate: float
    others: int
    others_rate: float  # as those who met it are spread over the strata
    difference: float
    low: float
    high: float
    chance: float


def compare(strata):
    """Compared, or None where there are not enough sessions or conversions to say anything.

    >>> found = compare([Stratum(70, 56, 80, 48)])
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    alike = [each for each in strata if each.met and each.others]
    alone = sum(each.met for each in strata if not each.others)
    met, converted = sum(each.met for each in alike), sum(each.met_converted for each in alike)
    others, others_converted = sum(each.others for each in alike), sum(each.others_converted for each in alike)
    if min(met, others) < FEWEST or converted + others_converted < FEWEST_CONVERTED:
        return None
    weights = [each.met / met for each in alike]
    expected = sum(weight * each.others_converted / each.others for weight, each in zip(weights, alike, strict=True))
    telling = 1 / sum(weight * weight / each.others for weight, each in zip(weights, alike, strict=True))
    numbers = converted, met, expected * telling, telling
    low, high = listing.newcombe(*numbers)
    return Compared(met, alone, converted, converted / met, others, expected, converted / met - expected, low, high, chance(*numbers))


def chance(part, whole, other_part, other_whole):
    """The two-sided p-value that belongs to Newcombe's interval of two rates, 1 when they are equal.

    >>> round(chance(56, 70, 48, 80), 3)
    0.008
    """
    difference = part / whole - other_part / other_whole
    if not difference:
        return 1.0
    least, most = 0.0, 38.0  # z; at 38 nothing is left of a float's tail
    while most - least > 1e-6:
        z = (least + most) / 2
        low, high = listing.newcombe(part, whole, other_part, other_whole, z)
        least, most = (z, most) if low > 0 or high < 0 else (least, z)
    return math.erfc(least / math.sqrt(2))


def holm(chances):
    """The p-values corrected for how many they are: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    found, worst = [0.0] * len(chances), 0.0
    for rank, at in enumerate(sorted(range(len(chances)), key=lambda at: chances[at])):
        worst = max(worst, min(1.0, (len(chances) - rank) * chances[at]))
        found[at] = worst
    return found
