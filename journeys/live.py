"""What happens right now: the last events, and who is on the site."""

import time
from typing import NamedTuple

from collector import events
from collector import filters as narrowing
from collector import period as periods
from journeys import names
from journeys.ask import fragment_of
from journeys.options import LIMIT, check
from journeys.report import Column, N_, Report

NAME = "live"
TITLE = N_("Live")
OPTIONS = (LIMIT,)
MINUTES = 5
LONGEST = 86_400_000  # milliseconds: sessions that began earlier are not looked at
AHEAD = 600_000  # clocks of browsers may run this far ahead of ours
COLUMNS = (
    Column("at", N_("Time"), "time", N_("When it happened, in the site's time zone."), to="session"),
    Column("what", N_("What"), "words", N_("What kind of event it was.")),
    Column("page", N_("Page"), "page", N_("The page it happened on."), filter="page"),
    Column("name", N_("On what"), "text", N_("Label of what was clicked, name of the form field or event.")),
    Column("country", N_("Country"), "text", filter="country"),
    Column("device", N_("Device"), "text", filter="device"),
    Column("source", N_("Source"), "text", N_("Where the session came from."), filter="source"),
    Column("session", N_("Session"), "text", N_("The session's name in addresses. It says nothing of whose session it was.")),
)
WORDS = {
    events.PAGEVIEW: N_("Page view"), events.LEAVE: N_("Left or hid the page"), events.CLICK: N_("Click"),
    events.FIELD: N_("Form field"), events.ERROR: N_("Script error"), events.VITALS: N_("Speed measured"),
    events.CUSTOM: N_("Event"), events.EXPOSURE: N_("Saw a variant"),
    (events.FRUSTRATION, events.RAGE): N_("Rage click"), (events.FRUSTRATION, events.DEAD): N_("Dead click"),
    (events.FRUSTRATION, events.ERROR_CLICK): N_("Error click"),
    (events.FRUSTRATION, events.QUICK_BACK): N_("Quick back"),
    (events.FORM, events.VIEW): N_("Form seen"), (events.FORM, events.START): N_("Form started"),
    (events.FORM, events.SUBMIT): N_("Form sent"), (events.FORM, events.ABANDON): N_("Form abandoned"),
}


class Event(NamedTuple):
    at: int
    what: str
    page: str
    name: str
    country: str
    device: str
    source: str
    session: str


class Now(NamedTuple):
    visitors: int
    sessions: int


def report(store, site, period=None, filters=narrowing.NONE, now=None, **options):
    """The last `limit` events, whatever the period; extra["now"] counts who did something in the last five minutes."""
    options = check(OPTIONS, options)
    now = int(time.time() * 1000) if now is None else now
    fragment, values = fragment_of(store, site, filters)
    values |= {"site": site.id, "since": now - LONGEST, "start": now - LONGEST, "end": now + AHEAD}
    name_of = names.of(store, site).session
    found = store.ask("journeys/live_events", fragment, limit=options["limit"], **values)
    current = store.ask("journeys/live_now", fragment, active=now - MINUTES * 60_000, **values)[0]
    today = periods.parse("today", site, now)
    return Report(NAME, TITLE, COLUMNS, tuple(_event(row, name_of(row.session_id)) for row in found), None, today, filters,
                  extra={"now": Now(*current), "minutes": MINUTES, "found": len(found)})


def first_event(store, site):
    """The first event that ever came from a site, as an Event without its session, or None while none has."""
    found = store.ask("journeys/first_event", site=site.id)
    return Event(found[0].at, _what(found[0]), found[0].page, "", "", "", "", "") if found else None


def _event(row, session):
    name = row.name if row.type in (events.CUSTOM, events.ERROR) else row.label or row.element
    if row.type == events.PAGEVIEW:
        name = row.label
    elif row.type in (events.FORM, events.FIELD):
        name = row.label or row.element or row.name
    elif row.type == events.EXPOSURE:
        name = f"{row.name}: {row.label}"
    return Event(row.at, _what(row), row.page, name, row.country, row.device, row.source, session)


def _what(row):
    return WORDS.get(row.type) or WORDS[row.type, row.x]
