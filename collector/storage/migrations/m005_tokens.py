from collector.storage.migrations.steps import migrations


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
