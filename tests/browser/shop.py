"""A customer's web server for browser tests: pages with the snippet in them, on an origin of its own."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}
<script defer src="{script}" data-site="{site}" {attributes}></script></head>
<body style="margin:0">{body}</body></html>"""


class Shop:
    """Use as `with Shop(…) as shop`; `shop.page("cart", body)` gives the address of a page that has it."""

    def __init__(self, netiv, site, name):
        self.netiv, self.site = netiv, site
        self.part = "/" + re.sub(r"\W+", "-", name).strip("-") + "/"
        self.answers = {}
        self.requests = []

    def __enter__(self):
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                shop.requests.append(self.path)
                path = self.path.split("?")[0]
                status, headers, body = shop.answers.get(path) or (404, {}, b"not here")
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", "Content-Length": len(body), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                self.do_GET()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def page(self, name, body="", attributes="", head="", headers=None, script=None, title=None):
        """Adds a page and gives its address. `attributes` stand on the snippet's script tag."""
        html = PAGE.format(title=title or f"Page {name}", head=head, body=body, attributes=attributes, site=self.site,
                           script=script or f"{self.netiv}/netiv.js")
        return self.file(name, html.encode(), headers)

    def file(self, name, content=b"", headers=None, status=200):
        self.answers[self.part + name] = status, headers or {}, content
        return self.url + self.part + name
