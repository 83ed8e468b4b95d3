"""Reports by HTTP and in the terminal: the same report as the page shows, and plain words when asked wrongly.

Who may ask is tested for every route in tests/test_access.py.
"""

import csv
import html
import io
import json
import re
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from journeys.reports import REPORTS
from tests.office import Office
from tests.story import Story
from wsgi import netiv


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """An office whose shop had visitors a moment ago."""
    made = Office(tmp_path_factory.mktemp("busy"))
    story = Story(made.store, made.shop, made.data_dir / "spool")
    now = made.shop.created_at
    story.visitor("dana", at=now - 600_000, referrer="https://www.google.com/").view("/").stay(20).click("=1+1").view("/cart")
    story.visitor("avi", at=now - 300_000).view("/").stay(5)
    story.tell()
    yield made
    story.close()
    made.store.close()


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_comes_as_json_and_csv(busy, name):
    browser = busy.as_("viewer")
    answer = browser.get(f"/api/sites/shop/{name}?period=7d")
    assert answer.status_code == 200 and answer.content_type == "application/json; charset=utf-8"
    assert answer.json["report"] == name and answer.json["site"] == "shop"
    sheet = browser.get(f"/api/sites/shop/{name}?period=7d&format=csv")
    assert sheet.content_type == "text/csv; charset=utf-8" and sheet.data.startswith("\ufeff".encode())
    assert f'filename="shop-{name}-' in sheet.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert lines[0] == [column["key"] for column in answer.json["columns"]]
    assert len(lines) == len(answer.json["rows"]) + 1


@pytest.mark.parametrize("name", ["pages", "sessions"])
def test_a_page_hands_out_every_row_however_few_it_shows(busy, name):
    browser = busy.as_("viewer")
    some = browser.get(f"/api/sites/shop/{name}?period=7d&limit=1").json
    page = browser.get(f"/sites/shop/{name}?period=7d&limit=1&{urlencode({'after': some['next']} if 'next' in some else {})}").text
    href = html.unescape(re.search(r'href="(/api/[^"]+format=csv)"', page)[1])
    lines = list(csv.reader(io.StringIO(browser.get(href).text.removeprefix("\ufeff"))))
    assert len(some["rows"]) == 1 < some["found"] == len(lines) - 1


def test_filters_and_options_stand_in_the_address(busy):
    answer = busy.as_("viewer").get("/api/sites/shop/pages?source=google&page=!/blog/*&sort=-page&limit=1").json
    assert [row["page"] for row in answer["rows"]] == ["/cart"] and answer["found"] == 2
    assert answer["filters"] == {"source": ["google"], "page": ["!/blog/*"]}
    steps = busy.as_("viewer").get("/api/sites/shop/paths?steps=/&steps=/cart").json["steps"]
    assert [step["total"] for step in steps] == [2, 2, 1]


@pytest.mark.parametrize("query, field", [("period=sometime", "period"), ("source=!", "source"), ("format=xls", "format"),
                                          ("colour=red", "colour"), ("limit=0", "limit")])
def test_a_wrong_question_is_answered_with_its_field(busy, query, field):
    answer = busy.as_("viewer").get(f"/api/sites/shop/pages?{query}")
    assert answer.status_code == 400 and answer.json["error"]["field"] == field and answer.json["error"]["message"]


def test_what_is_no_report_is_not_there(busy):
    assert busy.as_("viewer").get("/api/sites/shop/secrets").status_code == 404


def test_the_page_that_waits_learns_of_the_first_event(busy):
    first = busy.as_("viewer").get("/api/sites/shop/first").json["first"]
    assert first["what"] == "Page view" and first["page"] == "/"
    assert busy.as_("other").get("/api/sites/cafe/first").json == {"first": None}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_every_report_prints_in_the_terminal(busy, name, form):
    result = run(busy, name, "--format", form)
    assert result.exit_code == 0, result.output
    if form == "json":
        assert json.loads(result.output)["report"] == name


def test_the_terminal_shows_what_the_api_gives(busy, tmp_path):
    asked = ("sources", "--period", "7d", "--filter", "source=google", "--filter", "source=bing", "--option", "by=channel")
    printed = json.loads(run(busy, *asked, "--format", "json").output)
    assert printed == busy.as_("viewer").get("/api/sites/shop/sources?period=7d&source=google&source=bing&by=channel").json
    run(busy, *asked, "--format", "csv", "--output", tmp_path / "sources.csv")
    assert "Organic Search" in (tmp_path / "sources.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("typed, says", [
    (["pages", "--period", "sometime"], "period: sometime is unknown"), (["pages", "--filter", "source"], "source: has no value"),
    (["pages", "--option", "colour=red"], "colour: is neither an option of this report nor a filter; the options are by, limit, "),
    (["overview", "--option", "devce=mobile"], "devce: is no filter, and this report has no options; the filters are source, "), (["pages", "--site", "nowhere"], "nowhere is unknown"),
    (["secrets"], "'secrets' is not one of")])
def test_what_was_typed_wrongly_is_said_in_one_sentence(busy, typed, says):
    result = run(busy, *typed)
    assert result.exit_code != 0 and says in result.output and "Traceback" not in result.output


def run(busy, *typed):
    site = [] if "--site" in typed else ["--site", "shop"]
    return CliRunner().invoke(netiv, ["report", *map(str, typed), *site, "--data", str(busy.data_dir)])
