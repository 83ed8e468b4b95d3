"""The forms report where random small sites do not reach: costs, differences, the order of fields, old databases and addresses."""

import random

import pytest

from collector import sites
from journeys import listing, sides, variants
from journeys.field_cost import Counts, costs
from journeys.options import BadOption
from journeys.reports import asked
from tests import trials
from tests.office import Office
from tests.story import NOW, Story

FIELDS = ("name", "phone", "card")


def ask(store, site, **args):
    return asked(store, site, "forms", {key: [value] for key, value in args.items()}, NOW)


def fill(story, name, upto, abandoned=False, bought=0, refused="", minutes=60):
    """One session that touches the checkout's fields up to one of them."""
    teller = story.visitor(name, at=NOW - minutes * 60_000).view("/checkout").form("checkout", "view")
    for field in FIELDS[:FIELDS.index(upto) + 1]:
        teller.field("checkout", field)
    if refused:
        teller.invalid("checkout", refused)
    if abandoned:
        teller.abandon("checkout", upto)
    if bought:
        teller.submit("checkout").view("/thanks").purchase(bought)


def test_what_a_field_costs_is_what_it_loses_beyond_its_neighbours(store, site, story):
    for number in range(40):
        fill(story, f"lost {number}", "phone", abandoned=True, refused="phone" if number < 30 else "")
    for number in range(10):
        fill(story, f"at name {number}", "name", abandoned=True)
    for number in range(50):
        fill(story, f"paid {number}", "card", bought=200, refused="phone" if number < 5 else "")
    name, phone, card = ask(store, site, period="today").rows
    assert [(row.place, row.sessions, row.last_fields) for row in (name, phone, card)] == [(1, 100, 10), (2, 90, 40), (3, 50, 0)]
    # by hand: (40/90 - 10/150) * 90 reached * 50/50 went on and completed = 34 a day, 1020 a month, at 200 each
    assert phone.cost == 1020.0 and phone.cost_low < 1020 < phone.cost_high
    assert phone.stake == 1020 * 20_000 and phone.stake_low < phone.stake < phone.stake_high
    assert (name.cost, name.cost_low, card.cost) == (0, 0, 0)
    # refused: 30 of the 40 who gave up there and 0 of the 10 before it, who never reached it; 5 of the 50 who paid
    assert phone.refused == pytest.approx(30 / 40 - 5 / 50)
    assert (phone.refused_low, phone.refused_high) == listing.newcombe(30, 40, 5, 50)
    assert phone.returned is None and name.refused is None


def test_below_thirty_sessions_there_is_not_enough_data(store, site, story):
    for number in range(20):
        fill(story, f"lost {number}", "phone", abandoned=True)
        fill(story, f"paid {number}", "card", bought=10)
    assert [row.cost for row in ask(store, site).rows] == [0, None, None]  # 20 went on from the second field, 20 reached the third


def test_the_costs_interval_holds_the_truth_95_times_of_100():
    rng = random.Random(7)
    leaving, finishing = (.03, .05, .15, .04, .06), .85
    held = 0
    for _ in range(600):
        fields, here = [], 400
        for rate in leaving:
            left = sum(rng.random() < rate for _ in range(here))
            fields.append((here, left))
            here -= left
        done = sum(rng.random() < finishing for _ in range(here))
        cost = costs([Counts(reached, left, done) for reached, left in fields], 30)[2]
        neighbours = [(fields[at][0], leaving[at]) for at in (0, 1, 3, 4)]
        around = sum(reached * rate for reached, rate in neighbours) / sum(reached for reached, _ in neighbours)
        truth = (leaving[2] - around) * fields[2][0] * (1 - leaving[3]) * (1 - leaving[4]) * finishing
        held += cost.low <= truth <= cost.high
    assert .93 <= held / 600 <= .97


def test_a_month_of_a_young_site_begins_with_its_first_event(store, site, story):
    for number in range(60):
        fill(story, f"{number}", "phone" if number < 30 else "card", abandoned=number < 30, bought=10 * (number >= 30))
    site = sites.by_key(store, site.key)
    today, month = (ask(store, site, period=period).rows[1].cost for period in ("today", "30d"))
    assert today == month > 0


def test_fields_stand_in_the_order_people_meet_them(store, site, story):
    story.visitor("dana").view("/").field("f", "b").field("f", "a").field("f", "b").field("f", "c")
    story.visitor("avi").view("/").field("f", "b").field("f", "c").field("f", "c")
    story.visitor("noa").view("/").field("f", "b").invalid("f", "never touched")
    assert [(row.field, row.place) for row in ask(store, site).rows] == [
        ("b", 1), ("a", 2), ("c", 3), ("never touched", None)]


def test_the_form_shown_is_the_one_most_started_that_has_fields(store, site, story):
    for number in range(3):
        story.visitor(f"buyer {number}").view("/").submit("add to cart")
    story.visitor("dana").view("/").field("news", "mail")
    assert ask(store, site).extra["form"].form == "news"
    assert [form.form for form in ask(store, site, by="form").rows] == ["add to cart", "news"]
    assert ask(store, site, form="add to cart").rows == () and ask(store, site, form="nowhere").rows == ()


def test_forms_are_told_apart_by_the_variant_that_a_session_was_shown(store, site, story):
    for number, (variant, last) in enumerate((("short", "card"), ("short", "phone"), ("long", "name"), ("", "card"))):
        teller = story.visitor(f"visitor {number}").view("/checkout")
        if variant:
            teller.exposed("short-checkout", variant)
        for field in FIELDS[:FIELDS.index(last) + 1]:
            teller.field("checkout", field)
        teller.wait(3600).view("/checkout").field("checkout", "card")  # later on, without being shown anything
    assert [(row.field, row.sessions) for row in ask(store, site, variant="short-checkout:short").rows] == [("name", 2), ("phone", 2), ("card", 1)]
    assert [(row.field, row.sessions) for row in ask(store, site, variant="short-checkout:long").rows] == [("name", 1)]
    assert ask(store, site, variant="short-checkout:*", by="form").rows[0].starters == 3
    assert ask(store, site, variant="!short-checkout:*", by="form").rows[0].starters == 5
    trials.start(store, site, NOW - 2, key="another")
    assert ask(store, site, variant="another:short", by="form").rows == ()
    trials.start(store, site, NOW - 1)
    side_by_side = ask(store, site, by="variant")
    assert [(row.value, row.starters) for row in side_by_side.rows] == [("short-checkout:short", 2), ("short-checkout:long", 1)]
    assert side_by_side.extra["form"].starters == 3 and sides.SHOWN in side_by_side.notes
    assert [(row.value, row.starters) for row in ask(store, site, by="variant", variant="short-checkout:short").rows] == [("short-checkout:short", 2)]
    assert ask(store, site, by="variant", experiment="another").rows == ()
    assert [(row.value, row.starters) for row in ask(store, site, by="device").rows] == [("desktop", 8)]
    with pytest.raises(BadOption, match="short-checkout, another"):
        ask(store, site, by="variant", experiment="none such")


def test_without_an_experiment_there_are_no_variants_to_tell_apart(store, site, story):
    story.visitor("dana").view("/").field("news", "mail")
    report = ask(store, site, by="variant")
    assert report.rows == () and report.notes == (sides.NONE_YET,)


def test_the_page_sets_the_variants_of_an_experiment_side_by_side(tmp_path):
    office = Office(tmp_path)
    story = Story(office.store, office.shop, tmp_path / "spool")
    for number, variant in enumerate(("control", "short", "short")):
        story.visitor(f"{number}").view("/checkout").exposed("short-checkout", variant).field("checkout", "name")
    story.tell()
    story.close()
    browser, days = office.as_("owner"), "period=2026-03-10"
    assert "by=variant" not in browser.get(f"/sites/shop/forms?{days}").text
    for key in ("blue", "short-checkout"):
        trials.start(office.store, office.shop, NOW, key=key)
    page = browser.get(f"/sites/shop/forms?{days}&by=variant").text
    assert "short-checkout:control" in page and "variant=short-checkout:short" in page and "experiment=blue" in page
    assert "/experiments/short-checkout" in page and "several variants" not in page
    missing = browser.get(f"/sites/shop/forms?{days}&form=nope&lang=en").text
    assert "No form of the name \u2068nope\u2069 was touched here" in missing and "There are: \u2068checkout\u2069" in missing
    assert "No form was touched in these days" not in missing
    for report in ("funnel?steps=/checkout&steps=/thanks", "abandonment?of=cart"):
        assert "short-checkout" in browser.get(f"/sites/shop/{report}&{days}&by=variant").text


def test_variants_differ_from_the_first_with_the_interval_and_who_saw_several_is_said(store, site, story):
    trials.start(store, site, NOW - 1)
    for number in range(151):  # 56 of 70 against 48 of 81, one of which saw the other variant after it
        variant, done = ("short", number < 56) if number < 70 else ("control", number < 118)
        teller = story.visitor(f"{number}").view("/checkout").exposed("short-checkout", variant).field("checkout", "name")
        if done:
            teller.purchase(10)
        if number == 150:
            teller.exposed("short-checkout", "short")
    report = ask(store, site, by="variant")
    by_variant = {row.value: row for row in report.rows}
    assert by_variant["short-checkout:control"].difference is None and by_variant["short-checkout:control"].starters == 81
    assert report.extra["crossed"] == 1 and variants.CROSSED in report.notes and report.extra["control"] == "short-checkout:control"
    assert [column.key for column in report.columns][-3:] == ["difference", "difference_low", "difference_high"]
    short = by_variant["short-checkout:short"]
    assert (short.completions, short.starters) == (56, 70) and round(short.difference, 3) == round(56 / 70 - 48 / 81, 3)
    assert (short.difference_low, short.difference_high) == listing.newcombe(56, 70, 48, 81)


def test_the_steps_of_a_form_that_share_its_name_are_one_form_each_field_with_its_page(store, site, story):
    def begin(name):
        return story.visitor(name).view("/checkout/1").form("checkout", "view").field("checkout", "name").field("checkout", "phone")
    for number in range(3):
        begin(f"paid {number}").submit("checkout").view("/checkout/2").form("checkout", "view").field("checkout", "card").submit("checkout").view("/thanks").purchase(10)
    begin("left in the second").submit("checkout").view("/checkout/2").form("checkout", "view").field("checkout", "card").abandon("checkout", "card")
    begin("left in the first").abandon("checkout", "phone")
    begin("sent the first only").submit("checkout").view("/checkout/2").form("checkout", "view")
    begin("in an app").abandon("checkout", "phone").view("/checkout/2", how="push").field("checkout", "card").submit("checkout").view("/thanks", how="push").purchase(10)
    form, = ask(store, site, by="form").rows
    assert (form.viewers, form.starters, form.submitters, form.completions, form.abandons) == (7, 7, 6, 4, 2)
    assert [(row.field, row.page, row.sessions, row.last_fields) for row in ask(store, site).rows] == [
        ("name", "/checkout/1", 7, 0), ("phone", "/checkout/1", 7, 1), ("card", "/checkout/2", 5, 1)]
    assert ask(store, site, device="mobile").rows == ()


def test_a_form_completed_and_begun_again_is_completed_and_abandoned(store, site, story):
    story.visitor("dana").view("/").form("f", "start").purchase(10).form("f", "start").abandon("f", "mail")
    row, = ask(store, site, by="form").rows
    assert (row.completions, row.abandons, row.revenue) == (1, 1, 1000)


def test_without_a_goal_it_says_that_completions_need_one(store, site, story):
    story.visitor("dana").view("/").field("news", "mail").submit("news")
    assert len(ask(store, site).notes) == 1
    story.visitor("avi").view("/").field("news", "mail").purchase(1)
    assert ask(store, site).notes == ()


def test_a_database_of_before_is_counted_as_the_loader_counts(store, site, story):
    for number, upto in enumerate(("name", "phone", "card") * 2):
        fill(story, f"visitor {number}", upto, abandoned=number < 3, bought=number * 5, refused=upto, minutes=60 + 1440 * number)
    story.visitor("dana").view("/").purchase(3).form("news", "start").abandon("news", "mail")
    tables = ("session_forms", "session_fields", "form_days", "field_days")
    story.tell()
    with store.transaction() as db:
        kept = {table: db.execute(f"select * from {table}").fetchall() for table in tables}
        assert any(any(row) for rows in kept.values() for row in rows)
        for table in tables:
            new = {"session_forms": ["completed"], "session_fields": ["place"], "form_days": ["completions", "revenue"]}.get(
                table) or [f"{who}{what}" for who in ("gone", "done") for what in ("", "_returned", "_corrected", "_refused")] + [
                "places", "completions"]
            for column in new:
                db.execute(f"alter table {table} drop column {column}")
        db.execute("update field_days set sessions = (stays > 0)")  # the form left without a stay in its field
        db.execute("delete from _sqlite_migrations where name = 'm008_completed_forms'")
    store.migrate()
    with store.transaction() as db:
        assert {table: db.execute(f"select * from {table}").fetchall() for table in tables} == kept


def test_its_address_of_before_leads_here(tmp_path):
    dana = Office(tmp_path).as_("owner")
    moved = dana.get("/sites/shop/fields?by=form&period=7d")
    assert moved.status_code == 302 and moved.location == "/sites/shop/forms?by=form&period=7d"
    assert dana.get("/api/sites/shop/fields?by=form").json["report"] == "forms"


def test_the_page_of_each_field_stands_on_the_page_where_they_are_several(tmp_path):
    office = Office(tmp_path)
    story = Story(office.store, office.shop, tmp_path / "spool")
    story.visitor("dana").view("/checkout/1").form("checkout", "view").field("checkout", "name").view("/checkout/2").field("checkout", "card")
    story.visitor("avi").view("/he/book").form("book", "view").field("book", "day").view("/book").field("book", "hour")
    story.tell()
    story.close()
    browser = office.as_("owner")
    page = browser.get("/sites/shop/forms?period=2026-03-10&form=checkout").text
    assert "/checkout/1" in page and "/checkout/2" in page
    assert "/book" not in browser.get("/sites/shop/forms?period=2026-03-10&form=book").text  # one page in two languages
