"""Definitions: read strictly, everything wrong said at once, given back as they were."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import changes, definition
from experiments.definition import BadExperiment, as_dict, check_change, differences, read, restore
from tests.experiments.example import made, with_change, with_weights


def wrong(mapping, **options):
    """{field: sentence} of all that is wrong."""
    with pytest.raises(BadExperiment) as caught:
        read(mapping, "shop.example", **options)
    return {error.field: error.message for error in caught.value.errors}


def test_a_definition_is_given_back_as_it_was():
    experiment = read(made(), "shop.example")
    assert read(as_dict(experiment)) == restore(json.loads(json.dumps(as_dict(experiment)))) == experiment


def test_what_is_left_out_has_its_usual_value():
    experiment = read(made())
    revenue = experiment.secondary[0]
    assert (revenue.key, revenue.event, revenue.direction, revenue.window_hours, revenue.cap) == ("revenue", "purchase", "up", 72, 0.999)
    assert (experiment.guardrails[0].direction, experiment.audience.country, experiment.plan.looks) == ("down", ("IL",), "hybrid")
    assert (experiment.share, experiment.variants[0].name, experiment.needs_consent) == (1.0, "control", False)


def test_all_that_is_wrong_is_said_at_once():
    mapping = with_weights(0.5, 0.6) | {"share": 2, "primary": {"kind": "luck"}, "colour": "green"}
    assert wrong(mapping) == {
        "variants": "have weights that add up to 1.1; they must add up to 1",
        "share": "must be a number from 0.001 to 1",
        "primary.kind": "luck is unknown; write one of conversion, abandonment, revenue, order_value, time, form_errors, count",
        "colour": "is unknown; there are: audience, group, guardrails, hypothesis, key, name, needs_consent, notes, owner, plan, "
                  "primary, secondary, share, variants, where"}


@pytest.mark.parametrize("mapping, field, words", [
    (made(key="Short Checkout"), "key", "small letters"),
    (made(key="new"), "key", "cannot be a key"),
    (made(key=""), "key", "is missing"),
    (made(name=5), "name", "is not a text"),
    (made(hypothesis="x" * 2001), "hypothesis", "longer than 2000"),
    (made(owner="D\0na"), "owner", "character"),
    (made(owner="\ud83d"), "owner", "character"),
    (made(variants=[]), "variants", "list of 2 to 20"),
    (made(variants=[{"key": "a", "weight": 1}]), "variants", "list of 2 to 20"),
    (made(variants=[{"key": "a", "weight": 0.5}, {"key": "a", "weight": 0.5}]), "variants[1].key", "used twice"),
    (made(variants=[{"key": "a", "weight": 0.5}, {"key": "b"}]), "variants[1].weight", "a number from 0 to 1"),
    (made(variants=[{"key": "a", "weight": 0.5}, "b"]), "variants[1]", "not a table"),
    (made(variants=[{"key": "a", "weight": 0.5, "changes": [{"kind": "remove", "selector": "p"}]}, {"key": "b", "weight": 0.5}]),
     "variants[0].changes", "the control"),
    (with_weights(0.5, 0.4), "variants", "add up to 0.9"),
    (with_weights(float("nan"), 0.5), "variants[0].weight", "a number from 0 to 1"),
    (with_weights(True, 0), "variants[0].weight", "a number from 0 to 1"),
    (made(where={"paths": ["checkout"]}), "where.paths[0]", "a slash"),
    (made(where={"paths": "/checkout"}), "where.paths", "not a list"),
    (made(audience={"device": ["phone"]}), "audience.device[0]", "phone is unknown; write one of desktop, mobile"),
    (made(audience={"country": ["Israel"]}), "audience.country[0]", "two letters"),
    (made(audience={"parameter": "news"}), "audience.parameter", "name=value"),
    (made(audience={"visitors": "old"}), "audience.visitors", "all, new, returning"),
    (made(primary={"kind": "conversion"}), "primary.event", "one of event, page, form"),
    (made(primary={"kind": "conversion", "event": "a", "page": "/b"}), "primary.event", "only one"),
    (made(primary={"key": "money", "kind": "revenue", "form": "checkout"}), "primary.form", "one of event"),
    (made(primary={"kind": "conversion", "page": "thanks"}), "primary.page", "a slash"),
    (made(primary={"kind": "count", "event": "x", "window_hours": 0}), "primary.window_hours", "whole number from 1"),
    (made(primary={"kind": "count", "event": "x", "margin": 0.1}), "primary.margin", "guardrails only"),
    (made(secondary=[{"kind": "revenue"}, {"kind": "revenue"}]), "secondary[1].key", "used twice"),
    (made(secondary=[{"key": "bought", "kind": "count", "event": "x"}]), "secondary[0].key", "used twice"),
    (made(guardrails=[{"key": "money", "kind": "revenue"}]), "guardrails[0].margin", "a number from 0"),
    (made(guardrails=[{"key": "money", "kind": "revenue", "margin": 0}]), "guardrails[0].margin", "more than 0"),
    (made(plan={"visitors": 12.5}), "plan.visitors", "whole number"),
    (made(plan={"until": "soon"}), "plan.until", "no date"),
    (made(plan={"alpha": 0}), "plan.alpha", "a number from 0.001"),
    (made(plan={"look": "fixed"}), "plan.look", "is unknown; there are: visitors, until, looks"),
])
def test_a_wrong_field_is_named_and_what_would_be_right(mapping, field, words):
    found = wrong(mapping)
    assert list(found) == [field] and words in found[field]


def test_an_end_before_the_start_is_refused():
    found = wrong(made(plan={"until": "2026-05-01"}), begins=date(2026, 5, 1))
    assert found == {"plan.until": "is 2026-05-01, not after 2026-05-01, when it begins; write a later date"}


@pytest.mark.parametrize("mapping", [None, [], "text", 5, {}])
def test_what_is_no_definition_is_refused_in_words(mapping):
    assert wrong(mapping)


json_values = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
                           lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(made())), json_values, max_size=6))
def test_whatever_stands_in_a_field_is_read_or_refused(changed):
    try:
        experiment = read(made(**changed), "shop.example")
    except BadExperiment as error:
        assert error.errors and all(each.message for each in error.errors)
    else:
        assert read(as_dict(experiment), "shop.example") == experiment


# -- what a variant may do to a page

@pytest.mark.parametrize("html, what", [
    ("<script>steal()</script>", "<script>"), ('<img src="x" onerror="steal()">', 'onerror="steal()"'),
    ('<a href="javascript:steal()">x</a>', "javascript:"), ('<a href=" java\tscript:steal()">x</a>', "script:"),
    ("<iframe src='//evil.example'></iframe>", "<iframe>"), ("<svg onload=steal()>", "<svg>"),
    ("<form action='//evil.example'><input name=card></form>", "<form>"), ("<object data=x>", "<object>"),
    ("<meta http-equiv=refresh content='0;url=//evil.example'>", "<meta>"), ("<base href=//evil.example>", "<base>"),
    ("<style>*{display:none}</style>", "<style>"), ('<p style="color:red">x</p>', "style="), ("<link rel=stylesheet href=x>", "<link>"),
    ("<img src='data:text/html,x'>", "data:"), ('<button formaction="javascript:steal()">x</button>', "formaction"),
    ("<math><mtext><img src=x onerror=steal()></mtext></math>", "<math>"), ("<ScRiPt >steal()</sCrIpT>", "<script>"),
])
def test_html_that_scripts_is_refused_by_name(html, what):
    found = wrong(with_change(kind="html", selector="p", value=html))
    assert list(found) == ["variants[1].changes[0].value"] and what in found["variants[1].changes[0].value"]


@pytest.mark.parametrize("html", [
    "", "Free <b>delivery</b>", "משלוח &amp; החזרה <em>חינם</em>", '<a href="/checkout?a=1&b=2" class="x" data-step="2">next</a>',
    '<label for="phone">Phone</label><input id="phone" type="tel" name="phone" autocomplete="tel" required>', "1 < 2 & 3",
    '<button type="submit" aria-label="שליחה">→</button>', '<select name=city><option value=1 selected>תל אביב</option></select>'])
def test_html_that_only_shows_is_taken(html):
    assert read(with_change(kind="html", selector="p", value=html)).variants[1].changes[0].value == html


@pytest.mark.parametrize("change, field", [
    ({"kind": "text", "value": "x"}, "selector"), ({"kind": "paint", "selector": "p"}, "kind"),
    ({"kind": "text", "selector": "p{}*", "value": "x"}, "selector"),
    ({"kind": "attribute", "selector": "p", "name": "onclick", "value": "steal()"}, "name"),
    ({"kind": "attribute", "selector": "p", "name": "ONCLICK", "value": "steal()"}, "name"),
    ({"kind": "attribute", "selector": "p", "name": "srcdoc", "value": "<script>"}, "name"),
    ({"kind": "attribute", "selector": "a", "name": "href", "value": "javascript:steal()"}, "value"),
    ({"kind": "attribute", "selector": "a", "name": "href", "value": " \tJava\nScript:steal()"}, "value"),
    ({"kind": "attribute", "selector": "a", "name": "href", "value": "data:text/html,x"}, "value"),
    ({"kind": "attribute", "selector": "p", "value": "x"}, "name"),
    ({"kind": "style", "selector": "p", "name": "color", "value": "red} *{display:none"}, "value"),
    ({"kind": "style", "selector": "p", "name": "background", "value": "url(https://evil.example/?x)"}, "value"),
    ({"kind": "style", "selector": "p", "name": "color:red;x", "value": "1"}, "name"),
    ({"kind": "order", "selector": "p", "name": "beside"}, "name"), ({"kind": "order", "selector": "p", "name": "before"}, "value"),
    ({"kind": "redirect", "value": "https://evil.example/checkout"}, "value"),
    ({"kind": "redirect", "value": "//evil.example/"}, "value"), ({"kind": "redirect", "value": "/\\evil.example"}, "value"),
    ({"kind": "redirect", "value": "https://shop.example@evil.example/"}, "value"),
    ({"kind": "redirect", "value": "https://shop.example.evil.example/"}, "value"),
    ({"kind": "redirect", "value": "javascript:steal()"}, "value"), ({"kind": "redirect", "value": "/\t/evil.example"}, "value"),
    ({"kind": "redirect", "value": "http://[::1"}, "value"), ({"kind": "redirect", "value": ""}, "value"),
])
def test_a_change_that_would_do_harm_is_refused_at_its_field(change, field):
    assert list(wrong(with_change(**change))) == [f"variants[1].changes[0].{field}"]


@pytest.mark.parametrize("address", ["/checkout-b", "/checkout?step=2#pay", "https://shop.example/b", "http://www.shop.example/b"])
def test_a_redirect_within_the_site_is_taken(address):
    assert read(with_change(kind="redirect", value=address), "shop.example")


def test_a_redirect_stands_alone():
    mapping = with_change(kind="redirect", value="/b")
    mapping["variants"][1]["changes"].append({"kind": "remove", "selector": "p"})
    assert list(wrong(mapping)) == ["variants[1].changes"]


def test_the_sanitiser_leaves_nothing_that_runs():
    assert changes.sanitised("<p onclick=x>a<script>b</script></p>") == "<p>a</p>"


# -- what may change when

@pytest.mark.parametrize("state", definition.STATES)
def test_names_and_notes_may_always_change(state):
    check_change(state, read(made()), read(made(name="Other", owner="Vera", notes="Seen on Monday")))


@pytest.mark.parametrize("mapping, field", [
    (made(hypothesis="Other"), "hypothesis"), (made(primary={"key": "bought", "kind": "conversion", "event": "signup"}), "primary.event"),
    (made(plan={"visitors": 30000, "until": "2027-03-01"}), "plan.visitors"), (made(where={"paths": ["/*"]}), "where.paths[0]"),
    (made(group="checkout"), "group"), (made(needs_consent=True), "needs_consent"), (made(secondary=[{"kind": "revenue"}]), "secondary[1].key"),
    (with_change(kind="remove", selector="#other"), "variants[1].changes[0].selector"), (made(key="other"), "key")])
def test_what_a_running_test_was_begun_with_stands(mapping, field):
    with pytest.raises(BadExperiment) as caught:
        check_change("running", read(made()), read(mapping))
    assert field in [error.field for error in caught.value.errors]


def test_weights_share_and_further_secondary_metrics_of_a_running_test_may_change():
    more = made()["secondary"] + [{"key": "calls", "kind": "count", "event": "call"}]
    check_change("running", read(made()), read(with_weights(0.2, 0.8) | {"share": 0.5, "secondary": more}))
    with pytest.raises(BadExperiment):
        check_change("stopped", read(made()), read(with_weights(0.2, 0.8)))


def test_the_key_never_changes():
    with pytest.raises(BadExperiment):
        check_change("draft", read(made()), read(made(key="other")))


def test_differences_name_every_field_with_before_and_after():
    found = differences(read(made()), read(with_weights(0.2, 0.8) | {"owner": ""}))
    assert found == {"owner": ("Dana", None), "variants[0].weight": (0.5, 0.2), "variants[1].weight": (0.5, 0.8)}
    assert differences(None, read(made()))["key"] == (None, "short-checkout")


def test_the_sum_of_weights_is_said_beside_what_else_is_wrong_with_the_variants():
    variants = [{"key": "a", "weight": 0.5}, {"key": "B!", "weight": 0.4}]
    with pytest.raises(definition.BadExperiment) as wrong:
        definition.read(made(variants=variants))
    assert [error.field for error in wrong.value.errors] == ["variants[1].key", "variants"]
