"""What may be a pain point: one small function for each kind of trouble. Pure.

Each gives Candidates: the sessions that met something on a place, and those
that could have met it. Nothing here looks at who converted; whether a candidate
costs anything is for sizing.py to say, and most cost nothing.
"""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from collector.carts import is_on_the_way
from collector.matcher import SLOW_LCP
from collector.quantile import quantile
from journeys.sizing import FEWEST

RAGE, DEAD, ERROR_CLICK, ERROR = 1, 2, 3, 7  # signs of pain_signs.sql
GOAL, SENT, ABANDONED, IN_FIELD = 0, 3, 4, 6  # steps of pain_sends.sql
MOST_PAGES = 100  # pages whose loads are compared, those most loaded
MOST_ON = 20  # pages of one element that are named
PAYMENT_WORDS = ("card", "cvc", "cvv", "iban", "אשראי", "כרטיס")


@dataclass(frozen=True)
class Candidate:
    kind: str  # a key of pain.KINDS
    page: str  # where; of what happens in a form, the page it stands on
    what: str  # the element, message, field, other page or number of pages it is about
    label: str  # the same as people read it
    met: frozenset  # sessions that met it
    could: frozenset  # those and the sessions that could have met it
    form: str = ""
    place: dict = field(default_factory=dict)  # session: where it was, for sessions that are compared with those at the same place only
    details: dict = field(default_factory=dict)  # what else is known, for the page
    loaded: dict = field(default_factory=dict)  # of a slow page, session: whether it was slow for it

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
    way = on_the_way(seen)
    return [*elements(seen, least), *errors(seen, least), *slow_pages(seen, least), *detours(seen, way, least), *hunts(seen, way, least),
            *refusals(seen, least), *long_ways(seen, way, least), *fields(seen, least)]


def elements(seen, least=FEWEST):
    """Something that is clicked in vain: nothing happens (dead), or people click it again and again (rage).

    What has an id of its own is one thing on every page and in every language; anything else is told by its label and place.
    """
    met, pages, labels, signs = defaultdict(set), defaultdict(Counter), defaultdict(Counter), defaultdict(Counter)
    for row in seen.signs:
        if row.sign in (RAGE, DEAD) and row.session in seen.visits:
            thing = row.element if row.element.startswith("#") else f"{row.element} {row.label}"
            met[thing].add(row.session)
            pages[thing][row.page] += 1
            labels[thing][row.label or row.element] += 1
            signs[thing][row.sign] += 1
    for thing, sessions in _enough(met, least):
        yield Candidate("element", _commonest(pages[thing]), thing, _commonest(labels[thing]), frozenset(sessions), _saw(seen, pages[thing]) | sessions,
                        details={"rage": signs[thing][RAGE], "dead": signs[thing][DEAD], "element": thing.split(" ")[0],
                                 "on": tuple(sorted(pages[thing], key=lambda page: (-pages[thing][page], page))[:MOST_ON])})


def errors(seen, least=FEWEST):
    """A script that breaks, by its message; beside it what was clicked just before, where that is known."""
    met, pages, clicked = defaultdict(set), defaultdict(Counter), defaultdict(set)
    for row in seen.signs:
        if row.session in seen.visits:
            if row.sign == ERROR:
                met[row.label].add(row.session)
                pages[row.label][row.page] += 1
            elif row.sign == ERROR_CLICK:
                clicked[row.session].add((row.element, row.label or row.element))
    for message, sessions in _enough(met, least):
        elements = Counter(element for session in sessions for element, _ in clicked[session])
        element = _commonest(elements)
        labels = Counter(label for session in sessions for each, label in clicked[session] if each == element)
        often = elements[element] * 2 >= len(sessions)
        yield Candidate("error", _commonest(pages[message]), message, message, frozenset(sessions), _saw(seen, pages[message]) | sessions,
                        details={"clicked": _commonest(labels), "element": element} if often else {})


def slow_pages(seen, least=FEWEST):
    """A page that is slow for some: compared with those for whom it was fast. Slow for most: with those who were on the page before it."""
    times = defaultdict(dict)
    for row in seen.loads:
        if row.session in seen.visits:
            times[row.page][row.session] = row.lcp
    for page in sorted(times, key=lambda page: (-len(times[page]), page))[:MOST_PAGES]:
        loaded = {session: lcp > SLOW_LCP for session, lcp in times[page].items()}
        slow = frozenset(session for session, is_slow in loaded.items() if is_slow)
        details = _speed(seen, page, times[page])
        if len(slow) >= least and details["usual"] > SLOW_LCP:
            found = _slow_for_most(seen, page, details, loaded)
            if len(found.met) >= least:
                yield found
        elif len(slow) >= least:
            yield Candidate("slow", page, page, page, slow, frozenset(loaded), details=details, loaded=loaded)


def _speed(seen, page, times):
    """In milliseconds: what three of four loads keep to, and the middle one of those who left on the page and of those who went on."""
    left = [lcp for session, lcp in times.items() if seen.visits[session].exit == page]
    went_on = [lcp for session, lcp in times.items() if seen.visits[session].exit != page]
    return {"usual": quantile(times.values(), 0.75), "left": quantile(left, 0.5), "went_on": quantile(went_on, 0.5)}


def _slow_for_most(seen, page, details, loaded):
    """Of those who stood on the same page, who went to the slow one and who did not."""
    place = {}
    for session in seen.on.get(page, ()):
        pages = seen.visits[session].pages
        at = pages.index(page)
        if at:
            place[session] = pages[at - 1]
    met, from_here = frozenset(place), set(place.values())
    for session in _saw(seen, from_here) - seen.on.get(page, set()):
        place[session] = next(each for each in reversed(seen.visits[session].pages) if each in from_here)
    return Candidate("slow", page, page, page, met, frozenset(place), place=place, details=details | {"for_most": True}, loaded=loaded)


def on_the_way(seen):
    """Pages of cart, checkout and payment, and those with a form of several fields that people send."""
    several, pages, _ = _forms(seen)
    sent = defaultdict(set)
    for row, _ in _steps(seen):
        if row.what == SENT:
            sent[row.form].add(row.session)
    return {page for page in seen.on if is_on_the_way(page)} | {pages[form] for form in several if len(sent[form]) >= FEWEST}


def detours(seen, way, least=FEWEST):
    """From cart or checkout people go to look for something that is not there, such as the returns policy."""
    met, back = defaultdict(set), defaultdict(set)
    for session, visit in seen.visits.items():
        for here, there, after in zip(visit.pages, visit.pages[1:], (*visit.pages[2:], "")):
            if here in way and there not in way:
                met[here, there].add(session)
                if after == here:
                    back[here, there].add(session)
    for (here, there), sessions in _enough(met, least):
        left = sum(seen.visits[session].exit == there for session in sessions)
        yield Candidate("detour", here, there, there, frozenset(sessions), frozenset(seen.on[here]),
                        details={"back": len(back[here, there]), "left": left})


def hunts(seen, way, least=FEWEST):
    """To and fro between two pages, twice at least: people hunt for something. From the way of an order it is a detour already."""
    met = defaultdict(set)
    for session, visit in seen.visits.items():
        for first, second, third, fourth in zip(visit.pages, visit.pages[1:], visit.pages[2:], visit.pages[3:]):
            if first == third and second == fourth and (first in way) == (second in way):
                met[min(first, second), max(first, second)].add(session)
    for (one, other), sessions in _enough(met, least):
        yield Candidate("hunt", one, other, other, frozenset(sessions), frozenset(seen.on[one] & seen.on[other]))


def refusals(seen, least=FEWEST):
    """A form that is sent and comes back: after sending it people are in a field of it again, and no goal came between."""
    sent, refused, waiting = defaultdict(set), defaultdict(set), set()
    several, pages, payment = _forms(seen)
    for row, new in _steps(seen):
        if new or row.what == GOAL:
            waiting = set()  # forms it sent that were not answered
        if row.what == SENT:
            sent[row.form].add(row.session)
            waiting.add(row.form)
        elif row.what == IN_FIELD and row.form in waiting:
            waiting.discard(row.form)
            refused[row.form, row.field].add(row.session)
    for (form, name), sessions in _enough(refused, least):
        if form in several:
            yield Candidate("payment" if (form, name) in payment else "refused", pages[form], name, name, frozenset(sessions),
                            frozenset(sent[form]), form)


def fields(seen, least=FEWEST):
    """A field in which people leave a form, of those who reached it. What it costs is for field_cost.py to say."""
    left, reached = defaultdict(set), defaultdict(set)
    several, pages, _ = _forms(seen)
    last = {}
    for row, new in _steps(seen):
        if new:
            _note(left, last)
        if new or row.what == GOAL:
            last = {}  # form: (session, field it was left in or "")
        if row.what == IN_FIELD:
            reached[row.form, row.field].add(row.session)
        elif row.what in (SENT, ABANDONED):
            last[row.form] = row.session, row.field if row.what == ABANDONED else ""
            if row.what == ABANDONED and row.field:
                reached[row.form, row.field].add(row.session)
    _note(left, last)
    for (form, name), sessions in _enough(left, least):
        if form in several:
            yield Candidate("field", pages[form], name, name, frozenset(sessions), frozenset(reached[form, name]), form)


def _note(left, last):
    for form, (session, name) in last.items():
        if name:
            left[form, name].add(session)


def _steps(seen):
    """The rows of pain_sends.sql, each with whether a session begins with it."""
    before = None
    for row in seen.sends:
        if row.session in seen.visits:
            yield row, row.session != before
            before = row.session


def _forms(seen):
    """(forms of several fields, {form: the page it stands on}, {(form, field) of payments})."""
    fields, pages, payment = defaultdict(set), defaultdict(Counter), set()
    counted = Counter((row.form, row.field, row.page, row.autocomplete) for row in seen.sends if row.what == IN_FIELD and row.session in seen.visits)
    for (form, name, page, autocomplete), number in counted.items():
        fields[form].add(name)
        pages[form][page] += number
        if is_payment(name, autocomplete):
            payment.add((form, name))
    return {form for form, names in fields.items() if len(names) > 1}, {form: _commonest(counts) for form, counts in pages.items()}, payment


def long_ways(seen, way, least=FEWEST):
    """Too many steps: more pages before cart or checkout than three of four sessions need."""
    before, place = {}, {}
    for session, visit in seen.visits.items():
        at = next((at for at, page in enumerate(visit.pages) if page in way), None)
        if at is not None:
            before[session], place[session] = at, visit.pages[at]
    usual = quantile(before.values(), 0.75)
    met = frozenset(session for session, pages in before.items() if pages > usual)
    if len(met) >= least:
        yield Candidate("steps", _commonest(Counter(place.values())), str(usual), str(usual), met, frozenset(before), place=place)


def is_payment(name, autocomplete):
    """Whether a field belongs to a payment: by its autocomplete word, else by its name.

    >>> is_payment("card", ""), is_payment("number", "cc-number"), is_payment("phone", "tel")
    (True, True, False)
    """
    return autocomplete.startswith("cc-") or any(word in name.lower() for word in PAYMENT_WORDS)


def _enough(met, least):
    """Of {thing: sessions} those that enough sessions met, in a settled order."""
    return sorted((each for each in met.items() if len(each[1]) >= least), key=lambda each: (-len(each[1]), each[0]))


def _saw(seen, pages):
    return frozenset().union(*(seen.on.get(page, ()) for page in pages))


def _commonest(counted):
    """What a Counter has most of, the first in the alphabet of those that are as many; "" of nothing."""
    return min(counted, key=lambda value: (-counted[value], value), default="")
