"""Two rates with few conversions: what stands in the details while there is not enough data for the score test. Pure."""

import math

from experiments.statistics.curves import SMALLEST
from experiments.statistics.rates import wilson

IN_ALL, IN_ONE = 20, 5  # conversions needed in both variants together, and in each


def is_few(control, treatment):
    """True when fewer than 20 converted in both together or fewer than 5 in one; the same of those who did not convert.

    Both sides count, so that conversion and abandonment are judged alike.
    """
    for one, other in ((control.conversions, treatment.conversions),
                       (control.visitors - control.conversions, treatment.visitors - treatment.conversions)):
        if one + other < IN_ALL or min(one, other) < IN_ONE:
            return True
    return False


def fisher_p(control, treatment):
    """Two-sided p of Fisher's exact test: all tables no likelier than this one. None without visitors.

    Fisher (1935), The Design of Experiments; the two sides as in R's fisher.test.
    The tables' weights follow one from the other, so nothing overflows.

    >>> from experiments.statistics.sums import Rate
    >>> round(fisher_p(Rate(3, 4), Rate(1, 4)), 6)  # the lady tasting tea: 34 of 70
    0.485714
    """
    n0, n1 = control.visitors, treatment.visitors
    if not (n0 and n1):
        return None
    x = control.conversions + treatment.conversions
    low, high = max(0, x - n0), min(x, n1)  # of the treatment's conversions
    mode = min(max((x + 1) * (n1 + 1) // (n0 + n1 + 2), low), high)
    weights = {mode: 1.0}
    for step, end in ((1, high), (-1, low)):
        at, weight = mode, 1.0
        while at != end and weight > 1e-320:
            ratio = (x - at) * (n1 - at) / ((at + 1) * (n0 - x + at + 1)) if step == 1 else \
                at * (n0 - x + at) / ((x - at + 1) * (n1 - at + 1))
            at, weight = at + step, weight * ratio
            weights[at] = weight
    seen = weights.get(treatment.conversions, 0.0)
    p = math.fsum(weight for weight in weights.values() if weight <= seen * (1 + 1e-7)) / math.fsum(weights.values())
    return min(max(p, SMALLEST), 1.0)


def newcombe(control, treatment, z):
    """(low, high) of the difference of rates from each one's Wilson interval, or None without visitors.

    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; the numbers are its example (56/70 and 48/80).

    >>> from experiments.statistics.sums import Rate
    >>> [round(end, 4) for end in newcombe(Rate(48, 80), Rate(56, 70), 1.959964)]
    [0.0524, 0.3339]
    """
    if not (control.visitors and treatment.visitors):
        return None
    p0, p1 = control.value, treatment.value
    (low0, high0), (low1, high1) = wilson(control, z), wilson(treatment, z)
    return p1 - p0 - math.hypot(p1 - low1, high0 - p0), p1 - p0 + math.hypot(high1 - p1, p0 - low0)
