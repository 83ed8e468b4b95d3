"""OFREP 0.3, OpenFeature's remote evaluation: /flags/<site key>/ofrep/v1/evaluate/flags, one flag or all of them.

Every experiment but a draft is a flag whose value is the key of a variant, a
string; the unit is the context's `targetingKey`, the id under which the owner
knows a visitor. Open like the snippet, because pages ask it from the browser;
whoever sends a token is held to it: unknown 401, of another site or scope 403.
https://github.com/open-feature/protocol, service/openapi.yaml.
"""

import hashlib
import json
import threading
import time
from functools import wraps

import msgspec
from flask import Blueprint, Response, current_app, request

from collector import accounts, current, limits, sites, tokens
from collector.visitor import network
from experiments import audiences, flags, register

MOST_BYTES = 64 << 10
LONGEST_UNIT = 1000
FRESH_SECONDS = 1.0  # as long an answer may be behind the store
RETRY_SECONDS = 5
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Retry-After",
        "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Max-Age": "86400",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-API-Key",
        "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache"}

blueprint = Blueprint("ofrep", __name__, url_prefix="/flags/<site_key>")
_decode = msgspec.json.Decoder().decode


class Refused(Exception):
    """An answer that is no evaluation: a status, and what OFREP says in its body."""

    def __init__(self, status, code="", details="", headers=None):
        super().__init__(details)
        self.status, self.code, self.details, self.headers = status, code, details, headers or {}


class Known:
    """The flags of each site, read again after a second."""

    def __init__(self, store):
        self._store = store
        self._read = {}
        self._lock = threading.Lock()

    def of(self, site_key):
        """(site, {key: Record}), or (None, {}) for a key that no site has."""
        with self._lock:
            at, found = self._read.get(site_key, (0, None))
            if found is None or time.monotonic() - at > FRESH_SECONDS:
                found = self._ask(site_key)
                if found[0] is not None:  # keys that somebody made up are not kept
                    self._read[site_key] = (time.monotonic(), found)
            return found

    def _ask(self, site_key):
        site = sites.by_key(self._store, site_key)
        if site is None:
            return None, {}
        return site, {record.key: record for record in audiences.every(self._store, site, register.all_of(self._store, site, states=flags.SHOWN))}


def set_up(app, store, rate):
    """`rate` is how many requests a second one address may make without a token; 0 for any number."""
    app.extensions["netiv-flags"] = Known(store)
    app.extensions["netiv-flags-rate"] = limits.Rate(rate)
    app.register_blueprint(blueprint)


def answering(view):
    """Lets a view be asked from any page, checks who asks, and says in OFREP's words what is refused."""
    @wraps(view)
    def answered(site_key, **options):
        if request.method == "OPTIONS":
            return Response(status=204, headers=CORS)
        try:
            site, known = current_app.extensions["netiv-flags"].of(site_key)
            _check(site, site_key)
            status, body, headers = view(known, **options)
        except Refused as error:
            said = {"errorCode": error.code} if error.code else {}
            status, headers = error.status, error.headers
            body = {**options, **said, "errorDetails": error.details}
        except current.store.Error as error:
            current_app.logger.error("database: %s", error)
            status, body, headers = 503, {"errorDetails": "the database cannot be used just now"}, {"Retry-After": str(RETRY_SECONDS)}
        answer = Response(None if body is None else json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
        answer.headers.update({**CORS, **headers})
        return answer
    return answered


@blueprint.route("/ofrep/v1/evaluate/flags/<key>", methods=["POST", "OPTIONS"])
@answering
def one(known, key):
    unit, context = _context()
    if key not in known:
        raise Refused(404, "FLAG_NOT_FOUND", f"{key} is no experiment of this site, or one that is still a draft")
    return 200, _evaluated(known[key], unit, context), {}


@blueprint.route("/ofrep/v1/evaluate/flags", methods=["POST", "OPTIONS"])
@answering
def every(known):
    unit, context = _context()
    return _unless_known({"flags": [_evaluated(known[key], unit, context) for key in sorted(known)]})


@blueprint.route("/definitions", methods=["GET", "OPTIONS"])
@answering
def definitions(known):
    """What netiv_variant.py keeps, to answer by itself."""
    return _unless_known({"experiments": [flags.offline(known[key]) for key in sorted(known)]})


def _evaluated(record, unit, context):
    answer = flags.evaluate(record, unit, context)
    return {"key": record.key, "value": answer.variant, "variant": answer.variant, "reason": answer.reason,
            "metadata": {**flags.about(record), "takesPart": answer.takes_part}}


def _unless_known(body):
    """The body with its ETag, or 304 when the one who asks has it already."""
    tag = hashlib.blake2b(json.dumps(body).encode(), digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(tag):
        return 304, None, {"ETag": f'"{tag}"'}
    return 200, body, {"ETag": f'"{tag}"'}


def _context():
    """(unit, context) of the body. Raises Refused."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413, "PARSE_ERROR", f"the body is larger than {MOST_BYTES >> 10} kB")
    try:
        body = _decode(request.get_data())
    except (msgspec.DecodeError, RecursionError):
        raise Refused(400, "PARSE_ERROR", "the body is no JSON") from None
    context = body.get("context") if isinstance(body, dict) else None
    if not isinstance(context, dict):
        raise Refused(400, "INVALID_CONTEXT", "context is missing or no object")
    unit = context.get("targetingKey")
    if unit is None or unit == "":
        raise Refused(400, "TARGETING_KEY_MISSING", "context.targetingKey is missing: the id under which you know the visitor")
    if not isinstance(unit, str) or len(unit) > LONGEST_UNIT:
        raise Refused(400, "INVALID_CONTEXT", f"context.targetingKey is no text of at most {LONGEST_UNIT} characters")
    return unit, context


def _check(site, site_key):
    """Whether this program may ask. Raises Refused."""
    text = _token()
    if text is None:
        wait = current_app.extensions["netiv-flags-rate"].wait(site_key, network(request.remote_addr or ""))
        if wait:
            raise Refused(429, "GENERAL", "too many requests of one address", {"Retry-After": str(wait)})
    else:
        token = tokens.find(current.store, text)
        if token is None:
            raise Refused(401, "GENERAL", "the token is unknown, expired or revoked", {"WWW-Authenticate": "Bearer"})
        if site is None or not accounts.can(token.holder, "evaluate", site):
            raise Refused(403, "GENERAL", "the token is of another site, or may not evaluate flags: its scope is flags:evaluate")
    if site is None:
        raise Refused(404, "GENERAL", "no site has this key")


def _token():
    """The token sent, or None when none was."""
    sent = request.authorization
    if sent is not None and sent.type == "bearer":
        return sent.token or ""
    return request.headers.get("X-API-Key")
