"""The arithmetic of two variants: counts in, tests and intervals out. Pure; nothing here knows an experiment.

    sums       what is counted of one variant: Rate, Mean, Ratio, Adjusted
    rates      two conversion rates: score test and the intervals that invert it; Wilson
    few        the same when there are few conversions: Fisher, Newcombe
    means      two means, ratios or adjusted means: Welch and Fieller
    posterior  the second reading: chance to be best, expected loss
    curves     the distributions;   roots  where a function is zero

Rates and Means answer the same questions (difference, relative, z, intervals),
so that experiments.verdict asks them without knowing which is which. Everything
is a plain float; what cannot be known is None, never NaN and never p = 0.
"""

from experiments.statistics.means import Means, of_adjusted, of_means, of_ratios
from experiments.statistics.rates import Rates
from experiments.statistics.sums import Adjusted, Mean, Rate, Ratio

__all__ = ["Adjusted", "Mean", "Means", "Rate", "Rates", "Ratio", "contrast"]


def contrast(control, treatment, everyone=()):
    """The comparison of two sums of one kind: a Rates or a Means.

    `everyone` are the sums of all variants, which share the slope of Adjusted ones.

    >>> contrast(Rate(120, 1000), Rate(150, 1000)).difference
    0.03
    """
    if isinstance(control, Rate):
        return Rates(control, treatment)
    if isinstance(control, Mean):
        return of_means(control, treatment)
    if isinstance(control, Ratio):
        return of_ratios(control, treatment)
    return of_adjusted(control, treatment, everyone or (control, treatment))
