"""Sites and their goals: the small facts that everything about a visit hangs on."""

import re
import secrets
import time
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from collector import uses
from collector.fields import BadField, N_
from collector.removal import purge

OUR_GOALS = (N_("Purchase"),)  # names that we gave, and translate where they are shown
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
    now = int(time.time() * 1000)
    row = {"key": key or "".join(secrets.choice(ALPHABET) for _ in range(12)), "name": good_name(name),
           "domain": bare_host(domain), "timezone": good_timezone(timezone), "currency": good_currency(currency),
           "created_at": now}
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", row["key"]) or row["key"] == "new":
        raise BadSite("key", N_("%(typed)s cannot be a key; use up to 40 letters and digits"), typed=row["key"])
    with store.facts as db:
        if next(db.query("select 1 from sites where key = ?", [row["key"]]), None):
            raise BadSite("key", N_("%(typed)s is taken by another site"), typed=row["key"])
        site_id = db["sites"].insert(row).last_pk
        db["goals"].insert({"site_id": site_id, "name": OUR_GOALS[0], "kind": "event", "pattern": "purchase",
                            "created_at": now})
    return by_key(store, row["key"])


def change(store, site, **fields):
    """Changes name, domain, timezone, currency or exclusions_off of a site. Raises BadSite.

    Time zone and currency stand once the first event is in: what was counted was counted in them.
    """
    good = {"name": good_name, "domain": bare_host, "timezone": good_timezone, "currency": good_currency,
            "exclusions_off": lambda off: ",".join(sorted(off))}
    row = {name: good[name](value) for name, value in fields.items()}
    for name in ("timezone", "currency"):
        if site.first_event_at and row.get(name, getattr(site, name)) != getattr(site, name):
            raise BadSite(name, N_("stands once events have come in; add another site instead"))
    with store.facts as db:
        db["sites"].update(site.id, row)


def remove(store, site):
    """Deletes a site with everything collected for it: gone from the file too (secure_delete), and its keys overwritten."""
    with store.facts as db:
        db["sites"].delete(site.id)
    purge(store, site)


def goals(store, site):
    return [Goal(*row) for row in store.ask("collector/goals", site=site.id)]


def add_goal(store, site, name, kind, pattern):
    """Adds a goal: kind "event" with an event's name, or "page" with a path, * for anything. Raises BadSite."""
    pattern = pattern.strip()
    if kind not in ("event", "page"):
        raise BadSite("kind", N_("%(typed)s is unknown; write event or page"), typed=kind)
    if kind == "page" and not pattern.startswith("/"):
        raise BadSite("pattern", N_("does not start with a slash; write a path like /thank-you or /blog/*"))
    if not 1 <= len(pattern) <= 200:
        raise BadSite("pattern", N_("is empty or longer than 200 characters"))
    with store.facts as db:
        if next(db.query("select 1 from goals where site_id = ? and kind = ? and pattern = ?",
                         [site.id, kind, pattern]), None):
            raise BadSite("pattern", N_("%(typed)s is a goal already"), typed=pattern)
        db["goals"].insert({"site_id": site.id, "name": name.strip()[:100] or pattern, "kind": kind,
                            "pattern": pattern, "created_at": int(time.time() * 1000)})


def remove_goal(store, site, goal_id):
    """Removes a goal that nothing uses. Raises BadSite."""
    with store.facts as db:
        names = {goal.id: goal.name for goal in goals(store, site)}
        name = names.pop(goal_id, None)
        if name is not None and name not in names.values():  # another of that name stands in its place
            uses.refuse(store, site, "goal", name, BadSite, "goal")
        db.execute("delete from goals where id = ? and site_id = ?", [goal_id, site.id])


def timezones():
    """Names of time zones to choose from, in order."""
    return sorted(name for name in _all_timezones() if "/" in name and not name.startswith("Etc/")) + ["UTC"]


@cache
def _all_timezones():
    return available_timezones()  # looks through a thousand files


def good_name(text):
    name = " ".join(text.split())
    if not 1 <= len(name) <= 100:
        raise BadSite("name", N_("is empty or too long; write what you call the site, for example My shop"))
    return name


def good_timezone(name):
    if name not in _all_timezones():
        raise BadSite("timezone", N_("%(typed)s is unknown; write one like Asia/Jerusalem"), typed=name)
    return name


def good_currency(code):
    from babel.numbers import list_currencies  # not above: the loader does without it
    if code.upper() not in list_currencies():
        raise BadSite("currency", N_("%(typed)s is not a currency code; write three letters such as ILS"), typed=code)
    return code.upper()


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
