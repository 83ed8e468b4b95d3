"""Page views, engaged time, scroll depth, errors and vitals, as Chromium tells them."""

import time

import pytest

from tests.fault.server import wait_until

pytestmark = pytest.mark.browser

TALL = "<div style='height:2880px'></div>"


def leave(visitor):
    visitor.goto("about:blank")


def hows(live, shop):
    return [event.how for event in live.events(shop.part, "pageview")]


def test_a_load_is_one_view_in_two_requests(live, shop, visitor):
    sent = []
    visitor.on("request", lambda request: sent.append(request.url) if "/event" in request.url else None)
    visitor.goto(shop.page("home", TALL))
    live.wait_for(shop.part, "pageview")
    leave(visitor)
    live.wait_for(shop.part, "leave")
    kinds = [type(event).__name__ for event in live.events(shop.part)]
    assert sorted(kinds) == ["Leave", "Pageview", "Vitals"]
    assert len(live.batches(shop.part)) == 2
    assert visitor.faults == []


def test_an_address_keeps_campaign_and_that_a_click_id_was_there_and_nothing_else(live, shop, visitor):
    visitor.goto(shop.page("home") + "?q=secret&utm_source=news&gclid=Abcdef&token=secret#secret")
    live.wait_for(shop.part, "pageview")
    page = live.batches(shop.part)[0][0].pages[0]
    assert page.url == f"{shop.url}{shop.part}home?utm_source=news&gclid=A"
    assert page.title == "Page home"


def test_routes_in_the_hash_are_views_only_when_asked(live, shop, visitor):
    for name, attributes in (("plain", ""), ("hash", "data-netiv-hash")):
        visitor.goto(shop.page(name, attributes=attributes))
        visitor.evaluate("location.hash = '/about?email=secret'")
        time.sleep(1.2)
    leave(visitor)
    live.wait_for(shop.part + "hash#/about", "leave")
    urls = [page.url.removeprefix(shop.url + shop.part) for batch, _ in live.batches(shop.part) for page in batch.pages]
    assert list(dict.fromkeys(urls)) == ["plain", "hash", "hash#/about"]
    assert len(live.events(shop.part, "pageview")) == 3


def test_what_a_page_does_at_once_finds_the_view_it_belongs_to(live, shop, visitor):
    # Deferred scripts have just run then, and no moment has been idle yet.
    visitor.goto(shop.page("first", head="""<script>
        var netiv = (...call) => netiv.q.push(call);
        netiv.q = [['track', 'before'], ['variant', 'form', () => { document.title = 'control'; }]];
        addEventListener('DOMContentLoaded', () => {
            window.told = document.title;
            netiv('track', 'first');
            history.pushState(0, '', 'second');
            netiv('track', 'second');
        })</script>"""))
    live.wait_for(shop.part + "second", "custom")
    assert visitor.evaluate("told") == "control"
    assert hows(live, shop) == ["load", "navigate"]
    assert [event.name for event in live.events(shop.part + "first", "custom")] == ["before", "first"]
    assert [event.name for event in live.events(shop.part + "second", "custom")] == ["second"]


def test_a_page_from_the_back_forward_cache_is_viewed_again(live, shop, visitor):
    one, two = shop.page("one"), shop.page("two")
    visitor.goto(one)
    visitor.evaluate("window.still = true")
    time.sleep(1.3)
    visitor.goto(two)
    time.sleep(1.3)
    visitor.go_back(wait_until="commit")
    assert visitor.evaluate("window.still"), "the page was not kept"
    wait_until(lambda: hows(live, shop) == ["load", "load", "restore"], 5, "the restored view")
    leave(visitor)
    live.wait_for(shop.part, "vitals", 3)
    assert len(live.events(shop.part, "leave")) == 3


def test_a_prerendered_page_is_viewed_when_it_is_shown(live, shop, visitor):
    visitor.add_init_script("Object.defineProperty(document, 'prerendering', {value: true, configurable: true})")
    visitor.goto(shop.page("later"))
    time.sleep(1.5)
    assert live.events(shop.part) == []
    visitor.evaluate("""Object.defineProperty(document, 'prerendering', {value: false});
                        document.dispatchEvent(new Event('prerenderingchange'))""")
    assert [view.how for view in live.wait_for(shop.part, "pageview")] == ["activate"]


def test_engaged_time_counts_only_while_the_page_is_visible(live, shop, visitor):
    visitor.goto(shop.page("home"))
    visitor.mouse.move(5, 5)
    time.sleep(2)
    hide = """state => { Object.defineProperty(document, 'hidden', {value: state, configurable: true});
                         document.dispatchEvent(new Event('visibilitychange')); }"""
    visitor.evaluate(hide, True)
    time.sleep(2)
    visitor.evaluate(hide, False)
    time.sleep(1)
    leave(visitor)
    leaves = live.wait_for(shop.part, "leave", 2)
    assert len(leaves) == 2
    assert 1900 <= leaves[0].engaged_ms <= 2900 and 900 <= leaves[1].engaged_ms <= 1900


def test_scroll_depth_is_the_deepest_point(live, shop, visitor):
    visitor.goto(shop.page("home", TALL))
    time.sleep(.7)
    visitor.mouse.move(50, 50)
    visitor.mouse.wheel(0, 1440)
    time.sleep(.7)
    visitor.mouse.wheel(0, -1000)
    time.sleep(.7)
    leave(visitor)
    assert [event.scroll for event in live.wait_for(shop.part, "leave")] == [75]


def test_a_quick_back_is_named_and_a_slow_one_is_not(live, shop, visitor):
    visitor.goto(shop.page("one"))
    time.sleep(.6)
    visitor.evaluate("history.pushState({}, '', 'two')")
    time.sleep(.6)
    visitor.go_back(wait_until="commit")
    time.sleep(.6)
    visitor.goto(shop.page("three"))
    time.sleep(.6)
    visitor.go_back(wait_until="commit")
    live.wait_for(shop.part, "frustration", 2)
    time.sleep(1)
    backs = [event.kind for event in live.events(shop.part, "frustration")]
    assert backs == ["quick_back", "quick_back"]


def test_a_script_error_is_told_once_without_personal_numbers(live, shop, visitor):
    fail = "Promise.reject(new Error('order 12345678 of dana@shop.example'))"
    visitor.goto(shop.page("home", f"<button onclick=\"{fail}\">fail</button>"))
    for _ in range(3):
        visitor.click("button")
        time.sleep(.4)
    errors = live.wait_for(shop.part, "error")
    live.wait_for(shop.part, "frustration", 3)
    assert [error.message for error in errors] == ["order [x] of [x]"]
    assert {event.kind for event in live.events(shop.part, "frustration")} >= {"error"}


def test_vitals_are_those_of_the_document(live, shop, visitor):
    body = """<h1 id=a>Big words</h1><p>text</p><button onclick="let t = performance.now(); while (performance.now() - t < 120);
              this.textContent = 'done'">slow</button>
              <script>setTimeout(() => a.style.paddingTop = '200px', 300)</script>"""
    visitor.goto(shop.page("home", body))
    time.sleep(1)
    visitor.click("button")
    time.sleep(.6)
    leave(visitor)
    vitals, = live.wait_for(shop.part, "vitals")
    assert 0 < vitals.ttfb <= vitals.fcp <= vitals.lcp < 5000
    assert vitals.inp >= 120 and 0.01 < vitals.cls < 0.5
