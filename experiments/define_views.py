"""Pages on which an experiment is made: its form, its plan with the launch check, and what moves it on."""

import time

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, current, labels, segments, sites
from collector.current import needs, store
from collector.locale import said
from experiments import baseline, curve, definition, form, launch, plan, power, preview, proposal, register
from experiments.reading import BadExperiment, N_, Stale
from experiments.words import KINDS_OF_CHANGE, KINDS_OF_METRIC, LOOKS, SOURCES, STATES, VISITORS, metric, place

MOST_KNOWN = 60
STEPS = {
    "start": (launch.start, N_("It runs. Its variants reach visitors within a second.")),
    "pause": (register.pause, N_("Paused: nobody new is assigned, those who took part are followed on.")),
    "resume": (register.resume, N_("It runs again.")),
    "stop": (register.stop, N_("Stopped: everybody sees the page as it was. Read the result and decide.")),
    "archive": (register.archive, N_("Archived.")),
}
DEVICES = {"desktop": N_("Computers"), "mobile": N_("Telephones"), "tablet": N_("Tablets")}

blueprint = Blueprint("define", __name__, url_prefix="/sites/<key>/experiments")


def set_up(app, drafted):
    """`drafted(finding, experiment)` is told the key of every new experiment whose form was opened with ?finding=."""
    app.extensions["netiv-drafted"] = drafted


@blueprint.get("/new")
@needs("experiment")
def new(key):
    """An empty form, or one with what an address brings: ?paths=/checkout*&event=purchase, as a pain point does. ?weeks=4 plans for so many."""
    given = {name: request.args.get(name, "") for name in form.GIVEN}
    typed = form.first(current.actor.email, **given)
    weeks = request.args.get("weeks", type=int)
    return _form(typed, proposed=_propose(typed, given, weeks) if weeks in range(1, power.LONGEST_WEEKS + 1) else "")


@blueprint.post("/new")
@needs("experiment")
def add(key):
    sent, wish = _sent()
    if wish != "save":
        return _form(form.after(sent, wish))
    try:
        record = register.add(store, current.site, form.definition(sent), current.actor.email)
    except BadExperiment as error:
        return _form(sent, error.errors), 400
    audit.record(store, current.actor, "added experiment", f"{key} {record.key}")
    finding = request.args.get("finding")  # the form is sent to the address it was opened with
    if finding:
        current_app.extensions["netiv-drafted"](finding, record.key)
    return redirect(url_for("define.planned", key=key, experiment=record.key))


@blueprint.get("/<experiment>/edit")
@needs("experiment")
def edit(key, experiment):
    record = _record(experiment)
    return _form(form.shown(definition.as_dict(record.experiment)), record=record, version=record.version)


@blueprint.post("/<experiment>/edit")
@needs("experiment")
def change(key, experiment):
    record = _record(experiment)
    sent, wish = _sent()
    version = request.form.get("version", type=int) or 0
    if wish != "save":
        return _form(form.after(_beside_fixed(record, sent), wish), record=record, version=version)
    mapping = form.definition(sent) if record.state == "draft" \
        else form.allowed(record.state, definition.as_dict(record.experiment), sent)
    try:
        changed = register.change(store, current.site, experiment, mapping, version, current.actor.email)
    except BadExperiment as error:
        return _form(_beside_fixed(record, sent), error.errors, record, version), 409 if isinstance(error, Stale) else 400
    if changed.version != record.version:
        audit.record(store, current.actor, "changed experiment", f"{key} {experiment}")
    flash(_("Saved."))
    return redirect(url_for("define.planned", key=key, experiment=experiment))


@blueprint.get("/<experiment>/plan")
def planned(key, experiment):
    return _plan(_record(experiment))


@blueprint.post("/<experiment>/<any(start, pause, resume, stop, archive):step>")
@needs("experiment")
def move(key, experiment, step):
    record = _record(experiment)
    act, told = STEPS[step]
    try:
        act(store, current.site, experiment, current.actor.email, version=request.form.get("version", type=int))
    except BadExperiment as error:
        return _refused(record, error)
    audit.record(store, current.actor, "changed experiment", f"{key} {experiment} {step}")
    flash(_(told))
    return redirect(url_for("define.planned", key=key, experiment=experiment))


@blueprint.post("/<experiment>/remove")
@needs("experiment")
def remove(key, experiment):
    """Deletes a draft."""
    record = _record(experiment)
    try:
        register.remove(store, current.site, experiment, current.actor.email)
    except BadExperiment as error:
        return _refused(record, error)
    audit.record(store, current.actor, "deleted experiment", f"{key} {experiment}")
    flash(_("The draft is deleted."))
    return redirect(url_for("results.listed", key=key))


def _record(experiment):
    return register.by_key(store, current.site, experiment) or abort(404)


def _sent():
    """(the form as sent, what its button wishes)."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf", "do", "version")]
    return form.typed(fields), request.form.get("do", "save")


def _propose(typed, given, weeks):
    """Fills in what so many weeks of this traffic can find, and gives a sentence where there is something to say of it."""
    found = proposal.proposal(store, current.site, given, weeks, _now())
    typed["plan"] |= found.fields
    if found.metric:
        typed["primary"] |= dict(zip(("of", "what"), found.metric))
        return _(found.said, first=_metric(*found.first), other=_metric(*found.metric))
    return _(found.said, weeks=weeks) if found.said else ""


def _metric(of, what):
    """What a metric counts, in the reader's language: what was collected on its own side whatever its direction."""
    return f"{_(SOURCES[of])} \u2068{labels.label(of, what)}\u2069"


def _beside_fixed(record, sent):
    """Once it has started most fields are shown as they stand and not sent: they come from what is saved."""
    if record.state == "draft":
        return sent
    return form.shown(definition.as_dict(record.experiment)) | form.open_parts(record.state, record.experiment, sent)


def _form(typed, errors=(), record=None, version=0, proposed=""):
    placed = {field: [said(error) for error in found] for field, found in form.at_fields(errors).items()}
    state = record.state if record else "draft"
    return render_template(
        "experiments/edit.html", typed=typed, errors=placed, record=record, version=version, state=state, proposed=proposed,
        fixed=len(record.experiment.secondary) if record and state != "draft" else 0, known=_known(), counted=metric,
        segments={"": "–"} | {each.key: each.name for each in segments.of(store, current.site)},
        kinds=KINDS_OF_METRIC, sources=SOURCES, looks=LOOKS, visitors=VISITORS, devices=DEVICES, changes=KINDS_OF_CHANGE, place=place)


def _known():
    """{kind: names} of what was collected lately, and of the site's goals, to choose from."""
    span = baseline.last_days(current.site, _now())
    found = {"page": [], "event": [], "form": []}
    for row in store.ask("experiments/known", site=current.site.id, first_day=span.first_day, last_day=span.last_day, limit=MOST_KNOWN):
        found[row.kind].append(row.name)
    found["goal"] = [goal.name for goal in sites.goals(store, current.site)]
    return found


def _refused(record, error):
    """Back to the plan, which lists what stands in the way of a start by itself."""
    if error.field in ("state", "version"):
        flash(_("It was not done: %(place)s: %(why)s", place=_(place(error.field)), why=said(error)), "error")
    else:
        flash(_("It was not started: see what stands in its way."), "error")
    return redirect(url_for("define.planned", key=current.site.key, experiment=record.key), 303)


def _plan(record):
    now = _now()
    check = launch.check(store, current.site, record, now)
    planned = plan.plan(record.experiment, check, current.site, now)
    return render_template(
        "experiments/plan.html", record=record, check=check, plan=planned,
        picture=curve.plot(planned.curve, planned.wanted) if planned and planned.curve else None,
        previews=preview.links(current_app.secret_key, current.site, record.experiment, here=request.host_url) if current.can("experiment") else (),
        preview_days=preview.DAYS, state=STATES[record.state], said=said, place=place, counted=metric, sources=SOURCES)


def _now():
    return int(time.time() * 1000)
