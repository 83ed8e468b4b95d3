"""Keeps the sessions of each day as columns (day_columns.py), for reports to add up: made anew when a session of the day was written.

Whoever reads them asks whether the day was written since; then its rows are read, as
here. So a day that is still being written to is left alone until that rests.
"""

import time
from functools import partial
from typing import NamedTuple

from collector import day_columns, period, sites
from collector.storage.changes import Changes

REST_SECONDS = 10  # that a day was not written to


class Task(NamedTuple):
    """A day of a site whose columns are to be made."""

    site: object
    day: int
    changes: int
    is_hurried = False
    journey = None

    def work(self, store):
        return _day(store, self)


class Columns:
    def __init__(self, store, clock=time.monotonic):
        self.store, self.clock = store, clock
        self._seen = {}  # (site, day): (changes, since when)

    def tasks(self, at_once):
        """Days to be done; `at_once`: also those that were written to just now."""
        now, tasks, seen = self.clock(), [], {}
        for site in sites.all_sites(self.store):
            for day, changes in pending(self.store, site):
                before = self._seen.get((site.id, day))
                since = before[1] if before and before[0] == changes else now
                seen[site.id, day] = changes, since
                if at_once or now - since >= REST_SECONDS:
                    tasks.append(Task(site, day, changes))
        self._seen = seen
        return tasks


def _day(store, task):
    """Does a day, in small steps: a generator that yields after each, and has written all of it when it ends; nothing when the day was written to meanwhile."""
    first, end = (period.day_start(day, task.site.zone) << 22 for day in (task.day, task.day + 1))
    rows, number = [], 0
    for piece in day_columns.pieces(partial(store.ask, site=task.site.id), first, end):
        if piece:
            for family, part, packed in piece.packed():
                rows.append((task.site.id, task.day, family, part, number, packed))
                yield
            number += 1
        else:
            yield
        if (task.day, task.changes) not in pending(store, task.site):
            return
    store.write(Changes({"day_columns": rows, "column_days": [(task.site.id, task.day, task.changes, day_columns.FORM)]},
                        gone={"day_columns": (("site_id", "day"), [(task.site.id, task.day)])}), None)


def pending(store, site):
    """(day, changes) of days whose columns are not what their sessions are now, latest first."""
    return list(map(tuple, store.ask("collector/column_pending", site=site.id, form=day_columns.FORM)))
