"""netiv export: every event of a site with all that is known about it, as JSON lines or CSV."""

import json
import sys
import time
from datetime import UTC, datetime

import click

from collector import audit, period, sheet
from collector.cli import on_store, site_of
from collector.events import TYPES

SESSIONS = 500  # read at once
NAMES = {number: name for name, number in TYPES.items()}


@click.command()
@click.argument("key")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True,
              help="How it is written.")
@click.option("--period", "days", default="", help="Such as 30d or 2026-01-01..2026-03-31; everything when left out.")
@click.option("--visitor", type=int, help="Only this visitor's id, as it stands in the export.")
@click.option("--output", type=click.File("w", encoding="utf-8", lazy=True), default="-",
              help="A file; else the terminal.")
@on_store
def export(store, key, form, days, visitor, output):
    """Write every event of the site KEY, one a line.

    Times are UTC; amounts are minor units of the site's currency. A session is
    exported whole when it began in the period.
    """
    site = site_of(store, key)
    when = period.parse(days, site, int(time.time() * 1000)) if days else None
    asked = {"site": site.id, "visitor": visitor, "until": when.end_session if when else (1 << 63) - 1}
    after = when.first_session - 1 if when else -1
    write = {"jsonl": _json_lines, "csv": _csv}[form]
    audit.record(store, None, "exported", f"{key} {days or 'everything'}{f' visitor {visitor}' if visitor else ''}")
    write(output, _events(store, asked, after))


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
