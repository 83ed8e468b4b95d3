"""Tokens: a program with one may do what its scopes say at its own site, while it lasts, and nothing else.

Every route by a program with a token stands in tests/test_access.py.
"""

import re

import pytest
from click.testing import CliRunner

from collector import accounts, audit, sites, tokens
from collector.current import needs
from tests.office import office  # noqa: F401
from wsgi import netiv

REPORT = "/api/sites/shop/sources?period=7d"


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_a_token_is_256_bits_of_which_the_database_knows_the_hash_only(office):
    text = tokens.make(office.store, office.shop, "Sheet", ["stats:read"])
    assert re.fullmatch(r"netiv_[\w-]{43}", text)
    with office.store.facts as db:
        assert text not in str(list(db["tokens"].rows))


def test_a_program_reads_reports_with_its_token(office):
    text = tokens.make(office.store, office.shop, "Sheet", ["stats:read"])
    answer = office.visitor().get(REPORT, headers=bearer(text))
    assert answer.status_code == 200 and answer.json["report"] == "sources"
    assert office.visitor().get(REPORT, headers={"Authorization": f"bearer {text}"}).status_code == 200
    assert tokens.of(office.store, office.shop)[0].used_at


@pytest.mark.parametrize("header", ["Bearer netiv_wrong", "Bearer", "Bearer =", "Basic bmV0aXY6eA==", "netiv_x", ""])
def test_what_is_no_token_is_told_how_to_come_in(office, header):
    answer = office.visitor().get(REPORT, headers={"Authorization": header})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert "token" in answer.json["error"]["message"]


def test_a_wrong_token_does_not_fall_back_on_who_is_signed_in(office):
    assert office.as_("owner").get(REPORT, headers=bearer("netiv_wrong")).status_code == 401


def test_a_token_ends_when_it_expires_and_when_it_is_revoked(office, monkeypatch):
    text = tokens.make(office.store, office.shop, "Sheet", ["stats:read"], days=30)
    other = tokens.make(office.store, office.shop, "Other", ["stats:read"], days=365)
    with monkeypatch.context() as later:
        month = tokens._now() + 30 * tokens.DAY
        later.setattr(tokens, "_now", lambda: month)
        assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 401
        assert office.visitor().get(REPORT, headers=bearer(other)).status_code == 200
        assert [token.expired for token in tokens.of(office.store, office.shop)] == [False, True]
    assert tokens.revoke(office.store, office.cafe, 1) is None
    assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 200
    assert tokens.revoke(office.store, office.shop, 1).name == "Sheet"
    assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 401


def test_a_token_goes_with_its_site(office):
    tokens.make(office.store, office.shop, "Sheet", ["stats:read"])
    sites.remove(office.store, office.shop)
    with office.store.facts as db:
        assert db["tokens"].count == 0


def test_a_scope_allows_what_it_lists_and_nothing_else(office):
    holders = {scope: tokens.find(office.store, tokens.make(office.store, office.shop, "X", [scope])).holder
               for scope in tokens.SCOPES}
    asked = [*accounts.OWNER, *accounts.INSTALLATION, "evaluate", "anything"]
    for scope, holder in holders.items():
        assert {action for action in asked if accounts.can(holder, action, office.shop)} == tokens.SCOPES[scope]
        assert not any(accounts.can(holder, action, where) for action in asked for where in (office.cafe, None))
        assert accounts.belongs(holder, office.shop) and not accounts.belongs(holder, office.cafe)


def test_a_token_without_the_scope_is_refused_at_its_own_site(office):
    text = tokens.make(office.store, office.shop, "Flags", ["flags:evaluate"])
    assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 403
    assert office.visitor().get("/api/sites/cafe/sources", headers=bearer(text)).status_code == 404


def test_a_program_posts_without_the_token_of_forms_and_people_do_not(office):
    @office.app.post("/api/sites/<key>/evaluated")
    @needs("evaluate")
    def evaluated(key):
        return {}
    text = tokens.make(office.store, office.shop, "Flags", ["flags:evaluate"])
    assert office.visitor().client.post("/api/sites/shop/evaluated", headers=bearer(text)).status_code == 200
    assert office.as_("owner").client.post("/api/sites/shop/evaluated").status_code == 403
    # what is no address for programs takes no notice of the token
    assert office.as_("owner").client.post("/account/language", headers=bearer(text)).status_code == 403
    assert office.visitor().get("/sites/shop/", headers=bearer(text)).status_code == 302


@pytest.mark.parametrize("name, scopes, days, field", [
    (" ", ["stats:read"], 90, "token_name"), ("x" * 101, ["stats:read"], 90, "token_name"), ("Sheet", [], 90, "scope"),
    ("Sheet", ["admin"], 90, "scope"), ("Sheet", ["stats:read"], 0, "days"), ("Sheet", ["stats:read"], 366, "days")])
def test_what_is_wrong_with_a_token_is_named(office, name, scopes, days, field):
    with pytest.raises(tokens.BadToken) as error:
        tokens.make(office.store, office.shop, name, scopes, days)
    assert error.value.field == field and tokens.of(office.store, office.shop) == []


def test_the_owner_makes_sees_and_revokes_tokens_in_the_settings(office):
    browser = office.as_("owner")
    made = browser.post("/sites/shop/tokens", {"token_name": "Weekly <b>sheet", "scope": "stats:read", "days": "30"})
    text = re.search(r"netiv_[\w-]{43}", made.text)[0]
    assert "Weekly &lt;b&gt;sheet" in made.text and office.visitor().get(REPORT, headers=bearer(text)).status_code == 200
    assert text not in browser.get("/sites/shop/settings").text
    again = browser.post("/sites/shop/tokens", {"token_name": "", "scope": "stats:read", "days": "30"})
    assert again.status_code == 400 and "which program it is for" in again.text
    assert "Access for programs" not in office.as_("viewer").get("/sites/shop/settings").text
    browser.post("/sites/shop/tokens/1/revoke")
    assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 401
    assert {entry.action for entry in audit.latest(office.store)} >= {"made token", "revoked token"}


def test_the_command_line_makes_lists_and_revokes_them(office):
    def run(*words):
        found = CliRunner().invoke(netiv, ["token", *words, "--data", str(office.data_dir)])
        return found.exit_code, found.output
    text = run("add", "shop", "--name", "Sheet")[1].strip()
    assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 200
    assert re.fullmatch(r"1\tSheet\tstats:read\tuntil \d{4}-\d\d-\d\d\tused \d{4}-\d\d-\d\d\n", run("list", "shop")[1])
    assert run("revoke", "cafe", "1")[0] == 1
    assert run("revoke", "shop", "1") == (0, "Sheet is revoked.\n")
    assert office.visitor().get(REPORT, headers=bearer(text)).status_code == 401
    assert run("add", "shop", "--name", "Sheet", "--days", "0") == (1, "Error: days: is not a number of days from 1 to 365\n")
