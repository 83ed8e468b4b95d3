"""The checks, one function each: what is simulated, and a row of figures for each cell.

A check takes `experiments` a cell and a `tick`, called with the part of its work
that is done. It gives Rows; a Row's `holds` says whether its figure keeps its bound.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, gammaln, ndtr

from bench.statistics import draw
from bench.statistics.rule import decide, mean_z, rate_z
from experiments import corrections, power, srm
from experiments.sequential import Plan
from experiments.statistics import Rate, Rates, few
from experiments.statistics.curves import critical

CHUNK = 1000
Z = critical(0.05)
RATES, PER_DAY = (0.001, 0.01, 0.03, 0.2), (50, 500, 5000)


@dataclass(frozen=True)
class Row:
    cell: str
    figures: dict  # name: value
    error: float | None  # Monte-Carlo standard error of the figure with the bound
    holds: bool | None = None


def share(hits, experiments):
    """(share, its standard error)."""
    part = hits / experiments
    return part, math.sqrt(max(part * (1 - part), 1 / experiments) / experiments)


def chunks(experiments):
    while experiments > 0:
        yield min(CHUNK, experiments)
        experiments -= CHUNK


def follow(x, n, plan_at, days=draw.DAYS):
    """(day of the first decision or 0, its direction) of two or more variants of a rate looked at daily, stopping at a decision."""
    first, way = np.zeros(len(x), dtype=int), np.zeros((len(x), x.shape[2] - 1), dtype=int)
    for day in range(1, days + 1):
        z = np.stack([rate_z(x[:, day - 1, 0], n[:, day - 1, 0], x[:, day - 1, k], n[:, day - 1, k]) for k in range(1, x.shape[2])], axis=1)
        found = decide(z, n[:, day - 1], plan_at(day), day)
        new = (first == 0) & found.any(axis=1)
        first[new], way[new] = day, found[new]
    return first, way


def hybrid(per_day, days=draw.DAYS):
    return lambda day: Plan(per_day * days)


def scheduled(per_day, days=draw.DAYS):
    """Weekly looks."""
    return lambda day: Plan(per_day * days, "scheduled", looks=tuple(per_day * each for each in range(7, day + 1, 7)))


def fixed(per_day, days=draw.DAYS):
    return lambda day: Plan(per_day * days, "fixed")


def peeking(experiments, tick):
    """A/A: two identical variants, looked at every day for four weeks. In how many does the rule call a difference at some look?"""
    cells = [(name, rule, rate, per_day) for name, rule in (("hybrid", hybrid), ("scheduled", scheduled)) for rate in RATES for per_day in PER_DAY]
    for number, (name, rule, rate, per_day) in enumerate(cells):
        chance, called = np.random.default_rng([1, number]), 0
        for size in chunks(experiments):
            called += (follow(*draw.rates(chance, size, per_day, [rate, rate]), rule(per_day))[0] > 0).sum()
        part, error = share(called, experiments)
        yield Row(f"{name}, {rate:.1%} convert, {per_day:,} a day", {"called": part}, error, part <= 0.0565)
        tick((number + 1) / len(cells))


def peeking_on_revenue(experiments, tick):
    """A/A on revenue per visitor, 3 % buy, lognormal orders, capped; looked at every day."""
    cells = [(sigma, per_day) for sigma in (1.5, 2.0) for per_day in (200, 1000, 3000)]
    for number, (sigma, per_day) in enumerate(cells):
        chance, called, sizes = np.random.default_rng([2, number]), 0, list(chunks(experiments))
        for turn, size in enumerate(sizes):
            visitors, totals, squares, buyers = draw.revenue(chance, size, per_day, sigma)
            found = np.zeros(size, dtype=bool)
            for day in range(7, draw.DAYS + 1):
                n, total, square = visitors[:, day - 1], totals[:, day - 1], squares[:, day - 1]
                with np.errstate(divide="ignore", invalid="ignore"):
                    z = mean_z(n[:, 0], total[:, 0], square[:, 0], n[:, 1], total[:, 1], square[:, 1])
                found |= decide(z[:, None], n, Plan(per_day * draw.DAYS), day, enough=buyers[:, day - 1].sum(axis=1) >= 20).any(axis=1)
            called += found.sum()
            tick((number + (turn + 1) / len(sizes)) / len(cells))
        part, error = share(called, experiments)
        yield Row(f"σ {sigma}, {per_day:,} a day", {"called": part}, error, part <= 0.062)


def coverage(experiments, tick):
    """How often the product's own intervals of 95 % hold the truth. Up to 50 expected conversions every possible table is asked and weighed by its chance, so there is no error; beyond, tables are drawn."""
    cells = [(conversions, rate, change) for conversions in (10, 20, 50, 200, 2000) for rate in (0.001, 0.03, 0.2) for change in (0.0, 0.1, 0.5)]
    for number, (conversions, rate, change) in enumerate(cells):
        n, exact = round(conversions / rate), conversions <= 50
        truths = rate, rate * (1 + change)
        tables = _every_table(n, truths) if exact else _drawn_tables(np.random.default_rng([3, number]), n, truths, experiments)
        inside, asked = dict.fromkeys(("difference", "relative"), 0), dict.fromkeys(("difference", "relative"), 0)
        for x0, x1, weight in tables:
            rates = Rates(Rate(x0, n), Rate(x1, n))
            for name, interval, truth in (("difference", rates.difference_interval(Z), truths[1] - truths[0]), ("relative", rates.relative_interval(Z), change)):
                if interval is not None:
                    asked[name] += weight
                    inside[name] += weight * (interval[0] <= truth <= interval[1])
        parts = {name: inside[name] / asked[name] for name in inside}
        worst, best = min(parts.values()), max(parts.values())
        yield Row(f"{conversions:,} expected at {rate:.1%}, change {change:+.0%}", parts, None if exact else share(inside["difference"], experiments)[1],
                  worst >= 0.945 and (best <= 0.96 or conversions < 20))
        tick((number + 1) / len(cells))


def _every_table(n, truths):
    """(x0, x1, chance) of every table that is not a one-in-a-billion one."""
    counts = []
    for truth in truths:
        spread = math.sqrt(n * truth * (1 - truth))
        x = np.arange(max(0, math.floor(n * truth - 6.5 * spread)), min(n, math.ceil(n * truth + 6.5 * spread) + 3) + 1)
        counts.append((x.tolist(), np.exp(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1) + x * np.log(truth) + (n - x) * np.log1p(-truth)).tolist()))
    for x0, chance0 in zip(*counts[0], strict=True):
        for x1, chance1 in zip(*counts[1], strict=True):
            if chance0 * chance1 > 1e-9:
                yield x0, x1, chance0 * chance1


def _drawn_tables(chance, n, truths, experiments):
    drawn, counts = np.unique(np.stack([chance.binomial(n, truth, experiments) for truth in truths]), axis=1, return_counts=True)
    return zip(*drawn.tolist(), counts.tolist(), strict=True)


def detection(experiments, tick):
    """A true effect that the fixed test finds in 80 %: how often is it found, and on which day?"""
    cells = [(rate, per_day) for rate in (0.01, 0.03, 0.2) for per_day in (500, 5000)]
    for number, (rate, per_day) in enumerate(cells):
        change = power.detectable(rate, per_day * draw.DAYS)
        truths, chance = [rate, rate * (1 + change)], np.random.default_rng([4, number])
        found, day, early = dict.fromkeys(("fixed", "hybrid", "scheduled"), 0), dict.fromkeys(("hybrid", "scheduled"), 0), []
        for size in chunks(experiments):
            x, n = draw.rates(chance, size, per_day, truths)
            for name, rule in (("fixed", fixed), ("hybrid", hybrid), ("scheduled", scheduled)):
                first, way = follow(x, n, rule(per_day))
                found[name] += ((first > 0) & (way[:, 0] > 0)).sum()
                if name in day:
                    day[name] += np.where(first > 0, first, draw.DAYS).sum()
                if name == "hybrid":
                    rows = np.flatnonzero((first > 0) & (first < draw.DAYS))
                    at = first[rows] - 1
                    early += ((x[rows, at, 1] / n[rows, at, 1]) / (x[rows, at, 0] / n[rows, at, 0]) - 1).tolist()
        parts = {name: hits / experiments for name, hits in found.items()}
        days = {f"{name} days": total / experiments for name, total in day.items()}
        yield Row(f"{rate:.0%} convert, {per_day:,} a day, {change:+.1%}",
                  {**parts, **days, "estimate over truth when early": float(np.mean(early)) / change if early else None},
                  share(found["hybrid"], experiments)[1], parts["hybrid"] >= 0.77 and days["hybrid days"] <= 25.5)
        tick((number + 1) / len(cells))


def coherence(experiments, tick):
    """Random tables: p < α exactly when both intervals leave out zero; swapped, mirrored and merged they say the same."""
    chance, broken = random.Random(5), dict.fromkeys(("intervals", "swapped", "mirrored", "merged"), 0)
    done = 0
    while done < experiments:
        rates = _table(chance)
        if few.is_few(rates.control, rates.treatment):
            continue
        done += 1
        low, high = rates.difference_interval(Z)
        ratio = rates.relative_interval(Z)
        rejected = rates.p < 0.05
        broken["intervals"] += not (rejected == (low > 0 or high < 0) == (ratio[0] > 0 or ratio[1] < 0))
        other = Rates(rates.treatment, rates.control)
        broken["swapped"] += not (other.p == rates.p and _same(other.difference_interval(Z), (-high, -low)))
        mirror = Rates(*(Rate(each.visitors - each.conversions, each.visitors) for each in (rates.control, rates.treatment)))
        broken["mirrored"] += not (mirror.p == rates.p and _same(mirror.difference_interval(Z), (-high, -low)))
        broken["merged"] += Rates(*(_in_days(chance, each) for each in (rates.control, rates.treatment))) != rates
        if done % 1000 == 0:
            tick(done / experiments)
    for name, count in broken.items():
        yield Row(name, {"broken": count, "of": experiments}, None, count == 0)


def _table(chance):
    n0, n1 = (round(10 ** chance.uniform(1.5, 7)) for _ in "01")
    rate = 10 ** chance.uniform(-4, 0) if chance.random() < 0.7 else 1 - 10 ** chance.uniform(-4, -0.3)
    x1 = round(n1 * (rate + math.sqrt(rate * (1 - rate) * (1 / n0 + 1 / n1)) * chance.gauss(0, 2.5)))
    return Rates(Rate(round(n0 * rate), n0), Rate(min(max(x1, 0), n1), n1))


def _same(one, other):
    return all(math.isclose(a, b, rel_tol=1e-8, abs_tol=1e-11) for a, b in zip(one, other, strict=True))


def _in_days(chance, rate):
    x, rest = (sorted(chance.randint(0, count) for _ in range(6)) for count in (rate.conversions, rate.visitors - rate.conversions))
    converted = [after - before for before, after in zip([0, *x], [*x, rate.conversions], strict=True)]
    others = [after - before for before, after in zip([0, *rest], [*rest, rate.visitors - rate.conversions], strict=True)]
    days = [Rate(yes, yes + no) for yes, no in zip(converted, others, strict=True)]
    return sum(days[1:], days[0])


def split(experiments, tick):
    """The split, tested every day for four weeks: false blocks when it is even, and blocks found when it is 51/49."""
    cells = [(0.5, 100), (0.5, 1000), (0.5, 5000), (0.51, 1000), (0.51, 2000)]
    for number, (part, per_day) in enumerate(cells):
        chance, found = np.random.default_rng([6, number]), {"blocked": 0, "warned or blocked": 0}
        for size in chunks(experiments):
            first = chance.binomial(per_day, part, (size, draw.DAYS)).cumsum(axis=1)
            total = per_day * np.arange(1, draw.DAYS + 1)
            statistic = np.where(total >= srm.FROM, (2 * first - total) ** 2 / total, 0)
            for name, p in (("blocked", srm.BLOCKS), ("warned or blocked", srm.WARNS)):
                found[name] += (statistic > chdtri(1, p)).any(axis=1).sum()
        parts = {name: hits / experiments for name, hits in found.items()}
        holds = parts["blocked"] <= 0.015 if part == 0.5 else parts["blocked"] >= 0.9 if per_day == 2000 else None  # the smaller one is for scale
        yield Row(f"{part:.0%} / {1 - part:.0%}, {per_day // 2:,} a day a variant", parts, share(found["blocked"], experiments)[1], holds)
        tick((number + 1) / len(cells))


def many(experiments, tick):
    """Four treatments like the control, five metrics, looked at every day: any treatment called, any secondary comparison notable at the end."""
    cells = [(0.03, 1000), (0.2, 2000)]
    for number, (rate, per_day) in enumerate(cells):
        chance, called, notable = np.random.default_rng([7, number]), 0, 0
        for size in chunks(experiments):
            called += (follow(*draw.rates(chance, size, per_day, [rate] * 5), hybrid(per_day))[0] > 0).sum()
            zs = [_last_z(*draw.rates(chance, size, per_day, [rate] * 5)) for _ in range(4)]
            ps = 2 * ndtr(-np.abs(np.concatenate(zs, axis=1)))
            notable += sum(min(corrections.benjamini_hochberg(row)) <= 0.05 for row in ps.tolist())
        part, error = share(called, experiments)
        yield Row(f"{rate:.0%} convert, {per_day:,} a day", {"called": part, "any secondary notable": notable / experiments}, error, part <= 0.0565)
        tick((number + 1) / len(cells))


def _last_z(x, n):
    return np.stack([rate_z(x[:, -1, 0], n[:, -1, 0], x[:, -1, k], n[:, -1, k]) for k in range(1, x.shape[2])], axis=1)


def unit(experiments, tick):
    """A/A with three sessions a visitor that are alike: counted by visitor, and wrongly by session."""
    cells = [(0.03, 500), (0.2, 500)]
    for number, (rate, per_day) in enumerate(cells):
        chance, called = np.random.default_rng([8, number]), {"by visitor": 0, "by session": 0}
        for size in chunks(experiments):
            for name, (x, n) in zip(called, draw.sessions(chance, size, per_day, rate), strict=True):
                called[name] += (follow(x, n, hybrid(per_day * (1 if name == "by visitor" else 3)))[0] > 0).sum()
        parts = {name: hits / experiments for name, hits in called.items()}
        yield Row(f"{rate:.0%} a session, {per_day:,} a day", parts, share(called["by visitor"], experiments)[1],
                  parts["by visitor"] <= 0.0565 < parts["by session"])
        tick((number + 1) / len(cells))


# name: (check, what must hold, how many times the asked number of experiments a cell)
CHECKS = {
    "peeking": (peeking, "called ≤ 0.0565 in every cell", 1), "revenue": (peeking_on_revenue, "called ≤ 0.062", 1),
    "coverage": (coverage, "≥ 0.945 everywhere, ≤ 0.96 where the control expects 20 conversions", 1),
    "power": (detection, "hybrid ≥ 0.77 where the fixed test has 0.80; mean duration ≤ 25.5 of 28 days", 1),
    "coherence": (coherence, "none broken", 10), "split": (split, "false blocks ≤ 0.015; 51/49 at 1,000 a day a variant blocked in ≥ 0.90", 1),
    "many": (many, "called ≤ 0.0565", 1), "unit": (unit, "by visitor ≤ 0.0565, and by session above it", 1),
}
