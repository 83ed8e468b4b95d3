from collector.storage.migrations.steps import migrations


@migrations()
def m015_pain_points(db):
    db.executescript("""
    create table pain_points (                  -- what people took on to mend
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        key text not null,                      -- of what was found: journeys/detectors.py
        kind text not null,                     -- journeys/pain.py: KINDS
        page text not null,
        what text not null,
        label text not null,
        form text not null,
        title text not null,                    -- the owner's words, '' to say what was found
        status text not null check (status in ('open', 'doing', 'fixed', 'dismissed')),
        owner text not null,
        released_on text not null,              -- a date on the site's calendar, '' before
        experiment text not null,               -- key of one, '' without
        created_at integer not null,
        created_by text not null,
        unique (site_id, key)
    ) strict;
    create table pain_notes (                   -- added to, never changed
        id integer primary key,
        point_id integer not null references pain_points on delete cascade,
        at integer not null,
        who text not null,
        text text not null
    ) strict;
    create index pain_notes_of on pain_notes (point_id, id);
    """)
