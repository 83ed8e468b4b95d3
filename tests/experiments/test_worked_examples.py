"""docs/statistics.md works every number out by hand; the code says the same."""

import re
from pathlib import Path

import pytest

from experiments import corrections, power, sequential, spending, srm
from experiments.guardrails import guard
from experiments.statistics import Adjusted, Mean, Rate, Rates, Ratio, contrast, few
from experiments.statistics.curves import critical, z_as_t
from experiments.statistics.means import slope_of
from experiments.statistics.posterior import readings
from experiments.statistics.rates import wilson

TEXT = (Path(__file__).resolve().parents[2] / "docs/statistics.md").read_text(encoding="utf-8")
Z = critical(0.05)
RATES = Rates(Rate(120, 1000), Rate(150, 1000))
WELCH = contrast(Mean(5, 15, 55), Mean(5, 30, 190))
RHO2 = sequential.Plan(20_000).tuning()
BOUND = sequential.always_valid_z(2000, RHO2, 0.01)
ADJUSTED = Adjusted(4, 10, 30, 26, 186, 74), Adjusted(4, 14, 54, 38, 378, 142)
BETA = readings([RATES.control, RATES.treatment])
GUARD = guard(Rates(Rate(5000, 100_000), Rate(5010, 100_000)), 0.05)


def points(interval):
    return [100 * end for end in interval]


@pytest.mark.parametrize("said, value", [
    ("0.015282 = {:.4f}", RATES.z), ("p = {:.4f}: a gap", RATES.p), ("δ = {:+.7f}: ", RATES.difference_interval(Z)[0]),
    ("δ = {:+.7f}: ", RATES.difference_interval(Z)[1]), ("φ = {:.6f}: ", 1 + RATES.relative_interval(Z)[0]),
    ("φ = {:.6f}: ", 1 + RATES.relative_interval(Z)[1]), ("so {:+.3f} to {:+.2f} points", points(RATES.difference_interval(Z))),
    ("so {:+.2f} % to {:+.1f} %, around", points(RATES.relative_interval(Z))), ("= {:.4f} to {:.4f}\n", wilson(RATES.treatment, Z)),
    ("no likelier, p = {:.4f}", few.fisher_p(Rate(3, 4), Rate(1, 4))), ("= {:.4f} to\n", few.newcombe(Rate(48, 80), Rate(56, 70), Z)[0]),
    ("= {:.4f}).", few.newcombe(Rate(48, 80), Rate(56, 70), Z)[1]), ("freedom, p = {:.4f}", WELCH.p),
    ("3 ± {:.4f} · 1", z_as_t(Z, 8)), ("· 1 = {:.4f} to {:.4f}", WELCH.difference_interval(Z)), ("r = {:.4f} and {:.4f}", WELCH.relative_interval(Z)),
    ("= {:.3f}\n\nThen as above", Ratio(4, 5, 7, 100, 3000, 140).variance), ("= {:.1f}, pooled", slope_of(ADJUSTED)),
    ("= {:.1f}, variance", contrast(*ADJUSTED, ADJUSTED).difference), ("/ 3 / 4 = {:.4f}, without", contrast(*ADJUSTED, ADJUSTED).variance),
    ("adjustment {:.4f}", contrast(*(each.unadjusted for each in ADJUSTED)).variance), ("1.2/6.5 = {:.1f} %", 100 * contrast(*ADJUSTED, ADJUSTED).relative),
    ("= {:.4f} / N*", RHO2 * 20_000), ("Nρ² = {:.4f}, the bound", 2000 * RHO2), ("= {:.4f}; z = 1.9630", BOUND),
    ("= {:.4f}. The always-valid interval", sequential.always_valid_p(RATES.z, 2000, RHO2)),
    ("of 1.96: {:.2f} to {:+.2f} points", points(RATES.difference_interval(BOUND))), ("0.04, |z| > {:.4f}", critical(0.04)),
    ("at a quarter {:.7f}", spending.spent(0.25, 0.05)), ("exceed\n{:.3f}, {:.3f}, {:.3f}, {:.3f}", spending.bounds((0.25, 0.5, 0.75, 1.0), 0.05)),
    ("become 3 · 0.01 = {:.2f}, then", corrections.holm([0.01, 0.04, 0.03])[0]), ("interval is {:.2f} %", 100 * GUARD.worst), ("5 % has p = {:.4f}", GUARD.p),
    ("3.9216, p = {:.4f}", srm.balance((5000, 5200), (1, 1)).p), ("better with chance {:.4f}", BETA[1].best), ("better by {:.6f} points", BETA[1].loss),
    ("by {:.6f}. The", BETA[0].loss), ("0.003² = {:,} a variant", power.for_rates(0.03, 0.1).each[0]),
    ("first step has it: {:,} a variant", power.for_rates(0.03, 0.1, weights=(1, 1, 1)).each[0]),
    ("make {} weeks", power.weeks_for(106_416, 20_000)), ("a change of {:.1f} %. The", 100 * power.detectable(0.03, 40_000)),
    ("are {} to {} days", power.days_left(10_000, [1000, 1100, 900, 1000, 1050, 950, 1000]))])
def test_the_document_says_what_the_code_says(said, value):
    values = value if isinstance(value, (tuple, list)) else [value]
    filled = re.sub(r"(?<![\w-])-(?=\d)", "−", said.format(*values))  # the page has minus signs, not hyphens
    assert filled in TEXT
