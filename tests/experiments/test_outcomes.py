"""What statistics start from, read from what the loader kept: every number counted by hand."""

from collections import Counter
from random import Random

import pytest
from click.testing import CliRunner

from collector import outcomes as kept
from collector import contacts, period, sheet_reader, totals, trials, unit
from collector.storage.changes import Changes
from experiments import outcomes, register, results
from experiments.outcomes import Bin, Histogram, Times
from experiments.statistics import Adjusted, Mean, Rate, Ratio
from tests.story import NOW
from wsgi import netiv

HOUR, DAY = 3_600_000, 86_400_000
START = NOW - 10 * DAY
DEFINITION = {
    "key": "short-checkout", "variants": [{"key": "control", "weight": 0.5}, {"key": "short", "weight": 0.5}],
    "primary": {"key": "paid", "kind": "conversion", "event": "purchase"},
    "secondary": [{"key": "revenue", "kind": "revenue", "cap": 0.75}, {"key": "value", "kind": "order_value", "cap": 1},
                  {"key": "time", "kind": "time", "event": "purchase"}, {"key": "lost", "kind": "abandonment", "event": "purchase"},
                  {"key": "errors", "kind": "form_errors", "form": "checkout"}, {"key": "plays", "kind": "count", "event": "play"}],
    "plan": {"visitors": 1000}}


@pytest.fixture
def record(store, site):
    register.add(store, site, DEFINITION, "tests", now=START)
    return register.start(store, site, "short-checkout", "tests", now=START)


def read(store, site, now=NOW):
    return outcomes.read(store, site, register.by_key(store, site, "short-checkout"), now)


def seen(story, name, variant, at=NOW - 3 * DAY, **more):
    return story.visitor(name, at=at, **more).view("/checkout").exposed("short-checkout", variant)


def test_sums_of_every_kind_of_metric(store, site, story, record):
    seen(story, "a", "control").invalid("checkout", "phone").invalid("checkout", "phone").wait(58).purchase(100).purchase(50)
    seen(story, "b", "control").field("checkout", "phone").event("play").event("play").event("play")
    seen(story, "c", "control")
    seen(story, "d", "short").wait(8).purchase(30)
    seen(story, "e", "short").exposed("short-checkout", "control").purchase(500)
    counted = read(store, site)
    assert counted.visitors == (3, 1) and counted.multiple == 1
    assert counted.sums["paid"] == (Rate(1, 3), Rate(1, 1))
    assert counted.sums["lost"] == (Rate(2, 3), Rate(0, 1))
    assert counted.sums["revenue"] == (Mean(3, 15_000, 225_000_000, 1), Mean(1, 3000, 9_000_000, 1))
    assert counted.sums["value"] == (Ratio(3, 2, 4, 15_000, 225_000_000, 30_000), Ratio(1, 1, 1, 3000, 9_000_000, 3000))
    assert counted.sums["time"] == (Mean(1, 64_000, 64_000**2, 1), Mean(1, 10_000, 10_000**2, 1))
    assert counted.sums["errors"] == (Ratio(3, 2, 2, 2, 4, 2), Ratio(1, 0, 0, 0, 0, 0))
    assert counted.sums["plays"] == (Mean(3, 3, 9, 1), Mean(1, 0, 0, 0))
    assert counted.times == {"time": Times((64_000, 10_000), (64_000, 10_000))}
    assert counted.caps == counted.uncapped == counted.adjusted == {}  # a quarter of two values is not one


def test_before_anybody_came_there_are_noughts(store, site, record):
    counted = read(store, site)
    assert counted.visitors == (0, 0) and counted.sums["paid"] == (Rate(0, 0), Rate(0, 0))
    assert counted.days == counted.by_segment == counted.since == () and counted.revenue is None and counted.last_exposure is None


def test_a_cap_is_frozen_at_the_first_look_that_has_one(store, site, story, record):
    for number, amount in enumerate((10, 20, 30, 1000)):
        seen(story, f"visitor {number}", "short", device="mobile").purchase(amount)
    seen(story, "another", "control").purchase(20)
    counted = read(store, site)
    assert counted.caps == {"revenue": 3000}  # a quarter of five values is one: it is above
    assert counted.sums["revenue"][1] == Mean(4, 9000, 1000**2 + 2000**2 + 2 * 3000**2, 4)
    assert counted.uncapped["revenue"][1] == Mean(4, 106_000, 1000**2 + 2000**2 + 3000**2 + 100_000**2, 4)
    for number in range(8):
        seen(story, f"rich {number}", "control").purchase(5000)
    counted = read(store, site)
    assert counted.caps == {"revenue": 3000} and counted.sums["revenue"][0] == Mean(9, 26_000, 2000**2 + 8 * 3000**2, 9)


def test_the_capped_ratio_and_the_days_lose_the_same_part(store, site, story):
    metric = {"key": "value", "kind": "order_value", "cap": 0.5}
    register.add(store, site, DEFINITION | {"primary": metric, "secondary": []}, "tests", now=START)
    register.start(store, site, "short-checkout", "tests", now=START)
    seen(story, "a", "short", at=NOW - 5 * DAY).purchase(10)
    seen(story, "b", "short", at=NOW - 4 * DAY, device="mobile").purchase(600).purchase(400)
    counted = read(store, site)
    assert counted.caps == {"value": 1000}
    assert counted.sums["value"][1] == Ratio(2, 3, 5, 2000, 2_000_000, 3000)
    assert [sums[1] for _, _, sums in counted.days] == [Ratio(1, 1, 1, 1000, 1_000_000, 1000), Ratio(1, 2, 4, 1000, 1_000_000, 2000)]
    assert {name: sums[1].y for kind, name, _, sums in counted.by_segment if kind == "device"} == {"mobile": 1000, "desktop": 1000}


def test_days_segments_and_balance_are_told_apart(store, site, story, record):
    seen(story, "a", "control", at=NOW - 5 * DAY).purchase(5)
    seen(story, "b", "short", at=NOW - 4 * DAY, device="mobile", country="FR")
    seen(story, "c", "short", at=NOW - 4 * DAY).purchase(5)
    day = period.day_of(NOW, site.zone)
    counted = read(store, site)
    assert counted.days == ((day - 5, (1, 0), (Rate(1, 1), Rate(0, 0))), (day - 4, (0, 2), (Rate(0, 0), Rate(1, 2))))
    by = {(kind, name): (visitors, sums) for kind, name, visitors, sums in counted.by_segment}
    assert by["device", "desktop"] == ((1, 1), (Rate(1, 1), Rate(1, 1)))
    assert by["device", "mobile"] == ((0, 1), (Rate(0, 0), Rate(0, 1)))
    assert by["country", "FR"] == ((0, 1), (Rate(0, 0), Rate(0, 1)))
    assert by["seen_before", "0"] == ((1, 2), (Rate(1, 1), Rate(1, 2)))
    assert dict(counted.segments)["device"] == (("desktop", (1, 1)), ("mobile", (0, 1)))
    assert dict(counted.segments)["day"] == ((str(day - 5), (1, 0)), (str(day - 4), (0, 2)))
    assert counted.epochs == (((1, 2), (0.5, 0.5)),)
    assert counted.last_exposure == period.day_start(day - 3, site.zone)


def test_days_since_the_exposure_count_those_followed_so_long(store, site, story, record):
    for name, days, waits in (("a", 5, 1), ("b", 5, 30), ("c", 3, 1), ("d", 2, 1)):
        start = seen(story, name, "short", at=NOW - days * DAY, consented=True)
        story.visitor(name, at=start.at + waits * HOUR, consented=True).view("/").purchase(5)
    assert [(lag, rates[1]) for lag, rates in read(store, site).since] == [(0, Rate(3, 4)), (1, Rate(3, 3)), (2, Rate(2, 2))]


def test_other_weights_begin_anew_and_the_split_is_tested_in_each(store, site, story, record):
    seen(story, "a", "control", at=NOW - 5 * DAY).purchase(5)
    story.tell()
    variants = [{"key": "control", "weight": 0.2}, {"key": "short", "weight": 0.8}]
    register.change(store, site, "short-checkout", DEFINITION | {"variants": variants}, 2, "tests", now=NOW - 4 * DAY)
    seen(story, "b", "short").purchase(5)
    counted = read(store, site)
    assert counted.visitors == (0, 1) and counted.sums["paid"] == (Rate(0, 0), Rate(1, 1))
    assert counted.epochs == (((1, 0), (0.5, 0.5)), ((0, 1), (0.2, 0.8)))


def test_scheduled_looks_see_whole_weeks(store, site, story):
    register.add(store, site, DEFINITION | {"plan": {"visitors": 1000, "looks": "scheduled"}}, "tests", now=START)
    register.start(store, site, "short-checkout", "tests", now=START)
    seen(story, "a", "control", at=NOW - 9 * DAY)
    seen(story, "b", "short", at=NOW - 2 * DAY)
    counted = read(store, site)
    assert counted.looks == (1,) and counted.visitors == (1, 0)
    register.stop(store, site, "short-checkout", "tests", now=NOW)
    assert read(store, site).visitors == (1, 1)


def test_who_comes_after_the_planned_end_is_not_counted(store, site):
    """Or the one test at the end would be one every day. The day on which the last of the planned visitors came counts to its end."""
    register.add(store, site, DEFINITION, "tests", now=START)
    register.start(store, site, "short-checkout", "tests", now=START)
    _made_up(store, site, Random(3), 2000)
    with store.facts as db:
        days = Counter(row["day"] for row in db["exposures"].rows if not row["multiple"])
    total, expected = 0, 0
    for day in sorted(days):
        total += days[day]
        expected += days[day] if total - days[day] < 1000 else 0
    counted = read(store, site)
    assert (sum(counted.visitors), counted.later) == (expected, sum(days.values()) - expected) and counted.later > 0
    assert counted.sums["paid"][0].visitors == counted.visitors[0]


def test_the_histogram_has_round_bins_and_an_open_end(store, site, story, record):
    for number, amount in enumerate((1, 2, 2, 3, 3, 4, 60)):
        seen(story, f"visitor {number}", ("control", "short")[number % 2]).purchase(amount)
    found = read(store, site).revenue
    assert found.metric == "revenue" and found.cap == 400  # minor units
    assert found.bins[0] == Bin(0, 500, (3, 3)) and sum(sum(each.counts) for each in found.bins) == 7
    assert found.bins[-1].counts == (1, 0) and found.bins[-1].low <= 6000 <= found.bins[-1].high
    assert isinstance(found, Histogram)


def test_returning_visitors_are_adjusted_by_what_they_did_before(store, site, story, record, monkeypatch):
    monkeypatch.setattr(outcomes, "ADJUSTED_FROM", 1)
    for name, variant in (("a", "control"), ("b", "short")):
        story.visitor(name, at=NOW - 6 * DAY, consented=True).view("/").event("play").event("play").purchase(7)
        seen(story, name, variant, at=NOW - 4 * DAY, consented=True).event("play").event("play").event("play")
    seen(story, "new", "short")
    found = read(store, site).adjusted
    assert found["plays"] == (Adjusted(1, 2, 4, 3, 9, 6), Adjusted(1, 2, 4, 3, 9, 6))
    assert found["revenue"] == (Adjusted(1, 700, 490_000, 0, 0, 0), Adjusted(1, 700, 490_000, 0, 0, 0))


def test_reading_writes_nothing_but_the_cap(store, site, story, record):
    seen(story, "a", "short").purchase(5)
    version = register.by_key(store, site, "short-checkout").version
    assert read(store, site) == read(store, site)
    assert register.by_key(store, site, "short-checkout").version == version


def test_the_command_counts_anew_without_a_server(store, site, story, record):
    seen(story, "a", "short").purchase(5)
    before = read(store, site)
    with store.facts as db:
        db.execute("delete from outcomes")
        db.execute("delete from outcome_days")
    assert read(store, site) != before
    done = CliRunner().invoke(netiv, ["experiment", "recount", "short-checkout", "--site", "guitars", "--data", str(store.path.parent)])
    assert done.output.strip() == "1 visitors of short-checkout are counted anew."
    assert read(store, site) == before


def test_of_two_thousand_visitors_every_cell_is_what_their_rows_say(store, site):
    """Rows as the loader keeps them, and each visitor looked at again one by one: caps, days, segments, adjustment."""
    mapping = DEFINITION | {"plan": {"visitors": 5000}, "primary": {"key": "revenue", "kind": "revenue", "cap": 0.98},
                            "secondary": [{"key": "value", "kind": "order_value", "cap": 0.9}, {"key": "plays", "kind": "count", "event": "play"}]}
    register.add(store, site, mapping, "tests", now=START)
    register.start(store, site, "short-checkout", "tests", now=START)
    _made_up(store, site, Random(3), 2000)
    counted = read(store, site)
    with store.facts as db:
        names = {row["id"]: row["text"] for row in db["names"].rows}
        people = {row["unit"]: row | {"device": names[row["device"]]} for row in db["exposures"].rows if not row["multiple"]}
        values = {(row["measure"], row["unit"]): row["value"] for row in db["outcomes"].rows}
    caps = {}
    for key, part in (("revenue", 0.02), ("value", 0.1)):
        held = sorted(value for (measure, _), value in values.items() if measure == f"revenue:{key}" and value)
        caps[key] = held[len(held) - 1 - int(len(held) * part)]
    assert counted.caps == caps

    def of(measure, unit, cap=None):
        value = values.get((measure, unit), 0)
        return min(value, cap) if cap else value

    def mean(units, cap):
        own = [of("revenue:revenue", unit, cap) for unit in units]
        return Mean(len(own), sum(own), sum(each * each for each in own), sum(each > 0 for each in own))

    def ratio(units, y, x, made):
        pairs = [(y(unit), x(unit)) for unit in units]
        return made(len(pairs), sum(b for _, b in pairs), sum(b * b for _, b in pairs), sum(a for a, _ in pairs),
                    sum(a * a for a, _ in pairs), sum(a * b for a, b in pairs))

    def both(made, where=lambda person: True):
        return tuple(made([unit for unit, person in people.items() if person["variant"] == variant and where(person)])
                     for variant in range(2))

    assert counted.visitors == both(len) and counted.multiple == 2000 - len(people)
    assert counted.sums["revenue"] == both(lambda units: mean(units, caps["revenue"]))
    assert counted.uncapped["revenue"] == both(lambda units: mean(units, None))
    assert counted.sums["value"] == both(lambda units: ratio(
        units, lambda unit: of("revenue:value", unit, caps["value"]), lambda unit: of("orders:value", unit), Ratio))
    for day, seen, sums in counted.days:
        assert seen == both(len, lambda person: person["day"] == day)
        assert sums == both(lambda units: mean(units, caps["revenue"]), lambda person: person["day"] == day)
    for kind, name, seen, sums in counted.by_segment:
        if kind in ("device", "seen_before"):
            assert seen == both(len, lambda person: str(person[kind]) == name)
            assert sums == both(lambda units: mean(units, caps["revenue"]), lambda person: str(person[kind]) == name)
    assert counted.adjusted["revenue"] == both(lambda units: ratio(
        units, lambda unit: of("revenue:revenue", unit, caps["revenue"]), lambda unit: of("before:revenue", unit), Adjusted),
        lambda person: person["seen_before"])
    assert tuple(map(sum, zip(*(each.counts for each in counted.revenue.bins)))) == both(
        lambda units: sum(of("revenue:revenue", unit) > 0 for unit in units))


def _made_up(store, site, random, visitors):
    trial = trials.by_site(trials.stored(store))[site.id].trials[0]
    with store.facts as db:
        devices = [db["names"].lookup({"text": text}) for text in ("mobile", "desktop")]
    sums, exposures, rows = {table: {} for table in unit.TABLES}, [], []
    for number in range(visitors):
        at = NOW - random.randrange(1, 9) * DAY
        found = unit.Unit(trial, number, random.randrange(2), at, period.day_of(at, site.zone), 0, 1, int(random.random() < 0.02),
                          (random.choice(devices), 0, 0, 0, int(random.random() < 0.4)))
        if not found.multiple and random.random() < 0.5:
            found.values = {"revenue:revenue": [int(random.lognormvariate(9, 1.5)), at], "revenue:value": [int(random.lognormvariate(9, 1.5)), at],
                            "orders:value": [random.randrange(1, 4), at], "count:plays": [random.randrange(1, 9), at]}
            if found.segments[-1] and random.random() < 0.5:
                found.values["before:revenue"] = [random.randrange(1, 20_000), at - 1]
        totals.add(sums, unit.contribution(found))
        exposures.append(unit.exposure_row(found))
        rows += unit.outcome_rows(found)
    store.write(Changes({"exposures": exposures, "outcomes": rows, **kept.grown(sums)}), None)


def test_what_the_register_did_reaches_the_loader(store, site, story, record):
    """A pause takes no exposures, and a metric added while it runs is counted from the start."""
    seen(story, "a", "short", at=NOW - 5 * HOUR).event("read_terms")
    story.tell()
    register.pause(store, site, "short-checkout", "tests", now=NOW - 4 * HOUR)
    seen(story, "b", "short", at=NOW - 3 * HOUR)
    story.tell()
    register.resume(store, site, "short-checkout", "tests", now=NOW - 2 * HOUR)
    seen(story, "c", "control", at=NOW - HOUR).event("read_terms")
    story.tell()
    terms = {"key": "terms", "kind": "conversion", "event": "read_terms"}
    version = register.by_key(store, site, "short-checkout").version
    register.change(store, site, "short-checkout", DEFINITION | {"secondary": [*DEFINITION["secondary"], terms]}, version, "tests", now=NOW)
    while store.ask("collector/recounts"):
        story.loader.recount()
    counted = read(store, site)
    assert counted.visitors == (1, 1) and counted.sums["terms"] == (Rate(1, 1), Rate(1, 1))


def test_real_orders_that_were_not_tracked_make_a_result_unusable(store, site, story, record):
    day = period.date_of(period.day_of(NOW - 3 * DAY, site.zone)).isoformat()
    for number in range(20):
        seen(story, f"buyer {number}", "short").purchase(100, transaction_id=f"A{number}")
    assert read(store, site).orders is None
    sheet = sheet_reader.read("\n".join(["at,code", *(f"{day},A{number}" for number in range(40))]).encode())
    contacts.bring_in(store, site, contacts.look(store, site, sheet, "orders", now=NOW), "tests")
    counted = read(store, site)
    assert (counted.orders.found, counted.orders.of) == (20, 40)
    reasons = results.faults(register.by_key(store, site, "short-checkout"), counted, NOW)
    assert (reasons[-1].code, reasons[-1].numbers) == ("orders_differ", {"share": 0.5, "orders": 40})
