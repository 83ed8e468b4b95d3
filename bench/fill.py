"""Fills a data directory with a large site, through the loader's own code: netiv bench fill.

    python -m bench.fill --data DIR --events 10000000
"""

import time
from pathlib import Path

import click

from bench.people import People
from collector import cleanup, guess, journey_register, sites
from collector.day_work import DayWork
from collector.loader import Loader
from collector.locks import locked
from collector.prepare import prepare

AT_ONCE = 40_000  # events in one transaction
DAY = 86_400_000


@click.command("fill")
@click.option("--data", "data_dir", required=True, envvar="NETIV_DATA", type=click.Path(path_type=Path, file_okay=False),
              metavar="DIR", help="The data directory; made when it is not there.")
@click.option("--events", default=10_000_000, show_default=True, help="About how many events.")
@click.option("--days", default=90, show_default=True, help="Over how many days, the last one being today.")
@click.option("--seed", default=7, show_default=True, help="The same seed makes the same visitors.")
@click.option("--until", type=int, help="The last instant, UTC milliseconds. Default: now.")
def fill(data_dir, events, days, seed, until):
    """Writes a large made-up site, to try how fast reports are."""
    store = prepare(data_dir)
    site = sites.by_key(store, "big") or sites.add(store, "Big shop", "big.example", key="big")
    until = until or int(time.time() * 1000)
    began = time.perf_counter()
    with locked(data_dir / "loader.lock"), click.progressbar(length=events, label="Events") as bar:
        count = pour(store, data_dir / "spool", People(site, events, days, until, seed).messages(), bar.update)
        seconds = time.perf_counter() - began
        walked = _walk(store, site)
    store.close()
    size = sum(path.stat().st_size for path in data_dir.glob("netiv.db*"))
    click.echo(f"{count:,} events in {seconds:.0f} s ({count / seconds:,.0f} a second), "
               f"{size / 1e6:,.0f} MB ({size / count:.1f} bytes an event). "
               f"All of it walked through a journey and kept as columns in {walked:.0f} s.")


def _walk(store, site):
    """Makes the site's journey, as a running loader would, and does all of its days; gives the seconds that took."""
    began = time.perf_counter()
    if not journey_register.by_key(store, site):
        journey_register.add(store, site, guess.propose(store, site), journey_register.GUESSED)
    DayWork(store).finish()
    return time.perf_counter() - began


def pour(store, spool, messages, progress=lambda count: None):
    """Takes messages that are read already through the loader into the store; gives the number of events."""
    loader = Loader(store, spool)
    positions = dict(store.ask("collector/positions"))
    waiting, size, count, cleaned_at = [], 0, 0, 0
    for each in messages:
        waiting.append(each)
        size += len(each[1].events)
        if size >= AT_ONCE:
            loader.load(waiting, positions)
            now = each[0].received_at
            if now - cleaned_at > DAY:
                cleanup.clean(store, now)
                cleaned_at = now
            count += size
            progress(size)
            waiting, size = [], 0
    if waiting:
        loader.load(waiting, positions)
        progress(size)
    return count + size


if __name__ == "__main__":
    fill()
