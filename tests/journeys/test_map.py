"""The journey map: its numbers are those of the reports it leads to, its gaps stay gaps, and its sessions are those of its segment."""

import html
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from flask import g, render_template_string

from collector import accounts, contacts, journey_register, page_groups, sheet_reader, signin, sites, walks
from collector.day_work import DayWork
from collector.filters import BadFilter
from journeys import maps, notes, render, trouble_filter
from journeys import map as map_report
from journeys.options import BadOption
from journeys.reports import asked
from tests.story import NOW
from tools.demo_doc import demo
from wsgi import create_app

PASSWORD = "correct horse battery"
FIGURE = re.compile(r'<a class="(?:figure|behind)" href="([^"]+)" data-report="(\w+)" data-row="([^"]+)" data-measure="(\w+)"[^>]*>(.*?)</a>', re.S)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The demo as it is made."""
    data = tmp_path_factory.mktemp("map") / "data"
    store, site, days = demo(data)
    yield store, site, days, data
    store.close()


def ask(store, site, **args):
    return asked(store, site, "map", {key: [value] for key, value in args.items()}, NOW)


def shop(store, site):
    """The journey of a small shop."""
    rules = {"search": [("channel", "Organic Search")], "mail": [], "cart": [("page", "/cart")], "order": [("order", "")], "friend": []}
    parts = {"awareness": ("search", "mail"), "purchase": ("cart", "order"), "advocacy": ("friend",)}
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": stage, "name": stage.title(), "touchpoints": [
            {"key": key, "name": key.title(), "rules": [{"kind": kind, "value": value} for kind, value in rules[key]]} for key in keys]}
        for stage, keys in parts.items()]}, "dana")


def told(story):
    """Three who searched, two of whom looked into the cart, one of whom bought; one of them on a telephone."""
    google = "https://www.google.com/"
    story.visitor("dana", referrer=google).view("/").view("/cart").purchase(120)
    story.visitor("avi", referrer=google).view("/").view("/cart").stay(5)
    story.visitor("noa", referrer=google, device="mobile").view("/").stay(5)


def test_stages_touchpoints_and_what_people_wrote_stand_on_it(store, site, story):
    shop(store, site)
    told(story)
    notes.add(store, maps.main(site), "purchase", "feel", notes.Written("", -1, "", ""), "Dana", now=NOW)
    board = ask(store, site, period="today").extra["board"]
    awareness, purchase, advocacy = board.stages
    assert [(stage.key, stage.cell("sessions") and stage.cell("sessions").value) for stage in board.stages] == [
        ("awareness", 3), ("purchase", 2), ("advocacy", None)]
    assert (awareness.cell("forward_rate").value, awareness.cell("forward_rate").n) == (pytest.approx(2 / 3), 3)
    assert [(each.key, each.digital, [cell.value for cell in each.cells[:1]]) for each in awareness.touchpoints] == [
        ("search", True, [3]), ("mail", False, [])]
    assert [(each.kind, each.to, each.sessions.value) for each in awareness.transitions] == [("forward", "purchase", 2), ("leave", "leave", 1)]
    assert (purchase.feeling, purchase.felt) == (-1, 1) and awareness.feeling is None
    assert not advocacy.has_data and advocacy.cells == () and not advocacy.touchpoints[0].digital


def test_a_map_of_a_segment_has_only_its_sessions(store, site, story):
    shop(store, site)
    told(story)
    maps.add(store, site, "Telephones", segment="device=mobile")
    board = ask(store, site, map="telephones", period="today").extra["board"]
    assert [stage.cell("sessions") and stage.cell("sessions").value for stage in board.stages] == [1, 0, None]
    assert not board.stages[1].has_data, "nothing in it: a gap"
    with pytest.raises(BadFilter):
        ask(store, site, map="telephones", device="desktop")


def test_a_map_of_another_journey_shows_its_stages(store, site, story):
    shop(store, site)
    told(story)
    journey_register.add(store, site, {"key": "wholesale", "name": "Wholesale", "stages": [{"key": "call", "name": "Call", "touchpoints": [
        {"key": "cart-page", "name": "Cart", "rules": [{"kind": "page", "value": "/cart"}]}]}]}, "dana")
    DayWork(store).finish()
    map_ = maps.add(store, site, "Wholesale", journey="wholesale")
    assert map_.journey == "wholesale" and maps.add(store, site, "Again", journey="main").journey == "", "the site's first"
    stage, = ask(store, site, map="wholesale", period="today").extra["board"].stages
    assert (stage.key, stage.cell("sessions").value, stage.cell("sessions").row) == ("call", 2, "wholesale/call")


def test_two_spans_and_two_maps_are_compared(store, site, story):
    shop(store, site)
    told(story)
    maps.add(store, site, "Telephones", segment="device=mobile")
    days = ask(store, site, period="today", against="previous").extra
    assert days["other"].first_day == "2026-03-09" and days["other"].stages[0].cell("sessions").value == 0
    both = ask(store, site, period="today", beside="telephones").extra
    found = {(each.stage, each.measure): each for each in both["differences"] if not each.item}
    assert (found["awareness", "sessions"].now, found["awareness", "sessions"].before) == (3, 1)
    assert not any(each.changed for each in both["differences"]), "three people tell nothing apart"


@pytest.mark.parametrize("args, field", [({"map": "none"}, "map"), ({"beside": "none"}, "beside"), ({"against": "soon"}, "against"),
                                         ({"against": "2026-02-30"}, "against"), ({"against": "2026-03-02..2026-03-01"}, "against")])
def test_a_wrong_question_names_what_is_wrong(store, site, args, field):
    with pytest.raises(BadOption) as wrong:
        ask(store, site, **args)
    assert wrong.value.field == field


def test_rules_that_match_nothing_any_more_are_named(store, site, story):
    shop(store, site)
    story.visitor("dana", at=NOW - 40 * 86_400_000, referrer="https://www.google.com/").view("/cart")
    story.visitor("avi", at=NOW - 3_600_000, referrer="https://www.google.com/").view("/")
    assert map_report.gone(store, site, maps.main(site), NOW) == ("Cart",)


def test_it_is_written_as_csv_and_json(store, site, story):
    shop(store, site)
    told(story)
    notes.add(store, maps.main(site), "purchase", "stop", notes.Written("=They wait", None, "", ""), "Dana", now=NOW)
    report = ask(store, site, period="today")
    found = json.loads(render.to_json(report, site))
    assert [stage["key"] for stage in found["board"]["stages"]] == ["awareness", "purchase", "advocacy"]
    line = next(row for row in found["rows"] if (row["stage"], row["lane"], row["measure"]) == ("awareness", "stage", "forward_rate"))
    assert (line["value"], line["n"], line["evidence"]) == (pytest.approx(2 / 3), 3, "measured") and line["low"] < line["value"] < line["high"]
    assert "\"'=They wait\"" in render.to_csv(report, site), "no formula for a spreadsheet"


def test_every_cell_of_the_demos_map_is_the_cell_of_the_report_it_names(filled):
    store, site, days, _ = filled
    board = asked(store, site, "map", days, NOW).extra["board"]
    reports = {name: asked(store, site, name, days, NOW) for name in ("stages", "touchpoints", "transitions", "contacts", "pain")}
    rows = {(name, row.key if name == "pain" else getattr(row, report.columns[0].key)): row for name, report in reports.items() for row in report.rows}
    cells = [cell for stage in board.stages for cell in (
        *stage.cells, *(cell for each in stage.touchpoints for cell in each.cells),
        *(cell for each in stage.pains for cell in (each.met, each.lost)),
        *(cell for each in stage.transitions for cell in (each.sessions, each.share)))]
    assert len(cells) > 100
    assert [cell for cell in cells if cell.value != getattr(rows[cell.report, cell.row], cell.measure)] == []


def test_contacts_that_people_wrote_down_stand_on_it_as_reported(store, site, story):
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": "decision", "name": "Decision", "touchpoints": [
        {"key": "call", "name": "Call", "rules": [{"kind": "contact", "value": "call"}]}]}]}, "the owner", now=NOW)
    story.visitor("dana").view("/")
    lines = ["at,kind", "2026-03-10 08:00,call", "2026-03-10 09:00,call", "2026-03-10 09:00,mail", ""]
    contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read("\n".join(lines)), "contacts", now=NOW), "dana")
    cell = ask(store, site, period="today").extra["board"].stage("decision").touchpoints[0].cells[-1]
    assert (cell.report, cell.row, cell.value, cell.basis) == ("contacts", "call", 2, "reported")
    filtered = ask(store, site, period="today", source="google").extra["board"]
    assert "contacts" not in {cell.report for cell in filtered.stage("decision").touchpoints[0].cells}, "a contact belongs to no session"


def test_a_stage_of_page_groups_and_of_any_contact_has_what_belongs_to_them(store, site, story):
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": "decision", "name": "Decision", "touchpoints": [
        {"key": "cart", "name": "Cart", "rules": [{"kind": "group", "value": "Carts"}]},
        {"key": "talk", "name": "Talk", "rules": [{"kind": "contact", "value": "*"}]}]}]}, "the owner", now=NOW)
    page_groups.save(store, site, "Carts", "/cart*")
    for number in range(200):
        teller = story.visitor(f"visitor {number}").view("/").view("/cart")
        teller.rage("Voucher") if number % 2 else teller.purchase(10)
    lines = ["at,kind", "2026-03-10 08:00,call", "2026-03-10 09:00,mail", ""]
    contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read("\n".join(lines)), "contacts", now=NOW), "dana")
    decision = ask(store, site, period="today").extra["board"].stage("decision")
    assert [(each.kind, each.label) for each in decision.pains] == [("element", "Voucher")]
    assert ask(store, site, period="today", against="2026-03-10").extra["other"].stage("decision") == replace(decision, pains=()), "they are not compared"
    assert [cell.row for cell in decision.touchpoints[1].cells if cell.basis == "reported"] == ["call", "mail"]


def test_the_demos_map_has_notes_that_say_whose_they_are(filled):
    store, site, days, _ = filled
    said = [note for stage in asked(store, site, "map", days, NOW).extra["board"].stages for note in stage.said]
    assert len(said) > 10 and {note.who for note in said} == {"Netiv demo"} and {note.basis for note in said} == {"measured", "assumed"}


def test_the_demos_map_says_where_people_stop_and_why(filled):
    """docs/demo.md, collector/demo/truths.py: the slow page and the dead button, the voucher, the telephone number, the policy nobody finds."""
    store, site, days, _ = filled
    board = asked(store, site, "map", days, NOW).extra["board"]
    found = {stage.key: {(each.kind, each.label) for each in stage.pains} for stage in board.stages}
    assert ("slow", "/shop/compare") in found["consideration"] and any(kind == "element" for kind, _ in found["consideration"])
    assert {("field", "phone"), ("detour", "/shop/returns")} <= found["purchase"]
    assert not found["retention"] and not found["advocacy"]


def test_behind_every_pain_point_of_the_demo_stand_as_many_sessions_as_it_says(filled):
    store, site, days, _ = filled
    kinds = {}
    for row in asked(store, site, "pain", days | {"list": ["tested"], "limit": ["1000"]}, NOW).rows:
        if args := trouble_filter.behind(row):
            assert asked(store, site, "sessions", days | args, NOW).extra["found"] == row.sessions, args
        kinds[row.sort] = bool(args)
    assert {kind for kind, told in kinds.items() if told} >= {"slow", "element", "field", "detour", "steps"}


def test_every_number_on_the_demos_page_is_the_number_it_leads_to(filled):
    """Walks the page: opens each link as a program does, and finds the same number in the row it names."""
    store, _, days, data = filled
    app = create_app(data, TESTING=True)
    client, write = app.test_client(), Written(app)
    client.set_cookie("netiv", signin.begin(store, owner(store), "test"))
    page = client.get("/sites/demo/?lang=en&period=" + days["period"][0])
    answers, seen = {}, 0
    for href, name, row, measure, text in FIGURE.findall(page.text):
        href = html.unescape(href)
        if href not in answers:
            answers[href] = client.get(href.replace("/sites/demo/", "/api/sites/demo/")).json
        found = answers[href]
        printed = re.sub(r"<[^>]+>", "", text).strip()
        if found["report"] == "sessions":
            assert int(re.sub(r"\D", "", printed)) == found["found"], (href, printed)
        else:
            line = next(each for each in found["rows"] if html.unescape(row) in (each[found["columns"][0]["key"]], each.get("key")))
            kind = next(column["kind"] for column in found["columns"] if column["key"] == measure)
            assert write(line[measure], kind) == printed, (href, row, measure)
        seen += 1
    assert seen > 60
    way = re.search(r'class="behind" href="[^"]*transition=([^"&]+)', page.text)[1]
    narrowed = client.get(f"/sites/demo/?lang=en&period={days['period'][0]}&trouble=stage&transition={way}").text
    assert 'class="figure"' in narrowed and 'class="behind"' not in narrowed  # beside a filter of the same key it would mean "or"


def test_every_number_on_the_demos_page_stands_on_the_page_it_leads_to(filled):
    store, _, days, data = filled
    client = create_app(data, TESTING=True).test_client()
    client.set_cookie("netiv", signin.begin(store, owner(store), "test"))
    span = f"lang=en&period={lately(days)}"
    over = client.get(f"/sites/demo/maps/compare?map=main&against=previous&{span}").text
    pages, seen = {}, set()
    for href, name, _row, measure, text in FIGURE.findall(client.get(f"/sites/demo/?{span}").text + over):
        address, _, place = html.unescape(href).partition("#")
        if address not in pages:
            pages[address] = client.get(f"{address}&lang=en").text
        found = pages[address]
        if place:
            found = re.search(rf'<(tr|h2) id="{re.escape(unquote(place))}".*?</(tr|section)>', found, re.S)[0]
        told = [re.sub(r"\s+", " ", html.unescape(each)).strip() for each in re.split(r"<[^>]+>", found)]
        assert re.sub(r"<[^>]+>", "", text).strip() in told, (href, measure, text)
        seen.add((name, measure))
    assert seen >= {*((report, measure) for report in ("stages", "touchpoints") for measure in ("sessions", "visitors", "leaves_rate", "troubled_rate")),
                    ("stages", "skips_rate"), ("touchpoints", "share"), ("transitions", "share"), ("pain", "rate"), ("pain", "lost"), ("sessions", "found")}


def test_a_touchpoints_share_that_changed_says_what_it_is_a_share_of(filled):
    store, _, days, data = filled
    client = create_app(data, TESTING=True).test_client()
    client.set_cookie("netiv", signin.begin(store, owner(store), "test"))
    over = client.get(f"/sites/demo/maps/compare?map=main&against=previous&lang=en&period={lately(days)}").text
    assert re.search(r"share of all sessions <a [^>]+>[\d.]+%</a></span>\s*<span class=.against told.>\s*<svg.+ pp\), was [\d.]+%</span>", over)


def test_the_page_begins_with_where_they_stop_and_what_costs_most(filled):
    store, _, days, data = filled
    client = create_app(data, TESTING=True).test_client()
    client.set_cookie("netiv", signin.begin(store, owner(store), "test"))
    over = client.get("/sites/demo/?lang=en&period=" + days["period"][0]).text.partition('class="card what-stops')[2].partition("</section>")[0]
    assert "More leave in this stage than in any other: <b><bdi>Consideration</bdi>" in over
    assert re.findall(r"<p><a href=\"[^\"]+#pain-\w+\">([^<]+)</a>", over)[0] == "The field \u2068phone\u2069 of the form \u2068checkout\u2069 loses people"
    assert len(re.findall("conversions a month", over)) == 3


def test_fields_and_moments_of_truth_lead_to_as_many_sessions_as_they_count(filled):
    store, _, days, data = filled
    client = create_app(data, TESTING=True).test_client()
    client.set_cookie("netiv", signin.begin(store, owner(store), "test"))
    span = f"period={days['period'][0]}"

    def behind(page):
        links = re.findall(r'href="(/sites/demo/sessions[?][^"]*(?:trouble|touchpoint)=[^"]*)"', client.get(f"/sites/demo/{page}?lang=en&{span}").text)
        return [client.get(html.unescape(link).replace("/sites/", "/api/sites/")).json["found"] for link in links]

    counted = client.get(f"/api/sites/demo/forms?{span}").json["rows"]
    assert behind("forms") == [row["last_fields"] for row in counted if row["last_fields"]] and len(counted) > 5
    met = client.get(f"/api/sites/demo/moments?{span}").json["rows"]
    assert behind("moments") == [row["sessions"] for row in met] and len(met) > 10


def lately(days):
    """The last thirty days of the demo, which has as many before them."""
    last = date.fromisoformat(days["period"][0].partition("..")[2])
    return f"{last - timedelta(days=29)}..{last}"


def owner(store):
    user = accounts.by_email(store, "dana@shop.example") or accounts.add(store, "dana@shop.example", "Dana", PASSWORD)
    accounts.set_role(store, user, sites.by_key(store, "demo"), "owner")
    return accounts.by_id(store, user.id)


class Written:
    """A number as a page prints it in English."""

    def __init__(self, app):
        self.app = app

    def __call__(self, raw, kind):
        with self.app.test_request_context("/?lang=en"):
            template = '{% from "_macros.html" import value with context %}{{ value(raw, kind, "ILS") }}'
            g.site = sites.by_key(self.app.extensions["netiv-store"], "demo")
            return re.sub(r"<[^>]+>", "", render_template_string(template, raw=raw, kind=kind)).strip()
