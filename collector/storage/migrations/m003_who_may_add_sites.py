from collector.storage.migrations.steps import migrations


@migrations()
def m003_who_may_add_sites(db):
    db.executescript("""
    alter table users add column may_add_sites integer not null default 0;
    """)
