from collector.storage.migrations.steps import migrations


@migrations()
def m016_segments_and_personas(db):
    db.executescript("""
    create table segments (                     -- saved filters: added and removed, never changed
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        key text not null,                      -- as in an address: segment=<key>
        name text not null,
        filters text not null,                  -- JSON: {key: [values as typed]}
        created_at integer not null,
        made_by text not null,
        unique (site_id, key)
    ) strict;
    create table personas (                     -- what people wrote of a kind of visitor
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        segment text not null,                  -- key of the segment whose numbers stand beside it
        name text not null,
        profile text not null,                  -- JSON: {part of it: text}
        version integer not null,               -- against stale edits
        changed_at integer not null,
        changed_by text not null
    ) strict;
    """)
