"""What sessions did on each day of a period, and how many visitors there were, each once: on the day, and in all of it."""

from collections import namedtuple
from typing import NamedTuple

from journeys.ask import ask, keep, read_columns


class Sums(NamedTuple):
    sessions: int = 0
    views: int = 0
    engaged_ms: int = 0
    bounces: int = 0
    clicks: int = 0
    fields: int = 0
    conversions: int = 0
    purchases: int = 0
    revenue: int = 0


def counted(store, site, period, filters):
    """([(day, visitors, Sums), …] of days in order, those with nobody may be left out; visitors of all days)."""
    if filters:
        *rows, (_, visitors, *_) = keep(store, site, period, filters, "days", lambda: _of_sessions(store, site, period, filters))
    else:
        rows, visitors = ask(store, "overview_days", site, period), ask(store, "visitors", site, period)[0].visitors
    return [(day, each, Sums(*sums)) for day, each, *sums in rows], visitors


def added(sums):
    """Sums of several."""
    return Sums(*map(sum, zip(*sums))) if sums else Sums()


_Day = namedtuple("_Day", ("day", "visitors", *Sums._fields))  # day None: all of them


_SUMS = ("views", "engaged_ms", "bounce", "clicks", "fields", "conversions", "purchases", "revenue")


def _of_sessions(store, site, period, filters):
    """A _Day for each day with any of the chosen sessions, and at last one for all."""
    import numpy as np  # not above: the server starts without it

    from journeys import parts, ways

    def read(part):
        chosen, of = part.chosen, part.sessions
        days, ids = of.day[chosen], of.visitor[chosen]
        found = parts.sums(days - period.first_day, *(getattr(of, name)[chosen] for name in _SUMS))
        return [_Day(period.first_day + day, ways.distinct(ids[days == period.first_day + day]), *sums) for day, *sums in found], ids

    found = read_columns(store, site, period, filters, {"sessions": ("visitor", *_SUMS)}, read)
    days = [day for some, _ in found for day in some]
    return [*days, _Day(None, ways.distinct(np.concatenate([ids for _, ids in found])), *added([day[2:] for day in days]))]
