"""What the loader remembers from batch to batch: sites, texts, pages, visitors' sessions and page views.

All of it stands in the store too, so forgetting any of it changes nothing but
the time: `recall` asks for what a batch needs and is not here. New texts and
pages wait in `new_names` and `new_pages` for the batch's transaction.
"""

import hashlib
import json
import re
from dataclasses import replace

from collector import mask, period, session, sites, source, trials
from collector.known import KnownSite

KEPT = 50 * 3_600_000  # a view, and a visitor's sessions, are looked up for so long
MOST_VISITORS = 1_500  # held here; more are asked for again
MOST_VIEWS = 3_000
MOST_TEXTS = 20_000
MOST_NEW_NAMES = 20_000  # a site and day; what comes after is counted as OTHER
MOST_NEW_PAGES = 5_000
MOST_REJECTED = 5_000  # kept of a site and day; the others are only counted
OTHER = "[other]"


class View:
    """One page view: which of its events are in, and where its events go."""

    __slots__ = ("at", "session_id", "number", "mask")

    def __init__(self, at=0, session_id=0, number=0, mask=0):
        self.at, self.session_id, self.number, self.mask = at, session_id, number, mask


class Visitor:
    """A visitor's sessions of the last days, and the day of the one before them (-1: none)."""

    __slots__ = ("sessions", "earlier_day")

    def __init__(self):
        self.sessions = []
        self.earlier_day = -1

    def forget_before(self, at):
        """Lets go of sessions that ended before that time; of them only the day is kept."""
        old = [each for each in self.sessions if each.last_at < at]
        self.sessions = [each for each in self.sessions if each.last_at >= at]
        self.earlier_day = max([each.day for each in old], default=self.earlier_day)


class Memory:
    def __init__(self, store):
        self.store = store
        self.forget()

    def forget(self):
        """Begins anew, from what is in the store: after a write that failed, all else may be wrong."""
        self.sites, self.trials, self._trial_rows = {}, {}, []
        self.names = {"": 0}
        self.visitors = {}
        self.views = {}
        self.new_names, self.new_pages, self.grown = [], [], set()
        self.clients = {}
        self._last_name = self._last_page = None
        self._place = None

    # -- sites

    def look_at_sites(self, latest):
        """Reads sites, goals and trials anew; a site that has not changed keeps what was worked out for it.

        `latest` is when the latest message arrived.
        """
        found = {}
        stored = trials.stored(self.store, latest - trials.LONGEST_WINDOW)
        if stored != self._trial_rows:
            self._trial_rows, self.trials = stored, trials.by_site(stored)
        for site in sites.all_sites(self.store):
            settled = replace(site, first_event_at=None)  # that alone changes nothing
            goals = sites.goals(self.store, site)
            known = self.sites.get(site.key)
            running = self.trials.get(site.id)
            if not known or (known.site, known.goals, known.trials) != (settled, goals, running):
                known = KnownSite(settled, goals, running)
                if running:
                    running.watch(self.chosen_name)  # before events take these names for any others
            known.has_events = bool(site.first_event_at)
            found[site.key] = known
        self.sites = found

    # -- texts and pages

    def turn_to(self, known, day):
        """New texts from here on are on this site's account."""
        self._place = known, day

    def name(self, text):
        """The id of a text, scrubbed; a new one when it is new."""
        found = self.names.get(text)
        return self._name(text) if found is None else found

    def chosen_name(self, text):
        """The same of a text that the owner chose: there is always room for it."""
        return self._name(text, chosen=True)

    def _name(self, text, chosen=False):
        clean = mask.scrub(text)
        found = self.names.get(clean)
        if found is None or (chosen and found == self.names.get(OTHER)):
            stored = self.store.ask("collector/name", text=clean)
            found = stored[0].id if stored else self._new_name(clean, chosen)
        if len(self.names) >= MOST_TEXTS:
            self._forget_names()
        self.names[text] = self.names[clean] = found
        return found

    def _new_name(self, text, chosen):
        if text != OTHER and not chosen and not self._may_grow(0, MOST_NEW_NAMES):
            return self.name(OTHER)
        self._know_last_ids()
        self._last_name += 1
        self.new_names.append((self._last_name, text))
        return self._last_name

    def _forget_names(self):
        """All but those that are not in the store yet."""
        self.names = {"": 0} | {text: number for number, text in self.new_names}

    def page(self, known, url):
        """The id of the page at an address."""
        address = url.partition("?")[0]
        if "#" in url:
            base, _, fragment = url.partition("#")
            address = base.partition("?")[0] + ("#" + fragment.partition("?")[0] if fragment.startswith("/") else "")
        found = known.page_ids.get(address)
        if found is None:
            found = self._page(known, known.path(address))
            if len(known.page_ids) >= MOST_TEXTS:
                known.page_ids.clear()
                known.page_ids.update({f"\0{path}": number for number, site, path in self.new_pages
                                       if site == known.id})
            known.page_ids[address] = found
        return found

    def _page(self, known, path):
        found = known.page_ids.get(f"\0{path}")  # the page of a path already worked out
        if found is None:
            stored = self.store.ask("collector/page", site=known.id, path=path)
            found = stored[0].id if stored else self._new_page(known, path)
            known.page_ids[f"\0{path}"] = found
            known.see_page(found, path)
        return found

    def _new_page(self, known, path):
        if path != OTHER and not self._may_grow(1, MOST_NEW_PAGES):
            return self._page(known, OTHER)
        self._know_last_ids()
        self._last_page += 1
        self.new_pages.append((self._last_page, known.id, path))
        return self._last_page

    def _may_grow(self, which, most):
        known, day = self._place
        grown = known.growth.get(day)
        if grown is None:
            stored = self.store.ask("collector/growth", site=known.id, day=day)
            grown = known.growth[day] = list(stored[0]) if stored else [0, 0]
        if grown[which] >= most:
            return False
        grown[which] += 1
        self.grown.add((known.id, day, known))
        return True

    def may_keep_rejected(self):
        """Whether one more refused event of this site and day is kept; so that a flood of them fills no disk."""
        known, day = self._place
        kept = known.rejected.get(day)
        if kept is None:
            start, end = period.day_start(day, known.zone), period.day_start(day + 1, known.zone)
            kept = self.store.ask("collector/rejected_count", site=known.id, start=start, end=end)[0].kept
        known.rejected[day] = kept + 1
        return kept < MOST_REJECTED

    def _know_last_ids(self):
        if self._last_name is None:
            self._last_name, self._last_page = self.store.ask("collector/last_ids")[0]

    # -- where from and what with

    def origin(self, known, page):
        """Ids of session.ORIGIN for a session that starts on this page."""
        query = page.url.partition("?")[2]
        key = query, page.referrer
        found = known.origins.get(key)
        if found is None:
            if len(known.origins) >= MOST_TEXTS // 4:
                known.origins.clear()
            found = known.origins[key] = tuple(map(self.name, source.of(page.url, page.referrer, known.own)))
        return found

    def client(self, received, language):
        """Ids of session.CLIENT for a message's sender."""
        key = received.country, language, received.device, received.browser, received.os
        found = self.clients.get(key)
        if found is None:
            if len(self.clients) >= MOST_TEXTS // 4:
                self.clients.clear()
            primary = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", language)
            found = self.clients[key] = (self.name(received.country), self.name(primary[0].lower() if primary else ""),
                                         self.name(received.device), self.name(received.browser),
                                         self.name(received.os))
        return found

    # -- visitors and views

    def recall(self, arrivals):
        """Fetches from the store what these arrivals need of visitors and views, in a few questions."""
        visitors, views = {}, {}
        earliest = min((arrival.received.received_at for arrival in arrivals), default=0)  # a batch of a backlog may be of several days
        for arrival in arrivals:
            known, received = arrival.known, arrival.received
            for visitor in (received.visitor, received.previous):
                if visitor is not None and (known.id, visitor) not in self.visitors:
                    visitors.setdefault(known.id, set()).add(visitor)
            for page in arrival.batch.pages:
                if (known.id, page.view) not in self.views:
                    views.setdefault(known.id, set()).add(page.view)
        for site_id, wanted in visitors.items():
            self._recall_visitors(site_id, wanted, session.session_id(earliest - KEPT, 0))
        for site_id, wanted in views.items():
            self._recall_views(site_id, wanted)

    def _recall_visitors(self, site_id, wanted, since):
        for visitor in wanted:
            self.visitors[site_id, visitor] = Visitor()
        values = {"site": site_id, "visitors": json.dumps(list(wanted)), "since": since}
        for row in self.store.ask("collector/visitor_sessions", **values):
            self.visitors[site_id, row.visitor_id].sessions.append(session.from_row(row))
        for visitor, day in self.store.ask("collector/visitor_before", **values):
            self.visitors[site_id, visitor].earlier_day = day

    def _recall_views(self, site_id, wanted):
        for view in wanted:
            self.views[site_id, view] = View()
        for row in self.store.ask("collector/seen_views", site=site_id, views=json.dumps(list(wanted))):
            self.views[site_id, row.view] = View(row.at, row.session_id, row.number, int.from_bytes(row.mask, "little"))

    def visitor(self, site_id, visitor):
        """The Visitor, held longest from now on."""
        found = self.visitors.pop((site_id, visitor))
        self.visitors[site_id, visitor] = found
        return found

    def view(self, site_id, view):
        found = self.views.pop((site_id, view))
        self.views[site_id, view] = found
        return found

    def complete(self, found):
        """Adds the stored events to a session that was read from its row only."""
        for row in self.store.ask("collector/session_events", site=found.site_id, session=found.id):
            found.add(row)
        found.complete = True

    def ordered_before(self, site_id, transaction):
        return bool(self.store.ask("collector/order", site=site_id, transaction=transaction))

    def written(self):
        """The batch is in the store: lets go of what is new no more, and of what was not used for longest."""
        self.new_names, self.new_pages, self.grown = [], [], set()
        for held, most in ((self.visitors, MOST_VISITORS), (self.views, MOST_VIEWS)):
            for key in list(held)[:max(len(held) - most, 0)]:
                del held[key]


def transaction_hash(text):
    """64 bits that stand for a transaction_id, so that the id itself need not be kept."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
