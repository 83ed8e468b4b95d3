"""Saved funnels, and the one that is found by itself: from GA4's e-commerce events, or from the form that most complete."""

import json
import re
from dataclasses import dataclass

from collector.fields import BadField, N_
from journeys import steps as steps_of
from journeys.funnel_plan import plan

ORDERS = ("open", "strict")
ECOMMERCE = ("view_item", "add_to_cart", "begin_checkout", "purchase")  # GA4's names, in the order of buying
FOUND = "found"  # key of the one that nobody saved
FOUND_NAME = N_("Checkout")
MOST = 40
LONGEST_NAME = 80


class BadFunnel(BadField):
    """A field of a saved funnel is wrong."""


@dataclass(frozen=True)
class Funnel:
    key: str
    name: str  # of the found one: a msgid
    steps: tuple  # as written
    order: str = "open"
    window: str = steps_of.SESSION
    version: int = 1

    @property
    def is_found(self):
        return self.key == FOUND


def of(store, site):
    """The site's saved Funnels by name; where there is none, the found one, if any."""
    saved = [_funnel(row) for row in store.ask("journeys/funnels", site=site.id)]
    return saved or [each for each in [found(store, site)] if each]


def by_key(store, site, key):
    """A saved Funnel, or the found one by the key `found`, or None."""
    if key == FOUND:
        return found(store, site)
    return next((_funnel(row) for row in store.ask("journeys/funnels", site=site.id) if row.key == key), None)


def found(store, site):
    """The way to an order that the site's events speak of, else the way through its form, or None."""
    events = {row.name for row in store.ask("journeys/funnel_ecommerce", site=site.id, names=json.dumps(ECOMMERCE))}
    steps = tuple(f"event:{name}" for name in ECOMMERCE if name in events)
    if len(steps) >= steps_of.FEWEST:
        return Funnel(FOUND, FOUND_NAME, steps)
    for form in store.ask("journeys/funnel_form", site=site.id):
        return Funnel(FOUND, FOUND_NAME, tuple(f"form:{form.form}:{part}" for part in ("seen", "start", "submit", "complete")))
    return None


def save(store, site, name, steps, order="open", window=steps_of.SESSION, key="", version=None):
    """Adds a funnel, or changes the one with that key, if it still has that `version`; gives its key. Raises BadFunnel or BadOption."""
    name, texts = _good_name(name), tuple(text.strip() for text in steps if text.strip())
    if order not in ORDERS:
        raise BadFunnel("order", N_("is %(typed)s; write one of %(choices)s"), typed=order[:40], choices=", ".join(ORDERS))
    steps_of.window(window)
    read = steps_of.read(texts)
    plan(store, site, read, order == "strict")
    refuse_unknown_forms(store, site, read)
    definition = json.dumps({"steps": [step.text for step in read], "order": order, "window": window}, ensure_ascii=False)
    with store.facts as db:
        versions = {row["key"]: row["version"] for row in db.query("select key, version from funnels where site_id = ?", [site.id])}
        if key:
            if version not in (None, versions.get(key)):
                raise BadFunnel("steps", N_("were changed by somebody else meanwhile; open the funnel anew"))
            db.execute("update funnels set name = ?, definition = ?, version = version + 1 where site_id = ? and key = ?",
                       [name, definition, site.id, key])
            return key
        if len(versions) >= MOST:
            raise BadFunnel("name", N_("is one too many; %(most)s funnels are the most, delete one first"), most=MOST)
        key = _new_key(name, versions.keys())
        db["funnels"].insert({"site_id": site.id, "key": key, "name": name, "definition": definition})
    return key


def remove(store, site, key):
    """Whether there was such a funnel."""
    with store.facts as db:
        return db.execute("delete from funnels where site_id = ? and key = ?", [site.id, key]).rowcount > 0


def refuse_unknown_forms(store, site, steps):
    """A form that was never seen is a slip of the pen, and not a form that nobody fills in. Raises BadFunnel."""
    wanted = [step for step in steps if step.kind == "form"]
    known = [row.form for row in store.ask("journeys/funnel_forms", site=site.id)] if wanted else []
    for step in wanted:
        if step.value not in known:
            raise BadFunnel("steps", N_("has the form %(typed)s, which was never seen here; there are %(known)s") if known else
                            N_("has the form %(typed)s, and no form was seen here yet; open a page with one first"),
                            typed=step.value[:60], known=", ".join(known[:12]))


def _good_name(text):
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadFunnel("name", N_("is empty or longer than %(most)s characters; write what the way leads to, such as Checkout"), most=LONGEST_NAME)
    return name


def _new_key(name, taken):
    """A key from the name's Latin letters, else funnel; with a number where it is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:32] or "funnel"
    taken = taken | {FOUND, "new"}
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, MOST + 3))) if key not in taken)


def _funnel(row):
    definition = json.loads(row.definition)
    return Funnel(row.key, row.name, tuple(definition["steps"]), definition["order"], definition["window"], row.version)
