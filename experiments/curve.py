"""The power curve: which change so many weeks can find, as a picture."""

from flask_babel import gettext as _

from collector import locale
from experiments import drawn, plots
from experiments.drawn import Plot


def plot(rows, wanted):
    """The Plot of rows (weeks, visitors, smallest detectable relative change or None), with the `wanted` change as a line across."""
    changes = [change for _weeks, _visitors, change in rows]
    axis = plots.axis([*changes, wanted])
    at = [drawn.side(plots.place(index, len(rows))) for index in range(len(rows))]
    wide = 100 / len(rows)
    hovers = tuple((round(place - wide / 2, 2), round(wide, 2), _("%(weeks)s weeks: %(change)s", weeks=locale.number(weeks), change=locale.percent(change)))
                   for place, (weeks, _visitors, change) in zip(at, rows, strict=True))
    return Plot(
        _("What can be found in how many weeks"), tuple((round(100 - axis.at(tick), 2), locale.percent(tick)) for tick in axis.ticks),
        tuple((place, locale.number(weeks)) for place, (weeks, *_rest) in zip(at, rows, strict=True)),
        lines=(("v1", plots.line([None if change is None else axis.at(change) for change in changes], len(rows))),
               ("wanted", plots.line([axis.at(wanted)] * len(rows), len(rows)))),
        hovers=hovers, legend=(("v1", _("Smallest change found, by weeks")), ("wanted", _("The change you look for"))))
