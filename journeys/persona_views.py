"""Forms of segments and personas: what is kept, written and removed. Their page is the report `personas`."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from collector import audit, current, segments
from collector.current import needs
from collector.fields import BadField
from collector.filters import KEYS, BadFilter, N_
from collector.locale import said
from journeys import persona_register
from journeys.navigation import page_address

blueprint = Blueprint("personas", __name__, url_prefix="/sites/<key>")


@blueprint.post("/segments")
def add_segment(key):
    """Keeps filters, typed as key=value one to a line, under a name."""
    typed = request.form.get("filters", "")
    try:
        made = segments.add(current.store, current.site, request.form.get("segment_name", ""), _filters(typed), current.actor.email)
    except BadField as error:
        flash(_("The segment was not saved: %(field)s %(why)s", field=_(FIELDS.get(error.field, error.field)), why=said(error)), "error")
        return redirect(page_address("personas", **_readable(typed)), 303)
    audit.record(current.store, current.actor, "added segment", f"{key} {made.key}")
    flash(_("Saved."))
    return redirect(page_address("personas"), 303)


@blueprint.post("/segments/<segment>/remove")
def remove_segment(key, segment):
    try:
        gone = segments.remove(current.store, current.site, segment) or abort(404)
    except BadField as error:
        flash(said(error), "error")
    else:
        audit.record(current.store, current.actor, "removed segment", f"{key} {gone.key}")
        flash(_("The segment is removed."))
    return redirect(page_address("personas"), 303)


@blueprint.get("/personas/new")
@needs("change")
def new(key):
    return _form({"segment": request.args.get("segment", "")})


@blueprint.post("/personas/new")
def add(key):
    typed = _typed()
    try:
        persona_register.add(current.store, current.site, typed["name"], typed["segment"], typed, current.actor.email)
    except BadField as error:
        return _form(typed, error.errors), 400
    audit.record(current.store, current.actor, "wrote persona", f"{key} {typed['name'][:60]}")
    flash(_("Saved."))
    return redirect(page_address("personas"), 303)


@blueprint.get("/personas/<int:persona>")
@needs("change")
def edit(key, persona):
    found = persona_register.by_id(current.store, current.site, persona) or abort(404)
    return _form(found.profile | {"name": found.name, "segment": found.segment, "version": found.version}, persona=found)


@blueprint.post("/personas/<int:persona>")
def change(key, persona):
    found = persona_register.by_id(current.store, current.site, persona) or abort(404)
    typed = _typed()
    try:
        persona_register.change(current.store, current.site, persona, typed["name"], typed["segment"], typed, current.actor.email,
                                request.form.get("version", type=int))
    except BadField as error:
        return _form(typed, error.errors, found), error.status
    audit.record(current.store, current.actor, "wrote persona", f"{key} {typed['name'][:60]}")
    flash(_("Saved."))
    return redirect(page_address("personas"), 303)


@blueprint.post("/personas/<int:persona>/remove")
def remove(key, persona):
    gone = persona_register.remove(current.store, current.site, persona) or abort(404)
    audit.record(current.store, current.actor, "removed persona", f"{key} {gone.name}")
    flash(_("The persona is removed."))
    return redirect(page_address("personas"), 303)


FIELDS = {"segment_name": N_("the name"), "filters": N_("the filters"), "key": N_("the key")}  # what a form calls them


def _typed():
    return {name: request.form.get(name, "") for name in ("name", "segment", "version", *persona_register.PARTS)}


def _form(typed, errors=(), persona=None):
    found = {}
    for error in errors:
        found[error.field] = " ".join(filter(None, (found.get(error.field), said(error))))
    known = [(each.key, each.name) for each in segments.of(current.store, current.site)]
    return render_template("journeys/persona.html", typed=typed, errors=found, persona=persona, parts=persona_register.PARTS,
                           segments=known if len(known) == 1 else [("", "–"), *known])


def _filters(text):
    """{key: [values]} of lines key=value. Raises BadFilter."""
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        key, sign, value = line.partition("=")
        if not sign:
            raise BadFilter(line[:40], N_("has no value; write it as %(typed)s=VALUE"), typed=line[:40])
        found.setdefault(key.strip(), []).append(value.strip())
    return found


def _readable(text):
    """Of such lines what an address may have, so that the form stands as it was typed."""
    try:
        found = _filters(text)
        segments.parse(current.store, current.site, found)
    except BadField:
        return {}
    return {key: values for key, values in found.items() if key in KEYS}
