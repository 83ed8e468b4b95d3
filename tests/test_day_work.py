"""The work on whole days goes on in small steps, and neither ends the loader nor keeps it from what else it has to do."""

import pytest

from collector import column_days, day_columns, loader, presets, stages, walks
from collector import journey_register as register
from collector.day_work import DayWork
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
    runner.seconds = [0]
    runner.loader.day_work = DayWork(runner.store, lambda: runner.seconds[-1])
    yield runner
    runner.store.close()


def deliver(story):
    for teller in story.tellers:
        teller.send()
    for record in story.records:
        story.spool.append(record)
    story.records = []


def turns(runner, seconds):
    """A turn a second."""
    for _ in range(seconds):
        runner.seconds.append(runner.seconds[-1] + 1)
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
            made.append(runner.seconds[-1])
            raise StoreBusy("database or disk is full")
        write(changes, positions)

    monkeypatch.setattr(runner.store, "write", on_a_full_disk)
    turns(runner, 250)
    assert [after - before for before, after in zip(made, made[1:])] == [4, 8, 16, 32, 60, 60, 60]
    monkeypatch.setattr(runner.store, "write", write)
    turns(runner, 60)
    assert column_days.pending(runner.store, site) == []


def test_a_day_of_many_events_is_made_in_small_steps_and_pieces(store, site, story, monkeypatch):
    monkeypatch.setattr(day_columns, "EVENTS_READ", 40)
    monkeypatch.setattr(day_columns, "EVENTS", 100)
    for number, clicks in enumerate((30, 30, 30, 60, 2, 2, 2, 2)):
        teller = story.visitor(f"dana {number}", at=NOW - DAY + number * 60_000).view("/")
        for _ in range(clicks):
            teller.click("Buy")
    deliver(story)
    store.before_reading = None  # the story's loader makes no columns
    story.loader.drain()
    ask, pack, read, packed = store.ask, day_columns.pack, [], []

    def asked(question, *args, **values):
        rows = ask(question, *args, **values)
        read.extend(rows if question.startswith("collector/columns_") and question != "collector/columns_sessions" else ())
        return rows

    monkeypatch.setattr(store, "ask", asked)
    monkeypatch.setattr(day_columns, "pack", lambda numbers: packed.append(numbers) or pack(numbers))
    task, = column_days.Columns(store).tasks(at_once=True)
    steps = [(0, 0)]
    for _ in task.work(store):
        steps.append((len(read), len(packed)))
    rows, columns = zip(*((after[0] - before[0], after[1] - before[1]) for before, after in zip(steps, steps[1:])))
    assert sorted(rows)[-2:] == [30, 60]  # one session has more than are read at once
    assert max(columns) == 1
    with store.transaction() as connection:
        assert connection.execute("select count(distinct piece) from day_columns").fetchone() == (2,)


def test_a_day_that_meets_a_mistake_of_ours_is_left_until_it_changes(runner, store, site, story, monkeypatch, caplog):
    packed, days = day_columns.Piece.packed, []

    def meets_a_mistake(piece):
        task = runner.loader.day_work._task
        days.append(task.day)
        if task.day == max(days):
            raise OverflowError("int too big to convert")
        return packed(piece)

    monkeypatch.setattr(day_columns.Piece, "packed", meets_a_mistake)
    turns(runner, 30)
    (left, changes), = column_days.pending(store, site)
    wrong = [record for record in caplog.records if record.levelname == "ERROR"]
    assert left == max(days) and days.count(left) == len(wrong) == 1 and len(days) == 3
    assert wrong[0].getMessage().startswith("columns of site guitars on 2026-03-09 cannot be made")
    story.visitor("avi", at=NOW - DAY).view("/")
    deliver(story)
    turns(runner, 30)
    assert column_days.pending(store, site) == [(left, changes + 1)] and days.count(left) == 2  # it is taken again
    monkeypatch.undo()
    DayWork(runner.store).finish()  # of a process that starts anew
    assert column_days.pending(store, site) == []


def test_walks_that_meet_a_mistake_do_not_hold_up_those_of_earlier_days(runner, store, site, monkeypatch):
    journey = register.add(store, site, stages.as_dict(presets.preset("shop")), "the owner")
    changes = walks._Done.changes

    def meets_a_mistake(done):
        if done.task.day > (NOW - 3 * DAY) // DAY:
            raise OverflowError("int too big to convert")
        return changes(done)

    monkeypatch.setattr(walks._Done, "changes", meets_a_mistake)
    turns(runner, 30)
    assert walks.progress(store, site, journey.id, journey.journey) == (1, 3)
    assert column_days.pending(store, site) == []
