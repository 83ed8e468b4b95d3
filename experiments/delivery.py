"""What a page of a site with running experiments needs before it is painted: GET /netiv-x.js?site=KEY, the second script.

Answers ahead of Flask's routing, from experiments as they were at most a second
ago. The variant of a visitor without consent is worked out here, from the id
under which the collector will file what the visitor does; the id stays here.
tracker/src/experiment.js does the rest in the browser.

The parts of the script are tracker/dist/experiment.json, built by build.mjs; a
site gets the template with what its experiments need, and no more.
"""

import gzip
import json
import logging
import string
import threading
import time
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import parse_qs

import brotli

from collector import headers
from collector.doctor.page import VOID
from collector.script import DIST
from collector.session import GAP
from collector.views import Refusal
from experiments import assignment, audiences, register
from experiments.changes import sanitised
from experiments.definition import VISITORS

PATH = "/netiv-x.js"
SECONDS = 1.0  # a change reaches visitors after that
MOST_BODIES = 500  # packed answers kept for a site: one for each way its experiments can fall for a visitor
HEADERS = [("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "no-store"), ("Vary", "Accept-Encoding"),
           ("Cross-Origin-Resource-Policy", "cross-origin"), ("Access-Control-Allow-Origin", "*"),
           ("Timing-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff")]
log = logging.getLogger("netiv.experiments")


class Delivery:
    """Answers for one process. Takes the Front, for whom a request is from, and the store."""

    def __init__(self, front, store):
        self._front, self._store = front, store
        self._sites = {}  # key: (read at, Scripts)
        self._reading = threading.Lock()
        self._templates = Templates()

    def __call__(self, environ):
        """(status, header fields, body); None for a preview, which is a page of ours."""
        if "netiv-preview=" in environ.get("QUERY_STRING", ""):
            return None
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return 405, [("Allow", "GET, HEAD")], b""
        coding = next((each for each in ("br", "gzip") if headers.accepts(environ, each)), "")
        body = self._body(environ, coding)
        return 200, HEADERS + ([("Content-Encoding", coding)] if coding and body else []), body

    def _body(self, environ, coding):
        """The script; of a site that is unknown, or while nothing can be read, an empty one: the page must not notice."""
        try:
            site = self._front.sites.get(parse_qs(environ.get("QUERY_STRING", "")).get("site", [""])[0])
            if not site:
                return b""
            scripts = self._scripts(site)
            now = time.time_ns() // 1_000_000
            sender = self._front.sender(environ, site, now)
        except (Refusal, self._store.Error, OSError) as error:
            log.error("experiments cannot be delivered: %s", error)
            return b""
        if sender.opt_out or sender.seen.bot and "bot" not in site.exclusions_off:
            return scripts.body_of(None, coding)
        channel = self._channel(site, sender.visitor, now) if scripts.ask_channel else None
        return scripts.body_of(scripts.chosen(sender, channel), coding)

    def _scripts(self, site):
        """The Scripts of a site as they were at most SECONDS ago."""
        read_at, scripts = self._sites.get(site.key, (float("-inf"), None))
        if time.monotonic() - read_at > SECONDS and self._reading.acquire(blocking=site.key not in self._sites):
            try:
                records = audiences.every(self._store, site, register.all_of(self._store, site, states=("running",)))
                if self._templates.refresh() or not scripts or scripts.records != records:
                    scripts = Scripts(records, self._templates)
                self._sites[site.key] = time.monotonic(), scripts
            finally:
                self._reading.release()
        return scripts

    def _channel(self, site, visitor, now):
        """Where the visit under way came from; None on its first page, before anything of it is stored."""
        rows = self._store.ask("experiments/channel", site=site.id, visitor=visitor, since=now - GAP << 22)
        return rows[0].channel if rows else None


class Scripts:
    """The second script of a site, for every way its running experiments can fall."""

    def __init__(self, records, templates):
        self.records = records
        self.ask_channel = any(record.experiment.audience.channel for record in records)
        self._templates = templates
        self._entries = [entry(record) for record in records]
        self._bodies = {}

    def chosen(self, sender, channel):
        return tuple(_variant(record, sender, channel) for record in self.records)

    def body_of(self, chosen, coding):
        """Packed, for the variants of a visitor as chosen() gives them; None for who takes part in nothing."""
        key = chosen, coding
        if key not in self._bodies:
            if len(self._bodies) >= MOST_BODIES:
                self._bodies.clear()
            entries = [each._replace(chosen=variant) for each, variant in zip(self._entries, chosen or ()) if variant is not None]
            self._bodies[key] = _packed(self._templates.script(entries), coding)
        return self._bodies[key]


def _variant(record, sender, channel):
    """Place of the variant for a visitor told apart by the day's hash; -1: takes no part; None: is not of the audience,
    whoever it is."""
    audience = record.experiment.audience
    if audience.device and sender.seen.device not in audience.device \
            or audience.country and sender.country not in audience.country \
            or audience.channel and channel not in audience.channel:
        return None
    variant = assignment.variant_for(record.split, str(sender.visitor))
    return -1 if variant is None else variant


def _packed(script, coding):
    if coding == "br":
        return brotli.compress(script.encode()) if script else b""
    return gzip.compress(script.encode(), mtime=0) if coding and script else script.encode()


# -- an experiment, as tracker/src/experiment.js takes it

class Entry(NamedTuple):
    key: str
    variants: tuple  # keys
    chosen: int  # by the day's hash; -1 for none
    ranges: tuple
    path: str  # a regular expression of JavaScript
    changes: list
    group: str = ""
    slots: tuple = ()
    consent: int = 0
    event: str = ""
    parameter: str = ""
    content: str = ""
    returning: int = 0  # 1 for new visitors, 2 for those who were here on an earlier day

    @property
    def waits(self):
        return any(self[self._fields.index("consent"):])


def entry(record):
    experiment, split = record.experiment, record.split
    parameter, _, content = experiment.audience.parameter.partition("=")
    return Entry(
        experiment.key, tuple(variant.key for variant in experiment.variants), -1, _ranges(split.ranges), pattern(experiment.where.paths),
        changes(experiment), split.group, _ranges(split.slots), int(experiment.needs_consent), experiment.where.event,
        parameter, content, VISITORS.index(experiment.audience.visitors))


def forced(record, place):
    """The entry with which whoever sees a preview gets that variant, on the experiment's pages."""
    whole = entry(record)
    return Entry(whole.key, whole.variants, place, (), whole.path, whole.changes)


def _ranges(ranges):
    """The same, with 0 and 1 for 0.0 and 1.0: these bytes hold a paint back."""
    return tuple(tuple(int(edge) if edge == int(edge) else edge for edge in pair) for pair in ranges)


def pattern(paths):
    """A JavaScript regular expression for paths with *, none for every page.

    It is tried on the decoded path with the fragment behind it: a route as #/cart is part of the page, #top is not.

    >>> print(pattern(["/checkout*", "/cart"]))
    /^(\\/checkout|\\/cart(?![^?#]|#\\/))/
    """
    each = "|".join(".*".join(map(_literally, path.removesuffix("*").split("*"))) + ("" if path.endswith("*") else r"(?![^?#]|#\/)")
                    for path in paths)
    return f"/^({each})/" if each else "/^/"


def _literally(text):
    return "".join(char if char.isalnum() or char in "-_" else f"\\{char}" if char in string.punctuation else f"\\u{ord(char):04x}"
                   for char in text if ord(char) < 0x10000)


def changes(experiment):
    """[place of the variant, kind, selector, name, value] of every change, for everybody: a variant counts as seen where
    any of them would have been."""
    return [_without_tail([place, change.kind, change.selector, change.name, nodes(change.value) if change.kind == "html" else change.value])
            for place, variant in enumerate(experiment.variants) for change in variant.changes]


def nodes(html):
    """HTML as the browser is to build it: texts, and [tag, attributes, …children].

    >>> nodes('Free <b class="x">today</b>')
    ['Free ', ['b', {'class': 'x'}, 'today']]
    """
    parser = _Nodes()
    parser.feed(sanitised(html))  # it was when it was defined; whatever the store says now, nothing that runs leaves here
    parser.close()
    return parser.found


class _Nodes(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
        self._open = [self.found]

    def handle_starttag(self, tag, attributes):
        made = [tag, {name: value or "" for name, value in attributes}]
        self._open[-1].append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag):
        if len(self._open) > 1 and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, text):
        self._open[-1].append(text)


# -- putting the script together

class Templates:
    """The parts that build.mjs made, read again when they were made again."""

    def __init__(self, dist=DIST):
        self._file = dist / "experiment.json"
        self._built_at = None
        self._templates, self._kinds, self._nobody, self.bar = {}, {}, "", "()=>{}"

    def refresh(self):
        """Whether they are others than before."""
        try:
            built_at = self._file.stat().st_mtime_ns
            if built_at == self._built_at:
                return False
            parts = json.loads(self._file.read_text(encoding="utf-8"))
            self._templates, self._kinds, self._nobody, self.bar = (parts[name] for name in ("templates", "kinds", "nobody", "bar"))
            self._built_at = built_at
        except (OSError, ValueError, KeyError):
            return False  # being built; what was read before still stands
        return True

    def script(self, entries, forced=False):
        """The script for some entries; for none, what still answers to a preview's link; "" while nothing is built."""
        kinds = {change[1] for each in entries for change in each.changes}
        needs = {"g": any(each.group for each in entries), "r": "redirect" in kinds, "w": any(each.waits for each in entries)}
        template = self._templates.get("rf" if forced else "".join(letter for letter, needed in needs.items() if needed))
        if not entries or not template:
            return self._nobody
        functions = ",".join(f"{kind}:{self._kinds[kind]}" for kind in sorted(kinds - {"redirect"}))
        before, _, after = template.replace("KINDS", f"{{{functions}}}", 1).partition("EXPERIMENTS")
        return f"{before}[{','.join(map(_literal, entries))}]{after}"


def _literal(each):
    return f"[{','.join(value if name == 'path' else _json(value) for name, value in zip(Entry._fields, _without_tail([*each])))}]"


def _without_tail(values):
    """Without the empty ones at its end: JavaScript takes what is missing for empty."""
    while values[-1] in ("", 0, ()):
        values.pop()
    return values


def _json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
