"""netiv experiment: what the pages of experiments do, from a terminal, and TOML files kept in a repository."""

import json
import sys
import time
from datetime import datetime

import click

from collector import money, points, recount
from collector.cli import Problem, on_store, site_of
from collector.loader import Loader
from collector.prepare import secret
from experiments import definition, files, launch, preview, register, result_render, results, shapes

WHO = "command line"

of_site = click.option("--site", "site_key", required=True, metavar="KEY", help="The site's key, as in its snippet.")
which = click.argument("key", metavar="EXPERIMENT")


@click.group()
def experiment():
    """Experiments: list, show, check, apply, preview, start, pause, resume, stop, decide, archive, recount, remove."""


@experiment.command("list")
@of_site
@click.option("--search", default="", help="Only those that hold all of these words.")
@click.option("--state", "states", multiple=True, type=click.Choice(definition.STATES), help="Only in this state. Again for more.")
@on_store
def list_all(store, site_key, search, states):
    """List the experiments of a site: key, state, name, latest first."""
    for record in register.all_of(store, site_of(store, site_key), search, states or definition.STATES):
        click.echo(f"{record.key}\t{record.state}\t{record.experiment.name}")


@experiment.command()
@which
@of_site
@click.option("--format", "form", type=click.Choice(["toml", "json"]), default="toml", show_default=True,
              help="TOML is the definition, as `apply` takes it; JSON has epochs and history too.")
@click.option("--history", "with_history", is_flag=True, help="Print what was done to it instead.")
@on_store
def show(store, key, site_key, form, with_history):
    """Print EXPERIMENT: its definition, ready for a file of yours."""
    site = site_of(store, site_key)
    record = _record(store, site, key)
    if with_history:
        for line in register.history(store, record):
            at = datetime.fromtimestamp(line.at / 1000, site.zone)
            click.echo(f"{at:%Y-%m-%d %H:%M}  {line.who}  {line.action}  {json.dumps(line.detail, ensure_ascii=False)}")
    elif form == "json":
        click.echo(json.dumps(shapes.whole(store, record), ensure_ascii=False, indent=2))
    else:
        click.echo(files.write(record.experiment), nl=False)


@experiment.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@of_site
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--point", default="", metavar="NUMBER", help="The pain point that it is for, as `netiv pain list` numbers it: the backlog names the experiment.")
@on_store
def apply(store, file, site_key, dry_run, point):
    """Make the experiment in the store what the TOML FILE says (- for the standard input), and show the difference.

    A key that is not there yet becomes a draft. Nothing is started or stopped.
    """
    site = site_of(store, site_key)
    mapping, number = files.read(file.read()), points.read(store, site, point)
    wanted = definition.read(mapping, site.domain)
    record = register.by_key(store, site, wanted.key)
    if record is None:
        lines = [f"+ {line}".rstrip() for line in files.write(wanted).splitlines()]
    else:
        lines = list(files.shown(definition.differences(record.experiment, wanted)))
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"{wanted.key} is like that already.")
        if number and not dry_run:
            points.named(store, site, number, wanted.key, WHO)
        return
    if record:
        definition.check_change(record.state, record.experiment, wanted)
    if dry_run:
        click.echo("Nothing was saved.")
        return
    changed = register.change(store, site, record.key, mapping, record.version, WHO) if record \
        else register.add(store, site, mapping, WHO)
    if number:
        points.named(store, site, number, changed.key, WHO)
    click.echo(f"{changed.key} is saved as version {changed.version}.{_about_epoch(store, changed, record)}")


@experiment.command()
@which
@of_site
@on_store
def check(store, key, site_key):
    """Say what stands in the way of starting EXPERIMENT, and what its metrics came to in the last 30 days.

    Exit code 1 when anything does.
    """
    site = site_of(store, site_key)
    found = launch.check(store, site, _record(store, site, key))
    click.echo(f"visitors a day: {found.visitors_a_day:.0f}")
    for each in found.tried:
        value, deviation = (_said(each.metric.kind, number, site) for number in (each.value, each.deviation))
        click.echo(f"metric {each.metric.key}: {value}, deviation {deviation}, n = {each.n}")
    for name, errors in (("warning", found.warnings), ("BLOCKER", found.blockers)):
        for error in errors:
            click.echo(f"{name}  {error.field} {error.message}")
    if found.blockers:
        raise SystemExit(1)
    click.echo("Nothing stands in its way.")


@experiment.command("preview")
@which
@of_site
@click.option("--page", default="", help="A path or address of the site; else the beginning of the experiment's first path.")
@click.option("--url", envvar="NETIV_URL", default="http://127.0.0.1:8000", metavar="URL",
              help="Where Netiv is, for a demo or a site of this machine.")
@on_store
def previews(store, key, site_key, page, url):
    """Print a signed link to each variant of EXPERIMENT on the live page, good for 7 days and never counted."""
    signed_by = secret(store.path.parent)
    if not signed_by:
        raise Problem("--data: holds no secret to sign links with; `netiv serve` makes one")
    site = site_of(store, site_key)
    for variant, address in preview.links(signed_by, site, _record(store, site, key).experiment, page, url):
        click.echo(f"{variant.key}\t{address}")


@experiment.command()
@which
@of_site
@click.option("--unchecked", is_flag=True, help="Do not look at traffic, pages and other tests; the history says so.")
@on_store
def start(store, key, site_key, unchecked):
    """Start EXPERIMENT when nothing stands in its way."""
    site = site_of(store, site_key)
    record = register.start(store, site, key, WHO, unchecked=True) if unchecked else launch.start(store, site, key, WHO)
    click.echo(f"{key} is {record.state}.")


def _step(name, step, text):
    """A command that takes an experiment to its next state."""
    @experiment.command(name, help=text)
    @which
    @of_site
    @on_store
    def command(store, key, site_key):
        record = step(store, site_of(store, site_key), key, WHO)
        click.echo(f"{key} is {record.state}.")


_step("pause", register.pause, "Pause EXPERIMENT: nobody is assigned until it is resumed.")
_step("resume", register.resume, "Resume EXPERIMENT after a pause.")
_step("stop", register.stop, "Stop EXPERIMENT for good: everybody sees the control.")
_step("archive", register.archive, "Archive EXPERIMENT, after its decision.")


@experiment.command()
@which
@click.argument("decision", type=click.Choice([name.replace("_", "-") for name in register.DECISIONS]))
@of_site
@click.option("--reason", required=True, help="Why, for those who read it in a year.")
@click.option("--variant", default="", help="Which variant is shipped, when there are several.")
@on_store
def decide(store, key, decision, site_key, reason, variant):
    """Write down what was decided after EXPERIMENT: ship, keep-control or rerun."""
    record = register.decide(store, site_of(store, site_key), key, WHO, decision.replace("-", "_"), reason, variant)
    click.echo(f"{key} is {record.state}.")


@experiment.command("recount")
@which
@of_site
@on_store
def count_anew(store, key, site_key):
    """Count the outcomes of EXPERIMENT anew from its visitors' events.

    A running server does the work between its other work; without one it is
    done here. Interrupted, it is finished by the next server.
    """
    record = _record(store, site_of(store, site_key), key)
    if record.started_at is None:
        raise Problem(f"experiment: {key} has not started; there is nothing to count")
    steps = recount.run(store, record.id, lambda: Loader(store, store.path.parent / "spool"))
    done, total = next(steps)
    with click.progressbar(length=total, label="visitors", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for latest, _ in steps:
            bar.update(latest - done)
            done = latest
    click.echo(f"{total} visitors of {key} are counted anew.")


@experiment.command()
@which
@of_site
@on_store
def remove(store, key, site_key):
    """Delete the draft EXPERIMENT."""
    register.remove(store, site_of(store, site_key), key, WHO)
    click.echo(f"{key} is deleted.")


@experiment.command()
@which
@of_site
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help="How it is written.")
@on_store
def result(store, key, site_key, form):
    """Print the result of EXPERIMENT: what its page shows."""
    site = site_of(store, site_key)
    found = results.result(store, site, _record(store, site, key), int(time.time() * 1000))
    if found is None:
        raise Problem(f"experiment: {key} has not started; it has no result")
    write, _kind = result_render.FORMATS[form]
    click.echo(write(found, site), nl=False)


def _record(store, site, key):
    record = register.by_key(store, site, key)
    if record is None:
        known = ", ".join(each.key for each in register.all_of(store, site)) or "none yet"
        raise Problem(f"experiment: {key} is unknown; there are: {known}")
    return record


def _about_epoch(store, changed, before):
    """A sentence when the weights of a running test changed."""
    epochs = register.epochs(store, changed)
    if not epochs or changed.experiment.weights == before.experiment.weights:
        return ""
    return f" Its weights changed: epoch {epochs[-1].number} begins, and what was counted before stands apart."


def _said(kind, number, site):
    """A rate as a fraction, money in the site's currency, a time in seconds."""
    if number is None:
        return "unknown"
    if kind in ("revenue", "order_value"):
        return f"{number / 10 ** money.EXPONENTS.get(site.currency, 2):.2f} {site.currency}"
    return f"{number / 1000:.0f} s" if kind == "time" else f"{number:.4g}"
