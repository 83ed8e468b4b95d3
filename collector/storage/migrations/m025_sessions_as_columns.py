from collector.storage.migrations.steps import migrations


@migrations()
def m025_sessions_as_columns(db):
    """The sessions of each day as columns beside their rows. A day has none until a running server made them; its rows are read till then."""
    db.executescript("""
    create table day_columns (                  -- packed: collector/day_columns.py
        site_id integer not null, day integer not null, family text not null,
        name text not null, piece integer not null,
        packed blob not null,
        primary key (site_id, day, family, name, piece)
    ) strict, without rowid;
    create table column_days (                  -- of how many changes of the day (day_changes), and in which form, its columns are
        site_id integer not null, day integer not null,
        changes integer not null, form integer not null,
        primary key (site_id, day)
    ) strict, without rowid;
    drop trigger sessions_gone;
    create trigger sessions_gone after delete on sessions begin
        insert into day_changes values (old.site_id, old.day, 1) on conflict do update set changes = changes + 1;
        delete from day_columns where site_id = old.site_id and day = old.day;
        delete from column_days where site_id = old.site_id and day = old.day;
    end;
    """)
