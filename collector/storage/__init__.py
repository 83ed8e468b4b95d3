"""Where everything is kept: four calls, one class a database.

    store = open_store(data_dir)
    store.write(changes, position)      the loader's, one transaction
    store.ask("journeys/pages", …)      a question in a .sql file, rows out
    store.facts                         sites, users, goals: a sqlite_utils Database
    store.migrate(); store.close()
"""

from pathlib import Path

from collector.storage.sqlite import SqliteStore, StoreError


def open_store(data_dir, read_only=False):
    """The store of a data directory. Takes its path; raises StoreError when it cannot be used."""
    return SqliteStore(Path(data_dir) / "netiv.db", read_only=read_only)
