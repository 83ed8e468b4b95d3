"""How a board is fitted to its paper, without a browser: tests/browser/test_pages.py prints it."""

from types import SimpleNamespace as Part

import pytest

from journeys.map_paper import HEIGHT, OVER, PAPERS, fit, height

LANES = [Part(key=key) for key in ("numbers", "touchpoints", "transitions", "do", "stop")]


def columns(stages=5, said=0, letters=40):
    sheet = Part(text="x" * letters, feeling="", evidence="answer", href="", day="1 March", note=Part(who="Dana", evidence="call"))
    people = Part(pains=(), sheets=(sheet,) * said, others=(), curve=None)
    cell = Part(title="Went on", against=None)
    return [Part(reached=None, visitors=None, share=None, facts=(cell,) * 9, met=(), unmet=(), unmeasured=(), ways=(),
                 people={"do": people, "stop": people}) for _ in range(stages)]


def test_a_map_with_little_on_it_is_printed_large():
    assert fit(columns(), LANES) == PAPERS[0] and PAPERS[0].scale > 100


@pytest.mark.parametrize("full", [{"said": 20}, {"said": 12, "letters": 400}, {"stages": 12, "said": 3, "letters": 200}])
def test_a_fuller_map_is_printed_smaller_until_it_fits(full):
    paper = fit(columns(**full), LANES)
    assert paper != PAPERS[0] and height(columns(**full), LANES, paper) <= HEIGHT - OVER[False]
    larger = PAPERS[PAPERS.index(paper) - 1]
    assert height(columns(**full), LANES, larger) > HEIGHT - OVER[False]


def test_notes_are_cut_only_when_the_type_is_as_small_as_it_gets():
    assert all(paper.lines == paper.notes == 999 for paper in PAPERS if paper.scale > 84)
    cut = fit(columns(said=40, letters=500), LANES)
    assert cut.scale == 84 and cut.lines < 999 and cut.notes < 40


def test_stages_too_many_for_one_page_stand_on_two_in_type_that_can_be_read():
    met = Part(name="A page with a name that takes several lines", rates=(), reported=(), share=Part(title="", against=None))
    many = columns(stages=12, said=8)
    for column in many:
        column.met = (met,) * 30
    paper = fit(many, LANES)
    assert (paper.sheets, paper.half(12), paper.half(11)) == (2, 6, 6) and paper.scale >= 84
    assert fit(columns(stages=12), LANES).sheets == 1


def test_what_is_compared_leaves_less_room():
    heights = [height(columns(said=3), LANES, PAPERS[2]), height(columns(said=3), LANES, PAPERS[2], compared=True)]
    assert heights[0] == heights[1] and OVER[True] > OVER[False]
