from collector.storage.migrations.steps import migrations


@migrations()
def m026_no_totals_of_trails(db):
    """Ways of pages are counted from the columns of days (m025)."""
    db.execute("drop table trails")
