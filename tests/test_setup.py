"""The first run: no default user, no default secret, one link that makes the owner and the first site."""

import os
import re
import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

import wsgi
from collector import accounts, backup, links, sites
from collector.prepare import prepare
from tests.office import PASSWORD, Browser, Office, office  # noqa: F401

FILLED = {"email": "dana@shop.example", "name": "Dana", "password": PASSWORD, "site_name": "Guitars",
          "domain": "https://www.Shop.example/", "timezone": "Asia/Jerusalem", "currency": "ils"}


@pytest.fixture
def first(tmp_path):
    """(store, browser, path of the set-up link) of an installation nobody has an account at."""
    store = prepare(tmp_path / "data")
    yield store, Browser(wsgi.create_app(tmp_path / "data", TESTING=True).test_client()), \
        f"/setup/{links.make(store, 'setup')}"
    store.close()


def test_the_data_directory_is_for_its_user_only(tmp_path):
    prepare(tmp_path / "data").close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data/secret").stat().st_mode) == 0o600
    assert len((tmp_path / "data/secret").read_text()) == 64


def test_every_installation_has_its_own_secret_and_keeps_it(tmp_path):
    secrets = []
    for name in ("one", "two", "one"):
        prepare(tmp_path / name).close()
        secrets.append((tmp_path / name / "secret").read_text())
    assert secrets[0] != secrets[1] and secrets[0] == secrets[2]


def test_without_a_secret_nothing_starts_and_the_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("NETIV_DATA", raising=False)
    with pytest.raises(wsgi.NotReady, match="secret is missing.*netiv serve --data"):
        wsgi.create_app(tmp_path)
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(wsgi.NotReady, match="missing or empty"):
        wsgi.create_app(tmp_path)
    with pytest.raises(wsgi.NotReady, match="NETIV_DATA is not set"):
        wsgi.create_app()


def test_a_damaged_database_is_set_aside_at_the_start(tmp_path):
    data = tmp_path / "data"
    store = prepare(data)
    sites.add(store, "Guitars", "shop.example", key="guitars")
    store.close()
    backup.make(data)
    for path in data.glob("netiv.db*"):
        path.unlink()
    (data / "netiv.db").write_bytes(b"no database at all " * 1000)
    store = prepare(data)
    assert sites.by_key(store, "guitars"), "from the backup"
    assert "restored from" in (data / "damaged.txt").read_text() and list(data.glob("netiv-damaged-*.db"))
    store.close()


def test_what_cannot_be_written_is_named_and_no_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    found = CliRunner().invoke(wsgi.netiv, ["migrate", "--data", str(tmp_path / "file/data")])
    assert found.exit_code == 1 and found.output.startswith("Error: --data: ")


def test_several_that_start_at_once_all_find_it_ready(tmp_path):
    code = "import sys; from collector.prepare import prepare; prepare(sys.argv[1]).close()"
    starting = [subprocess.Popen([sys.executable, "-c", code, tmp_path / "data"], cwd=wsgi.ROOT) for _ in range(4)]
    assert [each.wait(30) for each in starting] == [0, 0, 0, 0]


def test_without_an_account_every_page_says_where_the_link_is(first):
    _, browser, _ = first
    assert browser.get("/").location == "/sign-in"
    assert "one-time link" in browser.get("/sign-in").text
    assert 'name="password"' not in browser.get("/sign-in").text


def test_the_link_makes_the_owner_and_the_first_site_and_signs_in(first):
    store, browser, link = first
    answer = browser.post(link, FILLED, page=link)
    site = sites.all_sites(store)[0]
    assert answer.location == f"/sites/{site.key}/settings"
    assert (site.name, site.domain, site.timezone, site.currency) == ("Guitars", "shop.example", "Asia/Jerusalem", "ILS")
    owner = accounts.by_email(store, "dana@shop.example")
    assert owner.roles == {site.id: "owner"} and owner.may_add_sites
    page = browser.get(answer.location).text
    assert f'data-site=&#34;{site.key}&#34;' in page and "Waiting for the first event" in page


def test_the_link_works_once(first):
    store, browser, link = first
    browser.post(link, FILLED, page=link)
    again = browser.post(link, FILLED | {"email": "eve@evil.example"}, page="/account")
    assert again.status_code == 404 and accounts.by_email(store, "eve@evil.example") is None


def test_no_other_link_sets_up_once_somebody_has_an_account(first):
    store, browser, link = first
    other = f"/setup/{links.make(store, 'setup')}"
    browser.post(link, FILLED, page=link)
    assert browser.get(other).status_code == 404


def test_a_made_up_link_does_nothing(first):
    _, browser, _ = first
    assert browser.get("/setup/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_every_wrong_field_is_told_at_once_and_what_was_typed_stays(first):
    store, browser, link = first
    answer = browser.post(link, {"email": "dana", "name": "Dana <b>", "password": "short", "site_name": " ",
                                 "domain": "no host", "timezone": "Mars/Base", "currency": "shekel"}, page=link)
    page = answer.text
    assert answer.status_code == 400
    for name in ("email", "password", "site_name", "domain", "timezone", "currency"):
        assert f'id="{name}-error"' in page, name
        control = re.search(rf'<(?:input|select)[^>]*id="{name}"[^>]*>', page)[0]
        assert f"{name}-error" in re.search(r'aria-describedby="([^"]*)"', control)[1]
    assert 'id="name-error"' not in page
    for kept in ('value="dana"', 'value="Dana &lt;b&gt;"', 'value="no host"', 'value="shekel"'):
        assert kept in page
    assert 'value="short"' not in page and not accounts.any_user(store)


def test_a_mistake_does_not_use_the_link_up(first):
    store, browser, link = first
    browser.post(link, FILLED | {"currency": "shekel"}, page=link)
    assert browser.post(link, FILLED, page=link).status_code == 302


def test_the_page_waits_for_the_first_event_and_then_says_it_came(office):
    browser = office.as_("owner")
    waiting = browser.get("/sites/shop/settings").text
    assert re.search(r'id="arrival" data-fresh="\d+"', waiting) and "Look again" in waiting
    with office.store.facts as db:
        db["sites"].update(office.shop.id, {"first_event_at": 1_790_000_000_000})
    came = browser.get("/sites/shop/settings").text
    assert "Events are coming in" in came and "data-fresh" not in re.search(r'id="arrival"[^>]*>', came)[0]


def test_snippets_say_where_this_server_is(office):
    page = office.as_("owner").get("/sites/shop/settings", base_url="http://stats.example:8000").status_code
    assert page == 302, "cookies are the host's"
    browser = office.as_("owner")
    browser.client.set_cookie("netiv", browser.client.get_cookie("netiv").value, domain="stats.example")
    text = browser.get("/sites/shop/settings", base_url="http://stats.example:8000").text
    assert "http://stats.example:8000/netiv.js" in text
    for variant in ("Google Tag Manager", "WordPress", "wp_head"):
        assert variant in text


def test_a_goal_is_added_and_removed_and_a_wrong_one_keeps_what_was_typed(office):
    browser = office.as_("owner")
    wrong = browser.post("/sites/shop/goals", {"goal_name": "Thanks", "kind": "page", "pattern": "thanks"})
    assert wrong.status_code == 400 and 'value="Thanks"' in wrong.text and "pattern-error" in wrong.text
    browser.post("/sites/shop/goals", {"goal_name": "Thanks", "kind": "page", "pattern": "/thanks*"})
    assert [goal.pattern for goal in sites.goals(office.store, office.shop)] == ["purchase", "/thanks*"]
    goal = sites.goals(office.store, office.shop)[1]
    office.as_("other").post(f"/sites/cafe/goals/{goal.id}/remove")
    assert len(sites.goals(office.store, office.shop)) == 2, "not through another site"
    browser.post(f"/sites/shop/goals/{goal.id}/remove")
    assert [goal.pattern for goal in sites.goals(office.store, office.shop)] == ["purchase"]


def test_rules_of_leaving_out_are_switched_one_by_one(office):
    browser = office.as_("owner")
    browser.post("/sites/shop/exclusions", {"rule": ["gpc", "bot"]})
    assert sites.by_key(office.store, "shop").exclusions_off == {"dnt"}
    browser.post("/sites/shop/exclusions", {"rule": ["gpc", "bot", "dnt"]})
    assert sites.by_key(office.store, "shop").exclusions_off == frozenset()


def test_time_zone_and_currency_stand_once_events_came(office):
    browser = office.as_("owner")
    changed = {"name": "Strings", "domain": "strings.example", "timezone": "Europe/Paris", "currency": "EUR"}
    assert browser.post("/sites/shop/settings", changed).status_code == 302
    with office.store.facts as db:
        db["sites"].update(office.shop.id, {"first_event_at": 1_790_000_000_000})
    again = browser.post("/sites/shop/settings", changed | {"timezone": "Asia/Tokyo"})
    assert again.status_code == 400 and "timezone-error" in again.text
    assert sites.by_key(office.store, "shop").timezone == "Europe/Paris"


def test_a_site_is_deleted_only_with_its_name_typed(office):
    browser = office.as_("owner")
    assert browser.post("/sites/shop/delete", {"confirm": "yes"}).status_code == 400
    assert sites.by_key(office.store, "shop")
    assert browser.post("/sites/shop/delete", {"confirm": "shop.example"}).status_code == 302
    assert sites.by_key(office.store, "shop") is None and sites.by_key(office.store, "cafe")
    assert "deleted" in browser.get("/sites/").text


def test_the_owner_may_add_another_site_after_the_last_is_gone(office):
    browser = office.as_("owner")
    browser.post("/sites/shop/delete", {"confirm": "shop.example"})
    drums = {"name": "Drums", "domain": "drums.example", "timezone": "UTC", "currency": "EUR"}
    answer = browser.post("/sites/new", drums)
    assert answer.status_code == 302
    assert office.as_("other").get("/sites/new").status_code == 403


def test_the_server_starts_without_what_only_statistics_need(tmp_path):
    code = "import sys, wsgi; print([name for name in ('numpy', 'scipy', 'bench', 'collector.demo.cli') " \
           "if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=wsgi.ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_what_the_map_needs_is_loaded_before_the_workers_start(tmp_path):
    code = "import runpy, sys, wsgi; runpy.run_path('gunicorn.conf.py')['when_ready'](None); print('journeys.judging' in sys.modules)"
    for environ, found in (({"NETIV_DATA": str(tmp_path)}, "True\n"), ({}, "False\n")):
        ran = subprocess.run([sys.executable, "-c", code], cwd=wsgi.ROOT, capture_output=True, text=True, check=True,
                             env={"PATH": os.environ["PATH"], **environ})
        assert ran.stdout == found
