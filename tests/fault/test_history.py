"""A file of history comes in while a server runs and messages come: all of both is stored, once, and the loader works on."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fault.server import SITE, Senders, Server, message, post, wait_until

pytestmark = pytest.mark.fault


def test_a_file_of_history_comes_in_while_the_server_runs(tmp_path):
    file, data = tmp_path / "events.csv", tmp_path / "data"
    file.write_text("time,visitor,event\n" + "".join(f"2026-03-{1 + number % 9:02} 10:00,v{number},old-{number}\n" for number in range(1500)))
    with Server(data) as server:
        wait_until(lambda: server.health()["loader"]["alive"], 20, "a loader works")
        with Senders(server.port, pause=0.02) as senders:
            wait_until(lambda: len(senders.acknowledged) > 20, 20, "messages come")
            done = subprocess.run([Path(sys.executable).with_name("netiv"), "import", "csv", file, "--site", SITE, "--yes", "--data", data],
                                  capture_output=True, text=True, timeout=120)
            assert done.returncode == 0 and "1500 messages are in" in done.stdout, done.stdout + done.stderr
            before = len(senders.acknowledged)
            wait_until(lambda: len(senders.acknowledged) > before + 20, 20, "messages come still")
        assert set(senders.statuses) == {202}
        assert post(server.port, message("last")) == 202
        server.wait_until_drained(senders.acknowledged | {"last"})
        stored = server.stored()
        assert {name for name in stored if name.startswith("old-")} == {f"old-{number}" for number in range(1500)}
        assert {name: times for name, times in stored.items() if times != 1} == {}
        assert server.ask("select sum(events) from sessions") == [(len(stored),)]
