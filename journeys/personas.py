"""Kinds of visitors: the site's segments, each with its numbers beside those of all, and the personas bound to them.

With propose=1 also segments that measurement finds by itself (proposals.py), for a person to name.
"""

import json
from typing import NamedTuple

from collector import segments
from journeys import breakdown, columns, days, listing, persona_register
from journeys.ask import each_of_columns
from journeys.options import Option, check
from journeys.report import Column, N_, Report

NAME = "personas"
TITLE = N_("Personas")
SAMPLE = 400  # sessions that are looked at for proposals
MOST_VALUES = 3  # devices and channels named beside a persona
OPTIONS = (Option("propose", 0, N_("1 to find segments in what was measured"), least=0, most=1),)
DIFFERENCE = Column("difference", N_("Against all others"), "points", N_(
    "Conversion rate of the segment minus that of all other sessions, in points."), interval=("difference_low", "difference_high"))
COLUMNS = (
    Column("segment", N_("Segment"), "text", N_("The key of filters that the site keeps under a name."), filter="segment"),
    Column("name", N_("Name"), "text"), columns.SESSIONS, columns.SHARE, columns.VISITORS, columns.ENGAGED, columns.CONVERSIONS,
    columns.CONVERSION_RATE, columns.CONVERSION_LOW, columns.CONVERSION_HIGH, DIFFERENCE,
    Column("difference_low", N_("Against all others, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("difference_high", N_("Against all others, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
    columns.PURCHASES, columns.REVENUE)


class Row(NamedTuple):
    """One segment, or all sessions."""

    segment: str
    name: str
    sessions: int
    share: float | None
    visitors: int
    engaged: float | None  # seconds a session
    conversions: int
    conversion_rate: float | None
    conversion_low: float | None
    conversion_high: float | None
    difference: float | None  # against all sessions not in it
    difference_low: float | None
    difference_high: float | None
    purchases: int
    revenue: int  # minor units


class Portrait(NamedTuple):
    """A persona with what its segment is made of: pairs of value and its part of the sessions, most first."""

    persona: object  # persona_register.Persona
    row: Row | None  # None when its segment is gone
    devices: tuple
    channels: tuple


def report(store, site, period, filters, **options):
    """Rows are the site's segments within the filters. `extra` has "personas", each a Portrait, and "proposal" (None when not asked for)."""
    options = check(OPTIONS, options)
    known = segments.named(store, site)
    everybody = _row(store, site, period, filters, "", "")
    within = {each.key: filters.within(each.filters) for each in known}
    rows = tuple(_compared(_row(store, site, period, within[each.key], each.key, each.name), everybody) for each in known)
    found = {row.segment: row for row in rows}
    portraits = tuple(Portrait(each, found.get(each.segment), *(_parts(store, site, period, within.get(each.segment), name) for name in ("device", "channel")))
                      for each in persona_register.of(store, site))
    return Report(NAME, TITLE, COLUMNS, rows, everybody, period, filters, extra={
        "personas": portraits, "proposal": propose(store, site, period, filters) if options["propose"] else None})


def propose(store, site, period, filters):
    """The Proposal for a part of the sessions: those of visitors drawn by their number, so the same at every look."""
    from journeys import proposals, session_columns  # not above: the server starts without numpy
    drawn = sorted(each_of_columns(store, site, period, filters, session_columns.Drawn(SAMPLE)))[:SAMPLE]
    rows = store.ask("journeys/session_features", site=site.id, sessions=json.dumps([each.id for each in drawn]))
    return proposals.propose([proposals.Session(*row) for row in rows])


def _row(store, site, period, filters, key, name):
    found, visitors = days.counted(store, site, period, filters)
    total = days.added([sums for *_, sums in found])
    return Row(key, name, total.sessions, listing.rate(total.sessions, total.sessions), visitors, listing.seconds(total.engaged_ms, total.sessions),
               total.conversions, listing.rate(total.conversions, total.sessions), *listing.wilson(total.conversions, total.sessions),
               None, None, None, total.purchases, total.revenue)


def _compared(row, everybody):
    """The row with its share of all, and its conversion against that of those who are not in it."""
    others, converted = everybody.sessions - row.sessions, everybody.conversions - row.conversions
    low, high = listing.newcombe(row.conversions, row.sessions, converted, others)
    difference = row.conversions / row.sessions - converted / others if row.sessions and others else None
    return row._replace(share=listing.rate(row.sessions, everybody.sessions), difference=difference, difference_low=low, difference_high=high)


def _parts(store, site, period, filters, dimension):
    if filters is None:
        return ()
    rows, _ = breakdown.rows(store, site, period, filters, dimension)
    return tuple((row.value, row.share) for row in rows[:MOST_VALUES])
