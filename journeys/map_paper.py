"""How a board is printed so that it fits one A3 page: the size of its type and, where that is not enough, how much of each note. Pure.

So many stages that even then their type would be too small to read stand on two pages, the first half of them on the first.
Numbers are never left out; a note that is cut ends in an ellipsis, and a cell that
leaves some out says how many. A style sheet cannot ask how long a page will be, so the
lines are estimated here, in the sizes of map.css at full size, from the number of letters.
"""

import math
from dataclasses import dataclass, replace

WIDTH, HEIGHT = 404, 281  # mm of an A3 page, lying, within its margins
OVER = {False: 20, True: 33}  # mm over the stages: the page's head; compared, the two sides as well
LETTER, SMALL_LETTER = 1.28, 1.04  # mm a letter takes, with what is lost where words break
LINE, SMALL_LINE = 3.05, 2.5  # mm
SIDES, BOX, INDENT = 4.1, 1.6, 4.5  # mm: beside what stands in a cell; over and under a note's text; beside it
HEAD, BAND, CELL, CURVE = 26, 4, 4.5, 11  # mm: a stage's head, a lane's title, over and under a cell of numbers, the curve of feelings
PEOPLE = 3  # mm: over and under a cell of notes
NAME, FIGURE = .55, 12  # part of a cell that a name may take; mm of its number
ALL = 999


@dataclass(frozen=True)
class Paper:
    scale: int  # percent of the full size, in which text is 7 points
    lines: int = ALL  # of each note
    notes: int = ALL  # of a kind in each cell
    sheets: int = 1  # pages the stages are divided between

    @property
    def classes(self):
        """What map.css knows it by."""
        return f"on-{self.scale}" + (f" lines-{self.lines}" if self.lines < ALL else "") + (" sheets-2" if self.sheets == 2 else "")

    def half(self, columns):
        """How many columns stand on a page."""
        return max(1, -(-columns // self.sheets))


# as large as fits; below six points or so nobody reads a wall, so from there on notes are cut, and then two pages are taken
_ONE = (Paper(120), Paper(110), Paper(100), Paper(92), Paper(84), Paper(84, 3), Paper(84, 2), Paper(84, 2, 3), Paper(84, 2, 2), Paper(84, 1, 2), Paper(84, 1, 1))
PAPERS = (*_ONE, *(replace(paper, sheets=2) for paper in _ONE), Paper(70, 1, 1, 2))


def fit(columns, lanes, compared=False):
    """The first Paper a board fits on; the last one where none is small enough. Takes map_drawn.Columns and the lanes shown."""
    return next((paper for paper in PAPERS if height(columns, lanes, paper, compared) <= HEIGHT - OVER[compared]), PAPERS[-1])


def height(columns, lanes, paper, compared=False):
    """Millimetres of a board on paper, estimated; of the higher one of two pages."""
    half = paper.half(len(columns))
    return max(_height(columns[at:at + half], half, lanes, paper) for at in range(0, max(1, len(columns)), half))


def _height(columns, beside, lanes, paper):
    """That of the columns of one page, which has room for so many beside one another."""
    scale = paper.scale / 100
    width = WIDTH / scale / beside - SIDES
    head = HEAD + LINE * max((sum(_against(each, width) for each in (column.reached, column.visitors, column.share)) for column in columns), default=0)
    return scale * (head + sum(BAND + max((_lane(column, lane.key, width, paper) for column in columns), default=0) for lane in lanes))


def _lane(column, key, width, paper):
    if key == "numbers":
        return CELL + LINE * sum(1 + _against(fact, width) for fact in column.facts)
    if key == "touchpoints":
        return CELL + sum(_touchpoint(each, width) for each in column.met) + _names(column.unmet, width) + _names(column.unmeasured, width)
    if key == "transitions":
        return CELL + sum(_way(way, width) for way in column.ways)
    return PEOPLE + _people(column.people[key], width, paper)


def _touchpoint(each, width):
    rates = sum(len(rate.title) + len(rate.sessions) + 8 for rate in each.rates)
    share = _told(each.share.against) and _told(each.share.against) + len(each.share.title)
    return .3 + LINE * (_beside(len(each.name), rates, width) + len(each.reported) + _lines(SMALL_LETTER * share, width, least=0))


def _way(way, width):
    return .3 + LINE * _beside(len(way.title) + 3, len(way.sessions) + 14 + _told(way.share.against), width)


def _beside(name, more, width):
    """Lines of a name, in little more than half of the width at most, with what stands between it and its number."""
    most = NAME * width
    return max(_lines(LETTER * name, most), _lines(SMALL_LETTER * more, width - min(LETTER * name, most) - FIGURE))


def _names(touchpoints, width):
    letters = sum(len(each.name) + 2 for each in touchpoints)
    return .5 + SMALL_LINE * _lines(SMALL_LETTER * (letters + 12), width) if touchpoints else 0


def _people(people, width, paper):
    inner = width - INDENT
    hurts = [(len(each.title), len(each.of) + 60) for each in people.pains]
    notes, others = ([(len(each.text) + len(each.feeling), len(each.evidence) + len(each.note.who) + len(each.day) + 20
                       + (0 if each.href else len(each.note.evidence))) for each in sheets] for sheets in (people.sheets, people.others))
    shown = [each for kind in (hurts, notes, others) for each in kind[:paper.notes]]
    left_out = len(hurts) + len(notes) + len(others) - len(shown)
    return (CURVE if people.curve else 0) + (LINE if others else 0) + (SMALL_LINE + .5 if left_out else 0) + sum(
        _note(text, small, inner, paper) for text, small in shown)


def _note(text, small, inner, paper):
    """Its text and, in the same line where there is room, what it rests on; of a cut one that stands in a line of its own."""
    if paper.lines == ALL:
        return BOX + LINE * _lines(LETTER * text + SMALL_LETTER * small, inner)
    return BOX + LINE * (min(paper.lines, _lines(LETTER * text, inner)) + _lines(SMALL_LETTER * small, inner))


def _against(figure, width):
    """Lines of what stands beside a figure that is compared."""
    return _lines(SMALL_LETTER * len(figure.against.text), width) if figure and figure.against else 0


def _told(against):
    return len(against.text) + 8 if against and against.told else 0


def _lines(millimetres, width, least=1):
    return max(least, math.ceil(millimetres / max(1, width)))
