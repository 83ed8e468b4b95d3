"""A visitor is erased while the server runs and the visit goes on: what was is gone, what comes after it is a visit of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fault.server import SITE, Senders, Server, message, post, wait_until

pytestmark = pytest.mark.fault


def test_who_is_here_right_now_is_erased_while_the_server_runs(tmp_path):
    data = tmp_path / "data"
    with Server(data) as server, Senders(server.port, pause=0.05) as senders:
        assert {post(server.port, message(name, "dana")) for name in ("here", "stays")} == {202}
        server.wait_until_drained({"here", "stays"})  # and in the loader's memory
        done = subprocess.run([Path(sys.executable).with_name("netiv"), "erase", SITE, "--customer", "dana", "--yes", "--data", data],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0 and "Erased 1 sessions with 2 events" in done.stdout, done.stdout + done.stderr
        before = len(senders.acknowledged)
        wait_until(lambda: len(senders.acknowledged) > before + 20, 20, "messages of others come still")
        senders.stop()
        assert post(server.port, message("again", "dana")) == 202
        server.wait_until_drained(senders.acknowledged | {"again"})
        stored = server.stored()
        assert stored.keys() == senders.acknowledged | {"again"} and set(stored.values()) == {1} and set(senders.statuses) == {202}
        assert server.ask("select sum(events) from sessions") == server.ask("select sum(events) from hours") == [(len(stored),)]
