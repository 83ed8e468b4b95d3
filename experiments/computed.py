"""How each number on the page came about: its formula, filled in. For readers who would do it again by hand.

Formulas are written alike in every language and stand from left to right; what each is
for is said in the reader's own. docs/statistics.md explains them at length.
"""

from dataclasses import dataclass
from math import sqrt

from flask_babel import gettext as _

from collector.fields import N_
from experiments import sentences
from experiments.sequential import END, RUNNING, always_valid_z
from experiments.statistics import Rate
from experiments.statistics.sums import Mean


@dataclass(frozen=True)
class Step:
    title: object
    lines: tuple  # formulas
    source: str = ""


def steps(findings, names):
    """Steps for the primary metric, the split, the rule, guardrails and the second reading."""
    found = [*_own(findings, names)]
    for index in range(1, len(findings.case.variants)):
        found += _against(findings, names, index)
    found += [*_rule(findings), _split(findings.result.balance), *_guardrails(findings, names), *_secondary(findings), *_reading(findings, names)]
    return tuple(each for each in found if each and each.lines)


def _own(findings, names):
    """Each variant's own value with its interval."""
    sums, values = findings.case.primary.sums, findings.result.primary.values
    lines = []
    for variant, own, value in zip(findings.case.variants, sums, values, strict=True):
        if value.value is None:
            continue
        if isinstance(own, Rate):
            lines.append(f"{variant}: p = {own.conversions} / {own.visitors} = {_n(value.value)}   [{_n(value.low)}, {_n(value.high)}]")
        elif isinstance(own, Mean):
            lines.append(f"{variant}: mean = {own.total} / {own.n} = {_n(value.value)}, "
                         f"s² = (n Σx² − (Σx)²) / (n (n − 1)) = {_n(own.variance)}   [{_n(value.low)}, {_n(value.high)}]")
        else:
            lines.append(f"{variant}: Σy / Σx = {own.y} / {own.x} = {_n(value.value)}   [{_n(value.low)}, {_n(value.high)}]")
    source = "Wilson (1927)" if isinstance(sums[0], Rate) else "Student (1908)"
    return [Step(_("Each variant's own value, and its interval of 95 percent"), tuple(lines), source)]


def _against(findings, names, index):
    """A treatment against the control: test, interval, relative change."""
    control, treatment = findings.case.primary.sums[0], findings.case.primary.sums[index]
    effect = findings.result.primary.effects[index - 1]
    name = names.variant(effect.variant)
    if effect.p is None:
        return []
    lines = []
    if isinstance(control, Rate):
        (x0, n0), (x1, n1) = ((each.conversions, each.visitors) for each in (control, treatment))
        pooled = (x0 + x1) / (n0 + n1)
        z = (x1 / n1 - x0 / n0) / sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1))
        lines += [f"P = ({x0} + {x1}) / ({n0} + {n1}) = {_n(pooled)}",
                  f"z = (p₁ − p₀) / √(P (1 − P) (1/n₀ + 1/n₁)) = ({_n(x1 / n1)} − {_n(x0 / n0)}) / "
                  f"√({_n(pooled)} · {_n(1 - pooled)} · (1/{n0} + 1/{n1})) = {_n(z, 4)}"]
        sources = "Pearson (1900); Mee (1984), Miettinen & Nurminen (1985); Koopman (1984)"
    elif isinstance(control, Mean):
        error = sqrt(control.variance / control.n + treatment.variance / treatment.n)
        lines.append(f"t = (m₁ − m₀) / √(s₁²/n₁ + s₀²/n₀) = ({_n(treatment.value)} − {_n(control.value)}) / {_n(error)} = "
                     f"{_n((treatment.value - control.value) / error, 4) if error else '–'}")
        sources = "Welch (1947); Fieller (1954)"
    else:
        sources = "Deng, Knoblich & Lu (2018); Fieller (1954)"
    lines.append(f"p = {_n(effect.p, 4)}" + (f"   (Holm: {_n(effect.p_adjusted, 4)})" if effect.p_adjusted != effect.p else ""))
    for label, interval in (("95 %", effect.interval), (f"{100 * (1 - effect.always.alpha):g} %" if effect.always else "", effect.always),
                            (f"{100 * (1 - effect.deciding.alpha):g} %" if effect.deciding else "", effect.deciding)):
        if interval and interval.difference and f"{label}: " not in "".join(lines):
            relative = f";  p₁/p₀ − 1: [{_n(interval.relative[0])}, {_n(interval.relative[1])}]" if interval.relative else ""
            lines.append(f"{label}: |z| ≤ {_n(interval.z, 4)} → [{_n(interval.difference[0])}, {_n(interval.difference[1])}]{relative}")
    return [Step(sentences.filled(N_("%(variant)s against the control: test, difference and relative change"), variant=name), tuple(lines), sources)]


def _rule(findings):
    """When one may say so."""
    result, plan = findings.result, findings.result.plan
    lines = [f"α = {plan.alpha:g};  N* = {plan.visitors or '–'};  N = {result.visitors};  {plan.rule};  {result.stage}"]
    tests = len(result.primary.effects)
    if plan.visitors and plan.rule == "hybrid":
        n = sum(each.n for each in result.primary.values[:2])
        share = (result.weights[0] + result.weights[1]) / sum(result.weights)
        rho2, alpha = plan.tuning(share), plan.level(RUNNING)
        lines += [f"α = {plan.alpha:g} = {alpha:g} ({_('while it runs')}) + {plan.level(END):g} ({_('at the planned end')})",
                  f"ρ² = (−2 ln α + ln(1 − 2 ln α)) / N* = {_n(rho2)}",
                  f"|z| > √(2 (Nρ² + 1)/(Nρ²) · ln(√(Nρ² + 1) / α)) = {_n(always_valid_z(n, rho2, alpha / tests), 4)}"
                  f"   (N = {n}, α = {alpha:g} / {tests})" if n else ""]
    return [Step(_("The rule for looking early"), tuple(filter(None, lines)),
                 "Robbins (1970); Howard et al. (2021); Waudby-Smith et al. (2024); Holm (1979)")]


def _split(balance):
    if balance.p is None:
        return None
    terms = " + ".join(f"({seen} − {_n(expected)})²/{_n(expected)}" for seen, expected in zip(balance.counts, balance.expected, strict=True)
                       if expected is not None)
    return Step(_("Is the split the planned one?"), (f"χ² = Σ (seen − planned)²/planned = {terms} = {_n(balance.statistic)}"
                                                     if balance.df == sum(each is not None for each in balance.expected) - 1
                                                     else f"χ² = {_n(balance.statistic)}",
                                                     f"df = {balance.df};  p = {_n(balance.p, 4)}"),
                "Fabijan et al. (2019)")


def _guardrails(findings, names):
    lines = tuple(f"{judged.key}, {effect.variant}: margin = {guard.margin:g};  worst = {_n(guard.worst)};  "
                  f"p(harm ≥ margin) = {_n(guard.p, 4)} → {guard.state}"
                  for judged in findings.result.guardrails for effect, guard in zip(judged.effects, judged.guards, strict=True))
    return [Step(_("Guardrails: is harm beyond the margin ruled out? One-sided, 95 percent"), lines, "Piaggio et al. (2012)")]


def _secondary(findings):
    lines = tuple(f"{judged.key}, {effect.variant}: p = {_n(effect.p, 4)} → {_n(effect.p_adjusted, 4)}"
                  for judged in findings.result.secondary for effect in judged.effects if effect.p is not None)
    return [Step(_("Secondary metrics, corrected together"), lines, "Benjamini & Hochberg (1995)")]


def _reading(findings, names):
    """The second reading, never the verdict."""
    lines = tuple(f"{variant}: Beta({own.conversions} + 1, {own.visitors - own.conversions} + 1);  P(best) = {_n(reading.best, 3)};  "
                  f"E(loss) = {_n(reading.loss)}"
                  for variant, own, reading in zip(findings.case.variants, findings.case.primary.sums, findings.result.primary.readings, strict=False))
    return [Step(_("A second reading, never the verdict: the posterior of each rate"), lines, "Beta(1, 1)")]


def _n(number, digits=5):
    """A number as a formula has it."""
    return "–" if number is None else f"{number:.{digits}g}".replace("-", "−")
