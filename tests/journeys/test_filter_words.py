"""Filters in the reader's words: what he types is what he reads, and what he reads is no key."""

import html
import re
from urllib.parse import unquote_plus

import pytest

from collector import journey_register, presets, segments, stages
from journeys import funnels
from tests.office import office  # noqa: F401


@pytest.fixture
def owner(office):
    journey_register.add(office.store, office.shop, stages.as_dict(presets.preset("shop")), "dana")
    funnels.save(office.store, office.shop, "Way", ["/", "event:add_to_cart"])
    segments.add(office.store, office.shop, "Telephones", {"device": "mobile"}, "dana", key="phones")
    return office.as_("owner")


TYPED = [("device", "נייד", "device=mobile"), ("device", "Mobile", "device=mobile"), ("country", "ישראל", "country=IL"),
         ("channel", "חיפוש אורגני", "channel=Organic Search"), ("visitor", "חוזרים", "visitor=returning"),
         ("stage", "רכישה", "stage=purchase"), ("touchpoint", "עגלה", "touchpoint=cart"), ("segment", "telephones", "segment=phones"),
         ("source", "(ישיר)", "source=(direct)"), ("page", "/blog/*", "page=/blog/*"), ("campaign", "קיץ", "campaign=קיץ")]


@pytest.mark.parametrize(("key", "typed", "meant"), TYPED, ids=[typed for _, typed, _ in TYPED])
def test_a_value_is_typed_as_it_is_read(owner, key, typed, meant):
    owner.get("/account?lang=he")
    answer = owner.get("/sites/shop/sessions", query_string={"filter": key, "how": "!", "value": typed})
    assert answer.status_code == 302 and unquote_plus(answer.location).endswith(f"?{meant.replace('=', '=!', 1)}")


@pytest.mark.parametrize(("asked", "read"), [
    ("stage=purchase", "רכישה"), ("touchpoint=cart", "עגלה"), ("segment=phones", "Telephones"), ("device=mobile", "נייד"),
    ("transition=consideration:leave", "שקילה, ואז יציאה"), ("transition=enter:awareness", "כניסה, ואז מודעות למותג"),
    ("cohort=week:2026-09-06:3:reorder:source=google%26device=!mobile", "השבוע שמתחיל ב־6 בספט׳ 2026 (מקור: google, מכשיר: לא נייד) · הזמינו שוב בשבוע ה־3 שאחריו"),
    ("cohort=month:2026-09-01:0", "החודש שמתחיל ב־ספטמבר 2026 · חזרו באותו החודש"),
    ("transition=purchase:return:", "רכישה, ואז חזרו: אף שלב"), ("trouble=stage:purchase", "שלב: \u2066רכישה\u2069"),
    ("trouble=touchpoint:cart", "נקודת מגע: \u2066עגלה\u2069"), ("funnel=way:2", "Way, שלב 2: הכניסו לעגלה (add_to_cart)")])
def test_a_filter_stands_over_the_report_in_the_words_of_its_reader(owner, asked, read):
    text = owner.get(f"/sites/shop/sessions?{asked}&lang=he").text
    assert read in [html.unescape(each) for each in re.findall(r"<bdi>([^<]*)</bdi>", text[text.index('class="chip'):])]


def test_words_are_suggested(owner):
    text = owner.get("/sites/shop/sessions?lang=he").text
    assert '<option value="נייד" label="מכשיר">' in text and '<option value="Telephones" label="פלח">' in text
