"""What was read of a period's sessions, in columns, for what looks for pain points and moments of truth in them. Pure.

A session is a place in the columns, a page the number of its name; a set of
sessions or pages is a mask: an array of whether each is in it.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from collector import events
from journeys import ways

GOAL = 0  # among the numbers of events, for what no event is
NONE = np.zeros(0, int)


class Sign(NamedTuple):
    """Something went wrong under a visitor's hands."""

    session: int
    page: str
    sign: int  # rage, dead or error click: events.RAGE, DEAD, ERROR_CLICK; events.ERROR: a script error
    element: str  # of an error ""
    label: str  # of an error its message


class Steps(NamedTuple):
    """What happened in forms, and the goals reached between, in the order of happening: columns. Texts are their numbers among Seen's."""

    sessions: np.ndarray = NONE
    pages: np.ndarray = NONE
    forms: np.ndarray = NONE  # text, "" for a goal
    fields: np.ndarray = NONE  # text, "" for a form's own events
    what: np.ndarray = NONE  # events.FIELD, START, SUBMIT or ABANDON; GOAL
    card: np.ndarray = NONE  # whether the field's autocomplete word is one of a payment
    refused: np.ndarray = NONE  # whether what was in the field was refused, and nothing else happened in it


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
    in_fields: np.ndarray  # whether it was in any field of a form
    view_sessions: np.ndarray  # pages of all sessions one after another, none twice running: whose each is
    view_pages: np.ndarray
    loads: tuple = (NONE, NONE, np.zeros(0))  # page, session, slowest load in milliseconds; page by page
    signs: tuple = ()  # of Sign, in the order of happening
    steps: Steps = Steps()
    texts: tuple = ("",)  # by their numbers, in the order of the alphabet; the first is ""
    every: int = 1  # one of so many sessions was read
    addresses: dict | None = None  # page's name: its addresses in all languages

    @cached_property
    def starts(self):
        """Where in the pages each session begins, and at last where all of them end."""
        return np.append(0, np.cumsum(np.bincount(self.view_sessions, minlength=len(self.ids))))

    @cached_property
    def moves(self):
        """Places in the pages of those after which the session saw another one."""
        return np.flatnonzero(self.view_sessions[1:] == self.view_sessions[:-1])

    @cached_property
    def moved(self):
        """(page, next page, session) of the moves."""
        return self.view_pages[self.moves], self.view_pages[self.moves + 1], self.view_sessions[self.moves]

    @cached_property
    def came(self):
        """(sessions page by page, where in them those of each page begin, and at last where all end)."""
        views = np.sort(self.view_pages << 32 | self.view_sessions)
        return views & 0xffffffff, np.searchsorted(views, np.arange(len(self.names) + 1) << 32).tolist()

    @cached_property
    def outcomes(self):
        """Of each session what it is like, and whether it reached a goal, as one number."""
        return self.likes * 2 + self.converted

    @cached_property
    def stays(self):
        """{(form, field, page, whether a payment's autocomplete word stands there), by their numbers: stays in the field}."""
        steps, here = self.steps, self.steps.what == events.FIELD
        return Counter(zip(*(column[here].tolist() for column in (steps.forms, steps.fields, steps.pages, steps.card))))

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
        first = at[ways.news(self.view_sessions[at])]
        return self.view_sessions[first], first

    def on(self, pages):
        """The sessions that saw any of some pages, by their numbers."""
        found, (sessions, starts) = np.zeros(len(self.ids), bool), self.came
        for page in pages:
            found[sessions[starts[page]:starts[page + 1]]] = True
        return found


def slowest(page, session, took):
    """(pages, sessions, milliseconds): the slowest load of every page in every session. Takes arrays with a place for each load."""
    load = page << 32 | session
    order = np.argsort(load)
    load, first = np.unique(load[order], return_index=True)
    return load >> 32, load & 0xffffffff, np.maximum.reduceat(took[order], first) if len(first) else took
