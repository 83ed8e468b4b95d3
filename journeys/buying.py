"""Who will buy again: the BG/NBD model of repeat buying, fitted to a shop's own customers. Pure.

Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing
Science 24(2), 275-284. While a customer is one, orders come at random at a rate
of his own (over customers a gamma distribution: r, alpha); after each order but
the first he may be gone for good, with a chance of his own (a beta distribution: a, b).
Equation numbers are the paper's. Time is in weeks.

What is known of a customer is how many orders followed the first (`repeats`),
when the last of them was (`recency`, from the first order on) and since when he
was watched (`age`, from the first order to the end).

Repeats are whole numbers, so ratios of gamma functions are products and need no
gamma function, and four numbers are soon found: scipy is not asked, as loading
it takes longer than everything here.
"""

import math
from functools import lru_cache
from typing import NamedTuple

FEWEST = 50  # customers who ordered again; with fewer the four numbers are mostly chance: tests/journeys/test_buying.py
STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 5.0, 0.8, 2.5), (1.0, 10.0, 0.5, 5.0))  # the best of them counts
LARGEST = 12  # of the logarithm of what is looked for: 160,000; beyond it nothing changes any more
FLAT = 1e-5  # slope of the mean log-likelihood at which it is as high as it gets, as far as anybody could tell
MOST_STEPS = 200
POINTS = 24  # at which a mean over customers' chances of leaving is taken


class Customer(NamedTuple):
    repeats: int
    recency: float
    age: float


class Model(NamedTuple):
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int


def fit(customers):
    """The Model most likely for these Customers, or None when fewer than FEWEST of them ordered again.

    Maximum likelihood (equation 6), with the exact gradient, over the logarithms of r / alpha, alpha, a / b and b. Orders say much of
    the two ratios, how often customers order and leave, and little of how they differ in it: of r and alpha themselves only a long
    narrow ridge would be seen.
    """
    if sum(each.repeats > 0 for each in customers) < FEWEST:
        return None
    import numpy as np
    of_ratios = np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]])  # logarithms of r, alpha, a, b
    repeats, recency, age = map(np.array, zip(*(each for each in customers if each.repeats)))
    once = np.array([each.age for each in customers if not each.repeats])

    def cost(at):
        value, slope = _cost(of_ratios @ at, repeats, recency, age, once)
        return value, slope @ of_ratios

    least, at = min((_least(cost, np.linalg.solve(of_ratios, np.log(start))) for start in STARTS), key=lambda each: each[0])
    return Model(*(float(each) for each in np.exp(of_ratios @ at)), -float(least) * len(customers), len(customers))


def _least(cost, at):
    """(the least value of a function, where) near `at`, no coordinate beyond LARGEST. Takes a function that gives (value, gradient).

    BFGS: Nocedal & Wright (2006), Numerical Optimization, algorithm 6.1, its first matrix by equation 6.20; steps are halved
    until they bring as much as equation 3.4 asks for. It begins anew where a coordinate comes to its end or leaves it.
    """
    import numpy as np
    value, slope = cost(at)
    inside = None
    for _ in range(MOST_STEPS):
        before, inside = inside, (abs(at) < LARGEST) | (at * slope > 0)
        if before is None or (inside != before).any():
            inverse, first = np.eye(len(at)), True  # of the second derivatives, as far as they are known
        way = np.where(inside, -inverse @ np.where(inside, slope, 0), 0)
        if abs(slope[inside]).max(initial=0) < FLAT or way @ slope >= 0:
            break
        way /= max(1, abs(way).max())  # by a factor of e at most in one step
        while True:
            there = np.clip(at + way, -LARGEST, LARGEST)
            below, slope_there = cost(there)
            if below <= value + 1e-4 * slope @ (there - at):
                break
            if abs(way).max() < 1e-9:
                return value, at
            way = way / 2
        step, turn = there - at, slope_there - slope
        at, value, slope = there, below, slope_there
        if step @ turn > 1e-14:
            if first:
                inverse, first = inverse * (step @ turn / (turn @ turn)), False
            across = np.eye(len(at)) - np.outer(step, turn) / (step @ turn)
            inverse = across @ inverse @ across.T + np.outer(step, step) / (step @ turn)
    return value, at


def _cost(logs, repeats, recency, age, once):
    """(minus the mean log-likelihood, its gradient by the logarithms of the parameters).

    Takes what is known of customers who ordered again, and the ages of those who did not: of them equation 6 is much shorter.
    """
    import numpy as np
    r, alpha, a, b = np.exp(logs)
    n = len(repeats) + len(once)
    log_age, log_recency, logs_once = np.log(alpha + age), np.log(alpha + recency), np.log(alpha + once).sum()
    alive = -(r + repeats) * log_age
    lost = np.log(a) - np.log(b + repeats - 1) - (r + repeats) * log_recency
    more = len(repeats) - np.cumsum(np.bincount(repeats))[:-1]  # customers with more than 0, 1, 2 … repeats
    (of_r, by_r), (of_b, by_b), (of_both, by_both) = (_rising(each, more) for each in (r, b, a + b))
    of_all = n * r * np.log(alpha) - r * logs_once + of_r + of_b - of_both + np.logaddexp(alive, lost).sum()
    stays = np.exp(-np.logaddexp(0, lost - alive))  # the probability of being alive
    gone = 1 - stays
    by_r += n * np.log(alpha) - logs_once - (stays * log_age + gone * log_recency).sum()
    by_alpha = n * r / alpha - r * (1 / (alpha + once)).sum() - ((r + repeats) * (stays / (alpha + age) + gone / (alpha + recency))).sum()
    by_a = gone.sum() / a - by_both
    by_b -= by_both + (gone / (b + repeats - 1)).sum()
    return -of_all / n, -np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b]) / n


def _rising(start, more):
    """(the sum over customers of log of gamma(start + n) / gamma(start), n being each one's repeats, and its derivative by start).

    `more` says how many of them have more than 0, 1, 2 … repeats.
    """
    import numpy as np
    factors = start + np.arange(len(more))
    return more @ np.log(factors), more @ (1 / factors)


def alive(model, customer):
    """The probability that a customer is still one. Who never ordered again is: he had no occasion to leave.

    Equation 2 of Fader, Hardie & Lee (2008), Computing P(alive) using the BG/NBD model.
    """
    if not customer.repeats:
        return 1.0
    ratio = math.log(model.a) - math.log(model.b + customer.repeats - 1) + (model.r + customer.repeats) * (
        math.log(model.alpha + customer.age) - math.log(model.alpha + customer.recency))
    return 1 / (1 + math.exp(min(ratio, 700.0)))


def expected(model, customer, weeks):
    """How many orders to expect of a customer in the weeks to come, given what he did so far. Equation 10."""
    return alive(model, customer) * expected_of_alive(model, customer, weeks)


def expected_of_alive(model, customer, weeks):
    """The same of one who is surely still a customer.

    >>> paper = Model(0.243, 4.414, 0.793, 2.426, -9582.4, 2357)
    >>> round(expected(paper, Customer(2, 30.43, 38.86), 39), 3)
    1.226
    """
    import numpy as np
    shares, leaving = _chances(model.a, model.b + customer.repeats)
    # equation 10's hypergeometric is not a number where a fit ends at its bounds, customers all alike: the mean it stands for always is
    orders = -np.expm1(-(model.r + customer.repeats) * np.log1p(leaving * weeks / (model.alpha + customer.age))) / leaving
    return float(shares @ orders)


@lru_cache(maxsize=1024)
def _chances(a, b):
    """(shares of the customers, their chance of leaving after an order), POINTS of each: a beta distribution as the points and weights
    of Gauss and Jacobi, with which the mean over it of a polynomial is exact and of a smooth function next to it.

    Golub & Welsch (1969), Mathematics of Computation 23, 221-230: points are the eigenvalues of the matrix of the recurrence
    of Jacobi's polynomials (Gautschi, 2004, table 1.1, brought from -1..1 to 0..1).
    """
    import numpy as np
    n, both = np.arange(1, POINTS), a + b
    middle = np.append(a / both, (1 + (a - b) * (both - 2) / ((2 * n + both - 2) * (2 * n + both))) / 2)
    n = n[1:]
    beside = np.append(a * b / (both * both * (both + 1)),
                       n * (n + a - 1) * (n + b - 1) * (n + both - 2) / ((2 * n + both - 2) ** 2 * (2 * n + both - 1) * (2 * n + both - 3)))
    leaving, ways = np.linalg.eigh(np.diag(middle) + np.diag(np.sqrt(beside), -1))  # it reads what is below the diagonal
    return ways[0] ** 2, np.maximum(leaving, 1e-300)
