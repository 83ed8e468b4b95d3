"""What happens in forms: how far sessions come, in which field they hesitate, err and give up, and what that costs.

Forms are found by themselves: every one that was seen is listed. Of one of
them, by default the one most started that has fields at all, the fields stand
in the order people meet them: by the mean place at which sessions touched them.
A form is told by its name, on however many pages it stands: the steps of a
checkout that share one are one form, and each field says its page.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from collector import period as periods
from journeys import devices, form_sums, listing, places, sides, sources, variants
from journeys.ask import newest_sessions
from journeys.field_cost import FEWEST, Counts, costs
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "forms"
TITLE = N_("Forms")
APART = {"device": devices.BY["device"], "language": places.BY["language"], "source": sources.BY["source"],
         "variant": sides.COLUMN}  # what sessions that met one form are told apart by
OPTIONS = (Option("by", "field", N_("What to list"), choices=("field", "form", *APART)),
           Option("form", "", N_("The form whose fields to list, or whose sessions to tell apart")), sides.EXPERIMENT, *LISTING)
LOOKED = 1000  # fields of sessions whose page is looked up
CAPTION = N_("Upper bound: not all would have completed.")
NO_GOAL = N_("Nobody who started this form reached a goal after it. A completion is a goal reached after the form; "
             "choose one in the settings, such as the page of thanks.")
ABANDONS = N_("Sessions that started the form and left it unsent for good, with no goal reached after.")
FORMS = (
    Column("form", N_("Form"), "text", N_("The form's name, id or place in the page.")),
    Column("viewers", N_("Viewers"), "count", N_("Sessions that had the form in sight for a second or more.")),
    Column("starters", N_("Starters"), "count", N_("Sessions that touched any field of the form.")),
    Column("start_rate", N_("Start rate"), "rate", N_("Starters out of viewers."), of="viewers",
           interval=("start_low", "start_high")),
    Column("start_low", N_("Start rate, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="viewers"),
    Column("start_high", N_("Start rate, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="viewers"),
    Column("submitters", N_("Submitters"), "count", N_(
        "Sessions that tried to send the form. A form sent is not yet one accepted: its check may fail.")),
    Column("submit_rate", N_("Submission rate"), "rate", N_("Submitters out of starters."), of="starters",
           interval=("submit_low", "submit_high")),
    Column("submit_low", N_("Submission rate, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="starters"),
    Column("submit_high", N_("Submission rate, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="starters"),
    Column("completions", N_("Completions"), "count", N_("Sessions that reached a goal after they had started the form.")),
    Column("completion_rate", N_("Completion rate"), "rate", N_("Completions out of starters."), of="starters",
           interval=("completion_low", "completion_high")),
    Column("completion_low", N_("Completion rate, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="starters"),
    Column("completion_high", N_("Completion rate, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="starters"),
    Column("abandons", N_("Abandons"), "count", ABANDONS),
    Column("abandon_rate", N_("Abandon rate"), "rate", N_("Abandons out of starters."), of="starters"),
    Column("revenue", N_("Revenue"), "money", N_("Sum of the purchases made in sessions that completed the form.")),
)
FIELDS = (
    Column("field", N_("Field"), "text", N_("The field's name, id, label or autocomplete word. Its value is never read.")),
    Column("form", N_("Form"), "text", N_("The form's name, id or place in the page.")),
    Column("page", N_("Page"), "page", N_("Where people meet it: the page on which most of the newest sessions touched it."), filter="page"),
    Column("place", N_("Place"), "number", N_("Where people meet it: 1 is the field that is touched first.")),
    Column("sessions", N_("Reached"), "count", N_("Sessions that touched the field.")),
    Column("time", N_("Time in field"), "seconds", N_(
        "Focus to blur, summed over returns, mean of the sessions that touched it."), of="sessions"),
    Column("hesitation", N_("Hesitation"), "seconds", N_(
        "Focus to first input, mean of the stays in which something was typed; autofill and paste are left out."),
        of="hesitations"),
    Column("hesitations", N_("Stays with typing"), "count", N_("Stays in the field in which something was typed by hand.")),
    Column("corrections", N_("Corrections"), "count", N_(
        "How often content was deleted or replaced after it was entered; counted, never read.")),
    Column("returns", N_("Returns"), "count", N_("How often visitors came back to the field when it was filled already.")),
    Column("autofills", N_("Autofilled"), "count", N_("Stays in which the browser filled the field.")),
    Column("pastes", N_("Pasted"), "count", N_("Stays in which something was pasted.")),
    Column("errors", N_("Field errors"), "count", N_(
        "Refused values: by the browser, by aria-invalid, or by an error shown beside the field.")),
    Column("last_fields", N_("Last field"), "count", N_("Abandons in which this field was touched last.")),
    Column("last_rate", N_("Share of abandons"), "rate", N_("Last field out of all abandons of the form."), of="abandons"),
    Column("abandons", N_("Abandons of the form"), "count", ABANDONS),
    Column("leave_rate", N_("Left here"), "rate", N_("Abandons in this field out of the sessions that reached it."), of="sessions",
           interval=("leave_low", "leave_high")),
    Column("leave_low", N_("Left here, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="sessions"),
    Column("leave_high", N_("Left here, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="sessions"),
    Column("cost", N_("Cost a month"), "count", N_(
        "Completions at stake in thirty days: how many more sessions leave here than at the two fields before and the two after it, "
        "times the completion rate of those who went on. Upper bound: not all would have completed."),
        interval=("cost_low", "cost_high")),
    Column("cost_low", N_("Cost, low end"), "count", N_("Low end of the cost's interval of 95 % (Newcombe and Wilson).")),
    Column("cost_high", N_("Cost, high end"), "count", N_("High end of the cost's interval of 95 % (Newcombe and Wilson).")),
    Column("stake", N_("At stake a month"), "money", N_(
        "The cost at the mean revenue of a session that completed the form in these days. Upper bound: not all would have completed."),
        interval=("stake_low", "stake_high")),
    Column("stake_low", N_("At stake, low end"), "money", N_("The low end of the cost at the same mean revenue.")),
    Column("stake_high", N_("At stake, high end"), "money", N_("The high end of the cost at the same mean revenue.")),
    Column("returned", N_("Came back: difference"), "points", N_(
        "Of sessions that reached the field, the share that came back to it: of those who abandoned the form minus of those who "
        "completed it. Only where its interval of 95 percent excludes zero."), interval=("returned_low", "returned_high")),
    Column("returned_low", N_("Came back, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("returned_high", N_("Came back, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
    Column("corrected", N_("Corrected: difference"), "points", N_(
        "Of sessions that reached the field, the share that corrected something in it: of those who abandoned the form minus of "
        "those who completed it. Only where its interval of 95 percent excludes zero."), interval=("corrected_low", "corrected_high")),
    Column("corrected_low", N_("Corrected, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("corrected_high", N_("Corrected, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
    Column("refused", N_("Refused: difference"), "points", N_(
        "Of sessions that reached the field, the share whose value was refused: of those who abandoned the form minus of those "
        "who completed it. Only where its interval of 95 percent excludes zero."), interval=("refused_low", "refused_high")),
    Column("refused_low", N_("Refused, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("refused_high", N_("Refused, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
)


DIFFERENCE = variants.columns(N_("Completion rate, difference"), N_(
    "Of starters: the completion rate of those who were shown this variant minus that of those who were shown the first one."))


class Form(NamedTuple):
    form: str
    viewers: int
    starters: int
    start_rate: float | None
    start_low: float | None
    start_high: float | None
    submitters: int
    submit_rate: float | None
    submit_low: float | None
    submit_high: float | None
    completions: int
    completion_rate: float | None
    completion_low: float | None
    completion_high: float | None
    abandons: int
    abandon_rate: float | None
    revenue: int
    value: str = ""  # of what its sessions are told apart by
    difference: float | None = None  # of the completion rate to that of the first variant
    difference_low: float | None = None
    difference_high: float | None = None


class Field(NamedTuple):
    field: str
    form: str
    page: str  # "" where no session of late touched it
    place: int | None  # None: never touched, only refused
    sessions: int
    time: float | None  # seconds a session
    hesitation: float | None  # seconds a stay
    hesitations: int
    corrections: int
    returns: int
    autofills: int
    pastes: int
    errors: int
    last_fields: int
    last_rate: float | None
    abandons: int
    leave_rate: float | None
    leave_low: float | None
    leave_high: float | None
    cost: float | None  # completions in thirty days
    cost_low: float | None
    cost_high: float | None
    stake: int | None  # minor units in thirty days; None without revenue
    stake_low: int | None
    stake_high: int | None
    returned: float | None  # differences of rates, None where not told apart from zero
    returned_low: float | None
    returned_high: float | None
    corrected: float | None
    corrected_low: float | None
    corrected_high: float | None
    refused: float | None
    refused_low: float | None
    refused_high: float | None


def report(store, site, period, filters, **options):
    """No totals: one session is in several forms and fields.

    `extra["form"]` is the Form that fields are listed of or sessions told apart of, None where forms are listed; `extra["forms"]` all of
    them, most started first; `extra["experiment"]` the key of that whose variants are told apart.
    """
    options = check(OPTIONS, options)
    side = sides.read(store, site, options)
    narrowed = side.narrowed(filters)
    forms = [_form(row) for row in form_sums.tried(store, site, period, narrowed)]
    wanted = [form for form in forms if options["form"] in ("", form.form)]
    # a button that is a form of its own, such as "add to cart", has no fields
    met = ((form, met_in_order(store, site, period, narrowed, form.form)) for form in wanted if options["by"] != "form")
    chosen, fields = next((each for each in met if any(each[1])), (next(iter(wanted), None), ((), ())))
    if side.by:
        shown = (APART[side.by], *FORMS[1:], *(DIFFERENCE if side.control else ()))
        rows = variants.compared(_apart(store, site, period, narrowed, chosen, side), side, "completions", "starters")
    elif options["by"] == "form":
        shown, rows, chosen = FORMS, wanted, None
    else:
        shown, rows = FIELDS, _fields(store, site, period, narrowed, chosen, *fields) if any(fields) else []
    notes = (NO_GOAL,) if rows and chosen and not chosen.completions else ()
    rows, found = listing.chosen(rows, shown, options)
    of_sides, extra = variants.said(store, site, period, narrowed, side)
    return Report(NAME, TITLE, shown, rows, None, period, filters, of_sides + notes,
                  extra={"found": found, "form": chosen, "forms": forms} | extra)


def _apart(store, site, period, filters, form, side):
    """The Forms that one is of each side, most started first."""
    return [_form(row) for row in form_sums.tried(store, site, period, filters, side) if form and row.form == form.form]


def _form(row):
    return Form(row.form, row.viewers,
                row.starters, *_rate(row.starters, row.viewers), row.submitters, *_rate(row.submitters, row.starters),
                row.completions, *_rate(row.completions, row.starters),
                row.abandons, listing.rate(row.abandons, row.starters), row.revenue, row.value or "")


def _fields(store, site, period, filters, form, touched, untouched):
    """Takes rows of form_fields.sql as met_in_order() gives them."""
    pages = _pages(store, site, period, filters, form.form)
    at_stake = costs([counts(row) for row in touched], counted_days(site, period))
    return [*(_field(row, pages.get(row.field, ""), place, cost, form) for place, (row, cost) in enumerate(zip(touched, at_stake, strict=True), 1)),
            *(_field(row, pages.get(row.field, ""), None, (None, None, None), form) for row in untouched)]


def _pages(store, site, period, filters, form):
    """{field: the page on which most of the newest sessions touched it}."""
    found = defaultdict(Counter)
    for row in newest_sessions(store, "field_pages", site, period, filters, LOOKED, form=form):
        found[row.field][row.page] += 1
    return {field: min(pages, key=lambda page: (-pages[page], page)) for field, pages in found.items()}


def met_in_order(store, site, period, filters, form):
    """Rows of form_fields.sql: (fields in the order people meet them, those never touched)."""
    found = form_sums.filled(store, site, period, filters, form)
    return sorted((row for row in found if row.sessions), key=lambda row: row.places / row.sessions), [row for row in found if not row.sessions]


def counts(row):
    """The Counts of such a row."""
    return Counts(row.sessions, row.last_fields, row.completions)


def counted_days(site, period):
    """Days of the period since the site's first event: before it nothing could be counted."""
    first = periods.day_of(site.first_event_at, site.zone) if site.first_event_at else period.first_day
    return period.last_day + 1 - min(max(first, period.first_day), period.last_day)


def _field(row, page, place, cost, form):
    money = form.revenue / form.completions if form.revenue else None
    return Field(row.field, row.form, page, place, row.sessions, listing.seconds(row.time_ms, row.sessions),
                 listing.seconds(row.hesitation_ms, row.hesitations), row.hesitations, row.corrections, row.returns,
                 row.autofills, row.pastes, row.errors, row.last_fields, listing.rate(row.last_fields, form.abandons), form.abandons,
                 *_rate(row.last_fields, row.sessions),
                 *(None if each is None else round(each, 1) for each in cost),
                 *(None if each is None or money is None else round(each * money) for each in cost),
                 *_difference(row.gone_returned, row.gone, row.done_returned, row.done),
                 *_difference(row.gone_corrected, row.gone, row.done_corrected, row.done),
                 *_difference(row.gone_refused, row.gone, row.done_refused, row.done))


def _rate(part, whole):
    return listing.rate(part, whole), *listing.wilson(part, whole)


def _difference(gone_did, gone, done_did, done):
    """Rate of those who gave up minus rate of those who completed, with its interval; None unless it excludes zero."""
    if min(gone, done) < FEWEST:
        return None, None, None
    low, high = listing.newcombe(gone_did, gone, done_did, done)
    return (gone_did / gone - done_did / done, low, high) if low > 0 or high < 0 else (None, None, None)
