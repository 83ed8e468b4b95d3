"""The funnel: against a reading of raw events by trying every way, stories counted by hand, and what it refuses."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import filters as narrowing
from collector import journey_register, page_groups, sites
from collector import period as periods
from collector.fields import BadField
from journeys import funnel_walks, funnels, listing, sides
from journeys import steps as steps_of
from journeys.funnel_ask import counted
from journeys.funnel_plan import plan
from journeys.reports import REPORTS, asked
from tests.journeys import brute, brute_walks
from tests.journeys.test_brute_force import GOALS, SIGNING, TODAY, play, small_shop, visits_of
from tests.journeys.test_brute_walks import RULES, STAGES, mapping
from tests.story import NOW

STEPS = ("/", "/cart", "/blog/*", "/blog/[b]?", "*", "group:Blog", "event:signup", "event:*", "goal:Purchase", "goal:Read the blog", "goal:*",
         "form:checkout:seen", "form:checkout:start", "form:news:submit", "form:checkout:complete", "form:news:field:phone", "form:checkout:field:mail")
FILTERS = ({}, {"device": ["mobile", "!tablet"]}, {"page": ["/cart"]}, {"event": ["!signup"]})
DAYS = {"3d": (TODAY - timedelta(days=2), TODAY), "yesterday": (TODAY - timedelta(days=1),) * 2}
WINDOWS = {"session": None, "3m": 180_000, "2d": 172_800_000}


def predicates(step):
    """Of the parts of a step, what has to be true of an Event."""
    kind, _, value = step.partition(":")
    if step.startswith(("/", "*")):
        return lambda event: event.type == brute.PAGEVIEW and brute._like(event.page, step)
    if kind == "stage":
        return lambda event: value in event.stages
    if kind == "group":
        return lambda event: event.type == brute.PAGEVIEW and brute._like(event.page, "/blog/*")
    if kind == "event":
        return lambda event: event.type == brute.CUSTOM and brute._like(event.name, value)
    if kind == "goal":
        return lambda event: event.type in (brute.PAGEVIEW, brute.CUSTOM) and any(
            brute._reaches(event, goal, pattern) for name, goal, pattern in GOALS if value in ("*", name))
    form, part, *field = value.split(":")
    touched = lambda event: event.type == brute.FIELD and event.value is not None and event.name == form  # noqa: E731
    if part == "field":
        return lambda event: touched(event) and event.element == field[0]
    words = {"seen": (1, 2, 3, 4), "start": (2, 3, 4), "submit": (3,)}[part]
    return lambda event: (event.type == brute.FORM and event.name == form and event.x in words) or (part != "submit" and touched(event))


def parts_by_hand(steps):
    """A form is completed by a goal after it was begun, be it by this step or by one before."""
    found, begun = [], set()
    for step in steps:
        form, part = (*step.split(":"), "", "")[1:3] if step.startswith("form:") else ("", "")
        if part == "complete":
            begin = [] if form in begun else [predicates(f"form:{form}:start")]
            found.append([*begin, predicates("goal:*")])
        else:
            found.append([predicates(step)])
        if part not in ("", "seen"):
            begun.add(form)
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=SIGNING, steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=4).filter(
    lambda steps: all(a != b for a, b in zip(steps, steps[1:]))))
def test_a_funnel_says_what_trying_every_way_says(visits, steps):
    with small_shop(*GOALS[1:]) as (store, site, story):
        page_groups.save(store, site, "Blog", "/blog/*")
        for visit in visits:
            play(story, visit)
        story.tell()
        check(store, site, steps)


MOVES = st.one_of(st.tuples(st.just("view"), st.sampled_from(("/", "/cart", "/blog/a", "/about"))), st.tuples(st.just("event"), st.sampled_from(("signup", "video"))),
                  st.tuples(st.just("field"), st.just("checkout"), st.sampled_from(("mail", "phone"))), st.just(("purchase", 10)),
                  st.tuples(st.just("wait"), st.sampled_from((100, 1790))))
CLOSE = ("/", "/cart", "/blog/*", "*", "event:signup", "event:*", "goal:*", "form:checkout:start", "form:checkout:complete", "form:checkout:field:mail")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ways=st.lists(st.lists(MOVES, min_size=1, max_size=8), min_size=3, max_size=8), steps=st.lists(
    st.sampled_from(CLOSE), min_size=2, max_size=4).filter(lambda steps: all(a != b for a, b in zip(steps, steps[1:]))))
def test_ways_that_nearly_meet_a_funnel_are_counted_as_trying_every_way_does(ways, steps):
    with small_shop(*GOALS[1:]) as (store, site, story):
        for number, way in enumerate(ways):
            visitor = story.visitor(f"visitor {number}", at=NOW - 9 * 3_600_000)
            for name, *values in way:
                getattr(visitor, name)(*values)
        story.tell()
        check(store, site, steps, days=("3d",), filters=({}, {"event": ["!signup"]}))


ACTS = st.one_of(MOVES.filter(lambda move: move[0] != "field"), st.tuples(st.just("field"), st.just("checkout"), st.just("mail"), st.just({})), st.tuples(st.just("view"), st.sampled_from(("/cart", "/blog/a"))), st.tuples(st.just("purchase"), st.just(10), st.sampled_from((None, "order-1"))))
STAGED = tuple(f"stage:{key}" for key in STAGES)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=visits_of(ACTS), rules=RULES, steps=st.lists(st.sampled_from((*STAGED, *STAGED, "/cart", "event:signup", "form:checkout:complete")), min_size=2, max_size=4).filter(
    lambda steps: set(steps) & set(STAGED) and all(a != b for a, b in zip(steps, steps[1:]))))
def test_stages_are_met_where_the_raw_events_meet_them(visits, rules, steps):
    with small_shop(*GOALS[1:]) as (store, site, story):
        journey_register.add(store, site, mapping(rules), "the owner")
        for visit in visits:
            play(story, visit)
        story.tell()
        check(store, site, steps, days=("3d",), filters=({}, {"device": ["mobile", "!tablet"]}), rules=mapping(rules))


def meet(visits, rules, steps):
    """Each visit with what it met of the stages when it began as events of a type of their own, and on all others the stages they meet."""
    asks_for_orders = any(rule["kind"] in ("order", "repeat_order") for stage in rules["stages"] if f"stage:{stage['key']}" in steps
                          for touchpoint in stage["touchpoints"] for rule in touchpoint["rules"])
    for visit, walker in [*zip(visits, brute_walks.walkers(rules, visits, GOALS))]:
        for at, event in enumerate(visit.events):
            met = {walker.best("form", event.name)} if event.type in (brute.FORM, brute.FIELD) else walker.at_event(at, event)
            event.stages = {walker.stage_of[key] for key in met if key}
            event.again = asks_for_orders and event.name == "purchase" and event.value is not None and (
                walker.bought_before or any(each.name == "purchase" and each.value is not None for each in visit.events[:at]))
        for stage in dict.fromkeys(walker.stage_of[key] for at, _, key in reversed(walker.met) if at == -1):
            visit.events.insert(0, brute.Event(visit.events[0].at, 0, 0, "", stage, "", "", None, None, None, stages={stage}))


def check(store, site, steps, days=tuple(DAYS), filters=FILTERS, rules=None):
    visits = brute.read(store, site, GOALS)
    if rules:
        meet(visits, rules, steps)
    read = steps_of.read(steps)
    for order in funnels.ORDERS:
        save(store, site, steps, order)
        for typed in filters:
            narrowed = narrowing.parse(typed)
            for first, last in (DAYS[name] for name in days):
                period = periods.of_dates(first, last, site.zone)
                some = brute.chosen(visits, first, last, typed)
                for window, longest in WINDOWS.items():
                    truth = brute.funnel(some, parts_by_hand(steps), order == "strict", longest)
                    found = counted(store, site, period, narrowed, plan(store, site, read, order == "strict"), longest, sides.Side("device"))
                    assert Counter((walk.value, walk.furthest, walk.waits, walk.next) for walk in found.walks) == Counter(
                        (visit.dimensions["device"], *rest) for visit, *rest in truth), (order, window, typed)
                    report = REPORTS["funnel"].report(store, site, period, narrowed, saved="buy", window=window)
                    furthest = [reached for _, reached, *_ in truth]
                    assert [row.sessions for row in report.rows] == [sum(each >= row.step for each in furthest) for row in report.rows]
                    everybody = {visit.person for visit in some} if longest else some
                    assert report.rows[0].everybody == len(everybody)
                    if longest is None:
                        check_filter(store, site, period, narrowed, furthest, len(steps))


def save(store, site, steps, order):
    """As an owner would, but for forms that were never seen in this story."""
    with store.facts as db:
        db["funnels"].upsert({"id": 1, "site_id": site.id, "key": "buy", "name": "Buy",
                              "definition": json.dumps({"steps": steps, "order": order, "window": "session"})}, pk="id")


def check_filter(store, site, period, filters, furthest, count):
    for step in range(1, count + 1):
        those = filters.with_("funnel", f"buy:{step}")
        assert REPORTS["overview"].report(store, site, period, those).totals.sessions == furthest.count(step)


# -- stories, counted by hand

def ask(store, site, steps=(), **args):
    return asked(store, site, "funnel", {key: value if isinstance(value, list) else [value] for key, value in
                                         (args | ({"steps": list(steps)} if steps else {})).items()}, NOW)


def reached(report):
    return [row.sessions for row in report.rows]


def test_open_order_forgives_what_lies_between_and_strict_order_does_not(store, site, story):
    story.visitor("dana").view("/shop/strat").view("/cart").view("/checkout")
    story.visitor("avi").view("/shop/strat").view("/returns").view("/cart").view("/checkout")
    story.visitor("noa").view("/cart").view("/shop/strat")
    story.visitor("eli").view("/shop/strat").view("/blog").view("/shop/tele").view("/cart")  # straight, the second time
    steps = ("/shop/*", "/cart", "/checkout")
    assert reached(ask(store, site, steps)) == [4, 3, 2]
    assert reached(ask(store, site, steps, order="strict")) == [4, 2, 1]


def test_a_page_loaded_again_is_no_other_page(store, site, story):
    story.visitor("dana").view("/shop/strat").view("/cart").view("/cart").event("add").event("add").view("/checkout")
    assert reached(ask(store, site, ("/shop/*", "/cart", "event:add", "/checkout"), order="strict")) == [1, 1, 1, 1]


def test_what_no_step_names_does_not_break_a_strict_way_unless_it_is_a_page(store, site, story):
    story.visitor("dana").view("/cart").click("Help").event("chat").field("checkout", "phone").event("buy")
    assert reached(ask(store, site, ("/cart", "event:buy"), order="strict")) == [1, 1]
    assert reached(ask(store, site, ("/cart", "event:buy", "event:chat"), order="strict")) == [1, 0, 0]  # now it lies between


def test_a_form_is_completed_by_a_goal_after_it_was_begun(store, site, story):
    story.visitor("dana").view("/").purchase(10).view("/news").form("news", "view").field("news", "mail").submit("news")
    story.visitor("avi").view("/news").form("news", "view").field("news", "mail").submit("news").view("/thanks").purchase(10)
    for steps in (("form:news:seen", "form:news:start", "form:news:submit", "form:news:complete"), ("/news", "form:news:complete")):
        assert reached(ask(store, site, steps)) == [2] * (len(steps) - 1) + [1]


def test_times_are_from_one_step_to_the_next_and_those_who_went_no_further_went_somewhere(store, site, story):
    for seconds in (10, 20, 30, 40, 50):
        story.visitor(f"paid {seconds}").view("/shop/strat").stay(seconds).view("/cart").view("/paid")
    story.visitor("dana").view("/shop/strat").view("/cart").view("/returns").view("/paid")
    story.visitor("avi").view("/shop/strat").view("/cart").view("/returns")
    story.visitor("noa").view("/shop/strat")
    report = ask(store, site, ("/shop/*", "/cart", "/paid"))
    assert reached(report) == [8, 7, 6] and [row.dropped for row in report.rows] == [1, 1, 0]
    assert [(row.dropped_rate, row.dropped_low, row.dropped_high) for row in report.rows] == [
        (1 / 8, *listing.wilson(1, 8)), (1 / 7, *listing.wilson(1, 7)), (None, None, None)]
    # a view takes a second and a stay its own: to the cart 1, 1, 11, 21, 31, 41, 51 s, of which the middle is 21 and nine tenths are 51;
    # and one millisecond where two events share one, because a visitor's events never do
    assert (report.rows[1].time, report.rows[1].slow, report.rows[1].timed) == (pytest.approx(21, abs=.01), pytest.approx(51, abs=.01), 7)
    assert report.rows[0].time is None
    assert [(each.step, each.page, each.sessions, each.looked) for each in report.extra["went"]] == [(1, "", 1, 1), (2, "/returns", 1, 1)]
    cart = report.rows[1]
    assert (cart.of_before, cart.of_first, cart.of_all, cart.before, cart.everybody) == (7 / 8, 7 / 8, 7 / 8, 8, 8)
    assert (cart.of_before_low, cart.of_before_high) == listing.wilson(7, 8)


def test_of_two_or_three_a_median_says_nothing(store, site, story):
    for number in range(4):
        story.visitor(f"visitor {number}").view("/").view("/cart")
    assert ask(store, site, ("/", "/cart")).rows[1].time is None


def test_visitors_who_agreed_go_the_way_over_several_sessions_within_the_time(store, site, story):
    story.visitor("dana", at="2026-03-07 09:00").view("/shop/strat").consent().click("Agreed")  # hers of other days from here on
    story.visitor("dana", at="2026-03-09 08:00", consented=True).view("/cart").purchase(10)
    story.visitor("avi", at="2026-03-07 09:00").view("/shop/strat")  # another one every day, as far as we may know
    story.visitor("avi", at="2026-03-09 09:00").view("/cart").purchase(10)
    steps = ("/shop/*", "goal:Purchase")
    assert reached(ask(store, site, steps, window="2d", period="7d")) == [2, 1]
    assert reached(ask(store, site, steps, window="47h", period="7d")) == [2, 0]
    assert reached(ask(store, site, steps, period="7d")) == [2, 0]
    report = ask(store, site, steps, window="2d", period="7d")
    assert report.rows[0].everybody == 3 and report.rows[0].dropped == 1


def test_a_way_is_told_apart_by_the_session_it_begins_in(store, site, story):
    story.visitor("dana", at="2026-03-09 08:00", device="mobile", consented=True).view("/cart").field("checkout", "mail")
    story.visitor("dana", at="2026-03-09 20:00", consented=True).view("/cart").purchase(10).view("/thanks")
    report = ask(store, site, ("form:checkout:complete", "/thanks"), by="device", window="2d", period="7d")
    assert [(row.value, row.sessions) for row in report.rows] == [("mobile", 1), ("mobile", 1)]


def test_a_window_begins_anew_with_each_time_the_first_step_is_taken(store, site, story):
    dana = story.visitor("dana", at="2026-03-10 09:00").view("/shop/strat").wait(1200).view("/shop/tele").wait(60).view("/cart")
    assert dana and reached(ask(store, site, ("/shop/*", "/cart"), window="5m")) == [1, 1]
    assert reached(ask(store, site, ("/shop/strat", "/cart"), window="5m")) == [1, 0]


def test_a_session_over_midnight_goes_its_way_on_the_day_it_began(store, site, story):
    story.visitor("dana", at="2026-03-08 23:59").view("/shop/strat").stay(120).view("/cart")
    assert reached(ask(store, site, ("/shop/*", "/cart"), period="2026-03-08")) == [1, 1]
    assert reached(ask(store, site, ("/shop/*", "/cart"), period="2026-03-09")) == [0, 0]


# Israel's clocks go forward on 27 March 2026 at two, and back on 25 October 2026 at two
@pytest.mark.parametrize("day", ["2026-03-27", "2026-10-25"])
def test_a_window_is_so_long_however_the_clock_is_changed(store, site, story, day):
    from datetime import date
    before = str(date.fromisoformat(day) - timedelta(days=1))
    story.visitor("dana", at=f"{before} 12:00", consented=True).view("/shop/strat")
    hours = 23 if day.startswith("2026-03") else 25
    story.visitor("dana", at=story.tellers[0].at - 1000 + hours * 3_600_000, consented=True).view("/cart")  # noon of the next day
    for window, expected in ((f"{hours}h", 1), (f"{hours - 1}h", 0)):
        assert reached(ask(store, site, ("/shop/*", "/cart"), window=window, period=f"{before}..{day}")) == [1, expected]


def test_pages_of_other_hosts_are_steps_too(store, site, story):
    story.visitor("dana").view("/cart").view("https://pay.example/form").view("/thanks")
    assert reached(ask(store, site, ("/cart", "pay.example/*", "/thanks"), order="strict")) == [1, 1, 1]


def test_stages_are_steps_from_what_is_known_at_the_start_to_a_repeated_order(store, site, story):
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": key, "name": key.title(), "touchpoints": [
        {"key": f"{key}-{at}", "name": key, "rules": [{"kind": kind, "value": value}]} for at, (kind, value) in enumerate(rules)]} for key, rules in {
            "awareness": [("channel", "Organic Search"), ("page", "/about")], "consideration": [("page", "/shop/*")],
            "purchase": [("page", "/shop/cart"), ("order", "")], "retention": [("repeat_order", ""), ("repeat_visit", "")]}.items()]}, "dana")
    google = "https://www.google.com/"
    story.visitor("dana", referrer=google).view("/shop/strat").view("/shop/cart").purchase(10)
    story.visitor("avi", referrer=google).view("/shop/cart").view("/shop/strat")  # the cart is no page of the shop to look at: the longer rule wins
    story.visitor("noa").view("/shop/strat").view("/about")  # and the first stage comes after the second
    story.visitor("gil").view("/shop/tele").purchase(10).purchase(20).view("/about")
    way = ["stage:awareness", "stage:consideration", "stage:purchase"]
    assert reached(ask(store, site, way)) == [4, 2, 1]
    assert reached(ask(store, site, way, order="strict")) == [4, 1, 1]
    report = ask(store, site, ["stage:consideration", "stage:purchase", "stage:retention"])
    assert reached(report) == [4, 2, 1]  # gil's second order is a repeated one
    assert [row.sessions for row in asked(store, site, "stages", {}, NOW).rows] == [4, 4, 3, 1]
    assert {each.page for each in ask(store, site, ["stage:awareness", "/nowhere"]).extra["went"]} == {"/shop/strat", "/shop/cart", ""}
    saved = funnels.save(store, site, "Stages", way)
    assert [row.entry_page for row in asked(store, site, "sessions", {"funnel": [f"{saved}:2"]}, NOW).rows] == ["/shop/cart"]


def test_a_touchpoint_met_by_contacts_and_by_events_has_no_place_in_a_funnel(store, site, story):
    rules = [{"kind": "contact", "value": "call"}, {"kind": "page", "value": "/call"}]
    journey_register.add(store, site, {"key": "main", "name": "Main", "stages": [
        {"key": "talk", "name": "Talk", "touchpoints": [{"key": "call", "name": "Call us", "rules": rules}]}]}, "dana")
    with pytest.raises(BadField, match="Call us is met by contacts and by events"):
        ask(store, site, ["/", "stage:talk"])


def test_told_apart_and_compared(store, site, story):
    for number in range(6):
        visitor = story.visitor(f"visitor {number}", device="mobile" if number < 2 else "desktop").view("/")
        if number in (0, 2, 3, 4):
            visitor.view("/cart")
    story.visitor("eli", at="2026-03-09 10:00").view("/")
    steps = ("/", "/cart")
    assert [(row.value, row.step, row.sessions, row.everybody) for row in ask(store, site, steps, by="device", period="today").rows] == [
        ("desktop", 1, 4, 4), ("desktop", 2, 3, 4), ("mobile", 1, 2, 2), ("mobile", 2, 1, 2)]
    cart = ask(store, site, steps, against="device=mobile", device="desktop", period="today").rows[1]
    assert (cart.sessions, cart.other, cart.change) == (3, 1, 3 / 4 - 1 / 2)
    assert (cart.change_low, cart.change_high) == listing.newcombe(3, 4, 1, 2)
    previous = ask(store, site, steps, against="previous", period="today").rows
    assert [(row.sessions, row.other) for row in previous] == [(6, 1), (4, 0)]
    assert previous[1].whole == 4 / 6
    dates = ask(store, site, steps, against="2026-03-09", period="today").rows
    assert [row.other for row in dates] == [1, 0]


def test_a_step_that_nothing_matches_is_said_beside_it(store, site, story):
    story.visitor("dana").view("/cart").view("/")
    report = ask(store, site, ("/", "/cart", "/chekout"))
    assert reached(report) == [1, 0, 0]
    assert [bool(row.note) for row in report.rows] == [False, False, True]  # the cart was seen, but never after the first page


def test_a_checkout_is_found_by_the_shops_own_events_else_by_its_form(store, site, story):
    assert ask(store, site).extra["funnel"] is None
    story.visitor("dana").view("/").form("news", "view").field("news", "mail").view("/checkout").form("checkout", "view") \
        .field("checkout", "mail").submit("checkout").event("done")
    sites.add_goal(store, site, "Done", "event", "done")
    story.visitor("avi").view("/checkout").form("checkout", "view").field("checkout", "mail").submit("checkout").event("done")
    report = ask(store, site)
    assert report.extra["funnel"].steps[0] == "form:checkout:seen" and reached(report) == [2, 2, 2, 1]
    story.visitor("noa").view("/").event("view_item").event("add_to_cart").purchase(10)
    report = ask(store, site)
    assert [row.name for row in report.rows] == ["event:view_item", "event:add_to_cart", "event:purchase"] and reached(report) == [1, 1, 1]
    assert funnels.save(store, site, "Reading", ("/", "/checkout")) == "reading"
    assert ask(store, site).extra["funnel"].key == "reading"
    assert ask(store, site, saved="found").extra["funnel"].is_found


def test_many_sessions_are_looked_at_in_part_and_counted_all(store, site, story, monkeypatch):
    monkeypatch.setattr(funnel_walks, "LOOKED", 20)
    for number in range(100):
        visitor = story.visitor(f"visitor {number}", at=NOW - 3_600_000 + number * 1000).view("/")
        if number < 80:
            visitor.view("/cart")
    report = ask(store, site, ("/", "/cart"))
    assert reached(report) == [100, 80] and report.extra["every"] == 5 and report.notes
    assert 4 <= report.rows[1].timed <= 36  # a fifth of 80, give or take


def test_sessions_spread_over_days_are_looked_at_where_a_part_of_each_while_falls(store, site, story, monkeypatch):
    monkeypatch.setattr(funnel_walks, "LOOKED", 40)
    monkeypatch.setattr(funnel_walks, "SPANS", 53)
    for number in range(200):
        story.visitor(f"visitor {number}", at=NOW - 86_400_000 * 9 + number * 3_600_000).view("/").event("done")
    asked, ask_store = [], store.ask
    monkeypatch.setattr(store, "ask", lambda question, *more, **values: asked.append((question, values.get("spans"))) or ask_store(question, *more, **values))
    report = ask(store, site, ("/", "event:done"))
    assert reached(report) == [200, 200] and report.extra["every"] == 5
    assert {spans for question, spans in asked if question == "journeys/funnel_met"} == {53} and 10 <= report.rows[1].timed <= 80


def test_a_session_of_more_pages_than_a_trail_keeps_is_counted_to_its_end(store, site, story):
    visitor = story.visitor("dana").view("/")
    for number in range(70):
        visitor.view(f"/blog/{number % 2}")
    visitor.view("/cart").view("/checkout")
    story.visitor("avi").view("/").view("/cart")
    story.visitor("noa").view("/blog/0").view("/cart").view("/checkout")
    for filters in ({}, {"device": "desktop"}):
        assert reached(ask(store, site, ("/", "/cart", "/checkout"), **filters)) == [2, 2, 1]
        assert reached(ask(store, site, ("*", "/cart", "/checkout"), order="strict", **filters)) == [3, 3, 2]
    by = ask(store, site, ("/", "/cart", "/checkout"), by="device")
    assert [(row.value, row.sessions) for row in by.rows] == [("desktop", 2), ("desktop", 2), ("desktop", 1)]


def test_a_visitor_of_more_pages_than_trails_keep_is_counted_to_the_end_within_a_window(store, site, story):
    visitor = story.visitor("dana").view("/")
    for number in range(70):
        visitor.view(f"/blog/{number % 2}")
    visitor.view("/cart")
    story.visitor("avi").view("/").view("/blog/0").view("/cart")
    report = ask(store, site, ("/", "/cart"), window="2h")
    assert reached(report) == [2, 2] and report.rows[0].everybody == 2


def test_many_visitors_are_looked_at_in_part_and_counted_all(store, site, story, monkeypatch):
    monkeypatch.setattr(funnel_walks, "VISITORS", 20)
    for number in range(100):
        story.visitor(f"visitor {number}", at="2026-03-07 09:00", consented=True).view("/")
        if number < 80:
            story.visitor(f"visitor {number}", at=f"2026-03-0{8 + number % 2} 08:00", consented=True).view("/cart")
    report = ask(store, site, ("/", "/cart"), window="1d", period="7d")
    assert reached(report) == [100, 40] and report.rows[0].everybody == 100 and report.extra["every"] == 5 and report.notes
    assert report.rows[1].timed <= 20


# -- saved, changed, refused

def test_a_saved_funnel_keeps_its_key_and_says_that_it_changed(store, site):
    key = funnels.save(store, site, "Checkout", ("/cart", "/checkout"))
    assert funnels.save(store, site, "Checkout", ("/a", "/b")) == "checkout-2" and funnels.save(store, site, "קופה", ("/a", "/b")) == "funnel"
    funnels.save(store, site, "To the till", ("/cart", "/till"), "strict", "2h", key=key, version=1)
    assert funnels.by_key(store, site, key) == funnels.Funnel(key, "To the till", ("/cart", "/till"), "strict", "2h", 2)
    with pytest.raises(BadField, match="meanwhile"):
        funnels.save(store, site, "Mine", ("/cart", "/till"), key=key, version=1)
    assert funnels.remove(store, site, key) and not funnels.remove(store, site, key)


@pytest.mark.parametrize("args, field, why", [
    ({"steps": ["/cart"]}, "steps", "two at least"), ({"steps": [f"/{n}" for n in range(11)]}, "steps", "more than 10"),
    ({"steps": ["/", "/cart", "/cart"]}, "steps", "twice in a row"), ({"steps": ["/", "cart"]}, "steps", "no step"),
    ({"steps": ["/", "event:"]}, "steps", "too short"), ({"steps": ["/", "form:checkout"]}, "steps", "form:checkout:start"),
    ({"steps": ["/", "form:nowhere:start"]}, "steps", "no form was seen here yet"), ({"steps": ["/", "goal:Nothing"]}, "steps", "it has Purchase"),
    ({"steps": ["/", "group:Nothing"]}, "steps", "no page groups yet; make one"), ({"steps": ["/", "stage:nowhere"]}, "steps", "stage nowhere, and this site has no journey yet"), ({"steps": ["/", "/a"], "window": "0m"}, "window", "zero"),
    ({"steps": ["/", "/a"], "window": "soon"}, "window", "30m"), ({"steps": ["/", "/a"], "window": "91d"}, "window", "longer"),
    ({"steps": ["/", "/a"], "order": "any"}, "order", "strict"), ({"saved": "nothing"}, "saved", "no saved funnel"),
    ({"steps": ["/", "/a"], "against": "last week"}, "against", "unknown"), ({"steps": ["/", "/a"], "against": "nothing=1"}, "nothing", "filter"),
    ({"steps": ["/", "/a"], "against": "previous", "by": "device"}, "against", "beside by"), ({"steps": ["/", "/a"], "funnel": "nothing:1"}, "funnel", "checkout:2"),
    ({"steps": ["/", "/a"], "by": "goal"}, "by", "device")])
def test_what_cannot_be_read_is_refused_with_what_would_be_right(store, site, args, field, why):
    with pytest.raises(BadField) as error:
        ask(store, site, **args)
    assert error.value.field in (field, "against") and why in error.value.message


def test_a_site_without_goals_or_experiments_says_so(store, site):
    with store.facts as db:
        db.execute("delete from goals where site_id = ?", [site.id])
    with pytest.raises(BadField, match="the goal Order, and this site has no goals yet; choose one"):
        ask(store, site, steps=["/", "goal:Order"])
    with pytest.raises(BadField, match="no experiment was started here yet"):
        ask(store, site, steps=["/", "/cart"], by="variant", experiment="blue")


def test_a_funnel_over_several_sessions_does_not_choose_sessions(store, site):
    funnels.save(store, site, "Slow", ("/", "/cart"), window="7d")
    for typed, why in (("slow:1", "several sessions"), ("slow:3", "checkout:2"), ("slow:x", "checkout:2"), ("slow", "checkout:2")):
        with pytest.raises(BadField, match=why):
            asked(store, site, "pages", {"funnel": [typed]}, NOW)
