"""A shop's visitors in bulk: skewed as real sites are, the same for the same seed, cheap to make.

Zipf's law over 2,000 pages, hours and weekdays as in Israel, a third of the
paths in Hebrew, most visits short, a few long, one in five from a returning
visitor who gave consent. Messages come in the order of their arrival, read
already: (Received, Batch, ()).
"""

from random import Random

from collector import message, period
from collector.spool import Received

EVENTS_A_SESSION = 8.5  # what the rules below come to
HOURS = (14, 8, 5, 3, 3, 5, 12, 25, 42, 55, 62, 64, 62, 58, 56, 57, 60, 64, 68, 78, 88, 86, 62, 32)
WEEKDAYS = (1.05, 1.0, 1.0, 1.05, 0.75, 0.7, 1.15)  # Monday first; Friday and Saturday are quiet
NOUNS = ("גיטרה", "מיתרים", "מגבר", "רצועה", "מפרט", "קלידים", "תופים", "כינור")
KINDS = ("strings", "picks", "amps", "straps", "pedals", "cases", "tuners", "stands")
ENTRIES = ("home", "category", "product", "blog")
SOURCES = (  # (weight, query, referrer)
    (30, "", ""), (26, "", "https://www.google.com/"), (8, "", "https://www.google.co.il/"),
    (6, "gclid=x", "https://www.google.com/"), (5, "", "https://www.facebook.com/"), (4, "fbclid=x", "https://l.instagram.com/"),
    (4, "utm_source=newsletter&utm_medium=email&utm_campaign=spring", ""), (3, "", "https://www.bing.com/"),
    (3, "", "https://chatgpt.com/"), (2, "", "https://www.zap.co.il/model"), (2, "utm_source=facebook&utm_medium=paid_social"
     "&utm_campaign=guitars&utm_content=video", "https://m.facebook.com/"), (1, "", "https://www.youtube.com/"),
    (1, "", "https://t.co/abc"), (1, "", "https://www.perplexity.ai/"), (1, "utm_source=whatsapp&utm_medium=social", ""))
PARTNERS = 120  # further sites that link here
CLIENTS = (  # (weight, country, language, device, browser, os)
    (34, "IL", "he-IL", "mobile", "Chrome", "Android"), (22, "IL", "he-IL", "mobile", "Safari", "iOS"),
    (18, "IL", "he-IL", "desktop", "Chrome", "Windows"), (5, "IL", "en-US", "desktop", "Chrome", "macOS"),
    (4, "IL", "he-IL", "desktop", "Safari", "macOS"), (3, "IL", "ru-RU", "desktop", "Edge", "Windows"),
    (3, "US", "en-US", "mobile", "Safari", "iOS"), (3, "US", "en-US", "desktop", "Chrome", "Windows"),
    (2, "IL", "ar-IL", "mobile", "Samsung Internet", "Android"), (2, "DE", "de-DE", "desktop", "Firefox", "Windows"),
    (1, "GB", "en-GB", "mobile", "Safari", "iOS"), (1, "FR", "fr-FR", "mobile", "Chrome", "Android"),
    (1, "IL", "he-IL", "tablet", "Safari", "iPadOS"), (1, "RU", "ru-RU", "desktop", "Chrome", "Linux"))
FIELDS = ("name", "email", "phone", "city", "street", "house", "zip", "shipping", "card", "agree")
DAY = 86_400_000


class Pool:
    """Weighted choices drawn in bulk, which is much cheaper than one by one."""

    def __init__(self, random, values, weights):
        self.random, self.values = random, values
        self.cumulative = []
        total = 0
        for weight in weights:
            total += weight
            self.cumulative.append(total)
        self.drawn = []

    def next(self):
        if not self.drawn:
            self.drawn = self.random.choices(self.values, cum_weights=self.cumulative, k=4096)
        return self.drawn.pop()


class Shop:
    """Paths, and how people move between them."""

    def __init__(self, random, domain):
        base = f"https://{domain}"
        categories = [f"{base}/category/{NOUNS[i % 8] if i % 3 == 0 else KINDS[i % 8]}-{i}" for i in range(40)]
        products = [f"{base}/product/{NOUNS[i % 8] if i % 3 == 0 else KINDS[i % 8]}-{i}" for i in range(1700)]
        blog = [f"{base}/blog/{'איך-לבחור' if i % 3 == 0 else 'how-to-choose'}-{i}" for i in range(250)]
        self.fixed = {name: f"{base}{path}" for name, path in
                      (("home", "/"), ("cart", "/cart"), ("checkout", "/checkout"), ("thanks", "/thank-you"),
                       ("search", "/search"), ("returns", "/returns"), ("about", "/about"))}
        self.pools = {"category": _zipf(random, categories), "product": _zipf(random, products),
                      "blog": _zipf(random, blog)}
        self.entry = Pool(random, ENTRIES, (30, 20, 35, 15))
        self.onward = {
            "home": Pool(random, ("category", "product", "search", "about", "blog"), (50, 25, 15, 4, 6)),
            "category": Pool(random, ("product", "category", "home", "search"), (70, 18, 7, 5)),
            "product": Pool(random, ("product", "category", "cart", "home", "returns"), (40, 27, 20, 10, 3)),
            "blog": Pool(random, ("product", "blog", "home"), (45, 35, 20)),
            "search": Pool(random, ("product", "search", "category"), (75, 15, 10)),
            "cart": Pool(random, ("checkout", "product", "category", "home"), (45, 30, 15, 10)),
            "checkout": Pool(random, ("thanks", "cart", "returns", "home"), (55, 25, 10, 10)),
            "returns": Pool(random, ("home", "cart", "product"), (40, 30, 30)),
            "about": Pool(random, ("home", "category"), (60, 40)),
            "thanks": Pool(random, ("home", "category"), (70, 30))}
        self.elements = {kind: _zipf(random, [(f"main>section:nth-of-type({i % 5 + 1})>a:nth-of-type({i})[{kind}]",
                                               f"{'לפרטים' if i % 3 == 0 else 'More'} {i}") for i in range(1, 25)])
                         for kind in (*self.fixed, *self.pools)}

    def url(self, kind):
        return self.fixed.get(kind) or self.pools[kind].next()


def _zipf(random, values):
    return Pool(random, values, [1 / (rank + 1) ** 1.05 for rank in range(len(values))])


class People:
    """Makes the messages of a site's visitors. Takes a Site, the number of events, whole days, and their end."""

    def __init__(self, site, events, days, until, seed=7, pages_a_message=4):
        self.site, self.days, self.until = site, days, until
        self.random = random = Random(seed)
        self.sessions = round(events / EVENTS_A_SESSION)
        self.pages_a_message = pages_a_message
        self.shop = Shop(random, site.domain)
        partners = [(0.15, "", f"https://partner-{i}.example/links") for i in range(PARTNERS)]
        self.sources = Pool(random, [row[1:] for row in (*SOURCES, *partners)], [row[0] for row in (*SOURCES, *partners)])
        self.clients = Pool(random, [row[1:] for row in CLIENTS], [row[0] for row in CLIENTS])
        self.lengths = Pool(random, range(1, 26), [45] + [55 * 0.31 * 0.69 ** n for n in range(24)])
        self.minutes = Pool(random, [hour * 3_600_000 + minute * 60_000 for hour in range(24) for minute in range(60)],
                            [weight for weight in HOURS for _ in range(60)])
        self.seconds = Pool(random, [1500, 4000, 8000, 15_000, 30_000, 60_000, 150_000, 400_000],
                            [10, 16, 20, 20, 16, 11, 5, 2])
        self.views = 0
        self.orders = 0
        self.regulars = [random.getrandbits(63) for _ in range(max(self.sessions // 25, 1))]

    def messages(self):
        """Every message, in the order of arrival."""
        first = period.day_of(self.until, self.site.zone) - self.days + 1
        weights = [WEEKDAYS[period.date_of(first + n).weekday()] * (0.8 + 0.4 * n / self.days) for n in range(self.days)]
        waiting = []
        for n, weight in enumerate(weights):
            start = period.day_start(first + n, self.site.zone)
            starts = sorted(start + self.minutes.next() + int(self.random.random() * 60_000)
                            for _ in range(round(self.sessions * weight / sum(weights))))
            today = [self.random.getrandbits(63) for _ in range(len(starts) * 2 // 3 + 1)]
            hour_ends = start + 3_600_000
            for at in starts:
                if at >= self.until:
                    break
                if at > hour_ends:
                    waiting.sort(key=_arrival)
                    ready = sum(1 for each in waiting if each[0].received_at < at)
                    yield from waiting[:ready]
                    waiting = waiting[ready:]
                    hour_ends = at + 3_600_000
                waiting += self.session(at, today)
        waiting.sort(key=_arrival)
        yield from waiting

    def session(self, at, today):
        """The messages of one visit: one for up to `pages_a_message` page views."""
        random, shop = self.random, self.shop
        chance = random.random()
        consented = chance < 0.2
        visitor = self.regulars[int(chance * 5 * len(self.regulars))] if consented else today[int((chance - 0.2) * 1.25 * len(today))]
        query, referrer = self.sources.next()
        client = self.clients.next()
        kind = shop.entry.next()
        pages, events, found = [], [], []
        basket = 0
        url = shop.url(kind)
        if query:
            url = f"{url}?{query}"
        for left in range(self.lengths.next(), 0, -1):
            at = self.page(kind, url, referrer, at, pages, events)
            if kind == "product" and random.random() < 0.12:
                basket += 120 + int(random.random() * 2000)
                at = self._event(events, message.Custom, at, 900, len(pages) - 1, name="add_to_cart",
                                 props={"value": basket, "currency": "ILS"})
            elif kind == "checkout":
                at = self.checkout(events, at, len(pages) - 1)
            elif kind == "thanks":
                self.orders += 1
                at = self._event(events, message.Custom, at, 300, len(pages) - 1, name="purchase", props={
                    "value": basket or 250, "currency": "ILS", "transaction_id": f"A{self.orders}"})
            if left == 1 or len(pages) == self.pages_a_message:
                found.append((self._received(at, visitor, client), message.Batch(
                    sent_at=at, pages=pages, events=events, language=client[1], visitor=f"{visitor:016x}" if consented else ""), ()))
                pages, events = [], []
            if left > 1:
                referrer = url
                kind = shop.onward[kind].next()
                url = shop.url(kind)
                at += 700
        return found

    def page(self, kind, url, referrer, at, pages, events):
        """One page view with its clicks, vitals and leave. Gives the time it ends."""
        random = self.random
        self.views += 1
        number, stayed = len(pages), self.seconds.next()
        pages.append(message.Page(view=f"v{self.views:011x}", url=url, title=kind, referrer=referrer))
        events.append(message.Pageview(n=0, at=at, page=number))
        self.n = 1
        chance = random.random()
        if kind == "product" and chance < 0.3:
            at = self._event(events, message.Custom, at, 500, number, name="view_item", props={"value": 300})
        if chance < 0.45:
            element, label = self.shop.elements[kind].next()
            at = self._event(events, message.Click, at, 800, number, element=element, label=label,
                             x=int(chance * 70_000), y=int(random.random() * 32_000))
            if chance < 0.02:
                at = self._event(events, message.Frustration, at, 900, number, kind="rage" if chance < 0.01 else "dead",
                                 element=element, label=label)
        elif chance > 0.985:
            at = self._event(events, message.ScriptError, at, 100, number, message=f"TypeError: x{int(chance * 1e5) % 20} is undefined")
        if chance > 0.83:
            at = self._event(events, message.Vitals, at, 100, number, lcp=800 + round(chance * 1500), cls=0.02, inp=120,
                             fcp=700, ttfb=180)
        return self._event(events, message.Leave, at + stayed, 100, number, engaged_ms=stayed,
                           scroll=min(100, 20 + int(chance * 90)))

    def checkout(self, events, at, number):
        at = self._event(events, message.Form, at, 500, number, form="checkout", kind="view", fields=10)
        reached = int(self.random.random() ** 0.5 * 11)
        if reached:
            at = self._event(events, message.Form, at, 500, number, form="checkout", kind="start", fields=10)
        for index in range(reached):
            time_ms = 1500 + index * 300
            at = self._event(events, message.Field, at, time_ms, number, form="checkout", field=FIELDS[index],
                             hesitation_ms=400 + index * 50, time_ms=time_ms, changes=8, corrections=index % 3, filled=True)
        if reached == 10:
            return self._event(events, message.Form, at, 500, number, form="checkout", kind="submit", fields=10)
        if reached:
            return self._event(events, message.Form, at, 500, number, form="checkout", kind="abandon",
                               last_field=FIELDS[reached - 1])
        return at

    def _event(self, events, make, at, takes, number, /, **values):
        events.append(make(n=self.n, at=at, page=number, **values))
        self.n += 1
        return at + takes

    def _received(self, at, visitor, client):
        country, _, device, browser, os = client
        return Received(site=self.site.key, received_at=at, visitor=visitor, previous=None, country=country,
                        browser=browser, browser_version="120", os=os, device=device, bot="", opt_out="", body=b"")


def _arrival(each):
    return each[0].received_at
