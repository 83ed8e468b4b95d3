"""netiv bench: what there is to measure with."""

import click

from bench.fill import fill


@click.group()
def bench():
    """Speed: fill a large site to measure reports with."""


bench.add_command(fill)
