"""A board with everything on it: all typical touchpoints met, pain points and notes in every cell, in long Hebrew."""

from dataclasses import replace
from itertools import cycle, islice

from collector import presets
from journeys import boards, notes
from journeys.boards import Board, Cell, Pain, Said, Stage, Touchpoint, Transition
from journeys.map import OF_STAGES, OF_TOUCHPOINTS

TEXT = "הלקוחות משווים בין שלושה או ארבעה דגמים במשך כמה ערבים, שואלים חברים שמנגנים, וחוזרים לאתר רק כדי לבדוק אם אפשר להחזיר"
KINDS = {"engaged": "seconds", "sessions": "count", "revenue": "money"}


def board(pains=3, said=2, text=TEXT, preset="shop", count=5):
    """A Board of so many stages: `pains` pain points in each stage, `said` notes of `text` in each cell."""
    stages = tuple(stage if number < 5 else replace(stage, key=f"{stage.key}-{number}")
                   for number, stage in enumerate(islice(cycle(presets.preset(preset).stages), count)))
    return Board("main", "Journey map", "as is", "", "2026-03-01", "2026-03-30", tuple(_stage(stage, stages, pains, said, text) for stage in stages))


def _stage(stage, stages, pains, said, text):
    moves = [(f"{stage.key}:{other.key}", other.key, other.name, kind) for kind in ("forward", "return") for other in stages][:7]
    return Stage(
        stage.key, stage.name, _cells(OF_STAGES, "stages", stage.key),
        tuple(Touchpoint(each.number, each.key, each.name, True, _cells(OF_TOUCHPOINTS, "touchpoints", each.key)) for each in stage.touchpoints),
        tuple(Transition(*move, *_cells(("sessions", "share"), "transitions", move[0])) for move in (*moves, (f"{stage.key}:leave", "leave", "left", "leave"))),
        tuple(Pain(f"slow:{at}", "slow", "", f"/shop/handmade/classical-guitars-{at}", "", *_cells(("rate", "lost"), "pain", str(at))) for at in range(pains)),
        tuple(Said(at, lane, f"{text} ({at})", -1 if lane == "feel" else None, "נועה בן־דוד", 1_773_136_800_000, 1, "reported", "answer", "סקר הלקוחות של מרץ")
              for lane in notes.LANES for at in range(said)), -1, said)


def _cells(measures, report, row):
    return tuple(Cell(measure, measure, KINDS.get(measure, "rate"), *((0.137, 12_345, 0.121, 0.154) if measure not in KINDS else (12_345, 12_345, None, None)),
                      report, row, boards.MEASURED) for measure in measures)
