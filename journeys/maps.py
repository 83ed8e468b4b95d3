"""The maps of a site: of everybody or of a segment, as it is or as it should be; and the versions that were kept of them.

A site has a map before anybody wrote on it. Its row is made when something is
to be kept; until then it is what main() says.
"""

import json
import re
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlencode

from collector import filters as narrowing
from collector import journey_register, segments
from collector.fields import BadField, N_

MAIN = "main"
OUR_NAME = N_("Journey map")  # of the map that we made, translated where it is shown
KINDS = {"as is": N_("As it is"), "to be": N_("As it should be")}
DAY = 86_400_000
STALE = 90 * DAY
LONGEST = 100
MOST = 30  # maps of a site


class BadMap(BadField):
    """A field of a map is wrong."""


@dataclass(frozen=True)
class Map:
    id: int | None  # None before anything was kept of it
    site_id: int
    key: str
    name: str
    journey: str  # the key of a journey of the site, "" its first
    segment: str  # filters as they stand in an address, "" for everybody
    kind: str  # one of KINDS
    base: str  # the key of the map it is the wish of; "" for a map as it is
    created_at: int
    looked_at: int  # when somebody last said, or showed by writing, that it is right
    version: int
    named: tuple = ()  # the site's segments, as filters know them

    @property
    def filters(self):
        """The sessions this map is about."""
        return narrowing.parse(parse_qsl(self.segment), self.named)

    def is_stale(self, now):
        """Not looked at for ninety days."""
        return now - self.looked_at > STALE


@dataclass(frozen=True)
class Kept:
    """One kept version of a map."""

    number: int
    at: int
    who: str
    name: str  # what it was kept for
    snapshot: dict | None = None  # as boards.as_dict() gives it; None in a list


def all_of(store, site):
    """Maps of a site, the main one first."""
    named = segments.named(store, site)
    found = [Map(*row, named=named) for row in store.ask("journeys/maps", site=site.id)]
    return found if any(each.key == MAIN for each in found) else [main(site), *found]


def by_key(store, site, key):
    """The Map with that key, or None."""
    return next((each for each in all_of(store, site) if each.key == key), None)


def main(site):
    """The map of a site that nobody has written on yet."""
    return Map(None, site.id, MAIN, OUR_NAME, "", "", "as is", "", site.created_at, site.created_at, 0)


def add(store, site, name, kind="as is", base="", segment="", journey="", now=None):
    """Adds a map and gives it. `segment` is filters as an address has them; a wish shows the journey of its base. Raises BadMap, BadFilter."""
    now = now or _now()
    if len(all_of(store, site)) >= MOST:
        raise BadMap("name", N_("is one map too many; a site has %(most)s at most"), most=MOST)
    row = {"name": _name(name), "kind": _kind(kind), "segment": _segment(store, site, segment)}
    origin = by_key(store, site, base) if kind == "to be" else None
    if kind == "to be" and origin is None:
        raise BadMap("base", N_("is missing; choose the map as it is that this one should become of"))
    with store.facts as db:
        base_id = made(db, origin) if origin else None
        key = _free_key(db, site, row["name"])
        db["maps"].insert({"site_id": site.id, "key": key, **row, "journey": origin.journey if origin else _journey(store, site, journey),
                           "base_id": base_id, "created_at": now, "looked_at": now, "version": 1})
    return by_key(store, site, key)


def change(store, site, map_, version, name, segment="", now=None):
    """Changes name and segment of a map, as it was in `version`; gives the new Map. Raises BadMap, BadFilter."""
    if version != map_.version:
        raise BadMap("version", N_("is %(seen)s, and now it is %(version)s: somebody else changed the map. Nothing was "
                                   "saved; look at it again first"), seen=version, version=map_.version)
    row = {"name": _name(name), "segment": _segment(store, site, segment), "version": map_.version + 1, "looked_at": now or _now()}
    with store.facts as db:
        db["maps"].update(made(db, map_), row)
    return by_key(store, site, map_.key)


def remove(store, map_):
    """Deletes a map with its notes and versions. Raises BadMap for the main one."""
    if map_.key == MAIN:
        raise BadMap("key", N_("is the site's main map, which stays"))
    with store.facts as db:
        db["maps"].delete(map_.id)


def look_over(store, map_, now=None):
    """Writes down that somebody looked at the map and found it right."""
    with store.facts as db:
        looked(db, made(db, map_), now or _now())


def keep(store, map_, who, name, snapshot, now=None):
    """Keeps a version of the map for good, and gives its number. Raises BadMap."""
    now, name = now or _now(), _name(name)
    with store.facts as db:
        map_id = made(db, map_)
        number = db.execute("select count(*) + 1 from map_versions where map_id = ?", [map_id]).fetchone()[0]
        db["map_versions"].insert({"map_id": map_id, "number": number, "at": now, "who": who, "name": name,
                                   "snapshot": json.dumps(snapshot, ensure_ascii=False)})
        looked(db, map_id, now)
    return number


def kept(store, map_):
    """Versions of a map, latest first."""
    return [Kept(*row) for row in store.ask("journeys/map_versions", map=map_.id)]


def kept_one(store, map_, number):
    """One Kept version with its snapshot, or None."""
    rows = store.ask("journeys/map_version", map=map_.id, number=number)
    return Kept(*rows[0][:4], json.loads(rows[0].snapshot)) if rows else None


def made(db, map_):
    """The id of a map's row, made if there is none yet. Takes the Database of store.facts."""
    if map_.id is not None:
        return map_.id
    db.execute("insert into maps (site_id, key, name, journey, segment, kind, created_at, looked_at, version) "
               "values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
               [map_.site_id, map_.key, map_.name, map_.journey, map_.segment, map_.kind, map_.created_at,
                map_.looked_at, map_.version])
    return db.execute("select id from maps where site_id = ? and key = ?", [map_.site_id, map_.key]).fetchone()[0]


def looked(db, map_id, now):
    db.execute("update maps set looked_at = max(looked_at, ?) where id = ?", [now, map_id])


def _name(text):
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST:
        raise BadMap("name", N_("is missing or longer than %(most)s characters; write what you call it, such as Telephones"),
                     most=LONGEST)
    return name


def _kind(kind):
    if kind not in KINDS:
        raise BadMap("kind", N_("%(typed)s is unknown; write one of %(choices)s"), typed=kind or "-", choices=", ".join(KINDS))
    return kind


def _journey(store, site, key):
    known = [record.key for record in journey_register.all_of(store, site)]
    if key and key not in known:
        raise BadMap("journey", N_("%(typed)s is unknown; write one of %(choices)s"), typed=key[:40], choices=", ".join(known) or "-")
    return key if known and key != known[0] else ""


def _segment(store, site, text):
    """Filters as typed or copied from an address, read and written anew. Raises BadFilter, and BadMap for what is no pair."""
    text = text.strip().removeprefix("?")
    pairs = parse_qs(text, keep_blank_values=True)
    if text and (not pairs or any("" in values for values in pairs.values())):
        raise BadMap("segment", N_("%(typed)s cannot be read; write filters as an address has them, such as "
                                   "device=mobile&source=google"), typed=text[:60])
    return urlencode(narrowing.keepable(segments.parse(store, site, pairs)).query(), doseq=True)


def _free_key(db, site, name):
    """A key of Latin letters from the name, that no map of the site has."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "map"
    taken = {row["key"] for row in db.query("select key from maps where site_id = ?", [site.id])} | {MAIN, "new", "compare"}
    return next(key for number in range(1, MOST + 5) if (key := stem if number == 1 else f"{stem}-{number}") not in taken)


def _now():
    return int(time.time() * 1000)
