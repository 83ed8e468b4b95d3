"""Links that lead to a page with the name of a campaign, spelled as reports will count it.

GA4 and Netiv take the parameters utm_source, utm_medium, utm_campaign, utm_content and utm_term; GA4 counts every spelling apart, so
only one is let in: small letters, digits, and _ - . + between them. What is nearly a name that is known is asked after.
"""

import difflib
import re
import time
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from collector import mask, source
from collector.fields import BadField, N_
from collector.known import LOCAL, home

WORDS = ("source", "medium", "campaign", "content", "term")
NEEDED = ("source", "medium", "campaign")
MEDIA = ("cpc", "paid_social", "display", "email", "social", "video", "referral", "affiliate", "organic", "sms", "push", "audio", "qr", "print")
LONGEST = 80  # characters of a word
LONGEST_ADDRESS = 1500
EXAMPLES = {"source": "instagram", "medium": "social", "campaign": "summer_sale"}


class BadLink(BadField):
    """A field of a link is wrong."""


@dataclass(frozen=True)
class Link:
    id: int
    at: int
    who: str
    address: str
    source: str
    medium: str
    campaign: str
    content: str
    term: str

    @property
    def url(self):
        """The address with the campaign's parameters: what is published."""
        return tagged(self.address, {name: getattr(self, name) for name in WORDS})

    @property
    def channel(self):
        return source.channel(self.source, self.medium, self.campaign)


def add(store, site, typed, who):
    """Adds the link that was typed, {field: text}, and gives it. Raises BadLink."""
    row = checked(typed, site)
    with store.facts as db:
        if next(db.query("select 1 from campaign_links where site_id = :site_id and address = :address and source = :source and "
                         "medium = :medium and campaign = :campaign and content = :content and term = :term",
                         row | {"site_id": site.id}), None):
            raise BadLink("address", N_("has a link with these words already"))
        number = db["campaign_links"].insert(row | {"site_id": site.id, "at": int(time.time() * 1000), "who": who}).last_pk
    return one(store, site, number)


def remove(store, site, number):
    """Takes a link out of the list; what it was printed on leads there all the same. Gives it, or None."""
    gone = one(store, site, number)
    with store.facts as db:
        db.execute("delete from campaign_links where id = ? and site_id = ?", [number, site.id])
    return gone


def all_of(store, site):
    """Every link of a site, latest first."""
    return [Link(*row) for row in store.ask("collector/campaign_links", site=site.id, number=None)]


def one(store, site, number):
    """A link by its number, or None."""
    return next((Link(*row) for row in store.ask("collector/campaign_links", site=site.id, number=number)), None)


def at_home(link, site, here):
    """The Link as it leads to a site of this machine without a port, as the demo's: to where Netiv is, `here`. Others as they are."""
    at = urlsplit(link.address)
    if site.domain not in LOCAL or at.netloc != site.domain:
        return link
    return replace(link, address=home(site, here) + urlunsplit(("", "", at.path, at.query, at.fragment)))


def checked(typed, site):
    """A link's fields as they are kept. Raises BadLink with everything that is wrong as its errors."""
    found, wrong = {}, []
    for name, check in (("address", lambda text: good_address(text, site.domain)), *((name, _word(name)) for name in WORDS)):
        try:
            found[name] = check(typed.get(name, "").strip())
        except BadLink as error:
            wrong.append(error)
    if wrong:
        wrong[0].errors = wrong
        raise wrong[0]
    return found


def good_address(text, domain):
    """The address of a page on the site's domain, whole. Raises BadLink.

    >>> good_address("/sale", "shop.example"), good_address("www.shop.example/a?size=4#b", "shop.example")
    ('https://shop.example/sale', 'https://www.shop.example/a?size=4#b')
    """
    if not text:
        raise BadLink("address", N_("is empty; write the page the link leads to, such as /sale"))
    local = domain.partition(":")[0] in LOCAL
    whole = f"{domain}{text}" if text.startswith("/") and not text.startswith("//") else text.removeprefix("//")
    whole = whole if "://" in whole else f"{'http' if local else 'https'}://{whole}"
    try:
        parts = urlsplit(whole)
        host = parts.netloc.lower().removeprefix("www.")
    except ValueError:
        parts, host = None, ""
    # browsers end the host at a backslash, and begin it after an @
    if not parts or parts.scheme not in ("http", "https") or re.search(r"\s", whole) or re.search(r"[\\@]", parts.netloc):
        raise BadLink("address", N_("is %(typed)s, which is no address; write one like https://%(domain)s/sale"), typed=text[:80], domain=domain)
    if host != domain and not host.endswith("." + domain):
        raise BadLink("address", N_("leads to %(host)s; write a page of %(domain)s, where the snippet is"), host=host[:80], domain=domain)
    tags = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if name.startswith("utm_")]
    if tags:
        raise BadLink("address", N_("has %(tag)s in it already; take it out, and write its word below"), tag=tags[0][:40])
    if len(whole) > LONGEST_ADDRESS:
        raise BadLink("address", N_("is longer than %(most)s characters"), most=LONGEST_ADDRESS)
    if mask.scrub(whole) != whole:
        raise BadLink("address", N_("names a person or opens a door, and everyone who has the link can read it"))
    return whole


def spelled(text):
    """A word as it should be spelled.

    >>> spelled(" Summer Sale! 2026")
    'summer_sale_2026'
    """
    return re.sub(r"[^\w.+-]+", "_", text.strip().lower()).strip("_.+-")


def tagged(address, words):
    """An address with the words of a campaign among its parameters.

    >>> tagged("https://shop.example/a?b=1#c", {"source": "news", "medium": "email", "campaign": "may", "content": "", "term": ""})
    'https://shop.example/a?b=1&utm_source=news&utm_medium=email&utm_campaign=may#c'
    """
    parts = urlsplit(address)
    more = urlencode({f"utm_{name}": words[name] for name in WORDS if words[name]})
    return urlunsplit((parts.scheme, parts.netloc, parts.path, f"{parts.query}&{more}" if parts.query else more, parts.fragment))


def _word(name):
    return lambda text: good_word(name, text)


def good_word(name, text):
    """A word of a campaign, or "" for one that may be left out. Raises BadLink, with how it should be spelled."""
    if not text and name not in NEEDED:
        return ""
    if not text:
        raise BadLink(name, N_("is empty; write a word such as %(example)s"), example=EXAMPLES[name])
    if mask.scrub(text) != text:
        raise BadLink(name, N_("names a person or opens a door, and everyone who has the link can read it"))
    better = spelled(text)
    if text != better:
        raise BadLink(name, N_("is %(typed)s; every spelling is counted apart, so write it in small letters without spaces: %(better)s"),
                      typed=text[:60], better=better[:LONGEST] or EXAMPLES.get(name, "a"))
    if len(text) > LONGEST:
        raise BadLink(name, N_("is longer than %(most)s characters"), most=LONGEST)
    if name == "source" and text in source.ALIASES:
        raise BadLink(name, N_("is %(typed)s; write %(better)s, as the reports call it"), typed=text, better=source.ALIASES[text])
    near = _nearly(name, text)
    if near:
        raise BadLink(name, N_("is %(typed)s, nearly %(better)s, which reports know; write that, or something quite different"), typed=text, better=near)
    return text


def _nearly(name, text):
    """The known name that a word is a slip of, or ""."""
    known, shortest, alike = {"medium": (MEDIA, 4, 0.8), "source": (source.NAMES, 6, 0.88)}.get(name, ((), 0, 1))
    if text in known or len(text) < shortest:
        return ""
    if name == "medium" and source.channel("a", text, "") != "Unassigned":
        return ""
    return next(iter(difflib.get_close_matches(text, known, n=1, cutoff=alike)), "")
