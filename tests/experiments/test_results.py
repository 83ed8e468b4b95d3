"""What the result of an experiment says: its words in both languages, its numbers the judge's own, and nothing green before the rule has decided."""

import re
from dataclasses import replace

import pytest
from flask import g, render_template

from experiments import definition, outcomes, packet, plots, register, result_page, result_render, results, sentences
from experiments.reasons import Reason
from experiments.statistics import Adjusted
from experiments.verdict import judge
from tests.experiments import example, figures
from tests.experiments.lab import Lab
from tests.office import office  # noqa: F401
from tests.test_translations import ALIKE, LATIN, Texts

PLAN = {"visitors": 10_000}
LONGER = {"visitors": 20_000}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    made = Lab(tmp_path_factory.mktemp("lab") / "data", tests=("running",))
    yield made
    made.store.close()


def shown(office, findings, language="en"):
    """The page of Findings, as text without its tags."""
    with office.app.test_request_context(f"/?lang={language}"):
        g.site, g.actor = office.shop, None
        html = render_template("experiments/shared.html", plain=True, page=result_page.page(findings), token="t", decision=())
    return html, " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi>", "", html)).split())


def finished(rates=(0.118, 0.141), **how):
    return figures.made(figures.record("stopped", plan=PLAN), rates, **how)


def running(rates=(0.118, 0.122), **how):
    return figures.made(figures.record("running", plan=LONGER), rates, **how)


# -- the verdict in words

@pytest.mark.parametrize(("findings", "verdict", "english", "hebrew"), [
    (finished, "better", "“Without coupon” converts better than “control”.", "״Without coupon״ ממירה טוב יותר מ־״control״."),
    (lambda: finished((0.141, 0.118)), "worse", "“Without coupon” converts worse than “control”.", "״Without coupon״ ממירה פחות טוב מ־״control״."),
    (running, "undecided", "No decision yet. Compatible with anything from", "אין עדיין הכרעה. ייתכן כל שינוי"),
    (lambda: finished((0.118, 0.119)), "ended", "Ended without a clear difference. Effects beyond", "הניסוי הסתיים בלי הבדל ברור."),
    (lambda: running(weights=(0.53, 0.47)), "unusable", "Do not use these results. The visitors are not split as planned", "אין להשתמש בתוצאות האלה."),
    (lambda: running(a_day=40, days=4), "collecting", "Too early to say anything. 4 days of at least 7", "מוקדם מדי לומר משהו."),
])
def test_the_verdict_is_one_sentence_in_both_languages(office, findings, verdict, english, hebrew):
    found = findings()
    assert found.result.verdict == verdict
    assert english in shown(office, found)[1]
    assert hebrew in shown(office, found, "he")[1]


def test_a_winner_that_may_harm_is_sent_to_the_guardrails(office):
    record = figures.record("stopped", plan=PLAN, guardrails=[{"key": "money", "kind": "revenue", "margin": 0.001}])
    chosen = next(found for seed in range(40) if (found := figures.made(record, (0.118, 0.141), seed=seed)).result.verdict == "review")
    assert "But look at the guardrails before shipping it." in shown(office, chosen)[1]


def test_the_estimate_has_the_interval_the_verdict_rests_on(office):
    found = finished()
    effect = found.result.primary.effects[0]
    low, high = effect.deciding.relative
    text = shown(office, found)[1].replace("\u2066", "").replace("\u2069", "")
    assert f"that is +{effect.relative:.0%} (+{low:.1%} to +{high:.0%})" in text and "(96% interval" in text


@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("findings", [finished, running, lambda: finished((0.118, 0.118)), lambda: running(a_day=40, days=4)])
def test_nobody_is_told_how_sure_to_be_or_that_there_is_no_effect(office, findings, language):
    text = shown(office, findings(), language)[1]
    assert not re.search(r"\b\d+(\.\d+)? ?% (sure|likely|confident|probab)|no effect|significant|winner|nan\b|\binf\b|None", text, re.I)


@pytest.mark.parametrize("findings", [running, lambda: running(a_day=40, days=4), lambda: finished((0.118, 0.119))])
def test_nothing_of_the_numbers_is_green_or_red_before_the_rule_decided(office, findings):
    html = shown(office, findings())[0]
    for part in ("verdict", "interval", "tag", "by"):
        assert not re.search(rf'class="{part} (good|bad)"|<b class="(good|bad)"', html)


def test_colour_follows_the_direction_of_the_metric(office):
    record = figures.record("stopped", plan=PLAN, primary={"key": "lost", "kind": "abandonment", "event": "purchase"}, guardrails=[])
    found = figures.made(record, (0.118, 0.141))
    assert found.result.primary.effects[0].difference < 0 and found.result.verdict == "better"
    html, text = shown(office, found)
    assert 'class="interval good"' in html and "“Without coupon” is abandoned less often than “control”" in text


def test_of_a_form_it_is_said_that_it_was_not_sent_for_abandoned_means_more_than_that(office):
    record = figures.record("stopped", plan=PLAN, primary={"kind": "abandonment", "form": "checkout"}, guardrails=[])
    text = shown(office, figures.made(record, (0.118, 0.141)))[1]
    assert "“Without coupon” does better than “control” on Share who did not send the form: checkout" in text and "bandon" not in text


def test_a_p_is_said_in_numbers_of_tests_and_is_never_nought(office):
    with office.app.test_request_context("/?lang=en"):
        g.actor = None
        assert sentences.p_in_words(0.003) == "p = 0.003: a gap this large would appear in 3 of 1,000 tests of two identical variants."
        assert "fewer than 1 of 10,000" in sentences.p_in_words(1e-9) and "p \u2066< 0.0001" in sentences.p_in_words(1e-9)


@pytest.mark.parametrize(("value", "said"), [(0.124, "+12%"), (-0.034, "\u22123.4%"), (0.0, "0%"), (0.0004, "0%"), (32.0, "+33 times"), (None, "–")])
def test_changes_are_as_precise_as_they_are_worth(office, value, said):
    with office.app.test_request_context("/?lang=en"):
        g.actor = None
        assert sentences.relative(value).strip("\u2066\u2069") == said


def test_names_that_people_gave_are_escaped_and_have_a_direction_of_their_own(office):
    variants = example.made()["variants"]
    variants[1]["name"] = "<b>קצר</b>"
    found = figures.made(figures.record("stopped", plan=PLAN, variants=variants), (0.118, 0.141))
    html = shown(office, found)[0]
    assert "“<bdi>&lt;b&gt;קצר&lt;/b&gt;</bdi>” converts better" in html and "<b>קצר" not in html


@pytest.mark.parametrize("findings", [finished, running, lambda: running(weights=(0.53, 0.47)), lambda: running(a_day=40, days=4)])
def test_a_hebrew_result_says_nothing_in_english(office, findings):
    reader = Texts()
    reader.feed(shown(office, findings(), "he")[0])
    assert len(reader.texts) > 80
    written = [text.replace("Shorter checkout · Guitars", "") for text in reader.texts]  # names that people gave, in the title
    assert [text for text in written if LATIN.search(ALIKE.sub("", text))] == []


# -- the numbers

def test_every_day_adds_up_to_the_whole():
    found = running()
    assert sum(sum(day.visitors) for day in found.days) == found.result.visitors == sum(found.days[-1].total)
    last, effect = found.days[-1], found.result.primary.effects[0]
    assert last.changes[0] == pytest.approx(effect.relative) and last.bands[0] == pytest.approx(effect.always.relative)


def test_the_planned_visitors_end_a_test_even_when_it_was_stopped_by_hand():
    assert finished().result.stage == "end" and not finished().result.early


def test_stopped_before_its_end_a_test_is_not_given_the_larger_alpha():
    found = figures.made(figures.record("stopped", plan=LONGER), (0.118, 0.129))
    assert found.result.stage == "running" and found.result.plan.stopped


def test_days_left_come_from_the_last_full_days_as_a_range():
    found = running()
    fewest, most = found.days_left
    left = found.result.plan.visitors - found.result.visitors
    mean = sum(sum(day.visitors) for day in found.days[-8:-1]) / 7
    assert fewest <= left / mean <= most


def test_a_young_test_ends_at_the_pace_of_its_pages_before_the_start():
    young = figures.record("running", plan=LONGER)
    counted, judged = figures.counted(young, (0.1, 0.1), days=1), figures.made(young, (0.1, 0.1), days=1).result
    assert results.days_left(young, judged, counted) == (None, None)
    needed = -(-(20_000 - judged.visitors) // 600)
    assert results.days_left(young, judged, counted, (600,) * 7) == (needed, needed)


def test_a_goal_removed_while_it_runs_makes_the_result_unusable_and_after_its_end_is_said(office):
    for state, verdict in (("running", "unusable"), ("stopped", "better")):
        record = figures.record(state, plan=PLAN, primary={"key": "bought", "kind": "conversion", "goal": "Purchase"})
        counted = replace(figures.counted(record, (0.118, 0.141)), gone=("bought",))
        found = results.findings(record, counted, figures.START + 17 * figures.DAY, figures.Site)
        assert found.result.verdict == verdict
        html, text = shown(office, found)
        assert "counts the goal Purchase, which the site has no more" in text


def test_segments_of_twenty_visitors_do_not_squeeze_the_others():
    page_bars = [(-0.1, 0.2), (-0.05, 0.15), (-0.9, 30.0)]
    axis = plots.clipped(page_bars, 2.5)
    assert axis.at(0.2) - axis.at(-0.1) > 20


def test_no_exposure_for_two_days_while_it_runs_is_a_fault():
    found = figures.made(figures.record("running", plan=LONGER), (0.118, 0.122), now=figures.START + 20 * figures.DAY)
    assert found.result.verdict == "unusable" and found.result.reasons[0].code == "tracking_fault"


def test_an_interval_that_is_missing_is_a_reason_and_no_bar(office):
    found = figures.made(figures.record("running", plan=LONGER), (0.0, 0.0), a_day=40, days=9)
    html, text = shown(office, found)
    assert found.result.verdict == "collecting" and "Not enough data: 0 conversions" in text
    assert 'class="span"' not in html.partition('id="primary-title"')[2].partition("</section>")[0]


def test_five_variants_have_a_row_a_line_and_a_reading_each(office):
    variants = [{"key": key, "weight": 0.2} for key in ("control", "b", "c", "d", "e")]
    found = figures.made(figures.record("running", plan={"visitors": 50_000}, variants=variants), (0.1, 0.1, 0.102, 0.11, 0.09), a_day=1500)
    html, text = shown(office, found)
    assert len(found.result.primary.effects) == 4 and html.count('class="line v1"') >= 4
    assert "P(best)" in text


def test_every_formula_comes_out_as_the_number_beside_it(office):
    found = finished()
    text = shown(office, found)[1]
    (x0, n0), (x1, n1) = ((each.conversions, each.visitors) for each in found.case.primary.sums)
    assert f"P = ({x0} + {x1}) / ({n0} + {n1})" in text
    z = float(re.search(r"√\([^=]*?\) = (−?[\d.]+)", text.partition("z = (p₁")[2])[1].replace("−", "-"))
    pooled = (x0 + x1) / (n0 + n1)
    assert z == pytest.approx((x1 / n1 - x0 / n0) / (pooled * (1 - pooled) * (1 / n0 + 1 / n1)) ** 0.5, abs=1e-3)


def test_revenue_without_its_cap_stands_beside_and_decides_nothing(office):
    found = finished()
    (how, judged), = found.others
    assert how == "uncapped" and judged.key == "revenue"
    assert [each.value for each in judged.values] == [each.value for each in found.case.secondary[0].beside]
    assert "Revenue per visitor, without the cap" in shown(office, found)[1]


@pytest.mark.parametrize(("more", "alike"), [(0, True), (9000, False)])
def test_variants_that_differed_before_the_test_are_told(office, more, alike):
    record = figures.record("stopped", plan=PLAN)
    held = tuple(Adjusted(n=400, x=400 * mean, xx=400 * (mean * mean + 20_000**2), y=400 * 6000, yy=400 * (6000**2 + 20_000**2), xy=400 * mean * 6000)
                 for mean in (5000, 5000 + more))
    counted = replace(figures.counted(record, (0.118, 0.141)), adjusted={"revenue": held})
    found = results.findings(record, counted, figures.START + 17 * figures.DAY, figures.Site)
    assert [how for how, _ in found.others] == ["uncapped", "adjusted"] and (found.before[0][1] > 0.001) == alike
    html, text = shown(office, found)
    assert ('<li class="attention">' in html) != alike and "Alike before the test Revenue per visitor of returning visitors" in text


def test_durations_have_their_median_and_the_part_that_completed(office):
    record = figures.record("stopped", plan=PLAN, secondary=[{"key": "time", "kind": "time", "event": "purchase"}])
    counted = replace(figures.counted(record, (0.118, 0.141)), times={"time": outcomes.Times((64_000, 61_000), (190_000, None))})
    text = shown(office, results.findings(record, counted, figures.START + 17 * figures.DAY, figures.Site))[1]
    assert "Half within Nine of ten within Completed control 1m 4s 3m 10s 11.6% Without coupon 1m 1s –" in text


# -- told through the pipeline

def test_a_story_reaches_the_page_the_api_and_the_packet(lab):
    browser = lab.as_("viewer")
    answer = browser.get("/sites/shop/experiments/running", headers={"Accept-Language": "en"})
    assert answer.status_code == 200 and "Guest checkout first" in answer.text and "Began the checkout" in answer.text
    asked = browser.get("/api/sites/shop/experiments/running/result").json
    assert asked["result"]["visitors"] == sum(asked["raw"]["visitors"]) == 420
    assert asked["result"]["reasons"][0]["sentence"] and asked["form"]["name"] == "checkout"
    assert [field["name"] for field in asked["form"]["fields"]] == ["email", "phone", "card"]
    sheet = browser.get("/api/sites/shop/experiments/running/result?format=csv").text
    assert '"bought","primary","control"' in sheet
    packed = browser.get("/sites/shop/experiments/running/packet").text
    found = packet.verify(packed)
    assert found.agrees and found.verdict == asked["result"]["verdict"]


def test_the_funnel_and_the_form_are_those_that_were_told(lab):
    record = register.by_key(lab.store, lab.shop, "running")
    found = results.result(lab.store, lab.shop, record, lab.now)
    steps = dict(found.funnel.steps)
    visitors = found.case.visitors
    assert [share.visitors for share in steps["begin_checkout"]] == list(visitors)
    assert [share.visitors for share in steps["purchase"]] == [each.conversions for each in found.case.primary.sums]
    email, phone, card = found.form.fields
    assert [share.visitors for share in email.reached] == list(visitors)
    assert phone.left[1].value < phone.left[0].value  # told so: 4 in 100 treated give up at the telephone, 12 of the others
    assert [a.visitors + b.visitors for a, b in zip(phone.left, card.reached, strict=True)] == [share.visitors for share in phone.reached]


@pytest.mark.parametrize("more", [
    {"plan": {"visitors": 1000}}, {"plan": {"until": "2127-03-01", "looks": "fixed"}}, {"plan": {"visitors": 1000, "until": "2127-03-01", "looks": "scheduled"}},
    {"plan": {"visitors": 1000}, "primary": {"kind": "order_value"}, "secondary": [{"key": "t", "kind": "time", "event": "purchase"}]},
    {"plan": {"visitors": 1000}, "primary": {"kind": "form_errors", "form": "checkout"}, "secondary": []}])
def test_before_anybody_came_every_kind_of_test_has_its_page(office, more):
    register.add(office.store, office.shop, example.made(**more), "dana@shop.example")
    register.start(office.store, office.shop, "short-checkout", "dana@shop.example", unchecked=True)
    browser = office.as_("viewer")
    for part in ("", "/packet"):
        answer = browser.get(f"/sites/shop/experiments/short-checkout{part}", headers={"Accept-Language": "en"})
        assert answer.status_code == 200 and "Too early to say anything." in answer.text
    assert browser.get("/api/sites/shop/experiments/short-checkout/result").json["result"]["verdict"] == "collecting"


def test_a_draft_has_no_result(lab):
    register.add(lab.store, lab.shop, example.made(key="not-yet"), "dana@shop.example")
    browser = lab.as_("owner")
    assert browser.get("/api/sites/shop/experiments/not-yet/result").status_code == 404
    assert browser.get("/sites/shop/experiments/not-yet").location.endswith("/experiments/not-yet/plan")


def test_the_judge_is_asked_once_and_says_the_same_everywhere(lab):
    record = register.by_key(lab.store, lab.shop, "running")
    found = results.result(lab.store, lab.shop, record, lab.now)
    assert judge(found.case) == found.result == results.brief(lab.store, lab.shop, record, lab.now).result
    table = result_render.to_table(found, lab.shop)
    assert table.startswith(f"running: {found.result.verdict}") and "bought" in table


def test_a_very_small_p_is_said_without_an_equals_sign_in_texts_and_in_escaped_ones(office):
    names = sentences.Names(definition.read(example.made()))
    with office.app.test_request_context("/?lang=en"):
        said = sentences.reason(Reason("srm", {"p": 1e-9}), names)
    assert "p \u2066&lt; 0.0001" in said and "=" not in said
