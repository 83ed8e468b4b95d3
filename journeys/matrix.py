"""What the pages of stages show: which columns a table has room for, and the transitions as a matrix, from each stage to each."""

from collections import Counter
from dataclasses import dataclass

from flask_babel import gettext as _

from journeys import listing
from journeys.navigation import kept, page_address

# keys of columns; of two in one place the second stands under the first
STAGES = ("name", ("sessions", "visitors"), "share", "engaged", "forward_rate", "skips_rate", "backs_rate", "returns_rate", "leaves_rate",
          "conversions_rate", "revenue", "troubled_rate")
TOUCHPOINTS = (("name", "stage_name"), "sessions", "visitors", "share", "engaged", "forward_rate", "backs_rate", "returns_rate", "leaves_rate",
               "conversions_rate", "troubled_rate", "slow", "form_errors")
TRANSITIONS = ("from_name", "to_name", "kind", "sessions", "share")


@dataclass(frozen=True)
class Cell:
    sessions: int
    share: float | None
    low: float | None
    high: float | None
    kind: str  # a key of transitions.KINDS
    href: str  # the sessions behind it


@dataclass(frozen=True)
class Line:
    """Where the sessions of one stage went; the first line are those that enter."""

    name: str
    sessions: int
    cells: tuple  # a Cell or None for each stage, then for those who came again, then for those who left


def parts(report):
    """What the template of the transitions page shows over the table."""
    stages = report.extra["stages"]
    of = {"enter": report.extra["sessions"]} | {_bare(key): sessions for key, _name, sessions in stages}
    counts, named = Counter(), {}
    for row in report.rows:
        place = (row.from_stage, "return" if row.kind == "return" else row.to_stage)
        counts[place] += row.sessions  # a session ends once, so those who came again add up over where they entered then
        named[place] = row.kind, f"{row.transition.rpartition(':return:')[0]}:return" if row.kind == "return" else row.transition
    columns = [_bare(key) for key, _name, _sessions in stages]
    names = {"enter": _("Entrance")} | {_bare(key): _(name) for key, name, _sessions in stages}
    lines = tuple(Line(names[one], of[one], tuple(_cell(counts, named, of, (one, other)) for other in [*columns, "return", "leave"]))
                  for one in ["enter", *columns])
    return {"matrix": lines if report.rows else (), "matrix_heads": [names[column] for column in columns],
            "table_title": _("The moves one by one")}


def _cell(counts, named, of, place):
    count = counts.get(place, 0)
    if not count:
        return None
    kind, transition = named[place]
    arguments = kept() | {"transition": transition}
    return Cell(count, listing.rate(count, of[place[0]]), *listing.wilson(count, of[place[0]]), kind, page_address("sessions", **arguments))


def _bare(key):
    """A stage's key without its journey's."""
    return key.rpartition("/")[2]
