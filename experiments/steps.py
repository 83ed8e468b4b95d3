"""What exposed visitors did on the way: the checkout step by step, and its form field by field, for each variant.

Both read raw events, so they look at no more than MOST visitors: units are
random numbers, so those above a bound are a random sample. Pages say so.
"""

import json
from dataclasses import dataclass

from experiments import register
from experiments.corrections import benjamini_hochberg
from experiments.statistics import Rate, contrast, few
from experiments.statistics.curves import critical
from experiments.statistics.rates import wilson

MOST = 5_000
# GA4's e-commerce events in the order of a purchase; only those that happened become steps
STEPS = ("view_item", "add_to_cart", "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info", "purchase")
HOUR = 3_600_000
NOTABLE = 0.05  # share of false findings among the cells shown as notable
FIRST, SPAN = -2 ** 63, 2 ** 64  # of units
Z95 = critical(0.05)


@dataclass(frozen=True)
class Share:
    """Visitors of those who could: a Rate with its interval, and against the control the difference, its p and corrected p."""

    visitors: int
    of: int
    value: float | None
    interval: tuple | None
    difference: float | None = None
    p: float | None = None
    p_adjusted: float | None = None

    @property
    def notable(self):
        return self.p_adjusted is not None and self.p_adjusted <= NOTABLE


@dataclass(frozen=True)
class Funnel:
    """`steps` are pairs (name of the event, "" for the exposure; Share of the exposed by variant)."""

    steps: tuple
    sampled: int | None  # how many visitors were looked at, when not all


@dataclass(frozen=True)
class Field:
    name: str
    reached: tuple  # Share of those who began the form, by variant
    left: tuple  # Share of those who reached it: gave up here
    returned: tuple  # Share of those who reached it: came back to it
    refused: tuple  # Share of those who reached it: was told it is wrong
    hesitation: tuple  # seconds before the first key, the mean by variant; None where nobody did


@dataclass(frozen=True)
class Form:
    name: str
    began: tuple  # visitors by variant
    fields: tuple  # Field, in the order in which visitors meet them
    tested: int
    sampled: int | None


CELLS = ("reached", "left", "returned", "refused")


def funnel(store, site, record, visitors):
    """The Funnel of an experiment within the primary metric's window, None when no step beyond the exposure was taken."""
    variants = len(visitors)
    asked, exposed, sampled = _sample(store, site, record, visitors)
    counts = {}
    for row in store.ask("experiments/steps", **asked, names=json.dumps(STEPS),
                         window=record.experiment.primary.window_hours * HOUR):
        counts.setdefault(row.name, [0] * variants)[row.variant] = row.visitors
    # what fewer did than some later step, such as going back to a product, is no step of this way
    found = [name for at, name in enumerate(STEPS) if name in counts
             and sum(counts[name]) >= max(sum(counts.get(later, (0,))) for later in STEPS[at:])]
    if not found:
        return None
    shares = [("", _shares(exposed, exposed)), *((name, _shares(counts[name], exposed)) for name in found)]
    return Funnel(tuple(_corrected(shares)), sampled)


def form(store, site, record, visitors):
    """The Form the experiment is about, None without one: that of its metrics, else the one most visitors began."""
    asked, _, sampled = _sample(store, site, record, visitors)
    wanted = next((metric.form for metric in record.experiment.metrics if metric.form), "")
    begun = store.ask("experiments/forms", **asked)
    name = wanted or max(((row.visitors, row.form) for row in begun if row.form), default=(0, ""))[1]
    began = [0] * len(visitors)
    for row in begun:
        if row.form == name:
            began[row.variant] += row.visitors
    if not name or not sum(began):
        return None
    counted, order = {}, {}
    for row in store.ask("experiments/fields", **asked, form=name):
        counted.setdefault(row.field, {})[row.variant] = row
        order[row.field] = min(order.get(row.field, row.place), row.place)
    fields = [_field(each, counted[each], began) for each in sorted(counted, key=lambda each: (order[each], each))]
    fields, tested = _all_corrected(fields)
    return Form(name, tuple(began), tuple(fields), tested, sampled)


def _sample(store, site, record, visitors):
    """(what questions take, visitors looked at by variant, how many in all when that is not everybody): those of the latest epoch."""
    epoch = max((each.number for each in register.epochs(store, record)), default=0)
    asked = {"site": site.id, "experiment": record.id, "epoch": epoch, "first": FIRST}
    if sum(visitors) <= MOST:
        return asked, visitors, None
    asked["first"] = FIRST + SPAN - SPAN * MOST // sum(visitors)
    part = [0] * len(visitors)
    for row in store.ask("experiments/exposed_visitors", experiment=record.id, epoch=epoch, first=asked["first"]):
        part[row.variant] = row.visitors
    return asked, tuple(part), sum(part)


def _field(name, rows, began):
    def of(column, out_of):
        return _shares([getattr(rows[at], column) if at in rows else 0 for at in range(len(began))], out_of)
    reached = [rows[at].reached if at in rows else 0 for at in range(len(began))]
    hesitation = tuple(rows[at].hesitation_ms / rows[at].hesitations / 1000 if at in rows and rows[at].hesitations else None
                       for at in range(len(began)))
    return Field(name, of("reached", tuple(map(max, began, reached))), of("left_here", reached), of("returned", reached),
                 of("refused", reached), hesitation)


def _shares(counts, out_of):
    """Shares by variant, control first."""
    rates = [Rate(min(count, whole), whole) for count, whole in zip(counts, out_of, strict=True)]
    found = [_share(rates[0])]
    for each in rates[1:]:
        compared = contrast(rates[0], each)
        told = not few.is_few(rates[0], each)
        found.append(_share(each, compared.difference, compared.p if told else None))
    return tuple(found)


def _share(rate, difference=None, p=None):
    return Share(rate.conversions, rate.visitors, rate.value, wilson(rate, Z95) if rate.visitors else None, difference, p)


def _corrected(steps):
    """The same steps with p corrected over all of them (Benjamini-Hochberg)."""
    adjusted = iter(benjamini_hochberg([share.p for _, shares in steps for share in shares]))
    return [(name, tuple(_with(share, next(adjusted)) for share in shares)) for name, shares in steps]


def _all_corrected(fields):
    """(the fields with p corrected over every cell of the matrix, how many cells were tested)."""
    cells = [share for field in fields for name in CELLS for share in getattr(field, name)]
    adjusted = iter(benjamini_hochberg([share.p for share in cells]))
    done = [Field(field.name, *(tuple(_with(share, next(adjusted)) for share in getattr(field, name)) for name in CELLS), field.hesitation)
            for field in fields]
    return done, sum(share.p is not None for share in cells)


def _with(share, adjusted):
    return Share(share.visitors, share.of, share.value, share.interval, share.difference, share.p, adjusted)
