"""Agreement with other programs and with published examples, 1e-6 relative. tools/statistics_reference.py says which versions made the numbers."""

import json
from pathlib import Path

import pytest

from experiments import corrections, power, spending, srm
from experiments.statistics import Adjusted, Mean, Rate, Rates, Ratio, contrast, few
from experiments.statistics.curves import critical, normal_quantile
from experiments.statistics.means import of_adjusted, slope_of
from experiments.statistics.posterior import readings
from experiments.statistics.rates import wilson

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
Z = critical(0.05)


def near(value, rel=1e-6):
    return pytest.approx(value, rel=rel, abs=1e-300)


@pytest.mark.parametrize("case", REFERENCE["rates"], ids=lambda case: "-".join(map(str, case["table"])))
def test_two_rates_agree_with_statsmodels(case):
    x0, n0, x1, n1 = case["table"]
    rates = Rates(Rate(x0, n0), Rate(x1, n1))
    assert (rates.z, rates.p) == (near(case["z"]), near(case["p"]))
    assert rates.difference_interval(Z) == near(case["difference"])
    assert [1 + end for end in rates.relative_interval(Z)] == near(case["ratio"])
    assert wilson(rates.treatment, Z) == near(case["wilson"])
    assert few.newcombe(rates.control, rates.treatment, Z) == near(case["newcombe"])


@pytest.mark.parametrize("case", REFERENCE["few"], ids=lambda case: "-".join(map(str, case["table"])))
def test_fishers_p_agrees_with_scipy(case):
    x0, n0, x1, n1 = case["table"]
    assert few.fisher_p(Rate(x0, n0), Rate(x1, n1)) == near(case["fisher"])


@pytest.mark.parametrize("case", REFERENCE["means"], ids=lambda case: str(case["sums"][0][0]))
def test_means_ratios_and_adjusted_means_agree_with_scipy_and_statsmodels(case):
    means = [Mean(n, y, yy) for n, x, xx, y, yy, xy in case["sums"]]
    found = contrast(*means)
    assert (found.df, found.p) == (near(case["df"]), near(case["p"]))
    assert found.difference_interval(Z) == near(case["difference"])
    assert [1 + end for end in found.relative_interval(Z)] == near(case["ratio_of_means"])
    adjusted = [Adjusted(*each) for each in case["sums"]]
    assert (of_adjusted(*adjusted, adjusted).difference, slope_of(adjusted)) == (near(case["cuped"]), near(case["slope"]))
    ratios = [Ratio(*each) for each in case["sums"]]
    assert [each.value for each in ratios] == near(case["ratio"])
    assert [each.variance for each in ratios] == near(case["ratio_variance"])


@pytest.mark.parametrize("case", REFERENCE["splits"], ids=lambda case: str(case["counts"]))
def test_the_split_agrees_with_scipy(case):
    assert srm.balance(case["counts"], case["weights"]).p == near(case["p"])


@pytest.mark.parametrize("case", REFERENCE["corrections"], ids=lambda case: str(case["ps"]))
def test_corrections_agree_with_statsmodels(case):
    assert corrections.holm(case["ps"]) == near(case["holm"])
    assert corrections.benjamini_hochberg(case["ps"]) == near(case["bh"])


# -- published

@pytest.mark.parametrize(("table", "interval"), [
    ((56, 70, 48, 80), (0.0533, 0.3377)), ((9, 10, 3, 10), (0.1821, 0.8370)), ((6, 7, 2, 7), (0.0544, 0.8478)),
    ((5, 56, 0, 29), (-0.0313, 0.1926)), ((0, 10, 0, 20), (-0.1611, 0.2775)), ((0, 10, 0, 10), (-0.2775, 0.2775))])
def test_mees_interval_is_that_of_newcombes_table(table, interval):
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 5."""
    x1, n1, x0, n0 = table
    assert Rates(Rate(x0, n0), Rate(x1, n1)).difference_interval(Z) == pytest.approx(interval, abs=6e-5)


def test_the_interval_of_7_of_34_against_1_of_34_is_that_of_fagerland():
    """Fagerland, Lydersen & Laake (2015), Statistical Methods in Medical Research 24, 224-254: 0.028 to 0.34."""
    assert Rates(Rate(1, 34), Rate(7, 34)).difference_interval(Z) == pytest.approx((0.028, 0.34), abs=6e-3)


def test_the_bounds_of_five_equal_looks_are_the_published_ones():
    """O'Brien-Fleming-type spending, two-sided 0.05: Reboussin et al. (2000), and gsDesign's sfLDOF."""
    assert spending.bounds((0.2, 0.4, 0.6, 0.8, 1.0), 0.05) == pytest.approx((4.877, 3.357, 2.680, 2.290, 2.031), abs=6e-4)
    assert spending.bounds((0.5, 1.0), 0.05) == pytest.approx((2.963, 1.969), abs=6e-4)


def test_one_look_at_the_end_is_the_ordinary_test():
    assert spending.bounds((1.0,), 0.05)[0] == near(Z)


def test_the_plan_is_the_formula():
    """(1.959964 + 0.841621)² (0.0291 + 0.031911) / 0.003² = 53,207.6"""
    assert (normal_quantile(0.025) + normal_quantile(0.2)) ** 2 * (0.0291 + 0.031911) / 0.003**2 == near(53207.6, 1e-5)
    assert power.for_rates(0.03, 0.1).each == (53208, 53208)


def test_what_a_plan_needs_is_what_can_be_detected():
    for baseline, change, weights in ((0.03, 0.1, (1, 1)), (0.5, 0.02, (0.8, 0.2)), (0.001, 1.5, (1, 1, 1))):
        needed = power.for_rates(baseline, change, weights=weights).visitors
        assert power.detectable(baseline, needed, weights=weights) == near(change, 1e-3)
        assert power.chance(baseline, change, needed, weights=weights) == pytest.approx(0.8, abs=1e-3)


def test_the_chance_to_be_best_is_the_closed_form():
    """Miller (2015): P(B > A) = Σ B(a + i, b + d) / ((d + i) B(1 + i, d) B(a, b)), i below c; here 5/10 against 8/10 by fractions."""
    from fractions import Fraction
    from math import factorial

    def beta(a, b):
        return Fraction(factorial(a - 1) * factorial(b - 1), factorial(a + b - 1))

    a, b, c, d = 6, 6, 9, 3
    exact = sum(beta(a + i, b + d) / ((d + i) * beta(1 + i, d) * beta(a, b)) for i in range(c))
    assert readings([Rate(5, 10), Rate(8, 10)])[1].best == near(float(exact), 1e-9)
