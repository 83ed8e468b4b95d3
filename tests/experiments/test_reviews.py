"""What reviewers do with a result: they comment, agree or object, decide, and pass it on by a link that shows nothing else."""

import re
import time

import pytest

from collector import accounts, audit
from experiments import definition, packet, register, reviews, shares
from tests.experiments.lab import Lab

PAGE = "/sites/shop/experiments/young"


@pytest.fixture
def lab(tmp_path):
    made = Lab(tmp_path / "data", tests=("young",))
    yield made
    made.store.close()


def link(browser, **form):
    answer = browser.post(f"{PAGE}/links", {"link_name": "The board", "days": "7", **form})
    found = re.search(r"http://localhost(/results/[\w-]+)", answer.text)
    return found[1] if found else answer


# -- said

def test_a_viewer_comments_and_the_page_remembers_what_it_said_then(lab):
    browser = lab.as_("viewer")
    assert browser.post(f"{PAGE}/reviews", {"kind": "objection", "text": "The phones\nshow no button"}).status_code == 302
    record = register.by_key(lab.store, lab.shop, "young")
    said, = reviews.of(lab.store, record)
    assert (said.who, said.kind, said.text, said.verdict, said.visitors) == ("vera@shop.example", "objection", "The phones\nshow no button", "collecting", 60)
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "I object" in page and "The page said: Collecting, 60 visitors" in page
    assert audit.latest(lab.store)[0].action == "reviewed experiment"


@pytest.mark.parametrize(("form", "said"), [({"kind": "comment", "text": " "}, "is missing; say what you saw"), ({"kind": "shout", "text": "x"}, "is unknown"),
                                            ({"kind": "comment", "text": "x" * 4001}, "is longer than 4000 characters")])
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(lab, form, said):
    answer = lab.as_("viewer").post(f"{PAGE}/reviews", form, headers={"Accept-Language": "en"})
    assert answer.status_code == 400 and said in answer.text and form["text"].strip() in answer.text
    assert reviews.of(lab.store, register.by_key(lab.store, lab.shop, "young")) == []


def test_what_was_said_is_never_changed(lab):
    lab.as_("viewer").post(f"{PAGE}/reviews", {"kind": "approval", "text": ""})
    with pytest.raises(Exception, match="a review is never changed"), lab.store.facts as db:
        db.execute("update experiment_reviews set text = 'other'")


# -- decided

def test_a_decision_has_its_reason_who_and_when(lab):
    browser = lab.as_("owner")
    early = browser.post(f"{PAGE}/decision", {"decision": "ship", "reason": "It looks good"}, headers={"Accept-Language": "en"})
    assert early.status_code == 400
    register.stop(lab.store, lab.shop, "young", "dana@shop.example")
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert not re.search(r'name="decision"[^>]*checked', page) and page.count('name="decision"') == 3  # none is chosen beforehand
    assert browser.post(f"{PAGE}/decision", {"decision": "rerun", "reason": ""}, headers={"Accept-Language": "en"}).status_code == 400
    assert browser.post(f"{PAGE}/decision", {"decision": "rerun", "reason": "Two days are too few"}).status_code == 302
    record = register.by_key(lab.store, lab.shop, "young")
    assert record.decision == {"decision": "rerun", "variant": "", "reason": "Two days are too few", "who": "dana@shop.example"}
    page = browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "Two days are too few" in page and "Run again" in page and 'action="' + PAGE + '/decision"' not in page


def test_a_stale_page_decides_nothing(lab):
    register.stop(lab.store, lab.shop, "young", "dana@shop.example")
    answer = lab.as_("owner").post(f"{PAGE}/decision", {"decision": "ship", "reason": "x", "version": "1"})
    assert answer.status_code == 400 and register.by_key(lab.store, lab.shop, "young").decision is None


def test_a_viewer_says_and_does_not_decide(lab):
    page = lab.as_("viewer").get(PAGE).text
    assert f'action="{PAGE}/reviews"' in page and f'action="{PAGE}/decision"' not in page and f'action="{PAGE}/links"' not in page
    assert lab.as_("viewer").post(f"{PAGE}/decision", {"decision": "ship", "reason": "x"}).status_code == 403


# -- passed on

def test_a_link_shows_the_result_to_anybody_and_nothing_to_change(lab):
    record = register.by_key(lab.store, lab.shop, "young")
    mapping = definition.as_dict(record.experiment) | {"owner": "dana@shop.example", "notes": "Ask Omer about the photos"}
    register.change(lab.store, lab.shop, "young", mapping, record.version, "dana@shop.example")
    path = link(lab.as_("owner"))
    page = lab.visitor().get(path, headers={"Accept-Language": "en"})
    assert page.status_code == 200 and "Larger photos" in page.text and "Too early to say anything." in page.text
    assert "<form" not in page.text and "csrf" not in page.text and "@shop.example" not in page.text and "noindex" in page.text
    packed = lab.visitor().get(f"{path}/packet")
    assert packet.verify(packed.text).agrees
    for secret in ("@shop.example", "Ask Omer"):
        assert secret not in page.text + packed.text and secret in lab.as_("owner").get(PAGE).text
    assert "shop young The board" in [row.detail for row in audit.latest(lab.store) if row.action == "shared result"]


def test_its_holder_may_read_that_and_do_nothing_else(lab):
    holder = shares.holder(lab.shop)
    assert accounts.can(holder, "read result", lab.shop) and not accounts.can(holder, "read result", lab.cafe)
    for action in sorted(accounts.OWNER - {"read result"}):
        assert not accounts.can(holder, action, lab.shop), action


def test_a_link_dies_when_it_is_ended_or_its_time_is_over(lab, monkeypatch):
    browser = lab.as_("owner")
    first, second = link(browser), link(browser, link_name="Auditors")
    record = register.by_key(lab.store, lab.shop, "young")
    assert [each.name for each in shares.of(lab.store, record)] == ["Auditors", "The board"]
    lab.visitor().get(first)
    assert shares.of(lab.store, record)[1].used_at and not shares.of(lab.store, record)[0].used_at
    assert browser.post(f"{PAGE}/links/{shares.of(lab.store, record)[1].id}/revoke").status_code == 302
    assert lab.visitor().get(first).status_code == 404 and lab.visitor().get(second).status_code == 200
    later = int(time.time() * 1000) + 8 * shares.DAY
    monkeypatch.setattr(shares, "_now", lambda: later)
    ended = lab.visitor().get(second, headers={"Accept-Language": "en"})
    assert ended.status_code == 410 and "This link ended on" in ended.text and "young" not in ended.text


def test_the_store_holds_no_link_that_opens_anything(lab):
    token = link(lab.as_("owner")).rpartition("/")[2]
    with lab.store.facts as db:
        assert token not in str(list(db["experiment_links"].rows))


@pytest.mark.parametrize("form", [{"link_name": ""}, {"days": "3650"}, {"days": "soon"}])
def test_a_link_needs_somebody_and_a_time(lab, form):
    assert link(lab.as_("owner"), **form).status_code == 400


# -- the list

def test_the_list_says_what_runs_and_what_was_learnt(lab):
    browser = lab.as_("viewer")
    text = browser.get("/sites/shop/experiments", headers={"Accept-Language": "en"}).text
    assert "Larger photos" in text and "Too early to say anything." in text and "New experiment" not in text
    register.stop(lab.store, lab.shop, "young", "dana@shop.example")
    register.decide(lab.store, lab.shop, "young", "dana@shop.example", "ship", "Photos sell guitars", "short")
    text = browser.get("/sites/shop/experiments", headers={"Accept-Language": "en"}).text
    assert "Photos sell guitars" in text and "1 of 1 decided tests were won by a treatment (100%)." in text
    assert "No experiment holds these words" in browser.get("/sites/shop/experiments?search=nothing", headers={"Accept-Language": "en"}).text
    assert "Larger photos" in browser.get("/sites/shop/experiments?search=guitars+photos").text
