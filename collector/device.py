"""Browser, system and kind of device from a user agent, and whether a robot sent it. Pure.

Only family and major version are kept; the text itself is never stored. Parsing
is Rust's (ua-parser-rs): a hostile text of 512 characters takes under 1 ms. Of
ua-parser's patterns those for device models are left out; they are more than
half of its memory, and which model it was is not kept.
"""

import functools
import re
import threading
from operator import attrgetter
from typing import NamedTuple

import ua_parser_rs
from is_bot import Bots
from ua_parser import load_lazy_builtins

LONGEST = 512

BROWSERS = {"Chrome Mobile": "Chrome", "Chrome Mobile iOS": "Chrome", "Chrome Mobile WebView": "Android WebView",
            "Mobile Safari": "Safari", "Mobile Safari UI/WKWebView": "Safari in app",
            "Firefox Mobile": "Firefox", "Firefox iOS": "Firefox", "Firefox Focus": "Firefox",
            "Edge Mobile": "Edge", "Opera Mobile": "Opera", "Opera Mini": "Opera", "Opera Touch": "Opera",
            "IE Mobile": "IE", "DuckDuckGo Mobile": "DuckDuckGo", "Brave Mobile": "Brave", "Other": ""}
SYSTEMS = {"Mac OS X": "macOS", "Ubuntu": "Linux", "Debian": "Linux", "Fedora": "Linux", "Other": ""}

# Libraries that servers send with: someone wrote the request on purpose.
SERVER = re.compile(r"^(netiv|curl|python-|python/|aiohttp|okhttp|go-http-client|node|undici|axios|got |guzzle|php|"
                    r"ruby|faraday|rest-client|java/|apache-httpclient|dart|reqwest|dotnet|symfony|wordpress)", re.I)
TV = re.compile(r"smart-?tv|hbbtv|appletv|apple tv|googletv|crkey|bravia|roku|web0s|netcast|viera|aft[a-z]\b|tizen.*\btv\b",
                re.I)
TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|\bnexus (7|9|10)\b", re.I)
CONSOLE = re.compile(r"playstation|xbox|nintendo", re.I)
MOBILE = re.compile(r"iphone|ipod|mobile|windows phone|blackberry|opera mini|\bmobi\b", re.I)

KINDS = (("ai", re.compile(r"gptbot|oai-search|chatgpt|claude|anthropic|perplexity|ccbot|bytespider|google-extended|"
                           r"cohere|amazonbot|meta-external|mistral|diffbot", re.I)),
         ("search", re.compile(r"google|bing|yandex|baidu|duckduck|yahoo|slurp|applebot|seznam|petal|sogou|qwant|naver", re.I)),
         ("preview", re.compile(r"facebook|twitter|whatsapp|telegram|slack|discord|linkedin|pinterest|skype|embedly", re.I)),
         ("monitor", re.compile(r"uptime|pingdom|statuscake|monitor|site24|newrelic|datadog|lighthouse|ptst|gtmetrix|"
                                r"health", re.I)),
         ("seo", re.compile(r"ahrefs|semrush|mj12|dotbot|screaming|serpstat|moz\.com|sistrix|seo", re.I)),
         ("headless", re.compile(r"headless|phantom|selenium|puppeteer|playwright|electron", re.I)))

_parts = attrgetter("regex", "family", "major", "minor", "patch", "patch_minor")
_browsers, _systems = (extractor(map(_parts, patterns)) for extractor, patterns in zip(
    (ua_parser_rs.UserAgentExtractor, ua_parser_rs.OSExtractor), load_lazy_builtins()))
_bots = Bots()
_one_at_a_time = threading.Lock()  # the Rust patterns keep a scratch memory for each thread that uses them at once


class Device(NamedTuple):
    browser: str
    version: str  # major
    os: str
    device: str  # desktop, mobile, tablet, tv, console, server or ''
    bot: str  # search, ai, preview, monitor, seo, headless, other, or '' for people


@functools.lru_cache(maxsize=4096)
def parse(agent):
    """The Device of a user agent already cut by `cut`.

    >>> parse("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    ...       "(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36")
    Device(browser='Chrome', version='131', os='Windows', device='desktop', bot='')
    >>> parse("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").bot
    'search'
    """
    if not agent:
        return Device("", "", "", "", "")
    if SERVER.search(agent):
        return Device("", "", "", "server", "")
    with _one_at_a_time:
        browser, system = _browsers.extract(agent), _systems.extract(agent)
        robot = _bots.is_bot(agent)
    return Device(BROWSERS.get(browser.family, browser.family) if browser else "",
                  (browser.major or "") if browser else "",
                  SYSTEMS.get(system.family, system.family) if system else "",
                  _kind_of_device(agent, system.family if system else ""),
                  _kind_of_bot(agent) if robot else "")


def cut(agent):
    """As much of a user agent as is looked at.

    >>> len(cut("x" * 4000))
    512
    """
    return agent[:LONGEST]


def _kind_of_device(agent, system):
    if TV.search(agent):
        return "tv"
    if CONSOLE.search(agent):
        return "console"
    if TABLET.search(agent) or (system == "Android" and "mobile" not in agent.lower()):
        return "tablet"
    return "mobile" if MOBILE.search(agent) else ("desktop" if system else "")


def _kind_of_bot(agent):
    return next((kind for kind, pattern in KINDS if pattern.search(agent)), "other")
