"""How long everything takes that the result page of a large experiment is made of: a million visitors, five variants, ten metrics.

    python -m bench.experiments [VISITORS]      three minutes; writes bench/results/experiments.json

The tables are filled by the loader's own code from the unit on: a visitor's
events are taken by collector/unit.py, and its rows and sums are written by the
store's transaction for the loader. There is no spool, and sessions and events
are written of those visitors only whom the page looks at one by one, its sample.
28 days, 31 segments; of the visitors 5 % buy, 25 % begin the form, 30 % put into the cart.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from collector import outcomes as kept
from collector import period, session, sites, totals, trials, unit
from collector.events import CUSTOM, FIELD, FORM, PAGEVIEW, START, SUBMIT
from collector.prepare import prepare
from collector.storage.changes import Changes
from experiments import outcomes, register, results, steps

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench/results/experiments.json"
UNTIL = 1795500000000
DAYS, DAY = 28, 86_400_000
AT_ONCE = 50_000  # visitors in one transaction
RUNS = 9
VARIANTS = ("control", "short", "one-page", "guest", "wallet")
SEGMENTS = {"device": ("mobile", "desktop", "tablet"), "browser": ("Chrome", "Safari", "Edge", "Firefox", "Samsung Internet", "Opera"),
            "channel": ("Organic Search", "Direct", "Paid Search", "Email", "Organic Social", "Paid Social", "Referral", "AI Assistants"),
            "country": ("IL", "US", "FR", "DE", "GB", "RU", "NL", "IT", "ES", "CA", "AU", "BR")}
DEFINITION = {
    "key": "checkout", "variants": [{"key": key, "weight": 1 / len(VARIANTS)} for key in VARIANTS],
    "primary": {"key": "paid", "kind": "conversion", "event": "purchase"},
    "secondary": [{"key": "revenue", "kind": "revenue"}, {"key": "value", "kind": "order_value"},
                  {"key": "time", "kind": "time", "event": "purchase"}, {"key": "carts", "kind": "count", "event": "add_to_cart"},
                  {"key": "begun", "kind": "conversion", "event": "begin_checkout"},
                  {"key": "thanked", "kind": "conversion", "page": "/thank-you"}],
    "guardrails": [{"key": "errors", "kind": "form_errors", "form": "checkout", "margin": 0.1},
                   {"key": "lost", "kind": "abandonment", "form": "checkout", "margin": 0.02},
                   {"key": "calls", "kind": "count", "event": "call", "margin": 0.1}],
    "plan": {"visitors": 1_000_000}}
PURCHASE, CART, BEGIN, CALL, CHECKOUT, FIELDS = range(1, 7)  # ids of names, the last of the first field
NAMES = ["purchase", "add_to_cart", "begin_checkout", "call", "checkout", *(f"field {place}" for place in range(10))]
THANKS = 1  # id of the page


def main(visitors=1_000_000):
    with tempfile.TemporaryDirectory() as directory:
        store = prepare(directory)
        site = sites.add(store, "Big shop", "big.example", key="big")
        register.add(store, site, DEFINITION, "bench", now=UNTIL - DAYS * DAY)
        register.start(store, site, "checkout", "bench", now=UNTIL - DAYS * DAY, unchecked=True)
        began = time.monotonic()
        fill(store, site, visitors)
        filled = time.monotonic() - began
        figures = {"visitors": visitors, "variants": len(VARIANTS), "metrics": 10, "filled_seconds": round(filled), **measure(store, site),
                   "rows": {table: _one(store, f"select count(*) from {table}")
                            for table in ("exposures", "outcomes", "exposure_days", "outcome_days")}}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures) + "\n", encoding="utf-8")
    print(json.dumps(figures))


def measure(store, site):
    """Milliseconds by the clock, and by the processor, which a busy machine changes less: medians, after a first look that
    freezes the caps. `read` is what stands in sums and outcomes, `result` all that page, API and packet show."""
    figures = {}
    for name, asked in (("read", outcomes.read), ("result", results.result)):
        found = []
        for _ in range(RUNS + 1):
            record = register.by_key(store, site, "checkout")
            clock, processor = time.perf_counter(), time.process_time()
            asked(store, site, record, UNTIL)
            found.append(((time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000))
        figures[f"{name}_ms"], figures[f"{name}_cpu_ms"] = (round(statistics.median(column), 1) for column in zip(*found[1:]))
    return figures


def fill(store, site, visitors, seed=5):
    random = Random(seed)
    trial = trials.by_site(trials.stored(store))[site.id].trials[0]
    store.write(Changes({"names": [(number, text) for number, text in enumerate(NAMES, 1) if number > 1],  # the first is there
                         "pages": [(THANKS, site.id, "/thank-you")]}), None)
    ids = _names(store)
    first = period.day_of(UNTIL, site.zone) - DAYS
    numbers = sorted(random.getrandbits(64) - (1 << 63) for _ in range(visitors))
    by_event = _by_event(trial)
    for start in range(0, visitors, AT_ONCE):
        sums, exposures, rows, visits = {table: {} for table in unit.TABLES}, [], [], []
        for number in numbers[start:start + AT_ONCE]:
            found = _unit(random, trial, number, site, first, ids)
            events = list(_events(random, found))
            for what, row in events:
                for metric in by_event[what]:
                    found.take(metric, row)
            if number >= numbers[-steps.MOST - 1000 if visitors > steps.MOST + 1000 else 0]:
                visits.append(_visit(random, site, found, [row for _, row in events]))
            totals.add(sums, unit.contribution(found))
            exposures.append(unit.exposure_row(found))
            rows += unit.outcome_rows(found)
        store.write(Changes({"exposures": exposures, "outcomes": sorted(rows), **kept.grown(sums),
                             "events": [row for _, own in visits for row in own],
                             "sessions": [session.row(visit) for visit, _ in visits]}), None)
        print(f"\r{min(start + AT_ONCE, visitors):,} of {visitors:,} visitors", end="", file=sys.stderr)
    print(file=sys.stderr)


def _unit(random, trial, number, site, first, ids):
    day = first + int(random.random() * DAYS)
    at = period.day_start(day, site.zone) + int(random.random() * DAY * 0.9)
    chosen = tuple(own[min(int(random.expovariate(0.8)), len(own) - 1)] for own in ids)
    return unit.Unit(trial, number, int(random.random() * len(VARIANTS)), at, day, 0, session.session_id(at, number), int(random.random() < 0.001),
                     (*chosen, int(random.random() < 0.2)))


def _events(random, found):
    """(what it is of, row of `events`) of one visitor."""
    if found.multiple:
        return
    chance, at = random.random(), found.at
    if found.segments[-1] and chance < 0.1:
        yield "purchase", _row(at - DAY, CUSTOM, PURCHASE, value=int(random.lognormvariate(10, 0.9)))
    if chance < 0.3:
        for _ in range(1 + int(random.expovariate(1.2))):
            yield "add_to_cart", _row(at + 20_000, CUSTOM, CART)
    if chance < 0.25:
        yield "begin_checkout", _row(at + 40_000, CUSTOM, BEGIN)
        yield "checkout", _row(at + 50_000, FORM, CHECKOUT, START)
        for _ in range(int(random.expovariate(1.5))):
            yield "checkout", _row(at + 60_000, FIELD, CHECKOUT)
    if chance < 0.05:
        paid = at + 60_000 + int(random.lognormvariate(11.5, 0.8))
        yield "checkout", _row(paid - 1000, FORM, CHECKOUT, SUBMIT)
        for _ in range(1 + (random.random() < 0.1)):
            yield "purchase", _row(paid, CUSTOM, PURCHASE, value=int(random.lognormvariate(10, 0.9)))
        yield "/thank-you", _row(paid + 500, PAGEVIEW, 0)
    if random.random() < 0.01:
        yield "call", _row(at + 30_000, CUSTOM, CALL)


def _visit(random, site, found, rows):
    """(Session, rows of events) of a visitor: what the metrics count, eight views, and fields of the form when it was begun."""
    rows += [_row(found.at + 3000 * place, PAGEVIEW, 0) for place in range(8)]
    if any(row[4] == FORM for row in rows):
        rows += [_row(found.at + 51_000 + 4000 * place, FIELD, CHECKOUT, 600, 3000, FIELDS + place)
                 for place in range(int(random.random() ** 0.5 * 11))]
    visit = session.Session(site.id, found.session_id, found.id, found.day, 0, None, found.at, THANKS, (0,) * 7, (0,) * 5)
    done = []
    for number, row in enumerate(sorted((row for row in rows if row[3] >= found.at), key=lambda row: row[3]), 1):
        done.append((site.id, visit.id, number, *row[3:]))
        visit.add(done[-1])
    return visit, done


def _row(at, kind, name, x=None, value=None, element=0):
    return 1, 1, 1, at, kind, 1, THANKS, name, element, 0, x, None if kind != FIELD else 0, value, None


def _by_event(trial):
    found = {}
    for metric in trial.metrics:
        found.setdefault(metric.pattern, []).append(metric)
    return found


def _names(store):
    """Ids in `names` of the values of each segment."""
    with store.facts as db:
        return [tuple(db["names"].lookup({"text": text}) for text in values) for values in SEGMENTS.values()]


def _one(store, sql):
    with store.facts as db:
        return db.execute(sql).fetchone()[0]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
