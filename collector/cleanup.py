"""Lets go of what was kept long enough: the loader calls it once an hour."""

from collector import removal

HOUR = 3_600_000
DAY = 24 * HOUR
SEEN = 50 * HOUR
REJECTED = 7 * DAY
EVENTS = 396 * DAY  # 13 months: events, and sessions with their visitor ids
TOTALS = 761  # days: 25 months

OF_SESSIONS = ("events", "session_pages", "session_forms", "session_fields", "session_codes")
OF_WALKS = ("session_touchpoints", "session_moves")
WALK_TOTALS = ("touchpoint_days", "touchpoint_visitors", "move_days", "stage_trails")
WALK_COLUMNS = ("walk_columns", "walk_ends")
TOTALS_TABLES = ("visitor_days", "hours", "session_days", "page_days", "event_days", "form_days",
                 "field_days", "exclusions", "growth")


def clean(store, now):
    """Deletes what is too old at `now`. An hour of events at a time, so that nobody waits long for the store."""
    with store.transaction() as connection:
        sites = [number for number, in connection.execute("select id from sites order by id")]
        connection.execute("delete from seen where at < ?", [now - SEEN])
        connection.execute("delete from rejected where at < ?", [now - REJECTED])
        connection.execute("delete from orders where at < ?", [now - EVENTS])
        connection.execute("delete from contacts where at < ?", [now - EVENTS])
        # What experiments came to names nobody, and stays as long as they do.
        old = "experiment_id in (select id from experiments where started_at < :before)"
        connection.execute(f"delete from outcomes where {old} and (experiment_id, unit) in "
                           "(select experiment_id, unit from exposures where at < :before)", {"before": now - EVENTS})
        connection.execute(f"delete from exposures where {old} and at < :before", {"before": now - EVENTS})
    removal.sweep(store)
    for site in sites:
        _clean_sessions(store, site, now - EVENTS)
        _clean_totals(store, site, now // DAY - TOTALS)


def _clean_sessions(store, site, before):
    while True:
        with store.transaction() as connection:
            first, = connection.execute("select min(id) from sessions where site_id = ?", [site]).fetchone()
            if first is None or first >> 22 >= before:
                return
            end = min((first >> 22) + HOUR, before) << 22
            for table in OF_SESSIONS:
                connection.execute(f"delete from {table} where site_id = ? and session_id < ?", [site, end])
            _clean_walks(connection, site, end)
            connection.execute("delete from sessions where site_id = ? and id < ?", [site, end])


def _clean_walks(connection, site, end):
    """Rows and columns of walks, and ids of visitors, go with their sessions; the days stand as they were counted when they were whole."""
    last, = connection.execute("select max(day) from sessions where site_id = ? and id < ?", [site, end]).fetchone()
    for journey, in connection.execute("select id from journeys where site_id = ?", [site]).fetchall():
        for table in OF_WALKS:
            connection.execute(f"delete from {table} where journey_id = ? and session_id < ?", [journey, end])
        for table in WALK_COLUMNS:
            connection.execute(f"delete from {table} where journey_id = ? and day <= ?", [journey, last])
        connection.execute("update touchpoint_visitors set passing = passing + length(lasting) / 8, lasting = x'' "
                           "where journey_id = ? and day <= ? and lasting <> x''", [journey, last])
        connection.execute("update walk_days set closed = 1 where journey_id = ? and day <= ? and not closed", [journey, last])


def _clean_totals(store, site, before):
    with store.transaction() as connection:
        for table in TOTALS_TABLES:
            connection.execute(f"delete from {table} where site_id = ? and day < ?", [site, before])
        for table in WALK_TOTALS:
            connection.execute(f"delete from {table} where journey_id in (select id from journeys where site_id = ?) and day < ?",
                               [site, before])
