"""Two public data sets come out as docs/statistics.md says. They are not part of the project: skipped where ../shared/data is absent."""

import csv
import gzip
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from experiments import srm
from experiments.sequential import Plan
from experiments.statistics import Rate
from experiments.verdict import Case, Metric, judge

ROOT = Path(__file__).resolve().parents[2]
DATA = next((each for each in (ROOT.parent / "shared/data", ROOT.parents[1] / "shared/data") if each.is_dir()), ROOT.parent / "shared/data")
TEXT = (ROOT / "docs/statistics.md").read_text(encoding="utf-8")


@pytest.fixture
def udacity():
    """Rows of control and screener, by day."""
    files = [DATA / f"udacity_free_trial_{name}.csv" for name in ("control", "experiment")]
    if not all(file.exists() for file in files):
        pytest.skip("../shared/data has no Udacity files")
    return [list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())) for file in files]


@pytest.fixture
def upworthy():
    """Rows of each headline test."""
    file = DATA / "upworthy_headline_tests_sample.csv.gz"
    if not file.exists():
        pytest.skip("../shared/data has no Upworthy file")
    tests = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            tests[row["test_id"]].append(row)
    return list(tests.values())


def added(rows, name, visitors="Clicks"):
    known = [row for row in rows if row[name]]
    return Rate(sum(int(row[name]) for row in known), sum(int(row[visitors]) for row in known))


def test_the_screener_is_for_review(udacity):
    enrolled, paid = (tuple(added(rows, name) for rows in udacity) for name in ("Enrollments", "Payments"))
    found = judge(Case(("control", "screener"), Metric("enrolled", enrolled, "down"), plan=Plan(final=True), days=23,
                       guardrails=(Metric("paid", paid, margin=0.05),)))
    assert found.verdict == "review"
    for effect, cells in ((found.primary.effects[0], "| 3,785 of 17,293 | 3,423 of 17,260 |"), (found.guardrails[0].effects[0], "| 2,033 of 17,293 | 1,945 of 17,260 |")):
        points, percent = ([100 * each for each in (estimate, *ends)] for estimate, ends in (
            (effect.difference, effect.interval.difference), (effect.relative, effect.interval.relative)))
        row = re.search(rf"^.*{re.escape(cells)}.*$", TEXT, re.M)[0].replace("−", "-")
        assert "{:+.2f} points ({:+.2f} to {:+.2f})".format(*points) in row
        assert "{:+.1f} % ({:+.1f} % to {:+.1f} %)".format(*percent) in row
    assert found.guardrails[0].guards[0].worst == pytest.approx(-0.087, abs=5e-4)


def test_its_split_is_the_planned_one(udacity):
    ps = [srm.balance([sum(int(row[name]) for row in rows) for rows in udacity], (1, 1)).p for name in ("Pageviews", "Clicks")]
    assert [f"{p:.3f}" for p in ps] == ["0.288", "0.824"]


def test_looked_at_daily_it_is_called_on_day_8(udacity):
    total, verdicts, always = sum(added(rows, "Enrollments").visitors for rows in udacity), {}, {}
    for day in range(1, 24):
        rates = tuple(added(rows[:day], "Enrollments") for rows in udacity)
        found = judge(Case(("control", "screener"), Metric("enrolled", rates, "down"), plan=Plan(total), days=day))
        verdicts[day], always[day] = found.verdict, found.primary.effects[0].always_p
    assert [day for day, verdict in verdicts.items() if verdict == "better"] == list(range(8, 24))
    assert (f"{always[7]:.4f}", f"{always[8]:.4f}") == ("0.0131", "0.0052")


def test_upworthys_broken_weeks_are_found(upworthy):
    states, verdicts = defaultdict(Counter), defaultdict(Counter)
    for rows in upworthy:
        broken = "201325" <= rows[0]["test_week"] <= "201402"
        rates = tuple(Rate(int(row["clicks"]), int(row["impressions"])) for row in rows)
        found = judge(Case(tuple(row["variant"] for row in rows), Metric("clicks", rates), plan=Plan(final=True)))
        states[broken][found.balance.state] += 1
        verdicts[broken][found.verdict] += 1
    for broken, weeks in ((True, "201325 to 201402"), (False, "all others")):
        row = [int(cell) for cell in re.search(rf"^\| {weeks} \|(.*)\|$", TEXT, re.M)[1].split("|")]
        state, verdict = states[broken], verdicts[broken]
        assert row == [state.total(), state["block"], state["warn"], verdict["better"], verdict["worse"], verdict["ended"]]
