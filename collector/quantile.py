"""The quantile that every report means: a value that was really seen, never one between two. Pure."""

import math


def quantile(values, share):
    """The smallest of the values that so large a share of them does not exceed; None of nothing.

    >>> quantile([4, 2, 1, 3], 0.5), quantile([1, 2, 3, 4], 0.9), quantile([], 0.5)
    (2, 4, None)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
