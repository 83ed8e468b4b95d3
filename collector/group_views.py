"""The settings page of page groups: what there is, what the site's own addresses suggest, and the form for one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, current, page_groups
from collector.current import store
from collector.fields import BadField
from collector.locale import said

blueprint = Blueprint("groups", __name__, url_prefix="/sites/<key>/groups")


@blueprint.get("")
def listed(key):
    """All groups. ?change=Products opens that one in the form; ?name=…&patterns=… fills it with a proposal."""
    given = request.args
    former = next((group for group in page_groups.of(store, current.site) if group.name == given.get("change")), None)
    typed = {"name": former.name, "patterns": "\n".join(former.patterns), "former": former.name} if former else \
        {"name": given.get("name", ""), "patterns": given.get("patterns", ""), "former": ""}
    return _page(typed)


@blueprint.post("")
def save(key):
    typed = {name: request.form.get(name, "") for name in ("name", "patterns", "former")}
    try:
        page_groups.save(store, current.site, **typed)
    except BadField as error:
        return _page(typed, {error.field: said(error)}), 400
    audit.record(store, current.actor, "changed page group", f"{key} {typed['name'].strip()}")
    flash(_("Saved. It is true of all days, those of before too."))
    return redirect(url_for("groups.listed", key=key))


@blueprint.post("/remove")
def remove(key):
    name = request.form.get("name", "")
    try:
        gone = page_groups.remove(store, current.site, name)
    except BadField as error:
        flash(said(error), "error")
    else:
        if gone:
            audit.record(store, current.actor, "deleted page group", f"{key} {name}")
            flash(_("The group is gone; its pages are as they were."))
    return redirect(url_for("groups.listed", key=key))


def _page(typed, errors=None):
    groups = page_groups.of(store, current.site)
    paths = [row.path for row in store.ask("collector/recent_pages", site=current.site.id)]
    counts = {row.name: row.pages for row in store.ask("collector/grouped_counts", site=current.site.id)}
    return render_template("sites/groups.html", typed=typed, errors=errors or {}, counts=counts,
                           groups=groups, proposed=page_groups.proposed(paths, groups))
