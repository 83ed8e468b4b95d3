"""Every report by its name in addresses, and the one way to ask for it that page, API and command line share."""

import time
from dataclasses import replace

from collector import filters as narrowing
from collector import period as periods
from collector import segments
from collector.fields import N_
from journeys import let_go
from journeys import map as map_report
from journeys import (abandonment, advocates, clicks, contacts, customers, devices, entries, exclusions, exits, forms, funnel, goals, live,
                      loyalty, moments_of_truth, orders, overview, pages, pain, paths, personas, places, rejected, retention, sessions, sources, stages,
                      touchpoints, transitions)

REPORTS = {module.NAME: module for module in (map_report, overview, live, stages, touchpoints, transitions, sources, pages, entries,
                                              exits, paths, funnel, goals, clicks, forms, pain, moments_of_truth, abandonment, sessions, retention,
                                              loyalty, customers, advocates, personas, places, devices, contacts, orders, exclusions, rejected)}
FORMER = {"fields": "forms"}  # names that reports had before, still answered
OF_SESSIONS = ("paths", "funnel", "pain", "moments", "abandonment", "sessions", "retention", "personas", "advocates")  # read them without filters, too
TO_COME = N_("These days have not come yet: there is nothing to count.")
OURS = ("period", "format")  # arguments of an address that belong to every report


def warm():
    """Loads what the map loads when it is first looked at, numpy with it: a server does before its workers start, so that they share it."""
    from journeys import judging, meetings, met_columns, troubles  # noqa: F401


def asked(store, site, name, args, now=None):
    """The Report that an address asks for. Takes its arguments as {name: [values]}; raises BadField."""
    module = REPORTS[FORMER.get(name, name)]
    now = int(time.time() * 1000) if now is None else now
    period = periods.parse((args.get("period") or [""])[0], site, now)
    filters = segments.parse(store, site, {key: values for key, values in args.items() if key in narrowing.KEYS})
    options = {key: values for key, values in args.items() if key not in (*OURS, *narrowing.KEYS)}
    kept = let_go.kept(store, site, period, now) if filters or module.NAME in OF_SESSIONS else period
    report = module.report(store, site, kept, filters, **options)
    if report.period.start > now:
        return replace(report, notes=(TO_COME,))
    return report if kept is period else replace(report, period=period, notes=(let_go.SAID, *report.notes))
