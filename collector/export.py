"""netiv export: every event of a site with all that is known about it, as JSON lines or CSV; of one visitor, whatever erasing would take."""

import json
import sys
import time
from datetime import UTC, datetime
from itertools import chain

import click

from collector import audit, erase, period, sheet
from collector.cli import Problem, on_store, site_of
from collector.events import TYPES
from collector.visitor import Visitors

SESSIONS = 500  # read at once
NAMES = {number: name for name, number in TYPES.items()}
COLUMNS = tuple(("session_id visitor_id number at type view page name element label x y value detail started_at "
                 "source medium campaign channel referrer country language device browser os").split())  # of export.sql


@click.command()
@click.argument("key")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True,
              help="How it is written.")
@click.option("--period", "days", default="", help="Such as 30d or 2026-01-01..2026-03-31; everything when left out.")
@click.option("--visitor", type=int, help="Only this visitor's id, as it stands in the export; with contacts outside the page.")
@click.option("--customer", help="Your own id of a customer, in place of the visitor's.")
@click.option("--output", type=click.File("w", encoding="utf-8", lazy=True), default="-",
              help="A file; else the terminal.")
@on_store
def export(store, key, form, days, visitor, customer, output):
    """Write every event of the site KEY, one a line.

    Times are UTC; amounts are minor units of the site's currency. A session is
    exported whole when it began in the period.
    """
    site = site_of(store, key)
    if visitor is not None and customer is not None:
        raise Problem("visitor: say one, by the id of the export or by --customer")
    if customer is not None:
        visitor = Visitors(store.path.parent / "keys").customer(site, customer)
    when = period.parse(days, site, int(time.time() * 1000)) if days else None
    visitors = None if visitor is None else json.dumps(erase.ids_of(store, site, visitor))
    asked = {"site": site.id, "visitors": visitors, "until": when.end_session if when else (1 << 63) - 1}
    after = when.first_session - 1 if when else -1
    write = {"jsonl": _json_lines, "csv": _csv}[form]
    audit.record(store, None, "exported", f"{key} {days or 'everything'}{f' visitor {visitor}' if visitor is not None else ''}")
    outside = [] if visitor is None else erase.outside(store, site, visitor)
    write(output, chain(_events(store, asked, after),
                        (_contact(row) for row in outside if not when or when.start <= row.at < when.end)))


def _events(store, asked, after):
    """Events as dicts, with a progress bar where the terminal shows one."""
    total = store.ask("collector/session_count", after=after, **asked)[0].sessions
    with click.progressbar(length=total, label="sessions", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        while rows := store.ask("collector/export", after=after, sessions=SESSIONS, **asked):
            yield from map(_readable, rows)
            after = rows[-1].session_id
            bar.update(len({row.session_id for row in rows}))


def _readable(row):
    event = row._asdict()
    event["type"] = NAMES[row.type]
    event["at"], event["started_at"] = _moment(row.at), _moment(row.started_at)
    event["detail"] = json.loads(row.detail) if row.detail else None
    return event


def _contact(row):
    """A contact outside the page, or a real order, as a line among events: its kind is the name."""
    return dict.fromkeys(COLUMNS) | {
        "visitor_id": row.person, "at": _moment(row.at), "type": "order" if row.kind == "order" else "contact", "name": row.kind,
        "value": row.value, "detail": {"note": row.note} if row.note else None}


def _json_lines(output, events):
    for event in events:
        output.write(json.dumps({name: value for name, value in event.items() if value not in (None, "")},
                                ensure_ascii=False) + "\n")


def _csv(output, events):
    writer = None
    for event in events:
        if writer is None:
            writer = sheet.writer(output)
            writer.writerow(event)
        event["detail"] = json.dumps(event["detail"], ensure_ascii=False) if event["detail"] else ""
        writer.writerow([sheet.cell(value) for value in event.values()])


def _moment(at):
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
