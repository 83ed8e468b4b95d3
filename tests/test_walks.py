"""Walks are brought up to date by days: killed at any moment, taken out with what they belong to, and let stand when sessions are let go."""

import multiprocessing
import os
import random
import signal
import sys
import time
import tracemalloc
from array import array
from collections import defaultdict
from itertools import permutations

import pytest

from collector import cleanup, contacts, day_work, erase, period, planes, presets, removal, sheet_reader, sites, stages, walk_columns, walk_visitors, walks
from collector import journey_register as register
from collector.day_work import DayWork
from collector.loader import Runner
from collector.matcher import RETURN
from collector.storage import open_store
from collector.storage.sqlite import text_of
from tests.story import NOW, Story
from tests.walked import as_rows

DAY = 86_400_000
TABLES = ("session_touchpoints", "session_moves", "touchpoint_days", "touchpoint_visitors", "move_days", "stage_trails")
COLUMNS = ("walk_columns", "walk_ends")


def rows(store, table):
    with store.transaction() as connection:
        return sorted(connection.execute(f"select * from {table}").fetchall())


def kept(store):
    """The rows of each table. Columns say the same as rows, of every day that has all of its sessions."""
    found = {table: rows(store, table) for table in TABLES}
    closed = {(row[0], row[1]) for row in rows(store, "walk_days") if row[4]}
    assert not closed & {row[:2] for table in COLUMNS for row in rows(store, table)}
    touchpoints, moves, people = as_rows(rows(store, "walk_columns"), rows(store, "walk_ends"))
    zone = sites.all_sites(store)[0].zone
    whole = [[row for row in found[table] if (row[0], period.day_of(row[1] >> 22, zone)) not in closed] for table in TABLES[:2]]
    assert touchpoints == whole[0] and moves == [(*row[:5], row[6]) for row in whole[1]]
    with store.transaction() as connection:
        sessions = {row[0]: row[1:] for row in connection.execute("select id, visitor_id, lasting from sessions")}
    assert {session: lasting for session, (*_, lasting) in people.items()} == {session: sessions[session][1] for session in people}
    same = defaultdict(set)
    for session, (day, person, lasting) in people.items():
        same[day, person].add(lasting or sessions[session][0])
    assert all(len(each) == 1 for each in same.values()) and len({(day, *each) for (day, _), each in same.items()}) == len(same)
    return found


@pytest.fixture
def visited(store, site, story):
    """Twelve days of visits, of visitors who come again on other days."""
    for days in range(12):
        for name in ("dana", "avi", "noa"):
            story.visitor(name, at=NOW - days * DAY, consented=True, referrer="https://www.google.com/").view("/").stay(9).view("/cart").rage("Buy")
        story.visitor("dana", at=NOW - days * DAY + 3_600_000, consented=True).view("/about").purchase(10 + days)
    story.tell()
    store.before_reading = None


def journey(store, site, **rules):
    more = {key: tuple(stages.Rule(*rule) for rule in some) for key, some in rules.items()}
    return register.add(store, site, stages.as_dict(presets.preset("shop", more)), "the owner")


def finish(data_dir):
    store = open_store(data_dir)
    made = walks._day

    def slowly(*args):
        for piece in made(*args):
            yield piece
        time.sleep(0.002)
    walks._day = slowly
    DayWork(store).finish()
    store.close()


def test_killed_again_and_again_it_comes_to_the_same(store, site, visited, data_dir):
    journey(store, site, cart=[("page", "/cart")], about=[("page", "/about")])
    chance, finished = random.Random(4), False
    for _ in range(60):
        child = multiprocessing.get_context("fork").Process(target=finish, args=(data_dir,))
        child.start()
        child.join(chance.uniform(0.005, 0.06))
        finished = child.exitcode == 0
        if finished:
            break
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    DayWork(store).finish()
    found = kept(store)
    with store.transaction() as connection:
        for table in (*TABLES, *COLUMNS, "walk_days"):
            connection.execute(f"delete from {table}")
    DayWork(store).finish()
    assert found == kept(store) and all(found.values())
    assert len(rows(store, "walk_days")) == 12


def test_a_changed_name_counts_nothing_anew_and_a_changed_rule_every_day(store, site, visited):
    made = journey(store, site)
    DayWork(store).finish()
    mapping = stages.as_dict(made.journey)
    mapping["stages"][0]["name"] = "First"
    changed = register.change(store, site, "main", mapping, 1, "the owner")
    assert walks.progress(store, site, made.id, changed.journey) == (12, 12)
    mapping["stages"][1]["touchpoints"][0]["rules"].append({"kind": "page", "value": "/"})
    changed = register.change(store, site, "main", mapping, 2, "the owner")
    assert walks.progress(store, site, made.id, changed.journey) == (0, 12)
    work = DayWork(store)
    while not work.some(0) or walks.progress(store, site, made.id, changed.journey)[0] < 1:
        pass
    assert rows(store, "walk_days")[-1][2] > 0  # the latest day was done


def test_an_erased_visitor_is_in_no_walk_at_once(store, site, visited):
    journey(store, site)
    DayWork(store).finish()
    visitor, = [row for row in {each[0] for each in _visitors(store)} if len([1 for each in _visitors(store) if each[0] == row]) == 24]
    ids = {session for who, session in _visitors(store) if who == visitor}
    erase.erase(store, site, visitor)
    found = kept(store)
    assert not ids & {row[1] for table in TABLES[:2] for row in found[table]}
    assert not [row for row in found["touchpoint_visitors"] if visitor in walk_visitors.unpack(row[5])]
    DayWork(store).finish()
    assert kept(store) == found  # what is counted anew says the same


def test_a_visitor_erased_while_his_day_is_walked_through_is_in_no_walk_afterwards(store, site, visited):
    journey(store, site)
    work = DayWork(store)
    work._begin()
    assert not work._go_on()  # the sessions of a day are read, and nothing of it is written
    visitor, = {who for who, session in _visitors(store) if session >> 22 == NOW + 3_600_000}
    erase.erase(store, site, visitor)
    work.finish()
    sessions = {session for _, session in _visitors(store)}
    assert {row[1] for table in TABLES[:2] for row in rows(store, table)} == sessions


def test_a_day_stands_whose_sessions_are_let_go_while_it_is_walked_through(store, site, visited):
    made = journey(store, site)
    DayWork(store).finish()
    mapping = stages.as_dict(made.journey)
    mapping["stages"][0]["touchpoints"][0]["rules"].pop(0)
    register.change(store, site, "main", mapping, 1, "the owner")
    work = DayWork(store)
    oldest = min(row[1] for row in rows(store, "move_days"))
    while work._begin() and work._task.day != oldest:
        while not work._go_on():
            pass
    work._go_on()  # the sessions of the oldest day are read, and nothing of it is written
    before = kept(store)
    cleanup.clean(store, NOW - 10 * DAY + cleanup.EVENTS)
    work.finish()
    assert [row for row in rows(store, "move_days") if row[1] == oldest] == [row for row in before["move_days"] if row[1] == oldest] != []
    assert [row[4] for row in rows(store, "walk_days") if row[1] == oldest] == [1]


def test_one_visitor_of_very_many_sessions_takes_no_longer_than_others(store, site, story):
    story.visitor("guest", consented=True).view("/")
    story.tell()
    steps = []
    with store.transaction() as connection:
        columns = ", ".join(row[1] for row in connection.execute("pragma table_info(sessions)") if row[1] != "id")
        connection.execute(f"with recursive count (n) as (select 1 union all select n + 1 from count where n < 3000) "
                           f"insert into sessions (id, {columns}) select id + n, {columns} from sessions, count")
        last, = connection.execute("select max(id) from sessions").fetchone()
        connection.set_progress_handler(lambda: steps.append(1) and None, 100)
        found = connection.execute(text_of("collector/walk_sessions"), {"site": site.id, "after": last - 100, "end": last + 1, "limit": 100}).fetchall()
    assert len(found) == 100 and len(steps) < 500  # over 20 000 when each session looked through those before it


def test_a_day_of_many_sessions_is_held_in_less_than_half_the_memory_of_its_rows(store, site, visited):
    journey(store, site, cart=[("page", "/cart")], about=[("page", "/about")])
    with store.transaction() as connection:
        for table, session in (("sessions", "id"), ("events", "session_id")):
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            others = ", ".join(f"{name} + n * 7" if name == session else f"{name} + n * 7919" if name == "visitor_id" else name for name in columns)
            connection.execute(f"with recursive count (n) as (select 1 union all select n + 1 from count where n < 1000) "
                               f"insert into {table} ({', '.join(columns)}) select {others} from {table}, count where {session} >> 22 >= ?", [NOW - 3_600_000])
    work = DayWork(store)
    tracemalloc.start()
    work._begin()
    while not work._go_on():
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    found = rows(store, "session_touchpoints") + rows(store, "session_moves")
    assert len(found) > 20_000 and most < sum(map(sys.getsizeof, found)) / 2  # what a piece takes while it is walked is in it


def test_a_day_after_which_thousands_came_again_is_ended_anew_about_as_soon_as_one_after_which_nobody_did():
    ids, ends = array("q", range(40_000, 0, -1)), planes.pack(array("I", [0] * 40_000))

    def took(came):
        begun = time.thread_time()
        found = walk_columns.ended_anew(planes.pack(ids), ends, came)
        return time.thread_time() - begun, planes.unpack(found, "I").tolist()
    (few, nobody), (many, those) = took({}), took(dict.fromkeys(range(1, 40_001, 10), 3))
    assert not any(nobody) and those == [walk_columns.CAME + 3 if session % 10 == 1 else 0 for session in ids]
    assert many < 20 * few  # over 100 times, when each was looked for by itself


class Clock:
    """Tells the time that a test says it is."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.mark.parametrize(("is_busy", "least", "most"), [(True, 18, 22), (False, 2, 7)])
def test_a_busy_spool_leaves_the_walks_a_twentieth_of_the_time_and_holds_none_up_for_good(store, site, visited, monkeypatch, is_busy, least, most):
    clock, pieces, made = Clock(), [], walks._day

    def slowly(*args):
        for piece in made(*args):
            clock.at += 0.02
            pieces.append(0.02)
            yield piece
        clock.at += 0.5  # the transaction
        pieces.append(0.5)

    monkeypatch.setattr(walks, "_day", slowly)
    monkeypatch.setattr(walks, "AT_ONCE", 1)
    number = journey(store, site)
    work = DayWork(store, clock)
    while len(rows(store, "walk_days")) < 12:
        clock.at += 0.2  # a drain
        work.turn(is_busy)
    assert walks.progress(store, site, number.id, number.journey) == (12, 12)
    assert least * sum(pieces) < clock.at < most * sum(pieces)


def test_columns_held_in_pieces_say_the_same(store, site, visited, monkeypatch):
    monkeypatch.setattr(walk_columns, "PIECE", 2)
    journey(store, site, cart=[("page", "/cart")], about=[("page", "/about")])
    DayWork(store).finish()
    assert len(kept(store)["session_touchpoints"]) > 60


def test_a_spool_that_never_ends_does_not_keep_the_walks_from_going_on(store, site, visited, story, monkeypatch):
    monkeypatch.setattr(day_work, "BUDGET_SECONDS", 10)  # the machine may be busy with other things
    journey(store, site)
    for name in ("eli", "gil", "tal"):
        story.visitor(name).view("/")
    for teller in story.tellers:
        teller.send()
    for record in story.records:
        story.spool.append(record)
    assert story.loader.drain(batch_bytes=1) == 3 and rows(store, "session_moves")


def _visitors(store):
    with store.transaction() as connection:
        return connection.execute("select visitor_id, id from sessions").fetchall()


@pytest.mark.parametrize("at_once", [3, 20_000])
def test_walks_go_with_their_journey_and_with_their_site(store, site, visited, monkeypatch, at_once):
    monkeypatch.setattr(removal, "AT_ONCE", at_once)
    journey(store, site)
    other = register.add(store, site, stages.as_dict(presets.preset("action", key="other")), "the owner")
    DayWork(store).finish()
    register.remove(store, site, "main")
    assert {row[0] for table in (*TABLES, *COLUMNS, "walk_days") for row in rows(store, table)} == {other.id}
    sites.remove(store, site)
    assert not any(rows(store, table) for table in (*TABLES, *COLUMNS, "walk_days", "journeys"))


def test_what_a_day_came_to_stands_when_its_sessions_are_let_go(store, site, visited):
    made = journey(store, site)
    DayWork(store).finish()
    before = kept(store)
    cleanup.clean(store, NOW - 5 * DAY + cleanup.EVENTS)
    mapping = stages.as_dict(made.journey)
    mapping["stages"][0]["touchpoints"][0]["rules"].pop(0)
    register.change(store, site, "main", mapping, 1, "the owner")
    DayWork(store).finish()
    after = kept(store)
    gone = NOW // DAY - 6
    for table in ("touchpoint_days", "move_days", "stage_trails"):
        assert [row for row in after[table] if row[1] < gone] == [row for row in before[table] if row[1] < gone] != []
    visitors = [[row for row in each["touchpoint_visitors"] if row[1] < gone] for each in (before, after)]
    assert [row[4] + len(row[5]) // 8 for row in visitors[0]] == [row[4] for row in visitors[1]] != []  # so many, and nobody knows who
    assert {row[5] for row in visitors[1]} == {b""}
    assert not [row for row in after["session_moves"] if row[1] >> 22 < NOW - 5 * DAY]


def test_a_running_loader_makes_a_journey_of_the_first_visit_and_walks_through_it(store, site, data_dir):
    told = Story(store, site, data_dir / "spool")
    told.visitor("dana", at=int(time.time() * 1000) - 5_000, referrer="https://www.google.com/").view("/").view("/cart")
    for teller in told.tellers:
        teller.send()
    for record in told.records:
        told.spool.append(record)
    runner, began = Runner(data_dir), time.monotonic()
    while not rows(store, "touchpoint_days"):
        runner.turn()
        assert time.monotonic() - began < 10
        time.sleep(0.02)
    runner.store.close()
    told.close()
    assert register.by_key(store, site).confirmed_at is None


BOUGHT_AGAIN = {"key": "main", "name": "Main", "stages": [
    {"key": "purchase", "name": "Purchase", "touchpoints": [{"key": "order", "name": "Order", "rules": [{"kind": "order"}]}]},
    {"key": "retention", "name": "Retention", "touchpoints": [
        {"key": "again", "name": "Again", "rules": [{"kind": "repeat_visit"}]},
        {"key": "customer", "name": "A customer again", "rules": [{"kind": "repeat_visit", "value": "order"}]},
        {"key": "second", "name": "A second order", "rules": [{"kind": "repeat_order"}]}]}]}


@pytest.mark.parametrize("later_first", [False, True])
def test_who_signs_in_at_the_checkout_is_the_one_who_buys_again_on_another_day(store, site, story, later_first):
    made = register.add(store, site, BOUGHT_AGAIN, "the owner")
    monday = story.visitor("home", at=NOW - 4 * DAY).view("/").sign_in("1042").view("/checkout").purchase(10)
    thursday = story.visitor("home", at=NOW - DAY).sign_in("1042").view("/").purchase(20)
    for teller in (thursday, monday) if later_first else (monday, thursday):
        teller.send()
        story.tell()
    numbers = {touchpoint.key: touchpoint.number for touchpoint in made.journey.touchpoints}
    store.before_reading = None
    met = {(row[1], row[2]) for row in rows(store, "session_touchpoints")}
    first, last = sorted({session for session, _ in met})
    assert {number for session, number in met if session == first} == {numbers["order"]}
    assert {number for session, number in met if session == last} == set(numbers.values())
    assert [row[4] for row in rows(store, "session_moves") if row[1] == first and row[2]] == [RETURN]


def test_who_comes_again_is_new_once_the_session_before_is_erased(store, site, story):
    register.add(store, site, BOUGHT_AGAIN, "the owner")
    story.visitor("home", at=NOW - 4 * DAY).view("/").sign_in("1042").purchase(10)
    story.visitor("home", at=NOW - DAY).sign_in("1042").view("/")
    story.tell()
    store.before_reading = None
    before = _visitors(store)[0][0]
    assert len(rows(store, "touchpoint_days")) == 3
    assert erase.erase(store, site, before).sessions == 1
    DayWork(store).finish()
    assert rows(store, "touchpoint_days") == []


def test_an_order_told_by_a_code_is_one_from_the_session_after_both_on_in_whatever_order_sessions_come(store, site, story):
    """Four visitors for each order in which their four sessions may come, on days of their own; each shows the code in another session."""
    register.add(store, site, BOUGHT_AGAIN, "the owner")
    told = [(NOW - 5 * (number + 1) * DAY, come, shown, f"K{number}{'abcd'[shown]}")
            for number, come in enumerate(permutations(range(4))) for shown in range(4)]
    sheet = "at,kind,code\n" + "".join(f"{period.date_of((first + DAY) // DAY)} 23:00,phone_order,{code}\n" for first, _, _, code in told)
    plan = contacts.look(store, site, sheet_reader.read(sheet), "contacts", now=NOW)
    assert contacts.bring_in(store, site, plan, "the owner").rows == 96
    for turn in range(4):
        for first, come, shown, code in told:
            teller = story.visitor(code, at=first + come[turn] * DAY, consented=True).view("/")
            if come[turn] == shown:
                teller.event("contact_code", code=code)
        story.tell()
    store.before_reading = None
    found = kept(store)
    with store.transaction() as connection:
        before = connection.execute("select group_concat(bought, '') from (select lasting, bought from session_moves join sessions on id = session_id "
                                    "where from_stage = 0 order by id) group by lasting").fetchall()
        for table in (*TABLES, *COLUMNS, "walk_days"):
            connection.execute(f"delete from {table}")
    assert sorted(each for each, in before) == sorted(["0211", "0211", "0221", "0222"] * 24)  # ordered after the second session
    DayWork(store).finish()
    assert kept(store) == found
