"""The way in: POST /event, and what a page needs from us: GET /netiv.js. GET /health says whether all is well.

Plain WSGI ahead of the application's own routing, because most requests are
these and routing costs more than they do. Everything else is passed on.
Other rooms may answer further paths here: wsgi.py names them.
`_collect` reads as the order of refusal in docs/http-api.md.
"""

import logging
import os
import threading
import time
import zlib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs

import msgspec
from gunicorn.http.errors import ParseException
from pysqlite3 import DatabaseError

from collector import device, headers, health, limits, message, sites, visitor
from collector.place import Countries
from collector.script import Script
from collector.spool import RESERVE_BYTES, Received, Spool, SpoolFull
from collector.storage import open_store

SITES_SECONDS = 1.0  # a new site is known after that
RETRY_SECONDS = 5
COMPLAIN_SECONDS = 10
REASONS = {200: "OK", 202: "Accepted", 204: "No Content", 302: "Found", 304: "Not Modified", 400: "Bad Request",
           404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large", 415: "Unsupported Media Type",
           429: "Too Many Requests", 503: "Service Unavailable"}
log = logging.getLogger("netiv.collector")
_json = msgspec.json.Encoder().encode


class Refusal(Exception):
    """Nothing of the message was taken: why, and which answer says so."""

    def __init__(self, status, field, why, retry_after=None):
        super().__init__(f"{field} {why}")
        self.status, self.field, self.why, self.retry_after = status, field, why, retry_after


class Sender(NamedTuple):
    """Who a request is from, as far as anybody is told."""

    opt_out: str  # "gpc" or "dnt", which the site honours: then nothing else is known; else ""
    visitor: int = 0
    previous: int | None = None  # as Visitors.ids() gives it
    country: str = ""
    seen: device.Device = device.Device("", "", "", "", "")


def front(app, data_dir, store=None, proxies=None, rate=None, script=None, further=None):
    """The WSGI application `app` with the way in before it.

    `proxies` is how many proxies of ours stand in front (NETIV_PROXIES, else 0),
    `rate` the requests a second one address may send to a site in each worker
    (NETIV_RATE, else limits.REQUESTS_PER_SECOND; 0 for any number).
    `further` has for a path a function that is given the Front and gives one
    from an environ to (status, header fields, body), or None to pass it on.
    """
    proxies = int(os.environ.get("NETIV_PROXIES") or 0) if proxies is None else proxies
    rate = float(os.environ.get("NETIV_RATE") or limits.REQUESTS_PER_SECOND) if rate is None else rate
    data_dir = Path(data_dir)
    return Front(app, data_dir, store or open_store(data_dir), proxies, limits.Rate(rate), script or Script(), further or {})


class Front:
    def __init__(self, app, data_dir, store, proxies, rate, script, further):
        self.data_dir = data_dir
        self.spool = Spool(data_dir / "spool", reserve_bytes=int(os.environ.get("NETIV_SPOOL_RESERVE") or RESERVE_BYTES))
        self.visitors = visitor.Visitors(data_dir / "keys")
        self._app = app
        self._store = store
        self.sites = KnownSites(store)
        self._countries = Countries()
        self._proxies = proxies
        self._rate = rate
        self._in_flight = limits.InFlight()
        self._script = script
        self._complained_at = float("-inf")
        self._further = {path: make(self) for path, make in further.items()}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/event":
            status, fields, body = self._event(environ)
        elif path == "/netiv.js" or (path.startswith("/netiv.") and path.endswith(".js")):
            status, fields, body = self._script.answer(environ)
        elif path == "/health":
            status, fields, body = health.answer(self.data_dir, self.spool, self._store)
        else:
            answer = path in self._further and self._further[path](environ)
            if not answer:
                return self._app(environ, start_response)
            status, fields, body = answer
        start_response(f"{status} {REASONS[status]}", [*fields, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _event(self, environ):
        method = environ["REQUEST_METHOD"]
        if method == "POST":
            try:
                return 202, OPEN, self._collect(environ)
            except Refusal as refusal:
                return _refused(refusal)
        if method == "OPTIONS":  # ours never asks; other people's clients do
            return 204, PREFLIGHT, b""
        return _refused(Refusal(405, "method", "must be POST"))

    def _collect(self, environ):
        site = self.sites.get(_site_key(environ.get("QUERY_STRING", "")))
        if not site:
            raise Refusal(404, "site", "is unknown; the snippet on the site's page has the right key")
        if _length(environ) > limits.BODY_BYTES:
            raise _too_large()
        seconds = self._rate.wait(site.key, visitor.network(headers.address(environ, self._proxies)))
        if seconds:
            raise Refusal(429, "requests", f"come too fast; come again in {seconds} s", seconds)
        place = self._in_flight.enter()
        if not place:
            raise Refusal(503, "server", "is busy; come again in a moment", RETRY_SECONDS)
        try:
            return self._store_message(environ, site)
        finally:
            self._in_flight.leave(place)

    def _store_message(self, environ, site):
        body = _unpacked(environ, _body(environ))
        try:
            batch, refused = message.parse(body)
        except message.BadMessage as error:
            raise Refusal(400, error.field, error.why) from None
        try:
            self.spool.append(self._received(environ, site, batch, body))
        except (SpoolFull, OSError) as error:
            self._complain(error)
            raise Refusal(503, "server", "cannot store just now; come again later", RETRY_SECONDS) from None
        return _taken(len(batch.events), refused)

    def _received(self, environ, site, batch, body):
        now = time.time_ns() // 1_000_000
        opt_out = headers.opt_out(environ, site.exclusions_off)
        sender = self.sender(environ, site, now, batch.visitor, batch.user)
        seen = sender.seen
        return Received(site.key, now, sender.visitor, sender.previous, sender.country,
                        seen.browser, seen.version, seen.os, seen.device, seen.bot, opt_out, body)

    def sender(self, environ, site, now, visitor_id="", user=""):
        """The Sender of a request at `now`, with what the browser said of a consenting visitor or the owner's user."""
        opt_out = headers.opt_out(environ, site.exclusions_off)
        if opt_out and opt_out not in site.exclusions_off:
            return Sender(opt_out)
        address = headers.address(environ, self._proxies)
        agent = device.cut(environ.get("HTTP_USER_AGENT", ""))
        ids = self.visitors.ids(site, now, visitor.network(address), agent, visitor_id, user)
        return Sender("", *ids, self._countries.country(address), device.parse(agent))

    def _complain(self, error):
        """Once in a while: a full disk is not helped by a line for every refused message."""
        now = time.monotonic()
        if now - self._complained_at > COMPLAIN_SECONDS:
            self._complained_at = now
            log.error("messages are refused: %s", error)

    def tidy(self):
        """What has to be done now and then; the keeper calls it."""
        self.spool.tidy()
        self.visitors.destroy_old(time.time_ns() // 1_000_000)


class KnownSites:
    """Sites by key, as they were at most SITES_SECONDS ago, or for as long as the database cannot be read."""

    def __init__(self, store):
        self._store = store
        self._sites = None
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    def get(self, key):
        if time.monotonic() - self._read_at > SITES_SECONDS and self._reading.acquire(blocking=self._sites is None):
            try:
                self._read()
            finally:
                self._reading.release()
        if self._sites is None:
            raise Refusal(503, "server", "cannot read its database just now; come again later", RETRY_SECONDS)
        return self._sites.get(key)

    def _read(self):
        if time.monotonic() - self._read_at > SITES_SECONDS:
            try:
                self._sites = {site.key: site for site in sites.all_sites(self._store)}
            except DatabaseError as error:
                log.error("sites cannot be read: %s", error)
            self._read_at = time.monotonic()


# -- the body

def _length(environ):
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() and len(length) < 19 else limits.BODY_BYTES + 1


def _body(environ):
    """The body as it came. A chunked one has no length; the server ends it for us."""
    if environ.get("CONTENT_LENGTH"):
        most = _length(environ)
    else:
        most = limits.BODY_BYTES + 1 if environ.get("wsgi.input_terminated") else 0
    try:
        body = environ["wsgi.input"].read(most)
    except (OSError, ParseException):  # gunicorn's framing errors are no OSError
        raise Refusal(400, "body", "was cut off, or its chunks are not framed as HTTP says") from None
    if len(body) > limits.BODY_BYTES:
        raise _too_large()
    if len(body) < _length(environ):
        raise Refusal(400, "body", "was cut off")
    return body


def _unpacked(environ, body):
    coding = environ.get("HTTP_CONTENT_ENCODING", "")
    if not coding or coding == "identity":
        return body
    if coding != "gzip":
        raise Refusal(415, "content-encoding", "must be gzip or nothing")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(body, limits.UNPACKED_BYTES + 1)  # stops there, however much is packed
    except zlib.error:
        raise Refusal(400, "body", "is not gzip as its content-encoding says") from None
    if len(plain) > limits.UNPACKED_BYTES:
        raise _too_large()
    if not unpacker.eof:
        raise Refusal(400, "body", "was cut off")
    return plain


@lru_cache(maxsize=1024)
def _site_key(query):
    return parse_qs(query, errors="replace").get("site", [""])[0]


# -- answers

OPEN = [("Content-Type", "application/json"), ("Access-Control-Allow-Origin", "*")]
PREFLIGHT = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "POST"),
             ("Access-Control-Allow-Headers", "Content-Type, Content-Encoding"), ("Access-Control-Max-Age", "86400")]


def _taken(accepted, refused):
    if not refused:
        return b'{"accepted":%d,"rejected":[]}' % accepted
    return _json({"accepted": accepted, "rejected": [
        {"index": each.index, "field": each.field, "message": each.why} for each in refused]})


def _refused(refusal):
    fields = list(OPEN)
    if refusal.retry_after:
        fields += [("Retry-After", str(refusal.retry_after)), ("Access-Control-Expose-Headers", "Retry-After")]
    if refusal.status == 405:
        fields.append(("Allow", "POST, OPTIONS"))
    return refusal.status, fields, _json({"error": {"field": refusal.field, "message": refusal.why}})


def _too_large():
    return Refusal(413, "body", f"is larger than {limits.BODY_BYTES >> 10} kB, or {limits.UNPACKED_BYTES >> 20} MB unpacked")
