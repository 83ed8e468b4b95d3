"""Who comes to the demo shop and what they do there, page by page: truths.py dealt out to 6,000 visits. Pure, from a seed.

A Visit knows no time yet and no wire format: people.py gives it both.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from collector.demo import truths
from collector.demo.shop import CATEGORIES, FIELDS, PRODUCTS, in_category

STEPS = ("sessions", "product", "cart", "checkout", "paid")
COME_BACK = ("direct", "newsletter", "search")  # origins
APART = 180  # visits between two orders of one customer: more than come on a day
LANGUAGES = {"he": 60, "en": 27, "ru": 8, "ar": 5}  # of the browser; only "he" gets the shop in Hebrew
COUNTRIES = {"IL": 78, "US": 9, "GB": 4, "DE": 4, "FR": 3, "": 2}
CLIENTS = {
    "desktop": {("Chrome", "141", "Windows"): 46, ("Chrome", "141", "macOS"): 14, ("Safari", "19", "macOS"): 13,
                ("Edge", "141", "Windows"): 15, ("Firefox", "145", "Windows"): 8, ("Firefox", "145", "Linux"): 4},
    "mobile": {("Chrome", "141", "Android"): 56, ("Safari", "19", "iOS"): 36, ("Samsung Internet", "29", "Android"): 8},
}


@dataclass
class Person:
    """Whose visits can be told to be one visitor's; with `id` after consent, else good for one visit."""

    visitor: int  # 64 bits, signed
    id: str  # first-party id, "" without consent
    device: str
    client: tuple  # browser, major version, system
    language: str
    country: str
    customer: str = ""  # the shop's own number of who signs in
    number_to_visitor: Callable | None = None  # of a number: the visitor, where that is known

    def renew(self, rng):
        """Becomes another visitor: a customer by another number of the shop's."""
        if self.number_to_visitor:
            self.customer = _number(rng)
            self.visitor = self.number_to_visitor(self.customer)
        else:
            self.visitor = _visitor(rng)


@dataclass
class Page:
    """One page view. `acts` are the names of what is done there: see people.py."""

    path: str  # below /shop or /shop/he: "", "acoustic", "acoustic/carmel", "cart" …
    acts: list = field(default_factory=list)
    engaged: tuple = (8, 45)  # seconds, between
    scroll: tuple = (40, 100)  # per cent, between


@dataclass
class Visit:
    origin: str
    device: str
    kind: str  # how far it goes: the step of truths.Cohort
    pages: list
    bought: str = ""  # slug
    person: Person = None


def visits():
    """All visits, in the order in which they come; always the same."""
    rng = random.Random(truths.SEED)
    told = _told(rng)
    rng.shuffle(told)
    _give_persons(told, rng)
    further = random.Random(truths.SEED + 2)
    _by_shared_links(told, further)
    _order_again(told, further)
    _speak(told, further)
    return told


# -- what happens in them

def _told(rng):
    found = []
    for cohort in truths.COHORTS:
        if cohort.origin == "shared":  # told with the direct ones, and then taken out of them
            continue
        reached = [truths.total(step, cohort.device, cohort.origin) + (truths.total(step, cohort.device, "shared") if cohort.origin == "direct" else 0)
                   for step in reversed(STEPS)]
        for kind, more, fewer in zip(reversed(STEPS), reached, [0, *reached]):
            found += [Visit(cohort.origin, cohort.device, kind, []) for _ in range(more - fewer)]
    for kind, tell in (("paid", _paid), ("checkout", _checkout), ("cart", _cart), ("product", _product),
                       ("sessions", _early)):
        of_kind = [visit for visit in found if visit.kind == kind]
        rng.shuffle(of_kind)
        tell(of_kind, rng)
    return found


def _paid(visits, rng):
    for visit, refused, returns in zip(visits, _some(truths.PHONE_TWICE_PAID, len(visits)),
                                       reversed(_some(truths.PAID_AFTER_RETURNS, len(visits)))):
        slug = _to_cart(visit, rng, after_product=[Page("returns", engaged=(10, 40))] if returns else [])
        visit.bought = slug
        visit.pages += [Page("checkout", ["begin", "form", *_filled(FIELDS), *_sent_in_vain("phone", refused), "submit"], (60, 240)),
                        Page("thanks", ["purchase"], (5, 20), (100, 100))]


def _checkout(visits, rng):
    last = [name for name, count in truths.LAST_FIELDS.items() for _ in range(count)]
    for visit, name in zip(visits, last, strict=True):
        visit.bought = _to_cart(visit, rng)
        visit.pages.append(page := Page("checkout", ["begin", "form"], (10, 45), (40, 70)))
        if not name:
            continue
        page.engaged = (45, 200)
        if name == "card":  # sent, refused by the server, looked at again, left
            page.acts += [*_filled(FIELDS), "submit"]
            visit.pages.append(Page("checkout", ["form", "stay card", "abandon card"], (10, 60)))
        elif name in ("phone", "postcode"):  # the browser refuses it twice
            page.acts += [*_filled(FIELDS), *_sent_in_vain(name), "submit", f"invalid {name}", f"abandon {name}"]
        else:
            page.acts += [*_filled(FIELDS[:FIELDS.index(name) + 1]), f"abandon {name}"]


def _cart(visits, rng):
    counts = (truths.CART_TO_RETURNS, truths.CART_TO_RETURNS_AND_BACK, truths.VOUCHER_ERRORS)
    for visit, what in zip(visits, _parts(counts, len(visits))):
        _to_cart(visit, rng)
        if what in (0, 1):
            visit.pages.append(Page("returns", engaged=(15, 60), scroll=(80, 100)))
        if what == 1:
            visit.pages.append(Page("cart", engaged=(5, 15)))
        if what == 2:
            visit.pages[-1].acts.append("voucher")


def _product(visits, rng):
    counts = (truths.COMPARE_FROM_PRODUCT_LEFT, truths.COMPARE_FROM_PRODUCT - truths.COMPARE_FROM_PRODUCT_LEFT,
              truths.RETURNS_FROM_PRODUCT, truths.RAGE, truths.DEAD, truths.QUICK_BACKS, truths.OUTBOUND, truths.DOWNLOADS)
    for visit, what in zip(visits, _parts(counts, len(visits))):
        slug = _to_product(visit, rng)
        shown = visit.pages[-1]
        if what in (0, 1):
            visit.pages.append(Page("compare", engaged=(2, 8), scroll=(20, 60)))
        if what == 1:
            visit.pages.append(Page(f"{PRODUCTS[slug].category}/{slug}", ["view"]))
        if what == 2:
            visit.pages.append(Page("returns", engaged=(10, 40)))
        if what in (3, 4):
            shown.acts.append("rage" if what == 3 else "dead")
        if what == 5:
            shown.engaged = (2, 5)
            shown.acts.append("back")
            visit.pages.append(Page(PRODUCTS[slug].category))
        if what in (6, 7):
            shown.acts.append("outbound" if what == 6 else "download")
        if what is None and rng.random() < 0.4:
            other = rng.choice(in_category(PRODUCTS[slug].category))
            visit.pages.append(Page(f"{other.category}/{other.slug}", ["view"]))


def _early(visits, rng):
    counts = (truths.BOUNCES, truths.ONE_PAGE_READERS, truths.COMPARE_EARLY_LEFT,
              truths.COMPARE_EARLY - truths.COMPARE_EARLY_LEFT)
    for visit, what in zip(visits, _parts(counts, len(visits))):
        first = Page(_entry(visit, rng, products=False))
        visit.pages.append(first)
        if what == 0:
            first.engaged, first.scroll = (1, 9), (20, 60)
        elif what == 1:
            first.engaged = (12, 70)
        elif what in (2, 3):
            first.acts.append("click")
            visit.pages.append(Page("compare", engaged=(2, 8), scroll=(20, 60)))
            if what == 3:
                visit.pages.append(Page(rng.choice(CATEGORIES)))
        else:
            first.acts.append("click")
            visit.pages += [Page(each, ["click"]) for each in rng.sample(CATEGORIES, rng.choice((1, 1, 2)))]
            visit.pages[-1].acts.clear()


# -- the common beginnings

def _to_product(visit, rng):
    """Pages up to a product, and its slug."""
    slug = rng.choices(list(PRODUCTS), (8, 5, 6, 4, 9, 4, 5, 3, 6))[0]
    category = PRODUCTS[slug].category
    entry = _entry(visit, rng, products=True)
    if entry == "":
        visit.pages.append(Page("", ["click"], (4, 25)))
    if entry in ("", "category"):
        visit.pages.append(Page(category, ["click"], (4, 30)))
    visit.pages.append(Page(f"{category}/{slug}", ["view"], (15, 90)))
    return slug


def _to_cart(visit, rng, after_product=()):
    """Pages up to the cart, and the slug that is in it."""
    slug = _to_product(visit, rng)
    if after_product:
        visit.pages += [*after_product, Page(f"{PRODUCTS[slug].category}/{slug}", ["view"], (5, 30))]
    visit.pages[-1].acts.append("add")
    visit.pages.append(Page("cart", [], (5, 25)))
    if visit.kind != "cart":
        visit.pages[-1].acts.append("click")
    return slug


def _entry(visit, rng, products):
    """Where a visit begins: "" the home page, a category, or "product" where that is wanted."""
    weights = {"instagram": (1, 2, 7), "search": (4, 4, 2), "ads": (2, 4, 4), "chatgpt": (3, 3, 4)}
    kind = rng.choices(("", "category", "product"), weights.get(visit.origin, (6, 2, 2)))[0]
    if products:
        return kind
    return "" if kind == "" else rng.choice(CATEGORIES)


def _filled(fields):
    """Acts of filling fields in order."""
    return [f"stay {name}" for name in fields]


def _sent_in_vain(name, happens=True):
    """Acts of sending the form, being refused by the browser, and going back to the field."""
    return ["submit", f"invalid {name}", f"stay {name}"] if happens else []


# -- who they are

def _give_persons(told, rng):
    """Some come back and may be known again; all others are new each time."""
    pools = {device: [place for place, visit in enumerate(told)
                      if visit.device == device and visit.origin in COME_BACK]
             for device in ("desktop", "mobile")}
    wanted = [times for times, people in truths.RETURNING.items() for _ in range(people)]
    for place, times in enumerate(wanted):
        pool = pools[("desktop", "mobile")[place % 2]]
        places = _apart(pool, times, rng)
        order = sorted((told[each] for each in places), key=_how_far)
        person = _person(order[0].device, f"visitor-{place:04d}", rng)
        for each, visit in zip(places, order):  # in time, one gets further and further
            told[each] = visit
            visit.person = person
    for visit in told:
        visit.person = visit.person or _person(visit.device, "", rng)


def _apart(pool, times, rng, least=60):
    """So many places of the pool, sorted and taken out of it, with at least `least` visits between any two."""
    while True:
        places = sorted(rng.sample(pool, times))
        if all(after - before >= least for before, after in zip(places, places[1:])):
            for each in places:
                pool.remove(each)
            return places


def _how_far(visit):
    return STEPS.index(visit.kind)


def _person(device, id, rng):
    return Person(_visitor(rng), id, device, _drawn(CLIENTS[device], rng),
                  _drawn(LANGUAGES, rng), _drawn(COUNTRIES, rng))


def _visitor(rng):
    return rng.getrandbits(64) - (1 << 63)


def _number(rng):
    return f"C-{rng.getrandbits(40):010X}"


def _by_shared_links(told, rng):
    """Some of those who came by themselves, and are not known, came over a link that was shared."""
    for device in ("desktop", "mobile"):
        for step, further in zip(STEPS, (*STEPS[1:], None)):
            count = truths.total(step, device, "shared") - (truths.total(further, device, "shared") if further else 0)
            for visit in rng.sample([visit for visit in told if (visit.origin, visit.device, visit.kind) == ("direct", device, step)
                                     and not visit.person.id], count):
                visit.origin = "shared"


def _order_again(told, rng):
    """Some of those who come back order in their last visits: what others did who bought, at nearly the same time, is done by them, and the reverse."""
    places = {}
    for place, visit in enumerate(told):
        if visit.person.id:
            places.setdefault(visit.person.id, []).append(place)
    left = sorted(places, key=lambda id: -_orders(told, places[id]))
    sold = [place for place, visit in enumerate(told) if visit.kind == "paid" and not visit.person.id and visit.origin in COME_BACK]
    twice = []
    for times in (times for times, people in truths.ORDERED.items() for _ in range(people)):
        id = next(id for id in left if _orders(told, places[id]) <= times <= len(places[id]) and _far_apart(places[id][-times:]))
        left.remove(id)
        for place in places[id][-times:]:
            if told[place].kind != "paid":
                other = min((each for each in sold if told[each].device == told[place].device), key=lambda each: abs(each - place))
                sold.remove(other)
                told[place].person, told[other].person = told[other].person, told[place].person
                told[place], told[other] = told[other], told[place]
        if times == 2:
            twice.append(told[places[id][-1]].person)
    for person in rng.sample(twice, truths.CUSTOMERS):
        person.customer = _number(rng)


def _orders(told, places):
    return sum(told[place].kind == "paid" for place in places)


def _far_apart(places):
    return all(after - before >= APART for before, after in zip(places, places[1:]))


def _speak(told, rng):
    """Some of those who paid pass the link on, some answer how likely they are to recommend the shop."""
    thanks = [visit.pages[-1] for visit in told if visit.kind == "paid"]
    for page in rng.sample(thanks, truths.SHARES):
        page.acts.append("share")
    scores = [score for score, count in truths.ANSWERS.items() for _ in range(count)]
    for page, score in zip(rng.sample(thanks, len(scores)), scores):
        page.acts.append(f"answer {score}")


def _drawn(weights, rng):
    return rng.choices(list(weights), weights.values())[0]


def _some(count, of):
    """`count` times True, then False."""
    return [place < count for place in range(of)]


def _parts(counts, of):
    """0 as often as the first count says, 1 as the second …, None for the rest."""
    numbers = [number for number, count in enumerate(counts) for _ in range(count)]
    assert len(numbers) <= of, "truths.py asks for more than there are"
    return numbers + [None] * (of - len(numbers))
