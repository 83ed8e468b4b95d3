"""Experiments as JSON, the same from the API and the command line. Times are UTC milliseconds."""

from experiments import definition, register


def line(record):
    """One of a list."""
    experiment = record.experiment
    return {"key": record.key, "name": experiment.name, "state": record.state, "version": record.version,
            "owner": experiment.owner, "group": experiment.group, "created_at": record.created_at,
            "started_at": record.started_at, "stopped_at": record.stopped_at, "decided_at": record.decided_at,
            "decision": record.decision}


def whole(store, record):
    """An experiment with its definition, epochs and history."""
    return {**line(record), "definition": definition.as_dict(record.experiment), "slots": record.slots,
            "epochs": [{"epoch": epoch.number, "started_at": epoch.started_at, "weights": epoch.weights}
                       for epoch in register.epochs(store, record)],
            "history": [{"at": each.at, "who": each.who, "action": each.action, "detail": each.detail}
                        for each in register.history(store, record)]}


def checked(check):
    """What a launch check found."""
    return {"blockers": [_finding(each) for each in check.blockers], "warnings": [_finding(each) for each in check.warnings],
            "visitors_a_day": round(check.visitors_a_day, 1),
            "metrics": [{"key": each.metric.key, "kind": each.metric.kind, "n": each.n, "units": each.units,
                         "value": each.value, "deviation": each.deviation} for each in check.tried]}


def _finding(error):
    return {"field": error.field, "message": error.message}
