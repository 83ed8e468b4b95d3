"""Experiments as visitors meet them: real browsers before the real server, pages on an origin of their own."""

import contextlib
import socket
import threading
import time

import pytest

from collector import sites
from collector.snippet import HOLD, STUB
from experiments import assignment, preview, register
from tests.browser.engines import CHROME_AGENT

pytestmark = pytest.mark.browser

TEXT = {"kind": "text", "selector": "h1", "value": "Treated"}
BODY = "<h1>As it is</h1><p id=hint>A hint</p>"


def head(netiv, site, attributes="", nonce=""):
    """What the settings page shows for a site with experiments, before the tracker's own tag."""
    nonce = f" nonce={nonce}" if nonce else ""
    return (f"<script{nonce}>{STUB}</script><script{nonce}>{HOLD}</script>"
            f'<script{nonce} async blocking="render" id="netiv-x" fetchpriority="high" src="{netiv}/netiv-x.js?site={site}" {attributes}></script>')


@pytest.fixture
def run(live, request):
    """Starts an experiment whose variant b makes the given changes, by default for everybody. Gives its key."""
    site, made = sites.by_key(live.store, live.site), []

    def run(*changes, weights=(0, 1), **more):
        key = f"{abs(hash(request.node.nodeid)) % 10**8}-{len(made)}"
        register.add(live.store, site, {
            "key": key, "variants": [{"key": "control", "weight": weights[0]}, {"key": "b", "weight": weights[1], "changes": [*changes]}],
            "primary": {"kind": "conversion", "event": "purchase"}, "plan": {"visitors": 1000}, **more}, "test")
        register.start(live.store, site, key, "test")
        made.append(key)
        time.sleep(1.1)  # known after a second
        return key

    yield run
    for key in made:
        register.stop(live.store, site, key, "test")


@pytest.fixture
def page(live, shop):
    """Gives the address of a page with the snippet."""
    def page(name="page", body=BODY, attributes="", more="", **others):
        return shop.page(name, body, head=head(live.url, live.site, attributes) + more, **others)
    return page


def exposures(live, shop, count=1):
    return [(event.experiment, event.variant) for event in live.wait_for(shop.part, "exposure", count)]


def user_with(key, variant):
    """An owner's id that gets a variant of an even split, by the published hash."""
    split = assignment.Split(key, assignment.divide((0.5, 0.5)))
    return next(f"customer-{n}" for n in range(100) if assignment.variant_for(split, f"customer-{n}") == variant)


def test_two_visitors_see_different_variants_and_each_is_exposed_once(live, shop, page, run, browser):
    key, url, seen = run(TEXT, weights=(0.5, 0.5)), page(), set()
    for number in range(12):
        context = browser.new_context(user_agent=f"{CHROME_AGENT} Edg/{100 + number}.0")  # anonymous: told apart by it
        visitor = context.new_page()
        visitor.goto(url)
        variant = "b" if visitor.inner_text("h1") == "Treated" else "control"
        assert visitor.evaluate(f"netiv('variant', '{key}')") == variant, "asked for after it was seen: no second exposure"
        visitor.goto("about:blank")
        found = exposures(live, shop, number + 1)
        context.close()
        seen.add(variant)
        if len(seen) == 2:
            break
    assert seen == {"b", "control"}
    assert len(found) == number + 1 and {variant for _, variant in found} == seen


def test_the_variant_of_a_visitor_stays_the_same(live, page, run, visitor):
    run(TEXT, weights=(0.5, 0.5))
    first = visitor.goto(page()) and visitor.inner_text("h1")
    assert {visitor.goto(page(f"p{n}")) and visitor.inner_text("h1") for n in range(4)} == {first}


def test_the_owners_id_is_assigned_by_the_browser_as_python_does(live, shop, page, run, visitor):
    key = run(TEXT, weights=(0.5, 0.5))
    for variant in (0, 1):
        user = user_with(key, variant)
        visitor.goto(page(f"v{variant}", attributes=f'data-netiv-user="{user}"'))
        assert visitor.inner_text("h1") == ("As it is", "Treated")[variant]
        visitor.goto(page(f"w{variant}", more=f"<script>netiv('identify', '{user}')</script>"))
        live.wait_for(f"{shop.part}v{variant}", "exposure")
        assert {batch.user for batch, _ in live.batches(f"{shop.part}v{variant}")} == {user}


def test_the_consent_cookie_is_assigned_by_the_browser(live, page, run, visitor):
    key, url = run(TEXT, weights=(0.5, 0.5)), page()
    for variant in (0, 1):
        visitor.context.add_cookies([{"name": "netiv", "value": user_with(key, variant).replace("-", "_"), "url": url}])
        split = assignment.Split(key, assignment.divide((0.5, 0.5)))
        expected = assignment.variant_for(split, user_with(key, variant).replace("-", "_"))
        visitor.goto(url)
        assert visitor.inner_text("h1") == ("As it is", "Treated")[expected]


def test_an_experiment_that_needs_consent_waits_for_it(live, shop, page, run, visitor):
    key = run(TEXT, needs_consent=True)
    visitor.goto(page(more=f"<script>netiv('variant', '{key}', variant => self.told = variant)</script>"))
    assert visitor.inner_text("h1") == "As it is" and visitor.evaluate(f"netiv('variant', '{key}')") is None
    visitor.wait_for_timeout(1200)
    assert live.events(shop.part, "exposure") == []
    visitor.evaluate("netiv('consent', {analytics: true})")
    visitor.wait_for_function("self.told == 'b'")
    assert visitor.inner_text("h1") == "Treated"
    assert exposures(live, shop) == [(key, "b")]


@pytest.mark.parametrize("signal", ["Sec-GPC", "DNT"])
def test_who_asks_not_to_be_measured_sees_the_control(live, shop, page, run, visitor, signal):
    key = run(TEXT)
    visitor.set_extra_http_headers({signal: "1"})
    visitor.add_init_script("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})")
    visitor.goto(page(more=f"<script>netiv('variant', '{key}', variant => self.told = [variant])</script>"))
    visitor.wait_for_function("self.told")
    assert visitor.inner_text("h1") == "As it is"
    assert visitor.evaluate(f"[netiv('variant', '{key}'), told[0]].map(each => each === undefined)") == [True, True]
    live.wait_for("127.0.0.1", "opt_out")
    assert live.events(shop.part, "exposure") == []


def test_every_kind_of_change(live, shop, page, run, visitor):
    run(TEXT, {"kind": "html", "selector": "#rich", "value": 'Free <b class="x" title="&quot;">today</b><br>or <a href="/y">not</a>'},
        {"kind": "attribute", "selector": "#mail", "name": "placeholder", "value": "you@"},
        {"kind": "style", "selector": "#hint", "name": "color", "value": "rgb(1, 2, 3) !important"},
        {"kind": "remove", "selector": "#company"},
        {"kind": "order", "selector": "#mail", "name": "before", "value": "#name"},
        {"kind": "order", "selector": "#go", "name": "first"})
    shop.page("sent")
    visitor.goto(page(body=f"""{BODY}<div id=rich>Old <i>text</i></div><form id=f action=sent><input id=name name=name><input id=mail name=mail>
        <label id=company>Company <input name=company required></label><button id=go>Go</button></form>"""))
    assert visitor.inner_text("h1") == "Treated"
    assert visitor.inner_html("#rich") == 'Free <b class="x" title="&quot;">today</b><br>or <a href="/y">not</a>'
    assert visitor.get_attribute("#mail", "placeholder") == "you@"
    assert visitor.evaluate("getComputedStyle(hint).color") == "rgb(1, 2, 3)"
    assert not visitor.is_visible("#company")
    assert visitor.evaluate("[...f.children].map(each => each.id)") == ["go", "mail", "name", "company"]
    visitor.click("#go")
    visitor.wait_for_url("**/sent?*")
    assert visitor.url.endswith("sent?mail=&name="), "the removed field is required, and neither stops the form nor is sent"
    assert visitor.faults == []


def test_a_redirect_keeps_the_query_and_the_source_counts_once_and_does_not_loop(live, shop, page, run, visitor):
    key = run({"kind": "redirect", "value": shop.part + "other?v=2"}, where={"paths": [shop.part + "page*"]})
    other, url = page("other", "<h1>Other</h1>"), page()
    visitor.goto(url + "?utm_source=news&v=1#part", referer="https://search.example/found")
    visitor.wait_for_url("**/other*")
    visitor.wait_for_function("self.netiv && netiv.on")
    assert visitor.url == other + "?v=2&utm_source=news#part"
    assert visitor.evaluate("document.referrer") == "https://search.example/found"
    assert exposures(live, shop) == [(key, "b")]
    view, = {page.url: page for batch, _ in live.batches(shop.part) for page in batch.pages}.values()
    assert view.url == other + "?utm_source=news" and view.referrer == "https://search.example/found"
    assert [path.split("?")[0].rpartition("/")[2] for path in shop.requests if "page" in path or "other" in path] == ["page", "other"]


def test_the_control_is_never_redirected_and_counts_on_the_page_it_was_on(live, shop, page, run, visitor):
    key = run({"kind": "redirect", "value": shop.part + "other"}, weights=(1, 0), where={"paths": [shop.part + "page"]})
    visitor.goto(page())
    assert exposures(live, shop) == [(key, "control")] and visitor.url.endswith("/page")


def test_a_redirect_to_a_page_that_leads_back_does_not_loop(live, shop, page, run, visitor):
    run({"kind": "redirect", "value": shop.part + "gone"}, where={"paths": [shop.part + "page"]})
    url = page()
    shop.file("gone", status=302, headers={"Location": url})
    visitor.goto(url)
    visitor.wait_for_timeout(1500)
    assert visitor.inner_text("h1") == "As it is" and visitor.is_visible("h1")
    assert [path for path in shop.requests if path.endswith("/page")] == [shop.part + "page"] * 2


def test_in_an_application_the_change_comes_and_goes_with_the_address(live, shop, page, run, visitor):
    key = run(TEXT, {"kind": "style", "selector": "#hint", "name": "display", "value": "none"}, where={"paths": [shop.part + "cart"]})
    visitor.goto(page("start"))
    go = "path => { history.pushState({}, '', path); document.body.append('.') }"
    for _ in range(2):
        assert visitor.inner_text("h1") == "As it is" and visitor.is_visible("#hint")
        assert visitor.evaluate(f"netiv('variant', '{key}')") is None
        visitor.evaluate(go, shop.part + "cart?x=1#top")
        assert visitor.inner_text("h1") == "Treated" and not visitor.is_visible("#hint")
        visitor.evaluate("document.body.insertAdjacentHTML('beforeend', '<h1>Later</h1>')")
        assert visitor.locator("h1").all_inner_texts() == ["Treated", "Treated"]
        visitor.evaluate("document.querySelectorAll('h1')[1].remove()")
        visitor.evaluate(go, shop.part + "start")
    assert exposures(live, shop) == [(key, "b")]


def test_an_element_that_is_not_on_the_screen_is_not_seen_yet(live, shop, page, run, visitor):
    key = run({"kind": "remove", "selector": "#far"})
    visitor.goto(page(body=f"{BODY}<div style='height:3000px'></div><section><p id=far>Far</p></section>"))
    visitor.wait_for_timeout(1500)
    assert live.events(shop.part, "exposure") == []
    visitor.evaluate("scrollTo(0, 4000)")
    assert exposures(live, shop) == [(key, "b")]


def test_the_pages_own_code_asks_or_listens(live, shop, page, run, visitor):
    key = run()
    visitor.goto(page(more=f"""<script>
        document.addEventListener('netiv:variant', (event) => self.heard = event.detail);
        netiv('variant', '{key}', (variant) => self.told = variant)</script>"""))
    visitor.wait_for_function("self.told")
    assert visitor.evaluate("told") == "b" and visitor.evaluate(f"netiv('variant', '{key}')") == "b"
    assert visitor.evaluate("netiv('variant', 'nothing')") is None
    assert exposures(live, shop) == [(key, "b")]


def test_without_being_asked_an_experiment_in_the_pages_code_counts_nobody(live, shop, page, run, visitor):
    run()
    visitor.goto(page())
    live.wait_for(shop.part, "pageview")
    visitor.wait_for_timeout(1000)
    assert live.events(shop.part, "exposure") == []


def test_an_event_a_parameter_and_the_device_decide_who_takes_part(live, shop, page, run, visitor):
    run({**TEXT, "selector": "#event"}, where={"event": "begin_checkout"})
    run({**TEXT, "selector": "#parameter"}, audience={"parameter": "from=mail"})
    run({**TEXT, "selector": "#mobile"}, audience={"device": ["mobile"]})
    run({**TEXT, "selector": "#desktop"}, audience={"device": ["desktop"], "visitors": "new"})
    ids = ("event", "parameter", "mobile", "desktop")
    url = page(body="".join(f"<p id={each}>As it is</p>" for each in ids))
    treated = "['event', 'parameter', 'mobile', 'desktop'].filter(id => document.getElementById(id).textContent == 'Treated')"
    visitor.goto(url)
    assert visitor.evaluate(treated) == ["desktop"]
    visitor.goto(url + "?from=mail")
    assert visitor.evaluate(treated) == ["parameter", "desktop"]
    visitor.evaluate("netiv('track', 'begin_checkout')")
    visitor.wait_for_function(f"{treated}.length == 3")


def test_a_page_that_comes_in_pieces_is_changed_whole(live, page, run, visitor):
    run(TEXT, {"kind": "html", "selector": "#list", "value": "<li>Only</li>"}, {"kind": "remove", "selector": "#row"})
    pieces = ["<!doctype html><meta charset=utf-8>" + head(live.url, live.site) + "<h1>As ",
              "it <b>i", "s</b> here</h1><ul id=list><li>One", "<li>Two", "</ul><form><p id=row><label>A",
              "<input name=a></label></p>", "<button>Go</button></form><p>End"]
    with Drip(pieces) as url:
        visitor.goto(url)
        assert visitor.inner_text("h1") == "Treated"
        assert visitor.inner_html("#list") == "<li>Only</li>"
        assert not visitor.is_visible("#row") and visitor.is_disabled("[name=a]")


class Drip:
    """A server whose one page comes in pieces, 150 ms apart."""

    def __init__(self, pieces):
        self._pieces = pieces

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __exit__(self, *_):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
            for piece in self._pieces:
                connection.sendall(piece.encode())
                time.sleep(0.15)


def preview_of(live, key, variant):
    """The query of a preview's link."""
    site = sites.by_key(live.store, live.site)
    secret = (live.data_dir / "secret").read_text(encoding="ascii").strip()
    return "?" + preview.link(secret, site, register.by_key(live.store, site, key).experiment, variant).partition("?")[2]


def test_a_preview_shows_the_variant_from_page_to_page_and_counts_nothing(live, shop, page, run, visitor):
    key = run(TEXT, weights=(1, 0), audience={"device": ["mobile"]}, needs_consent=True)
    ask = f"<script>netiv('variant', '{key}', (variant) => self.told = variant)</script>"
    url = page(body=f"{BODY}<a id=on href=next>On</a>", more=ask)
    page("next", body=f"{BODY}<a id=on href=last>On</a>", more="<meta name=referrer content=no-referrer>")
    page("last")
    visitor.goto(url + preview_of(live, key, "b"))
    for _ in range(2):
        visitor.wait_for_function("document.querySelector('h1').textContent == 'Treated'")
        visitor.evaluate("history.pushState({}, '', '?page=2')")
        visitor.wait_for_function("location.search.includes('netiv-preview')")
        visitor.click("#on")
    visitor.wait_for_function("document.querySelector('h1').textContent == 'Treated'")
    assert visitor.url.partition("?")[0].endswith("last") and visitor.context.storage_state() == {"cookies": [], "origins": []}
    visitor.goto(url + preview_of(live, key, "b"))
    visitor.wait_for_function("self.told == 'b'")
    visitor.goto(url + preview_of(live, key, "control"))
    visitor.wait_for_function("self.told == 'control'")
    visitor.goto("about:blank")
    visitor.wait_for_timeout(500)
    assert live.batches(shop.part) == [] and visitor.faults == []


def test_a_preview_that_is_over_says_so_and_shows_the_page_as_it_is(live, shop, page, run, visitor):
    run(TEXT)
    url = page()
    with visitor.expect_response("**/netiv-x.js?*netiv-preview=*") as told:
        visitor.goto(url + "?netiv-preview=WyJ4Il0.aaaa.bbbb")
    assert "is not valid any more" in told.value.text() and visitor.inner_text("h1") == "As it is"


STRICT = ("default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src {netiv}; form-action 'self'; base-uri 'none'; "
          "require-trusted-types-for 'script'")


def test_a_strict_policy_and_trusted_types_are_kept(live, shop, run, visitor):
    key = run(TEXT, {"kind": "html", "selector": "#rich", "value": '<b title="x">Rich</b>'},
              {"kind": "style", "selector": "#hint", "name": "color", "value": "rgb(1, 2, 3)"}, {"kind": "remove", "selector": "#company"})
    visitor.add_init_script("addEventListener('securitypolicyviolation', (event) => (self.violations ||= []).push(event.violatedDirective))")
    html = (f"<!doctype html><meta charset=utf-8><link rel=icon href=data:,>{head(live.url, live.site, nonce='abc')}"
            f'<script nonce=abc defer src="{live.url}/netiv.js" data-site="{live.site}"></script>'
            f"{BODY}<div id=rich>Old</div><p id=company>Company</p>")
    visitor.goto(shop.file("strict", html.encode(), {"Content-Security-Policy": STRICT.format(netiv=live.url)}))
    assert visitor.inner_text("h1") == "Treated" and visitor.inner_html("#rich") == '<b title="x">Rich</b>'
    assert visitor.evaluate("getComputedStyle(hint).color") == "rgb(1, 2, 3)" and not visitor.is_visible("#company")
    assert exposures(live, shop) == [(key, "b")]
    assert set(visitor.evaluate("self.violations || []")) <= {"img-src"}, "its icon, which no tag of ours asks for"


def test_when_netiv_is_down_the_control_is_there_at_once(shop, visitor):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        down = f"http://127.0.0.1:{closed.getsockname()[1]}"
    visitor.goto(shop.page("down", BODY, head=head(down, "x"), script=down + "/netiv.js"))
    assert visitor.inner_text("h1") == "As it is"
    assert first_paint(visitor) < 800 and visitor.faults == []


def test_when_netiv_hangs_the_control_is_there_after_a_second_and_stays(live, shop, run, visitor):
    run(TEXT)
    with Late(live.url) as late:
        visitor.goto(shop.page("late", BODY, head=head(late.url, live.site)), wait_until="commit")
        visitor.wait_for_timeout(1000)
        assert 950 < first_paint(visitor) < 2000
        late.let_go.set()
        visitor.wait_for_function("netiv.hear && netiv.on")
        assert visitor.inner_text("h1") == "As it is" and visitor.faults == []
    live.wait_for(shop.part, "pageview")
    assert live.events(shop.part, "exposure") == []


def first_paint(visitor):
    visitor.wait_for_function("performance.getEntriesByName('first-contentful-paint')[0]")
    return visitor.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")


class Late:
    """Takes connections and says nothing until it is let go; then what Netiv says."""

    def __init__(self, netiv):
        self._port = int(netiv.rpartition(":")[2])
        self.let_go = threading.Event()

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.let_go.set()
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection):
        with connection, socket.create_connection(("127.0.0.1", self._port)) as netiv, contextlib.suppress(OSError):
            request = connection.recv(10_000)
            self.let_go.wait(30)
            netiv.sendall(request.replace(b"keep-alive", b"close"))
            while data := netiv.recv(10_000):
                connection.sendall(data)


def test_each_engine_makes_the_change_and_tells_it_once(live, shop, page, run, engine):
    key = run(TEXT, {"kind": "html", "selector": "#hint", "value": "<b>Rich</b>"})
    engine.go(page())
    time.sleep(2.5)
    assert engine.script("return document.querySelector('h1').textContent") == "Treated"
    assert engine.script("return document.querySelector('#hint').innerHTML") == "<b>Rich</b>"
    assert engine.script("return getComputedStyle(document.documentElement).opacity") == "1"
    engine.go("about:blank")
    assert exposures(live, shop) == [(key, "b")]
