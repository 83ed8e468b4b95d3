"""The touchpoints of the site's journey, stage by stage: who meets each, how long, with what trouble, and where they go from it.

A touchpoint that is not digital is listed with no numbers: nothing is guessed.
Where sessions went from a touchpoint is where they went when it was the last
one they had met in its stage.
"""

from journeys import listing, visitors, walked
from journeys.options import LISTING, check
from journeys.report import Column, N_, Report
from journeys.walked import COUNTED, EVIDENCE, JOURNEY, VISITORS

NAME = "touchpoints"
TITLE = N_("Touchpoints")
OPTIONS = (JOURNEY, *LISTING)
COLUMNS = (
    Column("touchpoint", N_("Touchpoint's key"), "text", N_("As filters name it."), filter="touchpoint"),
    Column("name", N_("Touchpoint"), "words", N_("One contact: a channel, a page, an event, a form. Its rules stand in the settings."),
           filter="touchpoint", by="touchpoint"),
    Column("stage", N_("Stage's key"), "text", N_("As filters name it."), filter="stage"),
    Column("stage_name", N_("Stage"), "words", N_("The stage it belongs to."), filter="stage", by="stage"),
    EVIDENCE,
    Column("sessions", N_("Sessions"), "count", N_("Sessions that met the touchpoint, each once.")),
    VISITORS,
    Column("times", N_("Times met"), "count", N_("In how many page views it was met; what is known when a session begins counts once.")),
    *COUNTED,
)
Row = walked.row_type("Row", "touchpoint", "name", "stage", "stage_name", "evidence", "sessions", "visitors", "times")


def report(store, site, period, filters, **options):
    """No totals: one session meets several touchpoints."""
    options = check(OPTIONS, options)
    record = walked.chosen(store, site, options)
    notes, extra = walked.notes(store, site, record)
    rows, count = [], walked.session_count(store, site, period, filters, record)
    if record:
        found, _ = walked.sums(store, site, period, filters, record)
        people, _ = visitors.counts(store, site, period, filters, record)
        prefix = walked.prefix(store, site, record)
        rows = [_row(touchpoint, stage, found.get(touchpoint.number, walked.NOBODY) if touchpoint.rules else None,
                     people.get(touchpoint.number, 0), count, prefix)
                for stage in record.journey.stages for touchpoint in stage.touchpoints]
    rows, listed = listing.chosen(rows, COLUMNS, options)
    return Report(NAME, TITLE, COLUMNS, rows, None, period, filters, notes, extra=extra | {"found": listed, "sessions": count})


def _row(touchpoint, stage, numbers, people, count, prefix):
    return Row(prefix + touchpoint.key, touchpoint.name, prefix + stage.key, stage.name,
               walked.evidence(touchpoint.rules, numbers), numbers and numbers.sessions, numbers and people, numbers and numbers.times,
               **walked.counted(numbers, count, walked.has_pages([touchpoint])))
