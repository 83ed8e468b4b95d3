"""Dates and amounts as people write them: read in the one way they can mean, or refused with what would be right."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import cells

HOME = ZoneInfo("Asia/Jerusalem")


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=HOME).timestamp() * 1000)


@pytest.mark.parametrize("typed", [
    "2026-03-31 14:30", "2026-03-31T14:30:00", "31/3/2026 14:30", "31.03.26 14:30", "3/31/2026 2:30 PM", "31 March 2026 14:30", "Mar 31, 2026, 14:30",
    "31 במרץ 2026 14:30", "20260331 14:30", "2026-03-31T11:30:00Z", "2026-03-31 13:30 +02:00", "1774956600", "1774956600000", "\u200f31/3/2026  14:30 "])
def test_one_moment_in_many_hands(typed):
    assert cells.moment(typed, HOME) == (at("2026-03-31 14:30"), True)


def test_a_date_without_a_time_begins_its_day():
    assert cells.moment("31.3.2026", HOME) == (at("2026-03-31"), False)


def test_a_date_that_may_be_two_days_is_read_as_it_is_said_or_not_at_all():
    with pytest.raises(cells.MayBeTwoDays):
        cells.moment("3/4/2026", HOME)
    assert cells.moment("3/4/2026", HOME, day_first=True)[0] == at("2026-04-03")
    assert cells.moment("3/4/2026", HOME, day_first=False)[0] == at("2026-03-04")
    assert cells.moment("4/4/2026", HOME)[0] == at("2026-04-04")


@pytest.mark.parametrize("typed", ["", "soon", "31/31/2026", "2026-02-30", "2026-03-31 25:00", "3/31/2026 13:30 PM", "12", "2026", "1/2", "31 Foo 2026"])
def test_what_is_no_moment_is_refused_with_its_column(typed):
    with pytest.raises(cells.BadCell) as error:
        cells.moment(typed, HOME, day_first=True)
    assert error.value.field == "at" and error.value.message


@pytest.mark.parametrize("dates, order", [
    (["1/2/2026", "31/3/2026"], True), (["1/2/2026", "3/31/2026"], False), (["1/2/2026"], None), (["31/3/2026", "3/31/2026"], "both"), (["2026-03-31"], None)])
def test_the_column_tells_which_of_day_and_month_stands_first(dates, order):
    assert cells.day_order(dates) == order


@given(st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2099, 12, 31).date()))
def test_every_date_comes_back_in_every_form(date):
    there = at(date.isoformat())
    for typed, first in ((f"{date.day}/{date.month}/{date.year}", True), (f"{date.month}/{date.day}/{date.year}", False),
                         (f"{date:%d.%m.%y}", True), (date.isoformat(), None), (f"{date:%d %b %Y}", None)):
        assert cells.moment(typed, HOME, first)[0] == there


@pytest.mark.parametrize("typed, mark, amount, currency", [
    ("1,234", ".", "1234", ""), ("1,234.50", ".", "1234.5", ""), ("1.234,56", ".", "1234.56", ""), ("12,5", ",", "12.5", ""), ("1.234", ",", "1234", ""),
    ("₪1,234.50", ".", "1234.5", "ILS"), ('349.90 ש"ח', ".", "349.9", "ILS"), ("1 234,50 €", ",", "1234.5", "EUR"), ("USD 12", ".", "12", "USD"),
    ("1'234.50", ".", "1234.5", ""), ("-5", ".", "-5", ""), ("1.234.567", ".", "1234567", ""), ("0.5", ".", "0.5", "")])
def test_one_amount_in_many_hands(typed, mark, amount, currency):
    assert cells.amount(typed, mark) == (Decimal(amount), currency)


def test_no_amount_is_none_and_a_fraction_of_three_is_for_currencies_that_have_it():
    assert cells.amount(" ") == (None, "")
    assert cells.amount("1.234", ".", places=3) == (Decimal("1.234"), "")


@pytest.mark.parametrize("typed, mark", [("1.234", "."), ("1,234", ","), ("1,234", ""), ("twelve", "."), ("1,2,3.4", "."), ("12 cows", ".")])
def test_an_amount_that_may_be_two_or_is_none_is_refused(typed, mark):
    with pytest.raises(cells.BadCell) as error:
        cells.amount(typed, mark)
    assert error.value.field == "value"


@given(st.integers(0, 10 ** 11))
def test_every_amount_comes_back_in_both_ways_of_writing_it(cents):
    there = Decimal(cents) / 100
    english = f"{there:,.2f}"
    assert cells.amount(english)[0] == there
    assert cells.amount(english.translate(str.maketrans(",.", ".,")), ",")[0] == there
