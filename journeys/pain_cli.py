"""netiv pain: the backlog of pain points from a terminal. `netiv report pain` finds them."""

import click

from collector import audit
from collector.cli import Problem, on_store, site_of
from journeys import backlog
from journeys.reports import asked

WHO = "command line"


@click.group()
def pain():
    """The backlog of pain points: list, take, show, set, note."""


@pain.command("list")
@click.argument("key")
@on_store
def list_points(store, key):
    """List what was taken on at the site KEY, the newest first: number, status, owner, released on, experiment, what it is."""
    site = site_of(store, key)
    for point in backlog.of(store, site):
        click.echo("\t".join((str(point.id), _status(store, site, point), point.owner, point.released_on, point.experiment, backlog.named(point))))


@pain.command("take")
@click.argument("key")
@click.argument("point")
@click.option("--period", default="", help="The days in which it was found, as `netiv report` takes them.")
@on_store
def take(store, key, point, period):
    """Take on POINT, the key of a row of `netiv report pain` on the site KEY, and print its number in the backlog."""
    site = site_of(store, key)
    row = backlog.finding(asked(store, site, "pain", {"period": [period]} | backlog.EVERYTHING), point)
    number = backlog.take(store, site, row, WHO)
    audit.record(store, None, "took on pain point", f"{key} {row.key}")
    click.echo(number)


@pain.command("show")
@click.argument("key")
@click.argument("number", type=int)
@on_store
def show(store, key, number):
    """Show the point NUMBER of the site KEY: what it is, who does what about it, and what was noted."""
    site = site_of(store, key)
    point = _point(store, site, number)
    click.echo(f"{backlog.named(point)}\nstatus: {_status(store, site, point)}\nowner: {point.owner}\nreleased on: {point.released_on}\n"
               f"experiment: {point.experiment}")
    for note in backlog.notes(store, point):
        click.echo(f"note: {note.who}: {note.text}")


@pain.command("set")
@click.argument("key")
@click.argument("number", type=int)
@click.option("--status", type=click.Choice(list(backlog.STATUSES)), help="fixed is refused until before and after the release say so.")
@click.option("--owner", help="Who sees to it.")
@click.option("--released-on", metavar="DATE", help="The day it was mended, such as 2026-12-31.")
@click.option("--experiment", metavar="EXPERIMENT", help="The key of one that tests a remedy.")
@click.option("--title", help="What it is in your words; empty: what was found.")
@on_store
def change(store, key, number, **typed):
    """Change the point NUMBER of the site KEY; what is not named stays."""
    site = site_of(store, key)
    point = _point(store, site, number)
    typed = {name: value for name, value in typed.items() if value is not None}
    if not typed:
        raise Problem("nothing to change: name one of --status, --owner, --released-on, --experiment, --title")
    backlog.change(store, site, point, WHO, **typed)
    audit.record(store, None, "changed pain point", f"{key} {point.key}")
    click.echo(f"{number} is changed.")


@pain.command("note")
@click.argument("key")
@click.argument("number", type=int)
@click.argument("text")
@on_store
def note(store, key, number, text):
    """Write TEXT down at the point NUMBER of the site KEY."""
    point = _point(store, site_of(store, key), number)
    backlog.note(store, point, WHO, text)
    audit.record(store, None, "noted on pain point", f"{key} {point.key}")
    click.echo("Written down.")


def _point(store, site, number):
    found = backlog.by_id(store, site, number)
    if found is None:
        raise Problem(f"number: {site.key} has no point {number}; `netiv pain list {site.key}` shows which there are")
    return found


def _status(store, site, point):
    return "came back" if backlog.came_back(store, site, point) else point.status
