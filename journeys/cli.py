"""netiv report: any report in the terminal, or into a file."""

from textwrap import fill

import click

from collector.cli import on_store, site_of
from collector.fields import N_
from journeys import render
from journeys.options import BadOption
from journeys.reports import FORMER, REPORTS, asked

FORMATS = {"table": render.to_table, "json": render.to_json, "csv": render.to_csv}
HELP = "Print the report NAME: what its page shows.\n\n\b\n" + fill(f"NAME is one of {', '.join(REPORTS)}.", 70)


@click.command(help=HELP)
@click.argument("name", type=click.Choice([*REPORTS, *FORMER]), metavar="NAME")
@click.option("--site", "key", required=True, metavar="KEY", help="The site's key, as in its snippet.")
@click.option("--period", default="", help="today, yesterday, 7d, 30d (default), 90d, month, last-month, year, "
                                           "a date, or 2026-03-01..2026-03-31.")
@click.option("--filter", "filters", multiple=True, metavar="KEY=VALUE",
              help="Only such sessions, such as source=google or 'page=/blog/*'. Again for more.")
@click.option("--option", "options", multiple=True, metavar="KEY=VALUE",
              help="An option of the report, such as by=channel or limit=20. Again for more.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="table", show_default=True,
              help="How it is written.")
@click.option("--output", type=click.File("w", encoding="utf-8", lazy=True), default="-", help="A file; else the terminal.")
@on_store
def report(store, name, key, period, filters, options, form, output):
    site = site_of(store, key)
    args = {"period": [period]}
    for typed in (*filters, *options):
        each, sign, value = typed.partition("=")
        if not sign:
            raise BadOption(each, N_("has no value; write it as %(typed)s=VALUE"), typed=each)
        args.setdefault(each, []).append(value)
    output.write(FORMATS[form](asked(store, site, name, args), site))
