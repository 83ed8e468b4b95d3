"""The calculator's answers arranged for their pages, in the sentences and pictures of a result."""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import locale
from experiments import curve, definition, result_effects, result_health, result_page, sentences
from experiments.drawn import Plot
from experiments.power import LONGEST_WEEKS
from experiments.statistics import Rate
from experiments.verdict import Case, Result, judge

SURE = 0.999  # beyond it a chance is told as "more than"


@dataclass(frozen=True)
class Calculated:
    """What the page of a result asks of results.Findings; `experiment` has variants and a metric, and nothing else."""

    case: Case
    result: Result
    experiment: definition.Experiment

    @property
    def fired(self):
        return self.result.verdict in ("better", "worse", "review")

    def metric(self, key):
        return self.experiment.primary


@dataclass(frozen=True)
class Page:
    """`numbers` has for each treatment its name, notes, and cells (text, smaller text under it)."""

    verdict: result_page.Verdict
    effects: result_effects.Effects
    numbers: tuple
    readings: tuple  # (name, chance to be best, expected loss) by variant; () for means
    split: result_health.Check


@dataclass(frozen=True)
class PlanPage:
    """Texts ready to be printed; `weeks`, the curve and its rows are empty without visitors a week."""

    visitors: str
    each: str
    difference: str
    weeks: str
    too_long: str  # what can be found in time, when the plan is beyond LONGEST_WEEKS
    wanted: float
    curve: Plot | None
    rows: tuple  # (weeks, visitors, smallest change)


def page(case, name=""):
    """The Page of a verdict.Case; `name` says what was counted."""
    rates = isinstance(case.primary.sums[0], Rate)
    kind, usual = ("conversion", _("the conversion rate")) if rates else ("count", _("the value"))
    metric = definition.Metric(case.primary.key, name or usual, kind, direction=case.primary.direction)
    variants = tuple(definition.Variant(key, key, weight) for key, weight in zip(case.variants, case.weights, strict=True))
    found = Calculated(case, judge(case), definition.Experiment("calculator", name, variants, primary=metric))
    names, primary = sentences.Names(found.experiment), found.result.primary
    return Page(
        result_page.verdict(found, names), result_effects.primary(found, names), tuple(_numbers(each, names, kind) for each in primary.effects),
        tuple((names.variant(key), _chance(each.best), _points(each.loss)) for key, each in zip(case.variants, primary.readings, strict=False)),
        result_health.split(found.result.balance))


def plan_page(answer, plan):
    """The PlanPage of calculator.plan_answer()'s answer to `plan`."""
    rates, per_week = plan["deviation"] is None, plan["per_week"]
    each, found = answer["visitors_per_variant"], answer.get("detectable", ())
    longest = found[-1]["relative_mde"] if found else None
    wanted = abs(plan["relative_mde"])
    rows = tuple((row["weeks"], row["weeks"] * per_week, row["relative_mde"]) for row in found)
    too_long = answer.get("weeks") and answer["weeks"] > LONGEST_WEEKS
    return PlanPage(
        locale.number(answer["visitors"]), " · ".join(locale.number(count) for count in (each if isinstance(each, list) else [each])),
        sentences.difference(answer["difference"], "conversion" if rates else "count"), locale.number(answer["weeks"]) if per_week else "",
        _("What 8 weeks can find is a change of %(change)s or more.", change=locale.percent(longest)) if too_long and longest else "",
        wanted, curve.plot(rows, wanted) if rows else None, rows)


def _numbers(effect, names, kind):
    one, always = effect.interval, effect.always
    p = sentences.p_value(effect.p), ""
    if effect.fisher_p is not None:
        p = sentences.p_value(effect.fisher_p), _("Fisher's exact test: few counts")
    elif effect.p_adjusted not in (None, effect.p):
        p = p[0], _("%(p)s after Holm's correction", p=sentences.p_value(effect.p_adjusted))
    between = one.difference if one else effect.newcombe
    cells = (p, (sentences.difference(effect.difference, kind), sentences.differences(between, kind) if between else ""),
             (sentences.relative(effect.relative), sentences.between(one.relative) if one and one.relative else ""),
             (sentences.p_value(effect.always_p), ""), _always(always, kind))
    return names.variant(effect.variant), tuple(sentences.reason(each, names) for each in effect.why), cells


def _always(interval, kind):
    """(relative ends, ends of the difference with their level) of the always-valid interval."""
    if not interval or not interval.difference:
        return locale.UNKNOWN, ""
    apart = f"{sentences.level(interval.alpha)}: {sentences.differences(interval.difference, kind)}"
    return (sentences.between(interval.relative), apart) if interval.relative else (apart, "")


def _chance(share):
    """A chance that is never told as certain."""
    if share > SURE:
        return f"{locale.LRI}> {locale.percent(SURE)}{locale.PDI}"
    return f"{locale.LRI}< {locale.percent(1 - SURE)}{locale.PDI}" if share < 1 - SURE else locale.percent(share)


def _points(loss):
    return _("%(points)s points", points=locale.number(100 * loss, 3))
