"""Single sessions: those that period and filters choose, one a row, each leading to its story (story.py).

Newest first only as many are read as are shown. `after` names the session that
the page before ended with, so nothing is read again that was shown already.
"""

import json
from typing import NamedTuple

from collector import journey_register, sites
from journeys import columns, names, trouble_filter
from journeys.ask import each_of_columns, newest_sessions, session_count, sum_columns
from journeys.options import LIMIT, BadOption, Option, check
from journeys.report import Column, N_, Report

NAME = "sessions"
TITLE = N_("Sessions")
OPTIONS = (Option("with", "all", N_("Which sessions"), choices=("all", "trouble", "order", "form", "none")),
           Option("sort", "time", N_("What comes first"), choices=("time", "engaged", "revenue", "trouble")),
           Option("after", "", N_("The session after which to begin")), LIMIT)
RANKS = {"engaged": lambda row: row.engaged_ms, "revenue": lambda row: row.revenue, "trouble": lambda row: row.trouble}
NEWEST = (1 << 63) - 1  # no session has a larger id
AS_THE_MAP = N_(
    "Trouble at a stage or touchpoint is what the map counts there: rage, dead and error clicks, script errors, pages slower than 2.5 seconds (LCP) and values "
    "refused in forms. The column of frustration counts only such clicks and script errors, wherever in the session they were.")
COLUMNS = (
    Column("at", N_("Time"), "time", N_("When the session began, in the site's time zone."), to="session"),
    Column("session", N_("Session"), "text", N_("The session's name in addresses. It says nothing of whose session it was.")),
    Column("source", N_("Source"), "text", N_("Where the session came from."), filter="source"),
    Column("channel", N_("Channel"), "text", N_("GA4's default grouping of source and medium, plus AI assistants."), filter="channel"),
    Column("device", N_("Device"), "text", filter="device"),
    Column("country", N_("Country"), "text", filter="country"),
    Column("entry_page", N_("Entry page"), "page", N_("The page the session began with."), filter="entry_page"),
    Column("exit_page", N_("Exit page"), "page", N_("The last page of a session."), filter="exit_page"),
    columns.VIEWS,
    Column("engaged", N_("Engaged time"), "seconds", N_(
        "Seconds of the session in which a page was visible and something happened in the last 30 seconds.")),
    Column("lasted", N_("From first to last event"), "seconds", N_(
        "Seconds from the session's first event to its last, hidden and idle time included.")),
    columns.CLICKS,
    Column("trouble", N_("Frustration"), "count", N_("Rage clicks, dead clicks, error clicks and script errors, each counted.")),
    columns.FIELDS,
    Column("goals", N_("Goals"), "list", N_("The goals that the session reached."), filter="goal"),
    columns.PURCHASES,
    columns.REVENUE,
    Column("stages", N_("Stages"), "list", N_("The stages of the site's first journey that the session entered, in the journey's order.")),
)


class Row(NamedTuple):
    at: int
    session: str
    source: str
    channel: str
    device: str
    country: str
    entry_page: str
    exit_page: str
    views: int
    engaged: float
    lasted: float
    clicks: int
    trouble: int
    fields: int
    goals: tuple
    purchases: int
    revenue: int
    stages: tuple


def report(store, site, period, filters, **options):
    """No totals: `extra["found"]` says how many sessions are chosen, `extra["next"]` is what `after` has to be for the rows
    that follow, "" when none does.
    """
    options = check(OPTIONS, options)
    found = _chosen(store, site, period, filters, options)
    rows, more = found[:options["limit"]], found[options["limit"]:]
    goals = {str(goal.id): goal.name for goal in sites.goals(store, site)}
    entered, name_of = _stages(store, site, rows), names.of(store, site).session
    return Report(NAME, TITLE, COLUMNS, tuple(_row(row, name_of(row.id), goals, entered.get(row.id, ())) for row in rows), None, period, filters,
                  notes=(AS_THE_MAP,) if trouble_filter.is_of_the_map(filters) else (),
                  extra={"found": _count(store, site, period, filters, options["with"]),
                         "next": name_of(rows[-1].id) if more else ""})


def find(store, site, text):
    """The row of the session with that name in addresses, or None: the columns of journeys/sql/session.sql."""
    session = names.of(store, site).session_id(text)
    return next(iter(store.ask("journeys/session", site=site.id, session=session)), None) if session is not None else None


def goals_reached(row, goals):
    """The names of a session's goals; one that was deleted since has none."""
    return tuple(goals[goal] for goal in row.goals.split(",") if goal in goals)


def _chosen(store, site, period, filters, options):
    """Rows to show and one more, where there is one."""
    last = options["after"] and (find(store, site, options["after"]) or _unknown(options["after"]))
    values, limit = {"with": options["with"], "before": last.id if last else NEWEST}, options["limit"] + 1
    if options["sort"] == "time":
        return newest_sessions(store, "sessions", site, period, filters, limit, **values)
    from journeys import session_columns  # not above: the server starts without numpy
    most = RANKS[options["sort"]](last) if last else NEWEST
    found = each_of_columns(store, site, period, filters, session_columns.Top(options["with"], options["sort"], most, values["before"], limit))
    return store.ask("journeys/sessions_ranked", site=site.id, sessions=json.dumps(sorted(found, reverse=True)[:limit]))


def _unknown(typed):
    raise BadOption("after", N_("is %(typed)s; write the `next` of the rows before"), typed=typed[:40])


def _count(store, site, period, filters, kind):
    """How many sessions are chosen; of all that is read from the totals."""
    if kind == "all":
        return session_count(store, site, period, filters).sessions
    from journeys import session_columns  # not above: the server starts without numpy
    return sum_columns(store, site, period, filters, session_columns.Counted(kind), key=0, order=())[0].sessions


def _stages(store, site, rows):
    """{id of a session: names of the stages it entered}."""
    record = journey_register.by_key(store, site)
    found = {}
    if record and rows:
        for row in store.ask("journeys/sessions_stages", journey=record.id, sessions=json.dumps([row.id for row in rows])):
            found.setdefault(row.session_id, set()).add(row.stage)
    return {session: tuple(stage.name for stage in record.journey.stages if stage.number in entered)
            for session, entered in found.items()}


def _row(row, name, goals, stages):
    return Row(row.started_at, name, row.source, row.channel, row.device, row.country, row.entry_page,
               row.exit_page, row.views, row.engaged_ms / 1000, (row.last_at - row.started_at) / 1000, row.clicks, row.trouble,
               row.fields, goals_reached(row, goals), row.purchases, row.revenue, stages)
