"""Results made from known truths: visitors by day, each with a chance to convert, drawn by a seeded dice. For tests of what a page says."""

import random
from dataclasses import replace

from experiments import definition, results, steps
from experiments.outcomes import Bin, Counted, Histogram
from experiments.register import Epoch, Line, Record
from experiments.statistics import Mean, Rate, Ratio
from tests.experiments import example

DAY = 86_400_000
START = 1_792_400_400_000  # 2026-10-19 07:00 UTC
FIRST = START // DAY
NAMES = {"device": ("mobile", "desktop", "tablet"), "browser": ("Chrome", "Safari", "Firefox"), "seen_before": ("0", "1")}
SHARES = {"device": (0.62, 0.33, 0.05), "browser": (0.6, 0.3, 0.1), "seen_before": (0.8, 0.2)}


def record(state="running", days=17, **changed):
    """A Record that began at START and, unless it runs, was stopped so many days later."""
    mapping = example.made(**changed)
    experiment = definition.read(mapping)
    ended = START + days * DAY if state in ("stopped", "decided") else None
    return Record(1, 1, experiment, state, 3, START - 3 * DAY, START, ended, None, (), None, None)


def counted(record, rates, a_day=600, days=17, seed=5, weights=None, multiple=4):
    """A Counted: each variant's visitors convert at its rate, spend about 240, and err in the form."""
    chance = random.Random(seed)
    weights = weights or record.experiment.weights
    whole = range(len(rates))
    by_day, visitors = [], [0] * len(rates)
    since = {lag: [[0, 0] for _ in whole] for lag in range(3)}
    sums = {metric.key: [None] * len(rates) for metric in record.experiment.metrics}
    segments = {kind: {name: [[0, 0] for _ in whole] for name in names} for kind, names in NAMES.items()}
    amounts = [[] for _ in whole]
    for day in range(days):
        own = []
        for at in whole:
            n = round(a_day * weights[at] * (1 + 0.12 * ((day + 2) % 7 in (5, 6))) + chance.gauss(0, (a_day * weights[at]) ** 0.5))
            lags = [min(int(chance.expovariate(1.6)), 2) for _ in range(n) if chance.random() < rates[at]]
            amounts[at] += [round(chance.lognormvariate(10.0, 0.7)) for _ in lags]
            own.append(Rate(len(lags), n))
            visitors[at] += n
            for lag in since:
                if day + lag < days:
                    since[lag][at][1] += n
                    since[lag][at][0] += sum(each <= lag for each in lags)
            _scatter(chance, segments, at, n, len(lags))
        by_day.append((FIRST + day, tuple(each.visitors for each in own), tuple(own)))
    for metric in record.experiment.metrics:
        for at in whole:
            sums[metric.key][at] = _sums(metric.kind, visitors[at], amounts[at], chance)
    largest = sorted(sum(amounts, []))[-8:]
    caps = {metric.key: largest[0] for metric in record.experiment.metrics if metric.kind == "revenue" and largest}
    uncapped = {key: tuple(_mean(visitors[at], amounts[at]) for at in whole) for key in caps}
    for key, cap in caps.items():
        sums[key] = [_mean(visitors[at], [min(each, cap) for each in amounts[at]]) for at in whole]
    primary = record.experiment.primary.key
    return Counted(
        tuple(visitors), {key: tuple(each) for key, each in sums.items()}, uncapped, ((tuple(visitors), tuple(record.experiment.weights)),),
        tuple((kind, tuple((name, tuple(n for _, n in found)) for name, found in names.items())) for kind, names in segments.items()),
        multiple, (), START + days * DAY - 60_000, START + days * DAY - 20_000,
        tuple((day, seen, own if record.experiment.primary.kind == "conversion" else tuple(sums[primary])) for day, seen, own in by_day),
        tuple((kind, name, tuple(n for _, n in found), tuple(Rate(x, n) for x, n in found))
              for kind, names in segments.items() for name, found in names.items()) if record.experiment.primary.kind == "conversion" else (),
        tuple((lag, tuple(Rate(x, n) for x, n in found)) for lag, found in since.items()) if record.experiment.primary.kind == "conversion" else (),
        _histogram(next(iter(caps)), amounts, next(iter(caps.values()))) if caps else None, caps)


def made(record, rates, now=None, **how):
    """The Findings of such counts, with a checkout, a form, a history and what was left out."""
    days = how.get("days", 17)
    found = counted(record, rates, days=days, **{name: value for name, value in how.items() if name != "days"})
    now = now or START + days * DAY
    history = (Line(START, "dana@shop.example", "started", {}), Line(START - 3 * DAY, "dana@shop.example", "defined", {}))
    funnel, form = way(found.visitors, rates)
    exclusions = (ExclusionRow("bot:search", 1204, 311), ExclusionRow("gpc", 96, 96))
    return results.findings(record, found, now, Site, (Epoch(0, START, record.experiment.weights),), history, funnel, form, exclusions)


class ExclusionRow:
    def __init__(self, reason, events, batches):
        self.reason, self.events, self.batches = reason, events, batches


class Site:
    """What findings() asks of a site."""
    from zoneinfo import ZoneInfo
    zone = ZoneInfo("Asia/Jerusalem")


def way(visitors, rates):
    """(Funnel, Form) in which a tenth fewer are lost at the telephone of each further variant."""
    taken = {"": [1.0] * len(rates), "begin_checkout": [0.42] * len(rates), "add_payment_info": [2.2 * rate for rate in rates], "purchase": rates}
    found = [(name, steps._shares([round(n * share) for n, share in zip(visitors, shares, strict=True)], visitors)) for name, shares in taken.items()]
    began = [round(0.42 * n) for n in visitors]
    fields, reached = [], began
    for name, lost, back, wrong in (("email", 0.06, 0.04, 0.07), ("phone", 0.16, 0.11, 0.12), ("address", 0.08, 0.06, 0.03), ("card", 0.11, 0.05, 0.09)):
        left = [round(n * lost * (0.6 if at and name == "phone" else 1)) for at, n in enumerate(reached)]
        fields.append(steps.Field(name, steps._shares(reached, began), steps._shares(left, reached), steps._shares([round(n * back) for n in reached], reached),
                                  steps._shares([round(n * wrong) for n in reached], reached), tuple(1.4 + lost * 20 - at for at in range(len(rates)))))
        reached = [n - gone for n, gone in zip(reached, left, strict=True)]
    corrected, tested = steps._all_corrected(fields)
    return steps.Funnel(tuple(steps._corrected(found)), None), steps.Form("checkout", tuple(began), tuple(corrected), tested, None)


def _scatter(chance, segments, at, n, converted):
    for kind, names in segments.items():
        picked = [chance.choices(range(len(names)), SHARES[kind], k=n)]
        for place in picked[0]:
            names[list(names)[place]][at][1] += 1
        for place in picked[0][:converted]:
            names[list(names)[place]][at][0] += 1


def _sums(kind, n, amounts, chance):
    if kind in ("conversion", "abandonment"):
        return Rate(n - len(amounts) if kind == "abandonment" else len(amounts), n)
    if kind == "form_errors":
        starts = round(0.42 * n)
        errors = [chance.choices((0, 1, 2, 3), (70, 18, 8, 4))[0] for _ in range(starts)]
        return Ratio(n, starts, starts, sum(errors), sum(each * each for each in errors), sum(errors))
    if kind == "time":
        times = [round(chance.lognormvariate(12, 0.5)) for _ in amounts]
        return Mean(len(times), sum(times), sum(each * each for each in times))
    return _mean(n, amounts)


def _mean(n, amounts):
    return Mean(n, sum(amounts), sum(each * each for each in amounts), len(amounts))


def _histogram(metric, amounts, cap):
    edges = [0, 5000, 10_000, 15_000, 20_000, 30_000, 40_000, 60_000, 80_000, 120_000, 10**9]
    bins = [Bin(low, min(high, max(max(each) for each in amounts) if any(amounts) else high), tuple(sum(low <= each < high for each in own) for own in amounts))
            for low, high in zip(edges, edges[1:])]
    return Histogram(metric, tuple(bins), cap)


def decided(record, decision="ship", variant="short"):
    return replace(record, state="decided", decision={"decision": decision, "variant": variant, "reason": "More orders, and nothing got worse.",
                                                      "who": "dana@shop.example"}, decided_at=record.stopped_at)
