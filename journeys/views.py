"""The pages: the overview, and one page a report; that of the map is map_views'. Each shows the same report(...) the API and the command line give."""

from flask import Blueprint, abort, redirect, render_template, request
from flask_babel import gettext as _

from collector import current
from collector.current import open_to_all
from collector.frame import address_with
from collector.locale import said
from journeys import attempts, figures, funnel_page, headline, heat, labels, left, matrix, pain_page, panels, portraits, sides, stories, telling, walk
from journeys.about import about, nothing
from journeys.bar import arguments, bar, wished
from journeys.navigation import BESIDE, kept, page_address
from journeys.options import SORT, BadOption, check
from journeys.reports import FORMER, REPORTS, asked
from journeys.table import table

ROWS = 25
MOMENTS = ("name", "told", "went_on", "went_on_rate", "left", "left_rate", "difference", "removal", "markov", "first", "last", "linear")
WHOLE = ("paths", "sessions", "touchpoints")  # pages that begin with as many rows as their report
# where a page's table shows less than the report has, by the report and what it lists: keys of columns, pairs of them in one place, or a function of the report
SHOWN = {("exclusions", None): ("meaning", "rule", "events", "batches", "share"), ("forms", "field"): attempts.FIELDS,
         ("forms", "form"): attempts.FORMS,
         ("live", None): ("at", "what", "page", "name", "country", "device", "source"),
         ("customers", None): ("customer", "orders", "outside", "last", "value", "alive", "expected", "revenue", "stake"),
         ("advocates", "session"): ("at", "kind", "score", "visitor"),
         ("sessions", None): ("at", "source", ("entry_page", "exit_page"), "stages", "engaged", "trouble", "goals", "revenue"),
         ("stages", None): matrix.STAGES, ("touchpoints", None): matrix.TOUCHPOINTS, ("transitions", None): matrix.TRANSITIONS,
         ("pain", None): pain_page.columns, ("moments", "touchpoint"): lambda report: _told_apart(report, MOMENTS), ("moments", "page"): MOMENTS}
# what a page shows over its table, or in its place
OVER = {"paths": walk.parts, "forms": attempts.parts, "pain": pain_page.parts, "funnel": funnel_page.parts, "personas": portraits.parts,
        "abandonment": left.parts, "retention": heat.parts, "loyalty": figures.loyalty, "customers": figures.customers,
        "advocates": figures.advocates, "transitions": matrix.parts,
        "sessions": lambda report: {"table_title": labels.sessions(report.extra["found"])}}
# where a row's link leads, if not to this page with a filter
LEADS = {"customers": figures.sessions_of, "advocates": figures.sessions_of,
         "moments": lambda report: lambda filters: page_address("sessions", **kept() | filters.query())}

blueprint = Blueprint("journeys", __name__)


@blueprint.get("/patterns")
@open_to_all
def patterns():
    """Every part of a page once, in both directions."""
    return render_template("patterns.html")


@blueprint.get("/sites/<key>/overview")
def overview(key):
    if wish := wished():
        return redirect(wish)
    report = asked(current.store, current.site, "overview", arguments())
    shown = request.args.get("show")
    shown = shown if shown in headline.TILES else headline.TILES[0]
    column = next(column for column in report.columns if column.key == shown)
    return render_template("journeys/overview.html", report=report, previous=report.extra["previous_period"],
                           column=column, bar=bar("overview", report), tiles=headline.tiles(report, shown),
                           picture=headline.picture(report, column), days=table(report),
                           panels=panels.panels(arguments()), nothing=nothing("overview", report.filters))


@blueprint.get("/sites/<key>/<name>")
def page(key, name):
    if name in FORMER or name == "map":
        return redirect(page_address(FORMER.get(name, name), **request.args.to_dict(flat=False)))
    module = REPORTS.get(name) or abort(404)
    if wish := wished():
        return redirect(wish)
    known = {option.name for option in module.OPTIONS}
    given = ({"limit": [str(ROWS)]} if name not in WHOLE and "limit" in known else {}) | arguments()
    try:
        report = asked(current.store, current.site, name, given)
    except BadOption as error:
        if name != "funnel" or error.field != "steps" or given.get("steps"):
            raise
        return render_template("journeys/funnel_refused.html", message=said(error), title=_(module.TITLE), **funnel_page.refused()), error.status
    options = check(module.OPTIONS, {option: values for option, values in given.items() if option in known})
    only = SHOWN.get((name, options.get("by")), ())
    return render_template([f"journeys/{name}.html", "journeys/report.html"], report=report, options=options,
                           title=_(report.title), about=about(name),
                           bar=bar(name, report, has_period=name != "live", has_filters=name not in ("exclusions", "rejected", "orders")),
                           choices=[*_beside(name), *_choices(module, options, report)], searchable="search" in known,
                           **{"nothing": nothing(name, report.filters),
                              "table": table(report, options.get("sort") if SORT in module.OPTIONS else None,
                                            only=only(report) if callable(only) else only,
                                            link=LEADS.get(name, lambda report: None)(report))}
                           | _more(report, options) | OVER.get(name, lambda report: {})(report))


@blueprint.get("/sites/<key>/sessions/<session>")
def story(key, session):
    """One session from its first event to its last, in words."""
    told = stories.read(current.store, current.site, session) or abort(404)
    return render_template("journeys/story.html", story=told, told=telling.told(told))


def _told_apart(report, columns):
    """The columns, with that of the stage where rows have the same name."""
    names = [row.name for row in report.rows]
    return columns if len(set(names)) == len(names) else (columns[0], "stage_name", *columns[1:])


def _beside(name):
    """Tabs of reports that belong together, as _choices gives them."""
    for first, names in BESIDE.items():
        if name in names:
            return [(_(REPORTS[first].TITLE), [(_(REPORTS[each].TITLE), page_address(each, **kept()), each == name)
                                  for each in names])]
    return []


def _choices(module, options, report):
    """Tabs for each option that is one of a few: (what is chosen, [(title, address, whether chosen)])."""
    anew = {"search": None, "limit": None, "after": None} | ({"sort": None} if SORT in module.OPTIONS else {})
    experiments = sides.experiments(current.store, current.site) if sides.EXPERIMENT in module.OPTIONS else ()
    tabs = [(_(option.definition),
             [(labels.choice(each), address_with(**{option.name: each} | anew | ({"steps": None, "experiment": None} if option.name == "by" else {})),
               options[option.name] == each)
              for each in option.choices if experiments or each != "variant"]) for option in module.OPTIONS if option.choices]
    if report.extra.get("experiment") and len(experiments) > 1:
        tabs.append((_(sides.EXPERIMENT.definition), [(each, address_with(experiment=each, **anew), each == report.extra["experiment"])
                                                      for each in experiments]))
    return tabs


def _more(report, options):
    """How many rows were found, and where more of them are shown."""
    found = report.extra.get("found", len(report.rows))
    if "next" in report.extra:
        return {"found": found, "more": report.extra["next"] and address_with(after=report.extra["next"])}
    more = address_with(limit=options["limit"] * 4) if found > len(report.rows) else ""
    return {"found": found, "more": more}
