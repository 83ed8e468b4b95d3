"""Segments: filters kept under a name, chosen as one filter, and in nobody's way when they go."""

import pytest
from click.testing import CliRunner

from collector import filters, segments, sites
from collector.filters import BadFilter
from collector.segments import BadSegment
from journeys import maps
from journeys.reports import asked
from tests.story import NOW
from wsgi import netiv


def add(store, site, name="On the phone", args=None, **more):
    return segments.add(store, site, name, args or {"device": ["mobile"]}, "dana@shop.example", **more)


def sessions(store, site, **args):
    return asked(store, site, "overview", args, NOW).totals.sessions


def test_a_segment_chooses_the_sessions_its_filters_choose(store, site, story):
    for name, device, country in (("dana", "mobile", "IL"), ("avi", "mobile", "US"), ("noa", "desktop", "IL")):
        story.visitor(name, device=device, country=country).view("/")
    made = add(store, site)
    assert (made.key, made.name, made.filters.query()) == ("on-the-phone", "On the phone", {"device": ["mobile"]})
    assert sessions(store, site, segment=["on-the-phone"]) == sessions(store, site, device=["mobile"]) == 2
    assert sessions(store, site, segment=["on-the-phone"], country=["IL"]) == 1
    assert sessions(store, site, segment=["!on-the-phone"]) == 1


def test_new_visitors_are_told_from_those_who_came_on_an_earlier_day(store, site, story):
    story.visitor("dana", at="2026-03-08 10:00", consented=True).view("/").view("/cart")
    story.visitor("dana", at="2026-03-09 10:00", consented=True).view("/").stay(40)
    story.visitor("avi", at="2026-03-09 10:00").view("/").stay(12)
    assert (sessions(store, site, visitor=["new"]), sessions(store, site, visitor=["returning"])) == (2, 1)
    assert (sessions(store, site, depth=["1"]), sessions(store, site, depth=["2-4"])) == (2, 1)
    assert [sessions(store, site, pace=[pace]) for pace in ("quick", "steady", "slow")] == [1, 1, 1]


def test_a_name_without_latin_letters_gets_a_key_of_its_own(store, site):
    assert [add(store, site, name, {"device": [device]}).key for name, device in
            (("בטלפון", "mobile"), ("במחשב", "desktop"))] == ["segment", "segment-2"]


@pytest.mark.parametrize("name, args, key, field, says", [
    ("", {"device": ["mobile"]}, "", "segment_name", "is empty"),
    ("Nobody", {}, "", "filters", "needs at least one"),
    ("Phones", {"segment": ["on-the-phone"]}, "", "filters", "other filters only"),
    ("Phones", {"device": ["mobile"]}, "", "filters", "those of the segment On the phone"),
    ("on the PHONE", {"device": ["tablet"]}, "", "segment_name", "is the name of another"),
    ("Phones", {"device": ["tablet"]}, "on-the-phone", "key", "is used by another"),
    ("Phones", {"device": ["tablet"]}, "On!", "key", "cannot be a key")])
def test_what_cannot_be_kept_says_why_and_nothing_is(store, site, name, args, key, field, says):
    add(store, site)
    with pytest.raises(BadSegment, match=says) as wrong:
        segments.add(store, site, name, args, "dana", key)
    assert wrong.value.field == field and len(segments.of(store, site)) == 1


def test_wrong_filters_are_refused_by_their_own_key(store, site):
    with pytest.raises(BadFilter) as wrong:
        add(store, site, args={"pace": ["fast"]})
    assert wrong.value.field == "pace"


def test_no_segment_keeps_one_visitor(store, site):
    for value in ("464c171a6186c56e", "!464c171a6186c56e"):
        with pytest.raises(BadFilter, match="one visitor") as wrong:
            add(store, site, args={"person": [value]})
        assert wrong.value.field == "person" and segments.of(store, site) == []


def test_a_removed_segment_is_named_where_an_address_still_has_it(store, site):
    add(store, site)
    assert segments.remove(store, site, "on-the-phone").name == "On the phone"
    with pytest.raises(BadFilter, match="on-the-phone is no segment of this site, or was removed"):
        asked(store, site, "overview", {"segment": ["on-the-phone"]}, NOW)
    assert segments.remove(store, site, "on-the-phone") is None


@pytest.mark.parametrize("filters_of_the_map", ["segment=on-the-phone", "segment=!on-the-phone", "country=IL&segment=!on-the-phone"])
def test_a_segment_stays_while_a_map_has_it_or_leaves_it_out(store, site, filters_of_the_map):
    add(store, site)
    maps.add(store, site, "Telephones", segment=filters_of_the_map)
    with pytest.raises(BadSegment, match="is used by Telephones"):
        segments.remove(store, site, "on-the-phone")


def test_another_sites_segment_is_none_of_ours(store, site):
    other = sites.add(store, "Cafe", "cafe.example", key="cafe")
    add(store, site)
    assert segments.of(store, other) == [] and segments.parse(store, other, {}) == filters.NONE
    with pytest.raises(BadFilter):
        segments.parse(store, other, {"segment": "on-the-phone"})


def test_the_command_line_keeps_lists_and_removes(store, site, data_dir):
    def run(*words):
        found = CliRunner().invoke(netiv, ["segment", *words, "--data", str(data_dir)], catch_exceptions=False)
        return found.exit_code, found.output
    assert run("add", "guitars", "On the phone", "--filter", "device=mobile", "--filter", "device=tablet", "--key", "phones") == (0, "phones\n")
    assert run("list", "guitars") == (0, "phones\tOn the phone\tdevice=mobile device=tablet\n")
    code, out = run("add", "guitars", "Phones", "--filter", "gadget=mobile")
    assert code == 1 and "gadget: is not a filter" in out
    assert run("remove", "guitars", "phones") == (0, "On the phone is removed.\n")
    assert run("remove", "guitars", "phones")[0] == 1
