"""How much of α each of several agreed looks may use: Lan-DeMets spending of O'Brien-Fleming type. Pure.

Each side of the test spends α/2 by 2(1 - Φ(z_{α/4} / √t)) at the fraction t of
the planned visitors: next to nothing early, nearly all of it at the end. Lan &
DeMets (1983), Biometrika 70, 659-663. The bounds follow from the recursive
integration of Armitage, McPherson & Rowe (1969), JRSS A 132, 235-244.
"""

import math
from functools import lru_cache

from experiments.statistics.curves import normal_quantile, normal_tail
from experiments.statistics.roots import root

NODES = 96  # of Gauss-Legendre, for one look; doubling them changes no bound in its ninth digit
HIGHEST = 9.0  # a bound that no data reach: the chance is 1e-19


def spent(fraction, alpha):
    """α used up to `fraction` (0-1) of the plan by one side of a two-sided test at `alpha`.

    >>> spent(1.0, 0.05)
    0.025
    """
    if fraction >= 1:
        return alpha / 2
    return 2 * normal_tail(normal_quantile(alpha / 4) / math.sqrt(fraction))


@lru_cache(maxsize=1024)
def bounds(fractions, alpha):
    """How large |z| must be at each look; `fractions` is a rising tuple of parts of the plan, 0 < t <= 1.

    The values are those of published tables for five equal looks: Reboussin, DeMets,
    Kim & Lan (2000), Controlled Clinical Trials 21, 190-207.

    >>> [round(each, 3) for each in bounds((0.2, 0.4, 0.6, 0.8, 1.0), 0.05)]
    [4.877, 3.357, 2.68, 2.29, 2.031]
    """
    import numpy as np
    from scipy.special import ndtr
    if any(after <= before for before, after in zip((0.0, *fractions), fractions, strict=False)):
        raise ValueError("fractions must rise and be above 0")
    found, before, used, at, density = [], 0.0, 0.0, np.zeros(1), np.ones(1)
    for fraction in fractions:
        step = math.sqrt(fraction - before)
        wanted = spent(fraction, alpha) - used

        def excess(z, fraction=fraction, step=step, at=at, density=density, wanted=wanted):
            return float(density @ ndtr((at - z * math.sqrt(fraction)) / step)) - wanted

        z = root(excess, 0.0, HIGHEST, 1e-12) if excess(HIGHEST) < 0 else HIGHEST
        found.append(z)
        places, weights = _nodes(z * math.sqrt(fraction), step)
        kernel = np.exp(-((places[:, None] - at[None, :]) / step) ** 2 / 2) / (step * math.sqrt(2 * math.pi))
        at, density = places, weights * (kernel @ density)
        before, used = fraction, spent(fraction, alpha)
    return tuple(found)


def _nodes(end, step):
    """Places and weights of Gauss-Legendre on -end to end, dense enough for a kernel as wide as `step`."""
    import numpy as np
    places, weights = np.polynomial.legendre.leggauss(NODES if end < 20 * step else 4 * NODES)
    return places * end, weights * end
