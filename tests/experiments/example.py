"""An experiment as somebody would define it, for tests to change; and a pain point that it may be for."""

import copy

DEFINITION = {
    "key": "short-checkout", "name": "Shorter checkout", "hypothesis": "Fewer fields, more orders", "owner": "Dana",
    "where": {"paths": ["/checkout*"]}, "audience": {"device": ["mobile"], "country": ["il"], "parameter": "utm_source=news"},
    "variants": [
        {"key": "control", "weight": 0.5},
        {"key": "short", "name": "Without coupon", "weight": 0.5, "changes": [
            {"kind": "remove", "selector": "#coupon"},
            {"kind": "html", "selector": "h1", "value": "<b>תשלום</b> בטוח"},
            {"kind": "attribute", "selector": "#phone", "name": "placeholder", "value": "050-0000000"},
            {"kind": "style", "selector": ".pay", "name": "background-color", "value": "green"},
            {"kind": "order", "selector": "#address", "name": "after", "value": "#email"}]}],
    "primary": {"key": "bought", "kind": "conversion", "event": "purchase"},
    "secondary": [{"kind": "revenue"}, {"key": "errors", "kind": "form_errors", "form": "checkout"}],
    "guardrails": [{"key": "gave-up", "kind": "abandonment", "form": "checkout", "margin": 0.02}],
    "plan": {"visitors": 20000, "until": "2027-03-01"},
}


def made(**changed):
    """A definition of one's own, with other parts at its top."""
    mapping = copy.deepcopy(DEFINITION)
    for name, value in changed.items():
        mapping[name] = value
    return mapping


def with_change(**change):
    """The definition with one change of its second variant."""
    mapping = made()
    mapping["variants"][1]["changes"] = [change]
    return mapping


def with_weights(*weights):
    mapping = made()
    for variant, weight in zip(mapping["variants"], weights, strict=True):
        variant["weight"] = weight
    return mapping


def pain_point(store, site):
    """The number of a pain point that somebody took on."""
    with store.facts as db:
        return db["pain_points"].insert({
            "site_id": site.id, "key": "slow /cart", "kind": "slow", "page": "/cart", "what": "", "label": "", "form": "", "title": "", "status": "open",
            "owner": "", "released_on": "", "experiment": "", "created_at": 1, "created_by": "dana"}).last_pk


def backlog_says(store, number):
    """(the experiment a point names, its notes as (who, text))."""
    with store.facts as db:
        point, = db.query("select experiment from pain_points where id = ?", [number])
        return point["experiment"], [(row["who"], row["text"]) for row in db.query("select who, text from pain_notes where point_id = ? order by id", [number])]
