from collector.storage.migrations.steps import migrations

FLAGS = "forward skips backs returns leaves troubled".split()


@migrations()
def m009_journeys(db):
    """Journeys of sites, and what the loader keeps of how sessions walk through them.

    Stages and touchpoints are the numbers of their definition; stage 0 is none.
    What the loader writes references nothing: it must not fail over a journey
    deleted a moment ago. Totals go with their journey by a trigger; rows of
    sessions are too many for one transaction, removal.py takes them a few at a time.
    """
    counts = ",\n        ".join(f"{name} integer not null" for name in (
        *FLAGS, "converted", "revenue", "entered", *(f"entered_{name}" for name in (*FLAGS, "converted", "revenue"))))
    db.executescript("""
    create table journeys (
        id integer primary key autoincrement,   -- never given again
        site_id integer not null references sites on delete cascade,
        key text not null,
        definition text not null,               -- JSON: collector/stages.py
        version integer not null,               -- one more with every change: what a stale edit is told by
        last_number integer not null,           -- of stages and touchpoints that ever were
        created_at integer not null,
        changed_at integer not null,
        confirmed_at integer,                   -- null: a guess that nobody has looked at
        unique (site_id, key)
    ) strict;
    create table journey_history (
        id integer primary key,
        journey_id integer not null references journeys on delete cascade,
        at integer not null,
        who text not null,                      -- an e-mail, or 'command line', or 'guess'
        version integer not null,
        definition text not null                -- as it was from then on
    ) strict;
    create index journey_history_of on journey_history (journey_id, version);

    create table session_touchpoints (          -- the touchpoints a session met: touchpoint_days before they are added up
        journey_id integer not null,
        session_id integer not null,
        touchpoint integer not null,
        stage integer not null,
        times integer not null,
        engaged_ms integer not null,            -- on its pages
        rage integer not null, dead integer not null, error_clicks integer not null,
        errors integer not null,                -- of scripts
        slow integer not null,                  -- page views whose largest paint came late
        form_errors integer not null,
        moved integer not null,                 -- bits: 1 << kind of each move to another stage made from here; 64: any trouble
        entered integer not null,               -- 1 when the session entered the stage here, so once a stage
        stage_moved integer not null,           -- where it entered: the bits of the whole stage; else 0
        converted integer not null,             -- a goal was reached then or later in the session
        revenue integer not null,               -- then or later in the session
        primary key (journey_id, session_id, touchpoint)
    ) strict, without rowid;
    create table session_moves (
        journey_id integer not null,
        session_id integer not null,
        from_stage integer not null,            -- 0: entered
        to_stage integer not null,              -- 0: left; of a return, the first stage of the visitor's next session
        kind integer not null,                  -- collector/matcher.py: MOVES
        bought integer not null,                -- of the entry: what the visitor had done before, collector/walk_rows.py: past
        primary key (journey_id, session_id, from_stage, to_stage, kind)
    ) strict, without rowid;
    create table touchpoint_days (              -- counts are of sessions but for times to form_errors
        journey_id integer not null, day integer not null, stage integer not null, touchpoint integer not null,
        sessions integer not null, times integer not null, engaged_ms integer not null,
        rage integer not null, dead integer not null, error_clicks integer not null, errors integer not null,
        slow integer not null, form_errors integer not null,
        {counts},
        primary key (journey_id, day, stage, touchpoint)
    ) strict, without rowid;
    create table move_days (
        journey_id integer not null, day integer not null,
        from_stage integer not null, to_stage integer not null, kind integer not null,
        sessions integer not null,
        primary key (journey_id, day, from_stage, to_stage, kind)
    ) strict, without rowid;
    create table walk_days (                    -- up to where the walks of a day are right
        journey_id integer not null,
        day integer not null,
        changes integer not null,               -- of day_changes, when they were made
        stamp integer not null,                 -- of the rules they were made by: collector/walks.py
        closed integer not null,                -- 1: sessions of the day are gone, so it stays as it is
        written integer not null,               -- how often rows of the day were written: only ever more
        primary key (journey_id, day)
    ) strict, without rowid;
    create table walk_wishes (                  -- journeys whose past is to be done without rests
        journey_id integer primary key,
        asked_at integer not null
    ) strict;
    create trigger journeys_gone after delete on journeys begin
        delete from touchpoint_days where journey_id = old.id;
        delete from move_days where journey_id = old.id;
        delete from walk_days where journey_id = old.id;
        delete from walk_wishes where journey_id = old.id;
    end;
    -- days from before day_changes was there
    insert into day_changes select site_id, day, 1 from hours where true group by site_id, day on conflict do nothing;
    """.replace("{counts}", counts))
