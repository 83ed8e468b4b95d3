"""Contacts and orders by page, by program and by command line: the same look, the same rows, the same undo."""

import io
import json

import pytest
from click.testing import CliRunner

from collector import audit, contacts, tokens
from tests.office import office  # noqa: F401
from wsgi import netiv

CSV = "at,kind,customer,note\n2026-11-01 10:00,call,1042,about the returns policy\n2026-11-01 11:00,smoke,,\n"
ORDERS = "Created at,Order ID,Total\n2026-11-01,A1,\"1,234.50\"\n2026-11-02,A2,99\n"


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    monkeypatch.setattr(contacts, "_now", lambda: 1763000000000 + 31_536_000_000)  # 2026-11-13


def send(browser, data, **more):
    return browser.post("/sites/shop/contacts", {"what": "contacts", **more, **({"file": (io.BytesIO(data.encode()), "march.csv")} if data else {})})


def stored(office):
    with office.store.facts as db:
        return db["contacts"].count


def test_a_file_is_looked_at_first_then_brought_in_then_undone(office):
    browser = office.as_("owner")
    looked = send(browser, CSV)
    assert looked.status_code == 200 and "1 contact would come in" in looked.text and "Kind of contact: smoke is unknown" in looked.text
    assert stored(office) == 0
    done = send(browser, "", text=CSV, name="march.csv", step="import")
    assert done.status_code == 302 and stored(office) == 1
    page = browser.get("/sites/shop/contacts?period=2026-11-01..2026-11-03").text
    assert "march.csv" in page and "1 row is in" in page and "Call" in page
    assert "imported" in {line.action for line in audit.latest(office.store)}
    assert browser.post("/sites/shop/contacts/1/undo").status_code == 302 and stored(office) == 0
    assert browser.post("/sites/shop/contacts/1/undo").status_code == 400


def test_the_columns_and_the_order_of_dates_may_be_said(office):
    browser = office.as_("owner")
    text = "when,what\n3/4/2026,call\n"
    first = send(browser, text)
    assert first.status_code == 400 and stored(office) == 0
    for name in ("at", "kind"):
        assert f'id="column-{name}-error">has no column; say which of these it is: when, what' in first.text
    assert f'name="text" value="{text}"' in first.text and 'value="import"' not in first.text
    asks = send(browser, "", text=text, **{"column-at": "when", "column-kind": "what"}).text
    assert "may be read in two ways" in asks
    assert send(browser, "", text=text, dates="day", step="import", **{"column-at": "when", "column-kind": "what"}).status_code == 302
    assert stored(office) == 1


def test_a_file_that_came_in_before_is_refused_whole(office):
    browser = office.as_("owner")
    text = "at,code,value,currency\n" + "".join(f"2026-11-01,A{number},9,{'USD' if number else 'ILS'}\n" for number in range(6))
    first = send(browser, text, what="orders").text
    assert "5 of 6 rows" in first and "Taken, with something left out" in first
    assert send(browser, text, what="orders", step="import").status_code == 302
    again = send(browser, text, what="orders").text
    assert again.count("was brought in before") == 6 and "Taken, with something left out" not in again


def test_the_kinds_that_an_error_lists_may_be_written(office):
    browser = office.as_("owner")
    for language, words in ("en", "call, shop visit, mail, phone order, chat, other"), ("he", "שיחת טלפון, ביקור בחנות, מייל, הזמנה טלפונית, צ׳אט, אחר"):
        for wrong in ("smoke", ""):
            refused = browser.post(f"/sites/shop/contacts?lang={language}", {"what": "contacts", "text": f"at,kind\n2026-11-01,{wrong}\n"}).text
            assert words in refused.replace("\u2068", "").replace("\u2069", "")
        text = "at,kind\n" + "".join(f"2026-11-01,{word}\n" for word in words.split(", "))
        assert browser.post("/sites/shop/contacts?lang=en", {"what": "contacts", "text": text}).text.count("6 contacts would come in") == 1


def test_a_file_that_is_none_says_so(office):
    browser = office.as_("owner")
    assert send(browser, "").status_code == 400
    answer = send(browser, "at,kind\n")
    assert answer.status_code == 400 and "is empty" in answer.text


def test_a_viewer_reads_and_writes_nothing(office):
    page = office.as_("viewer").get("/sites/shop/contacts")
    assert page.status_code == 200 and 'type="file"' not in page.text
    assert send(office.as_("viewer"), CSV).status_code == 403


def test_who_brought_rows_in_is_told_to_those_who_may_do_so(office):
    send(office.as_("owner"), CSV, step="import")
    owners, viewers = (office.as_(role).get("/api/sites/shop/imports").json["imports"][0] for role in ("owner", "viewer"))
    assert "@" in owners["who"] and owners == viewers | {"who": owners["who"], "undone_by": None}
    assert owners["who"] not in office.as_("viewer").get("/sites/shop/contacts").text
    assert owners["who"] in office.as_("owner").get("/sites/shop/contacts").text
    reader = program(office, "stats:read")
    assert "who" not in reader.get("/api/sites/shop/imports").json["imports"][0]


def program(office, *scopes):
    client = office.visitor().client
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {tokens.make(office.store, office.shop, 'Switchboard', scopes or ['contacts:write'])}"
    return client


def test_a_program_sends_rows_and_takes_them_back(office):
    client = program(office)
    body = {"rows": [{"at": "2026-11-01T10:00:00Z", "kind": "call", "customer": 1042}, {"at": "2026-11-01", "kind": "smoke"}]}
    dry = client.post("/api/sites/shop/contacts?dry_run=1", json=body)
    assert dry.status_code == 200 and dry.json["taken"] == 1 and dry.json["import"] is None and stored(office) == 0
    assert dry.json["refused"][0]["row"] == 2 and dry.json["refused"][0]["field"] == "kind"
    done = client.post("/api/sites/shop/contacts", json=body)
    assert done.status_code == 201 and done.json["import"] == 1 and stored(office) == 1
    assert client.post("/api/sites/shop/contacts", json=body).json["taken"] == 0
    gone = client.delete("/api/sites/shop/imports/1")
    assert gone.status_code == 200 and gone.json["undone_by"] == "Switchboard" and stored(office) == 0
    assert client.delete("/api/sites/shop/imports/2").status_code == 404


def test_a_program_sends_orders_as_a_file_with_numbers_as_they_are(office):
    client = program(office, "contacts:write", "stats:read")
    assert client.post("/api/sites/shop/orders?map=code:Order ID", data=ORDERS, content_type="text/csv").json["taken"] == 2
    assert client.post("/api/sites/shop/orders", json={"rows": [{"at": 1762000000000 + 31_536_000_000, "code": "A3", "value": 1.234}]}).json["taken"] == 1
    report = client.get("/api/sites/shop/orders?period=2026-11-01..2026-11-02").json
    assert report["totals"]["real"] == 3 and report["totals"]["real_revenue"] == 123_450 + 9_900 + 123
    assert len(client.get("/api/sites/shop/imports").json["imports"]) == 2


@pytest.mark.parametrize("query, body, field", [
    ("", {}, "rows"), ("", {"rows": []}, "rows"), ("", {"rows": [{"kind": "call"}]}, "at"), ("?dates=year", {"rows": [{"at": "2026-11-01", "kind": "call"}]}, "dates"),
    ("?map=at", {"rows": [{"at": "2026-11-01"}]}, "map"), ("?kind=smoke", {"rows": [{"at": "2026-11-01"}]}, "kind"),
    ("", {"rows": [{f"{row} {name}": "" for name in range(7)} for row in range(15)]}, "rows")])
def test_a_program_that_asks_wrongly_is_told_the_field(office, query, body, field):
    answer = program(office).post(f"/api/sites/shop/contacts{query}", json=body)
    assert answer.status_code == 400 and answer.json["error"]["field"] == field


def test_a_scope_that_only_reads_brings_nothing_in(office):
    assert program(office, "stats:read").post("/api/sites/shop/contacts", json={"rows": [{"at": "2026-11-01", "kind": "call"}]}).status_code == 403


def run(office, *typed, text=None):
    return CliRunner().invoke(netiv, [*map(str, typed), "--data", str(office.data_dir)], input=text)


def test_the_command_line_looks_asks_brings_in_lists_and_undoes(office, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8-sig")
    dry = run(office, "orders", "import", file, "--site", "shop", "--dry-run")
    assert dry.exit_code == 0 and "Would come in: 2 orders" in dry.output and stored(office) == 0
    assert run(office, "orders", "import", file, "--site", "shop", text="n\n").exit_code == 1 and stored(office) == 0
    assert "Import 1: 2 orders are in" in run(office, "orders", "import", file, "--site", "shop", "--yes").output
    again = run(office, "orders", "import", file, "--site", "shop", "--yes")
    assert "row 2: row was brought in before, by import 1" in again.output and "Would come in: 0 orders" in again.output
    assert run(office, "contacts", "list", "shop").output.startswith("1\torders\t2 rows\t2026-11-01..2026-11-02\torders.csv")
    assert "2 orders are out again" in run(office, "contacts", "undo", "shop", 1).output and stored(office) == 0
    assert "has no import 7" in run(office, "contacts", "undo", "shop", 7).output


def test_contacts_come_by_the_standard_input_with_a_kind_and_a_mapping(office):
    done = run(office, "contacts", "import", "-", "--site", "shop", "--kind", "mail", "--map", "at=when", "--day-first", "--yes", text="when\n3/4/2026\n")
    assert done.exit_code == 0, done.output
    assert stored(office) == 1
    for typed, says in ((["--map", "nothing"], "map: nothing is not understood"), (["--map", "at=gone"], "at: shall be the column gone")):
        wrong = run(office, "contacts", "import", "-", "--site", "shop", *typed, text="when\n3/4/2026\n")
        assert wrong.exit_code == 1 and says in wrong.output and "Traceback" not in wrong.output
    assert "No such file" in run(office, "contacts", "import", "nowhere.csv", "--site", "shop").output


def test_the_light_stands_over_reports_that_count_conversions(office):
    browser = office.as_("owner")
    assert "Order tracking" not in browser.get("/sites/shop/sources?period=2026-11-01..2026-11-02").text
    rows = [{"at": "2026-11-01", "code": f"A{number}"} for number in range(25)]
    program(office).post("/api/sites/shop/orders", json={"rows": rows})
    for path in ("sources", "goals", "orders", ""):
        page = browser.get(f"/sites/shop/{path}?period=2026-11-01..2026-11-02", follow_redirects=True).text
        assert "Tracking is broken" in page and "Green from 95%" in page, path
    assert "Order tracking" not in browser.get("/sites/shop/pages?period=2026-11-01..2026-11-02").text
    assert json.loads(browser.get("/api/sites/shop/orders?period=2026-11-01..2026-11-02").text)["health"]["light"] == "red"
