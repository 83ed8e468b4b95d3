"""Whether events can come in and get on: for load balancers, monitors and the owner's own eyes."""

import time

import msgspec
from pysqlite3 import DatabaseError

from collector import spool
from collector.locks import is_free

FIELDS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


def answer(data_dir, writer, store):
    """(status, header fields, body): 200 while new events are taken, 503 while they are not.

    `lag_seconds` is the age of the oldest event that is not in the reports yet.
    """
    writable = writer.writable()
    body = {"status": "ok" if writable else "spool cannot be written", "spool": {"writable": writable},
            "loader": {"alive": not is_free(data_dir / "loader.lock"), "lag_seconds": _lag(data_dir, store)}}
    return (200 if writable else 503), FIELDS + ([] if writable else [("Retry-After", "5")]), msgspec.json.encode(body)


def _lag(data_dir, store):
    try:
        positions = {row.segment: row.offset for row in store.ask("collector/positions")}
    except DatabaseError:
        return None
    oldest = spool.oldest(data_dir / "spool", positions)
    return 0.0 if oldest is None else round(max(0.0, time.time() - oldest / 1000), 3)
