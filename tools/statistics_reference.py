"""Writes tests/experiments/reference.json: what statsmodels and scipy say of a table of cases, for test_reference.py.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install statsmodels==0.15.0
    /tmp/reference/bin/python tools/statistics_reference.py

It imports nothing of ours. statsmodels' interval of a difference of rates is wrong
in 0.15 (its issue 10269: one coefficient of the cubic names count0 for nobs0), so
that one is inverted here, from the polynomial's roots and scipy's brentq.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

RATES = ((120, 1000, 150, 1000), (100, 1000, 130, 1010), (48, 80, 56, 70), (29, 290, 56, 560), (1200, 10_000, 1180, 10_000),
         (30, 200_000, 55, 199_000), (990, 1000, 970, 1000), (25, 30_000, 5, 30_000), (5_000_000, 10**8, 5_002_500, 10**8), (700, 1400, 20, 45),
         (6, 60, 60, 90), (4000, 5000, 4100, 5000), (1234, 56_789, 1345, 9876), (10, 400, 25, 410))
FEW = ((3, 100, 10, 100), (0, 50, 4, 60), (1, 4, 3, 4), (2, 100_000, 9, 90_000), (0, 20, 0, 10), (5, 1000, 14, 1000))
SPLITS = (((5000, 5200), (0.5, 0.5)), ((900, 120), (0.9, 0.1)), ((3000, 3100, 2950), (1 / 3, 1 / 3, 1 / 3)), ((10**7, 10**7 + 9000), (0.5, 0.5)))
PS = ((0.01, 0.04, 0.03), (0.001, 0.2, 0.013, 0.04, 0.0004), (0.5,), (0.02, 0.02, 0.02))


def restricted(x0, n0, x1, n1, delta):
    """The likeliest control rate, from the roots of the derivative's cubic."""
    def value(p):
        return sum(x * math.log(rate) for x, rate in ((x0, p), (n0 - x0, 1 - p), (x1, p + delta), (n1 - x1, 1 - p - delta)) if x)

    p = np.poly1d([1, 0])
    one, other = p + delta, 1 - p
    cubic = (x0 - n0 * p) * one * (1 - one) + (x1 - n1 * one) * p * other
    low, high = max(0, -delta), min(1, 1 - delta)
    return max((root.real for root in cubic.roots if low < root.real < high and abs(root.imag) < 1e-9), key=value)


def mee(x0, n0, x1, n1, z):
    def statistic(delta):
        p0 = restricted(x0, n0, x1, n1, delta)
        p1 = p0 + delta
        return (x1 / n1 - x0 / n0 - delta) / math.sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)

    seen = x1 / n1 - x0 / n0
    wide = 8 * math.sqrt(max(x0 + x1, 4) * (n0 + n1 - x0 - x1) / (n0 + n1) ** 2 * (1 / n0 + 1 / n1))
    low, high = max(seen - wide, -1 + 1e-9), min(seen + wide, 1 - 1e-9)
    return [brentq(lambda delta: statistic(delta) - z, low, seen, xtol=1e-15, rtol=1e-13),
            brentq(lambda delta: statistic(delta) + z, seen, high, xtol=1e-15, rtol=1e-13)]


def rate_case(x0, n0, x1, n1):
    z, p = proportions_ztest([x1, x0], [n1, n0])
    ratio = confint_proportions_2indep(x1, n1, x0, n0, method="score", compare="ratio", correction=False)
    return {"table": [x0, n0, x1, n1], "z": z, "p": p, "difference": mee(x0, n0, x1, n1, stats.norm.isf(0.025)), "ratio": list(map(float, ratio)),
            "wilson": list(map(float, proportion_confint(x1, n1, method="wilson"))),
            "newcombe": list(map(float, confint_proportions_2indep(x1, n1, x0, n0, method="newcomb", compare="diff")))}


def few_case(x0, n0, x1, n1):
    return {"table": [x0, n0, x1, n1], "fisher": float(stats.fisher_exact([[x0, n0 - x0], [x1, n1 - x1]]).pvalue)}


def values(seed):
    chance = np.random.default_rng(seed)
    n0, n1 = chance.integers(8, 400, 2)
    scale = int(chance.integers(50, 5000))
    before = [np.rint(chance.gamma(2, scale, n)).astype(int) for n in (n0, n1)]
    after = [np.rint(0.6 * x + chance.gamma(1.5, scale, len(x)) + shift).astype(int) for x, shift in zip(before, (0, scale // 5), strict=True)]
    return before, after


def mean_case(seed):
    before, after = values(seed)
    welch = stats.ttest_ind(after[1], after[0], equal_var=False)
    interval = welch.confidence_interval(0.95)
    # Fieller's interval as the roots of its own quadratic in the ratio of the means
    t = stats.t.isf(0.025, welch.df)
    (m0, v0), (m1, v1) = ((y.mean(), y.var(ddof=1) / len(y)) for y in after)
    ratio = sorted(np.roots([m0**2 - t**2 * v0, -2 * m0 * m1, m1**2 - t**2 * v1]).real)
    # CUPED with a pooled slope is the analysis of covariance
    treated = np.concatenate([np.zeros(len(after[0])), np.ones(len(after[1]))])
    fit = sm.OLS(np.concatenate(after), sm.add_constant(np.column_stack([treated, np.concatenate(before)]))).fit()
    # the ratio Σ after / Σ before by the delta method: the variance of its linear part, visitor by visitor
    ratios = [y.sum() / x.sum() for x, y in zip(before, after, strict=True)]
    variances = [((y - r * x) / x.mean()).var(ddof=1) / len(x) for x, y, r in zip(before, after, ratios, strict=True)]
    sums = [[len(x), int(x.sum()), int((x**2).sum()), int(y.sum()), int((y**2).sum()), int((x * y).sum())]
            for x, y in zip(before, after, strict=True)]
    return {"sums": sums, "t": float(welch.statistic), "df": float(welch.df), "p": float(welch.pvalue), "difference": [interval.low, interval.high],
            "ratio_of_means": ratio, "cuped": fit.params[1], "slope": fit.params[2], "ratio": ratios, "ratio_variance": variances}


def main():
    found = {
        "made_by": {"python": sys.version.split()[0], "statsmodels": statsmodels.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "rates": [rate_case(*table) for table in RATES], "few": [few_case(*table) for table in FEW], "means": [mean_case(seed) for seed in range(8)],
        "splits": [{"counts": counts, "weights": weights,
                    "p": float(stats.chisquare(counts, np.array(weights) / sum(weights) * sum(counts)).pvalue)} for counts, weights in SPLITS],
        "corrections": [{"ps": ps, "holm": list(map(float, multipletests(ps, method="holm")[1])),
                         "bh": list(map(float, multipletests(ps, method="fdr_bh")[1]))} for ps in PS],
    }
    (Path(__file__).resolve().parents[1] / "tests/experiments/reference.json").write_text(json.dumps(found, indent=1, default=float) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
