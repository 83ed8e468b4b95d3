"""netiv verify: does a reviewer's packet say what its raw counts come to?"""

import click

from collector.cli import Problem
from collector.fields import BadField
from experiments import packet


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), metavar="PACKET")
def verify(file):
    """Judge the raw counts of PACKET once more and say whether it agrees (- for the standard input).

    Needs no server and no data directory. Exit code 1 when it does not agree: the first number that
    differs is named.
    """
    try:
        found = packet.verify(file.read())
    except BadField as error:
        raise Problem(f"{error.field} {error.message}") from error
    if not found.agrees:
        path, said, computed = found.difference
        click.echo("It does not agree: the page's text or pictures are not those that Netiv wrote." if path == "page" else f"It does not agree: {path} is {said} in the packet, and the raw counts come to {computed}.")
        raise SystemExit(1)
    click.echo(f"{found.key}: it agrees. {found.numbers} numbers computed again from the raw counts; the verdict is: {found.verdict}.")
