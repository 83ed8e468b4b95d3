from collector.storage.migrations.steps import migrations


@migrations()
def m006_day_changes(db):
    db.executescript("""
    create table day_changes (                  -- so that an answer about a day may be kept: see kept.py
        site_id integer not null,
        day integer not null,
        changes integer not null,               -- only ever more
        primary key (site_id, day)
    ) strict, without rowid;
    -- those written are counted by the store, once for many; who deletes cannot forget to
    create trigger sessions_gone after delete on sessions begin
        insert into day_changes values (old.site_id, old.day, 1) on conflict do update set changes = changes + 1;
    end;
    """)
