"""What visitors reach: goals, custom events, links that leave the site, downloads."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from collector import sites
from collector.events import DOWNLOAD, OUTBOUND
from journeys import columns, listing
from journeys.ask import ask, session_count, sum_columns, written
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "goals"
TITLE = N_("Goals and revenue")
OPTIONS = (Option("by", "goal", N_("What to list"), choices=("goal", "event", "outbound", "download")), *LISTING)
RATE = (
    Column("rate", N_("Conversion rate"), "rate", N_("These sessions out of all sessions."), of="of_sessions",
           interval=("low", "high")),
    Column("low", N_("Conversion rate, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."),
           of="of_sessions"),
    Column("high", N_("Conversion rate, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."),
           of="of_sessions"),
    Column("of_sessions", N_("All sessions"), "count", N_("All sessions of the period that the filters leave.")),
)
GOALS = (
    Column("value", N_("Goal"), "text", N_("An event or a page that you called a goal in the settings."),
           filter="goal"),
    Column("sessions", N_("Sessions"), "count", N_("Sessions that reached the goal, once or several times.")),
    *RATE,
    columns.PURCHASES,
    Column("revenue", N_("Revenue"), "money", N_("Sum of the purchases made in sessions that reached the goal.")),
)
EVENTS = (
    Column("value", N_("Event"), "text", N_("The name that your page gave to a custom event."), filter="event"),
    Column("events", N_("Events"), "count", N_("How often it happened.")),
    Column("sessions", N_("Sessions"), "count", N_("Sessions in which it happened, once or several times.")),
    *RATE,
    Column("amount", N_("Amount"), "money", N_("Sum of the amounts sent with the event.")),
)
LINKS = (
    Column("value", N_("Link"), "text", N_("Where the link leads.")),
    Column("clicks", N_("Clicks"), "count", N_("How often it was clicked.")),
    Column("pages", N_("On pages"), "count", N_("On how many pages it was clicked.")),
)


class Goal(NamedTuple):
    value: str
    sessions: int
    rate: float | None
    low: float | None
    high: float | None
    of_sessions: int
    purchases: int
    revenue: int


class Event(NamedTuple):
    value: str
    events: int
    sessions: int
    rate: float | None
    low: float | None
    high: float | None
    of_sessions: int
    amount: int


class Link(NamedTuple):
    value: str
    clicks: int
    pages: int | None


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    shown, rows, totals = _LISTS[options["by"]](store, site, period, filters)
    rows, found = listing.chosen(rows, shown, options)
    return Report(NAME, TITLE, shown, rows, totals, period, filters, extra={"found": found})


def _goals(store, site, period, filters):
    """Totals are of sessions that reached any goal."""
    reached = _reached(store, site, period, filters) if filters else ask(store, "goals", site, period)
    of = session_count(store, site, period, filters)  # after them, so that one that comes in meanwhile is in it
    rows = [Goal(row.value, row.sessions, *_rate(row.sessions, of.sessions), row.purchases, row.revenue) for row in reached]
    return GOALS, rows, Goal("", of.conversions, *_rate(of.conversions, of.sessions), of.purchases, of.revenue)


class Reached(NamedTuple):
    value: str | int  # the goal's name; at first its id
    sessions: int
    purchases: int
    revenue: int


def _reached(store, site, period, filters):
    """Every goal of the site and the chosen sessions that reached it, most first."""
    found = {row.value: row for row in sum_columns(store, site, period, filters, _Reaching(), key=1, order=())}
    rows = [found.get(goal.id, Reached(goal.id, 0, 0, 0))._replace(value=goal.name) for goal in sites.goals(store, site)]
    return sorted(rows, key=lambda row: (-row.sessions, row.value))


@dataclass(frozen=True)
class _Reaching:
    """Makes Reached of a Part."""

    wants = {"sessions": ("goals", "purchases", "revenue")}

    def __call__(self, part):
        from journeys import parts  # not above: the server starts without numpy
        of, chosen = part.sessions, part.chosen
        return [Reached(int(goal), *sums) for place, *sums in parts.sums(of.goals.places[chosen], of.purchases[chosen], of.revenue[chosen])
                for goal in of.goals.texts[place].strip(",").split(",") if goal]


def _events(store, site, period, filters):
    happened = _happened(store, site, period, filters) if filters else ask(store, "custom_events", site, period)
    of = session_count(store, site, period, filters)  # after them, so that one that comes in meanwhile is in it
    rows = [Event(row.value, row.events, row.sessions, *_rate(row.sessions, of.sessions), row.amount) for row in happened]
    return EVENTS, rows, None


class Happened(NamedTuple):
    value: str | int  # the event's name; at first the name's id
    events: int
    sessions: int
    amount: int


def _happened(store, site, period, filters):
    """Every custom event of the chosen sessions, those of most sessions first."""
    found = written(store, "name_texts", sum_columns(store, site, period, filters, _Happening(), key=1, order=()), "value")
    return sorted(found, key=lambda row: (-row.sessions, -row.events, row.value))


@dataclass(frozen=True)
class _Happening:
    """Makes Happened of a Part."""

    wants = {"events": ("name", "amount")}

    def __call__(self, part):
        import numpy as np  # not above: the server starts without it

        from journeys import parts, ways
        some = part.of_chosen("events")
        numbers, (names,) = ways.close(part.events.name[some].astype(np.int64))
        pairs = np.sort(names << 32 | part.whose("events")[some])
        sessions = np.bincount(pairs[ways.news(pairs)] >> 32)
        return [Happened(int(numbers[name]), events, int(sessions[name]), amount) for name, events, amount in parts.sums(names, part.events.amount[some])]


def _links(kind):
    def listed(store, site, period, filters):
        clicks, pages = Counter(), Counter()
        for row in _clicked(store, site, period, filters, kind):
            clicks[row.value] += row.clicks
            pages[row.value] += 1
        rows = [Link(value, count, pages[value]) for value, count in sorted(clicks.items(), key=lambda each: (-each[1], each[0]))]
        return LINKS, rows, Link("", clicks.total(), None)
    return listed


def _clicked(store, site, period, filters, kind):
    """Rows of value, page and clicks: each link on each page it was clicked on."""
    if not filters:
        return ask(store, "links", site, period, kind=kind)
    from journeys import click_sums  # not above: the server starts without numpy
    return click_sums.of_links(store, site, period, filters, kind)


_LISTS = {"goal": _goals, "event": _events, "outbound": _links(OUTBOUND), "download": _links(DOWNLOAD)}


def _rate(part, whole):
    return listing.rate(part, whole), *listing.wilson(part, whole), whole
