"""The pictures of a result with the words on them: plots.py says where, this says what stands there.

Time runs in the direction of reading; the axis of an effect always has less on its left, as every
number line has.
"""

from dataclasses import dataclass
from datetime import date
from math import sqrt

from babel import dates
from flask_babel import get_locale
from flask_babel import gettext as _

from collector import locale
from collector.frame import whole_money
from collector.period import EPOCH, date_of
from experiments import plots, sentences
from experiments.sequential import END
from experiments.srm import BLOCKS
from experiments.statistics.curves import critical


@dataclass(frozen=True)
class Plot:
    """A picture in a box of 100 × 100. Places are percent, y downwards as SVG has it.

    `lines` are (class, path), `bands` paths; `columns` (class, x, width, y, height);
    `hovers` (x, width, what is said there), one for each day or column; `zero` is where its line
    stands, or None; `legend` names the classes, (class, name).
    """

    label: str
    ys: tuple  # (place, text)
    xs: tuple  # (place, text)
    lines: tuple = ()
    bands: tuple = ()
    note: str = ""
    columns: tuple = ()
    hovers: tuple = ()
    zero: float | None = None
    marks: tuple = ()  # vertical lines (x, text)
    legend: tuple = ()


def day_named(text):
    """The day of a date such as 2026-12-31, as days since 1970."""
    return date.fromisoformat(text).toordinal() - EPOCH


def effect(findings, names):
    """Pairs (name of the treatment, Plot of its change over the days, with the band that holds however often one looks)."""
    days = findings.days
    found = []
    for index, variant in enumerate(findings.case.variants[1:]) if len(days) > 1 else ():
        bands = [day.bands[index] for day in days]
        axis = plots.clipped([band for band in bands if band], widest=2)
        heights = [None if day.changes[index] is None or day.bands[index] is None else axis.at(day.changes[index]) for day in days]
        said = [f"{day_text(day.day)}: {sentences.relative(day.changes[index])} ({sentences.between(day.bands[index])})" if day.bands[index] else
                _("%(day)s: not enough data", day=day_text(day.day)) for day in days]
        found.append((names.variant(variant), Plot(
            _("Change against the control so far, day by day"), _ys(axis, sentences.relative), _xs(days),
            lines=(("v1", plots.line(heights, len(days))),),
            bands=(plots.band([axis.at(each[0]) if each else None for each in bands],
                              [axis.at(each[1]) if each else None for each in bands], len(days)),),
            hovers=_hovers(said), zero=round(100 - axis.at(0), 2), note=_note(findings.result))))
    return tuple(found)


def _note(result):
    """Why the verdict may say more than the band."""
    return _("The test at the planned end is one test, with an interval of its own above: it may be clear while the band is not.") \
        if result.stage == END else ""


def exposures(findings, names):
    """The Plot of visitors exposed each day, a line a variant; None with fewer than two days."""
    days = findings.days
    if len(days) < 2:
        return None
    axis = plots.axis([each for day in days for each in day.visitors])
    lines = tuple((f"v{index}", plots.line([axis.at(day.visitors[index]) for day in days], len(days)))
                  for index in range(len(findings.case.variants)))
    said = [f"{day_text(day.day)}: {' · '.join(locale.number(each) for each in day.visitors)}" for day in days]
    return Plot(_("Visitors exposed each day"), _ys(axis, locale.number), _xs(days), lines=lines, hovers=_hovers(said), legend=_keys(findings, names))


def balance(findings, names):
    """The Plot of how far each variant is from its planned part so far, with the band chance keeps within; None when weights changed."""
    days, weights = findings.days, findings.case.weights
    if len(days) < 2 or len(findings.epochs) > 1:
        return None
    live = [index for index, weight in enumerate(weights) if weight > 0]
    shares = {index: weights[index] / sum(weights) for index in live}
    smallest = min(shares.values())
    # wide enough that the whole picture is left by chance as rarely as the check of the split fails
    z = critical(BLOCKS / len(live))
    widths = [z * sqrt((1 - smallest) / (smallest * sum(day.total))) if sum(day.total) else None for day in days]
    off = {index: [day.total[index] / (share * sum(day.total)) - 1 if sum(day.total) else None for day in days] for index, share in shares.items()}
    reach = max([abs(each[-1]) for each in off.values()] + [2 * widths[-1]])
    axis = plots.axis([-reach, reach])
    lines = tuple((f"v{index}", plots.line([None if each is None else axis.at(each) for each in off[index]], len(days))) for index in live)
    said = [f"{day_text(day.day)}: {' · '.join(sentences.relative(off[index][at]) for index in live)}" for at, day in enumerate(days)]
    return Plot(_("Distance from the planned split so far"), _ys(axis, sentences.relative), _xs(days), lines=lines,
                bands=(plots.band([axis.at(-each) for each in widths], [axis.at(each) for each in widths], len(days)),),
                hovers=_hovers(said), zero=round(100 - axis.at(0), 2), legend=_keys(findings, names, live))


def revenue(findings, names):
    """(Plot of how many visitors brought how much, rows of its table) of the first revenue metric; None without one."""
    found = findings.revenue
    if not found or not found.bins:
        return None
    variants = len(findings.case.variants)
    visitors = [max(each, 1) for each in findings.case.visitors]
    axis = plots.axis([count / visitors[at] for each in found.bins for at, count in enumerate(each.counts)])
    wide = 100 / len(found.bins)
    columns, hovers, rows = [], [], []
    for at, each in enumerate(found.bins):
        name = _("%(low)s to %(high)s", low=whole_money(each.low), high=whole_money(each.high))
        for index, count in enumerate(each.counts):
            height = axis.at(count / visitors[index])
            columns.append((f"v{index}", round(at * wide + wide * (.1 + .8 * index / variants), 2), round(.8 * wide / variants, 2),
                            round(100 - height, 2), height))
        hovers.append((round(at * wide, 2), round(wide, 2), f"{name}: {' · '.join(locale.number(count) for count in each.counts)}"))
        rows.append((name, [locale.number(count) for count in each.counts]))
    xs = tuple((round(at * wide, 2), whole_money(found.bins[at].low)) for at in plots.every(len(found.bins), 5))
    marks = ((round(_place(found, wide), 2), _("cap %(cap)s", cap=whole_money(found.cap))),) if found.cap is not None else ()
    return {"name": names.metric(found.metric), "rows": tuple(rows), "plot": Plot(
        _("Visitors by what they brought, as a part of all who saw the variant"), _ys(axis, lambda share: locale.percent(share, 2)), xs,
        columns=tuple(columns), hovers=tuple(hovers), marks=marks, legend=_keys(findings, names))}


def _place(found, wide):
    """Where the cap stands among the bins."""
    for at, each in enumerate(found.bins):
        if found.cap < each.high:
            return wide * (at + max(0.0, (found.cap - each.low) / (each.high - each.low)))
    return 100.0


def _keys(findings, names, live=None):
    return tuple((f"v{index}", names.variant(variant)) for index, variant in enumerate(findings.case.variants) if live is None or index in live)


def _ys(axis, said):
    return tuple((round(100 - axis.at(tick), 2), said(tick)) for tick in axis.ticks)


def _xs(days):
    return tuple((side(plots.place(at, len(days))), day_text(days[at].day)) for at in plots.every(len(days), 5))


def _hovers(said):
    wide = 100 / len(said)
    places = [plots.place(at, len(said)) for at in range(len(said))]
    return tuple((round(side(place) - wide / 2, 2), round(wide, 2), text) for place, text in zip(places, said, strict=True))


def side(place):
    """Time runs from right to left where one reads so."""
    return round(100 - place, 2) if locale.direction() == "rtl" else place


def day_text(day):
    text = dates.format_skeleton("MMMd", date_of(day), locale=get_locale())
    return f"\u2067{text}\u2069" if locale.direction() == "rtl" else text
