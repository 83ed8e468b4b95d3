"""Pages on which experiments are read: the list, a result, the same by a shared link, and the reviewer's packet."""

import base64
import hashlib
import time
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from collector import accounts, audit, current, sites
from collector.current import needs, open_to_all, store
from collector.fields import BadField
from collector.locale import moment, said
from experiments import listing, packet, register, result_page, result_people, results, reviews, shares

STYLES = ("tokens.css", "app.css")

blueprint = Blueprint("results", __name__)


@blueprint.get("/sites/<key>/experiments")
@needs("read result")
def listed(key):
    """All experiments of a site: what runs, what waits for a decision, what was learnt."""
    return render_template("experiments/list.html", page=listing.page(store, current.site, request.args.get("search", ""), _now()))


@blueprint.get("/sites/<key>/experiments/<experiment>")
@needs("read result")
def one(key, experiment):
    return _result(_record(experiment))


@blueprint.get("/sites/<key>/experiments/<experiment>/packet")
@needs("read result")
def packed(key, experiment):
    """The offline file."""
    return _packet(_record(experiment))


@blueprint.post("/sites/<key>/experiments/<experiment>/reviews")
@needs("review")
def review(key, experiment):
    record = _record(experiment)
    typed = {name: request.form.get(name, "") for name in ("kind", "text")}

    def save():
        found = _findings(record)
        reviews.add(store, record, current.actor.email, typed["kind"], typed["text"], found.result)
        audit.record(store, g.actor, "reviewed experiment", f"{key} {experiment} {typed['kind']}")
    return _try(record, save, _("Written down."), typed)


@blueprint.post("/sites/<key>/experiments/<experiment>/decision")
@needs("experiment")
def decide(key, experiment):
    record = _record(experiment)
    typed = {name: request.form.get(name, "") for name in ("decision", "variant", "reason", "version")}

    def save():
        register.decide(store, current.site, experiment, current.actor.email, typed["decision"], typed["reason"], typed["variant"],
                        request.form.get("version", type=int))
        audit.record(store, g.actor, "decided experiment", f"{key} {experiment} {typed['decision']}")
    return _try(record, save, _("Decided."), typed)


@blueprint.post("/sites/<key>/experiments/<experiment>/links")
@needs("experiment")
def share(key, experiment):
    record = _record(experiment)
    typed = {name: request.form.get(name, "") for name in ("link_name", "days")}
    try:
        token = shares.make(store, record, typed["link_name"], request.form.get("days", typed["days"], type=int),
                            current.actor.email)
    except BadField as error:
        return _result(record, typed, {error.field: said(error)}, 400)
    audit.record(store, g.actor, "shared result", f"{key} {experiment} {typed['link_name']}")
    return _result(record, link=url_for("results.shared", token=token, _external=True))


@blueprint.post("/sites/<key>/experiments/<experiment>/links/<int:link>/revoke")
@needs("experiment")
def revoke(key, experiment, link):
    gone = shares.revoke(store, _record(experiment), link) or abort(404)
    audit.record(store, g.actor, "revoked result", f"{key} {experiment} {gone.name}")
    flash(_("The link is dead."))
    return redirect(url_for("results.one", key=key, experiment=experiment))


@blueprint.get("/results/<token>")
@open_to_all
def shared(token):
    """The result a link was made for, without an account: nothing to change, no rows of visitors."""
    record = _shared(token)
    page = result_page.page(_findings(record))
    return render_template("experiments/shared.html", plain=True, page=page, token=token, decision=result_people.decision(record, page.names))


@blueprint.get("/results/<token>/packet")
@open_to_all
def shared_packet(token):
    return _packet(_shared(token))


def _shared(token):
    """The Record that a link shows; from here on whoever asks is its holder and no one else."""
    key, experiment, ended_at = shares.find(store, token) or abort(404)
    g.site = sites.by_key(store, key)
    if ended_at:
        abort(make_response(render_template("error.html", status=410, message=_(
            "This link ended on %(moment)s. Ask whoever gave it to you for a new one.", moment=moment(ended_at))), 410))
    g.actor, g.sign_in = shares.holder(g.site), None
    if not accounts.can(g.actor, "read result", g.site):
        abort(404)
    record = _record(experiment)
    g.actor = None  # the frame shows nobody's name
    return _for_others(record)


def _for_others(record):
    """The Record without what is only for the people of the site: who owns it, who decided, their notes."""
    made = record.decision and {name: value for name, value in record.decision.items() if name != "who"}
    return replace(record, experiment=replace(record.experiment, owner="", notes=""), decision=made)


def _record(experiment):
    return register.by_key(store, current.site, experiment) or abort(404)


def _findings(record):
    return results.result(store, current.site, record, _now()) or abort(404)


def _result(record, typed=None, errors=None, status=200, link=""):
    if not record.started_at:
        return redirect(url_for("define.planned", key=current.site.key, experiment=record.key))
    page = result_page.page(_findings(record))
    return render_template("experiments/reviewed.html", page=page, record=record, people=result_people.people(store, record, page.names), typed=typed or {},
                           errors=errors or {}, link=link), status


def _try(record, save, done, typed):
    """Saves and comes back to the page, or shows it once more with what is wrong."""
    try:
        save()
    except BadField as error:
        return _result(record, typed, {error.field: said(error)}, 400)
    flash(done)
    return redirect(url_for("results.one", key=current.site.key, experiment=record.key))


def _packet(record):
    """One file that shows the result from a disk, asks nothing of any host, and runs nothing."""
    found = _findings(record)
    styles = Markup("\n".join(_style(name) for name in STYLES))  # our own sheets
    page = result_page.page(found)
    main = render_template("experiments/packet_main.html", page=page, record=record, decision=result_people.decision(record, page.names))
    text = render_template(
        "experiments/packet.html", title=found.experiment.name, main=Markup(main), styles=styles, block=packet.block(found, current.site, main),
        block_id=packet.ID, style_hash=base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode())
    answer = Response(text, content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{current.site.key}-{record.key}.html"'
    return answer


def _style(name):
    return Path(current_app.static_folder, name).read_text(encoding="utf-8")


def _now():
    return int(time.time() * 1000)
