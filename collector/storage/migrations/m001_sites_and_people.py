from collector.storage.migrations.steps import migrations


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
