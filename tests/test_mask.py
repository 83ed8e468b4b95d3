"""What could name a person is taken out. Card numbers are the networks' published test numbers; the accounts are ISO
13616's published examples; Israeli identity numbers were made with the check digit worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import mask


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "5555555555554444", "3782-822463-10005", "6011111111111117"])
def test_cards_go(text):
    assert mask.scrub(f"כרטיס {text} נדחה") == "כרטיס [x] נדחה"


@pytest.mark.parametrize("text", ["123456782", "000000018", "12345678-2", "ת.ז. 123456782"])
def test_israeli_identity_numbers_go(text):
    assert not any(letter.isdigit() for letter in mask.scrub(text))


@pytest.mark.parametrize("text", ["IL620108000000099999999", "GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000"])
def test_bank_accounts_go(text):
    assert mask.scrub(f"to {text}!") == "to [x]!"


@pytest.mark.parametrize("text", ["052-1234567", "+972 52 123 4567", "0521234567", "03-1234567", "+1 415 555 0100"])
def test_telephones_go(text):
    assert mask.scrub(f"טלפון {text}") == "טלפון [x]"


@pytest.mark.parametrize("text, left", [
    ("mail dana.levi+shop@mail.co.il now", "mail [x] now"),
    ("דנה@דוגמה.ישראל", "[x]"),
    ("token=abc123", "token=[x]"), ("/x?access_token=abc&b=1", "/x?access_token=[x]&b=1"),
    ("password: hunter2", "password: [x]"), ("סיסמה: שלום1", "סיסמה: [x]"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF_123", "[x]"),
    ("key sk-live_abcdefghijklmnop1234", "key [x]"), ("AKIAIOSFODNN7EXAMPLE", "[x]"),
    ("id 123e4567-e89b-12d3-a456-426614174000", "id [x]"),
])
def test_mail_secrets_and_keys_go(text, left):
    assert mask.scrub(text) == left


@pytest.mark.parametrize("text", [
    "", "Buy now", "הוספה לסל", "₪1,234.50", "12:30", "Fender Stratocaster 1962", "3 מיתרים ב־99 ש״ח", "2026-03-10",
    "Uncaught TypeError: Cannot read properties of undefined (reading '0') line 1204", "main>div:nth-of-type(3)>a",
    "http://shop.example/cart", "order 100045"])
def test_ordinary_texts_stay(text):
    assert mask.scrub(text) == text


def test_control_and_direction_marks_go():
    assert mask.scrub("a\u202eb\x00c\u2066d\ufeff") == "abcd"


@pytest.mark.parametrize("url, expected", [
    ("https://www.Shop.co.il/cart?x=1#top", ("shop.co.il", "/cart")),
    ("https://shop.co.il", ("shop.co.il", "/")),
    ("https://shop.co.il/%D7%92%D7%99%D7%98%D7%A8%D7%95%D7%AA/", ("shop.co.il", "/גיטרות/")),
    ("https://shop.co.il:8443/a", ("shop.co.il:8443", "/a")),
    ("/only/path", ("", "/only/path")),
    ("https://a.example/#/cart/42?x=1", ("a.example", "/#/cart/42")),
    ("https://a.example/users/dana%40mail.co.il/edit", ("a.example", "/users/[x]/edit")),
    ("https://a.example/o/123e4567-e89b-12d3-a456-426614174000", ("a.example", "/o/[x]")),
    ("https://a.example/reset/kJ8sQ2mZpX91vT0aWq7L", ("a.example", "/reset/[x]")),
    ("https://a.example/ids/123456789", ("a.example", "/ids/[x]")),
    ("https://a.example/call/052-1234567", ("a.example", "/call/[x]")),
    ("https://a.example/p/12345678", ("a.example", "/p/12345678")),
    ("https://a.example/blog/2026/03/how-to-choose-a-guitar-under-1000", ("a.example", "/blog/2026/03/how-to-choose-a-guitar-under-1000")),
    ("https://a.example/איך-לבחור-גיטרה-למתחילים-2026", ("a.example", "/איך-לבחור-גיטרה-למתחילים-2026")),
    ("https://[broken", ("", "/[x]")),
])
def test_addresses_keep_host_and_path_without_persons(url, expected):
    assert mask.address(url) == expected


@given(st.text())
def test_scrubbing_again_changes_nothing(text):
    once = mask.scrub(text)
    assert mask.scrub(once) == once


@given(st.text(max_size=600))
def test_any_text_is_an_address_of_some_page(text):
    host, path = mask.address(text)
    assert path and len(path) <= mask.LONGEST_PATH


@given(st.integers(0, 10 ** 8 - 1))
def test_one_of_ten_last_digits_makes_an_israeli_number(number):
    valid = [digit for digit in range(10) if mask.is_israeli_id(f"{number:08}{digit}")]
    assert len(valid) == (1 if number else 0)
