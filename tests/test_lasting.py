"""Which sessions are of a visitor who can be known again on another day, and by which id."""

import pytest

from collector import erase, sites
from collector.storage.sqlite import SqliteStore
from tests.story import NOW, lasting_id

DAY = 86_400_000


def lasting(store):
    """The lasting id of each session, in the order of time."""
    with store.facts as db:
        return [row["lasting"] for row in db.query("select lasting from sessions order by id")]


def test_without_consent_nobody_can_be_known_again(store, site, story):
    story.visitor("dana", at=NOW - DAY).view("/")
    story.visitor("dana", at=NOW).view("/")
    assert lasting(store) == [None, None]


def test_consent_and_the_owners_id_last(store, site, story):
    story.visitor("dana", at=NOW - DAY, consented=True).view("/")
    story.visitor("dana", at=NOW, consented=True).view("/")
    story.visitor("avi", at=NOW + 1000).sign_in("customer 7").view("/")
    assert lasting(store) == [lasting_id(site, "dana")] * 2 + [lasting_id(site, "customer 7")]


@pytest.mark.parametrize("restarted", [False, True])
def test_who_agrees_within_a_session_can_be_known_again_by_it(store, site, story, restarted):
    teller = story.visitor("dana", at=NOW - DAY).view("/").stay(5)
    story.tell()
    if restarted:
        story.restart()
    teller.consent().view("/cart")
    story.visitor("dana", at=NOW, consented=True).view("/")
    assert lasting(store) == [lasting_id(site, "dana")] * 2
    assert len({row.id for row in store.ask("collector/visitor_sessions", site=site.id, since=0,
                                            visitors=f"[{lasting_id(site, 'dana')}]")}) == 1


def test_the_first_of_two_who_sign_in_within_a_session_stands(store, site, story):
    story.visitor("home").view("/").sign_in("dana").view("/").stay(3).sign_in("avi").view("/")
    assert lasting(store) == [lasting_id(site, "dana")]


def test_who_is_erased_goes_with_the_session_before_the_consent(store, site, story):
    story.visitor("omer", at=NOW - 2 * DAY).view("/").purchase(5)
    story.visitor("dana", at=NOW - DAY).view("/").stay(5).consent().view("/cart").purchase(10)
    story.visitor("dana", at=NOW, consented=True).view("/")
    story.tell()
    assert erase.erase(store, site, lasting_id(site, "dana")).sessions == 2
    assert lasting(store) == [None]
    with store.facts as db:
        assert [tuple(row.values()) for row in db.query("select visitors, previous_day from visitor_days where visitors > 0")] == [(1, -1)]
        assert next(db.query("select sum(sessions) as sessions, sum(revenue) as revenue from hours")) == {"sessions": 1, "revenue": 500}


def test_a_database_of_before_says_since_when_it_is_known(tmp_path):
    store = SqliteStore(tmp_path / "netiv.db")
    store.migrate()
    old, new = sites.add(store, "Old", "old.example", key="old"), sites.add(store, "New", "new.example", key="young")
    with store.facts as db:
        db.execute("drop index sessions_lasting")
        db.execute("drop index sessions_bought")
        db.execute("alter table sessions drop column lasting")
        db.execute("alter table sites drop column lasting_since")
        columns = [column.name for column in db["sessions"].columns]
        values = {name: 0 for name in columns} | {"site_id": old.id, "id": 1, "goals": "", "trail": ""}
        db["sessions"].insert(values)
        db.execute("delete from _sqlite_migrations where name = 'm013_lasting'")
    store.migrate()
    with store.facts as db:
        since = {row["id"]: row["lasting_since"] for row in db.query("select id, lasting_since from sites")}
    assert since[old.id] > 0 and since[new.id] is None
    store.close()
