"""Reports at their edges: nobody, one visitor, day borders, clock changes, options. Numbers are counted by hand."""

import json
import re

import pytest
from click.testing import CliRunner

import wsgi
from collector import contacts, filters, period, presets, segments, sheet_reader, sites, stages
from collector import journey_register as register
from collector.fields import BadField
from journeys import live, paths, render
from journeys.ask import ask as ask_totals
from journeys.report import KINDS
from journeys.reports import REPORTS, TO_COME, asked
from tests import trials
from tests.story import NOW

SAY_NOTHING_OF_ONE = {("customers", None), ("loyalty", "wait"),  # models of many customers: test_retention.py
                      ("pain", None)}  # nothing is told apart from chance: test_pain.py
# not counted by the site but brought in: None is "not known", which is not 0
NOT_KNOWN = {("orders", "real"), ("orders", "of"), ("orders", "matched"), ("orders", "real_revenue")}
OF_ITS_OWN = {"overview", "orders"}  # reports of days, whose totals are no row
EVERYTHING = {"source": ["*"]}
CHOICES = [(name, option.name, choice) for name, module in REPORTS.items() for option in module.OPTIONS
           for choice in option.choices]


def test_the_command_names_every_report():
    written = CliRunner().invoke(wsgi.netiv, ["report", "--help"]).output
    assert [name for name in REPORTS if not re.search(rf"\b{name}\b", written.partition("NAME is one of")[2].partition(".")[0])] == []


def ask(store, site, name, now=NOW, **args):
    return asked(store, site, name, {key: value if isinstance(value, list) else [value] for key, value in args.items()}, now)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("period_name", ["30d", "today"])
def test_of_nobody_there_is_nothing_to_say_and_no_rate(store, site, name, period_name):
    for filtered in ({}, EVERYTHING):
        report = ask(store, site, name, period=period_name, **filtered)
        for row in report.rows:
            for column in report.columns:
                if (name, column.key) in NOT_KNOWN:
                    assert getattr(row, column.key) is None
                elif column.kind in ("count", "money") and column.key != "arrived":
                    assert getattr(row, column.key) == 0
                elif column.kind in ("rate", "seconds"):
                    assert getattr(row, column.key) is None
        for write in (render.to_json, render.to_csv, render.to_table):
            assert write(report, site)


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "live"])
def test_days_to_come_are_said_to_be(store, site, name):
    for days in ("2026-03-11", "2031-01-01..2031-01-31"):
        assert ask(store, site, name, period=days).notes == (TO_COME,)
    for days in ("today", "2026-03-10..2026-03-11"):
        assert TO_COME not in ask(store, site, name, period=days).notes


@pytest.mark.parametrize("name", REPORTS)
def test_columns_are_what_rows_have_and_each_says_what_it_means(store, site, story, name):
    whole_day(story)
    for by in [None] + [choice for each, option, choice in CHOICES if each == name and option == "by"]:
        report = ask(store, site, name, **({"by": by} if by else {})) if name != "live" else live.report(store, site, now=NOW)
        keys = [column.key for column in report.columns]
        assert len(set(keys)) == len(keys) and (report.rows or (name, by) in SAY_NOTHING_OF_ONE)
        for row in report.rows:
            assert all(hasattr(row, key) for key in keys)
        for column in report.columns:
            assert column.kind in KINDS and column.title
            assert column.definition or column.kind in ("text", "words")
            assert not column.filter or column.filter in filters.KEYS
            assert column.kind != "rate" or not column.of or column.of in keys or all(hasattr(row, column.of) for row in report.rows)
            assert set(column.interval) <= set(keys)
        if report.totals is not None:
            assert type(report.totals) is type(report.rows[0]) or name in OF_ITS_OWN


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "live"])
def test_totals_and_sessions_say_the_same(store, site, story, name):
    whole_day(story)
    for by in [None] + [choice for each, option, choice in CHOICES if each == name and option == "by"]:
        plain, filtered = (ask(store, site, name, **({"by": by} if by else {}), **more) for more in ({}, EVERYTHING))
        assert plain.rows == filtered.rows and plain.totals == filtered.totals


def whole_day(story):
    trials.start(story.store, story.site, NOW)
    register.add(story.store, story.site, stages.as_dict(presets.preset("shop")), "the owner")
    story.visitor("dana", referrer="https://www.google.com/").view("/").stay(20).click("Buy").rage("Buy").view("/cart") \
        .form("checkout", "view").field("checkout", "phone", hesitation_ms=800).invalid("checkout", "phone") \
        .abandon("checkout", "phone").view("/").click("Map", link="outbound", to="https://maps.example/x?y=1") \
        .click("List", link="download", to="https://shop.example/list.pdf").event("signup").purchase(120)
    for what, rows in (("contacts", "at,kind,code\n2026-03-10,call,A1\n"), ("orders", "at,order,value\n2026-03-10,A1,120\n")):
        contacts.bring_in(story.store, story.site, contacts.look(story.store, story.site, sheet_reader.read(rows), what, now=NOW), "the owner")
    segments.add(story.store, story.site, "On a computer", {"device": ["desktop"]}, "dana@shop.example")
    story.visitor("noa", consented=True).view("/").event("answer", score=9).event("share").purchase(80)
    story.visitor("bot", bot="search").view("/")
    story.visitor("eli", device="mobile").view("/checkout").exposed("short-checkout", "short").event("begin_checkout", value=30).field("order", "mail").abandon("order", "mail")
    story.visitor("avi", device="mobile", country="US").view("/").raw({"type": "click", "element": 7}).view("/cart").stay(3)


def test_one_visitor_is_one_however_often_she_comes(store, site, story):
    dana = [story.visitor("dana", at=f"2026-03-{day} 09:00", consented=True) for day in ("07", "08", "10")]
    for each in dana:
        each.view("/").stay(30)
    story.visitor("dana", at="2026-03-10 11:00", consented=True).view("/").stay(30)
    report = ask(store, site, "overview", period="7d")
    assert report.totals.visitors == 1 and report.totals.sessions == 4
    assert [row.visitors for row in report.rows] == [0, 0, 0, 1, 1, 0, 1]
    assert ask(store, site, "overview", period="7d", **EVERYTHING).totals == report.totals
    assert ask(store, site, "overview", period="2026-03-08..2026-03-09").totals.visitors == 1


def test_a_session_over_midnight_counts_on_the_day_it_began(store, site, story):
    story.visitor("dana", at="2026-03-08 23:59").view("/").stay(120).view("/cart")
    report = ask(store, site, "overview", period="2026-03-08..2026-03-09")
    assert [(row.sessions, row.views) for row in report.rows] == [(1, 2), (0, 0)]
    assert ask(store, site, "pages", period="2026-03-09").rows == ()
    assert {row.page for row in ask(store, site, "pages", period="2026-03-08").rows} == {"/", "/cart"}


def test_days_end_at_the_sites_midnight(store, site, story):
    story.visitor("dana", at="2026-03-08 23:59:58").view("/")
    story.visitor("avi", at="2026-03-09 00:00").view("/")
    for filtered in ({}, EVERYTHING):
        report = ask(store, site, "overview", period="2026-03-08..2026-03-09", **filtered)
        assert [row.sessions for row in report.rows] == [1, 1]


# Israel changes its clocks on 27 March 2026 (02:00 becomes 03:00) and 25 October 2026 (02:00 becomes 01:00)
@pytest.mark.parametrize("day, hours, at, hour", [
    ("2026-03-27", 23, "2026-03-27 03:00", 2), ("2026-03-27", 23, "2026-03-27 23:30", 22),
    ("2026-10-25", 25, "2026-10-25 23:30", 24), ("2026-10-25", 25, "2026-10-25 00:30", 0)])
def test_hours_of_a_day_whose_clock_changes(store, site, story, day, hours, at, hour):
    story.visitor("dana", at=at).view("/").stay(5)
    for filtered in ({}, EVERYTHING):
        report = ask(store, site, "overview", period=day, **filtered)
        assert len(report.rows) == hours
        assert [number for number, row in enumerate(report.rows) if row.sessions] == [hour]
        assert render.to_csv(report, site).splitlines()[hour + 1].startswith(f'"{at[:13]}:00:00+0')


def test_both_hours_of_the_night_that_has_two_are_shown(store, site):
    report = ask(store, site, "overview", period="2026-10-25")
    times = [line.split(",")[0] for line in render.to_csv(report, site).splitlines()[1:4]]
    assert times == ['"2026-10-25 00:00:00+03:00"', '"2026-10-25 01:00:00+03:00"', '"2026-10-25 01:00:00+02:00"']


def test_change_since_the_period_before(store, site, story):
    for number, day in enumerate(("2026-03-04", "2026-03-08", "2026-03-09", "2026-03-10")):
        visitor = story.visitor(f"visitor {number}", at=f"{day} 09:00").view("/").stay(20)
        if day in ("2026-03-04", "2026-03-08"):
            visitor.purchase(100)
    report = ask(store, site, "overview", period="2026-03-07..2026-03-10")  # three sessions after one
    changes = report.extra["changes"]
    assert changes["sessions"] == 2.0 and changes["revenue"] == 0.0
    assert changes["conversion_rate"] == pytest.approx(1 / 3 - 1)  # a rate changes by points
    assert changes["clicks"] is None  # there were none to compare with


def test_the_last_day_is_said_to_be_running(store, site):
    assert ask(store, site, "overview", period="7d").notes and not ask(store, site, "overview", period="yesterday").notes


def test_the_interval_of_a_rate_is_wilsons(store, site, story):
    for number in range(10):
        visitor = story.visitor(f"visitor {number}").view("/").stay(1)
        if number < 3:
            visitor.purchase(10)
    goal = ask(store, site, "goals").rows[0]
    assert (goal.sessions, goal.of_sessions, goal.rate) == (3, 10, 0.3)
    # R 4.3: prop.test(3, 10, correct = FALSE)$conf.int
    assert (goal.low, goal.high) == (pytest.approx(0.1077913, abs=1e-6), pytest.approx(0.6032219, abs=1e-6))


def test_a_path_starts_where_the_page_was_first_seen(store, site, story):
    story.visitor("dana").view("/").view("/cart").view("/").view("/blog").view("/cart")
    story.visitor("avi").view("/blog").view("/")
    story.visitor("noa").view("/").view("/cart").view("/blog")
    steps = ask(store, site, "paths", steps=["/", "/cart"]).extra["steps"]
    assert [(row.page, row.sessions) for row in steps[1].pages] == [("/cart", 2)]
    assert (steps[1].end.sessions, steps[1].total) == (1, 3)
    assert [(row.page, row.sessions) for row in steps[2].pages] == [("/", 1), ("/blog", 1)]
    before = ask(store, site, "paths", steps=["/"], direction="before").extra["steps"][1]
    assert [(row.page, row.sessions) for row in before.pages] == [("/blog", 1)] and before.end.sessions == 2


@pytest.mark.parametrize("narrowed", [{}, {"source": "*"}])
def test_a_page_that_comes_in_while_paths_are_counted_is_not_taken_for_the_end(store, site, story, monkeypatch, narrowed):
    story.visitor("dana").view("/")
    story.visitor("avi").view("/").view("/new")
    story.visitor("noa").view("/").view("/new")
    story.tell()
    monkeypatch.setattr(paths, "ask", lambda store, question, *args: [
        row for row in ask_totals(store, question, *args) if question != "page_ids" or row.path != "/new"])
    assert ask(store, site, "paths", steps=["/"], **narrowed).extra["steps"][1].end.sessions == 1


def test_pages_beyond_the_first_stand_together_and_a_chosen_one_is_shown(store, site, story):
    for number in range(4):
        story.visitor(f"visitor {number}").view("/").view(f"/{number}")
    steps = ask(store, site, "paths", steps=["/", "/3"], limit="2").extra["steps"]
    assert [row.page for row in steps[1].pages] == ["/0", "/1", "/3"]
    assert (steps[1].others.sessions, steps[1].others_count) == (1, 1)


def test_a_session_of_very_many_pages_is_found_by_its_last_one_and_saw_them_all(store, site, story):
    visitor = story.visitor("dana")
    for number in range(70):
        visitor.view(f"/{number % 65}")
    story.visitor("avi").view("/1").view("/blog")
    assert [ask(store, site, "pages", page=typed).totals.sessions for typed in ("/64", "!/64", ["/blog", "/64"], "/1", "/nowhere")] == [1, 1, 2, 2, 0]
    for narrowed in ({}, {"source": "*"}):
        first, after = ask(store, site, "paths", steps=["/59"], limit="100", **narrowed).extra["steps"]
        assert (first.total, {row.page: row.sessions for row in first.pages}) == (2, {f"/{number}": 1 for number in range(65)} | {"/1": 2, "/blog": 1})
        assert (after.total, after.end.sessions) == (1, 1)  # a way is followed through the first sixty


def test_listings_are_searched_sorted_and_cut(store, site, story):
    for number, path in enumerate(("/a", "/b", "/b", "/Apple", "/Apple", "/Apple")):
        story.visitor(f"visitor {number}").view(path).stay(number)
    assert [row.page for row in ask(store, site, "pages").rows] == ["/Apple", "/b", "/a"]
    assert [row.page for row in ask(store, site, "pages", search="A").rows] == ["/Apple", "/a"]
    assert [row.page for row in ask(store, site, "pages", sort="views").rows] == ["/a", "/b", "/Apple"]
    assert [row.page for row in ask(store, site, "pages", sort="-page").rows] == ["/b", "/a", "/Apple"]
    cut = ask(store, site, "pages", limit="1")
    assert len(cut.rows) == 1 and cut.extra["found"] == 3 and cut.totals.views == 6


@pytest.mark.parametrize("name, args, field", [
    ("pages", {"period": "sometime"}, "period"), ("pages", {"colour": "red"}, "colour"), ("pages", {"limit": "many"}, "limit"),
    ("pages", {"limit": "0"}, "limit"), ("pages", {"sort": "colour"}, "sort"), ("pages", {"source": "!"}, "source"),
    ("sources", {"by": "colour"}, "by"), ("sources", {"by": ["source", "channel"]}, "by"), ("pages", {"search": "x" * 600}, "search"),
    ("paths", {"direction": "up"}, "direction"), ("paths", {"steps": ["/"] * 6}, "steps"), ("overview", {"limit": "5"}, "limit")])
def test_a_wrong_question_names_what_is_wrong(store, site, name, args, field):
    with pytest.raises(BadField) as error:
        ask(store, site, name, **args)
    assert error.value.field == field and error.value.message


def test_sites_are_apart(store, site, story):
    other = sites.add(store, "Other", "other.example", key="other")
    story.visitor("dana").view("/cart").click("Buy").field("checkout", "mail").abandon("checkout", "mail").event("signup")
    for name, option, choice in CHOICES:
        if name not in ("exclusions", "goals"):
            for filtered in ({}, EVERYTHING):
                assert ask(store, other, name, **{option: choice}, **filtered).rows == ()
    assert ask(store, other, "overview", page=["/cart"]).totals.sessions == 0


def test_left_out_is_counted_by_reason_with_its_share(store, site, story):
    story.visitor("dana").view("/").click("Buy").view("/cart")
    story.visitor("bot", bot="search").view("/")
    report = ask(store, site, "exclusions", source=["google"])
    row = {row.reason: row for row in report.rows}["bot:search"]
    assert (row.events, row.share, row.rule) == (1, 0.25, "left out")
    assert report.totals.events == 1 and report.extra["counted"] == 3 and report.notes
    sites.change(store, site, exclusions_off=["bot"])
    assert not ask(store, sites.by_key(store, "guitars"), "exclusions").extra["rules"]["bot"]


def test_refused_events_are_shown_with_their_reason(store, site, story):
    story.visitor("dana").view("/").raw({"type": "click", "element": 7})
    by_reason = ask(store, site, "rejected").rows
    assert [(row.field, row.events) for row in by_reason] == [("element", 1)]
    event = ask(store, site, "rejected", by="event").rows[0]
    assert event.reason == by_reason[0].reason and "click" in event.event


def test_live_shows_the_last_events_and_who_is_there_now(store, site, story):
    story.visitor("dana", at=NOW - 60_000).view("/").click("Buy").exposed("short-checkout", "short").event("signup")
    story.visitor("avi", at=NOW - 400_000).view("/blog")
    report = live.report(store, site, now=NOW)
    assert [(row.what, row.page, row.name) for row in report.rows] == [
        ("Event", "/", "signup"), ("Saw a variant", "/", "short-checkout: short"), ("Click", "/", "Buy"), ("Page view", "/", ""), ("Page view", "/blog", "")]
    assert report.extra["now"].visitors == 1
    assert len(live.report(store, site, now=NOW, limit="1").rows) == 1
    assert live.report(store, site, filters=filters.parse({"page": "/blog"}), now=NOW).extra["now"].visitors == 0


def test_the_first_event_is_known_once_there_is_one(store, site, story):
    assert live.first_event(store, site) is None
    story.visitor("avi", at=NOW - 5000).view("/blog")
    story.visitor("dana", at=NOW - 9000).view("/cart")
    first = live.first_event(store, site)
    assert (first.at, first.what, first.page) == (NOW - 9000, "Page view", "/cart")


def test_json_says_all_a_program_needs(store, site, story):
    story.visitor("dana").view("/").purchase(120)
    found = json.loads(render.to_json(ask(store, site, "overview", period="7d", source=["!bing"]), site))
    assert (found["report"], found["timezone"], found["currency"]) == ("overview", "Asia/Jerusalem", "ILS")
    assert found["period"]["first_day"] == "2026-03-04" and found["filters"] == {"source": ["!bing"]}
    assert found["rows"][-1]["day"] == "2026-03-10" and found["totals"]["revenue"] == 12000
    assert all(column["definition"] for column in found["columns"])
    assert found["previous_period"]["last_day"] == "2026-03-03" and found["previous"]["sessions"] == 0


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(store, site, story):
    for number, label in enumerate(("=1+1", "＋1", "-2", "@x", "גיטרה", "plain")):
        story.visitor(f"visitor {number}").view("/").click(label)
    text = render.to_csv(ask(store, site, "clicks"), site)
    assert text.startswith('\ufeff"value","clicks"') and text.endswith("\r\n")
    for cell in ("'=1+1", "'＋1", "'-2", "'@x", "גיטרה", "plain"):
        assert f'\r\n"{cell}","1"' in text


def test_money_in_csv_stands_in_whole_units(store, site, story):
    story.visitor("dana").view("/").purchase(120.5)
    assert '"120.50"' in render.to_csv(ask(store, site, "sources"), site)


def test_the_terminals_table_lets_nobody_move_its_cursor(store, site, story):
    story.visitor("dana").view("/").click("\x1b[2Jgone\tx")
    text = render.to_table(ask(store, site, "clicks"), site)
    assert "\x1b" not in text and "gone" in text


def test_periods_of_both_ways_are_the_same_days(site):
    found = period.parse("7d", site, NOW)
    assert found.first_session >> 22 == found.start and found.end_session >> 22 == found.end
