"""Assignment: the published hash, the same in the browser, even over all units and independent between experiments."""

import functools
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments import assignment
from experiments.assignment import BUCKETS, Split, bucket, divide, free_share, free_slots, place_in, variant_for

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests/golden/assignment.json").read_text(encoding="utf-8"))
UNITS = 1_000_000
LEAST_P = 1e-4  # the ids are fixed: a p-value below this is no bad luck of a run


@pytest.mark.parametrize("seed, unit, place", GOLDEN["published"] + GOLDEN["buckets"])
def test_every_unit_has_its_golden_place(seed, unit, place):
    assert bucket(seed, unit) == place


@pytest.mark.parametrize("case", GOLDEN["published_ranges"], ids=lambda case: f"{case['weights']} of {case['share']}")
def test_variants_divide_the_line_as_published(case):
    assert [list(each) for each in divide(case["weights"], case["share"])] == case["ranges"]


def test_every_unit_gets_its_golden_variant():
    for case in GOLDEN["variants"]:
        assert variant_for(Split(**case["split"]), case["unit"]) == case["variant"], case


def test_the_browser_gives_the_same():
    ran = subprocess.run([shutil.which("node"), "--test", ROOT / "tracker/test/assign.test.js"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-3000:]


# -- a million units, with numpy: the same arithmetic on columns of bytes

def fnv(texts, value=assignment.OFFSET):
    """FNV-1a of a million texts, from a value on: an array of fixed-width bytes, zero after the end."""
    value = np.full(len(texts), value, np.uint64)
    for column in texts.view(np.uint8).reshape(len(texts), -1).T.astype(np.uint64):
        value = np.where(column, (value ^ column) * np.uint64(assignment.PRIME) & np.uint64(0xFFFFFFFF), value)
    return value


def places(seed, units):
    """Buckets, 0 to 9999, of an array of units as ASCII bytes."""
    after_seed, = fnv(np.array([seed.encode()]))
    return (fnv(fnv(units, after_seed).astype("S10")) % BUCKETS).astype(np.int64)


@pytest.fixture(scope="module", params=["numbers in a row", "ids of 64 bits", "e-mail addresses"])
def units(request):
    numbers = np.arange(UNITS)
    if request.param == "numbers in a row":
        return numbers.astype("S7")
    if request.param == "ids of 64 bits":
        return np.random.default_rng(17).integers(-2**63, 2**63 - 1, UNITS).astype("S20")
    return np.char.add(np.char.add(b"customer", numbers.astype("S7")), b"@shop.example")


@pytest.fixture(scope="module")
def placed(units):
    """places() of a seed, worked out once."""
    return functools.cache(lambda seed: places(seed, units))


def test_numpy_says_what_the_module_says(units):
    some = units[::50_021].copy()
    assert [place / BUCKETS for place in places("short-form", some)] == [bucket("short-form", unit.decode()) for unit in some]


@pytest.mark.parametrize("seed", ["short-form", "short-forms", "a", "group:a"])
def test_a_million_units_lie_evenly(placed, seed):
    found = np.bincount(placed(seed), minlength=BUCKETS)
    assert found.min() > 0
    assert stats.chisquare(found).pvalue > LEAST_P
    assert stats.chisquare(found.reshape(20, -1).sum(axis=1)).pvalue > LEAST_P


@pytest.mark.parametrize("one, other", [("short-form", "short-forms"), ("a", "group:a"), ("a", "short-form")])
def test_experiments_are_independent_of_each_other(placed, one, other):
    first, second = placed(one) // 500, placed(other) // 500  # twentieths of both lines
    table = np.bincount(first * 20 + second, minlength=400).reshape(20, 20)
    assert stats.chi2_contingency(table).pvalue > LEAST_P


# -- shares, weights and groups

@given(st.lists(st.integers(1, 1000), min_size=2, max_size=20), st.floats(0.01, 1))
def test_ranges_never_overlap_and_have_their_share(parts, share):
    weights = [part / sum(parts) for part in parts]
    ranges = divide(weights, share)
    assert all(0 <= start <= end <= 1 for start, end in ranges)
    assert all(one[1] <= other[0] for one, other in zip(ranges, ranges[1:], strict=False))
    assert sum(end - start for start, end in ranges) == pytest.approx(share, abs=len(parts) / BUCKETS)


def test_with_all_the_traffic_every_unit_has_a_variant():
    ranges = divide([1 / 3] * 3)
    assert all(place_in(ranges, n / BUCKETS) is not None for n in range(BUCKETS))


def test_a_share_that_grows_changes_nobodys_variant():
    few, many = divide([0.3, 0.7], 0.2), divide([0.3, 0.7], 0.9)
    for n in range(BUCKETS):
        before = place_in(few, n / BUCKETS)
        assert before in (None, place_in(many, n / BUCKETS))


def test_an_edge_of_decimal_weights_is_where_it_is_written():
    assert place_in(divide([0.1, 0.2, 0.7]), 0.3) == 2


def test_experiments_of_a_group_have_parts_of_its_line_to_themselves():
    first = free_slots([], 0.5)
    second = free_slots(first, 0.3)
    assert (first, second) == (((0.0, 0.5),), ((0.5, 0.8),))
    assert free_slots([*first, *second], 0.3) is None
    assert free_share([*first, *second]) == 0.2


def test_a_gap_that_another_left_is_used_and_ones_own_part_is_kept():
    taken = [(0.0, 0.1), (0.4, 0.6)]
    slots = free_slots(taken, 0.5)
    assert slots == ((0.1, 0.4), (0.6, 0.8))
    assert free_slots(taken, 0.6, own=slots) == ((0.1, 0.4), (0.6, 0.9))
    assert free_slots(taken, 0.2, own=slots) == ((0.1, 0.3),)


def test_a_unit_is_in_one_experiment_of_a_group_at_most():
    slots = free_slots([], 0.5), free_slots([(0.0, 0.5)], 0.5)
    splits = [Split(f"test-{at}", divide([0.5, 0.5]), "group:checkout", each) for at, each in enumerate(slots)]
    for unit in map(str, range(3000)):
        assert [variant_for(split, unit) is not None for split in splits].count(True) == 1
