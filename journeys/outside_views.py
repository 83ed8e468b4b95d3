"""Pages about what happens outside the page: contacts and orders brought in. Their numbers are the report `contacts`."""

import time

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from collector import audit, contact_rows, contacts, current, sheet_reader
from collector.current import store
from collector.fields import BadField, N_
from collector.frame import address_with
from collector.locale import said
from collector.sheet_reader import BadSheet
from journeys.about import about
from journeys.bar import bar
from journeys.reports import asked
from journeys.table import table

blueprint = Blueprint("outside", __name__)

DATES = {"": N_("as the file itself tells"), "day": N_("the day first: 31/3/2026"), "month": N_("the month first: 3/31/2026")}
FIELDS = {"at": N_("Date"), "clock": N_("Time of day"), "kind": N_("Kind of contact"), "customer": N_("Customer's id"), "code": N_("Code or transaction id"),
          "value": N_("Value"), "currency": N_("Currency"), "note": N_("Note")}
MOST_SHOWN = 50  # refused rows
EXAMPLE = "at,kind,customer,code,value,currency,note\n2026-03-31 14:30,call,1042,,,,asked about the returns policy\n2026-03-31,phone_order,,88121,349.90,ILS,\n"


@blueprint.get("/sites/<key>/contacts")
def contacts_page(key):
    return _contacts()


@blueprint.post("/sites/<key>/contacts")
@current.needs("import")
def brought_in(key):
    """Shows what a file would bring in, and with `step` "import" brings it in."""
    typed = {name: request.form.get(name, "") for name in ("what", "kind", "dates", "name")}
    given = {name: request.form[f"column-{name}"] for name in FIELDS if f"column-{name}" in request.form}
    try:
        text = _text(typed)
        sheet = sheet_reader.read(text)
        plan = contacts.look(store, g.site, sheet, typed["what"], typed["kind"] if typed["what"] == "contacts" else "",
                             {"day": True, "month": False}.get(typed["dates"]), given)
        if request.form.get("step") != "import":
            return _look(plan, sheet, typed, text)
        made = contacts.bring_in(store, g.site, plan, g.actor.email, typed["name"])
    except contact_rows.NoColumn as error:
        return _look(error.plan, sheet, typed, text, {each.field: said(each) for each in error.errors}), 400
    except BadField as error:
        return _contacts(typed, {error.field: said(error)}, 400)
    audit.record(store, g.actor, "imported", f"{key} {made.id}: {made.rows} {made.what}")
    flash(ngettext("%(num)s row is in. It can be taken out again below.", "%(num)s rows are in. They can be taken out again below.", made.rows))
    return redirect(url_for("outside.contacts_page", key=key))


@blueprint.post("/sites/<key>/contacts/<int:number>/undo")
@current.needs("import")
def undo(key, number):
    try:
        gone = contacts.undo(store, g.site, number, g.actor.email) or abort(404)
    except BadField as error:
        return _contacts(errors={"undo": said(error)}, status=400)
    audit.record(store, g.actor, "undid import", f"{key} {number}: {gone.kept} {gone.what}")
    flash(ngettext("%(num)s row is out again.", "%(num)s rows are out again.", gone.kept))
    return redirect(url_for("outside.contacts_page", key=key))


def _contacts(typed=None, errors=None, status=200):
    arguments = request.args.to_dict(flat=False) if request.method == "GET" else {}
    if arguments.get("from") and arguments.get("to"):
        return redirect(address_with(period=f"{arguments['from'][0]}..{arguments['to'][0]}", **{"from": None, "to": None}))
    report = asked(store, g.site, "contacts", {"period": arguments.get("period", [])}, int(time.time() * 1000))
    return render_template("journeys/contacts.html", report=report, bar=bar("contacts", report, has_filters=False), about=about("contacts"),
                           table=table(report), imports=contacts.imports(store, g.site), typed=typed or {}, errors=errors or {},
                           kinds=_choices(contact_rows.KINDS), dates=_choices(DATES), example=EXAMPLE), status


def _look(plan, sheet, typed, text, errors=None):
    """What the file would bring in, with the choices by which it was read. `errors` are of fields whose column must be chosen first."""
    titles = {name: plan.columns.get(name, "") for name in FIELDS if name != "kind" or plan.what == "contacts"}
    return render_template(
        "journeys/contacts_look.html", plan=plan, typed=typed, text=text, errors=errors or {}, joined=contacts.joined(store, g.site, plan),
        fields=[(name, _(FIELDS[name]), title) for name, title in titles.items()], header=[title for title in sheet.header if title],
        refused=[_wrong(each) for each in plan.refused[:MOST_SHOWN]], remarks=[_wrong(each) for each in plan.remarks[:MOST_SHOWN]],
        first=plan.rows[:5], kinds=_choices(contact_rows.KINDS), dates=_choices(DATES), asks=contact_rows.asks_for_order(plan))


def _wrong(refusal):
    """(number of the row, what is wrong) of a refused one."""
    field = FIELDS.get(refusal.error.field)
    return refusal.number, f"{_(field)}: {said(refusal.error)}" if field else said(refusal.error)


def _text(typed):
    """The file's text: sent now, or carried along from the look at it before."""
    file = request.files.get("file")
    if file and file.filename:
        typed["name"] = file.filename
        return sheet_reader.decode(file.read())
    if not request.form.get("text"):
        raise BadSheet("file", N_("is missing; choose a CSV file"))
    return request.form["text"]


def _choices(titles):
    return [(key, _(title)) for key, title in titles.items()]
