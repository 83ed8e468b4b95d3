"""Where visitors are: by country or language."""

from journeys import breakdown
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "places"
TITLE = N_("Places")
BY = {
    "country": Column("value", N_("Country"), "text", N_(
        "Looked up from the address, which is not kept; the two-letter code of ISO 3166, empty when unknown."),
        filter="country"),
    "language": Column("value", N_("Language"), "text", N_(
        "The first language the browser asks for, without its region."), filter="language"),
}
OPTIONS = (Option("by", "country", N_("What to tell places apart by"), choices=tuple(BY)), *LISTING)


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    rows, totals = breakdown.rows(store, site, period, filters, options["by"])
    rows, found, columns = breakdown.cut(rows, BY[options["by"]], options)
    return Report(NAME, TITLE, columns, rows, totals, period, filters, extra={"found": found})
