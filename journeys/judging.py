"""Judges what was seen for pain points: everything the detectors found, compared, sized, corrected together, and what is one finding told once.

journeys/pain.py asks and says what each column means.
"""

import numpy as np

from journeys import field_cost, forms, listing, sizing, ways
from journeys.detectors import beside_fields, key
from journeys.pain import EXAMPLES, FEW, FOUND, KINDS, MERGED, MONTH, NO_LESS, SAME, Row

COUNTED = {"element": ("rage", "dead"), "detour": ("back", "left")}  # details that are numbers of what was read


def judge(seen, days, of_fields=(), in_fields=None):
    """A Row of everything that was looked at, what is found first and by what is at stake.

    Takes what was read, of so many days; `of_fields` are Rows of fields, and `in_fields` their Candidates by key.
    """
    looked_at = beside_fields(seen)
    rows = _told_apart([*(_compared(seen, each, days) for each in looked_at), *of_fields])
    rows = [row if row.verdict != FOUND else row._replace(details=row.details | _around(seen, row)) for row in rows]
    return _ordered(rows, {(each.key, each.kind): each.met for each in (*looked_at, *(in_fields or {}).values())})


def of_form(seen, form, touched, in_fields, days):
    """Rows of the fields of a form, judged by what they lose more than those around them. Takes rows of the forms' totals and of its fields' in order."""
    counts = [forms.counts(row) for row in touched]
    for at, (row, cost) in enumerate(zip(touched, field_cost.costs(counts, days), strict=True)):
        candidate = in_fields.get(key("field", "", row.field, form.form))
        if candidate and row.last_fields >= sizing.FEWEST:
            yield _field(seen, candidate, counts[at], cost, field_cost.around(counts, at), form, days)


def strata(seen, candidate):
    """Sizing's Strata of a candidate: its sessions by device, channel and, where it says so, place."""
    outcomes, kinds = seen.outcomes, int(seen.likes.max(initial=-1)) + 1
    if candidate.place is not None:
        alike = seen.likes * len(seen.names) + candidate.place
        known = np.unique(alike.compress(candidate.could))
        outcomes, kinds = np.searchsorted(known, alike) * 2 + seen.converted, len(known)
    every, mine = (np.bincount(outcomes.compress(sessions), minlength=2 * kinds).reshape(-1, 2)  # compress() is several times faster than [sessions]
                   for sessions in (candidate.could, candidate.met & candidate.could))
    return [sizing.Stratum(met_not + met, met, others_not + others, others)
            for (met_not, met), (others_not, others) in zip(mine.tolist(), (every - mine).tolist())]


def _compared(seen, candidate, days):
    """A Row, its verdict still open: NO_LESS, or FEW where it cannot be compared."""
    compared = sizing.compare(strata(seen, candidate))
    row = _row(seen, candidate, int(np.count_nonzero(candidate.met)), int(np.count_nonzero(candidate.could)), seen.every)
    if not compared:
        return row
    a_month = -compared.met * seen.every * MONTH / days
    return row._replace(
        verdict=NO_LESS, met_rate=compared.rate, others_rate=compared.others_rate, difference=compared.difference, low=compared.low,
        high=compared.high, chance=compared.chance,
        **_stake(compared.difference * a_month, compared.high * a_month, compared.low * a_month, _mean_revenue(seen, candidate.could)))


def _field(seen, candidate, counts, cost, around, form, days):
    made = _row(seen, candidate, counts.left, counts.reached)
    if cost.cost is None:
        return made
    reached, left = around
    most = counts.reached * MONTH / days
    money = form.revenue / form.completions if form.revenue else None
    return made._replace(
        verdict=NO_LESS, details=made.details | {"around": left / reached}, met_rate=0.0,
        others_rate=counts.completed / (counts.reached - counts.left), difference=0 - cost.cost / most,
        low=0 - cost.high / most, high=0 - cost.low / most, chance=sizing.chance(counts.left, counts.reached, left, reached), **_stake(*cost, money))


def _around(seen, row):
    """For an experiment: the pages it happens on, the page that leads on from them, and how many go on to it."""
    names = sorted(set(row.details.get("on", (row.page,))) & seen.number.keys())
    here = seen.pages(names)
    froms, to, sessions = seen.moved
    away = np.flatnonzero(here[froms])
    to, sessions = to[away], sessions[away]
    following = _most(seen, to, sessions, ~here[to] & seen.converted[sessions])
    addresses = seen.addresses or {}
    return {"on": tuple(sorted(address for page in names for address in addresses.get(page, (page,)))), "next": addresses.get(following, ()),
            "next_page": following, "went_on": ways.distinct(sessions[to == seen.number[following]]) * seen.every,
            "of": int(seen.on(map(seen.number.get, names)).sum()) * seen.every}


def _most(seen, pages, sessions, moves):
    """The name of the page that most sessions met by some moves, the first in the alphabet of those that are as many; "" without any."""
    met = np.sort(pages[moves] * len(seen.ids) + sessions[moves])
    met = met[ways.news(met)] // max(1, len(seen.ids))
    return seen.names[int(np.bincount(met).argmax())] if len(met) else ""


def _row(seen, candidate, met, could, every=1):
    """A Row of what is known without comparing. Takes how many met it and could have, counted in one session of so many."""
    low, high = listing.wilson(met, could)
    lost = seen.ids[np.flatnonzero(candidate.met & ~seen.converted)[:-EXAMPLES - 1:-1]]
    nothing = dict.fromkeys(("met_rate", "others_rate", "difference", "low", "high", "lost", "lost_low", "lost_high", "stake", "stake_low",
                             "stake_high", "chance"))
    return Row(kind=KINDS[candidate.kind], label=candidate.label, page=candidate.page, verdict=FEW, sessions=met * every, could=could * every,
               visitors=len(np.unique(seen.visitors[candidate.met])) if seen.every == 1 else None, rate=listing.rate(met, could), rate_low=low,
               rate_high=high, **nothing, key=candidate.key, sort=candidate.kind, what=candidate.what, form=candidate.form, into="",
               addresses=(seen.addresses or {}).get(candidate.page, (candidate.page,)), examples=tuple(lost.tolist()),
               details=candidate.details | {name: candidate.details[name] * every for name in COUNTED.get(candidate.kind, ())}
               | ({"every": seen.every} if seen.every > 1 else {}))


def _stake(lost, low, high, money):
    conversions = {"lost": lost, "lost_low": low, "lost_high": high}
    return {name: round(number, 1) for name, number in conversions.items()} | {
        name.replace("lost", "stake"): None if money is None else round(number * money) for name, number in conversions.items()}


def _mean_revenue(seen, sessions):
    """Of a session there that converted, in minor units; None when none brought any."""
    revenue = seen.revenue[seen.with_goal[sessions[seen.with_goal]]]
    return float(revenue.mean()) if revenue.any() else None


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
    return one.key == other.key or (mine & its).sum() >= SAME * (mine | its).sum()
