from collector.storage.migrations.steps import migrations


@migrations()
def m021_walks_as_columns(db):
    """The walks of each day as columns beside their rows. Days walked through before have none until they are walked through again."""
    db.executescript("""
    create table walk_columns (                 -- packed: collector/walk_columns.py
        journey_id integer not null, day integer not null,
        ids blob not null,                      -- of sessions
        people blob not null, ways blob not null, meetings blob not null,
        lasting blob not null,                  -- ids of visitors
        met blob not null, engaged blob not null,
        more_of blob not null, more_what blob not null, more blob not null,
        kinds blob not null, moves blob not null, steps blob not null,
        trails blob not null,                   -- of the ways: as session_moves.trail, a line each
        primary key (journey_id, day)
    ) strict;
    create table walk_ends (                    -- of each of those sessions: whether the visitor came again, and into which stage
        journey_id integer not null, day integer not null,
        ends blob not null,
        primary key (journey_id, day)
    ) strict;
    drop trigger journeys_gone;
    create trigger journeys_gone after delete on journeys begin
        delete from touchpoint_days where journey_id = old.id;
        delete from touchpoint_visitors where journey_id = old.id;
        delete from move_days where journey_id = old.id;
        delete from stage_trails where journey_id = old.id;
        delete from walk_columns where journey_id = old.id;
        delete from walk_ends where journey_id = old.id;
        delete from walk_days where journey_id = old.id;
        delete from walk_wishes where journey_id = old.id;
    end;
    """)
