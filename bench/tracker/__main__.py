"""What a tracker costs the page, ours and others', in one Chromium at a quarter of its speed; and what of ours gets lost.

    python -m bench.tracker     about twelve minutes; writes bench/results/tracker.json

Others are taken from npm (bench/tracker/package.json). Figures of one run may be
compared with each other, not with another machine's. Script time is Chromium's
own ScriptDuration in time of the main thread; the time of evaluation is by the
clock, so other work on the machine is in it.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from playwright.sync_api import sync_playwright

from bench.tracker.figures import table
from tests.browser.engines import CHROME_AGENT, CHROMIUM_FLAGS

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results" / "tracker.json"
NAMES = ["netiv", "plausible", "snowplow", "clarity", "rrweb", "datadog", "openreplay", "mixpanel", "posthog"]
THROTTLE, EVALUATIONS, SESSIONS, LOSSES = 4, 7, 2, 20
CLICKS, KEYS, SCROLLS = 100, 200, 60
FIELDS = "".join(f"<p><label>Field {n} <input name=field{n}></label> <button type=button onclick='this.title+=1'>Button {n}</button></p>"
                 for n in range(60))
PAGE = f"<!doctype html><html lang=en><meta charset=utf-8><title>Bench</title><body><h1>Bench</h1><form>{FIELDS}</form>" \
       "<div style='height:4000px'></div>"


class Site:
    """Pages, scripts and a collector, all on one origin; every POST is kept."""

    def __init__(self):
        site = self
        self.posts = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = urlsplit(self.path).path
                script = HERE / "dist" / path.lstrip("/")
                if path.endswith(".js") and script.is_file():
                    self.answer(200, script.read_bytes(), "text/javascript; charset=utf-8")
                elif path.startswith("/page/"):
                    name = path.split("/")[2]
                    tag = f"<script defer src=/{name}.js data-site=bench></script>" if name != "none" else ""
                    self.answer(200, (PAGE + tag).encode(), "text/html; charset=utf-8")
                else:
                    self.answer(404 if path.startswith("/in") else 200, b"{}", "application/json")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                site.posts.append((self.path, body))
                self.answer(200, b"{}", "application/json")

            def answer(self, status, body, kind):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except BrokenPipeError:
                    return  # a beacon does not wait for its answer

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def types(self, view):
        """Types of our events in pages whose address contains `view`."""
        found = []
        for path, body in list(self.posts):
            if path.startswith("/event"):
                batch = json.loads(body)
                found += [event["type"] for event in batch["events"] if view in batch["pages"][event["page"]]["url"]]
        return found


def main():
    subprocess.run(["node", "bundle.mjs"], cwd=HERE, check=True)
    site = Site()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                                             args=[*CHROMIUM_FLAGS, "--disable-blink-features=AutomationControlled"],
                                             ignore_default_args=["--disable-back-forward-cache"])
        bare = statistics.median(session(browser, site, "none")["script_ms"] for _ in range(SESSIONS))
        trackers = {name: measure(browser, site, name, bare) for name in NAMES}
        results = {"throttle": THROTTLE, "interactions": CLICKS + KEYS + SCROLLS, "trackers": trackers,
                   "lost": {how: lost(playwright, browser, site, how) for how in ("close", "navigation", "crash")},
                   "back_forward_cache": back_forward(browser, site), "path_ms": path_time(browser, site)}
        browser.close()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    say(table(results))


def measure(browser, site, name, bare):
    say(f"{name} …")
    sessions = [session(browser, site, name) for _ in range(SESSIONS)]
    used = statistics.median(each["script_ms"] for each in sessions) - bare
    starts = [evaluation(browser, site, name) for _ in range(EVALUATIONS)]
    return {"brotli_bytes": len(brotli.compress((HERE / "dist" / f"{name}.js").read_bytes())),
            "evaluation_ms": statistics.median(at_once for at_once, _ in starts),
            "afterwards_ms": statistics.median(afterwards for _, afterwards in starts),
            "interaction_ms": max(0, used) / (CLICKS + KEYS + SCROLLS),
            "requests_per_view": idle_requests(browser, site, name),
            "requests_per_session": statistics.median(each["requests"] for each in sessions)}


def opened(browser):
    context = browser.new_context(user_agent=CHROME_AGENT, viewport={"width": 1280, "height": 720})
    return context, context.new_page()


def throttled(page):
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    return session


def evaluation(browser, site, name):
    """Milliseconds of compiling and running the script, in a page that was idle; and of script time in the second and a half after that."""
    context, page = opened(browser)
    page.goto(site.url + "/page/none")
    cdp = throttled(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    source = (HERE / "dist" / f"{name}.js").read_text(encoding="utf-8")
    took = page.evaluate("""source => { const script = document.createElement('script'); script.dataset.site = 'bench';
        script.dataset.netivEndpoint = location.origin + '/event'; script.textContent = source;
        const began = performance.now(); document.head.append(script); return performance.now() - began }""", source)
    before = script_ms(cdp)
    page.wait_for_timeout(1500)
    afterwards = script_ms(cdp) - before
    context.close()
    return took, afterwards


def idle_requests(browser, site, name):
    """Requests with a body of a view that is looked at for four seconds and left."""
    context, page = opened(browser)
    before = len(site.posts)
    page.goto(f"{site.url}/page/{name}/idle")
    page.wait_for_timeout(4000)
    page.goto("about:blank")
    page.wait_for_timeout(700)
    context.close()
    return len(site.posts) - before


def session(browser, site, name):
    """Script time of 100 clicks, 200 keys and 60 scrolls, and the requests they made."""
    context, page = opened(browser)
    page.goto(f"{site.url}/page/{name}/session")
    page.wait_for_timeout(2500)
    cdp = throttled(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before, posts = script_ms(cdp), len(site.posts)
    for round in range(10):
        for _ in range(CLICKS // 10):
            page.mouse.click(250, 80 + 36 * round)
        page.focus(f"[name=field{round}]")
        for _ in range(KEYS // 10):
            page.keyboard.press("a")
        for step in range(SCROLLS // 10):
            page.mouse.wheel(0, 40 if step % 2 else -40)
            page.wait_for_timeout(20)
    page.wait_for_timeout(3000)
    result = {"script_ms": script_ms(cdp) - before, "requests": len(site.posts) - posts}
    context.close()
    return result


def script_ms(cdp):
    return 1000 * next(each["value"] for each in cdp.send("Performance.getMetrics")["metrics"] if each["name"] == "ScriptDuration")


def lost(playwright, browser, site, how):
    """How many of 20 last events never arrive. The click is the last act before the page is closed or left, or 2 s before it dies."""
    missing = 0
    for number in range(LOSSES):
        place = f"/page/netiv/{how}-{number}"
        killed = how == "crash"
        context, page = opened(browser if not killed else playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=CHROMIUM_FLAGS))
        page.goto(site.url + place)
        for _ in range(3):  # the third waits for fifteen seconds when nothing happens
            page.wait_for_timeout(1100)
            page.click("button >> nth=0")
        if how == "navigation":
            page.goto("about:blank")
        elif how == "close":
            page.close()
        else:
            page.wait_for_timeout(2000)
            crash(context.browser)
        deadline = time.monotonic() + 8
        while site.types(place).count("click") < 3 and time.monotonic() < deadline:
            time.sleep(.1)
        missing += site.types(place).count("click") < 3
        if killed:
            context.browser.close()
        elif how != "close":
            context.close()
    say(f"lost on {how}: {missing} of {LOSSES}")
    return missing


def crash(browser):
    for process in browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            os.kill(process["id"], signal.SIGKILL)


def back_forward(browser, site):
    """Of ten pages left and come back to: how many were kept by the browser, and how many of those returns were counted."""
    kept = 0
    context, page = opened(browser)
    for number in range(10):
        page.goto(f"{site.url}/page/netiv/back-{number}")
        page.evaluate("window.still = true")
        page.wait_for_timeout(1200)
        page.goto(f"{site.url}/page/none/next")
        page.go_back(wait_until="commit")
        kept += bool(page.evaluate("window.still"))
        page.wait_for_timeout(1500)
    context.close()
    counted = sum(site.types(f"/page/netiv/back-{number}").count("pageview") == 2 for number in range(10))
    return {"of": 10, "kept": kept, "counted": counted}


def path_time(browser, site):
    """Milliseconds one element path takes, over every element of the page."""
    context, page = opened(browser)
    page.goto(site.url + "/page/none")
    throttled(page)
    page.add_script_tag(path=HERE / "dist" / "where.js")
    took = page.evaluate("""() => { const all = [...document.querySelectorAll('*')]; const began = performance.now();
        all.forEach(element => where(element)); return (performance.now() - began) / all.length }""")
    context.close()
    return took


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
