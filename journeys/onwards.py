"""Which pages sessions saw, and where they went from one of them along a chosen way, or had come from: of all trails at once. Pure.

Pages are the numbers that ways.py reads their codes as.
"""

from typing import NamedTuple

import numpy as np

from collector import trail
from journeys import ways

END = 0  # no page: where sessions left, or began when read backwards; in the first column all of them
UNKNOWN = 1  # a page that no trail has


class Way(NamedTuple):
    pages: tuple  # chosen ones, of each the next column tells where sessions went
    backwards: bool


class Went(NamedTuple):
    """So many sessions saw the page, in column 1; or came to it after the pages chosen before a later column."""

    column: int
    page: int
    sessions: int


def by_number(pages):
    """{number: path} of rows of page_ids.sql."""
    return dict(zip(ways.codes("".join(trail.code(page.id) for page in pages)).tolist(), (page.path for page in pages), strict=True))


def of_totals(rows, way):
    """Went by funnel_trails.sql: none of column 1, which the totals of pages have."""
    (text, sessions), = rows
    return _went(ways.trails(text), ways.numbers(sessions), way)


def of_sessions(rows, way):
    """Went by paths_filtered.sql."""
    (text, seen), = rows
    lines = ways.trails(text)
    count = len(lines.starts) - 1
    return [Went(1, END, count), *_saw(lines, ways.trails(seen)), *_went(lines, np.ones(count, int), way)]


def _saw(lines, long):
    """Went of column 1. Takes trails, and all pages of those sessions whose trail may not have them all."""
    owners = ways.whose_of(lines)
    short = ~ways.is_long(lines)[owners]
    pairs = np.concatenate([_pairs(lines.met[short], owners[short]), _pairs(long.met, len(lines.starts) + ways.whose_of(long))])
    pairs.sort()
    return [Went(1, *each) for each in _times(pairs[ways.news(pairs)] >> 32)]


def _pairs(pages, owners):
    """One number for each page and whose it is, by pages."""
    return pages.astype(int) << 32 | owners


def _went(lines, sessions, way):
    """Went of the later columns. A session counts once, from the first time it saw the first page."""
    if not way.pages:
        return []
    owners, starts, found = ways.whose_of(lines), lines.starts, []
    places = np.flatnonzero(lines.met == way.pages[0])
    at = places[ways.news(owners[places])]
    for column, wanted in enumerate((*way.pages[1:], UNKNOWN), 2):
        line, at = owners[at], at + (-1 if way.backwards else 1)
        inside = (at >= starts[line]) & (at < starts[line + 1])
        pages = np.full(len(at), END, lines.met.dtype)
        pages[inside] = lines.met[at[inside]]
        found += [Went(column, *each) for each in _counted(pages, sessions[line])]
        at = at[pages == wanted]
    return found


def _times(pages):
    """(page, how often it is there) of each page."""
    pages = np.sort(pages)
    begins = np.flatnonzero(ways.news(pages))
    return zip(pages[begins].tolist(), np.diff(begins, append=len(pages)).tolist())


def _counted(pages, sessions):
    """(page, sessions of it) of each page."""
    order = np.argsort(pages, kind="stable")
    pages, begins = pages[order], np.flatnonzero(ways.news(pages[order]))
    return zip(pages[begins].tolist(), np.add.reduceat(sessions[order], begins).tolist() if len(begins) else ())
