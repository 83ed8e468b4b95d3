"""Is a pain point mended? Before and after a release, over equal spans, by how often people still meet it.

As many whole days before the day of the release as have passed since it, 28 at
most; the day itself is left out. *Fixed* means that fewer of those who could
have met it did, its interval (Newcombe) below zero, and that conversion at the
place is not told to have fallen: a trouble can go away because its page did.
"""

from typing import NamedTuple

from collector import filters as narrowing
from collector import period as periods
from collector.fields import N_
from journeys import listing
from journeys.ask import keep
from journeys.sizing import FEWEST

LONGEST = 28  # days on each side
MEANINGS = {
    "fixed": N_("Fewer people meet it since the release, and that is told apart from chance."),
    "early": N_("There is no whole day since the release yet, or none before it."),
    "few": N_("Not enough data: of the sessions read, thirty must have come to the place before the release, and thirty since."),
    "same": N_("Before and after cannot be told apart: the interval of the difference has zero in it."),
    "more": N_("More people meet it since the release than before."),
    "worse": N_("Fewer people meet it since the release, but fewer convert at that place too."),
}


class Side(NamedTuple):
    """Sessions before or after."""

    could: int
    met: int
    converted: int  # of those that could have met it
    every: int = 1  # counted in one session of so many


class Change(NamedTuple):
    """`low` to `high`: after minus before, of the share that meets it; `converted_low` … the same of conversion at the place."""

    reason: str  # a key of MEANINGS
    days: int
    before: Side
    after: Side
    low: float | None = None
    high: float | None = None
    converted_low: float | None = None
    converted_high: float | None = None


def before_after(store, site, point, released, now):
    """The Change of a pain point since a release. Takes the date of it; `now` in UTC milliseconds."""
    day = released.toordinal() - periods.EPOCH
    since = periods.day_of(now, site.zone) - 1 - day
    first = periods.day_of(site.first_event_at, site.zone) if site.first_event_at else day
    days = min(LONGEST, since, day - first)
    if days < 1:
        return Change("early", 0, Side(0, 0, 0), Side(0, 0, 0))
    span = periods.of_dates(periods.date_of(day - days), periods.date_of(day + days), site.zone)
    sides = keep(store, site, span, narrowing.NONE, f"mended {point.kind} {point.key}", lambda: _counted(store, site, span, point, day))
    return told(days, *sides)


def told(days, before, after):
    """The Change of two Sides, so many days each."""
    if min(before.could, after.could) < FEWEST:
        return Change("few", days, before, after)
    low, high = listing.newcombe(after.met, after.could, before.met, before.could)
    converted_low, converted_high = listing.newcombe(after.converted, after.could, before.converted, before.could)
    reason = "more" if low > 0 else "same" if high >= 0 else "worse" if converted_high < 0 else "fixed"
    return Change(reason, days, before, after, low, high, converted_low, converted_high)


def _counted(store, site, span, point, day):
    """The Side before a day and the one after it. Of a place to which few of the sessions read came, all that came there are read."""
    from journeys import troubles  # not above: the server starts without numpy
    seen = troubles.read(store, site, span, narrowing.NONE, 2 * troubles.MOST)
    sides = _sides(seen, site, point, day)
    if seen.every > 1 and min(side.could for side in sides) < FEWEST:
        here = narrowing.Filters(tuple(("page", narrowing.literal(each)) for each in seen.addresses.get(point.page, (point.page,))))
        sides = _sides(troubles.read(store, site, span, here, 2 * troubles.MOST), site, point, day)
    return sides


def _sides(seen, site, point, day):
    from journeys import detectors
    candidate = next((each for each in detectors.candidates(seen, least=1) if each.key == point.key and each.kind == point.kind), None)
    if candidate is None:
        return [Side(0, 0, 0, seen.every)] * 2
    met, could = candidate.loaded or (candidate.met, candidate.could)  # of a slow page, how often it is slow
    begin, end = seen.ids.searchsorted([periods.day_start(each, site.zone) << 22 for each in (day, day + 1)])
    return [_side(seen, met, could, slice(begin)), _side(seen, met, could, slice(end, None))]


def _side(seen, met, could, part):
    return Side(int(could[part].sum()), int((met & could)[part].sum()), int(seen.converted[part][could[part]].sum()), seen.every)
