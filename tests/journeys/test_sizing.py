"""Differences between those who met something and others like them: against a published example, by hand, and over many random sites."""

import random

import pytest

from collector import events
from journeys import judging, pain, sizing
from journeys.seen import Sign
from journeys.sizing import Stratum, chance, compare, holm
from tests.journeys.random_site import random_site, seen


def test_one_stratum_is_newcombes_first_example():
    found = compare([Stratum(70, 56, 80, 48)])
    assert (round(found.difference, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)


def test_the_others_are_weighted_as_those_who_met_it_are_spread():
    # 40 on telephones (others convert 10 %), 10 on computers (others 50 %): by hand 0.8 * 0.1 + 0.2 * 0.5
    found = compare([Stratum(40, 4, 200, 20), Stratum(10, 5, 50, 25)])
    assert found.others_rate == pytest.approx(0.18) and found.rate == pytest.approx(0.18) and found.chance == pytest.approx(1)


def test_a_worse_device_is_not_laid_at_the_door_of_what_happens_on_it():
    # met mostly on telephones, where everybody converts less: no difference within either
    found = compare([Stratum(900, 27, 100, 3), Stratum(100, 30, 900, 270)])
    assert found.difference == pytest.approx(0, abs=1e-12)


def test_who_has_nobody_alike_is_left_out_and_counted():
    found = compare([Stratum(50, 5, 50, 10), Stratum(7, 7, 0, 0), Stratum(0, 0, 900, 900)])
    assert (found.met, found.alone, found.converted, found.others) == (50, 7, 5, 50)


@pytest.mark.parametrize("strata", [[], [Stratum(29, 5, 500, 50)], [Stratum(500, 50, 29, 5)], [Stratum(100, 0, 100, 4)]])
def test_too_few_sessions_or_conversions_are_no_answer(strata):
    assert compare(strata) is None


@pytest.mark.parametrize("numbers", [(0, 40, 30, 100), (3, 40, 30, 100), (56, 70, 48, 80), (10, 100, 10, 101)])
def test_the_chance_is_under_five_percent_exactly_where_the_interval_excludes_zero(numbers):
    part, whole, other, of = numbers
    found = compare([Stratum(whole, part, of, other)])
    assert (found.chance < 0.05) == (found.low > 0 or found.high < 0)


def test_holm_is_what_r_says():
    # p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") in R
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([]) == []


def test_equal_rates_have_chance_one():
    assert chance(5, 50, 10, 100) == 1


def test_of_random_sites_without_effects_at_most_one_in_twenty_is_told_of_anything():
    rng = random.Random(20261125)
    alarms = looked_at = 0
    for _ in range(200):
        rows = judging.judge(random_site(rng), 30)
        looked_at += sum(row.verdict != pain.FEW for row in rows)
        alarms += any(row.verdict == pain.FOUND for row in rows)
    assert looked_at > 200 * 8  # there was enough to be wrong about
    assert alarms <= 10


def test_a_trouble_that_halves_conversion_is_found_among_them():
    rng = random.Random(7)
    found = 0
    for _ in range(20):
        site = random_site(rng, sessions=3000, troubled="#broken", keeps=0.3)
        found += any(row.verdict == pain.FOUND and row.what == "#broken" for row in judging.judge(site, 30))
    assert found >= 18


def test_nothing_is_found_where_those_who_met_it_convert_more():
    visits = [((1, 1), ("/a",), number % 10 < (8 if number < 200 else 2), 0) for number in range(1000)]
    row, = judging.judge(seen(visits, signs=tuple(Sign(number, "/a", events.DEAD, "#keen", "Keen") for number in range(200))), 30)
    assert row.verdict == pain.NO_LESS and row.difference > 0.5 and sizing.LEVEL > row.chance

