"""Two pages nobody here wrote, taken from npm: a card payment form (Stripe's example of jquery.payment) and a single-page
app (TodoMVC in React). Snippet put in as an owner would, then used by somebody in Chromium."""

import mimetypes
import re
import subprocess
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from collector import sites
from collector.snippet import variants
from collector.storage import open_store
from tests.browser import engines, told
from tests.fault.server import Server
from tools import setup

pytestmark = pytest.mark.browser

PACKAGES = ("jquery.payment@3.0.0", "jquery@1.12.3", "todomvc@0.1.1")
CDN = "https://ajax.googleapis.com/ajax/libs/jquery/1.12.3/jquery.min.js"
CARD, EXPIRY, CVC, NUMBER = "4000056655665556", "1148", "739", "86420975"


@pytest.fixture(scope="module")
def npm(tmp_path_factory):
    """{name: folder} of the packages as they are published."""
    place = tmp_path_factory.mktemp("npm")
    try:
        packed = subprocess.run(["npm", "pack", "--silent", *PACKAGES], cwd=place, capture_output=True, text=True, timeout=240,
                                env=setup.npm_environment())
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm cannot be asked for the pages: {error}")
    if packed.returncode:
        pytest.skip(f"npm has no way to its registry: {packed.stderr.strip()[-200:]}")
    folders = {}
    for name, file in zip((package.rpartition("@")[0] for package in PACKAGES), packed.stdout.split(), strict=True):
        folders[name] = place / name
        folders[name].mkdir()
        subprocess.run(["tar", "xzf", place / file, "-C", folders[name], "--strip-components=1"], check=True)
    return folders


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("foreign")) as server:
        store = open_store(server.data_dir)
        sites.add(store, "Foreign", "localhost", key="foreign")
        store.close()
        yield server


class Site:
    """Somebody's web server: a folder of files, the snippet in the head of each page. Use as `with Site(…) as site`."""

    def __init__(self, folder, snippet):
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                status, kind, body = site.answer(self.path.partition("?")[0])
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self._folder, self._snippet = Path(folder).resolve(), snippet
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_port}"

    def answer(self, path):
        file = (self._folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            return 404, "text/plain", b"not here"
        body = file.read_bytes()
        if file.suffix == ".html":
            body, count = re.subn(rb"<head>", lambda head: head[0] + self._snippet.encode(), body, count=1)
            assert count == 1
        return 200, mimetypes.guess_type(file.name)[0] or "text/plain", body

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def snippet(server, attributes=""):
    code = variants(f"http://127.0.0.1:{server.port}", "foreign", {})[0].code
    return code.replace(' data-site="foreign"', f' data-site="foreign"{attributes}')


@pytest.fixture
def visitor(browser, npm):
    context = browser.new_context(user_agent=engines.CHROME_AGENT, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    # What these pages want from the internet comes from npm too, or not at all.
    context.route(re.compile("^https:"), lambda route: route.abort())
    context.route(CDN, lambda route: route.fulfill(path=npm["jquery"] / "dist/jquery.min.js"))
    page = context.new_page()
    page.listener = told.Listener(context)
    yield page
    context.close()


def assert_nowhere(server, visitor, typed):
    where = told.places(server, visitor.listener)
    assert any(name.startswith("spool/") for name in where)
    for text in typed:
        assert [name for name, found in where.items() if text.encode() in found] == []


def test_a_payment_form_with_masked_fields(server, npm, visitor):
    with Site(npm["jquery.payment"], snippet(server)) as site:
        visitor.goto(site.url + "/example/index.html")
        visitor.wait_for_timeout(1500)
        for field, typed in (("cc-number", CARD), ("cc-exp", EXPIRY), ("cc-cvc", "7"), ("numeric", NUMBER)):
            visitor.click(f"#{field}")
            visitor.keyboard.type(typed, delay=40)
        assert visitor.input_value("#cc-number") == "4000 0566 5566 5556"  # the page's own script wrote into the field
        visitor.click("text=Submit")
        visitor.wait_for_selector(".validation.text-danger", state="attached")
        visitor.click("#cc-cvc")
        visitor.keyboard.type("39", delay=40)
        visitor.keyboard.press("Enter")
        visitor.wait_for_selector(".validation.text-success", state="attached")
        visitor.goto("about:blank")
        page = "/example/index.html"
        found = told.wait_for(server, f"leave {page}", part=page)
    form, stays = f"{page} body>div>form", ("cc-number", "cc-exp", "cc-cvc", "numeric", "cc-cvc")
    labels = ("Card number formatting [ ]", "Card expiry formatting", "Card CVC formatting", "Restrict numeric", "Card CVC formatting")
    assert found == Counter([
        *(f"{kind} {page}" for kind in ("pageview", "vitals", "leave")),
        *(f"form {form} {kind}" for kind in ("view", "start", "submit", "submit")),
        *(f"field {form}.{field}" for field in stays), *(f"click {page} {label}" for label in labels),
        f"click {page} Submit", f"click {page} Submit"])  # Enter presses the form's button, as browsers do it
    assert visitor.listener.faults == []
    assert_nowhere(server, visitor, (CARD, "4000 0566", EXPIRY, "11 / 48", NUMBER, '"739"'))


def test_a_single_page_app_with_routes_behind_the_hash(server, npm, visitor):
    with Site(npm["todomvc"], snippet(server, " data-netiv-hash")) as site:
        visitor.goto(site.url + "/examples/react/index.html")
        visitor.wait_for_selector("#new-todo")
        for todo in ("Kanarienvogel fuettern", "Zelophehad anrufen"):
            visitor.click("#new-todo")
            visitor.keyboard.type(todo)
            visitor.keyboard.press("Enter")
        visitor.click("#todo-list li:nth-child(1) .toggle")
        visitor.wait_for_timeout(600)
        for route in ("Active", "Completed"):
            visitor.click(f"#filters >> text={route}")
            visitor.wait_for_timeout(700)
        visitor.go_back()
        visitor.wait_for_timeout(700)
        visitor.goto("about:blank")
        page = "/examples/react/index.html"
        found = told.wait_for(server, f"leave {page}#/active", 2, part=page)
    # The app goes to #/ by itself when it starts, and focuses its field: a page view, and nobody in a field.
    started, active, completed = page + "#/", page + "#/active", page + "#/completed"
    assert found == Counter([
        f"vitals {page}", *(f"{kind} {at}" for at in (page, started, active, completed, active) for kind in ("pageview", "leave")),
        *(f"form {started} body {kind}" for kind in ("view", "start", "abandon")),
        f"field {started} body.new-todo", f"field {started} body.#todo-list>li:nth-of-type(1)>div>input",
        f"click {started} What needs to be done?", f"click {started} What needs to be done?", f"click {started}",  # the box: no name
        f"click {started} Active", f"click {active} Completed", f"frustration {completed} quick_back"])
    assert visitor.listener.faults == []
    assert_nowhere(server, visitor, ("Kanarienvogel", "Zelophehad"))
