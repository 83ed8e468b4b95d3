"""What happened outside the demo shop's pages: its real orders, calls and visits to the workshop, and links that were printed.

All of it comes in as an owner's files would: collector/contacts.py. How many of each stands in truths.py. Calls are a touchpoint of the shop's journey.
"""

from datetime import UTC, datetime
from functools import partial

from collector import campaigns, contacts
from collector.contact_rows import KINDS
from collector.demo import truths
from collector.sheet_reader import Line, Sheet
from collector.visitor import Visitors

WHO = "Netiv demo"
DAY = 86_400_000
PRICE = "1290.00"  # of an order by telephone
NOTES = {"call": "asked when the guitar arrives", "shop_visit": "tried two guitars", "mail": "asked about strings", "chat": "asked about the returns policy",
         "phone_order": "did not want to type"}
LINKS = ({"address": "/shop/", "source": "instagram", "medium": "paid_social", "campaign": "summer-strings"},
         {"address": "/shop/", "source": "newsletter", "medium": "email", "campaign": "new-in-the-workshop"},
         {"address": "/shop/", "source": "fair", "medium": "qr", "campaign": "autumn-fair", "content": "stand"})


def join(told, store, site, now):
    """Customers who sign in become the visitors that their numbers stand for."""
    number_to_visitor = partial(Visitors(store.path.parent / "keys").customer, site)
    for person in {id(visit.person): visit.person for visit, _ in told}.values():
        if person.customer:
            person.number_to_visitor = number_to_visitor
            person.visitor = number_to_visitor(person.customer)


def with_calls(journey):
    """A journey's mapping with calls as a touchpoint of its stage of retention."""
    number = 1 + max(touchpoint["number"] for stage in journey["stages"] for touchpoint in stage["touchpoints"])
    calls = {"number": number, "key": "call", "name": KINDS["call"], "rules": [{"kind": "contact", "value": "call"}]}
    return journey | {"stages": [stage | {"touchpoints": [*stage["touchpoints"], calls]} if stage["key"] == "retention" else stage
                                 for stage in journey["stages"]]}


def end(told, store, site, now):
    """Brings in real orders, of which the tracking lost a few, and contacts: some calls say which order they are about; customers who sign in
    call before they come back, and order by telephone after their last visit.
    """
    tracked = store.ask("collector/purchases", site=site.id)
    lost = [(now - (number + 1) * 6 * DAY, f"LOST-{number + 1}", 149_000) for number in range(truths.ORDERS_LOST)]
    orders = sorted([(row.at, row.transaction_id, row.value) for row in tracked] + lost)
    _bring(store, site, "orders", ("at", "code", "value"), [(_written(at), code, f"{value / 100:.2f}") for at, code, value in orders], "orders.csv", now)
    by_customers = _by_customers(told, now)
    about = [(row.at + DAY, "call", "", row.transaction_id, "")
             for row in [row for row in tracked if not row.known_again and row.at + DAY < now][::4][:truths.CALLS_ABOUT_ORDERS]]
    others = [(now - DAY - 56 * DAY * number // count, kind, "", "", PRICE if kind == "phone_order" else "")
              for kind, count in truths.CONTACTS.items() if kind != "call"
              for number in range(count - (truths.ORDERS_BY_CUSTOMERS if kind == "phone_order" else 0))]
    _bring(store, site, "contacts", ("at", "kind", "customer", "code", "value", "note"),
           [(_written(at), kind, *more, NOTES[kind]) for at, kind, *more in sorted(about + others + by_customers)], "contacts.csv", now)
    for link in LINKS:
        campaigns.add(store, site, link, WHO)


def _by_customers(told, now):
    """Calls of some customers within the hours before they came back, and orders by telephone of others who have not been here for three days."""
    moments = {}
    for visit, at in told:
        if visit.person.customer:
            moments.setdefault(visit.person.customer, []).append(at)
    gone = [customer for customer, visits in moments.items() if visits[-1] < now - 3 * DAY][:truths.ORDERS_BY_CUSTOMERS]
    calling = [customer for customer in moments if customer not in gone][:truths.CALLS_BEFORE_RETURN]
    return [(moments[customer][-1] - DAY // 4, "call", customer, "", "") for customer in calling] + [
        (moments[customer][-1] + 2 * DAY, "phone_order", customer, "", PRICE) for customer in gone]


def _bring(store, site, what, header, rows, file, now):
    plan = contacts.look(store, site, Sheet(header, [Line(number, row) for number, row in enumerate(rows, 2)]), what, now=now)
    contacts.bring_in(store, site, plan, WHO, file)


def _written(at):
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
