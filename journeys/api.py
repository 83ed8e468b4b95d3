"""Reports for programs: GET /api/sites/<key>/<report>, as JSON or CSV. Who may read is checked before, in current.py."""

from flask import Blueprint, Response, abort, jsonify, request

from collector import current
from collector.fields import N_
from journeys import live, render, stories
from journeys.options import BadOption
from journeys.reports import FORMER, REPORTS, asked

FORMATS = {"json": (render.to_json, "application/json"), "csv": (render.to_csv, "text/csv")}

blueprint = Blueprint("api", __name__, url_prefix="/api/sites/<key>")


@blueprint.get("/<name>")
def report(key, name):
    """One report. Its arguments are period, format, the filters and the report's own options."""
    if name not in REPORTS and name not in FORMER:
        abort(404)
    form = request.args.get("format", "json")
    if form not in FORMATS:
        raise BadOption("format", N_("is %(typed)s; write one of %(choices)s"), typed=form[:40],
                        choices=", ".join(FORMATS))
    found = asked(current.store, current.site, name, request.args.to_dict(flat=False))
    write, kind = FORMATS[form]
    answer = Response(write(found, current.site), content_type=f"{kind}; charset=utf-8")
    if form == "csv":
        answer.headers["Content-Disposition"] = f'attachment; filename="{key}-{name}-{found.period.name}.csv"'
    return answer


@blueprint.get("/sessions/<session>")
def story(key, session):
    """One session, event by event: what its page tells, as facts."""
    told = stories.read(current.store, current.site, session) or abort(404)
    return Response(render.story(told, current.site), content_type="application/json; charset=utf-8")


@blueprint.get("/first")
def first(key):
    """The first event that ever came, or null: for a page that waits for it."""
    event = live.first_event(current.store, current.site)
    return jsonify(first=event and {"at": event.at, "what": event.what, "page": event.page})
