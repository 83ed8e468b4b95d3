"""Takes everything one visitor did out of the store, and out of every total it was counted in; contacts outside the page that are his, too.

What the loader added for a session is taken away again by the same function,
so the totals are as if the visitor had never been. Texts that visitors share
(addresses of pages, labels of buttons) stay.
"""

import json
from dataclasses import dataclass

from collector import outcomes, session, totals, trials, unit, walks
from collector.events import CUSTOM
from collector.memory import transaction_hash
from collector.storage.changes import TABLES, Changes

OF_SESSIONS = tuple(name for name, table in TABLES.items() if {"site_id", "session_id"} <= set(table.columns))
NONE = -1  # previous_day of a visitor's first day


@dataclass(frozen=True)
class Erased:
    sessions: int
    events: int
    last_at: int | None  # when the visitor was last here
    contacts: int = 0  # outside the page


def look(store, site, visitor):
    """What erase() would take out."""
    found = _sessions(store, site, visitor)
    events = sum(len(_events(store, each)) for each in found)
    return Erased(len(found), events, max((each.last_at for each in found), default=None), len(outside(store, site, visitor)))


def erase(store, site, visitor):
    """Erases a visitor by id; gives what went. One transaction, and gone from the file's bytes.

    A loader may still add to what it remembers of the visitor: the caller holds its lock, for loader.given_way().

    Whoever can be known again is erased under the ids of the days before that too, where a session led from one to the other.
    """
    found, counted, orders, events = _sessions(store, site, visitor), [], [], 0
    for each in found:
        rows = _events(store, each)
        for row in rows:
            each.add(row)
        counted += session.contribution(each)
        orders += [(site.id, order) for order in map(_order, rows) if order is not None]
        events += len(rows)
    ids = [(site.id, each.id) for each in found]
    experiments, exposed = _in_experiments(store, site, ids_of(store, site, visitor))
    journeys, walked = walks.without(store, site, found)
    contacts = outside(store, site, visitor)
    store.write(Changes(
        {"visitor_days": _days(site, found), **totals.rows((), taken=counted), **experiments, **journeys,
         "day_changes": _days_left(store, site, visitor, found)},
        gone={"sessions": (("site_id", "id"), ids), "orders": (("site_id", "transaction_hash"), orders),
              "contacts": (("id",), [(row.id,) for row in contacts]),
              "exposures": (("experiment_id", "unit"), exposed),
              "outcomes": (("experiment_id", "unit"), exposed),
              **walked,
              **{table: (("site_id", "session_id"), ids) for table in OF_SESSIONS}}), None)
    store.empty_log()
    return Erased(len(found), events, max((each.last_at for each in found), default=None), len(contacts))


def ids_of(store, site, visitor):
    """The id, and those of the days before it was known, where a session led from one to the other."""
    return [visitor, *(row.visitor_id for row in store.ask("collector/same_visitor", site=site.id, visitor=visitor))]


def _sessions(store, site, visitor):
    return [session.from_row(row) for row in store.ask(
        "collector/visitor_sessions", site=site.id, visitors=json.dumps(ids_of(store, site, visitor)), since=0)]


def outside(store, site, visitor):
    """Contacts outside the page, and real orders, that are the visitor's."""
    return store.ask("collector/visitor_contacts", site=site.id, visitors=json.dumps(ids_of(store, site, visitor)))


def _events(store, found):
    return store.ask("collector/session_events", site=found.site_id, session=found.id)


def _in_experiments(store, site, ids):
    """(rows that sums of experiments shrink by, (experiment, unit) of all there is of him) of a visitor."""
    started = trials.stored(store)
    found = trials.by_site(started).get(site.id)
    units = list(outcomes.stored_units(store, found, ids).values()) if found else []
    outcomes.read_values(store, units)
    sums = {table: {} for table in unit.TABLES}
    for each in units:
        totals.take_away(sums, unit.contribution(each))
    return outcomes.grown(sums), [(row.id, unit_id) for row in started if row.site_id == site.id for unit_id in ids]


def _order(row):
    """The hash of a purchase's transaction_id, or None."""
    props = json.loads(row.detail) if row.type == CUSTOM and row.detail else {}
    transaction = props.get("transaction_id")
    return transaction_hash(str(transaction)) if transaction else None


def _days_left(store, site, visitor, found):
    """Rows of `day_changes`: days of whoever had also been the erased one in a session, and now comes less often (walks.py)."""
    others = {each.lasting for each in found} - {None, visitor}
    return [(site.id, day, 1) for day in sorted({each.day for other in others for each in _sessions(store, site, other)})]


def _days(site, found):
    """The visitor's cells of the matrix of days, each one visitor less."""
    cells = {(each.visitor_id, each.day): NONE if each.previous_day is None else each.previous_day for each in found}
    return [(site.id, day, before, -1) for (_, day), before in sorted(cells.items())]
