"""Where sessions begin, and what becomes of them."""

from journeys import breakdown
from journeys.options import LISTING, check
from journeys.report import Column, N_, Report

NAME = "entries"
TITLE = N_("Entry pages")
PAGE = Column("value", N_("Entry page"), "page", N_("The first page of a session."), filter="entry_page")
OPTIONS = LISTING


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    rows, totals = breakdown.rows(store, site, period, filters, "entry_page")
    rows, found, columns = breakdown.cut(rows, PAGE, options)
    return Report(NAME, TITLE, columns, rows, totals, period, filters, extra={"found": found})
