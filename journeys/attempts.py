"""What the forms page shows over its table: how far sessions came, what each field costs, what those who gave up did otherwise."""

from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext as _

from collector.editions import editions
from collector.filters import literal
from collector.frame import address_with
from journeys import forms, trouble_filter
from journeys.navigation import kept, page_address
from journeys.table import table

FIELDS = ("field", "sessions", "time", "hesitation", "corrections", "returns", "autofills", "errors", "last_fields",
          "last_rate", "leave_rate")  # of the page's table; the rest is shown over it
FORMS = ("form", "viewers", "starters", "start_rate", "submitters", "submit_rate", "completions", "completion_rate", "abandon_rate")
APART = ("value", *FORMS[1:])
COSTS = ("field", "cost", "stake")
DIFFERENCES = ("returned", "corrected", "refused")
MOST = 8  # forms to choose from


@dataclass(frozen=True)
class Step:
    column: object
    sessions: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    of: str = ""  # what the rate is out of, in the reader's language
    share: float = 0  # of those who saw the form


def parts(report):
    """What the template of the forms page shows beside the report; `steps` is empty where forms are listed, or the one asked for is not there."""
    form = report.extra["form"]
    if not form:
        return {"steps": ()} | _not_there(request.args.get("form"), report.extra["forms"])
    over = {"steps": _steps(form), "forms": _forms(report, form)}
    if report.columns[0].key == "value":
        only = (*APART, "difference") if forms.DIFFERENCE[0] in report.columns else APART
        return over | {"table_title": _("Sessions that met the form"), "table": table(report, request.args.get("sort", ""), only=only)}
    charged = sorted((row for row in report.rows if row.cost), key=lambda row: -row.cost)
    only = COSTS if any(row.stake for row in charged) else COSTS[:-1]
    differing = [row for row in report.rows if any(getattr(row, key) is not None for key in DIFFERENCES)]
    shown = tuple(key for key in DIFFERENCES if any(getattr(row, key) is not None for row in differing))
    on_several = len(set(editions({row.page for row in report.rows if row.page}).values())) > 1
    shown_fields = ("field", "page", *FIELDS[1:]) if on_several else FIELDS
    return over | {
        "table_title": _("The fields, in the order people meet them"), "table": _with_sessions(table(report, request.args.get("sort", ""), only=shown_fields), report, form.form),
        "costs": table(replace(report, rows=charged), only=only), "counted": any(row.cost is not None for row in report.rows),
        "differences": table(replace(report, rows=differing), only=("field", *shown)), "caption": forms.CAPTION}


def _not_there(name, found):
    """What an empty page says when others are there, but not the form that was asked for."""
    if not name or not found or any(form.form == name for form in found):
        return {}
    listed = ", ".join(f"\u2068{form.form}\u2069" for form in found[:MOST])
    return {"nothing": (_("No form of the name %(form)s was touched here", form=f"\u2068{name}\u2069"), _("There are: %(forms)s", forms=listed),
                        _("Show the form most started"), address_with(form=None))}


def _with_sessions(shown, report, form):
    """The table, its numbers of sessions that left in a field leading to these."""
    if "trouble" in report.filters.query():  # another value would mean "or"
        return shown
    at = [head.column.key for head in shown.heads].index("last_fields")
    return replace(shown, rows=tuple((*cells[:at], replace(cells[at], href=_left_in(form, row)), *cells[at + 1:])
                                     for cells, row in zip(shown.rows, report.rows, strict=True)))


def _left_in(form, row):
    if not row.last_fields:
        return ""
    return page_address("sessions", **kept() | {"trouble": trouble_filter.value("left", literal(form), row.field)})


def _steps(form):
    columns = {column.key: column for column in forms.FORMS}
    return (Step(columns["viewers"], form.viewers, share=1),
            Step(columns["starters"], form.starters, form.start_rate, form.start_low, form.start_high,
                 _("of those who saw it"), _share(form.starters, form)),
            Step(columns["submitters"], form.submitters, form.submit_rate, form.submit_low, form.submit_high,
                 _("of those who started"), _share(form.submitters, form)),
            Step(columns["completions"], form.completions, form.completion_rate, form.completion_low, form.completion_high,
                 _("of those who started"), _share(form.completions, form)))


def _share(sessions, form):
    return min(1, sessions / form.viewers) if form.viewers else 0


def _forms(report, chosen):
    """Tabs of the forms most started, and the one that is shown."""
    found = report.extra["forms"]
    listed = found[:MOST] + [form for form in found[MOST:] if form is chosen]
    return [(form.form, address_with(form=form.form, search=None, sort=None, limit=None), form is chosen) for form in listed]
