"""Segments: filters that a site keeps under a name, to be chosen as one filter, `segment=<key>`.

A segment is added and removed, never changed: what was said of it stays true of
it. It is made of plain filters only, so none can hold another.
"""

import json
import re
import time
from dataclasses import dataclass

from collector import filter_names
from collector import filters as narrowing
from collector.fields import BadField, N_, Names
from collector.filters import Filters, Named
from collector.uses import USED

MOST = 50  # of a site


class BadSegment(BadField):
    """A field of a segment is wrong."""


@dataclass(frozen=True)
class Segment:
    id: int
    site_id: int
    key: str
    name: str
    filters: Filters
    created_at: int
    made_by: str


def of(store, site):
    """Every Segment of a site, by name."""
    return [_segment(row) for row in store.ask("collector/segments", site=site.id)]


def by_key(store, site, key):
    """The Segment with that key, or None."""
    return next((each for each in of(store, site) if each.key == key), None)


def parse(store, site, args):
    """The Filters of an address, as filters.parse() reads them, with what its segments stand for, and nothing in them that the site does
    not have. Raises BadFilter.
    """
    return filter_names.check(store, site, narrowing.parse(args, named(store, site) if "segment" in args else ()))


def named(store, site):
    """The segments of a site as filters know them."""
    return tuple(Named(each.key, each.name, each.filters) for each in of(store, site))


def add(store, site, name, args, who, key=""):
    """Keeps the filters of `args` ({key: [values]}) under a name, and gives the Segment. Raises BadSegment, BadFilter.

    Without a key one is made of the name, or of a number where none can be, as from a name in Hebrew.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60:
        raise BadSegment("segment_name", N_("is empty or longer than 60 characters; write what you call these visitors"))
    if "segment" in args:
        raise BadSegment("filters", N_("hold a segment; a segment is made of other filters only"))
    chosen = parse(store, site, args)
    narrowing.keepable(chosen)
    if not chosen:
        raise BadSegment("filters", N_("are none; a segment needs at least one, such as device=mobile"))
    if key and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", key):
        raise BadSegment("key", N_("%(typed)s cannot be a key; use small letters, digits and hyphens, such as short-checkout"), typed=key)
    now = int(time.time() * 1000)
    with store.facts as db:
        rows = list(db.query("select key, name, filters from segments where site_id = ?", [site.id]))
        _check_new(rows, key, name, chosen)
        key = key or _free_key(name, {row["key"] for row in rows})
        db["segments"].insert({"site_id": site.id, "key": key, "name": name, "filters": json.dumps(chosen.query(), ensure_ascii=False),
                               "created_at": now, "made_by": who})
    return by_key(store, site, key)


def remove(store, site, key):
    """Removes a segment that nothing hangs on, and gives the Segment it was, or None. Raises BadSegment."""
    gone = by_key(store, site, key)
    with store.facts as db:
        used = store.ask("collector/segment_uses", site=site.id, segment=key)
        if used:
            raise BadSegment("segment", USED, name=gone.name if gone else key, users=Names(use.name for use in used))
        db.execute("delete from segments where site_id = ? and key = ?", [site.id, key])
    return gone


def _check_new(rows, key, name, chosen):
    if len(rows) >= MOST:
        raise BadSegment("segment_name", N_("is one segment too many; a site has at most %(most)s"), most=MOST)
    for row in rows:
        if row["key"] == key:
            raise BadSegment("key", N_("%(typed)s is used by another segment of this site; choose another"), typed=key)
        if row["name"].casefold() == name.casefold():
            raise BadSegment("segment_name", N_("%(typed)s is the name of another segment; choose another"), typed=name)
        if _read(row["filters"]) == chosen:
            raise BadSegment("filters", N_("are those of the segment %(name)s already"), name=row["name"])


def _free_key(name, taken):
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36].strip("-") or "segment"
    return next(key for key in (plain, *(f"{plain}-{number}" for number in range(2, MOST + 3))) if key not in taken)


def _segment(row):
    return Segment(row.id, row.site_id, row.key, row.name, _read(row.filters), row.created_at, row.made_by)


def _read(text):
    """The Filters that add() kept; nothing is checked again."""
    return Filters(tuple((key, value) for key, values in json.loads(text).items() for value in values))
