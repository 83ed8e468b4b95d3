from collector.storage.migrations.steps import migrations


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
