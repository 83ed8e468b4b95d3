"""What a batch of events comes to in experiments: rows of `exposures` and `outcomes`, and what their sums grow by.

A unit is a visitor as sessions know him. His first exposure fixes variant,
time, epoch and segments; events after it count for the metrics of the trial
while their window is open; an exposure to another variant takes him out of all
values, and he is counted apart. Nothing is remembered between batches: what is
known of the units at hand is asked of the store, in a few questions, and only
when an event came that matters to a trial.

Most events count by themselves. When an exposure comes that happened before
events already stored, or before the one we knew, the unit is counted anew from
all its events. So the order in which messages arrive makes no difference.
"""

import json

from collector import session, totals, unit
from collector.events import EXPOSURE, PAGEVIEW
from collector.storage.changes import TABLES
from collector.unit import PRE_PERIOD, Unit

LONGEST_SESSION = 3 * 86_400_000  # a session that began longer before an instant has no event after it
EVENT = len(TABLES["events"].columns)


def note(work, arrival):
    """Keeps aside the events of an arrival, rows already, that matter to a trial of its site."""
    known = arrival.known
    watched = known.trials.watch(work.memory.chosen_name)
    found = []
    for (current, *_), row in zip(arrival.placed, work.events[-len(arrival.placed):]):
        ids = watched.get(row[4])
        wanted = ids and ids.get(row[6] if row[4] == PAGEVIEW else row[7])
        if wanted:
            found.append((current, row, wanted))
    if found:
        work.noted.setdefault(known, []).extend(found)


def changes(work):
    """(rows by table, rows to take out by table) of all that was noted."""
    sums = {table: {} for table in unit.TABLES}
    exposures, outcomes, gone = [], [], []
    for known, noted in work.noted.items():
        for before, after in _settled(work, known, noted):
            if before:
                totals.take_away(sums, unit.contribution(before))
                gone += [(before.trial.id, measure, before.id) for measure in before.values.keys() - after.values.keys()]
            totals.add(sums, unit.contribution(after))
            exposures.append(unit.exposure_row(after))
            outcomes += unit.outcome_rows(after)
    return ({"exposures": exposures, "outcomes": outcomes, **grown(sums)},
            {"outcomes": (("experiment_id", "measure", "unit"), gone)} if gone else {})


def grown(sums):
    """Rows of the tables of sums."""
    return {table: [(*key, *numbers) for key, numbers in sorted(found.items()) if any(numbers)]
            for table, found in sums.items()}


def _settled(work, known, noted):
    """(the unit as it was or None, the unit as it is) of every unit that noted events changed."""
    store = work.memory.store
    after = stored_units(store, known.trials, {current.visitor_id for current, _, _ in noted})
    stored, anew = dict(after), set()
    for current, row, wanted in noted:
        if row[4] == EXPOSURE:
            for trial, _ in wanted:
                _expose(work, known, trial, current, row, after, anew)
    hits = []
    for current, row, wanted in noted:
        if row[4] != EXPOSURE:
            for trial, metric in wanted:
                exposed = after.get((trial.id, current.visitor_id))
                if exposed and not exposed.multiple:
                    hits.append((exposed, metric, row))
    changed = {key for key, found in after.items() if stored.get(key) is not found}
    changed |= {(found.trial.id, found.id) for found, _, _ in hits}
    before = {key: stored[key] for key in changed if key in stored}
    read_values(store, before.values())
    for key, found in before.items():
        if after[key] is found:
            after[key] = found.copy()
    for exposed, metric, row in hits:
        after[exposed.trial.id, exposed.id].take(metric, row)
    if anew := [after[key] for key in anew if not after[key].multiple]:
        _count_anew(work, known, anew)
    return [(before.get(key), after[key]) for key in sorted(changed)]


def _expose(work, known, trial, current, row, units, anew):
    """Takes an exposure in: puts the unit it makes or changes in `units`, and in `anew` its key when all must be counted anew."""
    key = trial.id, current.visitor_id
    at, variant, held = row[12], known.trials.variant(trial, row[9]), units.get(key)
    if variant is None or not trial.takes(at):
        return
    first = held and (held.at, held.variant) <= (at, variant)
    if first and (held.multiple or held.variant == variant):
        return
    multiple = int(bool(held) and (held.multiple or held.variant != variant))
    if first:
        new = held.copy()
        new.multiple, new.values = multiple, {}
    else:
        new = Unit(trial, current.visitor_id, variant, at, known.day_and_hour(at)[0], trial.epoch(at), current.id,
                   multiple, _segments(current))
        others = work.memory.visitor(known.id, current.visitor_id).sessions
        # What comes after it in this batch is counted as it comes; what came before it into the store must be looked up.
        if held or new.segments[-1] or row[3] != at or any(
                other.last_at >= at for other in others if other is not current):
            anew.add(key)
    units[key] = new


def _segments(current):
    """Values of unit.SEGMENTS for a visitor in that session."""
    country, _, device, browser, _ = current.client
    return device, browser, current.origin[session.ORIGIN.index("channel")], country, int(current.previous_day is not None)


# -- from the store

def stored_units(store, trials, visitors):
    """{(trial id, visitor id): Unit} of those visitors that were exposed before, without their values."""
    rows = store.ask("collector/exposed", trials=json.dumps(list(trials.by_id)), units=json.dumps(list(visitors)))
    return {(row.experiment_id, row.unit): unit.from_row(trials.by_id[row.experiment_id], row) for row in rows}


def read_values(store, units):
    """Fills in the values of units of the store."""
    by_trial = {}
    for found in units:
        by_trial.setdefault(found.trial, {})[found.id] = found
    for trial, found in by_trial.items():
        for row in store.ask("collector/outcomes", trial=trial.id, measures=json.dumps(trial.measures),
                             units=json.dumps(list(found))):
            found[row.unit].values[row.measure] = [row.value, row.at]


def _count_anew(work, known, units):
    """Counts units from all their events: those in the store, and those of this batch."""
    sessions = {found.id: found.visitor_id for found in work.touched if found.site_id == known.id}
    count(work.memory, known, units, [(sessions[row[1]], row) for row in work.events if row[0] == known.id])


def count(memory, known, units, pending=()):
    """Sets the values of units from the events of their visitors, in the store and in `pending`: (visitor id, row)."""
    wanted = {}
    for found in units:
        found.values = {}
        wanted.setdefault(found.id, []).append(found)
    earliest = min(found.at - PRE_PERIOD * found.segments[-1] for found in units)
    rows = memory.store.ask("collector/unit_events", site=known.id, visitors=json.dumps(list(wanted)),
                            since=session.session_id(earliest - LONGEST_SESSION, 0))
    watched = known.trials.watch(memory.chosen_name)
    for row in rows:
        if row.type == PAGEVIEW and row.page not in known.trials.pages:
            known.trials.see_page(row.page, row.path)
    for visitor, row in [*((row.visitor_id, row[:EVENT]) for row in rows), *pending]:
        for found in wanted.get(visitor, ()):
            ids = watched.get(row[4], {})
            for trial, metric in ids.get(row[6] if row[4] == PAGEVIEW else row[7], ()):
                if metric and trial is found.trial:
                    found.take(metric, row)
