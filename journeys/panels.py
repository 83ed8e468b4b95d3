"""The panels of the overview: the first rows of each report, narrowed like the overview itself."""

from dataclasses import dataclass

from collector import current
from journeys.report import N_
from journeys.frame import page_address
from journeys.table import filtered_address, table

ROWS = 6


@dataclass(frozen=True)
class Panel:
    name: str
    title: str  # a msgid
    table: object
    href: str  # the whole report
    empty: str = ""  # a msgid: what no rows mean


# name, report, options, title, columns
PLAN = ()


def panels(period, filters):
    return ()
