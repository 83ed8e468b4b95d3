"""The tables, one numbered step after another; a step that was released is never edited.

Rules of the schema: STRICT tables; times are UTC milliseconds (`at`, `*_at`);
a `day` is the number of days since 1970-01-01 on the site's own calendar;
money is integer minor units of the site's currency; texts that repeat stand
once in `names` (0 is "none"). Everything about a session is counted on the
day the session started, so totals add up and equal the sessions behind them.
"""

from collector.storage import without_numpy  # noqa: F401 before sqlite-utils
from sqlite_utils import Database, Migrations  # noqa: F401 the store takes both from here

migrations = Migrations("netiv")

# the digits of a page's code, as in trail.py
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"


@migrations()
def m001_sites_and_people(db):
    db.executescript("""
    create table sites (
        id integer primary key autoincrement,   -- never given again: rows of a deleted site must not become another's
        key text not null unique,               -- stands in the snippet; public
        name text not null,
        domain text not null,                   -- host without www; pages of other hosts keep their host
        timezone text not null,
        currency text not null default 'ILS',
        created_at integer not null,
        first_event_at integer,
        exclusions_off text not null default ''  -- reasons the owner switched off, comma separated
    ) strict;
    create table goals (
        id integer primary key autoincrement,   -- stands in sessions after the goal is gone
        site_id integer not null references sites on delete cascade,
        name text not null,
        kind text not null check (kind in ('event', 'page')),
        pattern text not null,                  -- event name, or path with * as wildcard
        created_at integer not null,
        unique (site_id, kind, pattern)
    ) strict;
    create table users (
        id integer primary key,
        email text not null unique collate nocase,
        name text not null,
        password_hash text not null,
        language text not null default '',
        created_at integer not null
    ) strict;
    create table members (
        user_id integer not null references users on delete cascade,
        site_id integer not null references sites on delete cascade,
        role text not null check (role in ('owner', 'viewer')),
        primary key (user_id, site_id)
    ) strict, without rowid;
    create table sign_ins (
        token_hash text primary key,            -- SHA-256 of the cookie's token
        user_id integer not null references users on delete cascade,
        created_at integer not null,
        seen_at integer not null,
        agent text not null default '',
        csrf text not null
    ) strict, without rowid;
    create table throttle (
        who text not null,                      -- hash of account or of address
        at integer not null
    ) strict;
    create index throttle_who on throttle (who, at);
    create table links (
        token_hash text primary key,            -- one-time links: set-up, invitation
        purpose text not null,
        detail text not null default '',
        expires_at integer not null
    ) strict, without rowid;
    create table audit (
        id integer primary key,
        at integer not null,
        user_id integer,
        action text not null,
        detail text not null default ''
    ) strict;
    """)


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


@migrations()
def m003_who_may_add_sites(db):
    db.executescript("""
    alter table users add column may_add_sites integer not null default 0;
    """)


@migrations()
def m004_experiments(db):
    """Experiments, and what the loader keeps of them.

    `unit` is the collector's visitor id; `variant` its place in the definition,
    the control being 0; `segment` is '' for all, else device, browser, channel,
    country or seen_before, and `value` what stands in that column of `exposures`
    (names, or 0 and 1; 0 for ''). `day` is the day of a unit's first exposure.

    What the loader writes references nothing: it must not fail over an
    experiment deleted a moment ago. A trigger takes it out with its experiment.
    """
    db.executescript("""
    create table experiments (
        id integer primary key autoincrement,   -- never given again
        site_id integer not null references sites on delete cascade,
        key text not null,                      -- the seed of its assignment; never changes
        definition text not null,               -- JSON: experiments/definition.py
        state text not null check (state in ('draft', 'running', 'paused', 'stopped', 'decided', 'archived')),
        version integer not null,               -- one more with every change: what a stale edit is told by
        created_at integer not null,
        started_at integer,                     -- the first start; pauses stand in the history
        stopped_at integer,
        decided_at integer,
        slots text not null default '[]',       -- JSON: [[start, end], …] of its group's line, in ten-thousandths
        decision text,                          -- JSON: decision, reason, who; null before
        cap text,                               -- JSON: caps of revenue metrics by key, frozen at the first look
        unique (site_id, key)
    ) strict;
    create table experiment_history (
        id integer primary key,
        experiment_id integer not null references experiments on delete cascade,
        at integer not null,
        who text not null,                      -- an e-mail, the name of a token, or 'command line'
        action text not null,                   -- experiments/register.py: ACTIONS
        detail text not null                    -- JSON: {field: [before, after]}, or what the action needs
    ) strict;
    create index experiment_history_of on experiment_history (experiment_id, id);
    create table experiment_epochs (
        experiment_id integer not null references experiments on delete cascade,
        epoch integer not null,                 -- from 0; another one when the weights change
        started_at integer not null,
        weights text not null,                  -- JSON: a list that adds up to 1
        primary key (experiment_id, epoch)
    ) strict, without rowid;

    create table exposures (                    -- the first exposure of each unit
        experiment_id integer not null,
        unit integer not null,
        variant integer not null,
        at integer not null,
        day integer not null,
        epoch integer not null,
        session_id integer not null,            -- the session it happened in
        multiple integer not null,              -- 1 when the unit was seen in another variant too
        device integer not null,                -- names, as in sessions
        browser integer not null,
        channel integer not null,
        country integer not null,
        seen_before integer not null,           -- 1 when the visitor was here on an earlier day: returning, which is SQL's
        primary key (experiment_id, unit)
    ) strict, without rowid;
    create table outcomes (                     -- of units with a value, seen in one variant only
        experiment_id integer not null,
        measure text not null,                  -- 'converted:purchase': collector/trials.py
        unit integer not null,
        variant integer not null,
        value integer not null,
        at integer not null,                    -- of the first event it counts
        primary key (experiment_id, measure, unit)
    ) strict, without rowid;
    create table exposure_days (
        experiment_id integer not null,
        segment text not null,
        value integer not null,
        epoch integer not null,
        day integer not null,
        variant integer not null,
        visitors integer not null,              -- those seen in one variant only
        multiple integer not null,              -- those seen in several, by their first
        primary key (experiment_id, segment, value, epoch, day, variant)
    ) strict, without rowid;
    create table outcome_days (
        experiment_id integer not null,
        segment text not null,
        value integer not null,
        epoch integer not null,
        day integer not null,
        variant integer not null,
        measure text not null,
        units integer not null,                 -- with a value
        total integer not null,
        squares_high integer not null,          -- the sum of squares is high * 2^40 + low: exact, where 64 bits are too few
        squares_low integer not null,
        primary key (experiment_id, segment, value, epoch, day, variant, measure)
    ) strict, without rowid;
    create table recounts (                     -- outcomes the loader is to count anew, from unit to unit
        experiment_id integer primary key,
        asked_at integer not null,
        after integer,                          -- the last unit that is done; null before the first
        units integer not null                  -- how many are done
    ) strict;
    create trigger experiments_gone after delete on experiments begin
        delete from exposures where experiment_id = old.id;
        delete from outcomes where experiment_id = old.id;
        delete from exposure_days where experiment_id = old.id;
        delete from outcome_days where experiment_id = old.id;
        delete from recounts where experiment_id = old.id;
    end;
    """)


@migrations()
def m005_tokens(db):
    db.executescript("""
    create table tokens (
        id integer primary key autoincrement,
        token_hash text not null unique,        -- SHA-256 of the token
        site_id integer not null references sites on delete cascade,
        name text not null,
        scopes text not null,                   -- collector/tokens.py: SCOPES, comma separated
        created_at integer not null,
        expires_at integer not null,
        used_at integer
    ) strict;
    """)


@migrations()
def m006_day_changes(db):
    db.executescript("""
    create table day_changes (                  -- so that an answer about a day may be kept: see kept.py
        site_id integer not null,
        day integer not null,
        changes integer not null,               -- only ever more
        primary key (site_id, day)
    ) strict, without rowid;
    -- those written are counted by the store, once for many; who deletes cannot forget to
    create trigger sessions_gone after delete on sessions begin
        insert into day_changes values (old.site_id, old.day, 1) on conflict do update set changes = changes + 1;
    end;
    """)


@migrations()
def m007_reviews(db):
    db.executescript("""
    create table experiment_reviews (           -- what reviewers said: added to, never changed
        id integer primary key,
        experiment_id integer not null references experiments on delete cascade,
        at integer not null,
        who text not null,
        kind text not null check (kind in ('comment', 'approval', 'objection')),
        text text not null,
        verdict text not null,                  -- what the page said at that moment
        visitors integer not null               -- and of how many visitors
    ) strict;
    create index experiment_reviews_of on experiment_reviews (experiment_id, id);
    create trigger experiment_reviews_stay before update on experiment_reviews begin
        select raise(abort, 'a review is never changed');
    end;
    create table experiment_links (             -- results shown without an account
        id integer primary key autoincrement,
        token_hash text not null unique,        -- SHA-256 of the link's token
        experiment_id integer not null references experiments on delete cascade,
        name text not null,                     -- for whom
        made_by text not null,
        created_at integer not null,
        expires_at integer not null,
        used_at integer
    ) strict;
    """)


@migrations()
def m008_completed_forms(db):
    """Who completed a form, in which order its fields are met, and what those who gave up did otherwise.

    What is stored already is counted from its events, as session.py counts.
    """
    db.executescript("""
    alter table session_forms add column completed integer not null default 0;  -- a goal was reached after its start
    alter table session_fields add column place integer not null default 0;     -- among the form's fields touched, from 1
    alter table form_days add column completions integer not null default 0;
    alter table form_days add column revenue integer not null default 0;        -- of sessions that completed it
    alter table field_days add column places integer not null default 0;
    alter table field_days add column completions integer not null default 0;   -- of those who went on from it
    -- sessions that abandoned the form (gone) or completed it (done): that touched the field, came back to it,
    -- corrected it, were refused in it
    alter table field_days add column gone integer not null default 0;
    alter table field_days add column gone_returned integer not null default 0;
    alter table field_days add column gone_corrected integer not null default 0;
    alter table field_days add column gone_refused integer not null default 0;
    alter table field_days add column done integer not null default 0;
    alter table field_days add column done_returned integer not null default 0;
    alter table field_days add column done_corrected integer not null default 0;
    alter table field_days add column done_refused integer not null default 0;

    with started as (
        select site_id, session_id, name as form, min(number) as number
        from events
        where (type = 5 and x in (2, 3, 4)) or (type = 6 and value is not null)
        group by site_id, session_id, name
    ),
    goal as (
        select site_id, session_id, max(number) as number
        from events
        where type in (1, 9) and y > 0 and (site_id, session_id) in (select site_id, session_id from started)
        group by site_id, session_id
    )
    update session_forms set completed = 1
    from started join goal using (site_id, session_id)
    where session_forms.site_id = started.site_id and session_forms.session_id = started.session_id
        and session_forms.form = started.form and goal.number > started.number;

    with touched as (
        select site_id, session_id, name as form, element as field,
               row_number() over (partition by site_id, session_id, name order by min(number)) as place
        from events
        where type = 6 and value is not null
        group by site_id, session_id, name, element
    )
    update session_fields set place = touched.place
    from touched
    where session_fields.site_id = touched.site_id and session_fields.session_id = touched.session_id
        and session_fields.form = touched.form and session_fields.field = touched.field;

    with total as (
        select form.site_id, session.day, form.form, count(*) as completions, sum(session.revenue) as revenue
        from session_forms as form
        join sessions as session on session.site_id = form.site_id and session.id = form.session_id
        where form.completed
        group by form.site_id, session.day, form.form
    )
    update form_days set completions = total.completions, revenue = total.revenue
    from total
    where form_days.site_id = total.site_id and form_days.day = total.day and form_days.form = total.form;

    with attempt as (
        select form.site_id, form.session_id, session.day, form.form, form.last_field, form.abandoned, form.completed
        from session_forms as form
        join sessions as session on session.site_id = form.site_id and session.id = form.session_id
    ),
    reached as (
        select attempt.site_id, day, form, field, place, abandoned, completed,
               last_field = field as left_here, returns > 0 as returned, corrections > 0 as corrected, errors > 0 as refused
        from session_fields join attempt using (site_id, session_id, form)
        where stays > 0 or last_field = field
        union all
        select site_id, day, form, last_field, 0, 1, completed, 1, 0, 0, 0
        from attempt
        where last_field > 0 and (site_id, session_id, form, last_field) not in
            (select site_id, session_id, form, field from session_fields)
    ),
    total as (
        select site_id, day, form, field, count(*) as sessions, sum(place) as places,
               sum(completed and not left_here) as completions,
               sum(abandoned) as gone, sum(abandoned and returned) as gone_returned,
               sum(abandoned and corrected) as gone_corrected, sum(abandoned and refused) as gone_refused,
               sum(completed and not abandoned) as done, sum(completed and not abandoned and returned) as done_returned,
               sum(completed and not abandoned and corrected) as done_corrected,
               sum(completed and not abandoned and refused) as done_refused
        from reached
        group by site_id, day, form, field
    )
    update field_days set
        sessions = total.sessions, places = total.places, completions = total.completions, gone = total.gone,
        gone_returned = total.gone_returned, gone_corrected = total.gone_corrected, gone_refused = total.gone_refused,
        done = total.done, done_returned = total.done_returned, done_corrected = total.done_corrected,
        done_refused = total.done_refused
    from total
    where field_days.site_id = total.site_id and field_days.day = total.day
        and field_days.form = total.form and field_days.field = total.field;
    """)
