"""The experiments of a site in the store: their definition, state, history, epochs and decision.

Every change is one transaction with its line of history. Whoever changes says
which `version` they saw; when it is not the latest any more, nothing is saved.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

from collector import points
from experiments import assignment, audiences, definition, goals
from experiments.definition import LIVE, Experiment
from experiments.reading import BadExperiment, N_, Stale

ACTIONS = (N_("defined"), N_("changed"), N_("started"), N_("paused"), N_("resumed"), N_("stopped"), N_("decided"), N_("archived"))
# what is done: (states it may be done in, the state afterwards)
STEPS = {"started": (("draft",), "running"), "paused": (("running",), "paused"), "resumed": (("paused",), "running"),
         "stopped": (LIVE, "stopped"), "decided": (("stopped",), "decided"), "archived": (("decided",), "archived")}
DECISIONS = ("ship", "keep_control", "rerun")


@dataclass(frozen=True)
class Record:
    """An experiment with what happened to it. Times are UTC milliseconds or None."""

    id: int
    site_id: int
    experiment: Experiment
    state: str
    version: int
    created_at: int
    started_at: int | None
    stopped_at: int | None
    decided_at: int | None
    slots: tuple  # of its group's line; () without a group, and before it starts
    decision: dict | None  # decision, variant (its key, when shipped), reason, who
    cap: dict | None  # metric key: amount, frozen at the first look

    @property
    def key(self):
        return self.experiment.key

    @property
    def split(self):
        """How it divides its units: what assignment.variant_for() takes."""
        return assignment.Split(self.key, assignment.divide(self.experiment.weights, 1.0 if self.slots else self.experiment.share),
                                assignment.group_seed(self.experiment.group), self.slots)


@dataclass(frozen=True)
class Line:
    """One line of history. `detail` is {field: [before, after]} for a change; else what the action needs."""

    at: int
    who: str
    action: str
    detail: dict


@dataclass(frozen=True)
class Epoch:
    number: int
    started_at: int
    weights: tuple[float, ...]


def all_of(store, site, search="", states=definition.STATES):
    """Records of a site, latest first; with `search` those that hold every word of it in a text of theirs."""
    words = search.lower().split()
    records = [_record(row) for row in store.ask("experiments/experiments", site=site.id, key=None)]
    return [record for record in records if record.state in states and all(word in _texts(record) for word in words)]


def by_key(store, site, key):
    """The Record with that key, or None."""
    return next((_record(row) for row in store.ask("experiments/experiments", site=site.id, key=key)), None)


def history(store, record):
    """Lines, latest first."""
    return [Line(row.at, row.who, row.action, json.loads(row.detail))
            for row in store.ask("experiments/history", experiment=record.id)]


def epochs(store, record):
    """Epochs in order; none before the start."""
    return [Epoch(row.epoch, row.started_at, tuple(json.loads(row.weights)))
            for row in store.ask("experiments/epochs", experiment=record.id)]


def add(store, site, mapping, who, now=None):
    """Adds a draft and gives its Record. Raises BadExperiment."""
    now = now or _now()
    experiment = definition.read(mapping, site.domain, begins=_date(now, site))
    goals.check(store, site, experiment)
    audiences.check(store, site, experiment)
    with store.facts as db:
        if _row(db, site, experiment.key):
            raise BadExperiment("key", N_("%(typed)s is used by another experiment of this site; choose another"),
                                typed=experiment.key)
        made = db["experiments"].insert({"site_id": site.id, "key": experiment.key, "definition": _json(experiment),
                                         "state": "draft", "version": 1, "created_at": now}).last_pk
        _note(db, made, now, who, "defined", {})
    return by_key(store, site, experiment.key)


def change(store, site, key, mapping, version, who, now=None):
    """Changes the definition, in a state that lets it, and gives the new Record. Raises BadExperiment, Stale.

    Other weights while it runs open a new epoch: what was counted before is never pooled with what comes after.
    Another metric is counted from the start on: the loader is asked to count anew.
    """
    now = now or _now()
    with store.facts as db:
        record = _found(db, site, key, version)
        begins = _date(record.started_at or now, site)
        experiment = definition.read({"key": key, **mapping} if isinstance(mapping, dict) else mapping, site.domain, begins)
        definition.check_change(record.state, record.experiment, experiment)
        goals.check(store, site, experiment, record.experiment)
        audiences.check(store, site, experiment)
        detail = {field: list(pair) for field, pair in definition.differences(record.experiment, experiment).items()}
        if not detail:
            return record
        row = {"definition": _json(experiment), "version": record.version + 1}
        if record.state in LIVE and experiment.share != record.experiment.share:
            row["slots"] = json.dumps(_slots(db, site, experiment, record.id, record.slots))
        if record.state in LIVE and experiment.weights != record.experiment.weights:
            detail["epoch"] = [None, _open_epoch(db, record.id, now, experiment)]
        if record.state in LIVE and experiment.metrics != record.experiment.metrics:
            db["recounts"].upsert({"experiment_id": record.id, "asked_at": now, "after": None, "units": 0}, pk="experiment_id")
        db["experiments"].update(record.id, row)
        _note(db, record.id, now, who, "changed", detail)
    return by_key(store, site, key)


def start(store, site, key, who, version=None, now=None, unchecked=False, blockers=lambda record: ()):
    """Starts a draft that has what a test needs. Raises BadExperiment, Stale. See launch.start(), which looks around first.

    `blockers` gives errors that stand in its way at the very moment: nobody else starts anything meanwhile.
    """
    now = now or _now()
    with store.facts as db:
        record = _step(db, site, key, version, "started")
        experiment = definition.read(definition.as_dict(record.experiment), site.domain, begins=_date(now, site))
        errors = [*(BadExperiment(field, text) for field, text in missing(experiment)), *blockers(record)]
        if errors:
            raise BadExperiment.of(errors)
        goals.check(store, site, experiment)
        slots = _slots(db, site, experiment, record.id)
        _move(db, record, now, who, "started", {"unchecked": True} if unchecked else {},
              started_at=now, slots=json.dumps(slots))
        _open_epoch(db, record.id, now, experiment)
    return by_key(store, site, key)


def pause(store, site, key, who, version=None, now=None):
    """Nobody is assigned any more, for a while; those exposed before are followed on."""
    return _plain_step(store, site, key, who, version, now, "paused")


def resume(store, site, key, who, version=None, now=None):
    return _plain_step(store, site, key, who, version, now, "resumed")


def stop(store, site, key, who, version=None, now=None):
    """Ends it for good: everybody sees the control until something is decided."""
    return _plain_step(store, site, key, who, version, now, "stopped", "stopped_at")


def decide(store, site, key, who, decision, reason, variant="", version=None, now=None):
    """Writes down what was decided: ship (which variant), keep_control or rerun, and why. Raises BadExperiment, Stale."""
    now, reason = now or _now(), " ".join(reason.split())
    with store.facts as db:
        record = _step(db, site, key, version, "decided")
        treatments = [each.key for each in record.experiment.variants[1:]]
        if decision not in DECISIONS:
            raise BadExperiment("decision", N_("%(typed)s is unknown; write one of %(choices)s"), typed=decision or "-",
                                choices=", ".join(DECISIONS))
        if not 1 <= len(reason) <= 2000:
            raise BadExperiment("reason", N_("is missing or longer than 2000 characters; write why, for those who read it in a year"))
        if decision == "ship":
            variant = variant or (treatments[0] if len(treatments) == 1 else "")
            if variant not in treatments:
                raise BadExperiment("variant", N_("%(typed)s is unknown; write one of %(choices)s"), typed=variant or "-",
                                    choices=", ".join(treatments))
        made = {"decision": decision, "variant": variant if decision == "ship" else "", "reason": reason, "who": who}
        _move(db, record, now, who, "decided", made, decided_at=now, decision=json.dumps(made, ensure_ascii=False))
    return by_key(store, site, key)


def archive(store, site, key, who, version=None, now=None):
    """Takes it out of the lists of what is going on; everything stays readable."""
    return _plain_step(store, site, key, who, version, now, "archived")


def remove(store, site, key, who):
    """Deletes a draft, which nobody ever saw; a pain point that named it is free again. Raises BadExperiment for all others."""
    with store.facts as db:
        record = _found(db, site, key)
        if record.state != "draft":
            raise BadExperiment("state", N_("is %(state)s; only a draft may be deleted, others are archived"), state=record.state)
        db["experiments"].delete(record.id)
        points.freed(db, site, key, who)


def missing(experiment):
    """(field, sentence) of everything a test cannot start without, though a draft may be saved so."""
    if experiment.primary is None:
        yield "primary", N_("is missing; choose the one metric that decides")
    if not experiment.plan.visitors and not experiment.plan.until:
        yield "plan.visitors", N_("is missing; plan a number of visitors or an end date before the first look")
    elif experiment.plan.looks != "fixed" and not experiment.plan.visitors:
        yield "plan.visitors", N_("is missing; the rule for looking early is made from the number of visitors planned")


def free_share(store, site, group, but=None):
    """How much of a group's line is free, leaving out the experiment `but` (a Record)."""
    return assignment.free_share(_taken(
        (each.slots for each in all_of(store, site, states=LIVE) if each.experiment.group == group and each != but)))


def _plain_step(store, site, key, who, version, now, action, column=None):
    now = now or _now()
    with store.facts as db:
        record = _step(db, site, key, version, action)
        _move(db, record, now, who, action, {}, **({column: now} if column else {}))
    return by_key(store, site, key)


def _step(db, site, key, version, action):
    """The Record, when `action` may be done in its state."""
    record = _found(db, site, key, version)
    states, _ = STEPS[action]
    if record.state not in states:
        raise BadExperiment("state", N_("is %(state)s; this is done to one that is %(choices)s"), state=record.state,
                            choices=", ".join(states))
    return record


def _found(db, site, key, version=None):
    row = _row(db, site, key)
    if not row:
        raise BadExperiment("key", N_("%(typed)s is no experiment of this site"), typed=str(key)[:60])
    if version is not None and row["version"] != version:
        last = next(db.query("select at, who from experiment_history where experiment_id = ? order by id desc limit 1",
                             [row["id"]]))
        raise Stale("version", N_("is %(seen)s, and now it is %(version)s: %(who)s changed it at %(at)s. "
                                  "Nothing was saved; look at it again first"),
                    seen=version, version=row["version"], who=last["who"],
                    at=datetime.fromtimestamp(last["at"] / 1000, site.zone).strftime("%Y-%m-%d %H:%M"))
    return _record(SimpleNamespace(**row))


def _move(db, record, now, who, action, detail, **columns):
    db["experiments"].update(record.id, {"state": STEPS[action][1], "version": record.version + 1, **columns})
    _note(db, record.id, now, who, action, detail)


def _note(db, experiment_id, now, who, action, detail):
    db["experiment_history"].insert({"experiment_id": experiment_id, "at": now, "who": who, "action": action,
                                     "detail": json.dumps(detail, ensure_ascii=False)})


def _open_epoch(db, experiment_id, now, experiment):
    """Begins the next epoch and gives its number."""
    number = db.execute("select count(*) from experiment_epochs where experiment_id = ?", [experiment_id]).fetchone()[0]
    db["experiment_epochs"].insert({"experiment_id": experiment_id, "epoch": number, "started_at": now,
                                    "weights": json.dumps(experiment.weights)})
    return number


def _slots(db, site, experiment, experiment_id, own=()):
    """Its part of the group's line beside the others that run, () without a group. Raises BadExperiment: not enough is free."""
    if not experiment.group:
        return ()
    others = [_record(SimpleNamespace(**row)) for row in db.query(
        "select * from experiments where site_id = ? and id <> ? and state in ('running', 'paused')", [site.id, experiment_id])]
    taken = _taken(each.slots for each in others if each.experiment.group == experiment.group)
    slots = assignment.free_slots(taken, experiment.share, own)
    if slots is None:
        raise BadExperiment("share", N_("is %(share)s, and of the group %(group)s only %(free)s is free; write at most that, "
                                        "or stop another of its experiments"),
                            share=f"{experiment.share:g}", group=experiment.group, free=f"{assignment.free_share(taken):g}")
    return slots


def _taken(slots):
    return [part for each in slots for part in each]


def _row(db, site, key):
    return next(db.query("select * from experiments where site_id = ? and key = ?", [site.id, key]), None)


def _record(row):
    return Record(row.id, row.site_id, definition.restore(json.loads(row.definition)), row.state, row.version, row.created_at,
                  row.started_at, row.stopped_at, row.decided_at, tuple(tuple(part) for part in json.loads(row.slots)),
                  json.loads(row.decision) if row.decision else None, json.loads(row.cap) if row.cap else None)


def _texts(record):
    """What a search looks through."""
    experiment = record.experiment
    return " ".join((experiment.key, experiment.name, experiment.hypothesis, experiment.owner, experiment.notes,
                     (record.decision or {}).get("reason", ""))).lower()


def _json(experiment):
    return json.dumps(definition.as_dict(experiment), ensure_ascii=False)


def _date(at, site):
    return datetime.fromtimestamp(at / 1000, site.zone).date()


def _now():
    return int(time.time() * 1000)
