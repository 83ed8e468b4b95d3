"""What is kept of a user agent, and who is a robot."""

import time

import pytest

from collector.device import cut, parse

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@pytest.mark.parametrize("agent, browser, version, system, device", [
    (CHROME.format("Windows NT 10.0; Win64; x64"), "Chrome", "131", "Windows", "desktop"),
    (CHROME.format("X11; Linux x86_64"), "Chrome", "131", "Linux", "desktop"),
    (CHROME.format("X11; CrOS x86_64 14541.0.0"), "Chrome", "131", "Chrome OS", "desktop"),
    (CHROME.format("Windows NT 10.0; Win64; x64") + " Edg/131.0.0.0", "Edge", "131", "Windows", "desktop"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
     "Safari", "18", "macOS", "desktop"),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox", "132", "Linux", "desktop"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
     "Mobile/15E148 Safari/604.1", "Safari", "17", "iOS", "mobile"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 "
     "Mobile/15E148 Safari/604.1", "Chrome", "131", "iOS", "mobile"),
    ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 "
     "Safari/604.1", "Safari", "17", "iOS", "tablet"),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
     "Chrome", "120", "Android", "mobile"),
    ("Mozilla/5.0 (Linux; Android 13; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
     "Chrome", "120", "Android", "tablet"),
    ("Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 "
     "Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung Internet", "25", "Android", "mobile"),
    ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/4.0 "
     "Chrome/76.0.3809.146 TV Safari/537.36", "Samsung Internet", "4", "Tizen", "tv"),
    ("Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
     None, None, None, "console"),
    ("", "", "", "", ""),
])
def test_people_come_with(agent, browser, version, system, device):
    found = parse(agent)
    assert found.bot == ""
    assert found.device == device
    if browser is not None:
        assert (found.browser, found.version, found.os) == (browser, version, system)


@pytest.mark.parametrize("agent, kind", [
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "search"),
    ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "search"),
    ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "ai"),
    ("Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "ai"),
    ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "preview"),
    ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "seo"),
    ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "monitor"),
    ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36", "headless"),
    ("SomeCrawler/1.0", "other"),
])
def test_robots_come_with(agent, kind):
    assert parse(agent).bot == kind


@pytest.mark.parametrize("agent", ["curl/8.9.1", "python-requests/2.32.3", "okhttp/4.12.0", "Go-http-client/2.0", "node",
                                   "axios/1.7.7", "GuzzleHttp/7", "netiv-python/1.0"])
def test_a_server_that_sends_is_no_robot(agent):
    found = parse(agent)
    assert (found.device, found.bot) == ("server", "")


@pytest.mark.parametrize("agent", ["Mozilla/5.0 " + "(" * 5000, "a/" * 4000, ("Android " * 60 + "Build/ ") * 20, "\x00\xff" * 900,
                                   "Mozilla/5.0 (Linux; Android 1; " + " " * 4000 + ")", "1" * 5000 + "bot"])
def test_a_hostile_agent_costs_little(agent):
    parse(cut("Mozilla/5.0 warm"))
    started = time.process_time()
    for number in range(10):
        parse(cut(f"{number}{agent}"))
    assert (time.process_time() - started) / 10 < 0.02
