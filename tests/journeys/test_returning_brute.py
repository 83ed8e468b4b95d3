"""Retention, loyalty, orders and advocates, on random small sites, say what plain loops over the raw events and contacts say."""

import json
from collections import defaultdict
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import filters as narrowing
from collector import period as periods
from collector import contacts
from collector.contact_rows import Plan, Row
from collector.memory import transaction_hash
from journeys import buyers, cohort_filter, names
from journeys.reports import REPORTS
from tests.journeys import brute
from tests.journeys.test_brute_force import small_shop
from tests.story import NOW, lasting_id

TODAY = date(2026, 3, 10)
GOALS = (("Purchase", "event", "purchase"),)
PERIODS = {"all": (TODAY - timedelta(days=75), TODAY), "some": (TODAY - timedelta(days=33), TODAY - timedelta(days=4)),
           "one": (TODAY - timedelta(days=9), TODAY - timedelta(days=9))}
FILTERS = ({}, {"source": ["google"]}, {"page": ["/cart"]}, {"device": ["!mobile"]}, {"event": ["share"]})
VISITS = st.lists(st.fixed_dictionaries({
    "name": st.sampled_from(("dana", "avi", "noa", "eli")), "minutes_ago": st.integers(1, 75 * 1440),
    "referrer": st.sampled_from(("", "https://www.google.com/", "https://blog.example/x")),
    "device": st.sampled_from(("desktop", "mobile")), "consented": st.sampled_from((True, True, True, False)),
    "steps": st.lists(st.sampled_from(("cart", "buy", "buy twice", "buy A1", "buy A2", "code K1", "share", "answer", "consent")), max_size=3)}),
    max_size=12)
OUTSIDE = st.lists(st.fixed_dictionaries({
    "kind": st.sampled_from(("order", "phone_order", "phone_order", "call")), "minutes_ago": st.integers(1, 75 * 1440) | st.integers(1, 4000),
    "customer": st.sampled_from(("dana", "avi", "noa", "stranger", None)), "code": st.sampled_from((None, None, "A1", "K1", "T1", "T2")),
    "value": st.sampled_from((None, 900, 1700))}), max_size=8)


def play(story, visit):
    teller = story.visitor(visit["name"], at=NOW - visit["minutes_ago"] * 60_000,
                           **{key: visit[key] for key in ("referrer", "device", "consented")}).view("/")
    for step in visit["steps"]:
        if step == "cart":
            teller.view("/cart")
        elif step == "consent":
            teller.consent().view("/")
        elif step == "answer":
            teller.event("answer", score=visit["minutes_ago"] % 12)
        elif step == "share":
            teller.event("share")
        elif step == "code K1":
            teller.event("contact_code", code="K1")
        elif step in ("buy A1", "buy A2"):
            teller.purchase(8, step[-2:])
        else:
            teller.purchase(10 + visit["minutes_ago"] % 7)
            if step == "buy twice":
                teller.purchase(3)


def bring(store, site, made):
    """Brings contacts and real orders in, the same number of a real order once."""
    rows = {}
    for number, each in enumerate(made):
        at = NOW - each["minutes_ago"] * 60_000
        mark = (each["kind"], each["code"]) if each["kind"] == "order" and each["code"] else number
        rows.setdefault(mark, Row(number, at, periods.day_of(at, site.zone), each["kind"],
                                  lasting_id(site, each["customer"]) if each["customer"] else None,
                                  transaction_hash(each["code"]) if each["code"] else None, each["value"], "", number))
    if rows:
        contacts.bring_in(store, site, Plan("contacts", {}, (), list(rows.values())), "dana")
    return list(rows.values())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS, made=OUTSIDE)
def test_who_comes_back_and_buys_again_is_what_the_raw_events_and_contacts_say(visits, made):
    with small_shop() as (store, site, story):
        for visit in visits:
            play(story, visit)
        story.tell()
        rows = bring(store, site, made)
        everything = brute.read(store, site, GOALS)
        for first, last in PERIODS.values():
            for typed in FILTERS:
                check(store, site, everything, rows, first, last, typed)


def check(store, site, everything, rows, first, last, typed):
    period, filters = periods.of_dates(first, last, site.zone), narrowing.parse(typed)
    persons = defaultdict(list)
    for visit in sorted(everything, key=lambda each: each.start):
        if visit.lasting is not None and visit.day <= last:
            persons[visit.lasting].append(visit)
    elsewhere = outside(everything, [row for row in rows if periods.date_of(row.day) <= last])
    for by in ("week", "month"):
        expected = retention(persons, elsewhere, first, last, typed, by)
        for what, place in (("return", 1), ("reorder", 2), ("revenue", 3)):
            report = REPORTS["retention"].report(store, site, period, filters, by=by, what=what)
            if typed in FILTERS[:3]:
                check_behind(store, site, report, by, what)
            found = {(periods.date_of(row.cohort), row.after): (row.visitors, row.revenue if what == "revenue" else row.count)
                     for row in report.rows}
            assert {key: values for key, values in found.items() if values[1]} == {
                key: (values[0], values[place]) for key, values in expected.items() if values[place]}
            if what != "return":
                assert sum(row.outside for row in report.rows) == sum(values[4] for values in expected.values())
            assert {(cohort, size) for (cohort, _), (size, _) in found.items()} == {
                (cohort, values[0]) for (cohort, _), values in expected.items()}
    some = brute.chosen(everything, first, last, typed)
    check_loyalty(store, site, period, filters, some, persons)
    orders = buyers.orders(store, site, period, filters)
    expected = {person: bought for person, visits in persons.items() if brute.chosen(visits[:1], date.min, date.max, typed)
                and (bought := sorted([each for visit in visits for each in paid(visit)] + [row[:2] for row in elsewhere[person]], key=lambda each: each[0]))}
    assert {customer: [(order.at, order.value) for order in each] for customer, each in orders.items()} == expected
    sizes = REPORTS["loyalty"].report(store, site, period, filters, by="orders").rows
    assert sum(row.outside for row in sizes) == sum(len(elsewhere[person]) for person, bought in expected.items()
                                                    if any(period.includes(at) for at, _ in bought))
    advocates = REPORTS["advocates"].report(store, site, period, filters)
    assert {row.kind: row.sessions for row in advocates.rows} == spoken(some)


def check_behind(store, site, report, by, what):
    """Each number of the cohorts is that of the sessions its filter chooses."""
    with store.facts as db:
        whose = {row["id"]: row["lasting"] for row in db.query("select id, lasting from sessions")}
    for row in report.rows:
        everybody, _ = behind(store, site, report.period, whose, cohort_filter.value(by, row.cohort, filters=report.filters))
        people, revenue = behind(store, site, report.period, whose, cohort_filter.value(by, row.cohort, row.after, what, report.filters))
        assert len(everybody) == row.visitors and people <= everybody
        if what == "revenue":
            assert row.outside or revenue == row.revenue
        else:  # orders outside the page are in no session
            assert row.count - row.outside <= len(people) <= row.count


def behind(store, site, period, whose, value):
    """(who they are by which they can be known again, their revenue) of the sessions that the filter `cohort` lists."""
    rows = REPORTS["sessions"].report(store, site, period, narrowing.parse({"cohort": value})).rows
    return {whose[names.of(store, site).session_id(row.session)] for row in rows}, sum(row.revenue for row in rows)


def check_loyalty(store, site, period, filters, some, persons):
    first = {id(visits[0]) for visits in persons.values()}
    groups = [[visit for visit in some if visit.lasting is not None and (id(visit) in first) == new] for new in (True, False)]
    groups.append([visit for visit in some if visit.lasting is None])
    report = REPORTS["loyalty"].report(store, site, period, filters)
    assert [(row.sessions, row.conversions, row.purchases, row.revenue) for row in report.rows] == [
        (len(group), sum(bool(visit.goals) for visit in group), sum(len(visit.orders) for visit in group),
         sum(sum(visit.orders) for visit in group)) for group in groups if some]


def paid(visit):
    return [(event.at, event.value) for event in visit.of(brute.CUSTOM) if event.name == "purchase" and event.value is not None]


def outside(everything, rows):
    """{who can be known again: [(at, value, date), …]} of orders that were not tracked."""
    shown, tracked = {}, set()
    for visit in sorted(everything, key=lambda each: each.start):
        for event in visit.of(brute.CUSTOM):
            said = json.loads(event.detail or "{}")
            code = transaction_hash(str(said.get("transaction_id") or said.get("code") or ""))
            if event.name == "purchase":
                tracked.add(code)
            if visit.lasting is not None:
                shown.setdefault(code, visit.lasting)
    known = {visit.lasting for visit in everything} - {None}
    told, found = set(), defaultdict(list)
    real = [row for row in rows if row.kind == "order" and row.code_hash is not None]
    for row in real + [row for row in rows if row.kind == "phone_order"]:
        customer = row.person if row.person in known else shown.get(row.code_hash)
        if customer is None or row.code_hash in tracked or {(row.code_hash, None), (row.code_hash, row.day)} & told:
            continue
        if row.code_hash is None:
            if any(row.day == other.day and customer == (other.person if other.person in known else shown.get(other.code_hash))
                   and other.code_hash not in tracked for other in real):
                continue
        else:
            told.add((row.code_hash, None if row.kind == "order" else row.day))
        found[customer].append((row.at, row.value, periods.date_of(row.day)))
    return found


def retention(persons, elsewhere, first, last, typed, by):
    """{(first day of the cohort's week or month within the period, how many after): [size, came back, ordered again, revenue, outside]}."""
    found = defaultdict(lambda: [0, 0, 0, 0, 0])
    for visits in persons.values():
        if not first <= visits[0].day <= last or not brute.chosen(visits[:1], first, last, typed):
            continue
        began = starts(visits[0].day, by)
        cohort = max(began, first)
        parts = defaultdict(list)
        for visit in visits:
            parts[starts(visit.day, by)].append(visit)
        made, before = defaultdict(list), 0
        for _, value, day in elsewhere[visits[0].lasting]:
            if day < first or starts(day, by) < began:
                before += 1
            else:
                made[starts(day, by)].append(value or 0)
        for start in sorted({*parts, *made}):
            here = parts[start]
            after = (start - began).days // 7 if by == "week" else (start.year - began.year) * 12 + start.month - began.month
            bought = [value for visit in here for value in visit.orders] + made[start]
            cell = found[cohort, after]
            cell[1] += bool(here) and (start > began or len(here) > 1)
            cell[4] += len(made[start])
            cell[2] += bool(bought) and before + len(bought) > 1
            cell[3] += sum(bought)
            before += len(bought)
        found[cohort, 0][0] += 1
    for (cohort, _), cell in found.items():
        cell[0] = found[cohort, 0][0]
    return found


def starts(day, by):
    return day - timedelta(days=day.isoweekday() % 7) if by == "week" else day.replace(day=1)


def spoken(visits):
    found = defaultdict(int)
    for visit in visits:
        names = [event.name for event in visit.of(brute.CUSTOM)]
        found["Shared"] += "share" in names
        found["Came over a link elsewhere"] += visit.dimensions["channel"] == "Referral"
        scores = [json.loads(event.detail)["score"] for event in visit.of(brute.CUSTOM) if event.name == "answer"]
        if scores:
            score = scores[-1]
            found["Answered 9 or 10" if score in (9, 10) else "Answered 7 or 8" if score in (7, 8) else "Answered 0 to 6" if score < 7
                  else "Answered without a score from 0 to 10"] += 1
    return {kind: count for kind, count in found.items() if count}
