"""Backups are whole, checked and few; a damaged database is set aside; what is old enough goes."""

import pytest

from collector import backup, cleanup, loader, period, sites
from collector.storage import open_store
from collector.storage.sqlite import StoreDamaged
from tests.story import NOW

DAY = 86_400_000


def views(data_dir):
    store = open_store(data_dir)
    try:
        with store.facts as db:
            return next(db.query("select count(*) as n from events"))["n"]
    finally:
        store.close()


def damage(path):
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)


@pytest.fixture
def told(story, store):
    story.visitor("dana").view("/").view("/cart")
    story.tell()
    story.close()
    store.before_reading = None
    return store


def test_a_backup_is_put_back_as_it_was(told, data_dir):
    path = backup.make(data_dir)
    with told.facts as db:
        db.execute("delete from events")
    told.close()
    aside = backup.restore(data_dir, path)
    assert views(data_dir) == 2
    assert aside.name.startswith("netiv-replaced-") and aside.exists()
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_the_newest_backups_are_kept(told, data_dir, monkeypatch):
    made = []
    for second in range(4):
        monkeypatch.setattr("time.strftime", lambda *_, second=second: f"20260310-00000{second}")
        made.append(backup.make(data_dir, kept=2))
    assert backup.all_of(data_dir) == made[-2:]


def test_a_damaged_backup_is_refused_and_nothing_replaced(told, data_dir):
    path = backup.make(data_dir)
    damage(path)
    with pytest.raises(StoreDamaged):
        backup.restore(data_dir, path)
    assert views(data_dir) == 2


@pytest.mark.fault
def test_a_damaged_database_is_set_aside_and_the_last_good_backup_takes_its_place(told, data_dir):
    good = backup.make(data_dir)
    bad = good.with_name("netiv-99999999-000000.db")
    bad.write_bytes(b"no database at all")
    told.close()
    damage(data_dir / "netiv.db")
    runner = loader.Runner(data_dir)
    runner.turn()
    runner.store.close()
    assert views(data_dir) == 2
    assert good.name in (data_dir / "damaged.txt").read_text(encoding="utf-8")
    assert list(data_dir.glob("netiv-damaged-*.db"))


@pytest.mark.fault
def test_without_a_backup_a_damaged_database_makes_room_for_a_new_one(told, data_dir):
    told.close()
    damage(data_dir / "netiv.db")
    assert "no backup" in backup.begin_anew(data_dir)
    assert views(data_dir) == 0


def test_what_is_old_enough_goes_and_nothing_else(story, store, site):
    for days_ago in (800, 400, 390, 8, 6, 1, 0):
        story.visitor(f"v{days_ago}", at=NOW - days_ago * DAY - 3_600_000).view("/").raw({"type": "no such"}).purchase(
            1, f"T{days_ago}").send()
        story.tell()
    cleanup.clean(store, NOW)
    with store.facts as db:
        def ago(sql):
            return sorted({(NOW - row["at"]) // DAY for row in db.query(sql)})
        assert ago("select at from events") == [0, 1, 6, 8, 390]
        assert ago("select started_at as at from sessions") == [0, 1, 6, 8, 390]
        assert ago("select session_id >> 22 as at from session_pages") == [0, 1, 6, 8, 390]
        assert ago("select at from rejected") == [0, 1, 6]
        assert ago("select at from seen") == [0, 1]
        assert ago("select at from orders") == [0, 1, 6, 8, 390]
        today = period.day_of(NOW, site.zone)
        assert sorted(today - row["day"] for row in db.query("select day from hours")) == [0, 1, 6, 8, 390, 400]
    assert sites.by_key(store, site.key)
