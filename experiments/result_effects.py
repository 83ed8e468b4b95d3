"""Effects of a result as rows on one common axis: the metrics by treatment, the guardrails, segments and days since the first exposure.

Colour comes in after the rule has decided, never before.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import locale
from collector.fields import N_
from experiments import plots, sentences
from experiments.guardrails import BROKEN, HOLDS
from experiments.result_health import SEGMENTS, segment_name
from experiments.words import ATTENTION, BAD, GOOD, PLAIN

GUARDS = {HOLDS: N_("Holds"), "unsure": N_("Not shown yet"), BROKEN: N_("Broken")}


@dataclass(frozen=True)
class Bar:
    """An interval on an axis, in percent of its width; an end that lies beyond the axis is cut."""

    low: float
    high: float
    at: float | None
    cut_low: bool
    cut_high: bool
    margin: float | None = None

    @property
    def width(self):
        return round(self.high - self.low, 2)


@dataclass(frozen=True)
class Row:
    """One line of a table of effects. Texts are ready to be printed; `bar` is None where there is no interval."""

    name: object
    n: str = ""
    value: str = ""
    value_between: str = ""
    change: str = ""
    difference: str = ""
    between: str = ""
    bar: Bar | None = None
    tag: str = ""
    tone: str = PLAIN
    notes: tuple = ()


@dataclass(frozen=True)
class Effects:
    """Rows on one common axis: its ticks are pairs (percent, text), `zero` where no difference is."""

    rows: tuple
    ticks: tuple
    zero: float
    level: str = ""


def primary(findings, names):
    """The Effects of the primary metric, of what has a `result`, an `experiment`, `fired` and `metric`."""
    judged = findings.result.primary
    return _effects(findings, names, judged, _axis([judged]), lambda effect: _tone(findings, effect))


def guardrails(findings, names):
    """One Effects whose rows are the guardrails × the treatments."""
    guardrails = findings.result.guardrails
    if not guardrails:
        return None
    several = len(findings.case.variants) > 2
    ends = [each.relative for judged in guardrails for effect in judged.effects if (each := _shown(effect)) and each.relative]
    margins = [_margin(judged, guard) for judged in guardrails for guard in judged.guards]
    axis = plots.clipped([*ends, *((margin, -margin) for margin in margins)], 12)
    rows = []
    for judged in guardrails:
        kind = findings.metric(judged.key).kind
        for effect, guard, value in zip(judged.effects, judged.guards, judged.values[1:], strict=True):
            name = sentences.filled(N_("%(metric)s in %(variant)s"), metric=names.metric(judged.key), variant=names.variant(effect.variant)) \
                if several else names.metric(judged.key)
            tone = ({HOLDS: GOOD, BROKEN: BAD}.get(guard.state, ATTENTION)) if findings.fired else PLAIN
            margin = _margin(judged, guard)
            notes = [_("Allowed: %(margin)s", margin=sentences.relative(margin))]
            if guard.worst is not None:
                notes.append(_("at worst %(worst)s", worst=sentences.relative(guard.worst)))
            rows.append(Row(name, locale.number(value.n), sentences.amount(value.value, kind),
                            _("control %(value)s", value=sentences.amount(judged.values[0].value, kind)),
                            sentences.relative(effect.relative), sentences.difference(effect.difference, kind),
                            sentences.between(_shown(effect).relative) if _shown(effect) else "",
                            _bar(_shown(effect).relative if _shown(effect) else None, effect.relative, axis, margin), _(GUARDS[guard.state]), tone,
                            tuple([*notes, *(sentences.reason(each, names) for each in effect.why)])))
    return Effects(tuple(rows), _ticks(axis), axis.at(0), "")


def _margin(judged, guard):
    return guard.margin if judged.direction == "down" else -guard.margin


def secondary(findings, names):
    secondary = findings.result.secondary
    axis = _axis(secondary) if secondary else None

    def tone(effect, judged):
        if not (findings.fired and effect.notable):
            return PLAIN
        return GOOD if (effect.difference > 0) == (judged.direction == "up") else BAD

    return tuple((names.metric(judged.key), _effects(
        findings, names, judged, axis, lambda effect, judged=judged: tone(effect, judged),
        lambda effect: _("notable") if effect.notable else "")) for judged in secondary)


def others(findings, names):
    """Other readings of a metric: not capped, adjusted."""
    if not findings.others:
        return ()
    axis = _axis([judged for _how, judged in findings.others])
    titles = {"uncapped": N_("%(metric)s, without the cap"),
              "adjusted": N_("%(metric)s of returning visitors, adjusted by what the same visitors did in the 30 days before")}
    return tuple((sentences.filled(titles[how], metric=names.metric(judged.key)), _effects(findings, names, judged, axis, lambda effect: PLAIN))
                 for how, judged in findings.others)


def by_chance(findings, names):
    return next((sentences.reason(each, names) for each in findings.result.warnings if each.code == "by_chance"), "")


def segments(findings, names):
    kinds = dict.fromkeys(each.kind for each in findings.segments)
    axis = plots.clipped([pair for each in findings.segments for pair in each.intervals], 2.5)
    several = len(findings.case.variants) > 2
    found = []
    for kind in kinds:
        rows = []
        for segment in (each for each in findings.segments if each.kind == kind):
            for variant, change, interval in zip(findings.case.variants[1:], segment.changes, segment.intervals, strict=True):
                name = segment_name(kind, segment.name)
                if several:
                    name = pair(name, names.variant(variant))
                rows.append(_exploratory(name, sum(segment.visitors), change, interval, axis))
        found.append((_(SEGMENTS[kind]), Effects(tuple(rows), _ticks(axis), axis.at(0), locale.percent(0.95))))
    return tuple(found)


def since(findings, names):
    """Rows (days, [(rate, visitors)] by variant, Row of each treatment)."""
    found = [each for each in findings.since if sum(each.visitors)]
    axis = plots.clipped([pair for each in found for pair in each.intervals if pair])
    rows = []
    for each in found:
        for index, (change, interval) in enumerate(zip(each.changes, each.intervals, strict=True), start=1):
            days = _("Within %(days)s days", days=locale.number(each.days + 1)) if each.days else _("On the first day")
            name = days if len(each.visitors) == 2 else pair(days, names.variant(findings.case.variants[index]))
            rows.append(_exploratory(name, each.visitors[0] + each.visitors[index], change, interval, axis))
    return (("", Effects(tuple(rows), _ticks(axis), axis.at(0), locale.percent(0.95))),) if rows else ()


def _exploratory(name, visitors, change, interval, axis):
    """A Row that decides nothing; without an interval it says that there is not enough."""
    if not interval:
        return Row(name, locale.number(visitors), notes=(_("Not enough data"),))
    return Row(name, locale.number(visitors), change=sentences.relative(change), between=sentences.between(interval), bar=_bar(interval, change, axis))


# -- one metric on its axis

def _effects(findings, names, judged, axis, tone, tag=lambda effect: ""):
    """The Effects of one metric: a row of the control, then one of each treatment."""
    kind = findings.metric(judged.key).kind
    control, *others = judged.values
    rows = [Row(names.control, locale.number(control.n), sentences.amount(control.value, kind), _own(control, kind), tag="" if names.is_control else _("control"))]
    for value, effect in zip(others, judged.effects, strict=True):
        interval = _shown(effect)
        rows.append(Row(
            names.variant(effect.variant), locale.number(value.n), sentences.amount(value.value, kind), _own(value, kind),
            sentences.relative(effect.relative), sentences.difference(effect.difference, kind),
            sentences.between(interval.relative) if interval and interval.relative else "",
            _bar(interval.relative if interval else None, effect.relative, axis),
            tag(effect), tone(effect), tuple(sentences.reason(each, names) for each in effect.why)))
    levels = {sentences.level(_shown(effect).alpha) for effect in judged.effects if _shown(effect)}
    return Effects(tuple(rows), _ticks(axis), axis.at(0), levels.pop() if len(levels) == 1 else "")


def _tone(findings, effect):
    return {"better": GOOD, "worse": BAD}.get(effect.verdict, PLAIN) if findings.fired or findings.result.verdict == "worse" else PLAIN


def _axis(several):
    """The common axis of some Judged metrics."""
    found = [_shown(effect) for judged in several for effect in judged.effects]
    return plots.clipped([interval.relative for interval in found if interval])


def _shown(effect):
    """The interval a row draws: the one that decides, else the one that holds however often one looks."""
    return effect.deciding or effect.always or effect.interval


def _own(value, kind):
    return sentences.between((value.low, value.high), lambda end: sentences.amount(end, kind)) if value.low is not None else ""


def _bar(ends, at, axis, margin=None):
    if not ends:
        return None
    low, high = ends
    return Bar(axis.at(low), axis.at(high), axis.at(at) if at is not None and axis.holds(at) else None, not axis.holds(low),
               not axis.holds(high), axis.at(margin) if margin is not None and axis.holds(margin) else None)


def _ticks(axis):
    return tuple((axis.at(tick), sentences.relative(tick) if tick else locale.percent(0)) for tick in axis.ticks)


def pair(one, other, between=", "):
    return sentences.Markup("{}{}{}").format(one, between, other)
