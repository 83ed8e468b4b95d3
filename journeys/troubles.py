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
from functools import lru_cache, partial

import numpy as np

from collector import events, trail
from collector.editions import editions
from journeys import ways
from journeys.ask import ask, ask_each, session_count
from journeys.seen import GOAL, Seen, Sign, Steps, slowest

MOST = 20_000  # sessions
MINUTE = 60_000
ALL = 10 ** 13  # milliseconds: every session
NO_PAGE = 0  # the number of a page that is not known any more; its name is ""


def read(store, site, period, filters, most=None):
    """Seen of a period, of about so many sessions; without a number of MOST."""
    return begin(store, site, period, filters, every_of(store, site, period, filters, most))()


def begin(store, site, period, filters, every):
    """Starts reading one session of so many, and gives a function to call for Seen: others may be asked meanwhile."""
    seen_on = begin_ways(store, site, period, filters, every)
    rows = ask_each(store, "pain_events_filtered" if filters else "pain_events", site, period, filters, **part(every))

    def finish():
        pages = pages_of(store, site, period)
        seen = seen_on(pages)
        return replace(seen, **_happened(store, list(rows), seen, pages))
    return finish


def begin_ways(store, site, period, filters, every):
    """Starts reading one session of so many, and gives a function to call with the Pages for their Seen, without what happened on the pages."""
    rows = ask_each(store, "pain_sessions", site, period, filters, made=ways.Packed(("session", "visitor", "like")), **part(every))
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
    return _pages(tuple(map(tuple, ask(store, "page_ids", site, period))))


@lru_cache(maxsize=8)
def _pages(rows):
    """The Pages of (path, id) each: the same for long."""
    named, addresses = editions(path for path, _ in rows), defaultdict(list)
    for path, name in named.items():
        addresses[name].append(path)
    names = ("", *sorted(addresses.keys() - {""}))
    number = {name: number for number, name in enumerate(names)}
    numbers = np.array([number[named[path]] for path, _ in rows], int)
    ids, codes = np.array([each for _, each in rows], int), ways.codes("".join(trail.code(each) for _, each in rows))
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
    *texts, trails = zip(*rows)
    ids, visitors, likes, exits, in_fields, converted, revenue = map(ways.all_numbers, texts)
    order = ids.argsort(kind="stable")
    lines = ways.taken(ways.all_trails(trails), order)
    found, whose = _found(pages.codes, pages.of_code, lines.met), ways.whose_of(lines)
    new = np.ones(len(found), bool)  # not another language of the page before
    new[1:] = (found[1:] != found[:-1]) | (whose[1:] != whose[:-1])
    return {"names": pages.names, "ids": ids[order], "visitors": visitors[order], "likes": np.unique(likes[order], return_inverse=True)[1],
            "converted": converted[order] > 0, "revenue": revenue[order], "exits": _found(pages.ids, pages.of_id, exits[order]),
            "in_fields": in_fields[order] > 0, "view_sessions": whose[new], "view_pages": found[new]}


def _happened(store, rows, seen, pages):
    """Columns of Seen by their names, of rows of pain_happened.sql."""
    *texts, xs = zip(*rows)
    sessions, numbers, on, kinds, *named = map(ways.all_numbers, texts)
    places, on, xs = seen.places(sessions), _found(pages.ids, pages.of_id, on), ways.all_numbers(xs, float)
    loads = (places >= 0) & (kinds == events.VITALS) & (xs >= 0)
    signs = (kinds == events.FRUSTRATION) | (kinds == events.ERROR)
    others = np.flatnonzero((places >= 0) & (kinds != events.VITALS) & (signs | seen.in_fields[places]))  # a form that was sent and has no field is none
    order = others[np.argsort(places[others] << 32 | numbers[others])]
    texts, named = _texts(store, [column[order] for column in named])
    columns, signs = (places[order], on[order], kinds[order], xs[order].astype(int), *named), signs[order]
    return {"loads": slowest(on[loads], places[loads], xs[loads]), "texts": texts,
            "signs": _signs(pages.names, texts, *(column[signs] for column in columns)), "steps": _steps(*(column[~signs] for column in columns))}


def _signs(pages, texts, places, on, kinds, xs, names, elements):
    """Signs of what went wrong: columns of pain_happened.sql."""
    error = kinds == events.ERROR
    columns = np.where(error, events.ERROR, xs), np.where(error, 0, elements), names
    made = partial(tuple.__new__, Sign)  # Sign() and Sign._make() are written in Python: twice as slow
    return tuple(made((place, pages[page], sign, texts[element], texts[label]))
                 for place, page, sign, element, label in zip(*(column.tolist() for column in (places, on, *columns))))


def _steps(places, on, kinds, xs, names, elements):
    """Steps of what happened in forms and of goals: columns of pain_happened.sql."""
    form, field = kinds == events.FORM, kinds == events.FIELD
    goal = ~(form | field)
    return Steps(places, on, np.where(goal, 0, names), np.where(goal, 0, elements), np.select((field, form), (kinds, xs), GOAL),
                 field & (xs & 2 > 0), field & (xs & 1 > 0))


def _texts(store, columns):
    """(texts in order, the first of them "", the columns with their numbers), of columns of the ids of names."""
    ids, which = np.unique(np.concatenate(columns), return_inverse=True)
    known = dict(store.ask("journeys/name_texts", ids=json.dumps(ids.tolist())))
    texts = ("", *sorted(set(known.values()) - {""}))
    number = {text: number for number, text in enumerate(texts)}
    return texts, np.split(np.array([number[known[each]] for each in ids.tolist()], int)[which], len(columns))
