"""What the loader kept of an experiment, as the sums that statistics start from: read() gives all a result needs.

Nearly everything is read from sums by exposure day, variant and segment; rows of
single visitors only for what no sum can say: caps of revenue, the histogram and
the completion times. The measures are those of collector/trials.py.

Weights that changed began a new epoch: only the latest counts, because pooling
epochs would compare visitors of different days. Under scheduled looks what is
counted is what the last look saw; after the planned end nobody is added.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, log10

from collector import orders, period
from collector.quantile import quantile
from collector.trials import BEFORE, MEASURES
from collector.unit import HALF, PAIRS, SEGMENTS
from experiments import goals, register
from experiments.statistics import Adjusted, Mean, Rate, Ratio

DAY = 86_400_000
WEEK = 7  # days between scheduled looks
FOREVER = 1 << 40  # a day that never comes
MOST_SEGMENTS = 12  # of a kind
MOST_LAGS = 14  # days since the exposure that are told apart
BINS = 12
BALANCED = ("device", "browser")  # segments in which the split must be the planned one, and every day
ADJUSTED_FROM = 100  # visitors of a variant who were here before


@dataclass(frozen=True)
class Bin:
    """Visitors by variant whose value is at least `low` and less than `high`, which the last bin includes."""

    low: int
    high: int
    counts: tuple


@dataclass(frozen=True)
class Histogram:
    """The values of a revenue metric that are not 0, in minor units."""

    metric: str
    bins: tuple
    cap: int | None


@dataclass(frozen=True)
class Times:
    """Of a time metric, by variant: milliseconds within which half and nine tenths of those who completed did so; None for nobody."""

    medians: tuple
    p90s: tuple


@dataclass(frozen=True)
class Counted:
    """What was counted, of visitors seen in one variant only. Tuples by variant are in the definition's order; sums are
    Rate, Mean or Ratio."""

    visitors: tuple
    sums: dict  # metric key: sums by variant, capped where there is a cap
    uncapped: dict  # the same without the cap, of metrics that have one
    epochs: tuple  # pairs (visitors by variant, weights)
    segments: tuple  # pairs (kind, ((name, visitors by variant), …)) of the latest epoch, to test the split in
    multiple: int  # visitors seen in several variants
    looks: tuple  # visitors in all at each scheduled look so far
    last_exposure: int | None  # the end of the last day with an exposure, or now
    until: int | None  # the last event of the site's latest session
    days: tuple  # (day, visitors by variant, sums of the primary metric by variant) of those exposed that day
    by_segment: tuple  # (kind, name, visitors by variant, sums of the primary metric by variant)
    since: tuple  # (n, Rates by variant): converted within n + 1 days of the exposure, of those followed so long
    revenue: Histogram | None  # of the first revenue metric
    caps: dict  # metric key: minor units
    adjusted: dict = field(default_factory=dict)  # metric key: Adjusted by variant, of visitors who were here before
    times: dict = field(default_factory=dict)  # metric key: Times
    later: int = 0  # visitors who came after the planned end and are in none of these
    gone: tuple = ()  # keys of metrics whose goal the site has no more: nothing counts for them since
    orders: object = None  # orders.Health of the test's days, None where no real orders are known or no metric counts orders


def read(store, site, record, now):
    """The Counted of an experiment at `now`. Freezes the cap of a revenue metric when there are enough values for one."""
    return _Reading(store, site, record, now).counted()


def exclusions(store, site, record, now):
    """Rows of reason, events, batches: what the site left out since the experiment began."""
    return store.ask("experiments/exclusions", site=site.id, first_day=period.day_of(record.started_at, site.zone),
                     last_day=period.day_of(now, site.zone))


def real_orders(store, site, record, now):
    """The orders.Health of the days of an experiment whose metrics count orders; None without any, or without real orders."""
    if not any(metric.kind in ("revenue", "order_value") or goals.source(store, site, metric) == ("event", "purchase")
               for metric in record.experiment.metrics):
        return None
    first, last = (period.date_of(period.day_of(at, site.zone)) for at in (record.started_at, min(record.stopped_at or now, now)))
    return orders.health(store, site, period.of_dates(first, last, site.zone))


class _Reading:
    """The questions of one result, each asked once."""

    def __init__(self, store, site, record, now):
        self.store, self.site, self.record, self.now = store, site, record, now
        self.metrics = record.experiment.metrics
        self.variants = range(len(record.experiment.variants))
        self.today = period.day_of(now, site.zone)
        self.exposures = store.ask("experiments/exposure_days", experiment=record.id)
        self.epoch = max((row.epoch for row in self.exposures), default=0)
        self.looks, self.last_day = self._looks()
        self.outcomes = [row for row in store.ask("experiments/outcome_days", experiment=record.id) if self._counts(row)]
        self.caps = self._caps()
        self.above = {metric.key: self._above(metric) for metric in self.metrics if metric.key in self.caps}

    def counted(self):
        today = [row for row in self.exposures if self._counts(row)]
        visitors = self._visitors(today)
        last = max((row.day for row in self.exposures), default=None)
        until = self.store.ask("experiments/last_event", site=self.site.id)
        cells = _added(self.outcomes, lambda row: ())[()]
        named = self._segments()
        return Counted(
            visitors,
            {metric.key: self._sums(metric, cells, visitors) for metric in self.metrics},
            {metric.key: self._sums(metric, cells, visitors, capped=False) for metric in self.metrics if metric.key in self.caps},
            self._epochs(),
            tuple((kind, tuple((name, seen) for each, name, _, seen in named if each == kind)) for kind in BALANCED)
            + (("day", tuple((str(day), self._visitors(rows)) for day, rows in _grouped(today, "day"))),),
            sum(row.multiple for row in today), self.looks,
            None if last is None else min(period.day_start(last + 1, self.site.zone), self.now),
            until[0].last_at if until else None,
            self._days(today), self._by_segment(named), self._since(today), self._histogram(cells), self.caps,
            self._adjusted(named), {metric.key: self._times(metric) for metric in self.metrics if metric.kind == "time"},
            sum(row.visitors for row in self.exposures if row.epoch == self.epoch and row.day > self.last_day)
            if self.record.experiment.plan.looks != "scheduled" else 0,
            tuple(dict.fromkeys(metric.key for metric in self.metrics if not goals.source(self.store, self.site, metric)[0])),
            real_orders(self.store, self.site, self.record, self.now))

    def _counts(self, row):
        return row.epoch == self.epoch and row.day <= self.last_day

    def _visitors(self, rows):
        seen = [0] * len(self.variants)
        for row in rows:
            seen[row.variant] += row.visitors
        return tuple(seen)

    def _looks(self):
        """(visitors in all at each weekly look so far, the last day that counts): the planned end's, or the latest scheduled look's."""
        plan, record = self.record.experiment.plan, self.record
        if plan.looks != "scheduled":
            return (), min(self._full_day(), self._end_day())
        first = period.day_of(record.started_at, self.site.zone)
        days = range(first + WEEK, min(self.today, self._end_day()) + 1, WEEK)
        looks = tuple(sum(row.visitors for row in self.exposures if row.day < day and row.epoch == self.epoch) for day in days)
        over = record.stopped_at is not None or self.today > self._end_day()
        return looks, FOREVER if over or not looks else days[-1] - 1

    def _full_day(self):
        """The day by which the planned visitors had come. The test at the end is one test: later visitors would make it a daily one."""
        planned, total = self.record.experiment.plan.visitors, 0
        for day, rows in _grouped([row for row in self.exposures if row.epoch == self.epoch], "day"):
            total += sum(row.visitors for row in rows)
            if planned and total >= planned:
                return day
        return FOREVER

    def _end_day(self):
        until = self.record.experiment.plan.until
        return date.fromisoformat(until).toordinal() - period.EPOCH if until else FOREVER

    def _epochs(self):
        weights = {each.number: each.weights for each in register.epochs(self.store, self.record)}
        return tuple((self._visitors(rows), weights[epoch]) for epoch, rows in _grouped(self.exposures, "epoch") if epoch in weights)

    # -- sums of a metric

    def _sums(self, metric, cells, visitors, capped=True, where=lambda row: True):
        """Its sums by variant, from {variant: {measure: (units, total, squares)}}.

        `where` says which visitors above the cap are in them.
        """
        return tuple(self._one(metric, cells.get(variant, {}), visitors[variant],
                               self._excess(metric, variant, where) if capped else (0, 0, 0)) for variant in self.variants)

    def _one(self, metric, cell, n, excess):
        first, second = (cell.get(f"{what}:{metric.key}", (0, 0, 0)) for what in (*MEASURES[metric.kind], "")[:2])
        if metric.kind in ("conversion", "abandonment"):
            return Rate(first[0] if metric.kind == "conversion" else n - first[0], n)
        total, squares, products = first[1] - excess[0], first[2] - excess[1], cell.get(f"cross:{metric.key}", (0, 0, 0))[2]
        if metric.kind in PAIRS:
            return Ratio(n, second[1], second[2], total, squares, products - excess[2])
        return Mean(first[0] if metric.kind == "time" else n, total, squares, first[0])

    def _excess(self, metric, variant, where, beside="beside"):
        """What lies above the cap: of the sum, of the sum of squares, and of the products with another measure."""
        cap, found = self.caps.get(metric.key), [0, 0, 0]
        for row in self.above.get(metric.key, ()):
            if row.variant == variant and where(row):
                found[0] += row.value - cap
                found[1] += row.value ** 2 - cap ** 2
                found[2] += (row.value - cap) * getattr(row, beside)
        return found

    # -- caps

    def _caps(self):
        """{metric key: cap}: those frozen before, and those there are values enough for now, which are frozen with this."""
        held = dict(self.record.cap or {})
        fresh = {metric.key: cap for metric in self.metrics
                 if metric.kind in ("revenue", "order_value") and metric.cap < 1 and metric.key not in held
                 and (cap := self._quantile(metric)) is not None}
        if fresh and not self.store.read_only:
            held = _freeze(self.store, self.record.id, fresh)
        return {key: cap for key, cap in {**fresh, **held}.items() if any(metric.key == key for metric in self.metrics)}

    def _quantile(self, metric):
        """The value that a part 1 - cap of the values lies above; None while that is not even one: nothing would be capped."""
        measure = f"revenue:{metric.key}"
        above = floor(sum(row.units for row in self.outcomes if row.measure == measure) * (1 - metric.cap) + 1e-9)
        found = above and self.store.ask("experiments/quantile", experiment=self.record.id, measure=measure, place=above)
        return found[0].value if found else None

    def _above(self, metric):
        rows = self.store.ask("experiments/above", experiment=self.record.id, measure=f"revenue:{metric.key}",
                              beside=f"orders:{metric.key}", before=f"before:{metric.key}", cap=self.caps[metric.key])
        return [row for row in rows if self._counts(row)]

    # -- by day, by segment, since the exposure

    def _days(self, exposures):
        primary = self.metrics[0]
        cells = _added(self.outcomes, lambda row: row.day)
        found = []
        for day, rows in _grouped(exposures, "day"):
            seen = self._visitors(rows)
            found.append((day, seen, self._sums(primary, cells.get(day, {}), seen, where=lambda row, day=day: row.day == day)))
        return tuple(found)

    def _segments(self):
        """(kind, name, value, visitors by variant) of every segment, the largest of each kind first."""
        rows = self.store.ask("experiments/exposure_segments", experiment=self.record.id, epoch=self.epoch, first_day=0,
                              last_day=self.last_day)
        found = {}
        for row in rows:
            found.setdefault((row.segment, row.name, row.value), []).append(row)
        return [(*key, self._visitors(own)) for key, own in found.items()]

    def _by_segment(self, named):
        primary = self.metrics[0]
        measures = [f"{what}:{primary.key}" for what in (*MEASURES[primary.kind], "cross")]
        cells = self._segment_cells(measures)
        found, shown = [], dict.fromkeys(SEGMENTS, 0)
        for kind, name, value, seen in named:
            shown[kind] += 1
            if shown[kind] <= MOST_SEGMENTS:
                sums = self._sums(primary, cells.get((kind, value), {}), seen,
                                  where=lambda row, kind=kind, value=value: getattr(row, kind) == value)
                found.append((kind, name or "", seen, sums))
        return tuple(found)

    def _segment_cells(self, measures, segment=None):
        rows = self.store.ask("experiments/outcome_segments", experiment=self.record.id, epoch=self.epoch, first_day=0,
                              last_day=self.last_day, measures=json.dumps(measures),
                              segments=json.dumps([segment] if segment else SEGMENTS))
        return _added(rows, lambda row: (row.segment, row.value))

    def _since(self, exposures):
        primary = self.metrics[0]
        if MEASURES[primary.kind] != ("converted",):
            return ()
        found = []
        for lag in range(min(ceil(primary.window_hours / 24), MOST_LAGS)):
            seen = self._visitors([row for row in exposures if row.day + lag + 1 < self.today])
            if not any(seen):
                break
            converted = [0] * len(self.variants)
            within = {f"day{each}:{primary.key}" for each in range(lag + 1)}
            for row in self.outcomes:
                if row.measure in within and row.day + lag + 1 < self.today:
                    converted[row.variant] += row.units
            lost = primary.kind == "abandonment"
            found.append((lag, tuple(Rate(n - part if lost else part, n) for part, n in zip(converted, seen, strict=True))))
        return tuple(found)

    def _adjusted(self, named):
        """Sums with what the same visitors came to before, where enough of each variant were here on an earlier day."""
        seen = next((seen for kind, _, value, seen in named if kind == "seen_before" and value), ())
        metrics = [metric for metric in self.metrics if metric.kind in BEFORE and metric.kind != "abandonment"]
        if not seen or min(seen) < ADJUSTED_FROM or not metrics:
            return {}
        cells = self._segment_cells([f"{what}:{metric.key}" for metric in metrics
                                     for what in (*MEASURES[metric.kind], "before", "cross_before")], "seen_before").get(("seen_before", 1), {})
        return {metric.key: tuple(self._with_before(metric, cells.get(variant, {}), seen[variant], variant)
                                  for variant in self.variants) for metric in metrics}

    def _with_before(self, metric, cell, n, variant):
        y, x, products = (cell.get(f"{what}:{metric.key}", (0, 0, 0))
                          for what in (*MEASURES[metric.kind], "before", "cross_before"))
        excess = self._excess(metric, variant, lambda row: row.seen_before, "before")
        return Adjusted(n, x[1], x[2], y[1] - excess[0], y[2] - excess[1], products[2] - excess[2])

    # -- from single values

    def _histogram(self, cells):
        """Of the first revenue metric: bins of a round width up to two deviations above the mean; the last holds all beyond."""
        metric = next((each for each in self.metrics if each.kind == "revenue"), None)
        held = [cell[f"revenue:{metric.key}"] for cell in cells.values() if f"revenue:{metric.key}" in cell] if metric else []
        if not held:
            return None
        units, total, squares = (sum(each[place] for each in held) for place in range(3))
        mean = total / units
        width = _round_up((mean + 2 * max(squares / units - mean * mean, 0) ** 0.5) / (BINS - 1))
        counts, largest = [[0] * len(self.variants) for _ in range(BINS)], 0
        for row in self.store.ask("experiments/bins", experiment=self.record.id, measure=f"revenue:{metric.key}", width=width,
                                  last=BINS - 1):
            counts[row.bin][row.variant] += row.visitors
            largest = max(largest, row.largest)
        last = max(place for place, found in enumerate(counts) if any(found))
        return Histogram(metric.key, tuple(
            Bin(place * width, max(largest, (place + 1) * width) if place == BINS - 1 else (place + 1) * width, tuple(found))
            for place, found in enumerate(counts[:last + 1])), self.caps.get(metric.key))

    def _times(self, metric):
        rows = self.store.ask("experiments/times", experiment=self.record.id, measure=f"time_ms:{metric.key}")
        held = {row.variant: sorted(json.loads(row.held)) for row in rows}
        return Times(*(tuple(quantile(held.get(variant, ()), part) for variant in self.variants) for part in (0.5, 0.9)))


def _freeze(store, experiment_id, fresh):
    """Writes caps down, unless another look was faster; gives those that hold."""
    with store.transaction() as connection:
        stored, = connection.execute("select cap from experiments where id = ?", [experiment_id]).fetchone()
        held = {**fresh, **json.loads(stored or "{}")}
        connection.execute("update experiments set cap = ? where id = ?", [json.dumps(held), experiment_id])
    return held


def _added(rows, key):
    """{key of a row: {variant: {measure: (units, total, squares)}}}, rows of one key added up."""
    found = {(): {}}
    for row in rows:
        measures = found.setdefault(key(row), {}).setdefault(row.variant, {})
        units, total, squares = measures.get(row.measure, (0, 0, 0))
        measures[row.measure] = (units + row.units, total + row.total, squares + (row.squares_high << HALF) + row.squares_low)
    return found


def _grouped(rows, name):
    """(value, rows) for each value of a column, in order."""
    found = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return sorted(found.items())


def _round_up(number):
    """The next of 1, 2, 5, 10, 20, 50, …

    >>> _round_up(0.3), _round_up(1234), _round_up(2000)
    (1, 2000, 2000)
    """
    if number <= 1:
        return 1
    power = 10 ** floor(log10(number))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= number)
