"""The life of an experiment in the store: states, history, epochs, groups, stale edits, decisions."""

import threading

import pytest

from experiments import register
from experiments.assignment import variant_for
from experiments.reading import BadExperiment, Stale
from tests.experiments.example import made, with_weights
from tests.story import NOW

DAY = 86_400_000
KEY = "short-checkout"


@pytest.fixture
def draft(store, site):
    return register.add(store, site, made(), "dana@shop.example", now=NOW)


def running(store, site, **changed):
    record = register.add(store, site, made(**changed), "dana@shop.example", now=NOW)
    return register.start(store, site, record.key, "dana@shop.example", now=NOW)


def refusal(call, *args, **options):
    with pytest.raises(BadExperiment) as caught:
        call(*args, **options)
    return caught.value


def test_a_whole_life_is_in_the_history(store, site, draft):
    steps = [(register.start, {}), (register.pause, {}), (register.resume, {}), (register.stop, {}),
             (register.decide, {"decision": "ship", "reason": "Nine orders more a day"}), (register.archive, {})]
    for at, (step, more) in enumerate(steps, 1):
        record = step(store, site, KEY, "vera", now=NOW + at * DAY, **more)
    assert (record.state, record.version) == ("archived", 7)
    assert (record.started_at, record.stopped_at, record.decided_at) == (NOW + DAY, NOW + 4 * DAY, NOW + 5 * DAY)
    assert record.decision == {"decision": "ship", "variant": "short", "reason": "Nine orders more a day", "who": "vera"}
    assert [(line.action, line.who, line.at) for line in register.history(store, record)][::-1] == [
        ("defined", "dana@shop.example", NOW)] + [
        (action, "vera", NOW + at * DAY)
        for at, action in enumerate(("started", "paused", "resumed", "stopped", "decided", "archived"), 1)]


@pytest.mark.parametrize("step", [register.pause, register.resume, register.stop, register.archive])
def test_a_step_that_does_not_follow_is_refused(store, site, draft, step):
    error = refusal(step, store, site, KEY, "dana")
    assert error.field == "state" and error.message.startswith("is draft; this is done to one that is ")
    assert register.by_key(store, site, KEY) == draft and len(register.history(store, draft)) == 1


def test_a_key_used_twice_is_refused(store, site, draft):
    error = refusal(register.add, store, site, made(), "dana")
    assert (error.field, error.message) == ("key", "short-checkout is used by another experiment of this site; choose another")


def test_nothing_is_half_saved(store, site, draft):
    refusal(register.change, store, site, KEY, with_weights(0.5, 0.6) | {"name": "Other"}, 1, "dana")
    assert register.by_key(store, site, KEY) == draft
    refusal(register.add, store, site, made(key="other", share=3), "dana")
    assert [record.key for record in register.all_of(store, site)] == [KEY]


def test_a_stale_edit_is_refused_and_says_who_was_faster(store, site, draft):
    register.change(store, site, KEY, made(name="Vera's"), 1, "vera@shop.example", now=NOW)
    error = refusal(register.change, store, site, KEY, made(name="Dana's"), 1, "dana")
    assert isinstance(error, Stale) and error.field == "version"
    assert error.message == ("is 1, and now it is 2: vera@shop.example changed it at 2026-03-10 12:00. "
                             "Nothing was saved; look at it again first")
    assert register.by_key(store, site, KEY).experiment.name == "Vera's"


def test_of_two_who_save_at_once_one_is_told(store, site, draft):
    told = []

    def save(name):
        try:
            register.change(store, site, KEY, made(name=name), 1, name)
        except Stale as error:
            told.append(error)
    people = [threading.Thread(target=save, args=[name]) for name in ("Dana", "Vera", "Omer")]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert len(told) == 2 and register.by_key(store, site, KEY).version == 2


def test_a_step_may_be_stale_too(store, site, draft):
    register.change(store, site, KEY, made(name="Other"), 1, "vera", now=NOW)
    assert isinstance(refusal(register.start, store, site, KEY, "dana", version=1), Stale)


def test_a_change_that_changes_nothing_is_no_change(store, site, draft):
    assert register.change(store, site, KEY, made(), 1, "dana") == draft


def test_history_says_what_changed(store, site, draft):
    record = register.change(store, site, KEY, made(name="Other", share=0.5), 1, "dana", now=NOW)
    assert register.history(store, record)[0].detail == {"name": ["Shorter checkout", "Other"], "share": [1.0, 0.5]}


def test_what_cannot_start_yet_is_said_all_at_once(store, site):
    mapping = made(plan={})
    del mapping["primary"]
    register.add(store, site, mapping, "dana", now=NOW)
    error = refusal(register.start, store, site, KEY, "dana", now=NOW)
    assert [each.field for each in error.errors] == ["primary", "plan.visitors"]


def test_an_end_that_has_passed_is_refused_at_the_start(store, site, draft):
    assert refusal(register.start, store, site, KEY, "dana", now=NOW + 400 * DAY).field == "plan.until"


def test_other_weights_while_it_runs_open_an_epoch_and_say_so(store, site):
    record = running(store, site)
    record = register.change(store, site, KEY, with_weights(0.2, 0.8), record.version, "dana", now=NOW + DAY)
    assert [(epoch.number, epoch.started_at, epoch.weights) for epoch in register.epochs(store, record)] == [
        (0, NOW, (0.5, 0.5)), (1, NOW + DAY, (0.2, 0.8))]
    assert register.history(store, record)[0].detail["epoch"] == [None, 1]


def test_another_name_opens_none(store, site):
    record = running(store, site)
    record = register.change(store, site, KEY, made(name="Other"), record.version, "dana")
    assert len(register.epochs(store, record)) == 1


def test_a_draft_has_no_epoch(store, site, draft):
    assert register.epochs(store, draft) == []


def test_the_hypothesis_of_a_running_test_stands(store, site):
    record = running(store, site)
    error = refusal(register.change, store, site, KEY, made(hypothesis="Other"), record.version, "dana")
    assert error.field == "hypothesis" and "once the experiment has started" in error.message


# -- groups

def test_tests_of_a_group_share_no_unit(store, site):
    records = [running(store, site, key=key, group="checkout", share=share) for key, share in (("one", 0.5), ("two", 0.3))]
    seen = [[variant_for(record.split, str(unit)) is not None for record in records] for unit in range(4000)]
    assert not any(one and two for one, two in seen)
    assert [sum(column) / 4000 for column in zip(*seen, strict=True)] == pytest.approx([0.5, 0.3], abs=0.03)


def test_a_share_that_does_not_fit_any_more_is_refused_with_what_is_free(store, site):
    running(store, site, key="one", group="checkout", share=0.7)
    error = refusal(running, store, site, key="two", group="checkout", share=0.5)
    assert error.field == "share" and "of the group checkout only 0.3 is free" in error.message
    assert register.by_key(store, site, "two").state == "draft"


def test_a_test_that_ends_leaves_its_part_of_the_line(store, site):
    running(store, site, key="one", group="checkout", share=0.7)
    register.stop(store, site, "one", "dana")
    assert register.free_share(store, site, "checkout") == 1.0
    assert running(store, site, key="two", group="checkout", share=0.9).slots == ((0.0, 0.9),)


def test_a_share_that_grows_while_it_runs_keeps_its_units(store, site):
    one = running(store, site, key="one", group="checkout", share=0.3)
    running(store, site, key="two", group="checkout", share=0.3)
    grown = register.change(store, site, "one", made(key="one", group="checkout", share=0.6), one.version, "dana")
    assert grown.slots == ((0.0, 0.3), (0.6, 0.9))
    for unit in map(str, range(2000)):
        assert variant_for(one.split, unit) in (None, variant_for(grown.split, unit))


# -- decisions, lists, deleting

@pytest.mark.parametrize("given, field", [
    ({"decision": "celebrate", "reason": "x"}, "decision"), ({"decision": "ship", "reason": " "}, "reason"),
    ({"decision": "ship", "variant": "control", "reason": "x"}, "variant")])
def test_a_decision_says_what_and_why(store, site, given, field):
    running(store, site)
    register.stop(store, site, KEY, "dana")
    assert refusal(register.decide, store, site, KEY, "dana", **given).field == field
    assert register.by_key(store, site, KEY).state == "stopped"


def test_search_finds_every_word_in_any_text(store, site, draft):
    register.add(store, site, made(key="other", name="Free delivery", hypothesis="משלוח חינם"), "dana", now=NOW)
    assert [record.key for record in register.all_of(store, site, "חינם delivery")] == ["other"]
    assert [record.key for record in register.all_of(store, site, "")] == ["other", KEY]
    assert register.all_of(store, site, "%") == [] == register.all_of(store, site, states=["running"])


def test_a_draft_is_deleted_and_nothing_else(store, site, draft):
    register.remove(store, site, KEY, "dana")
    assert register.by_key(store, site, KEY) is None
    running(store, site)
    assert refusal(register.remove, store, site, KEY, "dana").field == "state"


def test_another_sites_experiments_are_not_there(store, site, draft):
    from collector import sites
    other = sites.add(store, "Café", "cafe.example", key="cafe")
    assert register.all_of(store, other) == [] and register.by_key(store, other, KEY) is None
    assert refusal(register.start, store, other, KEY, "omer").field == "key"
