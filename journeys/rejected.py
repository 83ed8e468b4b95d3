"""Events refused because they were not in the agreed form, with their reasons. Kept seven days."""

from typing import NamedTuple

from journeys import listing
from journeys.ask import ask
from journeys.exclusions import NO_FILTERS
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "rejected"
TITLE = N_("Rejected events")
SHOWN = 10_000  # events read for a listing
OPTIONS = (Option("by", "reason", N_("What to list"), choices=("reason", "event")), *LISTING)
KEPT = N_("Refused events are kept for seven days, without what people typed.")
FIELD = Column("field", N_("Field"), "text", N_("The part of the event that was wrong."))
REASON = Column("reason", N_("Reason"), "text", N_("What would have been right."))
EVENT = Column("event", N_("Event"), "text", N_("The event as it came, scrubbed and cut short."))
REASONS = (FIELD, REASON, Column("events", N_("Events"), "count", N_("Events refused for this reason.")),
           Column("last_at", N_("Last time"), "time", N_("When the last of them arrived.")), EVENT)
EVENTS = (Column("at", N_("Time"), "time", N_("When the event arrived.")), FIELD, REASON, EVENT)


class Reason(NamedTuple):
    field: str
    reason: str
    events: int
    last_at: int | None
    event: str


class Event(NamedTuple):
    at: int
    field: str
    reason: str
    event: str


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    grouped = [Reason(*row) for row in ask(store, "rejected_reasons", site, period)]
    totals = Reason("", "", sum(row.events for row in grouped), None, "")
    if options["by"] == "event":
        shown, rows, totals = EVENTS, [Event(*row) for row in ask(store, "rejected", site, period, limit=SHOWN)], None
    else:
        shown, rows = REASONS, grouped
    rows, found = listing.chosen(rows, shown, options)
    return Report(NAME, TITLE, shown, rows, totals, period, filters, (KEPT, NO_FILTERS) if filters else (KEPT,),
                  extra={"found": found})
