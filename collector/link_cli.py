"""netiv link: campaign links and their QR codes from a terminal."""

from pathlib import Path

import click

from collector import audit, campaigns, qr
from collector.cli import Problem, on_store, site_of


@click.group()
def link():
    """Campaign links: list, add, remove, and their QR codes."""


@link.command("list")
@click.argument("key")
@on_store
def list_links(store, key):
    """List the campaign links of the site KEY, latest first: number, channel, address."""
    for each in campaigns.all_of(store, site_of(store, key)):
        click.echo(f"{each.id}\t{each.channel}\t{each.url}")


@link.command("add")
@click.argument("key")
@click.argument("address")
@click.option("--source", default="", help="Where it stands, such as instagram.")
@click.option("--medium", default="", help="What that is, such as social, email or qr.")
@click.option("--campaign", default="", help="What it is part of, such as summer_sale.")
@click.option("--content", default="", help="Which of several, such as window.")
@click.option("--term", default="", help="The word that was paid for.")
@on_store
def add(store, key, address, **words):
    """Make a campaign link to ADDRESS, a page of the site KEY such as /sale, and print its number and address."""
    made = campaigns.add(store, site_of(store, key), {"address": address, **words}, "")
    audit.record(store, None, "added link", f"{key} {made.url}")
    click.echo(f"{made.id}\t{made.url}")


@link.command("remove")
@click.argument("key")
@click.argument("number", type=int)
@on_store
def remove(store, key, number):
    """Take the link NUMBER out of the list; where it was published, it leads there all the same."""
    site = site_of(store, key)
    _link(store, site, number)
    gone = campaigns.remove(store, site, number)
    audit.record(store, None, "removed link", f"{key} {gone.url}")
    click.echo(f"Link {number} is out of the list.")


@link.command("qr")
@click.argument("key")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@on_store
def draw(store, key, number, file):
    """Draw the QR code of the link NUMBER into FILE, by its name an .svg or a .png."""
    form = file.suffix.lower().removeprefix(".")
    if form not in qr.FORMS:
        raise Problem(f"file: {file} is neither .svg nor .png; its name says which is drawn")
    picture = qr.drawn(_link(store, site_of(store, key), number).url, form)
    try:
        file.write_bytes(picture)
    except OSError as error:
        raise Problem(f"file: {error.strerror}: {file}") from None
    click.echo(f"{file} is drawn.")


def _link(store, site, number):
    found = campaigns.one(store, site, number)
    if found is None:
        raise Problem(f"number: {site.key} has no link {number}; `netiv link list {site.key}` shows which there are")
    return found
