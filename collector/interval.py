"""The interval of a rate, for every room. Pure."""

import math


def wilson(part, whole, z=1.959964):
    """The 95 % interval of a rate, as (low, high), or (None, None) of nothing. A part that is more than the whole, since a session
    came in between two questions, is all of it.

    Wilson (1927), Journal of the American Statistical Association 22, 209-212.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if not whole:
        return None, None
    share, square = min(1.0, part / whole), z * z / whole
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / whole + square / whole / 4)
    return max(0.0, centre - half), min(1.0, centre + half)
