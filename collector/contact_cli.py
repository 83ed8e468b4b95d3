"""netiv contacts and netiv orders: what happened outside the page, from a file into a site, and out again."""

import sys
from pathlib import Path

import click

from collector import audit, contacts, sheet_reader
from collector.cli import Problem, on_store, site_of
from collector.contact_rows import KINDS, TITLES
from collector.period import date_of

MOST_SHOWN = 40  # refused rows


@click.group("contacts")
def contacts_group():
    """Contacts outside the page: import, list, undo."""


@click.group("orders")
def orders_group():
    """Real orders, beside those that were tracked: import."""


def reading_options(command):
    """What both imports can be told."""
    for option in reversed((
            click.option("--site", "key", required=True, metavar="KEY", help="The site's key."),
            click.option("--map", "given", multiple=True, metavar="FIELD=COLUMN",
                         help=f"Which column a field is, where its title does not say so: {', '.join(TITLES)}. Again for more."),
            click.option("--day-first/--month-first", "day_first", default=None, help="How to read 3/4/2026, where the file does not tell."),
            click.option("--dry-run", is_flag=True, help="Only say what would happen."),
            click.option("--yes", is_flag=True, help="Do not ask."))):
        command = option(command)
    return click.argument("file", type=click.Path(allow_dash=True, path_type=Path))(command)


@contacts_group.command("import")
@reading_options
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), metavar="KIND",
              help=f"Of rows that do not say one: {', '.join(KINDS)}.")
@on_store
def import_contacts(store, file, key, given, day_first, dry_run, yes, kind):
    """Bring the contacts of a CSV FILE into a site, after saying what would happen; - is the standard input.

    Everything comes in at once or nothing does. Rows that cannot be taken are named with the reason.
    """
    bring(store, site_of(store, key), "contacts", file, given, day_first, dry_run, yes, kind)


@orders_group.command("import")
@reading_options
@on_store
def import_orders(store, file, key, given, day_first, dry_run, yes):
    """Bring the real orders of a CSV FILE into a site, after saying what would happen; - is the standard input.

    The report `orders` then says how many of them were tracked. Taken out again by `netiv contacts undo`.
    """
    bring(store, site_of(store, key), "orders", file, given, day_first, dry_run, yes)


@contacts_group.command("list")
@click.argument("key")
@on_store
def list_imports(store, key):
    """List what was brought into the site KEY: number, what, rows, days, file, and whether it was undone."""
    for each in contacts.imports(store, site_of(store, key), limit=1000):
        state = "undone" if each.undone_at else f"{each.kept} rows"
        click.echo(f"{each.id}\t{each.what}\t{state}\t{date_of(each.first_day)}..{date_of(each.last_day)}\t{each.file}\t{each.who}")


@contacts_group.command("undo")
@click.argument("key")
@click.argument("number", type=int)
@on_store
def undo(store, key, number):
    """Take the import NUMBER of contacts or orders out of the site KEY again."""
    gone = contacts.undo(store, site_of(store, key), number, "")
    if gone is None:
        raise Problem(f"number: {key} has no import {number}; `netiv contacts list {key}` shows which there are")
    audit.record(store, None, "undid import", f"{key} {number}: {gone.kept} {gone.what}")
    click.echo(f"{gone.kept} {gone.what} are out again.")


def bring(store, site, what, file, given, day_first, dry_run, yes, kind=""):
    """Says what a file would bring in, and brings it in unless told otherwise."""
    sheet = sheet_reader.read(_bytes(file))
    plan = contacts.look(store, site, sheet, what, kind, day_first, sheet_reader.given(given, TITLES))
    click.echo(said(plan, contacts.joined(store, site, plan)))
    if dry_run or not plan.rows:
        return
    if not yes:
        click.confirm(f"Bring {len(plan.rows)} {what} into {site.key}?", abort=True)
    made = contacts.bring_in(store, site, plan, "", "" if str(file) == "-" else file.name)
    audit.record(store, None, "imported", f"{site.key} {made.id}: {made.rows} {what}")
    click.echo(f"Import {made.id}: {made.rows} {what} are in. `netiv contacts undo {site.key} {made.id}` takes them out again.")



def said(plan, joined):
    """A Plan as lines for the terminal."""
    lines = [f"Columns: {', '.join(f'{name} = {title}' for name, title in plan.columns.items())}"]
    if plan.unread:
        lines.append(f"Not read: {', '.join(plan.unread)}")
    for heading, found in (("Refused", plan.refused), ("Noted", plan.remarks)):
        if found:
            lines.append(f"{heading}: {len(found)} rows")
            lines += [f"  row {each.number}: {each.error.field} {each.error.message}" for each in found[:MOST_SHOWN]]
            lines += [f"  and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else []
    if joined.of_people:
        lines.append(f"Customers seen on the site: {joined.people} of {joined.of_people}")
    if joined.of_codes:
        lines.append(f"Codes seen on the site: {joined.codes} of {joined.of_codes}; tracked purchases: {joined.tracked}")
    lines.append(f"Would come in: {len(plan.rows)} {plan.what}")
    return "\n".join(lines)


def _bytes(file):
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise Problem(f"file: {error.strerror}: {file}") from None
