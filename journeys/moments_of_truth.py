"""Moments of truth: touchpoints after which those who went on and those who left differ most in whether they convert.

Of the sessions that met a touchpoint, those that went on to another one and
those that left there are compared: how many of each reached a goal, in that
session or in a later one of the same visitor within the period. All touchpoints
are corrected together (Holm). Beside it stands what would be lost if everybody
who comes to the touchpoint left instead (attribution.py), checked against
first, last and linear touch. Both are association: a page that every buyer must
pass has much of both whether or not it persuades anybody.

Touchpoints are those of the site's journey, or its pages, all languages of a
page together. Which touchpoint a session met first is told by its pages; what
was known at its start comes before them, events and forms after them.
"""

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from collector import walks
from journeys import listing, sizing, walked
from journeys.ask import ask_each, keep
from journeys.attribution import credits
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "moments"
TITLE = N_("Moments of truth")
OPTIONS = (Option("by", "touchpoint", N_("What to compare"), choices=("touchpoint", "page")), walked.JOURNEY, *LISTING)
MOST = 30  # touchpoints on the ways that are read, those most met; others are passed over
ASSOCIATION = N_("This is association, not cause: a page that every buyer must pass stands high whether or not it persuades anybody. Only an experiment can tell.")
SAMPLED = N_("There are very many sessions in these days: one minute of every so many was read, and what is counted is scaled up. "
             "Most later sessions of the same visitor are not among them, so goals that were reached in these are missing.")
TOLD, NOT_TOLD, FEW = N_("yes"), N_("no"), N_("not enough data")
COLUMNS = (
    Column("name", N_("Touchpoint"), "words", N_("A touchpoint of the site's journey; or a page of the site, all its languages together."),
           filter="touchpoint", by="touchpoint"),
    Column("touchpoint", N_("Touchpoint's key"), "text", N_("As filters name it.")),
    Column("stage_name", N_("Stage"), "words", N_("The stage it belongs to; of a page nothing.")),
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
    name: str
    touchpoint: str  # "" of a page
    stage_name: str  # "" of a page
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
    every: int  # one of so many sessions was read


def report(store, site, period, filters, **options):
    """No totals: one session meets several. `extra` says how many touchpoints were compared."""
    options = check(OPTIONS, options)
    asked = walked.Walked(store, site, period, filters, walked.chosen(store, site, options) if options["by"] == "touchpoint" else None)
    record, (notes, extra) = asked.record, asked.said if options["by"] == "touchpoint" else ((), {})
    every = keep(store, site, period, filters, f"moments {record.id if record else 'of pages'}", lambda: _judged(asked))
    columns = COLUMNS if options["by"] == "touchpoint" else (replace(COLUMNS[0], filter="", by=""), *COLUMNS[3:])
    rows, found = listing.chosen(every, columns, options)
    return Report(NAME, TITLE, columns, rows, None, period, filters, (*notes, *_notes(every)), extra=extra | {
        "found": found, "compared": sum(row.told != FEW for row in every)})


def _notes(rows):
    return ((SAMPLED,) if any(row.every > 1 for row in rows) else ()) + ((ASSOCIATION,) if rows else ())


def _judged(asked):
    """By the touchpoints of a Walked's journey; without one, by pages."""
    from journeys import meetings, troubles  # not above: the server starts without numpy
    store, site, period, filters, record = asked.store, asked.site, asked.period, asked.filters, asked.record
    every = troubles.every_of(store, site, period, filters)
    ways = troubles.begin_ways(store, site, period, filters, every)
    if record is None:
        seen = ways(troubles.pages_of(store, site, period))
        return judged(meetings.at_pages(seen), seen.names, seen.every)
    rows = ask_each(store, "moment_touchpoints_filtered" if filters else "moment_touchpoints", site, period, filters, **troubles.part(every), journey=record.id)
    seen = ways(troubles.pages_of(store, site, period))
    met = meetings.at_touchpoints(rows, seen, record.journey, _pages(walks.by_paths(store, site, record.journey), seen.addresses))
    parts = {touchpoint.number: (asked.prefix + touchpoint.key, stage.name) for stage in record.journey.stages for touchpoint in stage.touchpoints}
    return judged(met, {touchpoint.number: touchpoint.name for touchpoint in record.journey.touchpoints}, seen.every, parts)


def _pages(matcher, addresses):
    """{touchpoint's number: names of the pages that meet it}."""
    found = defaultdict(set)
    for name, paths in addresses.items():
        for path in paths:
            for touch in matcher.of_page(path)[1]:
                found[touch.number].add(name)
    return found


def judged(met, names, every=1, parts=None):
    """A Row of each touchpoint, those told apart first, by the size of their difference. Takes meetings.Meetings, the names of places, and of touchpoints (key in filters, name of the stage)."""
    counts = met.counts()
    usual = sorted(counts, key=lambda place: (-counts[place][0] - counts[place][2], place))[:MOST]
    credit = {usual[rank]: each for rank, each in credits(met.ways(usual)).items()}
    return _told_apart([_row(names[place], *(parts or {}).get(place, ("", "")), numbers, credit.get(place), every) for place, numbers in counts.items()])


def _row(name, touchpoint, stage, numbers, credit, every):
    went_on, went_on_converted, left, left_converted = numbers
    row = Row(name, touchpoint, stage, FEW, (went_on + left) * every, went_on * every, left * every,
              listing.rate(went_on_converted, went_on), *listing.wilson(went_on_converted, went_on),
              listing.rate(left_converted, left), *listing.wilson(left_converted, left), None, None, None, None,
              *((round(credit.removal, 4), *(round(each * every, 1) for each in credit[1:])) if credit else (None,) * 5), every)
    if min(went_on, left) < sizing.FEWEST or went_on_converted + left_converted < sizing.FEWEST_CONVERTED:
        return row
    low, high = listing.newcombe(went_on_converted, went_on, left_converted, left)
    return row._replace(told=NOT_TOLD, difference=row.went_on_rate - row.left_rate, low=low, high=high,
                        chance=sizing.chance(went_on_converted, went_on, left_converted, left))


def _told_apart(rows):
    compared = [row for row in rows if row.told == NOT_TOLD]
    chances = sizing.holm([row.chance for row in compared])
    told = [row._replace(chance=chance, told=TOLD if chance <= sizing.LEVEL else NOT_TOLD) for row, chance in zip(compared, chances, strict=True)]
    return [*sorted(told, key=lambda row: (row.told != TOLD, -abs(row.difference), row.name)),
            *sorted((row for row in rows if row.told == FEW), key=lambda row: (-row.sessions, row.name))]
