"""What is counted of one variant, as exact whole numbers that can be added: Rate, Mean, Ratio, Adjusted. Pure.

Days, segments and epochs are merged by adding, and because nothing is rounded
before the end it makes no difference in which order. Variances come from exact
totals: n Σx² - (Σx)² in integers loses nothing, so a mean of 1e9 with a
deviation of 1 comes out right. Fractions work in place of integers.
"""

from dataclasses import dataclass, fields


class _Addable:
    def __add__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return type(self)(*(_sum(getattr(self, each.name), getattr(other, each.name)) for each in fields(self)))


def _sum(one, other):
    return None if one is None or other is None else one + other


@dataclass(frozen=True)
class Rate(_Addable):
    """Visitors, and how many of them converted (or abandoned, …).

    >>> (Rate(3, 10) + Rate(1, 10)).value
    0.2
    """

    conversions: int
    visitors: int

    def __post_init__(self):
        if not 0 <= self.conversions <= self.visitors:
            raise ValueError(f"conversions must be 0 to {self.visitors}, the visitors, not {self.conversions}")

    @property
    def n(self):
        return self.visitors

    @property
    def value(self):
        """The rate, 0-1, or None without visitors."""
        return self.conversions / self.visitors if self.visitors else None


@dataclass(frozen=True)
class Mean(_Addable):
    """`n` values with their sum and sum of squares; `nonzero` says how many are not 0, None when that is not known.

    >>> Mean(3, 3 * 10**9, 3 * 10**18 + 2).variance  # the values 1e9 - 1, 1e9, 1e9 + 1
    1.0
    """

    n: int
    total: int
    squares: int
    nonzero: int | None = None

    def __post_init__(self):
        if self.n < 0 or self.n * self.squares < self.total * self.total:
            raise ValueError(f"squares must be at least total²/n: no {self.n} values have sum {self.total} and squares {self.squares}")

    @property
    def value(self):
        return float(self.total / self.n) if self.n else None

    @property
    def variance(self):
        """Of the values, with n - 1; None for fewer than two."""
        return float((self.n * self.squares - self.total * self.total) / (self.n * (self.n - 1))) if self.n > 1 else None


@dataclass(frozen=True)
class Ratio(_Addable):
    """Σy / Σx over `n` visitors, such as revenue (y) over orders (x): x = Σx, xx = Σx², y = Σy, yy = Σy², xy = Σxy.

    >>> Ratio(n=4, x=3, xx=5, y=60, yy=2000, xy=100).value
    20.0
    """

    n: int
    x: int
    xx: int
    y: int
    yy: int
    xy: int

    @property
    def value(self):
        return float(self.y / self.x) if self.x else None

    @property
    def variance(self):
        """Of the ratio itself, by the delta method at visitor level; None for fewer than two visitors or x = 0.

        Deng, Knoblich & Lu (2018), KDD, section 3. The residuals y - R x add up
        to zero, so their sum of squares is enough, and it is exact.

        >>> Ratio(n=4, x=4, xx=4, y=10, yy=30, xy=10).variance  # x = 1 for all: the variance of a mean, s²/n
        0.4166666666666667
        """
        if self.n < 2 or not self.x:
            return None
        residuals = self.x**2 * self.yy - 2 * self.x * self.y * self.xy + self.y**2 * self.xx  # times x²
        return float(residuals * self.n / (self.x**4 * (self.n - 1)))


@dataclass(frozen=True)
class Adjusted(_Addable):
    """Values y of `n` visitors beside x, the same visitors' values before they were exposed (CUPED).

    The fields are those of Ratio: x = Σx, xx = Σx², y = Σy, yy = Σy², xy = Σxy.
    """

    n: int
    x: int
    xx: int
    y: int
    yy: int
    xy: int

    @property
    def value(self):
        """The mean of y, not adjusted."""
        return float(self.y / self.n) if self.n else None

    @property
    def unadjusted(self):
        """The Mean of y alone."""
        return Mean(self.n, self.y, self.yy)
