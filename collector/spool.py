"""The spool: what was acknowledged and is not yet in the store. Appended and synced in groups, read on from a position.

DATA/spool holds segments named <created_ms>-<pid>-<number>.spool, so names sort
by time. One process appends to a segment and holds a lock on it for as long as
it may; a segment without a lock is finished and never grows again. A record is
its length and CRC-32 (little-endian u32 each) and a msgpack Received. A last
record that was torn by a crash fails its CRC, was never acknowledged, and is
passed over. What the records mean is the loader's matter.
"""

import errno
import fcntl
import heapq
import itertools
import os
import struct
import threading
import time
import zlib
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec import Struct

SEGMENT_BYTES = 16 << 20
SEGMENT_SECONDS = 600  # an older segment is finished, so that nothing lies here for long
LONGEST_RECORD = 2 << 20
RESERVE_BYTES = 32 << 20  # left free on the disk, so that the loader can still commit and make room
PREPARED_BYTES = 256 << 10
ROOM_SECONDS = 0.25  # how long one look at the free space is good for
HEADER = struct.Struct("<II")


class SpoolFull(Exception):
    """The disk takes no more (full, read-only, no file handle): the sender has to come again later."""


class Received(Struct, array_like=True, gc=False):
    """One message as it arrived, with all that is kept of its sender."""

    site: str  # public key of the site
    received_at: int
    visitor: int  # 64 bits, signed; 0 when the sender opted out
    previous: int | None  # the id this visitor may have had a moment ago: yesterday's key, or before consent
    country: str
    browser: str
    browser_version: str
    os: str
    device: str
    bot: str  # why it is taken for a bot, or ""
    opt_out: str  # "gpc", "dnt" or ""
    body: bytes  # the JSON as sent; message.parse reads it


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Received).decode


class Spool:
    """The writing side, shared by the threads of one process; after a fork each process opens its own segment."""

    def __init__(self, directory, segment_bytes=SEGMENT_BYTES, reserve_bytes=RESERVE_BYTES):
        self.directory = Path(directory)
        self._segment_bytes = segment_bytes
        self._reserve_bytes = reserve_bytes
        self._number = itertools.count(1)
        self._segment = None
        self._start()
        os.register_at_fork(after_in_child=self._start)

    def _start(self):
        if self._segment:
            os.close(self._segment.fd)
        self._joining = threading.Lock()
        self._writing = threading.Lock()
        self._group = _Group()
        self._segment = None
        self._room_at = None

    def append(self, received):
        """Gives back once the record is on the disk, synced. Raises SpoolFull.

        The first thread of a group writes and syncs for all that joined while
        it waited for the group before: one sync for many requests.
        """
        record = _record(received)
        with self._joining:
            group = self._group
            leads = not group.records
            group.records.append(record)
        if leads:
            try:
                with self._writing:
                    with self._joining:
                        self._group = _Group()
                    group.error = self._write(b"".join(group.records))
            finally:
                group.done.release()
        else:
            with group.done:  # one after the other wakes the next
                pass
        if group.error:
            raise SpoolFull(str(group.error)) from group.error

    def extend(self, many):
        """Appends in the order given, with one sync: for a program that fills, not for requests. Raises SpoolFull."""
        with self._writing:
            error = self._write(b"".join(map(_record, many)))
        if error:
            raise SpoolFull(str(error)) from error

    def _write(self, data):
        """Appends and syncs; gives the error back, having taken away whatever part of `data` was written."""
        try:
            self._leave_reserve(len(data))
            segment = self._segment or self._open()
            segment.append(data)
        except OSError as error:
            self._finish()
            return error
        if segment.size >= self._segment_bytes:
            self._finish()
        return None

    def _open(self):
        name = f"{time.time_ns() // 1_000_000:013d}-{os.getpid()}-{next(self._number):06d}.spool"
        self._segment = _Segment(self.directory, name)
        return self._segment

    def _leave_reserve(self, size):
        now = time.monotonic()
        if self._room_at and now - self._room_at < ROOM_SECONDS:
            return
        self._room_at = None
        try:
            disk = os.statvfs(self.directory)
        except FileNotFoundError:
            return  # the first segment makes it
        reserve = min(self._reserve_bytes, disk.f_blocks * disk.f_frsize // 20)
        if disk.f_bavail * disk.f_frsize < reserve + size:
            raise OSError(errno.ENOSPC, "the disk is all but full")
        self._room_at = now

    def _finish(self):
        """After an error too: a reader may have read what is taken away, so the segment is not grown again."""
        if self._segment:
            segment, self._segment = self._segment, None
            segment.finish()

    def writable(self):
        """Whether a record would be taken now."""
        if not self._writing.acquire(timeout=1):
            return False
        try:
            self._leave_reserve(0)
            return bool(self._segment or self._open())
        except OSError:
            return False
        finally:
            self._writing.release()

    def tidy(self):
        """Finishes a segment that stands open for long; called now and then by the keeper."""
        with self._writing:
            if self._segment and time.monotonic() - self._segment.opened > SEGMENT_SECONDS:
                self._finish()

    def close(self):
        with self._writing:
            self._finish()


def _record(received):
    payload = encode(received)
    return HEADER.pack(len(payload), zlib.crc32(payload)) + payload


class _Group:
    """Records that are synced together."""

    def __init__(self):
        self.records = []
        self.error = OSError("was not written")
        self.done = threading.Lock()
        self.done.acquire()


class _Segment:
    """A file being appended to, locked until it is finished. `size` is what was synced."""

    def __init__(self, directory, name):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = directory / name
        new = self.path.with_suffix(".new")  # readers look at it once it has its lock
        self.fd = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_DSYNC, 0o600)
        self.size = 0
        self._prepared = 0
        self.opened = time.monotonic()
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX)
            os.rename(new, self.path)
            sync_directory(directory)
        except OSError:
            os.close(self.fd)
            new.unlink(missing_ok=True)
            raise

    def append(self, data):
        """One system call, so one wait: O_DSYNC gives back when the data is on the disk.

        Zeros are written ahead, because a sync that need not change the
        length of the file takes half the time.
        """
        end = self.size + len(data)
        if end > self._prepared:
            _write_all(self.fd, bytes(end + PREPARED_BYTES - self.size), self.size)
            self._prepared = end + PREPARED_BYTES
        _write_all(self.fd, data, self.size)
        self.size = end

    def finish(self):
        try:
            if os.fstat(self.fd).st_size > self.size:
                os.ftruncate(self.fd, self.size)
            if not self.size:
                self.path.unlink(missing_ok=True)
        except OSError:
            pass  # read-only by now: the CRC tells readers where the whole records end
        finally:
            os.close(self.fd)


def _write_all(fd, data, at):
    written = os.pwrite(fd, data, at)
    while written < len(data):
        written += os.pwrite(fd, data[written:], at + written)


# -- the reading side


def read(directory, positions, most_bytes=4 << 20):
    """Records after the positions, in the order of their arrival, and the positions after them.

    Takes and gives {segment name: offset}; segments that are gone are left out
    of what it gives. About `most_bytes` are read at most. Stop when no records come.
    """
    after = {name: positions.get(name, 0) for name in segments(directory)}
    found, left = [], most_bytes
    # Of all segments the earliest next record: a visitor's messages keep their
    # order across the writers, and no segment is read further than is taken.
    for received, name, end in heapq.merge(*(_records(directory, *each) for each in after.items()), key=_arrival):
        found.append(received)
        left -= end - after[name]
        after[name] = end
        if left <= 0:
            break
    found.sort(key=attrgetter("received_at"))  # threads of one writer may have passed each other
    return found, after


def _arrival(record):
    return record[0].received_at


def _records(directory, name, offset):
    """Gives (Received, segment, offset after it) of the whole records after an offset, reading on as they are taken."""
    path = Path(directory) / name
    growing = _being_written(path)
    try:
        file = open(path, "rb", buffering=1 << 16)
    except FileNotFoundError:
        return
    with file:
        file.seek(offset)
        while len(header := file.read(HEADER.size)) == HEADER.size:
            length, crc = HEADER.unpack(header)
            payload = file.read(length) if length <= LONGEST_RECORD else b""
            if not length or len(payload) < length:
                return
            offset += HEADER.size + length
            if zlib.crc32(payload) == crc:
                yield decode(payload), name, offset
            elif growing:  # it is being written this moment; in a finished segment it is passed over
                return


def segments(directory):
    """Names of the segments, oldest first."""
    try:
        return sorted(name for name in os.listdir(directory) if name.endswith(".spool"))
    except FileNotFoundError:
        return []


def finished(directory, positions):
    """Names of segments that never grow again and of which every whole record lies before its position."""
    return [name for name in segments(directory)
            if not _being_written(Path(directory) / name) and not _next(directory, name, positions)]


def remove(directory, names):
    """Deletes segments. Only once their records are in the store *and the store is synced to the disk*."""
    for name in names:
        (Path(directory) / name).unlink(missing_ok=True)
    if names:
        sync_directory(directory)


def oldest(directory, positions):
    """When the oldest record arrived that lies after the positions, or None."""
    firsts = (_next(directory, name, positions) for name in segments(directory))
    return min((first[0].received_at for first in firsts if first), default=None)


def _next(directory, name, positions):
    return next(_records(directory, name, positions.get(name, 0)), None)


def _being_written(path):
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def sync_directory(directory):
    """A new name is only there after a power cut when its directory was synced."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
