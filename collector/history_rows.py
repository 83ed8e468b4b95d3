"""Events that another system wrote down, as messages: a sheet whose columns say when, who, which page, and what. Pure.

Each row is a page view, or an event where its `event` says which. A visitor's
rows become the messages that his browser would have sent, so that everything
after that is what happens to every message.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec

from collector import cells, message, period, sheet_reader
from collector.fields import BadField, N_
from collector.session import GAP
from collector.sheet_reader import BadSheet

FIELDS = {  # what a row may say, and titles it goes by
    "time": ("time", "timestamp", "datetime", "date and time", "at", "date", "event time", "תאריך ושעה", "תאריך", "זמן"),
    "order": ("order", "sequence", "hit number", "מספר סידורי"),
    "visitor": ("visitor", "visitor id", "user id", "client id", "user pseudo id", "מבקר"),
    "session": ("session", "session id", "visit id", "ביקור"),
    "customer": ("customer", "customer id", "לקוח", "מספר לקוח"),
    "page": ("page", "path", "page path", "url", "page location", "address", "דף", "כתובת"),
    "title": ("title", "page title", "כותרת"), "referrer": ("referrer", "page referrer", "referer", "מקור מפנה"),
    "event": ("event", "event name", "action", "אירוע"),
    "value": ("value", "revenue", "amount", "סכום", "ערך"), "currency": ("currency", "מטבע"),
    "transaction": ("transaction", "transaction id", "order id", "מספר הזמנה"),
    "source": ("source", "utm source", "מקור"), "medium": ("medium", "utm medium", "אמצעי"), "campaign": ("campaign", "utm campaign", "קמפיין"),
    "content": ("content", "utm content", "תוכן"), "term": ("term", "utm term", "מונח"),
    "country": ("country", "country code", "מדינה"), "language": ("language", "שפה"), "device": ("device", "device category", "מכשיר"),
    "browser": ("browser", "דפדפן"), "os": ("os", "operating system", "מערכת הפעלה")}
TAGS = ("source", "medium", "campaign", "content", "term")
VIEWS = {"", "pageview", "page view", "view", "screen view", "צפייה", "צפייה בדף"}  # events that are page views
DEVICES = {"desktop", "mobile", "tablet", "tv", "console"}
HOUR = 3_600_000
NOON = 12 * HOUR
STEP = 1000  # between rows of a visitor that have no time of day
LONGEST = 12 * HOUR  # of one message
_encode = msgspec.json.Encoder().encode


class Entry(NamedTuple):
    at: int
    order: float
    number: int  # of the row in the file
    visitor: str
    timed: bool  # whether a time of day was written
    cells: dict  # field: text


class Sent(NamedTuple):
    """One message as the loader takes it, without its sender's id."""

    sent_at: int
    visitor: str
    customer: bool
    batch: object
    refused: list
    country: str
    device: str
    browser: str
    os: str


@dataclass
class History:
    """What a sheet comes to: messages in the order they were sent, and rows that were refused."""

    sent: list = field(default_factory=list)
    refused: list = field(default_factory=list)  # (number of the row, BadField)
    columns: dict = field(default_factory=dict)  # field: how it is read
    rows: int = 0
    first_at: int = 0
    last_at: int = 0
    visitors: int = 0
    untimed: int = 0  # rows without a time of day


def read(sheet, site, given=None, values=None, day_first=None, until=None):
    """The History of a Sheet for a Site. Raises BadSheet when none of it can be read.

    `given` is {field: column, a template such as "/{category}/{model}", or "=text" that is the same in every row};
    `values` {(field, text): another text}; with `until` (a date) all days are moved so that the last is this one.
    """
    ways, columns = _ways(sheet.header, given or {})
    found = History(columns=columns)
    entries = list(_entries(sheet, ways, site, values or {}, day_first, found))
    if until and entries:
        entries = _moved(entries, site.zone, until)
    whose = {}
    for entry in entries:
        whose.setdefault(entry.visitor, []).append(entry)
    for visitor, theirs in whose.items():
        theirs.sort(key=lambda entry: (entry.at, entry.order, entry.number))
        found.sent += _messages(visitor, _timed(theirs), "customer" in ways, site)
    found.sent.sort(key=lambda sent: sent.sent_at)
    found.rows, found.visitors = len(entries), len(whose)
    found.first_at, found.last_at = (edge((entry.at for entry in entries), default=0) for edge in (min, max))
    return found


def _ways(header, given):
    """({field: a function of a line's cells}, {field: how it is read}) for the fields there are."""
    for name in given:
        if name not in FIELDS:
            raise BadSheet("map", N_("%(typed)s is no field; write one of %(choices)s"), typed=name[:40], choices=", ".join(FIELDS))
    special = {name: way for name, way in given.items() if way.startswith("=") or "{" in way}
    places = sheet_reader.columns(header, FIELDS, {name: "" if name in special else way for name, way in given.items()})
    ways = {name: _cell(place) for name, place in places.items()} | {name: _special(name, way, header) for name, way in special.items()}
    if "time" not in ways:
        raise BadSheet("time", N_("has no column; say which of these it is: %(columns)s"), columns=", ".join(header)[:500])
    if not ways.keys() & {"visitor", "session", "customer"}:
        raise BadSheet("session", N_("has no column, nor have visitor and customer; say which of these tells who it was: %(columns)s"),
                       columns=", ".join(header)[:500])
    if not ways.keys() & {"page", "event"}:
        raise BadSheet("page", N_("has no column; say which of these it is: %(columns)s"), columns=", ".join(header)[:500])
    return ways, {name: header[place] for name, place in places.items()} | special


def _cell(place):
    return lambda line: line[place] if place < len(line) else ""


def _special(name, way, header):
    if way.startswith("="):
        return lambda line: way[1:]
    titles = [sheet_reader.plain(title) for title in header]
    parts = re.split(r"\{([^{}]+)\}", way)
    for column in parts[1::2]:
        if sheet_reader.plain(column) not in titles:
            raise BadSheet(name, N_("shall be the column %(typed)s, and there is none; there are: %(columns)s"),
                           typed=column[:60], columns=", ".join(header)[:500])
    places = [titles.index(sheet_reader.plain(column)) for column in parts[1::2]]
    return lambda line: "".join(text + (line[place] if place < len(line) else "") for text, place in zip(parts[::2], [*places, len(line)]))


def _entries(sheet, ways, site, values, day_first, found):
    first = ways["time"]
    order = day_first if day_first is not None else cells.day_order([first(line.cells) for line in sheet.lines])
    order = None if order == "both" else order
    moment = lru_cache(maxsize=4096)(lambda text: cells.moment(text, site.zone, order, "time"))  # dates repeat
    for line in sheet.lines:
        cell = {name: values.get((name, text), text) for name, way in ways.items() for text in (way(line.cells),)}
        try:
            at, timed = moment(cell["time"])
            visitor = cell.get("customer") or cell.get("visitor") or cell.get("session")
            if not visitor:
                raise BadSheet("session", N_("is empty; without it nobody knows whose row this is"))
            if not re.fullmatch("([A-Za-z]{2})?", cell.get("country", "")):
                raise BadSheet("country", N_("is %(typed)s; countries have two letters, such as PL"), typed=cell["country"][:40])
            found.untimed += not timed
            yield Entry(at, _number(cell.get("order", "")), line.number, visitor, timed, cell)
        except BadField as error:
            found.refused.append((line.number, error))


def _number(text):
    if not text:
        return 0
    try:
        return float(text)
    except ValueError:
        raise BadSheet("order", N_("is %(typed)s, which is no number"), typed=text[:40]) from None


def _moved(entries, zone, until):
    """The same, so many days later or earlier that the last is on the date `until`."""
    days = until.toordinal() - period.EPOCH - max(period.day_of(entry.at, zone) for entry in entries)
    return [entry._replace(at=int((datetime.fromtimestamp(entry.at / 1000, zone).replace(tzinfo=None) + timedelta(days=days))
                                  .replace(tzinfo=zone).timestamp()) * 1000) for entry in entries]


def _timed(entries):
    """A visitor's rows in order; those without a time of day stand one second apart from the visitor's own moment after noon on.

    Did all begin at noon, two of a day might share the name of a session, which is its time and a part of the visitor's id.
    """
    begins = NOON + int.from_bytes(hashlib.blake2b(str(entries[0].visitor).encode(), digest_size=4).digest()) % HOUR
    days, timed = {}, []
    for entry in entries:
        if not entry.timed:
            number = days[entry.at] = days.get(entry.at, -1) + 1
            entry = entry._replace(at=entry.at + begins + number * STEP)
        timed.append(entry)
    return sorted(timed, key=lambda entry: (entry.at, entry.order, entry.number))


def _messages(visitor, entries, customer, site):
    """The Sent messages of one visitor: a new one after a gap, and when one is full."""
    waiting = []
    for entry in entries:
        if waiting and (entry.at - waiting[-1].at >= GAP or entry.at - waiting[0].at >= LONGEST
                        or len(waiting) >= message.MAX_PAGES):  # no row needs more than one page
            yield _message(visitor, waiting, customer, site)
            waiting = []
        waiting.append(entry)
    if waiting:
        yield _message(visitor, waiting, customer, site)


def _message(visitor, entries, customer, site):
    pages, events, numbers = [], [], []
    for entry in entries:
        event = _event(entry, site)
        if event["type"] == "pageview" or not pages or ("page" in entry.cells and pages[-1]["url"] != _url(entry.cells, site)):
            pages.append({"view": hashlib.blake2b(f"{visitor}\0{entry.at}\0{entry.number}".encode(), digest_size=8).hexdigest(), "url": _url(entry.cells, site),
                          "title": entry.cells.get("title", "")[:300], "referrer": entry.cells.get("referrer", "")})
            numbers.append(0)
        events.append(event | {"n": numbers[-1], "at": entry.at, "page": len(pages) - 1})
        numbers[-1] += 1
    first = entries[0].cells
    body = {"sent_at": entries[-1].at, "pages": pages, "events": events, "language": first.get("language", "")[:35]}
    batch, refused = message.parse(_encode(body))  # the limits that hold for everybody
    device = first.get("device", "").casefold()
    return Sent(entries[-1].at, visitor, customer, batch, refused, first.get("country", "").upper(), device if device in DEVICES else "",
                first.get("browser", "")[:100], first.get("os", "")[:100])


def _event(entry, site):
    name = entry.cells.get("event", "")
    if sheet_reader.plain(name) in VIEWS:
        return {"type": "pageview"}
    props = {"value": entry.cells.get("value"), "currency": entry.cells.get("currency"), "transaction_id": entry.cells.get("transaction")}
    return {"type": "custom", "name": name, "props": {key: text for key, text in props.items() if text}}


def _url(cell, site):
    """The address of a row's page, with the campaign that the row names."""
    address = cell.get("page", "") or "/"
    if "://" not in address:
        address = f"https://{site.domain}/{address.removeprefix('/')}"
    tags = urlencode({f"utm_{tag}": cell[tag] for tag in TAGS if cell.get(tag)})
    if not tags:
        return address
    address, hash_sign, fragment = address.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{tags}{hash_sign}{fragment}"
