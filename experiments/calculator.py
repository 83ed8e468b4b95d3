"""The calculator: tests that ran elsewhere come as JSON, the judge's answer goes out as JSON. Pure.

docs/statistics.md has the fields of both. A case is read strictly: what is wrong is
named with its place, as in `[2].variants[1].conversions`, and nothing is answered
unless all of it could be read.
"""

import json
from dataclasses import asdict
from fractions import Fraction

from experiments import power
from experiments.reading import BadExperiment, N_, Reader
from experiments.reasons import sentence
from experiments.sequential import HYBRID, RULES, Plan
from experiments.statistics import Mean, Rate
from experiments.verdict import Case, Metric, judge

MOST_CASES, MOST_VARIANTS = 1000, 20
MOST = 10**15  # visitors
MOST_SUM = 10**30
LEAST_ALPHA, MOST_ALPHA = 1e-6, 0.5


def calculate(text):
    """The answer to a JSON text with one case or a list of them, as what json.dumps takes. Raises BadExperiment.

    >>> found = calculate('{"variants": [{"key": "a", "visitors": 1000, "conversions": 120},'
    ...                   ' {"key": "b", "visitors": 1000, "conversions": 150}], "final": true}')
    >>> found["verdict"], found["treatments"][0]["difference"]["estimate"], round(found["treatments"][0]["p"], 6)
    ('better', 0.03, 0.04964)
    >>> calculate('[{"plan": {"baseline": 0.03, "relative_mde": 0.1, "power": 0.8}}]')[0]["visitors_per_variant"]
    53208
    """
    given = _parse(text)
    if not isinstance(given, list):
        return _read([(given, "")])[0]()
    if not 0 < len(given) <= MOST_CASES:
        raise BadExperiment("[]", N_("has %(count)s cases; write 1 to %(most)s"), count=len(given), most=MOST_CASES)
    return [answer() for answer in _read([(each, f"[{index}]") for index, each in enumerate(given)])]


def case_of(mapping):
    """The verdict.Case that one case's fields describe. Raises BadExperiment with all that is wrong."""
    return _whole(_case, mapping)


def plan_of(mapping):
    """What plan_answer takes, from the fields of a plan. Raises BadExperiment with all that is wrong."""
    return _whole(_plan, mapping)


def case_answer(case):
    """What the calculator says of a verdict.Case, a dictionary of plain values.

    Rates and relative changes are fractions; None is what cannot be known, and the
    treatment's `why` says why.
    """
    result = judge(case)
    primary = result.primary
    betas = [{"chance_to_be_best": each.best, "expected_loss": each.loss} for each in primary.readings] or [None] * len(case.variants)
    return {
        "verdict": result.verdict, "winner": result.winner or None, "reasons": _words(result.reasons), "warnings": _words(result.warnings),
        "stage": result.stage, "alpha": case.plan.alpha, "visitors": result.visitors, "planned_visitors": case.plan.visitors,
        "progress": result.progress,
        "srm": {"p": result.balance.p, "state": result.balance.state, "expected": list(result.balance.expected)},
        "variants": [{"key": key, **asdict(value), "beta": beta}
                     for key, value, beta in zip(case.variants, primary.values, betas, strict=True)],
        "treatments": [_treatment(effect, beta) for effect, beta in zip(primary.effects, betas[1:], strict=True)],
    }


def _treatment(effect, beta):
    found = {"key": effect.variant, "verdict": effect.verdict, "p": effect.p, "p_adjusted": effect.p_adjusted,
             "difference": {"estimate": effect.difference, **_ends(effect.interval, "difference")},
             "relative": {"estimate": effect.relative, **_ends(effect.interval, "relative")},
             "always_valid": {"p": effect.always_p, **_interval(effect.always)}, "deciding": _interval(effect.deciding),
             "beta": beta, "why": _words(effect.why)}
    if effect.fisher_p is not None:
        low, high = effect.newcombe
        found["few_counts"] = {"fisher_p": effect.fisher_p, "newcombe": {"low": low, "high": high}}
    return found


def _interval(interval):
    return {"alpha": interval.alpha if interval else None, "z": interval.z if interval else None,
            "difference": _ends(interval, "difference"), "relative": _ends(interval, "relative")}


def _ends(interval, of):
    low, high = (interval and getattr(interval, of)) or (None, None)
    return {"low": low, "high": high}


def _words(reasons):
    return [{"code": each.code, "text": sentence(each), **each.numbers} for each in reasons]


def plan_answer(baseline, deviation, relative_mde, alpha, wanted, weights, per_week):
    """The visitors a plan needs; with visitors a week also the weeks, and what each number of weeks can find."""
    if deviation is None:
        found = power.for_rates(baseline, relative_mde, alpha, wanted, weights)
    else:
        found = power.for_means(baseline, deviation, relative_mde, alpha, wanted, weights)
    answer = {"visitors": found.visitors, "visitors_per_variant": found.each[0] if len(set(found.each)) == 1 else list(found.each),
              "difference": found.difference, "alpha_of_one_comparison": found.alpha, "power": wanted}
    if per_week:
        answer["weeks"] = power.weeks_for(found.visitors, per_week)
        answer["detectable"] = [{"weeks": weeks, "relative_mde": change} for weeks, change in
                                power.by_weeks(baseline, per_week, deviation, alpha=alpha, power=wanted, weights=weights)]
    return answer


# -- reading

def _parse(text):
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise BadExperiment("JSON", N_("cannot be read in line %(line)s, column %(column)s: %(what)s"),
                            line=error.lineno, column=error.colno, what=error.msg) from None
    except RecursionError:
        raise BadExperiment("JSON", N_("is nested too deeply")) from None
    except BadExperiment:
        raise
    except ValueError:  # thousands of digits
        raise BadExperiment("JSON", N_("holds a number that is too long")) from None


def _object(pairs):
    found = dict(pairs)
    for name in found:
        if sum(name == other for other, _ in pairs) > 1:
            raise BadExperiment(name, N_("stands twice in one object"))
    return found


def _read(given):
    """What answers each (case or plan, its place), once all could be read. Raises BadExperiment with all that is wrong."""
    errors, found = [], []
    for mapping, place in given:
        reader = Reader(mapping, place, errors)
        if reader.has("plan"):
            plan = _plan(reader.part("plan"))
            found.append(lambda plan=plan: plan_answer(**plan))
            reader.only("plan", "name")
        else:
            case = _case(reader)
            found.append(lambda case=case: case_answer(case))
    if errors:
        raise BadExperiment.of(errors)
    return found


def _whole(read, mapping):
    """What one reader makes of a mapping that must be right."""
    reader = Reader(mapping)
    found = read(reader)
    if reader.errors:
        raise BadExperiment.of(reader.errors)
    return found


def _case(reader):
    """A verdict.Case, or None when something is wrong."""
    reader.text("name", longest=200)
    count, before = 0, len(reader.errors)
    keys, sums = [], []
    for each in reader.parts("variants", MOST_VARIANTS, fewest=2):
        key, found = _variant(each, "control" if count == 0 else f"variant {count}")
        if key in keys:
            each.wrong("key", N_("is %(key)s, which an earlier variant has"), key=key)
        if sums and found and type(found) is not type(sums[0]):
            each.wrong("visitors", N_("stands beside other fields than in the variants before: "
                                      "conversions in all, or sum and sum_squares in all"))
        count += 1
        keys.append(key)
        sums += [found] if found else []
    plan = {"visitors": reader.whole("planned_visitors", None, 1, MOST), "rule": reader.choice("rule", RULES),
            "alpha": reader.number("alpha", 0.05, LEAST_ALPHA, MOST_ALPHA), "looks": _looks(reader),
            "final": reader.flag("final"), "stopped": reader.flag("stopped")}
    if plan["rule"] != HYBRID and not plan["visitors"]:
        reader.wrong("planned_visitors", N_("is missing; the rule %(rule)s needs it"), rule=plan["rule"])
    direction, days = reader.choice("direction", ("up", "down")), reader.whole("days", None, 0, 10_000)
    multiple, weights = reader.whole("multiple", 0, 0, MOST), _weights(reader, count)
    reader.only("name", "variants", "planned_visitors", "weights", "final", "stopped", "alpha", "direction", "rule", "looks", "days", "multiple")
    if len(reader.errors) > before:
        return None
    return Case(tuple(keys), Metric("metric", tuple(sums), direction), weights=weights, plan=Plan(**plan), days=days, multiple=multiple)


def _variant(reader, default):
    """(key, Rate or Mean), None in its place when it is wrong."""
    before = len(reader.errors)
    key, visitors = reader.text("key", default), _count(reader, "visitors")
    if reader.has("sum") or reader.has("sum_squares"):
        found = _mean(reader, visitors)
        reader.only("key", "visitors", "sum", "sum_squares")
        return key, found
    conversions = _count(reader, "conversions")
    reader.only("key", "visitors", "conversions")
    if len(reader.errors) == before and conversions > visitors:
        reader.wrong("conversions", N_("is %(conversions)s, more than its visitors (%(visitors)s)"), conversions=conversions, visitors=visitors)
    return key, None if len(reader.errors) > before else Rate(conversions, visitors)


def _count(reader, name):
    if not reader.has(name):
        reader.wrong(name, N_("is missing"))
    return reader.whole(name, 0, 0, MOST)


def _mean(reader, visitors):
    before = len(reader.errors)
    total, squares = reader.exact("sum", -MOST_SUM, MOST_SUM), reader.exact("sum_squares", 0, MOST_SUM)
    if len(reader.errors) > before:
        return None
    least = Fraction(total) ** 2 / visitors if visitors else 0
    # whoever added floats may be below it by a rounding
    if squares < least * (1 - Fraction(1, 10**9)) or (not visitors and (total or squares)):
        reader.wrong("sum_squares", N_("is %(squares)s, less than sum²/visitors (%(least)s): no values have that sum and those squares"),
                     squares=f"{float(squares):.6g}", least=f"{float(least):.6g}")
        return None
    return Mean(visitors, total, max(squares, least))


def _weights(reader, count):
    """Shares of the variants, equal ones when none are given."""
    weights = reader.numbers("weights", 0, 1)
    if weights and len(weights) != count:
        reader.wrong("weights", N_("has %(count)s numbers for %(variants)s variants"), count=len(weights), variants=count)
    elif weights and abs(sum(weights) - 1) > 1e-6:
        reader.wrong("weights", N_("add up to %(sum)s, not 1"), sum=f"{sum(weights):.6g}")
    return weights or (1 / max(count, 1),) * count


def _looks(reader):
    looks = reader.numbers("looks", 1, MOST)
    if any(after <= before for before, after in zip(looks, looks[1:], strict=False)) or any(each % 1 for each in looks):
        reader.wrong("looks", N_("must be whole numbers that rise: the visitors in all at each scheduled look so far"))
    return tuple(map(int, looks))


def _plan(reader):
    """The arguments of plan_answer; of no use when something is wrong."""
    means = reader.has("mean") or reader.has("deviation")
    baseline = reader.number("mean", None, -MOST, MOST) if means else reader.number("baseline", None, 0, 1)
    deviation = reader.number("deviation", None, 0, MOST) if means else None
    change = reader.number("relative_mde", None, -1, 1000)
    count = reader.whole("variants", 2, 2, MOST_VARIANTS)
    found = {"baseline": baseline, "deviation": deviation, "relative_mde": change, "weights": _weights(reader, count),
             "alpha": reader.number("alpha", 0.05, LEAST_ALPHA, MOST_ALPHA), "wanted": reader.number("power", 0.8, 0.05, 0.9999),
             "per_week": reader.whole("visitors_per_week", None, 1, MOST)}
    if min(found["weights"]) <= 0:
        reader.wrong("weights", N_("has a zero; a variant without visitors is not planned for"))
    for name, value in (("mean" if means else "baseline", baseline), ("relative_mde", change), ("deviation", deviation)):
        if value == 0 and not reader.is_wrong(name):
            reader.wrong(name, N_("must not be 0"))
    if not means and not reader.is_wrong("baseline") and (baseline == 1 or baseline * (1 + change) > 1):
        reader.wrong("relative_mde", N_("leads from %(baseline)s to %(rate)s, beyond a rate of 1"),
                     baseline=baseline, rate=f"{baseline * (1 + change):.6g}")
    reader.only("mean", "deviation", "relative_mde", "variants", "weights", "alpha", "power", "visitors_per_week") if means else \
        reader.only("baseline", "relative_mde", "variants", "weights", "alpha", "power", "visitors_per_week")
    return found
