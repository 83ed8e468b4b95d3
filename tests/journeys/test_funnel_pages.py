"""Funnels and page groups as owners make them: forms that keep what was typed, and pages that lead on."""

import pytest

from collector import journey_register, page_groups, presets, segments, sites, stages
from collector.page_groups import BadGroup, proposed
from journeys import funnels, maps
from tests import trials
from tests.office import office  # noqa: F401
from tests.story import NOW, Story


@pytest.fixture
def shop(office):  # noqa: F811
    story = Story(office.store, office.shop, office.data_dir / "spool")
    story.visitor("dana").view("/shop/strat").view("/cart").view("/thanks")
    story.visitor("avi").view("/shop/tele").view("/cart").view("/returns")
    story.tell()
    yield office
    story.close()


def test_a_funnel_is_written_down_changed_and_deleted(shop):
    owner, sent = shop.as_("owner"), {"name": "Checkout", "steps": ["/shop/*", "/cart", "", "/thanks"], "order": "open", "window": ""}
    answer = owner.post("/sites/shop/funnels/new", sent | {"do": "more"})
    assert answer.status_code == 200 and 'value="/thanks"' in answer.text and not funnels.by_key(shop.store, shop.shop, "checkout")
    answer = owner.post("/sites/shop/funnels/new", sent)
    assert answer.status_code == 302 and answer.location.endswith("/sites/shop/funnel?saved=checkout")
    page = owner.get("/sites/shop/funnel?saved=checkout&period=2026-03-10").text
    assert "1 went no further" in page and "/returns" in page and "funnel=checkout:2" in page.replace("%3A", ":")
    wrong = owner.post("/sites/shop/funnels/checkout/edit", sent | {"steps": ["/cart", "/cart"], "version": "1"})
    assert wrong.status_code == 400 and "twice in a row" in wrong.text and 'value="/cart"' in wrong.text
    assert owner.post("/sites/shop/funnels/checkout/edit", sent | {"order": "strict", "version": "1"}).status_code == 302
    assert funnels.by_key(shop.store, shop.shop, "checkout").order == "strict"
    assert owner.post("/sites/shop/funnels/checkout/edit", sent | {"version": "1"}).status_code == 400  # as it was before that
    assert owner.post("/sites/shop/funnels/checkout/remove").status_code == 302
    assert not funnels.by_key(shop.store, shop.shop, "checkout")


def test_the_form_offers_the_stages_and_the_page_calls_them_by_their_names(shop):
    journey_register.add(shop.store, shop.shop, {"key": "main", "name": "Main", "stages": [{"key": "look", "name": "Looking round", "touchpoints": [
        {"key": "shop", "name": "Shop", "rules": [{"kind": "page", "value": "/shop/*"}]}]}, {"key": "love", "name": "Love", "touchpoints": []}]}, "dana")
    form = shop.as_("owner").get("/sites/shop/funnels/new").text
    assert '<option value="stage:look">' in form and "stage:love" not in form  # nothing meets that one
    assert "Looking round" in shop.as_("viewer").get("/sites/shop/funnel?steps=stage:look&steps=/cart&period=2026-03-10").text


def test_a_stage_that_a_funnel_uses_stays_and_a_funnel_that_cannot_be_counted_leaves_the_others_in_reach(shop):
    def journey(*keys, key="main", rules=()):
        return {"key": key, "name": key, "stages": [{"key": each, "name": each, "touchpoints": [
            {"key": f"{each}-shop", "name": "Shop", "rules": [{"kind": "page", "value": "/shop/*"}, *rules]}]} for each in keys]}
    journey_register.add(shop.store, shop.shop, journey("look"), "dana")
    journey_register.add(shop.store, shop.shop, journey("other", key="second"), "dana")
    funnels.save(shop.store, shop.shop, "A way", ["stage:look", "/cart"])
    funnels.save(shop.store, shop.shop, "Buying", ["/shop/*", "/cart"])
    with pytest.raises(stages.BadJourney, match="stage:look is used by A way;"):
        journey_register.change(shop.store, shop.shop, "main", journey("see"), None, "dana")
    with pytest.raises(stages.BadJourney, match="stage:look is used by A way;"):
        journey_register.remove(shop.store, shop.shop, "main")
    journey_register.change(shop.store, shop.shop, "second", journey("any", key="second"), None, "dana")
    journey_register.change(shop.store, shop.shop, "main", journey("look", rules=[{"kind": "contact", "value": "call"}]), None, "dana")
    page = shop.as_("owner").get("/sites/shop/funnel")
    assert page.status_code == 400 and "a funnel cannot tell" in page.text
    assert "saved=buying" in page.text and "/sites/shop/funnels/a-way/edit" in page.text
    assert shop.as_("owner").get("/sites/shop/funnel?saved=buying").status_code == 200


@pytest.mark.parametrize("options", ["", "&by=device", "&against=previous", "&against=device%3Dmobile", "&window=7d&order=strict"])
def test_a_funnel_in_the_address_can_be_looked_at_and_saved(shop, options):
    page = shop.as_("owner").get("/sites/shop/funnel?steps=/shop/*&steps=/cart&period=2026-03-10" + options)
    assert page.status_code == 200 and "/sites/shop/funnels/new?steps=" in page.text
    assert "/sites/shop/funnels/new" not in shop.as_("viewer").get("/sites/shop/funnel?steps=/shop/*&steps=/cart" + options).text


def test_a_proposed_group_is_taken_over_and_narrows(shop):
    owner = shop.as_("owner")
    assert owner.post("/sites/shop/groups", {"name": "Guitars", "patterns": "/shop/*\n/shop/*\n"}).status_code == 302
    assert page_groups.of(shop.store, shop.shop) == [page_groups.Group("Guitars", ("/shop/*",))]
    assert "Guitars" in owner.get("/sites/shop/pages?by=group&period=2026-03-10").text
    wrong = owner.post("/sites/shop/groups", {"name": "Guitars", "patterns": "/other/*"})
    assert wrong.status_code == 400 and "/other/*" in wrong.text
    assert owner.post("/sites/shop/groups", {"name": "Instruments", "patterns": "/shop/*", "former": "Guitars"}).status_code == 302
    assert owner.post("/sites/shop/groups/remove", {"name": "Instruments"}).status_code == 302
    assert page_groups.of(shop.store, shop.shop) == []


def test_a_goal_that_anything_uses_is_not_removed(shop):
    owner, (goal,) = shop.as_("owner"), sites.goals(shop.store, shop.shop)

    def removed(lang="en"):
        page = owner.post(f"/sites/shop/goals/{goal.id}/remove?lang={lang}")
        return page.status_code == 302 or page.text
    funnels.save(shop.store, shop.shop, "Buying", ["/cart", "goal:Purchase"])
    journey_register.add(shop.store, shop.shop, {"key": "main", "name": "Main journey", "stages": [
        {"key": "buy", "name": "Buy", "touchpoints": [{"key": "paid", "name": "Paid", "rules": [{"kind": "goal", "value": "Purchase"}]}]}]}, "dana")
    segments.add(shop.store, shop.shop, "Buyers", {"goal": "Purchase"}, "dana")
    maps.add(shop.store, shop.shop, "Others", segment="goal=!Purchase")
    trials.start(shop.store, shop.shop, NOW, metrics=({"key": "bought", "kind": "conversion", "goal": "Purchase"},))
    assert "Purchase is used by short-checkout, Buying, Main journey, Others, Buyers; remove it there first" in removed()
    hebrew = removed("he")
    assert "המסע הראשי" in hebrew and "Main journey" not in hebrew and "רכישה" in hebrew
    with pytest.raises(sites.BadSite, match="is used by"):
        sites.remove_goal(shop.store, shop.shop, goal.id)
    sites.add_goal(shop.store, shop.shop, "Purchase", "page", "/thanks")
    assert removed() is True  # another goal of that name stands in its place
    with shop.store.facts as db:
        for table in ("funnels", "journeys", "segments", "maps"):
            db.execute(f"delete from {table}")
        db.execute("update experiments set state = 'decided'")
    sites.remove_goal(shop.store, shop.shop, sites.goals(shop.store, shop.shop)[0].id)
    assert sites.goals(shop.store, shop.shop) == []


def test_a_group_that_a_funnel_or_a_journey_uses_is_neither_removed_nor_renamed(shop):
    owner = shop.as_("owner")
    page_groups.save(shop.store, shop.shop, "Guitars", "/shop/*")
    funnels.save(shop.store, shop.shop, "Buying", ["group:Guitars", "/cart"])
    rules = [{"kind": "group", "value": "Guitars"}]
    journey_register.add(shop.store, shop.shop, {"key": "ours", "name": "Our way", "stages": [
        {"key": "see", "name": "See", "touchpoints": [{"key": "guitar", "name": "Guitar", "rules": rules}]}]}, "dana")
    owner.post("/sites/shop/groups/remove", {"name": "Guitars"})
    assert "Guitars is used by Buying, Our way; remove it there first" in owner.get("/sites/shop/groups").text
    renamed = owner.post("/sites/shop/groups", {"name": "Instruments", "patterns": "/shop/*", "former": "Guitars"})
    assert renamed.status_code == 400 and "is used by Buying, Our way" in renamed.text
    assert owner.post("/sites/shop/groups", {"name": "Guitars", "patterns": "/shop/*\n/used/*", "former": "Guitars"}).status_code == 302
    assert [group.name for group in page_groups.of(shop.store, shop.shop)] == ["Guitars"]


def test_a_group_that_a_segment_or_a_map_is_narrowed_by_is_neither_removed_nor_renamed(store, site):
    journey_register.add(store, site, stages.as_dict(presets.preset("shop")), "dana")
    page_groups.save(store, site, "Bass & more", "/shop/*")
    segments.add(store, site, "Players", {"group": ["Bass & more"]}, "dana")
    maps.add(store, site, "Others", segment="group=!Bass+%26+more&device=mobile")
    with pytest.raises(BadGroup, match="Bass & more is used by Others, Players"):
        page_groups.remove(store, site, "Bass & more")
    with pytest.raises(BadGroup, match="is used by"):
        page_groups.save(store, site, "Guitars", "/shop/*", "Bass & more")


def test_experiments_that_exclude_each_other_under_a_group_s_name_do_not_use_it(store, site):
    page_groups.save(store, site, "checkout", "/checkout/*")
    trials.start(store, site, NOW)
    with store.facts as db:
        db.execute("update experiments set definition = json_set(definition, '$.group', 'checkout')")
    assert page_groups.remove(store, site, "checkout")


def test_the_most_specific_group_wins(store, site, story):
    page_groups.save(store, site, "Shop", "/shop/*")
    page_groups.save(store, site, "Cart", "/shop/cart*\n/basket")
    story.visitor("dana").view("/shop/strat").view("/shop/cart").view("/basket").view("/about")
    story.tell()
    counts = {row.name: row.pages for row in store.ask("collector/grouped_counts", site=site.id)}
    assert counts == {"Shop": 1, "Cart": 2, "": 1}


@pytest.mark.parametrize("name, patterns, why", [
    ("", "/a", "is empty"), ("A", "", "is empty"), ("A", "products", "is no path"), ("A", "/taken", "stands in the group Taken"), ("Taken", "/a", "already")])
def test_a_group_that_cannot_be_is_refused(store, site, name, patterns, why):
    page_groups.save(store, site, "Taken", "/taken")
    with pytest.raises(BadGroup, match=why):
        page_groups.save(store, site, name, patterns)


def test_groups_are_proposed_from_the_sites_own_addresses():
    paths = ["/", "/cart", *(f"/shop/guitar-{number}" for number in range(5)), *(f"/blog/2026/{month}/story" for month in range(1, 4)),
             *(f"/order/{number}/paid" for number in range(1000, 1004))]
    assert proposed(paths) == [("Shop", ("/shop/*",), 5), ("Order", ("/order/*/*",), 4), ("Blog", ("/blog/*/*/*",), 3)]
    assert proposed(paths, [page_groups.Group("Mine", ("/shop/*",))])[0] == ("Order", ("/order/*/*",), 4)


def test_pages_of_a_group_in_several_languages_are_proposed_as_one():
    here, hebrew = ([f"/shop/{lang}{kind}{number}x" for kind in ("", "bass/") for number in range(3)] for lang in ("", "he/"))
    assert proposed(here + hebrew) == [("Shop", ("/shop/*", "/shop/he/*"), 6), ("Bass", ("/shop/bass/*", "/shop/he/bass/*"), 6)]
    assert proposed([f"/he/{page}" for page in "abc"]) == []  # a language is no group
    assert proposed([f"/shop/he/{page}" for page in "abc"]) == [("Shop", ("/shop/he/*",), 3)]
