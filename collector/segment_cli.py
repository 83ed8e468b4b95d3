"""netiv segment: filters kept under a name, from a terminal."""

import click

from collector import audit, segments
from collector.cli import Problem, on_store, site_of
from collector.fields import N_


@click.group()
def segment():
    """Segments, filters kept under a name: add, list, remove."""


@segment.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--filter", "filters", multiple=True, required=True, metavar="KEY=VALUE",
              help="Only such sessions, as in `netiv report`. Again for more.")
@click.option("--key", "segment_key", default="", metavar="SEGMENT", help="What stands in addresses; made of the name when left out.")
@on_store
def add(store, key, name, filters, segment_key):
    """Keep filters of the site KEY under NAME, and print the segment's key."""
    args = {}
    for typed in filters:
        each, sign, value = typed.partition("=")
        if not sign:
            raise segments.BadSegment(each[:40], N_("has no value; write it as %(typed)s=VALUE"), typed=each[:40])
        args.setdefault(each, []).append(value)
    made = segments.add(store, site_of(store, key), name, args, "command line", segment_key)
    audit.record(store, None, "added segment", f"{key} {made.key}")
    click.echo(made.key)


@segment.command("list")
@click.argument("key")
@on_store
def list_segments(store, key):
    """List the segments of the site KEY: key, name, filters."""
    for each in segments.of(store, site_of(store, key)):
        click.echo(f"{each.key}\t{each.name}\t{' '.join(f'{name}={value}' for name, value in each.filters.terms)}")


@segment.command("remove")
@click.argument("key")
@click.argument("segment_key", metavar="SEGMENT")
@on_store
def remove(store, key, segment_key):
    """Remove SEGMENT of the site KEY, when no persona and no experiment hangs on it."""
    gone = segments.remove(store, site_of(store, key), segment_key)
    if gone is None:
        raise Problem(f"segment: {key} has no segment {segment_key}; `netiv segment list {key}` shows which there are")
    audit.record(store, None, "removed segment", f"{key} {segment_key}")
    click.echo(f"{gone.name} is removed.")
