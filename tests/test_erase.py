"""A visitor erased is as if he had never been: in no table, in no total, and not in the bytes of the file."""

import json

import pytest
from click.testing import CliRunner

from collector import audit, erase, sites
from collector.storage.changes import TABLES
from collector.storage.sqlite import SqliteStore
from tests.story import NOW, Story
from wsgi import netiv

DAY = 86_400_000


def omer(story):
    story.visitor("omer", at=NOW - 3 * DAY).view("/").stay(20).click("Buy").view("/cart").purchase("12.50", "omer-1")
    story.visitor("omer", at=NOW - 1 * DAY).view("/cart").field("checkout", "email").abandon("checkout", "email")


def dana(story):
    for days in (5, 3, 2):
        story.visitor("dana", at=NOW - days * DAY).view("/").stay(30).rage("Buy").event("sign_up", plan="danas-own-plan") \
            .view("/cart").field("checkout", "email").submit("checkout").purchase("99.00", f"dana-{days}")


@pytest.fixture
def without_dana(tmp_path):
    """A store where she never was."""
    store = SqliteStore(tmp_path / "without/netiv.db")
    store.migrate()
    story = Story(store, sites.add(store, "Guitars", "shop.example", key="guitars"), tmp_path / "without/spool")
    omer(story)
    story.tell()
    yield store
    story.close()
    store.close()


def counted(store):
    """Every row of every table that is about visits and counts anything, without names and how often a day was written."""
    found = {}
    with store.facts as db:
        for table, (how, key, _) in TABLES.items():
            if table not in ("names", "pages", "growth", "day_changes", "column_days"):
                rows = [tuple(row.values()) for row in db.query(f"select {', '.join(TABLES[table].columns)} from {table}")]
                found[table] = sorted((row for row in rows if how != "add" or any(row[len(key):])), key=repr)
    return found


def test_afterwards_every_number_is_as_if_she_had_never_been(story, store, site, without_dana):
    omer(story)
    story.tell()  # first, so that texts have the same numbers in both stores
    dana(story)
    story.tell()
    assert counted(store) != counted(without_dana)
    erased = [erase.erase(store, site, visitor) for visitor in her_ids(store)]
    assert sum(each.sessions for each in erased) == 3 and sum(each.events for each in erased) > 20
    assert counted(store) == counted(without_dana)


def test_afterwards_her_words_are_not_in_the_file(story, store, site, data_dir):
    omer(story)
    dana(story)
    story.tell()
    store.empty_log()
    assert b"danas-own-plan" in (data_dir / "netiv.db").read_bytes()
    for visitor in her_ids(store):
        erase.erase(store, site, visitor)
    store.close()
    for path in data_dir.glob("netiv.db*"):
        assert b"danas-own-plan" not in path.read_bytes(), path.name


def test_the_command_asks_and_leaves_a_receipt_in_the_log(story, store, site, data_dir):
    dana(story)
    story.tell()
    visitor = str(her_ids(store)[0])
    words = ["erase", "guitars", "--data", str(data_dir), "--", visitor]
    runner = CliRunner()
    assert "Aborted" in runner.invoke(netiv, words, input="n\n").output
    done = runner.invoke(netiv, words, input="y\n")
    assert done.exit_code == 0 and "Erased" in done.output
    assert audit.latest(store)[0].action == "erased" and visitor in audit.latest(store)[0].detail
    again = runner.invoke(netiv, words)
    assert again.exit_code == 1 and "was never at guitars" in again.output


def her_ids(store):
    """Ids that sent her own word; without consent a visitor has another id each day."""
    with store.facts as db:
        rows = db.query("""select visitor_id, detail from events join sessions on sessions.id = events.session_id
                           where detail is not null order by sessions.id""")
        return list(dict.fromkeys(row["visitor_id"] for row in rows
                                  if json.loads(row["detail"]).get("plan") == "danas-own-plan"))
