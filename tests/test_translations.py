"""No text of ours is left in English for a reader of Hebrew: none in the catalogue, none on a page."""

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from journeys.reports import REPORTS
from tests.office import Office

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "templates" / "translations"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
# what is written the same in both languages
ALIKE = re.compile(r"""\b(English|CSV|JSON|Netiv|netiv|HTML|head|body|Do\ Not\ Track|Global\ Privacy\ Control|GPC|DNT|GA4|ISO|UTC|
    Wilson|Newcombe|Wald|Rocks|Kaplan|Meier|Greenwood|log|Brookmeyer|Crowley|BG/NBD|Fader|Hardie|Lee|NPS|share|refer|answer|score|Holm|aria-invalid|utm_\w+|Google\ Tag\ Manager|Consent\ Initialization|All\ Pages|functions\.php|
    QR|SVG|PNG|UTF|cpc|paid_social|email|social|instagram|summer_sale|sale|
    cart|checkout|add_to_cart|view_cart|begin_checkout|add_shipping_info|add_payment_info|
    SMS|ILS|EUR|USD|www|https?|thank-you|sign_up|shop\.example|blog|damaged\.txt|shop\.co\.il|dana@example\.com|VALUE|shop|session|owner|viewer|enter|leave|LCP|previous|device=mobile(&source=google)?)\b""", re.X)
LATIN = re.compile(r"[A-Za-z]{2,}")
PAGES = ["/sites/shop/", *(f"/sites/shop/{name}" for name in REPORTS), "/sites/shop/settings", "/sites/shop/groups", "/sites/shop/groups?name=Shop&patterns=/shop/*", "/sites/shop/funnels/new", "/sites/shop/pages?by=group",
         "/sites/shop/paths?by=group", "/sites/shop/paths?by=stage&steps=awareness", "/sites/shop/funnel?steps=/&steps=/cart&by=device", "/sites/shop/funnel?steps=/&steps=/cart&against=previous&window=7d", "/sites/shop/experiments", "/sites/", "/sites/new",
         "/account", "/account/log", "/sites/shop/forms?by=form", "/sites/shop/goals?by=event",
         "/sites/shop/links", "/sites/shop/rejected?by=event", "/sites/shop/clicks?by=page", "/sites/shop/paths?direction=before",
         "/sites/shop/retention?what=revenue&by=month", "/sites/shop/loyalty?by=orders", "/sites/shop/loyalty?by=wait", "/sites/shop/advocates?by=session",
         "/calculator", "/calculator/plan",
         "/calculator?variants[0].visitors=1000&variants[0].conversions=100&variants[1].visitors=1010&variants[1].conversions=180&planned_visitors=2000",
         "/calculator?kind=means&variants[0].visitors=5&variants[0].sum=x&variants[1].visitors=6&variants[1].sum=9&variants[1].sum_squares=1&variants[1].weight=7",
         "/calculator/plan?relative_mde=10&baseline=3&variants=2&alpha=5&power=80&visitors_per_week=9000",
         "/sites/shop/overview?source=google&device=!mobile", "/sites/shop/no-such-page",
         "/sites/shop/maps/compare", "/sites/shop/maps/new", "/sites/shop/maps/main/edit", "/sites/shop/maps/main/notes/new?lane=feel",
         "/sites/shop/maps/main/versions", "/sites/shop/maps/main/canvas"]


def msgids():
    """Every text that the code or a template marks, as its msgid."""
    with open(FOLDER / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for folder in ("collector", "journeys", "experiments", "templates"):
        rules = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)]
        chosen = {pattern.removeprefix(f"{folder}/"): values for pattern, values in options.items()}
        for _, _, message, _, context in extract_from_dir(ROOT / folder, rules, chosen, keywords=KEYWORDS):
            found.add(message, context=context)
    return {message.id for message in found if message.id}


@pytest.fixture(scope="module")
def hebrew():
    with open(FOLDER / "he" / "LC_MESSAGES" / "messages.po", "rb") as file:
        return read_po(file)


def test_the_catalogue_has_every_text_and_no_other(hebrew):
    assert {message.id for message in hebrew if message.id} == msgids()


def test_no_text_stands_twice_in_the_catalogue(hebrew):
    with open(FOLDER / "he" / "LC_MESSAGES" / "messages.po", encoding="utf-8") as file:
        assert len(re.findall("^msgid ", file.read(), re.M)) == len(list(hebrew))


def test_every_text_is_translated_into_hebrew_letters(hebrew):
    texts = {message.id: message.string for message in hebrew if message.id}
    short = {"WordPress", "Google Tag Manager"}
    empty = [msgid for msgid, text in texts.items() if msgid not in short
             and not all(re.search("[א-ת]", each) for each in (text if isinstance(text, tuple) else (text,)))]
    assert empty == [] and not any(message.fuzzy for message in hebrew)


def test_translations_take_the_same_values(hebrew):
    assert [(message.id, str(errors[0])) for message, errors in hebrew.check()] == []


def test_the_compiled_catalogue_is_the_written_one(hebrew):
    compiled = BytesIO()
    write_mo(compiled, hebrew)
    assert (FOLDER / "he" / "LC_MESSAGES" / "messages.mo").read_bytes() == compiled.getvalue(), "run `make setup`"


class Texts(HTMLParser):
    """What a reader reads or hears of a page, without what visitors or owners wrote, code, and data for scripts."""

    SKIPPED = {"bdi", "code", "script", "style", "pre", "option"}
    EMPTY = {"meta", "link", "input", "path", "circle", "rect", "br", "img"}

    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        english = attributes.get("lang") == "en"
        if tag not in self.EMPTY:
            self.open.append(tag if not english else "code")
        if not self.SKIPPED & set(self.open):
            self.texts += [attributes[name] for name in ("title", "aria-label", "placeholder", "alt") if attributes.get(name)]

    def handle_endtag(self, tag):
        if self.open and tag not in self.EMPTY:
            self.open.pop()

    def handle_data(self, data):
        if data.strip() and not self.SKIPPED & set(self.open):
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("office"))
    yield office
    office.store.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_hebrew_page_says_nothing_in_english(office, path):
    answer = office.as_("owner").get(path, headers={"Accept-Language": "he"}, follow_redirects=True)
    reader = Texts()
    reader.feed(answer.text)
    written = [text.replace("Guitars", "").replace("Dana", "") for text in reader.texts]
    assert len(written) > 5
    assert [text for text in written if LATIN.search(ALIKE.sub("", text))] == []


@pytest.mark.parametrize("path", ["/sign-in", "/setup/no-such-link", "/invitation/no-such-link"])
def test_so_do_pages_before_the_door(office, path):
    answer = office.visitor().get(path, headers={"Accept-Language": "he"}, follow_redirects=True)
    reader = Texts()
    reader.feed(answer.text)
    assert len(reader.texts) > 3
    assert [text for text in reader.texts if LATIN.search(ALIKE.sub("", text))] == []


@pytest.mark.parametrize(("path", "said"), [("overview?period=2026-02-30", "שאינו תאריך קיים"), ("sources?sort=nonsense", "כתבו אחד מאלה"),
                                            ("overview?source=!", "כולל שלילה בלי ערך")])
def test_what_is_wrong_with_an_address_is_said_in_hebrew(office, path, said):
    answer = office.as_("owner").get(f"/sites/shop/{path}", headers={"Accept-Language": "he"})
    assert answer.status_code == 400 and said in answer.text


def test_what_people_wrote_runs_in_its_own_direction():
    # the first letter that says the direction is not looked for within a bdi
    wrong = [path.name for path in (ROOT / "templates").rglob("*.html") if re.search(r'dir="auto"[^>]*>\s*<bdi', path.read_text(encoding="utf-8"))]
    assert wrong == []
