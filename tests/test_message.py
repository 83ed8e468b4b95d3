"""The wire format says yes and no by tests/golden/messages.json."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.message import MAX_DEPTH, BadMessage, _deeper_than, parse

GOLDEN = json.loads((Path(__file__).parent / "golden/messages.json").read_text(encoding="utf-8"))


def body(vector):
    if "text" in vector:
        return vector["text"].encode()
    message = dict(vector["body"])
    message["events"] = message.get("events", []) * vector.get("repeat", 1)
    return json.dumps(message, ensure_ascii=False).encode()


def beside(event):
    """A batch of a good event, `event`, and a good one again."""
    good = {"type": "custom", "n": 0, "at": 1, "name": "fine"}
    return json.dumps({"sent_at": 1, "pages": [{"view": "a1b2c3d4", "url": "/"}], "events": [good, event, good]}).encode()


@pytest.mark.parametrize("vector", GOLDEN["good"], ids=lambda vector: vector["name"])
def test_a_good_message_is_taken_whole(vector):
    text = body(vector)
    batch, refused = parse(text)
    assert not refused
    assert len(batch.events) == len(json.loads(text)["events"])


@pytest.mark.parametrize("vector", GOLDEN["refused_events"], ids=lambda vector: vector["name"])
def test_a_bad_event_is_taken_out_alone_and_the_field_named(vector):
    batch, refused = parse(beside(vector["event"]))
    assert [event.name for event in batch.events] == ["fine", "fine"]
    assert [(each.index, each.field, each.why) for each in refused] == [(1, vector["field"], vector["message"])]
    assert json.loads(refused[0].event) == vector["event"]


@pytest.mark.parametrize("vector", GOLDEN["bad"], ids=lambda vector: vector["name"])
def test_what_is_no_message_is_refused_as_a_whole(vector):
    with pytest.raises(BadMessage) as bad:
        parse(body(vector))
    assert (bad.value.field, bad.value.why) == (vector["field"], vector["message"])


def test_a_batch_may_come_out_empty():
    batch, refused = parse(b'{"sent_at":1,"pages":[{"view":"a1b2c3d4","url":"/"}],"events":[{"type":"zip"}]}')
    assert batch.events == [] and len(refused) == 1


def test_bytes_that_are_not_utf8_refuse_only_their_event():
    text = beside({"type": "custom", "n": 1, "at": 1, "name": "HERE"}).replace(b"HERE", b"\xff\xfe")
    batch, refused = parse(text)
    assert len(batch.events) == 2
    assert refused[0].why == "is not JSON in UTF-8"


def test_a_hundred_thousand_brackets_are_no_recursion():
    with pytest.raises(BadMessage, match="deeper"):
        parse(b"[" * 100_000)


def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, (dict, list)) + max(map(depth, inner), default=0)


texts = st.text(alphabet='[]{}"\\,:a', max_size=6)
trees = st.recursive(texts, lambda tree: st.lists(tree, max_size=3) | st.dictionaries(texts, tree, max_size=3), max_leaves=12)


@given(trees, st.integers(0, 6))
def test_depth_is_what_walking_the_decoded_value_says(tree, most):
    assert _deeper_than(most, json.dumps(tree).encode()) == (depth(tree) > most)


@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_answered_with_a_reason(noise):
    with pytest.raises(BadMessage) as bad:
        parse(noise)
    assert bad.value.why


@given(trees)
def test_any_json_as_an_event_is_taken_or_refused_never_an_error(tree):
    try:
        batch, refused = parse(beside(tree))
    except BadMessage as bad:
        assert "nested" in bad.why and depth(tree) > MAX_DEPTH - 3
    else:
        assert len(batch.events) + len(refused) == 3
