"""How many visitors an experiment needs, how long that takes, and what it can find in the time there is. Pure."""

import math
from dataclasses import dataclass

from experiments.statistics.curves import normal_quantile, normal_tail
from experiments.statistics.roots import root

SHORTEST_WEEKS = 2  # whole weeks: days of the week differ, and visitors come back
LONGEST_WEEKS = 8  # beyond it a plan is no plan: seasons change, visitors change devices


@dataclass(frozen=True)
class Planned:
    """`each` are the visitors by variant, control first; `alpha` is that of one comparison, after Holm."""

    visitors: int
    each: tuple
    alpha: float
    difference: float


def for_rates(baseline, relative_mde, alpha=0.05, power=0.8, weights=(1, 1)):
    """The visitors to find a relative change of `relative_mde` (negative for a fall) in a rate `baseline`, two-sided.

    n0 = (z_α/2 + z_β)² (p0 q0 + p1 q1 / k) / d², k being the visitors of a treatment
    for each of the control; Fleiss, Levin & Paik (2003), Statistical Methods for
    Rates and Proportions, chapter 4. With several treatments α is shared as Holm's
    first step has it, and the smallest treatment decides.

    >>> for_rates(0.03, 0.1).each
    (53208, 53208)
    """
    rate = baseline * (1 + relative_mde)
    if not (0 < baseline < 1 and 0 <= rate <= 1 and relative_mde):
        raise ValueError(f"a change of {relative_mde:+.0%} from a rate of {baseline} is none, or leads out of 0 to 1")
    return _planned(baseline * (1 - baseline), rate * (1 - rate), baseline * relative_mde, alpha, power, weights)


def for_means(mean, deviation, relative_mde, alpha=0.05, power=0.8, weights=(1, 1)):
    """The same for a mean such as revenue per visitor, whose standard deviation is expected to stay.

    >>> for_means(50, 120, 0.05).each  # 2 (1.96 + 0.8416)² 120² / 2.5²
    (36168, 36168)
    """
    if not (deviation > 0 and mean * relative_mde):
        raise ValueError("mean, deviation and relative_mde must not be 0")
    return _planned(deviation**2, deviation**2, mean * relative_mde, alpha, power, weights)


def detectable(baseline, visitors, alpha=0.05, power=0.8, weights=(1, 1)):
    """The smallest relative rise of a rate that so many visitors in all can find; None when not even a rise to 100 % can be.

    >>> round(detectable(0.03, 106416), 4)
    0.1
    """
    most = 1 / baseline - 1

    def missing(change):
        return for_rates(baseline, change, alpha, power, weights).visitors - visitors

    if missing(most) > 0:
        return None
    return root(lambda change: _exact(baseline, change, alpha, power, weights) - visitors, 1e-6, most, 1e-9)


def detectable_mean(mean, deviation, visitors, alpha=0.05, power=0.8, weights=(1, 1)):
    """The smallest relative change of a mean that so many visitors in all can find.

    >>> round(detectable_mean(50, 120, 2 * 36168), 4)
    0.05
    """
    whole = _control(deviation**2, deviation**2, mean, alpha, power, weights) / _shares(weights)[1]  # for a change of 100 %
    return math.sqrt(whole / visitors)


def by_weeks(baseline, visitors_per_week, deviation=None, weeks=range(SHORTEST_WEEKS, LONGEST_WEEKS + 1), **how):
    """(weeks, smallest detectable relative change or None) for each number of weeks: the power curve of a rate, or of a mean with its deviation."""
    found = detectable if deviation is None else lambda mean, visitors, **how: detectable_mean(mean, deviation, visitors, **how)
    return [(each, found(baseline, each * visitors_per_week, **how)) for each in weeks]


def chance(baseline, relative, visitors, alpha=0.05, weights=(1, 1)):
    """The chance (0-1) to find a true relative change with so many visitors in all.

    >>> round(chance(0.03, 0.1, 106416), 3)
    0.8
    """
    rate, k, part = baseline * (1 + relative), *_shares(weights)
    error = math.sqrt((baseline * (1 - baseline) + rate * (1 - rate) / k) / (visitors * part))
    z, shift = normal_quantile(alpha / (len(weights) - 1) / 2), abs(baseline * relative) / error
    return normal_tail(z - shift) + normal_tail(z + shift)


def weeks_for(visitors, visitors_per_week):
    """Whole weeks until so many have come, two at least; None when nobody comes.

    >>> weeks_for(106416, 20000), weeks_for(500, 20000)
    (6, 2)
    """
    return max(SHORTEST_WEEKS, math.ceil(visitors / visitors_per_week)) if visitors_per_week > 0 else None


def days_left(visitors, last_days):
    """(fewest, most) days until `visitors` more have come, from the visitors of each of the last seven days; None for what cannot be told.

    The range is that of the mean's 95 % interval, as far as the days differ.

    >>> days_left(10000, [1000, 1100, 900, 1000, 1050, 950, 1000])
    (10, 11)
    """
    if visitors <= 0:
        return 0, 0
    count = len(last_days)
    mean = sum(last_days) / count if count else 0
    if not mean:
        return None, None
    error = math.sqrt(sum((each - mean) ** 2 for each in last_days) / (count * (count - 1))) if count > 1 else mean
    slowest = mean - 1.96 * error
    return math.ceil(visitors / (mean + 1.96 * error)), math.ceil(visitors / slowest) if slowest > 0 else None


def _planned(variance0, variance1, difference, alpha, power, weights):
    n0 = _control(variance0, variance1, difference, alpha, power, weights)
    each = tuple(math.ceil(n0 * weight / weights[0]) for weight in weights)
    return Planned(sum(each), each, alpha / (len(weights) - 1), difference)


def _control(variance0, variance1, difference, alpha, power, weights):
    z = normal_quantile(alpha / (len(weights) - 1) / 2) + normal_quantile(1 - power)
    return z * z * (variance0 + variance1 / _shares(weights)[0]) / difference**2


def _exact(baseline, change, alpha, power, weights):
    """Visitors in all, not rounded."""
    rate = baseline * (1 + change)
    return _control(baseline * (1 - baseline), max(rate * (1 - rate), 0.0), baseline * change, alpha, power, weights) / _shares(weights)[1]


def _shares(weights):
    """(k, the control's part of all visitors)."""
    return min(weights[1:]) / weights[0], weights[0] / sum(weights)
