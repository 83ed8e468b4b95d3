from collector.storage.migrations.steps import migrations


@migrations()
def m017_versions_of_pain_points(db):
    db.execute("alter table pain_points add column version integer not null default 1")  # against stale edits
