"""The pages of maps: who reads and who writes, what is kept, and what is said where something is wrong."""

import re

import pytest

from collector import journey_register, presets, stages
from journeys import maps, notes
from tests.office import office  # noqa: F401

NOTE = {"stage": "purchase", "lane": "stop", "text": "They give up at the telephone number"}


@pytest.fixture
def owner(office):
    if not journey_register.by_key(office.store, office.shop):
        journey_register.add(office.store, office.shop, stages.as_dict(presets.preset("shop")), "dana")
    with office.store.facts as db:
        db["sites"].update(office.shop.id, {"first_event_at": 1_773_136_800_000})
    return office.as_("owner")


def write(browser, **more):
    return browser.post("/sites/shop/maps/main/notes/new", NOTE | more)


def test_an_empty_site_is_told_what_to_do_next(office):
    text = office.as_("owner").get("/sites/shop/").text
    assert "No event has come in yet" in text and 'href="/sites/shop/settings"' in text


def test_the_first_page_of_a_site_is_its_map(office, owner):
    text = owner.get("/sites/shop/").text
    assert re.search(r"<h1>\s*Journey map\s*</h1>", text) and text.count('<section class="stage') == 5
    assert owner.get("/sites/shop/map?period=7d").location == "/sites/shop/?period=7d"


def test_an_owner_writes_a_note_and_a_viewer_reads_it(office, owner):
    answer = write(owner)
    assert answer.status_code == 302 and answer.location == "/sites/shop/#note-1"
    seen = office.as_("viewer").get("/sites/shop/").text
    assert NOTE["text"] in seen and "assumed" in seen and "Dana" in seen
    assert "/notes/new" in owner.get("/sites/shop/").text and "/notes/new" not in seen
    assert office.as_("viewer").get("/sites/shop/maps/main/notes/1").status_code == 200


def test_who_writes_what_could_help_reads_what_often_helps_in_that_stage(owner):
    ours, of_another = "Ask only for what the order needs", "Let the first page say in its headline"
    page = owner.get("/sites/shop/maps/main/notes/new?stage=purchase&lane=help").text
    assert ours in page and "never a fact about this site" in page and of_another not in page
    assert of_another in owner.get("/sites/shop/maps/main/notes/new?stage=awareness&lane=help").text
    assert ours not in owner.get("/sites/shop/maps/main/notes/new?stage=purchase&lane=stop").text


def test_a_changed_note_shows_what_it_said_before(office, owner):
    write(owner)
    page = owner.get("/sites/shop/maps/main/notes/1").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert owner.post("/sites/shop/maps/main/notes/1", {"text": "They doubt", "version": version}).status_code == 302
    page = owner.get("/sites/shop/maps/main/notes/1").text
    assert "They doubt" in page and NOTE["text"] in page
    stale = owner.post("/sites/shop/maps/main/notes/1", {"text": "Lost", "version": version})
    assert stale.status_code == 400 and "somebody else changed the note" in stale.text
    assert owner.post("/sites/shop/maps/main/notes/1/remove", {"version": 2}).status_code == 302
    assert "They doubt" not in owner.get("/sites/shop/").text


@pytest.mark.parametrize("given, said", [
    ({"text": ""}, "write it in a sentence"), ({"stage": "nowhere"}, "is no stage of this map"), ({"lane": "sing"}, "is unknown"),
    ({"lane": "feel"}, "choose from -2"), ({"evidence_kind": "report", "evidence": "https://evil.example/"}, "is no page of this site")])
def test_what_is_wrong_with_a_note_is_said_at_its_field_and_kept_as_typed(office, owner, given, said):
    answer = write(owner, **given)
    assert answer.status_code == 400 and said in answer.text
    assert given.get("text", NOTE["text"]) in answer.text
    assert notes.of(office.store, maps.by_key(office.store, office.shop, "main")) == []


def test_evidence_is_a_link_only_where_it_is_an_address(office, owner):
    write(owner, evidence_kind="report", evidence="http://localhost/sites/shop/forms?period=90d")
    write(owner, evidence_kind="answer", evidence="<script>alert(1)</script>")
    text = owner.get("/sites/shop/").text
    assert 'href="/sites/shop/forms?period=90d"' in text and "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_a_map_of_a_segment_is_made_changed_and_deleted(office, owner):
    made = owner.post("/sites/shop/maps/new", {"name": "Telephones", "kind": "as is", "segment": "device=mobile"})
    assert made.location == "/sites/shop/maps/telephones"
    text = owner.get(made.location).text
    assert "Telephones" in text and "mobile" in text.lower()
    wrong = owner.post("/sites/shop/maps/new", {"name": "X", "kind": "as is", "segment": "colour=red"})
    assert wrong.status_code == 400 and "is not a filter" in wrong.text
    clash = owner.get(f"{made.location}?device=desktop")
    assert clash.status_code == 400 and "already" in clash.text
    assert owner.post(f"{made.location}/edit", {"name": "Mobiles", "segment": "", "version": 1}).status_code == 302
    assert owner.post(f"{made.location}/remove").location == "/sites/shop/"
    assert owner.get(made.location).status_code == 404


def test_a_version_is_kept_and_stays_as_it_was(office, owner):
    write(owner)
    kept = owner.post("/sites/shop/maps/main/versions", {"name": "Before", "period": "7d"})
    assert kept.location == "/sites/shop/maps/main/versions/1"
    owner.post("/sites/shop/maps/main/notes/1/remove", {"version": 1})
    text = office.as_("viewer").get(kept.location).text
    assert NOTE["text"] in text and "Before" in text
    nameless = owner.post("/sites/shop/maps/main/versions", {"name": ""})
    assert nameless.status_code == 400 and "is missing" in nameless.text


def test_a_map_nobody_looked_over_for_ninety_days_asks_for_it(office, owner):
    with office.store.facts as db:
        db["sites"].update(office.shop.id, {"created_at": 1_600_000_000_000})
    assert "ninety days" in owner.get("/sites/shop/").text
    assert "it is right" not in office.as_("viewer").get("/sites/shop/").text
    owner.post("/sites/shop/maps/main/looked")
    assert "ninety days" not in owner.get("/sites/shop/").text


def test_two_maps_and_two_spans_stand_side_by_side(office, owner):
    owner.post("/sites/shop/maps/new", {"name": "Wish", "kind": "to be", "base": "main"})
    owner.post("/sites/shop/maps/wish/notes/new", NOTE | {"text": "Nobody asks for a number"})
    write(owner)
    text = owner.get("/sites/shop/maps/compare?map=main&beside=wish").text
    assert "Nobody asks for a number" in text and NOTE["text"] in text
    assert owner.get("/sites/shop/maps/compare").status_code == 200
    for wrong in ("beside=none", "against=sometime", "against=2026-03-02..2026-03-01", "map=none"):
        answer = owner.get(f"/sites/shop/maps/compare?{wrong}")
        assert answer.status_code == 400 and wrong.split("=")[0] in answer.text


def test_two_maps_of_the_same_sessions_differ_in_their_notes_alone(office, owner):
    owner.post("/sites/shop/maps/new", {"name": "Wish", "kind": "to be", "base": "main"})
    owner.post("/sites/shop/maps/new", {"name": "Telephones", "kind": "as is", "segment": "device=mobile"})
    alike = owner.get("/sites/shop/maps/compare?map=main&beside=wish").text
    assert "Both show the same sessions" in alike and "there 0" not in alike and "was 0" not in alike
    assert "there 0" in owner.get("/sites/shop/maps/compare?map=main&beside=telephones").text


def test_a_map_asked_for_beside_another_or_other_days_leads_to_the_page_that_compares(office, owner):
    maps.add(office.store, office.shop, "Wish", "to be", "main")
    to = {"?against=previous&period=7d": "maps/compare?against=previous&period=7d", "?beside=wish": "maps/compare?beside=wish",
          "maps/wish?beside=main": "maps/compare?beside=main&map=wish", "?map=wish&against=previous": "maps/compare?map=wish&against=previous",
          "?map=wish&period=7d": "maps/wish?period=7d", "maps/main?map=wish": "?map=wish", "maps/wish?map=main": "maps/main"}
    for asked, leads in to.items():
        assert owner.get(f"/sites/shop/{asked}").location == f"/sites/shop/{leads}", asked
    for asked in ("?against=&beside=", "?map=main", "maps/wish?map=wish"):
        assert owner.get(f"/sites/shop/{asked}").status_code == 200, asked
    assert owner.get("/sites/shop/maps/compare?against=previous&map=wish").status_code == 200


def test_the_days_compared_with_are_chosen_by_date(office, owner):
    compare = "/sites/shop/maps/compare?period=7d"
    assert owner.get(f"{compare}&first=2026-03-01&last=2026-03-31").location == f"{compare}&against=2026-03-01..2026-03-31"
    assert owner.get(f"{compare}&first=2026-03-01&last=").location == f"{compare}&against=2026-03-01"
    assert owner.get(f"{compare}&against=2026-03-01&first=&last=").location == compare
    assert owner.get(f"{compare}&first=2026-03-31&last=2026-03-01").location == f"{compare}&against=2026-03-01..2026-03-31"
    assert 'value="2026-03-31"' in owner.get(f"{compare}&against=2026-03-01..2026-03-31").text


def test_choosing_another_map_does_not_bring_other_days_along(office, owner):
    text = owner.get("/sites/shop/maps/compare?period=7d&against=previous").text
    assert re.findall(r'name="(?:first|last)" type="date" value="([^"]*)"', text) == ["", ""]


def test_two_dates_mean_the_days_between_them_in_either_order(office, owner):
    for first, last in (("2026-03-01", "2026-03-31"), ("2026-03-31", "2026-03-01")):
        assert owner.get(f"/sites/shop/pages?from={first}&to={last}").location == "/sites/shop/pages?period=2026-03-01..2026-03-31"


def test_a_new_map_is_of_the_sessions_the_map_was_filtered_to(office, owner):
    text = owner.get("/sites/shop/?device=mobile&source=google&source=bing").text
    href = re.search(r'href="(/sites/shop/maps/new[^"]*)"', text)[1].replace("&amp;", "&")
    assert 'value="device=mobile&amp;source=google&amp;source=bing"' in owner.get(href).text


def test_the_canvas_has_the_stages_and_no_numbers(office, owner):
    write(owner)
    text = office.as_("viewer").get("/sites/shop/maps/main/canvas").text
    assert text.count('scope="col"') == 5 and text.count('scope="row"') == 7 and NOTE["text"] not in text
