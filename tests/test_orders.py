"""Real orders beside tracked ones: counted by hand, and a light whose thresholds are those it prints."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import contacts, orders, period, sheet_reader
from journeys import light
from journeys.reports import asked
from tests.story import NOW

DAY = 86_400_000
WEEK = "2026-03-04..2026-03-10"


def bring(store, site, lines, header="at,order,value"):
    plan = contacts.look(store, site, sheet_reader.read("\n".join([header, *lines, ""])), "orders", now=NOW)
    assert not plan.refused
    return contacts.bring_in(store, site, plan, "dana")


def health(store, site, when=WEEK):
    return orders.health(store, site, period.parse(when, site, NOW))


def sell(story, number, days_ago=1, code=True):
    story.visitor(f"buyer {number}", at=NOW - days_ago * DAY + number * 1000).view("/").purchase(100, f"T{number}" if code else None)


def test_without_real_orders_there_is_nothing_to_say(store, site, story):
    sell(story, 1)
    assert health(store, site) is None
    report = asked(store, site, "orders", {"period": [WEEK]}, NOW)
    assert report.totals.tracked == 1 and report.totals.real is None and report.extra["health"] is None and report.notes


def test_each_real_order_is_a_tracked_one_or_it_is_not(store, site, story):
    for number in range(18):
        sell(story, number)
    bring(store, site, [f"2026-03-09 10:{number:02},T{number},100" for number in range(25)])
    found = health(store, site)
    assert (found.light, found.found, found.of, found.by, found.days) == ("red", 18, 25, "transaction_id", 1)
    assert found.share == 0.72 and found.low < 0.72 < found.high
    report = asked(store, site, "orders", {"period": [WEEK]}, NOW)
    row = {str(period.date_of(row.day)): row for row in report.rows}["2026-03-09"]
    assert (row.tracked, row.real, row.matched, row.of, row.tracked_revenue, row.real_revenue) == (18, 25, 18, 25, 180_000, 250_000)
    assert report.totals.tracked == asked(store, site, "overview", {"period": [WEEK]}, NOW).totals.purchases


def test_an_order_tracked_on_another_day_is_tracked_all_the_same(store, site, story):
    sell(story, 1, days_ago=2)
    bring(store, site, ["2026-03-09 10:00,T1,100"])
    assert health(store, site).found == 1


def test_without_transaction_ids_counts_are_compared(store, site, story):
    for number in range(30):
        sell(story, number, code=False)
    bring(store, site, [f"2026-03-09 10:{number:02}:01" for number in range(31)], "at")
    found = health(store, site)
    assert (found.light, found.found, found.of, found.by) == ("green", 30, 31, "count")


def test_only_days_whose_real_orders_are_known_are_compared(store, site, story):
    for number in range(40):
        sell(story, number, days_ago=1 + number % 2)
    made = bring(store, site, [f"2026-03-09 10:{number:02},T{number},100" for number in range(0, 40, 2)])
    found = health(store, site)
    assert (found.tracked, found.real, found.light) == (20, 20, "green")
    assert health(store, site, "2026-03-08") is None
    contacts.undo(store, site, made.id, "dana")
    assert health(store, site) is None


@pytest.mark.parametrize("of, found, tracked, says", [
    (100, 95, 95, "green"), (100, 94, 94, "amber"), (100, 80, 80, "amber"), (100, 79, 79, "red"), (100, 100, 106, "double"),
    (100, 79, 106, "red"), (19, 0, 0, "unknown"), (20, 0, 0, "red"), (0, 0, 7, "unknown")])
def test_the_light_by_its_thresholds(of, found, tracked, says):
    judged = orders.judge([orders.Day(0, tracked, 0, of, 0, of, found)])
    assert judged.says == says and judged.light == ("amber" if says == "double" else says)
    assert says in orders.LIGHTS and judged.light in light.KINDS


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(real=st.lists(st.tuples(st.integers(4, 10), st.integers(0, 12)), unique_by=lambda order: order[1], min_size=1, max_size=12))
def test_days_add_up_to_what_plain_loops_count(store, site, story, real):
    if not story.delivered:
        for number in range(8):
            sell(story, number, days_ago=number % 4)
        story.tell()
    with store.facts as db:
        db.execute("delete from contact_imports")
    bring(store, site, [f"2026-03-{day:02},T{number},10" for day, number in real])
    days = orders.days(store, site, period.parse(WEEK, site, NOW))
    first, last = (period.day_of(period.parse(f"2026-03-{edge(day for day, _ in real):02}", site, NOW).start, site.zone) for edge in (min, max))
    for day in days:
        here = [number for at, number in real if at == period.date_of(day.day).day]
        assert day.tracked == sum(1 for number in range(8) if (10 - number % 4) == period.date_of(day.day).day)
        known = first <= day.day <= last
        assert (day.real, day.matched) == ((len(here), sum(number < 8 for number in here)) if known else (None, None))
