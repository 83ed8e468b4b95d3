"""OFREP as others speak it: OpenFeature's published clients, in Python, Node and a real browser, against a real server."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from collector import sites, tokens
from collector.storage import open_store
from experiments import register
from experiments.assignment import bucket
from tests.browser.shop import Shop
from tests.experiments.example import made
from tests.fault.server import SITE, Server
from tools import setup

HERE = Path(__file__).parent
ESBUILD = HERE.parents[1] / "tracker" / "node_modules" / ".bin" / "esbuild"
KEY = "short-checkout"
UNITS = ["dana", "דנה", "👩‍💻", *map(str, range(20))]
NODE = ("@openfeature/ofrep-provider@0.1.3", "@openfeature/ofrep-core@0.1.4", "@openfeature/server-sdk@1.23.0", "@openfeature/core@1.12.0")
WEB = ("@openfeature/ofrep-web-provider@0.4.3", "@openfeature/web-sdk@1.10.0", "@openfeature/core@1.12.0")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("ofrep")) as server:
        yield server


@pytest.fixture
def store(server):
    store = open_store(server.data_dir)
    site = sites.by_key(store, SITE)
    if register.by_key(store, site, KEY) is None:
        register.add(store, site, made(audience={}), "dana")
        register.start(store, site, KEY, "dana")
    yield store
    store.close()


def variant(unit):
    return "control" if bucket(KEY, unit) < 0.5 else "short"


def address(server, site=SITE):
    return f"http://127.0.0.1:{server.port}/flags/{site}"


def packages(place, names):
    """Installs npm packages into a folder, or says why that cannot be."""
    try:
        done = subprocess.run([setup.find_npm(), "install", "--silent", "--ignore-scripts", "--prefix", place, *names], cwd=place,
                              capture_output=True, text=True, timeout=240, env=setup.npm_environment())
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm cannot be asked for the clients: {error}")
    if done.returncode:
        pytest.skip(f"npm has no way to its registry: {done.stderr.strip()[-200:]}")
    return place


# -- Python

@pytest.fixture
def python(server, store):
    """A client of OpenFeature's Python SDK: python(**options of the provider)."""
    def client(**options):
        provider = OFREPProvider(options.pop("base_url", address(server)), **options)
        made_here.append(provider)
        api.set_provider_and_wait(provider)
        return api.get_client()
    made_here = []
    yield client
    api.clear_providers()
    for provider in made_here:
        provider.session.close()


def test_python_gets_the_variant_of_every_unit(python):
    client = python()
    for unit in UNITS:
        told = client.get_string_details(KEY, "code", EvaluationContext(unit))
        assert (told.value, told.variant, told.reason) == (variant(unit), variant(unit), Reason.SPLIT)
        assert told.flag_metadata["experiment"] == KEY and told.flag_metadata["takesPart"] is True


@pytest.mark.parametrize("key, context, error", [
    ("unknown", EvaluationContext("dana"), ErrorCode.FLAG_NOT_FOUND), (KEY, EvaluationContext(), ErrorCode.TARGETING_KEY_MISSING)])
def test_python_gets_the_codes_own_value_and_the_reason_why(python, key, context, error):
    told = python().get_string_details(key, "code", context)
    assert (told.value, told.reason, told.error_code) == ("code", Reason.ERROR, error)


def test_python_is_told_when_a_flag_is_no_boolean(python):
    told = python().get_boolean_details(KEY, True, EvaluationContext("dana"))
    assert (told.value, told.error_code) == (True, ErrorCode.TYPE_MISMATCH)


def test_python_comes_with_a_token(python, server, store):
    site = sites.by_key(store, SITE)
    token = tokens.make(store, site, "Shop", ["flags:evaluate"])
    told = python(headers_factory=lambda: {"Authorization": f"Bearer {token}"}).get_string_details(KEY, "code", EvaluationContext("dana"))
    assert told.value == variant("dana")
    told = python(headers_factory=lambda: {"Authorization": "Bearer netiv_wrong"}).get_string_details(KEY, "code", EvaluationContext("dana"))
    assert (told.value, told.error_message) == ("code", "unauthorized")


def test_python_waits_as_long_as_it_is_told(tmp_path):
    with Server(tmp_path, NETIV_RATE="0.1", NETIV_WORKERS="1") as server:
        provider = OFREPProvider(address(server))
        api.set_provider_and_wait(provider)
        told = [api.get_client().get_string_details(KEY, "code", EvaluationContext("dana")) for _ in range(3)]
        assert told[1].error_message.startswith("Rate limited, retry after: ")
        assert told[2].error_message.startswith("OFREP evaluation paused") and provider.retry_after is not None
        provider.session.close()
        api.clear_providers()


# -- Node

def test_node_gets_the_same(server, store, tmp_path):
    place = packages(tmp_path, NODE)
    shutil.copy(HERE / "ofrep_server.mjs", place)
    ran = subprocess.run(["node", "ofrep_server.mjs", address(server), *UNITS], cwd=place, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["told"] == [[variant(unit), variant(unit), "SPLIT", "running"] for unit in UNITS]
    assert said["errors"] == [["code", "ERROR", "FLAG_NOT_FOUND"], ["code", "ERROR", "TARGETING_KEY_MISSING"], [True, "ERROR", "TYPE_MISMATCH"]]


# -- a page

@pytest.mark.browser
def test_a_page_of_another_origin_gets_the_same_and_hears_of_changes(server, store, browser, tmp_path):
    place = packages(tmp_path, WEB)
    shutil.copy(HERE / "ofrep_web.mjs", place)
    subprocess.run([ESBUILD, "ofrep_web.mjs", "--bundle", "--outfile=web.js", "--log-level=error"], cwd=place, check=True)
    page = browser.new_context().new_page()
    with Shop("", SITE, "ofrep") as shop:  # a routed page would count as one from the internet, which may not ask 127.0.0.1
        page.goto(shop.file("page", b"<!doctype html><title>Shop</title>"))
    page.evaluate("address => { self.netivFlags = address; }", address(server))
    page.add_script_tag(path=place / "web.js")
    page.evaluate("self.ready")
    assert page.evaluate("details()") == [variant("dana"), variant("dana"), "SPLIT", None]
    assert page.evaluate("details('unknown')")[3] == "FLAG_NOT_FOUND"
    for unit in UNITS[:6]:
        page.evaluate("unit => become(unit)", unit)
        assert page.evaluate("details()[0]") == variant(unit)
    # It polls with the tag it was given.
    page.wait_for_event("response", lambda answer: "/ofrep/" in answer.url and answer.request.method == "POST" and answer.status == 304)
    site = sites.by_key(store, SITE)
    register.pause(store, site, KEY, "dana")
    page.wait_for_function("key => changes.flat().includes(key)", arg=KEY)  # a poll while it became another unit may have told of no change
    assert page.evaluate("details()")[:3] == ["control", "control", "DISABLED"]
    register.resume(store, site, KEY, "dana")
    page.context.close()
