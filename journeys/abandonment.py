"""Carts and checkouts that were left without an order: where, when, on what, after which error, and what they were worth.

A session counts once it is over. How it shows that it met a cart or a checkout
stands in collector/carts.py; it is added up in abandoned.py.
"""

import time
from typing import NamedTuple

from collector import events
from collector.session import GAP
from journeys import listing, sides, variants
from journeys.ask import session_count, sum_columns
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "abandonment"
TITLE = N_("Abandonment")
OPTIONS = (Option("of", "checkout", N_("What was left"), choices=("cart", "checkout")),
           Option("by", "page", N_("What to tell apart"), choices=("page", "device", "source", "hour", "error", "field", "variant")),
           sides.EXPERIMENT, *LISTING)
SAYS = {
    ("cart", False): N_("A cart counts from the first add_to_cart or view_cart, and as abandoned when the session ended with no order after it."),
    ("cart", True): N_("The site sends no event of a cart, so a page whose address ends with a word such as cart or basket stands for it. "
                       "A cart counts as abandoned when the session ended with no order."),
    ("checkout", False): N_("A checkout counts from the first begin_checkout, add_shipping_info or add_payment_info, and as abandoned when the "
                            "session ended with no order after it."),
    ("checkout", True): N_("The site sends no event of a checkout, so a page with a word such as checkout in its address stands for it. "
                           "A checkout counts as abandoned when the session ended with no order."),
}
OVER = N_("A session has ended when nothing came of it for 30 minutes; one that may still go on is not counted yet.")
WORTHS = {
    "told": N_("Worth is what your events said: the last total of the cart or checkout, else what was put in minus what was taken out."),
    "mean": N_("Your events do not say what a cart is worth: each one counts as much as the mean order of these days."),
    "both": N_("Worth is what your events said; where they said nothing, the mean order of these days."),
    "some": N_("Worth is what your events said; of what they said nothing, nothing is counted, as there is no order in these days to take the mean of."),
    "none": N_("What was left is worth nothing that is known: no event says it, and there is no order in these days to take the mean of."),
}
MET = Column("sessions", N_("Sessions"), "count", N_("Sessions that met the cart or checkout, and are over."))
ABANDONS = Column("abandons", N_("Abandoned"), "count", N_("Of these, those that ended with no order after it."))
RATE = (
    Column("rate", N_("Abandonment rate"), "rate", N_("Abandoned out of the sessions that met it."), of="sessions", interval=("low", "high")),
    Column("low", N_("Abandonment rate, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="sessions"),
    Column("high", N_("Abandonment rate, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="sessions"),
)
SHARE = (
    Column("share", N_("Share of abandons"), "rate", N_("Part of all that were abandoned."), of="of_abandons",
           interval=("share_low", "share_high")),
    Column("share_low", N_("Share of abandons, low end"), "rate", N_("Low end of the share's interval of 95 % (Wilson)."), of="of_abandons"),
    Column("share_high", N_("Share of abandons, high end"), "rate", N_("High end of the share's interval of 95 % (Wilson)."), of="of_abandons"),
    Column("of_abandons", N_("All abandoned"), "count", N_("All that were abandoned in these days and by these filters.")),
)
WORTH = Column("worth", N_("Worth"), "money", N_("What was left, in the site's currency. How it is known is said above."))
BY = {
    "page": Column("value", N_("Last page"), "page", N_("The last page of a session."), filter="exit_page"),
    "device": Column("value", N_("Device"), "text", N_("The device it happened on."), filter="device"),
    "source": Column("value", N_("Source"), "text", N_("Where the session came from."), filter="source"),
    "hour": Column("value", N_("Hour of the week"), "hour", N_("Day of the week and hour at which the session began, in the site's time zone.")),
    "error": Column("value", N_("Last error"), "text", N_(
        "What went wrong last before the session ended: a script error, a field whose value was refused, or a form that was sent and not followed by an order.")),
    "field": Column("value", N_("Last field"), "text", N_("The field touched last of the form that was left.")),
    "variant": sides.COLUMN,
}
DIMENSION = {"page": "exit_page"}  # what a side is called where sessions are told apart, unless it is called the same
KIND = Column("kind", N_("Kind"), "words", N_("Whose error it was."))
KINDS = {0: N_("Nothing went wrong"), events.ERROR: N_("Script error"), events.FIELD: N_("Field refused"), events.FORM: N_("Form sent in vain")}
TOLD_APART = ("device", "source", "hour", "variant")  # sides that a session has whether it is abandoned or not, so that a rate says something


DIFFERENCE = variants.columns(N_("Abandonment rate, difference"), N_(
    "The abandonment rate of those who were shown this variant minus that of those who were shown the first one."))


class Row(NamedTuple):
    value: str | int
    kind: str
    abandons: int
    share: float | None
    share_low: float | None
    share_high: float | None
    of_abandons: int
    sessions: int
    rate: float | None
    low: float | None
    high: float | None
    worth: int | None
    difference: float | None = None  # of the rate to that of the first variant
    difference_low: float | None = None
    difference_high: float | None = None


def report(store, site, period, filters, now=None, **options):
    """Rows are the sides of what was abandoned. `extra["worth"]` says how it is known: told, mean, both, some or none;
    `extra["by_pages"]` whether pages stand for the events that the site does not send; `extra["mean_order"]` in minor units or None;
    `extra["going_on"]` how many more the filter `abandoned` chooses, which may still go on.
    """
    options = check(OPTIONS, options)
    now = int(time.time() * 1000) if now is None else now
    side = sides.read(store, site, options | {"by": DIMENSION.get(options["by"], options["by"])})
    narrowed = side.narrowed(filters)
    by_pages, found = _found(store, site, period, narrowed, options, side, now - GAP)
    orders = session_count(store, site, period, narrowed)
    mean = orders.revenue / orders.purchases if orders.purchases else None
    abandons, valued = sum(row.abandons for row in found), sum(row.valued for row in found)
    rows = [_row(row.value, KINDS[row.kind], row.sessions, row.abandons, abandons, row, mean) for row in found
            if row.abandons or row.sessions and options["by"] in TOLD_APART]
    all_of = _Sums(sum(row.sessions for row in found), abandons, valued, sum(row.worth for row in found))
    totals = _row("", "", all_of.sessions, abandons, abandons, all_of, mean)
    rows = variants.compared(rows, side, "abandons", "sessions")
    columns = _columns(options["by"], side)
    listed, count = listing.chosen(rows, columns, options)
    worth = _how(abandons, valued, mean)
    notes, extra = variants.said(store, site, period, narrowed, side)
    return Report(NAME, TITLE, columns, listed, totals, period, filters,
                  (*notes, SAYS[options["of"], by_pages], OVER, *((WORTHS[worth],) if abandons else ())),
                  extra=extra | {"found": count, "of": options["of"], "by_pages": by_pages, "worth": worth,
                         "mean_order": None if mean is None else round(mean), "going_on": sum(row.going_on for row in found)} | ({"hours": rows} if options["by"] == "hour" else {}))


def _found(store, site, period, filters, options, side, ended):
    """(whether pages stand for events, abandoned.Sums of each side)"""
    from journeys import abandoned, by_side  # not above: the server starts without numpy
    step, by = abandoned.step(store, site.id, options["of"]), options["by"]
    found = sum_columns(store, site, period, filters, key=2, order=(),
                        made=abandoned.Adds(step, by if by in abandoned.SIDES else by_side.of(store, side), ended))
    if by != "hour":
        texts = by_side.texts(store, side, {row.value for row in found})
        found = [row._replace(value=texts[row.value]) for row in found]
    return step.pages is not None, sorted(found, key=lambda row: (-row.abandons, row.kind, row.value))


class _Sums(NamedTuple):
    sessions: int
    abandons: int
    valued: int
    worth: int


def _columns(by, side):
    first = (BY[by], KIND) if by == "error" else (BY[by],)
    return (*first, ABANDONS, *SHARE, *((MET, *RATE) if by in TOLD_APART else ()), *(DIFFERENCE if side.control else ()), WORTH)


def _row(value, kind, sessions, abandons, of_abandons, sums, mean):
    return Row(value, kind, abandons, listing.rate(abandons, of_abandons), *listing.wilson(abandons, of_abandons), of_abandons,
               sessions, listing.rate(abandons, sessions), *listing.wilson(abandons, sessions), _worth(sums, mean))


def _worth(sums, mean):
    """What was left: what is known, and for the others the mean order; None when there is no such mean."""
    unknown = sums.abandons - sums.valued
    if unknown and mean is None:
        return sums.worth or None
    return sums.worth + round(unknown * (mean or 0))


def _how(abandons, valued, mean):
    if valued == abandons:
        return "told"
    if mean is None:
        return "some" if valued else "none"
    return "both" if valued else "mean"
