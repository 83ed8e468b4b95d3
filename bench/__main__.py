"""make bench: runs every measurement one after the other, puts their figures together, and writes docs/performance.md.

    python -m bench             all of it: about half an hour, most of it filling ten million events
    python -m bench loader      one or some of them, the other figures staying as they were

Each measurement is a program of its own that says how far it is and writes
bench/results/<name>.json.
"""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from bench.reports import table as reports_table
from bench.tracker.figures import table as tracker_table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
LARGE = ROOT / ".netiv" / "bench"
EVENTS = 10_000_000
STEPS = {
    "tracker": [["npm", "--prefix", "bench/tracker", "ci", "--legacy-peer-deps", "--no-audit", "--no-fund"], [sys.executable, "-m", "bench.tracker"]],
    "collect": [[sys.executable, "-m", "bench.collect"]],
    "loader": [[sys.executable, "-m", "bench.loader"]],
    "experiments": [[sys.executable, "-m", "bench.experiments"]],
    "experiments_delivery": [[sys.executable, "-m", "bench.experiments_delivery"]],
    "reports": [[sys.executable, "-m", "bench.fill", "--data", LARGE, "--events", str(EVENTS)],
                [sys.executable, "-m", "bench.reports", "--data", LARGE]],
}


def main(wanted):
    unknown = set(wanted) - STEPS.keys()
    if unknown:
        sys.exit(f"{', '.join(sorted(unknown))} is no measurement; there are: {', '.join(STEPS)}")
    for name in wanted or STEPS:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        run(name)
        print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
    found = results()
    (ROOT / "bench" / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    write_page(found)
    print("bench/results.json and docs/performance.md are written.")


def run(name):
    for words in STEPS[name]:
        if "bench.fill" in words and (LARGE / "netiv.db").exists():
            print(f"{LARGE.relative_to(ROOT)} is filled already; delete it to fill it anew")
            continue
        subprocess.run(words, cwd=ROOT, check=True)


def results():
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))}
    return {"machine": machine(), **found}


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processors": os.cpu_count(), "memory_gib": round(memory, 1), "system": f"{platform.system()} {platform.release()}",
            "python": platform.python_version()}


# -- the page

def goals(found):
    """Rows of (what, goal, measured, "met" or "not met" or "", command)."""
    for what, goal, step, read, met, written in GOALS:
        measured = read(found[step]) if step in found else None
        yield (what, goal, "not measured" if measured is None else written.format(measured),
               "" if measured is None or met is None else "met" if met(measured) else "not met", f"python -m bench {step}")


def _ours(name):
    return lambda tracker: tracker["trackers"]["netiv"][name]


def _slowest(span, filtered=False):
    """Milliseconds of the slowest report without a filter, or with one, asked for the first time."""
    return lambda reports: max(each[span] for each in reports["reports"] if bool(each["filter"]) == filtered)


def _slowest_again(span):
    """The same with a filter that was asked before, when nothing arrived since."""
    return lambda reports: max(each["again"][span] for each in reports["reports"] if each["filter"])


def _within(span, most):
    """Of all reports without a filter, asked for the first time, the share that answers in so many milliseconds."""
    def share(reports):
        found = [each[span] for each in reports["reports"] if not each["filter"]]
        return sum(each <= most for each in found) / len(found)
    return share


GOALS = (
    ("the tracker, brotli, bytes", "≤ 4,608", "tracker", _ours("brotli_bytes"), lambda n: n <= 4608, "{:,}"),
    ("its evaluation at a quarter of the processor, ms", "≤ 12", "tracker", _ours("evaluation_ms"), lambda n: n <= 12, "{:.1f}"),
    ("script time in the second and a half after it, in idle moments, ms", "–", "tracker", _ours("afterwards_ms"), None, "{:.1f}"),
    ("its main thread time an interaction, ms", "≤ 0.5", "tracker", _ours("interaction_ms"), lambda n: n <= 0.5, "{:.2f}"),
    ("its requests a page view", "≤ 2", "tracker", _ours("requests_per_view"), lambda n: n <= 2, "{}"),
    ("last events lost when the tab closes, at a navigation, 2 s before a crash; of 20 each", "0", "tracker",
     lambda tracker: sum(tracker["lost"].values()), lambda n: n == 0, "{}"),
    ("returns from the back-forward cache counted, of 10", "10", "tracker",
     lambda tracker: tracker["back_forward_cache"]["counted"], lambda n: n == 10, "{}"),
    ("accepted requests a second, as a ratio to an empty view that parses the same body", "≥ 0.85", "collect",
     lambda collect: collect["front_1"]["ratio"], lambda n: n >= 0.85, "{:.2f}"),
    ("events a second stored for good, 10 a request, sessions and totals kept", "≥ 15,000", "collect",
     lambda collect: collect["stored"]["events_per_second"], lambda n: n >= 15_000, "{:,.0f}"),
    ("99th percentile of an answer at 500 requests a second, ms", "–", "collect",
     lambda collect: collect["at_500_a_second"]["p99_ms"], None, "{:.0f}"),
    ("memory of everything together under load, MB", "≤ 160", "collect",
     lambda collect: collect["busy_mb"], lambda n: n <= 160, "{:.0f}"),
    ("seconds from click to report, median", "≤ 2", "collect",
     lambda collect: collect["click_to_report_seconds"]["median"], lambda n: n <= 2, "{:.1f}"),
    ("events a second the loader takes from a full spool", "≥ 40,000", "loader",
     lambda loader: loader["events"] / loader["seconds"], lambda n: n >= 40_000, "{:,.0f}"),
    ("the same, as a ratio to SQLite writing the rows that come of it and nothing else", "–", "loader",
     lambda loader: loader.get("ratio"), None, "{:.2f}"),
    ("loads of 100 in which a treated visitor's screen showed the control, by every frame and by pictures of it", "0", "experiments_delivery",
     lambda delivery: delivery["treated"]["loads_with_control"], lambda n: n == 0, "{}"),
    ("the same of 20 with the second script after the first paint: that it would have been seen", "≥ 10", "experiments_delivery",
     lambda delivery: delivery["positive_control"]["loads_with_control"], lambda n: n >= 10, "{}"),
    ("what the second script adds to the first paint at a quarter of the processor, median of pairs, ms", "≤ 50", "experiments_delivery",
     lambda delivery: delivery["first_paint"]["added_ms"], lambda n: n <= 50, "{:.0f}"),
    ("first paint when Netiv hangs, ms", "≤ 1,500", "experiments_delivery",
     lambda delivery: delivery["hanging"]["first_paint_ms"], lambda n: n <= 1500, "{:,.0f}"),
    ("the second script with an experiment of one change, brotli, bytes", "≤ 1,024", "experiments_delivery",
     lambda delivery: delivery["bytes"], lambda n: n <= 1024, "{:,}"),
    ("processor time of its answer, 99th percentile, ms", "≤ 5", "experiments_delivery",
     lambda delivery: delivery["server_ms"]["p99"], lambda n: n <= 5, "{:.2f}"),
    ("all that the result page of 1,000,000 visitors, 5 variants and 10 metrics shows, ms", "≤ 300", "experiments",
     lambda experiments: experiments["result_ms"], lambda n: n <= 300, "{:.0f}"),
    ("share of the reports that answer in 200 ms over 30 days of ten million events", "1", "reports", _within("30d", 200), lambda n: n == 1, "{:.2f}"),
    ("share of the reports that answer in 500 ms over 90 days", "1", "reports", _within("90d", 500), lambda n: n == 1, "{:.2f}"),
    ("slowest report over 30 days of ten million events, ms", "≤ 200", "reports", _slowest("30d"), lambda n: n <= 200, "{:.0f}"),
    ("slowest report over 90 days, ms", "≤ 500", "reports", _slowest("90d"), lambda n: n <= 500, "{:.0f}"),
    ("slowest report by a filter asked for the first time, over 30 days, ms", "≤ 200", "reports", _slowest("30d", filtered=True),
     lambda n: n <= 200, "{:.0f}"),
    ("the same over 90 days, ms", "≤ 500", "reports", _slowest("90d", filtered=True), lambda n: n <= 500, "{:.0f}"),
    ("slowest report by a filter asked again, over 30 days, ms", "≤ 200", "reports", _slowest_again("30d"), lambda n: n <= 200, "{:.0f}"),
    ("the same over 90 days, ms", "≤ 500", "reports", _slowest_again("90d"), lambda n: n <= 500, "{:.0f}"),
)


OTHERS = """Others are taken from npm. One without a request in the session told nobody of it here: it counts page views only (Plausible), waits for
its own service to answer (Clarity, OpenReplay, PostHog), or keeps what it records for its page to send (rrweb). Its time an interaction is
that of what it did, not of what it would do."""


def write_page(found):
    rows = "\n".join(f"| {' | '.join(row[:4])} | `{row[4]}` |" for row in goals(found))
    computer = found["machine"]
    text = HEAD.format(**computer, rows=rows)
    if "tracker" in found:
        text += f"\n## Trackers in the same browser run\n\n{OTHERS}\n\n{tracker_table(found['tracker'])}\n"
    if "reports" in found:
        text += "\n## Every report\n\nMedian milliseconds over 30 / 90 days; in brackets, how many times a plain count over the same " \
                "sessions takes. By a filter: the first time, when all is counted, and after the arrow again, when nothing arrived " \
                f"since.\n\n{reports_table(found['reports'])}\n"
    (ROOT / "docs" / "performance.md").write_text(text, encoding="utf-8")


HEAD = """# How fast, and measured how

Written by `make bench`, which runs everything below and keeps all figures in `bench/results.json`. This time on {processors} processors with
{memory_gib} GiB, {system}, Python {python}. The load comes from the same machine, so its own share of the processors is part of every figure. Beside a goal
that is not met, the figure says how far away it is.

| what | goal | measured | | command |
| --- | --- | --- | --- | --- |
{rows}
"""

if __name__ == "__main__":
    main(sys.argv[1:])
