"""The pages on which an experiment is made: what is typed is kept, what is wrong is said at its field, nothing is half saved."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import sites
from experiments import definition, form, register
from tests.experiments.example import made
from tests.office import office  # noqa: F401
from tests.story import Story

DAY = 86_400_000
NEW = "/sites/shop/experiments/new"
EDIT = "/sites/shop/experiments/short-checkout/edit"
PLAN = "/sites/shop/experiments/short-checkout/plan"
ONE = {"name": "Shorter checkout", "key": "short-checkout", "where.paths": "/checkout*\n/cart", "share": "100",
       "audience.visitors": "all", "variants[0].key": "control", "variants[0].weight": "50", "variants[1].key": "short",
       "variants[1].weight": "50", "variants[1].changes[0].kind": "remove", "variants[1].changes[0].selector": "#coupon",
       "primary.kind": "conversion", "primary.of": "event", "primary.what": "purchase", "primary.window_hours": "72",
       "plan.looks": "hybrid", "plan.relative_mde": "12.5", "plan.visitors": "20,000"}


@pytest.fixture
def owner(office):
    return office.as_("owner")


def saved(office):
    return register.by_key(office.store, office.shop, "short-checkout")


def running(office):
    register.add(office.store, office.shop, made(), "dana@shop.example")
    return register.start(office.store, office.shop, "short-checkout", "dana@shop.example")


def test_what_is_typed_becomes_the_definition(office, owner):
    answer = owner.post(NEW, ONE)
    assert (answer.status_code, answer.location) == (302, PLAN)
    experiment = saved(office).experiment
    assert experiment.where.paths == ("/checkout*", "/cart") and experiment.weights == (0.5, 0.5)
    assert experiment.variants[1].changes == (definition.Change("remove", "#coupon"),)
    assert (experiment.plan.visitors, experiment.plan.relative_mde) == (20_000, 0.125)
    assert (experiment.primary.kind, experiment.primary.event) == ("conversion", "purchase")


def test_a_definition_shown_as_a_form_and_sent_again_is_the_same():
    before = definition.read(made())
    sent = form.shown(definition.as_dict(before))
    assert definition.read(form.definition(sent)) == before


PARTS = st.sampled_from(["variants", "changes", "where", "audience", "primary", "plan", "secondary", "name", "key", "kind", "device", "paths", "what"])
PATHS = st.lists(st.tuples(PARTS, st.sampled_from(["", "[0]", "[1]"])), min_size=1, max_size=3).map(lambda steps: ".".join(map("".join, steps)))


@given(st.lists(st.tuples(st.from_regex(r"[a-z_.\[\]0-9]{1,30}", fullmatch=True) | PATHS, st.text(max_size=20)), max_size=30))
def test_whatever_is_sent_as_a_form_can_be_read(items):
    """Names that no field has are passed over, those of known parts in places where they do not belong among them."""
    definition_or_errors = form.definition(form.typed(items))
    try:
        definition.read(definition_or_errors)
    except definition.BadExperiment as error:
        assert error.errors and form.at_fields(error.errors)


@pytest.mark.parametrize("changed, field, sentence", [
    ({"variants[1].weight": "60"}, "variants", "add up to 110%; they must add up to 100%"),
    ({"key": "", "name": "קופה קצרה"}, "key", "none can be made from this name"),
    ({"plan.relative_mde": "lots"}, "plan.relative_mde", "Smallest effect worth finding</a>: must be a number"),
    ({"variants[1].weight": "half"}, "variants[1].weight", "must be a number from 0 to 100"),
    ({"primary.what": ""}, "primary.what", "needs one of"),
    ({"plan.until": "2020-01-01"}, "plan.until", "not after"),
    ({"variants[1].changes[0].kind": "html", "variants[1].changes[0].value": "<script>steal()</script>"},
     "variants[1].changes[0].value", "not allowed there"),
    ({"variants[1].changes[0].kind": "redirect", "variants[1].changes[0].value": "https://evil.example/"},
     "variants[1].changes[0].value", "leads to another host"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(office, owner, changed, field, sentence):
    answer = owner.post(NEW, ONE | changed)
    assert answer.status_code == 400 and saved(office) is None
    assert f'href="#{field}"' in answer.text and sentence in answer.text
    assert f'value="{(ONE | changed)["name"]}"' in answer.text and "#coupon" in answer.text  # nothing typed is lost


def test_a_field_offers_what_was_collected_lately(owner):
    page = owner.get(NEW).text
    field = re.search(r'<input[^>]* name="primary\.what"[^>]*>', page)[0]
    assert 'list="known-event"' in field and '<datalist id="known-event">' in page
    assert 'inputmode="numeric"' in re.search(r'<input[^>]* name="plan\.visitors"[^>]*>', page)[0]


def test_a_key_used_twice_is_refused(office, owner):
    owner.post(NEW, ONE)
    answer = owner.post(NEW, ONE)
    assert answer.status_code == 400 and "is used by another experiment of this site" in answer.text


def test_rows_are_added_and_taken_away_without_a_script(office, owner):
    answer = owner.post(NEW, ONE | {"do": "add variants"})
    assert answer.status_code == 200 and 'name="variants[2].key"' in answer.text and saved(office) is None
    answer = owner.post(NEW, ONE | {"do": "remove variants[1].changes[0]"})
    assert 'name="variants[1].changes[0].kind"' not in answer.text
    answer = owner.post(NEW, ONE | {"variants[2].key": "c", "do": "even"})
    assert answer.text.count('value="33.333') == 3


def test_one_who_saw_an_older_version_saves_nothing_and_loses_nothing(office, owner):
    owner.post(NEW, ONE)
    register.change(office.store, office.shop, "short-checkout", made(name="By Vera"), 1, "vera@shop.example")
    answer = owner.post(EDIT, ONE | {"name": "By Dana", "version": "1"})
    assert answer.status_code == 409 and "vera@shop.example changed it" in answer.text
    assert 'value="By Dana"' in answer.text and saved(office).experiment.name == "By Vera"


def test_once_it_runs_only_what_may_change_does(office, owner):
    before = running(office)
    sent = {"name": "Checkout without coupon", "owner": "Dana", "notes": "", "share": "100", "version": str(before.version),
            "variants[0].weight": "20", "variants[1].weight": "80", "hypothesis": "Another", "primary.what": "signup",
            "secondary[2].kind": "count", "secondary[2].of": "event", "secondary[2].what": "add_to_cart"}
    assert owner.post(EDIT, sent).status_code == 302
    after = saved(office).experiment
    assert (after.name, after.weights) == ("Checkout without coupon", (0.2, 0.8))
    assert after.primary == before.experiment.primary and after.hypothesis == before.experiment.hypothesis
    assert [metric.event for metric in after.secondary] == ["purchase", "", "add_to_cart"]
    assert [epoch.weights for epoch in register.epochs(office.store, saved(office))] == [(0.5, 0.5), (0.2, 0.8)]


def test_a_start_with_something_in_the_way_says_what(office, owner):
    owner.post(NEW, ONE)
    answer = owner.post("/sites/shop/experiments/short-checkout/start")
    assert (answer.status_code, answer.location) == (303, PLAN)  # loaded again it only reads
    page = owner.get(PLAN).text
    assert "It was not started" in page and page.count("has no tracker on it") == 1 and saved(office).state == "draft"


def test_a_step_that_its_state_does_not_allow_is_said_on_the_plan(office, owner):
    owner.post(NEW, ONE)
    assert owner.post("/sites/shop/experiments/short-checkout/pause").location == PLAN
    assert "It was not done: State: is draft" in owner.get(PLAN).text


def test_the_plan_draws_which_change_how_many_weeks_can_find(office, owner, tmp_path):
    story = Story(office.store, office.shop, tmp_path / "spool")
    for at in range(60):
        teller = story.visitor(f"visitor {at}", at=int(time.time() * 1000) - 2 * DAY + at * 60_000).view("/checkout")
        if at % 2:
            teller.purchase(100)
    story.tell()
    story.close()
    owner.post(NEW, ONE)
    page = owner.get(PLAN).text
    # 30 a week in each variant, half of them buy: (1/4 + 1/4 - r²/4) z² / n = r²/4, z = 1.95996 + 0.84162
    parts = [2.80158**2 / (30 * weeks) for weeks in range(2, 9)]
    expected = [(str(weeks), round(100 * (2 * part / (1 + part)) ** 0.5, 1)) for weeks, part in enumerate(parts, 2)]
    assert [(weeks, float(change)) for weeks, change in re.findall(r"(\d) weeks: ([\d.]+)%", page)] == expected
    assert 'class="line v1"' in page and 'class="line wanted"' in page


def test_where_nothing_can_be_found_the_plan_says_so_and_draws_nothing(office, owner, tmp_path):
    story = Story(office.store, office.shop, tmp_path / "spool")
    story.visitor("looks", at=int(time.time() * 1000) - 2 * DAY).view("/checkout")
    story.visitor("buys", at=int(time.time() * 1000) - 2 * DAY).view("/else").purchase(100)
    story.tell()
    story.close()
    owner.post(NEW, ONE)
    page = owner.get(PLAN).text
    assert "Nobody who came to these pages fed this metric" in page and page.count("comes from this site, 1 in the last 30 days") == 1
    assert " weeks: " not in page and 'class="line' not in page


@pytest.mark.parametrize("given, decides, says", [
    ("paths=/slow&of=page&what=/next", ("goal", "Signed up"), "cannot decide"), ("paths=/slow&of=event&what=signup", ("event", "signup"), ""),
    ("paths=/slow", ("goal", "Signed up"), "an event \u2068purchase\u2069 cannot decide"), ("paths=/nowhere", ("event", "purchase"), "nobody came to these pages"),
    ("paths=/rare&of=event&what=rare", ("event", "rare"), "too few visitors come"), ("paths=/last", ("event", "purchase"), "nobody did what decides")])
def test_a_form_that_is_to_be_planned_proposes_what_some_reached_or_says_why_not(office, owner, tmp_path, given, decides, says):
    sites.add_goal(office.store, office.shop, "Signed up", "event", "signup")
    story = Story(office.store, office.shop, tmp_path / "spool")
    for number in range(90):
        visit = story.visitor(f"{number}", at=office.shop.created_at - DAY * (1 + number % 3)).view("/slow")
        if number < 20:
            visit.event("signup")
    story.visitor("rare", at=office.shop.created_at - DAY).view("/rare").event("rare")
    story.visitor("seldom", at=office.shop.created_at - DAY).view("/rare")
    story.visitor("last", at=office.shop.created_at - DAY).view("/last")
    story.tell()
    story.close()
    page = owner.get(f"{NEW}?{given}&weeks=4").text
    assert chosen(page, "primary.of") == decides[0] and f'value="{decides[1]}"' in page[page.index('name="primary.what"') - 200:][:400]
    assert says in page and ("No plan is proposed" in page or "cannot decide" in page) == bool(says)
    assert bool(re.search(r'name="plan.visitors"[^>]* value="\d+"|value="\d+"[^>]* name="plan.visitors"', page)) == ("/slow" in given)


def chosen(page, name):
    """The option of a select that is chosen."""
    return re.search(rf'<select[^>]* name="{name}".*?<option value="([^"]*)" selected', page, re.S)[1]


def test_a_draft_is_deleted_and_a_started_one_is_not(office, owner):
    owner.post(NEW, ONE)
    assert owner.post("/sites/shop/experiments/short-checkout/remove").location == "/sites/shop/experiments"
    assert saved(office) is None
    running(office)
    assert owner.post("/sites/shop/experiments/short-checkout/remove").status_code == 303 and saved(office).state == "running"


def test_steps_go_by_the_buttons(office, owner):
    running(office)
    for step, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert owner.post(f"/sites/shop/experiments/short-checkout/{step}").status_code == 302
        assert saved(office).state == state


def test_the_plan_leads_to_the_result_once_there_is_one(office, owner):
    result = 'href="/sites/shop/experiments/short-checkout"'
    owner.post(NEW, ONE)
    assert result not in owner.get(PLAN).text
    register.start(office.store, office.shop, "short-checkout", "dana@shop.example")
    assert result in owner.get(PLAN).text


def test_the_plan_says_of_a_form_that_it_was_not_sent_for_the_report_on_forms_calls_something_else_abandoned(owner):
    owner.post(NEW, ONE | {"primary.kind": "abandonment", "primary.of": "form", "primary.what": "checkout"})
    page = owner.get(PLAN).text
    assert "<bdi>Did not send the form: the share of visitors</bdi>" in page and "Abandonment:" not in page


def test_a_viewer_reads_the_plan_and_changes_nothing(office):
    running(office)
    viewer = office.as_("viewer")
    page = viewer.get(PLAN)
    assert page.status_code == 200 and "/pause" not in page.text
    assert viewer.get(EDIT).status_code == 403
