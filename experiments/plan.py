"""What a plan comes to: visitors needed, weeks, what can be found in the time there is. Pure but for the site's calendar.

Made from what history says of the primary metric (baseline.Tried) and of the
traffic, by experiments.power.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from experiments import baseline, power
from experiments.definition import FEWEST_VISITORS, LARGEST_EFFECT

RATES = ("conversion", "abandonment")


@dataclass(frozen=True)
class Planned:
    """Durations in whole weeks; effects are relative; None for what cannot be told."""

    tried: object  # baseline.Tried of the primary metric
    visitors_a_week: float
    needed: int | None  # visitors in all for the wanted effect
    weeks: int | None  # until they have come
    wanted: float  # relative_mde
    planned: int | None  # visitors the definition plans
    found_by_plan: float | None  # the smallest effect that so many visitors find
    ends: tuple | None  # (first, last) date on which the planned visitors will have come
    curve: tuple  # (weeks, visitors, smallest detectable effect or None); () where none of them finds any
    too_small: bool  # the wanted effect is out of reach in LONGEST_WEEKS


def plan(experiment, check, site, now):
    """The Planned of an experiment with a launch.Check; None without a primary metric."""
    if experiment.primary is None:
        return None
    tried, wishes = check.tried[0], experiment.plan
    a_week = 7 * check.visitors_a_day
    how = _how(experiment)
    needed = _needed(tried, wishes.relative_mde, how)
    weeks = power.weeks_for(needed, a_week) if needed else None
    curve = tuple((each, round(each * a_week), _found(tried, each * a_week, how))
                  for each in range(power.SHORTEST_WEEKS, power.LONGEST_WEEKS + 1)) if a_week else ()
    curve = curve if any(found for *_, found in curve) else ()
    return Planned(tried, a_week, needed, weeks, wishes.relative_mde, wishes.visitors,
                   _found(tried, wishes.visitors, how) if wishes.visitors else None,
                   _ends(wishes.visitors, check, site, now), curve, bool(weeks) and weeks > power.LONGEST_WEEKS)


def proposed(experiment, tried, visitors):
    """(visitors, relative_mde): the smallest effect in whole per cent that up to so many visitors find, and those it needs, as plan() says
    of it. (None, None) where they find none, or where they are fewer than may be planned."""
    how = _how(experiment)
    found = _found(tried, visitors, how) if visitors else None
    effect = math.ceil(100 * found) / 100 if found else None
    needed = _needed(tried, effect, how) if effect else None
    return (needed, effect) if needed and needed >= FEWEST_VISITORS and effect <= LARGEST_EFFECT else (None, None)


def _how(experiment):
    return {"alpha": experiment.plan.alpha, "power": experiment.plan.power, "weights": _live(experiment.weights)}


def _live(weights):
    """Weights of those variants that anybody sees, the control first."""
    return (weights[0], *(each for each in weights[1:] if each > 0))


def _needed(tried, change, how):
    try:
        if tried.metric.kind in RATES:
            toward = change if tried.metric.direction == "up" else -change
            return power.for_rates(tried.value, toward, **how).visitors
        return power.for_means(tried.value, tried.deviation, change, **how).visitors
    except (ValueError, TypeError, ZeroDivisionError):  # nothing was measured, or the effect leads out of 0 to 1
        return None


def _found(tried, visitors, how):
    """The smallest relative change that so many visitors find."""
    if tried.metric.kind in RATES:
        return power.detectable(tried.value, visitors, **how) if tried.value and tried.value < 1 else None
    return power.detectable_mean(tried.value, tried.deviation, visitors, **how) if tried.value and tried.deviation and visitors else None


def _ends(visitors, check, site, now):
    """The days between which the planned visitors will have come, two whole weeks at least."""
    if not visitors or not check.visitors_a_day:
        return None
    fewest, most = power.days_left(visitors, check.last_days)
    if fewest is None:
        return None
    today = baseline.last_days(site, now).last_date
    least = 7 * power.SHORTEST_WEEKS
    return (_after(today, max(fewest, least)), _after(today, max(most, least)) if most is not None else None)


def _after(day, days):
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
