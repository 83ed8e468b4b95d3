"""Copies of the database while it is in use: made, checked, rotated, and put back.

Keys of the day and the secret are never in them, so a copy cannot link a visitor
to an address. DATA/backups holds netiv-<UTC time>.db.
"""

import os
import time
from pathlib import Path

from collector.storage import open_store
from collector.storage.sqlite import SqliteStore, StoreError

KEPT = 7


def make(data_dir, kept=KEPT):
    """Makes a checked copy and deletes the oldest beyond `kept`; gives its path. Raises StoreError."""
    data_dir = Path(data_dir)
    folder = data_dir / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"netiv-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.db"
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    store = open_store(data_dir)
    try:
        store.copy_to(unfinished)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    finally:
        store.close()
    os.replace(unfinished, path)
    for old in all_of(data_dir)[:-kept]:
        old.unlink()
    return path


def all_of(data_dir):
    """Paths of the backups, oldest first."""
    return sorted((Path(data_dir) / "backups").glob("netiv-*.db"))


def restore(data_dir, path):
    """Puts a backup in the database's place and keeps what stood there; gives its new path, or None.

    Nothing may have the database open: the caller holds the loader's lock and
    has stopped the server. Raises StoreError when the backup is damaged.
    """
    SqliteStore(path, read_only=True).check()
    aside = set_aside(data_dir, "replaced")
    SqliteStore(path).copy_to(Path(data_dir) / "netiv.db")
    return aside


def begin_anew(data_dir):
    """Sets a damaged database aside and begins a new one, from the newest good backup. Gives a sentence about it.

    The sentence is kept in DATA/damaged.txt too, for pages to show until
    someone deletes it.
    """
    data_dir = Path(data_dir)
    aside = set_aside(data_dir, "damaged")
    origin = next((path for path in reversed(all_of(data_dir)) if _put_back(data_dir, path)), None)
    store = open_store(data_dir)
    store.migrate()
    store.close()
    said = (f"The database was damaged and is kept as {aside.name}. "
            + (f"The one in use was restored from {origin.name}." if origin else "There was no backup; a new one was begun."))
    (data_dir / "damaged.txt").write_text(said + "\n", encoding="utf-8")
    return said


def set_aside(data_dir, why):
    """Renames the database and its companions; gives the new path, or None when there is none."""
    path = Path(data_dir) / "netiv.db"
    if not path.exists():
        return None
    aside = path.with_name(f"netiv-{why}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.db")
    for suffix in ("-wal", "-shm", ""):
        companion = Path(f"{path}{suffix}")
        if companion.exists():
            os.replace(companion, f"{aside}{suffix}")
    return aside


def _put_back(data_dir, path):
    try:
        SqliteStore(path, read_only=True).check()
        SqliteStore(path).copy_to(Path(data_dir) / "netiv.db")
        return True
    except StoreError:
        (Path(data_dir) / "netiv.db").unlink(missing_ok=True)
        return False
