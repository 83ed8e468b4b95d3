"""Filters of an address: read, written back, and refused with a reason. What they choose: tests/journeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from collector import filters
from collector.filters import BadFilter, literal, parse


def test_they_are_read_from_an_address_and_given_back():
    found = parse(MultiDict([("source", "google"), ("source", "bing"), ("device", "!mobile")]))
    assert found and found.query() == {"source": ["google", "bing"], "device": ["!mobile"]}
    assert parse(found.query()) == found
    assert not parse({}) and parse({}) == filters.NONE


def test_an_empty_form_field_is_no_filter_and_a_value_given_twice_is_one():
    assert parse([("source", ""), ("source", "  "), ("country", " IL "), ("country", "IL")]).terms == (("country", "IL"),)


def test_a_cell_replaces_its_key_and_others_stay():
    found = parse({"source": ["google", "bing"], "device": "mobile"})
    assert found.with_("source", "a*b").query() == {"device": ["mobile"], "source": [r"a\*b"]}
    assert found.without("source").query() == {"device": ["mobile"]}
    assert found.without("source", "bing").query() == {"source": ["google"], "device": ["mobile"]}


def test_filters_within_others_mean_both_and_what_no_address_can_say_stands_apart():
    google, phones = parse({"source": "google", "browser": "!Safari"}), parse({"source": "!bing", "device": "mobile"})
    both = google.within(phones)
    assert both.query() == {"source": ["google", "!bing"], "browser": ["!Safari"], "device": ["mobile"]} and not both.apart
    assert google.within(google) == google and filters.NONE.within(both) == both.within(filters.NONE) == both
    clash = both.within(parse({"source": ["g*", "bing", "!goog"], "device": "mobile"}))
    assert clash.apart == ((("source", "g*"), ("source", "bing")),) and clash.query() == both.query() | {"source": ["google", "!bing", "!goog"]}
    assert filters.sql(clash)[0].count("and (source in") == 2
    assert clash.without("source").apart == clash.with_("device", "tv").apart == clash.apart
    assert bool(clash.without("source").without("browser").without("device")), "what stands apart narrows too"


@pytest.mark.parametrize("args, field, says", [
    ({"colour": "red"}, "colour", "is not a filter; write one of source"), ({"source": "x" * 513}, "source", "512 characters"),
    ({"source": "a\0b"}, "source", "zero byte"), ({"source": "!"}, "source", "says not, but not what"),
    ({"source": [str(n) for n in range(21)]}, "source", "20 values are the most")])
def test_a_wrong_filter_says_what_would_be_right(args, field, says):
    with pytest.raises(BadFilter) as error:
        parse(args)
    assert error.value.field == field and says in error.value.message


def test_values_are_bound_and_never_part_of_the_sql():
    for key in [key for key in filters.KEYS if key not in (*filters.CHOICES, "segment", "funnel", "trouble", "cohort", "person")]:  # what binds other values has tests of its own
        fragment, values = filters.sql(parse({key: ["x'; drop table sessions --", "!*[y]?"]}))
        assert "drop" not in fragment and "[y]" not in fragment
        assert set(values.values()) == {"x'; drop table sessions --", "*[[]y][?]"}


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip() == text and "\0" not in text))
def test_a_cell_taken_literally_means_exactly_that_text(text):
    value = literal(text)
    _, values = filters.sql(parse({"source": value}))
    assert not value.startswith("!") and list(values.values()) == [text]


def test_not_set_means_none_and_can_be_meant_literally():
    assert list(filters.sql(parse({"campaign": "(not set)"}))[1].values()) == [""]
    assert list(filters.sql(parse({"campaign": literal("(not set)")}))[1].values()) == ["(not set)"]
    assert literal("") == "(not set)"


@pytest.mark.parametrize("key", filters.CHOICES)
def test_a_filter_of_a_few_words_takes_no_other(key):
    with pytest.raises(BadFilter) as error:
        parse({key: "x' or 1"})
    assert error.value.field == key and ", ".join(filters.CHOICES[key]) in error.value.message


MOBILE = filters.Named("mobile", "On the phone", parse({"device": ["mobile", "tablet"], "source": "!google"}))


def test_a_segment_stands_for_its_filters():
    fragment, values = filters.sql(parse({"country": "IL", "segment": "mobile"}, [MOBILE]))
    alone, own = filters.sql(MOBILE.filters)
    assert list(values.values()) == ["IL", *own.values()] and fragment.count("device in") == 1
    assert "and not ((true and (device" in filters.sql(parse({"segment": "!mobile"}, [MOBILE]))[0]


def test_a_segment_that_is_not_there_is_named():
    for named, says in ((), "there are none. Save"), ([MOBILE], "there are: mobile"):
        with pytest.raises(BadFilter, match=f"old is no segment of this site, or was removed; {says}"):
            parse({"segment": "old"}, named)
