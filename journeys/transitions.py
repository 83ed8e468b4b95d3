"""How sessions move between the stages of the site's journey: from each, to where, and how many.

Each row counts sessions that made the move at least once, out of the sessions
that were in the stage it comes from; of those that enter, out of all sessions.
"""

from typing import NamedTuple

from collector.matcher import ENTER, LEAVE_SITE, MOVES, RETURN
from journeys import listing, walked
from journeys.options import check
from journeys.report import Column, N_, Report
from journeys.walked import HIGH, JOURNEY, LOW, Walked

NAME = "transitions"
TITLE = N_("Transitions")
OPTIONS = (JOURNEY,)
KINDS = {"enter": N_("enter"), "forward": N_("forward"), "skip": N_("skip"), "back": N_("back"), "return": N_("return"),
         "leave": N_("leave")}
ENTRANCE, EXIT, NO_STAGE = N_("Entrance"), N_("Exit"), N_("No stage")
COLUMNS = (
    Column("transition", N_("Transition"), "text", N_("As filters name it."), filter="transition"),
    Column("from_stage", N_("From, key"), "text", N_("The stage's key, or enter.")),
    Column("from_name", N_("From"), "words", N_("The stage the move comes from.")),
    Column("to_stage", N_("To, key"), "text", N_("The stage's key, or leave; empty when the visitor came again and met no stage.")),
    Column("to_name", N_("To"), "words", N_("The stage it leads to; of a return, the one the visitor's next session entered first.")),
    Column("kind", N_("Kind"), "words", N_(
        "Forward: to the next stage that is measured; skip: beyond it; back: to an earlier one; return: the visitor came again in a "
        "later session; leave: he did not.")),
    Column("sessions", N_("Sessions"), "count", N_("Sessions that made the move, each once."), filter="transition", by="transition"),
    Column("share", N_("Share"), "rate", N_("Out of the sessions that were in the stage the move comes from."), of="of_sessions",
           interval=("share_low", "share_high")),
    Column("share_low", N_("Share, low end"), "rate", LOW, of="of_sessions"),
    Column("share_high", N_("Share, high end"), "rate", HIGH, of="of_sessions"),
    Column("of_sessions", N_("Sessions of the stage"), "count", N_("Sessions that were in the stage it comes from; of those that enter, all.")),
)


class Row(NamedTuple):
    transition: str
    from_stage: str
    from_name: str
    to_stage: str
    to_name: str
    kind: str
    sessions: int
    share: float | None
    share_low: float | None
    share_high: float | None
    of_sessions: int


def report(store, site, period, filters, **options):
    """Rows in the order of the stages. `extra["stages"]` are (key, name, sessions) of the stages that are measured."""
    return of(Walked(store, site, period, filters, walked.chosen(store, site, check(OPTIONS, options))))


def of(asked):
    """The same of a Walked."""
    rows, stages, (notes, extra) = (), (), asked.said
    if asked.record:
        measured = [stage for stage in asked.record.journey.stages if stage.is_measured]
        sessions = {number: numbers.sessions for number, numbers in asked.sums[1].items()}
        rows = _rows(asked.moves, {stage.number: stage for stage in measured}, sessions | {0: asked.sessions}, asked.prefix)
        stages = tuple((asked.prefix + stage.key, stage.name, sessions.get(stage.number, 0)) for stage in measured)
    return Report(NAME, TITLE, COLUMNS, rows, None, asked.period, asked.filters, notes, extra=extra | {"stages": stages, "sessions": asked.sessions})


def _rows(found, stages, sessions, prefix):
    """Rows in the order of the stages; those of stages that are no more, in days not yet brought up to date, are left out."""
    place = {number: at for at, number in enumerate((0, *stages))}
    kinds = {number: key for key, number in MOVES.items()}
    known = sorted((row for row in found if row.from_stage in place and row.to_stage in place),
                   key=lambda row: (place[row.from_stage], row.kind in (RETURN, LEAVE_SITE), row.kind == LEAVE_SITE, place[row.to_stage]))
    return tuple(_row(row, kinds[row.kind], stages, sessions.get(row.from_stage, 0), prefix) for row in known)


def _row(row, kind, stages, of, prefix):
    from_stage, to_stage = stages.get(row.from_stage), stages.get(row.to_stage)
    from_key = "enter" if row.kind == ENTER else from_stage.key
    to_key = "leave" if row.kind == LEAVE_SITE else to_stage.key if to_stage else ""
    named = f"{from_key}:return:{to_key}" if row.kind == RETURN else f"{from_key}:{to_key}"
    return Row(prefix + named, from_key, ENTRANCE if row.kind == ENTER else from_stage.name, to_key,
               EXIT if row.kind == LEAVE_SITE else to_stage.name if to_stage else NO_STAGE, KINDS[kind], row.sessions,
               listing.rate(row.sessions, of), *listing.wilson(row.sessions, of), of)
