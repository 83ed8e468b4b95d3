"""What a variant may change on a page, and what it may not: nothing that runs a script, nothing that leads elsewhere. Pure.

    kind       selector   name                          value
    text       element    -                             its new text
    html       element    -                             its new content, of the tags in TAGS
    attribute  element    the attribute                 its new value
    style      element    the CSS property              its new value
    order      element    before, after, first or last  before, after: the other element's selector
    remove     element    -                             -
    redirect   -          -                             a path, or an address of the site's own host
"""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

from collector.fields import N_

KINDS = ("text", "html", "attribute", "style", "order", "remove", "redirect")
PLACES = ("before", "after", "first", "last")
TAGS = nh3.ALLOWED_TAGS | {"button", "fieldset", "input", "label", "legend", "option", "section", "select", "textarea", "picture",
                           "source", "main"}
ANYWHERE = {"class", "id", "role", "title", "dir", "lang", "hidden", "tabindex"}
ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()} | {
    "*": ANYWHERE, "a": {"href", "hreflang", "target"}, "button": {"type", "name", "value", "disabled"},
    "input": {"type", "name", "value", "placeholder", "autocomplete", "inputmode", "required", "disabled", "checked", "min", "max",
              "step", "maxlength", "minlength", "pattern", "readonly"},
    "label": {"for"}, "select": {"name", "required", "disabled", "autocomplete", "multiple"}, "option": {"value", "selected"},
    "textarea": {"name", "placeholder", "required", "rows", "maxlength"}, "fieldset": {"disabled", "name"},
    "img": {"src", "srcset", "alt", "width", "height", "loading"}, "source": {"srcset", "media", "type"}}
SCHEMES = {"http", "https", "mailto", "tel"}
LEADS = {"href", "src", "action", "formaction", "poster", "srcset", "data", "ping", "cite", "background", "manifest", "xlink:href"}
RUNS = {"srcdoc", "style"}  # attributes that hold more than a text; style has a kind of its own
UNSAFE_STYLE = re.compile(r"[{};<>\\]|url\s*\(|expression|@|javascript:", re.I)


def wrong_with(change, domain=""):
    """(field, sentence, values) of what is wrong with a Change, or None."""
    if change.kind != "redirect" and not change.selector:
        return "selector", N_("is missing; write which element changes, such as #coupon"), {}
    if re.search(r"[{}<\0]", change.selector):
        return "selector", N_("holds a character that no selector has"), {}
    check = {"html": _html, "attribute": _attribute, "style": _style, "order": _order, "redirect": _redirect}.get(change.kind)
    return check(change, domain) if check else None


def _html(change, _):
    lost = refused(change.value)
    if lost:
        return "value", N_("holds %(what)s, which is not allowed there; leave it out. Scripts and what runs them never are"), {"what": lost}
    return None


def refused(html):
    """The first tag, attribute or address in some HTML that a sanitiser takes out, as it was written; "" for none.

    >>> refused('<b>Free</b> <img src="/x.png" onerror="steal()">'), refused("<b>Free</b>")
    ('onerror="steal()"', '')
    """
    lost = _parts(html) - _parts(sanitised(html))
    return next(iter(lost), "")


def sanitised(html):
    """HTML without anything that runs, loads a document or leads to another scheme (ammonia, by nh3)."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None,
                     generic_attribute_prefixes={"data-", "aria-"}, strip_comments=False)


def _parts(html):
    """Every tag and attribute of some HTML, counted."""
    parser = _Parts()
    parser.feed(html)
    parser.close()
    return parser.found


class _Parts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = Counter()

    def handle_starttag(self, tag, attributes):
        self.found[f"<{tag}>"] += 1
        self.found.update(f'{name}="{value or ""}"' for name, value in attributes)

    handle_startendtag = handle_starttag

    def handle_decl(self, text):
        self.found[f"<!{text}>"] += 1

    def handle_pi(self, text):
        self.found[f"<?{text}>"] += 1


def _attribute(change, _):
    name = change.name.lower()
    if not re.fullmatch(r"[a-z][a-z0-9:_-]*", name):
        return "name", N_("is missing or no name of an attribute; write one such as placeholder"), {}
    if name.startswith("on") or name in RUNS:
        return "name", N_("%(typed)s may not be changed: it can hold a script"), {"typed": change.name}
    if name in LEADS and not _is_safe_address(change.value):
        return "value", N_("leads to a scheme that is not allowed; write a path, or http, https, mailto or tel"), {}
    return None


def _style(change, _):
    if not re.fullmatch(r"(--)?[a-zA-Z][a-zA-Z0-9-]*", change.name):
        return "name", N_("is missing or no CSS property; write one such as color"), {}
    if UNSAFE_STYLE.search(change.value):
        return "value", N_("holds more than the value of one property; url() and @ are not allowed"), {}
    return None


def _order(change, _):
    if change.name not in PLACES:
        return "name", N_("%(typed)s is unknown; write one of %(choices)s"), {"typed": change.name or "-", "choices": ", ".join(PLACES)}
    if change.name in ("before", "after") and (not change.value.strip() or re.search(r"[{}<\0]", change.value)):
        return "value", N_("is missing; write the selector of the element it goes before or after"), {}
    return None


def _redirect(change, domain):
    address = change.value
    if re.search(r"[\x00-\x20\\]", address) or not address:
        return "value", N_("is no address; write a path such as /checkout-b"), {}
    if address.startswith("/") and not address.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
        host = parts.netloc.lower().removeprefix("www.")
    except ValueError:
        host = parts = None
    if not host or parts.scheme not in ("http", "https") or "@" in host or (domain and host != domain):
        return "value", N_("leads to another host; a redirect stays on %(domain)s"), {"domain": domain or "-"}
    return None


def _is_safe_address(address):
    scheme = re.match(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\s-]*):", address)
    return not scheme or scheme[1].lower() in SCHEMES
