"""How fast the loader drains a spool that waits for it, beside what SQLite alone takes for the same rows; and the memory it holds.

    python -m bench.loader [EVENTS]      half a minute; writes bench/results/loader.json

Messages as bench/people.py makes them, about eight events each, three days of
a large site; sessions and all totals are kept. The loader runs in a process of its own. The ceiling is
measured right after it in another: every row the loader left behind, read from its file, is written into an
empty file of the same schema, in as many transactions.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

from bench.people import People
from collector import loader, sites, spool
from collector.prepare import prepare
from collector.storage import open_store

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench/results/loader.json"
UNTIL = 1795500000000
WRITTEN = ("names", "pages", "events", "sessions", "session_pages", "session_forms", "session_fields", "seen", "orders", "visitor_days",
           "hours", "session_days", "page_days", "event_days", "form_days", "field_days")


def main(events=400_000):
    with tempfile.TemporaryDirectory() as data_dir:
        store = prepare(data_dir)
        site = sites.add(store, "Big shop", "big.example", key="big")
        store.close()
        print(f"writing a spool of {events:,} events", file=sys.stderr)
        write_spool(Path(data_dir) / "spool", People(site, events, 3, UNTIL, pages_a_message=8).messages())
        print("draining it", file=sys.stderr)
        figures = _apart("--drain", data_dir)
        print("writing the same rows again", file=sys.stderr)
        figures |= _apart("--ceiling", data_dir, str(figures["transactions"]))
    figures["ratio"] = figures["ceiling_seconds"] / figures["seconds"]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


def _apart(*words):
    """What this module prints as JSON when it runs in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.loader", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def write_spool(directory, messages):
    """Finished segments, as the front leaves them, without its syncing."""
    directory.mkdir()
    encode = spool.msgspec.json.encode
    parts, size, number = [], 0, 0
    for received, batch, _ in messages:
        received.body = encode(batch)
        payload = spool.encode(received)
        parts.append(spool.HEADER.pack(len(payload), zlib.crc32(payload)) + payload)
        size += len(payload)
        if size >= spool.SEGMENT_BYTES:
            _segment(directory, number, parts)
            parts, size, number = [], 0, number + 1
    _segment(directory, number, parts)


def _segment(directory, number, parts):
    (directory / f"{UNTIL + number:013d}-1-{number:06d}.spool").write_bytes(b"".join(parts))


def drain(data_dir):
    """One JSON object on standard output."""
    store = open_store(data_dir)
    loader.collect_rarely()
    draining = loader.Loader(store, Path(data_dir) / "spool")
    write, transactions = draining.write, []
    draining.write = lambda *values: (transactions.append(1), write(*values))
    began, worked = time.perf_counter(), time.process_time()
    messages = draining.drain()
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    with store.transaction() as connection:
        events, = connection.execute("select count(*) from events").fetchone()
    store.close()
    print(json.dumps({"events": events, "messages": messages, "transactions": len(transactions), "seconds": seconds, "events_per_second": events / seconds,
                      "events_per_processor_second": events / worked,
                      "memory_mb": most_memory()}, indent=2))


def ceiling(data_dir, transactions):
    """One JSON object: seconds in which SQLite writes the rows of the drained file into an empty one."""
    store = open_store(data_dir)
    with store.transaction() as connection:
        columns = {table: [row[1] for row in connection.execute(f"pragma table_info({table})")] for table in WRITTEN}  # no generated ones
        rows = {table: connection.execute(f"select {', '.join(columns[table])} from {table}").fetchall() for table in WRITTEN}
    store.close()
    with tempfile.TemporaryDirectory() as directory:
        empty = prepare(directory)
        began = time.perf_counter()
        with empty.transaction() as connection:
            for turn in range(transactions):
                for table, found in rows.items():
                    part = found[len(found) * turn // transactions:len(found) * (turn + 1) // transactions]
                    if part:
                        connection.executemany(f"insert or replace into {table} ({', '.join(columns[table])}) "
                                               f"values ({', '.join('?' * len(part[0]))})", part)
                connection.execute("commit")
                connection.execute("begin immediate")
        seconds = time.perf_counter() - began
        empty.close()
    print(json.dumps({"ceiling_seconds": seconds, "rows": sum(map(len, rows.values()))}))


def most_memory():
    """Megabytes held at most. Not getrusage's figure: that begins with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000


if __name__ == "__main__":
    if sys.argv[1:2] == ["--drain"]:
        drain(sys.argv[2])
    elif sys.argv[1:2] == ["--ceiling"]:
        ceiling(sys.argv[2], int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
