"""Makes a data directory ready before any server starts: the folder, the secret, the tables up to date."""

import logging
import os
import secrets
from pathlib import Path

from collector import backup
from collector.locks import locked
from collector.storage import open_store
from collector.storage.sqlite import StoreDamaged, StoreError, what_it_means

log = logging.getLogger("netiv")


def prepare(data_dir):
    """The store of a data directory, made where there is none. Only this user may read it afterwards.

    Several may start at once: one brings the tables up to date while the others
    wait. A backup is made first where there is something to lose. A damaged
    database is set aside for the last good backup, or for a new beginning.
    Raises OSError or StoreError.
    """
    data_dir = Path(data_dir)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    data_dir.chmod(0o700)
    with locked(data_dir / "migrate.lock"):
        _make_secret(data_dir / "secret")
        store = open_store(data_dir)
        try:
            _bring_up_to_date(store, data_dir)
        except (store.Error, StoreError) as error:
            meaning = error if isinstance(error, StoreError) else what_it_means(error)
            if not isinstance(meaning, StoreDamaged):
                raise meaning or error
            store.close()
            log.critical("%s", backup.begin_anew(data_dir))
    return store


def _bring_up_to_date(store, data_dir):
    if store.path.exists() and store.path.stat().st_size and store.pending():
        backup.make(data_dir)
    store.migrate()


def secret(data_dir):
    """The secret with which this installation signs; "" when there is none."""
    try:
        return (data_dir / "secret").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _make_secret(path):
    """Writes 256 random bits where there is no secret yet; never over one."""
    try:
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
