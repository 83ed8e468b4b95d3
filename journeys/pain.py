"""What hurts on the site and costs it customers: found by measurement, sized, and shown only where it is told apart from chance.

detectors.py says what may be a pain point, sizing.py whether the sessions that
met it really convert less than others like them: at the same place, on the
same kind of device, from the same channel. Fields of forms are judged by what
they lose more than the fields around them: field_cost.py. All that was looked
at in a period is corrected together (Holm), so a site on which nothing hurts
is told of something in at most one period of twenty.

It is association, not proof: who meets trouble may differ from who does not in
what nobody measured. An experiment can tell; the page helps to begin one.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from journeys import field_cost, forms, listing, names, sizing
from journeys.ask import ask_sums, keep
from journeys.detectors import candidates, fields, key
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report
from journeys.troubles import read

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
    Column("difference", N_("Difference"), "points", N_("Conversion with it minus conversion without."), interval=("low", "high")),
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
    visitors: int | None  # None: not counted by visitor
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
    examples: tuple  # names of sessions that met it and did not convert, the latest; from judge() their ids
    details: dict


def report(store, site, period, filters, **options):
    """No totals: one session meets several. `extra` says how many were looked at, and how many of them had not enough data."""
    options = check(OPTIONS, options)
    every = keep(store, site, period, filters, "pain", lambda: judged(store, site, period, filters))
    rows, found = listing.chosen([row for row in every if options["list"] == "tested" or row.verdict == FOUND], COLUMNS, options)
    sampled, known = any(row.details.get("every", 1) > 1 for row in every), any(row.others_rate for row in every)
    notes = ((SAMPLED,) if sampled else ()) + ((NO_GOAL,) if every and not known else ())
    return Report(NAME, TITLE, COLUMNS, rows, None, period, filters, notes, extra={
        "found": found, "tested": sum(row.verdict != FEW for row in every), "few": sum(row.verdict == FEW for row in every)})


def judged(store, site, period, filters):
    """A Row of everything that was looked at, what is found first and by what is at stake."""
    seen = read(store, site, period, filters)
    days = forms.counted_days(site, period)
    in_fields = {each.key: each for each in fields(seen, least=1)}
    found = judge(seen, days, _of_fields(store, site, period, filters, seen, in_fields, days), in_fields)
    name_of = names.of(store, site).session
    return [row._replace(examples=tuple(map(name_of, row.examples))) for row in found]


def judge(seen, days, of_fields=(), in_fields=None):
    """The same of what was read, so many days; `of_fields` are Rows of fields, and `in_fields` their Candidates by key."""
    looked_at = [each for each in candidates(seen) if each.kind != "field"]
    rows = _told_apart([*(_compared(seen, each, days) for each in looked_at), *of_fields])
    rows = [row if row.verdict != FOUND else row._replace(details=row.details | _around(seen, row, days)) for row in rows]
    return _ordered(rows, {(each.key, each.kind): each.met for each in (*looked_at, *(in_fields or {}).values())})


def _compared(seen, candidate, days):
    """A Row, its verdict still open: NO_LESS, or FEW where it cannot be compared."""
    compared = sizing.compare(strata(seen, candidate))
    row = _row(seen, candidate, len(candidate.met) * seen.every, len(candidate.could) * seen.every)
    if not compared:
        return row
    a_month = -compared.met * seen.every * MONTH / days
    return row._replace(
        verdict=NO_LESS, met_rate=compared.rate, others_rate=compared.others_rate, difference=compared.difference, low=compared.low,
        high=compared.high, chance=compared.chance,
        **_stake(compared.difference * a_month, compared.high * a_month, compared.low * a_month, _mean_revenue(seen, candidate.could)))


def strata(seen, candidate):
    """Sizing's Strata of a candidate: its sessions by device, channel and, where it says so, place."""
    number_of, kind_of = seen.alike

    def counted(sessions):
        kinds = map(number_of.__getitem__, sessions)
        return Counter(zip(kinds, map(candidate.place.__getitem__, sessions)) if candidate.place else kinds)

    found = defaultdict(lambda: [0, 0, 0, 0])
    met, others = candidate.met & candidate.could, candidate.could - candidate.met
    for at, counts in ((0, counted(list(met))), (2, counted(list(others)))):
        for each, sessions in counts.items():
            kind, *place = each if candidate.place else (each,)
            like, converted = kind_of[kind]
            numbers = found[like, *place]
            numbers[at] += sessions
            numbers[at + 1] += sessions * converted
    return [sizing.Stratum(*numbers) for numbers in found.values()]


def _of_fields(store, site, period, filters, seen, in_fields, days):
    """Rows of the fields of the forms that are most started, judged by what they lose more than those around them."""
    started = ask_sums(store, "forms", site, period, filters, key=1, order=("-starters", "-viewers", "form"))
    for form in [row for row in started if row.completions][:MOST_FORMS]:
        touched, _ = forms.met_in_order(store, site, period, filters, form.form)
        counts = [forms.counts(row) for row in touched]
        for at, (row, cost) in enumerate(zip(touched, field_cost.costs(counts, days), strict=True)):
            candidate = in_fields.get(key("field", "", row.field, form.form))
            if candidate and row.last_fields >= sizing.FEWEST:
                yield _field(seen, candidate, counts[at], cost, field_cost.around(counts, at), form, days)


def _field(seen, candidate, counts, cost, around, form, days):
    made = _row(seen, candidate, counts.left, counts.reached)
    if cost.cost is None:
        return made
    reached, left = around
    most = counts.reached * MONTH / days
    money = form.revenue / form.completions if form.revenue else None
    return made._replace(
        verdict=NO_LESS, met_rate=0.0, others_rate=counts.completed / (counts.reached - counts.left), difference=0 - cost.cost / most,
        low=0 - cost.high / most, high=0 - cost.low / most, chance=sizing.chance(counts.left, counts.reached, left, reached), **_stake(*cost, money))


def _around(seen, row, days):
    """For an experiment: the pages it happens on, those that lead on from them and to them, how many go on, and visitors a day."""
    here = set(row.details.get("on", (row.page,)))
    on = set().union(*(seen.on.get(page, ()) for page in here))
    after, before = Counter(), Counter()
    for session in on:
        pages = seen.visits[session].pages
        steps = set(zip(pages, pages[1:]))
        after.update({there for page, there in steps if page in here and there not in here} if seen.visits[session].converted else ())
        before.update({page for page, there in steps if there in here and page not in here})
    following, leading = _most(after), _most(before)
    went_on = sum(any(page in here and there == following for page, there in zip(seen.visits[session].pages, seen.visits[session].pages[1:]))
                  for session in on)
    addresses = seen.addresses or {}
    return {"on": tuple(sorted(address for page in here for address in addresses.get(page, (page,)))), "next": addresses.get(following, ()), "next_page": following,
            "before": addresses.get(leading, ()), "went_on": went_on * seen.every, "of": len(on) * seen.every,
            "a_day": len({seen.visits[session].visitor for session in on}) * seen.every / days}


def _most(counted):
    return min(counted, key=lambda page: (-counted[page], page), default="")


def _row(seen, candidate, met, could):
    """A Row of what is known without comparing."""
    low, high = listing.wilson(met, could)
    lost = sorted((session for session in candidate.met if not seen.visits[session].converted), reverse=True)
    nothing = dict.fromkeys(("met_rate", "others_rate", "difference", "low", "high", "lost", "lost_low", "lost_high", "stake", "stake_low",
                             "stake_high", "chance"))
    return Row(kind=KINDS[candidate.kind], label=candidate.label, page=candidate.page, verdict=FEW, sessions=met, could=could,
               visitors=len({seen.visits[session].visitor for session in candidate.met}) * seen.every, rate=listing.rate(met, could), rate_low=low,
               rate_high=high, **nothing, key=candidate.key, sort=candidate.kind, what=candidate.what, form=candidate.form, into="",
               addresses=(seen.addresses or {}).get(candidate.page, (candidate.page,)), examples=tuple(lost[:EXAMPLES]),
               details=candidate.details | ({"every": seen.every} if seen.every > 1 else {}))


def _stake(lost, low, high, money):
    conversions = {"lost": lost, "lost_low": low, "lost_high": high}
    return {name: round(number, 1) for name, number in conversions.items()} | {
        name.replace("lost", "stake"): None if money is None else round(number * money) for name, number in conversions.items()}


def _mean_revenue(seen, sessions):
    """Of a session there that converted, in minor units; None when none brought any."""
    converted = [seen.visits[session].revenue for session in sessions if seen.visits[session].converted]
    return sum(converted) / len(converted) if any(converted) else None


def _told_apart(rows):
    """The rows with their chance corrected for all of them, and what is below 5 % and converts less as found."""
    compared = [row for row in rows if row.verdict == NO_LESS]
    chances = sizing.holm([row.chance for row in compared])
    return [row._replace(chance=chance, verdict=FOUND if chance <= sizing.LEVEL and row.difference < 0 else NO_LESS)
            for row, chance in zip(compared, chances, strict=True)] + [row for row in rows if row.verdict == FEW]


def _ordered(rows, met):
    """What is found by its stake; of findings that are one, that which says most, and the others after all of them. `met` is by key and kind."""
    said = {"payment": 0, "field": 1, "refused": 2}
    found = sorted((row for row in rows if row.verdict == FOUND), key=lambda row: (-row.lost, row.key))
    heads, merged = [], []
    for row in sorted(found, key=lambda row: said.get(row.sort, 0)):
        into = next((head for head in heads if _same(met, head, row)), None)
        if into:
            merged.append(row._replace(verdict=MERGED, into=into.key))
        else:
            heads.append(row)
    others = sorted((row for row in rows if row.verdict != FOUND), key=lambda row: (row.verdict == FEW, row.chance or 0, -row.sessions, row.key))
    return [*sorted(heads, key=found.index), *merged, *others]


def _same(met, one, other):
    """Whether two findings are one: the same field of a form, or almost the same sessions."""
    mine, its = met[one.key, one.sort], met[other.key, other.sort]
    return one.key == other.key or len(mine & its) >= SAME * len(mine | its)
