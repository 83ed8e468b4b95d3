from collector.storage.migrations.steps import migrations


@migrations()
def m019_visitors_with_orders(db):
    """Whether a visitor had bought before is looked up for whoever consented or signed in within a session, too."""
    db.execute("drop index sessions_bought")
    db.execute("create index sessions_bought on sessions (site_id, coalesce(lasting, visitor_id), id) where purchases > 0")
