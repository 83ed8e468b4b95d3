"""Brings events of another system into a site, through the loader's own code: the same rules, sessions and totals.

A file counts once: its digest, with how it is read, is kept in the loader's own
transactions together with how many of its messages are in, so that an import
that was interrupted goes on where it was, and one that is repeated adds nothing.
"""

import hashlib
import json
from typing import NamedTuple

from collector.loader import Loader
from collector.spool import Received
from collector.visitor import Visitors

AT_ONCE = 500  # messages in one transaction


class State(NamedTuple):
    """How far a file is in."""

    messages: int
    done: bool


def digest(data, how):
    """What a file is known by: its bytes, and how they are read (any JSON)."""
    return hashlib.blake2b(data + json.dumps(how, sort_keys=True).encode(), digest_size=16).hexdigest()


def state(store, site, digest):
    """The State of a file at a site."""
    rows = store.ask("collector/history_file", site=site.id, digest=digest)
    return State(rows[0].messages, bool(rows[0].done)) if rows else State(0, False)


def load(store, site, history, digest, progress=lambda count: None):
    """Brings in what of a History is not in yet; gives how many messages it was.

    The caller holds the loader's lock, for loader.given_way(). `progress` is told how many more are in.
    """
    loader = Loader(store, store.path.parent / "spool")
    visitors = Visitors(store.path.parent / "keys")
    after = state(store, site, digest)
    if after.done:
        return 0
    total, done = len(history.sent), after.messages
    while done < total:
        chunk = history.sent[done:done + AT_ONCE]
        changes = loader.take([_received(site, visitors, sent) for sent in chunk])
        done += len(chunk)
        changes.rows["history_files"] = [(site.id, digest, done, int(done == total))]
        loader.write(changes, None)
        progress(len(chunk))
    return total - after.messages


def _received(site, visitors, sent):
    whose = visitors.customer if sent.customer else visitors.imported
    received = Received(site.key, sent.sent_at, whose(site, sent.visitor), None, sent.country, sent.browser, "", sent.os, sent.device, "", "", b"")
    return received, sent.batch, sent.refused
