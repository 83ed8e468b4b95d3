"""How often each rule of a journey held lately, from the totals: so that one that matches nothing is seen.

Channels, sources, campaigns, referring sites and goals are counted in sessions;
pages in page views; events in events; forms in sessions that saw them; orders in
orders. Of rules that look at a visitor's earlier visits the totals know nothing.
"""

from collector import filters
from collector.fields import N_
from collector.matcher import ANSWER_EVENT, SHARE_EVENT, group_of
from collector.wildcard import fits


UNITS = {"sessions": N_("sessions"), "views": N_("page views"), "events": N_("events"), "orders": N_("orders")}
DIMENSIONS = {"channel": "channel", "source": "source", "campaign": "campaign", "referral": "referrer"}


def counts(store, site, rules, first_day, last_day, groups=()):
    """{(kind, value): (count, unit)} of rules given as such pairs; those that cannot be counted are left out. `groups`: page_groups.ranked()."""
    days = {"site": site.id, "first_day": first_day, "last_day": last_day}
    kinds = {kind for kind, _ in rules}
    asked = {question: store.ask(f"collector/{question}", **days) for question, some in (
        ("rule_sources", {*DIMENSIONS, "goal"}), ("rule_pages", {"page", "group"}), ("rule_events", {"event", "share", "answer", "order"}),
        ("rule_forms", {"form"})) if kinds & some}
    return {(kind, value): found for kind, value in rules if (found := _count(asked, kind, value, group_of(groups)))}


def known(store, site, first_day, last_day, most=60):
    """Values to choose from: pages, events, forms and sources that were seen most."""
    days = {"site": site.id, "first_day": first_day, "last_day": last_day}
    return [row.value for question in ("rule_pages", "rule_events", "rule_forms")
            for row in store.ask(f"collector/{question}", **days)[:most]]


def _count(asked, kind, value, grouped):
    if kind in DIMENSIONS or kind == "goal":
        dimension = filters.DIMENSIONS[DIMENSIONS.get(kind, kind)]
        return _sum(asked["rule_sources"], [value], lambda row: row.dimension == dimension), "sessions"
    if kind == "page":
        return _sum(asked["rule_pages"], [value]), "views"
    if kind == "group":
        matches = fits(value)
        return sum(row.count for row in asked["rule_pages"] if matches(grouped(row.value)[0])), "views"
    if kind in ("event", "share", "answer"):
        return _sum(asked["rule_events"], [{"share": SHARE_EVENT, "answer": ANSWER_EVENT}.get(kind, value)]), "events"
    if kind == "form":
        return _sum(asked["rule_forms"], [value]), "sessions"
    if kind == "order":
        return _sum(asked["rule_events"], ["purchase"]), "orders"
    return None


def _sum(rows, patterns, also=lambda row: True):
    matchers = [fits(pattern) for pattern in patterns]
    return sum(row.count for row in rows if also(row) and row.value and any(matches(row.value) for matches in matchers))
