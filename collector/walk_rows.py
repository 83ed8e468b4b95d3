"""Walks as rows of the store, and what each adds to the totals of its day. Pure.

The totals of a day are the sum of the contributions of its sessions' rows, so
whoever changes rows takes away what the old ones came to and adds the new.
"""

from collector.matcher import BACK, FORWARD, LEAVE_SITE, RETURN, SKIP, TROUBLED

TABLES = ("touchpoint_days", "move_days", "stage_trails")
ENDS = (RETURN, LEAVE_SITE)  # kinds of the move a session ends with
BITS = (*(1 << kind for kind in (FORWARD, SKIP, BACK, RETURN, LEAVE_SITE)), TROUBLED)  # as the totals have them
FLAGS = tuple(tuple(int(bits & bit > 0) for bit in BITS) for bits in range(2 * TROUBLED))  # the same of all that bits may be


def touchpoint_rows(journey, session, walk):
    """Rows of `session_touchpoints`. The first touchpoint met in a stage speaks for the stage: `entered`, with the stage's bits."""
    rows, seen = [], set()
    for number, met in walk.meetings.items():
        stage = met.touch.stage
        entered = stage not in seen
        seen.add(stage)
        rows.append((journey, session, number, stage, met.times, met.engaged_ms, *met.troubles, met.moved, int(entered),
                     walk.stages[stage] if entered else 0, met.converted, met.revenue))
    return rows


def past(known, bought):
    """What the visitor had done before the session, as `session_moves.bought` keeps it: 0 nothing, 1 bought, 2 only been here."""
    return 1 if bought else 2 if known else 0


def move_rows(journey, session, walk, before):
    """Rows of `session_moves`; the move that enters has what the visitor had done before, see past(), and the whole trail of stages."""
    trail = " ".join(map(str, walk.trail))
    return [(journey, session, *move, *((0, "") if move[0] else (before, trail))) for move in sorted(walk.moves)]


def contribution(day, touchpoints, moves):
    """What rows of both kinds add to the totals of a day: (table, key, numbers), as totals.add() takes them."""
    found = []
    for (journey, _, number, stage, times, engaged_ms, rage, dead, error_clicks, errors, slow, form_errors, moved, entered,
         stage_moved, converted, revenue) in touchpoints:
        found.append(("touchpoint_days", (journey, day, stage, number), (
            1, times, engaged_ms, rage, dead, error_clicks, errors, slow, form_errors, *FLAGS[moved], converted, revenue,
            entered, *FLAGS[stage_moved], entered and converted, entered and revenue)))
    found += [("move_days", (journey, day, from_stage, to_stage, kind), (1,)) for journey, _, from_stage, to_stage, kind, *_ in moves]
    found += [("stage_trails", (journey, day, trail), (1,)) for journey, *_, trail in moves if trail]
    return found


def ended_anew(touchpoints, moves, kind, stage):
    """The same rows of one session with another end: it returns into that stage, or leaves (0)."""
    other = 1 << (LEAVE_SITE if kind == RETURN else RETURN)
    turned = [_turned(row, other, 1 << kind) for row in touchpoints]
    return turned, [(*row[:3], stage, kind, *row[5:]) if row[4] in ENDS else tuple(row) for row in moves]


def _turned(row, bit, into):
    moved, entered, stage_moved = row[12:15]
    return (*row[:12], moved & ~bit | into if moved & bit else moved, entered,
            stage_moved & ~bit | into if stage_moved & bit else stage_moved, *row[15:])
