"""What people write on a map: read strictly, kept in versions, and called by what it rests on."""

import pysqlite3
import pytest

from collector import sites
from journeys import maps, notes
from journeys.notes import BadNote, Written

PHONE = {"text": "They give up at the telephone number", "evidence_kind": "report", "evidence": "https://stats.example/sites/guitars/forms?period=30d#t"}
AT = 1_773_136_800_000


def written(site, lane="stop", **typed):
    return notes.read(site, lane, {"text": "They wait", **typed})


def test_a_note_stands_on_the_map_with_who_and_when(store, site):
    map_ = maps.main(site)
    notes.add(store, map_, "purchase", "stop", written(site), "Dana", now=AT)
    note, = notes.of(store, maps.by_key(store, site, "main"))
    assert (note.stage, note.lane, note.text, note.who, note.at, note.version) == ("purchase", "stop", "They wait", "Dana", AT, 1)
    assert notes.of(store, map_) == [], "the map as it was before it had a row knows of nothing"


def test_a_changed_note_keeps_what_it_said_with_who_and_when(store, site):
    number = notes.add(store, maps.main(site), "purchase", "stop", written(site), "Dana", now=AT)
    map_ = maps.by_key(store, site, "main")
    notes.change(store, map_, notes.of(store, map_)[0], written(site, text="They wait long"), "Omer", now=AT + 1)
    assert [(each.version, each.who, each.text, each.at) for each in notes.versions(store, map_, number)] == [
        (2, "Omer", "They wait long", AT + 1), (1, "Dana", "They wait", AT)]
    notes.change(store, map_, notes.of(store, map_)[0], written(site, text="They wait long"), "Omer", now=AT + 2)
    assert notes.of(store, map_)[0].version == 2, "saying the same again is no version"
    notes.take_away(store, map_, notes.of(store, map_)[0], "Dana", now=AT + 3)
    assert notes.of(store, map_) == []
    assert [(each.version, each.gone) for each in notes.versions(store, map_, number)] == [(3, 1), (2, 0), (1, 0)]


def test_a_version_once_written_cannot_be_changed(store, site):
    notes.add(store, maps.main(site), "purchase", "stop", written(site), "Dana")
    with pytest.raises(pysqlite3.Error, match="never changed"), store.facts as db:
        db.execute("update map_note_versions set text = 'something else'")


def test_two_who_change_one_note_do_not_overwrite_each_other(store, site):
    notes.add(store, maps.main(site), "purchase", "stop", written(site), "Dana")
    map_ = maps.by_key(store, site, "main")
    seen = notes.of(store, map_)[0]
    notes.change(store, map_, seen, written(site, text="first"), "Dana")
    with pytest.raises(BadNote, match="version"):
        notes.change(store, map_, seen, written(site, text="second"), "Omer")
    assert notes.of(store, map_)[0].text == "first"


def test_what_a_note_rests_on_says_what_it_is_called(store, site):
    found = [written(site, evidence_kind=kind, evidence="/sites/guitars/forms" if kind in ("report", "session") else kind and "interviews.pdf")
             for kind in notes.EVIDENCE]
    assert [notes.BASIS[each.evidence_kind] for each in found] == ["assumed", "measured", "reported", "reported", "reported"]


def test_a_report_is_kept_by_its_address_within_the_site(site):
    assert notes.read(site, "stop", PHONE) == Written(PHONE["text"], None, "report", "/sites/guitars/forms?period=30d")


@pytest.mark.parametrize("typed, lane, field", [
    ({"text": ""}, "stop", "text"), ({"text": "x" * 501}, "stop", "text"), ({}, "sing", "lane"),
    ({"feeling": "1"}, "stop", "feeling"), ({"feeling": "3"}, "feel", "feeling"), ({}, "feel", "feeling"),
    ({"evidence_kind": "report"}, "stop", "evidence"), ({"evidence": "a file"}, "stop", "evidence_kind"),
    ({"evidence_kind": "dream", "evidence": "x"}, "stop", "evidence_kind"),
    ({"evidence_kind": "report", "evidence": "https://evil.example/x"}, "stop", "evidence"),
    ({"evidence_kind": "report", "evidence": "/sites/other/forms"}, "stop", "evidence"),
    ({"evidence_kind": "report", "evidence": "http://["}, "stop", "evidence"),
    ({"evidence_kind": "file", "evidence": "x" * 501}, "stop", "evidence")])
def test_what_is_wrong_is_named_at_its_field(site, typed, lane, field):
    with pytest.raises(BadNote) as wrong:
        written(site, lane, **typed)
    assert wrong.value.field == field and wrong.value.message


def test_a_feeling_needs_no_words(site):
    assert notes.read(site, "feel", {"feeling": "-2"}) == Written("", -2, "", "")


@pytest.mark.parametrize("evidence, href", [("/sites/guitars/forms", True), ("https://files.example/a.pdf", True), ("javascript:alert(1)", False),
                                            ("//evil.example", False), ("drawer 3", False)])
def test_only_an_address_is_a_link(evidence, href):
    assert bool(notes.followed(evidence)) == href


def test_the_mean_feeling_leaves_out_notes_without_one(store, site):
    for feeling in ("2", "-1"):
        notes.add(store, maps.main(site), "purchase", "feel", notes.read(site, "feel", {"feeling": feeling}), "Dana")
    notes.add(store, maps.by_key(store, site, "main"), "purchase", "do", written(site), "Dana")
    assert notes.feeling_of(notes.of(store, maps.by_key(store, site, "main"))) == (0.5, 2)


def test_notes_go_with_their_site(store, site):
    notes.add(store, maps.main(site), "purchase", "stop", written(site), "Dana")
    sites.remove(store, site)
    with store.facts as db:
        assert [db[table].count for table in ("maps", "map_notes", "map_note_versions")] == [0, 0, 0]
