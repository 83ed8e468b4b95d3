"""How long every report takes on a large site, over 30 and 90 days, with and without a filter: netiv bench reports.

    python -m bench.fill --data DIR --events 10000000
    python -m bench.reports --data DIR

Each figure is the median of several runs in this process, after one that warms
the caches of SQLite and the system; how many runs is as the time allows, and
where it allows none after the first, that one is the figure. Each is asked for
the first time, when none of its answers are kept; a filtered report is timed
asked again, too. Beside it stands the ceiling: a plain count over the same
sessions in the same run. The JSON has the processor's time as well, which says
the same on a machine that is busy with other things.
"""

import gc
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
from journeys.reports import REPORTS, warm

GOALS = {"30d": 200, "90d": 500}  # milliseconds, no filter
FILTERS = {"": (), "source=google": (("source", "google"),), "device=mobile": (("device", "mobile"),),
           "page=/cart": (("page", "/cart"),)}
ASKED = (  # report and its options
    ("map", {}), ("map", {"against": "previous"}), ("overview", {}), ("live", {}),
    ("stages", {}), ("touchpoints", {}), ("transitions", {}),
    ("sources", {}), ("sources", {"by": "campaign"}), ("sources", {"by": "referrer"}),
    ("pages", {}), ("entries", {}), ("exits", {}),
    ("paths", {}), ("paths", {"steps": ("/",)}), ("paths", {"steps": ("/cart", "/checkout")}),
    ("paths", {"steps": ("/cart",), "direction": "before"}),
    ("funnel", {}), ("funnel", {"steps": ("/", "/cart", "/checkout")}), ("funnel", {"steps": ("/", "/cart", "/checkout"), "by": "device"}),
    ("funnel", {"steps": ("/*", "/cart", "/checkout"), "order": "strict"}), ("funnel", {"steps": ("/cart", "/checkout"), "window": "7d"}),
    ("goals", {}), ("goals", {"by": "event"}), ("goals", {"by": "outbound"}),
    ("clicks", {}), ("clicks", {"by": "page"}), ("forms", {}), ("forms", {"by": "form"}),
    ("pain", {}), ("moments", {}), ("moments", {"by": "page"}),
    ("abandonment", {}), ("abandonment", {"by": "field"}), ("abandonment", {"of": "cart"}), ("abandonment", {"of": "cart", "by": "device"}),
    ("abandonment", {"of": "cart", "by": "error"}), ("abandonment", {"of": "cart", "by": "hour"}),
    ("sessions", {}), ("sessions", {"with": "trouble"}), ("sessions", {"with": "order"}), ("sessions", {"sort": "revenue"}),
    ("sessions", {"sort": "engaged"}),
    ("retention", {}), ("retention", {"by": "month", "what": "revenue"}), ("loyalty", {}), ("loyalty", {"by": "wait"}),
    ("customers", {}), ("advocates", {}), ("personas", {}), ("personas", {"propose": 1}),
    ("places", {}), ("devices", {}), ("contacts", {}), ("orders", {}), ("exclusions", {}), ("rejected", {}))
UNFILTERED = ("contacts", "orders", "exclusions", "rejected")  # reports that filters do not apply to
SHARES = {"30d": 0.3, "90d": 0.7}  # of the time that a report has
REST = 1  # seconds after one was stopped
LONGEST = 5  # seconds; what takes longer is stopped, this is its figure, and over more days it is not asked
COUNT = "select count(*), sum(engaged_ms) from sessions where site_id = ? and id >= ? and id < ?"


@click.command("reports")
@click.option("--data", "data_dir", required=True, envvar="NETIV_DATA", metavar="DIR",
              type=click.Path(path_type=Path, exists=True, file_okay=False), help="A data directory that was filled.")
@click.option("--site", "key", default="big", show_default=True, help="The site's key.")
@click.option("--runs", default=5, show_default=True, help="How often each report is asked at most.")
@click.option("--minutes", default=10, show_default=True, help="About how long all of it may take; each is asked once at least.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("bench/results/reports.json"),
              show_default=True, help="Where the figures go.")
@click.option("--only", default="", help="Only this report.")
def reports(data_dir, key, runs, minutes, output, only):
    """Times every report."""
    warm()  # as a server does, and leaves what is loaded alone
    gc.freeze()
    store = open_store(data_dir, read_only=True)
    site = sites.by_key(store, key)
    stopwatch = Stopwatch(store, runs)
    now = _last_event(store, site)
    spans = {name: periods.parse(name, site, now) for name in GOALS}
    ceiling = {name: stopwatch.median(lambda span=span: _scan(store, site, span), LONGEST)[0] for name, span in spans.items()}
    asked = [(text, name, options) for text in FILTERS for name, options in ASKED
             if only in ("", name) and not (text and name in UNFILTERED)]
    found, until = [], time.monotonic() + minutes * 60
    with click.progressbar(asked, label="Reports") as bar:
        for number, (text, name, options) in enumerate(bar):
            seconds = max(until - time.monotonic(), 0) / (len(asked) - number)  # what a cheap one leaves is there for the others
            found.append(_times(stopwatch, site, spans, (name, options, text), seconds, ceiling))
    figures = {"machine": {"processors": os.cpu_count(), "python": platform.python_version(), "runs": runs}, "ceiling": ceiling,
               "sessions": {name: _scan(store, site, span)[0] for name, span in spans.items()}, "reports": found}
    store.close()
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    click.echo(table(figures))


def table(figures):
    """The figures as a Markdown table, milliseconds over 30 and 90 days; in brackets, times the ceiling over 90 days;
    of filtered ones, the first time and after the arrow again; with a star those of one run."""
    columns = list(FILTERS)
    lines = [["report", *(column or "no filter" for column in columns)]]
    rows = {}
    for each in figures["reports"]:
        again = f" → {each['again']['30d']:.0f} / {each['again']['90d']:.0f}" if each["filter"] else ""
        rows.setdefault(each["report"], {})[each["filter"]] = \
            f"{_figure(each, '30d')} / {_figure(each, '90d')} ({each['ratio']:.2f}){again}"
    lines += [[name, *(cells.get(column, "–") for column in columns)] for name, cells in rows.items()]
    lines.insert(1, ["---"] * len(lines[0]))
    ceiling = figures["ceiling"]
    return (f"A plain count over the sessions: {ceiling['30d']:.0f} / {ceiling['90d']:.0f} ms, "
            f"{figures['sessions']['30d']:,} / {figures['sessions']['90d']:,} sessions. A star: of one run, which found caches cold; "
            f"the others are of up to {figures['machine']['runs']} after it. What took over {LONGEST} seconds was stopped.\n\n"
            + "\n".join(f"| {' | '.join(line)} |" for line in lines))


def _figure(each, span):
    return f"{'>' if _stopped(each[span]) else ''}{each[span]:.0f}{'' if each['runs'][span] else '*'}"


def _stopped(milliseconds):
    return milliseconds >= LONGEST * 1000


def _times(stopwatch, site, spans, asked, seconds, ceiling):
    """One report by one filter over every span, in about so many seconds."""
    (name, options, text), store = asked, stopwatch.store
    module, filters = REPORTS[name], narrowing.parse(FILTERS[text])
    figures = []  # of each span: milliseconds, the processor's, runs, milliseconds asked again
    for span, when in spans.items():
        def ask(when=when):
            return module.report(store, site, when, filters, **options)
        if figures and _stopped(figures[-1][0]):
            figures.append(figures[-1])
            continue
        share = seconds * SHARES[span]
        first = stopwatch.median(ask, share, lambda: setattr(store, "kept", Kept()))
        figures.append((*first, first[0] if _stopped(first[0]) or not text else stopwatch.median(ask, share / 10)[0]))
    clock, busy, runs, again = (dict(zip(spans, each, strict=True)) for each in zip(*figures, strict=True))
    words = (f"{key}={'>'.join(value) if isinstance(value, tuple) else value}" for key, value in options.items())
    return {"report": " ".join([name, *words]), "filter": text, **clock, "again": again if text else {}, "processor": busy, "runs": runs,
            "ratio": round(clock["90d"] / ceiling["90d"], 3)}


class Stopwatch:
    """Times what is asked of a store, and stops what takes too long."""

    def __init__(self, store, runs):
        self.store, self.runs = store, runs
        self._until = float("inf")
        connect = store._connect

        def connect_stoppable(*pragmas):
            connection = connect(*pragmas)
            connection.set_progress_handler(lambda: time.monotonic() > self._until, 1_000_000)
            return connection
        store._connect = connect_stoppable

    def median(self, ask, seconds, before=lambda: None):
        """Milliseconds by the clock and of all processors, and of how many runs after the first, which is left out if there are any.

        There are as many as begin within these seconds. `before` each is done what is not timed.
        """
        until = time.monotonic() + seconds
        first, times = self._run(ask, before), []
        while len(times) < self.runs and time.monotonic() < until:
            times.append(self._run(ask, before))
        clock, busy = (round(statistics.median(each), 1) for each in zip(*(times or [first]), strict=True))
        return clock, busy, len(times)

    def _run(self, ask, before):
        before()
        began, busy = time.perf_counter(), time.process_time()
        self._until = time.monotonic() + LONGEST
        try:
            ask()
        except self.store.Error:
            if time.monotonic() < self._until:
                raise
            took = (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000
            time.sleep(REST)  # its other threads are stopped too, and are in nobody's way
            self._until = float("inf")
            return took
        self._until = float("inf")
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
