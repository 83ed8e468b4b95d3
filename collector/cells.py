"""Cells of a sheet as people write them: moments and amounts of money. Pure.

Where a cell may be read in two ways, 3/4 or 1.234, the others of its column
say how this sheet is written; where they do not, nobody guesses.
"""

import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from collector import mask
from collector.fields import BadField, N_

MONTHS = {name: number for number, names in enumerate((
    "jan january ינואר ינו", "feb february פברואר פבר", "mar march מרץ מרס", "apr april אפריל אפר", "may מאי",
    "jun june יוני", "jul july יולי", "aug august אוגוסט אוג", "sep sept september ספטמבר ספט",
    "oct october אוקטובר אוק", "nov november נובמבר נוב", "dec december דצמבר דצמ"), 1) for name in names.split()}

_CLOCK = (r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
          r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<offset>Z|UTC|[+-]\d\d:?\d\d))?)?")
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){_CLOCK}")
_COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_CLOCK}")
_YEAR_LAST = re.compile(rf"(?P<first>\d{{1,2}})(?P<between>[-/.])(?P<second_part>\d{{1,2}})(?P=between)(?P<year>\d{{4}}|\d\d){_CLOCK}")
_DAY_NAMED = re.compile(rf"(?P<day>\d{{1,2}})[ -]ב?(?P<name>[^\W\d_]+)\.?,?[ -](?P<year>\d{{4}}){_CLOCK}")
_MONTH_NAMED = re.compile(rf"(?P<name>[^\W\d_]+)\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}){_CLOCK}")
_EPOCH = re.compile(r"(?P<seconds>\d{10})(?P<thousandths>\d{3})?")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


class BadCell(BadField):
    """A cell cannot be read: `field` is its column."""


class MayBeTwoDays(BadCell):
    """A date that nothing in its sheet decides: 3/4 is a day of March or of April."""


def moment(text, zone, day_first=None, field="at"):
    """(UTC milliseconds, whether a time of day was written) of a date; of one without a time of day, when the day began.

    Takes ISO 8601, 10/3/2026 9:30 PM, 10.03.26, "10 Mar 2026", 20260310, and seconds or milliseconds since 1970. `day_first` says
    whether 3/4 is the third of April; while it is None, such a date is refused. Local times are of `zone`. Raises BadCell.

    >>> from zoneinfo import ZoneInfo
    >>> moment("1970-01-01 02:00", ZoneInfo("Asia/Jerusalem")), moment("3/4/1970", ZoneInfo("UTC"), day_first=True)[0]
    ((0, True), 7948800000)
    """
    text = " ".join(mask.visible(text).split())
    if found := _EPOCH.fullmatch(text):
        return int(found["seconds"]) * 1000 + int(found["thousandths"] or 0), True
    parts = _parts(text, day_first, field)
    try:
        local = datetime(*parts.date, *_time(parts.clock), tzinfo=_offset(parts.clock["offset"]) or zone)
    except ValueError:
        raise BadCell(field, N_("is %(typed)s, which is no day or time of the calendar"), typed=text[:40]) from None
    return int(local.timestamp()) * 1000, parts.clock["hour"] is not None


def day_order(texts):
    """Whether the dates of a column have the day first: True, False, or None when none tells, or "both".

    >>> day_order(["3/4/2026", "25/4/2026"]), day_order(["3/4/2026"]), day_order(["2026-03-04"])
    (True, None, None)
    """
    seen = set()
    for text in texts:
        found = _YEAR_LAST.fullmatch(" ".join(mask.visible(text).split()))
        if found and found["between"] != ".":
            first, second = int(found["first"]), int(found["second_part"])
            if (first > 12) != (second > 12):
                seen.add(first > 12)
    return None if not seen else "both" if len(seen) > 1 else seen.pop()


def may_be_two(text):
    """Whether a date can be read with the day first and with the month first, as two different days. With dots the day is always first.

    >>> may_be_two("3/4/2026"), may_be_two("3/3/2026"), may_be_two("25/4/2026")
    (True, False, False)
    """
    found = _YEAR_LAST.fullmatch(" ".join(mask.visible(text).split()))
    return bool(found) and found["between"] != "." and found["first"].lstrip("0") != found["second_part"].lstrip("0") and \
        max(int(found["first"]), int(found["second_part"])) <= 12


class _Parts:
    def __init__(self, found, date):
        self.clock = found.groupdict()
        self.date = date


def _parts(text, day_first, field):
    for pattern in (_YEAR_FIRST, _COMPACT):
        if found := pattern.fullmatch(text):
            return _Parts(found, (int(found["year"]), int(found["month"]), int(found["day"])))
    if found := _YEAR_LAST.fullmatch(text):
        return _Parts(found, _year_last(found, text, day_first, field))
    for pattern in (_DAY_NAMED, _MONTH_NAMED):
        found = pattern.fullmatch(text)
        if found and found["name"].casefold() in MONTHS:
            return _Parts(found, (int(found["year"]), MONTHS[found["name"].casefold()], int(found["day"])))
    if not text:
        raise BadCell(field, N_("is empty; write a date, for example 2026-03-31 or 2026-03-31 14:30"))
    raise BadCell(field, N_("is %(typed)s, which is no date; write one like 2026-03-31 or 2026-03-31 14:30"), typed=text[:40])


def _year_last(found, text, day_first, field):
    first, second = int(found["first"]), int(found["second_part"])
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    if found["between"] == ".":
        day_first = True
    if day_first is None:
        if may_be_two(text):
            raise MayBeTwoDays(field, N_("is %(typed)s, which may be two days; say whether the day or the month stands first"), typed=text[:40])
        day_first = first > 12 or second <= 12
    return (year, second, first) if day_first else (year, first, second)


def _time(clock):
    if clock["hour"] is None:
        return 0, 0, 0
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("no hour of twelve")
    hour = hour % 12 + 12 * (half == "p") if half else hour
    return hour, int(clock["minute"]), int(clock["second"] or 0)


def _offset(text):
    if not text:
        return None
    if text in ("Z", "UTC"):
        return timezone.utc
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


# -- money

def decimal_mark(texts):
    """Which of . and , the amounts of a column have before their fractions; "." when none tells, "" when they disagree.

    >>> decimal_mark(["1.234,56", "12"]), decimal_mark(["1,234"]), decimal_mark(["12.5", "12,5"])
    (',', '.', '')
    """
    marks = Counter(mark for text in texts if (mark := _own_mark(_digits(text)[0])))
    return "" if len(marks) > 1 else next(iter(marks), ".")


def amount(text, mark=".", places=2, field="value"):
    """(Decimal, the currency written with it or "") of an amount, or (None, "") of an empty cell.

    `mark` is the column's decimal_mark, `places` how many decimals the currency has. Raises BadCell.

    >>> amount("1,234"), amount("₪ 1.234,56", ","), amount("12 USD"), amount("")
    ((Decimal('1234'), ''), (Decimal('1234.56'), 'ILS'), (Decimal('12'), 'USD'), (None, ''))
    """
    digits, currency = _digits(text)
    if not text.strip():
        return None, ""
    if not _NUMBER.fullmatch(digits):
        raise BadCell(field, N_("is %(typed)s, which is no amount; write one like 1234.50"), typed=text.strip()[:40])
    mark = _own_mark(digits) or mark
    three = re.fullmatch(r"[+-]?\d{1,3}([.,])\d{3}", digits)  # thousands, or a fraction that few currencies have
    if three and (not mark or three[1] == mark and places < 3):
        raise BadCell(field, N_("is %(typed)s, which may be two amounts; write it without a thousands separator, like 1234.50"),
                      typed=text.strip()[:40])
    whole, _, fraction = digits.partition(mark or ".")
    thousands = "," if mark != "," else "."
    if not re.fullmatch(rf"[+-]?(\d+|\d{{1,3}}(\{thousands}\d{{2,3}})*)", whole) or not re.fullmatch(r"\d*", fraction):
        raise BadCell(field, N_("is %(typed)s, which is no amount; write one like 1234.50"), typed=text.strip()[:40])
    return Decimal(f"{whole.replace(thousands, '')}.{fraction or '0'}").normalize() + 0, currency


CURRENCIES = {"₪": "ILS", "ש״ח": "ILS", 'ש"ח': "ILS", "שח": "ILS", "nis": "ILS", "$": "USD", "€": "EUR", "£": "GBP"}


def _digits(text):
    """(digits with their separators, currency) of an amount as typed."""
    text = mask.visible(text).replace("\u00a0", " ").replace("\u202f", " ").replace("−", "-").strip()
    letters = re.sub(r"[\d.,+'’\s-]", "", text)
    currency = CURRENCIES.get(letters.casefold(), letters.upper() if re.fullmatch("[A-Za-z]{3}", letters) else "")
    digits = re.sub(r"[\s'’]", "", text.replace(letters, "", 1) if currency else text)
    return digits, currency


def _own_mark(digits):
    """What stands before the fraction of an amount that says so by itself, or ""."""
    marks = re.findall("[.,]", digits)
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    if marks and len(digits.rpartition(marks[0])[2]) != 3:
        return marks[0]
    return ""
