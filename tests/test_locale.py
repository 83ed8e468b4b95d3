"""The reader's language, and numbers that keep their signs in both directions."""

import datetime

import pytest

from collector import accounts, locale
from tests.office import office  # noqa: F401

ISOLATED = "\u2066{}\u2069"


@pytest.fixture
def reading(office):
    """reading(language) is a request in that language."""
    return lambda language: office.app.test_request_context(f"/?lang={language}")


@pytest.mark.parametrize("call, english, hebrew", [
    (lambda: locale.number(1234567), "1,234,567", ISOLATED.format("1,234,567")),
    (lambda: locale.number(7), "7", "7"),
    (lambda: locale.number(-3.14159, 2), "−3.14", ISOLATED.format("−3.14")),
    (lambda: locale.percent(0.1234), "12.3%", ISOLATED.format("12.3%")),
    (lambda: locale.percent(0), "0%", ISOLATED.format("0%")),
    (lambda: locale.change(0.12), "+12%", ISOLATED.format("+12%")),
    (lambda: locale.change(-0.031), "−3%", ISOLATED.format("−3%")),
    (lambda: locale.change(0.001), "0%", ISOLATED.format("0%")),
    (lambda: locale.seconds(45), "45s", "45 שנ׳"),
    (lambda: locale.seconds(83), "1m 23s", "1 דק׳ 23 שנ׳"),
    (lambda: locale.seconds(7500), "2h 5m", "שעתיים 5 דק׳"),
    (lambda: locale.seconds(2.46), "2.5s", "2.5 שנ׳"),
    (lambda: locale.money(123450, "ILS"), "₪1,234.50", "\u2068\u200f1,234.50\xa0\u200f₪\u2069"),
    (lambda: locale.money(500, "JPY"), "¥500", "\u2068\u200f500\xa0\u200f¥\u2069"),
    (lambda: locale.date(datetime.date(2026, 11, 24)), "Nov 24, 2026", "24 בנוב׳ 2026"),
    (lambda: locale.date(0), "Jan 1, 1970", "1 בינו׳ 1970"),
])
def test_numbers_in_both_languages(reading, call, english, hebrew):
    with reading("en"):
        assert call().replace("\u202f", " ") == english
    with reading("he"):
        assert call() == hebrew


def test_a_moment_is_told_in_the_zone_of_the_site(reading):
    with reading("en"):
        text = locale.moment(1_790_000_000_000, datetime.timezone(datetime.timedelta(hours=3)))
        assert text == "Sep 21, 2026, 17:13"


def test_what_is_not_known_is_not_zero(reading):
    with reading("en"):
        for show in (locale.number, locale.percent, locale.change, locale.seconds, locale.money, locale.date, locale.moment):
            assert show(None) == "–"


def lang(answer):
    return answer.text.split('<html lang="')[1].split('"')[0]


def test_the_language_is_asked_for_in_this_order(office):
    browser = office.as_("owner")
    hebrew = {"Accept-Language": "he-IL,he;q=0.9,en;q=0.8"}
    assert lang(browser.get("/account")) == "en"
    assert lang(browser.get("/account", headers=hebrew)) == "he", "the browser's"
    browser.get("/account?lang=en")
    assert lang(browser.get("/account", headers=hebrew)) == "en", "remembered"
    accounts.set_language(office.store, office.users["owner"], "he")
    assert lang(browser.get("/account")) == "he", "the user's own setting"
    assert lang(browser.get("/account?lang=en")) == "en", "asked for"


def test_hebrew_pages_run_from_right_to_left(office):
    page = office.visitor().get("/sign-in?lang=he").text
    assert 'lang="he" dir="rtl"' in page
    assert 'lang="en" dir="ltr"' in office.visitor().get("/sign-in?lang=en").text


def test_a_language_we_do_not_speak_is_ignored(office):
    answer = office.visitor().get("/sign-in?lang=xx")
    assert lang(answer) == "en" and "netiv-language" not in str(answer.headers)


def test_the_user_sets_the_language_on_the_account_page(office):
    browser = office.as_("viewer")
    assert browser.post("/account/language", {"language": "he"}).status_code == 302
    assert lang(browser.get("/account")) == "he"
    assert browser.post("/account/language", {"language": "xx"}).status_code == 400
