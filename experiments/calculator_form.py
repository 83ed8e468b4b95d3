"""The forms of the calculator: what a browser sends, as the fields of `netiv calc`. Pure.

Fields are named by their path in the case ("variants[1].visitors"), so that what is
wrong is shown at its field; experiments.form reads the names, adds and takes away
rows. Rates and weights are typed as per cent. What is left empty is left out, and
what cannot be read as a number stays a text: the calculator says what would be right.
"""

import json
import re

from experiments.form import as_written, in_per_cent, per_cent, whole
from experiments.reading import N_

RATES, MEANS = "rates", "means"
KINDS = (RATES, MEANS)
COUNTS = {RATES: ("visitors", "conversions"), MEANS: ("visitors", "sum", "sum_squares")}
STATES = {"running": N_("It still runs"), "final": N_("It reached its planned end"), "stopped": N_("It was stopped before its planned end")}
DIRECTIONS = {"up": N_("More is better"), "down": N_("Less is better")}
LABELS = {
    "key": N_("Name"), "visitors": N_("Visitors"), "conversions": N_("Conversions"), "sum": N_("Sum"), "sum_squares": N_("Sum of squares"),
    "weight": N_("Planned share, %"), "variants": N_("Variants"), "name": N_("What was counted"), "planned_visitors": N_("Planned visitors, in all variants"),
    "state": N_("Where the test stands"), "direction": N_("Which way is better"), "baseline": N_("Conversion rate today, %"), "mean": N_("Mean today"),
    "deviation": N_("Standard deviation"), "relative_mde": N_("Relative change worth finding, %"), "visitors_per_week": N_("Visitors a week"),
    "alpha": N_("Chance to see an effect that is not there, %"), "power": N_("Chance to find the effect that is there, %")}
FIRST = {"kind": RATES, "state": "running", "direction": "up", "alpha": "5", "variants": [{"key": "control"}, {"key": "b"}]}
FIRST_PLAN = {"kind": RATES, "relative_mde": "10", "alpha": "5", "power": "80", "variants": "2"}


def case(form):
    """The fields of one case, as calculator.case_of reads them and `netiv calc` takes them.

    >>> case({"kind": "rates", "state": "final", "variants": [{"key": "a", "visitors": "1,000", "conversions": "100", "weight": "50"}]})
    {'variants': [{'key': 'a', 'visitors': 1000, 'conversions': 100}], 'weights': [0.5], 'final': True}
    """
    counts = COUNTS[kind(form)]
    made = {"name": form.get("name", "").strip(), "variants": [_given({"key": each.get("key", "").strip()} | {
        name: _amount(each.get(name, "")) if name.startswith("sum") else whole(each.get(name, "")) for name in counts}) for each in form["variants"]]}
    made["planned_visitors"] = whole(form.get("planned_visitors", ""))
    weights = [each.get("weight", "") for each in form["variants"]]
    if any(each.strip() for each in weights):
        made["weights"] = [per_cent(each) for each in weights]
    made |= {name: True for name in ("final", "stopped") if form.get("state") == name}
    made["direction"] = "" if form.get("direction") == "up" else form.get("direction", "")
    made["alpha"] = "" if form.get("alpha") == FIRST["alpha"] else per_cent(form.get("alpha", ""))
    return _given(made)


def plan(form):
    """The fields of a plan, as calculator.plan_of reads them and `netiv calc` takes them under `plan`.

    >>> plan({"baseline": "3", "relative_mde": "-10", "alpha": "5", "power": "80", "variants": "2"})
    {'baseline': 0.03, 'relative_mde': -0.1, 'alpha': 0.05, 'power': 0.8, 'variants': 2}
    """
    of = ("mean", "deviation") if kind(form) == MEANS else ("baseline",)
    made = {name: per_cent(form.get(name, "")) if name == "baseline" else _amount(form.get(name, "")) for name in of}
    change = form.get("relative_mde", "").strip().replace("\u2212", "-")
    size = per_cent(change.removeprefix("-"))
    made["relative_mde"] = -size if change.startswith("-") and isinstance(size, float) else size
    made |= {name: per_cent(form.get(name, "")) for name in ("alpha", "power")}
    made |= {name: whole(form.get(name, "")) for name in ("variants", "visitors_per_week")}
    return _given(made)


def as_json(fields):
    """The fields as a JSON text, a variant to a line.

    >>> print(as_json({"variants": [{"key": "a"}, {"key": "b"}], "final": True}))
    {"variants": [
       {"key": "a"},
       {"key": "b"}],
     "final": true}
    """
    def text(value):
        return json.dumps(value, ensure_ascii=False)

    return "{" + ",\n ".join(f"{text(name)}: " + ("[\n   " + ",\n   ".join(map(text, value)) + "]" if name == "variants" else text(value))
                            for name, value in fields.items()) + "}"


def kind(form):
    """What was counted: RATES unless MEANS is said."""
    return MEANS if form.get("kind") == MEANS else RATES


def at_fields(errors):
    """{field of the form: [BadExperiment, …]}: those of one weight at its variant, of all weights at the variants."""
    found = {}
    for error in errors:
        field = re.sub(r"^weights(\[\d+\])$", r"variants\1.weight", error.field)
        found.setdefault("variants" if field == "weights" else field, []).append(in_per_cent(field, error))
    return found


def place(field):
    """What the pages call a field, a msgid.

    >>> place("variants[3].visitors"), place("variants")
    ('Visitors', 'Variants')
    """
    return LABELS.get(field.rpartition(".")[2], field)


def _given(fields):
    return {name: value for name, value in fields.items() if str(value).strip()}


def _amount(text):
    """A number that may be negative or broken: "-12.5", "1,234.5".

    >>> _amount("1,234.5"), _amount("-3"), _amount("1e-3"), _amount("a few")
    (1234.5, -3, 0.001, 'a few')
    """
    plain = as_written(text).replace("\u2212", "-")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if re.fullmatch(r"-?\d{1,30}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", plain) else text
