"""What was read of a random site on which nothing matters: who converts depends on the device and on nothing that happens."""

import numpy as np

from collector import events
from journeys.seen import Seen, Sign, Steps, slowest

PAGES = ("/", "/a", "/b", "/cart", "/checkout", "/returns")
NAMES = ("", *PAGES)
TEXTS = ("", "card", "name", "order", "phone")


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
    return seen(visits, slowest(*map(np.array, zip(*loads))), tuple(signs), Steps(*map(np.array, zip(*steps))))


def seen(visits, loads=Seen.loads, signs=(), steps=Seen.steps):
    """Seen of visits, one of each visitor: (device and channel, pages, whether it converted, revenue)."""
    likes, ways, converted, revenue = zip(*visits)
    numbers = {like: number for number, like in enumerate(sorted(set(likes)))}
    return Seen(NAMES, np.arange(len(visits)), np.arange(len(visits)), np.array([numbers[like] for like in likes]), np.array(converted, bool),
                np.array(revenue), np.array([NAMES.index(pages[-1]) for pages in ways]), np.isin(np.arange(len(visits)), steps.sessions), np.repeat(np.arange(len(visits)), [len(pages) for pages in ways]),
                np.array([NAMES.index(page) for pages in ways for page in pages]), loads, signs, steps, TEXTS)


def _pairs(pages):
    return zip(pages, ("", *pages))


def _sent(rng, session):
    """Steps of a session as rows."""
    for name in ("name", "phone", "card"):
        yield _step(session, name, events.FIELD)
    yield _step(session, "", events.SUBMIT)
    if rng.random() < 0.4:
        yield _step(session, rng.choice(("phone", "card")), events.FIELD)


def _step(session, field, what):
    return session, NAMES.index("/checkout"), TEXTS.index("order"), TEXTS.index(field), what, False, False
