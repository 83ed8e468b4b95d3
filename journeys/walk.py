"""The columns of the paths page: each step of the way with the addresses that go on from it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import labels
from collector.frame import address_with
from journeys.paths import MOST


@dataclass(frozen=True)
class Hop:
    label: str
    sessions: int
    share: float | None
    href: str = ""  # goes this way
    kind: str = "page"  # "page", "others" or "end"
    chosen: bool = False


@dataclass(frozen=True)
class Column:
    title: str
    total: int
    hops: tuple


def parts(report):
    """`steps` for the template of the paths page."""
    return {"steps": columns(report)}


def columns(report):
    """A Column for each step of a paths report."""
    chosen, before = list(report.extra["chosen"]), report.extra["direction"] == "before"
    return tuple(_column(step, chosen, before, report.extra["by"]) for step in report.extra["steps"])


def _column(step, chosen, before, by):
    hops = [_hop(row, step, chosen, by) for row in step.pages]
    if step.others:
        hops.append(Hop(_("%(count)s other pages", count=step.others_count) if by == "page" else _("%(count)s other groups", count=step.others_count), step.others.sessions, step.others.share,
                        address_with(limit=1000), "others"))
    if step.end:
        hops.append(Hop(_("Began here") if before else _("Left the site"), step.end.sessions, step.end.share, kind="end"))
    return Column(_title(step.number, before, by), step.total, tuple(hops))


def _hop(row, step, chosen, by):
    # the last column can be read but not walked on from
    way = [*chosen[:step.number - 1], row.page]
    return Hop(labels.label(by, row.page), row.sessions, row.share, address_with(steps=way) if len(way) <= MOST else "",
               chosen=row.page == step.chosen)


def _title(number, before, by):
    if by == "group":
        return _group_title(number, before)
    if number == 1:
        return _("Any page")
    if number == 2:
        return _("The page before") if before else _("The next page")
    return _("%(count)s pages before", count=number - 1) if before else _("%(count)s pages on", count=number - 1)


def _group_title(number, before):
    if number == 1:
        return _("Any page group")
    if number == 2:
        return _("The group before") if before else _("The next group")
    return _("%(count)s groups before", count=number - 1) if before else _("%(count)s groups on", count=number - 1)
