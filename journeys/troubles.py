"""What sessions did and what went wrong in them, as the detectors of pain points read it.

A busy site has more sessions than are needed to tell what costs it customers,
so at most about MOST of a period are read: those that began within one minute
of every so many. The page says when that is so, and what is counted a month is
scaled up. Pages stand under the name they share with their other languages.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from collector import trail
from journeys.ask import ask, ask_each
from journeys.editions import editions

MOST = 20_000  # sessions
MINUTE = 60_000
ALL = 10 ** 13  # milliseconds: every session


class Visit(NamedTuple):
    """One session."""

    visitor: int
    like: tuple  # device and channel: sessions are compared with those that are alike in these
    pages: tuple  # names of pages in order, none twice running
    exit: str
    converted: int  # 1 when a goal was reached
    revenue: int


@dataclass(frozen=True)
class Seen:
    """What was read of a period. Sessions are named by their ids."""

    visits: dict  # session: Visit
    on: dict  # page: set of sessions that saw it
    signs: tuple = ()  # rows of pain_signs.sql with the page's name
    loads: tuple = ()  # rows of pain_loads.sql with the page's name
    sends: tuple = ()  # rows of pain_sends.sql with the page's name
    every: int = 1  # one of so many sessions was read
    addresses: dict | None = None  # page: its addresses in all languages

    @cached_property
    def alike(self):
        """({session: the number of its kind}, {that number: (device and channel, whether it converted)}): numbers are counted fast."""
        numbers = {}
        of = {session: numbers.setdefault((visit.like, visit.converted), len(numbers)) for session, visit in self.visits.items()}
        return of, {number: kind for kind, number in numbers.items()}


def read(store, site, period, filters):
    """Seen of a period."""
    visits, every, names = read_visits(store, site, period, filters)
    cut = part(every)
    more = (tuple(row._replace(page=names[row.page]) for row in ask_each(store, question, site, period, filters, **cut))
            for question in ("pain_signs", "pain_loads", "pain_sends"))
    return Seen(visits, seen_on(visits), *more, every, _addresses(names))


def read_visits(store, site, period, filters):
    """({session: Visit}, of how many sessions one was read, {path: name of the page it is an edition of})."""
    every = one_of(ask(store, "session_count", site, period)[0].sessions)
    codes = {row.code: row.path for row in ask(store, "page_codes", site, period)}
    names = editions(codes.values())
    return visits_of(ask_each(store, "pain_sessions", site, period, filters, **part(every)), codes, names), every, names


def part(every):
    """Values of the questions that read one session of so many."""
    return {"every": every * MINUTE if every > 1 else ALL, "width": MINUTE if every > 1 else ALL}


def one_of(sessions):
    """Of how many minutes one is read; it has no divisor in common with an hour, so that no minute of the hour is preferred.

    >>> one_of(15_000), one_of(90_000), one_of(1_100_000)
    (1, 7, 59)
    """
    every = math.ceil(sessions / MOST)
    while math.gcd(every, 60) > 1:
        every += 1
    return max(1, every)


def visits_of(rows, codes, names):
    """{session: Visit} of rows of pain_sessions.sql."""
    page = {code: names[path] for code, path in codes.items()}
    ways = {}
    found = {}
    for row in rows:
        way = ways.get(row.trail)
        if way is None:
            way = ways[row.trail] = _once(page.get(row.trail[at:at + trail.WIDTH], "") for at in range(0, len(row.trail), trail.WIDTH))
        found[row.session] = Visit(row.visitor, (row.device, row.channel), way, names.get(row.exit_page, ""), row.converted, row.revenue)
    return found


def seen_on(visits):
    """{page: set of sessions that saw it}."""
    found = defaultdict(set)
    for session, visit in visits.items():
        for page in set(visit.pages):
            found[page].add(session)
    return dict(found)


def _once(pages):
    """The pages without those that are another language of the one before."""
    found = []
    for page in pages:
        if not found or found[-1] != page:
            found.append(page)
    return tuple(found)


def _addresses(names):
    found = defaultdict(list)
    for path, name in names.items():
        found[name].append(path)
    return {name: tuple(sorted(paths, key=lambda path: (len(path), path))) for name, paths in found.items()}
