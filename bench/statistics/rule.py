"""The judge's decision for thousands of experiments at once: the same rule as experiments.verdict, on arrays.

tests/experiments/test_simulations.py compares it with judge() itself, table by
table. Boundaries are the product's own where they are one number a look; only what
differs between experiments is written again for arrays.
"""

import numpy as np
from scipy.special import chdtri, ndtri, stdtr

from experiments import srm, verdict
from experiments.sequential import HYBRID, RUNNING
from experiments.statistics import few


def block(df):
    """The chi-square above which p is below the one that blocks a verdict."""
    return float(chdtri(df, srm.BLOCKS))


def rate_z(x0, n0, x1, n1):
    """The pooled score statistic, NaN where there are too few counts."""
    x0, n0, x1, n1 = (np.asarray(each, dtype=float) for each in (x0, n0, x1, n1))  # products of four counts overflow 64 bits
    x, n = x0 + x1, n0 + n1
    one = np.minimum(np.minimum(x0, x1), np.minimum(n0 - x0, n1 - x1))
    both = np.minimum(x, n - x)
    enough = (one >= few.IN_ONE) & (both >= few.IN_ALL)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (x1 * n0 - x0 * n1) * np.sqrt(n / (n0 * n1 * x * (n - x)))
    return np.where(enough, z, np.nan)


def mean_z(n0, total0, squares0, n1, total1, squares1):
    """Welch's t as the z with the same tail."""
    v0, v1 = ((squares - total**2 / n) / (n - 1) / n for n, total, squares in ((n0, total0, squares0), (n1, total1, squares1)))
    t = (total1 / n1 - total0 / n0) / np.sqrt(v0 + v1)
    df = (v0 + v1) ** 2 / (v0**2 / (n0 - 1) + v1**2 / (n1 - 1))
    return -np.sign(t) * ndtri(stdtr(df, -np.abs(t)))


def decide(z, visitors, plan, day, weights=None, enough=True):
    """For each experiment and treatment: 1 better, -1 worse, 0 neither, at one look.

    `z` is (experiments, treatments), NaN where there is too little; `visitors`
    (experiments, variants), the control first; `day` the days since the start.
    """
    count = visitors.shape[1]
    weights = np.full(count, 1 / count) if weights is None else np.asarray(weights)
    total = int(visitors[0].sum())
    stage = plan.stage(total)
    expected = total * weights
    balanced = ((visitors - expected) ** 2 / expected).sum(axis=1) <= block(count - 1) if total >= srm.FROM else True
    usable = balanced & (visitors.min(axis=1) >= verdict.VISITORS) & (day >= verdict.DAYS) & enough
    pair = visitors[:, :1] + visitors[:, 1:]
    shares = weights[0] + weights[1:]
    strength = np.where(np.isnan(z), -np.inf, _strength(z, pair, plan, stage, shares))
    going = np.asarray(usable).copy()
    found = np.zeros(z.shape, dtype=int)
    rows = np.arange(len(z))
    for rank, turn in enumerate(np.argsort(-strength, axis=1, kind="stable").T):
        bound = _critical(plan, stage, count - 1 - rank, pair[rows, turn], shares[turn])
        going = going & (np.abs(z[rows, turn]) > bound)
        found[rows, turn] = np.where(going, np.sign(z[rows, turn]), 0)
    return found


def _strength(z, pair, plan, stage, shares):
    """What Holm's procedure takes its turns by: larger for a smaller p."""
    if stage == RUNNING and plan.rule == HYBRID:
        information = pair * np.array([plan.tuning(share) for share in shares])
        return z**2 * information / (2 * (information + 1)) - np.log(information + 1) / 2
    return np.abs(z)


def _critical(plan, stage, tests, pair, shares):
    if stage == RUNNING and plan.rule == HYBRID:
        information = pair * np.array([plan.tuning(share) for share in shares])
        return np.sqrt(2 * (information + 1) / information * np.log(np.sqrt(information + 1) / (plan.level(RUNNING) / tests)))
    bound = plan.critical(stage, tests, 1)
    return np.inf if bound is None else bound
