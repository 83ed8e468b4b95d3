"""Moments of truth through the real pipeline; numbers are hand counts of the stories."""

import re

from collector import filters, page_groups, period
from collector import journey_register as register
from collector.day_work import DayWork
from journeys import moments_of_truth
from tests.journeys.test_stages import GOOGLE, SHOP
from tests.office import office  # noqa: F401
from tests.story import NOW, Story

DAY = 86_400_000


def rows(store, site, **options):
    report, chosen = (moments_of_truth.report(store, site, period.parse("7d", site, NOW), filters.parse(narrowed), **options)
                      for narrowed in ({}, {"source": "*"}))
    assert chosen.rows == report.rows  # looked up session by session
    return {row.name: row for row in report.rows}


def shopping(story):
    """Of 100 who come from a search and see the shop 40 leave there; of the 60 who go on to the form 30 buy."""
    for number in range(100):
        teller = story.visitor(f"visitor {number}", referrer=GOOGLE).view("/shop/a")
        if number >= 40:
            teller.field("checkout", "mail")
            if number % 2:
                teller.purchase(100)


def test_those_who_went_on_from_a_touchpoint_and_those_who_left(story, store, site):
    register.add(store, site, SHOP, "the owner")
    shopping(story)
    shop = rows(store, site)["Shop"]
    assert (shop.sessions, shop.went_on, shop.left, shop.went_on_rate, shop.left_rate) == (100, 60, 40, 0.5, 0)
    assert shop.told == moments_of_truth.TOLD and shop.low > 0


def test_credit_goes_to_touchpoints_in_the_order_they_were_met(story, store, site):
    register.add(store, site, SHOP, "the owner")
    shopping(story)
    found = rows(store, site)
    assert {name: (row.first, row.last) for name, row in found.items() if row.sessions} == {
        "Search": (30, 0), "Shop": (0, 0), "Checkout": (0, 0), "Order": (0, 30)}
    assert {name: row.removal for name, row in found.items() if row.sessions} == dict.fromkeys(("Search", "Shop", "Checkout", "Order"), 1)


def test_touchpoints_of_one_name_are_two_and_a_page_of_a_group_stands_where_it_was_seen(story, store, site):
    register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": "look", "name": "Look", "touchpoints": [
            {"key": "guide", "name": "Guide", "rules": [{"kind": "group", "value": "Guides"}]},
            {"key": "news", "name": "Newsletter", "rules": [{"kind": "page", "value": "/news/*"}]}]},
        {"key": "stay", "name": "Stay", "touchpoints": [
            {"key": "again", "name": "Newsletter", "rules": [{"kind": "page", "value": "/news/again"}]}]}]}, "the owner")
    page_groups.save(store, site, "Guides", "/guides/*")
    for number in range(40):
        story.visitor(f"visitor {number}").view("/guides/a").view("/news/a").view("/news/again").purchase(10)
    report = moments_of_truth.report(store, site, period.parse("7d", site, NOW), filters.NONE)
    assert sorted((row.name, row.stage_name, row.went_on, row.left, row.first, row.last) for row in report.rows) == [
        ("Guide", "Look", 40, 0, 40, 0), ("Newsletter", "Look", 40, 0, 0, 0), ("Newsletter", "Stay", 0, 40, 0, 40)]
    pages = moments_of_truth.report(store, site, period.parse("7d", site, NOW), filters.NONE, by="page")
    assert "stage_name" in {column.key for column in report.columns} - {column.key for column in pages.columns}


def test_the_page_says_the_stage_only_where_touchpoints_have_one_name(office):  # noqa: F811
    story = Story(office.store, office.shop, office.data_dir / "spool")
    story.visitor("dana").view("/a").view("/b")
    story.tell()
    for name in "BA":
        parts = [{"key": key, "name": key, "touchpoints": [{"key": key, "name": title, "rules": [{"kind": "page", "value": path}]}]}
                 for key, title, path in (("look", "A", "/a"), ("stay", name, "/b"))]
        register.add(office.store, office.shop, {"key": f"j{name.lower()}", "name": "J", "stages": parts}, "the owner")
        DayWork(office.store).finish()
        page = office.as_("viewer").get(f"/sites/shop/moments?period=2026-03-10&journey=j{name.lower()}").text
        heads = [re.sub(r"<[^>]*>", " ", head).split()[0] for head in re.findall(r"<th scope=\"col\".*?</th>", page, re.DOTALL)]
        assert ("Stage" in heads) == (name == "A") and "Touchpoint" in heads
    story.close()


def test_who_comes_back_and_buys_later_counts_where_she_left(story, store, site):
    for number in range(60):
        name = f"visitor {number}"
        first = story.visitor(name, at=NOW - 2 * DAY).view("/shop/a" if number % 2 else "/")
        first.consent().click("Agreed")
        if number % 4 == 1:
            story.visitor(name, at=NOW - DAY, consented=True).view("/cart").purchase(100)
    page = rows(store, site, by="page")["/shop/a"]
    assert (page.sessions, page.left, page.left_rate) == (30, 30, 0.5)


def test_pages_are_compared_where_there_is_no_journey(story, store, site):
    for number in range(80):
        teller = story.visitor(f"visitor {number}").view("/a")
        if number % 2:
            teller.view("/b").purchase(10)
    page = rows(store, site)["/a"]
    assert (page.went_on, page.left, page.difference) == (40, 40, 1)
