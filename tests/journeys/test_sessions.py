"""The list of sessions, and one of them as a story. Numbers and orders are counted by hand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import journey_register, sites
from collector.fields import BadField
from journeys import names, stories
from journeys.reports import asked
from tests.office import Office
from tests.story import NOW, Story

DAY = 86_400_000


def ask(store, site, now=NOW, **args):
    return asked(store, site, "sessions", {key: value if isinstance(value, list) else [value] for key, value in args.items()}, now)


def told(store, site, now=NOW + DAY, which=0, **args):
    return stories.read(store, site, ask(store, site, **args).rows[which].session, now)


def kinds(part):
    return [moment.kind for moment in part.moments]


def test_sessions_stand_newest_first_and_are_read_page_by_page(store, site, story):
    for number in range(7):
        story.visitor(f"visitor {number}", at=NOW - number * 3 * DAY - 3_600_000).view("/").stay(number)
    seen, after = [], ""
    for size in (3, 3, 1):
        report = ask(store, site, period="30d", limit="3", after=after)
        assert report.extra["found"] == 7 and len(report.rows) == size
        seen += report.rows
        after = report.extra["next"]
    assert after == "" and [row.engaged for row in seen] == [0, 1, 2, 3, 4, 5, 6]
    assert [row.at for row in seen] == sorted((row.at for row in seen), reverse=True)
    assert len({row.session for row in seen}) == 7


@pytest.mark.parametrize("sort, key", [("engaged", "engaged"), ("revenue", "revenue"), ("trouble", "trouble")])
def test_sessions_with_most_of_something_come_first_page_by_page(store, site, story, sort, key):
    for number, amount in enumerate((3, 1, 3, 0, 2, 1)):
        visitor = story.visitor(f"visitor {number}", at=NOW - number * 5 * DAY - 3_600_000).view("/").stay(10 * amount)
        visitor.purchase(amount, f"order {number}")
        for _ in range(amount):
            visitor.rage("Buy")
    seen, after = [], ""
    while not seen or after:
        report = ask(store, site, period="30d", sort=sort, limit="2", after=after)
        seen += report.rows
        after = report.extra["next"]
    values = [getattr(row, key) for row in seen]
    assert len(seen) == 6 and values == sorted(values, reverse=True) and values[0] > 0
    assert all(before.at > later.at for before, later in zip(seen, seen[1:]) if getattr(before, key) == getattr(later, key))


def test_only_sessions_with_trouble_an_order_a_form_or_none_of_these(store, site, story):
    story.visitor("calm", at=NOW - 100_000).view("/").click("Map")
    story.visitor("angry", at=NOW - 200_000).view("/").dead("Buy")
    story.visitor("broken", at=NOW - 300_000).view("/").error("boom")
    story.visitor("buyer", at=NOW - 400_000).view("/").field("f", "mail").purchase(5)
    story.visitor("reader", at=NOW - 500_000).view("/").field("f", "mail")
    for which, ages in (("all", (1, 2, 3, 4, 5)), ("trouble", (2, 3)), ("order", (4,)), ("form", (4, 5)), ("none", (1,))):
        for filtered in ({}, {"source": "*"}):
            report = ask(store, site, **{"with": which}, **filtered)
            assert tuple((NOW - row.at) // 100_000 for row in report.rows) == ages
            assert report.extra["found"] == len(ages)


def test_filters_choose_and_the_count_is_the_overviews(store, site, story):
    for number in range(30):
        story.visitor(f"visitor {number}", at=NOW - number * DAY - 3_600_000, device="mobile" if number % 3 else "desktop") \
            .view("/").view("/cart" if number % 2 else "/about")
    report = ask(store, site, period="30d", page="/cart", device="mobile", limit="4")
    overview = asked(store, site, "overview", {"period": ["30d"], "page": ["/cart"], "device": ["mobile"]}, NOW)
    assert report.extra["found"] == overview.totals.sessions == 10
    assert [row.device for row in report.rows] == ["mobile"] * 4 and {row.exit_page for row in report.rows} == {"/cart"}


def test_a_session_of_no_name_we_gave_cannot_be_begun_after(store, site):
    for typed in ("somebody", "0000000000000000", "ffffffffffffffff"):
        with pytest.raises(BadField, match="after"):
            ask(store, site, after=typed)


def test_a_name_says_nothing_of_the_visitor_and_leads_back(store, site, story):
    story.visitor("dana", at=NOW - 60_000).view("/")
    story.visitor("avi", at=NOW - 60_000).view("/")
    rows = ask(store, site).rows
    assert len({row.session for row in rows}) == 2 and all(stories.read(store, site, row.session) for row in rows)
    with store.facts as db:
        for row in db.query("select id, visitor_id from sessions"):
            name = names.of(store, site).session(row["id"])
            assert name in {each.session for each in rows} and names.of(store, site).session_id(name) == row["id"]
    assert stories.read(store, site, "0000000000000000") is None


def test_without_the_installations_secret_a_name_leads_to_nobody(store, site, story):
    store.path.with_name("secret").write_text("a" * 64)
    story.visitor("dana", at=NOW - 60_000).view("/")
    name = ask(store, site).rows[0].session
    assert stories.read(store, site, name)
    store.path.with_name("secret").write_text("b" * 64)
    assert ask(store, site).rows[0].session != name and stories.read(store, site, name) is None


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.integers(1, 99))
def test_every_id_comes_back_from_its_name(number, site):
    known = names.Names(b"secret", site)
    assert known.person_id(known.person(number)) == number
    assert number < 0 or known.session_id(known.session(number)) == number


def test_another_sites_session_is_not_there(store, site, story):
    other = sites.add(store, "Other", "other.example", key="other")
    story.visitor("dana", at=NOW - 60_000).view("/")
    assert stories.read(store, other, ask(store, site).rows[0].session) is None


def test_a_story_tells_every_kind_of_event_in_its_page_view(store, site, story):
    dana = story.visitor("dana", referrer="https://www.google.com/").view("/", title="Home").exposed("colours", "blue").click("Buy").click("Buy") \
        .rage("Buy").dead("Buy").click("Map", link="outbound", to="https://maps.example/x?y=1") \
        .click("List", link="download", to="https://shop.example/list.pdf").vitals(lcp=5200, cls=0.01, inp=250).stay(24, 60)
    dana.view("/cart", how="navigate").frustration("error", "Voucher").error("boom", "https://shop.example/a.js").form("checkout", "view") \
        .form("checkout", "start").field("checkout", "phone", label="Phone", time_ms=9000, hesitation_ms=1200, corrections=2, returned=True,
                                         autofilled=True, pasted=True, filled=True) \
        .invalid("checkout", "phone", "patternMismatch").submit("checkout").abandon("checkout", "phone").quick_back()
    dana.view("/thanks").event("add_to_cart", value=20, items=[{"item_name": "Guitar", "price": 20}]).purchase(20, "order 1").purchase(20, "order 1") \
        .purchase(7, currency="USD")
    first, second, third = told(store, site).parts
    assert (first.page, first.title, first.how) == ("/", "Home", "load") and (second.page, second.how) == ("/cart", "navigate")
    assert kinds(first) == ["variant", "click", "rage", "dead", "outbound", "download", "speed", "read"]
    assert kinds(second) == ["error_click", "error", "form_seen", "form_started", "field", "refused", "form_sent", "form_left", "quick_back"]
    assert kinds(third) == ["event", "purchase", "goal", "purchase", "goal", "purchase", "goal"]
    facts = {moment.kind: moment.facts for part in (first, second) for moment in part.moments}
    assert facts["click"] == {"what": "Buy", "times": 2, "keyboard": False}
    assert facts["read"] == {"seconds": 24, "scroll": 0.6} and (first.read, first.scroll) == (24, 0.6)
    assert facts["speed"] == {"measured": {"lcp": 5200, "cls": 0.01, "inp": 250}, "word": "very slow", "slow": ["lcp", "inp"]}
    assert facts["field"] == {"field": "Phone", "form": "checkout", "seconds": 9, "sensitive": False, "hesitation": 1.2, "corrections": 2,
                              "returned": True, "autofilled": True, "pasted": True, "left_empty": False}
    assert facts["refused"] == {"field": "Phone", "form": "checkout", "rule": "patternMismatch"}
    assert facts["form_left"] == {"form": "checkout", "field": "Phone"}
    assert facts["variant"] == {"experiment": "colours", "variant": "blue"}
    assert facts["download"]["to"] == "shop.example/list.pdf" or facts["download"]["to"] == "/list.pdf"
    bought = [moment.facts for moment in third.moments if moment.kind == "purchase"]
    assert [(each["amount"], each["again"], each["foreign"]) for each in bought] == [(2000, False, ""), (None, True, ""), (0, False, "USD")]
    assert third.moments[0].facts["items"] == ["Guitar"]
    assert third.moments[2].facts == {"goals": ["Purchase"]}


def test_a_sensitive_field_is_told_as_entered_and_left(store, site, story):
    story.visitor("dana").view("/").field("pay", "card", time_ms=4000, sensitive=True)
    assert told(store, site).parts[0].moments[0].facts == {
        "field": "card", "form": "pay", "seconds": 4, "sensitive": True, "hesitation": None, "corrections": 0, "returned": False,
        "autofilled": False, "pasted": False, "left_empty": False}


def test_a_minute_in_which_nothing_happened_is_told(store, site, story):
    story.visitor("dana").view("/").stay(10).wait(300).click("Buy").wait(61).view("/cart").wait(600).stay(500)
    first, second = told(store, site).parts
    assert kinds(first) == ["read", "pause", "click", "pause"] and kinds(second) == ["pause", "read"]
    assert [moment.facts["seconds"] for moment in first.moments if moment.kind == "pause"] == [300, 63]
    assert second.moments[0].facts["seconds"] == 601


def test_what_is_sent_when_a_page_goes_stays_with_its_page(store, site, story):
    dana = story.visitor("dana").view("/").send()
    tab = dana.page, dana.numbers
    dana.view("/cart").click("Pay").send()
    dana.page, dana.numbers = tab
    dana.stay(3, 80).click("Back")
    parts = told(store, site).parts
    assert [(part.page, part.how, kinds(part)) for part in parts] == [
        ("/", "load", ["read"]), ("/cart", "load", ["click"]), ("/", "again", ["click"])]


def test_a_remembered_visitors_sessions_lead_to_each_other(store, site, story):
    for day in (2, 1, 0):
        story.visitor("dana", at=NOW - day * DAY - 3_600_000, consented=True).view("/")
        story.visitor("noa", at=NOW - day * DAY - 7_200_000).view("/")
    names = [row.session for row in ask(store, site).rows]
    newest, middle, oldest = (stories.read(store, site, names[place]) for place in (0, 2, 4))
    assert (oldest.earlier, oldest.later, oldest.number, oldest.of) == ("", middle.session, 1, 3)
    assert (middle.earlier, middle.later) == (oldest.session, newest.session) and newest.later == ""
    alone = stories.read(store, site, names[1])
    assert (alone.earlier, alone.later, alone.of) == ("", "", 1)


def test_who_signs_in_within_a_session_is_led_to_from_the_next(store, site, story):
    story.visitor("home", at=NOW - DAY - 3_600_000).view("/").sign_in("1042").view("/cart")
    story.visitor("home", at=NOW - 3_600_000).sign_in("1042").view("/")
    newest, oldest = (stories.read(store, site, row.session) for row in ask(store, site).rows)
    assert (oldest.earlier, oldest.later, oldest.number, oldest.of) == ("", newest.session, 1, 2)
    assert (newest.earlier, newest.later, newest.number) == (oldest.session, "", 2)


def test_the_stages_that_a_session_walked_through_are_told(store, site, story):
    kinds = {"search": ("awareness", "channel", "Organic Search"), "product": ("consideration", "page", "/guitars/*"),
             "order": ("purchase", "order", ""), "letter": ("advocacy", "", "")}
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": stage, "name": stage.title(), "touchpoints": [
            {"key": key, "name": key.title(), "rules": [{"kind": kind, "value": value}] if kind else []}]}
        for key, (stage, kind, value) in kinds.items()]}, "dana")
    story.visitor("dana", at=NOW - 60_000, referrer="https://www.google.com/").view("/guitars/carmel").purchase(5).view("/guitars/gilboa")
    story.visitor("avi", at=NOW - 90_000).view("/about")
    assert [row.stages for row in ask(store, site).rows] == [("Awareness", "Consideration", "Purchase"), ()]
    walk = told(store, site).stages
    assert [(stop.name, stop.touchpoints, stop.moves) for stop in walk] == [
        ("Awareness", ("Search",), (("forward", "Consideration"),)),
        ("Consideration", ("Product",), (("forward", "Purchase"), ("leave", ""))),
        ("Purchase", ("Order",), (("back", "Consideration"),))]
    assert told(store, site, which=1).stages == ()
    assert [stop.moves for stop in told(store, site, now=NOW).stages] == [(("forward", "Consideration"),), (("forward", "Purchase"),),
                                                                          (("back", "Consideration"),)], "who is still there has not left"


def test_a_session_that_may_go_on_is_not_over(store, site, story):
    story.visitor("dana", at=NOW - 60_000).view("/")
    story.tell()
    assert not told(store, site, now=NOW).over and told(store, site, now=NOW + 1_800_000).over


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("busy"))
    story = Story(made.store, made.shop, made.data_dir / "spool")
    now = made.shop.created_at
    story.visitor("dana", at=now - 600_000, referrer="https://www.google.com/").view("/<b>", title="<i>Home</i>").click("<script>alert(1)</script>") \
        .stay(20).view("/cart").field("order", "mail", label="Mail").abandon("order", "mail")
    story.tell()
    yield made
    story.close()
    made.store.close()


@pytest.mark.parametrize("language, words", [("en", ("Came from", "Clicked", "In the field")), ("he", ("הגעה מ־", "הקלקה על", "בשדה"))])
def test_the_page_of_a_session_reads_in_the_readers_language(busy, language, words):
    viewer = busy.as_("viewer")
    page = viewer.get(f"/sites/shop/sessions?period=7d&lang={language}").text
    address = page.partition("/sites/shop/sessions/")[2].partition('"')[0]
    story = viewer.get(f"/sites/shop/sessions/{address}?lang={language}")
    assert story.status_code == 200 and all(word in story.text for word in words)
    assert "<script>alert" not in story.text and "&lt;script&gt;alert(1)" in story.text and "<i>Home" not in story.text


def test_the_last_events_and_the_program_come_to_the_same_story(busy):
    viewer = busy.as_("viewer")
    event = viewer.get("/api/sites/shop/live").json["rows"][0]
    story = viewer.get(f"/api/sites/shop/sessions/{event['session']}").json
    assert story["session"] == event["session"] and [part["page"] for part in story["parts"]] == ["/<b>", "/cart"]
    assert f"/sites/shop/sessions/{event['session']}" in viewer.get("/sites/shop/live").text
    assert "visitor" not in json.dumps(story)
    assert viewer.get("/sites/shop/sessions/none").status_code == viewer.get("/api/sites/shop/sessions/none").status_code == 404


def test_more_sessions_are_a_page_further(busy):
    viewer = busy.as_("viewer")
    assert "after=" not in viewer.get("/sites/shop/sessions?period=7d").text
