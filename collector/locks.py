"""Locks on files, by which processes of one installation keep out of each other's way. The system lets go of one when its holder dies."""

import fcntl
import os
from contextlib import contextmanager


@contextmanager
def locked(path):
    """Waits for the lock on a file and holds it."""
    fd = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


@contextmanager
def free_lock(path):
    """Holds the lock on a file if nobody does; gives whether it is held now."""
    fd = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_held = True
        except BlockingIOError:
            is_held = False
        yield is_held
    finally:
        os.close(fd)


def is_free(path):
    """Whether no process holds the lock on a file."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(fd)
