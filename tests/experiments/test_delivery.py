"""What the second script answers: who gets what, that it is small and quick, and that it never harms the page."""

import json
import re
import time

import brotli
import pytest
from werkzeug.test import Client

from collector import loader, segments, sites
from collector.views import front
from experiments import assignment, delivery, register
from tests.experiments.example import made

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"


def beyond(environ, start_response):
    start_response("200 OK", [])
    return [b"the application"]


@pytest.fixture
def way_in(data_dir, store, site):
    way_in = front(beyond, data_dir, store, rate=0, further={delivery.PATH: lambda way_in: delivery.Delivery(way_in, store)})
    yield way_in
    way_in.spool.close()


@pytest.fixture
def ask(way_in, site):
    client = Client(way_in)

    def ask(key=site.key, agent=CHROME, address="132.64.0.1", **headers):
        return client.get(f"/netiv-x.js?site={key}", headers={"User-Agent": agent, **headers}, environ_overrides={"REMOTE_ADDR": address})
    return ask


@pytest.fixture
def run(store, site):
    def run(key="short-checkout", **changed):
        register.add(store, site, made(key=key, **{"audience": {}, **changed}), "dana@shop.example")
        return register.start(store, site, key, "dana@shop.example")
    return run


def chosen(answer, key="short-checkout"):
    """Place of the variant in the script, or None when the experiment is not in it."""
    found = re.search(rf'\["{key}",\[[^\]]*\],(-?\d)', answer.text)
    return found and int(found[1])


def is_nobodys(answer):
    """No experiment is in it: it only answers to the link of a preview."""
    return len(answer.data) < 250 and "netiv-preview" in answer.text and chosen(answer) is None


def test_a_site_without_running_experiments_gets_next_to_nothing(ask, store, site):
    register.add(store, site, made(), "dana@shop.example")
    assert is_nobodys(ask()) and ask("nobody's").data == b""
    assert {answer.headers["Cache-Control"] for answer in (ask(), ask("nobody's"))} == {"no-store"}


def test_the_variant_is_that_of_the_id_under_which_the_collector_files_the_visitor(ask, run, way_in, site):
    record, seen = run(), set()
    for number in range(40):
        address = f"132.64.0.{number}"
        environ = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": CHROME}
        visitor = way_in.sender(environ, site, time.time_ns() // 1_000_000).visitor
        assert chosen(ask(address=address)) == assignment.variant_for(record.split, str(visitor))
        assert str(visitor) not in ask(address=address).text
        seen.add(chosen(ask(address=address)))
    assert seen == {0, 1}


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"DNT": "1"}, {"agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}])
def test_who_opts_out_and_robots_take_no_part(ask, run, headers):
    run()
    assert chosen(ask()) is not None and is_nobodys(ask(**headers))


def test_a_site_that_does_not_honour_dnt_assigns_too(ask, run, store, site):
    sites.change(store, site, exclusions_off={"dnt"})
    run()
    assert chosen(ask(DNT="1")) is not None


def test_device_and_country_are_decided_here(ask, run):
    run(audience={"device": ["mobile"]})
    run("at-home", audience={"country": ["IL"]})
    assert chosen(ask()) is None and chosen(ask(agent=PHONE)) is not None
    assert chosen(ask(), "at-home") is not None and chosen(ask(address="8.8.8.8"), "at-home") is None


def test_a_segment_asks_here_what_its_filters_ask(ask, run, store, site):
    segments.add(store, site, "On the phone", {"device": ["mobile", "tablet"]}, "dana@shop.example")
    run(audience={"segment": "on-the-phone"})
    assert chosen(ask()) is None and chosen(ask(agent=PHONE)) is not None


def test_a_channel_takes_part_once_the_visit_has_one(ask, run, way_in, data_dir, store):
    run(audience={"channel": ["Email"]})
    assert is_nobodys(ask()), "the first page: nobody knows yet"
    now = int(time.time() * 1000)
    body = {"sent_at": now, "pages": [{"view": "a1b2c3d4", "url": "https://shop.example/?utm_medium=email&utm_source=news"}],
            "events": [{"type": "pageview", "n": 0, "at": now}]}
    Client(way_in).post("/event?site=guitars", data=json.dumps(body), headers={"User-Agent": CHROME},
                        environ_overrides={"REMOTE_ADDR": "132.64.0.1"})
    loader.Loader(store, data_dir / "spool").drain()
    assert chosen(ask()) is not None and chosen(ask(address="132.64.0.2")) is None


def test_a_change_reaches_visitors_within_a_second(ask, run, store, site):
    run()
    assert chosen(ask()) is not None
    register.pause(store, site, "short-checkout", "dana@shop.example")
    time.sleep(1.1)
    assert is_nobodys(ask())


def test_what_a_definition_says_cannot_leave_its_place_in_the_script(ask, run):
    for place, text in enumerate(("KINDS EXPERIMENTS", "\"];alert(1);//", "\u2028`${1}\\", "/)]*[(/\n", "\U0001f3b8")):
        run(f"odd-{place}", where={"paths": ["/" + text]}, variants=[
            {"key": "control", "weight": 0.5}, {"key": "b", "weight": 0.5, "changes": [{"kind": "text", "selector": "h1", "value": text}]}])
    outside_texts = re.sub(r'"(\\.|[^"\\])*"|/\^\((\\.|[^/])*/', "", ask().text)
    assert "odd-4" in ask().text and "alert(1)" not in outside_texts and "\u2028" not in outside_texts


def test_html_is_sent_as_a_tree_of_what_is_allowed():
    assert delivery.nodes('<p>Free<br>a &amp; b</p><img src="/x.png" onerror="x()"><script>x()</script>') == [
        ["p", {}, "Free", ["br", {}], "a & b"], ["img", {"src": "/x.png"}]]


@pytest.mark.parametrize("path, here", [("/cart", True), ("/cart#top", True), ("/cart#/step", False), ("/cart/x", False), ("/cartx", False),
                                        ("/shop/a/buy", True), ("/shop/buy", False), ("/עגלה", True), ("/app#/cart?x", True)])
def test_paths_mean_what_they_mean_in_reports(path, here):
    source = delivery.pattern(["/cart", "/shop/*/buy", "/עגלה*", "/app#/cart"])
    assert bool(re.match(source[1:-1], path)) == here


def test_an_experiment_with_a_change_is_within_a_kilobyte(ask, run):
    run(variants=[{"key": "control", "weight": 0.5}, {"key": "short", "weight": 0.5, "changes": [
        {"kind": "text", "selector": "#pay", "value": "Pay now, free delivery"}]}], where={"paths": ["/checkout*"]})
    answer = ask(**{"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br" and brotli.decompress(answer.data).decode() == ask().text
    assert len(answer.data) <= 1024


def test_only_reading_is_allowed_and_a_preview_is_passed_on(way_in, site):
    client = Client(way_in)
    assert client.post("/netiv-x.js?site=guitars").status_code == 405
    assert client.get("/netiv-x.js?site=guitars&netiv-preview=x").text == "the application"
