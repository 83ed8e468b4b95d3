from collector.storage.migrations.steps import migrations


@migrations()
def m020_visitors_and_trails_of_journeys(db):
    """Who met each touchpoint on a day, and the stages that sessions went through in their order.

    Of days walked through before there is neither until they are walked through again.
    """
    db.executescript("""
    create table touchpoint_visitors (
        journey_id integer not null, day integer not null, stage integer not null,
        touchpoint integer not null,            -- 0: any of the stage
        passing integer not null,               -- visitors who cannot be known again on another day
        lasting blob not null,                  -- ids of those who can, 8 bytes each: collector/walk_visitors.py
        primary key (journey_id, day, stage, touchpoint)
    ) strict;
    create table stage_trails (
        journey_id integer not null, day integer not null, trail text not null,
        sessions integer not null,
        primary key (journey_id, day, trail)
    ) strict, without rowid;
    alter table session_moves add column trail text not null default '';  -- of the entry: numbers of the stages in order, none twice running
    drop trigger journeys_gone;
    create trigger journeys_gone after delete on journeys begin
        delete from touchpoint_days where journey_id = old.id;
        delete from touchpoint_visitors where journey_id = old.id;
        delete from move_days where journey_id = old.id;
        delete from stage_trails where journey_id = old.id;
        delete from walk_days where journey_id = old.id;
        delete from walk_wishes where journey_id = old.id;
    end;
    """)
