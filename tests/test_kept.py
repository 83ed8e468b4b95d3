"""Answers that are kept: given back for the same version only, and no more of them than there is room for."""

from collections import namedtuple

import pytest

from collector.storage.kept import Kept

Row = namedtuple("Row", "page views")
ROWS = [Row("/", 3), Row("/מחירון", 2**62)]


@pytest.mark.parametrize("rows", [ROWS, []])
def test_rows_come_back_as_they_were(rows):
    kept = Kept()
    kept.put("pages", [1], rows)
    assert kept.get("pages", [1]) == rows and all(isinstance(row, Row) for row in kept.get("pages", [1]))


def test_another_version_or_key_finds_nothing():
    kept = Kept()
    kept.put("pages", [1, 0], ROWS)
    assert kept.get("pages", [1, 1]) is None and kept.get("exits", [1, 0]) is None
    kept.put("pages", [1, 1], [])
    assert kept.get("pages", [1, 0]) is None and kept.get("pages", [1, 1]) == []


def test_what_was_used_longest_ago_makes_room():
    kept = Kept(most=0)
    kept.put("one", 1, ROWS)
    assert kept.get("one", 1) is None and kept.bytes == 0
    kept.most = 10_000
    kept.put("one", 1, ROWS)
    kept.most = kept.bytes * 2
    kept.put("two", 1, ROWS)
    assert kept.get("one", 1) == ROWS  # used again, so that two is older now
    kept.put("three", 1, ROWS)
    assert kept.get("two", 1) is None and kept.get("one", 1) == kept.get("three", 1) == ROWS


def test_many_answers_of_no_rows_are_no_more_than_there_is_room_for():
    kept = Kept(most=100_000)
    for number in range(1000):
        kept.put(("pages", number), 1, [])
    found = [number for number in range(1000) if kept.get(("pages", number), 1) is not None]
    assert found == list(range(1000 - len(found), 1000)) and 10 < len(found) <= 25


def test_an_answer_put_again_takes_no_more_room():
    kept = Kept()
    for version in range(3):
        kept.put("one", version, ROWS)
        size = kept.bytes if not version else size
    assert kept.bytes == size
