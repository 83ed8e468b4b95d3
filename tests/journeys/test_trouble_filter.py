"""The filter `trouble`. What pain points choose by it is checked on random sites in test_pain_brute.py, on the demo in test_map.py."""

from types import SimpleNamespace

import pytest

from collector import journey_register
from collector.filters import BadFilter
from journeys import sessions, trouble_filter
from journeys.reports import asked
from tests.story import NOW


def chosen(store, site, *values):
    """The entry pages of the sessions that a trouble chooses; each session of a story here has its own."""
    return {row.entry_page for row in asked(store, site, "sessions", {"period": ["today"], "trouble": list(values)}, NOW).rows}


LATER = {"dead", "rage", "other", "noname", "broken", "slow", "fast", "refused", "paid", "left", "about", "talk", "hebrew", "long", "comma"}


@pytest.fixture
def told(story):
    def visit(name):
        return story.visitor(name).view(f"/{name}").view("/cart")
    visit("dead").frustration("dead", "Pay", "#pay", 1)
    visit("rage").frustration("rage", "Pay", "#pay")
    visit("other").frustration("dead", "Pay", "p>button", 1)
    visit("noname").frustration("dead", "", "p>i", 1)
    visit("broken").frustration("error", "Pay", "#pay", 1).error("Boom: x")
    visit("slow").vitals(lcp=2501)
    visit("fast").vitals(lcp=2500)
    visit("refused").field("order", "name").submit("order").invalid("order", "name").field("order", "card")
    visit("paid").field("order", "card").submit("order").purchase(10).field("order", "card")
    visit("left").field("order", "card").abandon("order", "card")
    visit("about").view("/about").view("/cart").view("/about")
    visit("talk").view("/wiki/Talk:Cart").frustration("dead", "Pay", "#pay", 1)
    story.visitor("long").view("/long").view("/guitar").view("/he/guitar").view("/he/cart")
    story.visitor("book").view("/book").view("/a")
    story.visitor("comma").view("/comma").view("/a,b").view("/a").view("/cart")
    story.visitor("hebrew").view("/hebrew").view("/he/cart").frustration("dead", "Pay", "#pay", 1)


@pytest.mark.parametrize("values, pages", [
    (["dead"], {"dead", "other", "noname", "talk", "hebrew"}),
    (["dead:/cart"], {"dead", "other", "noname", "hebrew"}),
    (["dead:/cart:#pay"], {"dead", "hebrew"}),
    (["dead:/he/cart:#pay"], {"hebrew"}),
    (["dead:*:#pay"], {"dead", "talk", "hebrew"}),
    ([r"dead:/wiki/Talk\:Cart:#pay"], {"talk"}),
    (["dead:/wiki/*"], {"talk"}),
    (["dead:/cart:p>button Pay"], {"other"}),
    (["dead:*:p>i"], {"noname"}),
    (["dead:/cart:#pay", "rage:/cart:#pay"], {"dead", "rage", "hebrew"}),
    (["error_click:/cart:#pay"], {"broken"}),
    (["error:*:Boom: x"], {"broken"}),
    (["error:/about"], set()),
    (["slow:/cart"], {"slow"}),
    (["slow:/nowhere"], set()),
    (["invalid:order:name"], {"refused"}),
    (["invalid:order:card"], set()),
    (["refused:order:name"], {"refused"}),
    (["refused:order:card"], set()),  # it came back to the name first; who paid was not refused
    (["left:order:card"], {"left"}),
    (["left:order"], {"left"}),
    (["detour:/cart:/about"], {"about"}),
    (["detour:/about:/nowhere"], set()),
    (["hunt:/about:/cart"], {"about"}),
    (["hunt:/wiki/*:/cart"], set()),
    (["steps:1"], {"long", "comma"}),  # the Hebrew page after the English one is the same page
    (["steps:0:/book"], LATER),  # who began on it had none before it
    (["steps:2"], {"comma"}),
    ([r"steps:2:/book,/a\,b"], set()),
    (["steps:1:/wiki/*"], {"long", "comma"})])
def test_a_trouble_chooses_the_sessions_that_met_it(told, store, site, values, pages):
    assert chosen(store, site, *values) == {f"/{page}" for page in pages}


def test_not_is_those_that_met_none(told, store, site):
    assert {"/fast", "/slow"} <= chosen(store, site, "!dead") and not {"/dead", "/hebrew"} & chosen(store, site, "!dead")


def test_trouble_at_a_stage_or_touchpoint_is_what_the_map_counts(story, store, site):
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": "look", "name": "Look", "touchpoints": [{"key": "product", "name": "Product", "rules": [{"kind": "page", "value": "/guitar"}]}]},
        {"key": "buy", "name": "Buy", "touchpoints": [{"key": "cart", "name": "Cart", "rules": [{"kind": "page", "value": "/cart"}]},
                                                      {"key": "desk", "name": "Desk", "rules": [{"kind": "page", "value": "/pay"}]}]}]}, "dana")
    story.visitor("1").view("/a").view("/guitar").rage("Zoom").view("/cart")
    story.visitor("2").view("/b").view("/cart").view("/pay").rage("Pay")
    story.visitor("3").view("/c").view("/cart").view("/pay")
    assert chosen(store, site, "stage:buy") == {"/b"} == chosen(store, site, "touchpoint:desk")
    assert chosen(store, site, "touchpoint:cart") == set()
    assert chosen(store, site, "stage") == {"/a", "/b"}
    rows = asked(store, site, "stages", {"period": ["today"]}, NOW).rows
    assert [row.troubled for row in rows] == [1, 1]


def test_a_list_chosen_by_trouble_on_the_map_says_that_its_column_counts_less(told, store, site):
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": "buy", "name": "Buy", "touchpoints": [{"key": "cart", "name": "Cart", "rules": [{"kind": "page", "value": "/cart"}]}]}]}, "dana")
    report = asked(store, site, "sessions", {"period": ["today"], "trouble": ["touchpoint:cart"]}, NOW)
    assert {row.entry_page: row.trouble for row in report.rows if row.entry_page in ("/slow", "/refused", "/dead")} == {"/slow": 0, "/refused": 0, "/dead": 1}
    assert [column.title for column in report.columns if column.key == "trouble"] == ["Frustration"]
    assert report.notes == (sessions.AS_THE_MAP,)
    for value in ("!stage:buy", "slow:/cart"):
        assert bool(asked(store, site, "sessions", {"trouble": [value]}, NOW).notes) == ("stage" in value)


@pytest.mark.parametrize("value, says", [
    ("deed:/cart", "write one of rage, dead"), ("hunt:/cart", "needs two pages"), ("detour:*:/cart", "needs two pages"), ("slow:/cart:#pay", "says too much"),
    ("steps", "needs the number of pages"), ("steps:/cart", "needs the number of pages")])
def test_a_trouble_that_is_none_says_what_would_be_right(told, store, site, value, says):
    with pytest.raises(BadFilter) as error:
        chosen(store, site, value)
    assert error.value.field == "trouble" and says in error.value.message


@pytest.mark.parametrize("report", ["retention", "funnel", "paths", "forms", "pain", "map", "live", "moments", "abandonment"])
def test_every_report_can_be_narrowed_by_a_trouble(told, store, site, report):
    asked(store, site, report, {"trouble": ["dead:/cart:#pay", "hunt:/cart:/about", "left:order:card", "refused:order", "stage"]}, NOW)


@pytest.mark.parametrize("sort, most, details", [("slow", 10, {"for_most": True}), ("detour", 20, {}), ("hunt", 20, {})])
def test_no_link_is_made_that_takes_more_filters_than_there_may_be(sort, most, details):
    def row(count):
        return SimpleNamespace(sort=sort, page="/a", what="/b", form="", details=details, addresses=tuple(f"/{number}/a" for number in range(count)))
    assert trouble_filter.behind(row(most)) and not trouble_filter.behind(row(most + 1))


def test_a_way_between_too_many_pages_says_so(store, site, story):
    visit = story.visitor("dana")
    for number in range(21):
        visit.view(f"/a/{number}")
    visit.view("/b")
    story.tell()
    with pytest.raises(BadFilter, match="more than 20 pages"):
        chosen(store, site, "detour:/a/*:/b")
