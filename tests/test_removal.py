"""A deleted site leaves nothing behind, and nothing of it ever becomes another site's."""

import pytest

from collector import removal, sites
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
