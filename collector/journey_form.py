"""The form of a journey: what a browser sends, as the mapping that stages.read() takes. Pure.

A field's name is its path in the definition ("stages[1].touchpoints[0].name"), so
that what is wrong is shown at its field. Beside it a form says of each part its
place, of a touchpoint its stage, and what is to be removed or added. What comes
out is in its new order already: the form is shown again from it.
"""

import re

from collector import presets
from collector.fields import N_
from collector.stages import MOST_RULES

EMPTY_RULES = 2  # places for further ones
STEP = re.compile(r"([a-z_]+)(?:\[(\d{1,2})\])?")
WORDS = {
    "channel": N_("Channel"), "source": N_("Source"), "campaign": N_("Campaign"), "referral": N_("Link on another site"),
    "repeat_visit": N_("Repeat visit"), "contact": N_("Contact outside the page"), "page": N_("Page"), "group": N_("Page group"),
    "event": N_("Event"), "goal": N_("Goal"), "form": N_("Form"), "order": N_("Placed order"), "repeat_order": N_("Repeat order"),
    "share": N_("Share of a page"), "answer": N_("Answer to a survey")}


def typed(pairs):
    """The mapping that a form means. Takes (name, value) pairs; names that no path has are passed over."""
    form = {"stages": []}
    for name, value in pairs:
        _put(form, name, value.strip())
    touchpoints = [(touchpoint, stage) for stage in form["stages"] for touchpoint in _parts(stage, "touchpoints")]
    kept = _in_place([stage for stage in form["stages"] if stage and not stage.get("remove")])
    stages = [_stage(stage, [touchpoint for touchpoint, home in touchpoints if _belongs(touchpoint, home, stage)]) for stage in kept]
    keys = {stage["key"] for stage in stages}
    if form.get("new_stage"):
        stages.append({"key": _key(form["new_stage"], "stage", keys), "name": form["new_stage"], "touchpoints": []})
    _add_touchpoints(stages, kept)
    return {"key": form.get("key", ""), "name": form.get("name", ""), "stages": stages}


def offered(mapping):
    """Typical touchpoints that a journey has not, by the place of the stage they belong to: [[(key, msgid), …], …]."""
    have = {touchpoint.get("key") for stage in mapping["stages"] for touchpoint in stage["touchpoints"]}
    typical = {}
    for stages in presets.STAGES.values():
        for key, _, touchpoints in stages:
            typical.setdefault(key, touchpoints)
    return [[(key, presets.TYPICAL[key][0]) for key in typical.get(stage.get("key"), ()) if key not in have]
            for stage in mapping["stages"]]


def _put(form, name, value):
    """Sets what a path names within the form; lists grow as far as they are spoken of."""
    steps = [STEP.fullmatch(each) for each in name.split(".")]
    if not all(steps) or len(steps) > 4:
        return
    here = form
    for step in steps[:-1]:
        if step[2] is None:
            return
        parts = here.setdefault(step[1], [])
        if not isinstance(parts, list):
            return
        while len(parts) <= int(step[2]):
            parts.append({})
        here = parts[int(step[2])]
    last = steps[-1][1]
    if last == "typical":
        here.setdefault(last, []).append(value)
    elif not isinstance(here.get(last), list):
        here[last] = value


def _parts(stage, name):
    found = stage.get(name)
    return [part for part in found if part] if isinstance(found, list) else []


def _belongs(touchpoint, home, stage):
    """Whether a touchpoint stands in that stage: the one it was moved to, else its own."""
    if touchpoint.get("remove"):
        return False
    wanted = touchpoint.get("stage") or home.get("key")
    return stage.get("key") == wanted


def _stage(stage, touchpoints):
    return _numbered({"key": stage.get("key", ""), "name": stage.get("name", ""),
                      "touchpoints": [_touchpoint(each) for each in _in_place(touchpoints)]}, stage)


def _touchpoint(part):
    rules = [{"kind": rule.get("kind", ""), "value": rule.get("value", "")} for rule in _parts(part, "rules")
             if rule.get("kind") or rule.get("value")]
    return _numbered({"key": part.get("key", ""), "name": part.get("name", ""), "rules": rules}, part)


def _numbered(found, part):
    number = part.get("number", "")
    return {"number": int(number), **found} if re.fullmatch("[1-9][0-9]{0,5}|1000000", number) else found


def _in_place(parts):
    """Parts in the order of the places typed; what has none, or none that is a number, keeps its own after those before it."""
    return sorted(parts, key=lambda part: float(place) if re.fullmatch(r"\d{1,4}(\.\d+)?", place := part.get("place", "")) else 9999)


def _add_touchpoints(stages, forms):
    """The typical ones that were ticked, and the one that was named."""
    keys = {touchpoint["key"] for stage in stages for touchpoint in stage["touchpoints"]}
    used = {(rule["kind"], rule["value"]) for stage in stages for touchpoint in stage["touchpoints"] for rule in touchpoint["rules"]}
    for stage, form in zip(stages, forms):
        for key in form.get("typical", ()):
            if key in presets.TYPICAL and key not in keys:
                name, rules = presets.TYPICAL[key]
                keys.add(key)
                stage["touchpoints"].append({"key": key, "name": name, "rules": [
                    {"kind": rule.kind, "value": rule.value} for rule in rules if (rule.kind, rule.value) not in used][:MOST_RULES]})
        if name := form.get("new"):
            key = _key(name, "touchpoint", keys)
            keys.add(key)
            stage["touchpoints"].append({"key": key, "name": name, "rules": []})


def _key(name, word, taken):
    """A key made from a name: its Latin letters and digits, or the word; with a number when it is taken.

    >>> _key("Our Fair!", "touchpoint", {"our-fair"}), _key("יריד", "touchpoint", set())
    ('our-fair-2', 'touchpoint')
    """
    key = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:36].strip("-") or word
    return next(each for each in (key, *(f"{key}-{number}" for number in range(2, 200))) if each not in taken)
