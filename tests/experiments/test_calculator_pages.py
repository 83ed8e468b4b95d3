"""The calculator in the browser: the numbers of `netiv calc`, nothing kept, nothing typed lost, what is wrong said at its field."""

import html
import json
import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from experiments import calculator, calculator_form, form
from experiments.reading import BadExperiment
from tests.office import office  # noqa: F401

CASE = {"variants[0].key": "control", "variants[0].visitors": "1,000", "variants[0].conversions": "100",
        "variants[1].key": "b", "variants[1].visitors": "1010", "variants[1].conversions": "130",
        "planned_visitors": "20,000", "state": "running", "direction": "up", "alpha": "5"}
MEANS = {"kind": "means", "variants[0].visitors": "5", "variants[0].sum": "15", "variants[0].sum_squares": "55",
         "variants[1].visitors": "5", "variants[1].sum": "30", "variants[1].sum_squares": "190.0", "state": "final"}
PLAN = {"baseline": "3", "relative_mde": "10", "alpha": "5", "power": "80", "variants": "2", "visitors_per_week": ""}


@pytest.fixture
def viewer(office):
    return office.as_("viewer")


def judged(browser, fields, language="en"):
    return browser.get(f"/calculator?{urlencode(fields)}", headers={"Accept-Language": language})


def planned(browser, fields):
    return browser.get(f"/calculator/plan?{urlencode(fields)}")


def words(answer):
    """What a page says, without its tags and the signs that keep numbers upright."""
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi>", "", answer.text)))))


def as_json(answer):
    """The block for netiv calc."""
    return html.unescape(re.search(r'<pre id="json-text"[^>]*><code>(.*?)</code>', answer.text, re.S)[1])


def test_a_case_reads_as_netiv_calc_says_it(viewer):
    answer = judged(viewer, CASE)
    text = words(answer)
    found = calculator.calculate(as_json(answer))
    assert answer.status_code == 200 and "No decision yet." in text and found["verdict"] == "undecided"
    assert found == calculator.calculate(json.dumps(
        {"variants": [{"key": "control", "visitors": 1000, "conversions": 100}, {"key": "b", "visitors": 1010, "conversions": 130}],
         "planned_visitors": 20000}))
    treatment = found["treatments"][0]
    assert (round(treatment["p"], 3), round(treatment["relative"]["estimate"], 2)) == (0.043, 0.29)
    assert "0.043" in text and "+29%" in text and "10% of the planned visitors: 2,010 of 20,000" in text
    assert "Seen 1,000 · 1,010, planned 1,005 · 1,005 (p = 0.82)." in text and "97.8%" in text  # SRM, and the Beta reading of b


def test_a_decided_case_says_its_verdict_and_why_in_both_languages(viewer):
    decided = CASE | {"variants[1].conversions": "180", "planned_visitors": "2000"}
    said = words(judged(viewer, decided))
    assert "converts better than" in said and "Tested once at the planned end" in said
    assert "נבדק פעם אחת, בסיום המתוכנן" in words(judged(viewer, decided, "he"))


def test_means_come_as_sums_and_fractions_as_typed(viewer):
    answer = judged(viewer, MEANS)
    assert answer.status_code == 200 and "Chance to be best" not in answer.text
    assert calculator.calculate(as_json(answer))["treatments"][0]["p"] == pytest.approx(0.0170716, rel=1e-5)


@pytest.mark.parametrize("changed, field, sentence", [
    ({"variants[1].conversions": "2000"}, "variants[1].conversions", "is 2000, more than its visitors (1010)"),
    ({"variants[1].visitors": ""}, "variants[1].visitors", "is missing"),
    ({"variants[1].visitors": "many"}, "variants[1].visitors", "must be a whole number"),
    ({"variants[1].key": "control"}, "variants[1].key", "which an earlier variant has"),
    ({"variants[0].weight": "50", "variants[1].weight": "40"}, "variants", "add up to 0.9, not 1"),
    ({"variants[0].weight": "50", "variants[1].weight": "much"}, "variants[1].weight", "must be a number from 0 to 100"),
    ({"alpha": "80"}, "alpha", "must be a number from 0.0001 to 50"),
    ({"planned_visitors": "soon"}, "planned_visitors", "must be a whole number"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(viewer, changed, field, sentence):
    answer = judged(viewer, CASE | changed)
    assert answer.status_code == 400 and f'href="#{field}"' in answer.text and sentence in answer.text
    for name, value in (CASE | changed).items():
        assert name in ("state", "direction") or f'value="{value}"' in answer.text


def test_rows_come_and_go_and_what_was_typed_stays(viewer):
    answer = judged(viewer, CASE | {"do": "add variants"})
    assert answer.status_code == 200 and 'name="variants[2].visitors"' in answer.text and 'value="1,000"' in answer.text
    answer = judged(viewer, CASE | {"variants[2].key": "c", "do": "remove variants[1]"})
    assert 'value="c"' in answer.text and 'value="130"' not in answer.text
    answer = judged(viewer, CASE | {"do": "means"})
    assert 'name="variants[1].sum"' in answer.text and 'type="hidden" name="variants[1].conversions" value="130"' in answer.text


def test_a_plan_says_the_visitors_and_with_visitors_a_week_the_weeks(viewer):
    assert "106,416" in words(planned(viewer, PLAN)) and "53,208" in words(planned(viewer, PLAN))
    answer = planned(viewer, PLAN | {"visitors_per_week": "9000"})
    text = words(answer)
    assert "12" in text and "What 8 weeks can find is a change of 12.2% or more." in text
    found = calculator.calculate(as_json(answer))
    assert found["weeks"] == 12 and round(found["detectable"][-1]["relative_mde"], 3) == 0.122
    assert 'class="line wanted"' in answer.text


def test_a_mean_is_planned_from_its_spread(viewer):
    fields = {name: value for name, value in PLAN.items() if name != "baseline"} | {
        "kind": "means", "mean": "50", "deviation": "120", "relative_mde": "-5", "visitors_per_week": "36168"}
    assert calculator.calculate(as_json(planned(viewer, fields)))["visitors"] == 2 * 36168
    assert calculator.calculate(as_json(planned(viewer, fields)))["detectable"][0]["relative_mde"] == pytest.approx(0.05, rel=1e-4)


@pytest.mark.parametrize("changed, field", [({"baseline": ""}, "baseline"), ({"relative_mde": "0"}, "relative_mde"), ({"variants": "21"}, "variants"),
                                            ({"relative_mde": "9000"}, "relative_mde"), ({"power": "100"}, "power")])
def test_a_plan_that_cannot_be_says_so_at_its_field(viewer, changed, field):
    answer = planned(viewer, PLAN | changed)
    assert answer.status_code == 400 and f'href="#{field}"' in answer.text


PARTS = some.sampled_from(["variants", "key", "visitors", "conversions", "sum", "weight", "changes", "where", "name", "kind", "audience", "device", "primary"])
NAMES = some.lists(some.tuples(PARTS, some.sampled_from(["", "[0]", "[1]"])), min_size=1, max_size=3).map(lambda steps: ".".join(map("".join, steps)))


@given(some.lists(some.tuples(NAMES, some.text(max_size=8) | some.sampled_from(["1", "2", "-3.5", "means"])), max_size=12))
def test_whatever_stands_in_the_address_can_be_read(items):
    """Names that no field has are passed over, here and in the form of an experiment."""
    sent = form.typed(items)
    form.definition(sent)
    try:
        calculator.case_of(calculator_form.case(sent))
    except BadExperiment as error:
        assert error.errors and calculator_form.at_fields(error.errors)
