"""Pain points that people took on: status, owner, notes, and the release or experiment that should mend them.

*Fixed* is not for people to say alone: mended.py compares before and after the
release, and what does not exclude zero is refused with the reason.
"""

import re
import time
from dataclasses import dataclass
from datetime import date

from collector import period as periods
from collector import points
from collector.fields import BadField, N_
from collector.filters import NONE
from journeys import pain
from journeys.mended import before_after

STATUSES = {"open": N_("Not begun yet"), "doing": N_("Being mended"), "fixed": N_("Fixed"), "dismissed": N_("Dismissed")}
REFUSED = {  # why something is not fixed yet, by the reason of mended.Change
    "early": N_("cannot be fixed: there is no whole day since the release yet, or none before it"),
    "few": N_("cannot be fixed: not enough data; of the sessions read, thirty must have come to the place before the release, and thirty since"),
    "same": N_("cannot be fixed: before and after the release cannot be told apart; the interval of the difference has zero in it"),
    "more": N_("cannot be fixed: more people meet it since the release than before"),
    "worse": N_("cannot be fixed: fewer people meet it since the release, but fewer convert at that place too"),
}
CHANGES = ("title", "status", "owner", "released_on", "experiment")
EVERYTHING = {"list": ["tested"], "limit": ["100000"]}  # of the report: any row of it may be taken on
LOOKED_BACK = (28, 21, 14, 7, 3, 1)  # days in which what is fixed is looked for again: so few spans serve all points
LONGEST = {"title": 200, "owner": 100, "experiment": 100, "text": 4000}


class BadPoint(BadField):
    """A field of a pain point is wrong."""


@dataclass(frozen=True)
class Point:
    id: int
    key: str
    kind: str  # a key of pain.KINDS
    page: str
    what: str
    label: str
    form: str
    title: str
    status: str  # a key of STATUSES
    owner: str
    released_on: str  # a date, "" before
    experiment: str  # key of one, "" without
    created_at: int
    created_by: str
    notes: int
    version: int


def of(store, site):
    """All Points of a site, the newest first."""
    return [Point(*row) for row in store.ask("journeys/pain_points", site=site.id, point=None)]


def by_id(store, site, number):
    """The Point with that id, or None."""
    return next((Point(*row) for row in store.ask("journeys/pain_points", site=site.id, point=number)), None)


def notes(store, point):
    """Its notes, first to last: rows of at, who, text."""
    return store.ask("journeys/pain_notes", point=point.id)


def finding(report, key):
    """The row of a pain report with that key. Raises BadPoint."""
    found = next((row for row in report.rows if row.key == key), None)
    if found is None:
        raise BadPoint("key", N_("%(typed)s is not among what was looked at in these days; the report pain lists the keys"), typed=key[:40] or "-")
    return found


def came_back(store, site, point, now=None):
    """Whether a Point is fixed and found again in the last whole days since its release: today would make what is kept of them stale with
    every session."""
    if point.status != "fixed":
        return False
    last = periods.day_of(now or _now(), site.zone) - 1
    days = next((days for days in LOOKED_BACK if days <= last - released(point.released_on).toordinal() + periods.EPOCH), None)
    if days is None:
        return False
    since = periods.of_dates(periods.date_of(last - days + 1), periods.date_of(last), site.zone)
    return any(row.key == point.key and row.verdict in (pain.FOUND, pain.MERGED) for row in pain.judged(store, site, since, NONE))


def named(point):
    """What it is, in English where nobody gave it a name."""
    return point.title or f"{pain.KINDS[point.kind]}: {point.label or point.what} on {point.page}"


def take(store, site, row, who):
    """Takes a Row of the pain report on, or finds it again when it was taken on before: its id."""
    with store.facts as db:
        found = next(db.query("select id from pain_points where site_id = ? and key = ?", [site.id, row.key]), None)
        if found:
            return found["id"]
        return db["pain_points"].insert({
            "site_id": site.id, "key": row.key, "kind": row.sort, "page": row.page, "what": row.what, "label": row.label, "form": row.form,
            "title": "", "status": "open", "owner": "", "released_on": "", "experiment": "", "created_at": _now(), "created_by": who}).last_pk


def change(store, site, point, who, now=None, **typed):
    """Changes title, status, owner, released_on or experiment of a Point as it was in its version.

    Raises BadPoint: when it was changed meanwhile, and of "fixed", unless before and after say so.
    """
    wanted = {name: typed.get(name, getattr(point, name)).strip() for name in CHANGES}
    for name in ("title", "owner", "experiment"):
        _short(name, wanted[name])
    known = [row.key for row in store.ask("journeys/experiment_keys", site=site.id)]
    if wanted["experiment"] not in ("", point.experiment, *known):
        raise BadPoint("experiment", N_("%(typed)s is no experiment of this site; write one of %(choices)s"), typed=wanted["experiment"],
                       choices=", ".join(known) or "-")
    if wanted["status"] not in STATUSES:
        raise BadPoint("status", N_("is %(typed)s; write one of %(choices)s"), typed=wanted["status"][:40] or "-", choices=", ".join(STATUSES))
    if wanted["released_on"]:
        wanted["released_on"] = str(released(wanted["released_on"]))
    if wanted["status"] == "fixed" and (point.status != "fixed" or wanted["released_on"] != point.released_on):
        _prove(store, site, point, wanted["released_on"], now or _now())
    values = ", ".join(f"{name} = :{name}" for name in wanted)
    with store.facts as db:
        if not db.execute(f"update pain_points set {values}, version = version + 1 where id = :id and version = :version",
                          wanted | {"id": point.id, "version": point.version}).rowcount:
            raise BadPoint("version", N_("is not the latest: somebody else changed it meanwhile. Nothing was saved; look at it again first"))
    if wanted["status"] != point.status:
        _write(store, point, who, f"{point.status} → {wanted['status']}")
    if wanted["experiment"] != point.experiment:
        _write(store, point, who, points.note_of(wanted["experiment"]))


def note(store, point, who, text):
    """Writes a note down. Raises BadPoint."""
    text = text.strip()
    _short("text", text)
    if not text:
        raise BadPoint("text", N_("is missing; say what you saw"))
    _write(store, point, who, text)


def released(text):
    """A date as typed. Raises BadPoint.

    >>> str(released("2026-03-31"))
    '2026-03-31'
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadPoint("released_on", N_("%(typed)s is no date; write one like 2026-12-31"), typed=text[:40])


def _prove(store, site, point, released_on, now):
    if not released_on:
        raise BadPoint("released_on", N_("is missing; fixed means that something was released, and that before and after differ"))
    reason = before_after(store, site, point, released(released_on), now).reason
    if reason != "fixed":
        raise BadPoint("status", REFUSED[reason])


def _short(name, text):
    if len(text) > LONGEST[name] or "\0" in text:
        raise BadPoint(name, N_("is longer than %(most)s characters or has a zero byte"), most=LONGEST[name])


def _write(store, point, who, text):
    with store.facts as db:
        db["pain_notes"].insert({"point_id": point.id, "at": _now(), "who": who, "text": text})


def _now():
    return int(time.time() * 1000)
