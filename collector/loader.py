"""Drains the spool into the store, exactly once. What happens to a message on the way stands in policy.py.

One process does it, held by a file lock; the others wait to take over. Each
batch of messages becomes one transaction together with the position in the
spool, so a crash at any moment loses nothing and counts nothing twice. What is
kept in memory only saves time: after a restart the sessions are rebuilt from
their events, and the result is the same.

    python -m collector.loader DATA
"""

import gc
import logging
import os
import signal
import stat
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from collector import backup, cleanup, guess, message, recount, spool
from collector.day_work import DayWork
from collector.locks import is_free, locked
from collector.memory import Memory
from collector.policy import STEPS
from collector.storage import open_store
from collector.storage.changes import Changes
from collector.storage.sqlite import StoreBusy, StoreDamaged, StoreError, what_it_means
from collector.work import Arrival, Work

POLL_SECONDS = 0.1
REST_SECONDS = 2  # after the store could not be written
CLEAN_SECONDS = 3600
GUESS_SECONDS, GUESS_AGAIN_SECONDS = 2, 300
WISH = "loader.wish"  # locked by a command that waits for the loader's lock
BATCH_BYTES = 3 << 19  # of the spool in one transaction: half of it holds 10 MB less and stores a quarter less while requests come in

log = logging.getLogger("netiv.loader")


class Loader:
    """Reads a spool on and writes a store. One at a time: the caller holds the lock."""

    def __init__(self, store, directory):
        self.store, self.directory = store, directory
        self.memory = Memory(store)
        self.day_work = DayWork(store)  # done between drains

    def drain(self, batch_bytes=BATCH_BYTES):
        """Everything that lies in the spool; gives back how many messages it was. Raises StoreError.

        What comes meanwhile waits for the next time: many small transactions cost more than a few large ones.
        While there is always more, the work on whole days goes on between the batches.
        """
        count, taken = 0, batch_bytes
        positions = dict(self.store.ask("collector/positions"))
        while taken >= batch_bytes:
            received, after = spool.read(self.directory, positions, batch_bytes)
            if received:
                self.load(self.read(received), after)
            count += len(received)
            taken = sum(end - positions.get(name, 0) for name, end in after.items())
            positions = after
            if taken >= batch_bytes:
                self.day_work.turn(is_busy=True)
        spool.remove(self.directory, spool.finished(self.directory, positions))
        return count

    def read(self, records):
        """(Received, Batch, refused events) of records, passing over what is no message."""
        found = []
        for received in records:
            try:
                found.append((received, *message.parse(received.body)))
            except message.BadMessage as error:  # the front lets none through
                log.warning("a record of the spool is no message: %s", error)
        return found

    def load(self, messages, positions):
        """Messages, read already, into the store, together with the positions after them."""
        try:
            changes = self.take(messages)
        except (StoreError, self.store.Error):
            raise
        except Exception:
            log.exception("a batch cannot be taken as a whole; its messages are taken one by one")
            self.memory.forget()
            changes = self._take_one_by_one(messages)
        self.write(changes, positions)

    def take(self, messages):
        """The Changes that messages come to."""
        self.memory.look_at_sites(max((received.received_at for received, _, _ in messages), default=0))
        arrivals = [Arrival(self.memory.sites[received.site], received, batch, refused)
                    for received, batch, refused in messages if received.site in self.memory.sites]
        self.memory.recall(arrivals)
        work = Work(self.memory)
        for arrival in arrivals:
            work.pass_through(STEPS, arrival)
        return work.changes()

    def recount(self):
        """Counts the next units of an experiment anew, if that was asked for."""
        changes = recount.next_changes(self.memory)
        if changes:
            self.write(changes, None)

    def _take_one_by_one(self, messages):
        """So that one message which meets a mistake of ours cannot hold up all that come after it.

        Written before the position is: a crash in between delivers them again,
        and they are duplicates then.
        """
        positions = dict(self.store.ask("collector/positions"))
        for each in messages:
            try:
                self.write(self.take([each]), positions)
            except (StoreError, self.store.Error):
                raise
            except Exception as error:
                self.memory.forget()
                log.exception("a message of site %s is left out", each[0].site)
                self.write(self._failed(each, error), positions)
        return Changes()

    def _failed(self, each, error):
        received, batch, _ = each
        self.memory.look_at_sites(received.received_at)
        known = self.memory.sites[received.site]
        self.memory.turn_to(known, known.day_and_hour(received.received_at)[0])
        arrival, work = Arrival(known, received, batch), Work(self.memory)
        work.reject(arrival, "event", f"could not be taken ({type(error).__name__})", received.body)
        work.note(arrival, "rejected", len(batch.events))
        return work.changes()

    def write(self, changes, positions):
        try:
            self.store.write(changes, positions)
        except BaseException:
            self.memory.forget()
            raise
        self.memory.written()


def drain(store, directory):
    """Drains a spool directory into a store, in line; gives back how many messages it was."""
    return Loader(store, directory).drain()


# -- running by itself

class Runner:
    """Looks at the spool ten times a second and drains it, until it is told to stop or a command wishes to write."""

    def __init__(self, data_dir):
        self.data_dir = Path(data_dir)
        self.stopping = threading.Event()
        self._signs = None
        self._cleaned_at = self._guessed_at = self._guessed_again_at = 0
        self._open()

    def _open(self):
        self.store = open_store(self.data_dir)
        self.loader = Loader(self.store, self.data_dir / "spool")

    def run(self):
        while not self.stopping.wait(POLL_SECONDS) and is_free(self.data_dir / WISH):
            self.turn()
        self.turn()
        self.store.close()

    def turn(self):
        """Drains the spool when something is new in it. What the store cannot take now stays in the spool."""
        try:
            self._clean()  # first: on a full disk what comes after it fails, and this makes room
            signs, began = _signs(self.loader.directory), time.monotonic()
            if signs != self._signs:
                self.loader.drain()
                self._signs = signs
            is_busy = time.monotonic() - began > POLL_SECONDS  # at work for more than half of the time
            self.loader.recount()
            self._guess()
            self.loader.day_work.turn(is_busy)
        except (StoreError, self.store.Error, OSError) as error:
            meaning = what_it_means(error) or error
            self.loader.memory.forget()
            self.loader.day_work.forget()
            if isinstance(meaning, StoreDamaged):
                self._set_aside(meaning)
            elif isinstance(meaning, (StoreBusy, OSError)):
                log.error("the loader waits: %s", meaning)
                self.stopping.wait(REST_SECONDS)
            else:
                raise

    def _guess(self):
        now = time.time()
        if now - self._guessed_at >= GUESS_SECONDS:
            self._guessed_at = now
            again = now - self._guessed_again_at >= GUESS_AGAIN_SECONDS
            self._guessed_again_at = now if again else self._guessed_again_at
            guess.keep_up(self.store, int(now * 1000), again)

    def _clean(self):
        now = time.time()
        if now - self._cleaned_at >= CLEAN_SECONDS:
            self._cleaned_at = now
            cleanup.clean(self.store, int(now * 1000))

    def _set_aside(self, error):
        """A damaged file is kept under another name, and a new one begun from the last good backup."""
        self.store.close()
        log.critical("%s; it is set aside", error)
        log.critical("%s", backup.begin_anew(self.data_dir))
        self._signs = None
        self._open()

    def stop(self, *_):
        self.stopping.set()


def _signs(directory):
    """What differs when something may be new in the spool."""
    now = time.time_ns()
    try:
        return {entry.name: _sign(entry.stat(), now) for entry in os.scandir(directory)}
    except FileNotFoundError:
        return {}


def _sign(file, now):
    """Segments are lengthened ahead, so the time tells; it stands still for some milliseconds, so for a while we look anyway."""
    return file.st_size, file.st_mtime_ns, now if now - file.st_mtime_ns < 1_000_000_000 else 0


def _stop_with_server(runner):
    """The keeper holds the other end of our standard input: when it closes, the server is gone."""
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), runner.stop()), daemon=True).start()


def main(data_dir):
    """Waits for its turn, then drains until SIGTERM, SIGINT or the end of its server."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.INFO)
    with locked(Path(data_dir) / WISH):  # the file is the server's, whoever has wishes later
        pass
    with locked(Path(data_dir) / "loader.lock"):
        runner = Runner(data_dir)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, runner.stop)
        _stop_with_server(runner)
        collect_rarely()
        runner.run()


@contextmanager
def given_way(data_dir):
    """Holds the loader's lock. A running loader ends for it, and the one that its keeper starts instead waits: what comes meanwhile lies in the spool."""
    with ExitStack() as held:
        with locked(Path(data_dir) / WISH):  # until the lock is ours: the next loader would end for it again
            held.enter_context(locked(Path(data_dir) / "loader.lock"))
        yield


def collect_rarely():
    """A batch is many small objects and hardly a cycle: to look for cycles as often as usual took a sixth of the time."""
    gc.freeze()
    gc.set_threshold(200_000)


if __name__ == "__main__":
    main(sys.argv[1])
