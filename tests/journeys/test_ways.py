"""Ways of all sessions at once, against the walk that takes one line after another."""

from collections import namedtuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector import trail
from journeys import steps, ways
from journeys.funnel_plan import Way

PAGE = st.integers(1, 4)
MEETS = st.one_of(st.none(), st.lists(PAGE, min_size=0, max_size=2, unique=True).map(tuple))
WAYS = st.builds(Way, st.lists(MEETS, min_size=1, max_size=4).map(tuple), st.booleans())
SESSION = st.lists(st.tuples(st.integers(1, 90), PAGE), max_size=5)  # milliseconds since what was before, page
SESSIONS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 200), SESSION), max_size=8)  # visitor, milliseconds since the session before


def lines_of(lists):
    return ways.Lines(np.array([each for line in lists for each in line], int), np.append(0, np.cumsum([len(line) for line in lists])).astype(int))


def walked(line, way, longest=None):
    """By steps.walk, of (at, page) each."""
    bits = [(1 << step,) for step in range(len(way.steps))]
    met = [(at, sum(bit for step, (bit,) in zip(way.steps, bits) if step is None or page in step)) for at, page in line]
    begun, places = steps.walk(met, bits, way.strict, longest)
    return begun, len(places)


@given(st.lists(st.lists(PAGE, max_size=8), max_size=6), WAYS)
def test_all_lines_at_once_come_as_far_as_one_after_another(lists, way):
    lines = lines_of(lists)
    furthest, begun = ways.walk(lines, way)
    for line, start, far, begins in zip(lists, lines.starts.tolist(), furthest.tolist(), begun.tolist(), strict=False):
        expected, steps_reached = walked(list(enumerate(line)), way)
        assert far == steps_reached and (not far or begins - start == expected)


@example([(1, 1, [])], Way((None,), False), 20, True)
@given(SESSIONS, WAYS, st.sampled_from((20, 100, 400)), st.booleans())
def test_what_trails_say_of_visitors_is_true_and_of_the_others_nothing_is_said(sessions, way, longest, told_apart):
    rows, at, theirs = [], 0, {}
    for visitor, pause, met in sessions:
        at += pause
        began, line = at, []
        for wait, page in met:
            at += wait
            line.append((at, page))
        value = ways.NO_VALUE if not told_apart else page if met else 1
        rows.append((visitor, began << 22, at, value, [page for _, page in line]))
        theirs.setdefault(visitor, []).extend((when, page, value) for when, page in line)
    visits = ways.ordered(ways.together([visits_of(rows[:3]), visits_of(rows[3:])]))
    sure, unsure, came = ways.within(visits, way, longest)
    truth = {visitor: walked([step[:2] for step in line], way, longest) for visitor, line in theirs.items()}
    expected = {}
    for visitor, (begun, furthest) in truth.items():
        assert (visitor in sure.tolist()) == (furthest > 0 and visitor not in unsure.tolist())
        if visitor in sure.tolist():
            key = theirs[visitor][begun][2], furthest
            expected[key] = expected.get(key, 0) + 1
    assert {(each.value, each.furthest): each.sessions for each in came} == expected
    for visitor in unsure.tolist():
        assert len(visits.ids[visits.visitors == visitor]) > 1 or any(session[2] - (session[1] >> 22) > longest for session in rows if session[0] == visitor)


def visits_of(rows):
    column = [np.array([row[at] for row in rows], int) for at in range(4)]
    return ways.Visits(*column, lines_of([row[4] for row in rows]))


def test_trails_are_read_from_one_text():
    lists = [[7, 65], [], [7]]
    found = ways.trails(ways.GAP.join("".join(map(trail.code, pages)) for pages in lists))
    assert np.diff(found.starts).tolist() == [2, 0, 1] and found.met[0] == found.met[2] != found.met[1]
    assert len(ways.trails(None).starts) == 1 and np.diff(ways.trails("").starts).tolist() == [0]


@pytest.mark.parametrize("text", [None, "7", "1234567890123456789,-5,0,300"])
def test_numbers_that_are_packed_are_those_of_their_text(text):
    row, = ways.Packed(("ids",))([namedtuple("Row", "ids others")(text, "1,2")])
    assert ways.numbers(row.ids).tolist() == [int(number) for number in (text or "").split(",") if number] and row.others == "1,2"


@pytest.mark.parametrize("far", [1, 10**12])
def test_numbers_are_counted_by_places_that_are_few_however_far_they_are(far):
    numbers, (some, others) = ways.close(np.array([3, 1, 3]) * far, np.array([2, 1]) * far)
    assert numbers[some].tolist() == [3 * far, far, 3 * far] and numbers[others].tolist() == [2 * far, far]
    assert len(numbers) <= ways.NEAR
