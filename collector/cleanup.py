"""Lets go of what was kept long enough: the loader calls it once an hour."""

HOUR = 3_600_000
DAY = 24 * HOUR
SEEN = 50 * HOUR
REJECTED = 7 * DAY
EVENTS = 396 * DAY  # 13 months: events, and sessions with their visitor ids
TOTALS = 761  # days: 25 months

TOTALS_TABLES = ("visitor_days", "hours", "session_days", "page_days", "trails", "event_days", "form_days",
                 "field_days", "exclusions", "growth")


def clean(store, now):
    """Deletes what is too old at `now`. An hour of events at a time, so that nobody waits long for the store."""
    with store.facts as db:
        sites = [row["id"] for row in db.query("select id from sites order by id")]
        db.execute("delete from seen where at < ?", [now - SEEN])
        db.execute("delete from rejected where at < ?", [now - REJECTED])
        db.execute("delete from orders where at < ?", [now - EVENTS])
    for site in sites:
        _clean_sessions(store, site, now - EVENTS)
        _clean_totals(store, site, now // DAY - TOTALS)


def _clean_sessions(store, site, before):
    while True:
        with store.facts as db:
            first = next(db.query("""select min(id) as id from (
                select min(id) as id from sessions where site_id = :site
                union all select min(session_id) from events where site_id = :site)""", {"site": site}))["id"]
            if first is None or first >> 22 >= before:
                return
            end = min((first >> 22) + HOUR, before) << 22
            db.execute("delete from events where site_id = ? and session_id < ?", [site, end])
            for table in ("session_pages", "session_forms", "session_fields"):
                db.execute(f"delete from {table} where site_id = ? and session_id < ?", [site, end])
            db.execute("delete from sessions where site_id = ? and id < ?", [site, end])


def _clean_totals(store, site, before):
    with store.facts as db:
        for table in TOTALS_TABLES:
            db.execute(f"delete from {table} where site_id = ? and day < ?", [site, before])
