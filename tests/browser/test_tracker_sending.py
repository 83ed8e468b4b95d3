"""How events get out: in few requests, again when there was no answer, and even when the page dies."""

import json
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.fault.server import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def collector():
    """A collector that answers as it is told: `answers` are (status, headers) in turn, the last one for ever."""
    class Collector(BaseHTTPRequestHandler):
        answers, got = [(202, {})], []

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.got.append((time.monotonic(), [(body["pages"][event["page"]]["view"], event["n"], event["type"])
                                                for event in body["events"]], dict(self.headers)))
            status, headers = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", "0")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Collector.url = f"http://127.0.0.1:{server.server_port}/in"
    Collector.attributes = f'data-netiv-endpoint="{Collector.url}"'
    yield Collector
    server.shutdown()
    server.server_close()


def events(batch):
    return batch[1]


def test_a_refused_batch_comes_again_with_the_same_ids_when_it_was_told(shop, visitor, collector):
    collector.answers[:] = [(503, {"Retry-After": "3", "Access-Control-Expose-Headers": "Retry-After"}), (202, {})]
    visitor.goto(shop.page("home", attributes=collector.attributes))
    wait_until(lambda: len(collector.got) == 2, 10, "the batch comes again")
    first, second = collector.got
    assert events(first) == events(second)
    assert 2.9 <= second[0] - first[0] < 4.5
    time.sleep(2)
    assert len(collector.got) == 2 and visitor.faults == []


def test_without_a_time_given_it_waits_longer_each_time(shop, visitor, collector):
    collector.answers[:] = [(500, {}), (500, {}), (202, {})]
    visitor.goto(shop.page("home", attributes=collector.attributes))
    wait_until(lambda: len(collector.got) == 3, 40, "the third try")
    first, second, third = [at for at, *_ in collector.got]
    assert 4 <= second - first <= 9 and 8 <= third - second <= 17


@pytest.mark.parametrize("status", [400, 404, 413])
def test_what_is_refused_for_good_is_not_sent_again(shop, visitor, collector, status):
    collector.answers[:] = [(status, {})]
    visitor.goto(shop.page("home", "<button onclick='this.title+=1'>a</button>", attributes=collector.attributes))
    wait_until(lambda: collector.got, 5, "the view")
    visitor.click("button")
    wait_until(lambda: len(collector.got) == 2, 5, "the click")
    time.sleep(5)
    assert [kind for _, batch, _ in collector.got for _, _, kind in batch] == ["pageview", "click"]


def test_a_collector_that_is_away_costs_the_page_nothing(shop, visitor, collector):
    visitor.goto(shop.page("home", "<button onclick='this.title+=1'>a</button>",
                           attributes='data-netiv-endpoint="http://127.0.0.1:9/away"'))
    for _ in range(5):
        visitor.click("button")
    time.sleep(3)
    assert visitor.faults == []


def test_events_are_batched_and_sent_as_plain_text_without_cookies(shop, visitor, collector):
    visitor.goto(shop.page("home", "<button onclick='this.title+=1'>a</button>", attributes=collector.attributes))
    wait_until(lambda: collector.got, 5, "the view")
    for _ in range(60):
        visitor.click("button")
    wait_until(lambda: len(collector.got) == 2, 5, "the first clicks")
    time.sleep(2)
    visitor.goto("about:blank")
    wait_until(lambda: any(kind == "leave" for _, batch, _ in collector.got for *_, kind in batch), 5, "the end")
    kinds = [kind for _, batch, _ in collector.got for *_, kind in batch]
    assert kinds.count("click") == 60 and len(collector.got) <= 4
    for _, _, headers in collector.got:
        assert headers["Content-Type"].startswith("text/plain") and "Cookie" not in headers
        assert int(headers["Content-Length"]) <= 49152


def test_large_batches_are_cut_at_48_kib(shop, visitor, collector):
    visitor.goto(shop.page("home", attributes=collector.attributes))
    visitor.evaluate("for (let i = 0; i < 12; i++) netiv('track', 'large', {text: 'ש'.repeat(5000), i})")
    wait_until(lambda: sum(len(events(batch)) for batch in collector.got) == 13, 45, "everything")
    assert all(int(headers["Content-Length"]) <= 49152 for _, _, headers in collector.got)
    ids = [each[:2] for batch in collector.got for each in events(batch)]
    assert len(set(ids)) == len(ids) == 13


def test_the_last_events_survive_a_crash_of_the_page(live, shop, browser, visitor):
    visitor.goto(shop.page("home", "<button onclick='this.title+=1'>Last</button>"))
    live.wait_for(shop.part, "pageview")
    visitor.click("button")
    visitor.click("button")
    live.wait_for(shop.part, "click", 2)
    visitor.click("button")  # held back for 15 s otherwise
    time.sleep(2)
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    for process in processes:
        if process["type"] == "renderer":
            os.kill(process["id"], signal.SIGKILL)
    assert len(live.wait_for(shop.part, "click", 3, seconds=20)) == 3


def test_a_strict_page_is_measured_and_not_disturbed(live, shop, visitor):
    policy = (f"default-src 'none'; style-src 'unsafe-inline'; script-src {live.url} 'nonce-n'; connect-src {live.url}; "
              "require-trusted-types-for 'script'; trusted-types 'none'")
    visitor.violations = []
    visitor.on("console", lambda message: visitor.violations.append(message.text))
    visitor.goto(shop.page("home", "<button>Buy</button><form><input name=a></form>", headers={"Content-Security-Policy": policy}))
    visitor.click("button")
    visitor.click("input")
    visitor.keyboard.type("x")
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert {type(event).__name__ for event in live.events(shop.part)} >= {"Pageview", "Click", "Field", "Form", "Leave"}
    assert visitor.faults == [] and not [text for text in visitor.violations if "Content Security" in text or "Trusted" in text]


def test_a_page_with_broken_parts_is_not_broken_further(shop, visitor, collector):
    head = """<script>navigator.sendBeacon = () => { throw Error('patched') }; window.fetch = () => { throw Error('patched') };
              delete window.requestIdleCallback; delete window.fetchLater;
              Array.prototype.forEach = () => { throw Error('patched') };</script>"""
    visitor.goto(shop.page("home", "<button>a</button><form><input></form>", head=head, attributes=collector.attributes))
    visitor.click("button")
    visitor.click("input")
    time.sleep(2)
    visitor.goto("about:blank")
    assert visitor.faults == []


def test_the_snippet_twice_counts_once(live, shop, visitor):
    again = f'<script defer src="{live.url}/netiv.js" data-site="{live.site}"></script>'
    visitor.goto(shop.page("home", again))
    live.wait_for(shop.part, "pageview")
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert len(live.events(shop.part, "pageview")) == 1


def test_nothing_is_stored_or_asked_of_the_network_while_the_script_is_evaluated(shop, visitor):
    visitor.add_init_script("""window.asked = [];
        const watch = (object, name) => { const d = Object.getOwnPropertyDescriptor(object, name);
          Object.defineProperty(object, name, d.get ? {...d, get() { asked.push(name); return d.get.call(this) }}
            : {...d, value(...v) { asked.push(name); return d.value.apply(this, v) }}) };
        watch(Document.prototype, 'cookie'); watch(window, 'localStorage'); watch(window, 'sessionStorage');
        watch(window, 'fetch'); watch(Navigator.prototype, 'sendBeacon'); watch(window, 'innerHeight'); watch(window, 'scrollY');
        watch(Element.prototype, 'getBoundingClientRect'); watch(Element.prototype, 'scrollHeight');""")
    visitor.goto(shop.page("home", "<script defer src='data:text/javascript,window.evaluated=[...asked]'></script>"))
    assert visitor.evaluate("window.evaluated") == []
    time.sleep(1.5)
    asked = visitor.evaluate("window.asked")
    assert "fetch" in asked and "localStorage" not in asked and "sessionStorage" not in asked
