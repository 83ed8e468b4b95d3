"""Contacts and real orders: looked at first, brought in whole, joined to sessions by hashes only, and out again."""

from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import cleanup, contacts, erase, period, sheet_reader, sites
from collector.memory import transaction_hash
from collector.sheet_reader import BadSheet
from collector.visitor import Visitors
from journeys import contacts as report
from journeys.reports import asked
from tests.story import NOW
from wsgi import netiv

DAY = 86_400_000
FILE = """at,kind,customer,code,value,currency,note,name
2026-03-09 10:00,call,1042,,,,"call back at 052-1234567, dana@example.com",Dana
2026-03-09 11:00,phone_order,,88121,"1,349.90",ILS,,Avi
9/3/2026,שיחה,,,,,,
2026-03-09 10:00,call,1042,,,,"call back at 052-1234567, dana@example.com",Dana
2026-03-09,smoke signal,,,,,,
,call,,,,,,
2026-03-12,call,,,,,,
2024-01-01,call,,,,,,
2026-03-09,mail,,,100,USD,,
2026-03-09,mail,,,-5,,,
2026-03-09,mail,,,1.234,,,
2026-03-09,mail,,,,,,,surplus,
"""


def look(store, site, text, what="contacts", **more):
    return contacts.look(store, site, sheet_reader.read(text), what, now=NOW, **more)


def rows(store, table="contacts"):
    with store.facts as db:
        return [dict(row) for row in db[table].rows]


def test_a_look_says_what_would_come_in_and_why_the_rest_would_not(store, site):
    plan = look(store, site, FILE, day_first=True)
    assert [row.number for row in plan.rows] == [2, 3, 4, 10]
    assert [(each.number, each.error.field) for each in plan.refused] == [
        (5, "row"), (6, "kind"), (7, "at"), (8, "at"), (9, "at"), (11, "value"), (12, "value"), (13, "row")]
    assert [each.error.field for each in plan.remarks] == ["value"] and plan.rows[-1].value is None
    assert "same as row 2" in plan.refused[0].error.message and plan.unread == ("name",)
    assert rows(store) == [] and rows(store, "contact_imports") == []


def test_what_comes_in_names_nobody(store, site):
    contacts.bring_in(store, site, look(store, site, FILE, day_first=True), "dana@shop.example", "march.csv")
    stored = rows(store)
    assert len(stored) == 4
    text = str(stored)
    for named in ("1042", "88121", "1234567", "dana@", "Dana", "Avi"):
        assert named not in text
    assert stored[0]["note"] == "call back at [x], [x]" and stored[1]["value"] == 134_990
    assert stored[1]["code_hash"] == transaction_hash("88121")


@pytest.mark.parametrize("code", ["0521234567", "dana@example.com", "order [x]"])
def test_a_code_that_names_somebody_is_not_kept_even_as_a_hash(store, site, story, code):
    plan = look(store, site, f"at,kind,code\n2026-03-09,call,{code}\n2026-03-09,call,K7Q2\n")
    assert [row.code_hash for row in plan.rows] == [None, transaction_hash("K7Q2")] and [each.error.field for each in plan.remarks] == ["code"]
    story.visitor("dana", at=NOW - DAY).view("/").event("contact_code", code=code).event("contact_code", code="K7Q2")
    assert [row["code_hash"] for row in rows(store, "session_codes")] == [transaction_hash("K7Q2")]


def test_dates_in_two_forms_ask_for_the_order_only_where_nothing_tells(store, site):
    plan = look(store, site, "date;kind\n9/3/2026;call\n10/3/2026;call\n")
    assert not plan.rows and all("which may be two days" in each.error.message for each in plan.refused)
    told = look(store, site, "date;kind\n9/3/2026;call\n25/2/2026;call\n")
    assert [row.day for row in told.rows] == [20521, 20509] and not told.refused
    both = look(store, site, "date;kind\n9/3/2026;call\n25/2/2026;call\n2/26/2026;call\n")
    assert [each.number for each in both.refused] == [2]
    month = look(store, site, "date;kind\n3/9/2026;call\n25/2/2026;call\n", day_first=False)
    assert [(each.number, each.error.field) for each in month.refused] == [(3, "at")]


def test_hebrew_titles_semicolons_and_a_mark_are_read(store, site):
    plan = look(store, site, "\ufeffתאריך;שעה;סוג;סכום;הערות\r\n9.3.2026;14:30;ביקור בחנות;1.234,56 ₪;בשעת צהריים\r\n".encode())
    row, = plan.rows
    assert (row.kind, row.value, row.note) == ("shop_visit", 123_456, "בשעת צהריים")
    assert row.at == 1773059400000  # 2026-03-09 12:30 UTC


@pytest.mark.parametrize("text, what, field", [
    ("when,kind\n2026-03-09,call\n", "contacts", "at"), ("at,value\n2026-03-09,5\n", "contacts", "kind"), ("at\n2026-03-09\n", "letters", "what")])
def test_a_missing_column_is_named_with_those_there_are(store, site, text, what, field):
    with pytest.raises(BadSheet) as error:
        look(store, site, text, what)
    assert error.value.field == field


def test_a_kind_may_be_said_once_for_all(store, site):
    assert [row.kind for row in look(store, site, "at\n2026-03-09\n", kind="mail").rows] == ["mail"]


def test_the_same_rows_come_in_once_and_again_after_an_undo(store, site):
    text = "at,order\n2026-03-09 10:00,A1\n2026-03-09 11:00,A2\n"
    first = contacts.bring_in(store, site, look(store, site, text, "orders"), "dana")
    again = look(store, site, text + "2026-03-09 12:00,A3\n", "orders")
    assert [row.number for row in again.rows] == [4]
    assert {each.error.message for each in again.refused} == {f"was brought in before, by import {first.id}"}
    with pytest.raises(BadSheet, match="no row"):
        contacts.bring_in(store, site, look(store, site, text, "orders"), "dana")
    assert contacts.undo(store, site, first.id, "dana").kept == 2 and rows(store) == []
    assert len(look(store, site, text, "orders").rows) == 2
    assert contacts.imports(store, site)[0].undone_by == "dana"
    with pytest.raises(BadSheet, match="undone before"):
        contacts.undo(store, site, first.id, "dana")


def test_one_row_that_cannot_be_written_leaves_none(store, site):
    plan = look(store, site, "at,order\n2026-03-09,A1\n2026-03-09,A2\n", "orders")
    with pytest.raises(store.Error):
        contacts.bring_in(store, site, replace(plan, rows=[*plan.rows, plan.rows[0]]), "dana")
    assert rows(store) == [] and rows(store, "contact_imports") == []


def test_what_somebody_faster_brought_in_is_said_and_nothing_comes_in(store, site):
    plan = look(store, site, "at,order\n2026-03-09,A1\n2026-03-09,A2\n", "orders")
    contacts.bring_in(store, site, look(store, site, "at,order\n2026-03-09,A2\n", "orders"), "somebody faster")
    with pytest.raises(BadSheet, match="import 1 brought in meanwhile"):
        contacts.bring_in(store, site, plan, "dana")
    assert len(rows(store)) == 1 and len(rows(store, "contact_imports")) == 1


def test_sites_are_apart(store, site):
    other = sites.add(store, "Drums", "drums.example", key="drums")
    made = contacts.bring_in(store, site, look(store, site, "at,kind\n2026-03-09,call\n"), "dana")
    assert contacts.imports(store, other) == [] and contacts.undo(store, other, made.id, "omer") is None
    assert contacts.counts(store, other, period.parse("7d", other, NOW)) == {}
    assert len(look(store, other, "at,kind\n2026-03-09,call\n").rows) == 1
    sites.remove(store, site)
    assert rows(store) == [] and rows(store, "contact_imports") == []


def test_contacts_are_joined_by_the_customers_id_and_by_codes(store, site, story, data_dir):
    story.visitor("dana", at=NOW - DAY).view("/").purchase(120, "88121")
    story.visitor("avi", at=NOW - DAY).view("/").event("contact_code", code="K7")
    known = Visitors(data_dir / "keys").customer(site, "1042")
    story.tell()
    with store.transaction() as connection:  # she is signed in: her sessions have the customer's id
        connection.execute("update sessions set visitor_id = ? where purchases > 0", [known])
    text = ("at,kind,customer,code\n2026-03-09 10:00,call,1042,\n2026-03-09 11:00,call,77,\n2026-03-09 12:00,call,,K7\n"
            "2026-03-09 13:00,call,,K8\n2026-03-09 14:00,phone_order,,88121\n")
    plan = look(store, site, text)
    assert contacts.joined(store, site, plan) == (1, 2, 2, 3, 1)
    contacts.bring_in(store, site, plan, "dana")
    found = contacts.counts(store, site, period.parse("7d", site, NOW))
    assert found == {"call": (4, 2, 0), "phone_order": (1, 1, 0)}


def test_the_report_says_that_filters_do_not_apply(store, site):
    contacts.bring_in(store, site, look(store, site, FILE), "dana")
    everybody, filtered = (asked(store, site, "contacts", {"period": ["7d"]} | more, NOW) for more in ({}, {"device": ["mobile"]}))
    assert filtered.rows == everybody.rows
    assert filtered.notes == (report.NO_FILTERS, *everybody.notes)


def test_the_customers_id_is_the_one_the_tracker_gets(site, data_dir):
    visitors = Visitors(data_dir / "keys")
    assert visitors.ids(site, NOW, b"net", "Firefox", user="1042")[0] == visitors.customer(site, "1042")
    assert visitors.ids(site, NOW, b"net", "Firefox", visitor="1042")[0] != visitors.customer(site, "1042") != visitors.imported(site, "1042")


def signed_in_on_the_second_page(store, site, story, data_dir):
    """The id of customer 1042, who comes with another id each day and signs in within the session."""
    known = Visitors(data_dir / "keys").customer(site, "1042")
    for days in (3, 1):
        story.visitor("dana", at=NOW - days * DAY).view("/").sign_in("1042").view("/cart").purchase(120, f"8812{days}")
    story.tell()
    with store.transaction() as connection:
        connection.execute("update sessions set lasting = ?", [known])
        assert not connection.execute("select 1 from sessions where visitor_id = ?", [known]).fetchone()
    return known


def test_a_customer_who_signs_in_within_the_session_was_seen(store, site, story, data_dir):
    signed_in_on_the_second_page(store, site, story, data_dir)
    plan = look(store, site, "at,kind,customer\n2026-03-09 10:00,call,1042\n2026-03-09 11:00,call,77\n")
    assert contacts.joined(store, site, plan)[:2] == (1, 2)
    before = day_changes(store)
    contacts.bring_in(store, site, plan, "dana")
    assert contacts.counts(store, site, period.parse("7d", site, NOW)) == {"call": (2, 1, 0)}
    assert len(before) == 2 and day_changes(store) == before | {max(before): before[max(before)] + 1}  # the day after the call is walked anew


def day_changes(store):
    with store.transaction() as connection:
        return dict(connection.execute("select day, changes from day_changes"))


def test_erasing_takes_orders_of_sessions_that_began_before_the_sign_in(store, site, story, data_dir):
    known = signed_in_on_the_second_page(store, site, story, data_dir)
    contacts.bring_in(store, site, look(store, site, "at,order\n2026-03-09,88121\n2026-03-09,88123\n2026-03-09,99\n", "orders"), "dana")
    assert erase.look(store, site, known).contacts == 2
    assert erase.erase(store, site, known).contacts == 2
    assert [row["code_hash"] for row in rows(store)] == [transaction_hash("99")]


def test_an_erased_visitors_contacts_go_with_him(store, site, story):
    story.visitor("dana", at=NOW - DAY).view("/").purchase(120, "88121")
    story.visitor("avi", at=NOW - DAY).view("/").purchase(120, "88122")
    contacts.bring_in(store, site, look(store, site, "at,order\n2026-03-09,88121\n2026-03-09,88122\n2026-03-09,88123\n", "orders"), "dana")
    with store.transaction() as connection:
        visitor, = connection.execute("select visitor_id from sessions where id = (select session_id from session_codes where code_hash = ?)",
                                      [transaction_hash("88121")]).fetchone()
    erase.erase(store, site, visitor)
    assert {row["code_hash"] for row in rows(store)} == {transaction_hash("88122"), transaction_hash("88123")}
    assert [row["code_hash"] for row in rows(store, "session_codes")] == [transaction_hash("88122")]


def test_a_customer_who_only_called_can_be_erased_by_the_owners_id(store, site):
    contacts.bring_in(store, site, look(store, site, "at,kind,customer\n2026-03-09,call,1042\n2026-03-09,call,77\n"), "dana")
    run = lambda *typed: CliRunner().invoke(netiv, ["erase", "guitars", *typed, "--data", str(store.path.parent)])  # noqa: E731
    assert "say one" in run("--yes").output and "never at guitars" in run("--customer", "1043", "--yes").output
    done = run("--customer", "1042", "--yes")
    assert done.exit_code == 0 and "and 1 contacts" in done.output and len(rows(store)) == 1


def test_old_contacts_are_let_go(store, site):
    contacts.bring_in(store, site, look(store, site, "at,kind\n2026-03-09,call\n"), "dana")
    cleanup.clean(store, NOW + cleanup.EVENTS - 3 * DAY)
    assert len(rows(store)) == 1
    cleanup.clean(store, NOW + cleanup.EVENTS)
    assert rows(store) == []


ENTRIES = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["call", "mail", "chat"]), st.sampled_from(["", "1", "2"]), st.integers(0, 9999)), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES)
def test_what_is_counted_is_what_plain_loops_count(store, site, entries):
    with store.facts as db:
        db.execute("delete from contact_imports")
    lines = [f"2026-03-{1 + minute % 9:02} 10:{minute:02},{kind},{customer},{cents / 100:.2f}" for minute, kind, customer, cents in entries]
    plan = look(store, site, "\n".join(["at,kind,customer,value", *lines, ""]) if lines else "at,kind\n2020-01-01,call\n")
    if plan.rows:
        contacts.bring_in(store, site, plan, "dana")
    when = period.parse("2026-03-03..2026-03-07", site, NOW)
    expected = {}
    for minute, kind, _, cents in set(entries):
        if 3 <= 1 + minute % 9 <= 7:
            count, value = expected.get(kind, (0, 0))
            expected[kind] = count + 1, value + cents
    assert {kind: (count.contacts, count.value) for kind, count in contacts.counts(store, site, when).items()} == expected
