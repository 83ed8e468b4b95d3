"""What happened outside the demo shop's pages: its real orders, calls and visits to the workshop, and links that were printed.

All of it comes in as an owner's files would: collector/contacts.py. How many of each stands in truths.py.
"""

from datetime import UTC, datetime

from collector import campaigns, contacts
from collector.demo import truths
from collector.sheet_reader import Line, Sheet

WHO = "Netiv demo"
DAY = 86_400_000
NOTES = {"call": "asked when the guitar arrives", "shop_visit": "tried two guitars", "mail": "asked about strings", "chat": "asked about the returns policy",
         "phone_order": "did not want to type"}
LINKS = ({"address": "/shop/", "source": "instagram", "medium": "paid_social", "campaign": "summer-strings"},
         {"address": "/shop/", "source": "newsletter", "medium": "email", "campaign": "new-in-the-workshop"},
         {"address": "/shop/", "source": "fair", "medium": "qr", "campaign": "autumn-fair", "content": "stand"})


def join(told, store, site, now):
    """Nothing to add to the visitors."""


def end(store, site, now):
    """Brings in real orders, of which the tracking lost a few, and contacts; some calls are about an order, and say which."""
    tracked = store.ask("collector/purchases", site=site.id)
    lost = [(now - (number + 1) * 6 * DAY, f"LOST-{number + 1}", 149_000) for number in range(truths.ORDERS_LOST)]
    orders = sorted([(row.at, row.transaction_id, row.value) for row in tracked] + lost)
    _bring(store, site, "orders", ("at", "code", "value"), [(_written(at), code, f"{value / 100:.2f}") for at, code, value in orders], "orders.csv", now)
    about = [(row.at + DAY, "call", row.transaction_id, "") for row in tracked[::10][:truths.CONTACTS["call"]]]
    others = [(now - DAY - 56 * DAY * number // count, kind, "", "1290.00" if kind == "phone_order" else "")
              for kind, count in truths.CONTACTS.items() if kind != "call" for number in range(count)]
    _bring(store, site, "contacts", ("at", "kind", "code", "value", "note"),
           [(_written(at), kind, code, value, NOTES[kind]) for at, kind, code, value in sorted(about + others)], "contacts.csv", now)
    for link in LINKS:
        campaigns.add(store, site, link, WHO)


def _bring(store, site, what, header, rows, file, now):
    plan = contacts.look(store, site, Sheet(header, [Line(number, row) for number, row in enumerate(rows, 2)]), what, now=now)
    contacts.bring_in(store, site, plan, WHO, file)


def _written(at):
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
