"""Credit to touchpoints against examples worked out by hand."""

import pytest

from journeys.attribution import credits

# Three ways: a then b and bought, a and left, b and left. By hand:
#   start -> a 2/3, b 1/3;  a -> b 1/2, left 1/2;  b -> bought 1/2, left 1/2
#   P(bought) = (2/3 * 1/2 + 1/3) * 1/2 = 1/3
#   without a: 1/3 * 1/2 = 1/6, so half is lost; without b nothing is left
WAYS = {(("a", "b"), True): 1, (("a",), False): 1, (("b",), False): 1}


def test_what_is_lost_without_a_touchpoint_is_as_counted_by_hand():
    found = credits(WAYS)
    assert found["a"].removal == pytest.approx(1 / 2) and found["b"].removal == pytest.approx(1)


def test_credit_goes_by_what_is_lost_and_adds_up_to_the_conversions():
    found = credits(WAYS)
    assert found["a"].markov == pytest.approx(1 / 3) and found["b"].markov == pytest.approx(2 / 3)


def test_first_last_and_linear_touch():
    found = credits({(("a", "b", "c"), True): 3, (("b", "a"), True): 1, (("c",), False): 5})
    assert [(found[place].first, found[place].last, found[place].linear) for place in "abc"] == [(3, 1, 1.5), (1, 0, 1.5), (0, 3, 1)]


def test_a_loop_is_walked_as_often_as_it_is_in_the_data():
    # start -> a; a -> b 1/2, bought 1/2; b -> a: P(bought) = 1, and b is on half of the ways: without it 1/2 is lost
    found = credits({(("a", "b", "a"), True): 1})
    assert found["a"].removal == pytest.approx(1) and found["b"].removal == pytest.approx(1 / 2)


def test_a_touchpoint_that_follows_itself_is_one():
    assert credits({(("a", "a", "b"), True): 2}) == credits({(("a", "b"), True): 2})


def test_a_touchpoint_nobody_bought_after_gets_nothing():
    found = credits(WAYS | {(("c",), False): 4})
    assert found["c"] == (0, 0, 0, 0, 0)


def test_without_conversions_there_is_nothing_to_give():
    assert credits({(("a",), False): 4})["a"] == (0, 0, 0, 0, 0)
    assert credits({}) == {} and credits({((), True): 3}) == {}


def test_shares_of_all_methods_add_up_to_the_conversions():
    found = credits({(("a", "b", "c", "b"), True): 7, (("b",), True): 2, (("c", "a"), False): 4, (("a",), True): 1})
    for method in ("markov", "first", "last", "linear"):
        assert sum(getattr(credit, method) for credit in found.values()) == pytest.approx(10)
