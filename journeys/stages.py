"""The stages of the site's journey: how many sessions enter each, and where they go from there.

A session counts once in a stage however often it comes back to it, and once for
each way it left it: one that went on, came back and then left the site counts
as "went on" and as "left". So the shares of a stage do not add up to one.
"""

from journeys import walked
from journeys.options import check
from journeys.report import Column, N_, Report
from journeys.walked import COUNTED, EVIDENCE, JOURNEY, VISITORS, Walked

NAME = "stages"
TITLE = N_("Stages")
OPTIONS = (JOURNEY,)
COLUMNS = (
    Column("stage", N_("Stage's key"), "text", N_("As filters name it."), filter="stage"),
    Column("name", N_("Stage"), "words", N_("A named phase of the journey; entered when any of its touchpoints is met."),
           filter="stage", by="stage"),
    EVIDENCE,
    Column("sessions", N_("Sessions"), "count", N_("Sessions that entered the stage, each once.")),
    VISITORS,
    *COUNTED,
)
Row = walked.row_type("Row", "stage", "name", "evidence", "sessions", "visitors")


def report(store, site, period, filters, **options):
    """No totals: one session enters several stages. `extra["sessions"]` is how many there were in all."""
    return of(Walked(store, site, period, filters, walked.chosen(store, site, check(OPTIONS, options))))


def of(asked):
    """The same of a Walked."""
    rows, (notes, extra) = (), asked.said
    if asked.record:
        (_, found), (_, people) = asked.sums, asked.visitors
        rows = tuple(_row(stage, found.get(stage.number, walked.NOBODY) if stage.is_measured else None, people.get(stage.number, 0),
                          asked.sessions, asked.prefix) for stage in asked.record.journey.stages)
    return Report(NAME, TITLE, COLUMNS, rows, None, asked.period, asked.filters, notes, extra=extra | {"sessions": asked.sessions})


def _row(stage, numbers, people, count, prefix):
    return Row(prefix + stage.key, stage.name, walked.evidence(stage.is_measured, numbers), numbers and numbers.sessions, numbers and people,
               **walked.counted(numbers, count, walked.has_pages(stage.touchpoints)))
