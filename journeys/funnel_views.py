"""Pages on which a funnel is written down, changed and deleted. The report itself is shown like every other."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, current
from collector.current import needs, store
from collector.fields import BadField
from collector.locale import said
from journeys import funnel_page, funnels
from journeys.steps import MOST, SESSION

EMPTY = 2  # lines offered below those that are filled
FIRST = 4  # lines of an empty form

blueprint = Blueprint("funnels", __name__, url_prefix="/sites/<key>/funnels")


@blueprint.get("/new")
@needs("change")
def new(key):
    """An empty form, or with what the address brings: ?steps=/shop/*&steps=/cart."""
    given = request.args
    return _form({"name": given.get("name", ""), "steps": given.getlist("steps")[:MOST], "order": given.get("order", "open"),
                  "window": given.get("window", SESSION)})


@blueprint.post("/new")
@needs("change")
def add(key):
    return _save()


@blueprint.get("/<funnel>/edit")
@needs("change")
def edit(key, funnel):
    found = _saved(funnel)
    return _form({"name": found.name, "steps": list(found.steps), "order": found.order, "window": found.window,
                  "version": found.version}, funnel=found)


@blueprint.post("/<funnel>/edit")
@needs("change")
def change(key, funnel):
    return _save(_saved(funnel))


@blueprint.post("/<funnel>/remove")
@needs("change")
def remove(key, funnel):
    found = _saved(funnel)
    funnels.remove(store, current.site, found.key)
    audit.record(store, current.actor, "deleted funnel", f"{key} {funnel}")
    flash(_("The funnel is deleted."))
    return redirect(url_for("journeys.page", key=key, name="funnel"))


def _saved(key):
    found = funnels.by_key(store, current.site, key)
    return found if found and not found.is_found else abort(404)


def _save(funnel=None):
    sent = request.form
    typed = {"name": sent.get("name", ""), "steps": sent.getlist("steps")[:MOST + EMPTY], "order": sent.get("order", "open"),
             "window": sent.get("window", "").strip() or SESSION, "version": sent.get("version", type=int)}
    if sent.get("do") == "more":
        return _form(typed, funnel=funnel, more=True)
    try:
        saved = funnels.save(store, current.site, **typed, key=funnel.key if funnel else "")
    except BadField as error:
        return _form(typed, {error.field: said(error)}, funnel), 400
    audit.record(store, current.actor, "changed funnel" if funnel else "added funnel", f"{current.site.key} {saved}")
    flash(_("Saved."))
    return redirect(url_for("journeys.page", key=current.site.key, name="funnel", saved=saved))


def _form(typed, errors=None, funnel=None, more=False):
    filled = [text for text in typed["steps"] if text.strip()]
    lines = min(MOST, max(FIRST, len(filled) + EMPTY + (EMPTY if more else 0)))
    typed = typed | {"steps": filled + [""] * (lines - len(filled))}
    return render_template("journeys/funnel_edit.html", typed=typed, errors=errors or {}, funnel=funnel, known=_known(),
                           orders=[(order, _(text)) for order, text in funnel_page.ORDERS.items()],
                           back=url_for("journeys.page", key=current.site.key, name="funnel"))


def _known():
    """Steps to choose from: the site's own stages, pages, events, goals, groups and forms."""
    stages = [f"stage:{stage.key}" for stage in funnel_page.stages() if stage.is_measured]
    return stages + [row.step for row in store.ask("journeys/funnel_known", site=current.site.id)]
