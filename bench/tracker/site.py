"""A form page with one tracker in it, and a collector that takes whatever trackers send, on one origin."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

FIELDS = "".join(
    f"<div class=row><label for=f{n}>Field {n}</label> <span><input id=f{n} name=field_{n}></span> "
    f"<button type=button onclick='this.title = this.title.length'><b>Button {n}</b></button></div>" for n in range(40))
PAGE = f"""<!doctype html><html lang=en><meta charset=utf-8><title>Order</title><link rel=icon href=data:,>
<style>.row {{ height: 32px }}</style><body><main><h1>Order</h1><form><fieldset>{FIELDS}</fieldset></form>
<div style='height: 4000px'></div></main>"""

# Answers without which a peer would not begin to collect.
ANSWERS = {
    "/in/v1/web/start": {"token": "x", "userUUID": "u", "sessionID": "1", "projectID": "1", "beaconSizeLimit": 1_000_000,
                         "delay": 0, "startTimestamp": int(time.time() * 1000)},
    "/in/flags": {"flags": {}, "supportedCompression": ["gzip-js"], "autocapture_opt_out": False},
    "/in/array/phc_x/config": {"supportedCompression": ["gzip-js"], "autocapture_opt_out": False, "hasFeatureFlags": False},
}


class Site:
    """`/page/NAME/…` is the page with the tracker NAME ("none": without). Every other request but for scripts is kept."""

    def __init__(self, scripts):
        self.scripts, self.sent = scripts, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = urlsplit(self.path).path
                if path.startswith("/page/"):
                    self.answer(200, page(path.split("/")[2], urlsplit(self.path).query).encode(), "text/html; charset=utf-8")
                elif path.endswith(".js") and (site.scripts / path.lstrip("/")).is_file():
                    self.answer(200, (site.scripts / path.lstrip("/")).read_bytes(), "text/javascript; charset=utf-8")
                elif path != "/favicon.ico":
                    self.collect(path)

            def do_POST(self):
                self.collect(urlsplit(self.path).path)

            def collect(self, path):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                site.sent.append((path, urlsplit(self.headers["Referer"] or "").path, body))
                if path.endswith(".js"):
                    self.answer(404, b"", "text/plain")
                else:
                    answer = json.dumps(ANSWERS.get(path.rstrip("/"), {})).encode()
                    self.answer(202 if path == "/event" else 200, answer, "application/json")

            def answer(self, status, body, kind):
                head = f"HTTP/1.0 {status} \r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                try:
                    self.wfile.write(head + body)
                except (BrokenPipeError, ConnectionResetError):
                    return  # a page that was closed waits for no answer

        class Server(ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 128

            def handle_error(self, request, client_address):
                return  # as above: the browser hung up

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def requests(self, path):
        """How many requests came from the page at `path`."""
        return sum(page_path == path for _, page_path, _ in list(self.sent))

    def events(self, path):
        """Types of the events of ours that belong to the page at `path`, no event twice."""
        found = {}
        for to, _, body in list(self.sent):
            if to == "/event":
                batch = json.loads(body)
                for event in batch["events"]:
                    of = batch["pages"][event["page"]]
                    if urlsplit(of["url"]).path == path:
                        found[of["view"], event["n"]] = event["type"]
        return list(found.values())


def page(name, query):
    """The page, its script under an address nobody has cached: `query` is put behind it."""
    return PAGE + (f"<script defer src='/{name}.js?{query}' data-site=bench></script>" if name != "none" else "")
