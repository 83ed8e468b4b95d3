"""The panels of the overview: the first rows of each report, narrowed like the overview itself."""

from dataclasses import dataclass

from collector import current
from journeys.navigation import kept, page_address
from journeys.report import N_
from journeys.reports import REPORTS, asked
from journeys.table import table

ROWS = 6


@dataclass(frozen=True)
class Panel:
    name: str
    title: str  # a msgid
    table: object
    href: str  # the whole report
    nothing: str  # a msgid: what no rows mean


@dataclass(frozen=True)
class Plan:
    """Which columns of which report a panel shows."""

    report: str
    columns: tuple
    title: str = ""  # a msgid, by default the report's own
    options: tuple = ()
    nothing: str = N_("Nothing in these days.")

    @property
    def name(self):
        return "-".join((self.report, *(text for pair in self.options for text in pair)))


PLANS = (
    Plan("sources", ("value", "sessions", "conversion_rate")),
    Plan("sources", ("value", "sessions", "conversion_rate"), N_("Channels"), (("by", "channel"),)),
    Plan("pages", ("page", "views", "engaged")),
    Plan("goals", ("value", "sessions", "rate", "revenue"), nothing=N_("No goal was reached in these days")),
    Plan("entries", ("value", "sessions", "bounce_rate")),
    Plan("exits", ("page", "exits", "exit_rate")),
    Plan("forms", ("form", "starters", "completion_rate", "abandon_rate"), options=(("by", "form"),),
         nothing=N_("No form was touched in these days")),
    Plan("clicks", ("value", "clicks", "rage", "dead"), nothing=N_("Nothing was clicked in these days")),
    Plan("places", ("value", "sessions", "conversion_rate")),
    Plan("devices", ("value", "sessions", "conversion_rate")),
    Plan("exclusions", ("meaning", "rule", "events", "share")),
    Plan("live", ("what", "page", "at")),
)


def panels(arguments):
    """One Panel for each of PLANS. Takes the overview's arguments as {name: [values]}."""
    return tuple(_panel(plan, arguments) for plan in PLANS)


def _panel(plan, arguments):
    known = {option.name for option in REPORTS[plan.report].OPTIONS}
    limit = {"limit": [str(ROWS)]} if "limit" in known else {}
    options = {name: [value] for name, value in plan.options}
    report = asked(current.store, current.site, plan.report, arguments | limit | options)
    return Panel(plan.name, plan.title or report.title, table(report, only=plan.columns, most=ROWS),
                 page_address(plan.report, **kept(), **dict(plan.options)), plan.nothing)
