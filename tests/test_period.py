"""Days of a site: borders, clock changes, and what a period is compared with. Dates by the calendar, not by our code."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import period as periods
from collector.period import HOUR, BadPeriod, day_of, day_start, hour_of, parse

JERUSALEM = ZoneInfo("Asia/Jerusalem")
NOW = int(datetime(2026, 3, 20, 12, tzinfo=JERUSALEM).timestamp() * 1000)  # a Friday


def instant(text, zone=JERUSALEM):
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.mark.parametrize("name, first, last", [
    ("", "2026-02-19", "2026-03-20"), ("today", "2026-03-20", "2026-03-20"), ("yesterday", "2026-03-19", "2026-03-19"),
    ("7d", "2026-03-14", "2026-03-20"), ("30d", "2026-02-19", "2026-03-20"), ("90d", "2025-12-21", "2026-03-20"),
    ("month", "2026-03-01", "2026-03-20"), ("last-month", "2026-02-01", "2026-02-28"), ("year", "2026-01-01", "2026-03-20"),
    ("2026-01-31", "2026-01-31", "2026-01-31"), ("2025-12-30..2026-01-02", "2025-12-30", "2026-01-02")])
def test_a_name_means_these_days_both_in_it(name, first, last):
    found = parse(name, JERUSALEM, NOW)
    assert (str(found.first_date), str(found.last_date)) == (first, last)
    assert found.start == instant(first + " 00:00")
    assert found.end == instant(str(date.fromisoformat(last) + timedelta(days=1)) + " 00:00")
    assert found.name == (name or "30d")


@pytest.mark.parametrize("name, first, last", [
    ("today", "2026-03-19", "2026-03-19"), ("7d", "2026-03-07", "2026-03-13"), ("30d", "2026-01-20", "2026-02-18"),
    ("month", "2026-02-01", "2026-02-20"), ("last-month", "2026-01-01", "2026-01-31"), ("year", "2025-01-01", "2025-03-20"),
    ("2026-03-10..2026-03-12", "2026-03-07", "2026-03-09")])
def test_the_period_before(name, first, last):
    before = parse(name, JERUSALEM, NOW).previous()
    assert (str(before.first_date), str(before.last_date)) == (first, last)
    assert before.end <= parse(name, JERUSALEM, NOW).start


def test_a_month_is_compared_with_a_shorter_one_to_its_last_day():
    before = parse("month", JERUSALEM, instant("2026-03-31 12:00")).previous()
    assert str(before.last_date) == "2026-02-28"
    leap = parse("year", JERUSALEM, instant("2028-02-29 12:00")).previous()
    assert str(leap.last_date) == "2027-02-28"


def test_which_day_today_is_depends_on_the_site_and_not_on_greenwich():
    late = instant("2026-03-20 23:30", ZoneInfo("UTC"))
    assert str(parse("today", ZoneInfo("UTC"), late).first_date) == "2026-03-20"
    assert str(parse("today", JERUSALEM, late).first_date) == "2026-03-21"


def test_a_period_is_over_when_its_last_day_is():
    assert not parse("today", JERUSALEM, NOW).over
    assert parse("yesterday", JERUSALEM, NOW).over
    assert not parse("7d", JERUSALEM, NOW).over and parse("7d", JERUSALEM, NOW).previous().over
    midnight = instant("2026-03-20 00:00")
    assert parse("2026-03-19", JERUSALEM, midnight).over and not parse("2026-03-19", JERUSALEM, midnight - 1).over


@pytest.mark.parametrize("text, says", [
    ("sometime", "is unknown; write one of today, yesterday"), ("2026-03-05..2026-03-01", "write the earlier day first"),
    ("2026-02-30", "no day of the calendar"), ("1999-12-31", "can be asked for"), ("2000-01-01..2026-01-01", "3660 days"),
    ("2026-3-1", "is unknown"), ("٢٠٢٦-٠٣-٠١", "is unknown"), ("2026-03-01..", "is unknown"), ("0d", "is unknown")])
def test_a_wrong_period_says_what_would_be_right(text, says):
    with pytest.raises(BadPeriod) as error:
        parse(text, JERUSALEM, NOW)
    assert error.value.field == "period" and says in error.value.message


# Israel, 2026: on 27 March 02:00 becomes 03:00, on 25 October 02:00 becomes 01:00 (the Time Determination Law)
def test_a_day_has_23_or_25_hours_when_the_clock_changes():
    assert parse("2026-03-27", JERUSALEM, NOW).hours() == 23
    assert parse("2026-10-25", JERUSALEM, NOW).hours() == 25
    assert parse("2026-03-26", JERUSALEM, NOW).hours() == 24


def test_the_hour_that_comes_twice_has_two_numbers():
    once = int(datetime(2026, 10, 25, 1, 30, tzinfo=JERUSALEM, fold=0).timestamp() * 1000)
    again = int(datetime(2026, 10, 25, 1, 30, tzinfo=JERUSALEM, fold=1).timestamp() * 1000)
    assert again - once == HOUR
    assert (hour_of(once, JERUSALEM), hour_of(again, JERUSALEM)) == (1, 2)
    assert hour_of(instant("2026-10-25 23:59"), JERUSALEM) == 24


def test_the_hour_that_never_comes_has_no_number():
    assert hour_of(instant("2026-03-27 01:59"), JERUSALEM) == 1
    assert hour_of(instant("2026-03-27 03:00"), JERUSALEM) == 2
    assert hour_of(instant("2026-03-27 23:59"), JERUSALEM) == 22


def test_where_midnight_is_jumped_over_the_day_begins_with_the_jump():
    cairo = ZoneInfo("Africa/Cairo")  # on 24 April 2026 00:00 becomes 01:00
    day = day_of(instant("2026-04-24 12:00", cairo), cairo)
    assert datetime.fromtimestamp(day_start(day, cairo) / 1000, UTC) == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert day_of(day_start(day, cairo) - 1, cairo) == day - 1


@given(at=st.integers(946684800000, 4102444800000),
       zone=st.sampled_from(["Asia/Jerusalem", "UTC", "Africa/Cairo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
                             "Pacific/Apia", "America/Santiago", "Atlantic/Azores"]))
def test_every_instant_is_in_one_day_and_days_follow_one_another(at, zone):
    zone = ZoneInfo(zone)
    day = day_of(at, zone)
    assert day_start(day, zone) <= at < day_start(day + 1, zone)
    assert 0 <= hour_of(at, zone) <= 24
    found = periods.of_dates(periods.date_of(day), periods.date_of(day), zone)
    assert found.includes(at) and found.first_session <= at << 22 < found.end_session
