"""What the frame around every page needs: where one is, where one may go, and in which light.

The light is the reader's own wish, asked for in the address (?theme=dark) and
kept in a cookie, so the switch is a link and works without a script.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, request, url_for
from flask_babel import gettext as _

from collector import current, filters
from journeys.report import N_

COOKIE = "netiv-theme"
THEMES = ("light", "dark", "system")
YEAR = 365 * 86_400
KEPT = ("period", *filters.KEYS)  # arguments that go along from page to page
# group, then (name of the page, its title); a report's address is its name
PAGES = (
    ("", (("overview", N_("Overview")), ("live", N_("Live")))),
    (N_("The journey"), (("sources", N_("Sources")), ("pages", N_("Pages")), ("paths", N_("Paths")),
                         ("goals", N_("Goals and revenue")))),
    (N_("In the page"), (("clicks", N_("Clicks")), ("fields", N_("Form fields")))),
    (N_("Who comes"), (("places", N_("Places")), ("devices", N_("Devices")))),
    (N_("What is counted"), (("exclusions", N_("Left out")), ("rejected", N_("Rejected events")))),
)


def set_up(app):
    """Gives every template of `app` the frame's helpers and remembers the light asked for."""
    app.context_processor(lambda: {"theme": theme(), "static": static, "address_with": address_with,
                                   "navigation": navigation, "current_page": current_page()})
    app.after_request(_remember)


def theme():
    """"light", "dark", or "" to follow the reader's system."""
    wish = request.args.get("theme") or request.cookies.get(COOKIE)
    return wish if wish in ("light", "dark") else ""


def static(name):
    """The address of a file of ours; it changes when the file does."""
    return url_for("static", filename=name, v=_version(Path(current_app.static_folder) / name))


def address_with(**changes):
    """This page's address with some arguments changed; None takes one out."""
    arguments = request.args.to_dict(flat=False)
    arguments.update(changes)
    for name in [name for name, value in arguments.items() if value is None]:
        del arguments[name]
    return url_for(request.endpoint, **{**(request.view_args or {}), **arguments}) if request.endpoint else "/"


def current_page():
    """The name of the page shown, as in PAGES; other pages are called by their endpoint."""
    if request.endpoint == "journeys.overview":
        return "overview"
    return request.view_args["name"] if request.endpoint == "journeys.page" else request.endpoint


def navigation():
    """Groups of (title, [(name, title, address)]) for the side of the page."""
    if not current.site:
        return []
    keep = {name: values for name, values in request.args.to_dict(flat=False).items() if name in KEPT}
    return [(_(group) if group else "", [(name, _(title), page_address(name, **keep)) for name, title in pages])
            for group, pages in PAGES]


def page_address(name, **arguments):
    if name == "overview":
        return url_for("journeys.overview", key=current.site.key, **arguments)
    return url_for("journeys.page", key=current.site.key, name=name, **arguments)


@cache
def _version(path):
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


def _remember(answer):
    wish = request.args.get("theme")
    if wish in THEMES:
        answer.set_cookie(COOKIE, wish, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer
