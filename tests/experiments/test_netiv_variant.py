"""The file that shops copy: the same variant as Netiv's own, offline, in Flask and in Django."""

import json
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import flask
import pytest
from django import conf
from django.http import HttpResponse
from django.test import Client
from django.urls import path as route
from hypothesis import given
from hypothesis import strategies as st

from experiments import assignment, flags, netiv_variant, register
from experiments.netiv_variant import Netiv
from tests.experiments.example import made
from tests.office import Office

KEY = "short-checkout"
UNITS = ["dana", "דנה", "👩‍💻", "", *map(str, range(300))]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def netiv_server(tmp_path_factory):
    """Netiv on a port, and what it was asked: (address, office, [(method, path, status), …])."""
    office, asked = Office(tmp_path_factory.mktemp("office")), []

    def app(environ, start_response):
        def start(status, headers, *more):
            asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], int(status[:3])))
            return start_response(status, headers, *more)
        return office.app(environ, start)
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for key, changed in ((KEY, {}), ("grouped", {"group": "g", "share": 0.4}), ("consent", {"needs_consent": True}),
                         ("mobile", {"audience": {"device": ["mobile"], "parameter": "ref=news"}})):
        register.add(office.store, office.shop, made(**{"audience": {}, "key": key} | changed), "dana")
        register.start(office.store, office.shop, key, "dana")
    yield f"http://127.0.0.1:{server.server_port}", office, asked
    server.shutdown()
    server.server_close()
    office.store.close()


def test_it_answers_what_netiv_answers(netiv_server):
    url, office, asked = netiv_server
    netiv, before = Netiv(url, "shop"), len(asked)
    records = {record.key: record for record in register.all_of(office.store, office.shop)}
    for context in ({}, {"consent": True}, {"device": "mobile", "ref": "news"}, {"device": "mobile"}):
        for key, record in records.items():
            assert [netiv.variant(key, unit, **context) for unit in UNITS] == [
                flags.evaluate(record, unit, context).variant for unit in UNITS], (key, context)
    assert asked[before:] == [("GET", "/flags/shop/definitions", 200)]  # once for all of them


def test_asking_for_one_visitor_gives_the_same(netiv_server):
    url, _, _ = netiv_server
    netiv = Netiv(url, "shop")
    assert [netiv.ask(KEY, unit) for unit in UNITS[:20] if unit] == [netiv.variant(KEY, unit) for unit in UNITS[:20] if unit]
    assert netiv.ask("unknown", "dana") == netiv.variant("unknown", "dana") == "control"
    assert netiv.variant("unknown", "dana", default="") == ""


@given(st.text(max_size=20), st.text(st.characters(codec="utf-8"), max_size=20))
def test_its_arithmetic_is_netivs(unit, seed):
    assert netiv_variant.bucket(seed, unit) == assignment.bucket(seed, unit)


def test_definitions_are_fetched_again_with_their_tag(netiv_server):
    url, _, asked = netiv_server
    netiv, before = Netiv(url, "shop", fresh=0), len(asked)
    for _ in range(3):
        netiv.variant(KEY, "dana")
    assert [status for _, _, status in asked[before:]] == [200, 304, 304]


def test_without_netiv_the_page_is_the_control_and_what_was_known_stands(netiv_server):
    url, _, _ = netiv_server
    assert Netiv("http://127.0.0.1:1", "shop").variant(KEY, "dana") == "control"
    assert Netiv(url, "nope").variant(KEY, "dana", default="short") == "short"
    netiv = Netiv(url, "shop", fresh=0)
    shown = [netiv.variant(KEY, unit) for unit in UNITS]
    netiv._address = "http://127.0.0.1:1/flags/shop"
    assert [netiv.variant(KEY, unit) for unit in UNITS] == shown and len(set(shown)) == 2


def test_what_answers_nonsense_is_no_netiv():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<html>a page of a hotel's network"]
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    netiv = Netiv(f"http://127.0.0.1:{server.server_port}", "shop")
    assert netiv.variant(KEY, "dana") == netiv.ask(KEY, "dana") == "control"
    server.shutdown()
    server.server_close()


def test_many_threads_fetch_once(netiv_server):
    url, _, asked = netiv_server
    netiv, before, shown = Netiv(url, "shop"), len(asked), []
    threads = [threading.Thread(target=lambda: shown.append(netiv.variant(KEY, "dana"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(shown)) == 1 and len(asked) - before == 1


def test_a_shop_in_flask(netiv_server):
    netiv = Netiv(netiv_server[0], "shop")
    shop = flask.Flask("shop")

    @shop.get("/checkout")
    def checkout():
        return netiv.variant(KEY, flask.request.args["user"])

    assert [shop.test_client().get("/checkout", query_string={"user": unit}).text for unit in UNITS[:40]] == [
        netiv.variant(KEY, unit) for unit in UNITS[:40]]


def test_a_shop_in_django(netiv_server):
    netiv = Netiv(netiv_server[0], "shop")

    def checkout(request):
        return HttpResponse(netiv.variant(KEY, request.GET["user"]))

    conf.settings.configure(ROOT_URLCONF=type("Urls", (), {"urlpatterns": [route("checkout", checkout)]}), ALLOWED_HOSTS=["testserver"],
                       SECRET_KEY="of a test")
    django.setup()
    assert [Client().get("/checkout", {"user": unit}).content.decode() for unit in UNITS[:40]] == [
        netiv.variant(KEY, unit) for unit in UNITS[:40]]


def test_the_golden_units_have_their_places_here_too():
    golden = json.loads((Path(__file__).parents[1] / "golden/assignment.json").read_text(encoding="utf-8"))
    for seed, unit, place in golden["published"] + golden["buckets"]:
        assert netiv_variant.bucket(seed, unit) == place
