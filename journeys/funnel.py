"""How many go on at each step of a way, how long that takes them, and where the others went instead.

The steps are those of the option `steps`, or of a saved funnel, by default the
first one. What a step is, and what strict and open order mean, says steps.py.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import parse_qs

from collector import filters as narrowing
from collector import period as periods
from collector import journey_register, segments
from collector.fields import BadField
from collector.filters import DIMENSIONS
from collector.quantile import quantile
from journeys import breakdown, funnel_filter, funnels, let_go, listing, sides, variants, walked
from journeys import steps as steps_of
from journeys.ask import session_count
from journeys.funnel_ask import any_session, counted
from journeys.funnel_plan import plan
from journeys.options import BadOption, Option, check
from journeys.report import Column, N_, Report

NAME = "funnel"
TITLE = N_("Funnel")
BY = (*(key for key in DIMENSIONS if key not in ("goal", "content", "term")), "variant")
OPTIONS = (
    Option("steps", (), N_("The steps, in order; those of a saved funnel when left out")),
    Option("saved", "", N_("The key of a saved funnel; the first when left out")),
    Option("order", "", N_("Order of the steps"), choices=funnels.ORDERS),
    Option("window", "", N_("How long the way may take: session, or such as 30m, 2h, 7d")),
    Option("by", "", N_("What to tell sessions apart by"), choices=BY),
    sides.EXPERIMENT,
    Option("against", "", N_("What to compare with: previous, another period, or filters such as device=mobile")),
    Option("limit", 8, N_("How many values to tell apart"), most=100),
)
MEANS = {
    "open": N_("Open order: a step may come any time after the step before, whatever lies between."),
    "strict": N_("Strict order: a step comes straight after the step before: no other page, and nothing else that this funnel asks for, lies between."),
    "session": N_("Counted are sessions that went the whole way within the session."),
    "visitors": N_("Counted are visitors, each once, who went the way within the time allowed, over several sessions if need be. "
                   "Those who did not agree to be remembered are known for one day."),
}
PART_LOOKED_AT = N_("Time between steps and next pages are read from an even part of the sessions; how many is printed beside them.")
NOBODY = N_("Nobody did this in these days.")
LEAST_TIMED = 5  # a median of fewer says nothing
NEXT = 6  # pages listed of those where people went instead
VALUE = Column("value", N_("Value"), "text", N_("What sessions are told apart by; empty for all together."))
LOW, HIGH = N_("Low end of the rate's interval of 95 % (Wilson)."), N_("High end of the rate's interval of 95 % (Wilson).")
STEPS = (
    Column("step", N_("Step"), "number", N_("Its place on the way, from 1.")),
    Column("name", N_("What happens"), "text", N_("The step as it is written: a page, or an event, goal, group, form or stage with its name.")),
    Column("sessions", N_("Reached"), "count", N_(
        "Sessions that came this far on the way. Visitors, each once, where the window is longer than a session.")),
    Column("of_before", N_("Of the step before"), "rate", N_("Reached out of those who reached the step before; the first step's out of all."),
           of="before", interval=("of_before_low", "of_before_high")),
    Column("before", N_("Reached the step before"), "count", N_("What the rate is out of; for the first step all sessions.")),
    Column("of_before_low", N_("Of the step before, low end"), "rate", LOW, of="before"),
    Column("of_before_high", N_("Of the step before, high end"), "rate", HIGH, of="before"),
    Column("of_first", N_("Of the first step"), "rate", N_("Reached out of those who reached the first step."), of="first",
           interval=("of_first_low", "of_first_high")),
    Column("first", N_("Reached the first step"), "count", N_("What the rate is out of.")),
    Column("of_first_low", N_("Of the first step, low end"), "rate", LOW, of="first"),
    Column("of_first_high", N_("Of the first step, high end"), "rate", HIGH, of="first"),
    Column("of_all", N_("Of all"), "rate", N_("Reached out of all sessions, or visitors, of the period."), of="everybody",
           interval=("of_all_low", "of_all_high")),
    Column("everybody", N_("All"), "count", N_("All sessions, or visitors, of the period that the filters leave.")),
    Column("of_all_low", N_("Of all, low end"), "rate", LOW, of="everybody"),
    Column("of_all_high", N_("Of all, high end"), "rate", HIGH, of="everybody"),
    Column("dropped", N_("Went no further"), "count", N_("Reached this step and not the next one.")),
    Column("dropped_rate", N_("Went no further, share"), "rate", N_("Those who went no further, out of those who reached this step."), of="sessions",
           interval=("dropped_low", "dropped_high")),
    Column("dropped_low", N_("Went no further, low end"), "rate", LOW, of="sessions"),
    Column("dropped_high", N_("Went no further, high end"), "rate", HIGH, of="sessions"),
    Column("time", N_("Time since the step before"), "seconds", N_("Median of those who took the step."), of="timed"),
    Column("slow", N_("Time of the slowest tenth"), "seconds", N_("Nine of ten took the step in this time or less."), of="timed"),
    Column("timed", N_("Times known"), "count", N_("How many the median is of.")),
    Column("note", N_("Note"), "words"),
)
COMPARED = (
    Column("other", N_("Reached, compared with"), "count", N_("The same of what it is compared with.")),
    Column("other_of_before", N_("Of the step before, compared with"), "rate", N_("The same of what it is compared with."), of="other_before",
           interval=("other_of_before_low", "other_of_before_high")),
    Column("other_before", N_("Reached the step before, compared with"), "count", N_("What the rate is out of.")),
    Column("other_of_before_low", N_("Of the step before, compared with, low end"), "rate", LOW, of="other_before"),
    Column("other_of_before_high", N_("Of the step before, compared with, high end"), "rate", HIGH, of="other_before"),
)
CHANGES = (
    Column("change", N_("Difference at the step"), "points", N_("Of the step before: this minus what it is compared with; of a variant, minus the first one."),
           interval=("change_low", "change_high")),
    Column("change_low", N_("Difference at the step, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("change_high", N_("Difference at the step, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
    Column("whole", N_("Difference from the first step"), "points", N_("Of the first step: this minus what it is compared with; of a variant, minus the first one."),
           interval=("whole_low", "whole_high")),
    Column("whole_low", N_("Difference from the first step, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("whole_high", N_("Difference from the first step, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
)
COLUMNS = (VALUE, *STEPS, *COMPARED, *CHANGES)


class Row(NamedTuple):
    value: str
    step: int
    name: str
    sessions: int
    of_before: float | None
    before: int | None  # None where all visitors of a value are not counted
    of_before_low: float | None
    of_before_high: float | None
    of_first: float | None
    first: int
    of_first_low: float | None
    of_first_high: float | None
    of_all: float | None
    everybody: int | None
    of_all_low: float | None
    of_all_high: float | None
    dropped: int
    dropped_rate: float | None  # None of the last step
    dropped_low: float | None
    dropped_high: float | None
    time: float | None  # seconds
    slow: float | None
    timed: int
    note: str  # a msgid
    other: int | None = None  # this and what follows: None unless compared
    other_of_before: float | None = None
    other_before: int | None = None
    other_of_before_low: float | None = None
    other_of_before_high: float | None = None
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    whole: float | None = None
    whole_low: float | None = None
    whole_high: float | None = None


class Next(NamedTuple):
    """Where those went who came to a step and no further."""

    step: int
    page: str  # "" for none: they left
    sessions: int
    looked: int  # of so many


@dataclass(frozen=True)
class Asked:
    """What is asked of each side of a comparison."""

    site: object
    plan: object
    longest: int | None
    side: object


def report(store, site, period, filters, **options):
    """extra: `funnel` (or None where the site has none yet), `went` by step, `against` when compared, what order and window mean."""
    options = check(OPTIONS, options)
    funnel = _funnel(store, site, options)
    if options["by"] and options["against"]:
        raise BadOption("against", N_("cannot stand beside by; compare two periods or segments, or tell values apart"))
    side, other = sides.read(store, site, options), _other(store, options["against"], site, period, filters)
    if funnel is None:
        return Report(NAME, TITLE, (*STEPS,), (), None, period, filters, extra={"funnel": None, "went": (), "found": 0})
    longest = steps_of.window(funnel.window)
    asked = Asked(site, plan(store, site, steps_of.read(funnel.steps), funnel.order == "strict"), longest, side)
    narrowed = side.narrowed(filters)
    found = counted(store, site, period, narrowed, asked.plan, longest, side)
    values = sorted(found.reached, key=lambda value: (-found.reached[value][0], value)) if side.by else [""]
    rows = [row for value in values[:options["limit"]] for row in _rows(store, asked, period, narrowed, found, value)]
    if other:
        before = counted(store, site, *other, asked.plan, longest)
        rows = [_compared(row, than) for row, than in zip(rows, _rows(store, asked, *other, before, ""))]
    if side.control:
        first = _rows(store, asked, period, narrowed, found, side.control)
        rows = [row if row.value == side.control else _apart(row, first[row.step - 1]) for row in rows]
    columns = ((replace(VALUE, filter=side.by),) if side.by else ()) + STEPS + (COMPARED if other else ()) + (CHANGES if other or side.control else ())
    notes, extra = variants.said(store, site, period, narrowed, side)
    return Report(NAME, TITLE, columns, tuple(rows), None, period, filters,
                  notes + ((PART_LOOKED_AT,) if found.every > 1 else ()) + _of_stages(store, site, period, narrowed, asked.plan), extra | {
        "funnel": funnel, "order_means": MEANS[funnel.order], "window_means": MEANS["session" if longest is None else "visitors"],
        "went": () if side.by else _next(found), "every": found.every, "found": len(values),
        "against": {"period": other[0], "filters": other[1]} if other else None})


def _of_stages(store, site, period, filters, asked):
    """What the reader must know of the journey whose stages are steps."""
    return walked.Walked(store, site, period, filters, journey_register.by_key(store, site)).said[0] if asked.journey else ()


def _funnel(store, site, options):
    """The Funnel that is asked for, with the order and window asked for; None where the site has none."""
    if options["steps"]:
        read = steps_of.read(options["steps"])
        funnels.refuse_unknown_forms(store, site, read)
        funnel = funnels.Funnel("", "", tuple(step.text for step in read))
    elif options["saved"]:
        funnel = funnels.by_key(store, site, options["saved"])
        if funnel is None:
            raise BadOption("saved", N_("%(typed)s is no saved funnel of this site"), typed=options["saved"][:40])
    else:
        funnel = next(iter(funnels.of(store, site)), None)
    changes = {name: options[name] for name in ("order", "window") if options[name]}
    if "window" in changes:
        steps_of.window(changes["window"])
    if funnel is None or all(getattr(funnel, name) == value for name, value in changes.items()):
        return funnel
    return replace(funnel, key="", **changes)  # no longer the saved one, whose sessions a filter knows


def _other(store, text, site, period, filters):
    """(period, filters) to compare with, or None. Filters asked for stand in the place of those with the same key."""
    if not text:
        return None
    try:
        if "=" in text:
            asked = segments.parse(store, site, parse_qs(text, keep_blank_values=True))
            keys = {key for key, _ in asked.terms}
            return period, narrowing.Filters(tuple(term for term in filters.terms if term[0] not in keys) + asked.terms,
                                             (*filters.named, *asked.named))
        other = period.previous() if text == "previous" else periods.parse(text, site, period.end - 1)
    except BadField as error:
        raise BadOption("against", error.text, **error.values) from None
    if let_go.kept(store, site, other) != other:
        raise BadOption("against", N_("reaches days of more than 13 months ago, whose sessions are not kept; compare with later ones"))
    return other, filters


def _rows(store, asked, period, filters, found, value):
    reached = found.reached.get(value, [0] * len(asked.plan.steps))
    walks = [walk for walk in found.walks if not asked.side.by or walk.value == value]
    everybody = _everybody(store, asked, period, filters, found, value)
    befores = [everybody, *reached]
    return [_row(value, number, step.text, reached, befores[number - 1], everybody, _waits(walks, number),
                 "" if sessions or asked.side.by or _happened(store, asked, period, filters, step) else NOBODY)
            for number, (step, sessions) in enumerate(zip(asked.plan.steps, reached), 1)]


def _everybody(store, asked, period, filters, found, value):
    """All sessions of a side, or all visitors; None where the visitors of each side are not counted."""
    if found.everybody is not None:
        return found.everybody.get(value, 0)
    if asked.longest is not None:
        return None
    if not asked.side.by:
        return session_count(store, asked.site, period, filters).sessions
    rows = breakdown.sums(store, asked.site, period, filters, asked.side)
    return next((row.sessions for row in rows if row.value == value), 0)


def _happened(store, asked, period, filters, step):
    return any_session(store, asked.site, period, filters, plan(store, asked.site, (step,), False))


def _waits(walks, number):
    """Milliseconds that the walks took from the step before, in order."""
    return sorted(walk.waits[number - 2] for walk in walks if 1 < number <= walk.furthest)


def _row(value, number, name, reached, before, everybody, waits, note):
    sessions, first = reached[number - 1], reached[0]
    dropped = sessions - reached[number] if number < len(reached) else 0
    share, _of, *ends = _rate(dropped, sessions if number < len(reached) else 0)
    known = len(waits) >= LEAST_TIMED
    return Row(value, number, name, sessions, *_rate(sessions, before), *_rate(sessions, first), *_rate(sessions, everybody),
               dropped, share, *ends, quantile(waits, 0.5) / 1000 if known else None, quantile(waits, 0.9) / 1000 if known else None,
               len(waits), note)


def _rate(part, whole):
    """(rate, out of, low, high)."""
    return listing.rate(part, whole), whole, *listing.wilson(part, whole)


def _compared(row, other):
    return _apart(row._replace(
        other=other.sessions, other_of_before=other.of_before, other_before=other.before,
        other_of_before_low=other.of_before_low, other_of_before_high=other.of_before_high), other)


def _apart(row, other):
    """The row with its differences to another of the same step."""
    return row._replace(
        **dict(zip(("change", "change_low", "change_high"), listing.difference(row.sessions, row.before, other.sessions, other.before))),
        **dict(zip(("whole", "whole_low", "whole_high"), listing.difference(row.sessions, row.first, other.sessions, other.first)
                   if row.step > 1 else (None, None, None))))


def _next(found):
    """For each step the pages that those who went no further saw next, most first; the rest together is not listed."""
    listed = []
    ends = [walk for walk in found.walks if walk.next is not None]
    for step in sorted({walk.furthest for walk in ends}):
        pages = Counter(walk.next for walk in ends if walk.furthest == step)
        listed += [Next(step, page, sessions, pages.total())
                   for page, sessions in sorted(pages.items(), key=lambda each: (-each[1], each[0]))[:NEXT]]
    return tuple(listed)


def sessions_filter(funnel, step):
    """The filter's value that chooses those who came to a step and no further; "" where none does."""
    return funnel_filter.value(funnel, step) if funnel.key and funnel.window == steps_of.SESSION else ""
