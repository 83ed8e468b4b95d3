"""What the loader keeps of experiments: the first exposure of each visitor, his outcomes, and their sums, exactly once."""

import json
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import cleanup, erase, loader, memory, period, recount, sites
from tests import trials
from tests.recount import differences
from tests.story import NOW, ListeningStore, Story, _id
from tests.trials import HOUR, counted, kept

MINUTE = 60_000
START = NOW - 5 * 24 * HOUR


def rows(store, sql, *values):
    with store.facts as db:
        return [tuple(row.values()) for row in db.query(sql, values)]


def sums(store, measure, segment=""):
    """(variant, units, total) of a measure."""
    return rows(store, "select variant, sum(units), sum(total) from outcome_days where measure = ? and segment = ? "
                       "group by variant order by variant", measure, segment)


def visitors(store):
    """(variant, visitors, multiple) in all."""
    return rows(store, "select variant, sum(visitors), sum(multiple) from exposure_days where segment = '' "
                       "group by variant order by variant")


def story_id(site, name):
    return _id(site.key, name, period.day_of(NOW, site.zone))


def same(store, site, experiment, **how):
    found, expected = kept(store), counted(store, site, experiment, **how)
    for table in expected:
        assert found[table] == expected[table], table


@pytest.fixture
def experiment(store, site):
    return trials.start(store, site, START)


def test_what_a_visitor_does_after_seeing_a_variant_counts_for_it(store, site, story, experiment):
    story.visitor("dana").view("/checkout").exposed("short-checkout", "short").purchase(120).view("/thanks").purchase(30)
    story.visitor("avi").view("/checkout").exposed("short-checkout", "control")
    story.visitor("noa").view("/checkout").purchase(70)
    assert visitors(store) == [(0, 1, 0), (1, 1, 0)]
    assert sums(store, "converted:purchase") == [(1, 1, 1)]
    assert sums(store, "revenue:revenue") == sums(store, "revenue:value") == [(1, 1, 15_000)]
    assert sums(store, "orders:value") == [(1, 1, 2)]
    assert sums(store, "time_ms:time") == [(1, 1, 4_000)]
    same(store, site, experiment)


def test_what_was_done_before_does_not_count(store, site, story, experiment):
    story.visitor("dana").view("/checkout").purchase(120).exposed("short-checkout", "short")
    assert visitors(store) == [(1, 1, 0)]
    assert sums(store, "converted:purchase") == []
    same(store, site, experiment)


def test_an_order_counted_before_the_exposure_is_none_after_it(store, site, story, experiment):
    dana = story.visitor("dana").view("/checkout").purchase(120, "order-1")
    dana.exposed("short-checkout", "short").purchase(120, "order-1")
    assert sums(store, "converted:purchase") == sums(store, "orders:value") == []
    same(store, site, experiment)


def test_outcomes_of_other_sessions_count_while_the_window_is_open(store, site, story, experiment):
    dana = {"name": "dana", "consented": True}
    story.visitor(at=NOW - 80 * HOUR, **dana).view("/").exposed("short-checkout", "short")
    story.visitor(at=NOW - 20 * HOUR, **dana).view("/").purchase(10)
    story.visitor(at=NOW - 1 * HOUR, **dana).view("/").purchase(1000)
    assert sums(store, "revenue:revenue") == [(1, 1, 1000)]
    assert sums(store, "revenue:value") == []
    same(store, site, experiment)


def test_a_visitor_seen_in_two_variants_leaves_the_sums_and_is_counted_apart(store, site, story, experiment):
    dana = story.visitor("dana").view("/checkout").exposed("short-checkout", "short").purchase(120)
    dana.send()
    assert visitors(store) == [(1, 1, 0)]
    dana.exposed("short-checkout", "control").purchase(30)
    assert visitors(store) == [(1, 0, 1)]
    assert rows(store, "select count(*) from outcomes") == rows(store, "select count(*) from outcome_days") == [(0,)]
    same(store, site, experiment)


def test_an_exposure_that_comes_after_its_conversion_still_counts_it(store, site, story, experiment):
    dana = story.visitor("dana").view("/checkout").exposed("short-checkout", "short")
    late = dana.events.pop()
    dana.purchase(100).send()
    story.tell()
    dana.events = [late]
    assert sums(store, "converted:purchase") == [(1, 1, 1)]
    same(store, site, experiment)


@pytest.mark.parametrize("act, measure", [
    (lambda dana: dana.purchase(100), "converted:purchase"), (lambda dana: dana.view("/thanks"), "time_ms:time"),
    (lambda dana: dana.submit("checkout"), "converted:given-up"), (lambda dana: dana.invalid("checkout", "phone"), "form_errors:errors")])
def test_what_was_done_before_the_exposure_and_comes_after_it_is_still_before(store, site, story, experiment, act, measure):
    dana = act(story.visitor("dana").view("/checkout"))
    page, late = dana.page, dana.events
    dana.events = []
    dana.view("/checkout").exposed("short-checkout", "short").send()
    story.tell()
    dana.page, dana.events = page, late
    assert sums(store, measure) == []
    same(store, site, experiment)
    list(recount.run(store, experiment, lambda: story.loader))
    assert sums(store, measure) == []


def test_an_earlier_exposure_that_comes_late_moves_the_window(store, site, story, experiment):
    dana = {"name": "dana", "consented": True}
    story.visitor(at=NOW - 3 * HOUR, **dana).view("/").exposed("short-checkout", "short").purchase(10)
    story.tell()
    assert sums(store, "revenue:value") == [(1, 1, 1000)]
    story.visitor(at=NOW - 9 * HOUR, **dana).view("/").exposed("short-checkout", "short").send(delay=9 * 3600)
    assert sums(store, "revenue:value") == []  # the window of two hours is over before the purchase
    assert sums(store, "revenue:revenue") == [(1, 1, 1000)]
    same(store, site, experiment)


def test_everything_delivered_twice_counts_once(store, site, story, experiment):
    story.visitor("dana").view("/").exposed("short-checkout", "short").purchase(10).event("play").event("play")
    before = kept(story.store)
    story.restart()
    story.again()
    assert kept(store) == before and sums(store, "count:plays") == [(1, 1, 2)]


def test_segments_are_those_of_the_first_exposure(store, site, story, experiment):
    story.visitor("dana", device="mobile", country="FR", referrer="https://www.google.com/").view("/").exposed(
        "short-checkout", "short").purchase(10)
    found = rows(store, "select segment, coalesce(text, '') from exposure_days left join names on names.id = value "
                        "where segment not in ('', 'seen_before') order by segment")
    assert found == [("browser", "Safari"), ("channel", "Organic Search"), ("country", "FR"), ("device", "mobile")]
    assert rows(store, "select value, visitors from exposure_days where segment = 'seen_before'") == [(0, 1)]


def test_what_a_returning_visitor_did_before_is_kept_beside(store, site, story, experiment):
    dana = {"name": "dana", "consented": True}
    story.visitor(at=NOW - 50 * HOUR, **dana).view("/").purchase(25).event("play").event("play")
    story.visitor(at=NOW - 1 * HOUR, **dana).view("/").event("play").exposed("short-checkout", "short").purchase(10).event("play")
    assert sums(store, "before:revenue", "seen_before") == [(1, 1, 2500)]
    assert sums(store, "before:plays") == [(1, 1, 3)]
    same(store, site, experiment)


def test_while_paused_nobody_new_counts_but_those_inside_do(store, site, story, experiment):
    dana = story.visitor("dana", at=NOW - 2 * HOUR).view("/").exposed("short-checkout", "short")
    story.tell()
    trials.pause(store, experiment, NOW - HOUR)
    dana.wait(3600 + 60).view("/").purchase(5)
    story.visitor("avi", at=NOW - 50 * MINUTE).view("/").exposed("short-checkout", "control").purchase(7)
    story.tell()
    trials.pause(store, experiment, NOW - 30 * MINUTE, "resumed")
    story.visitor("noa", at=NOW - 20 * MINUTE).view("/").exposed("short-checkout", "control")
    assert visitors(store) == [(0, 1, 0), (1, 1, 0)]
    assert sums(store, "revenue:revenue") == [(1, 1, 500)]
    same(store, site, experiment, open=((START, NOW - HOUR), (NOW - 30 * MINUTE, None)))


def test_after_the_stop_conversions_count_until_their_window_ends(store, site, story, experiment):
    story.visitor("dana", at=NOW - 2 * HOUR, consented=True).view("/").exposed("short-checkout", "short")
    story.tell()
    trials.stop(store, experiment, NOW - HOUR)
    story.visitor("dana", at=NOW, consented=True).view("/").exposed("short-checkout", "control").purchase(5)
    story.visitor("avi", at=NOW).view("/").exposed("short-checkout", "control").purchase(5)
    assert visitors(store) == [(1, 1, 0)]
    assert sums(store, "revenue:revenue") == [(1, 1, 500)]


@pytest.mark.parametrize("key, variant", [("other", "short"), ("short-checkout", "third")])
def test_an_exposure_to_nothing_we_know_is_an_event_and_no_more(store, story, experiment, key, variant):
    story.visitor("dana").view("/").exposed(key, variant).purchase(5)
    assert rows(store, "select count(*) from events where type = 12") == [(1,)]
    assert visitors(store) == []


def test_each_exposure_belongs_to_the_epoch_it_happened_in(store, site, story):
    experiment = trials.start(store, site, START, epochs=[START, NOW - HOUR])
    story.visitor("dana", at=NOW - 2 * HOUR).view("/").exposed("short-checkout", "short")
    story.visitor("avi", at=NOW - HOUR).view("/").exposed("short-checkout", "short")
    assert rows(store, "select epoch, visitors from exposure_days where segment = '' order by epoch") == [(0, 1), (1, 1)]
    same(store, site, experiment)


def test_a_flood_of_new_texts_takes_no_room_from_a_metric(store, site, story, experiment, monkeypatch):
    monkeypatch.setattr(memory, "MOST_NEW_NAMES", 0)
    story.visitor("dana").view("/").exposed("short-checkout", "short").event("flood").event("play")
    assert sums(store, "count:plays") == [(1, 1, 1)]


def test_a_definition_that_cannot_be_read_stops_nothing(store, site, story, experiment):
    with store.facts as db:
        db.execute("update experiments set definition = '{\"variants\": 7}'")
    story.visitor("dana").view("/").exposed("short-checkout", "short")
    assert rows(store, "select count(*) from events") == [(2,)]


# -- letting go, and counting anew

def test_a_visitor_erased_is_in_no_sum(store, site, story, experiment):
    story.visitor("avi").view("/").exposed("short-checkout", "short").purchase(7)
    story.tell()
    before = kept(store)
    story.visitor("dana").view("/").exposed("short-checkout", "short").purchase(10).event("play").invalid("checkout", "phone")
    story.visitor("noa").view("/").exposed("short-checkout", "short").exposed("short-checkout", "control")
    for name in ("dana", "noa"):
        assert kept(store) != before
        erase.erase(store, site, story_id(site, name))
    assert kept(store) == before


def test_after_thirteen_months_units_go_and_their_sums_stay(store, site, story, experiment):
    story.visitor("dana").view("/").exposed("short-checkout", "short").purchase(10)
    before = kept(store)
    cleanup.clean(store, NOW + 100 * 24 * HOUR)
    assert kept(store) == before
    cleanup.clean(store, NOW + 400 * 24 * HOUR)
    assert kept(store) == before | {"exposures": set(), "outcomes": set()}


def test_what_is_kept_for_an_experiment_that_is_no_more_is_swept_up(store, site, story, experiment):
    other = trials.start(store, site, START, "price")
    for key in ("short-checkout", "price"):
        story.visitor(f"dana of {key}").view("/").exposed(key, "short").purchase(10)
    story.tell()
    before = kept(store)
    with store.facts as db:  # as if the loader had written it a moment later
        db.execute("drop trigger experiments_gone")
        db["experiments"].delete(other)
    cleanup.clean(store, NOW)
    assert kept(store) == {table: {row for row in rows if row[0] == experiment} for table, rows in before.items()}


def test_a_metric_added_while_it_runs_is_counted_from_the_start(store, site, story, monkeypatch):
    monkeypatch.setattr(recount, "AT_ONCE", 2)
    experiment = trials.start(store, site, START, metrics=(trials.PURCHASE,))
    for number in range(5):
        story.visitor(f"visitor {number}").view("/").exposed("short-checkout", ("short", "control")[number % 2]).event("play").purchase(5)
    story.visitor("noa").view("/").exposed("short-checkout", "short").exposed("short-checkout", "control").event("play")
    assert sums(store, "count:plays") == []
    trials.measure(store, experiment, trials.EVERY)
    story.visitor("late").view("/").exposed("short-checkout", "short").event("play").purchase(5)
    story.tell()
    steps = list(recount.run(store, experiment, lambda: story.loader))
    assert steps == [(0, 7), (2, 7), (4, 7), (6, 7), (7, 7), (7, 7)]
    assert sums(store, "count:plays") == [(0, 2, 2), (1, 4, 4)]
    same(store, site, experiment)


def test_a_recount_goes_on_where_it_was_stopped_while_new_events_come(store, site, story, experiment, monkeypatch):
    monkeypatch.setattr(recount, "AT_ONCE", 2)
    for number in range(5):
        story.visitor(f"visitor {number}").view("/").exposed("short-checkout", "short").event("play")
    story.tell()
    with store.facts as db:  # what the recount is to put right
        db.execute("update outcomes set value = 7 where measure = 'count:plays'")
        db.execute("update outcome_days set total = total * 7, squares_low = squares_low * 49 where measure = 'count:plays'")
    recount.ask(store, experiment)
    story.loader.recount()
    story.visitor("visitor 4", at=NOW - 1000).view("/").event("play")
    story.restart()
    for _ in range(3):
        assert len(store.ask("collector/recounts")) == 1
        story.loader.recount()
    assert store.ask("collector/recounts") == []
    assert sums(store, "count:plays") == [(1, 5, 6)]
    same(store, site, experiment)


# -- random sites, counted anew from their raw events

STEPS = st.one_of(
    st.tuples(st.just("view"), st.sampled_from(("/checkout", "/thanks", "/thanks/you"))),
    st.tuples(st.just("exposed"), st.sampled_from(("short-checkout", "price", "other")),
              st.sampled_from(("control", "short", "short", "third"))),
    st.tuples(st.just("purchase"), st.sampled_from((0, 120.5, 99)), st.sampled_from((None, "order-1", "order-2"))),
    st.tuples(st.just("event"), st.just("play")),
    st.tuples(st.just("form"), st.sampled_from(("checkout", "news")), st.sampled_from(("view", "start", "submit", "abandon"))),
    st.tuples(st.just("field"), st.just("checkout"), st.just("phone")),
    st.tuples(st.just("invalid"), st.just("checkout"), st.just("phone")),
    st.tuples(st.just("wait"), st.sampled_from((60, 2400, 4000, 30_000))))
VISITS = st.lists(st.fixed_dictionaries({
    "name": st.sampled_from(("dana", "avi")), "minutes_ago": st.integers(1, 44 * 60), "consented": st.booleans(),
    "device": st.sampled_from(("desktop", "mobile")), "steps": st.lists(STEPS, min_size=1, max_size=8)}), max_size=5)
PAUSE = (NOW - 20 * HOUR, NOW - 17 * HOUR)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS, order=st.randoms(use_true_random=False), batch_bytes=st.sampled_from((1, 600, 1 << 20)),
       again=st.lists(st.integers(0, 40), max_size=6), restart=st.integers(1, 5))
def test_any_order_of_arrival_comes_to_what_the_raw_events_say(visits, order, batch_bytes, again, restart):
    with tempfile.TemporaryDirectory() as directory:
        store = ListeningStore(Path(directory) / "netiv.db")
        store.migrate()
        site = sites.add(store, "Guitars", "shop.example", key="guitars")
        one = trials.start(store, site, START, epochs=[START, NOW - 24 * HOUR])
        other = trials.start(store, site, NOW - 30 * HOUR, "price", (trials.REVENUE, trials.GIVEN_UP))
        trials.pause(store, other, PAUSE[0])
        trials.pause(store, other, PAUSE[1], "resumed")
        story = Story(store, site, Path(directory) / "spool")
        try:
            _deliver(story, visits, order, batch_bytes, again, restart)
            found = kept(store)
            expected = [counted(store, site, one), counted(store, site, other, open=((NOW - 30 * HOUR, PAUSE[0]), (PAUSE[1], None)))]
            for table in found:
                assert found[table] == expected[0][table] | expected[1][table], table
            with store.facts as db:
                assert differences(db.conn) == {}
        finally:
            story.close()
            store.close()


def _deliver(story, visits, order, batch_bytes, again, restart):
    """Messages in any order, some of them twice, in batches, with another loader now and then."""
    sent = []
    for number, visit in enumerate(visits):
        teller = story.visitor(visit["name"] + str(visit["consented"]), at=NOW - visit["minutes_ago"] * 60_000 + number,
                               device=visit["device"], consented=visit["consented"]).view("/")
        for name, *values in visit["steps"]:
            getattr(teller, name)(*values)
            if order.random() < 0.5:
                teller.send()
        teller.send()
        sent += [(teller, record) for record in story.records]
        story.records = []
    sent += [sent[number] for number in again if number < len(sent)]
    order.shuffle(sent)
    for number, (teller, record) in enumerate(sent):
        at = NOW + number * 1000
        visitor, previous = teller._ids(at)
        body = json.dumps(json.loads(record.body) | {"sent_at": at}).encode()
        story.spool.append(msgspec.structs.replace(record, received_at=at, visitor=visitor, previous=previous, body=body))
        if number % restart == 0:
            story.loader.drain(batch_bytes)
            story.loader = loader.Loader(story.store, story.directory)
    story.loader.drain(batch_bytes)


def test_a_metric_of_a_goal_counts_the_event_or_page_that_the_goal_is(store, site, story):
    sites.add_goal(store, site, "Thanked", "page", "/thanks*")
    trials.start(store, site, START, metrics=(
        {"key": "bought", "kind": "conversion", "goal": "Purchase"}, {"key": "thanked", "kind": "count", "goal": "Thanked"},
        {"key": "unknown", "kind": "conversion", "goal": "Sign-up"}))
    story.visitor("dana").view("/checkout").exposed("short-checkout", "short").purchase(120).view("/thanks/1").view("/thanks/2")
    assert sums(store, "converted:bought") == [(1, 1, 1)]
    assert sums(store, "count:thanked") == [(1, 1, 2)]
    assert sums(store, "converted:unknown") == []


def test_when_its_goal_is_gone_a_metric_counts_nothing_and_counting_anew_makes_up_for_it(store, site, story):
    experiment = trials.start(store, site, START, metrics=({"key": "bought", "kind": "conversion", "goal": "Purchase"},))
    story.visitor("dana").view("/checkout").exposed("short-checkout", "short").purchase(120)
    assert sums(store, "converted:bought") == [(1, 1, 1)]
    with store.facts as db:
        db["goals"].delete(sites.goals(store, site)[0].id)
    story.visitor("avi").view("/checkout").exposed("short-checkout", "short").purchase(50)
    assert (visitors(store), sums(store, "converted:bought")) == ([(1, 2, 0)], [(1, 1, 1)])
    sites.add_goal(store, site, "Purchase", "event", "purchase")
    list(recount.run(store, experiment, lambda: story.loader))
    assert sums(store, "converted:bought") == [(1, 2, 2)]
