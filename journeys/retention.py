"""Who comes back: visitors by the week or month of their first session, and what they did in each that followed.

Only visitors who can be known again are counted: those who gave consent and
those the owner's site named. Of the others nobody knows tomorrow whether they
come back, so they are left out, and the report says how many they are.
"""

from typing import NamedTuple

from journeys import buyers, cohorts, listing
from journeys.ask import ask, ask_visitors, read_visitors
from journeys.options import Option, check
from journeys.report import Column, N_, Report

NAME = "retention"
TITLE = N_("Retention")
OPTIONS = (Option("what", "return", N_("What the visitors did"), choices=("return", "reorder", "revenue")),
           Option("by", "week", N_("What to group visitors by"), choices=("week", "month")))

COMPLETE, RUNNING = N_("complete"), N_("not over yet")
NOT_OVER = N_("The last week or month is not over, or the period cuts it off. What stands there so far is no fall.")
NOBODY = N_("None of the visitors of these days can be known again: without consent, and without your own id of a customer, "
            "a visitor ends with the day.")
SINCE = N_("Who can be known again is kept only since this site was updated; cohorts begin then.")
FIRST = (
    Column("cohort", N_("First session in"), "day", N_(
        "The first day of the week or month in which the visitors had their first session. Weeks begin on Sunday. "
        "The first may be cut off by the period.")),
    Column("visitors", N_("Visitors"), "count", N_(
        "Visitors who can be known again and had their first session then. Filters choose them by that session.")),
    Column("after", N_("Weeks or months after"), "number", N_("0 is the week or month of the first session itself.")),
)
OUTSIDE = Column("outside", N_("Orders outside the page"), "count", N_(
    "Orders in that week or month that were made elsewhere, on the telephone or in the shop: brought in with the customer's id or a code, "
    "and not tracked. They are counted."))
STATE = Column("state", N_("State"), "words", N_("Whether the week or month counted is over and wholly within the period."))
SHARES = {
    "return": (Column("count", N_("Came back"), "count", N_(
                   "Visitors of the cohort with a session in that week or month; in the first, with a second one.")),
               Column("rate", N_("Share who came back"), "rate", N_("Those who came back, out of the cohort."),
                      of="visitors", interval=("low", "high"))),
    "reorder": (Column("count", N_("Ordered again"), "count", N_(
                  "Visitors of the cohort with an order in that week or month, on the page or outside it, that was not their first.")),
              Column("rate", N_("Share who ordered again"), "rate", N_("Those who ordered again, out of the cohort."),
                     of="visitors", interval=("low", "high"))),
}
ENDS = (Column("low", N_("Share, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="visitors"),
        Column("high", N_("Share, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="visitors"))
REVENUES = (
    Column("revenue", N_("Revenue"), "money", N_("What the cohort's visitors bought in that week or month, on the page or outside it.")),
    Column("mean", N_("Revenue a visitor"), "money", N_(
        "That revenue over all visitors of the cohort, those who bought nothing too. From thirty visitors on."),
        of="visitors", interval=("mean_low", "mean_high")),
    Column("mean_low", N_("Revenue a visitor, low end"), "money", N_("Low end of the mean's interval of 95 % (normal).")),
    Column("mean_high", N_("Revenue a visitor, high end"), "money", N_("High end of the mean's interval of 95 % (normal).")),
)


class Share(NamedTuple):
    cohort: int  # day
    visitors: int
    after: int
    count: int
    rate: float | None
    low: float | None
    high: float | None
    outside: int
    state: str


class Revenue(NamedTuple):
    cohort: int
    visitors: int
    after: int
    revenue: int
    mean: int | None  # minor units
    mean_low: int | None
    mean_high: int | None
    outside: int
    state: str


class Known(NamedTuple):
    """How many of the visitors of the period can be known again; None where that was not kept yet."""

    visitors: int
    of_visitors: int
    share: float | None
    since: int | None  # UTC milliseconds


def report(store, site, period, filters, **options):
    """`extra["known"]` is a Known, `extra["mean"]` has a row for each number of weeks or months after: all cohorts
    of which that one is over, together.
    """
    options = check(OPTIONS, options)
    what, by = options["what"], options["by"]
    parts = cohorts.parts(period, by)
    sizes, counts = _counted(store, site, period, filters, parts) if parts else ({}, {})  # no day is left of it: let_go.py
    make = _revenue if what == "revenue" else _share
    rows = [make(what, cohort.first_day, sizes[cohort.number], part.number - cohort.number,
                 counts.get((cohort.number, part.number), cohorts.Count()), COMPLETE if part.over else RUNNING)
            for cohort in parts if cohort.number in sizes for part in parts if part.number >= cohort.number]
    known = known_visitors(store, site, period)
    return Report(NAME, TITLE, columns(what), tuple(rows), None, period, filters,
                  (*notes_on(known), *((NOT_OVER,) if any(row.state == RUNNING for row in rows) else ())),
                  extra={"by": by, "what": what, "known": known, "mean": _mean(what, parts, sizes, counts, make)})


def columns(what):
    shown = REVENUES if what == "revenue" else (*SHARES[what], *ENDS)
    return (*FIRST, *shown, *(() if what == "return" else (OUTSIDE,)), STATE)


def known_visitors(store, site, period):
    return _known(store, site, period, enough=-1)


def notes_of(store, site, period):
    """What a reader must know of whom numbers of a period leave out, where it is not said how many they are."""
    return notes_on(_known(store, site, period, enough=1))


def notes_on(known):
    """What a reader must know of whom the numbers leave out."""
    if known.of_visitors and not known.visitors:
        return (NOBODY,)
    return (SINCE,) if known.since else ()


def _known(store, site, period, enough):
    found = ask_visitors(store, "lasting_visitors", site, period, enough=enough)
    visitors, everybody = sum(row.visitors for row in found), ask(store, "visitors", site, period)[0].visitors
    return Known(visitors, everybody, listing.rate(visitors, everybody), found[0].since)


def _counted(store, site, period, filters, parts):
    """Sizes of cohorts by number, and the Count of each (cohort, part)."""
    shares = read_visitors(store, "cohorts_filtered" if filters else "cohorts", site, period, filters, cohorts.read)
    return cohorts.count(shares, parts, buyers.outside(store, site, period))


def _share(what, cohort, size, after, count, state):
    part = count.returned if what == "return" else count.ordered
    return Share(cohort, size, after, part, *cohorts.share(part, size), count.outside, state)


def _revenue(what, cohort, size, after, count, state):
    centre, low, high = (None if each is None else round(each) for each in cohorts.mean(count.revenue, count.squares, size))
    return Revenue(cohort, size, after, count.revenue, centre, low, high, count.outside, state)


def _mean(what, parts, sizes, counts, make):
    found = []
    for after in range(len(parts)):
        over = [(cohort.number, part.number) for cohort, part in zip(parts, parts[after:]) if part.over and cohort.number in sizes]
        if over:
            sums = cohorts.Count(*map(sum, zip(*(counts.get(each, cohorts.Count()) for each in over))))
            found.append(make(what, parts[0].first_day, sum(sizes[cohort] for cohort, _ in over), after, sums, COMPLETE))
    return tuple(found)


