"""What sessions did on each day of a period, and how many visitors there were, each once: on the day, and in all of it."""

from collections import namedtuple
from typing import NamedTuple

from journeys.ask import ask, keep, read_parts


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


def _of_sessions(store, site, period, filters):
    """A _Day for each day with any of the chosen sessions, and at last one for all."""
    import numpy as np  # not above: the server starts without it

    from journeys import ways

    def read(rows):
        (day, visitors, *sums), = rows
        ids = ways.numbers(visitors)
        return _Day(day, ways.distinct(ids), *sums), ids

    found = [each for each in read_parts(store, "overview_days_filtered", site, period, filters, read, days=1) if each[0].sessions]
    ids = np.concatenate([ids for _, ids in found]) if found else ()
    days = [day for day, _ in found]
    return [*days, _Day(None, ways.distinct(ids), *added([day[2:] for day in days]))]
