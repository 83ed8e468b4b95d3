"""Carts and checkouts left without an order. Numbers are counted by hand."""

import pytest

from collector import carts, filters, period
from collector.fields import BadField
from journeys import abandonment, variants
from journeys.reports import asked
from tests import trials
from tests.office import Office
from tests.story import NOW, Story

HOUR = 3_600_000


def ask(store, site, of="cart", now=NOW, **args):
    options = {key: value for key, value in args.items() if key not in ("device", "period")}
    chosen = filters.parse({"device": args["device"]} if "device" in args else {})
    return abandonment.report(store, site, period.parse(args.get("period", "30d"), site, now), chosen, now=now, of=of, **options)


def sessions(store, site, **args):
    return asked(store, site, "sessions", {key: [value] for key, value in args.items()}, NOW)


def shopper(story, name, hours=2, **sender):
    return story.visitor(name, at=NOW - hours * HOUR, **sender).view("/")


def test_a_cart_left_without_an_order_is_abandoned_and_one_that_was_paid_is_not(store, site, story):
    shopper(story, "leaves").event("add_to_cart", value=100).view("/cart")
    shopper(story, "buys", 3).event("add_to_cart", value=50).view("/checkout").event("begin_checkout", value=50).purchase(50)
    shopper(story, "looks", 4).view("/cart")
    report = ask(store, site)
    assert (report.totals.sessions, report.totals.abandons, report.totals.rate) == (2, 1, 0.5)
    assert report.totals.worth == 10_000 and report.extra["worth"] == "told" and not report.extra["by_pages"]
    assert [(row.value, row.abandons, row.share) for row in report.rows] == [("/cart", 1, 1)]
    checkout = ask(store, site, of="checkout").totals
    assert (checkout.sessions, checkout.abandons, checkout.worth) == (1, 0, 0)


def test_what_counts_is_whether_an_order_came_after_it(store, site, story):
    shopper(story, "buys and goes on shopping").event("add_to_cart").purchase(50, "a").event("add_to_cart")
    shopper(story, "buys first", 3).purchase(50, "b").event("add_to_cart")
    shopper(story, "reloads the page of thanks", 4).purchase(50, "c").event("add_to_cart").purchase(50, "c")
    assert (ask(store, site).totals.sessions, ask(store, site).totals.abandons) == (3, 2)


def test_a_session_that_may_go_on_is_not_counted_yet(store, site, story):
    story.visitor("dana", at=NOW - 1_700_000).view("/").event("add_to_cart")
    shopper(story, "long gone").event("add_to_cart")
    shopper(story, "buys", 3).event("add_to_cart").purchase(50)
    report = ask(store, site)
    assert (report.totals.sessions, report.totals.abandons, report.extra["going_on"]) == (2, 1, 1)
    assert len(sessions(store, site, abandoned="cart").rows) == report.totals.abandons + report.extra["going_on"]
    later = ask(store, site, now=NOW + 200_000)
    assert (later.totals.abandons, later.extra["going_on"]) == (2, 0)
    assert ask(store, site, now=NOW + 60 * 24 * HOUR, period="90d").totals.abandons == 2


def test_asked_again_later_only_days_that_may_go_on_are_counted_anew(store, site, story, monkeypatch):
    shopper(story, "long ago", 25 * 24).event("add_to_cart")
    story.visitor("dana", at=NOW - 1_700_000).view("/").event("add_to_cart")
    assert ask(store, site).totals.sessions == 1
    asked, before = [], store.ask

    def listen(question, fragment="", **values):
        if question == "journeys/columns":
            asked.append(values["last_day"])
        return before(question, fragment, **values)
    monkeypatch.setattr(store, "ask", listen)
    assert ask(store, site, now=NOW + 200_000).totals.sessions == 2
    assert asked and min(asked) >= period.day_of(NOW, site.zone) - 8


def test_worth_is_the_last_total_or_what_was_put_in_minus_what_was_taken_out(store, site, story):
    shopper(story, "total").event("add_to_cart", value=10).event("view_cart", value=30).event("begin_checkout", value=40).event("add_to_cart", value=5)
    shopper(story, "pieces", 3).event("add_to_cart", value=10).event("add_to_cart", value=7).event("remove_from_cart", value=10)
    shopper(story, "emptied", 4).event("add_to_cart", value=10).event("remove_from_cart", value=10)
    assert ask(store, site).totals.worth == 4000 + 700
    shopper(story, "silent", 5).event("add_to_cart")
    assert ask(store, site).extra["worth"] == "some"
    shopper(story, "buyer", 6).event("add_to_cart").purchase(60)
    shopper(story, "other buyer", 7).event("add_to_cart").purchase(20, "other")
    report = ask(store, site)
    assert report.extra["worth"] == "both" and report.extra["mean_order"] == 4000 and report.totals.worth == 4700 + 4000


def test_without_events_pages_are_the_sign_and_the_report_says_so(store, site, story):
    shopper(story, "leaves").view("/he/cart")
    shopper(story, "buys", 3).view("/cart.php").view("/checkout/step-2").purchase(10)
    shopper(story, "elsewhere", 4).view("/cartoons").view("/shop/cart/help")
    for of, expected in (("cart", (2, 1)), ("checkout", (1, 0))):
        report = ask(store, site, of=of)
        assert report.extra["by_pages"] and "stands for" in report.notes[0]
        assert (report.totals.sessions, report.totals.abandons) == expected
    assert ask(store, site).extra["worth"] == "mean" and ask(store, site).totals.worth == 1000
    assert [row.exit_page for row in sessions(store, site, abandoned="cart").rows] == ["/he/cart"]


@pytest.mark.parametrize("step, path", [(step, f"/shop/{word}") for step in carts.SIGNS for word in carts.WORDS[step]] + [
    ("cart", "/Shopping_Cart.html"), ("cart", "/סל_קניות/"), ("checkout", "/kasse/versand"), ("checkout", "/Checkout/")])
def test_a_page_of_a_cart_is_one_to_abandonment_and_to_pain_points(store, site, story, step, path):
    assert carts.is_on_the_way(path)
    shopper(story, "leaves").view(path)
    assert {of: ask(store, site, of=of).totals.abandons for of in carts.SIGNS} == {of: int(of == step) for of in carts.SIGNS}
    assert sessions(store, site, abandoned=step).extra["found"] == 1


def test_the_field_and_the_error_they_left_at(store, site, story):
    def begin(name, hours):
        return shopper(story, name, hours).view("/checkout").event("begin_checkout")

    begin("phone", 2).field("search", "q").field("checkout", "name").field("checkout", "phone").submit("checkout").abandon("checkout", "phone")
    begin("postcode", 3).error("boom").field("checkout", "postcode").submit("checkout").invalid("checkout", "postcode").abandon("checkout", "postcode")
    begin("script", 4).field("checkout", "card").error("boom").abandon("checkout", "card")
    begin("calm", 5).submit("add to cart")
    begin("buyer", 6).field("checkout", "phone").submit("checkout").error("boom").purchase(5)
    fields = ask(store, site, of="checkout", by="field")
    assert {row.value: row.abandons for row in fields.rows} == {"phone": 1, "postcode": 1, "card": 1, "": 1}
    assert [row.share for row in fields.rows] == [0.25] * 4 and fields.rows[0].of_abandons == 4
    errors = ask(store, site, of="checkout", by="error")
    assert {(row.kind, row.value): row.abandons for row in errors.rows} == {
        ("Form sent in vain", "checkout"): 1, ("Field refused", "postcode"): 1, ("Script error", "boom"): 1, ("Nothing went wrong", ""): 1}


def test_rates_by_device_source_and_hour_are_of_those_who_met_it(store, site, story):
    for number in range(4):
        visitor = shopper(story, f"visitor {number}", 2 + number, device="mobile" if number else "desktop").event("add_to_cart", value=10)
        if number in (0, 1):
            visitor.purchase(10, f"order {number}")
    by_device = {row.value: row for row in ask(store, site, by="device").rows}
    assert (by_device["mobile"].sessions, by_device["mobile"].abandons) == (3, 2) and by_device["desktop"].rate == 0
    assert by_device["mobile"].low < 2 / 3 < by_device["mobile"].high and by_device["mobile"].share == 1
    hours = ask(store, site, by="hour").rows  # NOW is a Tuesday at noon
    assert sorted((row.value, row.sessions, row.abandons) for row in hours) == [
        (2 * 24 + 7, 1, 1), (2 * 24 + 8, 1, 1), (2 * 24 + 9, 1, 0), (2 * 24 + 10, 1, 0)]


def test_by_variant_it_is_about_sessions_that_were_shown_one(store, site, story):
    for number, variant in enumerate(("control", "control", "short", "")):
        teller = story.visitor(f"{number}", at=NOW - 6 * HOUR).view("/cart")
        if variant:
            teller.exposed("short-checkout", variant)
        teller.event("add_to_cart", value=100)
        if number == 0:
            teller.purchase(90)
    trials.start(store, site, NOW - 9 * HOUR)
    report = ask(store, site, by="variant")
    assert [(row.value, row.abandons, row.sessions) for row in report.rows] == [("short-checkout:control", 1, 2), ("short-checkout:short", 1, 1)]
    assert (report.totals.abandons, report.totals.sessions) == (2, 3)
    assert [row.difference for row in report.rows] == [None, 0.5] and report.rows[1].difference_low < 0 < report.rows[1].difference_high
    assert report.extra["crossed"] == 0 and variants.CROSSED not in report.notes
    assert ask(store, site).totals.sessions == 4


def test_filters_narrow_it_and_its_sessions_are_listed_by_a_filter(store, site, story):
    for number in range(6):
        shopper(story, f"visitor {number}", 2 + number, device="mobile" if number % 2 else "desktop").event("add_to_cart", value=10)
    shopper(story, "buyer", 9, device="mobile").event("add_to_cart").purchase(5)
    report = ask(store, site, device="mobile")
    assert (report.totals.sessions, report.totals.abandons) == (4, 3)
    listed = sessions(store, site, abandoned="cart", device="mobile")
    assert listed.extra["found"] == 3 and {row.device for row in listed.rows} == {"mobile"}
    assert sessions(store, site, abandoned="checkout").extra["found"] == 0
    assert sessions(store, site, abandoned="!cart").extra["found"] == 1
    with pytest.raises(BadField, match="abandoned"):
        sessions(store, site, abandoned="somewhere")


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("busy"))
    story = Story(made.store, made.shop, made.data_dir / "spool")
    now = made.shop.created_at
    for number in range(3):
        story.visitor(f"dana {number}", at=now - (number + 2) * HOUR).view("/cart").event("add_to_cart", value=20).error("boom")
    story.tell()
    yield made
    story.close()
    made.store.close()


def test_the_sessions_to_follow_are_of_those_that_the_filters_leave(busy):
    browser = busy.as_("viewer")
    page = browser.get("/sites/shop/abandonment?of=cart&abandoned=cart&period=7d").text
    assert page.count("/sites/shop/sessions/") == 3 and "See all" in page
    page = browser.get("/sites/shop/abandonment?of=cart&abandoned=checkout&period=7d").text
    assert page.count("/sites/shop/sessions/") == 0


@pytest.mark.parametrize("by", [by for by in abandonment.BY if by != "variant"])
def test_its_page_shows_numbers_rows_and_sessions_to_follow(busy, by):
    page = busy.as_("viewer").get(f"/sites/shop/abandonment?of=cart&by={by}&period=7d&lang=he")
    assert page.status_code == 200 and "/sites/shop/sessions?" in page.text and "abandoned=cart" in page.text
    assert page.text.count("/sites/shop/sessions/") == 3
