"""Pages that are one page in several languages, told by their addresses: /shop/cart and /shop/he/cart. Pure.

What happens on a page is counted over all its editions, so that a shop in two
languages does not look like two small shops. A segment of an address that is a
language's code is taken out when that leads to another page of the site, or
when the site has the same address in another language.
"""

from collections import defaultdict

# ISO 639-1, those that shops are written in
LANGUAGES = frozenset("ar bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it iw ja ka kk ko lt lv mk ms mt nb nl nn no "
                      "pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh".split())


def editions(paths):
    """{path: the name it shares with its editions}; a page without editions has its own.

    >>> editions(["/shop/cart", "/shop/he/cart", "/fr/a", "/de/a", "/it/only"])
    {'/shop/cart': '/shop/cart', '/shop/he/cart': '/shop/cart', '/fr/a': '/a', '/de/a': '/a', '/it/only': '/it/only'}
    """
    plain = {path: without_language(path) for path in paths}
    shared = defaultdict(int)
    for name in plain.values():
        shared[name] += 1
    return {path: name if name == path or shared[name] > 1 or name in plain else path for path, name in plain.items()}


def without_language(path):
    """The path without its first segment that is a language's code: "he", "en-us"."""
    segments = path.split("/")
    for at, segment in enumerate(segments[1:4], 1):
        language, _, region = segment.lower().partition("-")
        if language in LANGUAGES and len(region) in (0, 2):
            return "/".join(segments[:at] + segments[at + 1:]) or "/"
    return path
