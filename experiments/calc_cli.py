"""The command line: netiv calc."""

import json

import click

from collector.cli import Problem
from experiments.calculator import calculate
from experiments.reading import BadExperiment


class Unreadable(Problem):
    """The input cannot be read; says where."""

    exit_code = 2


@click.command("calc")
@click.argument("file", type=click.File("rb"))
def calc(file):
    """Judge a test that ran elsewhere: a JSON file of one case or a list, or - for standard input; prints JSON.

    Nothing is printed unless all of it could be read; then the exit code is 2 and
    the places are named.
    """
    try:
        click.echo(json.dumps(calculate(file.read().decode("utf-8-sig")), indent=2, ensure_ascii=False, allow_nan=False))
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8") from None
    except BadExperiment as error:
        raise Unreadable("\n       ".join(map(str, error.errors))) from None
