"""The pages: the overview, and one page a report. Each shows the same report(...) the API and the command line give."""

import time

from flask import Blueprint, abort, redirect, render_template, request
from flask_babel import gettext as _

from collector import current, filters
from collector import period as periods
from collector.current import open_to_all
from journeys import headline, labels, panels
from journeys.bar import bar
from journeys.frame import address_with
from journeys.options import check
from journeys.reports import REPORTS
from journeys.table import table

blueprint = Blueprint("journeys", __name__)


@blueprint.get("/patterns")
@open_to_all
def patterns():
    """Every part of a page once, in both directions."""
    return render_template("patterns.html")


@blueprint.get("/sites/<key>/<name>")
def page(key, name):
    module = REPORTS.get(name) or abort(404)
    if wish := _wished():
        return redirect(wish)
    options = {option.name: request.args.getlist(option.name) for option in module.OPTIONS if option.name in request.args}
    options = check(module.OPTIONS, options)
    report = module.report(current.store, current.site, _period(), _filters(), **options)
    return render_template([f"journeys/{name}.html", "journeys/report.html"], report=report, options=options,
                           title=_(report.title), bar=bar(name, report), choices=_choices(module, options),
                           table=table(report, options.get("sort")), searchable="search" in options, **_more(report, options))


def _period():
    return periods.parse(request.args.get("period", ""), current.site, int(time.time() * 1000))


def _filters():
    return filters.parse([pair for pair in request.args.items(multi=True) if pair[0] in filters.KEYS])


def _wished():
    """Forms without scripts send dates and a filter in parts: the address they mean, or None."""
    given = request.args
    if given.get("from") and given.get("to"):
        return address_with(period=f"{given['from']}..{given['to']}", **{"from": None, "to": None})
    if given.get("filter") in filters.KEYS and given.get("value"):
        return address_with(**{given["filter"]: given.getlist(given["filter"]) + [given.get("how", "") + given["value"]],
                               "filter": None, "how": None, "value": None})
    return None


def _choices(module, options):
    """Tabs for each option that is one of a few: (its definition, [(title, address, whether chosen)])."""
    return [(_(option.definition), [(labels.choice(each), address_with(**{option.name: each, "search": None, "sort": None}),
                                     options[option.name] == each) for each in option.choices])
            for option in module.OPTIONS if option.choices]


def _more(report, options):
    """How many rows were found, and where more of them are shown."""
    found = report.extra.get("found", len(report.rows))
    more = address_with(limit=options["limit"] * 5) if found > len(report.rows) else ""
    return {"found": found, "more": more}


@blueprint.get("/sites/<key>/")
def overview(key):
    if wish := _wished():
        return redirect(wish)
    period, narrowing = _period(), _filters()
    report = REPORTS["overview"].report(current.store, current.site, period, narrowing)
    shown = request.args.get("show")
    shown = shown if shown in headline.TILES else headline.TILES[0]
    column = next(column for column in report.columns if column.key == shown)
    return render_template("journeys/overview.html", report=report, previous=report.extra["previous_period"], column=column,
                           bar=bar("overview", report),
                           tiles=headline.tiles(report, shown), picture=headline.picture(report, column),
                           days=table(report), panels=panels.panels(REPORTS, period, narrowing))
