"""Sites and their goals: the small facts that everything about a visit hangs on."""

import re
import secrets
import time
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class BadSite(ValueError):
    """A field of a site or goal is wrong: `field` names it, `message` says what would be right."""

    def __init__(self, field, message):
        super().__init__(f"{field} {message}")
        self.field, self.message = field, message


@dataclass(frozen=True)
class Site:
    id: int
    key: str  # public, stands in the snippet
    name: str
    domain: str
    timezone: str
    currency: str
    created_at: int
    first_event_at: int | None
    exclusions_off: frozenset[str]

    @property
    def zone(self):
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class Goal:
    id: int
    site_id: int
    name: str
    kind: str  # "event" or "page"
    pattern: str


def all_sites(store):
    with store.facts as db:
        return [_site(row) for row in db.query("select * from sites order by name, id")]


def by_key(store, key):
    """The site with that public key, or None."""
    with store.facts as db:
        return next((_site(row) for row in db.query("select * from sites where key = ?", [key])), None)


def add(store, name, domain, timezone="Asia/Jerusalem", currency="ILS", key=None):
    """Adds a site with `purchase` as its first goal and gives it back. Raises BadSite."""
    if not name.strip():
        raise BadSite("name", "is empty; write what you call the site, for example My shop")
    if timezone not in available_timezones():
        raise BadSite("timezone", f"{timezone!r} is unknown; write one like Asia/Jerusalem")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadSite("currency", f"{currency!r} is not a currency code; write three letters such as ILS")
    now = int(time.time() * 1000)
    row = {"key": key or "".join(secrets.choice(ALPHABET) for _ in range(12)), "name": name.strip(),
           "domain": bare_host(domain), "timezone": timezone, "currency": currency, "created_at": now}
    with store.facts as db:
        if next(db.query("select 1 from sites where key = ?", [row["key"]]), None):
            raise BadSite("key", f"{row['key']!r} is taken by another site")
        site_id = db["sites"].insert(row).last_pk
        db["goals"].insert({"site_id": site_id, "name": "Purchase", "kind": "event", "pattern": "purchase",
                            "created_at": now})
    return by_key(store, row["key"])


def goals(store, site):
    with store.facts as db:
        return [Goal(**row) for row in db.query(
            "select id, site_id, name, kind, pattern from goals where site_id = ? order by id", [site.id])]


def bare_host(text):
    """The host of a domain or address as typed: lower case, no scheme, no www. Raises BadSite.

    >>> bare_host("https://www.Shop.co.il/cart")
    'shop.co.il'
    """
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].removeprefix("www.")
    if not re.fullmatch(r"[^\s.:/@]+(\.[^\s.:/@]+)*(:\d{1,5})?", host):
        raise BadSite("domain", f"{text!r} is not a host name; write one like shop.co.il")
    return host


def _site(row):
    off = frozenset(filter(None, row.pop("exclusions_off").split(",")))
    return Site(**row, exclusions_off=off)
