"""Where a session came from: source, medium, campaign, content, term, channel and referrer. Pure.

Read from the first page's address and referrer: utm_* parameters first, then an
advertiser's click id, then the referrer; nothing of these is "direct". Channels
are GA4's default channel grouping with "AI Assistants" beside it:
https://support.google.com/analytics/answer/9756891. Which host is a search
engine, a social network or a shop is told by collector/data/sources.csv.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from collector import mask

DATA = Path(__file__).parent / "data"
LONGEST = 100  # characters kept of a parameter

SEARCH_MEDIA = ("organic",)
PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
DISPLAY = frozenset(("display", "banner", "expandable", "interstitial", "cpm", "native"))
SOCIAL = frozenset(("social", "social-network", "social-media", "sm", "social network", "social media"))
REFERRAL = frozenset(("referral", "app", "link"))
EMAIL = re.compile(r"^(e[-_ ]?mail|newsletter)$")
SHOPPING_CAMPAIGN = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
MEDIUM_OF_KIND = {"search": "organic", "social": "social", "video": "video", "email": "email",
                  "shopping": "referral", "ai": "referral", "maps": "referral"}
ALIASES = {"fb": "facebook", "ig": "instagram", "twitter": "x", "adwords": "google", "googleads": "google",
           "openai": "chatgpt"}


class Source(NamedTuple):
    """Texts as they stand in reports; '' is none."""

    source: str
    medium: str
    campaign: str
    content: str
    term: str
    channel: str
    referrer: str  # host


class Known(NamedTuple):
    name: str
    kind: str


def of(url, referrer, own=lambda host: False):
    """The Source of a session whose first page has this address and referrer.

    `own` says whether a host is the site's own: a referrer from there is none.

    >>> of("https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=May", "").channel
    'Email'
    >>> of("https://shop.example/", "https://www.google.co.il/")[:2]
    ('google', 'organic')
    """
    parameters = _parameters(url)
    host = referrer_host(referrer)
    if host and own(host):
        host = ""
    known = lookup(host) if host else None
    click = next((CLICKS[name] for name in CLICKS if parameters.get(name)), None)
    tagged = parameters.get("utm_source") or parameters.get("source_platform") or ""
    medium = parameters.get("utm_medium", "").lower()
    if tagged:
        source = ALIASES.get(tagged.lower(), tagged.lower())
        medium = medium or "(not set)"
    elif click:
        source, medium = click[0], medium or _medium_of_click(click, known)
    elif known:
        source, medium = known.name, medium or MEDIUM_OF_KIND[known.kind]
    elif host:
        source, medium = host, medium or "referral"
    else:
        source, medium = "(direct)", medium or "(none)"
    campaign = parameters.get("utm_campaign", "")
    return Source(source, medium, campaign, parameters.get("utm_content", ""), parameters.get("utm_term", ""),
                  channel(source, medium, campaign), host)


def channel(source, medium, campaign):
    """GA4's default channel group of a session, the first rule that holds.

    >>> channel("google", "cpc", "Spring"), channel("chatgpt", "referral", ""), channel("(direct)", "(none)", "")
    ('Paid Search', 'AI Assistants', 'Direct')
    """
    kind = _kind_of_name(source)
    paid = PAID.match(medium) is not None
    campaign = campaign.lower()
    if source == "(direct)" and medium in ("(none)", "(not set)"):
        return "Direct"
    if "cross-network" in campaign:
        return "Cross-network"
    if medium == "affiliate" or medium == "affiliates":
        return "Affiliates"
    if kind == "ai":
        return "AI Assistants"
    if paid and medium != "cpm":
        if kind == "shopping" or SHOPPING_CAMPAIGN.match(campaign):
            return "Paid Shopping"
        return {"search": "Paid Search", "social": "Paid Social", "video": "Paid Video"}.get(
            kind, "Paid Social" if "social" in medium else "Paid Search" if "search" in medium else "Paid Other")
    if medium in DISPLAY:
        return "Display"
    if kind == "shopping" or medium == "organic-shopping" or SHOPPING_CAMPAIGN.match(campaign):
        return "Organic Shopping"
    if kind == "social" or medium in SOCIAL:
        return "Organic Social"
    if kind == "video" or "video" in medium:
        return "Organic Video"
    if kind == "search" and medium not in REFERRAL and not EMAIL.match(medium) or medium == "organic":
        return "Organic Search"
    if kind == "email" or EMAIL.match(medium) or EMAIL.match(source):
        return "Email"
    if medium in REFERRAL:
        return "Referral"
    if medium == "audio":
        return "Audio"
    if source == "sms" or medium == "sms":
        return "SMS"
    if medium.endswith("push") or "mobile" in medium or "notification" in medium or source == "firebase":
        return "Mobile Push Notifications"
    return "Unassigned"


def lookup(host):
    """What is known of a referring host: Known(name, kind) or None.

    >>> lookup("www.google.co.il"), lookup("gemini.google.com").kind, lookup("blog.example") is None
    (Known(name='google', kind='search'), 'ai', True)
    """
    labels = host.split(".")
    for start in range(len(labels)):
        rest = labels[start:]
        found = HOSTS.get(".".join(rest)) or _any_suffix(rest)
        if found:
            return found
    return None


def referrer_host(referrer):
    """The host of a referrer without www; an app's name for android-app://. '' when there is none.

    >>> referrer_host("https://WWW.Example.com:443/a?b"), referrer_host("android-app://com.google.android.gm/")
    ('example.com', 'android-app://com.google.android.gm')
    """
    try:
        parts = urlsplit(referrer)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme == "android-app":
        host = f"android-app://{host}"
    elif parts.scheme not in ("http", "https"):
        return ""
    return mask.visible(host)[:LONGEST]


def _any_suffix(labels):
    """google.* for google.com and google.co.il, and shopping.google.* before it."""
    for suffix in (1, 2):
        if len(labels) > suffix and (suffix == 1 or len(labels[-1]) == 2 and len(labels[-2]) <= 3):
            found = HOSTS.get(".".join(labels[:-suffix]) + ".*")
            if found:
                return found
    return None


def _kind_of_name(source):
    """The kind of a source named by utm_source: a known name, or a known host."""
    return NAMES.get(source) or (found.kind if "." in source and (found := lookup(source)) else "")


def _medium_of_click(click, known):
    # A plain fbclid is put on every link Facebook shows, paid or not.
    return click[1] if not known or click[1] != "social" else MEDIUM_OF_KIND[known.kind]


def _parameters(url):
    try:
        query = urlsplit(url).query
    except ValueError:
        return {}
    found = {}
    for name, value in parse_qsl(query, errors="replace", max_num_fields=None):
        if name not in found and (name.startswith("utm_") or name in CLICKS):
            found[name] = mask.scrub(value.strip())[:LONGEST]
    return found


def _table(name):
    with open(DATA / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


HOSTS = {row["host"]: Known(row["name"], row["kind"]) for row in _table("sources.csv")}
NAMES = {known.name: known.kind for known in HOSTS.values()}
CLICKS = {row["parameter"]: (row["name"], row["medium"]) for row in _table("clicks.csv")}
