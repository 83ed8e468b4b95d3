"""Keeps a loader running while the server does. Every worker has a keeper; a lock decides whose turn it is.

The keeper that holds DATA/keeper.lock starts the loader and starts another one
when it dies; when the keeper's own worker dies, the lock is free and the next
worker's keeper takes over within a second. The loader itself holds
DATA/loader.lock while it works. Its standard input is a pipe from its keeper:
when that ends, its server is gone, and it drains the spool and stops.
"""

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

PULSE_SECONDS = 0.5
TIDY_PULSES = 60
SOON_SECONDS = 2  # a loader that dies sooner, three times running, is started less often
REST_SECONDS = 2
ROOT = Path(__file__).resolve().parents[1]
log = logging.getLogger("netiv.keeper")


class Keeper:
    """Takes the data directory, and the application when it has a `tidy` to be called now and then."""

    def __init__(self, data_dir, app=None):
        self._data_dir = Path(data_dir)
        self._tidy = getattr(app, "tidy", None) or getattr(getattr(app, "wsgi_app", None), "tidy", None)
        self._lock = None
        self._loader = None
        self._started_at = 0.0
        self._early_deaths = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        """Lets go of the loader, which drains what is there and stops by itself."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self):
        pulse = 0
        while True:
            self._try(self._look_after)
            if self._tidy and pulse % TIDY_PULSES == 0:
                self._try(self._tidy)
            pulse += 1
            if self._stopping.wait(PULSE_SECONDS):
                break
        if self._loader:
            self._loader.stdin.close()
        if self._lock is not None:
            os.close(self._lock)

    def _try(self, duty):
        try:
            duty()
        except OSError as error:  # a full disk, no file handles: it passes, and a keeper stays
            log.error("keeper: %s", error)

    def _look_after(self):
        if self._lock is None:
            self._lock = _locked(self._data_dir / "keeper.lock")
        if self._lock is None:
            return
        if self._loader and self._loader.poll() is not None:
            log.warning("the loader ended with %s; another one starts", self._loader.returncode)
            self._loader.stdin.close()
            self._loader = None
            soon = time.monotonic() - self._started_at < SOON_SECONDS
            self._early_deaths = self._early_deaths + 1 if soon else 0
        if not self._loader and not self._resting():
            self._started_at = time.monotonic()
            self._loader = subprocess.Popen([sys.executable, "-m", "collector.loader", str(self._data_dir)],
                                            cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)

    def _resting(self):
        return self._early_deaths >= 3 and time.monotonic() - self._started_at < REST_SECONDS


def _locked(path):
    """A descriptor that holds the lock on a file, or None when another process does."""
    fd = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd
