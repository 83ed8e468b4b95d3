"""Brings the walks of sessions through their site's journeys up to date, a day at a time.

A day is done anew when sessions of it were written or when the rules changed,
and one transaction puts its new rows and totals in the place of the old: so it
may be stopped at any moment, and reports can be read meanwhile.

How a session ended (left, or came again) and whether the visitor had been here,
or had bought, before depends on sessions of other days too. Whichever day is done later puts the
other right: the session before gets another end, and a later day that took the
visitor for another kind of customer is done again. So the order makes no difference.
"""

import hashlib
import json
import logging
from array import array
from functools import lru_cache
from itertools import groupby, islice, repeat
from operator import itemgetter
from typing import NamedTuple

from collector import journey_register, outcomes, page_groups, period, sites, stages, totals, walk_columns, walk_rows, walk_visitors
from collector.matcher import ENTER, LEAVE_SITE, RETURN, Facts, Matcher
from collector.packed import Packed
from collector.storage.changes import Changes

AT_ONCE = 100  # sessions
WAY = 4  # how sessions are walked through; another number has every day done anew
SESSION_TABLES = ("session_touchpoints", "session_moves")
DAY_TABLES = (*walk_rows.TABLES, "touchpoint_visitors", "walk_columns")

log = logging.getLogger("netiv.loader")


class Task(NamedTuple):
    """A day of a journey that is to be done."""

    site: object
    journey: int
    matcher: Matcher
    stamp: int
    day: int
    changes: int
    is_hurried: bool

    def work(self, store):
        return _day(store, self)


class Walks:
    def __init__(self, store):
        self.store = store
        self._matchers = {}  # journey: (stamp, Matcher)

    def tasks(self, most):
        """Days to be done: of each journey the latest ones, so many at most."""
        tasks, wishes = [], {row.journey_id for row in self.store.ask("collector/walk_wishes")}
        for site, row in _journeys(self.store):
            matcher, stamp = self._matcher(site, row)
            pending = matcher and self.store.ask("collector/walk_pending", site=site.id, journey=row.id, stamp=stamp)
            if row.id in wishes and not pending:
                self.store.write(Changes(gone={"walk_wishes": (("journey_id",), [(row.id,)])}), None)
            tasks += [Task(site, row.id, matcher, stamp, *each, row.id in wishes) for each in (pending or ())[:most]]
        return tasks

    def _matcher(self, site, row):
        """(Matcher, stamp of its rules), made anew when they changed; (None, 0) of a journey that cannot be read."""
        try:
            journey = journey_register.read(row.definition)
        except (ValueError, stages.BadJourney):
            log.exception("the definition of journey %s cannot be read; nothing is counted for it", row.id)
            return None, 0
        goals, groups = _goals(self.store, site), page_groups.ranked(self.store, site)
        stamp = stamp_of(journey, goals, groups)
        found = self._matchers.get(row.id)
        if not found or found[0] != stamp:
            found = self._matchers[row.id] = stamp, Matcher(journey, self._path, self._text, goals, groups)
        return found[1], stamp

    def _path(self, page):
        return next((row.path for row in self.store.ask("collector/page_path", page=page)), "")

    def _text(self, name):
        return next((row.text for row in self.store.ask("collector/name_text", name=name)), "")


def stamp_of(journey, goals, groups):
    """A number that differs when sessions may walk otherwise: not when only a name does."""
    rules = [(stage.number, [(touchpoint.number, touchpoint.rules) for touchpoint in stage.touchpoints]) for stage in journey.stages]
    kinds = {rule.kind for touchpoint in journey.touchpoints for rule in touchpoint.rules}
    used = repr((WAY, rules, sorted(goals) if "goal" in kinds else (), list(map(tuple, groups)) if "group" in kinds else ()))
    return int.from_bytes(hashlib.blake2b(used.encode(), digest_size=8).digest(), "little", signed=True)


def by_paths(store, site, journey):
    """A Matcher to ask which touchpoints a page meets, by its path."""
    return _by_paths(journey, tuple(_goals(store, site)), tuple(page_groups.ranked(store, site)))


@lru_cache(maxsize=8)
def _by_paths(journey, goals, groups):
    """The Matcher of by_paths(), which knows again the pages it was asked about: the same for long."""
    return Matcher(journey, str, str, goals, groups)


def progress(store, site, number, journey):
    """(days that are right, days with sessions) of a journey with that id."""
    return tuple(store.ask("collector/walk_progress", site=site.id, journey=number,
                           stamp=stamp_of(journey, _goals(store, site), page_groups.ranked(store, site)))[0])


def _goals(store, site):
    return [(goal.name, goal.kind, goal.pattern) for goal in sites.goals(store, site)]


def without(store, site, found):
    """(rows that are left or that totals shrink by, columns and values of rows that go; both by table) when Sessions are erased."""
    sums, gone, by_id = {table: {} for table in walk_rows.TABLES}, [], {each.id: each for each in found}
    counted, visitors = [], []  # rows of touchpoint_visitors: as they are, and as they will be
    columns, ends = [], []
    for journey in store.ask("collector/journeys", site=site.id, key=None):
        erased = {}  # day: Met
        for session, (touchpoints, moves) in _stored(store, journey.id, list(by_id)).items():
            each = by_id[session]
            totals.take_away(sums, walk_rows.contribution(each.day, touchpoints, moves))
            gone.append((journey.id, session))
            erased.setdefault(each.day, walk_visitors.Met()).add(each.visitor_id, each.lasting, touchpoints)
        for row in store.ask("collector/walk_visitors", journey=journey.id, days=json.dumps(sorted(erased))):
            counted.append(row[:len(walk_visitors.KEY)])
            visitors.append(erased[row.day].taken_from(row))
        for row in store.ask("collector/walk_columns", journey=journey.id, days=json.dumps(sorted(erased))):
            left, end = walk_columns.without(row, by_id)
            columns.append((*row[:2], *left))
            ends.append((*row[:2], end))
    return ({**outcomes.grown(sums), "touchpoint_visitors": list(filter(None, visitors)), "walk_columns": columns, "walk_ends": ends},
            {**{table: (("journey_id", "session_id"), gone) for table in SESSION_TABLES},
             "touchpoint_visitors": (walk_visitors.KEY, counted), "walk_columns": (("journey_id", "day"), [row[:2] for row in columns])})


# -- one day

def _day(store, task):
    """Does a day, in pieces: a generator that yields after each, and has written all of it when it ends."""
    first, end = (period.day_start(day, task.site.zone) << 22 for day in (task.day, task.day + 1))
    done = _Done(store, task, range(first, end))
    before = end
    while rows := store.ask("collector/walk_sessions", site=task.site.id, after=first - 1, end=before, limit=AT_ONCE):
        before = rows[-1].id
        events = store.ask("collector/walk_events", site=task.site.id, after=before - 1, last=rows[0].id)
        done.take(rows, {session: [event[1:] for event in some] for session, some in groupby(events, itemgetter(0))})
        yield
    if done.is_closed():  # sessions of it were let go meanwhile
        return
    orphans = store.ask("collector/walk_orphans", site=task.site.id, journey=task.journey, after=first - 1, end=end)
    done.gone.extend(row.session_id for row in orphans)
    store.write(done.changes(), None)


class _Done:
    """What a day comes to. It may be of hundreds of thousands of sessions: of each, little is held until all are written."""

    def __init__(self, store, task, sessions):
        self.store, self.task, self.sessions = store, task, sessions  # range of the ids of the day's
        self.sums = {table: {} for table in walk_rows.TABLES}
        self.met = walk_visitors.Met()
        self.touchpoints, self.moves = Packed(), Packed()
        self.columns = walk_columns.Columns()
        self.gone = array("q")  # sessions whose rows are written anew
        self.returns = {}  # session still to come, and in the end those of earlier days: the stage into which its visitor came again
        self.touched, self.undone = {}, set()  # other days: {session: the stage into which its visitor came again} of each; those to be done again

    def take(self, rows, acts):
        """The next sessions, latest first: so it is known how the visitor came again when the session before is reached."""
        self._look_at_later_days([row for row in rows if row.next is not None and row.next not in self.sessions])
        self._put([(self.task.day, *self._walked(row, acts.get(row.id, ()))) for row in rows])

    def _look_at_later_days(self, rows):
        """What the walks of other days say of sessions after these."""
        before = {row.next: row for row in rows}
        bought = {row.next for row in rows if row.bought or row.purchases} | {row.buyer_from for row in rows} - {None}
        asked = json.dumps(list(bought.union(before)))  # of an order outside, the first session after it may come after the next one
        for move in self.store.ask("collector/walk_moves", journey=self.task.journey, sessions=asked) if before else ():
            if move.from_stage == 0 and move.kind == ENTER:
                if move.session_id in before:
                    self.returns[before[move.session_id].id] = move.to_stage
                if move.bought != walk_rows.past(True, move.session_id in bought):
                    self.undone.add(self._day_of(move.session_id))

    def _walked(self, row, events):
        """The rows of a session: of touchpoints, of moves."""
        task = self.task
        walk = task.matcher.walk(Facts(row.channel, row.source, row.campaign, row.referrer, bool(row.known), bool(row.bought),
                                       tuple(row.contacts.split(",")) if row.contacts else ()), events)
        walk.end(*((LEAVE_SITE,) if row.next is None else (RETURN, self.returns.pop(row.id, 0))))
        if row.previous is not None:
            self.returns[row.previous] = walk.first_stage
        self.gone.append(row.id)
        touchpoints = walk_rows.touchpoint_rows(task.journey, row.id, walk)
        moves = walk_rows.move_rows(task.journey, row.id, walk, walk_rows.past(row.known, row.bought))
        previous, after = (other if other in self.sessions else None for other in (row.previous or 0, row.next or 0))
        self.met.add(row.visitor_id, row.lasting, touchpoints, alone=previous is None and after is None)
        self.columns.add(row.id, previous, row.lasting, touchpoints, moves)
        return touchpoints, moves

    def _put(self, found):
        """Keeps (day, rows of touchpoints, rows of moves) of sessions."""
        for each in found:
            totals.add(self.sums, walk_rows.contribution(*each))
        self.touchpoints.put(sorted(row for _, rows, _ in found for row in rows))  # as their table has them: so they go in most quickly
        self.moves.put(sorted(row for _, _, rows in found for row in rows))

    def changes(self):
        """The Changes of the day, and of what other days owe to it."""
        task = self.task
        self._end_earlier_ones_anew()
        columns, ends = self.columns.packed()
        return Changes(
            {"session_touchpoints": self.touchpoints, "session_moves": self.moves, **outcomes.grown(self.sums),
             "touchpoint_visitors": self.met.rows(task.journey, task.day), "walk_days": self._days(),
             "walk_columns": [(task.journey, task.day, *columns)], "walk_ends": [(task.journey, task.day, ends), *self._ended_anew()]},
            gone={**{table: (("journey_id", "session_id"), zip(repeat(task.journey), self.gone)) for table in SESSION_TABLES},
                  **{table: (("journey_id", "day"), [(task.journey, task.day)]) for table in DAY_TABLES}})

    def is_closed(self):
        """Whether the day is to stand as it was counted before."""
        days = json.dumps([self.task.day])
        return any(row.closed for row in self.store.ask("collector/walk_days", journey=self.task.journey, days=days))

    def _days(self):
        """Rows of `walk_days`: this day is right now, some others were touched or are to be done again."""
        task = self.task
        known = {row.day: row for row in self.store.ask("collector/walk_days", journey=task.journey, days=json.dumps(
            [task.day, *self.touched, *self.undone]))}
        here = known.pop(task.day, None)
        return [(task.journey, task.day, task.changes, task.stamp, 0, here.written + 1 if here else 1),
                *((task.journey, row.day, -1 if row.day in self.undone else row.changes, row.stamp, row.closed, row.written + 1)
                  for row in known.values())]

    def _ended_anew(self):
        """Rows of `walk_ends` of the other days that were touched, as far as they have columns."""
        journey = self.task.journey
        return [(journey, row.day, walk_columns.ended_anew(row.ids, row.ends, self.touched[row.day])) for row in self.store.ask(
            "collector/walk_ends", journey=journey, days=json.dumps(list(self.touched)))]

    def _end_earlier_ones_anew(self):
        """Sessions of earlier days after which the visitor came again on this one."""
        journey, ends = self.task.journey, iter(self.returns.items())
        while some := dict(islice(ends, AT_ONCE)):
            found = []
            for session, (touchpoints, moves) in _stored(self.store, journey, list(some)).items():
                anew = walk_rows.ended_anew(touchpoints, moves, RETURN, some[session])
                if anew[1] != [tuple(move) for move in moves]:
                    day = self._day_of(session)
                    self.touched.setdefault(day, {})[session] = some[session]
                    self.gone.append(session)
                    totals.take_away(self.sums, walk_rows.contribution(day, touchpoints, moves))
                    found.append((day, *anew))
            self._put(found)

    def _day_of(self, session):
        return period.day_of(session >> 22, self.task.site.zone)


def _journeys(store):
    """(Site, row) of every journey of a site that has events."""
    found = {site.id: site for site in sites.all_sites(store) if site.first_event_at}
    return [(found[row.site_id], row) for row in store.ask("collector/journeys", site=None, key=None) if row.site_id in found]


def _stored(store, journey, sessions):
    """{session: (its rows of touchpoints, of moves)} of those the journey knows."""
    if not sessions:
        return {}
    wanted, found = json.dumps(sessions), {}
    for place, question in enumerate(("walk_touchpoints", "walk_moves")):
        for row in store.ask(f"collector/{question}", journey=journey, sessions=wanted):
            found.setdefault(row.session_id, ([], []))[place].append(row)
    return found
