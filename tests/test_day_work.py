"""The work on whole days neither ends the loader nor keeps it from what else it has to do."""

import pytest

from collector import column_days, day_columns, loader
from collector.storage.sqlite import StoreBusy
from tests.story import NOW

DAY = 86_400_000


@pytest.fixture
def runner(store, story, data_dir, monkeypatch):
    """A loader whose days may be done at once, by a clock of the test's, and three days of visits in its spool."""
    monkeypatch.setattr(column_days, "REST_SECONDS", 0)
    monkeypatch.setattr(loader, "REST_SECONDS", 0)
    store.before_reading = None  # the story's loader does nothing
    for days in (3, 2, 1):
        story.visitor("dana", at=NOW - days * DAY).view("/").click("Buy")
    deliver(story)
    runner = loader.Runner(data_dir)
    yield runner
    runner.store.close()


def deliver(story):
    for teller in story.tellers:
        teller.send()
    for record in story.records:
        story.spool.append(record)
    story.records = []


def turns(runner, seconds):
    """A turn a second, by the clock of the days' work."""
    work = runner.loader.day_work
    for second in range(seconds):
        work.clock = work._columns.clock = lambda: float(second)
        runner.turn()


@pytest.mark.parametrize("full_for", ["day_columns", "sessions"])
def test_a_disk_too_full_for_columns_or_visits_is_cleaned_up(runner, monkeypatch, full_for):
    cleaned, failed, write = [], [], runner.store.write

    def on_a_full_disk(changes, positions):
        if full_for in changes.rows:
            failed.append(full_for)
            raise StoreBusy("database or disk is full")
        write(changes, positions)

    monkeypatch.setattr(runner.store, "write", on_a_full_disk)
    monkeypatch.setattr(loader, "CLEAN_SECONDS", 0)
    monkeypatch.setattr(loader.cleanup, "clean", lambda *_: cleaned.append(len(failed)))
    turns(runner, 5)
    assert len(cleaned) == 5 and cleaned[-1] > 0


def test_a_day_that_cannot_be_written_is_made_anew_after_ever_longer_rests(runner, site, monkeypatch):
    made, write = [], runner.store.write

    def on_a_full_disk(changes, positions):
        if "day_columns" in changes.rows:
            made.append(runner.loader.day_work.clock())
            raise StoreBusy("database or disk is full")
        write(changes, positions)

    monkeypatch.setattr(runner.store, "write", on_a_full_disk)
    turns(runner, 250)
    assert [int(after - before) for before, after in zip(made, made[1:])] == [4, 8, 16, 32, 60, 60, 60]
    monkeypatch.setattr(runner.store, "write", write)
    turns(runner, 400)
    assert column_days.pending(runner.store, site) == []
