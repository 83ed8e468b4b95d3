"""The bar over a report: which days, which filters, how to leave with the numbers. Addresses are made here, shown there."""

from dataclasses import dataclass, field

from flask import request, url_for
from flask_babel import gettext as _

from collector import current, labels
from collector.filters import KEYS, BadFilter, keepable
from collector.frame import address_with
from journeys import filter_words
from journeys.light import light
from journeys.navigation import kept, page_address
from journeys.options import LIMIT
from journeys.report import N_
from journeys.reports import REPORTS

PERIODS = {"today": N_("Today"), "yesterday": N_("Yesterday"), "7d": N_("7 days"), "30d": N_("30 days"),
           "90d": N_("90 days"), "month": N_("This month"), "year": N_("This year")}
OURS = ("lang", "theme", "show", "from", "to", "filter", "how", "value")  # arguments that no report knows
FILE_ROWS = 10_000  # of a downloaded file at most: a second's work of the report on sessions
STARTS_ANEW = {"search": None, "limit": None, "after": None}  # what belongs to the rows that were shown


@dataclass(frozen=True)
class Bar:
    """`kept` and its kin are the arguments a form carries along: (name, value)."""

    period: object = None
    periods: tuple = ()  # (title, address, whether chosen)
    chips: tuple = ()  # (dimension, value, negated, address without it)
    clear: str = ""  # this page with no filter
    dimensions: tuple = ()  # (key, title)
    suggested: tuple = ()  # words that a filter may be given: (word, title of its dimension)
    kept: tuple = field(default=())  # for the dates
    all_kept: tuple = ()  # for one more filter
    searching_kept: tuple = ()
    downloads: tuple = ()  # (name, address)
    light: object = None  # how sound the order tracking is, where conversions are counted
    save: str = ""  # where these filters are kept as a segment

    @property
    def may_filter(self):
        return bool(self.dimensions)


def bar(name, report, has_period=True, has_filters=True, has_downloads=True):
    """The Bar of a report shown on the page `name`."""
    period = report.period if has_period else None
    return Bar(
        period=period,
        periods=_periods(period) if period else (),
        chips=tuple(_chip(report.filters, key, value) for key, value in getattr(report.filters, "terms", ())),
        clear=address_with(**dict.fromkeys(KEYS), **STARTS_ANEW),
        dimensions=tuple((key, labels.name(key)) for key in KEYS) if has_filters else (),
        suggested=filter_words.suggested() if has_filters else (),
        kept=_kept("period", "from", "to", *STARTS_ANEW),
        all_kept=_kept("filter", "how", "value", *STARTS_ANEW),
        searching_kept=_kept(*STARTS_ANEW),
        downloads=_downloads(name) if has_downloads else (),
        light=light(report) if has_period else None,
        save=_save(report.filters) if has_filters and name != "personas" else "")


def _save(filters):
    try:
        return page_address("personas", **kept()) if keepable(filters) and not filters.named else ""
    except BadFilter:
        return ""


def arguments():
    """The arguments of this address that the reports understand."""
    return {name: values for name, values in request.args.to_dict(flat=False).items() if name not in OURS}


def wished():
    """Forms without scripts send dates and a filter in parts: the address they mean, or None. Two dates mean the days from the earlier to the later."""
    given = request.args
    if given.get("from") and given.get("to"):
        return address_with(period="..".join(sorted((given["from"], given["to"]))), **{"from": None, "to": None})
    if given.get("filter") in KEYS and given.get("value"):
        key, value = given["filter"], given.get("how", "") + filter_words.meant(given["filter"], given["value"])
        return address_with(**{key: [*given.getlist(key), value], "filter": None, "how": None, "value": None})
    return None


def _periods(period):
    return tuple((_(title), address_with(period=key), key == period.name) for key, title in PERIODS.items())


def _chip(filters, key, value):
    negated = value.startswith("!")
    without = dict.fromkeys(KEYS) | STARTS_ANEW | filters.without(key, value).query()
    return (labels.name(key), filter_words.read(key, value.removeprefix("!")), negated, address_with(**without))


def _kept(*without):
    return tuple(pair for pair in request.args.items(multi=True)
                 if pair[0] not in (*without, "lang", "theme") and pair[1])


def _downloads(name):
    """The whole list, from its first row on, however many of its rows the page shows."""
    arguments = {key: values for key, values in request.args.to_dict(flat=False).items() if key not in ("lang", "theme", "after")}
    if name in REPORTS and LIMIT in REPORTS[name].OPTIONS:
        arguments["limit"] = FILE_ROWS
    return tuple((form.upper(), url_for("api.report", key=current.site.key, name=name, **arguments | {"format": form}))
                 for form in ("csv", "json"))
