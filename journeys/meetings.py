"""Which sessions met which touchpoints or pages, in which order, whether they left there, and whether they converted then or later. Pure."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from collector.matcher import AT_START
from journeys import ways


@dataclass(frozen=True, eq=False)
class Meetings:
    """One session at one place each: session by session, in the order in which they were met."""

    sessions: np.ndarray  # places of them in seen.Seen
    places: np.ndarray  # numbers of touchpoints or of pages
    ended: np.ndarray  # whether the session left there
    converted: np.ndarray  # whether it reached a goal: then or later, in this session or a later one of the visitor
    bought: np.ndarray  # whether the session reached one at all

    def counts(self):
        """{place: [sessions that went on from it, those of them that converted, sessions that left there, those of them that converted]}."""
        width = int(self.places.max(initial=0)) + 1
        first = np.unique(self.sessions * width + self.places, return_index=True)[1]
        numbers = np.bincount(self.places[first] * 4 + self.ended[first] * 2 + self.converted[first], minlength=width * 4).reshape(-1, 4).tolist()
        return {place: [on + on_converted, on_converted, left + left_converted, left_converted]
                for place, (on, on_converted, left, left_converted) in enumerate(numbers) if any((on, on_converted, left, left_converted))}

    def ways(self, usual):
        """{(a byte for each place in order, whether the session converted): how many sessions went that way}.

        A byte is the place's rank among the `usual` places, of which there are 256 at most; others are passed over.
        """
        rank = np.full(int(self.places.max(initial=0)) + 1, -1)
        rank[usual] = np.arange(len(usual))
        known = rank[self.places] >= 0
        begins = np.flatnonzero(ways.news(self.sessions[known]))
        way = np.insert(rank[self.places[known]].astype(np.uint8), begins, self.bought[known][begins]).tobytes()  # before each whether it converted
        begins = (begins + np.arange(len(begins))).tolist()
        counts = Counter(way[begin:end] for begin, end in zip(begins, [*begins[1:], len(way)]))
        return {(way[1:], way[0] > 0): number for way, number in counts.items()}


def at_pages(seen):
    """Meetings of sessions with pages."""
    ended = seen.view_pages == seen.view_pages[seen.starts[seen.view_sessions + 1] - 1]
    return _met(seen, seen.view_sessions, seen.view_pages, ended, seen.converted[seen.view_sessions])


def at_touchpoints(rows, seen, journey, pages):
    """Meetings of sessions with touchpoints, in the order in which they were met as far as the pages of a session tell.

    Takes rows of moment_touchpoints.sql and `pages`, {touchpoint's number: names of the pages that meet it}. What is known at
    the start of a session comes before its first page, what no page tells after its last.
    """
    ids, met = map(ways.all_numbers, zip(*rows))
    sessions, numbers = seen.places(ids), met >> 2
    place, way = np.full(len(ids), -1), np.full(len(ids), -1)
    for at, touchpoint in enumerate(journey.touchpoints):
        here = np.flatnonzero(numbers == touchpoint.number)
        place[here] = at
        if not any(rule.kind in AT_START for rule in touchpoint.rules):
            first = np.full(len(seen.ids), len(seen.view_pages))
            those, views = seen.first(seen.pages(pages.get(touchpoint.number, ()))[seen.view_pages])
            first[those] = views
            way[here] = first[sessions[here]]
    known = np.flatnonzero((sessions >= 0) & (place >= 0))
    order = (sessions[known] * (len(seen.view_pages) + 2) + way[known] + 1) * len(journey.touchpoints) + place[known]
    known = known[order.argsort()]  # one number for all three is sorted several times faster
    return _met(seen, sessions[known], numbers[known], met[known] & 2 > 0, met[known] & 1 > 0)


def _met(seen, sessions, places, ended, converted):
    return Meetings(sessions, places, ended, converted | _later(seen)[sessions], seen.converted[sessions])


def _later(seen):
    """For each session whether a later one of the same visitor reached a goal."""
    order = np.argsort(seen.visitors, kind="stable")
    whose = np.unique(seen.visitors[order], return_inverse=True)[1]
    last, at = np.full(len(order), -1), np.flatnonzero(seen.converted[order])
    last[whose[at]] = at  # of each visitor, the place of the last session that reached one
    found = np.zeros(len(order), bool)
    found[order] = np.arange(len(order)) < last[whose]
    return found
