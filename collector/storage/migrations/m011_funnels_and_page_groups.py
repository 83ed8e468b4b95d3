from collector.storage.migrations.steps import migrations


@migrations()
def m011_funnels_and_page_groups(db):
    db.executescript("""
    create table funnels (                      -- saved ones: journeys/funnels.py
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        key text not null,                      -- stands in addresses; never changes
        name text not null,
        definition text not null,               -- JSON: steps, order, window
        version integer not null default 1,     -- one more with each change
        unique (site_id, key)
    ) strict;
    create table page_groups (                  -- pages that belong together: collector/page_groups.py
        id integer primary key autoincrement,
        site_id integer not null references sites on delete cascade,
        name text not null,
        place integer not null,                 -- where it stands among them; the lower one wins between equals
        unique (site_id, name)
    ) strict;
    create table page_group_patterns (
        group_id integer not null references page_groups on delete cascade,
        pattern text not null,                  -- as the owner wrote it: '/shop/*'
        glob text not null,                     -- the same as SQLite's glob reads it
        weight integer not null,                -- how specific it is: the heaviest that fits a page wins
        primary key (group_id, pattern)
    ) strict, without rowid;
    -- the one group of every page, '' for none
    create view grouped_pages as
    select pages.site_id, pages.id as page, coalesce((
        select page_groups.name
        from page_groups
        join page_group_patterns on group_id = page_groups.id
        where page_groups.site_id = pages.site_id and pages.path glob glob
        order by weight desc, place, page_groups.id
        limit 1), '') as name
    from pages;
    """)
