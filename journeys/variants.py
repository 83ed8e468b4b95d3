"""Variants of an experiment side by side, in reports on forms, funnels and abandonment: how each differs from the first, and who was shown several.

It is no verdict: these are sessions of some days, where the experiment's own
result counts each of its units once and from its first exposure on.
"""

from journeys import listing
from journeys.ask import sum_columns
from journeys.report import Column, N_

CROSSED = N_("Some sessions were shown several variants of the experiment. Each counts under the one it was shown first.")


def columns(title, definition):
    """Three Columns of a difference to the first variant. Takes its title and what it means, msgids."""
    return (Column("difference", title, "points", definition, interval=("difference_low", "difference_high")),
            Column("difference_low", N_("Difference, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
            Column("difference_high", N_("Difference, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")))


def compared(rows, side, part, whole):
    """The rows, each but that of the first variant with its difference to it: of rates, `part` out of `whole`, two names of columns.

    None where there is nothing to compare. Rows of another side come back as they are.
    """
    first = next((row for row in rows if row.value == side.control), None) if side.control else None
    if first is None:
        return rows
    return [row if row is first else row._replace(**dict(zip(
        ("difference", "difference_low", "difference_high"),
        listing.difference(getattr(row, part), getattr(row, whole), getattr(first, part), getattr(first, whole))))) for row in rows]


def said(store, site, period, filters, side):
    """(notes, parts of Report.extra) of a side. Takes the filters that it narrowed."""
    extra = {"experiment": side.experiment}
    if not side.control:
        return side.notes, extra
    from journeys import by_side  # not above: the server starts without numpy
    crossed = sum_columns(store, site, period, filters, by_side.Crossed(by_side.of(store, side)), key=0, order=())[0].several
    return (*side.notes, *((CROSSED,) if crossed else ())), extra | {"control": side.control, "crossed": crossed}
