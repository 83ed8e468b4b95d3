"""The reader's language: which it is, and how numbers, dates and money look in it.

Filters for templates: number, percent, change, seconds, money, date, moment.
None prints as a dash: not known is not zero.
"""

import datetime
from decimal import Decimal

import flask_babel
from babel import dates, numbers, units
from flask import g, request

from collector import current
from collector.fields import Names

LANGUAGES = {"en": "English", "he": "עברית"}
RIGHT_TO_LEFT = {"he"}
COOKIE = "netiv-language"
YEAR = 365 * 86_400
UNKNOWN = "–"
LRI, PDI = "\u2066", "\u2069"  # keep a sign or a % on its side of the digits


def set_up(app, translations):
    """Gives `app` its languages and filters. `translations` is the folder of the catalogues."""
    flask_babel.Babel(app, locale_selector=language, default_translation_directories=str(translations))
    app.after_request(_remember)
    app.jinja_env.filters.update(number=number, percent=percent, change=change, seconds=seconds, money=money,
                                 date=date, moment=moment)
    app.context_processor(lambda: {"language": language(), "dir": direction(), "languages": LANGUAGES})


def language():
    """"en" or "he": asked for in the address, the user's setting, remembered, or the browser's."""
    if "language" not in g:
        wishes = (request.args.get("lang"), getattr(current.actor, "language", None), request.cookies.get(COOKIE))
        g.language = next((wish for wish in wishes if wish in LANGUAGES), None) \
            or request.accept_languages.best_match(LANGUAGES) or "en"
    return g.language


def said(error):
    """What a BadField says, in the reader's language; what was typed keeps its own direction."""
    return flask_babel.gettext(error.text, **{name: _apart(value) for name, value in error.values.items()})


def _apart(value):
    if isinstance(value, Names):
        return ", ".join(_apart(flask_babel.gettext(each)) for each in value)
    return f"\u2068{value}{PDI}" if direction() == "rtl" and isinstance(value, str) else value


def direction(code=None):
    return "rtl" if (code or language()) in RIGHT_TO_LEFT else "ltr"


def number(value, digits=0):
    """1234.5 as 1,234; `digits` after the point at most."""
    if value is None:
        return UNKNOWN
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return _upright(numbers.format_decimal(value, format=pattern, locale=_locale()))


def percent(rate, digits=1):
    """A rate from 0 to 1 as 12.3%."""
    if rate is None:
        return UNKNOWN
    return _upright(_percent(rate, digits))


def change(rate):
    """A relative change as +12% or −3%; 0 as 0%."""
    if rate is None:
        return UNKNOWN
    text = _percent(rate, 0)
    return _upright(text if round(rate * 100) <= 0 else "+" + text)


def seconds(value):
    """A duration in seconds as 45s, 1m 23s, 2h 5m."""
    if value is None:
        return UNKNOWN
    whole = round(value)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return _units((hours, "hour"), (minutes, "minute"))
    if minutes:
        return _units((minutes, "minute"), (rest, "second"))
    return _units((rest, "second")) if value >= 10 or value == whole else _units((round(value, 1), "second"))


def money(minor, currency=None):
    """Integer minor units with their currency; without one, the currency of the site shown."""
    if minor is None:
        return UNKNOWN
    currency = currency or current.site.currency
    precision = numbers.get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-precision)
    text = numbers.format_currency(amount, currency, locale=_locale())
    return f"\u2068{text}{PDI}" if direction() == "rtl" else text


def date(value, form="medium"):
    """A datetime.date, or whole days since 1970-01-01, as Nov 24, 2026."""
    if value is None:
        return UNKNOWN
    if isinstance(value, int):
        value = datetime.date(1970, 1, 1) + datetime.timedelta(days=value)
    return dates.format_date(value, format=form, locale=_locale())


def moment(at, zone=None):
    """UTC milliseconds as date and time in `zone`, by default the zone of the site shown: Nov 24, 2026, 17:13.

    The month in letters: 11/2/26 is another day in New York than in London.
    """
    if at is None:
        return UNKNOWN
    zone = zone or (current.site.zone if current.site else datetime.UTC)
    local = datetime.datetime.fromtimestamp(at / 1000, zone)
    return f"{date(local.date())}, {local:%H:%M}"


def _remember(answer):
    wish = request.args.get("lang")
    if wish in LANGUAGES:
        answer.set_cookie(COOKIE, wish, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def _locale():
    return flask_babel.get_locale()


def _percent(rate, digits):
    pattern = "#,##0" + ("." + "#" * digits if digits else "") + "%"
    return numbers.format_percent(rate, format=pattern, locale=_locale())


def _units(*parts):
    # Hebrew has no narrow form of minutes and seconds in CLDR
    length = "short" if direction() == "rtl" else "narrow"
    return " ".join(units.format_unit(value, f"duration-{unit}", length=length, locale=_locale())
                    for value, unit in parts)


def _upright(text):
    text = text.replace("-", "\u2212")
    return f"{LRI}{text}{PDI}" if direction() == "rtl" and not text.isdigit() else text
