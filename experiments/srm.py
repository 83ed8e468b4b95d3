"""Is the split the planned one? Sample ratio mismatch, and visitors who saw two variants. Pure.

A test whose split is off has lost visitors of one variant for a reason, and the
reason may be its result. Fabijan et al. (2019), KDD, 2156-2164.
"""

from dataclasses import dataclass

from experiments.statistics.curves import chi_square_tail

BLOCKS, WARNS, FROM = 0.001, 0.01, 100  # p below which the verdict is blocked, or warned of; visitors needed
OK, WARN, BLOCK, FEW = "ok", "warn", "block", "few"


@dataclass(frozen=True)
class Balance:
    """`expected` visitors by variant (None for one of weight zero), chi-square and its p; None with fewer than 100 visitors."""

    state: str  # OK, WARN, BLOCK or FEW
    p: float | None
    statistic: float | None
    df: int
    counts: tuple
    expected: tuple
    where: str = ""  # the segment, "" for all


def balance(counts, weights, where=""):
    """The Balance of visitors by variant against planned weights, which need not add up to 1. Pearson's chi-square (1900).

    A variant of weight zero is left out, with its degree of freedom.

    >>> balance((5000, 5200), (0.5, 0.5)).state, round(balance((5000, 5200), (0.5, 0.5)).p, 6)
    ('ok', 0.04767)
    >>> balance((500, 600, 0), (1, 1, 0)).state
    'warn'
    """
    return over_epochs([(counts, weights)], where)


def over_epochs(epochs, where=""):
    """The Balance over several (counts, weights): weights that were changed begin a new epoch, tested against its own.

    The chi-squares add up, and their degrees of freedom. An epoch with fewer than
    100 visitors is left out of the test, not of the counts.

    >>> over_epochs([((9000, 1000), (0.9, 0.1)), ((5000, 5000), (0.5, 0.5))]).p  # as planned, though 14,000 : 6,000 in all
    1.0
    """
    statistic, df = 0.0, 0
    counts = tuple(map(sum, zip(*(counts for counts, _ in epochs), strict=True)))
    expected = [0.0] * len(counts)
    live = set()
    for seen, weights in epochs:
        shares = [(index, weight / sum(weights)) for index, weight in enumerate(weights) if weight > 0]
        visitors = sum(seen[index] for index, _ in shares)
        for index, share in shares:
            expected[index] += visitors * share
            live.add(index)
        if visitors >= FROM and len(shares) > 1:
            statistic += sum((seen[index] - visitors * share) ** 2 / (visitors * share) for index, share in shares)
            df += len(shares) - 1
    expected = tuple(each if index in live else None for index, each in enumerate(expected))
    if not df:
        return Balance(FEW, None, None, 0, counts, expected, where)
    p = chi_square_tail(statistic, df)
    return Balance(_state(p), p, statistic, df, counts, expected, where)


def by_segment(segments, weights):
    """Balances of (name, counts) of one kind, such as the browsers, worst first; their p multiplied by how many were tested (Bonferroni).

    >>> [(each.where, each.state) for each in by_segment([("Chrome", (5000, 5010)), ("Safari", (1000, 800))], (1, 1))]
    [('Safari', 'block'), ('Chrome', 'ok')]
    """
    found = [balance(counts, weights, name) for name, counts in segments]
    tested = [each for each in found if each.p is not None]
    adjusted = [Balance(_state(min(each.p * len(tested), 1.0)), min(each.p * len(tested), 1.0), *_rest(each)) for each in tested]
    return sorted(adjusted, key=lambda each: (each.p, each.where)) + [each for each in found if each.p is None]


def too_many_in_two(multiple, visitors, weights):
    """True when visitors seen in two variants are enough to doubt the test: at least 10, and 1 % of all, or 0.1 % when the split is uneven.

    An uneven split is hurt sooner: those who fall out are not in the same proportion.

    >>> too_many_in_two(12, 1500, (1, 1)), too_many_in_two(12, 1500, (9, 1)), too_many_in_two(9, 100, (1, 1))
    (False, True, False)
    """
    live = [weight for weight in weights if weight > 0]
    uneven = max(live) - min(live) > 1e-9 * max(live)
    return multiple >= 10 and multiple >= (0.001 if uneven else 0.01) * (visitors + multiple)


def _state(p):
    return BLOCK if p < BLOCKS else WARN if p < WARNS else OK


def _rest(each):
    return each.statistic, each.df, each.counts, each.expected, each.where
