from collector.storage.migrations.steps import migrations

# the digits of a page's code, as in trail.py
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"


@migrations()
def m002_events_sessions_totals(db):
    db.executescript("""
    create table names (id integer primary key, text text not null unique) strict;
    insert into names values (0, ''), (1, 'purchase');
    create table pages (
        id integer primary key,
        site_id integer not null,
        path text not null,                     -- '/cart'; 'other.example/cart' when not the site's domain
        code text generated always as (         -- what stands for it in a trail: trail.py
            '/' || substr('{digits}', (id >> 18 & 63) + 1, 1) || substr('{digits}', (id >> 12 & 63) + 1, 1)
                || substr('{digits}', (id >> 6 & 63) + 1, 1) || substr('{digits}', (id & 63) + 1, 1)) virtual,
        unique (site_id, path)
    ) strict;

    create table sessions (
        site_id integer not null,
        id integer not null,                    -- started_at << 22 | bits of the visitor: sorted by time
        visitor_id integer not null,
        day integer not null,
        hour integer not null,                  -- whole hours since local midnight, 0-24
        previous_day integer,                   -- the visitor's day before this one, if known
        started_at integer not null,
        last_at integer not null,
        views integer not null,
        events integer not null,
        clicks integer not null,
        fields integer not null,                -- stays in form fields
        engaged_ms integer not null,
        bounce integer not null,
        rage integer not null,
        dead integer not null,
        error_clicks integer not null,
        quick_backs integer not null,
        errors integer not null,
        conversions integer not null,           -- 1 when any goal was reached
        purchases integer not null,
        revenue integer not null,
        entry_page integer not null,
        exit_page integer not null,
        source integer not null,
        medium integer not null,
        campaign integer not null,
        content integer not null,
        term integer not null,
        channel integer not null,
        referrer integer not null,
        country integer not null,
        language integer not null,
        device integer not null,
        browser integer not null,
        os integer not null,
        goals text not null default '',         -- ',1,7,' ids of goals reached
        trail text not null default '',         -- pages in order, five characters each: see trail.py
        primary key (site_id, id)
    ) strict, without rowid;
    create index sessions_visitor on sessions (site_id, visitor_id, id);

    create table session_pages (                -- the pages of a session: page_days before they are added up
        site_id integer not null, session_id integer not null, page integer not null,
        views integer not null, engaged_ms integer not null,
        scroll integer not null, scrolled integer not null, clicks integer not null,
        primary key (site_id, session_id, page)
    ) strict, without rowid;
    create table session_forms (                -- the same for form_days, and last_fields of field_days
        site_id integer not null, session_id integer not null, form integer not null,
        viewed integer not null, started integer not null, submitted integer not null, abandoned integer not null,
        last_field integer not null,            -- of an abandon, else 0
        primary key (site_id, session_id, form)
    ) strict, without rowid;
    create table session_fields (               -- the same for field_days
        site_id integer not null, session_id integer not null, form integer not null, field integer not null,
        stays integer not null, time_ms integer not null,
        hesitations integer not null, hesitation_ms integer not null,
        corrections integer not null, returns integer not null,
        autofills integer not null, pastes integer not null, errors integer not null,
        primary key (site_id, session_id, form, field)
    ) strict, without rowid;

    create table events (
        site_id integer not null,
        session_id integer not null,
        number integer not null,                -- order within the session
        at integer not null,
        type integer not null,                  -- collector/events.py: TYPES
        view integer not null,                  -- which page view of the session, from 1
        page integer not null,
        name integer not null default 0,        -- names: event, form, error message, link
        element integer not null default 0,     -- names: element path, field
        label integer not null default 0,       -- names: what the person sees on it
        x integer, y integer,
        value integer,                          -- engaged_ms, minor units, milliseconds: by type
        detail text,                            -- JSON of whatever else the type has
        primary key (site_id, session_id, number)
    ) strict, without rowid;
    -- what filtered reports read of custom events, without the events around them
    create index events_custom on events (site_id, session_id, name, value) where type = 9;

    -- purchases counted: the same transaction_id counts once a site
    create table orders (
        site_id integer not null,
        transaction_hash integer not null,
        at integer not null,
        primary key (site_id, transaction_hash)
    ) strict, without rowid;

    -- which events of a page view are in: a bit mask by position, kept 50 hours
    create table seen (
        site_id integer not null,
        view text not null,
        at integer not null,
        session_id integer not null,
        number integer not null,                -- which view of that session, as in `events`
        mask blob not null,
        primary key (site_id, view)
    ) strict, without rowid;
    create index seen_at on seen (at);

    create table visitor_days (
        site_id integer not null,
        day integer not null,
        previous_day integer not null,          -- -1: none known
        visitors integer not null,
        primary key (site_id, day, previous_day)
    ) strict, without rowid;
    create table hours (
        site_id integer not null, day integer not null, hour integer not null,
        sessions integer not null, views integer not null, events integer not null, clicks integer not null,
        fields integer not null, engaged_ms integer not null, bounces integer not null,
        rage integer not null, dead integer not null, error_clicks integer not null,
        quick_backs integer not null, errors integer not null,
        conversions integer not null, purchases integer not null, revenue integer not null,
        primary key (site_id, day, hour)
    ) strict, without rowid;
    create table session_days (
        site_id integer not null,
        dimension integer not null,             -- collector/filters.py: DIMENSIONS
        day integer not null,
        value integer not null,
        sessions integer not null, views integer not null, bounces integer not null,
        engaged_ms integer not null, conversions integer not null,
        purchases integer not null, revenue integer not null,
        primary key (site_id, dimension, day, value)
    ) strict, without rowid;
    create table page_days (
        site_id integer not null, day integer not null, page integer not null,
        views integer not null, sessions integer not null, entries integer not null, exits integer not null,
        bounces integer not null, engaged_ms integer not null,
        scroll integer not null,                -- sum of the deepest point of each view that reported one
        scrolled integer not null,              -- how many views reported one
        clicks integer not null,
        primary key (site_id, day, page)
    ) strict, without rowid;
    create table trails (
        site_id integer not null, day integer not null, trail text not null,
        sessions integer not null,
        primary key (site_id, day, trail)
    ) strict, without rowid;
    create table event_days (
        site_id integer not null,
        kind integer not null,                  -- event type: custom, click, frustration, error, outbound, download
        day integer not null,
        name integer not null,
        label integer not null,
        page integer not null,                  -- 0 for custom events
        events integer not null,
        sessions integer not null,              -- sessions with at least one; custom events only
        value integer not null,
        primary key (site_id, kind, day, name, label, page)
    ) strict, without rowid;
    create table form_days (
        site_id integer not null, day integer not null, form integer not null,
        views integer not null, starters integer not null, submitters integer not null, abandons integer not null,
        primary key (site_id, day, form)        -- each counts sessions
    ) strict, without rowid;
    create table field_days (
        site_id integer not null, day integer not null, form integer not null, field integer not null,
        sessions integer not null,              -- sessions that touched it
        stays integer not null, time_ms integer not null,
        hesitations integer not null, hesitation_ms integer not null,
        corrections integer not null, returns integer not null,
        autofills integer not null, pastes integer not null, errors integer not null,
        last_fields integer not null,           -- abandons whose last field it was
        primary key (site_id, day, form, field)
    ) strict, without rowid;
    create table exclusions (
        site_id integer not null, day integer not null, reason text not null,
        events integer not null, batches integer not null,
        primary key (site_id, day, reason)
    ) strict, without rowid;
    create table rejected (
        id integer primary key,
        site_id integer not null,
        at integer not null,
        field text not null,
        reason text not null,
        event text not null                     -- typed, scrubbed and cut; kept 7 days
    ) strict;
    create index rejected_at on rejected (site_id, at);
    -- texts that were new on a day: what is over the limit is counted as '[other]'
    create table growth (
        site_id integer not null,
        day integer not null,
        names integer not null,
        pages integer not null,
        primary key (site_id, day)
    ) strict, without rowid;
    create table positions (
        segment text primary key,               -- a file of the spool
        offset integer not null
    ) strict, without rowid;
    """.replace("{digits}", DIGITS))
