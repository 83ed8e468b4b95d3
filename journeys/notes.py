"""What people write on a map: what customers do, think, feel, ask, what stops them and what could help.

A note stands in one stage and one lane. Whoever changes it adds a version; the
former ones stay, with who wrote them and when. What a note rests on is its
evidence, and decides what it is called (docs/glossary.md): measured, reported or assumed.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from collector.fields import BadField, N_
from journeys import maps

LANES = {"do": N_("What they do"), "think": N_("What they think"), "feel": N_("What they feel"),
         "ask": N_("What they ask"), "stop": N_("What stops them"), "help": N_("What could help")}
FEELINGS = {2: N_("Delighted"), 1: N_("Pleased"), 0: N_("Neither"), -1: N_("Annoyed"), -2: N_("Angry")}
EVIDENCE = {"": N_("Nothing yet: we assume it"), "report": N_("A report of these pages"), "session": N_("One session"),
            "answer": N_("What somebody answered or said"), "file": N_("A file: an interview, a survey, a study")}
# one report is a measurement with its n; one session and what was said are what somebody reported
BASIS = {"": "assumed", "report": "measured", "session": "reported", "answer": "reported", "file": "reported"}
LONGEST = 500


class BadNote(BadField):
    """A field of a note is wrong."""


@dataclass(frozen=True)
class Note:
    id: int
    stage: str  # the key of a stage
    lane: str  # one of LANES
    version: int
    at: int
    who: str
    text: str
    feeling: int | None  # -2 to 2, in the lane "feel" only
    evidence_kind: str  # one of EVIDENCE
    evidence: str  # an address, or words that say where it is found
    gone: int = 0  # 1 in the version that took it from the map

    @property
    def basis(self):
        """"measured", "reported" or "assumed"."""
        return BASIS[self.evidence_kind]


@dataclass(frozen=True)
class Written:
    """What was written in the form of a note, good to keep."""

    text: str
    feeling: int | None
    evidence_kind: str
    evidence: str


def of(store, map_):
    """Notes that stand on a map, in the order they were written."""
    return [Note(*row) for row in store.ask("journeys/map_notes", map=map_.id)]


def versions(store, map_, note_id):
    """Every version of a note of the map, latest first; empty when there is no such note."""
    return [Note(*row) for row in store.ask("journeys/map_note_versions", map=map_.id, note=note_id)]


def read(site, lane, typed):
    """The Written of a form: text, feeling, evidence_kind, evidence as typed. Raises BadNote."""
    text, feeling = typed.get("text", "").strip(), typed.get("feeling", "").strip()
    if lane not in LANES:
        raise BadNote("lane", N_("%(typed)s is unknown; write one of %(choices)s"), typed=lane or "-", choices=", ".join(LANES))
    if len(text) > LONGEST:
        raise BadNote("text", N_("is longer than %(most)s characters; write several notes"), most=LONGEST)
    if not text and lane != "feel":
        raise BadNote("text", N_("is missing; write it in a sentence"))
    kind, evidence = typed.get("evidence_kind", ""), typed.get("evidence", "").strip()
    return Written(text, _feeling(lane, feeling), *_evidence(site, kind, evidence))


def add(store, map_, stage, lane, written, who, now=None):
    """Writes a note on a map, and gives its id."""
    now = now or _now()
    with store.facts as db:
        map_id = maps.made(db, map_)
        note_id = db["map_notes"].insert({"map_id": map_id, "stage": stage, "lane": lane}).last_pk
        _add_version(db, note_id, 1, written, who, now)
        maps.looked(db, map_id, now)
    return note_id


def change(store, map_, note, written, who, now=None):
    """Adds a version to a note; the former one stays readable."""
    now = now or _now()
    if written == Written(note.text, note.feeling, note.evidence_kind, note.evidence):
        return
    with store.facts as db:
        _add_version(db, note.id, _next(db, note), written, who, now)
        maps.looked(db, map_.id, now)


def take_away(store, map_, note, who, now=None):
    """Takes a note from the map; its versions stay readable."""
    now = now or _now()
    written = Written(note.text, note.feeling, note.evidence_kind, note.evidence)
    with store.facts as db:
        _add_version(db, note.id, _next(db, note), written, who, now, gone=1)
        maps.looked(db, map_.id, now)


def followed(evidence):
    """The address of an evidence, where it is one that may be followed; else ""."""
    return evidence if evidence.startswith(("https://", "http://", "/sites/")) else ""


def feeling_of(notes):
    """The mean feeling of notes, -2 to 2, and how many it is of; None of none.

    >>> feeling_of([])
    (None, 0)
    """
    felt = [note.feeling for note in notes if note.feeling is not None]
    return (sum(felt) / len(felt) if felt else None), len(felt)


def _add_version(db, note_id, number, written, who, now, gone=0):
    db["map_note_versions"].insert({"note_id": note_id, "version": number, "at": now, "who": who, "text": written.text,
                                    "feeling": written.feeling, "evidence_kind": written.evidence_kind,
                                    "evidence": written.evidence, "gone": gone})


def _next(db, note):
    """The number of a note's next version. Raises BadNote when somebody else wrote since it was read."""
    last = db.execute("select max(version) from map_note_versions where note_id = ?", [note.id]).fetchone()[0]
    if last != note.version:
        raise BadNote("version", N_("is %(seen)s, and now it is %(version)s: somebody else changed the note. Nothing was "
                                    "saved; look at it again first"), seen=note.version, version=last)
    return last + 1


def _feeling(lane, text):
    if lane != "feel":
        if text:
            raise BadNote("feeling", N_("belongs to what they feel; leave it out here"))
        return None
    if text not in [str(each) for each in FEELINGS]:
        raise BadNote("feeling", N_("is missing; choose from -2, angry, to 2, delighted"))
    return int(text)


def _evidence(site, kind, evidence):
    if kind not in EVIDENCE:
        raise BadNote("evidence_kind", N_("%(typed)s is unknown; write one of %(choices)s"), typed=kind, choices=", ".join(filter(None, EVIDENCE)))
    if len(evidence) > LONGEST or "\0" in evidence:
        raise BadNote("evidence", N_("is longer than %(most)s characters or has a zero byte"), most=LONGEST)
    if kind and not evidence:
        raise BadNote("evidence", N_("is missing; write where it is found, such as an address or a file's name"))
    if evidence and not kind:
        raise BadNote("evidence_kind", N_("is missing; say what kind of evidence it is"))
    if kind in ("report", "session"):
        evidence = _within(site, evidence)
    return kind, evidence


def _within(site, address):
    """The address of a page about this site, without its host. Raises BadNote."""
    here = f"/sites/{site.key}/"
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if not parts.path.startswith(here) or "//" in parts.path:
        raise BadNote("evidence", N_("is no page of this site; copy the address of a report, which begins with %(here)s"), here=here)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _now():
    return int(time.time() * 1000)
