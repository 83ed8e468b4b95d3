"""docs/http-api.md says what the code does: its example works, and no field, limit or answer is missing."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from collector import limits, message, views
from collector.message import AnyEvent, Batch, Event, Page, parse

DOC = (Path(__file__).resolve().parents[1] / "docs/http-api.md").read_text(encoding="utf-8")
TYPES = AnyEvent.__args__


def row_of(kind):
    return next(line for line in DOC.splitlines() if line.startswith(f"| `{kind}` |"))


def test_the_example_is_taken_as_it_stands():
    batch, refused = parse(re.search(r"-d '(\{.*?\})'\n", DOC, re.DOTALL)[1].encode())
    assert refused == []
    assert batch.events[0].name == "purchase"


def test_answers_shown_are_json():
    for block in re.findall(r"```json\n(.*?)```", DOC, re.DOTALL):
        json.loads(block)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__struct_config__.tag)
def test_every_field_of_every_type_is_described(kind):
    row = row_of(kind.__struct_config__.tag)
    own = set(kind.__struct_fields__) - set(Event.__struct_fields__)
    assert {name for name in own if f"`{name}`" not in row} == set()


def choices(part):
    """Values of a Literal anywhere in a type."""
    if isinstance(part, msgspec.inspect.LiteralType):
        return set(part.values)
    return set()


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__struct_config__.tag)
def test_every_choice_is_named(kind):
    row = row_of(kind.__struct_config__.tag)
    for field in msgspec.inspect.type_info(kind).fields:
        assert {value for value in choices(field.type) if value and f"`{value}`" not in row} == set()


@pytest.mark.parametrize("part", [Batch, Page, Event])
def test_every_field_of_the_message_is_described(part):
    for name in part.__struct_fields__:
        assert row_of(name)


def test_every_answer_is_listed():
    source = Path(views.__file__).read_text(encoding="utf-8")
    for status in {*re.findall(r"Refusal\((\d+)", source), "202"}:
        assert f"\n| {status} |" in DOC


def test_limits_are_those_of_the_code():
    assert f"At most {limits.BODY_BYTES >> 10} kB on the wire, {limits.UNPACKED_BYTES >> 20} MB unpacked, " \
           f"nested {message.MAX_DEPTH} deep" in DOC
    assert f"1–{message.MAX_EVENTS} |" in row_of("events") and f"1–{message.MAX_PAGES} |" in row_of("pages")
    assert f"over {limits.REQUESTS_PER_SECOND:.0f} requests a second" in DOC
    for name, longest in (("title", 300), ("user", 64), ("language", 35)):
        assert f"{longest} characters" in row_of(name)
        with pytest.raises(message.BadMessage):
            parse(example(**{name: "x" * (longest + 1)}))
        assert parse(example(**{name: "x" * longest}))


def example(**more):
    page = {"view": "a1b2c3d4", "url": "/", **{name: more.pop(name) for name in ("title",) if name in more}}
    return json.dumps({"sent_at": 1, "pages": [page], "events": [{"type": "pageview", "n": 0, "at": 1}], **more}).encode()
