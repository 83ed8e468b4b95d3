"""Two rates: the test and both intervals agree with each other, whatever the table."""

import math
import random

import pytest

from experiments.statistics import Rate, Rates, few
from experiments.statistics.curves import critical

CRITICAL = critical(0.05)


def tables(count, seed):
    """Random pairs of Rates of every size and rate, none with few counts."""
    chance = random.Random(seed)
    found = 0
    while found < count:
        n0, n1 = (round(10 ** chance.uniform(1.5, 7)) for _ in "01")
        rate = 10 ** chance.uniform(-4, 0) if chance.random() < 0.7 else 1 - 10 ** chance.uniform(-4, -0.3)
        error = math.sqrt(rate * (1 - rate) * (1 / n0 + 1 / n1))
        x0 = round(n0 * rate)
        x1 = round(n1 * (rate + error * chance.gauss(0, 2.5)))
        if 0 <= x0 <= n0 and 0 <= x1 <= n1 and not few.is_few(Rate(x0, n0), Rate(x1, n1)):
            found += 1
            yield Rates(Rate(x0, n0), Rate(x1, n1))


def leaves_out_zero(interval):
    return interval[0] > 0 or interval[1] < 0


def test_p_is_below_alpha_exactly_when_both_intervals_leave_out_zero():
    for rates in tables(1000, seed=1):
        rejected = rates.p < 0.05
        assert leaves_out_zero(rates.difference_interval(CRITICAL)) == rejected, rates
        assert leaves_out_zero(rates.relative_interval(CRITICAL)) == rejected, rates


def test_intervals_hold_what_was_seen_and_have_a_width():
    for rates in tables(300, seed=2):
        low, high = rates.difference_interval(CRITICAL)
        assert -1 <= low < rates.difference < high <= 1
        low, high = rates.relative_interval(CRITICAL)
        assert -1 <= low < rates.relative < high


def test_swapping_the_variants_flips_the_signs():
    for rates in tables(300, seed=3):
        other = Rates(rates.treatment, rates.control)
        low, high = rates.difference_interval(CRITICAL)
        assert (other.z, other.p) == (-rates.z, rates.p)
        assert other.difference_interval(CRITICAL) == pytest.approx((-high, -low), rel=1e-9, abs=1e-12)
        low, high = rates.relative_interval(CRITICAL)
        assert other.relative_interval(CRITICAL) == pytest.approx((1 / (1 + high) - 1, 1 / (1 + low) - 1), rel=1e-7, abs=1e-9)


def test_abandonment_is_the_mirror_of_conversion():
    def mirror(rate):
        return Rate(rate.visitors - rate.conversions, rate.visitors)

    for rates in tables(300, seed=4):
        other = Rates(mirror(rates.control), mirror(rates.treatment))
        low, high = rates.difference_interval(CRITICAL)
        assert (other.z, other.p, other.difference) == (-rates.z, rates.p, -rates.difference)
        assert other.difference_interval(CRITICAL) == pytest.approx((-high, -low), rel=1e-9, abs=1e-12)
        assert few.is_few(other.control, other.treatment) == few.is_few(rates.control, rates.treatment)


def test_the_ends_are_where_the_test_stands_at_its_critical_value():
    """At a relative change of either end, the statistic against it is the critical value."""
    for rates in tables(300, seed=5):
        low, high = rates.relative_interval(CRITICAL)
        assert rates.z_at(low) == pytest.approx(CRITICAL, rel=1e-6)
        assert rates.z_at(high) == pytest.approx(-CRITICAL, rel=1e-6)


@pytest.mark.parametrize("table", [
    (0, 1, 0, 1), (1, 1, 1, 1), (0, 1, 1, 1), (1, 1, 0, 1), (0, 10**8, 0, 10**8), (10**8, 10**8, 10**8, 10**8), (1, 10**8, 2, 10**8),
    (0, 1000, 1000, 1000), (1000, 1000, 0, 1000), (0, 1000, 0, 10), (0, 10**8, 1, 1), (5000, 10**8, 5200, 10**8), (50_000_000, 10**8, 5, 10)])
def test_extremes_have_numbers_with_a_width_or_none(table):
    x0, n0, x1, n1 = table
    rates = Rates(Rate(x0, n0), Rate(x1, n1))
    assert rates.p is None or 0 < rates.p <= 1
    for interval in (rates.difference_interval(CRITICAL), rates.relative_interval(CRITICAL),
                     few.newcombe(rates.control, rates.treatment, CRITICAL)):
        assert interval is None or (all(map(math.isfinite, interval)) and interval[0] < interval[1])
    assert 0 < few.fisher_p(rates.control, rates.treatment) <= 1
    assert (rates.relative is None) == (x0 == 0) == (rates.relative_interval(CRITICAL) is None)


def test_nobody_is_none():
    rates = Rates(Rate(0, 0), Rate(0, 10))
    assert (rates.difference, rates.relative, rates.z, rates.p, rates.difference_interval(2), rates.relative_interval(2)) == (None,) * 6


def test_merging_days_changes_nothing():
    days = [(Rate(12, 100 + day), Rate(15, 101 + day)) for day in range(20)]
    merged = [sum((pair[side] for pair in days[1:]), days[0][side]) for side in (0, 1)]
    assert merged == [Rate(240, 2190), Rate(300, 2210)]


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="0 to 100, the visitors, not 120"):
        Rate(120, 100)
