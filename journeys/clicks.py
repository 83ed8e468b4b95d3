"""What visitors click, and where clicking frustrates them: rage, dead and error clicks."""

from itertools import groupby
from typing import NamedTuple

from journeys import columns, listing
from journeys.ask import ask, sum_sessions
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "clicks"
TITLE = N_("Clicks")
OPTIONS = (Option("by", "element", N_("What to list"), choices=("element", "page")),
           Option("on", "", N_("Only clicks on this page")), *LISTING)
SIGNS = (
    Column("rage", N_("Rage clicks"), "count", N_(
        "3 clicks or more, each within 1 second and 30 pixels of the last. Some who rage still buy.")),
    Column("dead", N_("Dead clicks"), "count", N_("Clicks after which nothing happened for 2.5 seconds.")),
    Column("error_clicks", N_("Error clicks"), "count", N_("Clicks with a script error within 1 second after.")),
)
SHARE = Column("share", N_("Share"), "rate", N_("Part of all clicks listed here."), of="clicks")
ELEMENTS = (
    Column("value", N_("What was clicked"), "text", N_("What people read on it, else its place in the page.")),
    columns.CLICKS, SHARE, *SIGNS,
    Column("element", N_("Element"), "text", N_("Its place in the page, when only one element has that label.")),
)
PAGES = (
    Column("page", N_("Page"), "page", N_("The page that was clicked on."), filter="page"),
    columns.CLICKS, SHARE, *SIGNS,
    Column("quick_backs", N_("Quick backs"), "count", N_(
        "Returns to the page before after less than 7 seconds engaged.")),
)


class Element(NamedTuple):
    value: str
    clicks: int
    share: float | None
    rage: int
    dead: int
    error_clicks: int
    element: str = ""


class Page(NamedTuple):
    page: str
    clicks: int
    share: float | None
    rage: int
    dead: int
    error_clicks: int
    quick_backs: int


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    shown, rows, totals = _pages(store, site, period, filters, options["on"]) if options["by"] == "page" \
        else _elements(store, site, period, filters, options["on"])
    rows, found = listing.chosen(rows, shown, options)
    return Report(NAME, TITLE, shown, rows, totals, period, filters, extra={"found": found})


def _elements(store, site, period, filters, on):
    if filters:
        from journeys import click_sums  # not above: the server starts without numpy
        found = click_sums.of_elements(store, site, period, filters, on)
    else:
        found = sum_sessions(store, "clicks", site, period, filters, key=2, order=("value", "element"), page=on)  # nearly as many totals as sessions
    clicks = _sum(found, "clicks")
    rows = [_element(value, list(places), clicks) for value, places in groupby(found, lambda row: row.value)]
    rows.sort(key=lambda row: (-row.clicks, -row.rage - row.dead - row.error_clicks, row.value))
    return ELEMENTS, rows, Element("", clicks, listing.rate(clicks, clicks), *_signs(found))


def _element(value, places, all_clicks):
    """Everything under one label. Its place is told when all of its clicks were there."""
    clicks, clicked = _sum(places, "clicks"), {row.element for row in places if row.clicks}
    return Element(value, clicks, listing.rate(clicks, all_clicks), *_signs(places),
                   element=clicked.pop() if len(clicked) == 1 else "")


def _pages(store, site, period, filters, on):
    if filters:
        from journeys import click_sums  # not above: the server starts without numpy
        found = click_sums.of_pages(store, site, period, filters)
    else:
        found = ask(store, "click_pages", site, period)
    found = [row for row in found if on in ("", row.page)]
    clicks = _sum(found, "clicks")
    rows = [Page(row.page, row.clicks, listing.rate(row.clicks, clicks), row.rage, row.dead, row.error_clicks,
                 row.quick_backs) for row in found]
    return PAGES, rows, Page("", clicks, listing.rate(clicks, clicks), *_signs(found), _sum(found, "quick_backs"))


def _signs(found):
    return [_sum(found, sign.key) for sign in SIGNS]


def _sum(found, key):
    return sum(getattr(row, key) for row in found)
