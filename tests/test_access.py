"""Every route × every kind of person × own and foreign site. A route without a row here fails.

`own` is the status at the site `shop`: dana owns it, vera views it. At the site
`cafe` both are strangers, and a stranger cannot tell it from a site that does
not exist. Statuses of forms are those of an empty form with a right token. A program
with a token of `shop` is nobody, but at the addresses whose row says otherwise.
"""

from collections import namedtuple

import pytest

from collector import links
from tests.office import Office, office  # noqa: F401

Row = namedtuple("Row", "nobody viewer owner program", defaults=[None])
IN = 302  # to sign in
OPEN = Row(200, 200, 200)
SIGNED_IN = Row(IN, 200, 200)
OWNER_FORM = Row(401, 403, 302)

TABLE = {
    ("GET", "/"): Row(IN, 302, 302),
    ("GET", "/account"): SIGNED_IN,
    ("GET", "/account/log"): Row(IN, 403, 200),
    ("POST", "/account/devices"): Row(401, 302, 302),
    ("POST", "/account/language"): Row(401, 302, 302),
    ("POST", "/account/password"): Row(401, 400, 400),
    ("GET", "/api/sites/<key>/<name>"): Row(401, 200, 200, program=200),
    ("GET", "/api/sites/<key>/sessions/<session>"): Row(401, 404, 404, program=404),
    ("GET", "/sites/<key>/sessions/<session>"): Row(IN, 404, 404),
    ("GET", "/api/sites/<key>/first"): Row(401, 200, 200, program=200),
    ("GET", "/api/sites/<key>/experiments"): Row(401, 200, 200, program=200),
    ("POST", "/api/sites/<key>/experiments"): Row(401, 403, 400, program=400),
    ("GET", "/api/sites/<key>/experiments/<experiment>"): Row(401, 404, 404, program=404),
    ("PUT", "/api/sites/<key>/experiments/<experiment>"): Row(401, 403, 404, program=404),
    ("DELETE", "/api/sites/<key>/experiments/<experiment>"): Row(401, 403, 404, program=404),
    ("GET", "/api/sites/<key>/experiments/<experiment>/check"): Row(401, 404, 404, program=404),
    ("POST", "/api/sites/<key>/experiments/<experiment>/decide"): Row(401, 403, 404, program=404),
    ("POST", "/api/sites/<key>/experiments/<experiment>/<any(start, pause, resume, stop, archive):step>"): Row(401, 403, 404, program=404),
    ("POST", "/api/sites/<key>/<any(contacts, orders):what>"): Row(401, 403, 400, program=400),
    ("GET", "/api/sites/<key>/imports"): Row(401, 200, 200, program=200),
    ("DELETE", "/api/sites/<key>/imports/<int:number>"): Row(401, 403, 404, program=404),
    ("GET", "/api/sites/<key>/links"): Row(401, 200, 200, program=200),
    ("POST", "/api/sites/<key>/links"): Row(401, 403, 400, program=400),
    ("DELETE", "/api/sites/<key>/links/<int:number>"): Row(401, 403, 404, program=404),
    ("GET", "/api/sites/<key>/links/<int:number>.<any(svg, png):form>"): Row(401, 404, 404, program=404),
    ("GET", "/api/sites/<key>/pain/points"): Row(401, 200, 200, program=200),
    ("POST", "/api/sites/<key>/pain/points"): Row(401, 403, 400, program=400),
    ("GET", "/api/sites/<key>/pain/points/<int:point>"): Row(401, 404, 404, program=404),
    ("PATCH", "/api/sites/<key>/pain/points/<int:point>"): Row(401, 403, 404, program=404),
    ("POST", "/api/sites/<key>/pain/points/<int:point>/notes"): Row(401, 403, 404, program=404),
    ("GET", "/calculator"): SIGNED_IN,
    ("POST", "/sites/<key>/segments"): Row(401, 403, 303),
    ("POST", "/sites/<key>/segments/<segment>/remove"): Row(401, 403, 404),
    ("GET", "/sites/<key>/personas/new"): Row(IN, 403, 200),
    ("POST", "/sites/<key>/personas/new"): Row(401, 403, 400),
    ("GET", "/sites/<key>/personas/<int:persona>"): Row(IN, 403, 404),
    ("POST", "/sites/<key>/personas/<int:persona>"): Row(401, 403, 404),
    ("POST", "/sites/<key>/personas/<int:persona>/remove"): Row(401, 403, 404),
    ("GET", "/sites/<key>/calculator"): SIGNED_IN,
    ("GET", "/sites/<key>/calculator/plan"): SIGNED_IN,
    ("GET", "/calculator/plan"): SIGNED_IN,
    ("GET", "/enter/<token>"): Row(404, 302, 302),
    ("GET", "/invitation/<token>"): OPEN,
    ("POST", "/invitation/<token>"): Row(400, 302, 302),
    ("GET", "/setup/<token>"): Row(404, 404, 404),
    ("POST", "/setup/<token>"): Row(404, 404, 404),
    ("GET", "/sign-in"): Row(200, 302, 302),
    ("POST", "/sign-in"): Row(401, 401, 401),
    ("POST", "/sign-out"): Row(302, 302, 302),
    ("GET", "/patterns"): OPEN,
    ("GET", "/static/<path:filename>"): OPEN,
    ("GET", "/netiv-x.js"): OPEN,
    ("GET", "/sites/"): SIGNED_IN,
    ("GET", "/sites/new"): Row(IN, 403, 200),
    ("POST", "/sites/new"): Row(401, 403, 400),
    ("GET", "/sites/<key>/"): SIGNED_IN,
    ("GET", "/sites/<key>/journey"): SIGNED_IN,
    ("POST", "/sites/<key>/journey"): OWNER_FORM,
    ("GET", "/sites/<key>/overview"): SIGNED_IN,
    ("GET", "/sites/<key>/<name>"): SIGNED_IN,
    ("GET", "/sites/<key>/contacts"): SIGNED_IN,
    ("POST", "/sites/<key>/contacts"): Row(401, 403, 400),
    ("POST", "/sites/<key>/contacts/<int:number>/undo"): Row(401, 403, 404),
    ("GET", "/sites/<key>/links"): SIGNED_IN,
    ("POST", "/sites/<key>/links"): Row(401, 403, 400),
    ("POST", "/sites/<key>/links/<int:number>/remove"): Row(401, 403, 404),
    ("GET", "/sites/<key>/links/<int:number>.<any(svg, png):form>"): Row(IN, 404, 404),
    ("GET", "/sites/<key>/maps/<map_key>"): Row(IN, 302, 302),
    ("GET", "/sites/<key>/maps/compare"): SIGNED_IN,
    ("GET", "/sites/<key>/maps/new"): Row(IN, 403, 200),
    ("POST", "/sites/<key>/maps/new"): Row(401, 403, 400),
    ("GET", "/sites/<key>/maps/<map_key>/edit"): Row(IN, 403, 200),
    ("POST", "/sites/<key>/maps/<map_key>/edit"): Row(401, 403, 400),
    ("POST", "/sites/<key>/maps/<map_key>/remove"): Row(401, 403, 400),
    ("POST", "/sites/<key>/maps/<map_key>/looked"): OWNER_FORM,
    ("GET", "/sites/<key>/maps/<map_key>/notes/new"): Row(IN, 403, 200),
    ("POST", "/sites/<key>/maps/<map_key>/notes/new"): Row(401, 403, 400),
    ("GET", "/sites/<key>/maps/<map_key>/notes/<int:note>"): Row(IN, 404, 404),
    ("POST", "/sites/<key>/maps/<map_key>/notes/<int:note>"): Row(401, 403, 404),
    ("POST", "/sites/<key>/maps/<map_key>/notes/<int:note>/remove"): Row(401, 403, 404),
    ("GET", "/sites/<key>/maps/<map_key>/versions"): SIGNED_IN,
    ("POST", "/sites/<key>/maps/<map_key>/versions"): Row(401, 403, 400),
    ("GET", "/sites/<key>/maps/<map_key>/versions/<int:number>"): Row(IN, 404, 404),
    ("GET", "/sites/<key>/maps/<map_key>/canvas"): SIGNED_IN,
    ("GET", "/api/sites/<key>/experiments/<experiment>/result"): Row(401, 404, 404, program=404),
    ("GET", "/sites/<key>/experiments"): SIGNED_IN,
    ("GET", "/sites/<key>/experiments/<experiment>"): Row(IN, 404, 404),
    ("GET", "/sites/<key>/experiments/<experiment>/packet"): Row(IN, 404, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/reviews"): Row(401, 404, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/decision"): Row(401, 403, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/links"): Row(401, 403, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/links/<int:link>/revoke"): Row(401, 403, 404),
    ("GET", "/results/<token>"): Row(404, 404, 404),
    ("GET", "/results/<token>/packet"): Row(404, 404, 404),
    ("GET", "/sites/<key>/experiments/new"): Row(IN, 403, 200),
    ("POST", "/sites/<key>/experiments/new"): Row(401, 403, 400),
    ("GET", "/sites/<key>/experiments/<experiment>/edit"): Row(IN, 403, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/edit"): Row(401, 403, 404),
    ("GET", "/sites/<key>/experiments/<experiment>/plan"): Row(IN, 404, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/<any(start, pause, resume, stop, archive):step>"): Row(401, 403, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/remove"): Row(401, 403, 404),
    ("GET", "/sites/<key>/experiments/<experiment>/variants/<variant>/editor"): Row(IN, 403, 404),
    ("POST", "/sites/<key>/experiments/<experiment>/variants/<variant>/editor"): Row(401, 403, 404),
    ("GET", "/sites/<key>/experiments/<experiment>/variants/<variant>/editor/copy"): Row(IN, 403, 404),
    ("POST", "/sites/<key>/pain/points"): Row(401, 403, 404),
    ("GET", "/sites/<key>/pain/points/<int:point>"): Row(IN, 404, 404),
    ("POST", "/sites/<key>/pain/points/<int:point>"): Row(401, 403, 404),
    ("POST", "/sites/<key>/pain/points/<int:point>/notes"): Row(401, 403, 404),
    ("GET", "/sites/<key>/funnels/new"): Row(IN, 403, 200),
    ("POST", "/sites/<key>/funnels/new"): Row(401, 403, 400),
    ("GET", "/sites/<key>/funnels/<funnel>/edit"): Row(IN, 403, 404),
    ("POST", "/sites/<key>/funnels/<funnel>/edit"): Row(401, 403, 404),
    ("POST", "/sites/<key>/funnels/<funnel>/remove"): Row(401, 403, 404),
    ("GET", "/sites/<key>/groups"): SIGNED_IN,
    ("POST", "/sites/<key>/groups"): Row(401, 403, 400),
    ("POST", "/sites/<key>/groups/remove"): OWNER_FORM,
    ("GET", "/sites/<key>/settings"): SIGNED_IN,
    ("POST", "/sites/<key>/settings"): OWNER_FORM,
    ("POST", "/sites/<key>/goals"): Row(401, 403, 400),
    ("POST", "/sites/<key>/goals/<int:goal>/remove"): OWNER_FORM,
    ("POST", "/sites/<key>/exclusions"): OWNER_FORM,
    ("POST", "/sites/<key>/people/invite"): Row(401, 403, 200),
    ("POST", "/sites/<key>/people/withdraw"): OWNER_FORM,
    ("POST", "/sites/<key>/people/<int:user>/remove"): Row(401, 403, 404),
    ("POST", "/sites/<key>/tokens"): Row(401, 403, 400),
    ("POST", "/sites/<key>/tokens/<int:token>/revoke"): OWNER_FORM,
    ("POST", "/sites/<key>/delete"): Row(401, 403, 400),
}
# the demo's shop is open to all, and there only where the demo is
SHOP = "/shop/"
# asked by programs and by pages of anybody, each held to its token: tests/experiments/test_ofrep.py
FLAGS = "/flags/"
FILLED = {"<map_key>": "main", "<int:note>": "99", "<experiment>": "none", "<segment>": "none", "<int:persona>": "99", "<variant>": "none", "<int:link>": "99", "<int:point>": "99", "<any(start, pause, resume, stop, archive):step>": "start",
          "<int:number>": "99", "<any(contacts, orders):what>": "contacts", "<any(svg, png):form>": "svg",
          "<session>": "none", "<funnel>": "none", "<path:filename>": "mark.svg", "<name>": "sources", "<int:goal>": "1", "<int:user>": "99", "<int:token>": "99"}
ROWS = [pytest.param(method, rule, row, id=f"{method} {rule}") for (method, rule), row in TABLE.items()]


def test_every_route_has_a_row(office):
    (office.data_dir / "demo").touch()
    from wsgi import create_app
    routes = {(method, str(rule)) for rule in create_app(office.data_dir).url_map.iter_rules()
              for method in rule.methods - {"HEAD", "OPTIONS"} if not str(rule).startswith((SHOP, FLAGS))}
    assert sorted(routes) == sorted(TABLE), "say in TABLE who may come in"


def test_an_installation_that_is_no_demo_has_no_shop(office):
    assert not [rule for rule in office.app.url_map.iter_rules() if str(rule).startswith(SHOP)]


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    """One office for the many questions that change nothing that matters to the next."""
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    made.store.close()


@pytest.mark.parametrize("who", ["nobody", "viewer", "owner", "program"])
@pytest.mark.parametrize("method, rule, row", ROWS)
def test_at_the_own_site(lasting, method, rule, row, who):
    answer = ask(lasting, who, method, rule, "shop")
    expected = row.nobody if who == "program" and row.program is None else getattr(row, who)
    assert answer.status_code == expected, answer.text[:500]
    if answer.status_code == 302 and row.nobody == IN and who == "nobody":
        assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("who", ["nobody", "viewer", "owner", "program"])
@pytest.mark.parametrize("method, rule, row", [each for each in ROWS if "<key>" in each.values[1]])
def test_at_a_foreign_site_nothing_tells_it_from_one_that_does_not_exist(lasting, method, rule, row, who):
    foreign, missing = (ask(lasting, who, method, rule, key) for key in ("cafe", "nope"))
    known = who in ("viewer", "owner") or (who == "program" and row.program is not None)
    assert foreign.status_code == missing.status_code == (404 if known else row.nobody)
    if known:
        assert foreign.text.replace("cafe", "nope") == missing.text and "Café" not in foreign.text


@pytest.mark.parametrize("method, rule", [(method, rule) for method, rule in TABLE if method != "GET"])
def test_no_form_is_taken_without_its_token(lasting, method, rule):
    browser = lasting.as_("owner")
    for token in ("", "wrong", lasting.as_("viewer").token()):
        assert browser.post(address(lasting, rule, "shop"), token=token, method=method).status_code == 403


@pytest.mark.parametrize("method, rule", [(method, rule) for method, rule in TABLE if method != "GET"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_form_of_another_site_is_taken_even_with_the_token(lasting, method, rule, site):
    answer = lasting.as_("owner").post(address(lasting, rule, "shop"), headers={"Sec-Fetch-Site": site}, method=method)
    assert answer.status_code == 403


def test_the_token_may_stand_in_a_header(office):
    browser = office.as_("owner")
    answer = browser.post("/sign-out", token="", headers={"X-CSRF-Token": browser.token()})
    assert answer.status_code == 302


def test_other_sites_may_link_to_pages_and_not_take_them_in(office):
    browser = office.as_("owner")
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert browser.get("/account", headers=linked).status_code == 200
    assert browser.get("/account", headers=linked | {"Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert browser.get("/account", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}).status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/nothing/here", "/static/app.css", "/sites/cafe/", "/sites/shop/"])
def test_every_answer_carries_the_headers(lasting, path):
    headers = lasting.as_("owner").get(path).headers
    csp = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'",
                 "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"):
        assert rule in csp
    assert "unsafe" not in csp and "http" not in csp
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if path.startswith("/static/") else "same-origin")


def test_pages_are_kept_nowhere_and_files_by_their_content(office):
    browser = office.as_("owner")
    assert browser.get("/account").headers["Cache-Control"] == "no-store"
    assert "immutable" in browser.get("/static/app.css?v=123").headers["Cache-Control"]


def test_hosts_that_are_not_ours_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("NETIV_HOSTS", "stats.shop.example, localhost")
    there = Office(tmp_path / "data")
    assert there.visitor().get("/sign-in").status_code == 200
    assert there.visitor().get("/sign-in", base_url="http://evil.example").status_code == 400
    assert there.visitor().get("/sign-in", base_url="http://stats.shop.example").status_code == 200


def test_forwarded_headers_count_only_when_told(tmp_path, monkeypatch):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9"}
    plain = Office(tmp_path / "plain").visitor().get("/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" not in plain.headers
    monkeypatch.setenv("NETIV_PROXIES", "1")
    behind = Office(tmp_path / "behind").visitor().get("/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" in behind.headers


def test_programs_get_json_and_people_get_pages(office):
    asked = office.visitor().get("/account", headers={"Accept": "application/json"})
    assert asked.status_code == 401 and asked.json["error"]["message"] == "Sign in first."
    assert "<html" in office.as_("owner").get("/nothing/here").text


def test_a_wrong_period_or_filter_is_named(office):
    answer = office.as_("owner").get("/sites/shop/sources?period=sometime")
    assert answer.status_code == 400 and "period" in answer.text


def test_a_broken_view_says_nothing_of_its_inside(office):
    @office.app.get("/breaks")
    def breaks():
        raise RuntimeError("secret inside")
    answer = office.as_("owner").get("/breaks")
    assert answer.status_code == 500 and "secret inside" not in answer.text


def test_a_database_that_was_damaged_is_told_to_those_signed_in(office):
    (office.data_dir / "damaged.txt").write_text("The database was damaged.\n")
    assert "found damaged" in office.as_("owner").get("/account").text
    assert "found damaged" not in office.visitor().get("/sign-in").text


def test_a_database_that_cannot_be_read_gets_503_and_heals(office, monkeypatch):
    browser = office.as_("owner")
    def broken(*_, **__):
        raise office.store.Error("disk I/O error")
    with monkeypatch.context() as during:
        during.setattr(type(office.store), "ask", broken)
        answer = browser.get("/sites/shop/settings")
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "10"
        assert "What was collected is kept" in answer.text and "disk I/O" not in answer.text
    assert browser.get("/sites/shop/settings").status_code == 200


def test_a_view_that_says_nothing_of_who_may_come_needs_a_sign_in(office):
    @office.app.get("/forgotten")
    def forgotten():
        return "inside"
    assert office.visitor().get("/forgotten").status_code == 302


def address(office, rule, key):
    path = rule.replace("<key>", key)
    if "<token>" in path:
        purpose = path.split("/")[1]
        token = links.make(office.store, purpose, site="shop", role="viewer") if purpose == "invitation" else "nothing"
        path = path.replace("<token>", token)
    for gap, filling in FILLED.items():
        path = path.replace(gap, filling)
    return path


def ask(office, who, method, rule, key):
    browser = office.as_(who)
    return browser.get(address(office, rule, key)) if method == "GET" else browser.post(address(office, rule, key), method=method)
