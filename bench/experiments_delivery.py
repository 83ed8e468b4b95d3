"""How a variant reaches a visitor: whether anybody sees the control first, and what the wait for it costs.

    python -m bench.experiments_delivery     about five minutes; writes bench/results/experiments_delivery.json

A real server, a page that comes in pieces from another origin, and Chromium.

A frame is looked at twice: by the page, in every animation frame, which runs
right before what it sees is painted; and in pictures that Chromium makes of
what it did paint (a screencast), where the control's heading is red and the
variant's green. So that 0 means something, the same is done with the second
script loaded as a tag manager would: where it comes after the first paint, as
it mostly does, both must find the control.
"""

import base64
import json
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

from collector import sites
from collector.snippet import HOLD, STUB
from collector.storage import open_store
from experiments import register
from tests.browser.engines import CHROME_AGENT, CHROMIUM_FLAGS
from tests.fault.server import SITE, Server

RESULTS = Path(__file__).resolve().parent / "results" / "experiments_delivery.json"
LOADS, CONTROL_LOADS, PAIRS, REQUESTS, THROTTLE = 100, 20, 25, 2000, 4
RED, GREEN = (255, 0, 0), (0, 128, 0)
PIECES = 5  # of the page, PAUSE apart, the changed element in the second
PAUSE = 0.01
WATCH = """<script>self.frames = []; (function look() { requestAnimationFrame(() => {
    const element = document.querySelector('h1'); if (element) frames.push(element.style.backgroundColor); look(); }) })()</script>"""
HEADING = "<h1 style='margin:0;height:300px;background:red'>Checkout</h1>"
CHANGES = [{"kind": "style", "selector": "h1", "name": "background", "value": "green"}]
EXPERIMENT = {"key": "short-checkout", "where": {"paths": ["/*"]}, "primary": {"kind": "conversion", "event": "purchase"}, "plan": {"visitors": 1000},
              "variants": [{"key": "control", "weight": 0}, {"key": "short", "weight": 1, "changes": CHANGES}]}


def main():
    with tempfile.TemporaryDirectory() as directory, Server(directory) as server, Shop(f"http://127.0.0.1:{server.port}") as shop, \
            sync_playwright() as playwright:
        store = open_store(Path(directory))
        site = sites.by_key(store, SITE)
        register.add(store, site, EXPERIMENT, "bench")
        register.start(store, site, EXPERIMENT["key"], "bench")
        store.close()
        time.sleep(1.2)
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=CHROMIUM_FLAGS)
        found = {"bytes": size(server), "server_ms": server_time(directory),
                 "treated": watched(browser, shop.url + "/blocking", LOADS),
                 "positive_control": watched(browser, shop.url + "/deferred", CONTROL_LOADS),
                 "first_paint": paint(browser, shop), "hanging": hanging(browser, shop)}
        browser.close()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


def chromium(playwright):
    return shutil.which("chromium") or shutil.which("google-chrome") or playwright.chromium.executable_path


# -- flicker

def watched(browser, url, loads):
    """In how many loads the page, and the pictures of it, showed the control, and how many frames that were."""
    seen = {"loads": 0, "loads_with_control": 0, "frames": 0, "frames_with_control": 0, "pictures": 0, "pictures_with_control": 0}
    for number in range(loads):
        context = browser.new_context(user_agent=CHROME_AGENT, viewport={"width": 400, "height": 300})
        page = context.new_page()
        pictures = []
        session = context.new_cdp_session(page)
        session.on("Page.screencastFrame", lambda frame: (
            pictures.append(frame["data"]), session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})))
        session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
        page.goto(url)
        page.wait_for_function("document.querySelector('h1')?.style.backgroundColor == 'green'")
        page.wait_for_timeout(150)
        frames = page.evaluate("frames")
        red = sum(colour(picture) == RED for picture in pictures)
        assert frames[-1] == "green" and any(colour(picture) == GREEN for picture in pictures), "the variant was never seen"
        context.close()
        seen["loads"] += 1
        seen["loads_with_control"] += "red" in frames or red > 0
        seen["frames"] += len(frames)
        seen["frames_with_control"] += frames.count("red")
        seen["pictures"] += len(pictures)
        seen["pictures_with_control"] += red
        if not (number + 1) % 20:
            print(f"{url.rpartition('/')[2]}: {number + 1} of {loads} loads", flush=True)
    return seen


def colour(picture):
    """The first line's middle pixel of a PNG without interlacing, 8 bits a channel, as (red, green, blue)."""
    data, at, packed = base64.b64decode(picture), 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, depth, channels = *struct.unpack(">I4xB", data[at + 8:at + 17]), {2: 3, 6: 4}[data[at + 17]]
            assert depth == 8
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    row = bytearray(zlib.decompress(packed)[:1 + width * channels])
    if row[0] in (1, 4):  # of the first line only the pixel at the left matters to a filter
        for n in range(1 + channels, len(row)):
            row[n] = (row[n] + row[n - channels]) & 255
    elif row[0] == 3:
        for n in range(1 + channels, len(row)):
            row[n] = (row[n] + row[n - channels] // 2) & 255
    middle = 1 + width // 2 * channels
    return tuple(row[middle:middle + 3])


# -- what it costs

def paint(browser, shop):
    """First paint with the second script and without, in turn, at a quarter of the processor; milliseconds."""
    with_it, without, added = [], [], []
    for number in range(PAIRS + 1):
        pair = {}
        for name in ("plain", "blocking") if number % 2 else ("blocking", "plain"):
            context = browser.new_context(user_agent=CHROME_AGENT)
            page = context.new_page()
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
            page.goto(f"{shop.url}/{name}")
            page.wait_for_function("performance.getEntriesByName('first-paint')[0]")
            pair[name] = page.evaluate("performance.getEntriesByName('first-paint')[0].startTime")
            context.close()
        if number:  # the first warms up
            with_it.append(pair["blocking"])
            without.append(pair["plain"])
            added.append(pair["blocking"] - pair["plain"])
    return {"pairs": PAIRS, "throttle": THROTTLE, "with_ms": round(statistics.median(with_it), 1),
            "without_ms": round(statistics.median(without), 1), "added_ms": round(statistics.median(added), 1)}


def hanging(browser, shop):
    """First paint when the server takes the connection and never answers; milliseconds."""
    found = []
    for _ in range(3):
        context = browser.new_context(user_agent=CHROME_AGENT)
        page = context.new_page()
        page.goto(f"{shop.url}/hanging", wait_until="commit")
        page.wait_for_function("performance.getEntriesByName('first-paint')[0]")
        found.append(page.evaluate("performance.getEntriesByName('first-paint')[0].startTime"))
        context.close()
    return {"first_paint_ms": round(statistics.median(found), 1)}


def size(server):
    """Bytes on the wire of the second script with this experiment's assignment and changes."""
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/netiv-x.js?site={SITE}", headers={
        "User-Agent": CHROME_AGENT, "Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        return len(answer.read())


TIMED = """
import json, sys, time
from pathlib import Path
from collector.storage import open_store
from collector.views import front
from experiments import delivery
store = open_store(Path(sys.argv[1]))
way_in = front(None, Path(sys.argv[1]), store, rate=0, further={delivery.PATH: lambda way_in: delivery.Delivery(way_in, store)})
took = []
for n in range(int(sys.argv[3])):
    environ = {"PATH_INFO": delivery.PATH, "QUERY_STRING": "site=" + sys.argv[2], "REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "br",
               "REMOTE_ADDR": f"10.0.{n % 250}.{n // 250}", "HTTP_USER_AGENT": f"Mozilla/5.0 (X11; Linux x86_64; rv:{n % 40}) Gecko/20100101 Firefox/132.0"}
    began = time.thread_time()
    way_in(environ, lambda *_: None)
    took.append((time.thread_time() - began) * 1000)
took.sort()
print(json.dumps({"median": round(took[len(took) // 2], 3), "p99": round(took[len(took) * 99 // 100], 3), "first": round(max(took), 3)}))
"""


def server_time(directory):
    """Processor milliseconds of an answer, of visitors with 40 browsers; the first one reads and packs."""
    words = [sys.executable, "-c", TIMED, directory, SITE, str(REQUESTS)]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


class Shop:
    """Somebody's pages, in pieces, with the second script as the snippet has it, as a tag manager would, or not at all."""

    def __init__(self, netiv):
        second = f'{netiv}/netiv-x.js?site={SITE}'
        tag = '<script async blocking="render" id="netiv-x" fetchpriority="high" src="{}"></script>'
        tracker = f'<script defer src="{netiv}/netiv.js" data-site="{SITE}"></script>'
        stub = f"<script>{STUB}</script>"
        hold = f"<script>{HOLD}</script>"
        late = f"<script>setTimeout(() => {{ const s = document.createElement('script'); s.src = '{second}'; document.head.append(s); }})</script>"
        self._hung = ThreadingHTTPServer(("127.0.0.1", 0), None, bind_and_activate=True)  # takes connections, says nothing
        hung = f"http://127.0.0.1:{self._hung.server_port}/netiv-x.js"
        heads = {"/plain": stub + tracker, "/blocking": stub + hold + tag.format(second) + tracker, "/deferred": stub + late + tracker,
                 "/hanging": stub + hold + tag.format(hung) + tracker}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path not in heads:
                    self.send_error(404)
                    return
                rows = "".join(f"<p>Line {n}</p>" for n in range(40))
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                for number in range(PIECES):
                    piece = f"<!doctype html><meta charset=utf-8>{WATCH}{heads[self.path]}<body style='margin:0'>" if number == 0 \
                        else HEADING + rows if number == 1 else rows
                    self.wfile.write(piece.encode())
                    time.sleep(PAUSE)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._hung.server_close()


if __name__ == "__main__":
    main()
