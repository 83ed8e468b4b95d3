"""The SQLite store: connections with their pragmas, questions from .sql files, the loader's one transaction."""

import functools
import re
import threading
from collections import namedtuple
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue

import pysqlite3 as sqlite3
from sqlite_utils import Database

from collector.storage.migrations import migrations

ROOT = Path(__file__).resolve().parents[2]
OLDEST_SAFE = (3, 51, 3)  # before it: the WAL-reset corruption bug
READERS = 4


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""


class SqliteStore:
    Error = sqlite3.Error  # what any call may raise when the disk or the file is at fault

    def __init__(self, path, read_only=False):
        if sqlite3.sqlite_version_info < OLDEST_SAFE:
            raise StoreError(f"SQLite {sqlite3.sqlite_version} has a corruption bug; 3.51.3 or later is needed")
        self.path = Path(path)
        self.read_only = read_only
        self._idle = LifoQueue()
        self._writing = threading.Lock()
        self._writer = None

    # -- questions

    def ask(self, question, filters="", **values):
        """Rows of the question in <room>/sql/<name>.sql, as named tuples.

        `question` is "room/name"; `filters` is SQL put in at the file's /*filters*/
        comment, with its values among `values`.
        """
        sql = _question(question).replace("/*filters*/", filters)
        with self._reader() as connection:
            cursor = connection.execute(sql, values)
            row = _row_type(tuple(column[0] for column in cursor.description))
            return [row._make(each) for each in cursor]

    @contextmanager
    def _reader(self):
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        except sqlite3.OperationalError:
            connection.close()  # one that met an I/O error is not used again
            raise
        if self._idle.qsize() < READERS:
            self._idle.put(connection)
        else:
            connection.close()

    # -- small mutable facts

    @property
    def facts(self):
        """Sites, users, goals and other small tables, as a sqlite_utils Database on a connection of its own.

        Use it as `with store.facts as db:`; leaving commits or rolls back.
        """
        return _Facts(self)

    def pending(self):
        """Whether migrate() has something to do."""
        connection = self._connect()
        try:
            return bool(migrations.pending(Database(connection)))
        finally:
            connection.close()

    def migrate(self):
        """Brings the tables up to date. Called once, before a server starts, under a file lock."""
        connection = self._connect()
        try:
            migrations.apply(Database(connection))
        finally:
            connection.close()

    def close(self):
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                break
        if self._writer:
            self._writer.close()
            self._writer = None

    def _connect(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        mode = "?mode=ro" if self.read_only else ""
        connection = sqlite3.connect(f"file:{self.path}{mode}", uri=True, isolation_level=None,
                                     check_same_thread=False, timeout=5)
        for pragma in ("journal_mode=wal", "synchronous=normal", "foreign_keys=on", "trusted_schema=off",
                       "cell_size_check=on", "mmap_size=0", "secure_delete=on", "temp_store=memory"):
            connection.execute(f"pragma {pragma}")
        return connection


class _Facts:
    def __init__(self, store):
        self._store = store

    def __enter__(self):
        self._connection = self._store._connect()
        self._connection.execute("begin immediate")
        return Database(self._connection)

    def __exit__(self, kind, error, trace):
        self._connection.execute("rollback" if kind else "commit")
        self._connection.close()


@functools.cache
def _question(question):
    room, name = question.split("/", 1)
    text = (ROOT / room / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)


@functools.lru_cache(maxsize=256)
def _row_type(columns):
    return namedtuple("Row", columns)
