"""What the loader must know of experiments: who counts as exposed, and which events count for which metric.

Read like goals, from the definitions as they stand in the store. What a unit's
events come to stands in unit.py, how it gets into the tables in outcomes.py.

A metric is kept as one or two measures of each unit, named "measure:metric":

    conversion, abandonment   converted     1 once its event happened
    count                     count         how often
    revenue                   revenue       minor units
    order_value               revenue, orders
    time                      time_ms       from the exposure to the first event
    form_errors               form_errors, form_starts (1 once the form was touched or refused)

and, of conversion, abandonment, count and revenue, "before:metric": the same in
the 30 days before the exposure, of visitors who were here on an earlier day.
"""

import json
import logging
from dataclasses import dataclass
from typing import NamedTuple

from collector.events import CUSTOM, EXPOSURE, FIELD, FORM, PAGEVIEW
from collector.wildcard import fits

HOUR = 3_600_000
LONGEST_WINDOW = 90 * 24 * HOUR
USUAL_WINDOW = 72  # hours

MEASURES = {"conversion": ("converted",), "abandonment": ("converted",), "count": ("count",), "revenue": ("revenue",),
            "order_value": ("revenue", "orders"), "time": ("time_ms",), "form_errors": ("form_errors", "form_starts")}
BEFORE = ("conversion", "abandonment", "count", "revenue")  # kinds that are also counted before the exposure

log = logging.getLogger("netiv.loader")


class Metric(NamedTuple):
    key: str
    kind: str
    source: str  # "event", "page" or "form": whose; "" of a goal that the site has no more: nothing feeds it
    pattern: str  # name, path with *, or name is
    window: int  # milliseconds after the exposure

    def measure(self, what):
        return f"{what}:{self.key}"


@dataclass(frozen=True)
class Trial:
    """An experiment that takes exposures, or did so lately."""

    id: int
    site_id: int
    key: str
    variants: tuple[str, ...]
    metrics: tuple[Metric, ...]
    epochs: tuple[int, ...]  # when each began
    open: tuple[tuple[int, int | None], ...]  # when it took exposures: from, until before

    @property
    def measures(self):
        """All measures kept of its units."""
        return [*(metric.measure(what) for metric in self.metrics for what in MEASURES[metric.kind]),
                *(metric.measure("before") for metric in self.metrics if metric.kind in BEFORE)]

    def takes(self, at):
        """Whether an exposure at that time counts."""
        return any(start <= at and (end is None or at < end) for start, end in self.open)

    def epoch(self, at):
        """The number of the epoch that time is in."""
        return max((number for number, start in enumerate(self.epochs) if start <= at), default=0)


class Trials:
    """The trials of one site, and what is looked out for because of them. Names are known by their ids once `watch` was asked."""

    def __init__(self, trials):
        self.trials = trials
        self.by_id = {trial.id: trial for trial in trials}
        self.pages = {}  # page id: [(trial, metric), …]
        self._patterns = [(fits(metric.pattern), trial, metric)
                          for trial in trials for metric in trial.metrics if metric.source == "page"]
        self._watched = self._variants = None

    def __eq__(self, other):
        return isinstance(other, Trials) and self.trials == other.trials

    def see_page(self, page_id, path):
        """Called once of each page before events of it come."""
        self.pages[page_id] = [(trial, metric) for matches, trial, metric in self._patterns if matches(path)]

    def watch(self, name):
        """{type of event: {id of its page or name: [(trial, metric or None for exposures), …]}}. `name` gives a text's id."""
        if self._watched is None:
            exposures, customs, forms = {}, {}, {}
            for trial in self.trials:
                exposures.setdefault(name(trial.key), []).append((trial, None))
                for metric in trial.metrics:
                    if metric.source in ("event", "form"):
                        found = customs if metric.source == "event" else forms
                        found.setdefault(name(metric.pattern), []).append((trial, metric))
            self._variants = {trial.id: {name(key): place for place, key in enumerate(trial.variants)}
                              for trial in self.trials}
            self._watched = {EXPOSURE: exposures, CUSTOM: customs, FORM: forms, FIELD: forms, PAGEVIEW: self.pages}
        return self._watched

    def variant(self, trial, label):
        """The place of the variant whose key has that id in `names`; None when the trial has no such variant."""
        return self._variants[trial.id].get(label)


def stored(store, since=0):
    """Rows of experiments that were started, but for those stopped before an instant."""
    return store.ask("collector/trials", since=since)


def by_site(rows):
    """{site id: Trials} of such rows. One that cannot be read is left out: it must not stop the loader."""
    found = {}
    for row in rows:
        try:
            trial = read(row)
        except (ValueError, TypeError, KeyError, AttributeError):
            log.exception("the definition of experiment %s cannot be read; nothing is counted for it", row.id)
            continue
        found.setdefault(row.site_id, []).append(trial)
    return {site_id: Trials(tuple(trials)) for site_id, trials in found.items()}


def read(row):
    """The Trial of a row of collector/trials."""
    definition = json.loads(row.definition)
    goals = json.loads(row.goals)
    metrics = {}
    for wanted in (definition.get("primary"), *definition.get("secondary", ()), *definition.get("guardrails", ())):
        if wanted:
            metric = _metric(wanted, goals)
            metrics.setdefault(metric.key, metric)
    return Trial(row.id, row.site_id, row.key, tuple(variant["key"] for variant in definition["variants"]),
                 tuple(metrics.values()), tuple(json.loads(row.epochs)),
                 _open(row.started_at, json.loads(row.turns), row.stopped_at))


def source_of(metric, goals):
    """(source, pattern) of what a metric's definition counts: "event", "page" or "form", and which; ("", "") when it
    names a goal that is not among `goals`, which are (name, kind, pattern). Of two goals with one name the first counts.

    >>> source_of({"goal": "Purchase"}, [("Purchase", "event", "purchase")]), source_of({"page": "/thanks*"}, [])
    (('event', 'purchase'), ('page', '/thanks*'))
    """
    if metric.get("goal"):
        return next(((kind, pattern) for name, kind, pattern in goals if name == metric["goal"]), ("", ""))
    source = next((name for name in ("page", "form") if metric.get(name)), "event")
    return source, metric.get(source) or ""


def _metric(wanted, goals):
    source, pattern = source_of(wanted, goals)
    window = min(int(float(wanted.get("window_hours") or USUAL_WINDOW) * HOUR), LONGEST_WINDOW)
    if wanted["kind"] not in MEASURES:
        raise ValueError(f"{wanted['kind']} is no kind of metric")
    return Metric(wanted["key"], wanted["kind"], source, pattern, window)


def _open(started_at, turns, stopped_at):
    """Spans of time in which it ran. Takes [[at, whether it was paused then, not resumed], …] in order.

    >>> _open(10, [[20, 1], [30, 0]], 50)
    ((10, 20), (30, 50))
    """
    spans, start = [], started_at
    for at, paused in turns:
        if paused and start is not None:
            spans.append((start, at))
            start = None
        elif not paused and start is None:
            start = at
    if start is not None:
        spans.append((start, stopped_at))
    return tuple(spans)
