"""How long every report takes on a large site, over 30 and 90 days, with and without a filter: netiv bench reports.

    python -m bench.fill --data DIR --events 10000000
    python -m bench.reports --data DIR

Each figure is the median of several runs in this process, after one that warms
the caches of SQLite and the system. A filtered report is timed twice: asked for
the first time, when none of its answers are kept, and asked again. Beside it
stands the ceiling: a plain count over the same sessions in the same run. The
JSON has the processor's time too, which says the same on a machine that is busy
with other things.
"""

import json
import os
import platform
import statistics
import time
from pathlib import Path

import click

from collector import filters as narrowing
from collector import period as periods
from collector import sites
from collector.storage import open_store
from collector.storage.kept import Kept
from journeys.reports import REPORTS

GOALS = {"30d": 200, "90d": 500}  # milliseconds, no filter
FILTERS = {"": (), "source=google": (("source", "google"),), "device=mobile": (("device", "mobile"),),
           "page=/cart": (("page", "/cart"),)}
ASKED = (  # report and its options
    ("overview", {}), ("sources", {}), ("sources", {"by": "campaign"}), ("sources", {"by": "referrer"}), ("pages", {}),
    ("entries", {}), ("exits", {}), ("paths", {}), ("paths", {"steps": ("/",)}), ("paths", {"steps": ("/cart", "/checkout")}),
    ("paths", {"steps": ("/cart",), "direction": "before"}),
    ("funnel", {}), ("funnel", {"steps": ("/", "/cart", "/checkout")}), ("funnel", {"steps": ("/*", "/cart", "/checkout"), "order": "strict"}),
    ("goals", {}), ("goals", {"by": "event"}),
    ("goals", {"by": "outbound"}), ("clicks", {}), ("clicks", {"by": "page"}), ("forms", {}), ("forms", {"by": "form"}), ("sessions", {}), ("sessions", {"with": "trouble"}), ("sessions", {"sort": "revenue"}),
    ("abandonment", {}), ("abandonment", {"of": "cart", "by": "error"}), ("abandonment", {"of": "cart", "by": "device"}),
    ("retention", {}), ("retention", {"by": "month", "what": "revenue"}), ("loyalty", {}), ("customers", {}), ("advocates", {}),
    ("places", {}), ("devices", {}), ("exclusions", {}), ("rejected", {}), ("live", {}))
UNFILTERED = ("exclusions", "rejected")  # reports that filters do not apply to
COUNT = "select count(*), sum(engaged_ms) from sessions where site_id = ? and id >= ? and id < ?"


@click.command("reports")
@click.option("--data", "data_dir", required=True, envvar="NETIV_DATA", metavar="DIR",
              type=click.Path(path_type=Path, exists=True, file_okay=False), help="A data directory that was filled.")
@click.option("--site", "key", default="big", show_default=True, help="The site's key.")
@click.option("--runs", default=5, show_default=True, help="How often each report is asked.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("bench/results/reports.json"),
              show_default=True, help="Where the figures go.")
@click.option("--only", default="", help="Only this report.")
def reports(data_dir, key, runs, output, only):
    """Times every report."""
    store = open_store(data_dir, read_only=True)
    site = sites.by_key(store, key)
    now = _last_event(store, site)
    asked = [each for each in ASKED if only in ("", each[0])]
    spans = {name: periods.parse(name, site, now) for name in GOALS}
    figures = {"machine": {"processors": os.cpu_count(), "python": platform.python_version(), "runs": runs},
               "ceiling": {name: _median(lambda span=span: _scan(store, site, span), runs)[0] for name, span in spans.items()},
               "sessions": {name: _scan(store, site, span)[0] for name, span in spans.items()}, "reports": []}
    with click.progressbar(asked, label="Reports") as bar:
        for name, options in bar:
            figures["reports"] += _times(store, site, name, options, spans, runs, figures["ceiling"])
    store.close()
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    click.echo(table(figures))


def table(figures):
    """The figures as a Markdown table, milliseconds over 30 and 90 days; in brackets, times the ceiling over 90 days;
    of filtered ones, the first time and after the arrow again."""
    columns = list(FILTERS)
    lines = [["report", *(column or "no filter" for column in columns)]]
    rows = {}
    for each in figures["reports"]:
        again = f" → {each['again']['30d']:.0f} / {each['again']['90d']:.0f}" if each["filter"] else ""
        rows.setdefault(each["report"], {})[each["filter"]] = \
            f"{each['30d']:.0f} / {each['90d']:.0f} ({each['ratio']:.2f}){again}"
    lines += [[name, *(cells.get(column, "–") for column in columns)] for name, cells in rows.items()]
    lines.insert(1, ["---"] * len(lines[0]))
    ceiling = figures["ceiling"]
    return (f"A plain count over the sessions: {ceiling['30d']:.0f} / {ceiling['90d']:.0f} ms, "
            f"{figures['sessions']['30d']:,} / {figures['sessions']['90d']:,} sessions.\n\n"
            + "\n".join(f"| {' | '.join(line)} |" for line in lines))


def _times(store, site, name, options, spans, runs, ceiling):
    module, found = REPORTS[name], []
    for text, terms in FILTERS.items():
        if terms and name in UNFILTERED:
            continue
        filters = narrowing.parse(terms)
        asks = {span: lambda when=when, filters=filters: module.report(store, site, when, filters, **options)
                for span, when in spans.items()}
        taken = {span: _median(ask, runs, lambda: setattr(store, "kept", Kept())) for span, ask in asks.items()}
        again = {span: _median(ask, runs)[0] for span, ask in asks.items()} if terms else {}
        asked = " ".join([name, *(f"{key}={'>'.join(value) if isinstance(value, tuple) else value}"
                                  for key, value in options.items())])
        found.append({"report": asked, "filter": text, **{span: times[0] for span, times in taken.items()},
                      "again": again, "processor": {span: times[1] for span, times in taken.items()},
                      "ratio": round(taken["90d"][0] / ceiling["90d"], 3)})
    return found


def _median(ask, runs, before=lambda: None):
    """Milliseconds by the clock and of all processors, the first run left out. `before` each run is done what is not timed."""
    ask()
    return [round(statistics.median(times), 1) for times in zip(*(_milliseconds(ask, before) for _ in range(runs)), strict=True)]


def _milliseconds(ask, before):
    before()
    began, busy = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000


def _scan(store, site, span):
    with store.facts as db:
        return db.execute(COUNT, [site.id, span.first_session, span.end_session]).fetchone()


def _last_event(store, site):
    with store.facts as db:
        return db.execute("select max(last_at) from sessions where site_id = ? and id > (select max(id) - (86400000 << 22) "
                          "from sessions where site_id = ?)", [site.id, site.id]).fetchone()[0]


if __name__ == "__main__":
    reports()
