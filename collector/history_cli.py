"""netiv import csv: the history that another system wrote down, into a site."""

import gzip
import sys
import time
from pathlib import Path

import click

from collector import audit, cleanup, history, history_rows, sheet_reader
from collector.cli import Problem, on_store, site_of
from collector.fields import N_
from collector.loader import given_way
from collector.period import date_of, day_of, day_start
from collector.sheet_reader import BadSheet

MOST_SHOWN = 40  # refused rows


@click.group("import")
def import_group():
    """Bring the history of another system into a site."""


@import_group.command("csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--site", "key", required=True, metavar="KEY", help="The site's key.")
@click.option("--map", "given", multiple=True, metavar="FIELD=COLUMN",
              help="Where a field stands: a column, a template such as page=/{category}/{model}, or ==TEXT for the same in every row. "
                   f"Fields: {', '.join(history_rows.FIELDS)}. Again for more.")
@click.option("--set", "values", multiple=True, metavar="FIELD:FROM=TO", help="Read a value as another, such as country:29=PL. Again for more.")
@click.option("--day-first/--month-first", "day_first", default=None, help="How to read 3/4/2026, where the file does not tell.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Move all days so that the last is this one.")
@click.option("--add", is_flag=True, help="Though sessions of these days are there already.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_store
def import_csv(store, file, key, given, values, day_first, until, add, dry_run, yes):
    """Bring the events of a CSV FILE (gzip too) into the site KEY as its history; a row is a page view or an event.

    A running server goes on taking events, and shows them once the FILE is in. The same FILE, read the same way, comes in once; when it was interrupted, it goes on where it was.
    """
    site = site_of(store, key)
    data = _bytes(file)
    ways, readings = sheet_reader.given(given, history_rows.FIELDS), _values(values)
    digest = history.digest(data, [sorted(ways.items()), sorted(readings.items()), day_first, str(until or "")])
    state = history.state(store, site, digest)
    if state.done:
        click.echo("This file is in already; nothing is added.")
        return
    found = history_rows.read(sheet_reader.read(data), site, ways, readings, day_first, until and until.date())
    click.echo(said(found, site))
    if not state.messages and not add:
        refuse_days_twice(store, site, found)
    if dry_run or not found.sent:
        return
    if not yes:
        click.confirm(f"Bring {found.rows} rows into {key}?", abort=True)
    with given_way(store.path.parent), click.progressbar(length=len(found.sent) - state.messages, label="Messages", file=sys.stderr) as bar:
        count = history.load(store, site, found, digest, bar.update)
    audit.record(store, None, "imported", f"{key} {file.name}: {found.rows} rows of events")
    click.echo(f"{count} messages are in." + (f" {state.messages} were in before." if state.messages else ""))


def refuse_days_twice(store, site, found):
    """Raises Problem when the site has sessions on the days of a History: its rows would count beside them."""
    start, end = day_start(day_of(found.first_at, site.zone), site.zone), day_start(day_of(found.last_at, site.zone) + 1, site.zone)
    there = store.ask("collector/sessions_between", site=site.id, start=start, end=end)[0].sessions if found.sent else 0
    if there:
        raise Problem(f"file: {site.key} has {there} sessions on these days already; --add adds to them all the same")


def said(found, site):
    """What a History would bring in, as lines."""
    lines = [f"Read: {', '.join(f'{name} = {way}' for name, way in found.columns.items())}"]
    if found.refused:
        lines.append(f"Refused: {len(found.refused)} rows")
        lines += [f"  row {number}: {error.field} {error.message}" for number, error in found.refused[:MOST_SHOWN]]
        lines += [f"  and {len(found.refused) - MOST_SHOWN} more"] if len(found.refused) > MOST_SHOWN else []
    wrong = [each for sent in found.sent for each in sent.refused]
    if wrong:
        lines.append(f"Would be listed as rejected events: {len(wrong)}, the first because {wrong[0].field} {wrong[0].why}")
    if found.untimed:
        lines.append(f"Without a time of day: {found.untimed} rows; they stand a second apart in the hour after noon, in their order")
    if found.sent:
        lines.append(f"Days: {date_of(day_of(found.first_at, site.zone))} to {date_of(day_of(found.last_at, site.zone))}, {site.timezone}")
    if found.sent and found.first_at < time.time() * 1000 - cleanup.EVENTS:
        lines.append("Sessions of more than 13 months ago are let go within the hour when a server runs, totals of more than 25 months ago too")
    lines.append(f"Would come in: {found.rows} rows of {found.visitors} visitors, in {len(found.sent)} messages")
    return "\n".join(lines)



def _values(typed):
    """{(field, text): another} of FIELD:FROM=TO as typed. Raises BadSheet."""
    found = {}
    for each in typed:
        name, colon, change = each.partition(":")
        old, sign, new = change.partition("=")
        if not colon or not sign or name not in history_rows.FIELDS:
            raise BadSheet("set", N_("%(typed)s is not understood; write FIELD:FROM=TO, such as country:29=PL"), typed=each[:60])
        found[name, old] = new
    return found


def _bytes(file):
    try:
        data = file.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError) as error:
        raise Problem(f"file: {getattr(error, 'strerror', None) or error}: {file}") from None
