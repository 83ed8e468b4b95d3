"""netiv backup, restore and erase: keeping the data, and letting go of one visitor's."""

import fcntl
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from collector import audit, backup
from collector.cli import Problem, data_option, existing, on_store, site_of
from collector.erase import erase as erase_visitor
from collector.erase import look
from collector.loader import given_way
from collector.storage import StoreError
from collector.visitor import Visitors


@click.command("backup")
@data_option
@click.option("--keep", type=click.IntRange(1), default=backup.KEPT, show_default=True,
              help="How many copies to keep; the oldest go.")
def make_backup(data_dir, keep):
    """Make a checked copy of the database in DIR/backups, while the server runs."""
    existing(data_dir).close()
    try:
        click.echo(backup.make(data_dir, keep))
    except (OSError, StoreError) as error:
        raise Problem(f"--data: {error}") from None


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@data_option
def restore(file, data_dir):
    """Put the backup FILE in the database's place; without FILE, list the backups.

    Stop the server first. The database that stood there is kept beside it.
    """
    if file is None:
        for path in backup.all_of(data_dir):
            click.echo(path)
        return
    with stopped(data_dir):
        try:
            aside = backup.restore(data_dir, file)
        except (OSError, StoreError) as error:
            raise Problem(f"file: {error}") from None
    click.echo(f"{file.name} is in place." + (f" What stood there is kept as {aside.name}." if aside else ""))


@click.command()
@click.argument("key")
@click.argument("visitor", type=int, required=False)
@click.option("--customer", help="Your own id of a customer, in place of the visitor's.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_store
def erase(store, key, visitor, customer, yes):
    """Erase everything the visitor with that id did at the site KEY, from the totals too, and contacts outside the page.

    The id stands in `netiv export`. Put -- before an id that begins with a minus.
    A running server goes on taking events. Backups made before still hold the visitor.
    """
    site = site_of(store, key)
    if (visitor is None) == (customer is None):
        raise Problem("visitor: say one, by the id of the export or by --customer")
    visitor = visitor if customer is None else Visitors(store.path.parent / "keys").customer(site, customer)
    found = look(store, site, visitor)
    if not found.sessions and not found.contacts:
        raise Problem(f"visitor: {customer or visitor} was never at {key}")
    if not yes:
        when = f", last on {datetime.fromtimestamp(found.last_at / 1000, UTC):%Y-%m-%d}" if found.sessions else ""
        click.confirm(f"Erase {found.sessions} sessions with {found.events} events{when}, and {found.contacts} contacts?", abort=True)
    with given_way(store.path.parent):  # a running loader still remembers who was here lately
        found = erase_visitor(store, site, visitor)
    audit.record(store, None, "erased", f"{key} visitor {visitor}: {found.sessions} sessions, {found.events} events")
    click.echo(f"Erased {found.sessions} sessions with {found.events} events, and {found.contacts} contacts.")


@contextmanager
def stopped(data_dir):
    """Holds the locks of the server's loader, so that none can begin meanwhile. Raises Problem while one runs."""
    held = []
    try:
        for name in ("keeper.lock", "loader.lock"):
            held.append(os.open(Path(data_dir) / name, os.O_CREAT | os.O_RDWR, 0o600))
            fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Problem(f"--data: a server is running on {data_dir}; stop it first") from None
    finally:
        for lock in held:
            os.close(lock)
