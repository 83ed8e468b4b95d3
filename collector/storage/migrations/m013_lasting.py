from collector.storage.migrations.steps import migrations


@migrations()
def m013_lasting(db):
    """Which sessions are of a visitor who can be known again on another day, and by which id.

    Of sessions stored before, nobody can tell: to take for lasting whoever came
    back would leave only those who came back. So a site remembers since when it
    is known, and reports begin there.
    """
    db.executescript("""
    alter table sessions add column lasting integer;     -- the id, by consent or as the owner's customer; null: ends with its day
    alter table sites add column lasting_since integer;  -- UTC milliseconds; null: from the beginning
    update sites set lasting_since = unixepoch() * 1000 where exists (select 1 from sessions where site_id = sites.id);
    create index sessions_lasting on sessions (site_id, lasting, id, day, conversions, purchases, revenue) where lasting is not null;
    """)
