"""Campaign links: to the site's own pages only, spelled in the one way that reports count together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import campaigns, presets, sites, source
from collector.campaigns import BadLink
from collector.wildcard import fits

GOOD = {"address": "/sale", "source": "instagram", "medium": "social", "campaign": "summer_sale"}


@pytest.mark.parametrize("typed, address", [
    ("/sale", "https://shop.example/sale"), ("shop.example", "https://shop.example"), ("https://www.shop.example/a?b=1#c", "https://www.shop.example/a?b=1#c"),
    ("http://shop.example/", "http://shop.example/"), ("https://help.shop.example/faq", "https://help.shop.example/faq")])
def test_pages_of_the_site(typed, address):
    assert campaigns.good_address(typed, "shop.example") == address


@pytest.mark.parametrize("typed", ["", "https://other.example/", "https://shop.example.evil.example/", "evilshop.example", "ftp://shop.example/", "javascript:alert(1)", "/a b",
                                   "/sale?utm_source=x", "/reset?mail=dana@example.com", "/" + "x" * 1600, "https://[", "//other.example/", "https://other.example\\.shop.example/", "https://other.example@www.shop.example/"])
def test_no_other_address(typed):
    with pytest.raises(BadLink) as error:
        campaigns.good_address(typed, "shop.example")
    assert error.value.field == "address"


@pytest.mark.parametrize("name, typed, says", [
    ("source", "", "is empty"), ("source", "Instagram", "instagram"), ("campaign", "Summer Sale", "summer_sale"), ("source", "fb", "write facebook"),
    ("source", "instagramm", "nearly instagram"), ("medium", "emial", "nearly email"), ("campaign", "dana@example.com", "names a person"),
    ("content", "a&b=c", "a_b_c"), ("campaign", "x" * 81, "longer than 80"), ("medium", "!!!", "every spelling")])
def test_a_word_that_would_be_counted_apart_is_refused_with_the_right_one(name, typed, says):
    with pytest.raises(BadLink) as error:
        campaigns.good_word(name, typed)
    assert error.value.field == name and says in error.value.message


@pytest.mark.parametrize("name, typed", [("source", "my-blog.example"), ("medium", "cpc"), ("medium", "paid_search"), ("medium", "qr"), ("campaign", "מבצע_קיץ"), ("term", ""), ("content", "v2")])
def test_other_words_are_taken(name, typed):
    assert campaigns.good_word(name, typed) == typed


def test_everything_wrong_is_said_at_once(site):
    with pytest.raises(BadLink) as error:
        campaigns.checked({"address": "https://other.example", "source": "Face Book", "medium": ""}, site)
    assert [each.field for each in error.value.errors] == ["address", "source", "medium", "campaign"]


@given(st.fixed_dictionaries({name: st.text(st.characters(whitelist_categories=("Ll", "Nd")), min_size=1, max_size=12) for name in campaigns.NEEDED}))
def test_what_is_published_is_what_reports_count(words):
    typed = {name: campaigns.spelled(text) for name, text in words.items()}
    try:
        good = {name: campaigns.good_word(name, text) for name, text in typed.items()}
    except BadLink:
        return
    found = source.of(campaigns.tagged("https://shop.example/?a=1", good | {"content": "", "term": ""}), "")
    assert (found.source, found.medium, found.campaign) == (good["source"], good["medium"], good["campaign"])


def test_a_link_is_kept_once_and_taken_out(store, site):
    other = sites.add(store, "Drums", "drums.example", key="drums")
    link = campaigns.add(store, site, GOOD, "dana")
    assert link.url == "https://shop.example/sale?utm_source=instagram&utm_medium=social&utm_campaign=summer_sale" and link.channel == "Organic Social"
    with pytest.raises(BadLink, match="already"):
        campaigns.add(store, site, GOOD, "dana")
    assert campaigns.remove(store, other, link.id) is None and campaigns.all_of(store, site) == [link]
    assert campaigns.remove(store, site, link.id) == link and campaigns.all_of(store, site) == []


@pytest.mark.parametrize("medium", campaigns.MEDIA)
def test_a_visit_by_any_link_of_the_site_enters_a_stage_of_its_journey(store, site, medium):
    link = campaigns.add(store, site, GOOD | {"source": "flyer", "medium": medium}, "dana")
    for preset in presets.STAGES:
        rules = [rule for stage in presets.preset(preset).stages for touchpoint in stage.touchpoints for rule in touchpoint.rules]
        assert len([rule for rule in rules if rule.kind == "channel" and fits(rule.value)(link.channel)]) == 1, link.channel
