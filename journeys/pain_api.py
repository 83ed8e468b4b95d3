"""The backlog of pain points for programs: /api/sites/<key>/pain/points. Who may is checked before, in current.py: reading takes "read", all else "change"."""

from dataclasses import asdict, replace

from flask import Blueprint, abort, jsonify, request

from collector import audit, current
from collector.fields import N_
from journeys import backlog
from journeys.reports import asked

blueprint = Blueprint("pain_api", __name__, url_prefix="/api/sites/<key>/pain/points")


@blueprint.get("")
def listed(key):
    """What was taken on, the newest first."""
    return jsonify(points=[_shape(point) for point in backlog.of(current.store, current.site)])


@blueprint.post("")
def taken(key):
    """Takes on what the report `pain` finds, by its key; the days and filters of the report stand in the address."""
    wanted = current.sent(backlog.BadPoint, ("key",)).get("key", "")
    row = backlog.finding(asked(current.store, current.site, "pain", request.args.to_dict(flat=False) | backlog.EVERYTHING), wanted)
    number = backlog.take(current.store, current.site, row, current.who())
    audit.record(current.store, current.user(), "took on pain point", f"{key} {row.key}")
    return jsonify(_whole(_point(number))), 201


@blueprint.get("/<int:point>")
def one(key, point):
    return jsonify(_whole(_point(point)))


@blueprint.patch("/<int:point>")
def changed(key, point):
    """Other values of some of backlog.CHANGES. With `version`, the one you saw, it is refused when somebody changed it meanwhile."""
    it, body = _point(point), current.sent(backlog.BadPoint, backlog.CHANGES, ("version",))
    version = body.pop("version", it.version)
    if type(version) is not int or not 0 <= version < 2 ** 63:
        raise backlog.BadPoint("version", N_("is no whole number"))
    backlog.change(current.store, current.site, replace(it, version=version), current.who(), **body)
    audit.record(current.store, current.user(), "changed pain point", f"{key} {it.key}")
    return jsonify(_whole(_point(point)))


@blueprint.post("/<int:point>/notes")
def noted(key, point):
    it = _point(point)
    backlog.note(current.store, it, current.who(), current.sent(backlog.BadPoint, ("text",)).get("text", ""))
    audit.record(current.store, current.user(), "noted on pain point", f"{key} {it.key}")
    return jsonify(_whole(_point(point))), 201


def _point(number):
    return backlog.by_id(current.store, current.site, number) or abort(404)


def _shape(point):
    return _without(asdict(point), "created_by") | {"came_back": backlog.came_back(current.store, current.site, point)}


def _whole(point):
    return _shape(point) | {"notes": [_without(row._asdict(), "who") for row in backlog.notes(current.store, point)]}


def _without(values, who):
    """Who did something only for those who may do so themselves."""
    return values if current.can("change") else {name: value for name, value in values.items() if name != who}
