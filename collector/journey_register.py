"""The journeys of a site in the store: their definition, version, history, and whether the owner has confirmed them.

Whoever changes says which `version` they saw; when it is not the latest any
more, nothing is saved. What sessions did by the rules is the loader's: walks.py.
Plain SQL, because the loader guesses journeys too and does without sqlite_utils.
"""

import functools
import json
import time
from dataclasses import dataclass
from types import SimpleNamespace

from collector import removal, stages
from collector.fields import N_, Names
from collector.stages import BadJourney, Journey, Stale
from collector.storage.changes import Changes
from collector.uses import USED

GUESSED = "guess"  # who changed it, when it was the program


@dataclass(frozen=True)
class Record:
    id: int
    site_id: int
    journey: Journey
    version: int
    last_number: int
    created_at: int
    changed_at: int
    confirmed_at: int | None  # None: guessed, and nobody has said yet that it is right

    @property
    def key(self):
        return self.journey.key


def all_of(store, site):
    """Records of a site, the first made first: reports show that one when none is named."""
    return [_record(row) for row in store.ask("collector/journeys", site=site.id, key=None)]


def prefixed(store, site):
    """(what stands before keys of a journey in filters, its Record) of each journey of a site: nothing for the first one, else its own key."""
    return [(f"{record.key}/" if at else "", record) for at, record in enumerate(all_of(store, site))]


def by_key(store, site, key=""):
    """The Record with that key, of "" the first; None when there is none."""
    rows = store.ask("collector/journeys", site=site.id, key=key or None)
    return _record(rows[0]) if rows else None


def add(store, site, mapping, who, confirmed=True, now=None):
    """Adds a journey and gives its Record. Raises BadJourney."""
    now, journey = now or _now(), stages.read(mapping)
    with store.transaction() as db:
        _not_taken(db, site, journey.key)
        made = db.execute(
            "insert into journeys (site_id, key, definition, version, last_number, created_at, changed_at, confirmed_at) "
            "values (?, ?, ?, 1, ?, ?, ?, ?)", [site.id, journey.key, _json(journey), journey.last_number, now, now,
                                                now if confirmed else None]).lastrowid
        _note(db, made, now, who, 1, journey)
    return by_key(store, site, journey.key)


def change(store, site, key, mapping, version, who, confirm=True, now=None):
    """Changes a journey and gives its new Record; what the owner changed is confirmed. Raises BadJourney, Stale.

    `version` None changes whatever is there. What was counted by the former rules is counted anew by the loader.
    """
    now = now or _now()
    with store.transaction() as db:
        record = _found(db, site, key, version)
        journey = stages.read(mapping, record.journey, record.last_number)
        if journey.key != record.key:
            _not_taken(db, site, journey.key)
        if confirm:
            _refuse_used(store, db, site, record, journey, "stages")
        confirmed_at = record.confirmed_at or (now if confirm else None)
        if journey == record.journey and confirmed_at == record.confirmed_at:
            return record
        db.execute("update journeys set key = ?, definition = ?, version = version + 1, last_number = max(last_number, ?), changed_at = ?, "
                   "confirmed_at = ? where id = ?",
                   [journey.key, _json(journey), journey.last_number, now, confirmed_at, record.id])
        _note(db, record.id, now, who, record.version + 1, journey)
    return by_key(store, site, journey.key)


def remove(store, site, key):
    """Deletes a journey with all that was counted by it; the last one of a site stays, and one that a map shows. Raises BadJourney."""
    with store.transaction() as db:
        record = _found(db, site, key)
        if db.execute("select count(*) from journeys where site_id = ?", [site.id]).fetchone()[0] == 1:
            raise BadJourney("key", N_("is the only journey of this site; change it instead"))
        for name, in db.execute("select name from maps where site_id = ? and journey = ? order by id limit 1", [site.id, key]):
            raise BadJourney("key", N_("is shown by the map %(name)s; delete that map first"), name=name)
        following = next((other.journey for other in all_of(store, site) if other.id != record.id), None)
        _refuse_used(store, db, site, record, following, "key")
        db.execute("delete from journeys where id = ?", [record.id])
    removal.purge_walks(store)


def wish(store, record):
    """Asks the loader to apply the rules to the past without rests."""
    store.write(Changes({"walk_wishes": [(record.id, _now())]}), None)


def _found(db, site, key, version=None):
    row = _row(db, site, key)
    if not row:
        raise BadJourney("key", N_("%(typed)s is no journey of this site"), typed=str(key)[:60])
    if version is not None and row.version != version:
        who, = db.execute("select who from journey_history where journey_id = ? order by id desc limit 1", [row.id]).fetchone()
        raise Stale("version", N_("is %(seen)s, and now it is %(version)s: %(who)s changed it meanwhile. Nothing was saved; "
                                  "look at it again first"), seen=version, version=row.version, who=who)
    return _record(row)


def _refuse_used(store, db, site, record, journey, field):
    """Funnels have stages of a site's first journey for steps: the one that stands in its place keeps those."""
    first, = db.execute("select min(id) from journeys where site_id = ?", [site.id]).fetchone()
    gone = [stage.key for stage in record.journey.stages if stage.key not in {other.key for other in journey.stages}] if record.id == first else []
    used = store.ask("collector/stage_uses", site=site.id, stages=json.dumps(gone)) if gone else []
    if used:
        raise BadJourney(field, USED, name=f"stage:{used[0].stage}", users=Names(use.name for use in used if use.stage == used[0].stage))


def _not_taken(db, site, key):
    if _row(db, site, key):
        raise BadJourney("key", N_("%(typed)s is another journey of this site; choose another key"), typed=key)


def _row(db, site, key):
    found = db.execute("select id, site_id, key, definition, version, last_number, created_at, changed_at, confirmed_at from journeys "
                       "where site_id = ? and key = ?", [site.id, key])
    names = [column[0] for column in found.description]
    return next((SimpleNamespace(**dict(zip(names, row))) for row in found), None)


def _record(row):
    return Record(row.id, row.site_id, read(row.definition), row.version, row.last_number, row.created_at, row.changed_at, row.confirmed_at)


@functools.lru_cache(maxsize=256)
def read(definition):
    """The Journey of a stored definition: every report on it asks, and the text is the same for long. Raises ValueError or BadJourney."""
    return stages.read(json.loads(definition))


def _note(db, journey_id, at, who, version, journey):
    db.execute("insert into journey_history (journey_id, at, who, version, definition) values (?, ?, ?, ?, ?)",
               [journey_id, at, who, version, _json(journey)])


def _json(journey):
    return json.dumps(stages.as_dict(journey), ensure_ascii=False)


def _now():
    return int(time.time() * 1000)
