"""Which pages visitors see, how long they stay on each, where they come in and where they leave."""

from typing import NamedTuple

from journeys import columns, listing, page_sums
from journeys.ask import ask
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "pages"
TITLE = N_("Pages")
OPTIONS = (Option("by", "page", N_("What to list"), choices=("page", "group")), *LISTING)
EXITS = Column("exits", N_("Exits"), "count", N_("Sessions whose last page this was."))
EXIT_RATE = Column("exit_rate", N_("Exit rate"), "rate", N_("Exits out of the page's views."), of="views")
PAGE = Column("page", N_("Page"), "page", N_("Path of the page, without query; other hosts with their host."), filter="page")
GROUP = Column("page", N_("Page group"), "text", N_("The group as you named it in the settings; pages in no group stand together."),
               filter="group")
NUMBERS = (
    columns.VIEWS,
    Column("sessions", N_("Sessions"), "count", N_("Sessions that saw the page at least once.")),
    Column("engaged", N_("Time on page"), "seconds", N_(
        "Mean seconds of a view in which the page was visible and something happened in the last 30 seconds."),
        of="views"),
    Column("scroll", N_("Scroll depth"), "rate", N_(
        "Deepest point reached as part of the page's height, mean of the views that reported it."), of="scrolled"),
    Column("scrolled", N_("Views with scroll depth"), "count", N_("Page views that reported how deep they went.")),
    Column("entries", N_("Entries"), "count", N_("Sessions whose first page this was.")),
    EXITS,
    EXIT_RATE,
    Column("bounces", N_("Bounces"), "count", N_(
        "Sessions that began here with one page view, under 10 seconds engaged, no click, no form event "
        "and no custom event.")),
    Column("bounce_rate", N_("Bounce rate"), "rate", N_("Bounces out of entries."), of="entries"),
    columns.CLICKS,
)
COLUMNS = (PAGE, *NUMBERS)


class Row(NamedTuple):
    page: str
    views: int
    sessions: int
    engaged: float | None  # seconds a view
    scroll: float | None
    scrolled: int
    entries: int
    exits: int
    exit_rate: float | None
    bounces: int
    bounce_rate: float | None
    clicks: int


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    if options["by"] == "group":  # several pages of a group in one session: no totals of pages say in how many
        shown = (GROUP, *NUMBERS)
        found = page_sums.of_groups(store, site, period, filters)
    else:
        shown = COLUMNS
        found = page_sums.of_pages(store, site, period, filters) if filters else ask(store, "pages", site, period)
    rows, count = listing.chosen([_row(row) for row in found], shown, options)
    return Report(NAME, TITLE, shown, rows, _totals(found), period, filters, extra={"found": count})


def _row(numbers):
    views, entries, exits = numbers.views, numbers.entries, numbers.exits
    scroll = listing.rate(numbers.scroll, numbers.scrolled * 100)
    return Row(numbers.page, views, numbers.sessions, listing.seconds(numbers.engaged_ms, views), scroll,
               numbers.scrolled, entries, exits, listing.rate(exits, views), numbers.bounces,
               listing.rate(numbers.bounces, entries), numbers.clicks)


def _totals(found):
    """Over all pages. A session sees several, so sessions are those that began, not the sum."""
    sums = {name: sum(getattr(row, name) for row in found) for name in page_sums.Sums._fields[3:]}
    return _row(page_sums.Sums("", sum(row.views for row in found), sums["entries"], **sums))
