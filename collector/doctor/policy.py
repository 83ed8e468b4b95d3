"""Whether a page's Content-Security-Policy lets the snippet work, and what to add when not. Pure.

What the script tags and the sending need: the stub to run, and where experiments
run the second inline script too (a nonce, its hash, or 'unsafe-inline'), the files
to load (script-src), messages to leave (connect-src). Rules by CSP level 3.
"""

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from collector.snippet import HOLD, STUB


def _hash(script):
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


STUB_HASH, HOLD_HASH = _hash(STUB), _hash(HOLD)
INLINE = {STUB_HASH: "the stub, an inline script, does not run",
          HOLD_HASH: "the second inline script, which waits for experiments, does not run"}


@dataclass(frozen=True)
class Problem:
    where: str  # "header" or "meta"
    directive: str
    what: str
    add: str  # what to put into the policy, or do


def problems(where, policy, collector, page, second=False):
    """What in one policy is in the way. Takes the collector's and the page's origins, as "https://a.example", and whether
    the page has the second script."""
    directives = parse(policy)
    found = []
    if "sandbox" in directives and "allow-scripts" not in directives["sandbox"]:
        found.append(Problem(where, "sandbox", "No script runs in this page.", "sandbox allow-scripts"))
    name, sources = _first(directives, "script-src-elem", "script-src", "default-src")
    if sources is not None:
        found += _scripts(where, name, sources, collector, page, second)
    name, sources = _first(directives, "connect-src", "default-src")
    if sources is not None and not allows(sources, collector, page):
        found.append(Problem(where, name, "Messages to the collector are not let out.",
                             _line("connect-src", name, sources, collector)))
    return found


def _scripts(where, name, sources, collector, page, second):
    nonce = any(source.startswith("'nonce-") for source in sources)
    hashes = any(source.startswith(("'sha256-", "'sha384-", "'sha512-")) for source in sources)
    strict = "'strict-dynamic'" in sources
    if nonce:
        yield Problem(where, name, "Scripts need this page's nonce.",
                      f"put the page's nonce on {'all four' if second else 'both'} script tags of the snippet: <script nonce=…>")
        return
    if strict:
        yield Problem(where, name, "'strict-dynamic' without a nonce lets only scripts in that others load.",
                      "load the snippet from a script that is allowed already, as a tag manager does")
        return
    wanted = {}
    if "'unsafe-inline'" not in sources or hashes:
        wanted |= {each: INLINE[each] for each in (STUB_HASH, *([HOLD_HASH] if second else [])) if each not in sources}
    if not allows(sources, collector, page):
        wanted[collector] = "netiv.js and netiv-x.js are not loaded" if second else "netiv.js is not loaded"
    if wanted:
        what = ", and ".join(wanted.values())
        yield Problem(where, name, f"{what[0].upper()}{what[1:]}.", _line("script-src", name, sources, *wanted))


def parse(policy):
    """{directive: [sources]}; of a directive that stands twice the first counts.

    >>> parse("script-src 'self' https://a.example; default-src 'none'")["default-src"]
    ["'none'"]
    """
    found = {}
    for part in policy.split(";"):
        words = part.split()
        if words:
            found.setdefault(words[0].lower(), words[1:])
    return found


def allows(sources, origin, page):
    """Whether a source list lets addresses of `origin` in. `page` is the page's own origin.

    >>> allows(["'self'"], "https://a.example", "https://a.example")
    True
    >>> allows(["https:", "'unsafe-inline'"], "http://a.example", "https://b.example")
    False
    >>> allows(["*.a.example"], "https://n.a.example", "https://b.example")
    True
    """
    return any(_matches(source.lower(), origin.lower(), page.lower()) for source in sources)


def _matches(source, origin, page):
    if source == "'self'":
        return origin == page
    if source.startswith("'"):
        return False
    wanted = urlsplit(origin)
    if source == "*" or source == wanted.scheme + ":" or (source == "http:" and wanted.scheme == "https"):
        return True
    scheme, divider, rest = source.rpartition("://")
    if not divider:
        scheme = urlsplit(page).scheme
    if scheme and wanted.scheme not in (scheme, "https" if scheme == "http" else scheme):
        return False
    host, _, port = rest.partition("/")[0].partition(":")
    usual = {"https": 443, "http": 80}.get(wanted.scheme)
    if port != "*" and str(wanted.port or usual) != (port or str(usual)):
        return False
    name = wanted.hostname or ""
    return name.endswith(host[1:]) if host.startswith("*.") else name == host


def _first(directives, *names):
    return next(((name, directives[name]) for name in names if name in directives), (None, None))


def _line(directive, found, sources, *wanted):
    """The directive as it should stand: what was there, in a directive of its own, and what is wanted."""
    kept = [source for source in sources if source != "'none'"]
    return f"{directive if found == 'default-src' else found} {' '.join([*kept, *wanted])}"
