"""netiv bench: what there is to measure with."""

import click

from bench.fill import fill
from bench.reports import reports


@click.group()
def bench():
    """Speed: fill a large site, and measure reports on it."""


bench.add_command(fill)
bench.add_command(reports)
