"""Takes everything collected for a site out of the store, after the site itself is gone.

A little at a time, so that the loader never waits long. What a loader still
wrote for a site in the moment it was deleted, or what was left when this was
interrupted, is found by sweep(), once an hour.
"""

from collector.storage.changes import TABLES

AT_ONCE = 20_000  # rows
BY_SESSION = {"sessions": "id", **{name: "session_id" for name, table in TABLES.items()
                                   if table.columns[:2] == ("site_id", "session_id")}}
OTHERS = tuple(name for name, table in TABLES.items() if "site_id" in table.columns and name not in BY_SESSION)


def purge(store, site_id):
    """Deletes all rows of a site."""
    for table, column in BY_SESSION.items():
        while _some(store, table, column, site_id):
            pass
    with store.transaction() as connection:
        for table in OTHERS:
            connection.execute(f"delete from {table} where site_id = ?", [site_id])


def sweep(store):
    """Deletes rows of sites that are no more."""
    for row in store.ask("collector/orphans"):
        purge(store, row.site_id)


def _some(store, table, column, site_id):
    """Deletes the next rows of a site; whether there may be more."""
    with store.transaction() as connection:
        last = connection.execute(f"select {column} from {table} where site_id = ? order by {column} limit 1 offset ?",
                                  [site_id, AT_ONCE]).fetchone()
        connection.execute(f"delete from {table} where site_id = ? and {column} <= ?",
                           [site_id, last[0] if last else 2**63 - 1])
    return last is not None
