"""netiv demo: the shop, its sixty days and one link that signs in. No default password: the link is the only way."""

import fcntl
import os
import secrets
import shutil
import socket
import sys
import time
from importlib import import_module
from pathlib import Path

import click

from collector import accounts, guess, journey_register, links, sites
from collector.cli import BIND, Problem, must_be_free, run_server
from collector.day_work import DayWork
from collector.demo import MARKER, SITE, further, is_demo, outside
from collector.demo.fill import fill
from collector.demo.people import messages
from collector.prepare import prepare

PLACE = ".netiv/demo"
EMAIL = "demo@netiv.example"
OPEN_SECONDS = 30  # how long the server may take to answer before its link is printed all the same


@click.command()
@click.option("--data", "data_dir", default=PLACE, show_default=True, metavar="DIR",
              type=click.Path(path_type=Path, file_okay=False), help="Where the demo lives.")
@click.option("--bind", envvar="NETIV_BIND", default=BIND, show_default=True, metavar="HOST:PORT", help="Where to listen.")
@click.option("--fresh", is_flag=True, help="Throw the demo away first and make up new days that end now.")
@click.option("--no-serve", is_flag=True, help="Make everything, print the link, and stop.")
def demo(data_dir, bind, fresh, no_serve):
    """Serve a demo shop with sixty days of made-up visitors, and print the link to its dashboard.

    Made once; started again, it goes on with what is there.
    """
    if not no_serve:
        must_be_free(bind)
    if fresh and is_demo(data_dir):
        throw_away(data_dir)
    if not is_demo(data_dir):
        make(data_dir)
    store = prepare(data_dir)
    text = welcome(f"http://{bind}", links.make(store, "demo", email=EMAIL))
    store.close()
    if no_serve:
        click.echo(text)
    else:
        when_open(bind, lambda: click.echo(text))
        run_server(data_dir, bind)


def make(data_dir):
    """Makes the demo beside the place where it goes, so that it is there whole or not at all."""
    if data_dir.exists() and any(data_dir.iterdir()):
        raise Problem(f"--data: {data_dir} holds something that is no demo; choose another directory")
    unfinished = data_dir.with_name(data_dir.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    store = prepare(unfinished)
    site = sites.add(store, "Six Strings", "localhost", key=SITE)
    owner = accounts.add(store, EMAIL, "Demo", secrets.token_urlsafe(24), may_add_sites=True)
    accounts.set_role(store, owner, site, "owner")
    now = time.time_ns() // 1_000_000
    with_others(unfinished, store, site, now)
    store.close()
    (unfinished / MARKER).write_text(f"{now}\n", encoding="ascii")
    if data_dir.exists():
        data_dir.rmdir()
    unfinished.rename(data_dir)


def with_others(data_dir, store, site, now):
    """Fills the sixty days up to `now`, with what other rooms have to add: join() before they are told, end() afterwards."""
    others = [import_module(name) for name in further]
    visits = []

    def join(told):
        visits.extend(told)
        for other in others:
            other.join(told, store, site, now)
    received = messages(now, site.zone, join)
    with click.progressbar(length=len(received), label="Sixty days of made-up visitors", file=sys.stderr) as bar:
        fill(data_dir, store, received, bar.update)
    journey_register.add(store, site, outside.with_calls(guess.propose(store, site)), EMAIL)
    for other in others:
        other.end(visits, store, site, now)
    DayWork(store).finish()


def throw_away(data_dir):
    with open(data_dir / "keeper.lock", "a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"--fresh: a server is running on {data_dir}; stop it first") from None
    shutil.rmtree(data_dir)


def welcome(url, token):
    return f"\n  The dashboard, signed in, once and within a day:\n\n    {url}/enter/{token}\n\n" \
           f"  The shop to click through:  {url}/shop/   ·   {url}/shop/he/\n"


def when_open(bind, say):
    """Calls `say` from a process of its own once the server, which this process is about to become, answers."""
    if os.fork():
        os.wait()
        return
    if os.fork():
        os._exit(0)  # the one that waits is nobody's child, so the server need not know of it
    host, _, port = bind.rpartition(":")
    until = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    say()
    sys.stdout.flush()
    os._exit(0)
