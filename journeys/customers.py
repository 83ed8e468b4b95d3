"""Customers at risk: who ordered more than once, how likely each still is a customer, and what is at stake.

By the BG/NBD model of repeat buying (buying.py), fitted to all customers of the
site who can be known again. With too few of them who ordered again nothing is said.
"""

from typing import NamedTuple

from journeys import buyers, buying, names
from journeys.listing import chosen
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report
from journeys.retention import notes_of

NAME = "customers"
TITLE = N_("Customers at risk")
OPTIONS = (Option("days", 90, N_("How many days ahead to look"), least=7, most=365), *LISTING)
WEEK = 7 * 86_400_000
TOO_FEW = N_("Not enough data: fifty customers who can be known again must have ordered on two days or more. With fewer, what the "
             "model says of each is mostly chance, so it says nothing.")
COLUMNS = (
    Column("customer", N_("Customer"), "text", N_("The visitor's name in addresses. It says nothing about who it is."), filter="person"),
    Column("orders", N_("Orders"), "count", N_("Days on which the customer ordered, until the last of these days.")),
    Column("outside", N_("Outside the page"), "count", N_(
        "Orders of the customer that were made elsewhere, on the telephone or in the shop: brought in with the customer's id or a code, and not tracked.")),
    Column("last", N_("Last order"), "time", N_("When the customer last ordered."), to="session"),
    Column("session", N_("Session"), "text", N_("The session's name in addresses, empty where the last order was made outside the page. It says nothing of whose session it was.")),
    Column("value", N_("Mean order"), "money", N_("What the customer paid, over the orders whose value is known.")),
    Column("alive", N_("Still a customer"), "rate", N_(
        "Probability of it, by the BG/NBD model of Fader, Hardie and Lee (2005), from how often the customer ordered and how long ago.")),
    Column("expected", N_("Orders to expect"), "number", N_("How many orders the model expects in the days to come: 90, unless another number is asked for.")),
    Column("revenue", N_("Revenue to expect"), "money", N_("These orders at the customer's mean order.")),
    Column("stake", N_("At stake"), "money", N_(
        "What the customer would bring in the days to come if surely still one, minus what is to be expected. An order of magnitude.")),
)


class Row(NamedTuple):
    customer: str
    orders: int
    outside: int
    last: int
    session: str  # of the last order, "" of one made elsewhere
    value: int  # minor units
    alive: float
    expected: float
    revenue: int
    stake: int


def report(store, site, period, filters, **options):
    """Those with most at stake first. `extra["model"]` is the buying.Model, None when there are too few customers;
    `extra["customers"]` and `extra["repeated"]` say of how many, `extra["outside"]` how many of their `extra["orders"]` were made outside the page.
    """
    options = check(OPTIONS, options)
    orders = buyers.orders(store, site, period, filters)
    until = buyers.watched_until(store, site, period, orders)
    known = {customer: _known(each, until) for customer, each in orders.items()}
    names_of = names.of(store, site)
    model = buying.fit(list(known.values()))
    rows = sorted((_row(model, names_of, customer, orders[customer], each, options["days"] / 7) for customer, each in known.items()
                   if each.repeats), key=lambda row: (-row.stake, row.customer)) if model else []
    rows, found = chosen(rows, COLUMNS, options)
    return Report(NAME, TITLE, COLUMNS, rows, None, period, filters, (*notes_of(store, site, period), *(() if model else (TOO_FEW,))),
                  extra={"found": found, "model": model, "customers": len(known),
                         "repeated": sum(each.repeats > 0 for each in known.values()),
                         "orders": sum(map(len, orders.values())), "outside": sum(map(buyers.made_outside, orders.values()))})


def _known(orders, until):
    """The buying.Customer: orders of one day are one."""
    if len(orders) == 1:  # as of most
        return buying.Customer(0, 0.0, (until - orders[0].at) / WEEK)
    first = {}
    for order in orders:
        first.setdefault(order.day, order.at)
    days = sorted(first.values())
    return buying.Customer(len(days) - 1, (days[-1] - days[0]) / WEEK, (until - days[0]) / WEEK)


def _row(model, names_of, customer, orders, known, weeks):
    last = orders[-1]
    priced = {order.day for order in orders if order.value is not None}
    value = sum(order.value or 0 for order in orders) / (len(priced) or 1)
    alive, if_alive = buying.alive(model, known), buying.expected_of_alive(model, known, weeks)
    return Row(names_of.person(customer), known.repeats + 1, buyers.made_outside(orders), last.at, names_of.session_or_none(last.session_id), round(value), alive,
               round(alive * if_alive, 2), round(alive * if_alive * value), round((1 - alive) * if_alive * value))
