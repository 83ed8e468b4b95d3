"""The judge: what was counted of an experiment goes in, what may be said of it comes out. Pure.

`judge(case)` asks in this order, and the first answer stands: may the results be
used at all, is there enough, does the rule agreed before the start say so, and does
a guardrail object. Its Result holds every number of the result page, with reasons
as codes (experiments.reasons): words and languages are the page's. docs/statistics.md
explains each number with an example worked by hand.
"""

from dataclasses import asdict, dataclass, field

from experiments import comparison, srm
from experiments.corrections import benjamini_hochberg, holm, holm_levels
from experiments.guardrails import HOLDS, UNSURE, Guard, guard
from experiments.reasons import Reason
from experiments.sequential import BETWEEN, END, OPEN, Plan
from experiments.statistics import Mean, Rate

# The verdicts, in the words of docs/statistics.md.
UNUSABLE, COLLECTING, BETTER, WORSE, UNDECIDED, ENDED, REVIEW = VERDICTS = (
    "unusable", "collecting", "better", "worse", "undecided", "ended", "review")
DAYS, VISITORS, CONVERSIONS = 7, 100, 20  # fewer days, visitors of a variant, or values other than zero is still collecting
NOTABLE = 0.05  # share of false findings among secondary metrics shown as notable


@dataclass(frozen=True)
class Metric:
    """`sums` of each variant, control first, all of one kind (Rate, Mean, Ratio or Adjusted).

    `direction` is where better lies, "up" or "down"; `margin` a guardrail's, relative
    (0.02). `beside` are the same sums in another reading (not capped), shown and never judged.
    """

    key: str
    sums: tuple
    direction: str = "up"
    margin: float | None = None
    beside: tuple = ()


@dataclass(frozen=True)
class Case:
    """Everything the judge looks at. Variants, weights and sums are in one order, the control first.

    `visitors` exposed by variant, the primary metric's own n if not said; `epochs`
    pairs (visitors by variant, weights) when weights were changed; `segments` pairs (kind,
    ((name, visitors by variant), …)); `multiple` visitors seen in two variants, in none of the
    sums; `days` since the start, None when unknown; `faults` Reasons not to use the results;
    `later` visitors who came after the planned end, in none of the sums.
    """

    variants: tuple
    primary: Metric
    secondary: tuple = ()
    guardrails: tuple = ()
    weights: tuple = ()
    plan: Plan = Plan()
    visitors: tuple = ()
    epochs: tuple = ()
    segments: tuple = ()
    multiple: int = 0
    days: int | None = None
    faults: tuple = ()
    later: int = 0


@dataclass(frozen=True)
class Judged:
    """One metric: each variant's own value, and each treatment against the control."""

    key: str
    kind: str  # "rate", "mean", "ratio" or "adjusted"
    direction: str
    values: tuple  # comparison.Value by variant
    effects: tuple  # comparison.Effect by treatment
    beside: tuple = ()  # the same effects in the other reading: not capped, or not adjusted
    guards: tuple = ()  # guardrails.Guard by treatment, of a guardrail
    readings: tuple = ()  # posterior.Reading by variant, of a rate


@dataclass(frozen=True)
class Result:
    """What may be said. `winner` is the treatment that a verdict better or review is about, `stage` where the plan stands."""

    verdict: str
    winner: str
    reasons: tuple
    warnings: tuple
    stage: str
    early: bool  # decided before the planned end: the estimate is likely too high
    variants: tuple
    weights: tuple
    plan: Plan
    visitors: int
    progress: float | None  # visitors as a part of the planned ones, at most 1
    days: int | None
    multiple: int
    balance: srm.Balance
    segments: tuple  # pairs (kind, Balances)
    primary: Judged
    secondary: tuple = field(default=())
    guardrails: tuple = field(default=())

    def as_dict(self):
        """The Result as dictionaries, tuples and plain numbers, ready for JSON."""
        return asdict(self)


def judge(case):
    """The Result of a Case.

    >>> rates = Rate(1200, 10000), Rate(1400, 10000)
    >>> found = judge(Case(("control", "short"), Metric("paid", rates), plan=Plan(20000), days=14))
    >>> found.verdict, found.winner, round(found.primary.effects[0].p, 6)
    ('better', 'short', 2.6e-05)
    """
    weights = case.weights or (1,) * len(case.variants)
    visitors = case.visitors or tuple(each.n for each in case.primary.sums)
    total = sum(visitors)
    stage = case.plan.stage(total)
    balance = srm.over_epochs(case.epochs or ((visitors, weights),))
    segments = tuple((kind, tuple(srm.by_segment(parts, weights))) for kind, parts in case.segments)
    live = tuple(index for index in range(1, len(weights)) if weights[index] > 0 and weights[0] > 0)
    primary = _primary(case, stage, weights, live)
    secondary, guardrails = _secondary(case), tuple(_guardrail(case, each) for each in case.guardrails)
    verdict, winner, reasons = _verdict(case, stage, weights, visitors, balance, primary, guardrails, live)
    decided = verdict in (BETTER, WORSE, REVIEW)
    early = decided and stage != END
    return Result(
        verdict, winner, reasons, _warnings(case, stage, weights, total, balance, segments, secondary, early), stage, early,
        case.variants, tuple(weights), case.plan, total, min(total / case.plan.visitors, 1.0) if case.plan.visitors else None,
        case.days, case.multiple, balance, segments, primary, secondary, guardrails)


# -- the metrics

def _primary(case, stage, weights, live):
    """The primary metric: the rule's tests over the live treatments, at the levels of Holm's procedure."""
    metric = case.primary
    pairs = {index: comparison.Pair(metric, index, case.plan, weights) for index in range(1, len(case.variants))}
    tested = [index for index in live if pairs[index].decides]
    # treatments with too little data yet will be tested too: the others may not gain from their absence
    waiting = len(live) - len(tested)
    levels = holm_levels([(pairs[index].ordering(stage), lambda tests, pair=pairs[index]: pair.rejects(stage, tests))
                          for index in tested], waiting)
    level = dict(zip(tested, levels, strict=True))
    adjusted = holm([pairs[index].p if index in tested else None for index in pairs], waiting)
    effects = tuple(pair.effect(case.variants[index], stage, *level.get(index, (0, False)), adjusted[index - 1])
                    for index, pair in pairs.items())
    return _judged(case, metric, effects)


def _secondary(case):
    """Exploratory: Benjamini-Hochberg over every comparison of every secondary metric."""
    pairs = [[comparison.Pair(metric, index, case.plan) for index in range(1, len(case.variants))] for metric in case.secondary]
    adjusted = iter(benjamini_hochberg([pair.p for row in pairs for pair in row]))
    return tuple(_judged(case, metric, tuple(pair.exploratory(case.variants[pair.index], next(adjusted), NOTABLE) for pair in row))
                 for metric, row in zip(case.secondary, pairs, strict=True))


def _guardrail(case, metric):
    pairs = [comparison.Pair(metric, index, case.plan) for index in range(1, len(case.variants))]
    margin = metric.margin or 0.0
    guards = tuple(guard(pair.compared, margin, metric.direction) if pair.decides else Guard(UNSURE, margin, None, None) for pair in pairs)
    return _judged(case, metric, tuple(pair.exploratory(case.variants[pair.index], None, 0) for pair in pairs), guards)


def _judged(case, metric, effects, guards=()):
    kind = type(metric.sums[0]).__name__.lower()
    other = metric.beside or (tuple(each.unadjusted for each in metric.sums) if kind == "adjusted" else ())
    beside = tuple(comparison.Pair(Metric(metric.key, other, metric.direction), index, case.plan).exploratory(case.variants[index], None, 0)
                   for index in range(1, len(case.variants))) if other else ()
    return Judged(metric.key, kind, metric.direction, tuple(comparison.value(each) for each in metric.sums), effects, beside, guards,
                  comparison.readings(metric) if metric is case.primary else ())


# -- the verdict, in the order of docs/statistics.md

def _verdict(case, stage, weights, visitors, balance, primary, guardrails, live):
    """(verdict, winner, reasons)."""
    faults = list(case.faults)
    if balance.state == srm.BLOCK:
        faults.append(Reason("srm", {"p": balance.p}))
    faults += [Reason("exposure_broken", {"variant": case.variants[index]}) for index, weight in enumerate(weights)
               if weight > 0 and visitors[index] == 0 and balance.state != srm.FEW]
    if faults:
        return UNUSABLE, "", tuple(faults)
    if not live:
        return COLLECTING, "", (Reason("one_variant_left"),)
    missing = _missing(case, weights, visitors, primary)
    over = stage == END or case.plan.stopped
    if missing:
        return ENDED if over else COLLECTING, "", missing
    better = [each for each in primary.effects if each.verdict == BETTER]
    if better:
        winner = max(better, key=lambda each: abs(each.difference))
        objections = _objections(case, guardrails, winner.variant)
        return (REVIEW if objections else BETTER), winner.variant, (comparison.why_decided(winner, case.plan, stage), *objections)
    effects = [primary.effects[index - 1] for index in live]
    if all(each.verdict == WORSE for each in effects):
        return WORSE, "", (comparison.why_decided(max(effects, key=lambda each: each.p), case.plan, stage),)
    return (ENDED if over else UNDECIDED), "", _why_not(case, stage, sum(visitors), effects)


def _missing(case, weights, visitors, primary):
    """Reasons to collect on, empty when there is enough."""
    found = []
    if case.days is not None and case.days < DAYS:
        found.append(Reason("few_days", {"days": case.days, "needed": DAYS}))
    found += [Reason("few_visitors", {"visitors": visitors[index], "variant": case.variants[index], "needed": VISITORS})
              for index, weight in enumerate(weights) if weight > 0 and visitors[index] < VISITORS]
    values = [each.nonzero for each in case.primary.sums if isinstance(each, Mean) and each.nonzero is not None]
    if values and sum(values) < CONVERSIONS:
        found.append(Reason("few_nonzero", {"values": sum(values), "needed": CONVERSIONS}))
    live = [each for each, weight in zip(primary.effects, weights[1:], strict=True) if weight > 0]
    if not any(each.enough for each in live):  # nothing can be said of any treatment
        found += [reason for each in live for reason in each.why if reason.code.startswith(("few_", "too_few"))]
    return tuple(dict((str(each), each) for each in found).values())


def _objections(case, guardrails, variant):
    return tuple(Reason(f"guardrail_{each.guards[index].state}", {"metric": each.key, "margin": each.guards[index].margin, "variant": variant})
                 for each in guardrails for index, effect in enumerate(each.effects)
                 if effect.variant == variant and each.guards[index].state != HOLDS)


def _why_not(case, stage, visitors, effects):
    if any(reason.code == "no_spread" for each in effects for reason in each.why):
        return (Reason("no_spread"),)
    ends = [abs(end) for each in effects if each.deciding and each.deciding.relative for end in each.deciding.relative]
    widest = (Reason("no_difference_seen", {"change": max(ends)}),) if ends else ()
    if stage == END:
        return widest or (Reason("planned_end", {"p": min(each.p for each in effects if each.p), "alpha": case.plan.level(stage)}),)
    if case.plan.stopped:
        return (Reason("stopped_before_the_end"), *widest)
    if stage == OPEN:
        return (Reason("no_plan"),)
    if stage == BETWEEN:
        return (Reason("between_looks"),)
    if case.plan.rule == "fixed":
        return (Reason("waits_for_the_end"),)
    return (Reason("not_yet", {"visitors": visitors, "planned": case.plan.visitors}),)


def _warnings(case, stage, weights, total, balance, segments, secondary, early):
    found = [Reason("early")] if early else []
    if balance.state == srm.WARN:
        found.append(Reason("srm_near", {"p": balance.p}))
    found += [Reason("srm_segment", {"segment": each.where, "p": each.p}) for _, parts in segments for each in parts
              if each.state in (srm.WARN, srm.BLOCK)]
    if srm.too_many_in_two(case.multiple, total, weights):
        found.append(Reason("multiple", {"visitors": case.multiple, "share": case.multiple / (total + case.multiple)}))
    if case.later:
        found.append(Reason("after_the_end", {"visitors": case.later}))
    planned = case.plan.visitors
    if planned and stage == END and not 0.9 * planned <= total <= 1.1 * planned:
        found.append(Reason("beyond_the_plan" if total > planned else "short_of_the_plan", {"visitors": total, "planned": planned}))
    tested = [effect for each in secondary for effect in each.effects if effect.p is not None]
    if tested:
        found.append(Reason("by_chance", {"notable": sum(effect.notable for effect in tested), "tested": len(tested),
                                          "expected": NOTABLE * len(tested)}))
    return tuple(found)
