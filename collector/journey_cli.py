"""netiv journey: the stages and touchpoints of a site, from and to files, and their rules applied to the past."""

import json
import sys
import time

import click

from collector import audit, presets, stages, walks
from collector import journey_register as register
from collector.cli import Problem, on_store, site_of
from collector.day_work import DayWork
from collector.locks import free_lock

WHO = "command line"
SECONDS = 0.3  # between looks at the progress

site_option = click.option("--site", "site_key", required=True, metavar="KEY", help="The site's key, as in its snippet.")
key_option = click.option("--key", default="", metavar="JOURNEY", help="The journey's key; the site's first one when left out.")


@click.group()
def journey():
    """See and change the stages and touchpoints of a site's journey."""


@journey.command()
@site_option
@key_option
@on_store
def show(store, site_key, key):
    """Print a journey as JSON, as `apply` takes it."""
    click.echo(json.dumps(stages.as_dict(_of(store, site_of(store, site_key), key).journey), ensure_ascii=False, indent=1))


@journey.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@site_option
@on_store
def apply(store, file, site_key):
    """Take over the journey in FILE (JSON; - for the terminal): change the one with its key, or add it.

    All that is wrong in it is said at once, and then nothing is saved.
    """
    site = site_of(store, site_key)
    try:
        mapping = json.load(file)
    except ValueError as error:
        raise Problem(f"FILE: is no JSON: {error}") from None
    click.echo(_save(store, site, mapping))


@journey.command()
@click.argument("name", type=click.Choice(list(presets.STAGES)), metavar="NAME")
@site_option
@key_option
@on_store
def preset(store, name, site_key, key):
    """Begin with the preset NAME: shop (awareness to advocacy) or action (awareness to retention), with typical touchpoints."""
    mapping = stages.without_numbers(stages.as_dict(presets.preset(name, key=key or presets.KEY)))
    click.echo(_save(store, site_of(store, site_key), mapping))


@journey.command()
@click.argument("key", metavar="JOURNEY")
@site_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_store
def remove(store, key, site_key, yes):
    """Delete a journey, one of several, with all that was counted by it. What visitors did stays."""
    site = site_of(store, site_key)
    record = _of(store, site, key)
    if not yes:
        click.confirm(f"Delete the journey {record.key} of {site.domain} and all that was counted by it?", abort=True)
    register.remove(store, site, record.key)
    audit.record(store, None, "deleted journey", f"{site.key} {record.key}")
    click.echo(f"{record.key} is deleted.")


@journey.command()
@site_option
@key_option
@on_store
def refresh(store, site_key, key):
    """Apply the rules to the past, without the rests that the server takes, and wait until it is done.

    May be stopped at any time; what is done is done, and the server or the same command goes on.
    """
    site = site_of(store, site_key)
    record = _of(store, site, key)
    register.wish(store, record)
    done, days = walks.progress(store, site, record.id, record.journey)
    with free_lock(store.path.parent / "loader.lock") as is_free, \
            click.progressbar(length=days, label="days", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        own = DayWork(store) if is_free else None
        bar.update(done)
        while done < days:
            if own:
                own.some(SECONDS)
            else:
                time.sleep(SECONDS)
            before, (done, days) = done, walks.progress(store, site, record.id, record.journey)
            bar.update(max(done - before, 0))
        if own:
            own.finish()
    click.echo(f"The rules of {record.key} are applied to all {days} days with visits.")


def _of(store, site, key):
    record = register.by_key(store, site, key)
    if record is None:
        known = ", ".join(each.key for each in register.all_of(store, site)) or "none yet; `netiv journey preset` makes one"
        raise Problem(f"--key: {key or 'a journey'} is unknown; there are: {known}")
    return record


def _save(store, site, mapping):
    key = mapping.get("key") if isinstance(mapping, dict) else None
    known = {record.key for record in register.all_of(store, site)}
    record = register.change(store, site, key, mapping, None, WHO) if key in known else register.add(store, site, mapping, WHO)
    audit.record(store, None, "changed journey", f"{site.key} {record.key} version {record.version}")
    return f"Saved {record.key}, version {record.version}. The server applies its rules to the past; `netiv journey refresh` does so at once."
