"""The form of an experiment: what a browser sends, as the definition's mapping, and back. Pure.

A field's name is its path in the definition ("variants[1].weight"), so that what
is wrong is shown at its field. Rates are typed as per cent, lists one to a line.
A metric's event, page, form or goal is typed as `of` (which of them) and `what`.
What cannot be read as a number stays a text: the definition says what would be right.
"""

import re
from copy import deepcopy

from experiments.definition import KINDS, LIVE, SOURCES, as_dict
from experiments.reading import BadExperiment, N_

METRICS = ("secondary", "guardrails")
GIVEN = ("paths", "event", "name", "hypothesis", "notes", "of", "what", "selector", "guardrails")  # what an address may say
PER_CENT = ("share", "weight", "margin", "relative_mde", "power", "alpha", "baseline")
MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069"))
STEP = re.compile(r"([a-z_]+)(?:\[(\d{1,2})\])?")
NEW = {
    "variants": {"key": "", "name": "", "weight": "", "changes": []},
    "changes": {"kind": "text", "selector": "", "name": "", "value": ""},
    "secondary": {"kind": "conversion", "of": "event", "what": "", "window_hours": "72"},
    "guardrails": {"kind": "revenue", "of": "event", "what": "purchase", "window_hours": "72", "margin": "5"},
}
FIRST = {
    "name": "", "key": "", "hypothesis": "", "owner": "", "notes": "", "share": "100", "group": "", "needs_consent": False,
    "where": {"paths": "", "event": ""},
    "audience": {"device": [], "channel": "", "visitors": "all", "country": "", "parameter": "", "segment": ""},
    "variants": [{"key": "control", "name": "", "weight": "50", "changes": []}, {"key": "b", "name": "", "weight": "50", "changes": []}],
    "primary": {"kind": "conversion", "of": "event", "what": "purchase", "window_hours": "72"},
    "secondary": [], "guardrails": [],
    "plan": {"visitors": "", "until": "", "looks": "hybrid", "relative_mde": "10", "power": "80", "alpha": "5"},
}


def first(owner="", **given):
    """The form of a new experiment, with what an address may say of it (GIVEN): texts as they are typed.

    `of` and `what` name what the primary metric counts, `event` is short for of=event; with `selector`, the element that
    the second variant changes. `guardrails`, one to a line, say kind, of and what: "form_errors form checkout".
    """
    form = deepcopy(FIRST)
    form["owner"] = owner
    form |= {name: given[name] for name in ("name", "hypothesis", "notes") if given.get(name)}
    form["where"]["paths"] = given.get("paths", "")
    if given.get("event"):
        form["primary"] |= {"of": "event", "what": given["event"]}
    if given.get("of") in SOURCES and given.get("what"):
        form["primary"] |= {"of": given["of"], "what": given["what"]}
    if given.get("selector"):
        form["variants"][1]["changes"] = [NEW["changes"] | {"selector": given["selector"]}]
    for line in given.get("guardrails", "").splitlines():
        kind, of, what = (*line.split(" ", 2), "", "")[:3]
        if of in KINDS.get(kind, ((), ()))[1]:
            form["guardrails"].append(NEW["guardrails"] | {"kind": kind, "of": of, "what": what})
    return form


def planned(visitors, relative_mde):
    """The fields of a plan for so many visitors and a relative effect; {} without them.

    >>> planned(382, 0.29), planned(None, None)
    ({'visitors': '382', 'relative_mde': '29'}, {})
    """
    return {"visitors": str(visitors), "relative_mde": _as_per_cent(relative_mde)} if visitors else {}


def typed(items):
    """The form as it was sent, from its (name, value) pairs; names that no path has are passed over.

    >>> typed([("name", "Short"), ("variants[1].weight", "50"), ("audience.device", "mobile")])["variants"]
    [{'weight': '50'}]
    """
    form = {"where": {}, "audience": {"device": []}, "variants": [], "primary": {}, "secondary": [], "guardrails": [], "plan": {}}
    lists = {}
    for name, value in items:
        steps = [STEP.fullmatch(each) for each in name.split(".")]
        if not all(steps) or len(steps) > 3:
            continue
        place, last = form, steps[-1][1]
        for step in steps[:-1]:
            place = place and _into(place, lists, step[1], step[2])
        if place is None or last in NEW or isinstance(place.get(last), dict):
            continue
        if last == "device":
            place.setdefault(last, []).append(value)
        else:
            place[last] = value
    for place, name, found in lists.values():
        place[name] = [found[number] for number in sorted(found)]
    form["needs_consent"] = bool(form.get("needs_consent"))
    return form


def _into(place, lists, name, number):
    """The part of a form, or the row of its list, that a step of a path leads to; None where there is none."""
    if number is None:
        return place[name] if isinstance(place.get(name), dict) else None
    if name not in NEW:
        return None
    _, _, found = lists.setdefault((id(place), name), (place, name, {}))
    return found.setdefault(int(number), {})


def definition(form):
    """The mapping that definition.read() takes."""
    made = {name: form.get(name, "") for name in ("name", "hypothesis", "owner", "notes", "group")}
    made["key"] = form.get("key") or slug(made["name"])
    made["share"] = per_cent(form.get("share", ""))
    made["needs_consent"] = bool(form.get("needs_consent"))
    made["where"] = {"paths": _lines(form["where"].get("paths", "")), "event": form["where"].get("event", "")}
    audience = form["audience"]
    made["audience"] = {"device": list(audience.get("device", ())), "channel": _lines(audience.get("channel", "")),
                        "visitors": audience.get("visitors", "all"), "country": _lines(audience.get("country", "")),
                        "parameter": audience.get("parameter", ""), "segment": audience.get("segment", "")}
    made["variants"] = [{"key": each.get("key", ""), "name": each.get("name", ""), "weight": per_cent(each.get("weight", "")),
                         "changes": [dict(change) for change in each.get("changes", ())]} for each in form["variants"]]
    made["primary"] = _metric(form["primary"]) if form["primary"].get("kind") else None
    taken = {made["primary"]["key"]} if made["primary"] else set()
    for name in METRICS:
        made[name] = [_free(_metric(each), taken) for each in form[name]]
    plan = form["plan"]
    made["plan"] = {"looks": plan.get("looks", "hybrid")} | {
        name: read(plan[name]) for name, read in (("visitors", whole), ("until", str.strip), ("relative_mde", per_cent),
                                                  ("power", per_cent), ("alpha", per_cent)) if plan.get(name, "").strip()}
    return made


def shown(experiment):
    """The form that shows a definition's mapping (definition.as_dict)."""
    form = deepcopy(experiment)
    form["share"] = _as_per_cent(form["share"])
    for variant in form["variants"]:
        variant["weight"] = _as_per_cent(variant["weight"])
    for place, name in ((form["where"], "paths"), (form["audience"], "channel"), (form["audience"], "country")):
        place[name] = "\n".join(place[name])
    form["primary"] = _shown_metric(form["primary"]) if form["primary"] else {}
    for name in METRICS:
        form[name] = [_shown_metric(each) for each in form[name]]
    plan = form["plan"]
    for name in ("relative_mde", "power", "alpha"):
        plan[name] = _as_per_cent(plan[name])
    plan["visitors"], plan["until"] = str(plan["visitors"] or ""), plan["until"] or ""
    return form


def allowed(state, saved, form):
    """The mapping of a definition that has started: `saved` with what may still change taken from the form.

    What may change is definition.check_change()'s to say; fields that are shown
    as fixed are not sent at all.
    """
    made = deepcopy(saved)
    for name in ("name", "owner", "notes"):
        made[name] = form.get(name, made[name])
    if state in LIVE:
        made["share"] = per_cent(form.get("share", ""))
        for variant, sent in zip(made["variants"], form["variants"], strict=False):
            variant["weight"] = per_cent(sent.get("weight", ""))
        taken = {each["key"] for each in (made["primary"], *made["secondary"], *made["guardrails"]) if each}
        made["secondary"] += [_free(_metric(each), taken) for each in form["secondary"]]
    return made


def open_parts(state, experiment, form):
    """Of a form sent for an experiment that has started, what may still change: shown again as it was typed."""
    parts = {name: form[name] for name in ("name", "owner", "notes") if name in form}
    if state in LIVE:
        saved = shown(as_dict(experiment))
        for variant, sent in zip(saved["variants"], form["variants"], strict=False):
            variant["weight"] = sent.get("weight", variant["weight"])
        parts |= {"share": form.get("share", ""), "variants": saved["variants"], "secondary": saved["secondary"] + form["secondary"]}
    return parts


def after(form, wish):
    """The form with a row more or less: "add secondary", "remove variants[1].changes[0]", or "even" for equal weights."""
    word, _, path = wish.partition(" ")
    if word == "even" and form["variants"]:
        count = len(form["variants"])
        part = round(100 / count, 4)
        for each in form["variants"]:
            each["weight"] = f"{part:g}"
        form["variants"][0]["weight"] = f"{round(100 - part * (count - 1), 4):g}"
        return form
    steps = [STEP.fullmatch(each) for each in path.split(".")]
    if word not in ("add", "remove") or not all(steps):
        return form
    place = form
    for step in steps[:-1]:
        rows = place.get(step[1])
        if not isinstance(rows, list) or not step[2] or int(step[2]) >= len(rows):
            return form
        place = rows[int(step[2])]
    name, number = steps[-1][1], steps[-1][2]
    rows = place.setdefault(name, []) if name in NEW else None
    if rows is None:
        return form
    if word == "add":
        rows.append(deepcopy(NEW[name]))
    elif number and int(number) < len(rows):
        del rows[int(number)]
    return form


def at_fields(errors):
    """{field of the form: [BadExperiment, …]}: those of a list's items at the list, those of what a metric counts at `what`."""
    found = {}
    for error in errors:
        field = re.sub(r"(paths|channel|country|device)\[\d+\]$", r"\1", error.field)
        field = re.sub(r"^((?:primary|secondary\[\d+\]|guardrails\[\d+\]))\.(?:event|page|form|goal)$", r"\1.what", field)
        found.setdefault(field, []).append(of_weights(of_name(in_per_cent(field, error))))
    return found


def of_name(error):
    """An error of the key: where it is missing, it could not be made from the name either, as from a name in Hebrew."""
    if (error.field, error.text) != ("key", "is missing"):
        return error
    return BadExperiment("key", N_("is missing, and none can be made from this name; write one of small Latin letters, such as short-checkout"))


def of_weights(error):
    """An error of the weights' sum, in per cent as they are typed."""
    if error.field != "variants" or "total" not in error.values:
        return error
    return BadExperiment("variants", N_("have weights that add up to %(total)s%%; they must add up to 100%%"), total=f"{100 * float(error.values['total']):g}")


def in_per_cent(field, error):
    """An error of a field of the form that is typed as per cent, with its bounds in per cent too."""
    if field.rpartition(".")[2] not in PER_CENT or not {"least", "most"} <= error.values.keys():
        return error
    return BadExperiment(field, error.text, **error.values | {name: f"{100 * error.values[name]:g}" for name in ("least", "most")})


def slug(text):
    """A key from a name: small letters, digits and hyphens; "" when nothing of it can stand in a key.

    >>> slug("Shorter checkout, no coupon!")
    'shorter-checkout-no-coupon'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")


def whole(text):
    """A whole number as typed: "20,000".

    >>> whole("20,000"), whole("a few")
    (20000, 'a few')
    """
    plain = as_written(text).replace(",", "")
    return int(plain) if re.fullmatch(r"\d{1,12}", plain) else text


def per_cent(text):
    """A fraction from per cent as typed: "12.5", "12.5%", "12,5".

    >>> per_cent("12.5%"), per_cent("33,3"), per_cent("half")
    (0.125, 0.333, 'half')
    """
    plain = as_written(text).removesuffix("%").strip().replace(",", ".")
    return round(float(plain) / 100, 10) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", plain) else text


def as_written(text):
    """Without the spaces around it and the marks of direction that come along when a number is copied from a Hebrew page."""
    return text.translate(MARKS).strip()


# -- parts

def _metric(row):
    made = {"kind": row.get("kind", ""), "key": row.get("key") or _own_key(row), "name": row.get("name", "")}
    source = row.get("of") if row.get("of") in SOURCES else "event"
    made[source] = row.get("what", "").strip()
    if row.get("window_hours", "").strip():
        made["window_hours"] = whole(row["window_hours"])
    if row.get("direction"):
        made["direction"] = row["direction"]
    if "margin" in row:
        made["margin"] = per_cent(row["margin"])
    return made


def _own_key(row):
    return slug(f"{row.get('kind', '')} {row.get('what', '')}".replace("_", "-")) or "metric"


def _free(metric, taken):
    """The metric under a key that no other has."""
    key, number = metric["key"], 2
    while metric["key"] in taken:
        metric["key"], number = f"{key[:56]}-{number}", number + 1
    taken.add(metric["key"])
    return metric


def _shown_metric(metric):
    source = next((name for name in SOURCES if metric[name]), "event")
    row = {name: metric[name] for name in ("key", "name", "kind", "direction")}
    row |= {"of": source, "what": metric[source], "window_hours": str(metric["window_hours"])}
    return row | ({"margin": _as_per_cent(metric["margin"])} if metric["margin"] else {})


def _lines(text):
    return [line.strip() for line in re.split(r"[\n\r]+", text) if line.strip()]


def _as_per_cent(fraction):
    return f"{round(100 * fraction, 6):g}"
