"""The page where stages, touchpoints and their rules are seen and changed: /sites/<key>/journey."""

import re
import time

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, current, journey_form, page_groups, period, presets, rule_counts, stages, walks
from collector import journey_register as register
from collector.current import store
from collector.fields import BadField
from collector.locale import said

DAYS = 30  # over which rules are counted
PRESET, WISH = "preset", "wish"

blueprint = Blueprint("journey", __name__)


@blueprint.get("/sites/<key>/journey")
def edit(key):
    record = _record()
    return _page(record, stages.as_dict(record.journey) if record else None)


@blueprint.post("/sites/<key>/journey")
def save(key):
    """Saves what the form says, or does what its button `do` asks: begin with a preset, apply to the past."""
    record, wanted = _record(), request.form.get("do", "save")
    if wanted == PRESET:
        return _begin(record)
    if record and wanted == WISH:
        register.wish(store, record)
        flash(_("The past is brought up to date now, day by day."))
        return redirect(_address(record))
    if not record:
        return redirect(url_for(".edit", key=key))
    mapping = _untranslated(journey_form.typed(request.form.items(multi=True)), record)
    try:
        changed = register.change(store, g.site, record.key, mapping, _version(), g.actor.email)
    except BadField as error:
        errors = {}
        for each in error.errors:
            errors.setdefault(each.field, said(each))
        return _page(record, mapping, errors), error.status
    return _saved(changed)


def _where(mapping, field):
    """The names of the stage and the touchpoint that a field such as stages[0].touchpoints[1].name belongs to; "" of one that belongs to none."""
    stage, touchpoint = re.match(r"(?:stages\[(\d+)\](?:\.touchpoints\[(\d+)\])?)?", field).groups()
    parts = [mapping["stages"][int(stage)]] if stage else []
    parts += [parts[0]["touchpoints"][int(touchpoint)]] if touchpoint else []
    names = [part["name"] for part in parts]
    return " · ".join(_(name) for name in names if name)


def _untranslated(mapping, record):
    """Names of presets are shown in the reader's language; left as they were, they stay to be translated for others."""
    journey = record.journey
    former = {_(part.name): part.name for part in (journey, *journey.stages, *journey.touchpoints)}
    for part in (mapping, *mapping["stages"], *(each for stage in mapping["stages"] for each in stage["touchpoints"])):
        part["name"] = former.get(part["name"], part["name"])
    return mapping


def _begin(record):
    """A preset, where there is no journey yet."""
    name = request.form.get("preset", "")
    if name in presets.STAGES and not record:
        made = register.add(store, g.site, stages.as_dict(presets.preset(name)), g.actor.email)
        return _saved(made)
    return redirect(url_for(".edit", key=g.site.key))


def _saved(record):
    audit.record(store, g.actor, "changed journey", f"{g.site.key} {record.key} version {record.version}")
    flash(_("Saved. What was visited before is counted by it too, the latest days first."))
    return redirect(_address(record))


def _address(record):
    return url_for(".edit", key=g.site.key, journey=record.key)


def _record():
    return register.by_key(store, g.site, request.values.get("journey", "")) or register.by_key(store, g.site)


def _version():
    return request.form.get("version", type=int) or 0


def _page(record, mapping, errors=None):
    if not record:
        return render_template("sites/journey.html", record=None, errors={}, presets=presets.TITLES)
    today = period.day_of(int(time.time() * 1000), g.site.zone)
    days = {"first_day": today - DAYS + 1, "last_day": today}
    rules = {(rule["kind"], rule["value"]) for stage in mapping["stages"] for touchpoint in stage["touchpoints"]
             for rule in touchpoint["rules"]}
    sessions = dict(store.ask("collector/touchpoint_sessions", journey=record.id, **days))
    done, of = walks.progress(store, g.site, record.id, record.journey)
    return render_template(
        "sites/journey.html", record=record, journey=mapping, errors=errors or {}, where={name: _where(mapping, name) for name in errors or ()}, kinds=journey_form.WORDS,
        counts=rule_counts.counts(store, g.site, rules, groups=page_groups.ranked(store, g.site), **days), units=rule_counts.UNITS, sessions=sessions, days=DAYS,
        offered=journey_form.offered(mapping), known=rule_counts.known(store, g.site, **days), empty_rules=range(journey_form.EMPTY_RULES),
        done=done, of=of, journeys=register.all_of(store, g.site), may_change=current.can("change"))
