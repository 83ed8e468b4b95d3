"""make bench-statistics: runs every check and writes its table into docs/statistics.md.

    python -m bench.statistics                       all of it, 10,000 experiments a cell
    python -m bench.statistics peeking power         some of it
    python -m bench.statistics --experiments 1000    quicker and rougher

Seeds are fixed: the same numbers come out again.
"""

import re
import sys
import time
from pathlib import Path

import click
import numpy
import scipy

from bench.statistics.checks import CHECKS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "statistics.md"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(CHECKS)))
@click.option("--experiments", default=10_000, show_default=True, help="Experiments a cell.")
@click.option("--write/--no-write", default=True, help="Write the tables into docs/statistics.md.")
def main(names, experiments, write):
    """Simulates experiments and decides them by the product's own rule."""
    failed = 0
    for name in names or CHECKS:
        check, bound, times = CHECKS[name]
        began = time.monotonic()
        rows = list(check(experiments * times, lambda part, began=began, name=name: progress(name, part, began)))
        click.echo("", err=True)
        text = table(check, bound, rows, experiments * times, time.monotonic() - began)
        failed += sum(row.holds is not None and not row.holds for row in rows)
        click.echo(f"== {name}\n\n{text}\n")
        if write:
            put(name, text)
    click.echo(f"{failed} rows do not keep their bound." if failed else "Every row keeps its bound.")


def progress(name, part, began):
    left = (time.monotonic() - began) * (1 - part) / part / 60
    click.echo(f"\r{name}: {part:4.0%}, about {left:.1f} minutes left ", nl=False, err=True)


def table(check, bound, rows, experiments, seconds):
    """A check's rows as Markdown."""
    names = list(rows[0].figures)
    lines = [["cell", *names, "± (standard error)", ""], ["---"] * (len(names) + 3)]
    lines += [[row.cell, *(shown(row.figures[name]) for name in names), "–" if row.error is None else f"{row.error:.4f}",
               {True: "holds", False: "**does not hold**", None: ""}[row.holds]] for row in rows]
    each = f"{experiments:,} tables" if check.__name__ == "coherence" else f"{experiments:,} experiments a cell"
    return (f"{' '.join(check.__doc__.split())} Must hold: {bound}.\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)
            + f"\n\n{each}, {seconds:.0f} s, Python {sys.version.split()[0]}, numpy {numpy.__version__}, scipy {scipy.__version__}.")


def shown(value):
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.1f}" if value > 2 else f"{value:.4f}" if value < 0.1 else f"{value:.3f}"


def put(name, text, page=PAGE):
    """Writes a table between its two markers."""
    old = page.read_text(encoding="utf-8")
    new, found = re.subn(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda match: f"{match[1]}\n{text}\n\n{match[2]}", old, flags=re.S)
    if not found:
        raise click.ClickException(f"docs/statistics.md has no place <!-- {name} --> … <!-- /{name} -->")
    page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
