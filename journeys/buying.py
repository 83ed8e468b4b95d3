"""Who will buy again: the BG/NBD model of repeat buying, fitted to a shop's own customers. Pure.

Fader, Hardie & Lee (2005), "Counting your customers" the easy way, Marketing
Science 24(2), 275-284. While a customer is one, orders come at random at a rate
of his own (over customers a gamma distribution: r, alpha); after each order but
the first he may be gone for good, with a chance of his own (a beta distribution: a, b).
Equation numbers are the paper's. Time is in weeks.

What is known of a customer is how many orders followed the first (`repeats`),
when the last of them was (`recency`, from the first order on) and since when he
was watched (`age`, from the first order to the end).
"""

import math
from functools import lru_cache
from typing import NamedTuple

FEWEST = 50  # customers who ordered again; with fewer the four numbers are mostly chance: tests/journeys/test_buying.py
STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 5.0, 0.8, 2.5), (1.0, 10.0, 0.5, 5.0))  # the best of them counts
LARGEST = 12  # of the logarithm of a parameter: 160,000; beyond it nothing changes any more
POINTS = 64  # at which a mean over customers' chances of leaving is taken


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

    Maximum likelihood (equation 6) over the logarithms of the parameters, with the exact gradient.
    """
    if sum(each.repeats > 0 for each in customers) < FEWEST:
        return None
    import numpy as np
    from scipy.optimize import minimize
    kinds, counts = np.unique(np.array(customers, dtype=float), axis=0, return_counts=True)
    columns = (*np.unique(kinds[:, 0], return_inverse=True), *kinds.T, counts.astype(float))
    found = [minimize(_cost, np.log(start), args=columns, jac=True, method="L-BFGS-B", bounds=[(-LARGEST, LARGEST)] * 4)
             for start in STARTS]
    best = min(found, key=lambda each: each.fun)
    return Model(*(float(each) for each in np.exp(best.x)), -float(best.fun) * len(customers), len(customers))


def _cost(logs, different, which, repeats, recency, age, counts):
    """(minus the mean log-likelihood, its gradient by the logarithms of the parameters).

    `different` are the numbers of repeats that there are, few, and `which` of them is each customer's: what depends
    on them alone is worked out once for each.
    """
    import numpy as np
    from scipy.special import digamma, expit, gammaln
    r, alpha, a, b = np.exp(logs)
    n = counts.sum()
    alive = -(r + repeats) * np.log(alpha + age)
    lost = np.full_like(alive, -np.inf)
    again = repeats > 0
    lost[again] = np.log(a) - np.log(b + repeats[again] - 1) - (r + repeats[again]) * np.log(alpha + recency[again])
    logs_of = ((gammaln(r + different) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + different) - gammaln(b)
                - gammaln(a + b + different))[which] + np.logaddexp(alive, lost))
    gone = expit(lost - alive)  # 1 minus the probability of being alive
    stays = 1 - gone
    by_r = ((digamma(r + different) - digamma(r) + np.log(alpha))[which] - stays * np.log(alpha + age) - gone * np.log(alpha + recency))
    by_alpha = r / alpha - (r + repeats) * (stays / (alpha + age) + gone / (alpha + recency))
    by_a = (digamma(a + b) - digamma(a + b + different))[which] + gone / a
    by_b = ((digamma(a + b) + digamma(b + different) - digamma(b) - digamma(a + b + different))[which]
            - np.divide(gone, b + repeats - 1, out=np.zeros_like(gone), where=again))
    gradient = np.array([(counts * each).sum() * scale for each, scale in zip((by_r, by_alpha, by_a, by_b), (r, alpha, a, b))])
    return -(counts * logs_of).sum() / n, -gradient / n


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
    """(shares of the customers, their chance of leaving after an order), POINTS of each: a beta distribution by its quantiles.

    The mean over it of a smooth function is off by a hundredth of a percent at most (Gauss-Legendre over the quantiles).
    """
    import numpy as np
    from scipy.special import betaincinv
    at, weights = np.polynomial.legendre.leggauss(POINTS)
    return weights / 2, np.maximum(betaincinv(a, b, (at + 1) / 2), 1e-300)
