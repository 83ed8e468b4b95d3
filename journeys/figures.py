"""The figures over the tables of loyalty, customers at risk and advocates, each with its definition, its n and its interval."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _

from collector import locale
from collector.frame import interval, points
from journeys import advocates as kinds
from journeys.buyers import KEPT_DAYS
from journeys.navigation import kept, page_address
from journeys.report import N_
from journeys.table import table

SESSIONS = "sessions"  # the report that shows chosen sessions


@dataclass(frozen=True)
class Figure:
    name: str
    title: str  # msgid
    definition: str  # msgid
    text: str  # in the reader's language, "" where there is not enough data
    interval: str = ""
    of: str = ""


REPEAT = (N_("Ordered more than once"), N_("Of the customers who ordered in these days, the share who ordered two times or more so far."))
SECOND = (N_("Days until the second order"), N_(
    "The time within which half of the customers whose first order lies in these days ordered again. Those who did not yet count for as "
    "long as they were watched (Kaplan and Meier 1958; interval by Brookmeyer and Crowley 1982). From thirty customers on."))
DIFFERENCE = (N_("Later sessions against first"), N_(
    "Conversion rate of later sessions minus that of first ones, of visitors who can be known again; interval by Newcombe."))
KNOWN = (N_("Can be known again"), N_(
    "Of the visitors of these days, the share who gave consent or whose customer id you told. All others end with the day."))
NPS = (N_("Net promoter score"), N_(
    "Answers of 9 and 10 minus answers of 0 to 6, out of all answers; a session's last answer counts. Interval: adjusted Wald (Rocks 2016)."))
REPEATED = (N_("Ordered on two days or more"), N_("Customers who can be known again and ordered on two days or more: the model needs fifty."))

OUTSIDE = (N_("Orders outside the page"), N_(
    "Orders of these customers that were made elsewhere, on the telephone or in the shop: brought in with the customer's id or a code, "
    "and not tracked. They are counted like all others."))


def loyalty(report):
    repeat, second, difference, known, outside = (report.extra[name] for name in ("repeat", "second", "difference", "known", "outside"))
    return {"figures": (
        Figure("repeat", *REPEAT, _percent(repeat.rate), _rates(repeat), _of(repeat.customers)),
        Figure("second", *SECOND, "" if second.median is None else locale.number(second.median, 1), _wait(second),
               _("%(n)s of %(of)s so far", n=locale.number(second.repeated), of=locale.number(second.customers))),
        Figure("difference", *DIFFERENCE, "" if difference.effect is None else points(difference.effect),
               "" if difference.low is None else interval((difference.low, difference.high), "points")),
        _outside(outside.made, outside.of_orders), _known(known))}


def customers(report):
    return {"figures": (Figure("repeated", *REPEATED, locale.number(report.extra["repeated"]), "", _of(report.extra["customers"])),
                        _outside(report.extra["outside"], report.extra["orders"]))}


def advocates(report):
    """What was done leads to the sessions in which it was."""
    nps = report.extra["nps"]
    found = {"figures": (Figure("nps", *NPS, "" if nps.score is None else points(nps.score),
                                "" if nps.low is None else interval((nps.low, nps.high), "points"), _of(nps.answers)),)}
    if report.columns is kinds.KINDS:
        shown = table(report)
        found["table"] = replace(shown, rows=tuple(
            (replace(cells[0], href=page_address(SESSIONS, **kept() | report.filters.with_(*kinds.FILTERS[row.kind]).query())), *cells[1:])
            for row, cells in zip(report.rows, shown.rows, strict=True)))
    return found


def sessions_of(report):
    """What links of a visitor lead to: all sessions of his that are kept, whatever the days shown."""
    last = report.period.last_date
    period = f"{last - timedelta(days=KEPT_DAYS - 1)}..{last}"
    return lambda filters: page_address(SESSIONS, **filters.query(), period=period)


def _outside(made, of):
    return Figure("outside", *OUTSIDE, locale.number(made), "", _of(of))


def _known(known):
    return Figure("known", *KNOWN, _percent(known.share), "", _of(known.of_visitors))


def _percent(rate):
    return "" if rate is None else locale.percent(rate)


def _rates(found):
    return "" if found.low is None else interval((found.low, found.high))


def _of(count):
    return _("of %(n)s", n=locale.number(count))


def _wait(second):
    """An interval of days, open above where too few ordered again to know its end."""
    if second.low is None:
        return ""
    low = locale.number(second.low, 1)
    return _("%(low)s or more", low=low) if second.high is None else f"\u2066{low}–{locale.number(second.high, 1)}\u2069"
