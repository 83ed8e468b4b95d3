"""A journey is read strictly, keeps its numbers, and every mistake is said at its field."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import presets, stages
from collector.stages import BadJourney, Rule, as_dict, read
from collector.wildcard import fits


def journey(*touchpoints, key="main"):
    """A journey with one stage; touchpoints as (key, [(kind, value), …])."""
    return {"key": key, "name": "Main", "stages": [{"key": "awareness", "name": "Awareness", "touchpoints": [
        {"key": name, "name": name.title(), "rules": [{"kind": kind, "value": value} for kind, value in rules]}
        for name, rules in touchpoints]}]}


def wrong(mapping):
    """{field: sentence} of all that is wrong."""
    with pytest.raises(BadJourney) as error:
        read(mapping)
    return {each.field: each.message for each in error.value.errors}


def test_a_journey_is_read_and_given_back():
    found = read(journey(("search", [("channel", "Organic Search")]), ("fair", [])))
    assert found.stages[0].touchpoints[0].rules == (Rule("channel", "Organic Search"),)
    assert read(as_dict(found)) == found
    assert [touchpoint.number for touchpoint in found.touchpoints] == [2, 3] and found.stages[0].number == 1


@pytest.mark.parametrize("name", presets.STAGES)
def test_the_presets_are_journeys_themselves(name):
    found = presets.preset(name)
    assert read(as_dict(found)) == found and len(found.stages) == 5
    assert {stage.key for stage in found.stages if not stage.is_measured} == set()


def test_every_mistake_is_said_at_its_field():
    said = wrong({"key": "Main", "name": "", "colour": "red", "stages": [
        {"key": "leave", "name": "Leave", "touchpoints": [
            {"key": "search", "name": "Search", "rules": [
                {"kind": "weather", "value": "rain"}, {"kind": "page", "value": "/blog/**"}, {"kind": "page", "value": "cart"},
                {"kind": "channel"}, {"kind": "repeat_visit", "value": "twice"}]}]}]})
    where = "stages[0].touchpoints[0].rules"
    assert "small letters" in said["key"] and said["name"] == "is missing" and "unknown" in said["colour"]
    assert "write one of channel" in said[f"{where}[0].kind"] and "one * stands" in said[f"{where}[1].value"]
    assert "/cart" in said[f"{where}[2].value"] and "is missing" in said[f"{where}[3].value"] and "order" in said[f"{where}[4].value"]
    assert "word of transitions" in wrong({"key": "a", "name": "A", "stages": [{"key": "leave", "name": "Leave"}]})["stages[0].key"]


def test_two_touchpoints_with_one_rule_are_both_named():
    said = wrong(journey(("search", [("channel", "Direct")]), ("fair", [("channel", "Direct")])))
    assert list(said) == ["stages[0].touchpoints[1].rules[0].value"]
    assert "in Fair and in Search" in next(iter(said.values()))


def test_keys_stand_once_and_lists_have_their_limits():
    assert "twice" in wrong(journey(("search", []), ("search", [])))["stages[0].touchpoints[1].key"]
    assert "1 to 12" in wrong({"key": "main", "name": "Main", "stages": []})["stages"]
    many = [{"key": f"s{at}", "name": "S", "touchpoints": [{"key": f"t{at}-{n}", "name": "T"} for n in range(31)]} for at in range(2)]
    assert "60 are the most" in wrong({"key": "main", "name": "Main", "stages": many})["stages"]
    assert wrong([])["journey"] == "is not a table of fields"


def test_a_part_keeps_its_number_and_a_number_is_never_given_again():
    former = read(journey(("search", []), ("fair", []), ("mail", [])))
    numbers = {touchpoint.key: touchpoint.number for touchpoint in former.touchpoints}
    renamed = as_dict(former)
    renamed["stages"][0]["touchpoints"][1]["key"] = "market"  # the number says that it is the fair
    assert {each.key: each.number for each in read(renamed, former).touchpoints} == {
        "search": numbers["search"], "market": numbers["fair"], "mail": numbers["mail"]}
    without = read(journey(("search", []), ("fair", [])), former)
    again = read(journey(("search", []), ("fair", []), ("mail", [])), without, last=former.last_number)
    assert again.touchpoints[2].number == former.last_number + 1
    assert [each.number for each in again.touchpoints[:2]] == [numbers["search"], numbers["fair"]]


def test_a_rule_of_each_kind_can_be_written():
    values = {kind: (choices[0] if choices else "/x" if kind == "page" else "x") for kind, choices in stages.KINDS.items()}
    assert read(journey(("all", list(values.items())))).touchpoints[0].rules == tuple(Rule(*pair) for pair in values.items())


def test_no_pattern_of_an_owner_takes_long_over_what_a_visitor_sends():
    began = time.process_time()
    assert not fits("/*a*a*a*a*a*a*a*a*a*a*b")("/" + 511 * "a")
    assert fits("/*a*a*a*a*a*a*a*a*a*a*b")("/" + 510 * "a" + "b")
    assert time.process_time() - began < 1


@given(st.text("ab*", max_size=8), st.text("ab\n", max_size=12))
def test_a_star_is_any_text(pattern, text):
    assert bool(fits(pattern)(text)) == bool(re.fullmatch(pattern.replace("*", ".*"), text, re.DOTALL))
