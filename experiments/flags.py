"""What an experiment is to a program that asks which variant to show: a flag. Pure; ofrep.py answers with it.

    decided for a variant                    that variant           STATIC
    draft, paused, stopped, decided else     the control            DISABLED
    running, not for this unit               the control            STATIC
    running, assigned by the unit's place    its variant            SPLIT
    the same, one variant having all         that variant           TARGETING_MATCH
"""

from dataclasses import dataclass

from experiments.assignment import variant_for

SHOWN = ("running", "paused", "stopped", "decided", "archived")  # a draft is nobody's business yet


@dataclass(frozen=True)
class Answer:
    variant: str  # its key
    reason: str  # OpenFeature's
    takes_part: bool  # whether seeing it is an exposure


def evaluate(record, unit, context):
    """The Answer for a unit. `context` is {attribute: value}: what the audience asks for, consent."""
    experiment = record.experiment
    control = experiment.variants[0].key
    if record.decision and record.decision["decision"] == "ship":
        return Answer(record.decision["variant"], "STATIC", False)
    if record.state != "running":
        return Answer(control, "DISABLED", False)
    if not meets(experiment, context):
        return Answer(control, "STATIC", False)
    place = variant_for(record.split, unit)
    if place is None:
        return Answer(control, "STATIC", False)
    return Answer(experiment.variants[place].key, "TARGETING_MATCH" if max(experiment.weights) == 1 else "SPLIT", True)


def meets(experiment, context):
    """Whether somebody of this context is of the audience. What the audience asks for and the context does not say, is not."""
    audience = experiment.audience
    name, _, value = audience.parameter.partition("=")
    return ((context.get("consent") is True or not experiment.needs_consent)
            and all(not wanted or context.get(attribute) in wanted for attribute, wanted in
                    (("device", audience.device), ("channel", audience.channel), ("country", audience.country)))
            and audience.visitors in ("all", context.get("visitors"))
            and (not name or context.get(name) == value))


def about(record):
    """What is said of an experiment beside its variant: OFREP's flag metadata."""
    return {"experiment": record.key, "state": record.state, "version": record.version}


def offline(record):
    """All that netiv_variant.py needs to answer as evaluate() does."""
    experiment, split, audience = record.experiment, record.split, record.experiment.audience
    shipped = record.decision["variant"] if record.decision else ""
    return {"key": record.key, "state": record.state, "version": record.version, "shipped": shipped,
            "variants": [variant.key for variant in experiment.variants], "needs_consent": experiment.needs_consent,
            "audience": {"device": audience.device, "channel": audience.channel, "country": audience.country,
                         "visitors": audience.visitors, "parameter": audience.parameter},
            "ranges": split.ranges, "group": split.group, "slots": split.slots}
