"""Outcomes counted anew from events, some units at a time: for a metric that was added while its experiment ran.

Who is exposed, when and to what stands; only values and their sums are made
again. The loader does it between batches, because it alone writes them; where
it stands is written in the same transaction, so it can be stopped at any time.
"""

import time

from collector import outcomes, sites, totals, trials, unit
from collector.known import KnownSite
from collector.locks import free_lock
from collector.storage.changes import Changes

AT_ONCE = 2_000  # units
WAIT_SECONDS = 0.2


def ask(store, experiment_id):
    """Asks the loader to count an experiment's outcomes anew, from the first unit."""
    store.write(Changes({"recounts": [(experiment_id, int(time.time() * 1000), None, 0)]}), None)


def run(store, experiment_id, make_loader):
    """Asks for it and waits until it is done; yields (units done, units in all) now and then.

    `make_loader` gives a loader for when no server runs that has one.
    """
    ask(store, experiment_id)
    total = store.ask("collector/exposed_count", experiment=experiment_id)[0].units
    with free_lock(store.path.parent / "loader.lock") as is_free:
        own = make_loader() if is_free else None
        while found := [row for row in store.ask("collector/recounts") if row.experiment_id == experiment_id]:
            yield found[0].units, total
            if own:
                own.recount()
            else:
                time.sleep(WAIT_SECONDS)
    yield total, total


def next_changes(memory):
    """The Changes of the next units of the recount asked for first, or None when none is asked for. The loader's."""
    waiting = memory.store.ask("collector/recounts")
    return _some(memory, waiting[0]) if waiting else None


def _some(memory, asked):
    known, trial = _known(memory.store, asked.experiment_id)
    rows = trial and memory.store.ask("collector/exposed_after", experiment=trial.id, after=asked.after, limit=AT_ONCE)
    if not rows:
        return Changes(gone={"recounts": (("experiment_id",), [(asked.experiment_id,)])})
    units = [unit.from_row(trial, row) for row in rows if not row.multiple]
    sums, gone = {table: {} for table in unit.TABLES}, []
    if units:
        outcomes.read_values(memory.store, units)
        for each in units:
            totals.take_away(sums, unit.contribution(each))
            gone += [(trial.id, measure, each.id) for measure in each.values]
        outcomes.count(memory, known, units)
        for each in units:
            totals.add(sums, unit.contribution(each))
    return Changes(
        {"names": memory.new_names, "pages": memory.new_pages,
         "outcomes": [row for each in units for row in unit.outcome_rows(each)], **outcomes.grown(sums),
         "recounts": [(trial.id, asked.asked_at, rows[-1].unit, asked.units + len(rows))]},
        gone={"outcomes": (("experiment_id", "measure", "unit"), gone)})


def _known(store, experiment_id):
    """(KnownSite, Trial) of an experiment, whenever it was; (None, None) when it is gone or cannot be read."""
    for site_id, found in trials.by_site([row for row in trials.stored(store)
                                          if row.id == experiment_id]).items():
        for site in sites.all_sites(store):
            if site.id == site_id:
                return KnownSite(site, [], found), found.trials[0]
    return None, None
