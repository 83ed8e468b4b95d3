"""The calculator's pages: tests that ran elsewhere, and how many visitors one would take. Nothing is kept: what was typed stands in the address.

They are of no site; within one they keep its navigation.
"""

from flask import Blueprint, render_template, request

from collector.locale import said
from experiments import calculator_form, calculator_page, form
from experiments.calculator import case_of, plan_answer, plan_of
from experiments.reading import BadExperiment


blueprint = Blueprint("calculator", __name__)


@blueprint.get("/calculator")
@blueprint.get("/sites/<key>/calculator")
def judged(key=None):
    """A form of variants with what was counted, and what may be said of them."""
    sent = form.typed(request.args.items(multi=True))
    if not sent["variants"]:
        return _page("experiments/calculator.html", calculator_form.FIRST | {"kind": calculator_form.kind(sent)})
    if _wish() not in ("", "answer", *calculator_form.KINDS):
        return _page("experiments/calculator.html", form.after(sent, _wish()))
    mapping = calculator_form.case(sent)
    return _answered("experiments/calculator.html", sent, mapping,
                     lambda: calculator_page.page(case_of(mapping), mapping.get("name", "")))


@blueprint.get("/calculator/plan")
@blueprint.get("/sites/<key>/calculator/plan")
def planned(key=None):
    """A form of a baseline and a wanted change, and how many visitors it takes to find it."""
    sent = request.args.to_dict()
    if "relative_mde" not in sent:
        return _page("experiments/calculator_plan.html", calculator_form.FIRST_PLAN | {"kind": calculator_form.kind(sent)})
    mapping = calculator_form.plan(sent)

    def answer():
        plan = plan_of(mapping)
        return calculator_page.plan_page(plan_answer(**plan), plan)
    return _answered("experiments/calculator_plan.html", sent, {"plan": mapping}, answer)


def _answered(template, sent, mapping, answer):
    """The page with its answer, or with what is wrong at its fields; only the form when another kind is wished for."""
    if _wish() in calculator_form.KINDS:
        return _page(template, sent | {"kind": _wish()})
    try:
        return _page(template, sent, page=answer(), mapping=calculator_form.as_json(mapping))
    except BadExperiment as error:
        return _page(template, sent, errors=error.errors), 400


def _wish():
    return request.args.get("do", "")


def _page(template, sent, errors=(), **answer):
    placed = {field: [said(error) for error in found] for field, found in calculator_form.at_fields(errors).items()}
    return render_template(template, typed=sent, means=calculator_form.kind(sent) == calculator_form.MEANS, errors=placed,
                           labels=calculator_form.LABELS, place=calculator_form.place, counts=calculator_form.COUNTS,
                           states=calculator_form.STATES, directions=calculator_form.DIRECTIONS, **answer)
