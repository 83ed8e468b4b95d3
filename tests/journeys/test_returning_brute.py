"""Retention, loyalty, orders and advocates, on random small sites, say what plain loops over the raw events say."""

import json
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import filters as narrowing
from collector import period as periods
from collector import sites
from journeys import buyers
from journeys.reports import REPORTS
from tests.journeys import brute
from tests.story import NOW, ListeningStore, Story

TODAY = date(2026, 3, 10)
GOALS = (("Purchase", "event", "purchase"),)
PERIODS = {"all": (TODAY - timedelta(days=75), TODAY), "some": (TODAY - timedelta(days=33), TODAY - timedelta(days=4)),
           "one": (TODAY - timedelta(days=9), TODAY - timedelta(days=9))}
FILTERS = ({}, {"source": ["google"]}, {"page": ["/cart"]}, {"device": ["!mobile"]}, {"event": ["share"]})
VISITS = st.lists(st.fixed_dictionaries({
    "name": st.sampled_from(("dana", "avi", "noa", "eli")), "minutes_ago": st.integers(1, 75 * 1440),
    "referrer": st.sampled_from(("", "https://www.google.com/", "https://blog.example/x")),
    "device": st.sampled_from(("desktop", "mobile")), "consented": st.sampled_from((True, True, True, False)),
    "steps": st.lists(st.sampled_from(("cart", "buy", "buy twice", "share", "answer", "consent")), max_size=3)}), max_size=12)


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
        else:
            teller.purchase(10 + visit["minutes_ago"] % 7)
            if step == "buy twice":
                teller.purchase(3)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS)
def test_who_comes_back_and_buys_again_is_what_the_raw_events_say(visits):
    with tempfile.TemporaryDirectory() as directory:
        store = ListeningStore(Path(directory) / "netiv.db")
        store.migrate()
        site = sites.add(store, "Guitars", "shop.example", key="guitars")
        story = Story(store, site, Path(directory) / "spool")
        for visit in visits:
            play(story, visit)
        story.tell()
        try:
            everything = brute.read(store, site, GOALS)
            for first, last in PERIODS.values():
                for typed in FILTERS:
                    check(store, site, everything, first, last, typed)
        finally:
            story.close()
            store.close()


def check(store, site, everything, first, last, typed):
    period, filters = periods.of_dates(first, last, site.zone), narrowing.parse(typed)
    persons = defaultdict(list)
    for visit in sorted(everything, key=lambda each: each.start):
        if visit.lasting is not None and visit.day <= last:
            persons[visit.lasting].append(visit)
    for by in ("week", "month"):
        expected = retention(persons, first, last, typed, by)
        for what, place in (("return", 1), ("reorder", 2), ("revenue", 3)):
            report = REPORTS["retention"].report(store, site, period, filters, by=by, what=what)
            found = {(periods.date_of(row.cohort), row.after): (row.visitors, row.revenue if what == "revenue" else row.count)
                     for row in report.rows}
            assert {key: values for key, values in found.items() if values[1]} == {
                key: (values[0], values[place]) for key, values in expected.items() if values[place]}
            assert {(cohort, size) for (cohort, _), (size, _) in found.items()} == {
                (cohort, values[0]) for (cohort, _), values in expected.items()}
    some = brute.chosen(everything, first, last, typed)
    check_loyalty(store, site, period, filters, some, persons)
    orders = buyers.orders(store, site, period, filters)
    assert {customer: [order.value for order in each] for customer, each in orders.items()} == {
        person: [value for visit in visits for value in visit.orders] for person, visits in persons.items()
        if any(visit.orders for visit in visits) and brute.chosen(visits[:1], date.min, date.max, typed)}
    advocates = REPORTS["advocates"].report(store, site, period, filters)
    assert {row.kind: row.sessions for row in advocates.rows} == spoken(some)


def check_loyalty(store, site, period, filters, some, persons):
    first = {id(visits[0]) for visits in persons.values()}
    groups = [[visit for visit in some if visit.lasting is not None and (id(visit) in first) == new] for new in (True, False)]
    groups.append([visit for visit in some if visit.lasting is None])
    report = REPORTS["loyalty"].report(store, site, period, filters)
    assert [(row.sessions, row.conversions, row.purchases, row.revenue) for row in report.rows] == [
        (len(group), sum(bool(visit.goals) for visit in group), sum(len(visit.orders) for visit in group),
         sum(sum(visit.orders) for visit in group)) for group in groups if some]


def retention(persons, first, last, typed, by):
    """{(first day of the cohort's week or month within the period, how many after): [size, came back, ordered again, revenue]}."""
    found = defaultdict(lambda: [0, 0, 0, 0])
    for visits in persons.values():
        if not first <= visits[0].day <= last or not brute.chosen(visits[:1], first, last, typed):
            continue
        began = starts(visits[0].day, by)
        cohort = max(began, first)
        parts = defaultdict(list)
        for visit in visits:
            parts[starts(visit.day, by)].append(visit)
        before = 0
        for start, here in sorted(parts.items()):
            after = (start - began).days // 7 if by == "week" else (start.year - began.year) * 12 + start.month - began.month
            bought = [value for visit in here for value in visit.orders]
            cell = found[cohort, after]
            cell[1] += start > began or len(here) > 1
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
