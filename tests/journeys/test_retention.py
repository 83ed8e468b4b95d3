"""Retention, loyalty, customers at risk and advocates where random small sites do not reach: days counted by hand."""

import html
import random
import re
from datetime import date

import pytest

from collector import contacts, sheet_reader
from collector import filters as narrowing
from collector import period as periods
from collector.filters import BadFilter
from journeys import advocates, cohorts, heat, names, survival  # noqa: F401
from journeys.reports import asked
from tests.office import office  # noqa: F401
from tests.story import NOW, Story, lasting_id

DAY = 86_400_000  # NOW is Tuesday 10 March 2026, noon


def ask(store, site, name, **args):
    return asked(store, site, name, {key: [value] for key, value in args.items()}, NOW)


def come(story, name, *days, buys=None, consented=True, **sender):
    """A visitor's sessions so many days ago; `buys` says what was paid in which of them, by its place."""
    for place, days_ago in enumerate(days):
        teller = story.visitor(name, at=NOW - int(days_ago * DAY), consented=consented, **sender).view("/").stay(20)
        if buys and place in buys:
            teller.purchase(buys[place])


def cells(report):
    """{(first day, weeks after): (visitors, count, whether over)}"""
    return {(str(periods.date_of(row.cohort)), row.after): (row.visitors, row.count, row.state == "complete") for row in report.rows}


def test_those_who_came_first_in_a_week_are_followed_through_the_weeks_after(store, site, story):
    come(story, "dana", 22, 15, 1)  # Monday 16 February, Monday 23 February, Monday 9 March
    come(story, "avi", 20, 19)      # Wednesday 18 February, and the day after
    come(story, "noa", 9)           # Sunday 1 March
    come(story, "nobody", 21, 14, 7, consented=False)
    report = ask(store, site, "retention", period="2026-02-15..2026-03-10")
    assert cells(report) == {
        ("2026-02-15", 0): (2, 1, True), ("2026-02-15", 1): (2, 1, True), ("2026-02-15", 2): (2, 0, True), ("2026-02-15", 3): (2, 1, False),
        ("2026-03-01", 0): (1, 0, True), ("2026-03-01", 1): (1, 0, False)}
    assert report.extra["known"][:2] == (3, 6)
    assert [(row.after, row.visitors, row.count) for row in report.extra["mean"]] == [(0, 3, 1), (1, 2, 1), (2, 2, 0)]
    assert len(report.notes) == 1


def test_a_week_that_still_runs_is_marked_though_the_period_ends_with_it(store, site, story):
    come(story, "dana", 8)
    states = {row.state for row in ask(store, site, "retention", period="2026-03-01..2026-03-07").rows}
    assert states == {"complete"}
    assert [row.state for row in ask(store, site, "retention", period="7d").rows] == []
    running = asked(store, site, "retention", {"period": ["2026-03-01..2026-03-14"]}, NOW)
    assert [row.state for row in running.rows] == ["complete", "not over yet"]


def test_a_visitor_of_before_the_period_is_in_no_cohort(store, site, story):
    come(story, "dana", 60, 3)
    assert ask(store, site, "retention", period="30d").rows == ()
    assert len(ask(store, site, "retention", period="90d").rows) > 1


def test_months_are_those_of_the_calendar(store, site, story):
    come(story, "dana", 68, 40, 38, 1)  # 1 January, 29 and 31 January, 9 March
    report = ask(store, site, "retention", period="2026-01-01..2026-03-10", by="month")
    assert cells(report) == {("2026-01-01", 0): (1, 1, True), ("2026-01-01", 1): (1, 0, True), ("2026-01-01", 2): (1, 1, False)}


def test_ordering_again_is_any_order_but_the_first(store, site, story):
    come(story, "dana", 22, 21, 15, buys={1: 10, 2: 20})
    come(story, "avi", 22, 14, buys={1: 5})
    found = cells(ask(store, site, "retention", period="2026-02-15..2026-03-07", what="reorder"))
    assert [found["2026-02-15", after][:2] for after in range(3)] == [(2, 0), (2, 1), (2, 0)]
    money = ask(store, site, "retention", period="2026-02-15..2026-03-07", what="revenue")
    assert [(row.revenue, row.mean) for row in money.rows] == [(1000, None), (2500, None), (0, None)]


def test_a_mean_of_revenue_has_its_interval_from_thirty_visitors_on(store, site, story):
    for number in range(30):
        come(story, f"visitor {number}", 20, buys={0: 10} if number < 15 else None)
    row = ask(store, site, "retention", period="2026-02-15..2026-02-21", what="revenue").rows[0]
    # by hand: half paid 1000, half nothing: mean 500, standard deviation 508.5, over the root of 30, times 1.96
    assert (row.revenue, row.mean, row.mean_low, row.mean_high) == (15000, 500, 318, 682)


def test_filters_choose_the_cohort_by_its_first_session(store, site, story):
    come(story, "dana", 22, referrer="https://www.google.com/")
    come(story, "dana", 8)
    come(story, "avi", 22)
    come(story, "avi", 8, referrer="https://www.google.com/")
    report = ask(store, site, "retention", period="2026-02-15..2026-03-07", source="google")
    assert [row.count for row in report.rows] == [0, 0, 1] and {row.visitors for row in report.rows} == {1}


COHORTS = {  # of the four visitors below, whose sessions are those of 16, 18 and 20 February, of 1 and 5 March, and of 9 March
    "week:2026-02-15": {"dana": 3, "avi": 2}, "week:2026-02-17": {"avi": 2}, "week:2026-02-15:0": {"avi": 1}, "week:2026-02-15:2": {"dana": 1},
    "week:2026-02-15:2:revenue": {"dana": 1}, "week:2026-02-15:2:reorder": {"dana": 1}, "week:2026-02-15:0:revenue": {"dana": 1},
    "week:2026-02-15:0:reorder": {}, "month:2026-02-01:1": {"dana": 2}, "week:2026-02-15::return:device=mobile": {"avi": 2}, "week:2026-02-15::return:device=!mobile": {"dana": 3},
    "week:2026-02-15:2:return:source=(direct)": {"dana": 1}, "!week:2026-02-15": {"noa": 1, "nobody": 1}}


@pytest.mark.parametrize("value", COHORTS)
def test_a_cohort_chooses_the_sessions_of_its_visitors(store, site, story, value):
    come(story, "dana", 22, 9, 1, buys={0: 10, 1: 20}, country="IL")
    come(story, "avi", 20, 18.5, device="mobile", country="US")
    come(story, "noa", 5, country="FR")
    come(story, "nobody", 21, consented=False, country="DE")
    report = ask(store, site, "places", period="2026-02-01..2026-03-10", cohort=value)
    names = {"IL": "dana", "US": "avi", "FR": "noa", "DE": "nobody"}
    assert {names[row.value]: row.sessions for row in report.rows} == COHORTS[value]


@pytest.mark.parametrize("args", ["", "&by=month", "&what=reorder", "&device=mobile&what=reorder", "&device=!mobile"])
def test_every_number_of_the_page_leads_to_as_many_visitors(office, args):  # noqa: F811
    story = Story(office.store, office.shop, office.data_dir / "spool")
    come(story, "dana", 22, 21, 9, 1, buys={0: 10, 2: 20, 3: 5})
    come(story, "avi", 20, 18.5, device="mobile", buys={0: 10, 1: 10})
    come(story, "noa", 9, 2, device="mobile")
    story.tell()
    story.close()
    browser, cells = office.as_("owner"), 0
    page = browser.get(f"/sites/shop/retention?period=2026-02-15..2026-03-10{args}").text
    for count, href, text in re.findall(r'<td class="number[^"]*"(?: title="(\d+) of[^"]*")?><a href="([^"]*)">([^<]*)</a>', page):
        found = browser.get("/api" + html.unescape(href).replace("/sessions?", "/overview?")).json["totals"]
        assert found["visitors"] == int(count or text)
        cells += 1
    assert cells >= 4


@pytest.mark.parametrize("value", ["2026-02-15", "week", "day:2026-02-15", "week:2026-02-15:x", "week:2026-02-15:521", "week:2026-02-15::reorder",
                                   "week:2026-02-15:1:left"])
def test_a_cohort_that_is_none_says_what_would_be_right(store, site, value):
    with pytest.raises(BadFilter, match="as in week:2026-09-06:3"):
        ask(store, site, "overview", cohort=value)


def test_what_is_kept_of_a_cohort_ends_when_one_of_its_visitors_was_there_before(store, site, story):
    come(story, "dana", 15, 1)
    args = {"period": "30d", "cohort": "week:2026-02-22"}
    assert ask(store, site, "overview", **args).totals.sessions == 2
    come(story, "dana", 22)
    story.tell()
    assert ask(store, site, "overview", **args).totals.sessions == 0


@pytest.mark.parametrize("report", ["funnel", "paths", "forms", "pain", "map", "live", "moments", "abandonment", "retention", "loyalty", "customers"])
def test_every_report_can_be_narrowed_by_a_cohort(store, site, story, report):
    come(story, "dana", 8, 1)
    ask(store, site, report, cohort="week:2026-03-01:1:reorder:page=/&event=a&trouble=slow:/&stage=*")


def test_filters_of_the_first_session_are_kept_nowhere():
    with pytest.raises(BadFilter, match="take them away"):
        narrowing.keepable(narrowing.parse({"cohort": "week:2026-03-01::return:source=google"}))
    assert narrowing.keepable(narrowing.parse({"cohort": "week:2026-03-01:2"}))


def test_nobody_who_can_be_known_again_is_said_and_not_shown_as_nought(store, site, story):
    come(story, "dana", 8, 1, consented=False)
    report = ask(store, site, "retention")
    assert report.rows == () and report.notes[0].startswith("None of the visitors")


def known_since(store, story, since):
    """The site was updated then: who came before it cannot be known again."""
    story.tell()
    with store.facts as db:
        db.execute("update sites set lasting_since = ?", [since])
        db.execute("update sessions set lasting = null where started_at < ?", [since])


def test_who_came_before_it_was_kept_is_not_taken_for_new(store, site, story):
    come(story, "dana", 22, 8)
    come(story, "avi", 8, buys={0: 10})
    known_since(store, story, NOW - 10 * DAY)
    report = ask(store, site, "retention", period="2026-02-01..2026-03-07")
    assert {row.visitors for row in report.rows} == {1} and "since this site was updated" in report.notes[0]
    assert [row.sessions for row in ask(store, site, "loyalty", period="30d").rows] == [1, 1, 1]


@pytest.mark.parametrize("filters", [{}, {"device": "desktop"}])
def test_who_came_before_it_was_kept_is_no_customer_whose_orders_are_all_known(store, site, story, filters):
    come(story, "dana", 22, 8, buys={0: 10, 1: 10})
    come(story, "avi", 8, buys={0: 10})
    known_since(store, story, NOW - 10 * DAY)
    report = ask(store, site, "customers", **filters)
    assert (report.extra["customers"], report.extra["orders"]) == (1, 1)


def test_first_and_later_sessions_and_those_of_whom_nobody_knows(store, site, story):
    come(story, "dana", 22, 8, 1, buys={2: 30})
    come(story, "avi", 8, buys={0: 10})
    come(story, "nobody", 5, consented=False)
    for args in ({}, {"source": "*"}):
        report = ask(store, site, "loyalty", period="2026-03-01..2026-03-10", **args)
        assert [(row.kind, row.sessions, row.conversions, row.revenue) for row in report.rows] == [
            ("First session", 1, 1, 1000), ("Later session", 2, 1, 3000), ("Cannot be known again", 1, 0, 0)]
        assert report.extra["difference"].effect == -0.5


def test_orders_a_customer_count_until_the_last_day_shown(store, site, story):
    come(story, "dana", 40, 20, 1, buys={0: 10, 1: 20, 2: 30})
    come(story, "avi", 20, buys={0: 10})
    come(story, "noa", 60, buys={0: 10})
    come(story, "nobody", 5, buys={0: 99}, consented=False)
    report = ask(store, site, "loyalty", period="2026-02-15..2026-02-28", by="orders")
    assert [(row.customers, row.revenue) for row in report.rows] == [(1, 1000), (1, 3000), (0, 0), (0, 0), (0, 0), (0, 0)]
    assert report.extra["repeat"][:3] == (2, 1, 0.5)


def test_the_time_to_the_second_order_counts_those_who_have_not_ordered_yet(store, site, story):
    for number in range(20):  # order again after 10 days
        come(story, f"again {number}", 30, 20, buys={0: 10, 1: 10})
    for number in range(10):  # after 20
        come(story, f"late {number}", 30, 10, buys={0: 10, 1: 10})
    for number in range(10):  # were watched for 12 days only
        come(story, f"new {number}", 12, buys={0: 10})
    come(story, "somebody", 0.01)
    report = ask(store, site, "loyalty", period="2026-02-01..2026-03-10", by="wait")
    # by hand: at 10 days 20 of 40; then 10 leave; at 20 days all 10 that are left
    assert [(row.days, row.again, row.at_risk) for row in report.rows] == [(7, 0, 40), (14, 0.5, 10)]
    assert report.extra["second"][:3] == (40, 30, 10.0)
    assert report.extra["second"].low == 10.0


def test_the_curve_is_that_of_the_textbook():
    # Freireich and others (1963), weeks in remission under 6-MP: Kaplan-Meier as in Klein & Moeschberger, Survival Analysis, table 4.1
    weeks = [(6, True)] * 3 + [(7, True), (10, True), (13, True), (16, True), (22, True), (23, True)] + [
        (each, False) for each in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
    steps = survival.curve(weeks)
    assert [(step.at, step.at_risk, round(step.waiting, 3)) for step in steps] == [
        (6, 21, 0.857), (7, 17, 0.807), (10, 15, 0.753), (13, 12, 0.69), (16, 11, 0.627), (22, 7, 0.538), (23, 6, 0.448)]
    assert survival.median(steps) == (23, 13, None)


def shop(story, customers, seed=3):
    """Customers who order at random, some of whom stop."""
    rng = random.Random(seed)
    for number in range(customers):
        days, every = [rng.uniform(60, 90)], rng.choice((5, 10, 20))
        while rng.random() < 0.8 and days[-1] > every + 1:
            days.append(days[-1] - rng.expovariate(1 / every) - 1)
        come(story, f"customer {number}", *(each for each in days if each > 0.1), buys=dict.fromkeys(range(len(days)), 10))


def test_customers_at_risk_are_silent_under_fifty_who_ordered_again(store, site, story):
    shop(story, 20)
    report = ask(store, site, "customers")
    assert report.rows == () and report.extra["model"] is None and "fifty" in report.notes[0]
    assert report.extra["customers"] == 20


def test_customers_at_risk_stand_by_what_is_at_stake(store, site, story):
    shop(story, 90)
    come(story, "gone", 89, 88, 87, 86, 85, 84, 83, buys=dict.fromkeys(range(7), 500))
    report = ask(store, site, "customers")
    stakes = [row.stake for row in report.rows]
    assert stakes == sorted(stakes, reverse=True) and report.rows[0].customer == names.of(store, site).person(lasting_id(site, "gone"))
    assert report.rows[0].alive < 0.2 and report.rows[0].orders == 7
    theirs = ask(store, site, "overview", period="90d", person=report.rows[0].customer)
    assert theirs.totals.sessions == 7
    assert ask(store, site, "retention", period="90d", person=report.rows[0].customer).rows[0].visitors == 1
    with pytest.raises(BadFilter, match="person"):
        ask(store, site, "overview", person=str(lasting_id(site, "gone")))


def test_orders_of_one_day_are_one_for_the_model(store, site, story):
    come(story, "dana", 10, 9.9, buys={0: 10, 1: 10})
    assert ask(store, site, "customers").extra["repeated"] == 0


def test_an_order_by_telephone_is_a_repeat_order_and_a_tracked_one_counts_once(store, site, story):
    story.visitor("dana", at=NOW - 20 * DAY, consented=True).view("/").purchase(10, "A-1").event("contact_code", code="K7Q2")
    come(story, "dana", 8)
    story.tell()
    for what, text in (("orders", "at,code,value\n2026-02-18,A-1,10\n2026-03-03 10:00,K7Q2,30\n"),  # the shop's own: one that was tracked, one not
                       ("contacts", "at,kind,code,value\n2026-03-02,phone_order,K7Q2,30\n2026-03-02,call,K7Q2,\n")):  # and the latter told once more
        contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read(text), what, now=NOW), "dana")
    loyalty = ask(store, site, "loyalty", period="30d", by="orders")
    assert [(row.customers, row.revenue, row.orders, row.outside) for row in loyalty.rows if row.customers] == [(1, 4000, 2, 1)]
    assert loyalty.extra["outside"] == (1, 2) and loyalty.extra["repeat"][:2] == (1, 1)
    again = ask(store, site, "retention", period="2026-02-15..2026-03-10", what="reorder")
    assert [(row.after, row.count, row.outside) for row in again.rows] == [(0, 0, 0), (1, 0, 0), (2, 1, 1), (3, 0, 0)]
    assert [row.count for row in ask(store, site, "retention", period="2026-02-15..2026-03-10").rows] == [0, 0, 1, 0]  # an order by telephone is no session
    assert ask(store, site, "customers").extra["repeated"] == 1
    for each in contacts.imports(store, site):
        contacts.undo(store, site, each.id, "dana")
    assert ask(store, site, "loyalty", period="30d", by="orders").extra["outside"] == (0, 1)


def test_a_code_named_on_the_telephone_on_another_day_is_another_order(store, site, story):
    story.visitor("dana", at=NOW - 20 * DAY, consented=True).view("/").event("contact_code", code="K7Q2")
    story.tell()
    told = "at,kind,code,value\n2026-03-01 10:00,phone_order,K7Q2,30\n2026-03-01 11:00,phone_order,K7Q2,30\n2026-03-09 10:00,phone_order,K7Q2,50\n"
    contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read(told), "contacts", now=NOW), "dana")
    loyalty = ask(store, site, "loyalty", period="30d", by="orders")
    assert [(row.customers, row.revenue, row.orders, row.outside) for row in loyalty.rows if row.customers] == [(1, 8000, 2, 2)]


def test_advocates_are_counted_with_their_answers(store, site, story):
    for number, score in enumerate((10, 9, 9, 8, 7, 3, "10", 11, "well")):
        story.visitor(f"visitor {number}").view("/").event("answer", score=score)
    story.visitor("dana").view("/").event("answer", score=0).event("answer", score=10).event("share").event("share")
    story.visitor("avi", referrer="https://blog.example/").view("/").event("refer")
    report = ask(store, site, "advocates")
    assert {row.kind: (row.sessions, row.visitors, row.of_sessions) for row in report.rows} == {
        "Shared": (1, 1, 11), "Recommended it to somebody": (1, 1, 11), "Came over a link elsewhere": (1, 1, 11),
        "Answered 9 or 10": (5, 5, 8), "Answered 7 or 8": (2, 2, 8), "Answered 0 to 6": (1, 1, 8),
        "Answered without a score from 0 to 10": (2, 2, 11)}
    assert report.extra["nps"].score == 0.5 and report.extra["nps"].answers == 8
    one_by_one = ask(store, site, "advocates", by="session")
    assert len(one_by_one.rows) == 12 and {row.score for row in one_by_one.rows if row.kind == "Answered 9 or 10"} == {9, 10}


def test_a_part_of_a_week_that_the_period_cuts_off_is_not_over():
    found = cohorts.parts(periods.of_dates(date(2026, 3, 4), date(2026, 3, 10), periods.ZoneInfo("Asia/Jerusalem")), "week")
    assert [(str(periods.date_of(part.first_day)), str(periods.date_of(part.last_day)), part.over) for part in found] == [
        ("2026-03-04", "2026-03-07", True), ("2026-03-08", "2026-03-10", False)]


@pytest.mark.parametrize("by", ["week", "month"])
def test_every_day_is_in_one_part(by):
    period = periods.of_dates(date(2025, 11, 28), date(2026, 3, 10), periods.ZoneInfo("Asia/Jerusalem"))
    parts = cohorts.parts(period, by)
    assert [day for part in parts for day in range(part.first_day, part.last_day + 1)] == list(range(period.first_day, period.last_day + 1))
    assert [part.number for part in parts] == list(range(parts[0].number, parts[0].number + len(parts)))
