"""What happens in forms: how far sessions come, and in which field they hesitate, err and give up."""

from typing import NamedTuple

from journeys import listing
from journeys.ask import ask_sums
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "fields"
TITLE = N_("Form fields")
OPTIONS = (Option("by", "field", N_("What to list"), choices=("field", "form")),
           Option("form", "", N_("Only fields of this form")), *LISTING)
FORMS = (
    Column("form", N_("Form"), "text", N_("The form's name, id or place in the page.")),
    Column("viewers", N_("Viewers"), "count", N_("Sessions that had the form in sight for a second or more.")),
    Column("starters", N_("Starters"), "count", N_("Sessions that touched any field of the form.")),
    Column("start_rate", N_("Start rate"), "rate", N_("Starters out of viewers."), of="viewers"),
    Column("submitters", N_("Submitters"), "count", N_(
        "Sessions that tried to send the form. A form sent is not yet one accepted: its check may fail.")),
    Column("submit_rate", N_("Submission rate"), "rate", N_("Submitters out of starters."), of="starters"),
    Column("abandons", N_("Abandons"), "count", N_("Sessions that started the form and left it unsent for good, with no goal reached after.")),
    Column("abandon_rate", N_("Abandon rate"), "rate", N_("Abandons out of starters."), of="starters"),
)
FIELDS = (
    Column("field", N_("Field"), "text", N_("The field's name, id, label or autocomplete word. Its value is never read.")),
    Column("form", N_("Form"), "text", N_("The form's name, id or place in the page.")),
    Column("sessions", N_("Sessions"), "count", N_("Sessions that touched the field.")),
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
    Column("last_rate", N_("Share of abandons"), "rate", N_("Last field out of all abandons of the form."),
           of="abandons"),
    Column("abandons", N_("Abandons of the form"), "count", N_(
        "Sessions that started the form and left it unsent for good, with no goal reached after.")),
)


class Form(NamedTuple):
    form: str
    viewers: int
    starters: int
    start_rate: float | None
    submitters: int
    submit_rate: float | None
    abandons: int
    abandon_rate: float | None


class Field(NamedTuple):
    field: str
    form: str
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


def report(store, site, period, filters, **options):
    """No totals: one session is in several forms and fields."""
    options = check(OPTIONS, options)
    wanted = options["form"]
    if options["by"] == "form":
        shown, rows = FORMS, [_form(row) for row in _forms(store, site, period, filters)
                              if wanted in ("", row.form)]
    else:
        abandons = {row.form: row.abandons for row in _forms(store, site, period, filters)}
        shown, rows = FIELDS, [_field(row, abandons.get(row.form, 0)) for row in ask_sums(
            store, "fields", site, period, filters, key=2, order=("-sessions", "-last_fields", "form", "field"), form=wanted)]
    rows, found = listing.chosen(rows, shown, options)
    return Report(NAME, TITLE, shown, rows, None, period, filters, extra={"found": found})


def _forms(store, site, period, filters):
    return ask_sums(store, "forms", site, period, filters, key=1, order=("-viewers", "-starters", "form"))


def _form(row):
    return Form(row.form, row.viewers, row.starters, listing.rate(row.starters, row.viewers), row.submitters,
                listing.rate(row.submitters, row.starters), row.abandons, listing.rate(row.abandons, row.starters))


def _field(row, abandons):
    return Field(row.field, row.form, row.sessions, listing.seconds(row.time_ms, row.sessions),
                 listing.seconds(row.hesitation_ms, row.hesitations), row.hesitations, row.corrections, row.returns,
                 row.autofills, row.pastes, row.errors, row.last_fields,
                 listing.rate(row.last_fields, abandons), abandons)
