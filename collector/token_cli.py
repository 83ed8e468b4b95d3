"""netiv token: letting programs read reports without signing in, from a terminal."""

from datetime import UTC, datetime

import click

from collector import audit, tokens
from collector.cli import Problem, on_store, site_of


@click.group()
def token():
    """Tokens for programs that read without signing in: add, list, revoke."""


@token.command("add")
@click.argument("key")
@click.option("--name", required=True, help="Which program it is for.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(tokens.SCOPES)), default=("stats:read",),
              show_default=True, help="What it may do; say it again for more.")
@click.option("--days", default=90, show_default=True, help="After so many days it expires, at most 365.")
@on_store
def add(store, key, name, scopes, days):
    """Make a token for the site KEY and print it, this once."""
    text = tokens.make(store, site_of(store, key), name, scopes, days)
    audit.record(store, None, "made token", f"{key} {name}")
    click.echo(text)


@token.command("list")
@click.argument("key")
@on_store
def list_tokens(store, key):
    """List the tokens of the site KEY: number, name, scopes, when it expires and was last used."""
    for each in tokens.of(store, site_of(store, key)):
        used = f"used {_day(each.used_at)}" if each.used_at else "never used"
        click.echo(f"{each.id}\t{each.name}\t{', '.join(each.scopes)}\t"
                   f"{'expired' if each.expired else 'until'} {_day(each.expires_at)}\t{used}")


@token.command("revoke")
@click.argument("key")
@click.argument("number", type=int)
@on_store
def revoke(store, key, number):
    """End the token NUMBER of the site KEY at once."""
    gone = tokens.revoke(store, site_of(store, key), number)
    if gone is None:
        raise Problem(f"number: {key} has no token {number}; `netiv token list {key}` shows which there are")
    audit.record(store, None, "revoked token", f"{key} {gone.name}")
    click.echo(f"{gone.name} is revoked.")


def _day(at):
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")
