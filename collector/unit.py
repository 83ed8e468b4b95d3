"""What one visitor did in one experiment, and what that adds to its sums. Pure.

A Unit is the fold of its events: `take` counts one for a metric. As with
sessions, `contribution` says what it counts for at this moment, and the sums in
the store are those of all units of the experiment.
"""

from collector.events import ABANDON, FIELD, FORM, PURCHASE, START, SUBMIT, happened_at
from collector.trials import BEFORE, MEASURES

DAY = 86_400_000
PRE_PERIOD = 30 * DAY
MOST = 10 ** 13  # of one unit's value, so that no sum of them can overflow
HALF = 40  # bits of a square that stand in squares_low

FLAGS = ("converted", "form_starts")
PAIRS = {"order_value": ("revenue", "orders"), "form_errors": ("form_errors", "form_starts")}
SEGMENTS = ("device", "browser", "channel", "country", "seen_before")
TABLES = ("exposure_days", "outcome_days")


class Unit:
    """One visitor's first exposure, and his values since."""

    __slots__ = ("trial", "id", "variant", "at", "day", "epoch", "session_id", "multiple", "segments", "values")

    def __init__(self, trial, id, variant, at, day, epoch, session_id, multiple, segments):
        self.trial, self.id, self.variant = trial, id, variant  # the variant's place in the definition
        self.at, self.day, self.epoch, self.session_id = at, day, epoch, session_id
        self.multiple = multiple  # 1 when seen in another variant too: then it has no values
        self.segments = segments  # in the order of SEGMENTS
        self.values = {}  # measure: [value, at of the first event in it]

    def copy(self):
        """The same with values of its own."""
        other = Unit(self.trial, self.id, self.variant, self.at, self.day, self.epoch, self.session_id, self.multiple,
                     self.segments)
        other.values = {measure: list(held) for measure, held in self.values.items()}
        return other

    def take(self, metric, row):
        """Counts an event, a row of `events`, for a metric of the trial if it is in its window or before the exposure."""
        at = happened_at(row)
        after = at - self.at
        if 0 <= after < metric.window:
            for what, amount in _amounts(metric, row, after):
                self._grow(metric.measure(what), what, amount, at)
        elif -PRE_PERIOD <= after < 0 and self.segments[-1] and metric.kind in BEFORE:
            for what, amount in _amounts(metric, row, after):
                self._grow(f"before:{metric.key}", what, amount, at)

    def _grow(self, measure, what, amount, at):
        held = self.values.get(measure)
        if held is None:
            self.values[measure] = [min(amount, MOST), at]
            return
        if what == "time_ms":
            held[0] = min(held[0], amount)
        elif what not in FLAGS:
            held[0] = min(held[0] + amount, MOST)
        held[1] = min(held[1], at)


def _amounts(metric, row, after):
    """What an event adds to the measures of a metric: [(measure, amount), …]."""
    _, _, _, _, kind, _, _, name, _, _, x, _, value, _ = row
    if kind in (FORM, FIELD):
        refused = kind == FIELD and value is None
        if metric.kind == "form_errors":
            touched = kind == FIELD or x in (START, SUBMIT, ABANDON)
            return [("form_errors", 1)] * refused + [("form_starts", 1)] * touched
        if kind == FIELD or x != SUBMIT:
            return []
    elif name == PURCHASE and value is None and metric.source == "event":
        return []  # this order was counted before, perhaps before the exposure
    if metric.kind == "order_value":
        return [("revenue", value or 0), ("orders", 1)] if value else [("orders", 1)]
    if metric.kind == "revenue":
        return [("revenue", value)] if value else []
    if metric.kind == "form_errors":
        return []
    return [(MEASURES[metric.kind][0], after if metric.kind == "time" else 1)]


def contribution(unit):
    """What a unit adds to the sums: a list of (table, key, numbers), as the tables order them.

    Besides its measures: "cross:metric", whose squares are the products of the
    two measures of a ratio; "cross_before:metric", those of a value and the same
    before the exposure; and "day<n>:metric", units that converted first n days
    after their exposure.
    """
    trial, variant = unit.trial.id, unit.variant
    when = unit.epoch, unit.day, variant
    segments = (("", 0), *zip(SEGMENTS, unit.segments))
    if unit.multiple:
        return [("exposure_days", (trial, *segment, *when), (0, 1)) for segment in segments]
    found = [("exposure_days", (trial, *segment, *when), (1, 0)) for segment in segments]
    if unit.values:
        sums = [(measure, (1, value, *_halves(value * value))) for measure, (value, _) in unit.values.items()]
        sums += _products(unit)
        found += [("outcome_days", (trial, *segment, *when, measure), numbers)
                  for segment in segments for measure, numbers in sums]
        found += [("outcome_days", (trial, "", 0, *when, f"day{(at - unit.at) // DAY}:{measure.partition(':')[2]}"), (1, 0, 0, 0))
                  for measure, (_, at) in unit.values.items() if measure.startswith("converted:")]
    return found


def _products(unit):
    for metric in unit.trial.metrics:
        if metric.kind in PAIRS:
            held = [unit.values.get(metric.measure(what)) for what in PAIRS[metric.kind]]
            if all(held):
                yield metric.measure("cross"), (1, 0, *_halves(held[0][0] * held[1][0]))
        elif metric.kind in BEFORE:
            held = unit.values.get(metric.measure(MEASURES[metric.kind][0])), unit.values.get(metric.measure("before"))
            if all(held):
                yield metric.measure("cross_before"), (1, 0, *_halves(held[0][0] * held[1][0]))


def _halves(number):
    return number >> HALF, number & (1 << HALF) - 1


def exposure_row(unit):
    """The unit as a row of `exposures`, its columns in the table's order."""
    return (unit.trial.id, unit.id, unit.variant, unit.at, unit.day, unit.epoch, unit.session_id, unit.multiple,
            *unit.segments)


def outcome_rows(unit):
    """Its rows of `outcomes`."""
    return [(unit.trial.id, measure, unit.id, unit.variant, value, at) for measure, (value, at) in unit.values.items()]


def from_row(trial, stored):
    """A Unit from its named row, without its values."""
    return Unit(trial, stored.unit, stored.variant, stored.at, stored.day, stored.epoch, stored.session_id,
                stored.multiple, tuple(getattr(stored, name) for name in SEGMENTS))
