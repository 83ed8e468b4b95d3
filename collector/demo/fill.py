"""Sends made-up messages the way real ones go: into the spool, and through the loader into the store."""

from collector.loader import Loader
from collector.spool import Spool

AT_ONCE = 500


def fill(data_dir, store, messages, progress=lambda count: None):
    """Takes Received in the order of their arrival; `progress` is told how many more are in."""
    spool = Spool(data_dir / "spool")
    loader = Loader(store, data_dir / "spool")
    for start in range(0, len(messages), AT_ONCE):
        spool.extend(messages[start:start + AT_ONCE])
        progress(loader.drain())
    spool.close()
    loader.drain()
