"""Tables as people save them: marks, delimiters, codings, titles in two languages."""

import pytest

from collector import sheet_reader
from collector.contact_rows import TITLES
from collector.sheet_reader import BadSheet, columns, read

ROWS = "תאריך,סוג,סה״כ\n2026-03-01,שיחה,\"1,234\"\n"


@pytest.mark.parametrize("data", [
    ROWS.encode(), b"\xef\xbb\xbf" + ROWS.encode(), ROWS.encode("utf-16"), ROWS.replace("״", '"').encode("cp1255"), ROWS.replace("\n", "\r\n").encode(),
    ROWS.replace('"1,234"', "1@234").replace(",", ";").replace("@", ",").encode(), ROWS.replace('"1,234"', "1@234").replace(",", "\t").replace("@", ",").encode(),
    b"\n\n" + ROWS.encode()], ids=["utf-8", "mark", "utf-16", "windows", "crlf", "semicolon", "tab", "empty lines"])
def test_one_table_in_many_files(data):
    sheet = read(data)
    assert columns(sheet.header, TITLES) == {"at": 0, "kind": 1, "value": 2}
    assert [line.cells for line in sheet.lines] == [("2026-03-01", "שיחה", "1,234")]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    assert [line.number for line in read("a,b\n1,2\n\n3,4\n").lines] == [2, 4]


@pytest.mark.parametrize("data", [b"", b"at,kind\n", b"PK\x03\x04rest", b"\x00\x01\x02\x00", b'at\n"never ends\n'])
def test_what_is_no_table_is_refused_as_a_whole(data):
    with pytest.raises(BadSheet) as error:
        read(data)
    assert error.value.field == "file" and error.value.message


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheet_reader, "MOST_LINES", 2)
    with pytest.raises(BadSheet, match="more than 2 rows"):
        read("a\n1\n2\n3\n")


def test_a_column_may_be_said_taken_away_and_must_be_there():
    header = ("Created at", "Total", "Date")
    assert columns(header, TITLES) == {"at": 2, "value": 1}
    assert columns(header, TITLES, {"at": "created_at", "value": ""}) == {"at": 0}
    with pytest.raises(BadSheet, match="there are: Created at, Total, Date"):
        columns(header, TITLES, {"at": "When"})
