"""Guesses the journey of a new site from its own pages, events and forms, for the owner to look through and confirm.

The first preset, and for its typical touchpoints the pages of the site that by
the words of their address or title, in English and Hebrew, or by GA4's e-commerce
events on them, are such a page. It is guessed anew while the site is new; what
an owner has confirmed or changed is left alone.
"""

import logging
import re
from collections import Counter

from collector import carts
from collector import journey_register as register
from collector import presets, sites, stages
from collector.stages import MOST_RULES, BadJourney, Rule

NEW = 8 * 86_400_000  # so long after its first event a site's journey is guessed anew
SESSIONS = 2_000  # the latest of a site, that are looked at
MOST_BY_TITLE = 5  # more pages with one word in their title are about something else

# touchpoint: words of an address or a title; more than one word must follow each other. The first touchpoint that fits has the page
WORDS = {
    "returns": ("returns", "return policy", "refund", "refunds", "החזרות", "החזרה", "החלפות", "ביטולים"),
    "terms": ("terms", "conditions", "תקנון", "תנאי שימוש"),
    "order": ("thank you", "thankyou", "thanks", "thank", "order received", "תודה", "אישור הזמנה"),
    "comparison": ("compare", "comparison", "השוואה"),
    "testimonials": ("testimonials", "reviews", "המלצות", "ביקורות"),
    "contact": ("contact", "contact us", "צור קשר", "צרו קשר", "יצירת קשר"),
    "about": ("about", "about us", "our story", "אודות", "מי אנחנו"),
    "articles": ("blog", "articles", "article", "magazine", "guides", "בלוג", "מאמרים", "כתבות", "מדריכים"),
    "lead-form": ("quote", "הצעת מחיר"),
    "loyalty": ("loyalty", "club", "מועדון", "מועדון לקוחות"),
    "community": ("community", "forum", "קהילה"),
    "survey": ("survey", "סקר"),
    "category": ("category", "categories", "collection", "collections", "catalog", "catalogue", "קטגוריה", "קטגוריות", "קטלוג"),
    "product": ("product", "products", "item", "מוצר", "מוצרים"),
}
STEPS = {"cart": "cart", "checkout": "order-form", "payment": "payment"}  # the words of these stand in carts.py
PARTS = re.compile(r"\s+[-\u2013\u2014]\s+|[|·:«»]")  # between the parts of a title: Cart – Guitars
BY_TITLE = ("returns", "terms", "order", "order-form", "cart", "comparison", "contact", "about", "articles")
EVENTS = {"view_item": "product", "view_item_list": "category", "view_cart": "cart", "begin_checkout": "order-form"}  # on its own page
FORMS = {"order-form": ("checkout", "order"), "lead-form": ("contact", "lead", "quote"), "newsletter": ("newsletter", "subscribe")}
LANGUAGES = re.compile(r"[a-z]{2}(-[a-z]{2})?")

log = logging.getLogger("netiv.loader")


def keep_up(store, now, again=True):
    """Makes a journey for every site that has events and none, and guesses those of new sites `again`.

    A site whose journey cannot be made is logged and passed over: the loader works for all of them.
    """
    known = {row.site_id for row in store.ask("collector/journeys", site=None, key=None)}
    for site in sites.all_sites(store):
        if not site.first_event_at:
            continue
        try:
            if site.id not in known:
                register.add(store, site, propose(store, site), register.GUESSED, confirmed=False, now=now)
            elif again and now - site.first_event_at < NEW:
                _again(store, site, now)
        except BadJourney:
            log.exception("the journey of %s cannot be guessed", site.key)


def propose(store, site):
    """The mapping of a journey, as stages.read() takes it."""
    pages = store.ask("collector/guess_pages", site=site.id, sessions=SESSIONS)
    events = store.ask("collector/guess_events", site=site.id, sessions=SESSIONS)
    forms = [row.form for row in store.ask("collector/guess_forms", site=site.id)]
    return stages.as_dict(presets.preset("shop", rules([tuple(row) for row in pages], [tuple(row) for row in events], forms)))


def rules(pages, events, forms):
    """Further rules by touchpoint: {key: (Rule, …)}. Takes (path, title, views) and (path, event, count), and names of forms.

    Visitors can send any path and name: those with a * of their own, and those that no rule can hold, are passed over.

    >>> rules([("/", "Guitars", 9), ("/cart", "Cart", 2)], [], ["checkout"])["cart"]
    (Rule(kind='page', value='/cart'),)
    """
    pages = [page for page in pages if "*" not in page[0]]
    found = _by_event(pages, events) | _by_title(pages) | _by_path(pages)
    paths = [page[0] for page in pages]
    patterns = {}  # pattern: touchpoint
    for path, key in sorted(found.items()):
        patterns.setdefault(_pattern(path, key, found, paths), key)
    above = {pattern[:-2] for pattern, key in patterns.items() if key == "product" and pattern.endswith("/*")}
    patterns |= {path: "category" for path in paths if path not in found and path.rstrip("/") in above - {""}}
    home = _home([page for page in pages if page[0] not in {**found, **patterns}])
    result = {key: [] for key in presets.TYPICAL}
    for pattern, key in [*((path, "landing") for path in home), *patterns.items()]:
        result[key].append(Rule("page", pattern))
    for form in forms:
        key = next((key for key, words in FORMS.items() if _holds(_words(form), words)), None)
        if key and "*" not in form:
            result[key].append(Rule("form", form))
    result = {key: list(filter(stages.is_good, some)) for key, some in result.items()}
    return {key: tuple(some[:MOST_RULES - len(presets.TYPICAL[key][1])]) for key, some in result.items() if some}


def _again(store, site, now):
    for record in register.all_of(store, site):
        if record.confirmed_at is None:
            register.change(store, site, record.key, propose(store, site) | {"key": record.key}, None, register.GUESSED,
                            confirm=False, now=now)


def _by_path(pages):
    """{path: touchpoint} by the words of a path, its last parts first."""
    found = {}
    for path, _, _ in pages:
        for part in reversed(path.split("/")):
            key = STEPS.get(carts.step(part)) or next((key for key, words in WORDS.items() if _holds(_words(part), words)), None)
            if key:
                found[path] = key
                break
    return found


def _by_title(pages):
    found = {}
    for key in BY_TITLE:
        some = [path for path, title, _ in pages if _is_titled(title, key)]
        if len(some) <= MOST_BY_TITLE:
            found = dict.fromkeys(some, key) | found
    return found


def _is_titled(title, key):
    """Does a title hold words of a touchpoint? Those of a cart or a checkout are a part of it by themselves: a leather bag is none."""
    if key in WORDS:
        return _holds(_words(title), WORDS[key])
    return any(STEPS.get(carts.step("-".join(part.split()))) == key for part in PARTS.split(title))


def _by_event(pages, events):
    """Pages where an event of shops happened in most of their views."""
    views = {path: count for path, _, count in pages}
    return {path: EVENTS[event] for path, event, count in events if event in EVENTS and count * 2 >= views.get(path, 0) > 0}


def _home(pages):
    """The pages highest up that people see most: one in each language of the site."""
    if not pages:
        return []
    depth = {path: len([part for part in path.split("/") if part and not LANGUAGES.fullmatch(part)]) for path, _, _ in pages}
    highest = min(depth.values())
    top = [(views, path) for path, _, views in pages if depth[path] == highest]
    most = max(views for views, _ in top)
    return sorted(path for views, path in top if views * 10 >= most)[:4]


def _pattern(path, key, found, paths):
    """The path itself, or all that lies beside it, when that is nearly all of the same kind."""
    parent = path.rpartition("/")[0] + "/"
    beside = [each for each in paths if each.startswith(parent) and each != parent]
    alike = Counter(found.get(each) for each in beside)
    return parent + "*" if len(beside) >= 3 and alike[key] * 10 >= len(beside) * 9 else path


def _words(text):
    return re.findall(r"[^\W_]+", text.casefold())


def _holds(words, wanted):
    """Does a text of these words hold any of the wanted ones?"""
    text = f" {' '.join(words)} "
    return any(f" {each} " in text for each in wanted)
