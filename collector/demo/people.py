"""Gives the planned visits times and a voice: the messages that a browser would have sent. Pure, from a seed and `now`.

Sixty days of the site's calendar, today the last, up to `now`. How many come
when follows an Israeli week: busy evenings, a short Friday, a quiet Shabbat
that ends on Saturday night.
"""

import bisect
import itertools
import random
from datetime import datetime, timedelta

import msgspec

from collector.demo import SITE, plan, truths
from collector.demo.shop import CURRENCY, PRODUCTS
from collector.demo.words import ENGLISH, HEBREW, NAMES
from collector.spool import Received

ORIGIN = "http://127.0.0.1:8000"
HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 13, 15, 16, 16, 15, 14, 14, 15, 17, 19, 22, 24, 22, 15, 7)
WEEKDAYS = (1.1, 1.05, 1.05, 1.0, 0.8, 0.45, 1.15)  # Monday first
GROWTH = 0.45  # busier at the end of the sixty days than at their beginning
MENU = ("acoustic", "electric", "classical", "compare", "returns")
SENSITIVE = {"phone", "card", "cvc", "expiry"}  # by the tracker's rule
CONTROLS = {"email": "email", "phone": "tel", "delivery": "select-one"}

_json = msgspec.json.Encoder().encode


def messages(now, zone, join=lambda told: None):
    """Every message of the sixty days as Received, in the order of their arrival. `now` in UTC milliseconds.

    `join` is shown the visits before they are told, as (Visit, moment) pairs, and may change them.
    """
    rng = random.Random(truths.SEED + 1)
    visits = plan.visits()
    told = list(zip(visits, times(len(visits), now, zone, rng)))
    join(told)
    found = [message for visit, at in told for message in Teller(visit, at, now, rng).messages()]
    found += left_out(now, zone, rng)
    found.sort(key=lambda received: received.received_at)
    return found


def times(count, now, zone, rng):
    """`count` moments of the sixty days in order, denser where the shop is busier."""
    today = datetime.fromtimestamp(now / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = int((today - timedelta(days=truths.DAYS - 1)).timestamp() * 1000)
    edges = [*range(first, now, 3_600_000), now]
    weights = [(after - before) * _busy(datetime.fromtimestamp(before / 1000, zone)) * (1 + GROWTH * (before - first) / (now - first))
               for before, after in zip(edges, edges[1:])]
    sums = list(itertools.accumulate(weights, initial=0))
    found = []
    for number in range(count):
        wanted = (number + rng.random()) / count * sums[-1]
        hour = min(bisect.bisect_right(sums, wanted) - 1, len(weights) - 1)
        found.append(int(edges[hour] + (wanted - sums[hour]) / weights[hour] * (edges[hour + 1] - edges[hour])))
    return found


def _busy(moment):
    weekday, hour = moment.weekday(), moment.hour
    shabbat = (weekday == 4 and hour >= 16) or (weekday == 5 and hour < 18)
    return HOURS[hour] * WEEKDAYS[weekday] * (0.5 if shabbat else 1.8 if weekday == 5 else 1)


class Teller:
    """One visit told as messages, one for each page view; `at` runs while it is told."""

    def __init__(self, visit, at, now, rng):
        self.visit, self.rng, self.person = visit, rng, visit.person
        self.origin = truths.ORIGINS[visit.origin]
        self.hebrew = self.person.language == "he"
        self.words, self.names = (HEBREW, NAMES["he"]) if self.hebrew else (ENGLISH, NAMES["en"])
        self.engaged = [int(1000 * rng.uniform(*page.engaged)) for page in visit.pages]
        self.pauses = [rng.randrange(300, 9000) for _ in visit.pages]
        self.at = min(at, now - sum(self.engaged) - sum(self.pauses) - 5000)  # over by now
        self.skew = rng.randrange(-90_000, 90_000)  # the browser's clock is wrong by that
        self.order = f"SIX-{rng.getrandbits(32):08X}"

    def messages(self):
        referrer = self.origin.referrer
        paths = [page.path for page in self.visit.pages[1:]] + [""]
        for page, self.next_path, engaged, pause in zip(self.visit.pages, paths, self.engaged, self.pauses):
            url = self.address(page.path)
            if page is self.visit.pages[0] and self.origin.query:
                url += "?" + self.origin.query
            yield self.message(page, url, referrer, engaged)
            self.at += engaged + pause
            referrer = url.partition("?")[0]

    def message(self, page, url, referrer, engaged):
        self.events = []
        self.page = page
        self.started = False  # the form of this page view
        self.emit("pageview", 0)
        spread = engaged / (len(page.acts) + 1)
        for number, act in enumerate(page.acts, start=1):
            self.act(act, int(number * spread), engaged)
        self.emit("leave", engaged, engaged_ms=engaged, scroll=self.rng.randint(*page.scroll))
        self.emit("vitals", engaged, **self.vitals(page))
        sent_at = self.at + engaged + self.skew
        body = {"sent_at": sent_at, "version": "1", "language": self.person.language, "screen": self.screen(),
                "pages": [{"view": f"{self.rng.getrandbits(60):015x}", "url": url, "title": self.title(page.path),
                           "referrer": referrer}], "events": self.events}
        if self.person.id:
            body["visitor"] = self.person.id
        if self.person.customer:
            body["user"] = self.person.customer
        browser, version, system = self.person.client
        return Received(SITE, self.at + engaged + self.rng.randrange(20, 180), self.person.visitor, None,
                        self.person.country, browser, version, system, self.visit.device, "", "", _json(body))

    def emit(self, type, after, **values):
        self.events.append({"type": type, "n": len(self.events), "at": self.at + after + self.skew, **values})

    # -- what is done in a page

    def act(self, act, after, engaged):
        """Emits what one act of the plan looks like, so many milliseconds after the page was opened."""
        word, _, field = act.partition(" ")
        getattr(self, f"do_{word}")(field, after, engaged)

    def do_exposed(self, what, after, engaged):
        experiment, variant = what.split()
        self.emit("exposure", 0, experiment=experiment, variant=variant)

    def do_click(self, _, after, engaged):
        """On what leads to the next page."""
        first, _, slug = self.next_path.partition("/")
        if slug:
            self.click("body>main>ul>li:nth-of-type(2)>a", self.names[slug], after)
        elif first == "checkout":
            self.click("body>main>p:nth-of-type(2)>a", self.words["to_checkout"], after)
        else:
            self.click(f"body>header>nav>a:nth-of-type({MENU.index(first) + 1})", self.words[first], after)

    def do_view(self, _, after, engaged):
        self.commerce("view_item", 0)

    def do_add(self, _, after, engaged):
        self.click("#add>button:nth-of-type(1)", self.words["add"], after)
        self.emit("form", after, kind="submit", form="add")
        self.commerce("add_to_cart", after)

    def do_begin(self, _, after, engaged):
        self.commerce("begin_checkout", 0)

    def do_purchase(self, _, after, engaged):
        self.commerce("purchase", 0, transaction_id=self.order)

    def do_share(self, _, after, engaged):
        self.click("#share", self.words["share"], after)
        self.emit("custom", after, name="share", props={"method": "link", "content_type": "shop"})

    def do_answer(self, score, after, engaged):
        self.click(f"#recommend>button:nth-of-type({int(score) + 1})", score, after)
        self.emit("custom", after, name="answer", props={"question": "recommend", "score": int(score)})

    def do_form(self, _, after, engaged):
        self.emit("form", 1000, kind="view", form="checkout")

    def do_stay(self, field, after, engaged):
        if not self.started:
            self.emit("form", after, kind="start", form="checkout", fields=1, last_field=field)
            self.started = True
        slow = 4 if field == "phone" else 1  # nobody guesses how it wants to be written
        stay = {**self.about(field), "time_ms": slow * self.rng.randrange(1500, 9000)}
        if field not in SENSITIVE:
            stay |= {"hesitation_ms": self.rng.randrange(300, 2500), "changes": self.rng.randrange(4, 18),
                     "corrections": self.rng.choice((0, 0, 0, 1, 2)), "filled": True,
                     "autofilled": field != "delivery" and self.rng.random() < 0.3}
        self.emit("field", after, **stay)

    def do_invalid(self, field, after, engaged):
        if field not in SENSITIVE:  # of those the tracker says only that they were entered and left
            self.emit("field", after, **self.about(field), kind="invalid", error="patternMismatch")

    def about(self, field):
        found = {"form": "checkout", "field": field, "label": self.words[field], "control": CONTROLS.get(field, "text")}
        return {**found, "sensitive": True} if field in SENSITIVE else found

    def do_submit(self, _, after, engaged):
        self.click("#checkout>button", self.words["place"], after)
        self.emit("form", after, kind="submit", form="checkout")

    def do_abandon(self, field, after, engaged):
        self.emit("form", engaged, kind="abandon", form="checkout", last_field=field)

    def do_dead(self, _, after, engaged):
        self.click("#hear", self.words["hear"], after)
        self.emit("frustration", min(after + 2500, engaged), kind="dead", element="#hear", label=self.words["hear"])

    def do_rage(self, _, after, engaged):
        for number in range(4):
            self.click("#hear", self.words["hear"], after + 300 * number)
        self.emit("frustration", after + 700, kind="rage", element="#hear", label=self.words["hear"], clicks=4)
        self.emit("frustration", min(after + 2500, engaged), kind="dead", element="#hear", label=self.words["hear"])

    def do_voucher(self, _, after, engaged):
        self.click("#voucher", self.words["voucher"], after)
        self.emit("error", after + 2, message=truths.VOUCHER_ERROR,
                  source=self.address("cart"), line=58, column=104)
        self.emit("frustration", after + 3, kind="error", element="#voucher", label=self.words["voucher"])

    def do_back(self, _, after, engaged):
        self.emit("frustration", engaged, kind="quick_back")

    def do_outbound(self, _, after, engaged):
        self.click("body>footer>p:nth-of-type(2)>a:nth-of-type(2)", self.words["tuning"], after,
                   link="outbound", to="https://en.wikipedia.org/wiki/Guitar_tunings")

    def do_download(self, _, after, engaged):
        self.click("body>footer>p:nth-of-type(2)>a:nth-of-type(1)", self.words["care"], after,
                   link="download", to=self.address("care-guide.txt"))

    def click(self, element, label, after, **values):
        self.emit("click", after, element=element, label=label, x=self.rng.randrange(4000, 29_000),
                  y=self.rng.randrange(4000, 29_000), **values)

    def commerce(self, name, after, **values):
        product = PRODUCTS[self.page.path.partition("/")[2] or self.visit.bought]
        self.emit("custom", after, name=name, props={
            "currency": CURRENCY, "value": product.price / 100, "items": [product.item()], **values})

    # -- how it looks from there

    def address(self, path):
        return f"{ORIGIN}/shop{'/he' if self.hebrew else ''}/{path}"

    def title(self, path):
        first, _, slug = path.partition("/")
        return f"{self.names.get(slug) or self.words.get(first) or self.words['tagline']} · {self.words['shop']}"

    def screen(self):
        return [1920, 1080, 1440, 900] if self.visit.device == "desktop" else [390, 844, 390, 700]

    def vitals(self, page):
        """The slow page waits 1.5 s for its first byte; a telephone is slower everywhere."""
        slower = 1 if self.visit.device == "desktop" else 2.1
        ttfb = (1500 if page.path == "compare" else 60) + self.rng.randrange(10, 120) * slower
        fcp = ttfb + self.rng.randrange(150, 400) * slower
        return {"ttfb": round(ttfb), "fcp": round(fcp), "lcp": round(fcp + self.rng.randrange(50, 700) * slower),
                "inp": round(self.rng.randrange(24, 130) * slower), "cls": round(self.rng.random() ** 4 * 0.2, 3)}


# -- who is not counted

def left_out(now, zone, rng):
    """Robots, and browsers that ask not to be measured."""
    found = []
    for reason, count in truths.LEFT_OUT.items():
        signal = reason if reason in ("gpc", "dnt") else ""
        for at in times(count, now, zone, rng):
            event = {"type": "opt_out", "signal": signal} if signal else {"type": "pageview"}
            body = {"sent_at": at, "pages": [{"view": f"{rng.getrandbits(60):015x}", "url": f"{ORIGIN}/shop/"}],
                    "events": [{**event, "n": 0, "at": at}]}
            found.append(Received(SITE, at, 0 if signal else rng.getrandbits(63), None, "", "", "", "", "",
                                  reason.removeprefix("bot:") if not signal else "", signal, _json(body)))
    return found
