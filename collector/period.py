"""Which days a report is about, in the site's own time zone. Pure.

A day is a number: days since 1970-01-01 on the site's calendar, as in the
totals. It lasts from one local midnight to the next, 23 or 25 hours when the
clock changes. Instants are UTC milliseconds.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector.fields import BadField, N_

EPOCH = date(1970, 1, 1).toordinal()
NAMES = ("today", "yesterday", "7d", "30d", "90d", "month", "last-month", "year")
DEFAULT = "30d"
LONGEST = 3660  # days of a range: ten years
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
HOUR = 3_600_000


class BadPeriod(BadField):
    """A period cannot be read."""

    def __init__(self, text, **values):
        super().__init__("period", text, **values)


@dataclass(frozen=True)
class Period:
    """Whole days of one site. `first_day` and `last_day` are both in it; start <= instant < end."""

    name: str  # as it stands in the address: "30d" or "2026-03-01..2026-03-31"
    first_day: int
    last_day: int
    timezone: str
    start: int
    end: int
    over: bool = True  # False while its last day still runs

    @property
    def zone(self):
        return ZoneInfo(self.timezone)

    @property
    def days(self):
        return self.last_day - self.first_day + 1

    @property
    def first_date(self):
        return date_of(self.first_day)

    @property
    def last_date(self):
        return date_of(self.last_day)

    @property
    def first_session(self):
        """Session ids of the period are first_session <= id < end_session: started_at << 22 | bits."""
        return self.start << 22

    @property
    def end_session(self):
        return self.end << 22

    def includes(self, at):
        return self.start <= at < self.end

    def hours(self):
        """How many hours the period lasts: 23, 24 or 25 for one day."""
        return (self.end - self.start) // HOUR

    def previous(self):
        """What this period is compared with: as many days just before, or the same part of the month or year before.

        >>> parse("2026-03-01..2026-03-10", ZoneInfo("Asia/Jerusalem"), 0).previous().name
        '2026-02-19..2026-02-28'
        """
        first, last = self.first_date, self.last_date
        if self.name == "last-month":
            last = first - timedelta(days=1)
            first = last.replace(day=1)
        elif self.name in ("month", "year"):
            months = 1 if self.name == "month" else 12
            first, last = _back(first, months), _back(last, months)
        else:
            first, last = first - timedelta(days=self.days), first - timedelta(days=1)
        return of_dates(first, last, self.zone)


def parse(text, site, now):
    """The period that an address names.

    Takes one of NAMES, a date, or `first..last`, both days in it; "" is the
    default. `site` is a Site or a ZoneInfo, `now` the instant it is asked.
    Raises BadPeriod.

    >>> str(parse("month", ZoneInfo("Asia/Jerusalem"), 1774000000000).last_date)
    '2026-03-20'
    """
    found = _parse(text.strip() or DEFAULT, getattr(site, "zone", site), now)
    return replace(found, over=found.end <= now)


def of_dates(first, last, zone, name=""):
    """The period of two calendar dates, both in it."""
    first_day, last_day = first.toordinal() - EPOCH, last.toordinal() - EPOCH
    name = name or (f"{first}..{last}" if last > first else str(first))
    return Period(name, first_day, last_day, zone.key, day_start(first_day, zone), day_start(last_day + 1, zone))


def date_of(day):
    return date.fromordinal(day + EPOCH)


def day_of(at, zone):
    """The site's day that an instant falls in.

    >>> day_of(0, ZoneInfo("Asia/Jerusalem")), day_of(79_200_000, ZoneInfo("Asia/Jerusalem"))
    (0, 1)
    """
    return datetime.fromtimestamp(at // 1000, zone).toordinal() - EPOCH


def day_start(day, zone):
    """The instant a day begins. Where the clock jumps over midnight, the instant of the jump.

    >>> day_start(0, ZoneInfo("Asia/Jerusalem"))
    -7200000
    """
    there = date_of(day)
    return int(datetime(there.year, there.month, there.day, tzinfo=zone).timestamp()) * 1000


def hour_of(at, zone):
    """Whole hours since the day began, 0 to 24: on a 25-hour day the repeated hour has a number of its own.

    >>> hour_of(79_200_000 + 3_600_000, ZoneInfo("Asia/Jerusalem"))
    1
    """
    return (at - day_start(day_of(at, zone), zone)) // HOUR


def _parse(name, zone, now):
    if name in NAMES:
        return _named(name, date_of(day_of(now, zone)), zone)
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", name, re.ASCII)
    if not found:
        raise BadPeriod(N_("%(typed)s is unknown; write one of %(names)s, or 2026-03-01..2026-03-31"),
                        typed=name[:40], names=", ".join(NAMES))
    first, last = (_date(found[1]), _date(found[2] or found[1]))
    if last < first:
        raise BadPeriod(N_("ends on %(last)s, before it starts on %(first)s; write the earlier day first"),
                        last=last, first=first)
    if (last - first).days >= LONGEST:
        raise BadPeriod(N_("is longer than %(most)s days; choose a shorter one"), most=LONGEST)
    return of_dates(first, last, zone)


def _named(name, today, zone):
    ends = today
    if name == "yesterday":
        starts = ends = today - timedelta(days=1)
    elif name == "month":
        starts = today.replace(day=1)
    elif name == "last-month":
        ends = today.replace(day=1) - timedelta(days=1)
        starts = ends.replace(day=1)
    elif name == "year":
        starts = today.replace(month=1, day=1)
    else:
        days = 1 if name == "today" else int(name.removesuffix("d"))
        starts = today - timedelta(days=days - 1)
    return of_dates(starts, ends, zone, name)


def _date(text):
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadPeriod(N_("has %(typed)s, which is no day of the calendar; write one like 2026-03-31"),
                        typed=text) from None
    if not EARLIEST <= found <= LATEST:
        raise BadPeriod(N_("has %(typed)s; days from %(first)s to %(last)s can be asked for"),
                        typed=text, first=EARLIEST, last=LATEST)
    return found


def _back(day, months):
    """The same day some months earlier, or that month's last day."""
    month = day.year * 12 + day.month - 1 - months
    for number in (day.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
