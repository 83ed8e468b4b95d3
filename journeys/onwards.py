"""Which pages sessions saw, and where they went from one of them along a chosen way, or had come from: of all trails at once. Pure.

Pages are the numbers that ways.py reads their codes as.
"""

import json
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Onwards:
    """Makes Went of the chosen sessions of a Part; of column 1 with `all_pages` only, as the totals of pages have it, too."""

    way: Way
    all_pages: bool

    @property
    def wants(self):
        return {"sessions": ("id", "trail") if self.all_pages else ("trail",)}

    def __call__(self, part):
        lines = part.sessions.trail if part.chosen.all() else ways.taken(part.sessions.trail, np.flatnonzero(part.chosen))
        found = _went(lines, self.way)
        if not self.all_pages:
            return found
        long = part.sessions.id[part.chosen][ways.is_long(lines)].tolist()
        seen = part.ask("journeys/paths_long", sessions=json.dumps(long))[0].codes if long else None
        return [Went(1, END, len(lines.starts) - 1), *_saw(lines, ways.trails(seen)), *found]


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


def _went(lines, way):
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
        found += [Went(column, *each) for each in _times(pages)]
        at = at[pages == wanted]
    return found


def _times(pages):
    """(page, how often it is there) of each page."""
    pages = np.sort(pages)
    begins = np.flatnonzero(ways.news(pages))
    return zip(pages[begins].tolist(), np.diff(begins, append=len(pages)).tolist())
