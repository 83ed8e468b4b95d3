"""netiv journey: from and to files, what is wrong in one, and the past."""

import json

from click.testing import CliRunner

from collector import journey_register as register
from collector import walks
from collector.day_work import DayWork
from journeys import maps
from tests.story import NOW
from wsgi import netiv

DAY = 86_400_000


def run(data_dir, *words, **more):
    return CliRunner().invoke(netiv, ["journey", *words, "--site", "guitars", "--data", str(data_dir)], **more)


def test_a_journey_is_shown_changed_in_a_file_and_taken_over(store, site, data_dir):
    assert "netiv journey preset" in run(data_dir, "show").output
    assert "version 1" in run(data_dir, "preset", "action").output
    mapping = json.loads(run(data_dir, "show").output)
    assert [stage["key"] for stage in mapping["stages"]] == ["awareness", "interest", "decision", "action", "retention"]
    mapping["stages"][0]["name"] = "First steps"
    assert "version 2" in run(data_dir, "apply", "-", input=json.dumps(mapping)).output
    assert register.by_key(store, site).journey.stages[0].name == "First steps"


def test_another_preset_gives_no_stage_the_number_of_another(store, site, data_dir):
    run(data_dir, "preset", "shop")
    former = register.by_key(store, site).journey
    assert "version 2" in run(data_dir, "preset", "action").output
    journey = register.by_key(store, site).journey
    for before, after in ((former.stages, journey.stages), (former.touchpoints, journey.touchpoints)):
        numbers, keys = {part.key: part.number for part in before}, {part.number: part.key for part in before}
        assert all(part.number == numbers[part.key] if part.key in numbers else part.number > former.last_number for part in after)
        assert all(keys.get(part.number, part.key) == part.key for part in after)


def test_what_is_wrong_is_said_by_field_and_nothing_is_saved(store, site, data_dir):
    wrong = {"key": "main", "name": "Main", "stages": [{"key": "a", "name": "A", "touchpoints": [
        {"key": "x", "name": "X", "rules": [{"kind": "page", "value": "cart"}, {"kind": "mood", "value": "good"}]}]}]}
    answer = run(data_dir, "apply", "-", input=json.dumps(wrong))
    assert answer.exit_code == 1 and "stages[0].touchpoints[0].rules[0].value: has no slash" in answer.output
    assert "rules[1].kind: mood is no kind of rule" in answer.output and register.all_of(store, site) == []
    assert "is no JSON" in run(data_dir, "apply", "-", input="{").output


def test_one_of_several_journeys_is_deleted_unless_a_map_shows_it(store, site, data_dir):
    run(data_dir, "preset", "shop")
    assert "is the only journey" in run(data_dir, "remove", "main", "--yes").output
    run(data_dir, "preset", "action", "--key", "other")
    assert "there are: main, other" in run(data_dir, "remove", "mian", "--yes").output
    run(data_dir, "remove", "other", input="n\n")
    shown = maps.add(store, site, "Members", journey="other")
    assert "is shown by the map Members" in run(data_dir, "remove", "other", "--yes").output
    maps.remove(store, shown)
    assert [record.key for record in register.all_of(store, site)] == ["main", "other"]
    assert "other is deleted" in run(data_dir, "remove", "other", "--yes").output
    assert [record.key for record in register.all_of(store, site)] == ["main"]


def test_the_past_is_done_again_and_a_stopped_refresh_goes_on(store, site, story, data_dir):
    for days in range(6):
        story.visitor(f"visitor {days}", at=NOW - days * DAY).view("/cart")
    story.tell()
    store.before_reading = None  # from here on the story's own loader does nothing
    run(data_dir, "preset", "shop")
    own = DayWork(store)
    own._begin()
    own._go_on()  # stopped within a day
    record = register.by_key(store, site)
    assert walks.progress(store, site, record.id, record.journey) == (0, 6)
    assert "all 6 days" in run(data_dir, "refresh").output
    assert walks.progress(store, site, record.id, record.journey) == (6, 6)
    assert store.ask("collector/walk_wishes") == []
