"""The editor's copy of a page: from the site's own host only, and nothing in it runs or leads away."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from experiments import page_copy


@pytest.fixture
def host():
    """A server on this machine that answers /, and sends /away to another host."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302 if self.path == "/away" else 200 if self.path in ("/", "/picture") else 404)
            self.send_header("Content-Type", "image/png" if self.path == "/picture" else "text/html; charset=utf-8")
            if self.path == "/away":
                self.send_header("Location", "http://localhost:1/secret")
            self.end_headers()
            self.wfile.write("<h1>שלום</h1>".encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_of_the_host_is_read(host):
    assert page_copy.fetch(f"http://{host}/", host, local=True) == "<h1>שלום</h1>"


@pytest.mark.parametrize("path, local, why", [("/away", True, "is not on"), ("/gone", True, "answers 404"), ("/picture", True, "no HTML"), ("/", False, "inside a network")])
def test_what_is_elsewhere_inside_or_no_page_is_refused(host, path, local, why):
    with pytest.raises(page_copy.BadPage, match=why):
        page_copy.fetch(f"http://{host}{path}", host, local)


@pytest.mark.parametrize("address", ["https://other.example/", "file:///etc/passwd", "https://shop.example@other.example/"])
def test_another_host_is_not_even_asked(address):
    with pytest.raises(page_copy.BadPage, match="is not on"):
        page_copy.fetch(address, "shop.example")


def test_an_element_that_ends_itself_in_a_picture_does_so_in_the_copy():
    picture = '<svg viewBox="0 0 9 9"><use href="#cart"/><path d="M0 0"/></svg>'
    assert '<use href="#cart" /><path d="M0 0" /></svg>' in page_copy.without_scripts(picture, "https://shop.example/", "")


def test_nothing_that_runs_or_leads_away_is_left():
    text = """<html lang=he dir=rtl><head><base href=//evil><meta http-equiv=refresh content="0;url=//evil"><meta charset=utf-8><title>A &amp; B</title>
        <script>alert(1)</script><link rel=stylesheet href=/s.css></head><body onload=x()><a href=" java\nscript:x()" class=c>a</a>
        <iframe srcdoc="<script>x()</script>"><p>in</p></iframe><img src=/p.png onerror=x()><noscript><b>no</b></noscript><p>after</body></html>"""
    copy = page_copy.without_scripts(text, "https://shop.example/cart", "pick()")
    assert copy.count("<script") == 1 and copy.endswith("<script>pick()</script>") and copy.count("<base") == 1
    for gone in ("alert", "onload", "onerror", "srcdoc", "refresh", "evil", "iframe", "java", "<b>no</b>", "<p>in</p>"):
        assert gone not in copy
    for kept in ('<html lang="he" dir="rtl">', "<title>A &amp; B</title>", '<link rel="stylesheet" href="/s.css">', '<img src="/p.png">', "<p>after"):
        assert kept in copy
