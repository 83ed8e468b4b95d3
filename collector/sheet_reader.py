"""Reads a table of text as people save it: from a spreadsheet, a shop's back office, a telephone system. Pure.

A Sheet is its header and its lines; which column is which is matched by the
header's words, in both languages, or as the reader says.
"""

import csv
import io
import re
from typing import NamedTuple

from collector.fields import BadField, N_

MOST_LINES = 1_000_000
DELIMITERS = ",;\t|"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class BadSheet(BadField):
    """A file cannot be read at all: nothing of it was taken."""


class Line(NamedTuple):
    number: int  # the row's number in a spreadsheet, the header being the first
    cells: tuple


class Sheet(NamedTuple):
    header: tuple
    lines: list


def read(data):
    """The Sheet of a file's bytes or text. Raises BadSheet.

    >>> read("\ufeffdate;amount\\n\\n2026-03-01;1.234,56\\n".encode())
    Sheet(header=('date', 'amount'), lines=[Line(number=3, cells=('2026-03-01', '1.234,56'))])
    """
    text = data if isinstance(data, str) else decode(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter(first), strict=True)
    header, lines = (), []
    try:
        for number, row in enumerate(rows, 1):
            cells = tuple(cell.strip() for cell in row)
            if not any(cells):
                continue
            if not header:
                header = cells
            else:
                lines.append(Line(number, cells))
            if len(lines) > MOST_LINES:
                raise BadSheet("file", N_("has more than %(most)s rows; cut it in parts"), most=MOST_LINES)
    except csv.Error:
        raise BadSheet("file", N_("has quotes that do not match near row %(number)s; save it as CSV once more"), number=rows.line_num) from None
    if not lines:
        raise BadSheet("file", N_("is empty; its first row names the columns, and each row after it is one entry"))
    return Sheet(header, lines)


def decode(data):
    """The text of a file: UTF-8, UTF-16 with its mark, or the Hebrew of Windows. Raises BadSheet.

    >>> decode("סכום".encode("cp1255"))
    'סכום'
    """
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise BadSheet("file", N_("is a workbook; save it as CSV (UTF-8) first"))
    coding = next((name for mark, name in BOMS if data.startswith(mark)), "")
    for each in (coding,) if coding else ("utf-8", "cp1255"):
        try:
            text = data.decode(each)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadSheet("file", N_("is no text in UTF-8; save it as CSV (UTF-8)"))


def delimiter(first):
    """What stands between the cells of a header line: the one of DELIMITERS that it has most of, outside quotes.

    >>> delimiter('"a;b",c,d'), delimiter("a;b"), delimiter("alone")
    (',', ';', ',')
    """
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def plain(title):
    """A column's title as it is compared: case, quotes and punctuation say nothing.

    >>> plain(" Order_ID: "), plain('סה"כ')
    ('order id', 'סהכ')
    """
    text = re.sub("[\"'״׳“”]", "", title.casefold())
    return " ".join(re.sub(r"[_\-./:*#()\[\]]", " ", text).split())


def columns(header, names, given=None):
    """Which column each field is: {field: its place}, fields that have none left out.

    `names` is {field: titles it goes by}; `given` {field: the title of the column it is, or "" for none}. Raises BadSheet for a title
    that is not there.
    """
    titles = [plain(title) for title in header]
    found, given = {}, given or {}
    for field, typed in given.items():
        if not typed:
            continue
        if plain(typed) not in titles:
            raise BadSheet(field, N_("shall be the column %(typed)s, and there is none; there are: %(columns)s"),
                           typed=typed[:60], columns=", ".join(header)[:500])
        found[field] = titles.index(plain(typed))
    for field, known in names.items():
        place = next((titles.index(name) for name in map(plain, known) if name in titles), None)
        if field not in given and place is not None and place not in found.values():
            found[field] = place
    return found


def given(typed, fields, sign="="):
    """What was said of columns, FIELD=COLUMN each: {field: column}. Raises BadSheet.

    >>> given(["code:Order no."], ("at", "code"), ":")
    {'code': 'Order no.'}
    """
    found = {}
    for each in typed:
        name, there, column = each.partition(sign)
        if not there or name not in fields:
            raise BadSheet("map", N_("%(typed)s is not understood; write FIELD%(sign)sCOLUMN with one of %(choices)s"),
                           typed=each[:60], sign=sign, choices=", ".join(fields))
        found[name] = column
    return found
