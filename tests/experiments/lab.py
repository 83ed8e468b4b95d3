"""An office with experiments in it, told through the real pipeline from known chances: one of each end a test can have.

finished  the treatment truly converts better; it was stopped at its planned end
running   no difference is built in, half way
uneven    no difference, but a third of the treated never reach us
no-end    no difference, stopped at its planned end
young     began two days ago
draft     was never started
"""

import random
import time

from collector import accounts
from experiments import register
from tests.experiments import example
from tests.office import Office
from tests.story import Story

DAY, HOUR = 86_400_000, 3_600_000
# key: (days ago, days it ran or None while it runs, visitors, chance to buy by variant, part of the treated that reach us)
TESTS = {"finished": (40, 20, 900, (0.2, 0.34), 1), "no-end": (40, 18, 600, (0.25, 0.25), 1), "uneven": (12, None, 600, (0.25, 0.25), 0.6),
         "running": (12, None, 420, (0.25, 0.25), 1), "young": (2, None, 60, (0.25, 0.25), 1)}
NAMES = {"finished": "Shorter checkout", "no-end": "Trust badge", "uneven": "New menu", "running": "Guest checkout first", "young": "Larger photos",
         "draft": "Free returns"}
PLANNED = {"finished": 880, "no-end": 580, "uneven": 1000, "running": 1000, "young": 2000, "draft": 2000}


class Lab(Office):
    """The office, with TESTS told in site `shop`."""

    def __init__(self, data_dir, tests=tuple(TESTS), now=None, **config):
        super().__init__(data_dir, **config)
        self.now = now or int(time.time() * 1000)
        self.dana = accounts.by_email(self.store, "dana@shop.example")
        for key in tests:
            define(self.store, self.shop, key, self.now - (TESTS[key][0] + 1) * DAY)
            register.start(self.store, self.shop, key, self.dana.email, now=self.now - TESTS[key][0] * DAY, unchecked=True)
        story = Story(self.store, self.shop, data_dir / "spool-told")
        for key in tests:
            tell(story, key, self.now)
        story.tell()
        story.close()
        for key in tests:
            ago, ran, *_ = TESTS[key]
            if ran:
                register.stop(self.store, self.shop, key, self.dana.email, now=self.now - (ago - ran) * DAY)


def define(store, site, key, now):
    mapping = example.made(key=key, name=NAMES[key], plan={"visitors": PLANNED[key]}, where={"paths": ["/checkout*"]}, audience={})
    mapping["variants"][1]["changes"] = [{"kind": "remove", "selector": "#coupon"}]
    return register.add(store, site, mapping, "dana@shop.example", now=now)


def tell(story, key, now):
    """Visitors of one test, evenly over its days, each in a variant by a seeded dice."""
    chance = random.Random(key)
    ago, ran, visitors, rates, reach = TESTS[key]
    start, length = now - ago * DAY + HOUR, (ran or ago) * DAY - 2 * HOUR
    for number in range(visitors):
        treated = chance.random() < 0.5
        if treated and chance.random() > reach:
            continue
        device = chance.choices(("mobile", "desktop"), (2, 1))[0]
        way = story.visitor(f"{key} {number}", at=start + length * number // visitors, device=device).view("/checkout")
        way.exposed(key, "short" if treated else "control").event("begin_checkout")
        for field, lost in (("email", 0.03), ("phone", 0.04 if treated else 0.12), ("card", 0.05)):
            way.field("checkout", field)
            if chance.random() < 0.1:
                way.invalid("checkout", field)
            if chance.random() < lost:
                way.abandon("checkout", field)
                break
        else:
            if chance.random() < rates[treated] / 0.85:
                way.submit("checkout").view("/thanks").purchase(round(chance.lognormvariate(5, 0.6), 2))
