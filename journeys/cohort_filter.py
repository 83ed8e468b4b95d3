"""The filter `cohort=week:2026-09-06:3`: sessions of visitors whose first session was in that week, here those in the third week after.

It chooses exactly the sessions behind a number of the report on retention: the
same visitors (cohort_visitors.sql), in the same weeks and months. What stands
between colons: `week` or `month`; the first day, from which the cohort lasts
until its week or month ends; how many weeks or months after, nothing for all
sessions; what the report counts, `return`, `reorder` or `revenue`; and filters
of the first session, as an address writes them.
"""

import json
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from collector import filters as narrowing
from collector import period as periods
from collector import segments
from collector.fields import N_
from collector.filters import LONGEST, NONE, BadFilter, Filters
from collector.storage.sqlite import text_of
from journeys import cohorts

MOST_AFTER = 520  # weeks or months
_FORM = re.compile(r"(?P<by>week|month):(?P<day>\d{4}-\d\d-\d\d)(?::(?P<after>\d{0,3})(?::(?P<what>return|reorder|revenue)?(?::(?P<first>.*))?)?)?", re.ASCII | re.DOTALL)
_BEFORE = "from sessions as other indexed by sessions_lasting where other.site_id = :site and other.lasting = sessions.lasting and other.id"


class Told(NamedTuple):
    by: str  # "week" or "month"
    first_day: int  # of the cohort
    after: int | None  # how many weeks or months after; None: all sessions
    what: str  # of report.OPTIONS: return, reorder or revenue
    first: Filters  # of the first session


def value(by, first_day, after=None, what="return", filters=NONE):
    """The filter's value, "" where it would be too long. Takes what Told has.

    >>> value("week", 20702, 3), value("month", 20697, None, filters=narrowing.parse({"source": "google"}))
    ('week:2026-09-06:3', 'month:2026-09-01::return:source=google')
    """
    parts = (by, str(periods.date_of(first_day)), "" if after is None else str(after), "" if what == "return" and not filters else what,
             urlencode(filters.query(), doseq=True))
    text = ":".join(parts).rstrip(":")
    return text if len(text) <= LONGEST else ""


def read(store, site, typed):
    """What a value as typed says: a Told. Raises BadFilter, BadPeriod of a day that is none."""
    found = _FORM.fullmatch(typed)
    after = found and found["after"]
    if not found or int(after or 0) > MOST_AFTER or (found["what"] not in (None, "return") and not after):
        raise BadFilter("cohort", N_("is %(typed)s; write week or month, its first day, and how many after it, as in week:2026-09-06:3, or "
                                     "month:2026-09-01 for all sessions"), typed=typed[:60])
    pairs = {}
    for key, each in parse_qsl(found["first"] or ""):
        pairs.setdefault(key, []).append(each)
    return Told(found["by"], periods.parse(found["day"], site, 0).first_day, int(after) if after else None, found["what"] or "return",
                segments.parse(store, site, pairs))


def condition(store, site, further, typed, values):
    """A condition on a row of `sessions`: any of the values as typed holds. Adds to `values` what it binds. Raises BadFilter.

    `further` as filters.sql() takes it, for filters of the first session.
    """
    return f"({' or '.join(_one(store, site, further, read(store, site, each), values) for each in typed)})"


def _one(store, site, further, told, values):
    number = len(values)
    began = _days(told.first_day, cohorts.span(told.first_day, told.by)[1], site)
    done = _days(*cohorts.span(told.first_day, told.by, told.after), site) if told.after else began
    values |= {f"began_start{number}": began.start, f"began_end{number}": began.end,
               # who is new, and whose order is the first, depends on days before: what is kept of a day holds until one of those changes
               f"changes{number}": sum(row.changes for row in store.ask("journeys/day_changes", site=site.id, first_day=0, last_day=done.last_day))}
    fragment, _values = narrowing.sql(told.first, further, values)
    visitors = re.sub(r":(start|end)\b", rf":began_\g<1>{number}", text_of("journeys/cohort_visitors").replace("/*filters*/", fragment))
    chosen = f"lasting is not null and lasting in ({visitors})"
    if told.after is None:
        return f"({chosen})"
    values |= {f"from{number}": done.start, f"until{number}": done.end}
    return f"(id >= :from{number} << 22 and id < :until{number} << 22{_did(store, site, told, done, number, values)} and {chosen})"


def _did(store, site, told, done, number, values):
    """SQL that holds of the sessions in which they did what the report counts, in the days `done`; an order again is any but the first."""
    if told.what == "return":  # in the first week or month, with a second session
        return "" if told.after else f" and exists (select 1 {_BEFORE} < sessions.id)"
    if told.what == "revenue":
        return " and purchases > 0"
    made = store.ask("journeys/outside_orders", site=site.id, start=values[f"began_start{number}"], end=done.end)
    first = {row.customer: row.at for row in reversed(made)}  # of a customer they come in the order of time
    values[f"outside{number}"] = json.dumps(first)
    return (f" and purchases > 0 and (coalesce((:outside{number} ->> cast(lasting as text)) < id >> 22, false)"
            f" or (select sum(purchases) {_BEFORE} <= sessions.id) > 1)")


def _days(first_day, last_day, site):
    return periods.of_dates(periods.date_of(first_day), periods.date_of(last_day), site.zone)
