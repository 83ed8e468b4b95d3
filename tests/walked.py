"""The columns of walks read one session after another, as the rows they stand for."""

from collections import defaultdict
from itertools import islice
from zlib import decompress

from collector.matcher import LEAVE_SITE, RETURN
from collector.storage.changes import TABLES
from collector.planes import unpack
from collector.walk_columns import CODES, KIND, MORE, MOVE

NAMES = TABLES["walk_columns"].others


def as_rows(columns, ends):
    """Takes rows of `walk_columns` and of `walk_ends`. Gives rows of `session_touchpoints`; of `session_moves` but for what was
    bought before; and {session: (day, the visitor's place in it, the id by which he can be known again or None)}."""
    touchpoints, moves, people = [], [], {}
    for (journey, day, *blobs), (*of, end) in zip(columns, ends, strict=True):
        assert of == [journey, day]
        packed = dict(zip(NAMES, blobs, strict=True))
        trails = decompress(packed.pop("trails")).decode().split("\n")
        found = {name: unpack(blob, CODES[name]).tolist() for name, blob in packed.items()}
        kinds, all_moves = (list(zip(*[iter(found[name])] * width, strict=True)) for name, width in (("kinds", len(KIND)), ("moves", len(MOVE))))
        steps = defaultdict(list)
        for way, move in zip(*[iter(found["steps"])] * 2, strict=True):
            steps[way].append(all_moves[move])
        more = defaultdict(lambda: [0] * len(MORE))
        for at, what, number in zip(found["more_of"], found["more_what"], found["more"], strict=True):
            more[at][what] = number
        meetings = iter(enumerate(zip(found["met"], found["engaged"], strict=True)))
        for session, person, way, count, end in zip(*(found[name] for name in NAMES[:4]), unpack(end, "I"), strict=True):
            people[session] = day, person, found["lasting"][person] or None
            for at, (kind, engaged) in islice(meetings, count):
                touchpoint, stage, moved, entered, stage_moved, converted = kinds[kind]
                times, *troubles, revenue = more[at]
                touchpoints.append((journey, session, touchpoint, stage, times + 1, engaged, *troubles, ended(moved, end), entered,
                                    ended(stage_moved, end), converted, revenue))
            for from_stage, to_stage, kind in steps[way]:
                move = (from_stage, end - 1, RETURN) if kind == LEAVE_SITE and end else (from_stage, to_stage, kind)
                moves.append((journey, session, *move, "" if from_stage else trails[way]))
        assert next(meetings, None) is None
        assert {place for place, lasting in enumerate(found["lasting"]) if lasting} <= set(found["people"])  # nobody else is named
    return sorted(touchpoints), sorted(moves), people


def ended(bits, end):
    return bits if not end or not bits & 1 << LEAVE_SITE else bits ^ (1 << LEAVE_SITE | 1 << RETURN)
