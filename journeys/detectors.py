"""What may be a pain point: one small function for each kind of trouble. Pure.

Each gives Candidates: the sessions that met something on a place, and those
that could have met it. Nothing here looks at who converted; whether a candidate
costs anything is for sizing.py to say, and most cost nothing.
"""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from collector import events
from collector.carts import is_on_the_way
from collector.matcher import SLOW_LCP
from collector.quantile import quantile
from journeys import ways
from journeys.seen import GOAL
from journeys.sizing import FEWEST

MOST_PAGES = 100  # pages whose loads are compared, those most loaded
MOST_ON = 20  # pages of one element that are named
PAYMENT_WORDS = ("card", "cvc", "cvv", "iban", "אשראי", "כרטיס")


@dataclass(frozen=True, eq=False)
class Candidate:
    """Masks of sessions (seen.py)."""

    kind: str  # a key of pain.KINDS
    page: str  # where; of what happens in a form, the page it stands on
    what: str  # the element, message, field, other page or number of pages it is about
    label: str  # the same as people read it
    met: np.ndarray  # sessions that met it
    could: np.ndarray  # those and the sessions that could have met it
    form: str = ""
    place: np.ndarray | None = None  # page where each was, of sessions that are compared with those at the same place only
    details: dict = field(default_factory=dict)  # what else is known, for the page
    loaded: tuple | None = None  # of a slow page: (sessions for which it was slow, all that loaded it)

    @property
    def key(self):
        return key(self.kind, self.page, self.what, self.form)


def key(kind, page, what, form=""):
    """A candidate's short name, the same from one period to another; a field of a form has one whatever is wrong with it."""
    parts = {"element": ("element", what), "error": ("error", what), "slow": ("slow", page), "steps": ("steps",)}.get(
        kind, ("form", form, what) if form else (kind, page, what))
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def candidates(seen, least=FEWEST):
    """Every Candidate of what was read, met by so many sessions at least."""
    return [*beside_fields(seen, least), *fields(seen, least)]


def beside_fields(seen, least=FEWEST):
    """The same without the fields in which people leave forms."""
    forms = _forms(seen)
    way = on_the_way(seen, forms)
    return [*elements(seen, least), *errors(seen, least), *slow_pages(seen, least), *detours(seen, way, least), *hunts(seen, way, least),
            *refusals(seen, forms, least), *long_ways(seen, way, least)]


def elements(seen, least=FEWEST):
    """Something that is clicked in vain: nothing happens (dead), or people click it again and again (rage).

    What has an id of its own is one thing on every page and in every language; anything else is told by its label and place.
    """
    found = defaultdict(list)
    for row in seen.signs:
        if row.sign in (events.RAGE, events.DEAD):
            found[row.element if row.element.startswith("#") else f"{row.element} {row.label}"].append(row)
    for thing, sessions in _enough(_sessions(found), least):
        pages, labels = Counter(row.page for row in found[thing]), Counter(row.label or row.element for row in found[thing])
        mine, signs = seen.mask(sessions), Counter(row.sign for row in found[thing])
        yield Candidate("element", _commonest(pages), thing, _commonest(labels), mine, seen.on(map(seen.number.get, pages)) | mine,
                        details={"rage": signs[events.RAGE], "dead": signs[events.DEAD], "element": thing.split(" ")[0],
                                 "on": tuple(sorted(pages, key=lambda page: (-pages[page], page))[:MOST_ON])})


def errors(seen, least=FEWEST):
    """A script that breaks, by its message; beside it what was clicked just before, where that is known."""
    found, clicked = defaultdict(list), defaultdict(set)
    for row in seen.signs:
        if row.sign == events.ERROR:
            found[row.label].append(row)
        elif row.sign == events.ERROR_CLICK:
            clicked[row.session].add((row.element, row.label or row.element))
    for message, sessions in _enough(_sessions(found), least):
        pages = Counter(row.page for row in found[message])
        elements = Counter(element for session in sessions for element, _ in clicked.get(session, ()))
        element = _commonest(elements)
        labels = Counter(label for session in sessions for each, label in clicked.get(session, ()) if each == element)
        often = elements[element] * 2 >= len(sessions)
        mine = seen.mask(sessions)
        yield Candidate("error", _commonest(pages), message, message, mine, seen.on(map(seen.number.get, pages)) | mine,
                        details={"clicked": _commonest(labels), "element": element} if often else {})


def _sessions(found):
    """{thing: sessions}, of {thing: Signs}."""
    return {thing: {row.session for row in rows} for thing, rows in found.items()}


def slow_pages(seen, least=FEWEST):
    """A page that is slow for some: compared with those for whom it was fast. Slow for most: with those who were on the page before it."""
    pages, sessions, took = seen.loads
    counts = np.bincount(pages, minlength=len(seen.names))
    for page in sorted(np.flatnonzero(counts).tolist(), key=lambda page: (-counts[page], page))[:MOST_PAGES]:
        here = slice(*np.searchsorted(pages, (page, page + 1)))
        slow = sessions[here][took[here] > SLOW_LCP]
        if len(slow) < least:
            continue
        loaded, name, details = (seen.mask(slow), seen.mask(sessions[here])), seen.names[page], _speed(seen, page, sessions[here], took[here])
        if details["usual"] <= SLOW_LCP:
            yield Candidate("slow", name, name, name, *loaded, details=details, loaded=loaded)
            continue
        met, place = _before(seen, page)
        if met.sum() >= least:
            yield Candidate("slow", name, name, name, met, place >= 0, place=place, details=details | {"for_most": True}, loaded=loaded)


def _speed(seen, page, sessions, took):
    """In milliseconds: what three of four loads keep to, and the middle one of those who left on the page and of those who went on."""
    left = seen.exits[sessions] == page
    return {"usual": quantile(took.tolist(), 0.75), "left": quantile(took[left].tolist(), 0.5), "went_on": quantile(took[~left].tolist(), 0.5)}


def _before(seen, page):
    """(sessions that came to the page from another one, the page each was on before it): of those who stood on the same pages and
    did not go to it, the last such page; -1 of all others."""
    met, place = np.zeros(len(seen.ids), bool), np.full(len(seen.ids), -1)
    sessions, at = seen.first(seen.view_pages == page)
    came = at > seen.starts[sessions]
    met[sessions[came]] = True
    place[sessions[came]] = seen.view_pages[at[came] - 1]
    before, others = np.zeros(len(seen.names), bool), np.ones(len(seen.ids), bool)
    before[place[met]], others[sessions] = True, False
    here = before[seen.view_pages] & others[seen.view_sessions]
    place[seen.view_sessions[here]] = seen.view_pages[here]  # the last one stands
    return met, place


def on_the_way(seen, forms):
    """A mask of the pages of cart, checkout and payment, and of those with a form of several fields that people send."""
    several, pages, _ = forms
    sent = _who(seen, seen.steps.what == events.SUBMIT, seen.steps.forms)
    way = _of_orders(seen.names).copy()
    way[[pages[form] for form in several if len(sent[form,]) >= FEWEST]] = True
    return way


@lru_cache(maxsize=8)
def _of_orders(names):
    """A mask of the pages of cart, checkout and payment: the same for long."""
    return np.array([is_on_the_way(name) for name in names], bool)


def detours(seen, way, least=FEWEST):
    """From cart or checkout people go to look for something that is not there, such as the returns policy."""
    at = seen.moves
    at = at[way[seen.view_pages[at]] & ~way[seen.view_pages[at + 1]]]
    pages, whose = np.append(seen.view_pages, -1), np.append(seen.view_sessions, -1)
    for (here, there), moves in _pairs(seen, pages[at], pages[at + 1], at, least):
        met, back = seen.mask(whose[moves]), moves[(whose[moves + 2] == whose[moves]) & (pages[moves + 2] == here)]
        yield Candidate("detour", seen.names[here], seen.names[there], seen.names[there], met, seen.on([here]), details={
            "back": ways.distinct(whose[back]), "left": int((seen.exits[met] == there).sum())})


def hunts(seen, way, least=FEWEST):
    """To and fro between two pages, twice at least: people hunt for something. From the way of an order it is a detour already."""
    pages = seen.view_pages
    at = seen.moves
    at = at[at + 3 < len(pages)]
    at = at[seen.view_sessions[at] == seen.view_sessions[at + 3]]
    at = at[(pages[at] == pages[at + 2]) & (pages[at + 1] == pages[at + 3]) & (way[pages[at]] == way[pages[at + 1]])]
    for (one, other), moves in _pairs(seen, np.minimum(pages[at], pages[at + 1]), np.maximum(pages[at], pages[at + 1]), at, least):
        yield Candidate("hunt", seen.names[one], seen.names[other], seen.names[other], seen.mask(seen.view_sessions[moves]), seen.on([one]) & seen.on([other]))


def _pairs(seen, one, other, at, least):
    """((page, page), places in the pages where they are met) of the pairs that enough sessions met, those most met first."""
    pairs, which = np.unique(one * len(seen.names) + other, return_inverse=True)
    met = np.sort(which * len(seen.ids) + seen.view_sessions[at])
    sessions = np.bincount(met[ways.news(met)] // max(1, len(seen.ids)), minlength=len(pairs))
    enough = sorted(np.flatnonzero(sessions >= least).tolist(), key=lambda pair: (-sessions[pair], pair))
    return [(divmod(int(pairs[pair]), len(seen.names)), at[which == pair]) for pair in enough]


def refusals(seen, forms, least=FEWEST):
    """A form that is sent and comes back: after sending it people are in a field of it again, and no goal came between."""
    several, pages, payment = forms
    steps, attempts = seen.steps, _attempts(seen)
    goals, sent = np.cumsum(steps.what == GOAL), steps.what == events.SUBMIT
    told = np.flatnonzero(sent | (steps.what == events.FIELD))
    told = told[np.argsort(attempts[told], kind="stable")]
    before, after = told[:-1], told[1:]
    again = after[sent[before] & ~sent[after] & (attempts[before] == attempts[after]) & (goals[before] == goals[after])]
    senders = _who(seen, sent, steps.forms)
    for (form, field), sessions in _enough(_who(seen, again, steps.forms, steps.fields), least):
        if form in several:
            yield _in_form("payment" if (form, field) in payment else "refused", seen, form, field, pages, seen.mask(sessions), seen.mask(senders[form,]))


def fields(seen, least=FEWEST):
    """A field in which people leave a form, of those who reached it. What it costs is for field_cost.py to say.

    It was left there when that is the last that is known of the form and no goal came after it; nor before it, once
    the form was begun, unless it was begun again since.
    """
    several, pages, _ = _forms(seen)
    steps, goals, last = seen.steps, np.cumsum(seen.steps.what == GOAL), np.zeros(len(seen.ids), int)
    last[steps.sessions] = goals  # of each session that which stands at its end
    here = np.flatnonzero(steps.what != GOAL)
    what, over, refused = steps.what[here], (goals == last[steps.sessions])[here], steps.refused[here]
    attempts, of = np.unique(_attempts(seen)[here], return_inverse=True)
    answered, end, begun = np.zeros(len(attempts), bool), np.full(len(attempts), -1), np.full(len(attempts), len(here))
    answered[of[~over & ~refused]] = True
    for found, ufunc, wanted in ((end, np.maximum, (what == events.SUBMIT) | (what == events.ABANDON)), (begun, np.minimum, what == events.START)):
        places = np.flatnonzero(over & wanted)
        ufunc.at(found, of[places], places)
    gone = (steps.what == events.ABANDON) & (steps.fields > 0)
    left = here[end[(end >= 0) & ~(answered & (begun > end))]]
    reached = gone | (steps.what == events.FIELD)
    for (form, field), sessions in _enough(_who(seen, left[gone[left]], steps.forms, steps.fields), least):
        if form in several:
            could = seen.mask(steps.sessions[reached & (steps.forms == form) & (steps.fields == field)])
            yield _in_form("field", seen, form, field, pages, seen.mask(sessions), could)


def _in_form(kind, seen, form, field, pages, met, could):
    """The Candidate of a field of a form, by their numbers."""
    name = seen.texts[field]
    return Candidate(kind, seen.names[pages[form]], name, name, met, could, seen.texts[form])


def _attempts(seen):
    """Of each step a number for its session and form."""
    return seen.steps.sessions * len(seen.texts) + seen.steps.forms


def _who(seen, steps, *columns):
    """{numbers in some columns: sessions}, of some steps."""
    found = defaultdict(set)
    for session, *numbers in zip(seen.steps.sessions[steps].tolist(), *(column[steps].tolist() for column in columns)):
        found[tuple(numbers)].add(session)
    return found


def _forms(seen):
    """(forms of several fields, {form: the page it stands on}, {(form, field) of payments}), by their numbers."""
    fields, pages, payment = defaultdict(set), defaultdict(Counter), set()
    for (form, field, page, card), number in seen.stays.items():
        fields[form].add(field)
        pages[form][page] += number
        if card or is_payment(seen.texts[field]):
            payment.add((form, field))
    return {form for form, names in fields.items() if len(names) > 1}, {form: _commonest(counts) for form, counts in pages.items()}, payment


def long_ways(seen, way, least=FEWEST):
    """Too many steps: more pages before cart or checkout than three of four sessions need."""
    sessions, at = seen.first(way[seen.view_pages])
    before = at - seen.starts[sessions]
    usual = quantile(before.tolist(), 0.75) or 0
    met = sessions[before > usual]
    if len(met) >= least:
        place = np.full(len(seen.ids), -1)
        place[sessions] = seen.view_pages[at]
        commonest = seen.names[int(np.bincount(seen.view_pages[at]).argmax())]
        forms = way & ~_of_orders(seen.names)  # ends of the way by what people send there, not by their address
        yield Candidate("steps", commonest, str(usual), str(usual), seen.mask(met), seen.mask(sessions), place=place,
                        details={"forms": tuple(seen.names[page] for page in np.flatnonzero(forms))})


def is_payment(name):
    """Whether a field belongs to a payment, by its name.

    >>> is_payment("card"), is_payment("phone")
    (True, False)
    """
    return any(word in name.lower() for word in PAYMENT_WORDS)


def _enough(met, least):
    """Of {thing: sessions} those that enough sessions met, in a settled order."""
    return sorted((each for each in met.items() if len(each[1]) >= least), key=lambda each: (-len(each[1]), each[0]))


def _commonest(counted):
    """What a Counter has most of, the first in the alphabet of those that are as many; "" of nothing."""
    return min(counted, key=lambda value: (-counted[value], value), default="")
