"""Means, ratios and adjusted means: exact sums, Welch, Fieller, and what is withheld."""

import math
import random
from fractions import Fraction

import pytest

from experiments.statistics import Adjusted, Mean, Ratio, contrast
from experiments.statistics.curves import critical
from experiments.statistics.means import of_adjusted, slope_of

CRITICAL = critical(0.05)


def mean_of(values):
    return Mean(len(values), sum(values), sum(value * value for value in values))


def pairs_of(kind, pairs):
    return kind(len(pairs), sum(x for x, _ in pairs), sum(x * x for x, _ in pairs), sum(y for _, y in pairs),
                sum(y * y for _, y in pairs), sum(x * y for x, y in pairs))


def test_a_mean_of_a_billion_with_a_deviation_of_one_comes_out_right():
    values = [10**9 + value for value in (-1, 0, 1, 0, 1, -1)]
    assert mean_of(values).variance == pytest.approx(4 / 5, rel=1e-12)
    means = contrast(mean_of(values), mean_of([value + 1 for value in values]))
    assert means.difference == 1 and means.variance == pytest.approx(2 * 4 / 5 / 6, rel=1e-12)


def test_fractions_are_as_exact_as_whole_numbers():
    values = [Fraction(1, 10), Fraction(2, 10), Fraction(3, 10)]
    assert mean_of(values).variance == 0.01


def test_p_is_below_alpha_exactly_when_the_intervals_leave_out_zero():
    chance = random.Random(1)
    for _ in range(400):
        shift = chance.gauss(0, 120)
        control, treatment = ([round(chance.gauss(1000, 200) + plus) for _ in range(chance.randint(5, 40))] for plus in (0, shift))
        means = contrast(mean_of(control), mean_of(treatment))
        for interval in (means.difference_interval(CRITICAL), means.relative_interval(CRITICAL)):
            assert (interval[0] > 0 or interval[1] < 0) == (means.p < 0.05)


def test_the_ends_of_fiellers_interval_are_where_the_test_stands_at_its_critical_value():
    means = contrast(mean_of([80, 95, 120, 140, 90]), mean_of([130, 150, 110, 190, 175, 160]))
    low, high = means.relative_interval(CRITICAL)
    assert means.z_at(low) == pytest.approx(CRITICAL, rel=1e-9) and means.z_at(high) == pytest.approx(-CRITICAL, rel=1e-9)


@pytest.mark.parametrize(("control", "treatment", "why"), [
    ([-5, -6, -7], [-4, -5, -3], "control_not_positive"), ([-1, 0, 1], [1, 2, 3], "control_not_positive")])
def test_no_relative_change_against_a_control_that_is_not_above_zero(control, treatment, why):
    means = contrast(mean_of(control), mean_of(treatment))
    assert means.relative is None and means.relative_interval(CRITICAL) is None and means.why_no_relative == why
    assert means.difference_interval(CRITICAL)[0] < means.difference < means.difference_interval(CRITICAL)[1]


def test_the_interval_of_the_relative_change_is_withheld_near_zero():
    means = contrast(mean_of([-100, 120, 5, -30, 40]), mean_of([10, 30, -20, 50, 60]))
    assert means.relative is not None and means.relative_interval(CRITICAL) is None


@pytest.mark.parametrize(("control", "treatment"), [([5, 5, 5], [5, 5, 5]), ([5, 5], [7, 7]), ([0, 0, 0], [1, 2, 3]), ([1], [2, 3]), ([], [2, 3])])
def test_without_spread_there_is_no_p_and_no_interval(control, treatment):
    means = contrast(mean_of(control), mean_of(treatment))
    assert (means.z, means.p, means.difference_interval(CRITICAL), means.relative_interval(CRITICAL), means.z_at(-0.02)) == (None,) * 5


def test_squares_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="at least total²/n"):
        Mean(3, 30, 299)


def test_an_order_value_of_one_order_each_is_welch_on_the_orders():
    """With x = 1 for every visitor a ratio is a mean, and its variance by the delta method is s²/n exactly."""
    values = [20, 35, 50, 10, 80], [40, 65, 30, 90, 55, 70]
    ratio = contrast(*(pairs_of(Ratio, [(1, value) for value in each]) for each in values))
    mean = contrast(*map(mean_of, values))
    assert ratio.difference_interval(CRITICAL) == pytest.approx(mean.difference_interval(CRITICAL), rel=1e-12)
    assert ratio.p == pytest.approx(mean.p, rel=1e-12)


def test_a_value_known_before_explains_the_spread_away():
    """y = 3 x + 10 exactly, one more in the treatment: what is left has no spread to speak of."""
    control = [(x, 3 * x + 10 + wobble) for x, wobble in zip(range(40), (0, 1) * 20, strict=True)]
    treatment = [(x + 5, 3 * (x + 5) + 11 + wobble) for x, wobble in zip(range(40), (1, 0) * 20, strict=True)]
    sums = pairs_of(Adjusted, control), pairs_of(Adjusted, treatment)
    adjusted, plain = of_adjusted(*sums, sums), contrast(*(each.unadjusted for each in sums))
    assert slope_of(sums) == pytest.approx(3, abs=0.01)
    assert adjusted.difference == pytest.approx(1, abs=0.1) and plain.difference == 16
    assert adjusted.variance < plain.variance / 1000
    assert adjusted.base == plain.base  # relative to the control's own mean


def test_nothing_known_before_changes_nothing():
    values = [20, 35, 50, 10, 80], [40, 65, 30, 90, 55, 70]
    sums = tuple(pairs_of(Adjusted, [(0, value) for value in each]) for each in values)
    adjusted, plain = of_adjusted(*sums, sums), contrast(*map(mean_of, values))
    assert adjusted.difference_interval(CRITICAL) == pytest.approx(plain.difference_interval(CRITICAL), rel=1e-12)
    assert adjusted.relative_interval(CRITICAL) == pytest.approx(plain.relative_interval(CRITICAL), rel=1e-12)


def test_a_hundred_million_visitors():
    n = 10**8
    means = contrast(Mean(n, 5 * n, 125 * n), Mean(n, 5 * n + 30_000, 125 * n + 300_000))
    assert means.difference == pytest.approx(3e-4) and math.isfinite(means.p) and means.p > 0
    assert contrast(Mean(n, n, 2 * n), Mean(n, 3 * n, 10 * n)).p == 1e-300
