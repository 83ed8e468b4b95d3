"""The columns of the paths page: each step of the way with the addresses that go on from it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import labels
from collector.frame import address_with
from journeys.paths import MOST
from journeys.report import N_

# what the columns are called: the first, the second, the later ones; of those not shown
AFTER = {"page": (N_("Any page"), N_("The next page"), N_("%(count)s pages on")),
         "group": (N_("Any page group"), N_("The next group"), N_("%(count)s groups on")),
         "stage": (N_("Any stage"), N_("The next stage"), N_("%(count)s stages on"))}
BEFORE = {"page": (N_("Any page"), N_("The page before"), N_("%(count)s pages before")),
          "group": (N_("Any page group"), N_("The group before"), N_("%(count)s groups before")),
          "stage": (N_("Any stage"), N_("The stage before"), N_("%(count)s stages before"))}
OTHERS = {"page": N_("%(count)s other pages"), "group": N_("%(count)s other groups"), "stage": N_("%(count)s other stages")}
HINTS = {"page": N_("Choose a page to see where its sessions went next."), "group": N_("Choose a page group to see where its sessions went next."),
         "stage": N_("Choose a stage to see where its sessions went next.")}


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
    """`steps` and `hint` for the template of the paths page."""
    hint = HINTS[report.extra["by"]]  # not within _(): the extractor of texts would take its key for one
    return {"steps": columns(report), "hint": _(hint)}


def columns(report):
    """A Column for each step of a paths report."""
    chosen, before = list(report.extra["chosen"]), report.extra["direction"] == "before"
    return tuple(_column(step, chosen, before, report.extra["by"]) for step in report.extra["steps"])


def _column(step, chosen, before, by):
    hops = [_hop(row, step, chosen, by) for row in step.pages]
    if step.others:
        hops.append(Hop(_(OTHERS[by], count=step.others_count), step.others.sessions, step.others.share,
                        address_with(limit=1000), "others"))
    if step.end:
        hops.append(Hop(_("Began here") if before else _("Left the site"), step.end.sessions, step.end.share, kind="end"))
    return Column(_title(step.number, before, by), step.total, tuple(hops))


def _hop(row, step, chosen, by):
    # the last column can be read but not walked on from
    way = [*chosen[:step.number - 1], row.page]
    return Hop(_(row.name) if by == "stage" else labels.label(by, row.page), row.sessions, row.share, address_with(steps=way) if len(way) <= MOST else "",
               chosen=row.page == step.chosen)


def _title(number, before, by):
    return _((BEFORE if before else AFTER)[by][min(number, 3) - 1], count=number - 1)
