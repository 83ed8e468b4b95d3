"""How a report asks: the totals when nothing is filtered, the sessions themselves when something is.

Questions about sessions are many times slower, so those whose numbers may be
added up are asked a few days at a time, on all processors, and added up here;
those about visitors who can be known again, a share of these visitors at a time.
What was answered about days is kept and given again as long as no session of
those days was written or deleted, nor its way through the site's journeys, and
the site's goals, page groups and journeys are the same: a page that is looked at again, over
other days, or with another report beside it, counts only what is new.
"""

import functools
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from operator import add
from typing import NamedTuple

from collector import carts
from collector import filters as narrowing
from collector import period as periods
from journeys import cohort_filter, funnel_filter, names, trouble_filter

DAYS = 5  # of a part; fewer leave less to count anew, more leave less to add up
SESSIONS = 500  # of a share, where single ones are asked for
# of those who can be known again: their ids are hashes, 64 bits signed, and spread evenly
SHARES = [{"least": first, "most": first + (1 << 61) - 1} for first in range(-1 << 63, 1 << 63, 1 << 61)]
_WORKERS = os.cpu_count()


def ask(store, question, site, period, **values):
    """Rows of journeys/sql/<question>.sql."""
    return store.ask(f"journeys/{question}", **_bounds(site.id, period), **values)


def sum_sessions(store, question, site, period, filters, key, order, **values):
    """Rows of journeys/sql/<question>.sql, which reads sessions whether they are filtered or not, added up over the days.

    `key` says how many columns, the first ones, name a row; the others are
    numbers, each session in one day only. `order` is that of the question:
    names of columns, a minus before those that go down.
    """
    return _added_up(ask_each(store, question, site, period, filters, **values), key, order)


def sum_columns(store, site, period, filters, made, key, order):
    """The same of what `made` gives of each Part of the period (parts.py), with the sessions chosen that the filters choose.

    `made.wants` are the columns it reads, {family: names}. Rows are kept under it: it equals another one that gives the same.
    `made.ended`, where it has one, is the instant before which sessions have to be over; where all sessions of a Part are, it becomes None.
    """
    return _added_up(each_of_columns(store, site, period, filters, made), key, order)


def each_of_columns(store, site, period, filters, made):
    """The same rows, one after another."""
    return chain.from_iterable(_pool().map(_adding_up(store, site, period, filters, made), _parts(period)))


def read_columns(store, site, period, filters, wants, read):
    """What read(part) gives of each Part of the period, in turn. It is not kept."""
    reading = _reading(store, site, filters, _versions(store, site.id, period))
    return list(_pool().map(lambda part: read(reading(part, wants)), _parts(period)))


def texts_of(store, question, ids):
    """{id: text} of page_paths.sql or name_texts.sql."""
    return dict(store.ask(f"journeys/{question}", ids=json.dumps(list(ids))))


def written(store, question, rows, *columns):
    """The same rows with texts in some columns, for ids: those of page_paths.sql or name_texts.sql. None without a text is there."""
    texts = texts_of(store, question, {getattr(row, column) for row in rows for column in columns})
    return [row._replace(**{column: texts[getattr(row, column)] for column in columns})
            for row in rows if all(getattr(row, column) in texts for column in columns)]


def _added_up(found, key, order):
    sums, row = {}, None
    for row in found:
        named, numbers = row[:key], row[key:]
        before = sums.get(named)
        sums[named] = numbers if before is None else tuple(map(add, before, numbers))
    rows = [row._make(named + numbers) for named, numbers in sums.items()]
    for column in reversed(order):
        at = row._fields.index(column.removeprefix("-")) if rows else 0
        rows.sort(key=lambda each, at=at: each[at], reverse=column.startswith("-"))
    return rows


def ask_each(store, question, site, period, filters=narrowing.NONE, made=None, **values):
    """Starts asking for the rows of journeys/sql/<question>.sql, a few days at a time, and gives them one after another: for questions
    that give each session by itself. Others may be asked before the first of them is taken.

    `made` is a function that makes other rows, fewer, of those of a few days: they are given, and kept, in the place of these.
    """
    return chain.from_iterable(_pool().map(_answering(store, question, site, period, filters, values, made), _parts(period)))


def read_parts(store, question, site, period, filters, read, **values):
    """What read(rows) makes of the rows of journeys/sql/<question>.sql, for each part of the period in turn. It is not kept."""
    fragment, more = fragment_of(store, site, filters)
    asked, number = store.ask, site.id  # store and site may be known to this thread only
    return list(_pool().map(lambda part: read(asked(f"journeys/{question}", fragment, **_bounds(number, part), **values, **more)), _parts(period)))


def ask_visitors(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, which gives nothing of one visitor beside another, asked of a share of the visitors at a time:
    those who can be known again and whose ids are from :least to :most.
    """
    answer = _answering(store, question, site, period, filters, values)
    return list(chain.from_iterable(_pool().map(lambda share: answer(period, **share), SHARES)))


def read_visitors(store, question, site, period, filters, read, **values):
    """What read(rows) makes of such rows, for each share of the visitors in turn. It is not kept."""
    fragment, more = fragment_of(store, site, filters)
    asked, bound = store.ask, _bounds(site.id, period) | values | more
    return list(_pool().map(lambda share: read(asked(f"journeys/{question}", fragment, **bound, **share)), SHARES))


def ask_of_sessions(store, question, site, ids, **values):
    """Rows of journeys/sql/<question>.sql, which is about :sessions (a JSON array) and gives them in order: asked of a share of these sessions at a time."""
    ids, asked, number = sorted(ids), store.ask, site.id  # store and site may be known to this thread only
    shares = [ids[at:at + SESSIONS] for at in range(0, len(ids), SESSIONS)]
    return list(chain.from_iterable(_pool().map(lambda some: asked(f"journeys/{question}", site=number, sessions=json.dumps(some), **values), shares)))


def keep(store, site, period, filters, name, work):
    """What work() gives, named tuples made of the sessions of a period, or the same worked out before as long as it still holds."""
    return begin_keeping(store, site, period, filters, name, lambda: work)()


def begin_keeping(store, site, period, filters, name, begin):
    """The same of work that is begun by begin(), which gives a function for the rows, as this does: others may be asked meanwhile."""
    fragment, more = fragment_of(store, site, filters)
    key = name, site.id, period.start, period.end, fragment, *sorted(more.items())
    version = _versions(store, site.id, period)(period)
    rows = store.kept.get(key, version)
    if rows is not None:
        return lambda: rows
    finish = begin()

    def done():
        rows = finish()
        store.kept.put(key, version, rows)
        return rows
    return done


def session_count(store, site, period, filters):
    """The sessions chosen: a row of sessions, conversions, purchases, revenue."""
    if not filters:
        return ask(store, "session_count", site, period)[0]
    return sum_columns(store, site, period, filters, _Counts(), key=0, order=())[0]


class Counts(NamedTuple):
    sessions: int
    conversions: int
    purchases: int
    revenue: int


@dataclass(frozen=True)
class _Counts:
    wants = {"sessions": Counts._fields[1:]}

    def __call__(self, part):
        of, chosen = part.sessions, part.chosen
        return [Counts(int(chosen.sum()), *(int(column[chosen].sum()) for column in (of.conversions, of.purchases, of.revenue)))]


def begin_sessions(store, question, site, period, filters=narrowing.NONE, **values):
    """Starts asking a question that reads sessions whether they are filtered or not, and gives a function to call for the rows:
    others may be asked meanwhile.
    """
    return _pool().submit(_answering(store, question, site, period, filters, values), period).result


def ask_sessions(store, question, site, period, filters=narrowing.NONE, **values):
    """Rows of journeys/sql/<question>.sql, which reads sessions whether they are filtered or not."""
    return _answering(store, question, site, period, filters, values)(period)


def newest_sessions(store, question, site, period, filters, limit, **values):
    """The first `limit` rows of journeys/sql/<question>.sql, which gives sessions newest first: no day is read that none of them is of."""
    fragment, more = fragment_of(store, site, filters)
    asked, number = store.ask, site.id  # store and site may be known to this thread only
    parts, rows = _parts(period)[::-1], []

    def answer(part):
        return asked(f"journeys/{question}", fragment, limit=limit, **_bounds(number, part), **values, **more)

    while parts and len(rows) < limit:
        for found in _pool().map(answer, parts[:_WORKERS]):
            rows += found
        parts = parts[_WORKERS:]
    return rows[:limit]


def fragment_of(store, site, filters):
    """SQL that narrows a step reading `sessions`, and its values; as collector.filters gives it, and what this room knows besides."""
    further = {"funnel": functools.partial(funnel_filter.condition, store, site),
               "trouble": functools.partial(trouble_filter.condition, store, site),
               "person": names.of(store, site).person_condition}
    further["cohort"] = functools.partial(cohort_filter.condition, store, site, further)
    fragment, values = narrowing.sql(filters, further)
    if "abandoned" in {key for each in (filters, *(each.filters for each in filters.named)) for key, _ in each.groups()}:
        # whether events or pages tell changes with the first event, of days long past too: what was kept before is of other values
        values["events_tell"] = json.dumps([bool(store.ask("journeys/has_events", site=site.id, names=json.dumps(sign.events))[0].found)
                                            for sign in carts.SIGNS.values()])
    return fragment, values


def _answering(store, question, site, period, filters, values, made=None):
    """A function of a part of the period that gives the question's rows for its sessions: kept ones, or counted now."""
    fragment, more = fragment_of(store, site, filters)
    asked, kept, number = store.ask, store.kept, site.id  # store and site may be known to this thread only
    version_of = _versions(store, number, period)

    def answer(part, **share):
        bound = _bounds(number, part) | values | more | share
        key = question, fragment, made, *sorted(bound.items())
        version = version_of(part)
        rows = kept.get(key, version)
        if rows is None:
            rows = asked(f"journeys/{question}", fragment, **bound)
            rows = made(rows) if made else rows
            kept.put(key, version, rows)
        return rows
    return answer


def _adding_up(store, site, period, filters, made):
    """A function of a part of the period that gives what `made` gives of it: kept rows, or counted now."""
    fragment, more = fragment_of(store, site, filters)
    kept, number, version_of = store.kept, site.id, _versions(store, site.id, period)
    read, ended = _reading(store, site, filters, version_of), getattr(made, "ended", None)
    of_all = made if ended is None else replace(made, ended=None)

    def counted(part):
        """(the rows, whether they are the same at any later hour)"""
        from journeys import parts  # not above: the server starts without numpy
        if ended is not None:
            found = read(part, parts.together(of_all.wants, {"sessions": ("lasted",)})) if part.end < ended else None
            if found is None or part.end + int(found.sessions.lasted.max(initial=0)) >= ended:
                return made(read(part, made.wants)), False
            return of_all(found), True
        return made(read(part, made.wants)), True

    def answer(part):
        key = of_all, fragment, *sorted((_bounds(number, part) | more).items())
        version = version_of(part)
        rows = kept.get(key, version)
        if rows is None:
            rows, holds = counted(part)
            if holds:
                kept.put(key, version, rows)
        return rows
    return answer


class _Chosen(NamedTuple):
    """Which sessions of a Part are chosen, kept for the next question: `changes` as the Part has them."""

    changes: tuple
    bits: bytes


def _reading(store, site, filters, version_of):
    """A function of a part of the period, and of the columns to read, that gives its Part (parts.py), chosen by the filters."""
    import numpy as np  # not above: the server starts without it

    from journeys import choice, parts, ways
    chosen, (fragment, values) = choice.Choice(store, site.id, filters), fragment_of(store, site, filters)
    rest, more = fragment_of(store, site, chosen.rest)
    by_rows = {"sessions": ("id",)} if rest else {}
    asked, at_once, kept, number = store.ask, store.at_once, store.kept, site.id  # store and site may be known to this thread only

    def read(part, wants):
        bound, version = _bounds(number, part), version_of(part)
        ask, key = functools.partial(_within, asked, bound), ("chosen", fragment, *sorted((bound | values).items()))
        ask_at_once = functools.partial(_within_at_once, at_once, bound)
        for known in kept.get(key, version) or ():
            found = parts.read(ask, ask_at_once, part, parts.together(wants))
            if found.changes == known.changes:
                found.chosen = np.unpackbits(np.frombuffer(known.bits, np.uint8), count=len(found.sessions.day)).astype(bool)
                return found
        found = parts.read(ask, ask_at_once, part, parts.together(wants, chosen.wants, by_rows))
        found.chosen = chosen.of(found)
        if rest:
            found.chosen &= ways.among(found.sessions.id, np.sort(ways.numbers(asked("journeys/chosen", rest, **bound, **more)[0].ids)))
        if filters and found.changes is not None:
            kept.put(key, version, [_Chosen(found.changes, np.packbits(found.chosen).tobytes())])
        return found
    return read


def _within(asked, bound, question, **values):
    return asked(question, **bound | values)


@contextmanager
def _within_at_once(at_once, bound):
    with at_once() as asked:
        yield functools.partial(_within, asked, bound)


def _versions(store, site, period):
    """A function of a part of the period that says of which version its answers are."""
    # all that is read beside the sessions and changes at all
    chosen = store.ask("collector/goals", site=site) + store.ask("collector/page_groups", site=site)
    changes = dict(store.ask("journeys/day_changes", site=site, first_day=period.first_day, last_day=period.last_day))
    walks = {}  # day: how the rules of journeys were applied to it
    for day, *state in store.ask("journeys/walk_state", site=site, first_day=period.first_day, last_day=period.last_day):
        walks.setdefault(day, []).append(state)
    journeys = [(row.id, row.version) for row in store.ask("collector/journeys", site=site, key=None)]
    return lambda part: (chosen, journeys, [(changes.get(day, 0), walks.get(day)) for day in range(part.first_day, part.last_day + 1)])


@functools.cache
def _pool():
    return ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="report")


def _parts(period):
    """The days of a period, each a Period of at most DAYS: cut at the same days whenever the period begins."""
    cuts = [period.first_day, *range(period.first_day // DAYS * DAYS + DAYS, period.last_day + 1, DAYS), period.last_day + 1]
    return [periods.of_dates(periods.date_of(first), periods.date_of(end - 1), period.zone) for first, end in pairwise(cuts)]


def _bounds(site, period):
    return {"site": site, "first_day": period.first_day, "last_day": period.last_day,
            "start": period.start, "end": period.end}
