"""The command line's frame, and serving: netiv serve, migrate. wsgi adds the commands of the other modules."""

import errno
import os
import socket
import sys
from functools import wraps
from importlib import import_module
from pathlib import Path

import click

from collector import accounts, links, sites
from collector.fields import BadField
from collector.filters import BadFilter
from collector.period import BadPeriod
from collector.prepare import prepare
from collector.storage import StoreError, open_store

ROOT = Path(__file__).resolve().parents[1]
BIND = "127.0.0.1:8000"


class Problem(click.ClickException):
    """What a person did not write as it should be: says the field, and is no traceback."""


class Commands(click.Group):
    """A group whose further commands are imported when they are asked for: `later` is {name: "module:attribute"}."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.later = {}

    def list_commands(self, context):
        return sorted({*self.commands, *self.later})

    def get_command(self, context, name):
        if name not in self.commands and name in self.later:
            module, attribute = self.later[name].split(":")
            self.add_command(getattr(import_module(module), attribute), name)
        return self.commands.get(name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="netiv")
def netiv():
    """Netiv: see the path your customers take, and prove what makes it better.

    Every command but `doctor` and `calc` works on a data directory: --data DIR, or NETIV_DATA.
    """
    os.umask(0o077)


def data_option(command):
    """Gives a command `--data` as `data_dir`, a Path."""
    return click.option("--data", "data_dir", envvar="NETIV_DATA", required=True, show_envvar=True, metavar="DIR",
                        type=click.Path(path_type=Path, file_okay=False), help="The data directory.")(command)


def on_store(command):
    """Gives a command the `store` of --data, and turns what was typed wrongly into one sentence."""
    @data_option
    @wraps(command)
    def with_store(data_dir, **options):
        store = existing(data_dir)
        try:
            return command(store=store, **options)
        except (BadField, BadFilter, BadPeriod) as error:
            raise Problem("\n       ".join(f"{each.field}: {each.message}" for each in error.errors)) from None
        except StoreError as error:
            raise Problem(str(error)) from None
        finally:
            store.close()
    return with_store


def existing(data_dir):
    """The store of a data directory that was made before. Raises Problem."""
    if not (data_dir / "netiv.db").exists():
        raise Problem(f"--data: {data_dir} holds no Netiv data; `netiv serve --data {data_dir}` or "
                      f"`netiv migrate --data {data_dir}` begins one")
    return open_store(data_dir)


def site_of(store, key):
    """The site with that key. Raises Problem with the keys there are."""
    site = sites.by_key(store, key)
    if site is None:
        known = ", ".join(each.key for each in sites.all_sites(store)) or "none yet; `netiv site add` makes one"
        raise Problem(f"site: {key} is unknown; there are: {known}")
    return site


@netiv.command()
@data_option
@click.option("--bind", envvar="NETIV_BIND", default=BIND, show_default=True, metavar="HOST:PORT",
              help="Where to listen.")
@click.option("--url", envvar="NETIV_URL", metavar="URL",
              help="The address people open, when a proxy stands in front; for the link printed.")
@click.option("--workers", envvar="NETIV_WORKERS", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Worker processes.")
def serve(data_dir, bind, url, workers):
    """Serve the data directory; the first time, make it and print the set-up link.

    The link makes the owner and the first site and works once, for a day.
    Started again while nobody used it, a new one is printed.
    """
    must_be_free(bind)
    try:
        store = prepare(data_dir)
    except (OSError, StoreError) as error:
        raise Problem(f"--data: {error}") from None
    click.echo(first_link(store, url or f"http://{bind}") if not accounts.any_user(store)
               else f"Netiv serves {url or f'http://{bind}'}", err=True)
    store.close()
    run_server(data_dir, bind, workers)


def first_link(store, url):
    """The sentence with a fresh one-time set-up link; those printed before work no more."""
    links.withdraw(store, "setup")
    return f"Nobody has an account yet. Open this link once, within a day, to set up:\n\n" \
           f"    {url.rstrip('/')}/setup/{links.make(store, 'setup')}\n"


def must_be_free(bind):
    """Raises Problem when another program listens at HOST:PORT already; the server would only say so after its link was printed."""
    host, _, port = bind.rpartition(":")
    if not port.isdecimal():
        return  # a socket of another kind: the server says itself what is wrong with it
    try:
        family, kind, protocol, _, (at, *_) = socket.getaddrinfo(host.strip("[]") or None, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((at, int(port)))
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) != errno.EADDRINUSE:
            raise Problem(f"--bind: cannot listen at {bind}: {getattr(error, 'strerror', None) or error}") from None
        raise Problem(f"--bind: another program listens at {bind} already; choose another port, "
                      "such as --bind 127.0.0.1:8001, or write NETIV_BIND=127.0.0.1:8001 before the command") from None


def run_server(data_dir, bind=BIND, workers=2):
    """Becomes gunicorn; does not come back."""
    os.environ.update(NETIV_DATA=str(Path(data_dir).resolve()), NETIV_BIND=bind, NETIV_WORKERS=str(workers))
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"),
                              "--chdir", str(ROOT), "wsgi:create_app()"])


@netiv.command()
@data_option
def migrate(data_dir):
    """Bring the tables up to date, after a backup. `serve` does this by itself."""
    try:
        prepare(data_dir).close()
    except (OSError, StoreError) as error:
        raise Problem(f"--data: {error}") from None
    click.echo("The tables are up to date.")
