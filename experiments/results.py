"""Everything about an experiment that a reader is shown, as data: page, API, command line and packet show the same.

`result(store, site, record, now)` gathers what was counted and asks the judge.
Nothing here is a sentence or a drawing: those are words.py and picture.py. Where there is no data
a part is empty, never a guess.
"""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

from collector.period import EPOCH, day_of
from experiments import audiences, baseline, comparison, outcomes, power, register, steps
from experiments.definition import LIVE
from experiments.reasons import Reason
from experiments.sequential import Plan, always_valid_z
from experiments.statistics import Mean, contrast
from experiments.statistics.curves import critical
from experiments.verdict import Case, Judged, Metric, Result, judge

DAY = 86_400_000
QUIET = 2 * DAY  # no exposure for so long, while it runs, is a fault of tracking
MOST_SEGMENTS = 6  # of a kind
Z95 = critical(0.05)
TELLING = 0.1  # a part of the visitors in two variants beyond which nobody can say who saw what


@dataclass(frozen=True)
class Day:
    """One day of exposures, and all up to it."""

    day: int  # since 1970-01-01 on the site's calendar
    visitors: tuple  # exposed that day, by variant
    total: tuple  # so far, by variant
    values: tuple  # the primary metric so far, by variant
    changes: tuple  # relative change so far, by treatment; None where it cannot be known
    bands: tuple  # its always-valid interval (low, high) or None, by treatment


@dataclass(frozen=True)
class Segment:
    kind: str  # "device", "browser", "channel", "country" or "seen_before"
    name: str
    visitors: tuple  # by variant
    changes: tuple  # relative change, by treatment; None where there is not enough data
    intervals: tuple  # of 95 %, by treatment


@dataclass(frozen=True)
class Since:
    """The first conversions so many days after the exposure: of visitors who have been followed that long, by variant."""

    days: int
    visitors: tuple
    converted: tuple
    changes: tuple  # relative change, by treatment
    intervals: tuple  # of 95 %, by treatment


@dataclass(frozen=True)
class Findings:
    """The whole result. Times are UTC milliseconds, `day`s whole days since 1970-01-01."""

    record: register.Record
    epochs: tuple
    history: tuple
    case: Case  # what the judge was given: enough to judge again
    result: Result
    now: int
    until: int | None  # of the last event that is counted
    days: tuple  # Day
    segments: tuple  # Segment
    since: tuple  # Since
    funnel: object  # steps.Funnel, None without steps
    form: object  # steps.Form, None without a form
    revenue: object  # outcomes.Histogram of the first revenue metric, None without one
    caps: dict  # metric key: minor units
    others: tuple  # pairs ("uncapped" or "adjusted", Judged): other readings of a metric, never the verdict
    before: tuple  # pairs (metric key, p that the variants were alike before the exposure, corrected)
    times: dict  # metric key: outcomes.Times
    days_left: tuple  # (fewest, most), None for what cannot be told
    gone: tuple  # keys of metrics whose goal the site has no more
    orders: object  # collector.orders.Health of the test's days, None where no real orders are known or no metric counts orders
    exclusions: tuple  # rows of reason, events, batches: of the whole site, since the start
    code: str  # version of Netiv

    @property
    def experiment(self):
        return self.record.experiment

    @property
    def fired(self):
        """Did the rule decide? Before it nothing is green or red."""
        return self.result.verdict in ("better", "worse", "review")

    def metric(self, key):
        """The definition of a metric."""
        return next(each for each in self.experiment.metrics if each.key == key)


def result(store, site, record, now):
    """The Findings of an experiment at `now`. A draft has none: None."""
    if not record.started_at:
        return None
    counted = outcomes.read(store, site, record, now)
    with ThreadPoolExecutor(1) as beside:  # the form is nearly all the database's work, the rest nearly all ours
        form = beside.submit(copy_context().run, steps.form, store, site, record, counted.visitors)
        found = findings(record, counted, now, site, register.epochs(store, record), register.history(store, record),
                         steps.funnel(store, site, record, counted.visitors), None, outcomes.exclusions(store, site, record, now),
                         _pace(store, site, record, counted, now))
        return replace(found, form=form.result())


def _pace(store, site, record, counted, now):
    """Visitors of each of the last full days, as the plan has them before the start: for as long as the test itself has not so many. () when not needed."""
    if record.state != "running" or len(counted.days) > baseline.WEEK:
        return ()
    week = baseline.last_days(site, now, baseline.WEEK + 1)
    experiment = next((each.experiment for each in audiences.every(store, site, [record])), record.experiment)
    return baseline.pace(experiment, baseline.traffic(store, site, experiment, week), week)


@dataclass(frozen=True)
class Brief:
    """As much of Findings as a line of the list needs."""

    record: register.Record
    result: Result

    @property
    def experiment(self):
        return self.record.experiment


def brief(store, site, record, now):
    """The Brief of an experiment that has started."""
    counted = outcomes.read(store, site, record, now)
    return Brief(record, judge(case_of(record, counted, now, site)))


def findings(record, counted, now, site, epochs=(), history=(), funnel=None, form=None, exclusions=(), pace=()):
    """The Findings of what was counted. Pure, but for the version of the code."""
    case = case_of(record, counted, now, site)
    judged = judge(case)
    return Findings(record, tuple(epochs), tuple(history), case, judged, now, counted.until, by_day(case, judged, counted),
                    by_segment(case, counted), by_days_since(counted), funnel, form, counted.revenue, counted.caps,
                    other_readings(case, judged, counted), alike_before(case, counted), counted.times, days_left(record, judged, counted, pace), counted.gone, counted.orders,
                    tuple(exclusions), version("netiv"))


def case_of(record, counted, now, site):
    """The Case that the judge is given: what was counted, under the plan agreed before the start."""
    experiment = record.experiment
    plan = plan_of(record, sum(counted.visitors), now, site, counted.looks)
    primary, *others = (Metric(metric.key, counted.sums[metric.key], metric.direction, metric.margin or None,
                               counted.uncapped.get(metric.key, ())) for metric in experiment.metrics)
    end = min(record.stopped_at or now, now)
    return Case(
        tuple(variant.key for variant in experiment.variants), primary, tuple(others[:len(experiment.secondary)]),
        tuple(others[len(experiment.secondary):]), experiment.weights, plan, counted.visitors, counted.epochs,
        counted.segments, counted.multiple, (end - record.started_at) // DAY, faults(record, counted, now), counted.later)


def plan_of(record, visitors, now, site, looks=()):
    """The judge's Plan of a record: at its planned end when the date has passed or the visitors have come, even if it was stopped since."""
    planned = record.experiment.plan
    stopped = record.stopped_at is not None
    ended = day_of(min(record.stopped_at, now) if stopped else now, site.zone)
    over = bool(planned.until) and ended > date.fromisoformat(planned.until).toordinal() - EPOCH
    reached = over or bool(planned.visitors and visitors >= planned.visitors)
    return Plan(planned.visitors, planned.looks, planned.alpha, tuple(looks), over, stopped and not reached)


def faults(record, counted, now):
    """Reasons not to use the results that the counts themselves do not show."""
    total = sum(counted.visitors)
    found = []
    if record.state == "running" and total and counted.last_exposure and now - counted.last_exposure > QUIET:
        found.append(Reason("tracking_fault"))
    elif total + counted.multiple >= 100 and counted.multiple > TELLING * (total + counted.multiple):
        found.append(Reason("tracking_fault"))
    if counted.orders and counted.orders.light == "red":
        found.append(Reason("orders_differ", {"share": counted.orders.share, "orders": counted.orders.of}))
    if record.state in LIVE:  # once it has ended, what was counted stands
        experiment = record.experiment
        found += [Reason("goal_removed", {"metric": metric.key, "goal": metric.goal}) for metric in (experiment.primary, *experiment.guardrails)
                  if metric.key in counted.gone]
    return tuple(found)


def by_day(case, judged, counted):
    """Days, each with the change so far and the band that holds however often one looks."""
    found, total, sums = [], (0,) * len(case.variants), None
    for day, visitors, own in counted.days:
        total = tuple(map(sum, zip(total, visitors, strict=True)))
        sums = own if sums is None else tuple(one + other for one, other in zip(sums, own, strict=True))
        changes, bands = zip(*(_so_far(case, judged, sums, index) for index in range(1, len(sums))), strict=True)
        found.append(Day(day, visitors, total, tuple(each.value for each in sums), changes, bands))
    return tuple(found)


def _so_far(case, judged, sums, index):
    """(relative change, its always-valid interval or None) of a treatment from these sums."""
    control, treatment = sums[0], sums[index]
    compared = contrast(control, treatment, sums)
    share = (case.weights[0] + case.weights[index]) / sum(case.weights)
    rho2 = case.plan.tuning(share)
    visitors = control.n + treatment.n
    if not rho2 or compared.z is None or min(control.n, treatment.n) < 20:
        return compared.relative, None
    always = judged.primary.effects[index - 1].always
    alpha = always.alpha if always else case.plan.always_alpha / (len(sums) - 1)
    return compared.relative, compared.relative_interval(always_valid_z(visitors, rho2, alpha))


def by_segment(case, counted):
    """The primary metric within the largest segments of each kind: exploratory, it decides nothing."""
    found, shown = [], {}
    for kind, name, visitors, sums in counted.by_segment:
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= MOST_SEGMENTS:
            pairs = [comparison.Pair(replace(case.primary, sums=sums, beside=()), index) for index in range(1, len(sums))]
            found.append(Segment(kind, name, visitors, tuple(each.compared.relative if each.decides else None for each in pairs),
                                 tuple(each.compared.relative_interval(Z95) if each.decides else None for each in pairs)))
    return tuple(found)


def other_readings(case, judged, counted):
    """What stands beside a verdict: revenue without its cap, and values adjusted by what the same visitors did before (CUPED)."""
    found = []
    metrics = {each.key: each for each in (case.primary, *case.secondary, *case.guardrails)}
    for each in (judged.primary, *judged.secondary, *judged.guardrails):
        metric = metrics[each.key]
        if metric.beside:
            found.append(("uncapped", replace(each, values=tuple(map(comparison.value, metric.beside)), effects=each.beside, beside=(), guards=(), readings=())))
        if sums := counted.adjusted.get(each.key):
            found.append(("adjusted", _read(replace(metric, sums=sums, beside=()), case.variants)))
    return tuple(found)


def _read(metric, variants):
    """A Judged of sums that decide nothing."""
    effects = tuple(comparison.Pair(metric, index).exploratory(variants[index], None, 0) for index in range(1, len(variants)))
    return Judged(metric.key, type(metric.sums[0]).__name__.lower(), metric.direction, tuple(map(comparison.value, metric.sums)), effects)


def alike_before(case, counted):
    """Did the variants' visitors differ before they saw anything? Pairs (metric key, smallest p times how many were tested)."""
    tests = [(key, [contrast(*pair) for pair in zip([_was(sums[0])] * (len(sums) - 1), map(_was, sums[1:]))]) for key, sums in counted.adjusted.items()]
    count = sum(each.z is not None for _, several in tests for each in several)
    return tuple((key, min(min(each.p for each in several if each.z is not None) * count, 1.0))
                 for key, several in tests if any(each.z is not None for each in several))


def _was(sums):
    """The values before the exposure, of Adjusted sums."""
    return Mean(sums.n, sums.x, sums.xx)


def by_days_since(counted):
    """How the difference grows with the days since the exposure: an effect of novelty fades."""
    found = []
    for days, rates in counted.since:
        compared = [contrast(rates[0], each) for each in rates[1:]]
        found.append(Since(days, tuple(each.visitors for each in rates), tuple(each.conversions for each in rates),
                           tuple(each.relative for each in compared),
                           tuple(each.relative_interval(Z95) if each.z is not None else None for each in compared)))
    return tuple(found)


def days_left(record, judged, counted, pace=()):
    """(fewest, most) days until the planned visitors have come, at the pace of the last full days, or of `pace`; (0, 0) when nothing is awaited."""
    planned = judged.plan.visitors
    if record.state != "running" or not planned:
        return 0, 0
    full = pace if sum(pace) else [sum(visitors) for day, visitors, _ in counted.days][:-1][-baseline.WEEK:]
    return power.days_left(max(planned - judged.visitors, 0), full)
