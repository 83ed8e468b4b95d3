"""The pages of maps: a site's map, which is its first page; its other maps; notes, kept versions, and the canvas for a workshop."""

import time
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, current
from collector.current import needs, store
from collector.fields import BadField
from collector.frame import address_with
from collector.locale import said
from journeys import boards, map_forms, map_page, maps, notes
from journeys import map as map_report
from journeys.about import nothing
from journeys.bar import arguments, wished
from journeys.reports import asked

NOTE = ("stage", "lane", "text", "feeling", "evidence_kind", "evidence")
MAP = ("name", "kind", "base", "segment", "journey")

blueprint = Blueprint("maps", __name__, url_prefix="/sites/<key>")


@blueprint.get("/")
def home(key):
    """The main map: what a site shows first."""
    return _shown(maps.MAIN)


@blueprint.get("/maps/<map_key>")
def one(key, map_key):
    if map_key == maps.MAIN:
        return redirect(url_for("maps.home", key=key, **request.args.to_dict(flat=False)))
    return _shown(map_key)


@blueprint.get("/maps/compare")
def compare(key):
    """Two maps, or two spans of days, side by side."""
    if wish := wished() or _other_days():
        return redirect(wish)
    report = asked(store, current.site, "map", _with_default(arguments()))
    return render_template("journeys/map_compare.html", page=map_page.comparison(store, report))


@blueprint.get("/maps/new")
@needs("change")
def new(key):
    return _map_form({"kind": "as is", "segment": request.args.get("segment", "")})


@blueprint.post("/maps/new")
def add(key):
    typed = {name: request.form.get(name, "") for name in MAP}
    try:
        map_ = maps.add(store, current.site, typed["name"], typed["kind"], typed["base"], typed["segment"], typed["journey"])
    except BadField as error:
        return _map_form(typed, {_place(error, MAP): said(error)}), 400
    audit.record(store, current.actor, "added map", f"{key} {map_.key}")
    return redirect(map_page.address(map_))


@blueprint.get("/maps/<map_key>/edit")
@needs("change")
def edit(key, map_key):
    map_ = _map(map_key)
    return _map_form(_facts(map_), map_=map_)


@blueprint.post("/maps/<map_key>/edit")
def change(key, map_key):
    map_ = _map(map_key)
    typed = {name: request.form.get(name, "") for name in ("name", "segment")} | {"version": request.form.get("version", type=int)}
    try:
        maps.change(store, current.site, map_, typed["version"], typed["name"], typed["segment"])
    except BadField as error:
        return _map_form(typed, {_place(error, MAP): said(error)}, map_), 400
    audit.record(store, current.actor, "changed map", f"{key} {map_key}")
    flash(_("Saved."))
    return redirect(map_page.address(map_))


@blueprint.post("/maps/<map_key>/remove")
def remove(key, map_key):
    map_ = _map(map_key)
    try:
        maps.remove(store, map_)
    except BadField as error:
        return _map_form(_facts(map_), {error.field: said(error)}, map_), 400
    audit.record(store, current.actor, "deleted map", f"{key} {map_key}")
    flash(_("The map is deleted."))
    return redirect(url_for("maps.home", key=key))


@blueprint.post("/maps/<map_key>/looked")
def looked(key, map_key):
    """Somebody looked the map over and found it right."""
    map_ = _map(map_key)
    maps.look_over(store, map_)
    flash(_("Noted: the map was looked over today."))
    return redirect(map_page.address(map_))


# -- notes

@blueprint.get("/maps/<map_key>/notes/new")
@needs("change")
def new_note(key, map_key):
    typed = {name: request.args.get(name, "") for name in NOTE}
    return _note_form(_map(map_key), typed)


@blueprint.post("/maps/<map_key>/notes/new")
def add_note(key, map_key):
    map_, typed = _map(map_key), {name: request.form.get(name, "") for name in NOTE}
    try:
        stage = map_report.known_stage(store, current.site, map_, typed["stage"])
        written = notes.read(current.site, typed["lane"], typed)
        note = notes.add(store, map_, stage, typed["lane"], written, _who())
    except BadField as error:
        return _note_form(map_, typed, {error.field: said(error)}), 400
    flash(_("Written down."))
    return redirect(f"{map_page.address(map_)}#note-{note}")


@blueprint.get("/maps/<map_key>/notes/<int:note>")
def one_note(key, map_key, note):
    """A note with its former versions; for owners a form to change it."""
    map_, versions = _note(map_key, note)
    return _note_form(map_, _as_typed(versions[0]), versions=versions)


@blueprint.post("/maps/<map_key>/notes/<int:note>")
def change_note(key, map_key, note):
    map_, versions = _note(map_key, note)
    latest = versions[0]
    typed = _as_typed(latest) | {name: request.form.get(name, "") for name in NOTE if name not in ("stage", "lane")}
    try:
        notes.change(store, map_, _as_seen(latest), notes.read(current.site, latest.lane, typed), _who())
    except BadField as error:
        return _note_form(map_, typed, {error.field: said(error)}, versions), 400
    flash(_("Saved. What stood here before can still be read."))
    return redirect(f"{map_page.address(map_)}#note-{note}")


@blueprint.post("/maps/<map_key>/notes/<int:note>/remove")
def remove_note(key, map_key, note):
    map_, versions = _note(map_key, note)
    try:
        notes.take_away(store, map_, _as_seen(versions[0]), _who())
    except BadField as error:
        return _note_form(map_, _as_typed(versions[0]), {error.field: said(error)}, versions), 400
    flash(_("The note is off the map."))
    return redirect(map_page.address(map_))


# -- versions, canvas

@blueprint.get("/maps/<map_key>/versions")
def versions(key, map_key):
    return _versions(_map(map_key))


@blueprint.post("/maps/<map_key>/versions")
def keep(key, map_key):
    """Keeps the map as it stands, over the days it was shown for."""
    map_, name = _map(map_key), request.form.get("name", "")
    report = asked(store, current.site, "map", {"map": [map_key], "period": [request.form.get("period", "")]})
    try:
        number = maps.keep(store, map_, _who(), name, boards.as_dict(report.extra["board"]))
    except BadField as error:
        return _versions(map_, name, {error.field: said(error)})
    audit.record(store, current.actor, "kept map", f"{key} {map_key} {number}")
    flash(_("Kept."))
    return redirect(url_for("maps.version", key=key, map_key=map_key, number=number))


@blueprint.get("/maps/<map_key>/versions/<int:number>")
def version(key, map_key, number):
    map_ = _map(map_key)
    kept = maps.kept_one(store, map_, number) or abort(404)
    return render_template("journeys/map_version.html", page=map_page.of_version(map_, kept), kept=kept)


@blueprint.get("/maps/<map_key>/canvas")
def canvas(key, map_key):
    """The map with nothing on it but its stages and questions, to be printed and filled in by hand."""
    map_ = _map(map_key)
    return render_template("journeys/canvas.html", page=map_forms.canvas(map_, map_report.stages_of(store, current.site, map_)))


def _shown(map_key):
    if wish := wished() or _elsewhere(map_key):
        return redirect(wish)
    map_ = _map(map_key)
    report = asked(store, current.site, "map", arguments() | {"map": [map_key]})
    return render_template("journeys/map.html", page=map_page.page(store, map_, report, _now()), report=report,
                           nothing=nothing("map", report.filters))


def _elsewhere(map_key):
    """The address of what options of the report `map` ask for when it is not this page: another map, or one beside another; or None."""
    wanted = request.args.get("map") or map_key
    given = request.args.to_dict(flat=False) | {"key": current.site.key}
    if request.args.get("against") or request.args.get("beside"):
        return url_for("maps.compare", **given | {"map": wanted if wanted != maps.MAIN else None})
    return url_for("maps.one", **given | {"map_key": wanted, "map": None}) if wanted != map_key else None


def _map(map_key):
    return maps.by_key(store, current.site, map_key) or abort(404)


def _note(map_key, note):
    """(the Map, every version of the note, latest first)."""
    map_ = _map(map_key)
    return map_, notes.versions(store, map_, note) or abort(404)


def _as_typed(note):
    return {"stage": note.stage, "lane": note.lane, "text": note.text, "feeling": "" if note.feeling is None else str(note.feeling),
            "evidence_kind": note.evidence_kind, "evidence": note.evidence}


def _as_seen(note):
    """The note in the version the form was filled in from: another one since then is told."""
    return replace(note, version=request.form.get("version", type=int) or 0)


def _note_form(map_, typed, errors=None, versions=()):
    return render_template("journeys/note.html", typed=typed, errors=errors or {},
                           page=map_forms.note(map_, map_report.stages_of(store, current.site, map_), typed, versions))


def _map_form(typed, errors=None, map_=None):
    return render_template("journeys/map_edit.html", typed=typed, errors=errors or {}, page=map_forms.facts(store, map_))


def _versions(map_, name="", errors=None):
    return render_template("journeys/map_versions.html", page=map_page.versions(store, map_), name=name, errors=errors or {},
                           period=request.values.get("period", "")), 400 if errors else 200


def _facts(map_):
    return {"name": map_page.name_of(map_), "segment": map_.segment, "version": map_.version}


def _who():
    return current.actor.name or current.actor.email


def _place(error, fields):
    """The field of the form that an error belongs to: filters are typed in one."""
    return error.field if error.field in (*fields, "version", "key") else "segment"


def _with_default(given):
    """Compared with the days before, where nothing else is asked."""
    return given if given.get("against") or given.get("beside") else given | {"against": ["previous"]}


def _other_days():
    """The form gives the days compared with in parts: the address they mean, or None."""
    parts = [request.args.get(name) for name in ("first", "last")]
    if parts == [None, None]:
        return None
    return address_with(against="..".join(sorted(filter(None, parts))) or None, first=None, last=None)


def _now():
    return int(time.time() * 1000)
