"""What was read of a random site on which nothing matters: who converts depends on the device and on nothing that happens."""

from typing import NamedTuple

from journeys.troubles import Seen, Visit, seen_on

PAGES = ("/", "/a", "/b", "/cart", "/checkout", "/returns")


class Sign(NamedTuple):
    session: int
    page: str
    sign: int
    element: str
    label: str


class Load(NamedTuple):
    session: int
    page: str
    lcp: float


class Step(NamedTuple):
    session: int
    page: str
    form: str
    field: str
    what: int
    autocomplete: str = ""


def random_site(rng, sessions=600, troubled="", keeps=1.0):
    """Seen of so many sessions. Those who click the `troubled` element in vain keep only this part of their conversions."""
    visits, signs, loads, sends = {}, [], [], []
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
            loads.append(Load(session, page, rng.gauss(1900, 500) * device ** 0.3))
        if "/checkout" in pages:
            sends += _sent(rng, session)
        visits[session] = Visit(session, (device, rng.choice((1, 2, 3))), pages, pages[-1], int(converted), 1000 * converted)
    return Seen(visits, seen_on(visits), tuple(signs), tuple(loads), tuple(sends))


def _pairs(pages):
    return zip(pages, ("", *pages))


def _sent(rng, session):
    for name in ("name", "phone", "card"):
        yield Step(session, "/checkout", "order", name, 6)
    yield Step(session, "/checkout", "order", "", 3)
    if rng.random() < 0.4:
        yield Step(session, "/checkout", "order", rng.choice(("phone", "card")), 6)
