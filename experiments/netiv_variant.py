"""Which variant of an experiment a shop shows that makes its pages on a server. Copy this file; it needs nothing but Python 3.9.

    from netiv_variant import Netiv

    netiv = Netiv("https://stats.shop.co.il", "abc234")          # once, where the program starts

    variant = netiv.variant("short-checkout", user_id)          # in a view of Flask, Django or anything else

`user_id` is the id under which you know the visitor, a text: the one you also
give to the page with netiv('identify', user_id). It stays in your program: the
definitions of the experiments are fetched, every `fresh` seconds, and the
variant is worked out here, by the arithmetic that Netiv itself uses. While
Netiv cannot be reached the last definitions stand; before the first, the
answer is `default`.

What an experiment's audience asks for is said beside it:
variant("short-checkout", user_id, device="mobile", country="IL", consent=True).

Working a variant out counts nobody. When the page with it is seen, say so in
the page: netiv('exposure', 'short-checkout', 'short').
"""

import json
import re
import threading
import time
import urllib.error
import urllib.request


class Netiv:
    def __init__(self, url, site, token="", fresh=60.0, timeout=1.0):
        """`url` is where Netiv is, `site` the key of the snippet; a `token` of scope flags:evaluate lifts the limit of requests."""
        self._address = "%s/flags/%s" % (url.rstrip("/"), site)
        self._headers = {"Authorization": "Bearer " + token} if token else {}
        self._fresh, self._timeout = fresh, timeout
        self._experiments, self._tag = None, ""
        self._fetch_at = 0.0
        self._fetching = threading.Lock()

    def variant(self, experiment, user_id, default="control", **context):
        """The key of the variant to show, worked out here."""
        known = self._definitions().get(experiment)
        return default if known is None else evaluate(known, str(user_id), context)[0]

    def ask(self, experiment, user_id, default="control", **context):
        """The same, asked of Netiv for this one visitor (OFREP): always as it is now, and a request each time."""
        body = json.dumps({"context": dict(context, targetingKey=str(user_id))}).encode()
        try:
            with self._open("/ofrep/v1/evaluate/flags/" + experiment, body, {"Content-Type": "application/json"}) as answer:
                return json.load(answer)["value"]
        except (OSError, ValueError, KeyError):
            return default

    def _definitions(self):
        if time.monotonic() >= self._fetch_at and self._fetching.acquire(blocking=self._experiments is None):
            try:
                if time.monotonic() >= self._fetch_at:  # nobody was faster
                    self._fetch()
            finally:
                self._fetching.release()
        return self._experiments or {}

    def _fetch(self):
        """Reads the definitions; when that fails those before stand, and it is tried again a little later."""
        try:
            with self._open("/definitions", None, {"If-None-Match": self._tag} if self._tag else {}) as answer:
                found = {each["key"]: each for each in json.load(answer)["experiments"]}
                self._experiments, self._tag = found, answer.headers.get("ETag", "")
            wait = self._fresh
        except urllib.error.HTTPError as error:
            error.close()
            wait = self._fresh if error.code == 304 else self._fresh / 6
        except (OSError, ValueError, KeyError):
            wait = self._fresh / 6
        self._fetch_at = time.monotonic() + wait

    def _open(self, path, body, headers):
        request = urllib.request.Request(self._address + path, body, dict(self._headers, **headers))
        return urllib.request.urlopen(request, timeout=self._timeout)


def evaluate(experiment, unit, context):
    """(key of the variant, whether it takes part) of a unit, for one of the definitions."""
    variants = experiment["variants"]
    if experiment["shipped"]:
        return experiment["shipped"], False
    if experiment["state"] != "running" or not _is_meant(experiment, context):
        return variants[0], False
    if experiment["group"] and _place(experiment["slots"], bucket(experiment["group"], unit)) is None:
        return variants[0], False
    place = _place(experiment["ranges"], bucket(experiment["key"], unit))
    return (variants[0], False) if place is None else (variants[place], True)


def bucket(seed, unit):
    """The place of a unit in [0, 1): FNV-1a twice, in ten thousand buckets."""
    return _fnv(str(_fnv(seed + unit))) % 10000 / 10000


def _is_meant(experiment, context):
    audience = experiment["audience"]
    name, _, value = audience["parameter"].partition("=")
    return ((context.get("consent") is True or not experiment["needs_consent"])
            and all(not audience[each] or context.get(each) in audience[each] for each in ("device", "channel", "country"))
            and audience["visitors"] in ("all", context.get("visitors"))
            and (not name or context.get(name) == value))


def _place(ranges, n):
    return next((place for place, (start, end) in enumerate(ranges) if start <= n < end), None)


def _fnv(text):
    value = 0x811C9DC5
    for byte in re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
