"""Experiments for programs: /api/sites/<key>/experiments. Who may is checked before, in current.py: reading takes "read", all else "experiment"."""

import time

from flask import Blueprint, Response, abort, jsonify, request

from collector import current, points
from collector.accounts import Holder
from experiments import launch, register, result_render, results, shapes
from experiments.definition import STATES
from experiments.reading import BadExperiment, N_

STEPS = {"start": launch.start, "pause": register.pause, "resume": register.resume, "stop": register.stop,
         "archive": register.archive}

blueprint = Blueprint("experiments_api", __name__, url_prefix="/api/sites/<key>/experiments")


@blueprint.get("")
def listed(key):
    """All of a site, latest first; `search` and `state` narrow."""
    states = request.args.getlist("state") or STATES
    for state in states:
        if state not in STATES:
            raise BadExperiment("state", N_("%(typed)s is unknown; write one of %(choices)s"), typed=state[:40],
                                choices=", ".join(STATES))
    found = register.all_of(current.store, current.site, request.args.get("search", ""), states)
    return jsonify(experiments=[shapes.line(record) for record in found])


@blueprint.post("")
@current.needs("experiment")
def added(key):
    """A new draft; the body is its definition. `point` is the number of the pain point in the backlog that it is for."""
    point = points.read(current.store, current.site, request.args.get("point", ""))
    if point and not current.can("change"):
        abort(403)
    record = register.add(current.store, current.site, _body(), _who())
    if point:
        points.named(current.store, current.site, point, record.key, _who())
    return jsonify(shapes.whole(current.store, record)), 201


@blueprint.get("/<experiment>")
def one(key, experiment):
    return jsonify(shapes.whole(current.store, _record(experiment)))


@blueprint.put("/<experiment>")
@current.needs("experiment")
def changed(key, experiment):
    """Another definition. The body is {"version": the one you saw, "definition": …}."""
    _record(experiment)
    body = _body("version", "definition")
    if "definition" not in body:
        raise BadExperiment("definition", N_("is missing"))
    record = register.change(current.store, current.site, experiment, body["definition"], _version(body, needed=True), _who())
    return jsonify(shapes.whole(current.store, record))


@blueprint.delete("/<experiment>")
@current.needs("experiment")
def removed(key, experiment):
    """A draft is deleted; others are archived."""
    _record(experiment)
    register.remove(current.store, current.site, experiment, _who())
    return "", 204


@blueprint.get("/<experiment>/check")
def checked(key, experiment):
    """What stands in the way of a start, and what its metrics came to in the last 30 days."""
    return jsonify(shapes.checked(launch.check(current.store, current.site, _record(experiment))))


@blueprint.get("/<experiment>/result")
@current.needs("read result")
def result(key, experiment):
    """All that its page shows, as JSON, or with ?format=csv a line for each metric and variant. 404 for a draft."""
    form = request.args.get("format", "json")
    if form not in ("json", "csv"):
        raise BadExperiment("format", N_("%(typed)s is unknown; write one of %(choices)s"), typed=form[:40], choices="json, csv")
    found = results.result(current.store, current.site, _record(experiment), int(time.time() * 1000)) or abort(404)
    write, kind = result_render.FORMATS[form]
    answer = Response(write(found, current.site), content_type=f"{kind}; charset=utf-8")
    if form == "csv":
        answer.headers["Content-Disposition"] = f'attachment; filename="{key}-{experiment}.csv"'
    return answer


@blueprint.post("/<experiment>/<any(start, pause, resume, stop, archive):step>")
@current.needs("experiment")
def stepped(key, experiment, step):
    """The next state. The body may say which `version` was seen."""
    _record(experiment)
    record = STEPS[step](current.store, current.site, experiment, _who(), version=_version(_body("version")))
    return jsonify(shapes.whole(current.store, record))


@blueprint.post("/<experiment>/decide")
@current.needs("experiment")
def decided(key, experiment):
    """What was decided: {"decision": "ship", "variant": "short", "reason": "…"}."""
    _record(experiment)
    body = _body("version", "decision", "variant", "reason")
    texts = {name: body.get(name) or "" for name in ("decision", "variant", "reason")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise BadExperiment(name, N_("is not a text"))
    record = register.decide(current.store, current.site, experiment, _who(), version=_version(body), **texts)
    return jsonify(shapes.whole(current.store, record))


def _record(key):
    return register.by_key(current.store, current.site, key) or abort(404)


def _body(*names):
    """The JSON object of the body, empty when there is none; with `names` no others may stand in it."""
    try:
        body = request.get_json(silent=True) if request.is_json else None if request.get_data() and not request.form else {}
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise BadExperiment("body", N_("is no JSON object; send one as application/json"))
    for name in body:
        if names and name not in names:
            raise BadExperiment(name[:60], N_("is unknown; there are: %(choices)s"), choices=", ".join(names))
    return body


def _version(body, needed=False):
    version = body.get("version")
    if version is None and not needed:
        return None
    if isinstance(version, bool) or not isinstance(version, int):
        raise BadExperiment("version", N_("must be a whole number: the version that you saw"))
    return version


def _who():
    """Who is written into the history."""
    who = current.actor
    return f"token {who.name}" if isinstance(who._get_current_object(), Holder) else who.email
