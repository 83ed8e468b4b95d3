"""A deleted site leaves nothing behind, and nothing of it ever becomes another site's."""

import time

import pytest

from collector import removal, sites, visitor
from collector.storage.changes import TABLES


def rows_of(store, site_id):
    """How many rows each table has of a site, tables with none left out."""
    with store.transaction() as connection:
        found = {name: connection.execute(f"select count(*) from {name} where site_id = ?", [site_id]).fetchone()[0]
                 for name, table in TABLES.items() if "site_id" in table.columns}
    return {name: count for name, count in found.items() if count}


@pytest.fixture
def two(store, site, story, data_dir):
    """Two sites with the same visits."""
    other = sites.add(store, "Drums", "drums.example", key="drums")
    for each in (site, other):
        story.visitor("dana", site=each).view("/").stay(20).click("Buy").field("checkout", "email").submit("checkout") \
            .purchase("12.50", "one").view("/thanks")
    story.tell()
    return site, other


@pytest.mark.parametrize("at_once", [1, 3, 20_000])
def test_a_deleted_site_leaves_no_row_and_the_other_all_of_its_own(store, two, monkeypatch, at_once):
    monkeypatch.setattr(removal, "AT_ONCE", at_once)
    gone, kept = two
    before = rows_of(store, kept.id)
    assert rows_of(store, gone.id) and len(before) > 10
    sites.remove(store, gone)
    assert rows_of(store, gone.id) == {} and rows_of(store, kept.id) == before
    assert sites.goals(store, gone) == []


def test_a_new_site_never_takes_the_place_of_a_deleted_one(store, site):
    sites.remove(store, site)
    assert sites.add(store, "New", "new.example").id > site.id


def test_a_new_goal_never_takes_the_place_of_a_removed_one(store, site):
    goal = sites.goals(store, site)[0]
    sites.remove_goal(store, site, goal.id)
    sites.add_goal(store, site, "Other", "event", "other")
    assert sites.goals(store, site)[0].id > goal.id


def test_what_was_written_while_the_site_was_deleted_is_swept_away(store, two):
    gone, kept = two
    before = rows_of(store, kept.id)
    with store.facts as db:
        db["sites"].delete(gone.id)
    assert rows_of(store, gone.id)
    removal.sweep(store)
    assert rows_of(store, gone.id) == {} and rows_of(store, kept.id) == before


@pytest.fixture
def keys(store, two, data_dir):
    """The folder of keys, of a day and for always, of both sites."""
    visitors, now = visitor.Visitors(data_dir / "keys"), int(time.time() * 1000)
    for each in two:
        visitors.ids(each, now, visitor.network("192.0.2.1"), "Firefox", user="dana")
    return data_dir / "keys"


def sites_with_keys(keys):
    return sorted(path.name.partition(".")[0] for path in keys.iterdir())


def test_a_deleted_site_leaves_no_key_on_the_disk(store, two, keys):
    assert sites_with_keys(keys) == ["drums", "drums", "guitars", "guitars"]
    with next(keys.glob("guitars.always.*")).open("rb") as opened:
        sites.remove(store, two[0])
        assert opened.read() == bytes(32), "overwritten, not only unlinked"
    assert sites_with_keys(keys) == ["drums", "drums"]


def test_a_key_made_while_the_site_was_deleted_is_swept_away(store, two, keys):
    with store.facts as db:
        db["sites"].delete(two[0].id)
    removal.sweep(store)
    assert sites_with_keys(keys) == ["drums", "drums"]


def test_sweeping_leaves_the_keys_of_sites_that_stand(store, two, keys):
    removal.sweep(store)
    assert sites_with_keys(keys) == ["drums", "drums", "guitars", "guitars"]
