"""The SQLite store: connections with their pragmas, questions from .sql files, the loader's one transaction."""

import functools
import json
import re
import threading
from collections import namedtuple
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from queue import Empty, LifoQueue

import pysqlite3 as sqlite3

from collector.storage.changes import SHRINKING, TABLES
from collector.storage.kept import Kept

ROOT = Path(__file__).resolve().parents[2]
OLDEST_SAFE = (3, 51, 3)  # before it: the WAL-reset corruption bug
READERS = 4
MANY = 50  # rows that one statement puts in; the widest table has 39 columns, and a statement takes 32,766 values
WRITER_CACHE_KB = 8192
PRAGMAS = ("journal_mode=wal", "synchronous=normal", "foreign_keys=on", "trusted_schema=off",
           "cell_size_check=on", "mmap_size=0", "secure_delete=on", "temp_store=memory",
           "journal_size_limit=16777216")

# pysqlite3 looks for a way to adapt every None and bytes, in vain and for up to 2 µs each; a third of an event's
# columns are None. With a way to take them as they are, written in C, inserting an event takes half the time.
sqlite3.register_adapter(type(None), {}.get)
sqlite3.register_adapter(bytes, bytes)


class StoreError(Exception):
    """The database cannot be used; the message says why and what to do."""


class StoreBusy(StoreError):
    """Locked, full or read-only for the moment: the same write may go through later."""


class StoreDamaged(StoreError):
    """The file is no sound database any more."""


class SqliteStore:
    Error = sqlite3.Error  # what any call may raise when the disk or the file is at fault

    def __init__(self, path, read_only=False):
        if sqlite3.sqlite_version_info < OLDEST_SAFE:
            raise StoreError(f"SQLite {sqlite3.sqlite_version} has a corruption bug; 3.51.3 or later is needed")
        self.path = Path(path)
        self.read_only = read_only
        self.kept = Kept()  # for questions whose answers are worth keeping: their askers say so
        self._idle = LifoQueue()
        self._writing = threading.Lock()
        self._writer = None

    # -- questions

    def ask(self, question, filters="", columns=(), **values):
        """Rows of the question in <room>/sql/<name>.sql, as named tuples: all their columns, or these only, which is sooner.

        `question` is "room/name"; `filters` is SQL put in at the file's /*filters*/
        comment, with its values among `values`. Where it has the comment /*room/name*/, that
        other question, or piece of one, stands in its place.
        """
        with self._reader() as connection:
            return _rows(connection, question, filters, columns, **values)

    @contextmanager
    def at_once(self):
        """A function that asks as ask() does, but always of the store as it was at the first question, whatever is written meanwhile:
        `with store.at_once() as ask:`. Not for long: the log of writes only grows until then.
        """
        with self._reader() as connection:
            connection.execute("begin")
            try:
                yield functools.partial(_rows, connection)
            finally:
                if connection.in_transaction:  # an error may have ended it
                    connection.execute("rollback")

    @contextmanager
    def _reader(self):
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        except sqlite3.DatabaseError:
            connection.close()  # one that met an I/O error is not used again
            raise
        if self._idle.qsize() < READERS:
            self._idle.put(connection)
        else:
            connection.close()

    # -- the loader's writing

    def write(self, changes, positions):
        """One transaction: the rows of `changes`, and how far the spool is read. All of it or nothing.

        `positions` is {segment: offset}; a segment left out is forgotten; None leaves
        them as they are. It is on the disk, synced, when this returns. Raises
        StoreBusy when the same may be tried again, StoreDamaged when not.
        """
        with self._writing:
            try:
                self._writer = self._writer or self._connect("synchronous=full", f"cache_size=-{WRITER_CACHE_KB}")
                self._write(self._writer, changes, positions)
            except BaseException as error:
                self._drop_writer()
                meaning = what_it_means(error)
                if meaning:
                    raise meaning from error
                raise

    def _write(self, connection, changes, positions):
        connection.execute("begin immediate")
        for table, (columns, rows) in changes.gone.items():
            where = " and ".join(f"{column} = ?" for column in columns)
            connection.executemany(f"delete from {table} where {where}", rows)
        for table, rows in (*changes.rows.items(), ("day_changes", changes.days())):
            if rows:
                _put_in(connection, table, rows)
                _take_out_empty(connection, table, rows)
        connection.executemany("update sites set first_event_at = ? where id = ? and first_event_at is null",
                               changes.first_events)
        if positions is not None:
            _move(connection, positions)
        connection.execute("commit")

    def _drop_writer(self):
        """One that met an error is not used again; closing it rolls back."""
        writer, self._writer = self._writer, None
        if writer:
            writer.close()

    def empty_log(self):
        """Moves what the log of writes (WAL) holds into the file and empties it: what was deleted is in neither.

        Gives False while someone still reads what was.
        """
        connection = self._connect()
        try:
            return not connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        finally:
            connection.close()

    # -- small mutable facts

    @property
    def facts(self):
        """Sites, users, goals and other small tables, as a sqlite_utils Database on a connection of its own.

        Use it as `with store.facts as db:`; leaving commits or rolls back.
        """
        return self._facts()

    @contextmanager
    def _facts(self):
        from collector.storage.migrations import Database  # not above: the loader does without its 23 MB
        with self.transaction() as connection:
            yield Database(connection)

    @contextmanager
    def transaction(self):
        """A bare connection of its own, in a transaction: `with store.transaction() as connection:`."""
        connection = self._connect()
        try:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")
        finally:
            connection.close()  # what was not committed is rolled back

    def pending(self):
        """Whether migrate() has something to do."""
        from collector.storage.migrations import Database, migrations
        connection = self._connect()
        try:
            return bool(migrations.pending(Database(connection)))
        finally:
            connection.close()

    def migrate(self):
        """Brings the tables up to date. Called once, before a server starts, under a file lock."""
        from collector.storage.migrations import Database, migrations
        connection = self._connect()
        try:
            migrations.apply(Database(connection))
        finally:
            connection.close()

    # -- copies

    def check(self):
        """Raises StoreDamaged unless every page of the file is sound."""
        connection = self._plain()
        try:
            found = [text for text, in connection.execute("pragma integrity_check(3)")]
        except sqlite3.DatabaseError as error:
            found = [str(error)]
        finally:
            connection.close()
        if found != ["ok"]:
            raise StoreDamaged(f"{self.path.name} is damaged: {found[0]}")

    def copy_to(self, path):
        """Copies the database while it is in use, and checks the copy. Raises StoreError."""
        copy = SqliteStore(path)
        source, target = self._plain(), copy._plain()
        try:
            source.backup(target, pages=4096, sleep=0.01)
        except sqlite3.Error as error:
            raise what_it_means(error) or StoreError(f"the copy failed: {error}") from error
        finally:
            source.close()
            target.close()
        copy.check()
        copy.path.chmod(0o600)

    def _plain(self):
        """A connection that changes nothing about the file."""
        mode = "ro" if self.read_only else "rwc"
        return sqlite3.connect(f"file:{self.path}?mode={mode}", uri=True, isolation_level=None, timeout=5)

    def close(self):
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                break
        self._drop_writer()

    def _connect(self, *pragmas):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        mode = "?mode=ro" if self.read_only else ""
        connection = sqlite3.connect(f"file:{self.path}{mode}", uri=True, isolation_level=None,
                                     check_same_thread=False, timeout=5)
        for pragma in (*PRAGMAS, *pragmas):
            connection.execute(f"pragma {pragma}")
        return connection


def _rows(connection, question, filters="", columns=(), **values):
    sql = text_of(question)
    if filters:
        sql = sql.replace("/*filters*/", filters)
    if columns:
        sql = f"select {', '.join(columns)} from ({sql})"
    cursor = connection.execute(sql, values)
    row = _row_type(tuple(column[0] for column in cursor.description))
    return list(map(functools.partial(tuple.__new__, row), cursor))  # row._make is written in Python: several times slower


def _put_in(connection, name, rows):
    """Puts rows into their table, MANY by one statement: one by one takes a fifth longer."""
    rows = iter(rows)
    while some := list(islice(rows, MANY)):
        if len(some) == MANY:
            connection.execute(_statement(name, MANY), list(chain.from_iterable(some)))
        else:
            connection.executemany(_statement(name, 1), some)


@functools.cache
def _statement(name, count):
    """How so many rows of a table go in, by storage/changes.py."""
    table = TABLES[name]
    row = f"({', '.join('?' * len(table.columns))})"
    sql = f"insert into {name} ({', '.join(table.columns)}) values {', '.join([row] * count)}"
    if table.how == "insert":
        return sql
    grow = f"{{0}} = {name}.{{0}} + excluded.{{0}}" if table.how == "add" else "{0} = excluded.{0}"
    sets = ", ".join(grow.format(column) for column in table.others)
    return f"{sql} on conflict ({', '.join(table.key)}) do update set {sets}"


def _move(connection, positions):
    connection.execute("delete from positions where segment not in (select value from json_each(?))",
                       [json.dumps(list(positions))])
    connection.executemany("insert into positions values (?, ?) on conflict do update set offset = excluded.offset "
                           "where offset <> excluded.offset", positions.items())


def _take_out_empty(connection, name, rows):
    """Takes out rows that `rows` may have brought down to nothing."""
    if name in SHRINKING:
        key, others = TABLES[name].key, TABLES[name].others
        where = " and ".join([f"{column} = ?" for column in key] + [f"{column} = 0" for column in others])
        connection.executemany(f"delete from {name} where {where}",
                               [row[:len(key)] for row in rows if min(row[len(key):]) < 0])


def what_it_means(error):
    """The StoreError for an error of SQLite's, or None when it is our own mistake."""
    if isinstance(error, StoreError):
        return error
    code = getattr(error, "sqlite_errorcode", 0) & 0xff
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreDamaged(f"the database is damaged: {error}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY,
                sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return StoreBusy(f"the database cannot be written for the moment: {error}")
    return None


@functools.cache
def text_of(question):
    """The SQL of the question "room/name", with the questions and pieces that it names in comments put in."""
    room, name = question.split("/", 1)
    text = (ROOT / room / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    text = re.sub(r"^--.*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"/\*(\w+/\w+)\*/", lambda found: text_of(found[1]), text)


@functools.lru_cache(maxsize=256)
def _row_type(columns):
    return namedtuple("Row", columns)
