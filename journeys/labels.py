"""How the values and options of reports read to people: what collector.labels knows, and what only reports have."""

from babel import dates
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import ngettext

from collector import labels, locale
from journeys import refusals
from journeys.report import N_

CHOICES = {"outbound": N_("Links out"), "download": N_("Downloads"), "field": N_("Field"), "form": N_("Form"),
           "element": N_("Element"), "reason": N_("Reason"), "after": N_("What came after"),
           "before": N_("What came before"),
           "all": N_("All sessions"), "trouble": N_("Frustration"), "order": N_("Placed order"), "none": N_("None of these"), "time": N_("Newest"),
           "engaged": N_("Engaged time"), "cart": N_("Cart"), "checkout": N_("Checkout"), "error": N_("Last error"),
           "hour": N_("Hour of the week"), "revenue": N_("Revenue"),
           "found": N_("Found"), "tested": N_("All looked at"),
           "return": N_("Came back"), "reorder": N_("Ordered again"), "week": N_("By week"),
           "month": N_("By month"), "visits": N_("First and later sessions"), "orders": N_("Orders a customer"),
           "wait": N_("Until the second order"), "variant": N_("Variant"), "kind": N_("What they did"), "session": N_("One by one")}


def label(key, value):
    """A value as it reads on a page. `key` is the dimension it belongs to, or ""."""
    return refusals.said(str(value)) if key == "reason" else labels.label(key, value)


def hour(number):
    """An hour of the week, 0-167 from Sunday midnight, as Sun 14:00."""
    day = dates.get_day_names("abbreviated", locale=get_locale())[(number // 24 + 6) % 7]
    return f"{day} {number % 24:02}:00"


def sessions(count):
    """So many sessions."""
    return ngettext("%(count)s session", "%(count)s sessions", count, count=locale.number(count))


def choice(key):
    """What one choice of an option is called."""
    return _(CHOICES[key]) if key in CHOICES else labels.name(key)
