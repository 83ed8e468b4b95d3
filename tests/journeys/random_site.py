"""What was read of a random site on which nothing matters: who converts depends on the device and on nothing that happens."""

import numpy as np

from collector import events
from journeys.seen import Seen, Sign, Step, slowest

PAGES = ("/", "/a", "/b", "/cart", "/checkout", "/returns")
NAMES = ("", *PAGES)


def random_site(rng, sessions=600, troubled="", keeps=1.0):
    """Seen of so many sessions. Those who click the `troubled` element in vain keep only this part of their conversions."""
    visits, signs, loads, steps = [], [], [], []
    for session in range(sessions):
        device = rng.choice((1, 2))
        pages = tuple(page for page, before in _pairs(rng.choices(PAGES, k=rng.choice((1, 2, 3, 4, 6)))) if page != before)
        converted = rng.random() < (0.25, 0.1)[device - 1]
        for page in set(pages):
            for element, share in (("#broken", 0.2), ("#other", 0.1), ("a>b", 0.1)):
                if rng.random() < share:
                    signs.append(Sign(session, page, rng.choice((1, 2)), element, element))
                    converted = converted and (element != troubled or rng.random() < keeps)
            if rng.random() < 0.15:
                signs.append(Sign(session, page, 7, "", rng.choice(("boom", "bang"))))
            loads.append((NAMES.index(page), session, rng.gauss(1900, 500) * device ** 0.3))
        if "/checkout" in pages:
            steps += _sent(rng, session)
        visits.append(((device, rng.choice((1, 2, 3))), pages, converted, 1000 * converted))
    return seen(visits, slowest(*map(np.array, zip(*loads))), tuple(signs), tuple(steps))


def seen(visits, loads=Seen.loads, signs=(), steps=()):
    """Seen of visits, one of each visitor: (device and channel, pages, whether it converted, revenue)."""
    likes, ways, converted, revenue = zip(*visits)
    numbers = {like: number for number, like in enumerate(sorted(set(likes)))}
    return Seen(NAMES, np.arange(len(visits)), np.arange(len(visits)), np.array([numbers[like] for like in likes]), np.array(converted, bool),
                np.array(revenue), np.array([NAMES.index(pages[-1]) for pages in ways]), np.repeat(np.arange(len(visits)), [len(pages) for pages in ways]),
                np.array([NAMES.index(page) for pages in ways for page in pages]), loads, signs, steps)


def _pairs(pages):
    return zip(pages, ("", *pages))


def _sent(rng, session):
    for name in ("name", "phone", "card"):
        yield Step(session, "/checkout", "order", name, events.FIELD)
    yield Step(session, "/checkout", "order", "", events.SUBMIT)
    if rng.random() < 0.4:
        yield Step(session, "/checkout", "order", rng.choice(("phone", "card")), events.FIELD)
