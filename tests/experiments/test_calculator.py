"""netiv calc: what goes in and comes out, and that what is wrong is named with its place."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as some

from experiments.calculator import calculate
from experiments.reading import BadExperiment
from wsgi import netiv

CONTROL, B = {"key": "control", "visitors": 1000, "conversions": 100}, {"key": "b", "visitors": 1010, "conversions": 130}
CASE = {"variants": [CONTROL, B], "planned_visitors": 20000, "weights": [0.5, 0.5], "final": False}
PLAN = {"plan": {"baseline": 0.03, "relative_mde": 0.1, "alpha": 0.05, "power": 0.8, "variants": 2}}


def calc(given):
    return calculate(given if isinstance(given, str) else json.dumps(given))


def test_a_case_gives_every_number_of_the_verdict():
    found = calc(CASE)
    treatment = found["treatments"][0]
    assert (found["verdict"], found["stage"], found["progress"]) == ("undecided", "running", 0.1005)
    assert found["reasons"] == [{"code": "not_yet", "text": "The planned end is not reached: 2,010 of 20,000 visitors.",
                                 "visitors": 2010, "planned": 20000}]
    assert treatment["p"] == pytest.approx(0.0431858, rel=1e-5)
    assert treatment["difference"]["low"] < 30 / 1010 * 0.97 and treatment["difference"]["low"] > 0
    assert treatment["always_valid"]["difference"]["low"] < 0 < treatment["always_valid"]["difference"]["high"]
    assert treatment["always_valid"]["alpha"] == 0.01 and treatment["always_valid"]["p"] > 0.01
    assert found["srm"]["p"] == pytest.approx(0.823497, rel=1e-5)
    assert treatment["beta"]["chance_to_be_best"] == pytest.approx(0.978295, rel=1e-5)


def test_final_is_one_test_at_the_rest_of_alpha():
    assert calc({**CASE, "final": True})["verdict"] == "ended"  # p = 0.043, and early looks had their fifth
    assert calc({"variants": [CONTROL, B], "final": True})["verdict"] == "better"  # nothing planned, so no early looks


def test_means_come_as_sums():
    found = calc({"variants": [{"visitors": 5, "sum": 15, "sum_squares": 55}, {"visitors": 5, "sum": 30, "sum_squares": 190}]})
    assert found["treatments"][0]["p"] == pytest.approx(0.0170716, rel=1e-5) and found["treatments"][0]["beta"] is None
    assert [each["key"] for each in found["variants"]] == ["control", "variant 1"]


def test_sums_are_taken_as_written():
    found = calc({"variants": [{"visitors": 3, "sum": 0.6, "sum_squares": 0.14}, {"visitors": 3, "sum": 3e9, "sum_squares": 3000000000000000002}]})
    assert found["variants"][0]["value"] == 0.2
    assert found["variants"][1]["high"] - 1e9 == pytest.approx(2.48414, rel=1e-4)  # t(2) / √3, of a deviation of 1


def test_a_plan_gives_the_visitors_needed():
    found = calc(PLAN)
    assert (found["visitors"], found["visitors_per_variant"]) == (106416, 53208)
    found = calc({"plan": {"baseline": 0.03, "relative_mde": 0.1, "variants": 3, "visitors_per_week": 30000}})
    assert found["alpha_of_one_comparison"] == 0.025 and found["weeks"] == 7
    assert [each["weeks"] for each in found["detectable"]] == [2, 3, 4, 5, 6, 7, 8]


def test_a_mean_is_planned_from_its_deviation():
    plan = {"mean": 50, "deviation": 120, "relative_mde": 0.05, "visitors_per_week": 36168}  # two weeks' visitors find just that
    found = calc({"plan": plan})
    assert (found["visitors"], found["weeks"]) == (72336, 2)
    assert found["detectable"][0] == {"weeks": 2, "relative_mde": pytest.approx(0.05, rel=1e-4)}
    assert found["detectable"][-1]["relative_mde"] == pytest.approx(0.025, rel=1e-4)  # four times the visitors, half the change


def test_a_list_gives_a_list_in_its_order():
    assert ["verdict" in each for each in calc([CASE, PLAN, CASE])] == [True, False, True]


@pytest.mark.parametrize(("given", "said"), [
    ([CASE, CASE, {"variants": [CONTROL, {"visitors": 100, "conversions": 120}]}],
     "[2].variants[1].conversions is 120, more than its visitors (100)"),
    ({"variants": [CONTROL, {"visitors": 100}]}, "variants[1].conversions is missing"),
    ({"variants": [CONTROL, {**B, "key": "control"}]}, "variants[1].key is control, which an earlier variant has"),
    ({"variants": [CONTROL, {**B, "visitors": "many"}]}, "variants[1].visitors must be a whole number from 0 to 1000000000000000"),
    ({"variants": [CONTROL, {**B, "visitors": -1}]}, "variants[1].visitors must be a whole number from 0 to 1000000000000000"),
    ({"variants": [CONTROL]}, "variants is not a list of 2 to 20 tables"),
    ({"variants": [CONTROL, {"visitors": 10, "sum": 50, "sum_squares": 2}]},
     "variants[1].sum_squares is 2, less than sum²/visitors (250): no values have that sum and those squares"),
    ({**CASE, "weights": [0.5, 0.4]}, "weights add up to 0.9, not 1"),
    ({**CASE, "weights": [1]}, "weights has 1 numbers for 2 variants"),
    ({**CASE, "final": "yes"}, "final is neither true nor false"),
    ({**CASE, "finale": True}, "finale is unknown; there are: name, variants, planned_visitors, weights, final, stopped, alpha, direction, "
                               "rule, looks, days, multiple"),
    ({"variants": [CONTROL, B], "rule": "scheduled"}, "planned_visitors is missing; the rule scheduled needs it"),
    ({**CASE, "rule": "scheduled", "looks": [2000, 1000]},
     "looks must be whole numbers that rise: the visitors in all at each scheduled look so far"),
    ({"plan": {"baseline": 0.9, "relative_mde": 0.5}}, "plan.relative_mde leads from 0.9 to 1.35, beyond a rate of 1"),
    ({"plan": {"baseline": 0.9}}, "plan.relative_mde must be a number from -1 to 1000"),
    ('{"variants": [', "JSON cannot be read in line 1, column 15: Expecting value"), ("[]", "[] has 0 cases; write 1 to 1000"),
    ('{"final": true, "final": false}', "final stands twice in one object"), ("3", "experiment is not a table of fields"),
    ("[" * 100_000, "JSON is nested too deeply"), ("9" * 5000, "JSON holds a number that is too long")])
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_printed(given, said):
    text = given if isinstance(given, str) else json.dumps(given)
    found = CliRunner().invoke(netiv, ["calc", "-"], input=text)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr.replace("Error: ", "").splitlines()


def test_everything_wrong_is_said_at_once():
    with pytest.raises(BadExperiment) as caught:
        calc([{"variants": [{"visitors": 1}, {"visitors": 1, "conversions": 2}]}, {"plan": {}}])
    assert [error.field for error in caught.value.errors] == [
        "[0].variants[0].conversions", "[0].variants[1].conversions", "[1].plan.baseline", "[1].plan.relative_mde"]


def test_the_command_reads_a_file_or_standard_input(tmp_path):
    file = tmp_path / "case.json"
    file.write_text("\ufeff" + json.dumps(CASE), encoding="utf-8")
    run = CliRunner()
    from_file, from_input = run.invoke(netiv, ["calc", str(file)]), run.invoke(netiv, ["calc", "-"], input=json.dumps(CASE))
    assert from_file.exit_code == from_input.exit_code == 0 and from_file.stdout == from_input.stdout
    assert json.loads(from_file.stdout) == calc(CASE)
    assert run.invoke(netiv, ["calc", str(tmp_path / "none.json")]).exit_code == 2
    file.write_bytes(b"\xff\xfe")
    assert run.invoke(netiv, ["calc", str(file)]).exit_code == 2


visitors = some.integers(0, 10**9)
numbers = some.one_of(some.integers(-10**12, 10**12), some.integers(-10**9, 10**9).map(lambda number: number / 1000))
rates = some.tuples(visitors, visitors).map(lambda pair: {"visitors": max(pair), "conversions": min(pair)})
means = some.lists(numbers, min_size=0, max_size=5).map(
    lambda values: {"visitors": len(values), "sum": sum(values), "sum_squares": sum(value * value for value in values)})


@settings(max_examples=150, deadline=None)
@given(some.one_of(some.lists(rates, min_size=2, max_size=4), some.lists(means, min_size=2, max_size=4)),
       some.sampled_from([None, 10, 10**5, 10**9]), some.booleans(), some.sampled_from(["up", "down"]))
def test_whatever_was_counted_there_is_an_answer_without_nan(variants, planned, final, direction):
    case = {"variants": variants, "final": final, "direction": direction, **({"planned_visitors": planned} if planned else {})}
    found = calc(case)
    json.dumps(found, allow_nan=False)
    for each in found["treatments"]:
        assert each["p"] is None or each["p"] > 0
        for ends in (each["difference"], each["relative"], each["always_valid"]["difference"], each["deciding"]["relative"]):
            assert ends["low"] is None or ends["low"] < ends["high"]
        assert each["p"] is not None or each["why"]
