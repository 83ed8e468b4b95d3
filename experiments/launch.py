"""The look around before a start: what stands in a test's way, what to think about, what its metrics were until now."""

import time
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from collector import mask
from experiments import audiences, baseline, goals, register
from experiments.definition import LIVE, placed
from experiments.reading import BadExperiment, N_

MOST_WEEKS = 8
FEWEST_DAYS = 14


@dataclass(frozen=True)
class Check:
    """Blockers and warnings are BadExperiment: `field` and `message` each; a test with blockers does not start."""

    blockers: tuple
    warnings: tuple
    tried: tuple  # a baseline.Tried of each metric
    visitors_a_day: float  # whom it would meet, by the last 7 days
    last_days: tuple  # the same of each of these days


def check(store, site, record, now=None):
    """Looks around for an experiment: a Check."""
    now = now or _now()
    impossible = []
    try:
        record = audiences.resolved(store, site, record)
    except BadExperiment as error:  # its segment is no more
        impossible.append(error)
    experiment = record.experiment
    week = baseline.last_days(site, now, baseline.WEEK + 1)
    met = baseline.traffic(store, site, experiment, week)
    last_days = baseline.pace(experiment, met, week)
    visitors_a_day = sum(last_days) / baseline.WEEK
    span = baseline.last_days(site, now)
    tried = tuple(baseline.tried(store, site, experiment, metric, span) for metric in experiment.metrics)
    blockers = [BadExperiment(field, text) for field, text in register.missing(experiment)]
    blockers += _traffic(store, site, experiment, met, week)
    unknown = [error for _, error in goals.unknown(store, site, experiment)]
    blockers += [*impossible, *unknown]
    blockers += [each for each in _unfed(store, site, experiment, tried, span) if each.field not in {error.field for error in unknown}]
    blockers += _unreachable(store, site, experiment, span)
    blockers += _overlapping(store, site, record)
    warnings = [*_plan(experiment, visitors_a_day, now, site), *_thoughts(experiment),
                *_unfed(store, site, experiment, tried, span, secondary=True)]
    return Check(tuple(blockers), tuple(warnings), tried, visitors_a_day, last_days)


def start(store, site, key, who, version=None, now=None):
    """Looks around, and starts what nothing stands in the way of. Raises BadExperiment with every blocker."""
    record = register.by_key(store, site, key)
    if record and record.state == "draft":
        blockers = check(store, site, record, now).blockers
        if blockers:
            raise BadExperiment.of(blockers)
    # of two tests on the same pages started in one moment, each looked around before the other ran
    return register.start(store, site, key, who, version, now, blockers=lambda record: list(_overlapping(store, site, record)))


def _traffic(store, site, experiment, met, week):
    """Nothing comes from the site, or nobody from the pages."""
    if sum(met.values()):
        return
    if not store.ask("experiments/seen", site=site.id, first_day=week.first_day, last_day=week.last_day)[0].views:
        yield BadExperiment("where", N_("has no tracker on it: nothing came from this site in the last 7 days. "
                                        "Put the snippet into its pages first"))
    elif experiment.where.event:
        yield BadExperiment("where.event", N_("has not happened to anyone of this audience in the last 7 days; look at its name, "
                                              "or send it from the page first"))
    else:
        yield BadExperiment("where.paths", N_("had no visitor of this audience in the last 7 days; look at the paths and the audience, "
                                              "and whether the snippet stands on these pages"))


def _unfed(store, site, experiment, tried, span, secondary=False):
    """What nothing fed of the metrics that decide or guard, or of the secondary ones: where several count the same, it is said of the first."""
    said = set()
    for (place, metric), each in zip(placed(experiment), tried, strict=True):
        if place.startswith("secondary") == secondary and not each.is_fed and metric.source not in said:
            said.add(metric.source)
            yield _nothing_fed(store, site, place, metric, span)


def _nothing_fed(store, site, place, metric, span):
    source, name = metric.source
    times = baseline.came(store, site, metric, span)
    if times:
        return BadExperiment(f"{place}.{source}", N_("%(typed)s comes from this site, %(times)s in the last 30 days, but from none of the visitors it would "
                                                     "meet on these pages; choose what some of them do, or more pages"), typed=name, times=times)
    return BadExperiment(f"{place}.{source}", N_("%(typed)s fed nothing to this metric in the last 30 days, from no visitor of "
                                                 "these pages; look at how it is written, or send it first"), typed=name)


def _unreachable(store, site, experiment, span):
    for at, variant in enumerate(experiment.variants):
        for each, change in enumerate(variant.changes):
            if change.kind == "redirect":
                _, path = mask.address(urljoin(f"https://{site.domain}/", change.value))
                if not store.ask("experiments/page_seen", site=site.id, path=path, first_day=span.first_day)[0].views:
                    yield BadExperiment(f"variants[{at}].changes[{each}].value",
                                        N_("leads to %(path)s, which nobody has opened in the last 30 days with the snippet on it; "
                                           "open it once yourself"), path=path)


def _overlapping(store, site, record):
    """Other tests that run on the same pages for the same people, and are not in one group with this one."""
    ours = next((each.experiment for each in audiences.every(store, site, [record])), record.experiment)
    for other in audiences.every(store, site, register.all_of(store, site, states=LIVE)):
        theirs = other.experiment
        if other.id != record.id and not (ours.group and ours.group == theirs.group) \
                and same_pages(ours.where, theirs.where) and _same_people(ours.audience, theirs.audience):
            yield BadExperiment("group", N_("is needed: %(name)s (%(key)s) runs on the same pages. Give both the same group, "
                                            "so that nobody sees two, or wait until it has ended"), name=theirs.name, key=theirs.key)
    if ours.group:
        free = register.free_share(store, site, ours.group, but=record)
        if ours.share > free + 1e-9:
            yield BadExperiment("share", N_("is %(share)s, and of the group %(group)s only %(free)s is free; write at most that, "
                                            "or stop another of its experiments"),
                                share=f"{ours.share:g}", group=ours.group, free=f"{free:g}")


def same_pages(one, other):
    """May one address be among the pages of both?"""
    return not one.paths or not other.paths or any(meet(a, b) for a in one.paths for b in other.paths)


def _same_people(one, other):
    for name in ("device", "channel", "country"):
        mine, theirs = set(getattr(one, name)), set(getattr(other, name))
        if mine and theirs and not mine & theirs:
            return False
    return "all" in (one.visitors, other.visitors) or one.visitors == other.visitors


def meet(one, other):
    """Whether a path can match both patterns, * standing for anything.

    >>> meet("/shop/*", "*/cart"), meet("/a*", "/b*"), meet("/cart", "/cart")
    (True, False, True)
    """
    reached, todo = set(), [(0, 0)]
    while todo:
        at = todo.pop()
        if at in reached:
            continue
        reached.add(at)
        a, b = (pattern[place:place + 1] for pattern, place in zip((one, other), at, strict=True))
        if a == "*" or (a and b == "*"):
            todo.append((at[0] + 1, at[1]))
        if b == "*" or (b and a == "*"):
            todo.append((at[0], at[1] + 1))
        if a and a == b:
            todo.append((at[0] + 1, at[1] + 1))
    return (len(one), len(other)) in reached


def _plan(experiment, visitors_a_day, now, site):
    plan = experiment.plan
    if plan.visitors and visitors_a_day:
        weeks = plan.visitors / visitors_a_day / 7
        if weeks > MOST_WEEKS:
            yield BadExperiment("plan.visitors", N_("takes about %(weeks)s weeks at the pace of visitors of the last 7 days, %(visitors)s a day; more "
                                                    "than 8 weeks is long for a page to stand still. A larger effect needs fewer"),
                                weeks=round(weeks), visitors=round(visitors_a_day))
    if plan.until:
        days = (date.fromisoformat(plan.until) - baseline.last_days(site, now).last_date).days
        if days < FEWEST_DAYS:
            yield BadExperiment("plan.until", N_("is less than two whole weeks from now; they are the least, so that every day of the week "
                                                 "counts twice"))


def _thoughts(experiment):
    if not experiment.hypothesis:
        yield BadExperiment("hypothesis", N_("is empty; write what you expect and why, before you see a number"))
    if not any(variant.changes for variant in experiment.variants):
        yield BadExperiment("variants", N_("change nothing by themselves: all show the same page, unless its own code asks netiv('variant', '%(key)s') and "
                                           "shows something else"), key=experiment.key)
    if not experiment.guardrails:
        yield BadExperiment("guardrails", N_("are none; choose what must not get worse, such as revenue or abandonment"))
    if not experiment.needs_consent and any(metric.window_hours > 24 for metric in experiment.metrics):
        yield BadExperiment("needs_consent", N_("is off: visitors who store nothing are known for one day, so a longer window counts "
                                                "what they do on that day"))
    if experiment.audience.visitors == "returning" and not experiment.needs_consent:
        yield BadExperiment("audience.visitors", N_("is returning: only visitors with consent or an id of yours are known to have "
                                                    "been here before"))


def _now():
    return int(time.time() * 1000)
