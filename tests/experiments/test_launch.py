"""Before a start: what metrics were on the last 30 days, counted by hand, and what stands in the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import sites
from experiments import baseline, definition, launch, register
from experiments.reading import BadExperiment
from tests.experiments.example import made
from tests.story import NOW

DAY = 86_400_000
KEY = "short-checkout"
ANYONE = {"device": [], "country": [], "parameter": ""}


def defined(**changed):
    return made(**{"audience": {}, "where": {"paths": ["/checkout*"]}} | changed)


@pytest.fixture
def shop(story):
    """Four visitors of the checkout and one who never came so far. Dana buys twice, 100 and 200; Omer once, 50."""
    for at, (name, spent) in enumerate([("dana", [100, 200]), ("omer", [50]), ("vera", []), ("noa", [])]):
        teller = story.visitor(name, at=NOW - 2 * DAY + at * 60_000, device="mobile" if name == "noa" else "desktop")
        teller.view("/").view("/checkout").form("checkout", "start")
        if name in ("vera", "omer"):
            teller.invalid("checkout", "phone").invalid("checkout", "phone")
        for value in spent:
            teller.submit("checkout").purchase(value)
        if spent:
            teller.view("/thanks")
    story.visitor("else", at=NOW - 2 * DAY).view("/").purchase(999)
    return story


def tried(store, site, metric, **changed):
    experiment = definition.read(defined(primary=metric, secondary=[], guardrails=[], **changed))
    return baseline.tried(store, site, experiment, experiment.primary, baseline.last_days(site, NOW))


@pytest.mark.parametrize("metric, n, units, value, deviation", [
    ({"kind": "conversion", "event": "purchase"}, 4, 2, 0.5, 0.5),
    ({"kind": "conversion", "page": "/thank*"}, 4, 2, 0.5, 0.5),
    ({"kind": "abandonment", "form": "checkout"}, 4, 2, 0.5, 0.5),
    ({"kind": "conversion", "event": "signup"}, 4, 0, 0, 0),
    # 300, 50, 0, 0: mean 87.50; deviations 212.5, -37.5, -87.5, -87.5
    ({"kind": "revenue"}, 4, 2, 8750, 14361.406616345072),
    # 350 in 3 orders; residuals 300 - 2*116.67 = 66.67 and -66.67, a buyer has 1.5 orders
    ({"kind": "order_value"}, 2, 2, 35000 / 3, 4444.444444444444),
    ({"kind": "count", "event": "purchase"}, 4, 2, 0.75, 0.9574271077563381),
    ({"kind": "form_errors", "form": "checkout"}, 4, 2, 1.0, 1.1547005383792515),
])
def test_a_metric_tried_on_history_is_what_a_hand_counts(store, site, shop, metric, n, units, value, deviation):
    found = tried(store, site, metric)
    assert (found.n, found.units) == (n, units)
    assert (found.value, found.deviation) == pytest.approx((value, deviation))


@pytest.mark.parametrize("metric", [{"kind": "time", "event": "purchase"}, {"kind": "time", "form": "checkout"},
                                    {"kind": "time", "page": "/thanks"}])
def test_a_time_is_from_the_first_session_on(store, site, shop, metric):
    """/ takes 1 s, /checkout 1 s, the start of the form 2 s; Omer loses 4 s more over his telephone."""
    found = tried(store, site, metric)
    assert found.n == 2
    after = {"form": (4000, 8000), "event": (6000, 10000), "page": (12000, 12000)}[next(key for key in metric if key != "kind")]
    assert found.value == sum(after) / 2


def test_the_audience_narrows_what_is_tried(store, site, shop):
    metric = {"kind": "conversion", "event": "purchase"}
    assert tried(store, site, metric, audience={"device": ["mobile"]}).n == 1
    assert tried(store, site, metric, audience={"country": ["FR"]}).n == 0
    assert tried(store, site, metric, audience={"visitors": "returning"}).n == 0
    assert tried(store, site, metric, where={"paths": ["/checkout*"], "event": "purchase"}).n == 2
    assert tried(store, site, metric, where={"paths": []}).n == 5


def test_on_nobody_nothing_is_known(store, site):
    for kind in definition.KINDS:
        source = definition.KINDS[kind][1][0]
        found = tried(store, site, {"kind": kind, source: "/x" if source == "page" else "x"})
        assert (found.n, found.value, found.deviation) == (0, None, None) and not found.is_fed


# -- the check

def check(store, site, **changed):
    record = register.by_key(store, site, KEY) or register.add(store, site, defined(**changed), "dana", now=NOW)
    return launch.check(store, site, record, NOW)


def blocked(store, site, **changed):
    return {error.field: error.message for error in check(store, site, **changed).blockers}


def test_a_test_with_all_it_needs_may_start(store, site, shop):
    found = check(store, site)
    assert found.blockers == () and [each.value for each in found.tried] == pytest.approx([0.5, 8750, 1.0, 0.5])
    assert found.visitors_a_day == pytest.approx(4 / 7)
    assert launch.start(store, site, KEY, "dana", now=NOW).state == "running"


def test_a_site_without_the_tracker_is_told_from_a_page_without_visitors(store, site, story):
    assert "nothing came from this site" in blocked(store, site)["where"]
    story.visitor("dana").view("/")
    assert "no visitor of this audience" in blocked(store, site)["where.paths"]


def test_an_event_that_never_happens_is_named(store, site, shop):
    assert "where.event" in blocked(store, site, where={"event": "opened_cart"})


def test_a_metric_no_event_feeds_blocks_at_its_field(store, site, shop):
    found = blocked(store, site, primary={"kind": "conversion", "event": "signup"},
                    guardrails=[{"key": "shown", "kind": "count", "page": "/nowhere", "margin": 0.1}])
    assert set(found) == {"primary.event", "guardrails[0].page"} and found["primary.event"].startswith("signup fed nothing")


@pytest.mark.parametrize("fed_by, came", [({"event": "purchase"}, "purchase comes from this site, 4 in"), ({"page": "/than*"}, "/than* comes from this site, 2 in"),
                                          ({"form": "checkout"}, "checkout comes from this site, 2 in"), ({"goal": "Thanks"}, "Thanks comes from this site, 2 in"),
                                          ({"event": "signup"}, "signup fed nothing")])
def test_what_comes_from_others_only_is_told_from_what_never_comes_and_said_once(store, site, shop, fed_by, came):
    shop.visitor("slow", at=NOW - 2 * DAY).view("/compare")
    sites.add_goal(store, site, "Thanks", "page", "/thanks")
    blockers = check(store, site, where={"paths": ["/compare"]}, primary={"kind": "conversion", **fed_by},
                     guardrails=[{"key": "lost", "kind": "abandonment", "margin": 0.1, **fed_by}]).blockers
    assert [error.field for error in blockers] == [f"primary.{next(iter(fed_by))}"] and blockers[0].message.startswith(came)


def test_a_secondary_metric_without_events_is_a_warning(store, site, shop):
    found = check(store, site, secondary=[{"key": "new", "kind": "count", "event": "new_button"}])
    assert found.blockers == () and "secondary[0].event" in [each.field for each in found.warnings]


def test_a_plan_or_primary_metric_that_is_missing_blocks(store, site, shop):
    assert {"primary", "plan.visitors"} <= blocked(store, site, primary=None, plan={}).keys()


def redirecting(to):
    return [{"key": "control", "weight": 0.5}, {"key": "b", "weight": 0.5, "changes": [{"kind": "redirect", "value": to}]}]


@pytest.mark.parametrize("to, blocks", [("/checkout-b", True), ("/thanks?from=test", False), ("https://www.shop.example/thanks", False)])
def test_a_redirect_to_an_address_nobody_saw_blocks(store, site, shop, to, blocks):
    assert ("variants[1].changes[0].value" in blocked(store, site, variants=redirecting(to))) is blocks


@pytest.mark.parametrize("other, blocks", [
    ({}, True), ({"where": {"paths": ["/*"]}}, True), ({"where": {}}, True), ({"where": {"paths": ["/blog*"]}}, False),
    ({"audience": {"device": ["tablet"]}}, False), ({"audience": {"visitors": "returning"}}, True), ({"group": "checkout"}, True)])
def test_another_test_on_the_same_pages_blocks_unless_both_are_in_one_group(store, site, shop, other, blocks):
    register.add(store, site, defined(key="other", **other), "dana", now=NOW)
    register.start(store, site, "other", "dana", now=NOW)
    assert ("group" in blocked(store, site, audience={"device": ["desktop"]})) is blocks


def test_two_tests_of_one_group_run_beside_each_other_while_both_fit(store, site, shop):
    register.add(store, site, defined(key="other", group="checkout", share=0.6), "dana", now=NOW)
    register.start(store, site, "other", "dana", now=NOW)
    assert blocked(store, site, group="checkout", share=0.5) == {
        "share": "is 0.5, and of the group checkout only 0.4 is free; write at most that, or stop another of its experiments"}


def test_what_blocks_does_not_start(store, site, story):
    register.add(store, site, defined(), "dana", now=NOW)
    with pytest.raises(BadExperiment) as caught:
        launch.start(store, site, KEY, "dana", now=NOW)
    assert [error.field for error in caught.value.errors][0] == "where"
    assert register.by_key(store, site, KEY).state == "draft"


def test_warnings_say_what_to_think_about(store, site, shop):
    found = {each.field: each.message for each in check(
        store, site, hypothesis="", guardrails=[], plan={"visitors": 20000, "until": "2026-03-20"}).warnings}
    assert set(found) == {"plan.visitors", "plan.until", "hypothesis", "guardrails", "needs_consent"}
    assert found["plan.visitors"].startswith("takes about 5000 weeks at the pace of visitors of the last 7 days, 1 a day")
    assert found["plan.until"].startswith("is less than two whole weeks from now")


def test_variants_that_change_nothing_are_a_thought(store, site, shop):
    alike = [{"key": key, "weight": 0.5} for key in ("control", "short")]
    found = {each.field: each.message for each in check(store, site, variants=alike).warnings}
    assert found["variants"] == f"change nothing by themselves: all show the same page, unless its own code asks netiv('variant', '{KEY}') and shows something else"

@given(st.text("/ab*", max_size=8), st.text("/ab*", max_size=8), st.text("/ab", max_size=8))
def test_patterns_that_match_one_path_meet(one, other, path):
    from fnmatch import fnmatchcase
    if fnmatchcase(path, one) and fnmatchcase(path, other):
        assert launch.meet(one, other) and launch.meet(other, one)
    if "*" not in one:
        assert launch.meet(one, other) == fnmatchcase(one, other)


# -- goals of the site as what a metric counts

def test_a_metric_of_a_goal_is_tried_as_the_event_or_page_the_goal_is(store, site, shop):
    sites.add_goal(store, site, "Thanked", "page", "/thank*")
    for goal, same in (("Purchase", {"event": "purchase"}), ("Thanked", {"page": "/thank*"})):
        by_goal, itself = (tried(store, site, {"kind": "conversion", **named}) for named in ({"goal": goal}, same))
        assert (by_goal.n, by_goal.units, by_goal.value) == (itself.n, itself.units, itself.value) == (4, 2, 0.5)


def test_a_goal_the_site_has_not_is_refused_at_its_field(store, site):
    with pytest.raises(BadExperiment) as refused:
        register.add(store, site, defined(primary={"kind": "conversion", "goal": "Sign-up"}), "dana")
    assert [(each.field, "there are: Purchase" in each.message) for each in refused.value.errors] == [("primary.goal", True)]
    assert register.all_of(store, site) == []


def test_a_goal_that_two_have_the_name_of_is_refused(store, site):
    sites.add_goal(store, site, "Purchase", "page", "/thanks")
    with pytest.raises(BadExperiment, match="two goals"):
        register.add(store, site, defined(primary={"kind": "conversion", "goal": "Purchase"}), "dana")


def test_a_goal_gone_before_the_start_blocks_and_is_said_once(store, site, shop):
    record = register.add(store, site, defined(primary={"kind": "conversion", "goal": "Purchase"}), "dana", now=NOW)
    with store.facts as db:
        db["goals"].delete(sites.goals(store, site)[0].id)
    found = launch.check(store, site, record, NOW)
    assert [each.field for each in found.blockers] == ["primary.goal"]
    with pytest.raises(BadExperiment, match="no goal of this site"):
        register.start(store, site, KEY, "dana", now=NOW)
    changed = register.change(store, site, KEY, defined(primary={"kind": "conversion", "goal": "Purchase"}, notes="Soon"), 1, "dana")
    assert changed.experiment.notes == "Soon"  # what was there before is in the way of nothing else
