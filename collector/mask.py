"""Takes out of addresses and texts what could name a person. Pure.

The tracker masks before it sends; this is the second look, at everything that
is kept. What is taken out becomes [x]. Where in doubt it goes: a product number
of nine digits with a valid check digit is lost too.
"""

import functools
import re
from urllib.parse import unquote, urlsplit

MASK = "[x]"
LONGEST_PATH = 512
LONG_NUMBER = 9  # digits; orders and products are mostly shorter, telephones and identity numbers not

# Control characters and those that turn the direction of writing: shown, they could dress one text up as another.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.I)
_UUID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.I)
_JWT = re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?")
_KEY = re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abprs]|AKIA|ASIA|AIza|ya29|SG|key|live|test)"
                  r"[-_.]?[A-Za-z0-9][\w.-]{15,}")
_NAMED = re.compile(r"\b((?:access_?|refresh_?|id_?|auth_?|csrf_?|api_?)?(?:token|key|secret|session(?:id)?|sid|password|"
                    r"passwd|pwd|pass|otp|pin|code|cvv|cvc|authorization|bearer|סיסמה|סיסמא)\s*[=:]\s*)([^\s&;,\"'<>]+)", re.I)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b")
_DIGITS = re.compile(r"(?<![\d.])\+?\d(?:[ .()/-]{0,2}\d){7,18}(?!\d)")
_TELEPHONE = re.compile(r"(?:\+|00)?(?:972[ -]?|0)(?:5\d|7\d|[23489])[ -]?\d{3}[ -]?\d{4}")
_SUSPECT = re.compile(r"[@=:\d]|%40|eyJ|AKIA|_|[A-Za-z]{2}\d\d")

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}={0,2}")


def address(url):
    """(host, path) of a URL as they are kept: host without www, path without query, both masked.

    The fragment is kept when it is a route of its own, '#/…'. Percent signs are
    read, so a Hebrew path reads as Hebrew. Host is '' for a bare path.

    >>> address("https://www.shop.co.il/reset/dana@example.com?x=1#top")
    ('shop.co.il', '/reset/[x]')
    >>> address("https://app.example/#/orders/123456789012")
    ('app.example', '/#/orders/[x]')
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "", "/" + MASK
    route = parts.fragment.partition("?")[0]
    path = (parts.path or "/") + (f"#{route}" if route.startswith("/") else "")
    segments = [segment(part) for part in unquote(path, errors="replace").split("/")]
    return visible(host.removeprefix("www.")), "/".join(segments)[:LONGEST_PATH] or "/"


def segment(text):
    """One part of a path, masked when it looks like it names a person or opens a door.

    >>> [segment(text) for text in ("גיטרות", "order-1234", "dana@mail.co.il", "0521234567", "a9F3kZ81qLm20XvB")]
    ['גיטרות', 'order-1234', '[x]', '[x]', '[x]']
    """
    text = visible(text)
    if len(text) < 6:
        return text
    if "@" in text or _UUID.search(text) or _JWT.search(text) or _long_number(text) or _is_token(text):
        return MASK
    return scrub(text)


@functools.lru_cache(maxsize=2048)
def scrub(text):
    """A text without cards, identity numbers, accounts, telephones, e-mail, keys and named secrets.

    >>> scrub("שלחנו אישור אל dana@example.com, כרטיס 4111 1111 1111 1111")
    'שלחנו אישור אל [x], כרטיס [x]'
    """
    text = visible(text)
    if not _SUSPECT.search(text):
        return text
    text = _EMAIL.sub(MASK, text)
    text = _NAMED.sub(lambda found: found[1] + MASK, text)
    for pattern in (_JWT, _UUID, _KEY):
        text = pattern.sub(MASK, text)
    text = _IBAN.sub(lambda found: MASK if is_iban(found[0]) else found[0], text)
    text = _TELEPHONE.sub(MASK, text)
    return _DIGITS.sub(lambda found: MASK if _personal_number(found[0]) else found[0], text)


def is_clean(text):
    """Whether nothing was taken out of a text, here or in the tracker.

    >>> is_clean("88121"), is_clean("0521234567"), is_clean("order [x]")
    (True, False, False)
    """
    return MASK not in text and scrub(text) == text


def visible(text):
    r"""A text without control characters and marks of writing direction.

    >>> visible("a\u202eb\x00c")
    'abc'
    """
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def is_card(digits):
    """Whether a string of digits passes Luhn's check at a card's length.

    >>> is_card("4111111111111111"), is_card("4111111111111112")
    (True, False)
    """
    if not 12 <= len(digits) <= 19:
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_israeli_id(digits):
    """Whether a string of eight or nine digits carries the check digit of an Israeli identity number.

    >>> is_israeli_id("123456782"), is_israeli_id("123456789")
    (True, False)
    """
    if not 8 <= len(digits) <= 9 or not int(digits):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits.zfill(9)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_iban(text):
    """Whether a text is an account number by ISO 13616: its remainder by 97 is 1.

    >>> is_iban("IL62 0108 0000 0009 9999 999"), is_iban("IL62 0108 0000 0009 9999 998")
    (True, False)
    """
    letters = re.sub(r"[ -]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", letters):
        return False
    return int("".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])) % 97 == 1


def _personal_number(text):
    digits = re.sub(r"\D", "", text)
    return is_card(digits) or (len(digits) == 9 and is_israeli_id(digits)) or len(digits) >= 13 or (text[0] == "+" and len(digits) >= 9)


def _long_number(text):
    return re.search(rf"\d{{{LONG_NUMBER},}}", re.sub(r"[ .-]", "", text)) is not None


def _is_token(text):
    """Long, without sense to a reader: letters and digits mixed, or hexadecimal."""
    for found in _TOKEN.findall(text):
        digits = sum(letter.isdigit() for letter in found)
        upper = sum("A" <= letter <= "Z" for letter in found)
        lower = sum("a" <= letter <= "z" for letter in found)
        words = found.count("-") + found.count("_")
        if digits >= 3 and (upper and lower or digits >= len(found) // 4) and words < len(found) // 6:
            return True
        if len(found) >= 24 and upper >= 4 and lower >= 4 and words < 2:
            return True
    return False
