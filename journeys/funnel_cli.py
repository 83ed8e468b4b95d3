"""netiv funnel: saved funnels from a terminal."""

import click

from collector import audit
from collector.cli import Problem, on_store, site_of
from journeys import funnels
from journeys.steps import SESSION


@click.group()
def funnel():
    """Saved funnels: list, add, remove. `netiv report funnel` counts them."""


@funnel.command("list")
@click.option("--site", "key", required=True, metavar="KEY", help="The site's key, as in its snippet.")
@on_store
def list_funnels(store, key):
    """List the funnels of a site: key, name, steps."""
    for each in funnels.of(store, site_of(store, key)):
        click.echo(f"{each.key}\t{each.name}\t{' > '.join(each.steps)}")


@funnel.command("add")
@click.argument("name")
@click.argument("steps", nargs=-1, required=True, metavar="STEP STEP…")
@click.option("--site", "key", required=True, metavar="KEY", help="The site's key, as in its snippet.")
@click.option("--order", type=click.Choice(funnels.ORDERS), default="open", show_default=True, help="strict: nothing else may lie between.")
@click.option("--window", default=SESSION, show_default=True, help="How long it may take: session, or such as 30m, 2h, 7d.")
@on_store
def add(store, name, steps, key, order, window):
    """Add the funnel NAME and print its key. A STEP is written like /shop/*, event:add_to_cart or form:checkout:start."""
    site = site_of(store, key)
    made = funnels.save(store, site, name, steps, order, window)
    audit.record(store, None, "added funnel", f"{key} {made}")
    click.echo(made)


@funnel.command("remove")
@click.argument("funnel")
@click.option("--site", "key", required=True, metavar="KEY", help="The site's key, as in its snippet.")
@on_store
def remove(store, funnel, key):
    """Delete the saved FUNNEL, a key as `netiv funnel list` prints it."""
    if not funnels.remove(store, site_of(store, key), funnel):
        raise Problem(f"{funnel} is no saved funnel of this site")
    audit.record(store, None, "deleted funnel", f"{key} {funnel}")
    click.echo(f"{funnel} is deleted.")
