"""The history of another system comes in through the loader's code: once, whole, resumable, with its known figures."""

import gzip
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import history, history_rows, period, sheet_reader, sites
from collector.sheet_reader import BadSheet
from journeys.reports import asked
from tests.recount import differences
from tests.story import NOW
from wsgi import netiv

ROOT = Path(__file__).resolve().parents[1]
DATA = next((each for each in (ROOT.parent / "shared/data", ROOT.parents[1] / "shared/data") if each.is_dir()), ROOT.parent / "shared/data")
SHOP = DATA / "eshop_clothing_2008.csv.gz"
FILE = """time,visitor,page,event,value,currency,transaction id,utm_source,utm_medium,country
2026-03-09 10:00,a,/,,,,,news,email,il
2026-03-09 10:01,a,/cart,,,,,,,il
2026-03-09 10:02,a,/cart,purchase,"120.50",ILS,T1,,,il
2026-03-09 12:00,a,/,,,,,,,il
2026-03-09 10:00,b,/blog,page_view,,,,,,us
2026-03-09 10:00,,/,,,,,,,
soon,c,/,,,,,,,
2026-03-09 10:00,d,/,,,,,,,Israel
"""


def read(site, text=FILE, given=None, **more):
    return history_rows.read(sheet_reader.read(text), site, given, **more)


def ask(store, site, name, when="2026-03-09", **more):
    return asked(store, site, name, {"period": [when], **{key: [value] for key, value in more.items()}}, NOW)


def load(store, site, found, digest="x"):
    return history.load(store, site, found, digest)


def test_rows_become_sessions_purchases_and_sources(store, site):
    found = read(site)
    assert [number for number, _ in found.refused] == [7, 8, 9] and (found.rows, found.visitors, len(found.sent)) == (5, 2, 3)
    assert load(store, site, found) == 3
    totals = ask(store, site, "overview").totals
    assert (totals.visitors, totals.sessions, totals.views, totals.purchases, totals.revenue) == (2, 3, 4, 1, 12_050)
    sources = {row.value: row.sessions for row in ask(store, site, "sources").rows}
    assert sources == {"news": 1, "(direct)": 2}
    assert {row.value: row.sessions for row in ask(store, site, "places").rows} == {"IL": 2, "US": 1}
    with store.transaction() as connection:
        assert differences(connection) == {}


def test_the_same_file_comes_in_once_and_goes_on_where_it_was(store, site, monkeypatch):
    found = read(site)
    monkeypatch.setattr(history, "AT_ONCE", 1)
    first = found.sent[:]
    told = []

    def stop(count):
        told.append(count)
        if len(told) == 2:
            raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        history.load(store, site, found, "x", stop)
    assert history.state(store, site, "x") == (2, False)
    assert load(store, site, read(site)) == 1 and load(store, site, read(site)) == 0
    assert history.state(store, site, "x") == (3, True) and len(first) == 3
    assert ask(store, site, "overview").totals.sessions == 3


def test_the_same_row_of_two_files_is_two_page_views(store, site):
    january, february = (f"time,visitor,page\n2026-{month}-09 10:00,a,/\n2026-{month}-09 10:01,a,/cart\n" for month in ("01", "02"))
    load(store, site, read(site, january), "x")
    load(store, site, read(site, february), "y")
    assert [ask(store, site, "overview", when).totals.views for when in ("2026-01-09", "2026-02-09")] == [2, 2]


def test_a_customer_is_the_visitor_he_is_when_he_comes_again(store, site):
    from collector.visitor import Visitors
    load(store, site, read(site, "time,customer,page\n2026-03-09 10:00,1042,/\n"))
    with store.facts as db:
        assert [row["visitor_id"] for row in db["sessions"].rows] == [Visitors(store.path.parent / "keys").customer(site, "1042")]


def test_columns_are_said_put_together_and_read_as_others(store, site):
    text = "y;m;d;who;cat;item;land\n2026;3;9;a;1;7;29\n2026;3;9;a;2;8;29\n"
    found = read(site, text, {"time": "{y}-{m}-{d}", "session": "who", "page": "/{cat}/{item}", "country": "land", "event": "=view"},
                 values={("country", "29"): "PL"})
    load(store, site, found)
    assert {row.page for row in ask(store, site, "pages").rows} == {"/1/7", "/2/8"}
    assert [row.value for row in ask(store, site, "places").rows] == ["PL"] and found.untimed == 2
    assert ask(store, site, "paths", steps="/1/7").extra["steps"][1].pages[0].page == "/2/8"


def test_all_days_may_be_moved(site):
    from datetime import date
    found = read(site, until=date(2026, 11, 1))
    assert period.date_of(period.day_of(found.last_at, site.zone)) == date(2026, 11, 1)
    assert found.last_at - found.first_at == 2 * 3_600_000


@pytest.mark.parametrize("text, given, field", [
    ("page,visitor\n/,a\n", {}, "time"), ("time,page\n2026-03-09,/\n", {}, "session"), ("time,visitor\n2026-03-09,a\n", {}, "page"),
    ("time,visitor,page\n2026-03-09,a,/\n", {"colour": "page"}, "map"), ("time,visitor,page\n2026-03-09,a,/\n", {"page": "/{cat}"}, "page"),
    ("time,visitor,page\n2026-03-09,a,/\n", {"page": "nowhere"}, "page")])
def test_a_sheet_that_cannot_be_read_says_which_field_is_missing(site, text, given, field):
    with pytest.raises(BadSheet) as error:
        read(site, text, given)
    assert error.value.field == field


ROWS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from("abc"), st.sampled_from(["/", "/cart", "/blog"]), st.sampled_from(["", "", "signup"])), min_size=1, max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_what_comes_in_is_what_plain_loops_count(store, data_dir, rows):
    site = sites.add(store, "Guitars", "shop.example", timezone="UTC", currency="ILS")
    lines = [f"2026-03-09 {minute // 60:02}:{minute % 60:02},{who},{page},{event}" for minute, who, page, event in rows]
    load(store, site, read(site, "\n".join(["time,visitor,page,event", *lines, ""])))
    sessions, last = 0, {}
    for minute, who, *_ in sorted(rows, key=lambda row: row[0]):
        at = minute * 60_000
        sessions += who not in last or at - last[who] >= 30 * 60_000
        last[who] = max(at, last.get(who, -1) + 1)  # a visitor's events never share a millisecond
    totals = ask(store, site, "overview").totals
    assert (totals.sessions, totals.views, totals.visitors) == (sessions, sum(not event for *_, event in rows), len(last))
    views = Counter(page for _, _, page, event in rows if not event)
    assert {row.page: row.views for row in ask(store, site, "pages").rows if row.views} == views
    events = {row.value: row.events for row in ask(store, site, "goals", by="event").rows}
    assert events == ({"signup": len(rows) - views.total()} if len(rows) > views.total() else {})


def run(store, *typed, text=None):
    return CliRunner().invoke(netiv, ["import", "csv", *map(str, typed), "--data", str(store.path.parent)], input=text)


def test_the_command_line_looks_brings_in_and_adds_nothing_twice(store, site, tmp_path):
    file = tmp_path / "events.csv.gz"
    file.write_bytes(gzip.compress(FILE.encode()))
    dry = run(store, file, "--site", "guitars", "--dry-run")
    assert dry.exit_code == 0 and "Would come in: 5 rows of 2 visitors, in 3 messages" in dry.output and "row 8: time is soon" in dry.output
    assert ask(store, site, "overview").totals.sessions == 0
    assert "3 messages are in" in run(store, file, "--site", "guitars", "--yes").output
    assert "in already; nothing is added" in run(store, file, "--site", "guitars", "--yes").output
    other = tmp_path / "more.csv"
    other.write_text("time,visitor,page\n2026-03-09 10:30,z,/\n")
    assert "has 3 sessions on these days" in run(store, other, "--site", "guitars", "--yes").output
    assert run(store, other, "--site", "guitars", "--yes", "--add").exit_code == 0
    assert ask(store, site, "overview").totals.sessions == 4
    for typed, says in ((["--map", "x"], "map: x is not understood"), (["--set", "country"], "set: country is not understood"), (["--map", "time=gone"], "there is none")):
        wrong = run(store, file, "--site", "guitars", *typed)
        assert wrong.exit_code == 1 and says in wrong.output
    assert "No such file" in run(store, "gone.csv", "--site", "guitars").output


# -- the real shop: every figure is counted once more here, by plain Python, and is the one that is known of the file

@pytest.fixture(scope="module")
def rows():
    if not SHOP.exists():
        pytest.skip("../shared/data has no clothing shop")
    with gzip.open(SHOP, "rt", encoding="utf-8") as lines:
        header, *cells = (line.rstrip("\r\n").split(",") for line in lines)
    return [dict(zip(header, row, strict=True)) for row in cells]


@pytest.fixture(scope="module")
def shop(rows, tmp_path_factory):
    from collector.prepare import prepare
    store = prepare(tmp_path_factory.mktemp("shop"))
    sites.add(store, "Clothes", "clothes.example", timezone="Europe/Warsaw", currency="USD", key="clothes")
    done = bring_the_shop(store, rows)
    assert done.exit_code == 0, done.output
    yield store, sites.by_key(store, "clothes")
    store.close()


def bring_the_shop(store, rows):
    lands = {"29": "PL", "9": "CZ", "24": "LT", "41": "GB"}
    return run(store, SHOP, "--site", "clothes", "--yes", "--map", "time={year}-{month}-{day}", "--map", "page=/{main_category}/{page}/{clothing_model}",
               *(word for code in sorted({row["country"] for row in rows}) for word in ("--set", f"country:{code}={lands.get(code, '')}")))


WHEN = "2008-04-01..2008-08-31"


def test_the_real_shop_has_its_clicks_sessions_and_visitors(shop, rows):
    totals = ask(*shop, "overview", WHEN).totals
    assert totals.views == len(rows) == 165_474
    assert totals.sessions == len({row["session_id"] for row in rows}) == 24_026


def test_its_pages_and_categories_have_their_clicks(shop, rows):
    views = {row.page: row.views for row in ask(*shop, "pages", WHEN, limit="100000").rows}
    assert views == Counter(f"/{row['main_category']}/{row['page']}/{row['clothing_model']}" for row in rows)
    by = defaultdict(Counter)
    for page, count in views.items():
        category, number, model = page.strip("/").split("/")
        by["category"][category] += count
        by["page"][number] += count
        by["model"][model] += count
    assert by["category"] == {"1": 49_742, "2": 38_408, "3": 38_577, "4": 38_747}
    assert by["page"] == {"1": 93_452, "2": 41_037, "3": 19_301, "4": 8_861, "5": 2_823}
    assert len(by["model"]) == 217


def test_its_months_have_their_clicks(shop, rows):
    days = {period.date_of(row.day): row.views for row in ask(*shop, "overview", WHEN).rows}
    months = Counter()
    for day, count in days.items():
        months[day.month] += count
    assert months == {4: 48_199, 5: 35_654, 6: 32_242, 7: 35_231, 8: 14_148} == Counter(int(row["month"]) for row in rows)


def test_its_sessions_begin_and_end_where_they_did(shop, rows):
    ways = defaultdict(list)
    for row in rows:
        ways[row["session_id"]].append((int(row["order"]), row["main_category"]))
    first, last = (Counter(way(each)[1] for each in ways.values()) for way in (min, max))
    for report, key, expected in (("entries", "value", first), ("exits", "page", last)):
        found = Counter()
        for row in ask(*shop, report, WHEN, limit="100000").rows:
            found[getattr(row, key).split("/")[1]] += row.sessions if report == "entries" else row.exits
        assert found == expected
    assert first == {"1": 9_247, "2": 6_472, "3": 4_445, "4": 3_862} and last == {"1": 6_671, "2": 6_056, "3": 5_542, "4": 5_757}


def test_its_countries_and_filters_say_the_same(shop, rows):
    store, site = shop
    countries = {row.value: row.sessions for row in ask(store, site, "places", WHEN).rows}
    people = Counter(land for land in {row["session_id"]: row["country"] for row in rows}.values())
    assert (countries["PL"], countries["CZ"], countries["LT"], countries["GB"]) == (people["29"], people["9"], people["24"], people["41"])
    filtered = ask(store, site, "overview", WHEN, page="/4/*").totals
    assert filtered.sessions == len({row["session_id"] for row in rows if row["main_category"] == "4"})


def test_its_longest_session_and_those_of_one_click(shop):
    store, site = shop
    with store.transaction() as connection:
        views = [count for count, in connection.execute("select views from sessions where site_id = ?", [site.id])]
        steps = Counter(connection.execute("""
            with step as (
                select session_id, substr(path, 2, 1) as category, lead(substr(path, 2, 1)) over (partition by session_id order by number) as next
                from events join pages on pages.id = events.page
                where events.site_id = ? and type = 1
            )
            select category, next from step where next is not null""", [site.id]).fetchall())
    assert (max(views), views.count(1), round(sum(views) / len(views), 3)) == (195, 5_042, 6.887)
    assert (steps["1", "2"], steps["2", "1"], steps["4", "4"]) == (3_153, 2_027, 28_354)


def test_brought_in_once_more_it_stays_the_same(shop, rows):
    again = bring_the_shop(shop[0], rows)
    assert again.exit_code == 0 and "nothing is added" in again.output
    assert ask(*shop, "overview", WHEN).totals.views == 165_474
