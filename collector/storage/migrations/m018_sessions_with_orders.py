from collector.storage.migrations.steps import migrations


@migrations()
def m018_sessions_with_orders(db):
    """Whether a visitor had bought before a session is looked up, however many sessions he had."""
    db.execute("create index sessions_bought on sessions (site_id, visitor_id, id) where purchases > 0")
