"""Made-up experiments: cumulative counts by day, for many at once. Each takes a numpy Generator, so that a seed gives the same again."""

import numpy as np

DAYS = 28


def rates(chance, experiments, per_day, truths, days=DAYS):
    """(conversions, visitors), each (experiments, days, variants), running sums. `per_day` visitors come to all variants together."""
    count = len(truths)
    visitors = chance.multinomial(per_day, np.full(count, 1 / count), size=(experiments, days))
    return chance.binomial(visitors, truths).cumsum(axis=1), visitors.cumsum(axis=1)


def revenue(chance, experiments, per_day, sigma, buyers=0.03, first_look=7, days=DAYS):
    """(visitors, totals, squares, buyers) of two equal variants, running sums as above; lognormal orders, one a buyer.

    Capped at the pooled 99.9 % quantile of the orders until the first look, and frozen there.
    """
    visitors = chance.multinomial(per_day, [0.5, 0.5], size=(experiments, days))
    orders = chance.binomial(visitors, buyers)
    flat = orders.ravel()
    ends = flat.cumsum()
    values = chance.lognormal(3.0, sigma, size=ends[-1])
    starts = np.concatenate([[0], ends[:-1]]).reshape(orders.shape)
    for each in range(experiments):
        begin, seen = starts[each, 0, 0], starts[each, first_look, 0]
        end = starts[each + 1, 0, 0] if each + 1 < experiments else ends[-1]
        if seen > begin:
            np.minimum(values[begin:end], np.quantile(values[begin:seen], 0.999), out=values[begin:end])
    running = np.concatenate([[0.0], values.cumsum()]), np.concatenate([[0.0], (values**2).cumsum()])
    sums = [(each[ends] - each[np.concatenate([[0], ends[:-1]])]).reshape(orders.shape).cumsum(axis=1) for each in running]
    return visitors.cumsum(axis=1), *sums, orders.cumsum(axis=1)


def sessions(chance, experiments, per_day, rate, each=3, likeness=0.3, days=DAYS):
    """((visitors who converted, visitors), (sessions that converted, sessions)) of two equal variants.

    Every visitor has `each` sessions; his own rate is drawn from a Beta with mean
    `rate`, `likeness` being the correlation between two sessions of one visitor.
    """
    a = rate * (1 / likeness - 1)
    b = (1 - rate) * (1 / likeness - 1)
    visitors = chance.multinomial(per_day, [0.5, 0.5], size=(experiments, days))
    # how many of his sessions convert: Beta-binomial, the same for every visitor
    from scipy.special import betaln, comb
    chances = np.array([comb(each, k) * np.exp(betaln(k + a, each - k + b) - betaln(a, b)) for k in range(each + 1)])
    counts = chance.multinomial(visitors, chances / chances.sum())
    converted, done = visitors - counts[..., 0], (counts * np.arange(each + 1)).sum(axis=-1)
    return (converted.cumsum(axis=1), visitors.cumsum(axis=1)), (done.cumsum(axis=1), visitors.cumsum(axis=1) * each)
