"""Reasons of ours are told in the reader's language, whatever is wrong with an event; names of ours too."""

import json
import re
from pathlib import Path

import pytest
from flask_babel import force_locale

from collector import message, sites
from journeys import labels, refusals
from tests.office import office  # noqa: F401

GOLDEN = json.loads((Path(__file__).resolve().parents[1] / "golden" / "messages.json").read_text(encoding="utf-8"))
WRONG = (None, 1, -1, 1.5, "", "x" * 3000, "keystroke", True, [], {}, 10 ** 12, 10 ** 19)
# the sender's own words, and what is written the same in both languages
THEIRS = re.compile(r"'.*'|JSON|UTF-8|true|false|null|\w+Error", re.DOTALL)


def reasons():
    """Every sentence that a wrong field of any event is refused with."""
    page = {"view": "a1b2c3d4", "url": "https://shop.example/"}
    found = {each["message"] for each in GOLDEN["refused_events"]} | {"could not be taken (KeyError)", "is not JSON in UTF-8"}
    for kind in message.AnyEvent.__args__:
        for field in (*kind.__struct_fields__, "type"):
            for value in WRONG:
                event = {"type": kind.__struct_config__.tag, "n": 0, "at": 1, "page": 0} | {field: value}
                body = json.dumps({"sent_at": 1, "pages": [page], "events": [event]}).encode()
                found |= {refused.why for refused in message.parse(body)[1]}
    return sorted(found)


def test_every_reason_is_said_in_hebrew(office):
    with office.app.test_request_context(), force_locale("he"):
        told = {reason: refusals.said(reason) for reason in reasons()}
    assert len(told) > 40
    assert {reason: text for reason, text in told.items() if re.search("[A-Za-z]", THEIRS.sub("", text))} == {}
    assert told["must be text of at most 100 characters"] == "חייב להיות טקסט של 100 תווים לכל היותר"
    assert told["cannot be 'keystroke'"] == "לא יכול להיות 'keystroke'"


def test_in_english_every_reason_stays_as_the_sender_was_told(office):
    with office.app.test_request_context(), force_locale("en"):
        assert [reason for reason in reasons() if refusals.said(reason) != reason] == []


@pytest.mark.parametrize("sentence", ["", "bot", "must", "%(right)s", "100%", "is missing a %s"])
def test_a_sentence_that_is_not_ours_stays_as_it_is(office, sentence):
    with office.app.test_request_context(), force_locale("he"):
        assert refusals.said(sentence) == sentence


def test_the_goal_that_we_named_reads_in_the_readers_language_and_those_of_the_owner_as_written(office):
    sites.add_goal(office.store, office.shop, "Newsletter", "event", "sign_up")
    with office.app.test_request_context(), force_locale("he"):
        assert (labels.label("goal", "Purchase"), labels.label("goal", "Newsletter")) == ("רכישה", "Newsletter")
    for path in ("/sites/shop/settings", "/sites/shop/goals?goal=Purchase"):
        page = office.as_("owner").get(path, headers={"Accept-Language": "he"}).text
        assert "<bdi>רכישה</bdi>" in page and "<bdi>Purchase</bdi>" not in page
