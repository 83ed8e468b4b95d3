"""Several comparisons at once: Holm for the treatments on the primary metric, Benjamini-Hochberg for the secondary ones. Pure.

A p of None is no test: it stays None and is not counted.
"""


def holm(ps, waiting=0):
    """Adjusted p: comparing each with α keeps the chance of any false finding at α. Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    `waiting` tests that cannot be made yet are counted.

    >>> holm([0.01, 0.04, 0.03, None])
    [0.03, 0.06, 0.06, None]
    """
    order = sorted((index for index, p in enumerate(ps) if p is not None), key=lambda index: ps[index])
    adjusted, highest = [None] * len(ps), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min((len(order) + waiting - rank) * ps[index], 1.0))
        adjusted[index] = highest
    return adjusted


def benjamini_hochberg(ps):
    """Adjusted p: of those at most q, a share of about q is found by chance alone. Benjamini & Hochberg (1995), JRSS B 57, 289-300.

    >>> [round(p, 6) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    order = sorted((index for index, p in enumerate(ps) if p is not None), key=lambda index: ps[index], reverse=True)
    adjusted, lowest = [None] * len(ps), 1.0
    for rank, index in enumerate(order):
        lowest = min(lowest, len(order) / (len(order) - rank) * ps[index])
        adjusted[index] = lowest
    return adjusted


def holm_levels(tests, waiting=0):
    """At which step of Holm's procedure each test is decided: pairs (by how much α is divided there, rejected).

    `tests` are pairs (p, function(division) -> bool: is it rejected at α / division).
    Once one is not rejected the others are not either, and are read at the same level
    as that one. `waiting` tests that cannot be made yet are counted as not rejected.

    >>> at = lambda p: (p, lambda division: p <= 0.05 / division)
    >>> holm_levels([at(0.03), at(0.001), at(0.2)])
    [(2, False), (3, True), (2, False)]
    """
    found, stopped = [None] * len(tests), None
    for rank, index in enumerate(sorted(range(len(tests)), key=lambda index: tests[index][0])):
        division = stopped or len(tests) + waiting - rank
        rejected = stopped is None and tests[index][1](division)
        if not rejected:
            stopped = division
        found[index] = division, rejected
    return found
