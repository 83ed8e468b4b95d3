"""What the funnel's page shows over its table: the steps as bars, what became of those who went no further, what to choose from."""

from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext as _

from collector import current, journey_register, labels
from collector.frame import address_with
from journeys import funnel, funnels, navigation, sides
from journeys import labels as of_reports
from journeys.report import N_
from journeys.reports import REPORTS
from journeys.table import table

TABLE = ("name", "sessions", "of_before", "of_first", "of_all", "dropped", "dropped_rate", "time", "slow")
COMPARED = ("name", "sessions", "of_before", "other", "other_of_before", "change", "whole")
OWN = ("steps", "saved", "order", "window", "by", "experiment", "against", "limit")
WINDOWS = {"session": N_("Within the session"), "30m": N_("30 minutes"), "1d": N_("One day"), "7d": N_("7 days"), "30d": N_("30 days")}
ORDERS = {"open": N_("Open: anything between"), "strict": N_("Strict: straight after one another")}
SHOP = {"view_item": N_("Saw a product"), "add_to_cart": N_("Put it in the cart"), "begin_checkout": N_("Began the checkout"),
        "add_shipping_info": N_("Chose the delivery"), "add_payment_info": N_("Gave the payment"), "purchase": N_("Ordered")}  # GA4's events
WORDS = {"event": N_("Event"), "goal": N_("Goal"), "group": N_("Page group"), "form": N_("Form"), "stage": N_("Stage")}
PARTS = {"seen": N_("seen"), "start": N_("started"), "submit": N_("sent"), "complete": N_("completed")}


@dataclass(frozen=True)
class Rung:
    """One step as it is drawn."""

    row: object
    kind: str  # in the reader's language, "" for a page
    label: str
    share: float  # length of its bar
    other_share: float | None  # of what it is compared with
    nexts: tuple  # (page or "", sessions, share of those looked at)
    looked: int  # so many of those who went no further, whose next pages are known
    href: str  # the sessions behind those


@dataclass(frozen=True)
class Line:
    """One value of the dimension: its name, the address that narrows to it, and its rows."""

    label: str
    href: str
    rows: tuple


def parts(report):
    """What the template of the funnel's page shows beside the report."""
    chosen = report.extra["funnel"]
    found = {"funnels": _funnels(chosen), "new": _new(chosen), "edit": _edit(chosen)}
    if chosen is None:
        return found | {"rungs": (), "lines": (), "steps_table": None}
    by = request.args.get("by", "")
    only = (("value",) if by else ()) + (COMPARED if report.extra["against"] else TABLE) + (("change", "whole") if "control" in report.extra else ())
    noted = ("note",) if any(row.note for row in report.rows) else ()
    return found | {
        "rungs": () if by else _rungs(report, chosen), "lines": _lines(report, by) if by else (),
        "heads": [label_of(row.name) for row in report.rows[:len(chosen.steps)]],
        "steps_table": _named(table(report, only=only + noted), report, only.index("name")), "choose": _choose(report, chosen), "by_title": of_reports.choice(by) if by else "",
        "visitors": chosen.window != "session", "against": report.extra["against"]}


def refused():
    """What the page of a saved funnel that cannot be counted any more shows: the others, and the way to change it."""
    saved = request.args.get("saved")
    chosen = next((each for each in funnels.of(current.store, current.site) if saved in (None, "", each.key)), None)
    return {"funnels": _funnels(chosen), "edit": _edit(chosen)}


def label_of(text):
    """(kind in the reader's language or "", what) of a step as written; of an event that every shop has, (its name, what it says)."""
    kind, colon, value = text.partition(":")
    if kind == "event" and value in SHOP:
        return value, _(SHOP[value])
    if not colon or kind not in WORDS:
        return "", text
    if kind == "form":
        form, _colon, part = value.rpartition(":")
        if part in PARTS:
            return _(WORDS[kind]), f"{form}: {_(PARTS[part])}"
        form, _colon, field = value.partition(":field:")
        return _(WORDS[kind]), f"{form}: {_('field %(field)s', field=field)}"
    if kind == "stage":
        return _(WORDS[kind]), next((_(stage.name) for stage in stages() if stage.key == value), value)
    return _(WORDS[kind]), labels.label(kind, value)


def words_of(text):
    """The same in one text."""
    kind, label = label_of(text)
    return f"{label} ({kind})" if kind in SHOP else f"{kind} {label}".strip()


def stages():
    """The stages that steps may be: those of the site's first journey."""
    record = journey_register.by_key(current.store, current.site)
    return record.journey.stages if record else ()


def _named(shown, report, at):
    """The table with its steps as they are drawn above it."""
    return replace(shown, rows=tuple((*cells[:at], replace(cells[at], text=words_of(row.name)), *cells[at + 1:])
                                     for cells, row in zip(shown.rows, report.rows, strict=True)))


def _rungs(report, chosen):
    first = max([row.sessions for row in report.rows[:1]] + [1])
    other_first = report.rows[0].other
    rungs = []
    for row in report.rows:
        nexts = [each for each in report.extra["went"] if each.step == row.step]
        kind, label = label_of(row.name)
        rungs.append(Rung(row, kind, label, row.sessions / first,
                          None if not report.extra["against"] else row.other / other_first if other_first else 0,
                          tuple((each.page, each.sessions, each.sessions / each.looked) for each in nexts),
                          nexts[0].looked if nexts else 0, _behind(report, chosen, row)))
    return tuple(rungs)


def _behind(report, chosen, row):
    """The address of the sessions that came to a step and no further; "" where no report shows them."""
    wanted = funnel.sessions_filter(chosen, row.step)
    if not wanted or not row.dropped or "sessions" not in REPORTS:
        return ""
    return navigation.page_address("sessions", period=report.period.name, **report.filters.with_("funnel", wanted).query())


def _lines(report, by):
    values = dict.fromkeys(row.value for row in report.rows)
    return tuple(Line(labels.label(by, value), address_with(**report.filters.with_(by, value).query() | {"by": None}),
                      tuple(row for row in report.rows if row.value == value)) for value in values)


def _funnels(chosen):
    """Tabs of the saved funnels: (name, address, whether shown)."""
    anew = dict.fromkeys(OWN)
    return [(name_of(each), address_with(**anew | {"saved": each.key}), chosen is not None and each.key == chosen.key)
            for each in funnels.of(current.store, current.site)]


def name_of(each):
    return _(each.name) if each.is_found else each.name


def _new(chosen):
    """The address of the form for a new funnel, with what is shown now already in it when it is not saved."""
    asked = {} if chosen is None or (chosen.key and not chosen.is_found) else {
        "steps": list(chosen.steps), "order": chosen.order, "window": chosen.window}
    return url_for("funnels.new", key=current.site.key, **asked)


def _edit(chosen):
    return url_for("funnels.edit", key=current.site.key, funnel=chosen.key) if chosen and chosen.key and not chosen.is_found else ""


def _choose(report, chosen):
    """What the form over the funnel offers: for each of its selects (name, label, [(value, text)], the chosen one)."""
    given, experiments = request.args, sides.experiments(current.store, current.site)
    orders = [(order, _(ORDERS[order])) for order in ORDERS]
    windows = [(window, _(WINDOWS[window])) for window in WINDOWS]
    if chosen.window not in WINDOWS:
        windows.append((chosen.window, chosen.window))
    by = [("", _("All together")), *((key, of_reports.choice(key)) for key in funnel.BY if experiments or key != "variant")]
    which = [("experiment", _("Experiment"), [(each, each) for each in experiments], report.extra["experiment"])] if report.extra["experiment"] else []
    against = [("", _("Nothing")), ("previous", _("The period before")),
               *((f"device={device}", _(name)) for device, name in labels.DEVICES.items() if device in ("desktop", "mobile"))]
    if given.get("against") and given["against"] not in dict(against):
        against.append((given["against"], given["against"]))
    return [("order", _("Order of the steps"), orders, chosen.order), ("window", _("Time allowed"), windows, chosen.window),
            ("by", _("Tell apart by"), by, given.get("by", "")), *which, ("against", _("Compare with"), against, given.get("against", ""))]

