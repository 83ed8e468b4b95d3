"""What sessions did and what went wrong in them: read into the columns of seen.py.

A busy site has more sessions than are needed to tell what costs it customers,
so at most about MOST of those chosen in a period are read: those that began within one minute
of every so many. The page says when that is so, and what is counted a month is
scaled up. Pages stand under the name they share with their other languages.
"""

import json
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from collector import events, trail
from journeys import ways
from journeys.ask import ask, ask_each, session_count
from journeys.editions import editions
from journeys.seen import GOAL, Seen, Sign, Step, slowest

MOST = 20_000  # sessions
MINUTE = 60_000
ALL = 10 ** 13  # milliseconds: every session
NO_PAGE = 0  # the number of a page that is not known any more; its name is ""


def read(store, site, period, filters, most=None):
    """Seen of a period, of about so many sessions; without a number of MOST."""
    every = every_of(store, site, period, filters, most)
    seen_on = begin_ways(store, site, period, filters, every)
    rows = ask_each(store, "pain_events", site, period, filters, **part(every))
    pages = pages_of(store, site, period)
    seen = seen_on(pages)
    return replace(seen, **_happened(store, list(rows), seen, pages))


def begin_ways(store, site, period, filters, every):
    """Starts reading one session of so many, and gives a function to call with the Pages for their Seen, without what happened on the pages."""
    rows = ask_each(store, "pain_sessions", site, period, filters, **part(every))
    return lambda pages: Seen(**_sessions(list(rows), pages), every=every, addresses=pages.addresses)


def every_of(store, site, period, filters, most=None):
    """One session of how many is read."""
    return one_of(session_count(store, site, period, filters).sessions, most)


def part(every):
    """Values of the questions that read one session of so many."""
    return {"every": every * MINUTE if every > 1 else ALL, "width": MINUTE if every > 1 else ALL}


def one_of(sessions, most=None):
    """Of how many minutes one is read; it has no divisor in common with an hour, so that no minute of the hour is preferred.

    >>> one_of(15_000), one_of(90_000), one_of(1_100_000)
    (1, 7, 59)
    """
    every = math.ceil(sessions / (most or MOST))
    while math.gcd(every, 60) > 1:
        every += 1
    return max(1, every)


# -- pages

@dataclass(frozen=True)
class Pages:
    """The pages of a site: their names, and the number of the name of each by its id and by its code in a trail."""

    names: tuple
    ids: np.ndarray
    of_id: np.ndarray
    codes: np.ndarray
    of_code: np.ndarray
    addresses: dict  # name: its addresses in all languages


def pages_of(store, site, period):
    """The Pages of a site."""
    return _pages(tuple(map(tuple, ask(store, "page_codes", site, period))))


@lru_cache(maxsize=8)
def _pages(rows):
    """The Pages of (path, code, id) each: the same for long."""
    named, addresses = editions(path for path, _, _ in rows), defaultdict(list)
    for path, name in named.items():
        addresses[name].append(path)
    names = ("", *sorted(addresses.keys() - {""}))
    number = {name: number for number, name in enumerate(names)}
    numbers = np.array([number[named[path]] for path, _, _ in rows], int)
    ids, codes = np.array([each for _, _, each in rows], int), ways.codes("".join(code for _, code, _ in rows))
    by_id, by_code = ids.argsort(), codes.argsort()
    return Pages(names, ids[by_id], numbers[by_id], codes[by_code], numbers[by_code],
                 {name: tuple(sorted(paths, key=lambda path: (len(path), path))) for name, paths in addresses.items()})


def _found(known, values, wanted):
    """For each that is wanted the value that stands beside it among those `known`, in order; NO_PAGE where it is not among them."""
    if not len(known):
        return np.full(len(wanted), NO_PAGE)
    at = np.searchsorted(known, wanted).clip(max=len(known) - 1)
    return np.where(known[at] == wanted, values[at], NO_PAGE)


# -- what was read, put into columns

def _sessions(rows, pages):
    """Columns of Seen by their names, of rows of pain_sessions.sql."""
    ids, visitors, devices, channels, trails, exits, converted, revenue = zip(*rows) if rows else ((),) * 8
    found = _found(pages.codes, pages.of_code, ways.codes("".join(trails)))
    whose = np.repeat(np.arange(len(ids)), np.fromiter(map(len, trails), int, len(trails)) // trail.WIDTH)
    new = np.ones(len(found), bool)  # not another language of the page before
    new[1:] = (found[1:] != found[:-1]) | (whose[1:] != whose[:-1])
    like = np.array(devices, int) << 32 | np.array(channels, int)
    return {"names": pages.names, "ids": np.array(ids, int), "visitors": np.array(visitors, int), "likes": np.unique(like, return_inverse=True)[1],
            "converted": np.array(converted, bool), "revenue": np.array(revenue, int),
            "exits": _found(pages.ids, pages.of_id, np.array(exits, int)), "view_sessions": whose[new], "view_pages": found[new]}


def _happened(store, rows, seen, pages):
    """Columns of Seen by their names, of rows of pain_events.sql."""
    sessions, on, kinds, *_, more = zip(*rows) if rows else ((),) * 9
    places, on, kinds = seen.places(np.array(sessions, int)), _found(pages.ids, pages.of_id, np.array(on, int)), np.array(kinds, int)
    loaded, others = (np.flatnonzero((places >= 0) & which) for which in (kinds == events.VITALS, kinds != events.VITALS))
    took = np.array([more[at] for at in loaded.tolist()], float)  # None becomes "not a number"
    known = ~np.isnan(took)
    signs, steps = _signs_and_steps(store, places[others].tolist(), [pages.names[page] for page in on[others]], [rows[at] for at in others.tolist()])
    return {"loads": slowest(on[loaded][known], places[loaded][known], took[known]), "signs": signs, "steps": steps}


def _signs_and_steps(store, places, names, rows):
    """Signs and Steps, of rows of pain_events.sql beside the places of their sessions and the names of their pages."""
    texts = _texts(store, {name for row in rows for name in (row.name, row.element, row.label)})
    signs, steps = [], []
    for place, page, (_, _, kind, x, _, name, element, label, more) in zip(places, names, rows):
        if kind == events.ERROR:
            signs.append(Sign(place, page, events.ERROR, "", texts[name]))
        elif kind == events.FRUSTRATION:
            signs.append(Sign(place, page, x, texts[element], texts[label]))
        elif kind == events.FORM:
            steps.append(Step(place, page, texts[name], texts[element], x, more or ""))
        elif kind == events.FIELD:
            steps.append(Step(place, page, texts[name], texts[element], events.FIELD, more or "", x))
        else:
            steps.append(Step(place, page, "", "", GOAL, ""))
    return tuple(signs), tuple(steps)


def _texts(store, ids):
    """{id of a name: its text}."""
    return dict(store.ask("journeys/name_texts", ids=json.dumps(sorted(ids))))
