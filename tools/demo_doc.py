"""Writes docs/demo.md: what is true of the demo's sixty days, beside what the reports say of them.

    .venv/bin/python tools/demo_doc.py

CLAIMS are checked one by one in tests/test_demo.py. The demo is filled in a
temporary directory, as `netiv demo` does it.
"""

import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from collector import sites  # noqa: E402
from collector.demo import truths  # noqa: E402
from collector.demo.cli import with_others  # noqa: E402
from collector.demo.people import messages  # noqa: E402
from collector.prepare import prepare  # noqa: E402
from experiments import demo as experiments  # noqa: E402
from experiments import outcomes, register  # noqa: E402
from journeys.reports import asked  # noqa: E402
from wsgi import netiv  # noqa: E402, F401, it says who takes part in the demo

NOW = 1_777_808_400_000  # Sunday 3 May 2026, 14:40 in Jerusalem: the clock went forward within the sixty days
CART, CHECKOUT, COMPARE, RETURNS, THANKS = (
    [f"/shop/{name}", f"/shop/he/{name}"] for name in ("cart", "checkout", "compare", "returns", "thanks"))
PRODUCTS = [f"*/{kind}/*" for kind in ("acoustic", "electric", "classical")]
MANY = {"limit": ["500"]}
WAY = ("product", "cart", "checkout", "paid")


@dataclass(frozen=True)
class Claim:
    """One sentence, its true answer, and the report that has to say the same."""

    says: str
    truth: Any
    report: str
    args: dict
    reads: Callable  # Report -> the same kind of answer


def totals(key):
    return lambda report: getattr(report.totals, key)


def column(name, key):
    """{name: number} of every row, without zeros."""
    return lambda report: {getattr(row, name): getattr(row, key) for row in report.rows if getattr(row, key)}


def reached(report):
    """Sessions at each step of a funnel."""
    return [row.sessions for row in report.rows]


def checkout(key):
    return lambda report: next(getattr(row, key) for row in report.rows if row.form == "checkout")


def cost(field):
    return lambda report: round(next(row.cost for row in report.rows if row.field == field))


def summed(key, pages):
    return lambda report: sum(getattr(row, key) for row in report.rows if row.page in pages)


def without_zeros(found):
    return {name: number for name, number in found.items() if number}


CLAIMS = (
    Claim("Sessions", truths.total("sessions"), "overview", {}, totals("sessions")),
    Claim("Visitors: those who agreed to be remembered count once, all others are new each time",
          truths.visitors(), "overview", {}, totals("visitors")),
    Claim("Page views", truths.PAGE_VIEWS, "overview", {}, totals("views")),
    Claim("Share of sessions that bounced", truths.BOUNCES / truths.total("sessions"), "overview", {}, totals("bounce_rate")),
    Claim("Sessions that saw a product", truths.total("product"), "overview", {"page": PRODUCTS}, totals("sessions")),
    Claim("Sessions that put one in the cart", truths.total("cart"), "overview", {"page": CART}, totals("sessions")),
    Claim("Sessions that opened the checkout", truths.total("checkout"), "overview", {"page": CHECKOUT}, totals("sessions")),
    Claim("Sessions that paid", truths.total("paid"), "overview", {}, totals("purchases")),
    Claim("What they paid, in agorot", truths.REVENUE, "goals", {}, totals("revenue")),
    Claim("Sessions by channel", truths.by("channel", "sessions"), "sources", {"by": ["channel"]}, column("value", "sessions")),
    Claim("Paid, by channel: AI assistants and the newsletter bring buyers, the Instagram campaign does not",
          truths.by("channel", "paid"), "sources", {"by": ["channel"]}, column("value", "conversions")),
    Claim("Paid, by source", truths.by("source", "paid"), "sources", {"by": ["source"]}, column("value", "conversions")),
    Claim("Sessions by campaign", truths.by("campaign", "sessions"), "sources", {"by": ["campaign"]}, column("value", "sessions")),
    Claim("Sessions by device", {device: truths.total("sessions", device) for device in ("desktop", "mobile")},
          "devices", {}, column("value", "sessions")),
    Claim("Paid, by device: a telephone sells worse", {device: truths.total("paid", device) for device in ("desktop", "mobile")},
          "devices", {}, column("value", "conversions")),
    Claim("Sessions in Hebrew, by the browser's language", truths.HEBREW, "overview", {"language": ["he"]}, totals("sessions")),
    Claim("Sessions that opened the slow page", truths.saw_compare(), "pages", MANY, summed("sessions", COMPARE)),
    Claim("… and left on it", truths.left_on_compare(), "pages", MANY, summed("exits", COMPARE)),
    Claim("Sessions that looked for the returns policy", truths.saw_returns(), "pages", MANY, summed("sessions", RETURNS)),
    Claim("… from the cart, and left there", truths.CART_TO_RETURNS, "overview", {"page": CART, "exit_page": RETURNS},
          totals("sessions")),
    Claim("Checkout form: sessions that saw it", truths.total("checkout"), "forms", {"by": ["form"]},
          checkout("viewers")),
    Claim("… touched a field", truths.started_checkout(), "forms", {"by": ["form"]}, checkout("starters")),
    Claim("… tried to send it", truths.submitted_checkout(), "forms", {"by": ["form"]}, checkout("submitters")),
    Claim("… gave up", truths.started_checkout() - truths.total("paid"), "forms", {"by": ["form"]},
          checkout("abandons")),
    Claim("… completed it: bought after they had started it", truths.total("paid"), "forms", {"by": ["form"]}, checkout("completions")),
    Claim("Field touched last by those who gave up: the telephone number loses most",
          {name: count for name, count in truths.LAST_FIELDS.items() if name}, "forms", MANY, column("field", "last_fields")),
    Claim("Orders a month at stake in the telephone number, beyond what the fields around it lose", truths.phone_cost(), "forms", {}, cost("phone")),
    Claim("Refused values: of telephone and card numbers the tracker says nothing",
          {"postcode": 2 * truths.LAST_FIELDS["postcode"]}, "forms", MANY, column("field", "errors")),
    Claim("Rage clicks on the button that does nothing", truths.RAGE, "clicks", MANY, totals("rage")),
    Claim("Dead clicks", truths.RAGE + truths.DEAD, "clicks", MANY, totals("dead")),
    Claim("Clicks on the broken voucher button", truths.VOUCHER_ERRORS, "clicks", MANY, totals("error_clicks")),
    Claim("Quick backs", truths.QUICK_BACKS, "clicks", {"by": ["page"]}, totals("quick_backs")),
    Claim("Clicks to other sites", truths.OUTBOUND, "goals", {"by": ["outbound"]}, totals("clicks")),
    Claim("Downloads", truths.DOWNLOADS, "goals", {"by": ["download"]}, totals("clicks")),
    Claim("Orders by GA4's events, shares and answers: sessions with each", {
        "view_item": truths.total("product"), "add_to_cart": truths.total("cart"), "begin_checkout": truths.total("checkout"),
        "purchase": truths.total("paid"), "share": truths.SHARES, "answer": truths.answers(0, 10)}, "goals", {"by": ["event"]}, column("value", "sessions")),
    Claim("Carts left without an order", truths.total("cart") - truths.total("paid"), "abandonment", {"of": ["cart"]}, totals("abandons")),
    Claim("Checkouts left without an order", truths.left_checkout(), "abandonment", {"of": ["checkout"]}, totals("abandons")),
    Claim("… and the field they left at", truths.LAST_FIELDS,
          "abandonment", {"of": ["checkout"], "by": ["field"]}, column("value", "abandons")),
    Claim("… and what went wrong last", truths.last_errors(), "abandonment", {"of": ["checkout"], "by": ["error"]}, column("value", "abandons")),
    Claim("Pain points, and sessions that met each: no others are found", truths.pain_points(), "pain", MANY,
          lambda report: {f"{row.kind}: {row.what}": row.sessions for row in report.rows}),
    Claim("Real orders, as the shop's own system has them", truths.total("paid") + truths.ORDERS_LOST, "orders", {}, totals("real")),
    Claim("… of which the tracking saw", truths.total("paid"), "orders", {}, totals("matched")),
    Claim("Contacts outside the page, by kind", truths.CONTACTS, "contacts", {}, column("contact", "contacts")),
    Claim("… of those by somebody whose session is known", {"call": truths.CONTACTS["call"], "phone_order": truths.ORDERS_BY_CUSTOMERS},
          "contacts", {}, column("contact", "joined")),
    Claim("Sessions of customers who had called before: they met the touchpoint of calls", truths.CALLS_BEFORE_RETURN, "touchpoints", {},
          lambda report: next(row.sessions for row in report.rows if row.touchpoint == "call")),
    Claim("The funnel that is found by itself, from those who saw a product to those who paid", [truths.total(step) for step in WAY],
          "funnel", {}, reached),
    Claim("… by its pages, from the cart to the thanks", [truths.total(step) for step in WAY[1:]], "funnel",
          {"steps": ["*/cart", "*/checkout", "*/thanks"]}, reached),
    Claim("… of telephones alone", [truths.total(step, "mobile") for step in WAY], "funnel", {"device": ["mobile"]}, reached),
    Claim("Visitors who can be known again: those who agreed to be remembered; all others end with the day",
          sum(truths.RETURNING.values()), "retention", {}, lambda report: report.extra["known"].visitors),
    Claim("Cohorts: first sessions of those visitors, by month together", sum(truths.RETURNING.values()), "retention", {"by": ["month"]},
          lambda report: sum({row.cohort: row.visitors for row in report.rows}.values())),
    Claim("Their first sessions, later sessions, and the sessions of all others",
          {"First session": sum(truths.RETURNING.values()), "Later session": truths.later_sessions(),
           "Cannot be known again": truths.total("sessions") - sum(truths.RETURNING.values()) - truths.later_sessions()},
          "loyalty", {}, column("kind", "sessions")),
    Claim("Customers, by how often they ordered, on the page and by telephone", {
        f"{times} order{'s' if times > 1 else ''}": count for times, count in truths.orders_of_customers().items()},
        "loyalty", {"by": ["orders"]}, column("size", "customers")),
    Claim("… and their orders outside the page", truths.ORDERS_BY_CUSTOMERS, "loyalty", {"by": ["orders"]}, lambda report: report.extra["outside"].made),
    Claim("Customers who ordered on two days or more: enough to say who is at risk", sum(
        count for times, count in truths.orders_of_customers().items() if times > 1), "customers", {}, lambda report: report.extra["found"]),
    Claim("Who speaks for the shop: sessions that shared it, came over a shared link, and answered how likely they are to recommend it",
          {"Shared": truths.SHARES, "Came over a link elsewhere": truths.total("sessions", origin="shared"), "Answered 9 or 10": truths.answers(9, 10),
           "Answered 7 or 8": truths.answers(7, 8), "Answered 0 to 6": truths.answers(0, 6)}, "advocates", {}, column("kind", "sessions")),
    Claim("Sessions that entered the stage of advocacy: those that shared", truths.SHARES, "stages", {},
          lambda report: next(row.sessions for row in report.rows if row.stage == "advocacy")),
    Claim("Visitors who entered the stage of consideration, as every session does: those who can be known again once each, and all others",
          truths.total("sessions") - truths.later_sessions(), "stages", {},
          lambda report: next(row.visitors for row in report.rows if row.stage == "consideration")),
    Claim("Left out, by reason", truths.LEFT_OUT, "exclusions", {}, column("reason", "events")),
)


def demo(directory, now=NOW):
    """(store, site, arguments of the sixty days) of a demo filled as at `now`."""
    store = prepare(directory)
    site = sites.add(store, "Six Strings", "localhost", key="demo")
    with_others(Path(directory), store, site, now)
    today = datetime.fromtimestamp(now / 1000, site.zone).date()
    first = today - timedelta(days=truths.DAYS - 1)
    return store, site, {"period": [f"{first}..{today}"]}


def answer(store, site, days, claim, now=NOW):
    """What the report says. A row without a name stands under ""."""
    found = claim.reads(asked(store, site, claim.report, {**days, **claim.args}, now))
    return {name.replace("(not set)", ""): number for name, number in found.items()} if isinstance(found, dict) else found


def dealt(site, now=NOW):
    """What is true of the four experiments: [experiments.demo.Dealt, …]."""
    found = []
    messages(now, site.zone, lambda told: found.extend(experiments.dealt(told, now)))
    return found


def counted(store, site, truth, now=NOW):
    """(visitors by variant, those who did it by variant) of an experiment, as its result page reads them."""
    record = register.by_key(store, site, truth.key)
    found = outcomes.read(store, site, record, now)
    return found.visitors, tuple(each.conversions for each in found.sums[record.experiment.primary.key])


def expected(claim):
    return without_zeros(claim.truth) if isinstance(claim.truth, dict) else claim.truth


def page(store, site, days):
    """The text of docs/demo.md."""
    lines = [HEAD]
    for claim in CLAIMS:
        address = "&".join(f"{key}={value}" for key, values in claim.args.items() if key != "limit" for value in values)
        where = f"{claim.report}{'?' if address else ''}{address}"
        lines.append(f"| {claim.says} | {shown(expected(claim))} | {shown(answer(store, site, days, claim))} | `{where}` |")
    lines.append(EXPERIMENTS)
    for each in dealt(site):
        of, did = counted(store, site, each.truth)
        lines.append(f"| {each.truth.name} | {each.truth.lift:+.0%} | {_counts(each.visitors, each.converted)} | {_counts(of, did)} |")
    return "\n".join(lines) + "\n"


def _counts(visitors, converted):
    return ", ".join(f"{did:,} of {of:,}" for of, did in zip(visitors, converted))


def shown(found):
    if isinstance(found, dict):
        ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
        return "<br>".join(f"{name or '(none)'}: {number:,}" for name, number in ordered)
    if isinstance(found, list):
        return " → ".join(f"{number:,}" for number in found)
    return f"{found:.1%}" if isinstance(found, float) else f"{found:,}"


HEAD = """# The demo, and what is true of it

`make run` fills a guitar shop with sixty days of made-up visitors. What they do is written down before they do it, in
`collector/demo/truths.py`; then they send the messages that browsers would send, through the spool and the loader. The days end at
the moment the demo is made, so the numbers of a single day differ from one making to the next; those of all sixty days never do.

Beside each truth stands what the report says. `tests/test_demo.py` compares them, and this page with itself: it is written by
`tools/demo_doc.py`.

| of the sixty days | true | Netiv says | report |
| --- | --- | --- | --- |"""

EXPERIMENTS = """
## Its four experiments

What is true of each stands in `experiments/demo.py`: how much more often (or not) the second variant leads to what the experiment is about. Visitors are
dealt to the variants so, and sent through the pipeline with the others. In the third, a cache in front of the second variant swallows the exposures of four in ten
of its visitors: the split is broken, and the page has to say so. Control first, then the second variant. An experiment
begins and ends at the hour at which the demo is made, so its counts move by a few from one making to the next; these are of one. On the command line
the demo's data and site have to be named: `netiv experiment list --data .netiv/demo --site demo`.

| experiment | true change | dealt out | Netiv counts |
| --- | --- | --- | --- |"""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        text = page(*demo(place))
    (ROOT / "docs" / "demo.md").write_text(text, encoding="utf-8")
    print("docs/demo.md is written.")
