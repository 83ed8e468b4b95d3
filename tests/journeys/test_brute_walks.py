"""Stages, touchpoints and transitions, on random small sites with random rules, say what plain loops over the raw events say
(brute_walks.py): filtered or not, in whatever order visits arrive, after the rules changed, and after a visitor was erased."""


import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import erase, loader
from collector import filters as narrowing
from collector import journey_register as register
from collector import period as periods
from journeys.reports import REPORTS
from tests.journeys import brute, brute_walks
from tests.journeys.test_brute_force import GOALS, PERIODS, SIGNING, check_paths, play, small_shop

POOL = (("channel", "Organic Search"), ("channel", "*"), ("source", "google"), ("campaign", "spring*"), ("referral", "*bing*"),
        ("repeat_visit", ""), ("repeat_visit", "order"), ("page", "/cart"), ("page", "/blog/*"), ("page", "/*"), ("event", "s*"),
        ("event", "signup"), ("goal", "Read the blog"), ("goal", "Purchase"), ("form", "checkout"), ("form", "*"), ("order", ""),
        ("repeat_order", ""))
RULES = st.lists(st.integers(0, 7), min_size=len(POOL), max_size=len(POOL))  # where each rule of the pool stands; 0, 7: nowhere
FILTERS = ({}, {"source": ["*"]}, {"page": ["/cart"]}, {"device": ["!mobile"], "event": ["signup"]})
STAGES = ("one", "two", "three")


def mapping(places):
    return {"key": "main", "name": "Main", "stages": [{"key": stage, "name": stage, "touchpoints": [
        {"key": f"{stage}-{half}", "name": f"{stage} {half}", "rules": [
            {"kind": kind, "value": value} for (kind, value), place in zip(POOL, places) if place == at * 2 + half]}
        for half in (1, 2)]} for at, stage in enumerate(STAGES)]}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=SIGNING, rules=RULES, others=RULES, order=st.randoms(use_true_random=False))
def test_walks_are_what_the_raw_events_say(visits, rules, others, order):
    with small_shop(*GOALS[1:]) as (store, site, story):
        register.add(store, site, mapping(rules), "the owner")
        for visit in visits:
            play(story, visit)
        told, story.tellers = story.tellers, []
        for teller in told:
            teller.send()
        records, story.records = story.records, []
        order.shuffle(records)
        for record in records:  # each arrives by itself, and whatever is there is walked through
            story.spool.append(record)
            story.loader.drain()
            if order.random() < 0.5:
                story.loader.day_work.turn()
            if order.random() < 0.2:
                story.loader = loader.Loader(store, story.directory)
        story.loader.day_work.finish()
        check(store, site, mapping(rules))
        register.change(store, site, "main", mapping(others), None, "the owner")
        story.loader.day_work.finish()
        check(store, site, mapping(others))
        if records:
            erase.erase(store, site, order.choice(records).visitor)
            if not any(step[0] in ("consent", "sign_in") for visit in visits for step in visit["steps"]):
                check(store, site, mapping(others))  # nobody is left who had also been the erased one
            story.loader.day_work.finish()
            check(store, site, mapping(others))


def check(store, site, journey):
    visits = brute.read(store, site, GOALS)
    walked = dict(zip(map(id, visits), brute_walks.walkers(journey, visits, GOALS)))
    for first, last in (PERIODS["longest"], PERIODS["yesterday"]):
        period = periods.of_dates(first, last, site.zone)
        for typed in FILTERS:
            some = [walked[id(visit)] for visit in brute.chosen(visits, first, last, typed)]
            filters = narrowing.parse(typed)
            check_reports(store, site, period, filters, journey, some)
    period = periods.of_dates(*PERIODS["longest"], site.zone)
    for row in REPORTS["transitions"].report(store, site, period, narrowing.NONE).rows:
        chosen = narrowing.parse({"transition": row.transition})
        assert REPORTS["overview"].report(store, site, period, chosen).totals.sessions == row.sessions, row


def check_reports(store, site, period, filters, journey, some):
    stages, touchpoints, transitions = (REPORTS[name].report(store, site, period, filters) for name in ("stages", "touchpoints", "transitions"))
    for stage, row in zip(journey["stages"], stages.rows, strict=True):
        same(row, brute_walks.numbers(some, {each["key"] for each in stage["touchpoints"]}), stage["touchpoints"])
    for touchpoint, row in zip((each for stage in journey["stages"] for each in stage["touchpoints"]), touchpoints.rows, strict=True):
        same(row, brute_walks.numbers(some, {touchpoint["key"]}), [touchpoint])
    assert {row.transition: row.sessions for row in transitions.rows} == brute_walks.transitions(some)
    check_paths(store, site, period, filters, some, by="stage", ways=((), ("one",), ("one", "two"), ("two", "one", "three"), ("nowhere", "one")))
    of = {"enter": len(some)} | {row.stage: row.sessions for row in stages.rows}
    assert all(row.of_sessions == of[row.from_stage] for row in transitions.rows)


def same(row, expected, touchpoints):
    rules = [rule for touchpoint in touchpoints for rule in touchpoint["rules"]]
    if not rules:
        assert row.sessions is None and row.forward is None
        return
    engaged_ms, times = expected.pop("engaged_ms"), expected.pop("times")
    assert {key: getattr(row, key) for key in expected} == expected, row
    if hasattr(row, "times"):
        assert row.times == times
    if any(rule["kind"] == "page" for rule in rules):
        assert row.engaged == (pytest.approx(engaged_ms / row.sessions / 1000) if row.sessions else None)
