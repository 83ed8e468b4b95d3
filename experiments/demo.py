"""The demo shop's four experiments, and what is true of them: written down here, dealt out to the visitors of the sixty days.

The truth of an experiment is how much more often its second variant leads to
what it is about than the control does (Truth.lift). Its visitors are dealt to
the variants so that exactly this share of them did it; then each gets an id that the
published hash sends to that variant. From there on everything goes the way of
every event, and the result page has to find it again (docs/demo.md).
"""

import random
from dataclasses import dataclass

from experiments import assignment, register

DAY = 86_400_000
SEED = 20_261_125
WHO = "demo@netiv.example"
KINDS = ("acoustic", "electric", "classical")
PATHS = {"checkout": ("checkout",), "product": tuple(f"{kind}/*" for kind in KINDS), "category": KINDS, "cart": ("cart",)}
LOST = 0.4  # of the treated visitors of the broken experiment: a cache gave them the control's page, and no exposure came


@dataclass(frozen=True)
class Truth:
    """One experiment of the demo. Days are counted back from today."""

    key: str
    name: str
    hypothesis: str
    page: str  # a key of PATHS
    begins: int
    ends: int | None  # None: it still runs
    variant: str
    title: str
    changes: tuple
    goal: str  # the event of the primary metric
    lift: float  # relative: 0.5 is half as often again
    guards: tuple = ()
    without: str = ""  # a field of the checkout that the second variant does not have
    avoid: tuple = ()  # visitors with such an act stay with the control: the variant takes away what they met
    cached: bool = False
    decision: tuple = ()  # decision, reason


TRUTHS = (
    Truth("short-checkout", "Shorter checkout form", "The postcode is asked of everybody and needed for nobody. Without it more of those "
          "who open the checkout finish it.", "checkout", 58, 29, "short", "Without the postcode",
          ({"kind": "remove", "selector": ".field:has(#postcode)"},), "purchase", 0.55,
          guards=({"key": "order-value", "kind": "order_value", "margin": 0.2},), without="postcode", avoid=("abandon postcode",),
          decision=("ship", "More orders from the same visitors, and the orders are worth as much.")),
    Truth("category-order", "Dearest guitars first", "Who sees the best guitars first puts more of them into the cart.", "category", 52, 24,
          "dearest", "Dearest first", ({"kind": "order", "selector": ".tiles > :last-child", "name": "first", "value": ""},),
          "add_to_cart", 0.0, decision=("keep_control", "Nothing worth the work was seen in four weeks.")),
    Truth("no-voucher", "Cart without the voucher button", "The button breaks, and sends people off to look for a code. Without it more of them "
          "go on and pay.", "cart", 46, 20, "without", "Without the button", ({"kind": "remove", "selector": "#voucher"},),
          "purchase", 0.0, avoid=("voucher",), cached=True),
    Truth("no-dead-button", "Without the button that does nothing", "A button that plays no sound makes people angry. Without it more of "
          "them put the guitar into the cart.", "product", 13, None, "without", "Without the button",
          ({"kind": "remove", "selector": "#hear"},), "add_to_cart", 0.08, avoid=("dead", "rage")),
)


@dataclass(frozen=True)
class Dealt:
    """What was dealt out: visitors exposed and those who did it, by variant, the control first."""

    truth: Truth
    visitors: tuple
    converted: tuple


def join(told, store, site, now):
    """Defines the experiments, begins them, and deals their visitors out. Takes (visit, moment) pairs in order; gives [Dealt, …]."""
    rng = random.Random(SEED)
    found, wanted = [], {}
    for truth in TRUTHS:
        dealt, variants = _deal(truth, told, now, rng)
        record = _begin(truth, store, site, now, sum(dealt.visitors))
        for person, variant in variants.items():
            wanted.setdefault(person, []).append((record.split, variant))
        found.append(dealt)
    people = {id(visit.person): visit.person for visit, _ in told}
    for person, splits in wanted.items():
        while not all(assignment.variant_for(split, str(people[person].visitor)) == variant for split, variant in splits):
            people[person].renew(rng)
    return found


def end(told, store, site, now):
    """Ends those that ended, and decides what was decided, on their days."""
    for truth in TRUTHS:
        if truth.ends is not None:
            register.stop(store, site, truth.key, WHO, now=_ends(truth, now))
        if truth.decision:
            register.decide(store, site, truth.key, WHO, *truth.decision, now=_ends(truth, now) + 2 * DAY)


def dealt(told, now):
    """[Dealt, …] of the visitors as join() would deal them: for tests and docs, which have no store at hand."""
    rng = random.Random(SEED)
    return [_deal(truth, told, now, rng)[0] for truth in TRUTHS]


# -- dealing

def _deal(truth, told, now, rng):
    """(Dealt, {id of a person: variant}) of an experiment; the visits are marked with what their visitors were shown."""
    visits = _visits(truth, told, now)
    converted = {person for person, of_person in visits.items() if _did(truth, of_person)}
    bound = {person for person, of_person in visits.items() if person not in converted and _meets(truth.avoid, of_person)}
    treated = _treated(visits, converted, bound, truth.lift, rng)
    shown = {person: int(person in treated) for person in visits}
    if truth.cached:
        lost = set(rng.sample([person for person in visits if person in treated], round(LOST * len(treated))))
        shown = {person: variant for person, variant in shown.items() if person not in lost}
    for person, variant in shown.items():
        _mark(truth, visits[person], variant)
    counts = [[sum(variant == each for variant in shown.values()),
               sum(variant == each and person in converted for person, variant in shown.items())] for each in (0, 1)]
    return Dealt(truth, tuple(count for count, _ in counts), tuple(count for _, count in counts)), \
        {person: int(person in treated) for person in visits}


def _treated(visits, converted, bound, lift, rng):
    """Half of the persons, so many of those who did it among them that the second variant's share is the lift above the control's."""
    half = len(visits) // 2
    rest = len(visits) - half
    doing = round(len(converted) * half * (1 + lift) / (rest + half * (1 + lift)))
    others = [person for person in visits if person not in converted and person not in bound]
    if doing > min(half, len(converted)) or half - doing > len(others):
        raise ValueError("these visitors cannot be dealt out so")
    return {*rng.sample([person for person in visits if person in converted], doing), *rng.sample(others, half - doing)}


def _visits(truth, told, now):
    """{id of a person: [(visit, moment), …]} from the first visit on that met the page while the experiment ran, all within its window."""
    start, stop = _begins(truth, now), _ends(truth, now)
    found = {}
    for visit, at in told:
        known = found.get(id(visit.person))
        if known:
            known.append((visit, at))
        elif start + DAY // 24 <= at < stop - DAY // 24 and _page(truth, visit):
            found[id(visit.person)] = [(visit, at)]
    return found


def _page(truth, visit):
    return next((page for page in visit.pages if _is(truth, page)), None)


def _is(truth, page):
    return any(page.path.startswith(path[:-1]) if path.endswith("*") else page.path == path for path in PATHS[truth.page])


def _did(truth, of_person):
    """Whether the event came after the first exposure, within three days."""
    acts = {"purchase": "purchase", "add_to_cart": "add"}
    first = of_person[0][1]
    for visit, at in of_person:
        pages = visit.pages if visit is not of_person[0][0] else visit.pages[visit.pages.index(_page(truth, visit)):]
        if at < first + 3 * DAY and any(acts[truth.goal] in page.acts for page in pages):
            return True
    return False


def _meets(acts, of_person):
    return any(act in acts for visit, _ in of_person for page in visit.pages for act in page.acts)


def _mark(truth, of_person, variant):
    """The pages of the experiment say which variant was seen; what the variant does not have is not done in it."""
    key = truth.variant if variant else "control"
    for visit, _ in of_person:
        for page in visit.pages:
            if _is(truth, page):
                page.acts.insert(0, f"exposed {truth.key} {key}")
                if variant and truth.without:
                    page.acts[:] = [act for act in page.acts if not act.endswith(f" {truth.without}")]


# -- in the store

def _begin(truth, store, site, now, visitors):
    """Defines and starts it on its day."""
    paths = [f"/shop/{place}{path}" for path in PATHS[truth.page] for place in ("", "he/")]
    mapping = {
        "key": truth.key, "name": truth.name, "hypothesis": truth.hypothesis, "owner": WHO, "where": {"paths": paths},
        "variants": [{"key": "control", "name": "As it was", "weight": 0.5},
                     {"key": truth.variant, "name": truth.title, "weight": 0.5, "changes": list(truth.changes)}],
        "primary": {"key": truth.goal.replace("_", "-"), "kind": "conversion", "event": truth.goal},
        "secondary": [{"key": "revenue", "kind": "revenue"}], "guardrails": list(truth.guards),
        "plan": {"visitors": max(100, visitors if truth.ends is not None else visitors * 3 // 100 * 100)}}
    at = _begins(truth, now)
    register.add(store, site, mapping, WHO, now=at - DAY)
    return register.start(store, site, truth.key, WHO, now=at)


def _begins(truth, now):
    return now - truth.begins * DAY


def _ends(truth, now):
    return now - (truth.ends or 0) * DAY
