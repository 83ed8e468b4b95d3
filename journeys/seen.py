"""What was read of a period's sessions, in columns, for what looks for pain points and moments of truth in them. Pure.

A session is a place in the columns, a page the number of its name; a set of
sessions or pages is a mask: an array of whether each is in it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

GOAL = 0  # among the numbers of events, for what no event is


class Sign(NamedTuple):
    """Something went wrong under a visitor's hands."""

    session: int
    page: str
    sign: int  # rage, dead or error click: events.RAGE, DEAD, ERROR_CLICK; events.ERROR: a script error
    element: str  # of an error ""
    label: str  # of an error its message


class Step(NamedTuple):
    """Something happened in a form, or a goal was reached between."""

    session: int
    page: str
    form: str  # "" for a goal
    field: str  # "" for a form's own events
    what: int  # events.FIELD, START, SUBMIT or ABANDON; GOAL
    card: bool = False  # the field's autocomplete word is one of a payment
    refused: bool = False  # what was in the field was refused, and nothing else happened in it


@dataclass(frozen=True)
class Seen:
    """What was read of a period. Arrays have a place for each session, in the order of time."""

    names: tuple  # of pages by their numbers, in the order of the alphabet; the first is ""
    ids: np.ndarray
    visitors: np.ndarray
    likes: np.ndarray  # number of the session's device and channel: sessions are compared with those that are alike in these
    converted: np.ndarray  # whether a goal was reached
    revenue: np.ndarray
    exits: np.ndarray  # page
    view_sessions: np.ndarray  # pages of all sessions one after another, none twice running: whose each is
    view_pages: np.ndarray
    loads: tuple = (np.zeros(0, int), np.zeros(0, int), np.zeros(0))  # page, session, slowest load in milliseconds; page by page
    signs: tuple = ()  # of Sign, in the order of happening
    steps: tuple = ()  # of Step, in the order of happening
    every: int = 1  # one of so many sessions was read
    addresses: dict | None = None  # page's name: its addresses in all languages

    @cached_property
    def starts(self):
        """Where in the pages each session begins, and at last where all of them end."""
        return np.searchsorted(self.view_sessions, np.arange(len(self.ids) + 1))

    @cached_property
    def moves(self):
        """Places in the pages of those after which the session saw another one."""
        return np.flatnonzero(self.view_sessions[1:] == self.view_sessions[:-1])

    @cached_property
    def with_goal(self):
        """Places of the sessions that reached a goal."""
        return np.flatnonzero(self.converted)

    @cached_property
    def number(self):
        """{page's name: its number}."""
        return {name: number for number, name in enumerate(self.names)}

    def places(self, ids):
        """Places of sessions by their ids, -1 of those that are not there."""
        if not len(self.ids):
            return np.full(len(ids), -1)
        at = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)

    def mask(self, sessions):
        """A mask of sessions."""
        found = np.zeros(len(self.ids), bool)
        found[np.fromiter(sessions, int, len(sessions))] = True
        return found

    def pages(self, names):
        """A mask of pages by their names."""
        found = np.zeros(len(self.names), bool)
        found[[self.number[name] for name in names]] = True
        return found

    def first(self, wanted):
        """(sessions, places in the pages): where each session is first on one of the pages seen that a mask chooses."""
        at = np.flatnonzero(wanted)
        sessions, first = np.unique(self.view_sessions[at], return_index=True)
        return sessions, at[first]

    def on(self, pages):
        """The sessions that saw any page of a mask of them."""
        found = np.zeros(len(self.ids), bool)
        found[self.view_sessions[pages[self.view_pages]]] = True
        return found


def slowest(page, session, took):
    """(pages, sessions, milliseconds): the slowest load of every page in every session. Takes arrays with a place for each load."""
    order = np.lexsort((took, session, page))
    page, session, took = page[order], session[order], took[order]
    last = np.ones(len(page), bool)
    last[:-1] = (page[1:] != page[:-1]) | (session[1:] != session[:-1])
    return page[last], session[last], took[last]
