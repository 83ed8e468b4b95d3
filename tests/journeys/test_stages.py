"""What the reports say of stages, touchpoints and transitions; numbers are hand counts of the stories."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from collector import filters as narrowing
from collector import contacts, sheet_reader
from collector import journey_register as register
from collector import page_groups, walks
from collector import period as periods
from collector.day_work import DayWork
from collector.visitor import Visitors
from journeys import walked
from journeys.reports import REPORTS
from tests.office import office  # noqa: F401
from tests.story import NOW, Story
from tests.story import _id as visitor_id

TODAY = date(2026, 3, 10)
DAY = 86_400_000
SHOP = {"key": "main", "name": "Main", "stages": [
    {"key": "awareness", "name": "Awareness", "touchpoints": [
        {"key": "search", "name": "Search", "rules": [{"kind": "channel", "value": "Organic Search"}]},
        {"key": "fair", "name": "Fair", "rules": []}]},
    {"key": "consideration", "name": "Consideration", "touchpoints": [
        {"key": "shop", "name": "Shop", "rules": [{"kind": "page", "value": "/shop/*"}]},
        {"key": "policy", "name": "Returns policy", "rules": [{"kind": "page", "value": "/shop/returns"}]}]},
    {"key": "purchase", "name": "Purchase", "touchpoints": [
        {"key": "checkout", "name": "Checkout", "rules": [{"kind": "form", "value": "checkout"}]},
        {"key": "order", "name": "Order", "rules": [{"kind": "order"}]}]},
    {"key": "retention", "name": "Retention", "touchpoints": [
        {"key": "again", "name": "After an order", "rules": [{"kind": "repeat_visit", "value": "order"}]},
        {"key": "second", "name": "Second order", "rules": [{"kind": "repeat_order"}]}]}]}
GOOGLE = "https://www.google.com/"


@pytest.fixture
def journey(store, site):
    return register.add(store, site, SHOP, "the owner")


def ask(store, site, name, filters=None, days=30, **options):
    period = periods.of_dates(TODAY - timedelta(days=days - 1), TODAY, site.zone)
    return REPORTS[name].report(store, site, period, narrowing.parse(filters or {}), **options)


def rows(report, key, *columns):
    return {getattr(row, key): tuple(getattr(row, column) for column in columns) for row in report.rows}


def moves(store, site, filters=None):
    return rows(ask(store, site, "transitions", filters), "transition", "sessions", "of_sessions")


def test_a_session_walks_forward_back_and_leaves(store, site, story, journey):
    story.visitor("dana", referrer=GOOGLE).view("/shop/a").stay(20).field("checkout", "mail").view("/shop/b").stay(10)
    story.visitor("avi", referrer=GOOGLE).view("/elsewhere")
    story.visitor("noa").view("/nowhere")
    assert rows(ask(store, site, "stages"), "stage", "sessions", "share", "engaged", "forward", "skips", "backs", "returns", "leaves") == {
        "awareness": (2, 2 / 3, None, 1, 0, 0, 0, 1), "consideration": (1, 1 / 3, 30, 1, 0, 0, 0, 1),
        "purchase": (1, 1 / 3, None, 0, 0, 1, 0, 0), "retention": (0, 0, None, 0, 0, 0, 0, 0)}
    assert moves(store, site) == {
        "enter:": (1, 3), "enter:awareness": (2, 3), "awareness:consideration": (1, 2), "awareness:leave": (1, 2),
        "consideration:purchase": (1, 1), "consideration:leave": (1, 1), "purchase:consideration": (1, 1)}


def test_a_visitor_counts_once_where_he_can_be_known_again_and_else_once_a_day(store, site, story, journey):
    for days in (2, 1):
        story.visitor("dana", at=NOW - days * DAY, referrer=GOOGLE, consented=True).view("/shop/a").wait(1801).view("/shop/returns")
        story.visitor("avi", at=NOW - days * DAY, referrer=GOOGLE).view("/shop/a").wait(1801).view("/shop/a")

    def counted(name, key, filters=None):
        return rows(ask(store, site, name, filters), key, "sessions", "visitors")
    stages, touchpoints = counted("stages", "stage"), counted("touchpoints", "touchpoint")
    assert stages["consideration"] == (8, 3) and stages["purchase"] == (0, 0)  # Dana, and Avi on two days
    assert touchpoints["shop"] == (6, 3) and touchpoints["policy"] == (2, 1) and touchpoints["search"] == (4, 3) and touchpoints["fair"] == (None, None)
    assert counted("stages", "stage", {"channel": "*"}) == stages and counted("touchpoints", "touchpoint", {"channel": "*"}) == touchpoints
    assert counted("touchpoints", "touchpoint", {"touchpoint": "policy"})["shop"] == (0, 0)
    assert rows(ask(store, site, "stages", days=2), "stage", "visitors")["consideration"] == (2,)


def test_a_day_not_walked_again_since_an_update_adds_nothing_to_chosen_sessions_and_the_report_says_so(store, site, story, journey):
    story.visitor("dana", at=NOW - 2 * DAY).view("/shop/a")
    story.visitor("avi", at=NOW - DAY).view("/shop/a")

    def counted(filters=None):
        found = ask(store, site, "stages", filters)
        return rows(found, "stage", "sessions")["consideration"], walked.UNDERWAY in found.notes
    assert counted() == counted({"channel": "*"}) == ((2,), False)
    store.before_reading = None
    with store.transaction() as connection:  # as the migration leaves it
        for table in ("walk_columns", "walk_ends"):
            connection.execute(f"delete from {table} where day = (select min(day) from walk_days)")
        connection.execute("update walk_days set stamp = stamp + 1, written = written + 1 where day = (select min(day) from walk_days)")
    assert counted() == ((2,), True) and counted({"channel": "*"}) == ((1,), True)
    DayWork(store).finish()
    assert counted() == counted({"channel": "*"}) == ((2,), False)


def test_of_page_patterns_the_longest_wins(store, site, story, journey):
    story.visitor("dana").view("/shop/a").view("/shop/returns").stay(5).view("/shop/a")
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions", "times", "engaged")["policy"] == (1, 1, 5)
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions", "times", "engaged")["shop"] == (1, 2, 0)


def test_a_contact_outside_the_page_is_met_by_the_next_session_of_that_customer(store, site, story, monkeypatch):
    monkeypatch.setattr(Visitors, "customer", lambda self, site, user: visitor_id(site.key, user))
    register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": "awareness", "name": "Awareness", "touchpoints": [{"key": "home", "name": "Home", "rules": [{"kind": "page", "value": "/"}]}]},
        {"key": "decision", "name": "Decision", "touchpoints": [
            {"key": "call", "name": "Call", "rules": [{"kind": "contact", "value": "call"}]}, {"key": "visit", "name": "Visit", "rules": [{"kind": "contact", "value": "shop_visit"}]}]}]}, "the owner")
    for hours in (50, 20, 2):
        story.visitor("1042", at=NOW - hours * 3_600_000, consented=True).view("/").event("contact_code", code="K7")
    story.visitor("77", at=NOW - 3_600_000, consented=True).view("/")
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions") == {"home": (4,), "call": (0,), "visit": (0,)}
    lines = ["2026-03-09 12:00,call,1042,", "2026-03-10 09:30,shop_visit,,K7", "2026-03-10 11:30,call,1042,", "2026-03-01,call,77,"]
    made = contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read("\n".join(["at,kind,customer,code", *lines, ""])), "contacts", now=NOW), "dana")
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions") == {"home": (4,), "call": (2,), "visit": (1,)}
    contacts.undo(store, site, made.id, "dana")
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions") == {"home": (4,), "call": (0,), "visit": (0,)}


def test_an_order_outside_the_page_makes_the_next_one_a_repeated_order(store, site, story, monkeypatch):
    monkeypatch.setattr(Visitors, "customer", lambda self, site, user: visitor_id(site.key, user))
    register.add(store, site, SHOP, "the owner")
    for name, transaction in (("1042", "A1"), ("77", "A2"), ("5", "A3")):
        story.visitor(name, at=NOW - 50 * 3_600_000, consented=True).view("/shop/a")
        story.visitor(name, at=NOW - 2 * 3_600_000, consented=True).view("/shop/a").purchase(10, transaction)

    def met():
        found = rows(ask(store, site, "touchpoints"), "touchpoint", "sessions")
        return found["order"] + found["again"] + found["second"]

    def bring_in(what, *lines):
        sheet = sheet_reader.read("\n".join([*lines, ""]))
        return contacts.bring_in(store, site, contacts.look(store, site, sheet, what, now=NOW), "dana")
    assert met() == (3, 0, 0)
    # by telephone, before; as the shop's system has those that were tracked, with dates alone; after; without a number: tracked or not, nobody knows
    called = bring_in("contacts", "at,kind,customer", "2026-03-09 12:00,phone_order,1042", "2026-03-10 11:30,phone_order,5")
    bring_in("orders", "at,customer,code", "2026-03-10,1042,A1", "2026-03-10,77,A2", "2026-03-10,5,A3", "2026-03-01,77,")
    assert met() == (3, 1, 1)
    sold = bring_in("orders", "at,customer,code", "2026-03-01,77,B7")
    assert met() == (3, 3, 2)  # customer 77 was here twice after it
    assert narrowed_orders(store, site) == 2
    contacts.undo(store, site, called.id, "dana")
    assert met() == (3, 2, 1)
    contacts.undo(store, site, sold.id, "dana")
    assert met() == (3, 0, 0)


def narrowed_orders(store, site):
    """Repeated orders as a funnel from the first page finds them."""
    return ask(store, site, "funnel", steps=("/shop/*", "stage:retention"), window="session").rows[-1].sessions


def test_a_code_is_known_of_any_session_before(store, site, story):
    register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": "decision", "name": "Decision", "touchpoints": [
        {"key": "call", "name": "Call", "rules": [{"kind": "contact", "value": "call"}]}]}]}, "the owner")
    story.visitor("1042", at=NOW - 60 * 3_600_000).view("/").event("contact_code", code="K7").sign_in("1042").view("/cart")
    for hours in (30, 2):
        story.visitor("1042", at=NOW - hours * 3_600_000).sign_in("1042").view("/")
    story.tell()
    text = "at,kind,code\n2026-03-09 22:00,call,K7\n"
    contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read(text), "contacts", now=NOW), "dana")
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions") == {"call": (1,)}


def test_what_is_not_digital_has_no_numbers(store, site, story, journey):
    story.visitor("dana").view("/shop/a")
    found = rows(ask(store, site, "touchpoints"), "touchpoint", "evidence", "sessions", "forward_rate")
    assert found["fair"] == ("not digital", None, None) and found["search"] == ("nothing met it", 0, None)
    assert found["shop"] == ("measured", 1, 0)


def test_trouble_is_that_of_the_page_or_form_where_it_happened(store, site, story, journey):
    story.visitor("dana").view("/shop/a").rage("Buy").dead("Buy").error("boom").vitals(lcp=2501).invalid("checkout", "mail") \
        .invalid("news", "mail").view("/elsewhere").rage("Buy")
    story.visitor("avi").view("/shop/a").vitals(lcp=2500)
    found = rows(ask(store, site, "touchpoints"), "touchpoint", "sessions", "troubled", "rage", "dead", "errors", "slow", "form_errors")
    assert found["shop"] == (2, 1, 1, 1, 1, 1, 1) and found["checkout"] == (1, 1, 0, 0, 0, 0, 1)
    assert rows(ask(store, site, "stages"), "stage", "troubled", "troubled_rate")["consideration"] == (1, 0.5)


def test_what_was_bought_later_counts_from_where_it_was_met(store, site, story, journey):
    story.visitor("dana").purchase(10).view("/shop/a").purchase(20).view("/shop/returns")
    found = rows(ask(store, site, "touchpoints"), "touchpoint", "conversions", "revenue")
    assert found["order"] == (1, 3000) and found["shop"] == (1, 2000) and found["policy"] == (0, 0)
    assert found["second"] == (1, 2000)  # bought again, in the same session
    assert rows(ask(store, site, "stages"), "stage", "conversions", "revenue")["consideration"] == (1, 2000)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_visitor_who_comes_again_returned_whatever_arrives_first(store, site, story, journey, order):
    first = story.visitor("dana", at=NOW - 20 * DAY // 10, consented=True).view("/shop/a")
    second = story.visitor("dana", at=NOW - 3_600_000, referrer=GOOGLE, consented=True).view("/shop/b")
    for at in order:
        (first, second)[at].send()
        story.tell()
        story.loader.day_work.finish()
    assert moves(store, site)["consideration:return:awareness"] == (1, 2) and moves(store, site)["consideration:leave"] == (1, 2)
    assert rows(ask(store, site, "stages"), "stage", "returns", "leaves")["consideration"] == (1, 1)


def test_an_order_that_arrives_late_makes_a_customer_of_the_visit_after_it(store, site, story, journey):
    first = story.visitor("dana", at=NOW - 12 * DAY // 10, consented=True).view("/shop/a")
    first.send()
    second = story.visitor("dana", at=NOW - 3_600_000, consented=True).view("/shop/b").purchase(5)
    second.send()
    story.tell()
    assert rows(ask(store, site, "touchpoints"), "touchpoint", "sessions")["again"] == (0,)
    late = story.visitor("dana", at=first.at + 1000, consented=True).view("/thanks").purchase(9)
    late.send(delay=40 * 3600 // 10)
    story.tell()
    found = rows(ask(store, site, "touchpoints"), "touchpoint", "sessions")
    assert found["again"] == (1,) and found["second"] == (1,)


def test_filters_choose_the_sessions_behind_a_number(store, site, story, journey):
    story.visitor("dana", referrer=GOOGLE).view("/shop/a").field("checkout", "mail")
    story.visitor("avi", referrer=GOOGLE).view("/elsewhere")
    story.visitor("noa").view("/shop/a").wait(1801).view("/shop/b")

    def sessions(**filters):
        return ask(store, site, "overview", filters).totals.sessions
    assert sessions(stage="awareness") == 2 and sessions(stage="!awareness") == 2 and sessions(stage=["awareness", "purchase"]) == 2
    assert sessions(touchpoint="shop") == 3 and sessions(touchpoint="nothing") == 0
    for name in ("transitions",):
        for row in ask(store, site, name).rows:
            assert sessions(transition=row.transition) == row.sessions, row
    assert sessions(transition="consideration:return") == 1
    assert rows(ask(store, site, "stages", {"touchpoint": "search"}), "stage", "sessions", "leaves") == {
        "awareness": (2, 1), "consideration": (1, 0), "purchase": (1, 1), "retention": (0, 0)}


@pytest.mark.parametrize("filters", [{}, {"channel": "*"}])
def test_paths_lead_through_stages_as_through_pages(store, site, story, journey, filters):
    story.visitor("dana", referrer=GOOGLE).view("/shop/a").view("/elsewhere").view("/shop/b").field("checkout", "mail").view("/shop/b")
    story.visitor("avi", referrer=GOOGLE).view("/elsewhere")
    story.visitor("noa").view("/shop/a").purchase(10)
    story.visitor("gal").view("/nowhere")

    def ways(*steps, **options):
        report = ask(store, site, "paths", filters, by="stage", steps=steps, **options)
        return [({row.page: row.sessions for row in step.pages}, step.end and step.end.sessions) for step in report.extra["steps"]]
    assert ways() == [({"awareness": 2, "consideration": 2, "purchase": 2}, None)]
    assert ways("consideration", "purchase")[1:] == [({"purchase": 2}, 0), ({"consideration": 1}, 1)]
    assert ways("purchase", direction="before")[1] == ({"consideration": 2}, 0)
    assert ways("consideration", direction="before")[1] == ({"awareness": 1}, 1)  # from where it was first entered
    found = ask(store, site, "paths", filters, by="stage", steps=("awareness",))
    assert [(row.step, row.name, row.what, row.sessions, row.total) for row in found.rows if row.step == 2] == [
        (2, "Consideration", "stage", 1, 2), (2, "", "end", 1, 2)]


def test_two_journeys_are_told_apart_by_their_keys(store, site, story, journey):
    register.add(store, site, SHOP | {"key": "trade"}, "the owner")
    story.visitor("dana", referrer=GOOGLE).view("/shop/a")
    assert [row.stage for row in ask(store, site, "stages", journey="trade").rows][0] == "trade/awareness"
    assert ask(store, site, "stages", journey="trade").rows[0].sessions == 1
    assert ask(store, site, "paths", by="stage", journey="trade").rows[0].page == "trade/awareness"
    assert ask(store, site, "overview", {"stage": "trade/awareness"}).totals.sessions == 1
    assert ask(store, site, "overview", {"transition": "trade/awareness:consideration"}).totals.sessions == 1


def test_a_change_of_rules_is_applied_to_the_past(store, site, story, journey):
    story.visitor("dana", at=NOW - 5 * DAY).view("/shop/a")
    story.visitor("avi").view("/help")
    assert ask(store, site, "stages").rows[1].sessions == 1
    changed = register.stages.as_dict(journey.journey)
    changed["stages"][1]["touchpoints"][0]["rules"][0]["value"] = "/help"
    register.change(store, site, "main", changed, 1, "the owner")
    report = ask(store, site, "stages", {"source": "*"}), ask(store, site, "stages")
    assert all(each.extra["applied"]["days"] == each.extra["applied"]["of"] for each in report)
    assert [each.rows[1].sessions for each in report] == [1, 1]
    assert ask(store, site, "stages", days=1).rows[1].sessions == 1 and ask(store, site, "stages", days=1).notes == ()


def test_a_site_without_a_journey_says_so(store, site, story):
    story.visitor("dana").view("/")
    for name, options in (("stages", {}), ("touchpoints", {}), ("transitions", {}), ("paths", {"by": "stage"})):
        report = ask(store, site, name, **options)
        assert report.rows in ((), []) and "no journey" in report.notes[0]


def test_a_page_group_is_a_rule_and_its_change_is_applied_to_the_past(store, site, story):
    register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": "look", "name": "Look", "touchpoints": [
        {"key": "guitars", "name": "Guitars", "rules": [{"kind": "group", "value": "Guitars"}]},
        {"key": "sale", "name": "Sale", "rules": [{"kind": "page", "value": "/guitars/sale/*"}]}]}]}, "the owner")
    page_groups.save(store, site, "Guitars", "/guitars/*")
    page_groups.save(store, site, "Strings", "/guitars/strings/*")
    story.visitor("dana").view("/guitars/a").view("/guitars/strings/b").view("/guitars/sale/c").view("/basses/d")

    def times():
        return {row.touchpoint: row.times for row in ask(store, site, "touchpoints").rows}
    assert times() == {"guitars": 1, "sale": 1}
    page_groups.save(store, site, "Guitars", "/guitars/*\n/basses/*", former="Guitars")
    story.loader.day_work.finish()
    assert times() == {"guitars": 2, "sale": 1}


def test_a_page_is_of_the_same_group_for_a_journey_as_for_the_reports(store, site, story):
    names = ("Cart and more", "Cart", "Star")
    register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": "look", "name": "Look", "touchpoints": [
        {"key": name.split()[-1].lower(), "name": name, "rules": [{"kind": "group", "value": name}]} for name in names]}]}, "the owner")
    for name, patterns in zip(names, ("/shop/cart*", "/shop/cart", "/star/\\*"), strict=True):
        page_groups.save(store, site, name, patterns)
    story.visitor("dana").view("/shop/cart").view("/shop/cart/b").view("/star/*").view("/star/a")
    met = {row.name: row.times for row in ask(store, site, "touchpoints").rows}
    assert met == dict.fromkeys(names, 1)
    with store.transaction() as connection:
        assert met == dict(connection.execute("select name, count(*) from grouped_pages where name <> '' group by name").fetchall())


def test_the_matrix_shows_every_move_once_and_leads_to_its_sessions(office):
    made = register.add(office.store, office.shop, SHOP, "the owner")
    story = Story(office.store, office.shop, office.data_dir / "spool")
    story.visitor("dana", referrer=GOOGLE).view("/shop/a").field("checkout", "mail").view("/shop/b").wait(1801).view("/shop/a")
    story.tell()
    story.close()
    page = office.as_("owner").get("/sites/shop/transitions?period=2026-03-10").text
    links = {unescape(href).partition("transition=")[2].replace("%3A", ":") for href in re.findall(r'class="move" href="([^"]+)"', page)}
    assert made and links == {"enter:awareness", "awareness:consideration", "consideration:purchase", "purchase:consideration",
                              "enter:consideration", "consideration:return", "consideration:leave"}
