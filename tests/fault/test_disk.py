"""No room, no writing, no file handles: 503 with Retry-After, what was acknowledged stays, reports answer, and it heals.

A small tmpfs stands for the disk where the tests may mount one (as root); where
they may not, limits on file size and handles make the same system calls fail.
"""

import errno
import multiprocessing
import resource
import subprocess
import time

import pytest

from collector import spool
from collector.spool import Received, Spool, SpoolFull
from tests.fault.server import Server, message, post, post_for_answer, wait_until

pytestmark = pytest.mark.fault


def mount(*arguments):
    return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=40m", "netiv-test", str(disk)):
        pytest.skip("only root may mount a small disk; test_limits_of_the_system runs everywhere")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(path):
    """Takes every byte that is left."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC


def refused(port):
    status, headers, text = post_for_answer(port, message("refused"))
    return status == 503 and int(headers["Retry-After"]) > 0 and '"server"' in text


@pytest.mark.parametrize("reserve", ["reserve kept", "to the last byte"])
def test_a_full_disk_refuses_keeps_answers_and_heals(small_disk, reserve):
    kept = {"NETIV_SPOOL_RESERVE": "0"} if reserve == "to the last byte" else {}
    with Server(small_disk / "data", **kept) as server:
        before = {f"before-{number}" for number in range(50)}
        assert {post(server.port, message(name)) for name in before} == {202}
        fill(small_disk / "filler")
        acknowledged = set()
        for number in range(2000):  # room made ahead may take some more
            if post(server.port, message(f"while-{number}")) != 202:
                break
            acknowledged.add(f"while-{number}")
        wait_until(lambda: refused(server.port), 5, "messages are refused")
        assert server.ask("select count(*) from sites") == [(1,)]
        time.sleep(1)
        fill(small_disk / "another")  # the loader goes on meanwhile, and makes some room
        wait_until(lambda: refused(server.port), 5, "messages are refused still")
        for filler in ("filler", "another"):
            (small_disk / filler).unlink()
        freed = time.monotonic()
        wait_until(lambda: post(server.port, message("after")) == 202, 10, "messages are taken again")
        server.wait_until_drained(before | acknowledged | {"after"}, 10 - (time.monotonic() - freed))
        assert set(server.stored().values()) == {1}


def test_a_read_only_spool_refuses_and_heals(tmp_path):
    server = Server(tmp_path)
    directory = tmp_path / "spool"
    directory.mkdir()
    if not (mount("--bind", str(directory), str(directory)) and mount("-o", "remount,bind,ro", str(directory))):
        pytest.skip("only root may mount a directory read-only")
    try:
        server.start()
        assert refused(server.port)
        assert server.ask("select count(*) from sites") == [(1,)]
        assert mount("-o", "remount,bind,rw", str(directory))
        wait_until(lambda: post(server.port, message("after")) == 202, 10, "messages are taken again")
        server.wait_until_drained({"after"}, 10)
        assert server.stored() == {"after": 1}
    finally:
        server.stop()
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


# -- the same by limits of the system, in a child process

def received(number):
    return Received("guitars", number, number, None, "", "", "", "", "", "", "", b"x" * 2000)


def in_a_child(work, *arguments):
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=lambda: answers.put(work(*arguments)))
    child.start()
    answer = answers.get(timeout=30)
    child.join()
    return answer


def write_over_a_limit(directory, limit, tight, wide):
    """(numbers acknowledged while tight, refused while tight, taken after) under a resource limit."""
    writer = Spool(directory, reserve_bytes=0)
    resource.setrlimit(limit, (tight(), resource.getrlimit(limit)[1]))
    taken, refusals = [], 0
    for number in range(400):
        try:
            writer.append(received(number))
            taken.append(number)
        except SpoolFull:
            refusals += 1
            break
    for number in range(1000, 1010):
        try:
            writer.append(received(number))
            taken.append(number)
        except SpoolFull:
            refusals += 1
    resource.setrlimit(limit, (wide, resource.getrlimit(limit)[1]))
    writer.append(received(5000))
    writer.close()
    return taken, refusals


def test_a_limit_on_file_size_refuses_and_heals(tmp_path):
    """EFBIG comes in the middle of a write, as ENOSPC does."""
    wide = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    taken, refusals = in_a_child(write_over_a_limit, tmp_path, resource.RLIMIT_FSIZE, lambda: 300_001, wide)
    assert refusals
    assert {each.received_at for each in spool.read(tmp_path, {})[0]} == {*taken, 5000}


def test_no_file_handles_refuse_and_heal(tmp_path):
    wide = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    taken, refusals = in_a_child(write_over_a_limit, tmp_path, resource.RLIMIT_NOFILE, lambda: 3, wide)
    assert taken == [] and refusals == 11
    assert [each.received_at for each in spool.read(tmp_path, {})[0]] == [5000]
