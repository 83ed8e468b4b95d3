"""What visitors use: by kind of device, browser or operating system."""

from journeys import breakdown
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "devices"
TITLE = N_("Devices")
BY = {
    "device": Column("value", N_("Device"), "text", N_("Desktop, mobile, tablet or tv, by the browser's own word."),
                     filter="device"),
    "browser": Column("value", N_("Browser"), "text", N_("The browser's family, without its version."),
                      filter="browser"),
    "os": Column("value", N_("Operating system"), "text", N_("The system's family, without its version."),
                 filter="os"),
}
OPTIONS = (Option("by", "device", N_("What to tell devices apart by"), choices=tuple(BY)), *LISTING)


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    rows, totals = breakdown.rows(store, site, period, filters, options["by"])
    rows, found, columns = breakdown.cut(rows, BY[options["by"]], options)
    return Report(NAME, TITLE, columns, rows, totals, period, filters, extra={"found": found})
