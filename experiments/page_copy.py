"""A copy of one of the site's pages for the editor: fetched from the site's own host only, and nothing in it runs.

The copy keeps what is seen: elements, style sheets, pictures. Scripts, frames,
handlers and what sends a visitor elsewhere are left out; the policy under which
editor_views.py shows it would not let them run either.
"""

import html
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urlsplit

from collector.doctor.cli import SECONDS, decoded, read_until
from collector.fields import BadField, N_
from collector.known import LOCAL

LEFT_OUT = {"script", "noscript", "iframe", "frame", "object", "embed", "applet", "base", "template"}
VOID_LEFT_OUT = {"frame", "embed", "base"}
LEADS = {"href", "src", "action", "formaction", "xlink:href", "data", "ping"}


class BadPage(BadField):
    """The page cannot be copied; the message says why."""


def fetch(address, host, local=False):
    """The HTML of a page of `host`, where its redirects may not leave it. `local`: addresses of this machine too. Raises BadPage."""
    _check(address, host, local)
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(), urllib.request.HTTPDefaultErrorHandler(),
                    urllib.request.HTTPErrorProcessor(), urllib.request.UnknownHandler(), _SameHost(host, local)):
        opener.add_handler(handler)
    request = urllib.request.Request(address, headers={"User-Agent": "Netiv editor", "Accept": "text/html"})
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            if "html" not in answer.headers.get("Content-Type", "html"):
                raise BadPage("page", N_("is no HTML page"))
            return decoded(read_until(answer, time.monotonic() + SECONDS), answer.headers.get_content_charset())
    except BadPage:
        raise  # it is a ValueError, too
    except urllib.error.HTTPError as error:
        error.close()
        raise BadPage("page", N_("cannot be read: it answers %(status)s"), status=error.code) from None
    except (OSError, ValueError):
        raise BadPage("page", N_("cannot be read: there is no answer")) from None


class _SameHost(urllib.request.HTTPRedirectHandler):
    def __init__(self, host, local):
        self._host, self._local = host, local

    def redirect_request(self, request, file, code, message, headers, address):
        try:
            _check(address, self._host, self._local)
        except BadPage:
            file.close()
            raise
        return super().redirect_request(request, file, code, message, headers, address)


def _check(address, host, local):
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or parts.netloc.lower().removeprefix("www.") != host:
        raise BadPage("page", N_("is not on %(domain)s"), domain=host)
    if local and parts.hostname in LOCAL:
        return
    try:
        found = {each[4][0] for each in socket.getaddrinfo(parts.hostname, None)}
    except OSError:
        raise BadPage("page", N_("cannot be read: there is no answer")) from None
    if not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in found):
        raise BadPage("page", N_("is at an address inside a network, where nothing is fetched from"))


def without_scripts(text, address, picker):
    """The HTML of a copy: its base is `address`, and the only script in it is `picker`, which stands at its end."""
    copier = _Copier()
    copier.feed(text)
    copier.close()
    return f'<!doctype html><base href="{html.escape(address)}">{"".join(copier.parts)}<script>{picker}</script>'


class _Copier(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.parts = []
        self._skipping = []  # tags left out that are still open

    def handle_starttag(self, tag, attributes, end=">"):
        if tag in LEFT_OUT:
            if tag not in VOID_LEFT_OUT:
                self._skipping.append(tag)
        elif not self._skipping and not (tag == "meta" and any(name == "http-equiv" for name, _ in attributes)):
            kept = "".join(f' {name}="{html.escape(value or "")}"' for name, value in attributes if _is_quiet(name, value or ""))
            self.parts.append(f"<{tag}{kept}{end}")

    def handle_startendtag(self, tag, attributes):
        # in a picture (svg) the slash ends the element: without it <use/> would swallow what comes after
        self.handle_starttag(tag, attributes, " />")

    def handle_endtag(self, tag):
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
        elif tag not in LEFT_OUT:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data):
        if not self._skipping:
            self.parts.append(data)

    def handle_entityref(self, name):
        self.handle_data(f"&{name};")

    def handle_charref(self, name):
        self.handle_data(f"&#{name};")


def _is_quiet(name, value):
    if not all(char.isalnum() or char in "-_:." for char in name) or name.startswith("on") or name in ("srcdoc", "target", "nonce"):
        return False
    return name not in LEADS or not "".join(value.split()).lower().startswith(("javascript:", "data:text", "vbscript:"))
