"""Tells visitors' days through the real pipeline: wire format, spool, loader, store.

    story.visitor("dana", at="2026-03-10 09:00", referrer="https://google.com/")
        .view("/").stay(20).click("Buy").view("/cart").field("checkout", "phone").purchase(120.0)

Each step takes the visitor's clock on: a view by 1 s, `stay` by its seconds,
anything else by 2 s. What was told is delivered as soon as the store is read
(or by `story.tell()`): one message for each page view, sent when the next
begins. Times are the site's local time as text, or UTC milliseconds.
"""

import hashlib
import threading
from datetime import datetime

import msgspec

from collector import loader, message, period, spool
from collector.storage.sqlite import SqliteStore
from tests import fresh

NOW = 1773136800000  # 2026-03-10 12:00 in Jerusalem, a Tuesday
DEVICES = {"desktop": ("Chrome", "Windows"), "mobile": ("Safari", "iOS"), "tablet": ("Safari", "iPadOS"),
           "tv": ("", "Tizen")}

_encode = msgspec.json.Encoder().encode


class ListeningStore(SqliteStore):
    """A store that lets a story be told to its end before it is read."""

    before_reading = None

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._telling = threading.RLock()  # reports read in several threads

    def migrate(self):
        if self.path.exists():
            super().migrate()
        else:
            fresh.lay(self.path)

    def _listen(self):
        with self._telling:
            tell, self.before_reading = self.before_reading, None
            if tell:
                tell()
                self.before_reading = tell

    def ask(self, question, filters="", **values):
        self._listen()
        return super().ask(question, filters, **values)

    @property
    def facts(self):
        self._listen()
        return super().facts


class Story:
    def __init__(self, store, site, directory):
        self.store, self.site = store, site
        self.directory = directory
        self.spool = spool.Spool(directory)
        self.loader = loader.Loader(store, directory)
        self.tellers = []
        self.records = []  # not delivered yet
        self.delivered = []
        self.walking = False

    def visitor(self, name, at=NOW - 3_600_000, referrer="", device="desktop", country="IL", language="he", site=None,
                **sender):
        """A visitor's next session or part of one. `sender` may be browser, os, bot, opt_out, consented."""
        teller = Teller(self, site or self.site, name, at, referrer, device, country, language, **sender)
        self.tellers.append(teller)
        return teller

    def tell(self):
        """Delivers all that was told so far, in the order it was sent, and lets the loader drain it."""
        for teller in self.tellers:
            teller.send()
        records, self.records = sorted(self.records, key=lambda record: record.received_at), []
        for record in records:
            self.spool.append(record)
        self.delivered += records
        count = self.loader.drain() if records else 0
        if not self.walking:  # asked of a store that tells the story before it answers
            self.walking = True
            self.loader.day_work.finish()  # which a loader that runs does between its drains
            self.walking = False
        return count

    def again(self):
        """Delivers everything once more, as a browser does that missed the answers."""
        self.tell()
        for record in self.delivered:
            self.spool.append(record)
        return self.loader.drain()

    def restart(self):
        """The loader is stopped and another one starts, remembering nothing."""
        self.tell()
        self.loader = loader.Loader(self.store, self.directory)

    def close(self):
        self.spool.close()


class Teller:
    """One visitor in one site."""

    def __init__(self, story, site, name, at, referrer, device, country, language,
                 browser=None, os=None, bot="", opt_out="", consented=False):
        self.story, self.site, self.name, self.consented = story, site, name, consented
        self.user = ""
        self.at = instant(at, site.zone)
        self.referrer = referrer
        self.language = language
        usual = DEVICES[device]
        self.sender = {"country": country, "browser": usual[0] if browser is None else browser, "browser_version": "120",
                       "os": usual[1] if os is None else os, "device": device, "bot": bot, "opt_out": opt_out}
        self.page = None
        self.events = []
        self.numbers = 0
        self.views = 0

    # -- what a visitor does

    def view(self, path, title="", referrer=None, how="load"):
        self.send()
        url = path if "://" in path else f"https://{self.site.domain}{path}"
        self.views += 1
        view = hashlib.blake2b(f"{self.site.key} {self.name} {self.at} {self.views}".encode(), digest_size=8).hexdigest()
        self.page = message.Page(view=view, url=url, title=title,
                                 referrer=self.referrer if referrer is None else referrer)
        self.referrer, self.numbers = url, 0
        return self._do(message.Pageview, 1, how=how)

    def stay(self, seconds, scroll=50):
        """Engaged for so many seconds; tells it, and how deep the page was scrolled, as leaving does."""
        self.at += int(seconds * 1000)
        return self._do(message.Leave, 0, engaged_ms=int(seconds * 1000), scroll=scroll)

    def consent(self):
        """Agrees to be remembered; what was done before is on its way."""
        self.send()
        self.consented = True
        return self

    def sign_in(self, user):
        """The owner's site names the visitor from here on."""
        self.send()
        self.user = user
        return self

    def wait(self, seconds):
        """Time passes and nothing happens; what was done before is on its way."""
        self.send()
        self.at += int(seconds * 1000)
        return self

    def click(self, label, element="", **more):
        return self._do(message.Click, element=element or f"button:{label}", label=label, **more)

    def frustration(self, kind, label="", element="", clicks=3):
        return self._do(message.Frustration, kind=kind, label=label, element=element or f"button:{label}", clicks=clicks)

    def rage(self, label):
        return self.frustration("rage", label)

    def dead(self, label):
        return self.frustration("dead", label, clicks=1)

    def quick_back(self):
        return self.frustration("quick_back", clicks=1)

    def form(self, form, kind, last_field="", fields=0):
        return self._do(message.Form, form=form, kind=kind, last_field=last_field, fields=fields)

    def field(self, form, field, **more):
        return self._do(message.Field, form=form, field=field, **{"time_ms": 2000} | more)

    def invalid(self, form, field, error="valueMissing"):
        return self._do(message.Field, form=form, field=field, kind="invalid", error=error)

    def submit(self, form):
        return self.form(form, "submit")

    def abandon(self, form, last_field=""):
        return self.form(form, "abandon", last_field)

    def error(self, text, source=""):
        return self._do(message.ScriptError, message=text, source=source)

    def vitals(self, **numbers):
        return self._do(message.Vitals, **numbers)

    def event(self, name, **props):
        return self._do(message.Custom, name=name, props=props)

    def purchase(self, value, transaction_id=None, currency=None):
        props = {"value": value, "currency": currency or self.site.currency}
        return self.event("purchase", **props, **({"transaction_id": transaction_id} if transaction_id else {}))

    def exposed(self, experiment, variant):
        return self._do(message.Exposure, experiment=experiment, variant=variant)

    def opt_out(self, signal):
        return self._do(message.OptOut, signal=signal)

    def raw(self, event):
        """An event as it stands, right or wrong: a dict."""
        if self.page is None:
            self.view("/")
        self.events.append({"n": self.numbers, "at": self.at} | event)
        self.numbers += 1
        return self

    def _do(self, kind, takes=2, /, **values):
        if self.page is None:
            self.view("/")
        self.events.append(kind(n=self.numbers, at=self.at, **values))
        self.numbers += 1
        self.at += takes * 1000
        return self

    # -- how it arrives

    def send(self, delay=0):
        """What happened since the last time goes off in one message, `delay` seconds late."""
        if self.events:
            sent_at = self.at + int(delay * 1000)
            body = _encode({"sent_at": sent_at, "pages": [self.page], "events": self.events, "language": self.language,
                            "visitor": self.name if self.consented else "", "user": self.user})
            self.events = []
            today, yesterday = self._ids(sent_at)
            self.story.records.append(spool.Received(
                site=self.site.key, received_at=sent_at, visitor=today, previous=yesterday, body=body, **self.sender))
        return self

    def _ids(self, at):
        day = period.day_of(at, self.site.zone)
        today = _id(self.site.key, self.name, day)
        if self.consented or self.user:
            return lasting_id(self.site, self.user or self.name), today
        return today, _id(self.site.key, self.name, day - 1)


def lasting_id(site, name):
    """The id by which a visitor who gave consent, or whom the owner's site named so, can be known again."""
    return _id(site.key, name)


def instant(at, zone):
    """UTC milliseconds of "2026-03-10 09:00" on the site's clock; a number is one already."""
    if isinstance(at, str):
        return int(datetime.fromisoformat(at).replace(tzinfo=zone).timestamp() * 1000)
    return at


def _id(*parts):
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
