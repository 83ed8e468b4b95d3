"""Contacts and orders from programs: POST /api/sites/<key>/contacts and …/orders, and what was brought in.

The body is {"rows": [{…}, …]} as application/json, or CSV as text/csv. A token
needs the scope contacts:write. Who may is checked before, in current.py.
"""

from flask import Blueprint, abort, jsonify, request

from collector import audit, contacts, current, money, period, sheet_reader
from collector.contact_rows import TITLES
from collector.current import needs
from collector.fields import N_
from collector.sheet_reader import BadSheet, Line, Sheet

MOST_ROWS = 10_000  # of one request
MOST_NAMES = 100  # of fields in its objects: every row has a cell for each

blueprint = Blueprint("contacts_api", __name__, url_prefix="/api/sites/<key>")


@blueprint.post("/<any(contacts, orders):what>")
@needs("import")
def added(key, what):
    """Takes all rows that can be taken, and names the others; with ?dry_run=1 it takes none and says the same."""
    sheet = _sheet()
    plan = contacts.look(current.store, current.site, sheet, what, request.args.get("kind", ""), _day_first(),
                         sheet_reader.given(request.args.getlist("map"), TITLES, ":"))
    answer = {"taken": len(plan.rows), "refused": [_wrong(each) for each in plan.refused],
              "remarks": [_wrong(each) for each in plan.remarks], "columns": plan.columns, "unread": plan.unread,
              "joined": contacts.joined(current.store, current.site, plan)._asdict(), "import": None}
    if request.args.get("dry_run", "") not in ("", "0") or not plan.rows:
        return jsonify(answer)
    made = contacts.bring_in(current.store, current.site, plan, current.who())
    audit.record(current.store, current.user(), "imported", f"{key} {made.id}: {made.rows} {what}")
    return jsonify(answer | {"import": made.id}), 201


@blueprint.get("/imports")
def listed(key):
    """The latest imports, latest first."""
    return jsonify(imports=[_shape(each) for each in contacts.imports(current.store, current.site, limit=100)])


@blueprint.delete("/imports/<int:number>")
@needs("import")
def undone(key, number):
    """Takes all rows of an import out again."""
    gone = contacts.undo(current.store, current.site, number, current.who()) or abort(404)
    audit.record(current.store, current.user(), "undid import", f"{key} {number}: {gone.kept} {gone.what}")
    return jsonify(_shape(contacts.one(current.store, current.site, number)))


def _sheet():
    if request.mimetype == "text/csv":
        return sheet_reader.read(request.get_data())
    body = request.get_json(silent=True) if request.is_json else None
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadSheet("rows", N_("is no list of objects; send {\"rows\": [{\"at\": \"2026-03-31 14:30\", \"kind\": \"call\"}]} as application/json, or CSV as text/csv"))
    if len(rows) > MOST_ROWS:
        raise BadSheet("rows", N_("are more than %(most)s; send them in parts"), most=MOST_ROWS)
    header = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    if len(header) > MOST_NAMES:
        raise BadSheet("rows", N_("have more than %(most)s different fields; send those that are read"), most=MOST_NAMES)
    return Sheet(header, [Line(number, tuple(_text(row.get(name)) for name in header)) for number, row in enumerate(rows, 1)])


def _text(value):
    """A value of JSON as a cell: a number can be read in one way only."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return f"{value:.{max(2, money.EXPONENTS.get(current.site.currency, 2))}f}"
    return str(value).strip()



def _day_first():
    typed = request.args.get("dates", "")
    if typed not in ("", "day", "month"):
        raise BadSheet("dates", N_("is %(typed)s; write day or month, whichever stands first"), typed=typed[:40])
    return {"": None, "day": True, "month": False}[typed]


def _wrong(refusal):
    return {"row": refusal.number, "field": refusal.error.field, "message": refusal.error.message}


def _shape(found):
    """An import; who brought it in and took it out only for those who may do so themselves."""
    people = {"who": found.who, "undone_by": found.undone_by} if current.can("import") else {}
    return {"id": found.id, "at": found.at, "what": found.what, "file": found.file, "rows": found.rows,
            "refused": found.refused, "kept": found.kept, "first_day": str(period.date_of(found.first_day)),
            "last_day": str(period.date_of(found.last_day)), "undone_at": found.undone_at} | people
