from collector.storage.migrations.steps import migrations


@migrations()
def m010_maps(db):
    """Maps of a site's journeys, and what people wrote on them.

    Every site has a map before anybody wrote on it: its row is made with the
    first note. What was written is added to and never changed: the latest
    version of a note is what stands on the map.
    """
    db.executescript("""
    create table maps (
        id integer primary key autoincrement,   -- never given again
        site_id integer not null references sites on delete cascade,
        key text not null,                      -- of its address
        name text not null,
        journey text not null,                  -- the key of a journey of the site, '' its first
        segment text not null,                  -- filters as they stand in an address: 'device=mobile'; '' is everybody
        kind text not null check (kind in ('as is', 'to be')),
        base_id integer references maps on delete set null,  -- of one that should be: the map as it is
        created_at integer not null,
        looked_at integer not null,             -- when somebody last said, or showed by writing, that it is right
        version integer not null,               -- one more with every change: what a stale edit is told by
        unique (site_id, key)
    ) strict;
    create table map_notes (
        id integer primary key,
        map_id integer not null references maps on delete cascade,
        stage text not null,                    -- the key of a stage
        lane text not null                      -- journeys/notes.py: LANES
    ) strict;
    create index map_notes_of on map_notes (map_id, id);
    create table map_note_versions (            -- added to, never changed
        note_id integer not null references map_notes on delete cascade,
        version integer not null,               -- from 1; the latest is what stands on the map
        at integer not null,
        who text not null,
        text text not null,
        feeling integer check (feeling between -2 and 2),
        evidence_kind text not null check (evidence_kind in ('', 'report', 'session', 'answer', 'file')),
        evidence text not null,                 -- an address, or words that say where it is found
        gone integer not null,                  -- 1: from this version on it is not on the map any more
        primary key (note_id, version)
    ) strict, without rowid;
    create trigger map_note_versions_stay before update on map_note_versions begin
        select raise(abort, 'a version of a note is never changed');
    end;
    create table map_versions (                 -- whole maps as they were, with their numbers
        map_id integer not null references maps on delete cascade,
        number integer not null,                -- from 1
        at integer not null,
        who text not null,
        name text not null,                     -- what it was kept for
        snapshot text not null,                 -- JSON: journeys/boards.py
        primary key (map_id, number)
    ) strict, without rowid;
    create trigger map_versions_stay before update on map_versions begin
        select raise(abort, 'a kept version is never changed');
    end;
    """)
