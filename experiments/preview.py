"""A variant on the live page, for who is given the link: forced, named by a bar, and never counted.

The link is the page's own address with ?netiv-preview=TOKEN. The token says
which variant of which experiment, is signed with the application's secret, and
ends by itself. It is no right to anything else.
"""

from urllib.parse import urlencode, urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer

from collector.fields import BadField, N_
from collector.known import home

PARAMETER = "netiv-preview"
DAYS = 7


class BadPreview(BadField):
    """There is nothing to preview: the variant, the page or the link is wrong."""


def links(secret, site, experiment, page="", here=""):
    """[(Variant, address), …] of every variant of an Experiment. `page` and `here` as in link()."""
    return [(variant, link(secret, site, experiment, variant.key, page, here)) for variant in experiment.variants]


def link(secret, site, experiment, variant, page="", here=""):
    """The address on which a variant shows, for DAYS. Raises BadPreview.

    `page` is a path or address of the site; by default the beginning of the first of the experiment's paths.
    `here` as in known.home().
    """
    if variant not in {each.key for each in experiment.variants}:
        raise BadPreview("variant", N_("%(typed)s is no variant of it; there are %(variants)s"), typed=variant,
                         variants=", ".join(each.key for each in experiment.variants))
    token = _signer(secret).dumps([site.key, experiment.key, variant])
    address = urlsplit(page_of(site, experiment, page, here))
    return address._replace(query="&".join(filter(None, (address.query, urlencode({PARAMETER: token}))))).geturl()


def page_of(site, experiment, page="", here=""):
    """The full address of a page of the site, by default of the experiment's first. `here` as in known.home(). Raises BadPreview."""
    page = page or next((path.partition("*")[0].partition("#")[0] for path in experiment.where.paths), "") or "/"
    base = home(site, here)
    address = base + page if page.startswith("/") else page
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or parts.netloc.lower().removeprefix("www.") != urlsplit(base).netloc:
        raise BadPreview("page", N_("is not on %(domain)s"), domain=site.domain)
    return address


def read(secret, token):
    """(site key, experiment key, variant key) of a link's token. Raises BadPreview."""
    try:
        return tuple(_signer(secret).loads(token, max_age=DAYS * 86_400))
    except BadSignature:  # too old, too
        raise BadPreview("token", N_("is not valid any more; ask for a new link")) from None


def _signer(secret):
    return URLSafeTimedSerializer(secret, salt="netiv preview")
