"""The loader: what arrives is stored once, in the right session, and counted as its events say.

Numbers are counted by hand in each test; the random stories at the end are
recounted from the events in plain SQL (recount.py).
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import loader, message, sites, spool
from collector.storage.changes import TABLES, Changes
from collector.storage.sqlite import MANY, StoreBusy
from tests.recount import differences
from tests.story import NOW, ListeningStore, Story

MINUTE, HOUR = 60_000, 3_600_000
STOPPED = (0, -signal.SIGTERM)  # the latter while it waits for its turn


def rows(store, sql, *values):
    with store.facts as db:
        return [tuple(row.values()) for row in db.query(sql, values)]


def sessions(store, columns="views, events"):
    return rows(store, f"select {columns} from sessions order by id")


def ledger(store):
    return dict(rows(store, "select reason, sum(events) from exclusions group by reason"))


# -- rows

def test_many_rows_go_in_by_few_statements_as_they_would_one_by_one(store):
    day, counted = 20521, 2 * MANY + 27
    store.write(Changes({"exclusions": [(1, day, "bot", number, 1) for number in range(counted)],
                         "session_codes": [(1, number // 2, 7, number) for number in range(counted)]}), None)
    assert rows(store, "select * from exclusions") == [(1, day, "bot", sum(range(counted)), counted)]
    assert rows(store, "select session_id, at from session_codes") == \
        [(number // 2, number) for number in range(counted) if number % 2 or number == counted - 1]


# -- sessions

def test_a_visit_becomes_one_session_with_its_numbers(store, story):
    story.visitor("dana").view("/").stay(20).click("Buy").view("/cart").stay(5)
    assert sessions(store, "views, events, clicks, engaged_ms, bounce") == [(2, 5, 1, 25_000, 0)]


def test_thirty_minutes_without_an_event_end_a_session(store, story):
    story.visitor("dana").view("/").wait(29 * 60).view("/a").wait(30 * 60).view("/b")
    assert sessions(store) == [(2, 2), (1, 1)]


def test_one_visitors_events_never_share_a_millisecond(store, story):
    dana = story.visitor("dana").view("/")
    for _ in range(5):
        dana.raw({"type": "click", "element": "a", "at": dana.at})
    times = [at for at, in rows(store, "select at from events order by number")]
    assert len(times) == 6 and all(later > before for before, later in zip(times, times[1:]))


def test_a_session_goes_on_after_midnight_and_belongs_to_the_day_it_began(store, story):
    story.visitor("dana", at="2026-03-10 23:50").view("/").wait(15 * 60).view("/a").wait(15 * 60).view("/b")
    assert sessions(store, "views, hour") == [(3, 23)]
    assert rows(store, "select sum(visitors), count(*) from visitor_days") == [(1, 1)]


def test_after_a_pause_over_midnight_the_visitor_is_a_new_one(store, story):
    story.visitor("dana", at="2026-03-10 23:10").view("/").wait(70 * 60).view("/a")
    days = rows(store, "select day, previous_day, visitors from visitor_days order by day")
    assert [(previous, visitors) for _, previous, visitors in days] == [(-1, 1), (-1, 1)]
    assert days[1][0] == days[0][0] + 1


def test_a_visitor_with_consent_is_known_again_the_next_day(store, story):
    story.visitor("dana", at="2026-03-08 10:00", consented=True).view("/").wait(2 * 3600).view("/")
    story.visitor("dana", at="2026-03-10 10:00", consented=True).view("/")
    assert [row[1:] for row in rows(store, "select day, previous_day, visitors from visitor_days order by day")] == \
        [(-1, 1), (20520, 1)]


def test_an_older_day_that_comes_late_is_put_between(store, story):
    story.visitor("dana", at="2026-03-10 10:00", consented=True).view("/")
    story.tell()
    story.visitor("dana", at="2026-03-09 10:00", consented=True).view("/late").send(delay=30 * 3600)
    assert rows(store, "select * from visitor_days") == [(1, 20521, -1, 1), (1, 20522, 20521, 1)]
    assert sessions(store, "day, previous_day") == [(20521, None), (20522, 20521)]


def test_a_batch_of_several_days_after_a_restart_counts_a_visitor_once_a_day(store, story):
    story.visitor("dana", at="2026-03-05 10:00", consented=True).view("/")
    story.restart()
    story.visitor("dana", at="2026-03-05 16:00", consented=True).view("/")
    story.visitor("avi", at="2026-03-08 10:00").view("/")
    assert rows(store, "select day, previous_day, visitors from visitor_days") == [(20517, -1, 1), (20520, -1, 1)]
    assert sessions(store, "day, previous_day") == [(20517, None), (20517, None), (20520, None)]


def test_the_hours_of_a_day_with_a_clock_change_are_23_and_25(store, story):
    # Jerusalem 2026: forward on 27 March at 02:00, back on 25 October at 02:00.
    story.visitor("spring", at=1774558800000 + 2 * HOUR).view("/")  # 01:00 is hour 1; this is 03:00, hour 2
    story.visitor("autumn", at=1792875600000 + 2 * HOUR).view("/")  # the second 01:00
    assert rows(store, "select date(day * 86400, 'unixepoch'), hour from sessions order by id") == \
        [("2026-03-27", 1), ("2026-10-25", 2)]


def test_a_page_closed_hours_later_starts_no_session_when_nothing_was_done(store, story):
    story.visitor("dana").view("/").wait(7200).stay(0).vitals(lcp=900)
    assert sessions(store) == [(1, 1)]
    assert ledger(store) == {"idle": 2}


def test_a_page_read_on_hours_later_is_a_new_session(store, story):
    story.visitor("dana", referrer="https://www.google.com/").view("/").wait(7200).stay(60)
    assert sessions(store, "views, engaged_ms, bounce") == [(1, 0, 1), (0, 60_000, 0)]


@pytest.mark.parametrize("tell, bounce", [
    (lambda dana: dana.stay(9), 1), (lambda dana: dana.stay(10), 0), (lambda dana: dana.click("Buy"), 0),
    (lambda dana: dana.event("play"), 0), (lambda dana: dana.field("search", "q"), 0), (lambda dana: dana.view("/b"), 0),
    (lambda dana: dana.vitals(lcp=1).error("x").exposed("short-checkout", "short"), 1)])
def test_a_bounce_is_one_short_view_and_nothing_done(store, story, tell, bounce):
    tell(story.visitor("dana").view("/"))
    assert sessions(store, "bounce") == [(bounce,)]


def test_an_exposure_that_comes_late_keeps_the_time_it_happened(store, story):
    dana = story.visitor("dana").view("/checkout").exposed("short-checkout", "short")
    late = dana.events.pop()
    dana.purchase(100).send()
    dana.events = [late]
    assert rows(store, "select type, at - value from events where number = 3") == [(12, 2_001)]  # behind the purchase


def test_engaged_time_and_the_deepest_scroll_add_up_by_view(store, story):
    story.visitor("dana").view("/").stay(4, scroll=30).stay(3, scroll=80).stay(1, scroll=10).view("/").stay(2, scroll=20)
    assert rows(store, "select views, engaged_ms, scroll, scrolled from page_days") == [(2, 10_000, 100, 2)]
    assert rows(store, "select trail from sessions") == [("/0001",)]


def test_source_and_client_stand_with_the_session(store, story):
    story.visitor("dana", referrer="https://chatgpt.com/", device="mobile", country="FR", language="fr-CA").view("/")
    names = dict(rows(store, "select id, text from names"))
    found = sessions(store, "source, channel, referrer, country, language, device, browser, os")[0]
    assert [names[each] for each in found] == \
        ["chatgpt", "AI Assistants", "chatgpt.com", "FR", "fr", "mobile", "Safari", "iOS"]


def test_the_clock_of_the_sender_counts_only_for_differences(store, story):
    dana = story.visitor("dana").view("/")
    dana.at += 5_000
    dana.send()
    record = story.records.pop()
    batch = json.loads(record.body)
    for event in batch["events"]:
        event["at"] += 999 * HOUR
    batch["sent_at"] += 999 * HOUR
    story.records.append(spool.Received(**{name: getattr(record, name) for name in record.__struct_fields__}
                                        | {"body": json.dumps(batch).encode()}))
    assert rows(store, "select at from events") == [(NOW - HOUR,)]


@pytest.mark.parametrize("ago, kept", [(-10 * MINUTE, -5 * MINUTE), (47 * HOUR, 47 * HOUR), (100 * HOUR, 48 * HOUR)])
def test_times_are_held_within_two_days_back_and_five_minutes_ahead(store, story, ago, kept):
    dana = story.visitor("dana", at=NOW).view("/first")
    story.tell()
    dana.raw({"type": "click", "element": "a", "at": dana.at - ago})
    sent_at = dana.at
    assert rows(store, "select at from events where type = 3") == [(sent_at - kept,)]


# -- once

def test_the_same_delivery_twice_is_stored_once(store, story):
    story.visitor("dana").view("/").stay(20).click("Buy").purchase(12.5, "T1")
    story.tell()
    before = everything(store)
    story.again()
    after = everything(store)
    assert ledger(store) == {"duplicate": 4}
    assert {table: before[table] for table in COUNTED} == {table: after[table] for table in COUNTED}


def test_a_delivery_repeated_after_a_restart_is_stored_once(store, story):
    story.visitor("dana").view("/").stay(20).click("Buy")
    story.restart()
    story.again()
    assert sessions(store) == [(1, 3)] and ledger(store) == {"duplicate": 3}


def test_a_purchase_counts_once_for_a_transaction(store, story):
    dana = story.visitor("dana").view("/thanks").purchase(100, "T1").purchase(100, "T1").purchase(50, "T2")
    story.tell()
    dana.wait(7200).view("/thanks").purchase(100, "T1").purchase(7)
    assert sessions(store, "purchases, revenue, conversions") == [(2, 15_000, 1), (1, 700, 1)]
    assert rows(store, "select events, value from event_days where kind = 9") == [(5, 15_700)]


def test_another_currency_counts_without_its_amount(store, story):
    story.visitor("dana").view("/").purchase(10).purchase(99, currency="USD").event("add_to_cart", value=5, currency="EUR")
    assert sessions(store, "purchases, revenue") == [(2, 1_000)]
    assert ledger(store) == {"other_currency": 1}


def test_amounts_are_minor_units_of_the_currency(store, story):
    yen = sites.add(store, "Yen", "yen.example", currency="JPY", key="yen")
    dinar = sites.add(store, "Dinar", "dinar.example", currency="KWD", key="dinar")
    story.visitor("dana").view("/").purchase("19.90")
    story.visitor("dana", site=yen).view("/").purchase(1200)
    story.visitor("dana", site=dinar).view("/").purchase(1.234)
    assert rows(store, "select revenue from sessions order by site_id") == [(1990,), (1200,), (1234,)]


# -- the policy

def test_opt_outs_are_counted_and_nothing_else_is_kept(store, story):
    story.visitor("dana", opt_out="gpc").view("/").click("Buy")
    story.visitor("omer").opt_out("dnt").send()
    story.tell()
    assert ledger(store) == {"gpc": 2, "dnt": 2}  # a view that came with an opt-out is left out with it
    assert sessions(store) == []


def test_robots_are_counted_by_kind(store, story):
    story.visitor("crawler", bot="search").view("/").view("/a")
    story.visitor("strange", bot="unheard of").view("/")
    assert sessions(store) == [] and ledger(store) == {"bot:search": 2, "bot:other": 1}


@pytest.mark.parametrize("rule, sender", [("gpc", {"opt_out": "gpc"}), ("dnt", {"opt_out": "dnt"}), ("bot", {"bot": "ai"})])
def test_each_rule_can_be_switched_off_for_a_site(store, site, story, rule, sender):
    with store.facts as db:
        db["sites"].update(site.id, {"exclusions_off": rule})
    story.visitor("dana", **sender).view("/")
    assert sessions(store) == [(1, 1)] and ledger(store) == {}


def test_a_refused_event_is_kept_scrubbed_with_its_reason(store, story):
    story.visitor("dana").view("/").raw({"type": "click", "element": "a", "label": "x" * 101,
                                         "to": "mailto:dana@example.com"}).click("Buy")
    assert sessions(store) == [(1, 2)] and ledger(store) == {"rejected": 1}
    (field, reason, event), = rows(store, "select field, reason, event from rejected")
    assert field == "label" and "100 characters" in reason
    assert "dana@example.com" not in event and "[x]" in event


def test_of_a_flood_of_refused_events_some_are_kept_and_all_counted(store, story, monkeypatch):
    monkeypatch.setattr("collector.memory.MOST_REJECTED", 3)
    flood = story.visitor("flood").view("/")
    for _ in range(4):
        flood.raw({"type": "no such"})
    story.restart()
    flood.raw({"type": "no such"})
    assert ledger(store) == {"rejected": 5}
    assert rows(store, "select count(*) from rejected") == [(3,)]


def test_an_event_number_beyond_reason_is_left_out(store, story):
    story.visitor("dana").view("/").raw({"type": "click", "element": "a", "n": 1_000_000})
    assert sessions(store) == [(1, 1)] and ledger(store) == {"too_many": 1}


def test_no_personal_text_reaches_the_tables(store, story):
    story.visitor("dana", referrer="https://mail.example/dana@example.com").view(
        "/reset/dana@example.com?token=abc", title="שלום dana@example.com") \
        .click("4111 1111 1111 1111").event("signup", email="dana@example.com", id="ת״ז 123456782") \
        .error("cannot POST /login?password=hunter2")
    text = str(everything(store))
    for secret in ("dana@example", "4111", "123456782", "hunter2", "token=abc"):
        assert secret not in text
    assert rows(store, "select path from pages") == [("/reset/[x]",)]


def test_pages_of_another_host_keep_it(store, story):
    story.visitor("dana").view("https://www.shop.example/a?x=1#y").view("https://blog.example/a").view("/#/cart?x=1")
    assert rows(store, "select path from pages order by id") == [("/a",), ("blog.example/a",), ("/#/cart",)]


def test_goals_are_events_and_page_patterns(store, site, story):
    with store.facts as db:
        db["goals"].insert_all([
            {"site_id": site.id, "name": "Thanks", "kind": "page", "pattern": "/thank-you*", "created_at": 0},
            {"site_id": site.id, "name": "Sign-up", "kind": "event", "pattern": "sign_up", "created_at": 0}])
    story.visitor("dana").view("/").view("/thank-you/he").event("sign_up").event("sign_up")
    story.visitor("omer").view("/thanks")
    assert sessions(store, "goals, conversions") == [(",2,3,", 1), ("", 0)] or \
        sorted(sessions(store, "goals, conversions")) == [("", 0), (",2,3,", 1)]
    assert rows(store, "select value, sessions from session_days where dimension = 15") == [(2, 1), (3, 1)]


def test_new_pages_beyond_the_days_limit_are_other(store, story, monkeypatch):
    monkeypatch.setattr("collector.memory.MOST_NEW_PAGES", 2)
    story.visitor("flood").view("/1").view("/2").view("/3").view("/4")
    story.restart()
    story.visitor("more").view("/5").view("/1")
    assert rows(store, "select path from pages order by id") == [("/1",), ("/2",), ("[other]",)]


def test_the_first_event_is_noted_on_the_site(store, site, story):
    assert sites.by_key(store, site.key).first_event_at is None
    story.visitor("robot", bot="seo", at=NOW - HOUR).view("/")
    assert sites.by_key(store, site.key).first_event_at is None
    story.visitor("dana", at=NOW).view("/").send()
    story.visitor("omer", at=NOW + HOUR).view("/")
    assert sites.by_key(store, site.key).first_event_at == NOW + 1000


# -- forms

def test_a_form_left_is_an_abandon_until_it_is_submitted(store, story):
    dana = story.visitor("dana").view("/checkout").form("checkout", "view").field("checkout", "name") \
        .field("checkout", "phone", hesitation_ms=700, corrections=2, returned=True).abandon("checkout", "phone")
    story.tell()
    forms = "select views, starters, submitters, abandons from form_days"
    last = "select n.text from field_days join names n on n.id = field where last_fields"
    assert rows(store, forms) == [(1, 1, 0, 1)] and rows(store, last) == [("phone",)]
    dana.wait(60).view("/checkout").field("checkout", "card").submit("checkout")
    assert rows(store, forms) == [(1, 1, 1, 0)] and rows(store, last) == []
    assert rows(store, "select stays, corrections, returns, hesitations, hesitation_ms from field_days "
                       "join names n on n.id = field where n.text = 'phone'") == [(1, 2, 1, 1, 700)]


def test_a_goal_reached_since_the_start_is_no_abandon(store, story):
    story.visitor("dana").view("/checkout").form("checkout", "start").purchase(10).abandon("checkout", "card")
    story.visitor("omer").view("/checkout").form("checkout", "start").abandon("checkout", "card").wait(5).purchase(10)
    story.visitor("gil").view("/").purchase(10).view("/news").form("news", "start").abandon("news", "mail")
    assert rows(store, "select n.text, abandons from form_days join names n on n.id = form order by 1") == \
        [("checkout", 0), ("news", 1)]


def test_autofilled_and_pasted_fields_say_nothing_about_hesitation(store, story):
    story.visitor("dana").view("/").field("f", "a", hesitation_ms=100, autofilled=True) \
        .field("f", "a", hesitation_ms=300, pasted=True).field("f", "a", hesitation_ms=500).invalid("f", "a")
    assert rows(store, "select sessions, stays, hesitations, hesitation_ms, autofills, pastes, errors from field_days") == \
        [(1, 3, 1, 500, 1, 1, 1)]


# -- whatever happens

COUNTED = ("events", "sessions", "session_pages", "visitor_days", "hours", "session_days", "page_days",
           "event_days", "form_days", "field_days", "orders", "names", "pages")


def everything(store, tables=TABLES):
    with store.facts as db:
        return {table: list(map(tuple, db.execute(f"select * from {table}"))) for table in tables}


VISITS = st.lists(st.tuples(
    st.sampled_from("abc"), st.integers(0, 3 * 24 * 60), st.booleans(),
    st.lists(st.sampled_from((
        ("view", "/"), ("view", "/cart"), ("view", "/גיטרות"), ("stay", 3), ("stay", 15), ("wait", 20 * 60), ("wait", 31 * 60),
        ("click", "Buy"), ("rage", "Buy"), ("quick_back",), ("error", "x is undefined"), ("event", "play"),
        ("field", "f", "a"), ("invalid", "f", "a"), ("form", "f", "start"), ("submit", "f"), ("abandon", "f", "a"),
        ("purchase", 10, "T1"), ("purchase", 5), ("vitals",), ("send",))), min_size=1, max_size=12)),
    min_size=1, max_size=6)


def told(directory, visits, restart):
    """A store to which these visits were told; with `restart`, by a new loader for every message."""
    directory.mkdir()
    store = ListeningStore(directory / "netiv.db")
    store.migrate()
    story = Story(store, sites.add(store, "Guitars", "shop.example", key="guitars"), directory / "spool")
    for name, minute, consented, steps in visits:
        visitor = story.visitor(name, at=1774461600000 + minute * MINUTE, consented=consented)  # two days before summer time
        for step, *values in steps:
            getattr(visitor, step)(*values)
    for teller in story.tellers:
        teller.send()
    records = sorted(story.records, key=lambda record: record.received_at)
    for each in ([record] for record in records) if restart else [records]:
        story.tellers, story.records = [], each
        story.tell()
        if restart:
            story.restart()
    story.close()
    return store


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=VISITS)
def test_totals_are_what_the_events_add_up_to_and_a_restart_changes_nothing(tmp_path_factory, visits):
    directory = tmp_path_factory.mktemp("random")
    whole = told(directory / "whole", visits, restart=False)
    apart = told(directory / "apart", visits, restart=True)
    with whole.facts as db:
        assert differences(db.conn) == {}
    try:
        assert everything(whole, COUNTED) == everything(apart, COUNTED)
    finally:
        whole.close()
        apart.close()


def test_a_write_that_fails_is_done_again_as_if_nothing_had_been(store, story, monkeypatch):
    story.visitor("dana").view("/").click("Buy")
    story.tell()
    write = store.write
    monkeypatch.setattr(store, "write", lambda *_: (_ for _ in ()).throw(StoreBusy("full")))
    story.visitor("dana", at=NOW).view("/cart").send()
    with pytest.raises(StoreBusy):
        story.tell()
    monkeypatch.setattr(store, "write", write)
    story.loader.drain()
    assert rows(store, "select sum(views) from sessions") == [(2,)]
    with store.facts as db:
        assert differences(db.conn) == {}


def test_a_locked_database_says_busy_and_takes_the_same_later(store, site, monkeypatch):
    monkeypatch.setattr("collector.storage.sqlite.PRAGMAS", ("busy_timeout=50",))
    changes = Changes({"names": [(2, "x")]})
    with store.facts:
        with pytest.raises(StoreBusy):
            store.write(changes, {"a": 1})
    store.write(changes, {"a": 1})
    assert rows(store, "select segment, offset from positions") == [("a", 1)]


def test_a_message_that_meets_a_mistake_of_ours_does_not_hold_up_the_others(store, story, monkeypatch, caplog):
    def break_on_cart(work, arrival):
        if "/cart" in arrival.batch.pages[0].url:
            raise ZeroDivisionError
    monkeypatch.setattr(loader, "STEPS", (*loader.STEPS[:3], break_on_cart, *loader.STEPS[3:]))
    story.visitor("dana").view("/").view("/cart").view("/b")
    assert sessions(store) == [(2, 2)] and ledger(store) == {"rejected": 1}
    assert "a message of site guitars is left out" in caplog.text


# -- processes

def _bulk(directory, count):
    """A spool of `count` messages of three events each, and a site for them."""
    from collector.prepare import prepare
    store = prepare(directory)
    site = sites.add(store, "Guitars", "shop.example", key="guitars")
    story = Story(store, site, directory / "spool")
    for number in range(count):
        story.visitor(f"v{number % 50}", at=NOW + number * 20_000).view(f"/{number % 7}").stay(5).click("Buy").send()
    for record in sorted(story.records, key=lambda record: record.received_at):
        story.spool.append(record)
    story.close()
    store.close()


def _start(directory):
    return subprocess.Popen([sys.executable, "-m", "collector.loader", str(directory)], stdin=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[1])


def _wait_for(directory, events):
    store = ListeningStore(directory / "netiv.db")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = rows(store, "select count(*) from events")[0][0]
        if found >= events:
            break
        time.sleep(0.05)
    return store, found


@pytest.mark.fault
def test_a_loader_killed_again_and_again_loses_nothing_and_counts_nothing_twice(tmp_path, monkeypatch):
    count = 1500
    _bulk(tmp_path, count)
    for milliseconds in (300, 350, 400, 450, 500, 550):
        process = _start(tmp_path)
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
    process = _start(tmp_path)
    store, found = _wait_for(tmp_path, 3 * count)
    process.terminate()
    assert process.wait(timeout=10) in STOPPED
    assert found == 3 * count and ledger(store) == {}
    with store.facts as db:
        assert differences(db.conn) == {}
    store.close()


@pytest.mark.fault
def test_of_two_loaders_one_waits_and_takes_over(tmp_path):
    _bulk(tmp_path, 20)
    first, second = _start(tmp_path), _start(tmp_path)
    store, found = _wait_for(tmp_path, 60)
    assert found == 60
    for process in (first, second):
        assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=10) in STOPPED
    assert rows(store, "select count(*), sum(events) from sessions where events > 0")[0][1] == 60
    store.close()


def _die_within_a_transaction(directory):
    store = ListeningStore(Path(directory) / "netiv.db")
    take_out = loader.Loader.write

    def write(self, changes, positions):
        changes.rows["hours"] = _until_half(changes.rows["hours"])
        take_out(self, changes, positions)
    loader.Loader.write = write
    loader.drain(store, Path(directory) / "spool")


def _until_half(rows_of_hours):
    yield rows_of_hours[0]
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.fault
def test_a_loader_killed_within_a_transaction_leaves_nothing_of_it(tmp_path):
    _bulk(tmp_path, 10)
    process = multiprocessing.get_context("spawn").Process(target=_die_within_a_transaction, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    store = ListeningStore(tmp_path / "netiv.db")
    assert rows(store, "select (select count(*) from events), (select count(*) from positions)") == [(0, 0)]
    loader.drain(store, tmp_path / "spool")
    assert rows(store, "select count(*) from events") == [(30,)]
    store.close()
