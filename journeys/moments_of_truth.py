"""Moments of truth: touchpoints after which those who went on and those who left differ most in whether they convert.

Of the sessions that met a touchpoint, those that went on to another one and
those that left there are compared: how many of each reached a goal, in that
session or in a later one of the same visitor within the period. All touchpoints
are corrected together (Holm). Beside it stands what would be lost if everybody
who comes to the touchpoint left instead (attribution.py), checked against
first, last and linear touch. Both are association: a page that every buyer must
pass has much of both whether or not it persuades anybody.

Touchpoints are the pages of the site, all languages of a page together.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from journeys import listing, sizing
from journeys.ask import keep
from journeys.attribution import credits
from journeys.options import LISTING, check
from journeys.report import Column, N_, Report
from journeys.troubles import read

NAME = "moments"
TITLE = N_("Moments of truth")
OPTIONS = LISTING
MOST = 30  # touchpoints on the ways that are read, those most met; others are passed over
ASSOCIATION = N_("This is association, not cause: a page that every buyer must pass stands high whether or not it persuades anybody. Only an experiment can tell.")
TOLD, NOT_TOLD, FEW = N_("yes"), N_("no"), N_("not enough data")
COLUMNS = (
    Column("page", N_("Touchpoint"), "text", N_("A page of the site, all its languages together.")),
    Column("told", N_("Told apart"), "words", N_("Whether the difference is told apart from chance among all touchpoints compared (Holm, 5 percent).")),
    Column("sessions", N_("Met it"), "count", N_("Sessions that met the touchpoint.")),
    Column("went_on", N_("Went on"), "count", N_("Of those, sessions that went on to another touchpoint after it for the last time.")),
    Column("left", N_("Left there"), "count", N_("Of those, sessions that ended there.")),
    Column("went_on_rate", N_("Conversion of those who went on"), "rate", N_(
        "Of the sessions that went on, those that reached a goal, then or in a later session of the same visitor in these days."), of="went_on",
        interval=("went_on_low", "went_on_high")),
    Column("went_on_low", N_("Of those who went on, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="went_on"),
    Column("went_on_high", N_("Of those who went on, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="went_on"),
    Column("left_rate", N_("Conversion of those who left"), "rate", N_(
        "Of the sessions that left there, those that had reached a goal, or did so in a later session of the same visitor in these days."), of="left",
        interval=("left_low", "left_high")),
    Column("left_low", N_("Of those who left, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="left"),
    Column("left_high", N_("Of those who left, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="left"),
    Column("difference", N_("Difference"), "points", N_("Conversion of those who went on minus that of those who left."), interval=("low", "high")),
    Column("low", N_("Difference, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("high", N_("Difference, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
    Column("chance", N_("Chance"), "rate", N_("How often chance alone would bring a difference like this at any of the touchpoints compared (Holm).")),
    Column("removal", N_("Lost without it"), "rate", N_(
        "Part of the conversions that would be lost if everybody who comes to it left instead, by a Markov chain of first order over the ways people took. "
        "These parts overlap and do not add up.")),
    Column("markov", N_("Credit by removal"), "count", N_("Conversions given to it in proportion to what would be lost without it.")),
    Column("first", N_("Credit by first touch"), "count", N_("Conversions whose way began here.")),
    Column("last", N_("Credit by last touch"), "count", N_("Conversions whose way ended here.")),
    Column("linear", N_("Credit by linear touch"), "count", N_("Conversions shared equally among all touchpoints of their way.")),
)


class Row(NamedTuple):
    page: str
    told: str  # TOLD, NOT_TOLD or FEW
    sessions: int
    went_on: int
    left: int
    went_on_rate: float | None
    went_on_low: float | None
    went_on_high: float | None
    left_rate: float | None
    left_low: float | None
    left_high: float | None
    difference: float | None
    low: float | None
    high: float | None
    chance: float | None
    removal: float | None  # None of a touchpoint that is not among those most met
    markov: float | None
    first: float | None
    last: float | None
    linear: float | None


def report(store, site, period, filters, **options):
    """No totals: one session meets several. `extra` says how many touchpoints were compared."""
    options = check(OPTIONS, options)
    every = keep(store, site, period, filters, "moments", lambda: judged(read(store, site, period, filters)))
    rows, found = listing.chosen(every, COLUMNS, options)
    return Report(NAME, TITLE, COLUMNS, rows, None, period, filters, (ASSOCIATION,) if every else (), extra={
        "found": found, "compared": sum(row.told != FEW for row in every)})


def judged(seen):
    """A Row of each touchpoint, those told apart first, by the size of their difference."""
    converted = _then_or_later(seen.visits)
    counts = defaultdict(lambda: [0, 0, 0, 0])  # went on, of them converted, left, of them converted
    ways = Counter()
    for session, visit in seen.visits.items():
        for page in set(visit.pages):
            at = 2 if visit.pages[-1] == page else 0
            counts[page][at] += 1
            counts[page][at + 1] += converted[session]
    usual = set(sorted(counts, key=lambda page: (-counts[page][0] - counts[page][2], page))[:MOST])
    for visit in seen.visits.values():
        ways[tuple(page for page in visit.pages if page in usual), bool(visit.converted)] += 1
    credit = credits(ways)
    return _told_apart([_row(page, numbers, credit.get(page), seen.every) for page, numbers in counts.items()])


def _then_or_later(visits):
    """{session: whether it reached a goal, or a later one of the same visitor did}."""
    found, later = {}, {}
    for session in sorted(visits, reverse=True):
        visit = visits[session]
        found[session] = later[visit.visitor] = bool(visit.converted or later.get(visit.visitor))
    return found


def _row(page, numbers, credit, every):
    went_on, went_on_converted, left, left_converted = numbers
    row = Row(page, FEW, (went_on + left) * every, went_on * every, left * every,
              listing.rate(went_on_converted, went_on), *listing.wilson(went_on_converted, went_on),
              listing.rate(left_converted, left), *listing.wilson(left_converted, left), None, None, None, None,
              *((round(credit.removal, 4), *(round(each * every, 1) for each in credit[1:])) if credit else (None,) * 5))
    if min(went_on, left) < sizing.FEWEST or went_on_converted + left_converted < sizing.FEWEST_CONVERTED:
        return row
    low, high = listing.newcombe(went_on_converted, went_on, left_converted, left)
    return row._replace(told=NOT_TOLD, difference=row.went_on_rate - row.left_rate, low=low, high=high,
                        chance=sizing.chance(went_on_converted, went_on, left_converted, left))


def _told_apart(rows):
    compared = [row for row in rows if row.told == NOT_TOLD]
    chances = sizing.holm([row.chance for row in compared])
    told = [row._replace(chance=chance, told=TOLD if chance <= sizing.LEVEL else NOT_TOLD) for row, chance in zip(compared, chances, strict=True)]
    return [*sorted(told, key=lambda row: (row.told != TOLD, -abs(row.difference), row.page)),
            *sorted((row for row in rows if row.told == FEW), key=lambda row: (-row.sessions, row.page))]
