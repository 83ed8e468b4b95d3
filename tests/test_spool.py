"""What the spool acknowledged is there, in order, once; what it did not is not in the way."""

import errno
import fcntl
import os
import threading

import pytest

from collector import spool
from collector.spool import Received, Spool, SpoolFull


def received(number, site="guitars", body=b"{}"):
    return Received(site, number, number, None, "IL", "Firefox", "131", "Linux", "desktop", "", "", body)


def numbers(records):
    return [each.received_at for each in records]


def last_bytes(directory):
    """Path of the only segment and where its last whole record ends."""
    name, = spool.segments(directory)
    _, positions = spool.read(directory, {})
    return directory / name, positions[name]


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def writer(directory):
    writer = Spool(directory, reserve_bytes=0)
    yield writer
    writer.close()


def test_what_was_appended_is_read_in_order_with_all_its_fields(writer, directory):
    for number in range(5):
        writer.append(received(number, body=b"x" * number))
    records, _ = spool.read(directory, {})
    assert records == [received(number, body=b"x" * number) for number in range(5)]


def test_reading_on_gives_only_what_is_new(writer, directory):
    writer.append(received(1))
    _, position = spool.read(directory, {})
    assert spool.read(directory, position)[0] == []
    writer.append(received(2))
    records, _ = spool.read(directory, position)
    assert numbers(records) == [2]


def test_reading_in_small_bites_gives_everything_once(writer, directory):
    for number in range(3000):
        writer.append(received(number, body=b"y" * 200))
    seen, position = [], {}
    while True:
        records, position = spool.read(directory, position, most_bytes=1 << 16)
        if not records:
            break
        seen += numbers(records)
    assert seen == list(range(3000))


def test_a_record_longer_than_the_bite_is_read(writer, directory):
    writer.append(received(1, body=b"z" * 500_000))
    records, _ = spool.read(directory, {}, most_bytes=1000)
    assert len(records[0].body) == 500_000


def test_two_writers_are_read_in_the_order_of_arrival(directory):
    first, second = Spool(directory, reserve_bytes=0), Spool(directory, reserve_bytes=0)
    for number in range(0, 2000, 2):
        first.append(received(number, body=b"a" * 300))
        second.append(received(number + 1, body=b"b"))
    seen, position = [], {}
    while True:
        records, position = spool.read(directory, position, most_bytes=1 << 17)
        if not records:
            break
        seen += numbers(records)
    first.close()
    second.close()
    assert seen == list(range(2000))


def test_a_long_backlog_is_read_in_order_and_no_record_much_more_than_once(directory, monkeypatch):
    writers = [Spool(directory, segment_bytes=20_000, reserve_bytes=0) for _ in range(2)]
    for number in range(1000):
        writers[number % 2].append(received(number, body=b"g" * 300))
    for writer in writers:
        writer.close()
    read, real = [], spool.decode
    monkeypatch.setattr(spool, "decode", lambda payload: (read.append(1), real(payload))[1])
    seen, position = [], {}
    while True:
        records, position = spool.read(directory, position, most_bytes=1 << 17)
        if not records:
            break
        seen += numbers(records)
    assert seen == list(range(1000))
    # beside each record once: the next of every segment, to know which of them comes first
    assert len(read) <= 1000 + 4 * len(spool.segments(directory))


def test_a_clock_set_back_does_not_stop_the_reader(writer, directory):
    for number in (5000, *range(1000)):
        writer.append(received(number, body=b"c" * 300))
    count, position = 0, {}
    while True:
        records, position = spool.read(directory, position, most_bytes=1 << 16)
        if not records:
            break
        count += len(records)
    assert count == 1001


def test_many_threads_share_few_syncs_and_all_is_there(writer, directory, monkeypatch):
    writes = []
    real = spool._Segment.append
    monkeypatch.setattr(spool._Segment, "append", lambda self, data: (writes.append(1), real(self, data)))
    threads = [threading.Thread(target=lambda start=start: [writer.append(received(start + i)) for i in range(50)])
               for start in range(0, 800, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records, _ = spool.read(directory, {})
    assert sorted(numbers(records)) == list(range(800))
    assert len(writes) < 800


@pytest.mark.parametrize("kept", [1, 7, 8, 20, -1])
def test_a_torn_last_record_is_passed_over(writer, directory, kept):
    writer.append(received(1))
    path, whole = last_bytes(directory)
    writer.append(received(2))
    os.truncate(path, whole + kept if kept > 0 else last_bytes(directory)[1] - 1)
    records, position = spool.read(directory, {})
    assert numbers(records) == [1]
    assert position == {path.name: whole}


def test_a_torn_write_into_the_room_made_ahead_is_passed_over_and_the_segment_can_go(writer, directory):
    writer.append(received(1))
    path, whole = last_bytes(directory)
    writer.append(received(2, body=b"d" * 5000))
    with open(path, "r+b") as file:
        file.seek(whole + 4096)
        file.write(bytes(2000))  # those sectors never reached the disk
    writer._segment.size = path.stat().st_size  # a crash does not tidy up
    writer.close()
    records, position = spool.read(directory, {})
    assert numbers(records) == [1]
    assert spool.finished(directory, position) == [path.name]


def test_a_record_being_written_this_moment_is_waited_for(writer, directory):
    writer.append(received(1))
    path, whole = last_bytes(directory)
    writer.append(received(2, body=b"e" * 5000))
    writer.append(received(3))
    with open(path, "r+b") as file:
        file.seek(whole + 4096)
        good = file.read(100)
        file.seek(whole + 4096)
        file.write(bytes(100))  # the reader is faster than the writer's copy
        file.flush()
        records, position = spool.read(directory, {})
        assert numbers(records) == [1]
        file.seek(whole + 4096)
        file.write(good)
    assert numbers(spool.read(directory, position)[0]) == [2, 3]


def test_segments_rotate_and_go_once_they_are_read_and_nobody_writes(directory):
    writer = Spool(directory, segment_bytes=2000, reserve_bytes=0)
    for number in range(30):
        writer.append(received(number, body=b"f" * 200))
    names = spool.segments(directory)
    assert len(names) > 2
    assert spool.finished(directory, {}) == []
    records, position = spool.read(directory, {})
    assert numbers(records) == list(range(30))
    done = spool.finished(directory, position)
    assert set(names) - set(done) <= {names[-1]}
    spool.remove(directory, done)
    writer.close()
    assert spool.read(directory, position)[0] == []


def test_a_segment_whose_writer_lives_is_not_finished(writer, directory):
    writer.append(received(1))
    _, position = spool.read(directory, {})
    assert spool.finished(directory, position) == []
    writer.close()
    assert len(spool.finished(directory, position)) == 1


def test_a_child_writes_a_segment_of_its_own(writer, directory):
    writer.append(received(1))
    child = os.fork()
    if not child:
        writer.append(received(2))
        os._exit(0)
    os.waitpid(child, 0)
    writer.append(received(3))
    assert len(spool.segments(directory)) == 2
    assert sorted(numbers(spool.read(directory, {})[0])) == [1, 2, 3]


def test_a_refused_write_leaves_nothing_and_the_next_one_is_taken(writer, directory, monkeypatch):
    writer.append(received(1))
    real, calls = os.pwrite, []

    def full_half_way(fd, data, at):
        calls.append(1)
        if len(calls) == 1:
            return real(fd, data[:len(data) // 2], at)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full_half_way)
    with pytest.raises(SpoolFull):
        writer.append(received(2))
    monkeypatch.undo()
    writer.append(received(3))
    records, _ = spool.read(directory, {})
    assert sorted(numbers(records)) == [1, 3]


def test_everyone_in_the_group_is_told_when_it_was_not_written(writer, monkeypatch):
    def broken(fd, data, at):
        raise OSError(errno.EIO, "I/O error")

    monkeypatch.setattr(os, "pwrite", broken)
    told = []

    def send(number):
        try:
            writer.append(received(number))
        except SpoolFull:
            told.append(number)

    threads = [threading.Thread(target=send, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(told) == list(range(12))


def test_some_room_is_left_for_the_loader(directory):
    writer = Spool(directory, reserve_bytes=1 << 62)
    directory.mkdir()
    disk = os.statvfs(directory)
    writer._leave_reserve(0)  # never more than a twentieth of the disk is held back
    with pytest.raises(OSError, match="full"):
        writer._room_at = None
        writer._leave_reserve(disk.f_blocks * disk.f_frsize)
    assert writer.writable()
    writer.close()


def test_an_old_segment_is_finished_even_when_nothing_comes(writer, directory, monkeypatch):
    writer.append(received(1))
    monkeypatch.setattr(spool, "SEGMENT_SECONDS", -1)
    writer.tidy()
    _, position = spool.read(directory, {})
    assert len(spool.finished(directory, position)) == 1


def test_files_are_for_the_owner_alone(writer, directory):
    writer.append(received(1))
    path, _ = last_bytes(directory)
    assert path.stat().st_mode & 0o777 == 0o600
    assert directory.stat().st_mode & 0o777 == 0o700


def test_the_oldest_waiting_record_is_known(writer, directory):
    assert spool.oldest(directory, {}) is None
    writer.append(received(7))
    assert spool.oldest(directory, {}) == 7
    assert spool.oldest(directory, spool.read(directory, {})[1]) is None


def test_a_writer_holds_a_lock_that_readers_respect(writer, directory):
    writer.append(received(1))
    path, _ = last_bytes(directory)
    with open(path, "rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
