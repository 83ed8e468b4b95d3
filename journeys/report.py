"""What every report gives back, so that page, API, CSV and command line show the same thing.

A report is a module with NAME, TITLE, OPTIONS and one function
`report(store, site, period, filters, **options) -> Report`. Texts are English
msgids marked with N_; templates translate them where they print.
"""

from dataclasses import dataclass, field

from collector.fields import N_  # noqa: F401, every report takes it from here

KINDS = ("text", "words", "page", "count", "number", "rate", "seconds", "money", "change", "points", "time", "day", "list", "hour")


@dataclass(frozen=True)
class Column:
    key: str  # attribute of each row, column of the CSV
    title: str
    kind: str  # one of KINDS: a rate is 0-1, points a difference of rates, money integer minor units, time UTC milliseconds, words a msgid, list a tuple of texts, hour one of the week, 0-167 from Sunday midnight
    definition: str = ""  # what the number means, printed beside it
    filter: str = ""  # filter key that clicking this cell sets, "" for none
    by: str = ""  # key of the column whose value the filter takes, "" for this one
    of: str = ""  # key of the column a rate or mean is out of: its n, printed beside it
    to: str = ""  # key of the column with a session's name: this cell leads to its story
    interval: tuple = ()  # keys of the columns with the low and high end of a rate's 95 % interval


@dataclass(frozen=True)
class Report:
    name: str
    title: str
    columns: tuple
    rows: tuple  # named tuples or dataclasses with the columns' keys as attributes
    totals: object = None  # a row over everything, or None
    period: object = None
    filters: object = None
    notes: tuple = ()  # sentences the reader must know, e.g. what was left out
    extra: dict = field(default_factory=dict)  # further named parts: a previous period, a series
