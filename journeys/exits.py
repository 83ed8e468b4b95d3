"""Where sessions end."""

from typing import NamedTuple

from journeys import columns, listing, page_sums
from journeys.ask import ask
from journeys.options import LISTING, check
from journeys.pages import EXIT_RATE, EXITS
from journeys.report import Column, N_, Report

NAME = "exits"
TITLE = N_("Exit pages")
OPTIONS = LISTING
COLUMNS = (
    Column("page", N_("Exit page"), "page", N_("The last page of a session."), filter="exit_page"),
    EXITS,
    Column("share", N_("Share"), "rate", N_("Exits from this page out of all sessions in the period.")),
    columns.VIEWS,
    EXIT_RATE,
)


class Row(NamedTuple):
    page: str
    exits: int
    share: float | None
    views: int
    exit_rate: float | None


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    found = page_sums.of_pages(store, site, period, filters) if filters else ask(store, "pages", site, period)
    sessions, views = sum(row.exits for row in found), sum(row.views for row in found)
    rows = [Row(row.page, row.exits, listing.rate(row.exits, sessions), row.views, listing.rate(row.exits, row.views))
            for row in sorted(found, key=lambda row: (-row.exits, -row.views, row.page)) if row.exits]
    totals = Row("", sessions, listing.rate(sessions, sessions), views, listing.rate(sessions, views))
    rows, count = listing.chosen(rows, COLUMNS, options)
    return Report(NAME, TITLE, COLUMNS, rows, totals, period, filters, extra={"found": count})
