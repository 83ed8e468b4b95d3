"""What filters name has to be there: a slip of the pen is no site without visitors."""

import json

import pytest
from click.testing import CliRunner

from collector import filter_names, journey_register, page_groups, presets, segments, sites, stages
from collector.filters import _NAMED, BadFilter
from journeys import maps
from journeys.reports import asked
from tests import trials
from tests.office import office  # noqa: F401
from tests.story import NOW, Story
from wsgi import netiv


@pytest.fixture
def shop(store, site):
    journey_register.add(store, site, stages.as_dict(presets.preset("shop")), "dana")
    journey_register.add(store, site, stages.as_dict(presets.preset("shop")) | {"key": "trade"}, "dana")
    sites.add_goal(store, site, "Signed up", "event", "sign_up")
    page_groups.save(store, site, "Guitars", ["/guitars/*"])
    trials.start(store, site, NOW - 1)
    return site


KNOWN = ["stage=purchase", "stage=!trade/purchase", "stage=purch*", "stage=*", "touchpoint=cart", "touchpoint=trade/ca*", "transition=awareness:purchase",
         "transition=trade/enter:awareness", "transition=awareness:leave", "transition=purchase:return", "transition=purchase:return:awareness",
         "transition=purchase:return:", "transition=*:leave", "goal=Signed up", "goal=!Signed*", "group=Guitars", "variant=short-checkout:short",
         "variant=short-checkout:*", "variant=!*", "device=mobile", "device=(not set)", "trouble=stage:purchase", "trouble=touchpoint:trade/cart",
         "trouble=stage", "source=nope", "event=nope", "channel=nope", "page=/nope"]
UNKNOWN = [("stage=nope", "stage", "awareness, consideration, purchase"), ("stage=!nope", "stage", "awareness"), ("stage=nope*", "stage", "awareness"),
           ("stage=wholesale/purchase", "stage", "trade/purchase"), ("touchpoint=nope", "touchpoint", "search, ads"), ("transition=a:b", "transition", "awareness"),
           ("transition=awareness:nope", "transition", "enter:to"), ("goal=signed up", "goal", "Signed up"), ("group=nope", "group", "Guitars"),
           ("variant=nope:a", "variant", "short-checkout:short"), ("variant=short-checkout", "variant", "short-checkout:control"),
           ("device=phone", "device", "desktop, mobile"), ("trouble=stage:nope", "trouble", "awareness"), ("trouble=touchpoint:nope", "trouble", "search")]


def narrowed(store, site, typed):
    key, _, value = typed.partition("=")
    return asked(store, site, "overview", {key: [value]}, NOW)


@pytest.mark.parametrize("typed", KNOWN)
def test_what_a_site_has_may_be_filtered_by(store, shop, typed):
    assert narrowed(store, shop, typed).filters


@pytest.mark.parametrize(("typed", "field", "says"), UNKNOWN)
def test_what_it_does_not_have_is_refused_with_what_it_has(store, shop, typed, field, says):
    with pytest.raises(BadFilter) as wrong:
        narrowed(store, shop, typed)
    assert wrong.value.field == field and says in wrong.value.message


@pytest.mark.parametrize("typed", ["goal=*", "stage=!*", "variant=*"])
def test_any_is_right_where_there_is_none(store, site, typed):
    assert narrowed(store, site, typed).totals.sessions == 0


def test_a_variant_that_was_shown_though_no_experiment_has_it_may_be_filtered_by(store, shop, story):
    story.visitor("dana", at=NOW - 60_000).view("/").exposed("elsewhere", "b")
    assert [narrowed(store, shop, f"variant={value}").totals.sessions for value in ("elsewhere:b", "else*", "!elsewhere:b")] == [1, 1, 0]
    with pytest.raises(BadFilter, match="elsewhere:c is no variant"):
        narrowed(store, shop, "variant=elsewhere:c")


def test_pages_in_no_group_are_no_group_to_filter_by(office, tmp_path):  # noqa: F811
    story = Story(office.store, office.shop, tmp_path / "spool")
    story.visitor("dana").view("/").view("/guitars/1")
    story.tell()
    story.close()
    page_groups.save(office.store, office.shop, "Guitars", ["/guitars/*"])
    for report in ("pages", "paths"):
        page = office.as_("owner").get(f"/sites/shop/{report}?by=group&period=2026-03-10&lang=en").text
        assert "group=Guitars" in page and "(not set)" in page and "group=(not" not in page and "group=%5C(not" not in page, report


def test_page_api_and_command_line_say_the_same(office):  # noqa: F811
    says = "goal: nope is no goal of this site, or was removed; there are: Purchase"
    owner = office.as_("owner")
    page, api = owner.get("/sites/shop/pages?goal=nope&lang=en"), owner.get("/api/sites/shop/pages?goal=nope")
    assert (page.status_code, api.status_code) == (400, 400) and says in page.text
    assert f"goal: {json.loads(api.text)['error']['message']}".startswith(says)
    told = CliRunner().invoke(netiv, ["report", "pages", "--site", "shop", "--filter", "goal=nope", "--data", str(office.data_dir)])
    assert told.exit_code and says.removeprefix("goal: ") in told.output


def test_neither_a_segment_nor_a_map_is_made_of_what_is_not_there(store, shop):
    with pytest.raises(BadFilter, match="nope is no stage"):
        segments.add(store, shop, "Nobody", {"stage": ["nope"]}, "dana")
    with pytest.raises(BadFilter, match="nope is no stage"):
        maps.add(store, shop, "Nobody", segment="device=mobile&stage=nope")


def test_the_moves_that_may_be_named_are_those_that_sessions_make(store, shop):
    """The SQL of filters.py makes the same texts."""
    for key in ("stage", "touchpoint", "transition"):
        with store.transaction() as db:
            texts = {text for text, in db.execute(f"select text from ({_NAMED[key]})", {"site": shop.id})}
        assert texts and texts <= set(filter_names._names(store, shop, key)), key
