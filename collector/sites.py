"""Sites and their goals: the small facts that everything about a visit hangs on."""

import re
import secrets
import time
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from collector.fields import BadField, N_

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class BadSite(BadField):
    """A field of a site or goal is wrong."""


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
    return [_site(row) for row in store.ask("collector/sites")]


def by_key(store, key):
    """The site with that public key, or None."""
    return next((_site(row) for row in store.ask("collector/site", key=key)), None)


def add(store, name, domain, timezone="Asia/Jerusalem", currency="ILS", key=None):
    """Adds a site with `purchase` as its first goal and gives it back. Raises BadSite."""
    if not name.strip():
        raise BadSite("name", N_("is empty; write what you call the site, for example My shop"))
    if timezone not in available_timezones():
        raise BadSite("timezone", N_("%(typed)s is unknown; write one like Asia/Jerusalem"), typed=timezone)
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadSite("currency", N_("%(typed)s is not a currency code; write three letters such as ILS"),
                      typed=currency)
    now = int(time.time() * 1000)
    row = {"key": key or "".join(secrets.choice(ALPHABET) for _ in range(12)), "name": name.strip(),
           "domain": bare_host(domain), "timezone": timezone, "currency": currency, "created_at": now}
    with store.facts as db:
        if next(db.query("select 1 from sites where key = ?", [row["key"]]), None):
            raise BadSite("key", N_("%(typed)s is taken by another site"), typed=row["key"])
        site_id = db["sites"].insert(row).last_pk
        db["goals"].insert({"site_id": site_id, "name": "Purchase", "kind": "event", "pattern": "purchase",
                            "created_at": now})
    return by_key(store, row["key"])


def goals(store, site):
    return [Goal(*row) for row in store.ask("collector/goals", site=site.id)]


def bare_host(text):
    """The host of a domain or address as typed: lower case, no scheme, no www. Raises BadSite.

    >>> bare_host("https://www.Shop.co.il/cart")
    'shop.co.il'
    """
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].removeprefix("www.")
    if not re.fullmatch(r"[^\s.:/@]+(\.[^\s.:/@]+)*(:\d{1,5})?", host):
        raise BadSite("domain", N_("%(typed)s is not a host name; write one like shop.co.il"), typed=text)
    return host


def _site(row):
    return Site(**row._asdict() | {"exclusions_off": frozenset(filter(None, row.exclusions_off.split(",")))})
