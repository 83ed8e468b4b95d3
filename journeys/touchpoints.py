"""The touchpoints of the site's journey, stage by stage: who meets each, how long, with what trouble, and where they go from it.

A touchpoint that is not digital is listed with no numbers: nothing is guessed.
Where sessions went from a touchpoint is where they went when it was the last
one they had met in its stage.
"""

from journeys import listing, walked
from journeys.options import LISTING, check
from journeys.report import Column, N_, Report
from journeys.walked import COUNTED, EVIDENCE, JOURNEY, VISITORS, Walked

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
    return of(Walked(store, site, period, filters, walked.chosen(store, site, options)), options)


def of(asked, options):
    """The same of a Walked and options that were checked."""
    rows, (notes, extra) = [], asked.said
    if asked.record:
        (found, _), (people, _) = asked.sums, asked.visitors
        rows = [_row(touchpoint, stage, found.get(touchpoint.number, walked.NOBODY) if touchpoint.rules else None,
                     people.get(touchpoint.number, 0), asked.sessions, asked.prefix)
                for stage in asked.record.journey.stages for touchpoint in stage.touchpoints]
    rows, listed = listing.chosen(rows, COLUMNS, options)
    return Report(NAME, TITLE, COLUMNS, rows, None, asked.period, asked.filters, notes, extra=extra | {"found": listed, "sessions": asked.sessions})


def _row(touchpoint, stage, numbers, people, count, prefix):
    return Row(prefix + touchpoint.key, touchpoint.name, prefix + stage.key, stage.name,
               walked.evidence(touchpoint.rules, numbers), numbers and numbers.sessions, numbers and people, numbers and numbers.times,
               **walked.counted(numbers, count, walked.has_pages([touchpoint])))
