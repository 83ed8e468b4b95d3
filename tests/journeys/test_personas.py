"""Segments with their numbers, personas beside them, and proposals that hold or are not made."""

import re

import numpy as np
import pytest

from collector import journey_register, presets, segments, stages
from journeys import maps, persona_register, proposals
from journeys.reports import asked
from tests.office import office  # noqa: F401
from tests.story import NOW

WHO = "dana@shop.example"
PERSONA = {"age": "30-45", "worries": "Will it arrive in time?"}


@pytest.fixture
def shop(story):
    """Ten on the telephone of whom one buys, ten on a computer of whom six buy."""
    for number in range(20):
        teller = story.visitor(f"v{number}", device="mobile" if number < 10 else "desktop", at=NOW - 3_600_000 - number * 60_000).view("/").stay(10)
        if number == 0 or number >= 14:
            teller.purchase(100)
    return story


def report(store, site, **args):
    return asked(store, site, "personas", {name: [str(value)] for name, value in args.items()}, NOW)


def test_a_segment_stands_beside_all_others_with_intervals(store, site, shop):
    segments.add(store, site, "On the phone", {"device": ["mobile"]}, WHO)
    found = report(store, site)
    row, = found.rows
    assert (row.segment, row.sessions, row.share, row.visitors, row.conversions) == ("on-the-phone", 10, 0.5, 10, 1)
    assert (found.totals.sessions, found.totals.conversions) == (20, 7)
    assert row.difference == pytest.approx(0.1 - 0.6)
    # Newcombe's interval from the Wilson ends of 1/10 (0.0179, 0.4042) and 6/10 (0.3127, 0.8318)
    assert row.difference_low == pytest.approx(-0.5 - ((0.1 - 0.017876) ** 2 + (0.831820 - 0.6) ** 2) ** 0.5, abs=1e-5)
    assert row.difference_high == pytest.approx(-0.5 + ((0.404150 - 0.1) ** 2 + (0.6 - 0.312674) ** 2) ** 0.5, abs=1e-5)


def test_the_reports_own_filters_narrow_every_segment(store, site, shop):
    segments.add(store, site, "On the phone", {"device": ["mobile"]}, WHO)
    row, = report(store, site, goal="Purchase").rows
    assert (row.sessions, row.conversion_rate) == (1, 1.0)


def test_a_segment_within_a_segment_is_both_of_them(store, site, story):
    for number in range(12):
        teller = story.visitor(f"v{number}", at=NOW - 3_600_000 - number * 60_000, device=("mobile", "desktop", "tablet")[number % 3],
                               referrer=("", "https://www.google.com/")[number % 2]).view("/")
        if number == 3:
            teller.rage("Buy")
    for key, filters in {"google": {"source": ["google"]}, "phones": {"device": ["mobile"]}, "angry": {"trouble": ["rage"]}}.items():
        segments.add(store, site, key, filters, WHO)
    persona_register.add(store, site, "Noa", "google", PERSONA, WHO)
    phones = report(store, site, segment="phones")
    assert phones.totals.sessions == 4
    assert {row.segment: row.sessions for row in phones.rows} == {"angry": 1, "google": 2, "phones": 4}
    portrait, = phones.extra["personas"]
    assert portrait.devices == (("mobile", 1.0),)
    either = asked(store, site, "personas", {"segment": ["phones", "angry"], "device": ["mobile", "desktop"]}, NOW)
    assert (either.totals.sessions, {row.segment: row.sessions for row in either.rows}) == (4, {"angry": 1, "google": 2, "phones": 4})
    assert {row.segment: row.sessions for row in report(store, site, segment="!phones").rows} == {"angry": 0, "google": 4, "phones": 0}


def test_a_persona_stands_beside_the_numbers_of_its_segment(store, site, shop):
    segments.add(store, site, "On the phone", {"device": ["mobile"]}, WHO)
    persona_register.add(store, site, "Noa, on the bus", "on-the-phone", PERSONA, WHO)
    portrait, = report(store, site).extra["personas"]
    assert (portrait.persona.name, portrait.persona.profile) == ("Noa, on the bus", PERSONA)
    assert portrait.row.conversions == 1 and portrait.devices == (("mobile", 1.0),)
    with pytest.raises(segments.BadSegment, match="used by Noa, on the bus"):
        segments.remove(store, site, "on-the-phone")


def test_what_is_wrong_with_a_persona_is_said_at_once_and_nothing_is_saved(store, site):
    with pytest.raises(persona_register.BadPersona) as wrong:
        persona_register.add(store, site, " ", "no-such", {"age": "x" * 2001}, WHO)
    assert [error.field for error in wrong.value.errors] == ["name", "segment", "age"] and persona_register.of(store, site) == []


def test_of_two_who_write_one_persona_the_later_is_told(store, site):
    segments.add(store, site, "On the phone", {"device": ["mobile"]}, WHO)
    persona_register.add(store, site, "Noa", "on-the-phone", PERSONA, WHO)
    number = persona_register.of(store, site)[0].id
    persona_register.change(store, site, number, "Noa", "on-the-phone", {"age": "20"}, "vera@shop.example", 1)
    with pytest.raises(persona_register.StalePersona, match="vera@shop.example changed it"):
        persona_register.change(store, site, number, "Noa", "on-the-phone", {"age": "50"}, WHO, 1)
    assert persona_register.by_id(store, site, number).profile == {"age": "20"}


def test_the_map_is_drawn_for_a_segment_and_a_map_may_be_of_one(store, site, shop):
    journey_register.add(store, site, stages.as_dict(presets.preset("shop")), WHO)
    segments.add(store, site, "On the phone", {"device": ["mobile"]}, WHO)
    by_segment, by_filter = (asked(store, site, "map", args, NOW) for args in ({"segment": ["on-the-phone"]}, {"device": ["mobile"]}))
    assert by_segment.rows == by_filter.rows and by_segment.rows != asked(store, site, "map", {}, NOW).rows
    made = maps.add(store, site, "Telephones", segment="segment=on-the-phone")
    assert asked(store, site, "map", {"map": [made.key]}, NOW).rows == by_filter.rows
    with pytest.raises(segments.BadSegment, match="used by Telephones"):
        segments.remove(store, site, "on-the-phone")


# -- proposals

def two_kinds(count=300, seed=3):
    """Readers who come back on a computer from a search, and quick visitors from a social network on the telephone; one in twenty mixed up."""
    chance = np.random.default_rng(seed)
    found = []
    for number in range(count):
        reader = number % 3 > 0
        if chance.random() < 0.05:
            reader = not reader
        views = int(chance.integers(4, 9)) if reader else int(chance.integers(1, 3))
        found.append(proposals.Session("Organic Search" if reader else "Organic Social", "desktop" if reader else "mobile",
                                       "returning" if reader else "new", views, views * int(chance.normal(40_000 if reader else 4_000, 500))))
    return found


def test_kinds_that_are_there_are_found_and_told_by_their_filters():
    found = proposals.propose(two_kinds())
    assert found.why == "" and len(found.clusters) == 2 and found.silhouette > 0.5 and found.again > 0.95
    larger, smaller = found.clusters
    assert larger.share == pytest.approx(2 / 3, abs=0.05)
    assert min(larger.likeness, larger.fit, smaller.likeness, smaller.fit) > 0.95
    assert set(dict(smaller.terms).items()) & {("channel", "Organic Social"), ("device", "mobile"), ("visitor", "new"), ("pace", "quick")}
    assert found == proposals.propose(two_kinds())


def test_visitors_without_kinds_get_no_proposal():
    chance = np.random.default_rng(1)
    alike = [proposals.Session(str(chance.choice(list("abcdef"))), str(chance.choice(["mobile", "desktop"])), str(chance.choice(["new", "returning"])),
                               int(chance.geometric(0.3)), int(chance.exponential(30_000))) for _ in range(400)]
    assert proposals.propose(alike).why in ("none", "unstable") and proposals.propose(alike).clusters == ()
    assert proposals.propose(alike[:100]).why == "few"
    assert proposals.propose([alike[0]] * 300).why in ("none", "unstable")  # all the same


def test_the_adjusted_rand_index_is_that_of_a_published_table():
    # counted by hand from a table of ten points in three and three clusters
    both = np.array([[1, 1, 0], [1, 2, 1], [0, 0, 4]])
    # sum C(n_ij,2) = 1 + 6 = 7; rows 2,4,4: 1 + 6 + 6 = 13; columns 2,3,5: 1 + 3 + 10 = 14; all C(10,2) = 45
    assert proposals.adjusted_rand(both) == pytest.approx((7 - 13 * 14 / 45) / ((13 + 14) / 2 - 13 * 14 / 45))
    assert proposals.adjusted_rand(np.array([[3, 0], [0, 4]])) == 1.0


def test_the_silhouette_is_that_of_a_hand_count():
    # points 0, 1, 10, 11 on a line: each a = 1, b = 10.5 or 9.5
    points = np.array([0.0, 1.0, 10.0, 11.0])
    apart = np.abs(points[:, None] - points[None, :])
    assert proposals.silhouette(apart, np.array([0, 0, 1, 1])) == pytest.approx((2 * (9.5 / 10.5) + 2 * (8.5 / 9.5)) / 4)


def test_the_words_of_depth_and_pace_are_those_the_filters_choose_by(store, site, story):
    for number, (views, seconds) in enumerate([(1, 5), (1, 10), (2, 60), (5, 20), (10, 3)]):
        teller = story.visitor(f"v{number}", at=NOW - 3_600_000)
        for _ in range(views):
            teller.view(f"/{number}").stay(seconds)
    for key, word in (("depth", lambda row: proposals.depth_of(row.views)), ("pace", lambda row: proposals.pace_of(row.engaged_ms, row.views))):
        with store.facts as db:
            rows = list(db.query("select views, engaged_ms from sessions"))
        found = [word(type("Row", (), row)) for row in rows]
        for each in set(found):
            assert asked(store, site, "overview", {key: [each]}, NOW).totals.sessions == found.count(each)


# -- the page

def test_filters_become_a_segment_and_a_segment_a_persona(office):  # noqa: F811
    browser = office.as_("owner")
    page = browser.get("/sites/shop/personas?device=mobile&lang=en").text
    assert "Save these filters as a segment" in page and "device=mobile" in page
    assert browser.post("/sites/shop/segments", {"segment_name": "On the phone", "filters": "device=mobile\ndevice=tablet"}).status_code == 303
    assert segments.of(office.store, office.shop)[0].filters.query() == {"device": ["mobile", "tablet"]}
    assert browser.post("/sites/shop/personas/new", {"name": "Noa", "segment": "on-the-phone", "habits": "Mornings"}).status_code == 303
    page = browser.get("/sites/shop/personas?lang=en").text
    assert "Noa" in page and "Mornings" in page and 'segment=on-the-phone' in page
    viewer = office.as_("viewer").get("/sites/shop/personas?lang=en").text
    assert "Noa" in viewer and "Write a persona" not in viewer


def test_a_segment_that_cannot_be_saved_says_why_and_keeps_the_filters(office):  # noqa: F811
    browser = office.as_("owner")
    answer = browser.post("/sites/shop/segments", {"segment_name": "", "filters": "device=mobile"})
    assert answer.status_code == 303 and "device=mobile" in answer.location
    assert "The segment was not saved: the name is empty" in browser.get(answer.location).text and segments.of(office.store, office.shop) == []


def test_proposals_are_looked_for_when_asked(office):  # noqa: F811
    page = office.as_("viewer").get("/sites/shop/personas?propose=1&lang=en").text
    assert re.search("too few to tell kinds of visitors apart", page)
