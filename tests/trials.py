"""Experiments put straight into the store for tests of the loader, and what must be kept of them, counted by plain loops."""

import json
from collections import defaultdict
from datetime import date, datetime

EPOCH = date(1970, 1, 1).toordinal()
HOUR, DAY = 3_600_000, 86_400_000
PURCHASE = {"key": "purchase", "kind": "conversion", "event": "purchase", "window_hours": 72}
REVENUE = {"key": "revenue", "kind": "revenue", "event": "purchase", "window_hours": 72}
VALUE = {"key": "value", "kind": "order_value", "event": "purchase", "window_hours": 2}
TIME = {"key": "time", "kind": "time", "page": "/thanks*", "window_hours": 24}
ERRORS = {"key": "errors", "kind": "form_errors", "form": "checkout", "window_hours": 24}
GIVEN_UP = {"key": "given-up", "kind": "abandonment", "form": "checkout", "window_hours": 1}
PLAYS = {"key": "plays", "kind": "count", "event": "play", "window_hours": 24}
EVERY = (PURCHASE, REVENUE, VALUE, TIME, ERRORS, GIVEN_UP, PLAYS)


def start(store, site, started_at, key="short-checkout", metrics=EVERY, variants=("control", "short"), epochs=None):
    """A running experiment; gives its id."""
    with store.facts as db:
        number = db["experiments"].insert({"site_id": site.id, "key": key, "definition": _definition(key, metrics, variants),
                                           "state": "running", "version": 1, "created_at": started_at,
                                           "started_at": started_at}).last_pk
        for epoch, at in enumerate(epochs or [started_at]):
            db["experiment_epochs"].insert({"experiment_id": number, "epoch": epoch, "started_at": at, "weights": "[]"})
    return number


def _definition(key, metrics, variants):
    return json.dumps({"key": key, "variants": [{"key": each, "weight": 1 / len(variants)} for each in variants],
                       "primary": metrics[0], "secondary": list(metrics[1:])})


def measure(store, experiment, metrics, key="short-checkout", variants=("control", "short")):
    """Gives an experiment other metrics."""
    with store.facts as db:
        db["experiments"].update(experiment, {"definition": _definition(key, metrics, variants)})


def pause(store, experiment, at, action="paused"):
    with store.facts as db:
        db["experiment_history"].insert({"experiment_id": experiment, "at": at, "who": "tests", "action": action,
                                         "detail": "{}"})
        db["experiments"].update(experiment, {"state": "paused" if action == "paused" else "running"})


def stop(store, experiment, at):
    with store.facts as db:
        db["experiments"].update(experiment, {"state": "stopped", "stopped_at": at})


# -- counted anew

def kept(store):
    """What stands in the four tables, as sets of rows."""
    with store.facts as db:
        return {table: {tuple(row.values()) for row in db.query(f"select * from {table}")}
                for table in ("exposures", "outcomes", "exposure_days", "outcome_days")}


def counted(store, site, experiment, open=((0, None),)):
    """The same counted from raw events; `open` are the spans in which exposures counted."""
    with store.facts as db:
        names = {row["id"]: row["text"] for row in db.query("select id, text from names")}
        pages = {row["id"]: row["path"] for row in db.query("select id, path from pages")}
        sessions = {row["id"]: row for row in db.query("select * from sessions where site_id = ?", [site.id])}
        row = next(db.query("select * from experiments where id = ?", [experiment]))
        epochs = [each["started_at"] for each in db.query(
            "select started_at from experiment_epochs where experiment_id = ? order by epoch", [experiment])]
        known_before = {(each["experiment_id"], each["unit"]): each["seen_before"] for each in db["exposures"].rows}
        people = defaultdict(list)
        for event in db.query("select * from events where site_id = ? order by at", [site.id]):
            event["at"] -= _late(event)
            event |= {"page": pages[event["page"]], "name": names[event["name"]], "label": names[event["label"]]}
            people[sessions[event["session_id"]]["visitor_id"]].append(event)
    for events in people.values():
        events.sort(key=lambda event: event["at"])
    definition = json.loads(row["definition"])
    variants = [variant["key"] for variant in definition["variants"]]
    tables = {"exposures": set(), "outcomes": set(), "exposure_days": defaultdict(lambda: [0, 0]),
              "outcome_days": defaultdict(lambda: [0, 0, 0, 0])}
    for visitor, events in people.items():
        seen = sorted((event["value"], variants.index(event["label"]), event["session_id"]) for event in events
                      if event["type"] == 12 and event["name"] == row["key"] and event["label"] in variants
                      and any(start <= event["value"] and (end is None or event["value"] < end) for start, end in open))
        if not seen:
            continue
        at, variant, session_id = seen[0]
        session = sessions[session_id]
        multiple = int(len({each for _, each, _ in seen}) > 1)
        day = datetime.fromtimestamp(at / 1000, site.zone).toordinal() - EPOCH
        epoch = max([number for number, start in enumerate(epochs) if start <= at], default=0)
        # An older day that comes later does not change what the visitor was taken for.
        before = known_before.get((experiment, visitor), int(session["previous_day"] is not None))
        segments = {"": 0, **{name: session[name] for name in ("device", "browser", "channel", "country")},
                    "seen_before": before}
        tables["exposures"].add((experiment, visitor, variant, at, day, epoch, session_id, multiple,
                                 *list(segments.values())[1:]))
        values = {}
        if not multiple:
            for metric in (definition["primary"], *definition["secondary"]):
                values |= _values(metric, at, events, before)
        tables["outcomes"] |= {(experiment, measure, visitor, variant, value, first)
                               for measure, (value, first) in values.items()}
        for segment, value in segments.items():
            key = experiment, segment, value, epoch, day, variant
            tables["exposure_days"][key][multiple] += 1
            for measure, numbers in _sums(definition, at, values, segment):
                sums = tables["outcome_days"][*key, measure]
                sums[0] += 1
                sums[1] += numbers[0]
                sums[2] += numbers[1] >> 40
                sums[3] += numbers[1] & (1 << 40) - 1
    return {name: found if isinstance(found, set) else {(*key, *numbers) for key, numbers in found.items()}
            for name, found in tables.items()}


def _late(event):
    """How long before its `at` it happened."""
    if event["type"] == 6:
        return json.loads(event["detail"] or "{}").get("late_ms", 0)
    return {1: event["x"], 9: event["x"], 5: event["value"]}.get(event["type"]) or 0


def _values(metric, exposed_at, events, seen_before):
    """{measure: (value, at of the first event)} of one visitor and metric."""
    window = metric["window_hours"] * HOUR
    found = {}
    inside = [event for event in events if exposed_at <= event["at"] < exposed_at + window]
    hits = [event for event in inside if _hits(metric, event)]
    kind, key = metric["kind"], metric["key"]
    if kind in ("conversion", "abandonment"):
        found["converted"] = [(1, event["at"]) for event in hits[:1]]
    elif kind == "count":
        found["count"] = [(1, event["at"]) for event in hits]
    elif kind in ("revenue", "order_value"):
        found["revenue"] = [(event["value"], event["at"]) for event in hits if event["value"]]
        if kind == "order_value":
            found["orders"] = [(1, event["at"]) for event in hits]
    elif kind == "time":
        found["time_ms"] = [(event["at"] - exposed_at, event["at"]) for event in hits[:1]]
    else:
        fields = [event for event in inside if event["type"] == 6 and event["name"] == metric["form"]]
        touched = fields + [event for event in inside if event["type"] == 5 and event["name"] == metric["form"]
                            and event["x"] != 1]
        found["form_errors"] = [(1, event["at"]) for event in fields if event["value"] is None]
        found["form_starts"] = [(1, min(event["at"] for event in touched))] if touched else []
    if seen_before and kind in ("conversion", "abandonment", "count", "revenue"):
        earlier = [event for event in events if exposed_at - 30 * DAY <= event["at"] < exposed_at and _hits(metric, event)]
        if kind == "revenue":
            found["before"] = [(event["value"], event["at"]) for event in earlier if event["value"]]
        else:
            found["before"] = [(1, event["at"]) for event in earlier][:None if kind == "count" else 1]
    return {f"{what}:{key}": (sum(value for value, _ in amounts), min(at for _, at in amounts))
            for what, amounts in found.items() if amounts}


def _hits(metric, event):
    if "form" in metric:
        return event["type"] == 5 and event["x"] == 3 and event["name"] == metric["form"]
    if "page" in metric:
        return event["type"] == 1 and event["page"].startswith(metric["page"].rstrip("*"))
    return event["type"] == 9 and event["name"] == metric["event"] and not (
        event["name"] == "purchase" and event["value"] is None)


def _sums(definition, exposed_at, values, segment):
    """(measure, (total, square)) of one visitor."""
    for measure, (value, _) in values.items():
        yield measure, (value, value * value)
    for metric in (definition["primary"], *definition["secondary"]):
        kind, key = metric["kind"], metric["key"]
        pairs = {"order_value": [("cross", "revenue", "orders")], "form_errors": [("cross", "form_errors", "form_starts")],
                 "count": [("cross_before", "count", "before")], "revenue": [("cross_before", "revenue", "before")],
                 "time": []}.get(kind, [("cross_before", "converted", "before")])
        for name, one, other in pairs:
            one, other = values.get(f"{one}:{key}"), values.get(f"{other}:{key}")
            if one and other:
                yield f"{name}:{key}", (0, one[0] * other[0])
        if segment == "" and f"converted:{key}" in values:
            yield f"day{(values[f'converted:{key}'][1] - exposed_at) // DAY}:{key}", (0, 0)
