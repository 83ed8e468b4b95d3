"""What a sheet of contacts or orders would bring in, row by row, and why a row is refused. Pure.

Contacts are what happens outside the page: calls, visits to the shop, mails,
orders by telephone, chats. Orders are the real ones, as the shop's own system
has them. Of a customer nothing is kept but the hash that stands for him in the
sessions as well; of a note what mask.scrub leaves; every other column is not
read.
"""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from collector import cells, mask, money, period, sheet_reader
from collector.fields import BadField, N_, Names
from collector.sheet_reader import BadSheet

WHATS = ("contacts", "orders")
KINDS = {"call": N_("Call"), "shop_visit": N_("Visit to the shop"), "mail": N_("Mail"), "phone_order": N_("Order by telephone"),
         "chat": N_("Chat"), "other": N_("Other contact")}
ORDER = "order"  # the kind of a real order
WORDS = {  # what people write for a kind, beside its key
    "call": ("phone", "phone call", "telephone", "שיחה", "שיחת טלפון", "שיחה טלפונית", "טלפון"),
    "shop_visit": ("visit", "shop", "store", "store visit", "walk in", "ביקור", "ביקור בחנות", "חנות"),
    "mail": ("email", "e-mail", "letter", "מייל", "אימייל", "דואר אלקטרוני", "דוא״ל", "דואל"),
    "phone_order": ("order by phone", "telephone order", "הזמנה טלפונית", "הזמנת טלפון", "הזמנה בטלפון"),
    "chat": ("whatsapp", "sms", "צ׳אט", "צאט", "וואטסאפ", "ווטסאפ"), "other": ("אחר", "אחרת")}
LISTED = Names((N_("call"), N_("shop visit"), N_("mail"), N_("phone order"), N_("chat"), N_("other")))  # where a kind is asked for, in the reader's language
TITLES = {  # what columns are called, the plainest first
    "at": ("at", "date", "datetime", "date and time", "order date", "created at", "created", "paid at", "timestamp", "day",
           "תאריך", "תאריך ושעה", "מועד", "תאריך הזמנה", "תאריך יצירה", "תאריך פנייה", "תאריך פניה", "יום"),
    "clock": ("time", "hour", "שעה", "זמן"),
    "kind": ("kind", "type", "channel", "סוג", "סוג פנייה", "סוג פניה", "סוג קשר", "ערוץ", "אמצעי"),
    "customer": ("customer", "customer id", "client id", "user id", "user", "לקוח", "מספר לקוח", "מזהה לקוח", "קוד לקוח"),
    "code": ("code", "transaction id", "transaction", "order id", "order number", "order no", "order", "קוד", "מספר הזמנה", "הזמנה",
             "מס הזמנה", "מזהה הזמנה", "מספר עסקה", "מזהה עסקה"),
    "value": ("value", "total", "amount", "order total", "total price", "sum", "revenue", "price",
              "סכום", "סה״כ", "סכום הזמנה", "סכום לתשלום", "ערך", "מחיר"),
    "currency": ("currency", "currency code", "מטבע"),
    "note": ("note", "notes", "comment", "remark", "הערה", "הערות")}
LONGEST_NOTE = 300
LONGEST_ID = 64  # of a customer, as the tracker sends it
LONGEST_CODE = 100
LATEST = 5 * 60_000


class Row(NamedTuple):
    """One contact or order as it would be kept."""

    number: int  # of the row in the file
    at: int
    day: int
    kind: str
    person: int | None
    code_hash: int | None
    value: int | None  # minor units
    note: str
    fingerprint: int


class Refusal(NamedTuple):
    number: int
    error: BadField


class NoColumn(BadSheet):
    """Fields that are needed have no column: `errors` has one of each, `plan` the columns that were found, and no row."""


@dataclass(frozen=True)
class Plan:
    """What would come in. `remarks` are about rows that are taken, all the same with something left out."""

    what: str
    columns: dict  # field: title of its column
    unread: tuple  # titles of columns that are not read
    rows: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    remarks: list = field(default_factory=list)


class Reader(NamedTuple):
    """What rows are read with. `person` and `code` give the hashes of a customer and of a code."""

    what: str
    zone: object
    currency: str
    since: int  # older ones are let go, as sessions are
    now: int
    person: object
    code: object
    kind: str = ""  # of rows that do not say one
    day_first: bool | None = None  # None: as the sheet itself says


def plan(sheet, reader, given=None):
    """The Plan of a Sheet. `given` says which column a field is, {field: title}. Raises BadSheet when none of it can be read,
    NoColumn when it may be with other columns.
    """
    places = sheet_reader.columns(sheet.header, TITLES, given)
    made = Plan(reader.what, {name: sheet.header[place] for name, place in places.items()},
                tuple(title for place, title in enumerate(sheet.header) if place not in places.values() and title))
    _check(made, sheet, reader)
    column = {name: [line.cells[place] for line in sheet.lines if place < len(line.cells)] for name, place in places.items()}
    order = reader.day_first if reader.day_first is not None else cells.day_order(column["at"])
    order = None if order == "both" else order
    mark = cells.decimal_mark(column.get("value", ()))
    seen = {}
    for line in sheet.lines:
        try:
            if len(line.cells) > len(sheet.header) and any(line.cells[len(sheet.header):]):
                raise BadSheet("row", N_("has more cells than there are columns; put cells with the delimiter in them in quotes"))
            cell = {name: line.cells[place] if place < len(line.cells) else "" for name, place in places.items()}
            row, remark = _row(line.number, cell, reader, order, mark)
            if row.fingerprint in seen:
                raise BadSheet("row", N_("is the same as row %(number)s; if both happened, tell them apart by a time, a code or a note"),
                               number=seen[row.fingerprint])
        except BadField as error:
            made.refused.append(Refusal(line.number, error))
            continue
        seen[row.fingerprint] = line.number
        made.rows.append(row)
        if remark:
            made.remarks.append(Refusal(line.number, remark))
    return made


def asks_for_order(plan):
    """Whether rows were refused because nobody knows if the day or the month stands first."""
    return any(isinstance(each.error, cells.MayBeTwoDays) for each in plan.refused)


def _check(plan, sheet, reader):
    if reader.what not in WHATS:
        raise BadSheet("what", N_("%(typed)s is unknown; write contacts or orders"), typed=reader.what[:40])
    if reader.kind and reader.kind not in KINDS:
        raise BadSheet("kind", N_("%(typed)s is unknown; write one of %(choices)s"), typed=reader.kind[:40], choices=", ".join(KINDS))
    wanted = [name for name in ("at",) + (("kind",) if reader.what == "contacts" and not reader.kind else ()) if name not in plan.columns]
    if wanted:
        errors = [NoColumn(name, N_("has no column; say which of these it is: %(columns)s"), columns=", ".join(sheet.header)[:500]) for name in wanted]
        errors[0].errors, errors[0].plan = errors, plan
        raise errors[0]


def _row(number, cell, reader, day_first, mark):
    written = f"{cell['at']} {cell.get('clock', '')}".strip() if cell["at"] else ""
    at, _ = cells.moment(written, reader.zone, day_first)
    if at > reader.now + LATEST:
        raise BadSheet("at", N_("is %(typed)s, which is yet to come"), typed=written[:40])
    if at < reader.since:
        raise BadSheet("at", N_("is %(typed)s, more than 13 months ago; what is older is not kept"), typed=written[:40])
    kind = ORDER if reader.what == "orders" else _kind(cell.get("kind", ""), reader.kind)
    customer, code = cell.get("customer", ""), cell.get("code", "")
    if len(customer) > LONGEST_ID:
        raise BadSheet("customer", N_("is longer than %(most)s characters; write the id that your page gives to the tracker"), most=LONGEST_ID)
    if len(code) > LONGEST_CODE:
        raise BadSheet("code", N_("is longer than %(most)s characters"), most=LONGEST_CODE)
    value, remark = _value(cell, reader.currency, mark)
    if not mask.is_clean(code):  # there are few telephones, and the hash of one could be tried out
        code, remark = "", BadSheet("code", N_("looks like a telephone, an identity number or an address, which are not kept even as a hash: the row is taken without its code"))
    person, code_hash = reader.person(customer) if customer else None, reader.code(code) if code else None
    note = mask.scrub(cell.get("note", ""))[:LONGEST_NOTE]
    same = (kind, code_hash) if kind == ORDER and code else (kind, at, person, code_hash, value, note)
    return Row(number, at, period.day_of(at, reader.zone), kind, person, code_hash, value, note, _fingerprint(same)), remark


def _kind(typed, otherwise):
    if not typed and otherwise:
        return otherwise
    wanted = sheet_reader.plain(typed)
    for kind, words in WORDS.items():
        if wanted in map(sheet_reader.plain, (kind, *words)):
            return kind
    if not typed:
        raise BadSheet("kind", N_("is empty; write one of %(choices)s"), choices=LISTED)
    raise BadSheet("kind", N_("%(typed)s is unknown; write one of %(choices)s"), typed=typed[:40], choices=LISTED)


def _value(cell, currency, mark):
    """(minor units or None, what was left out or None)."""
    places = money.EXPONENTS.get(currency, 2)
    found, written = cells.amount(cell.get("value", ""), mark, places)
    if found is None:
        return None, None
    if found < 0:
        raise BadSheet("value", N_("is below zero; leave refunds out"))
    theirs = cells.CURRENCIES.get(cell.get("currency", "").casefold(), cell.get("currency", "").upper()) or written or currency
    if theirs != currency:
        return None, BadSheet("value", N_("is in %(theirs)s, and this site counts in %(ours)s: the row is taken without its value"),
                              theirs=theirs[:10], ours=currency)
    units = money.minor_units(str(found), currency)
    if units is None:
        raise BadSheet("value", N_("is larger than any order; write one like 1234.50"))
    return units, None


def _fingerprint(parts):
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
