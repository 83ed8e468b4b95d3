"""What is done with whole days of sessions, between the batches of the spool: their walks (walks.py), and their columns (column_days.py).

The loader does it, because it alone writes: the latest day first; small days at
once, large ones in small pieces with rests between the days. While the spool keeps
the loader busy it rests after every turn too, so that a day takes up to twenty
times its work: it comes late, and is never put off for good.
"""

import logging
import time

from collector import period
from collector.column_days import Columns
from collector.storage.sqlite import what_it_means
from collector.walks import Walks

BUDGET_SECONDS = 0.05  # of work in one turn; a piece of it is about as long
HURRIED_SECONDS = 0.5  # the same while somebody waits for it
LOOK_SECONDS = 0.5  # between looks for something to do
RESTS = 4  # times what a large day took
BUSY_RESTS = 19  # times what a turn took, while the spool keeps the loader busy
FAILED_SECONDS, LONGEST_FAILED_SECONDS = 4, 60  # of rest after the store could not be written: twice as long each time, up to the longest

log = logging.getLogger("netiv.loader")


class DayWork:
    def __init__(self, store, clock=time.monotonic):
        self.store, self.clock = store, clock
        self._walks, self._columns = Walks(store), Columns(store, clock)
        self._work = self._task = None  # a day under way
        self._latest = None  # what was done last: (journey, day)
        self._took = 0.0
        self._rest_until = 0.0
        self._failed_rest = 0  # seconds, since a day was done
        self._left = {}  # (site, journey, day): its task, of days that met a mistake of ours

    def turn(self, is_busy=False):
        """Goes on for about BUDGET_SECONDS, if there is anything to do and no rest. `is_busy`: the spool takes most of the time.

        A day that meets a mistake of ours is left until it changes or the process starts anew: it would meet it again. Raises StoreError.
        """
        now = begun = self.clock()
        while now >= self._rest_until:
            if not self._work and not self._begin():
                self._rest_until = now + LOOK_SECONDS
                break
            done, before, now = self._go_on_or_leave(), now, self.clock()
            self._took += now - before
            is_hurried = self._task.is_hurried
            if done and self._took > BUDGET_SECONDS and not is_hurried:
                self._rest_until = now + RESTS * self._took
            if now - begun >= (HURRIED_SECONDS if is_hurried else BUDGET_SECONDS):
                if is_busy and not is_hurried:
                    self._rest_until = max(self._rest_until, now + BUSY_RESTS * (now - begun))
                break

    def some(self, seconds):
        """Works for about so long, without rests; whether there is more to do."""
        until = time.monotonic() + seconds
        while self._work or self._begin(at_once=True):
            self._go_on()
            if time.monotonic() >= until:
                return True
        return False

    def finish(self):
        """Does all there is to do."""
        while self.some(60):
            pass

    def forget(self):
        """A day under way is begun anew after a rest: the store could not be written."""
        self._work = None
        self._failed_rest = min(2 * self._failed_rest or FAILED_SECONDS, LONGEST_FAILED_SECONDS)
        self._rest_until = self.clock() + self._failed_rest

    def _begin(self, at_once=False):
        self._task = self._next_task(at_once)
        self._took = 0.0
        self._work = self._task and self._task.work(self.store)
        return bool(self._work)

    def _go_on(self):
        """A piece of the day under way; whether it was the last."""
        try:
            next(self._work)
            return False
        except StopIteration:
            self._work, self._latest, self._failed_rest = None, (self._task.journey, self._task.day), 0
            return True

    def _go_on_or_leave(self):
        """The same; of a day that meets a mistake, True."""
        try:
            return self._go_on()
        except Exception as error:
            if isinstance(error, OSError) or what_it_means(error):
                raise
            task = self._task
            log.exception("%s of site %s on %s cannot be made; they are left as they are until that day changes or the loader starts anew",
                          "columns" if task.journey is None else "walks", task.site.key, period.date_of(task.day))
            self._work, self._latest = None, (task.journey, task.day)
            self._left[_name(task)] = task
            return True

    def _next_task(self, at_once):
        """The latest day to be done, but for the one done last while there are others: a busy today must not hold up the past."""
        tasks = self._walks.tasks(2 + len(self._left)) + self._columns.tasks(at_once)  # 2: another beside the one done last
        tasks = [task for task in tasks if self._left.get(_name(task)) != task]
        tasks.sort(key=lambda task: ((task.journey, task.day) == self._latest, -task.day))
        return tasks[0] if tasks else None


def _name(task):
    return task.site.id, task.journey, task.day
