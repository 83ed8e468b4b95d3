from collector.storage.migrations.steps import migrations


@migrations()
def m007_reviews(db):
    db.executescript("""
    create table experiment_reviews (           -- what reviewers said: added to, never changed
        id integer primary key,
        experiment_id integer not null references experiments on delete cascade,
        at integer not null,
        who text not null,
        kind text not null check (kind in ('comment', 'approval', 'objection')),
        text text not null,
        verdict text not null,                  -- what the page said at that moment
        visitors integer not null               -- and of how many visitors
    ) strict;
    create index experiment_reviews_of on experiment_reviews (experiment_id, id);
    create trigger experiment_reviews_stay before update on experiment_reviews begin
        select raise(abort, 'a review is never changed');
    end;
    create table experiment_links (             -- results shown without an account
        id integer primary key autoincrement,
        token_hash text not null unique,        -- SHA-256 of the link's token
        experiment_id integer not null references experiments on delete cascade,
        name text not null,                     -- for whom
        made_by text not null,
        created_at integer not null,
        expires_at integer not null,
        used_at integer
    ) strict;
    """)
