"""Whether visitors become customers who stay: new against returning, how often customers order, how long until the second order."""

from operator import sub
from typing import NamedTuple

from collector import filters as narrowing
from journeys import buyers, cohorts, columns, listing, survival
from journeys.ask import ask_visitors, keep, read_columns, read_visitors, session_count
from journeys.options import Option, check
from journeys.report import Column, N_, Report
from journeys.retention import known_visitors, notes_on

NAME = "loyalty"
TITLE = N_("Loyalty")
OPTIONS = (Option("by", "visits", N_("What to list"), choices=("visits", "orders", "wait")),)
MOST_ORDERS = 6  # this many or more stand together
DAYS = (7, 14, 30, 60, 90, 180, 365)
FEWEST = 30  # customers of whom a curve is drawn
DAY = 86_400_000
NEW, RETURNING, UNKNOWN = N_("First session"), N_("Later session"), N_("Cannot be known again")
SIZES = {1: N_("1 order"), 2: N_("2 orders"), 3: N_("3 orders"), 4: N_("4 orders"), 5: N_("5 orders"), 6: N_("6 orders or more")}
VISITS = (
    Column("kind", N_("Visitor's"), "words", N_(
        "A visitor's first session ever, or a later one. Without consent or a customer id of yours nobody can tell.")),
    columns.SESSIONS, columns.CONVERSIONS, columns.CONVERSION_RATE, columns.CONVERSION_LOW, columns.CONVERSION_HIGH,
    columns.PURCHASES, columns.REVENUE,
    Column("mean", N_("Revenue a session"), "money", N_(
        "Revenue over all sessions, those without an order too. From thirty sessions on."), of="sessions",
        interval=("mean_low", "mean_high")),
    Column("mean_low", N_("Revenue a session, low end"), "money", N_("Low end of the mean's interval of 95 % (normal).")),
    Column("mean_high", N_("Revenue a session, high end"), "money", N_("High end of the mean's interval of 95 % (normal).")),
)
ORDERS = (
    Column("size", N_("Ordered so far"), "words", N_("How many orders a customer made until the last of these days.")),
    Column("customers", N_("Customers"), "count", N_(
        "Visitors who can be known again and ordered in these days, on the page or outside it. Filters choose them by their first session.")),
    Column("share", N_("Share"), "rate", N_("These customers out of all who ordered in these days."), of="of_customers",
           interval=("low", "high")),
    Column("low", N_("Share, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="of_customers"),
    Column("high", N_("Share, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="of_customers"),
    Column("of_customers", N_("All customers"), "count", N_("Customers who ordered in these days.")),
    Column("revenue", N_("Revenue"), "money", N_("What these customers paid in all their orders so far.")),
    Column("orders", N_("Orders"), "count", N_("All orders of these customers so far, on the page and outside it.")),
    Column("outside", N_("Outside the page"), "count", N_(
        "Those of them that were made elsewhere, on the telephone or in the shop: brought in with the customer's id or a code, and not tracked.")),
)
WAIT = (
    Column("days", N_("Days since the first order"), "number", N_("Days of 24 hours after a customer's first order.")),
    Column("again", N_("Ordered again"), "rate", N_(
        "Share of customers whose second order came within so many days. Customers not yet watched for so long count for as long as "
        "they were (Kaplan and Meier 1958)."), of="customers", interval=("low", "high")),
    Column("low", N_("Ordered again, low end"), "rate", N_("Low end of its interval of 95 % (Greenwood, log(-log)).")),
    Column("high", N_("Ordered again, high end"), "rate", N_("High end of its interval of 95 % (Greenwood, log(-log)).")),
    Column("at_risk", N_("Still watched"), "count", N_("Customers without a second order who were watched for longer than that.")),
    Column("customers", N_("Customers"), "count", N_("Customers whose first order lies in these days.")),
)


class Visits(NamedTuple):
    kind: str
    sessions: int
    conversions: int
    conversion_rate: float | None
    conversion_low: float | None
    conversion_high: float | None
    purchases: int
    revenue: int
    mean: int | None  # minor units
    mean_low: int | None
    mean_high: int | None


class Size(NamedTuple):
    size: str
    customers: int
    share: float | None
    low: float | None
    high: float | None
    of_customers: int
    revenue: int
    orders: int
    outside: int


class Wait(NamedTuple):
    days: int
    again: float
    low: float | None
    high: float | None
    at_risk: int
    customers: int


class Difference(NamedTuple):
    """Conversion rate of later sessions minus that of first ones, with Newcombe's interval; None of nothing."""

    effect: float | None
    low: float | None
    high: float | None


class Repeat(NamedTuple):
    """Customers of the period who ordered more than once so far."""

    customers: int
    repeated: int
    rate: float | None
    low: float | None
    high: float | None


class Outside(NamedTuple):
    """Orders that were made outside the page, and out of how many."""

    made: int
    of_orders: int


class Second(NamedTuple):
    """Median days until the second order, of customers whose first order lies in the period; None below FEWEST or where
    fewer than half ordered again so far."""

    customers: int
    repeated: int
    median: float | None
    low: float | None
    high: float | None


class Sums(NamedTuple):
    """What some sessions did. `squares` are of each one's revenue."""

    sessions: int
    conversions: int
    purchases: int
    revenue: int
    squares: float = 0.0


def report(store, site, period, filters, **options):
    """`extra` has all that is said over the table: "known", "difference", "repeat", "second", "outside"."""
    options = check(OPTIONS, options)
    orders = buyers.orders(store, site, period, filters)
    visits = _visits(*_counted(store, site, period, filters))
    sizes = _sizes(orders, period)
    times, steps, second = _second(orders, period, buyers.watched_until(store, site, period, orders))
    shown, rows = {"visits": (VISITS, visits), "orders": (ORDERS, sizes), "wait": (WAIT, _waits(times, steps))}[options["by"]]
    known = known_visitors(store, site, period)
    of = sum(row.customers for row in sizes)
    repeated = of - sizes[0].customers if sizes else 0
    return Report(NAME, TITLE, shown, tuple(rows), None, period, filters, notes_on(known),
                  extra={"known": known, "difference": _difference(*visits[:2]), "second": second,
                         "repeat": Repeat(of, repeated, *cohorts.share(repeated, of)),
                         "outside": Outside(sum(row.outside for row in sizes), sum(row.orders for row in sizes))})


def _difference(new=None, later=None):
    if not new or not new.sessions or not later.sessions:
        return Difference(None, None, None)
    return Difference(later.conversion_rate - new.conversion_rate,
                      *listing.newcombe(later.conversions, later.sessions, new.conversions, new.sessions))


def _counted(store, site, period, filters):
    """(first sessions of those who can be known again, all of theirs, all sessions), a Sums of each."""
    past = buyers.whole_past(period)  # days before it say which session is the first
    if filters:
        return keep(store, site, past, filters, "loyalty", lambda: _of_chosen(store, site, period, past, filters))

    def of_visitors(question):
        return Sums(*map(sum, zip(*ask_visitors(store, question, site, past, start=period.start))))
    return of_visitors("loyalty_first"), of_visitors("loyalty_known"), Sums(*session_count(store, site, period, filters))


def _of_chosen(store, site, period, past, filters):
    """The same of the sessions that filters choose, from columns of days."""
    import numpy as np  # not above: the server starts without it

    from journeys import ways
    ids = np.sort(np.concatenate(read_visitors(store, "first_ids", site, past, narrowing.NONE, lambda rows: ways.numbers(rows[0].ids), start=period.start)))

    def read(part):
        of = part.sessions
        first = np.zeros(len(of.id), bool)
        first[np.searchsorted(of.id, ids[ways.among(ids, of.id)])] = True
        return [_sums(of, np.flatnonzero(part.chosen & some)) for some in (first, of.known > 0, True)]

    found = read_columns(store, site, period, filters, {"sessions": ("id", "known", *Sums._fields[1:-1])}, read)
    return [Sums(*map(sum, zip(*each))) for each in zip(*found)]


def _sums(of, some):
    """The Sums of sessions at some places."""
    paid = of.revenue[some].astype(float)
    return Sums(len(some), int(of.conversions[some].sum()), int(of.purchases[some].sum()), int(paid.sum()), float((paid ** 2).sum()))


def _visits(first, known, everything):
    """The rows, of such three Sums."""
    if not everything.sessions:
        return []
    later, others = (Sums(*map(sub, whole, part)) for whole, part in ((known, first), (everything, known)))
    return [_visit(NEW, *first), _visit(RETURNING, *later), _visit(UNKNOWN, *others[:4])]


def _visit(kind, sessions, conversions, purchases, revenue, squares=None):
    mean = cohorts.mean(revenue, squares, sessions) if squares is not None else (listing.rate(revenue, sessions), None, None)
    return Visits(kind, sessions, conversions, *cohorts.share(conversions, sessions), purchases, revenue,
                  *(None if each is None else round(each) for each in mean))


def _sizes(orders, period):
    sizes = {size: [0, 0, 0, 0] for size in SIZES}
    for each in orders.values():
        if period.includes(each[-1].at) or any(period.includes(order.at) for order in each):
            found = sizes[min(len(each), MOST_ORDERS)]
            found[0] += 1
            found[1] += sum(order.value or 0 for order in each)
            found[2] += len(each)
            found[3] += buyers.made_outside(each)
    of = sum(count for count, *_ in sizes.values())
    return [Size(SIZES[size], count, *cohorts.share(count, of), of, *sums) for size, (count, *sums) in sizes.items()] if of else []


def _second(orders, period, until):
    """(time and whether it happened of each, Steps of the curve or none where there are too few customers, the Second)."""
    times = [(each[1].at - each[0].at, True) if len(each) > 1 else (until - each[0].at, False)
             for each in orders.values() if period.includes(each[0].at)]
    repeated = sum(happened for _, happened in times)
    steps = survival.curve(times) if len(times) >= FEWEST else []
    median = survival.median(steps)
    return times, steps, Second(len(times), repeated, *(None if at is None else at / DAY for at in median))


def _waits(times, steps):
    """Rows as far as anybody was watched; none where there is no curve."""
    found = []
    for days in DAYS:
        watched = sum(time > days * DAY for time, _ in times)
        if steps and watched:
            step = survival.at(steps, days * DAY)
            share = (1 - step.waiting, 1 - step.high, 1 - step.low) if step else (0.0, None, None)
            found.append(Wait(days, *share, watched, len(times)))
    return found
