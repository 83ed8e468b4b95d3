"""The editor: an element of a copy of the page is picked by clicking, and what a variant of a draft changes there is said.

The copy stands in a frame of its own, under a policy that lets one script of
ours run and puts it outside every origin: page and frame know of each other
only what they post.
"""

import base64
import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for

from collector import audit, current
from collector.current import needs, store
from collector.fields import BadField
from collector.known import LOCAL, home
from collector.locale import said
from experiments import definition, delivery, page_copy, preview, register
from experiments.reading import BadExperiment
from experiments.words import KINDS_OF_CHANGE

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; require-trusted-types-for 'script'; "
          "trusted-types 'none'")
COPY_POLICY = ("default-src 'none'; sandbox allow-scripts; script-src 'sha256-{picker}'; style-src {site} 'unsafe-inline'; img-src {site} data:; "
               "font-src {site} data:; base-uri {site}; form-action 'none'; frame-ancestors 'self'")

blueprint = Blueprint("editor", __name__, url_prefix="/sites/<key>/experiments/<experiment>/variants/<variant>/editor")


@blueprint.get("")
@needs("experiment")
def show(key, experiment, variant):
    return _show(*_found(experiment, variant))


@blueprint.post("")
@needs("experiment")
def change(key, experiment, variant):
    """Adds a change, or takes one away (`remove`, its place)."""
    record, place = _found(experiment, variant)
    mapping = definition.as_dict(record.experiment)
    changes = mapping["variants"][place]["changes"]
    typed = {name: request.form.get(name, "") for name in ("kind", "selector", "name", "value")}
    gone = request.form.get("remove", type=int)
    if gone is None:
        changes.append(typed)
    elif 0 <= gone < len(changes):
        del changes[gone]
    try:
        register.change(store, current.site, experiment, mapping, request.form.get("version", type=int) or 0, current.actor.email)
    except BadExperiment as error:
        return _show(record, place, typed, [said(each) for each in error.errors]), 400
    audit.record(store, current.actor, "changed experiment", f"{key} {experiment}")
    return redirect(url_for("editor.show", key=key, experiment=experiment, variant=variant, page=request.form.get("page") or None))


@blueprint.get("/copy")
@needs("experiment")
def copy(key, experiment, variant):
    record, _place = _found(experiment, variant)
    picker = Path(current_app.static_folder, "picker.js").read_text(encoding="utf-8")
    allowed = base64.b64encode(hashlib.sha256(picker.encode()).digest()).decode()
    try:
        address = preview.page_of(current.site, record.experiment, request.args.get("page", ""), request.host_url)
        text = page_copy.fetch(address, urlsplit(home(current.site, request.host_url)).netloc, local=urlsplit(request.host_url).hostname in LOCAL)
        answer = make_response(page_copy.without_scripts(text, address, picker))
    except BadField as error:
        address = request.host_url
        answer = make_response(render_template("experiments/no_copy.html", message=said(error)), 200)
    parts = urlsplit(address)
    answer.headers["Content-Security-Policy"] = COPY_POLICY.format(picker=allowed, site=f"{parts.scheme}://{parts.netloc}")
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _found(experiment, variant):
    """(Record of a draft, place of the variant, which is not the control)."""
    record = register.by_key(store, current.site, experiment) or abort(404)
    place = next((at for at, each in enumerate(record.experiment.variants) if each.key == variant and at), None)
    return (record, place) if place and record.state == "draft" else abort(404)


def _show(record, place, typed=None, errors=()):
    variant = record.experiment.variants[place]
    kinds = {kind: title for kind, title in KINDS_OF_CHANGE.items() if kind != "redirect"}
    told = [change[1:] for change in delivery.changes(record.experiment) if change[0] == place and change[1] != "redirect"]
    answer = make_response(render_template(
        "experiments/editor.html", record=record, variant=variant, kinds=kinds, typed=typed or {}, errors=errors, told=told,
        page=request.values.get("page", "")))
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
