"""Where sessions come from. The channels expected are those of GA4's published table of default channel groups,
https://support.google.com/analytics/answer/9756891, and our own "AI Assistants"."""

import pytest

from collector import source

SHOP = "https://shop.example/"


def of(query="", referrer=""):
    return source.of(f"{SHOP}?{query}", referrer, lambda host: host == "shop.example")


@pytest.mark.parametrize("referrer, expected", [
    ("", ("(direct)", "(none)", "Direct")),
    ("https://www.google.com/", ("google", "organic", "Organic Search")),
    ("https://www.google.co.il/search?q=x", ("google", "organic", "Organic Search")),
    ("android-app://com.google.android.googlequicksearchbox/", ("google", "organic", "Organic Search")),
    ("https://www.bing.com/", ("bing", "organic", "Organic Search")),
    ("https://duckduckgo.com/", ("duckduckgo", "organic", "Organic Search")),
    ("https://l.facebook.com/l.php?u=x", ("facebook", "social", "Organic Social")),
    ("https://t.co/abc", ("x", "social", "Organic Social")),
    ("https://www.youtube.com/watch", ("youtube", "video", "Organic Video")),
    ("https://www.zap.co.il/model.aspx", ("zap", "referral", "Organic Shopping")),
    ("https://chatgpt.com/", ("chatgpt", "referral", "AI Assistants")),
    ("https://gemini.google.com/app", ("gemini", "referral", "AI Assistants")),
    ("https://copilot.microsoft.com/", ("copilot", "referral", "AI Assistants")),
    ("https://claude.ai/chat", ("claude", "referral", "AI Assistants")),
    ("https://www.perplexity.ai/", ("perplexity", "referral", "AI Assistants")),
    ("https://mail.google.com/", ("gmail", "email", "Email")),
    ("https://blog.example/post", ("blog.example", "referral", "Referral")),
    ("https://notgoogle.com/", ("notgoogle.com", "referral", "Referral")),
    ("https://google.evil.example/", ("google.evil.example", "referral", "Referral")),
    ("https://www.shop.example/cart", ("(direct)", "(none)", "Direct")),
    ("javascript:alert(1)", ("(direct)", "(none)", "Direct")),
    ("https://[broken", ("(direct)", "(none)", "Direct")),
])
def test_a_referrer_says_source_medium_and_channel(referrer, expected):
    found = of(referrer=referrer)
    assert (found.source, found.medium, found.channel) == expected


@pytest.mark.parametrize("query, expected", [
    ("utm_source=News&utm_medium=Email", ("news", "email", "Email")),
    ("utm_source=google&utm_medium=cpc", ("google", "cpc", "Paid Search")),
    ("utm_source=facebook&utm_medium=paid_social", ("facebook", "paid_social", "Paid Social")),
    ("utm_source=fb&utm_medium=cpc", ("facebook", "cpc", "Paid Social")),
    ("utm_source=youtube&utm_medium=cpv", ("youtube", "cpv", "Paid Video")),
    ("utm_source=zap&utm_medium=cpc", ("zap", "cpc", "Paid Shopping")),
    ("utm_source=partner&utm_medium=cpc&utm_campaign=Spring-Shop", ("partner", "cpc", "Paid Shopping")),
    ("utm_source=partner&utm_medium=ppc", ("partner", "ppc", "Paid Other")),
    ("utm_source=partner&utm_medium=banner", ("partner", "banner", "Display")),
    ("utm_source=partner&utm_medium=cpm", ("partner", "cpm", "Display")),
    ("utm_source=partner&utm_medium=affiliate", ("partner", "affiliate", "Affiliates")),
    ("utm_source=whatsapp&utm_medium=social", ("whatsapp", "social", "Organic Social")),
    ("utm_source=partner&utm_medium=referral", ("partner", "referral", "Referral")),
    ("utm_source=radio&utm_medium=audio", ("radio", "audio", "Audio")),
    ("utm_source=sms&utm_medium=text", ("sms", "text", "SMS")),
    ("utm_source=app&utm_medium=push", ("app", "push", "Mobile Push Notifications")),
    ("utm_source=x&utm_medium=y&utm_campaign=cross-network", ("x", "y", "Cross-network")),
    ("utm_source=chatgpt.com", ("chatgpt.com", "(not set)", "AI Assistants")),
    ("utm_source=flyer&utm_medium=paper", ("flyer", "paper", "Unassigned")),
    ("gclid=abc", ("google", "cpc", "Paid Search")),
    ("msclkid=abc", ("bing", "cpc", "Paid Search")),
    ("fbclid=abc", ("facebook", "social", "Organic Social")),
    ("ttclid=abc", ("tiktok", "paid-social", "Paid Social")),
])
def test_tags_and_click_ids_say_source_medium_and_channel(query, expected):
    found = of(query)
    assert (found.source, found.medium, found.channel) == expected


def test_tags_go_before_click_ids_and_these_before_the_referrer():
    found = of("utm_source=news&utm_medium=email&gclid=x", "https://www.bing.com/")
    assert (found.source, found.medium, found.referrer) == ("news", "email", "bing.com")
    assert of("gclid=x", "https://www.bing.com/").source == "google"


def test_what_facebook_puts_on_every_link_leaves_instagram_its_own():
    assert of("fbclid=x", "https://l.instagram.com/")[:2] == ("facebook", "social")


def test_campaign_content_and_term_are_kept_as_written_without_personal_data():
    found = of("utm_source=a&utm_medium=b&utm_campaign=%D7%97%D7%92&utm_content=Dana%40mail.co.il&utm_term=Red+Guitar")
    assert (found.campaign, found.content, found.term) == ("חג", "[x]", "Red Guitar")


def test_only_the_presence_of_a_click_id_is_used():
    assert "secret" not in "".join(of("gclid=secret&fbclid=secret&mc_eid=secret"))


def test_every_row_of_the_table_is_found_again_by_its_host():
    for host, known in source.HOSTS.items():
        assert source.lookup(host.replace(".*", ".co.il")) == known, host
