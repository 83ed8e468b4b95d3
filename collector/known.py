"""A site as the loader knows it: its goals and trials, its days, what is its own, and what was worked out once and is asked often. Pure."""

import re

from collector import mask, period
from collector.wildcard import fits

LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")
QUARTER = 15 * 60_000  # clocks change on the quarter of an hour
MOST_QUARTERS = 20_000


def home(site, here=""):
    """Where the site's pages are: https://shop.example.

    A site of this machine without a port, as the demo's, is at home where Netiv is: `here`, Netiv's own address.
    """
    if site.domain in LOCAL and here:
        return here.rstrip("/")
    return f"{'http' if site.domain.rpartition(':')[0] in LOCAL else 'https'}://{site.domain}"


class KnownSite:
    """A site with its goals and Trials (None without any), and what was worked out for it."""

    def __init__(self, site, goals, trials=None):
        self.site, self.goals, self.trials = site, goals, trials
        self.has_events = False
        self.id = site.id
        self.zone = site.zone
        self.off = site.exclusions_off
        self.event_goals = {}
        for goal in goals:
            if goal.kind == "event":
                self.event_goals.setdefault(goal.pattern, []).append(goal.id)
        self.page_goals = [(goal.id, fits(goal.pattern)) for goal in goals if goal.kind == "page"]
        self.page_ids = {}  # address without query: page id
        self.goals_of_page = {}  # page id: goal ids
        self.origins = {}  # (query, referrer): ids
        self.days = {}  # quarter of an hour: (day, hour)
        self.growth = {}  # day: [names, pages]
        self.rejected = {}  # day: how many refused events are kept

    def see_page(self, page_id, path):
        """Called once of each page, before events of it come."""
        self.goals_of_page[page_id] = [goal for goal, matches in self.page_goals if matches(path)]
        if self.trials:
            self.trials.see_page(page_id, path)

    def day_and_hour(self, at):
        found = self.days.get(at // QUARTER)
        if found is None:
            if len(self.days) >= MOST_QUARTERS:
                self.days.clear()
            found = self.days[at // QUARTER] = period.day_of(at, self.zone), period.hour_of(at, self.zone)
        return found

    def own(self, host):
        """Whether a host, without www, is the site's own. A demo or local site is at home on this machine."""
        domain = self.site.domain
        if host == domain:
            return True
        bare = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        if bare in LOCAL:
            return self.site.key == "demo" or domain.rpartition(":")[0] in LOCAL or domain in LOCAL
        return False

    def path(self, address):
        """The page of an address: its path, after its host when that is another's."""
        host, path = mask.address(address)
        return path if not host or self.own(host) else host + path
