"""What the loader kept of an experiment goes with it, and with its site."""

from collector import sites

KEPT = ("exposures", "outcomes", "exposure_days", "outcome_days")


def test_a_site_that_is_deleted_takes_its_experiments_and_what_was_kept_of_them(store, site):
    with store.facts as db:
        experiment = db["experiments"].insert({"site_id": site.id, "key": "short", "definition": "{}", "state": "running",
                                               "version": 1, "created_at": 1}).last_pk
        for table in KEPT:
            columns = {column.name: "" if column.type == "TEXT" else 1 for column in db[table].columns}
            db[table].insert({**columns, "experiment_id": experiment})
            db[table].insert({**columns, "experiment_id": experiment + 1})
    sites.remove(store, site)
    with store.facts as db:
        assert {table: [row["experiment_id"] for row in db[table].rows] for table in KEPT} == \
            dict.fromkeys(KEPT, [experiment + 1])
        assert db["experiments"].count == 0
