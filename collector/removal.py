"""Takes everything collected for a site out of the store, after the site itself is gone, and its keys from the disk.

A little at a time, so that the loader never waits long. What a loader or a
server still wrote for a site in the moment it was deleted, or what was left
when this was interrupted, is found by sweep(), once an hour.
"""

from collector import visitor
from collector.storage.changes import TABLES

AT_ONCE = 20_000  # rows
BY_SESSION = {"sessions": "id", **{name: "session_id" for name, table in TABLES.items()
                                   if table.columns[:2] == ("site_id", "session_id")}}
OF_EXPERIMENTS = tuple(name for name, table in TABLES.items() if "experiment_id" in table.columns)
OF_JOURNEYS = tuple(name for name, table in TABLES.items() if "journey_id" in table.columns)
OTHERS = tuple(name for name, table in TABLES.items() if "site_id" in table.columns and name not in BY_SESSION)


def purge(store, site):
    """Deletes all rows and all keys of a site."""
    _purge_rows(store, site.id)
    purge_walks(store)
    visitor.destroy_keys(_keys(store), lambda key: key == site.key)


def purge_walks(store):
    """Deletes rows of journeys that are no more."""
    for table in OF_JOURNEYS:
        journey = -1
        while (journey := _next_journey(store, table, journey)) is not None:
            while _some_walks(store, table, journey):
                pass


def sweep(store):
    """Deletes rows and keys of sites, and rows of experiments and journeys, that are no more."""
    for row in store.ask("collector/orphans"):
        _purge_rows(store, row.site_id)
    for table in OF_EXPERIMENTS:
        _purge_lost(store, table)
    purge_walks(store)
    visitor.destroy_keys(_keys(store), lambda key: not store.ask("collector/site", key=key))


def _keys(store):
    return store.path.parent / "keys"


def _purge_rows(store, site_id):
    for table, column in BY_SESSION.items():
        while _some(store, table, column, site_id):
            pass
    with store.transaction() as connection:
        for table in OTHERS:
            connection.execute(f"delete from {table} where site_id = ?", [site_id])


def _purge_lost(store, table):
    """Deletes what a loader still wrote for an experiment in the moment it was deleted."""
    with store.transaction() as connection:
        experiment = -1
        while experiment is not None:  # from one number to the next: a scan would read millions of rows
            experiment, = connection.execute(f"select min(experiment_id) from {table} where experiment_id > ?",
                                             [experiment]).fetchone()
            connection.execute(f"delete from {table} where experiment_id = ? and not exists "
                               "(select 1 from experiments where id = ?)", [experiment, experiment])


def _some(store, table, column, site_id):
    """Deletes the next rows of a site; whether there may be more."""
    with store.transaction() as connection:
        last = connection.execute(f"select {column} from {table} where site_id = ? order by {column} limit 1 offset ?",
                                  [site_id, AT_ONCE]).fetchone()
        connection.execute(f"delete from {table} where site_id = ? and {column} <= ?",
                           [site_id, last[0] if last else 2**63 - 1])
    return last is not None


def _next_journey(store, table, journey):
    """The next number above `journey` that has rows and is no journey, or None."""
    with store.transaction() as connection:
        while journey is not None:
            journey, = connection.execute(f"select min(journey_id) from {table} where journey_id > ?", [journey]).fetchone()
            if journey is not None and not connection.execute("select 1 from journeys where id = ?", [journey]).fetchone():
                return journey
    return None


def _some_walks(store, table, journey):
    """Deletes the next rows of a journey; whether there may be more."""
    key = ", ".join(TABLES[table].key)
    with store.transaction() as connection:
        return connection.execute(f"delete from {table} where ({key}) in (select {key} from {table} where journey_id = ? limit ?)",
                                  [journey, AT_ONCE]).rowcount == AT_ONCE
