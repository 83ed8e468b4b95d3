"""One treatment against the control on one metric: every number of a row of the results table, and what the rule says of it. Pure."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from experiments.reasons import Reason
from experiments.sequential import END, HYBRID, RUNNING, SCHEDULED, Plan, always_valid_p, always_valid_z
from experiments.statistics import Adjusted, Mean, Rate, contrast, few
from experiments.statistics.curves import critical, z_as_t
from experiments.statistics.posterior import readings as posterior_readings
from experiments.statistics.rates import wilson

OWN = 0.05  # level of the interval of one variant's own value: 95 %


@dataclass(frozen=True)
class Value:
    """One variant's own value: `n` visitors, the value, and its interval of 95 %; None where it cannot be known."""

    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Interval:
    """What a test at critical value `z` does not reject, as pairs (low, high); None where it cannot be known.

    `alpha` is the level of that test: 0.05 for 95 %.
    """

    alpha: float
    z: float
    difference: tuple | None
    relative: tuple | None


@dataclass(frozen=True)
class Effect:
    """A treatment against the control. Rates differ in points (0.01 is one), relative changes are fractions of the control.

    `interval` (1 - α, so 95 % by default) and `p` hold for one look. `always` and `always_p` hold for any number
    of looks. `deciding` is what the verdict rests on: it leaves out zero exactly when the
    verdict is better or worse; None while nothing may be decided.
    """

    variant: str
    verdict: str  # "better", "worse", "undecided" or "few"
    difference: float | None
    relative: float | None
    p: float | None
    p_adjusted: float | None
    interval: Interval | None
    always_p: float | None
    always: Interval | None
    deciding: Interval | None
    why: tuple  # Reasons for what is not there
    enough: bool
    notable: bool = False  # among secondary metrics
    fisher_p: float | None = None  # with few counts these two stand in the details
    newcombe: tuple | None = None


class Pair:
    """A metric's control and one treatment, and what may be asked of them."""

    def __init__(self, metric, index, plan=Plan(), weights=()):
        self.metric, self.index, self.plan = metric, index, plan
        self.control, self.treatment = metric.sums[0], metric.sums[index]
        self.share = (weights[0] + weights[index]) / sum(weights) if weights else 1.0
        self.compared = contrast(self.control, self.treatment, metric.sums)

    @property
    def visitors(self):
        return self.control.n + self.treatment.n

    @cached_property
    def few(self):
        return isinstance(self.control, Rate) and few.is_few(self.control, self.treatment)

    @cached_property
    def z(self):
        return None if self.few else self.compared.z

    @cached_property
    def p(self):
        return None if self.z is None else self.compared.p

    @property
    def decides(self):
        """True when there is enough to test."""
        return self.z is not None

    @property
    def always_p(self):
        rho2 = self.plan.tuning(self.share)
        return always_valid_p(self.z, self.visitors, rho2) if rho2 and self.z is not None else None

    def ordering(self, stage):
        """The p by which Holm's procedure takes its turns."""
        return self.always_p if stage == RUNNING and self.plan.rule == HYBRID else self.p

    def critical(self, stage, tests):
        return self.plan.critical(stage, tests, self.visitors, self.share)

    def rejects(self, stage, tests):
        bound = self.critical(stage, tests)
        return bound is not None and abs(self.z) > bound

    def effect(self, variant, stage, tests, rejected, adjusted):
        """The Effect by the experiment's own rule, decided at α / `tests`; 0 for a treatment that is not tested."""
        verdict = "few" if not self.decides else "undecided"
        if rejected:
            verdict = "better" if (self.z > 0) == (self.metric.direction == "up") else "worse"
        bound = self.critical(stage, tests) if tests else None
        return self._effect(variant, verdict, adjusted, always=self._always(tests or 1),
                            deciding=self._interval(self.plan.level(stage) / tests, bound) if bound is not None else None)

    def exploratory(self, variant, adjusted, notable):
        """The Effect of a metric that decides nothing."""
        return self._effect(variant, "undecided" if self.decides else "few", adjusted,
                            notable=adjusted is not None and adjusted <= notable)

    def _effect(self, variant, verdict, adjusted, always=None, deciding=None, notable=False):
        compared = self.compared
        one_look = self._interval(self.plan.alpha, critical(self.plan.alpha)) if self.decides else None
        details = (few.fisher_p(self.control, self.treatment), few.newcombe(self.control, self.treatment, critical(self.plan.alpha))) \
            if self.few else (None, None)
        return Effect(variant, verdict, compared.difference, compared.relative, self.p, adjusted, one_look,
                      self.always_p if always else None, always, deciding, self._why(variant, one_look), self.decides, notable, *details)

    def _always(self, tests):
        rho2 = self.plan.tuning(self.share)
        if not (rho2 and self.decides):
            return None
        alpha = self.plan.always_alpha / tests
        return self._interval(alpha, always_valid_z(self.visitors, rho2, alpha))

    def _interval(self, alpha, z):
        return Interval(alpha, z, self.compared.difference_interval(z), self.compared.relative_interval(z))

    def _why(self, variant, interval):
        found = []
        if not (self.control.n and self.treatment.n):
            return (Reason("nobody"),)
        if self.few:
            found += _why_few(self.control, self.treatment, variant)
        elif not self.decides:
            found.append(Reason("no_spread" if self.compared.difference is not None else "too_few_values"))
        if self.compared.why_no_relative:
            found.append(Reason(self.compared.why_no_relative))
        elif interval and interval.relative is None:
            found.append(Reason("control_near_zero"))
        return tuple(found)


def _why_few(control, treatment, variant):
    x0, x1 = control.conversions, treatment.conversions
    if x0 + x1 < few.IN_ALL:
        return [Reason("few_conversions", {"conversions": x0 + x1, "variant": variant, "needed": few.IN_ALL})]
    if min(x0, x1) < few.IN_ONE:
        return [Reason("few_in_one", {"conversions": min(x0, x1), "variant": variant if x1 < x0 else "control", "needed": few.IN_ONE})]
    return [Reason("few_others", {"others": control.visitors - x0 + treatment.visitors - x1, "variant": variant})]


def why_decided(effect, plan, stage):
    """The Reason that a verdict better or worse rests on."""
    if plan.rule == SCHEDULED:
        return Reason("scheduled_look", {"z": critical(effect.p), "needed": effect.deciding.z})
    if stage == END:
        return Reason("planned_end", {"p": effect.p, "alpha": effect.deciding.alpha})
    return Reason("always_valid", {"p": effect.always_p, "alpha": effect.deciding.alpha})


def value(sums):
    """The Value of one variant's sums: Wilson's interval for a rate, Student's for a mean or ratio.

    >>> found = value(Rate(81, 263))
    >>> round(found.low, 4), round(found.high, 4)
    (0.2553, 0.3662)
    """
    if isinstance(sums, Rate):
        interval = wilson(sums, critical(OWN))
    else:
        interval = _own_interval(sums.unadjusted if isinstance(sums, Adjusted) else sums)
    return Value(sums.n, sums.value, *(interval or (None, None)))


def _own_interval(sums):
    if not sums.variance:
        return None
    whole = isinstance(sums, Mean)
    error = sqrt(sums.variance / sums.n if whole else sums.variance)
    width = z_as_t(critical(OWN), max((sums.n if whole else min(sums.n, sums.x)) - 1, 1)) * error
    return sums.value - width, sums.value + width


def readings(metric):
    """The second reading of each variant, for rates; () for anything else."""
    if not isinstance(metric.sums[0], Rate):
        return ()
    return tuple(posterior_readings(metric.sums, metric.direction == "down"))
