"""A real server on a data directory of its own, whose processes may be killed, and senders that note what was acknowledged."""

import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from collector import sites
from collector.events import TYPES
from collector.prepare import prepare
from collector.storage import open_store
from tests import fresh

ROOT = Path(__file__).resolve().parents[2]
SITE = "guitars"


class Server:
    """Use as `with Server(directory) as server:`; leaving ends every process it started."""

    def __init__(self, data_dir, **environment):
        self.data_dir = Path(data_dir)
        self.port = free_port()
        self._environment = {**os.environ, "NETIV_DATA": str(self.data_dir), "NETIV_BIND": f"127.0.0.1:{self.port}",
                             "NETIV_RATE": "0", **environment}
        fresh.lay(self.data_dir / "netiv.db")
        store = prepare(self.data_dir)
        if not sites.by_key(store, SITE):
            sites.add(store, "Guitars", "shop.example", key=SITE)
        store.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._log = open(self.data_dir / "server.log", "ab")
        self.master = subprocess.Popen([sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:create_app()"],
                                       cwd=ROOT, env=self._environment, stderr=self._log)
        wait_until(self.answers, 20, "the server answers")

    def stop(self):
        if self.master.poll() is None:
            self.master.terminate()
            try:
                self.master.wait(30)
            except subprocess.TimeoutExpired:
                self.master.kill()
                self.master.wait()
        wait_until(lambda: not self.loaders(), 20, "the loader ends after its server")
        self._log.close()

    def kill_master(self):
        """kill -9; its workers see that it is gone and end, then the port is free for another one."""
        workers = self.workers()
        self.master.kill()
        self.master.wait()
        wait_until(lambda: not any(map(alive, workers)), 20, "workers end after their master")
        self._log.close()

    def workers(self):
        return children(self.master.pid)

    def loaders(self):
        """Process ids of loaders of this data directory."""
        ending = b"\0collector.loader\0" + os.fsencode(str(self.data_dir)) + b"\0"
        return [pid for pid in processes() if command_line(pid).endswith(ending)]

    def answers(self):
        return post(self.port, b"") == 400

    def health(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
            return json.load(answer)

    def ask(self, sql):
        """Rows of a question to the store, read beside the server."""
        store = open_store(self.data_dir)
        try:
            with store._reader() as connection:
                return connection.execute(sql).fetchall()
        finally:
            store.close()

    def stored(self):
        """{name of a custom event: how often it is stored}."""
        return dict(self.ask(f"""select names.text, count(*) from events join names on names.id = events.name
                                 where events.type = {TYPES["custom"]} group by names.text"""))

    def wait_until_drained(self, names, seconds=40):
        wait_until(lambda: names <= self.stored().keys(), seconds, "everything acknowledged is stored")


class Senders:
    """Threads that send messages with names of their own, again and again until acknowledged or told to stop."""

    def __init__(self, port, count=4, pause=0.0):
        self._port, self._pause = port, pause
        self.acknowledged = set()
        self.statuses = {}
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._send_on, args=[number]) for number in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _send_on(self, sender):
        for number in itertools.count():
            if self._stopping.is_set():
                return
            name = f"{sender}-{number}"
            body = message(name, f"user {sender} {number // 50}")
            while not self._stopping.is_set():
                status = post(self._port, body)
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status == 202:
                    self.acknowledged.add(name)
                    break
                time.sleep(0.05)
            time.sleep(self._pause)


def message(name, user="somebody"):
    """A message whose only event is a custom one called `name`; the same name is the same event."""
    now = int(time.time() * 1000)
    return json.dumps({"sent_at": now, "user": user, "pages": [{"view": f"view-{name:0>8}", "url": "https://shop.example/"}],
                       "events": [{"type": "custom", "n": 0, "at": now, "name": name}]}).encode()


def post(port, body, timeout=10):
    """The answer's status, or None when there was none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", f"/event?site={SITE}", body, {"User-Agent": "netiv-test/1"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def post_for_answer(port, body):
    """(status, headers, body as text)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", f"/event?site={SITE}", body, {"User-Agent": "netiv-test/1"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def wait_until(true, seconds, what):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def children(parent):
    return [pid for pid in processes() if _status(pid)[1] == parent]


def alive(pid):
    return _status(pid)[0] not in ("", "Z")


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _status(pid):
    """(state, parent) of a process; ('', 0) when there is none."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "", 0
    return state, int(parent)
