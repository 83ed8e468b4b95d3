"""The demo's four experiments: what was dealt out is what is counted, and nobody sees a variant that is not theirs."""

import json

import pytest

from experiments import assignment, demo, register
from tools.demo_doc import NOW, counted, dealt
from tools.demo_doc import demo as filled_demo


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    store, site, _ = filled_demo(tmp_path_factory.mktemp("demo") / "data")
    yield store, site
    store.close()


@pytest.mark.parametrize("place", range(len(demo.TRUTHS)), ids=lambda place: demo.TRUTHS[place].key)
def test_what_was_dealt_out_is_what_is_counted(filled, place):
    store, site = filled
    true = dealt(site)[place]
    assert counted(store, site, true.truth) == (true.visitors, true.converted)


def test_the_lift_is_what_the_truth_says(filled):
    for each in dealt(filled[1]):
        control, treated = (did / of for of, did in zip(each.visitors, each.converted))
        if not each.truth.cached:
            # one visitor more or less is as near as whole people can come
            assert treated / control == pytest.approx(1 + each.truth.lift, abs=2 / min(each.converted))


def test_every_visitor_saw_the_variant_that_the_published_hash_gives(filled):
    store, site = filled
    for truth in demo.TRUTHS:
        record = register.by_key(store, site, truth.key)
        with store.transaction() as connection:
            rows = connection.execute("select unit, variant from exposures where experiment_id = ?", [record.id]).fetchall()
        assert len(rows) > 200
        assert [variant for unit, variant in rows] == [assignment.variant_for(record.split, str(unit)) for unit, _ in rows]


def test_each_stands_where_its_story_says(filled):
    store, site = filled
    assert {record.key: record.state for record in register.all_of(store, site)} == {
        "short-checkout": "decided", "category-order": "decided", "no-voucher": "stopped", "no-dead-button": "running"}
    decided = register.by_key(store, site, "short-checkout")
    assert decided.decision["decision"] == "ship" and decided.started_at == NOW - 58 * demo.DAY
    assert json.dumps(decided.decision)  # what history shows
