"""Personas in the store: what people wrote of a kind of visitor, bound to the segment whose numbers stand beside it."""

import json
import time
from dataclasses import dataclass

from collector import segments
from collector.fields import BadField, N_

# part of a profile: (what it is called, what to write there)
PARTS = {
    "age": (N_("Age"), N_("From, to.")),
    "sex": (N_("Sex"), ""),
    "place": (N_("Place"), N_("Where they live, and where they are when they visit.")),
    "role": (N_("Role and authority"), N_("What they do, and whether they decide alone.")),
    "worries": (N_("Worries"), N_("What keeps them from buying.")),
    "goals": (N_("Goals"), N_("What they want to be done with.")),
    "habits": (N_("Digital habits"), N_("Devices, networks, times of day.")),
    "decides": (N_("How they decide"), N_("What they compare, whom they ask, how long it takes.")),
}
LONGEST, MOST = 2000, 20


class BadPersona(BadField):
    """A field of a persona is wrong."""


class StalePersona(BadPersona):
    """Somebody else changed it meanwhile."""

    status = 409


@dataclass(frozen=True)
class Persona:
    id: int
    name: str
    segment: str  # key
    profile: dict  # part: text, of PARTS
    version: int
    changed_at: int
    changed_by: str


def of(store, site):
    """Every Persona of a site, by name."""
    return [Persona(row.id, row.name, row.segment, json.loads(row.profile), row.version, row.changed_at, row.changed_by)
            for row in store.ask("journeys/personas", site=site.id)]


def by_id(store, site, number):
    """The Persona with that number, or None."""
    return next((each for each in of(store, site) if each.id == number), None)


def add(store, site, name, segment, profile, who):
    """Adds a persona. Raises BadPersona with all that is wrong."""
    row = _checked(store, site, name, segment, profile)
    with store.facts as db:
        if db.execute("select count(*) from personas where site_id = ?", [site.id]).fetchone()[0] >= MOST:
            raise BadPersona("name", N_("is one persona too many; a site has at most %(most)s"), most=MOST)
        db["personas"].insert(row | {"site_id": site.id, "version": 1, "changed_at": int(time.time() * 1000), "changed_by": who})


def change(store, site, number, name, segment, profile, who, version):
    """Writes a persona anew. Raises BadPersona, and StalePersona when `version` is not the latest."""
    row = _checked(store, site, name, segment, profile)
    with store.facts as db:
        before = next(db.query("select version, changed_by from personas where id = ? and site_id = ?", [number, site.id]), None)
        if before is None or before["version"] != version:
            raise StalePersona("version", N_("is not the latest: %(who)s changed it meanwhile. Nothing was saved; open it again first"),
                               who=before["changed_by"] if before else "-")
        db["personas"].update(number, row | {"version": version + 1, "changed_at": int(time.time() * 1000), "changed_by": who})


def remove(store, site, number):
    """Removes a persona; the Persona it was, or None."""
    gone = by_id(store, site, number)
    with store.facts as db:
        db.execute("delete from personas where id = ? and site_id = ?", [number, site.id])
    return gone


def _checked(store, site, name, segment, profile):
    name, errors = " ".join(name.split()), []
    if not 1 <= len(name) <= 60:
        errors.append(BadPersona("name", N_("is empty or longer than 60 characters; write what you call them")))
    if segments.by_key(store, site, segment) is None:
        errors.append(BadPersona("segment", N_("is not chosen or was removed; save filters as a segment first")))
    texts = {part: profile.get(part, "").strip() for part in PARTS}
    errors += [BadPersona(part, N_("is longer than %(longest)s characters"), longest=LONGEST)
               for part, text in texts.items() if len(text) > LONGEST]
    if errors:
        errors[0].errors = errors
        raise errors[0]
    return {"name": name, "segment": segment, "profile": json.dumps({part: text for part, text in texts.items() if text}, ensure_ascii=False)}
