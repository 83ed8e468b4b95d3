"""The backlog of pain points: taking one on, its page, and what people change and note there. The findings are a report's page."""

from dataclasses import replace
from urllib.parse import parse_qs

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, current, points
from collector.current import store
from collector.fields import BadField
from collector.locale import said
from journeys import backlog, pain_page
from journeys.reports import asked

blueprint = Blueprint("pain", __name__, url_prefix="/sites/<key>/pain/points")


@blueprint.post("")
def take(key):
    """Takes on what the report found under `point`, in the period and by the filters of the page it stood on."""
    found = asked(store, current.site, "pain", request.args.to_dict(flat=False) | backlog.EVERYTHING)
    row = next((row for row in found.rows if row.key == request.form.get("point")), None) or abort(404)
    point = backlog.take(store, current.site, row, current.actor.email)
    audit.record(store, g.actor, "took on pain point", f"{key} {row.key}")
    return redirect(url_for("pain.one", key=key, point=point))


def drafted(finding, experiment):
    """An experiment with that key was made of a finding, as pain_page.drafted() names it: the backlog says so, and takes the finding on where nobody has."""
    if not current.can("change"):
        return
    args = parse_qs(finding)
    key = args.pop("point", [""])[0]
    try:
        point = next((each for each in backlog.of(store, current.site) if each.key == key), None) or _taken_on(key, args)
    except BadField as error:  # the experiment is saved already
        flash(_("The backlog does not name it: %(why)s", why=said(error)), "error")
        return
    points.named(store, current.site, point.id, experiment, current.actor.email)
    audit.record(store, g.actor, "changed pain point", f"{current.site.key} {key}")
    flash(_("Its pain point stands in the backlog, with this experiment."))


def _taken_on(key, args):
    """The Point of a finding that nobody took on yet."""
    row = backlog.finding(asked(store, current.site, "pain", args | backlog.EVERYTHING), key)
    point = backlog.take(store, current.site, row, current.actor.email)
    audit.record(store, g.actor, "took on pain point", f"{current.site.key} {key}")
    return backlog.by_id(store, current.site, point)


@blueprint.get("/<int:point>")
def one(key, point):
    return _page(_point(point))


@blueprint.post("/<int:point>")
def change(key, point):
    it = _point(point)
    typed = {name: request.form[name] for name in backlog.CHANGES if name in request.form}
    seen = replace(it, version=request.form.get("version", type=int) or 0)  # the one the form was filled in from
    return _try(it, lambda: backlog.change(store, current.site, seen, current.actor.email, **typed), "changed pain point", _("Saved."),
                typed | {"version": seen.version})


@blueprint.post("/<int:point>/notes")
def note(key, point):
    it = _point(point)
    typed = {"text": request.form.get("text", "")}
    return _try(it, lambda: backlog.note(store, it, current.actor.email, typed["text"]), "noted on pain point", _("Written down."), typed)


def _point(number):
    return backlog.by_id(store, current.site, number) or abort(404)


def _page(point, typed=None, errors=None, code=200):
    report = asked(store, current.site, "pain", backlog.EVERYTHING)
    return render_template("journeys/pain_point.html", typed=typed or {}, errors=errors or {},
                           **pain_page.one(point, report, (typed or {}).get("released_on", ""))), code


def _try(point, act, action, done, typed):
    """Does it and shows the page again, or shows it with what is wrong."""
    try:
        act()
    except BadField as error:
        return _page(point, typed, {error.field: said(error)}, 400)
    audit.record(store, g.actor, action, f"{current.site.key} {point.key}")
    flash(done)
    return redirect(url_for("pain.one", key=current.site.key, point=point.id))
