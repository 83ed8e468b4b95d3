"""The acceptance checks in small: `make bench-statistics` runs them with 10,000 experiments a cell, here a few cells have 2,000.

Bounds are widened by three standard errors, so that a test of chance does not fail by chance.
"""

import numpy as np
import pytest

from bench.statistics import checks, draw, rule
from bench.statistics.__main__ import PAGE, put
from experiments.sequential import Plan
from experiments.statistics import Mean, Rate
from experiments.verdict import Case, Metric, judge

FEW = 2000


def followed(truths, per_day, plan_at, seed, experiments=FEW):
    x, n = draw.rates(np.random.default_rng(seed), experiments, per_day, truths)
    return checks.follow(x, n, plan_at)


def below(bound, experiments=FEW):
    return bound + 3 * (bound * (1 - bound) / experiments) ** 0.5


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("name", ["hybrid", "scheduled", "fixed"])
def test_the_arrays_decide_as_the_judge_does(count, name):
    chance = np.random.default_rng([count, len(name)])
    seen = set()
    for _ in range(25):
        per_day, rate = int(chance.integers(60, 3000)), float(chance.choice([0.005, 0.03, 0.3]))
        truths = [rate, *(rate * (1 + chance.choice([0, 0.2, -0.3, 0.6], size=count - 1)))]
        x, n = draw.rates(chance, 1, per_day, truths)
        for day in (3, 7, 14, 20, 28):
            at = [(int(a), int(b)) for a, b in zip(x[0, day - 1], n[0, day - 1], strict=True)]
            plan = getattr(checks, name)(per_day)(day)
            z = np.array([[float(rule.rate_z(*at[0], *each)) for each in at[1:]]])
            mine = rule.decide(z, n[:, day - 1], plan, day)[0].tolist()
            result = judge(Case(tuple(map(str, range(count))), Metric("m", tuple(Rate(*each) for each in at)), plan=plan, days=day))
            effects = [{"better": 1, "worse": -1}.get(each.verdict, 0) for each in result.primary.effects]
            theirs = [0] * (count - 1) if result.verdict in ("collecting", "unusable") else effects
            assert mine == theirs, (at, plan, day)
            if result.stage != "end" or result.verdict not in ("ended", "collecting"):
                assert (result.verdict == "better") == (1 in mine)
            seen |= set(mine)
    assert seen == {0, 1, -1}


def test_the_arrays_weigh_means_as_the_judge_does():
    visitors, totals, squares, buyers = draw.revenue(np.random.default_rng(1), 40, 300, 1.5)
    for each in range(40):
        (n0, n1), (t0, t1), (s0, s1) = visitors[each, 27], totals[each, 27], squares[each, 27]
        means = Metric("m", (Mean(int(n0), float(t0), float(s0)), Mean(int(n1), float(t1), float(s1))))
        effect = judge(Case(("a", "b"), means, plan=Plan(300 * 28), days=28)).primary.effects[0]
        z = rule.mean_z(n0, t0, s0, n1, t1, s1)
        assert effect.p == pytest.approx(2 * rule.stdtr(1e12, -abs(z)), rel=1e-6)


@pytest.mark.parametrize(("rate", "per_day"), [(0.01, 500), (0.03, 50), (0.2, 5000)])
def test_looking_every_day_calls_no_more_than_one_in_twenty(rate, per_day):
    called = (followed([rate, rate], per_day, checks.hybrid(per_day), seed=10)[0] > 0).mean()
    assert 0 < called <= below(0.0565)


def test_the_plain_test_looked_at_every_day_would_call_one_in_five():
    """What the rule is for: the same experiments, p < 0.05 at any look."""
    x, n = draw.rates(np.random.default_rng(10), FEW, 500, [0.03, 0.03])
    z = rule.rate_z(x[:, 6:, 0], n[:, 6:, 0], x[:, 6:, 1], n[:, 6:, 1])
    assert (np.abs(z) > checks.Z).any(axis=1).mean() > 0.15


def test_a_true_effect_is_found_nearly_as_often_as_by_one_look_and_sooner():
    per_day = 2000
    change = checks.power.detectable(0.05, per_day * draw.DAYS)
    first, way = followed([0.05, 0.05 * (1 + change)], per_day, checks.hybrid(per_day), seed=11)
    assert (way[:, 0] > 0).mean() >= 0.77 - 3 * 0.0094
    assert np.where(first > 0, first, draw.DAYS).mean() <= 25.8
    first, way = followed([0.05, 0.05 * (1 + change)], per_day, checks.scheduled(per_day), seed=11)
    assert (way[:, 0] > 0).mean() >= 0.785 - 3 * 0.0094 and np.where(first > 0, first, draw.DAYS).mean() <= 23.5


def test_four_treatments_are_called_no_more_often_than_one():
    called = (followed([0.1] * 5, 1000, checks.hybrid(1000), seed=12, experiments=1000)[0] > 0).mean()
    assert called <= below(0.0565, 1000)


def test_sessions_in_place_of_visitors_call_too_often():
    by_visitor, by_session = draw.sessions(np.random.default_rng(13), FEW, 500, 0.2)
    assert (checks.follow(*by_visitor, checks.hybrid(500))[0] > 0).mean() <= below(0.0565)
    assert (checks.follow(*by_session, checks.hybrid(1500))[0] > 0).mean() > below(0.0565)


def test_the_split_is_blocked_when_it_is_off_and_seldom_else():
    rows = {row.cell: row.figures["blocked"] for row in checks.split(FEW, lambda part: None)}
    assert rows["50% / 50%, 500 a day a variant"] <= below(0.015)
    assert rows["51% / 49%, 1,000 a day a variant"] >= 0.9 - 0.02


def test_every_check_has_its_place_in_the_document(tmp_path):
    copy = tmp_path / "statistics.md"
    copy.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    for name in checks.CHECKS:
        put(name, "a table", copy)
    assert copy.read_text(encoding="utf-8").count("a table") == len(checks.CHECKS)
