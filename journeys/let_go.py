"""Which days of a period still have their sessions: those of more than 13 months ago are let go (collector/cleanup.py), their totals stay.

A report that reads sessions begins with the first day that has all of its own,
so that no number is out of days of which there is nothing to count.
"""

import time
from dataclasses import replace

from collector import period as periods
from collector.cleanup import EVENTS
from journeys.report import N_

SAID = N_("Days of more than 13 months ago are left out here: of them there are only totals, their sessions are not kept.")


def kept(store, site, period, now=None):
    """The part of a Period whose sessions are all kept: the same when none was let go, one without a day when all were."""
    now = now or int(time.time() * 1000)
    if not site.first_event_at or site.first_event_at >= now - EVENTS or period.start >= now - EVENTS:
        return period
    oldest = next((row.id >> 22 for row in store.ask("journeys/oldest_session", site=site.id)), now)
    first = periods.day_of(oldest, site.zone)
    if first <= periods.day_of(site.first_event_at, site.zone) or first < period.first_day:
        return period
    first = min(first, period.last_day) + 1  # of the day itself some may be gone
    return replace(period, first_day=first, start=periods.day_start(first, site.zone))
