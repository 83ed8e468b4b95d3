"""A crash in the middle of a write: the same spool is read on, and written on beside."""

import os
import signal

import pytest

from collector import spool
from collector.spool import Received, Spool
from tests.fault.server import SITE, Server, message

pytestmark = pytest.mark.fault


def record(name):
    return Received(SITE, 1_795_000_000_000, 1, None, "", "", "", "", "", "", "", message(name))


def die_in_the_middle(directory, share):
    """A child appends ten records, then is killed when it has written `share` of the eleventh."""
    child = os.fork()
    if not child:
        writer = Spool(directory, reserve_bytes=0)
        for number in range(10):
            writer.append(record(f"whole-{number}"))
        real = os.pwrite

        def write_a_part_and_die(fd, data, at):
            real(fd, data[:int(len(data) * share)], at)
            os.kill(os.getpid(), signal.SIGKILL)

        os.pwrite = write_a_part_and_die
        writer.append(record("torn"))
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("share", [0.0, 0.01, 0.05, 0.5, 0.99])
def test_what_was_whole_is_read_and_the_torn_end_is_not(tmp_path, share):
    die_in_the_middle(tmp_path, share)
    records, position = spool.read(tmp_path, {})
    assert [each.body.split(b'"name": "')[1][:-4] for each in records] == [b"whole-%d" % number for number in range(10)]
    writer = Spool(tmp_path, reserve_bytes=0)
    writer.append(record("later"))
    later, position = spool.read(tmp_path, position)
    assert len(later) == 1
    dead, living = spool.segments(tmp_path)
    assert spool.finished(tmp_path, position) == [dead]
    writer.close()


def test_a_server_starts_on_such_a_spool_and_stores_what_was_acknowledged(tmp_path):
    server = Server(tmp_path)
    for share in (0.05, 0.5):
        die_in_the_middle(tmp_path / "spool", share)
    with server:
        server.wait_until_drained({f"whole-{number}" for number in range(10)})
        assert server.stored() == {f"whole-{number}": 1 for number in range(10)}
