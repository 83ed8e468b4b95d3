"""The maps of a site and the versions kept of them."""

import pysqlite3
import pytest

from collector.fields import BadField
from collector.filters import BadFilter
from journeys import maps
from journeys.boards import Board, Cell, Said, Stage, Touchpoint, Transition, as_dict, differences, restore
from journeys.maps import BadMap

DAY = 86_400_000


def share(value, n, stage="purchase"):
    return Cell("share", "Share", "rate", value, n, None, None, "stages", stage)


def board(*cells, **more):
    return Board("main", "Journey map", "as is", "", "2026-03-01", "2026-03-30", (Stage("purchase", "Purchase", cells, **more),))


def test_every_site_has_a_map_before_anybody_wrote_on_it(store, site):
    only, = maps.all_of(store, site)
    assert (only.key, only.id, only.kind, only.segment) == ("main", None, "as is", "")


def test_a_map_of_a_segment_keeps_its_filters_as_an_address_has_them(store, site):
    made = maps.add(store, site, "Telephones", segment="?device=mobile&source=google&source=bing")
    assert made.key == "telephones" and made.filters.query() == {"device": ["mobile"], "source": ["google", "bing"]}
    assert [each.key for each in maps.all_of(store, site)] == ["main", "telephones"]


def test_a_wish_knows_the_map_it_is_the_wish_of(store, site):
    wish = maps.add(store, site, "Without the telephone number", kind="to be", base="main")
    assert wish.base == "main" and wish.journey == maps.main(site).journey


def test_two_maps_of_one_name_have_addresses_of_their_own(store, site):
    assert [maps.add(store, site, name).key for name in ("Telephones", "Telephones", "טלפונים", "new", "Main")] == [
        "telephones", "telephones-2", "map", "new-2", "main-2"]


@pytest.mark.parametrize("given, field", [
    ({"name": " "}, "name"), ({"name": "x" * 101}, "name"), ({"kind": "was"}, "kind"), ({"kind": "to be"}, "base"),
    ({"kind": "to be", "base": "no such map"}, "base"), ({"journey": "no such journey"}, "journey"), ({"segment": "mobile"}, "segment"), ({"segment": "device="}, "segment"),
    ({"segment": "colour=red"}, "colour"), ({"segment": "person=464c171a6186c56e"}, "person")])
def test_what_is_wrong_with_a_map_is_named_at_its_field(store, site, given, field):
    with pytest.raises(BadField) as wrong:
        maps.add(store, site, **{"name": "Telephones", **given})
    assert wrong.value.field == field
    assert isinstance(wrong.value, (BadMap, BadFilter)) and [each.key for each in maps.all_of(store, site)] == ["main"]


def test_a_stale_change_is_refused(store, site):
    made = maps.add(store, site, "Telephones")
    changed = maps.change(store, site, made, 1, "Mobiles", "device=mobile")
    assert (changed.name, changed.version) == ("Mobiles", 2)
    with pytest.raises(BadMap, match="version"):
        maps.change(store, site, changed, 1, "Phones")


def test_the_main_map_stays_and_others_go(store, site):
    made = maps.add(store, site, "Telephones")
    maps.remove(store, made)
    assert maps.by_key(store, site, "telephones") is None
    with pytest.raises(BadMap):
        maps.remove(store, maps.main(site))


def test_a_map_not_looked_at_for_ninety_days_says_so(store, site):
    map_ = maps.main(site)
    assert not map_.is_stale(site.created_at + 90 * DAY) and map_.is_stale(site.created_at + 90 * DAY + 1)
    maps.look_over(store, map_, site.created_at + 80 * DAY)
    assert not maps.by_key(store, site, "main").is_stale(site.created_at + 100 * DAY)


def test_kept_versions_are_numbered_and_read_as_they_were(store, site):
    said = Said(1, "stop", "They wait", None, "Dana", 5, 1, "assumed", "", "")
    whole = board(share(0.25, 400), touchpoints=(Touchpoint(1, "cart", "Cart", True, (share(0.1, 400),)),),
                  transitions=(Transition("purchase:leave", "leave", "", "leave", share(0.5, 10), share(0.5, 10)),), said=(said,), feeling=-0.5, felt=2)
    assert maps.keep(store, maps.main(site), "Dana", "Before the new checkout", as_dict(whole)) == 1
    map_ = maps.by_key(store, site, "main")
    assert maps.keep(store, map_, "Dana", "After", as_dict(board())) == 2
    assert [(each.number, each.name) for each in maps.kept(store, map_)] == [(2, "After"), (1, "Before the new checkout")]
    assert restore(maps.kept_one(store, map_, 1).snapshot) == whole
    assert maps.kept_one(store, map_, 3) is None
    with pytest.raises(BadMap):
        maps.keep(store, map_, "Dana", " ", {})
    with pytest.raises(pysqlite3.Error, match="never changed"), store.facts as db:
        db.execute("update map_versions set name = 'x'")


def test_a_difference_is_told_only_where_its_interval_leaves_out_zero():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, method 10, its first two examples
    found = differences(board(share(56 / 70, 70)), board(share(48 / 80, 80)))["purchase", "", "share"]
    assert (round(found.difference, 4), round(found.low, 4), round(found.high, 4), found.changed) == (0.2, 0.0524, 0.3339, True)
    close = differences(board(share(9 / 10, 10)), board(share(3 / 10, 10)))["purchase", "", "share"]
    assert close.changed and (round(close.low, 4), round(close.high, 4)) == (0.1705, 0.8090)
    same = differences(board(share(0.5, 100)), board(share(0.45, 100)))["purchase", "", "share"]
    assert same.low < 0 < same.high and not same.changed


def test_what_is_not_known_is_not_compared():
    assert differences(board(share(None, 0)), board(share(0.5, 100)))["purchase", "", "share"].difference is None
    assert differences(board(share(0.5, 100)), board()) == {}
