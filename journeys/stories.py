"""The story of one session: what is known of it, and everything that happened in it, page after page."""

import time
from dataclasses import dataclass

from collector import journey_register, sites
from collector.matcher import LEAVE_SITE, MOVES
from collector.session import GAP
from journeys import moments, names, transitions
from journeys.sessions import find, goals_reached

MOST = 2000  # events told of one session


@dataclass(frozen=True)
class Stop:
    """One stage as the session met it. Names of a preset are msgids."""

    name: str
    touchpoints: tuple  # names of those it met: none, and it was not entered
    moves: tuple  # (kind, as transitions.py names it; name of the stage it leads to, "" for none)


@dataclass(frozen=True)
class Story:
    session: str  # its name in addresses
    started_at: int
    last_at: int
    over: bool  # no event can join it any more
    source: str
    medium: str
    campaign: str
    channel: str
    referrer: str
    country: str
    language: str
    device: str
    browser: str
    os: str
    entry_page: str
    exit_page: str
    views: int
    engaged: float  # seconds
    lasted: float  # seconds from the first event to the last
    clicks: int
    trouble: int
    fields: int
    goals: tuple
    purchases: int
    revenue: int
    events: int
    told: int  # how many of them the parts tell
    parts: tuple  # moments.Part
    earlier: str  # the same visitor's session before this one, "" when none is known
    later: str
    stages: tuple  # Stops of the site's first journey, () without one
    number: int  # which of the visitor's sessions it is, as far as is known, from 1
    of: int


def read(store, site, text, now=None):
    """The Story of the session with that name in addresses, or None when the site has none."""
    row = find(store, site, text)
    if not row:
        return None
    over = (int(time.time() * 1000) if now is None else now) - row.last_at >= GAP
    goals = sites.goals(store, site)
    found = store.ask("journeys/session_events", site=site.id, session=row.id, limit=MOST)
    named = names.of(store, site).session_or_none
    beside = store.ask("journeys/session_neighbours", site=site.id, person=row.person, session=row.id)[0]
    return Story(text, row.started_at, row.last_at, over, row.source, row.medium, row.campaign, row.channel,
                 row.referrer, row.country, row.language, row.device, row.browser, row.os, row.entry_page, row.exit_page,
                 row.views, row.engaged_ms / 1000, (row.last_at - row.started_at) / 1000, row.clicks, row.trouble, row.fields,
                 goals_reached(row, {str(goal.id): goal.name for goal in goals}), row.purchases, row.revenue, row.events,
                 len(found), moments.parts(found, goals, site.currency), named(beside.earlier), named(beside.later), _walk(store, site, row.id, over),
                 beside.before + 1, beside.before + 1 + beside.after)


def _walk(store, site, session, over):
    """A Stop for each stage that is measured; () when the session's day was not walked through yet. Who is still there has not left."""
    record = journey_register.by_key(store, site)
    if not record:
        return ()
    met = {row.touchpoint for row in store.ask("journeys/session_touchpoints", journey=record.id, session=session)}
    moves = [row for row in store.ask("journeys/session_moves", journey=record.id, session=session) if over or row.kind != LEAVE_SITE]
    called = {stage.number: stage.name for stage in record.journey.stages}
    kinds = {number: transitions.KINDS[kind] for kind, number in MOVES.items()}
    return tuple(Stop(stage.name, tuple(each.name for each in stage.touchpoints if each.number in met),
                      tuple((kinds[row.kind], called.get(row.to_stage, "")) for row in moves if row.from_stage == stage.number))
                 for stage in record.journey.stages if stage.is_measured) if met else ()
