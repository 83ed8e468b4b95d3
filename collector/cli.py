"""The command line. wsgi adds the commands of the other rooms."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def netiv():
    """Netiv: see the path your customers take."""
