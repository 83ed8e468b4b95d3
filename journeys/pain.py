"""What hurts on the site and costs it customers: found by measurement, sized, and shown only where it is told apart from chance.

detectors.py says what may be a pain point, sizing.py whether the sessions that
met it really convert less than others like them: at the same place, on the
same kind of device, from the same channel. Fields of forms are judged by what
they lose more than the fields around them: field_cost.py. All that was looked
at in a period is corrected together (Holm), so a site on which nothing hurts
is told of something in at most one period of twenty: judging.py.

It is association, not proof: who meets trouble may differ from who does not in
what nobody measured. An experiment can tell; the page helps to begin one.
"""

from typing import NamedTuple

from journeys import form_sums, forms, listing, names
from journeys.ask import begin_keeping
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "pain"
TITLE = N_("Pain points")
OPTIONS = (Option("list", "found", N_("What to list"), choices=("found", "tested")), *LISTING)
MONTH = 30  # days
SAME = 0.8  # of two findings, the part of their sessions that must be the same for them to be one
MOST_FORMS = 5  # forms whose fields are looked at, those most started
EXAMPLES = 5
KINDS = {"slow": N_("A slow page"), "error": N_("A script error"), "element": N_("Clicked in vain"), "field": N_("A field that costs"),
         "payment": N_("A payment refused"), "refused": N_("A form refused"), "detour": N_("A detour from the order"),
         "hunt": N_("To and fro between two pages"), "steps": N_("Many pages before the order")}
FOUND, MERGED, NO_LESS, FEW = N_("found"), N_("the same sessions as another"), N_("not told apart from chance"), N_("not enough data")
CAPTION = N_("Upper bound: not all would have converted. It is association: who meets trouble may differ from who does not.")
SAMPLED = N_("There are very many sessions in these days: one minute of every so many was read, and what is counted a month is scaled up.")
NO_GOAL = N_("No goal was reached in these days, so nothing can be said about what keeps people from it. Choose goals in the settings.")
COLUMNS = (
    Column("kind", N_("Trouble"), "words", N_("What kind of trouble it is.")),
    Column("label", N_("What"), "text", N_("The element, message, field or page it is about.")),
    Column("page", N_("Page"), "text", N_("Where it happens; all languages of a page together.")),
    Column("verdict", N_("Verdict"), "words", N_(
        "Found: sessions that met it convert less, and chance alone would say so of any of all that was looked at in one period of twenty.")),
    Column("sessions", N_("Met it"), "count", N_("Sessions that met it. Of a field: those that left the form in it.")),
    Column("could", N_("Could have"), "count", N_("Sessions that came to the place and could have met it, those that did among them.")),
    Column("visitors", N_("Visitors"), "count", N_("Browsers of those who met it, as far as we may tell them apart.")),
    Column("rate", N_("Share"), "rate", N_("Sessions that met it out of those that could have."), of="could", interval=("rate_low", "rate_high")),
    Column("rate_low", N_("Share, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="could"),
    Column("rate_high", N_("Share, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="could"),
    Column("met_rate", N_("Conversion with it"), "rate", N_("Of the sessions that met it, those that reached a goal.")),
    Column("others_rate", N_("Conversion without"), "rate", N_(
        "The same of sessions like them that did not meet it: at the same place, on the same kind of device, from the same channel.")),
    Column("difference", N_("Difference"), "points", N_(
        "Conversion with it minus conversion without. Of a field: completions lost to it beyond what the fields around it lose, of those who came to it."), interval=("low", "high")),
    Column("low", N_("Difference, low end"), "points", N_("Low end of the difference's interval of 95 % (Newcombe).")),
    Column("high", N_("Difference, high end"), "points", N_("High end of the difference's interval of 95 % (Newcombe).")),
    Column("lost", N_("Conversions a month"), "count", N_(
        "At stake in thirty days: the difference times the sessions that met it. Upper bound: not all would have converted."),
        interval=("lost_low", "lost_high")),
    Column("lost_low", N_("Conversions a month, low end"), "count", N_("The low end of the difference, counted the same way.")),
    Column("lost_high", N_("Conversions a month, high end"), "count", N_("The high end of the difference, counted the same way.")),
    Column("stake", N_("At stake a month"), "money", N_(
        "The conversions at stake at the mean revenue of a conversion there. Upper bound: not all would have converted."),
        interval=("stake_low", "stake_high")),
    Column("stake_low", N_("At stake, low end"), "money", N_("The low end of the conversions at the same mean revenue.")),
    Column("stake_high", N_("At stake, high end"), "money", N_("The high end of the conversions at the same mean revenue.")),
    Column("chance", N_("Chance"), "rate", N_(
        "How often chance alone would bring a difference like this somewhere among all that was looked at (Holm). Found is what is below 5 percent.")),
    Column("key", N_("Key"), "text", N_("Its short name, the same in every period.")),
)


class Row(NamedTuple):
    kind: str  # a msgid of KINDS
    label: str
    page: str
    verdict: str  # FOUND, MERGED, NO_LESS or FEW
    sessions: int
    could: int
    visitors: int | None  # None where not every session was read: they cannot be scaled up
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    met_rate: float | None
    others_rate: float | None
    difference: float | None
    low: float | None
    high: float | None
    lost: float | None  # conversions in thirty days; below zero when those who met it convert more
    lost_low: float | None
    lost_high: float | None
    stake: int | None  # minor units in thirty days; None without revenue
    stake_low: int | None
    stake_high: int | None
    chance: float | None
    key: str
    # what the page needs beside the columns
    sort: str  # a key of KINDS
    what: str
    form: str
    into: str  # key of the finding it is the same as, "" when it stands for itself
    addresses: tuple  # of the page, in all languages
    examples: tuple  # ids of sessions that met it and did not convert, the latest; in a report their names
    details: dict


def report(store, site, period, filters, **options):
    """No totals: one session meets several. `extra` says how many were looked at, and how many of them had not enough data."""
    check(OPTIONS, options)  # before anything is read
    return begin(store, site, period, filters)(**options)


def begin(store, site, period, filters, sessions=None):
    """Starts reading for the report and gives a function to call with its options: others may be asked meanwhile.

    Takes how many sessions are chosen, where that is known.
    """
    finish = _begin_judging(store, site, period, filters, sessions)
    return lambda **options: _report(store, site, period, filters, finish(), check(OPTIONS, options))


def judged(store, site, period, filters):
    """A Row of everything that was looked at, what is found first and by what is at stake."""
    return _begin_judging(store, site, period, filters)()


def _report(store, site, period, filters, every, options):
    rows, found = listing.chosen([row for row in every if options["list"] == "tested" or row.verdict == FOUND], COLUMNS, options)
    name_of = names.of(store, site).session
    rows = tuple(row._replace(examples=tuple(map(name_of, row.examples))) for row in rows)
    sampled, known = any(row.details.get("every", 1) > 1 for row in every), any(row.others_rate for row in every)
    notes = ((SAMPLED,) if sampled else ()) + ((NO_GOAL,) if every and not known else ())
    return Report(NAME, TITLE, COLUMNS, rows, None, period, filters, notes, extra={
        "found": found, "tested": sum(row.verdict != FEW for row in every), "few": sum(row.verdict == FEW for row in every)})


def _begin_judging(store, site, period, filters, sessions=None):
    def begin():
        from journeys import detectors, judging, troubles  # not above: the server starts without numpy
        every = troubles.every_of(store, site, period, filters) if sessions is None else troubles.one_of(sessions)
        finish = troubles.begin(store, site, period, filters, every)

        def rows():
            seen, days = finish(), forms.counted_days(site, period)
            in_fields = {each.key: each for each in detectors.fields(seen, least=1)}
            started = form_sums.tried(store, site, period, filters)
            of_fields = [row for form in [each for each in started if each.completions][:MOST_FORMS] for row in judging.of_form(
                seen, form, forms.met_in_order(store, site, period, filters, form.form)[0], in_fields, days)]
            return judging.judge(seen, days, of_fields, in_fields)
        return rows
    return begin_keeping(store, site, period, filters, "pain", begin)
