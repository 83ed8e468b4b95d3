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
from journeys.detectors import candidates
from journeys.sizing import FEWEST
from journeys.troubles import read

LONGEST = 28  # days on each side
MEANINGS = {
    "fixed": N_("Fewer people meet it since the release, and that is told apart from chance."),
    "early": N_("There is no whole day since the release yet, or none before it."),
    "few": N_("Not enough data: thirty sessions must have come to the place before the release, and thirty since."),
    "same": N_("Before and after cannot be told apart: the interval of the difference has zero in it."),
    "more": N_("More people meet it since the release than before."),
    "worse": N_("Fewer people meet it since the release, but fewer convert at that place too."),
}


class Side(NamedTuple):
    """Sessions before or after."""

    could: int
    met: int
    converted: int  # of those that could have met it


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
    seen = read(store, site, span, narrowing.NONE)
    candidate = next((each for each in candidates(seen, least=1) if each.key == point.key and each.kind == point.kind), None)
    return told(seen, candidate, days, periods.day_start(day, site.zone) << 22, periods.day_start(day + 1, site.zone) << 22)


def told(seen, candidate, days, begin, end):
    """The Change of a Candidate of both spans together; `begin` and `end` of the day between as session ids. None: nobody met it."""
    met, could = (set(), set()) if candidate is None else (candidate.met, candidate.could)
    if candidate and candidate.loaded:  # of a slow page, how often it is slow
        met, could = {session for session, slow in candidate.loaded.items() if slow}, set(candidate.loaded)
    before = _side(seen, met, {session for session in could if session < begin})
    after = _side(seen, met, {session for session in could if session >= end})
    if min(before.could, after.could) < FEWEST:
        return Change("few", days, before, after)
    low, high = listing.newcombe(after.met, after.could, before.met, before.could)
    converted_low, converted_high = listing.newcombe(after.converted, after.could, before.converted, before.could)
    reason = "more" if low > 0 else "same" if high >= 0 else "worse" if converted_high < 0 else "fixed"
    return Change(reason, days, before, after, low, high, converted_low, converted_high)


def _side(seen, met, could):
    return Side(len(could), len(met & could), sum(seen.visits[session].converted for session in could))
