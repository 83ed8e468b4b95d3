"""Where a function of one number is zero. Pure.

Plain floats: an interval needs some twenty evaluations, and a result page has
hundreds of intervals.
"""


def root(function, low, high, tolerance=1e-14):
    """A zero of a continuous `function` between `low` and `high`, where its values differ in sign or are zero.

    `tolerance` is relative to the root. Chandrupatla (1997), Advances in
    Engineering Software 28, 145-149: inverse quadratic steps where they are safe,
    halving where they are not.

    >>> round(root(lambda x: x * x - 2, 0, 2), 12)
    1.414213562373
    """
    b, a = low, high
    fb, fa = function(b), function(a)
    if fa == 0:
        return a
    c, fc, part = a, fa, 0.5
    for _ in range(200):
        if fb == 0:
            return b
        x = a + part * (b - a)
        fx = function(x)
        if (fx > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, b, fc, fb = b, a, fb, fa
        a, fa = x, fx
        best, value = (a, fa) if abs(fa) < abs(fb) else (b, fb)
        if value == 0:
            return best
        share = (tolerance * abs(best) + 5e-324) / abs(b - a) if b != a else 1.0
        if share >= 0.5:
            return best
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        part = 0.5
        if phi * phi < xi and (1 - phi) ** 2 < 1 - xi:
            part = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        part = min(max(part, share), 1 - share)
    return best
