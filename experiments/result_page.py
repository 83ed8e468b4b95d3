"""The result of an experiment arranged for its page: which sentence, which row, where each bar stands.

Everything is chosen here and in the result_ modules beside it, in the reader's
language, so that the templates only print.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import locale
from collector.exclusions import REASONS
from experiments import computed, drawn, sentences, words
from experiments import result_effects as effects
from experiments import result_facts as facts
from experiments import result_health as health
from experiments import result_readings as readings
from experiments.result_effects import Effects
from experiments.words import ATTENTION, BAD, GOOD, PLAIN

TONES = {"better": GOOD, "worse": BAD, "review": ATTENTION, "unusable": BAD}
SYMBOLS = {"better": "check", "worse": "down", "review": "eye", "unusable": "rejected", "collecting": "calendar", "undecided": "calendar",
           "ended": "info"}
ELSEWHERE = ("by_chance", "srm_segment")  # warnings that stand beside what they are about


@dataclass(frozen=True)
class Verdict:
    name: str  # of the verdict, short
    tone: str
    symbol: str
    sentence: object
    lines: tuple
    warnings: tuple
    progress: float | None
    progress_text: object


@dataclass(frozen=True)
class Page:
    findings: object
    names: sentences.Names
    state: str
    verdict: Verdict
    primary: Effects
    guardrails: Effects | None
    secondary: tuple  # pairs (name of the metric, Effects), all on one axis
    secondary_note: object
    health: tuple
    effect: tuple  # (name of the treatment, drawn.Plot) over the days
    exposures: object
    balance: object
    days: tuple  # rows of the table of days
    segments: tuple  # pairs (title, Effects), all on one axis
    since: tuple
    funnel: tuple
    funnel_note: str
    form: object
    revenue: object
    facts: tuple
    computed: tuple
    raw: tuple
    exclusions: tuple
    others: tuple  # pairs (title, Effects), all on one axis
    times: tuple  # (name of the metric, [(variant, median, within which nine of ten, completed)])


def page(findings):
    """The Page of Findings."""
    names = sentences.Names(findings.experiment)
    result = findings.result
    both = findings, names
    return Page(
        findings, names, _(words.STATES[findings.record.state]),
        verdict=verdict(*both, bool(findings.experiment.plan.until), _planned_end(findings)),
        primary=effects.primary(*both), guardrails=effects.guardrails(*both),
        secondary=effects.secondary(*both), secondary_note=effects.by_chance(*both), health=health.health(*both),
        effect=drawn.effect(*both), exposures=drawn.exposures(*both), balance=drawn.balance(*both), days=readings.days(findings),
        segments=effects.segments(*both), since=effects.since(*both),
        funnel=readings.funnel(*both), funnel_note=readings.sampled(findings.funnel), form=readings.form(*both),
        revenue=drawn.revenue(*both), facts=facts.facts(*both), computed=computed.steps(*both),
        raw=tuple(facts.raw(*both, judged) for judged in (result.primary, *result.secondary, *result.guardrails)),
        exclusions=tuple((_(REASONS[row.reason]), locale.number(row.events)) for row in findings.exclusions),
        others=effects.others(*both), times=readings.times(*both))


# -- the verdict

def verdict(findings, names, has_end=False, planned_end=""):
    """The Verdict of what has a `result` and an `experiment`. `planned_end` is said while nothing is decided."""
    result = findings.result
    lines = [text for text in _estimates(findings, names) if text]
    for each in result.reasons:
        if each.code != "not_yet":
            lines.append(sentences.reason(each, names, has_end))
        if each.code == "planned_end":
            lines.append(sentences.p_in_words(each.numbers["p"]))
    if result.verdict in ("undecided", "collecting"):
        lines.append(planned_end)
    warnings = tuple(sentences.reason(each, names, has_end) for each in result.warnings if each.code not in ELSEWHERE)
    return Verdict(sentences.title(result), TONES.get(result.verdict, PLAIN), SYMBOLS[result.verdict], sentences.verdict(findings, names),
                   tuple(each for each in lines if each), warnings, result.progress, _progress(result))


def _estimates(findings, names):
    result, kind = findings.result, findings.experiment.primary.kind
    if result.verdict in ("better", "review"):
        winner = next(each for each in result.primary.effects if each.variant == result.winner)
        return [sentences.estimate(winner, kind)]
    if result.verdict == "worse":
        return [sentences.estimate(each, kind) for each in result.primary.effects if each.verdict == "worse"]
    if result.verdict == "undecided":
        return [sentences.compatible(each, names, alone=len(result.primary.effects) == 1) for each in result.primary.effects]
    return []


def _planned_end(findings):
    plan = findings.experiment.plan
    fewest, most = findings.days_left
    if plan.until:
        return _("Planned end: %(day)s.", day=locale.date(drawn.day_named(plan.until), "long"))
    if findings.record.state != "running" or (fewest, most) == (0, 0):
        return ""
    return _("Planned end: in %(days)s at the pace of the last week.", days=sentences.days(fewest, most))


def _progress(result):
    if result.progress is None:
        return ""
    return _("%(share)s of the planned visitors: %(visitors)s of %(planned)s", share=locale.percent(result.progress, 0),
             visitors=locale.number(result.visitors), planned=locale.number(result.plan.visitors))
