"""Every kind of moment has its sentence, in both languages. Isolates and quotation marks around foreign texts are left out here."""

import re

import pytest
from flask import g

from journeys import moments, telling
from journeys.moments import Moment
from tests.office import office  # noqa: F401

FIELD = {"field": "Phone", "form": "checkout", "seconds": 9, "sensitive": False, "hesitation": None, "corrections": 0, "returned": False,
         "autofilled": False, "pasted": False, "left_empty": False}
EVENT = {"name": "add_to_cart", "amount": 12000, "items": ["Carmel"]}
ORDER = EVENT | {"name": "purchase", "again": False, "foreign": ""}

SAID = (
    ("pause", {"seconds": 150}, "2m 30s in which nothing happened", "2 דק׳ 30 שנ׳ שבהם לא קרה דבר"),
    ("read", {"seconds": 24, "scroll": 0.6}, "Read for 24s, down to 60% of the page", "קריאה במשך 24 שנ׳, עד 60% מהדף"),
    ("read", {"seconds": 3, "scroll": 0}, "Read for 3s", "קריאה במשך 3 שנ׳"),
    ("click", {"what": "Buy", "times": 1, "keyboard": False}, "Clicked Buy", "הקלקה על Buy"),
    ("click", {"what": "", "times": 4, "keyboard": False}, "Clicked something without a name 4 times", "4 הקלקות על רכיב בלי שם"),
    ("click", {"what": "Buy", "times": 1, "keyboard": True}, "Pressed Buy with the keyboard", "הפעלת Buy במקלדת"),
    ("outbound", {"what": "Map", "to": "maps.example/x"}, "Followed the link Map to maps.example/x", "מעבר בקישור Map אל maps.example/x"),
    ("download", {"what": "List", "to": "/list.pdf"}, "Downloaded /list.pdf", "הורדה של /list.pdf"),
    ("rage", {"what": "Buy", "times": 4}, "Rage: 4 clicks on Buy, one right after the other", "זעם: 4 הקלקות על Buy, בזו אחר זו"),
    ("dead", {"what": "Buy", "times": 1}, "Nothing happened after the click on Buy", "שום דבר לא קרה אחרי ההקלקה על Buy"),
    ("error_click", {"what": "Buy", "times": 1}, "The click on Buy ended in a script error", "ההקלקה על Buy הסתיימה בשגיאת סקריפט"),
    ("quick_back", {"what": "", "times": 1}, "Turned back at once to the page before", "חזרה מיידית לדף הקודם"),
    ("form_seen", {"form": "checkout"}, "Saw the form checkout", "הטופס checkout הופיע על המסך"),
    ("form_started", {"form": "checkout"}, "Began to fill in the form checkout", "התחלת מילוי הטופס checkout"),
    ("form_sent", {"form": "checkout"}, "Tried to send the form checkout", "ניסיון לשלוח את הטופס checkout"),
    ("form_left", {"form": "checkout", "field": "Phone"}, "Gave up on the form checkout; the last field was Phone",
     "נטישת הטופס checkout; השדה האחרון היה Phone"),
    ("form_left", {"form": "checkout", "field": ""}, "Gave up on the form checkout", "נטישת הטופס checkout"),
    ("field", FIELD, "In the field Phone for 9s", "בשדה Phone במשך 9 שנ׳"),
    ("field", FIELD | {"hesitation": 1.2, "corrections": 2, "returned": True, "autofilled": True, "pasted": True, "left_empty": True},
     "In the field Phone for 9s · hesitated for 1.2s · corrected 2 times · came back to it · filled in by the browser · pasted · left it empty",
     "בשדה Phone במשך 9 שנ׳ · היסוס של 1.2 שנ׳ · 2 תיקונים · חזרה אליו · מילוי אוטומטי של הדפדפן · הדבקה · נשאר ריק"),
    ("field", FIELD | {"sensitive": True}, "In the field Phone for 9s · of a sensitive field nothing more is known",
     "בשדה Phone במשך 9 שנ׳ · על שדה רגיש לא ידוע דבר נוסף"),
    ("refused", {"field": "Phone", "form": "checkout", "rule": "valueMissing"}, "The field Phone was refused: it was empty",
     "הערך בשדה Phone נדחה: השדה היה ריק"),
    ("refused", {"field": "Phone", "form": "checkout", "rule": "ownRule"}, "The field Phone was refused: ownRule", "הערך בשדה Phone נדחה: ownRule"),
    ("refused", {"field": "Phone", "form": "checkout", "rule": ""}, "The field Phone was refused", "הערך בשדה Phone נדחה"),
    ("error", {"message": "boom", "source": "/a.js", "line": 7}, "Script error: boom · /a.js, line 7", "שגיאת סקריפט: boom · /a.js, שורה 7"),
    ("error", {"message": "boom", "source": "", "line": 0}, "Script error: boom", "שגיאת סקריפט: boom"),
    ("speed", {"measured": {"ttfb": 60, "lcp": 5200, "cls": 0.013}, "word": "very slow", "slow": ["lcp"]},
     "The page was very slow · LCP 5.2s · TTFB 60 ms · CLS 0.01", "הדף היה איטי מאוד · LCP 5.2 שנ׳ · TTFB 60 אלפיות שנייה · CLS 0.01"),
    ("speed", {"measured": {"lcp": 900, "cls": 0.3}, "word": "very slow", "slow": ["cls"]},
     "The page moved about on the screen · CLS 0.3 · LCP 900 ms", "הדף זז על המסך · CLS 0.3 · LCP 900 אלפיות שנייה"),
    ("event", EVENT, "Put Carmel in the cart · ₪120.00", "הוספה לעגלה: Carmel · 120.00 ₪"),
    ("event", EVENT | {"name": "view_item", "amount": None, "items": []}, "Looked at a product", "צפייה במוצר: מוצר"),
    ("event", EVENT | {"name": "song", "amount": None}, "Event song", "האירוע song"),
    ("purchase", ORDER, "Bought for ₪120.00 · Carmel", "רכישה בסכום 120.00 ₪ · Carmel"),
    ("purchase", ORDER | {"again": True, "amount": None, "items": []}, "The same order was told once more; it counts once",
     "אותה הזמנה דווחה שוב; היא נספרת פעם אחת"),
    ("purchase", ORDER | {"foreign": "USD", "amount": 0, "items": []}, "Bought in USD, which is not counted as revenue",
     "רכישה במטבע USD, שאינו נספר בהכנסות"),
    ("goal", {"goals": ["Purchase", "Signed up today"]}, "Reached the goal Purchase, Signed up today", "היעד רכישה, Signed up today הושג"),
    ("goal", {"goals": []}, "Reached a goal that was removed since", "הושג יעד שהוסר מאז"),
    ("variant", {"experiment": "colours", "variant": "blue"}, "Saw the variant blue of the experiment colours",
     "הוצגה הגרסה blue של הניסוי colours"),
)


@pytest.mark.parametrize("kind, facts, english, hebrew", SAID, ids=[f"{kind} {number}" for number, (kind, *_) in enumerate(SAID)])
def test_a_moment_is_told_in_both_languages(office, kind, facts, english, hebrew):
    for language, expected in (("en", english), ("he", hebrew)):
        with office.app.test_request_context(f"/?lang={language}"):
            g.site = office.shop
            line = telling.line(Moment(0, kind, facts))
            text = re.sub("[\u2066-\u2069\u200e\u200f“”״]", "", " · ".join([line.text, *line.details])).replace("\xa0", " ")
            assert text == expected


def test_every_kind_of_moment_has_its_sentence():
    known = {*moments.FRUSTRATIONS.values(), *moments.FORMS.values(), *moments.BAD, *moments.GOOD,
             "pause", "read", "click", "outbound", "download", "field", "speed", "event", "variant"}
    assert set(telling.TOLD) == known == {kind for kind, *_ in SAID}
