"""Contacts outside the page, by kind: as people wrote them down, and how many belong to visitors who were seen on the site."""

from typing import NamedTuple

from collector import contacts
from journeys import listing
from journeys.options import check
from journeys.report import Column, N_, Report

NAME = "contacts"
TITLE = N_("Contacts outside the page")
OPTIONS = ()
REPORTED = N_("Reported, not measured: these contacts were written down by people and brought in.")
NO_FILTERS = N_("Filters do not apply here: a contact outside the page belongs to no session.")
COLUMNS = (
    Column("contact", N_("Contact"), "text", N_("Calls, visits to the shop, mails, orders by telephone, chats.")),
    Column("contacts", N_("Contacts"), "count", N_("How many were written down on these days.")),
    Column("joined", N_("Joined"), "count", N_(
        "Contacts with a customer, or a code, that was seen in some session of the site, whenever that was.")),
    Column("share", N_("Share joined"), "rate", N_("Joined contacts out of all of the kind."), of="contacts", interval=("low", "high")),
    Column("low", N_("Share joined, low end"), "rate", N_("Low end of the share's interval of 95 % (Wilson)."), of="contacts"),
    Column("high", N_("Share joined, high end"), "rate", N_("High end of the share's interval of 95 % (Wilson)."), of="contacts"),
    Column("value", N_("Value"), "money", N_("Sum of what was written down with them, in the site's currency.")),
)


class Row(NamedTuple):
    contact: str
    contacts: int
    joined: int
    share: float | None
    low: float | None
    high: float | None
    value: int


def report(store, site, period, filters, **options):
    check(OPTIONS, options)
    found = contacts.counts(store, site, period)
    rows = tuple(_row(kind, count) for kind, count in found.items())
    total = contacts.Count(*(sum(numbers) for numbers in zip(*found.values()))) if found else contacts.Count(0, 0, 0)
    return Report(NAME, TITLE, COLUMNS, rows, _row("", total), period, filters, notes=((NO_FILTERS,) if filters else ()) + (REPORTED,))


def _row(kind, count):
    low, high = listing.wilson(count.joined, count.contacts)
    return Row(kind, count.contacts, count.joined, listing.rate(count.joined, count.contacts), low, high, count.value)
