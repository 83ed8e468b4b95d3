"""Which experiment tests a remedy of a pain point: written down at the point by whichever page, program or command makes or deletes one.

The backlog is kept by journeys/backlog.py, experiments by experiments/register.py,
and neither room may import the other.
"""

import time

from collector.fields import BadField, N_

EXPERIMENT = "experiment"  # begins the note of another one


class NoPoint(BadField):
    """There is no such point in the backlog."""


def read(store, site, text):
    """The number of a point in the backlog as typed; None of "". Raises NoPoint."""
    if not text:
        return None
    known = [row.id for row in store.ask("collector/points", site=site.id)]
    number = int(text) if text.isdecimal() and len(text) < 19 else 0
    if number not in known:
        raise NoPoint("point", N_("%(typed)s is no point of the backlog; write the number of one: %(choices)s"), typed=text[:40],
                      choices=", ".join(map(str, known)) or "-")
    return number


def named(store, site, number, experiment, who):
    """The experiment with that key tests a remedy of the point."""
    with store.facts as db:
        _write(db, db.query("select id from pain_points where site_id = ? and id = ? and experiment <> ?", [site.id, number, experiment]), experiment, who)


def freed(db, site, experiment, who):
    """The experiment is gone: no point of the site names it any more."""
    _write(db, db.query("select id from pain_points where site_id = ? and experiment = ?", [site.id, experiment]), "", who)


def note_of(experiment):
    """What a note says when a point names that experiment, "" for none any more."""
    return f"{EXPERIMENT} → {experiment or '–'}"


def _write(db, points, experiment, who):
    for point in list(points):
        db.execute("update pain_points set experiment = ?, version = version + 1 where id = ?", [experiment, point["id"]])
        db["pain_notes"].insert({"point_id": point["id"], "at": int(time.time() * 1000), "who": who, "text": note_of(experiment)})
