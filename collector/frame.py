"""What the frame around every page needs: where one is, where one may go, and in which light.

Each room says itself which pages it has: wsgi gives its groups() to set_up(). The light is the reader's own wish, asked for in the address (?theme=dark)
and kept in a cookie, so the switch is a link and works without a script.
"""

import hashlib
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import dates, numbers
from flask import current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from collector import current, locale
from collector.period import day_of

COOKIE = "netiv-theme"
THEMES = ("light", "dark", "system")
YEAR = 365 * 86_400


class Way(NamedTuple):
    """One line of the navigation. `here` is true on the page it leads to."""

    symbol: str  # of _macros.html
    title: str  # in the reader's language
    href: str
    here: bool


def set_up(app, rooms):
    """Gives every template of `app` the frame's helpers and remembers the light asked for.

    `rooms` are functions that give groups of the navigation, (title, [Way, …]), for the site shown.
    """
    app.context_processor(lambda: {"theme": theme(), "static": static, "bundle": bundle, "address_with": address_with,
                                   "navigation": lambda: navigation(rooms)})
    app.jinja_env.filters.update(translated=translated, interval=interval, whole_money=whole_money, span=span,
                                 points=points, recent=recent, iso=iso, clock=clock)
    app.after_request(_remember)


def theme():
    """"light", "dark", or "" to follow the reader's system."""
    wish = request.args.get("theme") or request.cookies.get(COOKIE)
    return wish if wish in ("light", "dark") else ""


def static(name):
    """The address of a file of ours; it changes when the file does."""
    return url_for("static", filename=name, v=_version(Path(current_app.static_folder) / name))


def translated(text):
    """A msgid in the reader's language as it stands: unlike _() in a template, a % in it is only a %."""
    return _(text) if text else ""


def points(change):
    """A change of a rate in percentage points: 0.012 as +1.2 pp."""
    return _("%(points)s pp", points=f"\u2066{_signed(100 * change)}\u2069")


def _signed(number):
    sign = "+" if number > 0 else "\u2212" if number < 0 else ""
    return f"{sign}{locale.number(abs(number), 1)}"


def recent(at):
    """An instant on the site's clock, without the day when that is today."""
    zone = current.site.zone
    now = int(time.time() * 1000)
    return locale.moment(at, zone) if day_of(at, zone) != day_of(now, zone) else clock(at)


def clock(at):
    """An instant on the site's clock, to the second."""
    return f"{datetime.fromtimestamp(at / 1000, current.site.zone):%H:%M:%S}"


def iso(at):
    """UTC milliseconds as a machine reads them: 2026-11-24T07:00:00+00:00."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def interval(ends, kind="rate"):
    """A pair of rates, low and high, as 3.6–4.7%, read from low to high in both directions; or of another kind."""
    low, high = ends
    if kind == "points":
        return _("%(points)s pp", points=f"\u2066{_signed(100 * low)} … {_signed(100 * high)}\u2069")
    if kind != "rate":
        write = whole_money if kind == "money" else locale.number
        return f"\u2066{write(low)}–{write(high)}\u2069"
    return f"\u2066{locale.number(100 * low, 1)}–{locale.percent(high)}\u2069"


def whole_money(minor):
    """Minor units of the site's currency without the small change: what a table has room for."""
    currency = current.site.currency
    pattern = get_locale().currency_formats["standard"].pattern.replace(".00", "")
    whole = round(minor / 10 ** numbers.get_currency_precision(currency))
    return f"\u2068{numbers.format_currency(whole, currency, format=pattern, locale=get_locale(), currency_digits=False)}\u2069"


def span(period):
    """The days of a period: Oct 26 – Nov 24, 2026."""
    return dates.format_interval(period.first_date, period.last_date, skeleton="yMMMd", locale=get_locale())


def address_with(**changes):
    """This page's address with some arguments changed; None takes one out."""
    arguments = request.args.to_dict(flat=False)
    arguments.update(changes)
    for name in [name for name, value in arguments.items() if value is None]:
        del arguments[name]
    return url_for(request.endpoint, **{**(request.view_args or {}), **arguments}) if request.endpoint else "/"


def navigation(rooms):
    """Groups of (title, [Way, …]) for the side of the page."""
    sites = _way("sites", _("All sites"), "sites.all_mine")
    if not current.site:
        return [("", [sites])]
    settings = _way("settings", _("Settings"), "sites.settings", key=current.site.key)
    journey = _way("stages", _("Stages and touchpoints"), "journey.edit", key=current.site.key)
    return [*(group for room in rooms for group in room()), (_("Set-up"), [journey, settings, sites])]


def _way(symbol, title, endpoint, **values):
    href = url_for(endpoint, **values)
    return Way(symbol, title, href, request.script_root + request.path == href)  # a form shown again with what is wrong is the same page


def bundle(name):
    """The address of a browser bundle, built by `make setup` under a name with its hash."""
    found = next(Path(current_app.static_folder, "dist").glob(f"{name}.*.js"))
    return url_for("static", filename=f"dist/{found.name}")


@cache
def _version(path):
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


def _remember(answer):
    wish = request.args.get("theme")
    if wish in THEMES:
        answer.set_cookie(COOKIE, wish, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer
