"""The page of stages and touchpoints: what is shown, saved, refused at its field, and left to be translated."""

import re
from html import unescape

import pytest

from collector import journey_register as register
from collector import presets, stages
from tests.office import office  # noqa: F401

PATH = "/sites/shop/journey"


@pytest.fixture
def journey(office):
    return register.add(office.store, office.shop, stages.as_dict(presets.preset("shop")), "dana@shop.example", confirmed=False)


def form(browser, language="en"):
    """The fields of the page as a browser would send them back."""
    page = browser.get(PATH, headers={"Accept-Language": language}).text.partition('<form class="stack"')[2]
    fields = {}
    for name, kind, value in re.findall(r'<input [^>]*?name="([^"]+)" (?:type="(\w+)" )?value="([^"]*)"', page):
        if kind != "checkbox" and "checkbox" not in name:
            fields[name] = unescape(value)
    for tag in re.findall(r"<input [^>]*>", page):
        if 'type="checkbox"' not in tag and (named := re.search(r'name="([^"]+)"', tag)):
            fields[named[1]] = unescape((re.search(r'value="([^"]*)"', tag) or ["", ""])[1])
        elif named := re.search(r'name="([^"]+)"', tag):
            fields.pop(named[1], None)
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', options)[1]
    return fields


def save(browser, fields, language="en"):
    return browser.post(PATH, {**fields, "do": "save"}, headers={"Accept-Language": language})


def test_a_guess_that_is_saved_is_confirmed_and_stays_the_same(office, journey):
    owner = office.as_("owner")
    assert "This is a guess." in owner.get(PATH).text
    answer = save(owner, form(owner))
    saved = register.by_key(office.store, office.shop)
    assert answer.status_code == 302 and saved.confirmed_at and saved.journey == journey.journey
    assert "This is a guess." not in owner.get(PATH).text


def test_names_of_a_preset_stay_to_be_translated_whoever_saves(office, journey):
    owner = office.as_("owner")
    fields = form(owner, "he")
    assert fields["stages[0].name"] == "מודעות למותג"
    fields["stages[1].name"] = "חיפוש גיטרה"
    save(owner, fields, "he")
    names = [stage.name for stage in register.by_key(office.store, office.shop).journey.stages]
    assert names == ["Awareness", "חיפוש גיטרה", "Purchase", "Retention", "Advocacy"]


def test_touchpoints_move_go_and_come_and_keep_their_numbers(office, journey):
    owner = office.as_("owner")
    fields = form(owner)
    fields |= {"stages[0].touchpoints[1].place": "1", "stages[0].touchpoints[0].place": "2", "stages[0].touchpoints[2].stage": "advocacy",
               "stages[0].touchpoints[3].remove": "1", "stages[4].new": "Word of mouth", "stages[0].place": "2", "stages[1].place": "1",
               "new_stage": "After that"}
    assert save(owner, fields).status_code == 302
    found = register.by_key(office.store, office.shop).journey
    numbers = {touchpoint.key: touchpoint.number for touchpoint in journey.journey.touchpoints}
    by_stage = {stage.key: [touchpoint.key for touchpoint in stage.touchpoints] for stage in found.stages}
    assert list(by_stage) == ["consideration", "awareness", "purchase", "retention", "advocacy", "after-that"]
    assert by_stage["awareness"] == ["ads", "search", "recommended", "own-links", "direct"]
    assert by_stage["advocacy"] == ["share", "community", "social", "word-of-mouth"]
    assert all(numbers.get(touchpoint.key, touchpoint.number) == touchpoint.number for touchpoint in found.touchpoints)
    fields = form(owner)
    assert "Videos" in owner.get(PATH).text  # offered again
    save(owner, fields | {"stages[1].typical": "videos"})
    again = next(each for each in register.by_key(office.store, office.shop).journey.touchpoints if each.key == "videos")
    assert again.rules and again.number > max(numbers.values())


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(office, journey):
    owner = office.as_("owner")
    fields = form(owner)
    fields |= {"stages[0].touchpoints[0].rules[3].kind": "page", "stages[0].touchpoints[0].rules[3].value": "blog",
               "stages[1].name": ""}
    answer = save(owner, fields)
    assert answer.status_code == 400 and register.by_key(office.store, office.shop).version == 1
    assert 'id="stages[0].touchpoints[0].rules[3].value-error"' in answer.text and "has no slash" in answer.text
    assert "<bdi>Awareness · Search results</bdi>: <a" in answer.text  # and over the form, where that is
    assert 'href="/sites/shop/journey" aria-current="page"' in answer.text
    assert 'value="blog"' in answer.text and 'id="stages[1].name-error"' in answer.text


def test_whoever_comes_second_loses_nothing_of_the_first(office, journey):
    owner = office.as_("owner")
    fields = form(owner)
    save(owner, fields | {"stages[0].name": "First"})
    answer = save(owner, fields | {"stages[0].name": "Second"})
    assert answer.status_code == 409 and "dana@shop.example" in answer.text and "Second" in answer.text
    assert register.by_key(office.store, office.shop).journey.stages[0].name == "First"


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "-", ""])
def test_a_version_that_is_no_number_is_a_stale_one(office, journey, typed):
    owner = office.as_("owner")
    fields = form(owner)
    number = next(field for field in fields if field.endswith("].number"))
    answer = save(owner, fields | {"version": typed, number: typed})
    assert answer.status_code == 409 and register.by_key(office.store, office.shop).version == 1


def test_a_site_without_a_journey_begins_with_a_preset(office):
    owner = office.as_("owner")
    assert "Begin with a preset" in owner.get(PATH).text
    owner.post(PATH, {"do": "preset", "preset": "action"})
    assert [stage.key for stage in register.by_key(office.store, office.shop).journey.stages][3] == "action"


def test_a_rule_that_matches_nothing_says_so(office, journey):
    assert "matches nothing" in office.as_("viewer").get(PATH).text


def test_the_past_is_asked_for(office, journey):
    office.as_("owner").post(PATH, {"do": "wish", "journey": "main"})
    assert [row.journey_id for row in office.store.ask("collector/walk_wishes")] == [journey.id]
