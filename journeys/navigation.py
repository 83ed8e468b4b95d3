"""The pages of the reports in the navigation, and what goes along from one to the next."""

from flask import request, url_for
from flask_babel import gettext as _

from collector import current, filters
from collector.frame import Way
from journeys.report import N_

OWN_PAGES = {"outside.contacts_page": "contacts", "outside.brought_in": "contacts", "links.links_page": "links", "links.link_made": "links"}  # by endpoint
KEPT = ("period", *filters.KEYS)  # arguments that go along from page to page
# group, then (name of the page, its title); a report's address is its name
PAGES = (
    (N_("The journey"), (("map", N_("Map")), ("stages", N_("Stages")), ("funnel", N_("Funnel")), ("sources", N_("Sources")), ("pages", N_("Pages")), ("paths", N_("Paths")),
                         ("goals", N_("Goals and revenue")))),
    (N_("Day by day"), (("overview", N_("Overview")), ("live", N_("Live")))),
    (N_("In the page"), (("clicks", N_("Clicks")), ("forms", N_("Forms")))),
    (N_("What to mend"), (("pain", N_("Pain points")), ("moments", N_("Moments of truth")),
                          ("abandonment", N_("Abandonment")))),
    (N_("Who comes"), (("sessions", N_("Sessions")), ("retention", N_("Retention")),
                       ("personas", N_("Personas")), ("places", N_("Places")), ("devices", N_("Devices")))),
    (N_("Outside the page"), (("links", N_("Campaign links")), ("contacts", N_("Contacts and orders")))),
    (N_("What is counted"), (("orders", N_("Real orders")), ("exclusions", N_("Left out")), ("rejected", N_("Rejected events")))),
)
BESIDE = {"pages": ("pages", "entries", "exits"),  # reports shown as tabs of one page
          "stages": ("stages", "touchpoints", "transitions"),
          "retention": ("retention", "loyalty", "customers", "advocates")}


def groups():
    """Groups of (title, [Way, …]) of the reports of the site shown."""
    keep, shown = kept(), _shown()
    return [(_(group) if group else "", [Way(name, _(title), page_address(name, **keep), name == shown) for name, title in pages])
            for group, pages in PAGES]


def kept():
    """Period and filters of this address, to go along to another page."""
    return {name: values for name, values in request.args.to_dict(flat=False).items() if name in KEPT}


def page_address(name, **arguments):
    if name == "map":
        return url_for("maps.home", key=current.site.key, **arguments)
    return url_for("journeys.page", key=current.site.key, name=name, **arguments)


def session_address(session):
    """Where the story of a session is told. Takes its name."""
    return url_for("journeys.story", key=current.site.key, session=session)


def _shown():
    """The name of the page shown, as in PAGES; "" for one of another room."""
    if request.endpoint == "journeys.overview":
        return "overview"
    if request.blueprint == "maps":
        return "map"
    if request.endpoint == "journeys.page":
        name = request.view_args["name"]
        return next((first for first, names in BESIDE.items() if name in names), name)
    if request.endpoint == "journeys.story":
        return "sessions"
    return "pain" if request.blueprint == "pain" else OWN_PAGES.get(request.endpoint, "")
