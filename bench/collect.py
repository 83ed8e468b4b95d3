"""How fast messages come in, against an empty Flask view under the same gunicorn; how much memory; click to report.

    python -m bench.collect      about two minutes; writes bench/results/collect.json

The load comes from the same machine, so its own share of the processors is part
of every figure. Rounds of ours and of the empty view alternate, and the ratio
is the median of the ratios of neighbours.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import load
from collector import sites
from collector.filters import Filters
from collector.period import parse as period_of
from collector.prepare import prepare
from collector.storage import open_store
from journeys import overview

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench/results/collect.json"
ROUNDS, ROUND_SECONDS, STORED_SECONDS, CLICKS = 7, 4, 15, 20


def main():
    with tempfile.TemporaryDirectory() as data_dir:
        store = prepare(data_dir)
        site = sites.add(store, "Guitars", "shop.example", key="guitars")
        ours, plain = Gunicorn("wsgi:create_app()", 8461, NETIV_DATA=data_dir), Gunicorn("bench.plain:create_app()", 8462)
        try:
            results = measure(ours, plain, store, site)
        finally:
            ours.stop()
            plain.stop()
            store.close()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    say(json.dumps(results, indent=2))


def measure(ours, plain, store, site):
    wait_for(lambda: ours.loader(), 10)
    results = {"cores": os.cpu_count(), "rest_mb": ours.memory()}
    for events in (1, 10):
        # the loader rests: this is the front alone, as the empty view is alone
        os.kill(ours.loader(), signal.SIGSTOP)
        results[f"front_{events}"] = compare(ours, plain, events, f"front alone, {events} events a request")
        os.kill(ours.loader(), signal.SIGCONT)
        drained(store)
    results["with_loader_10"] = compare(ours, plain, 10, "with the loader at work, 10 events a request", store)
    results["stored"] = stored(ours, store)
    results["busy_mb"] = ours.memory()
    results["at_500_a_second"] = load.run(ours.port, 6, events=10, rate=500)
    drained(store)
    results["click_to_report_seconds"] = click_to_report(ours, store, site)
    results["after_mb"] = ours.memory()
    return results


def compare(ours, plain, events, what, store=None):
    """Medians of alternating rounds. `cpu_us` is processor time of the workers a request: it hardly moves when others are busy."""
    rounds = []
    for number in range(ROUNDS):
        say(f"{what}: round {number + 1} of {ROUNDS}")
        rounds.append([one_round(each, events) for each in (ours, plain)])
        if store:
            drained(store)
    return {"ratio": statistics.median(here["requests_per_second"] / there["requests_per_second"] for here, there in rounds),
            "cpu_ratio": statistics.median(there["cpu_us"] / here["cpu_us"] for here, there in rounds),
            **{name: {field: statistics.median(each[index][field] for each in rounds)
                      for field in ("requests_per_second", "cpu_us", "p50_ms", "p99_ms")}
               for index, name in enumerate(("ours", "empty_view"))}}


def one_round(server, events):
    before = server.cpu_seconds()
    measured = load.run(server.port, ROUND_SECONDS, events=events)
    if set(measured["statuses"]) != {"202"}:
        raise SystemExit(f"not every message was taken: {measured['statuses']}")
    return measured | {"cpu_us": (server.cpu_seconds() - before) / measured["requests"] * 1e6}


def stored(ours, store):
    """Events a second from the first one sent until the last one is in the reports."""
    say(f"events stored durably: {STORED_SECONDS} seconds of load")
    before, began = events_stored(store), time.perf_counter()
    sent = load.run(ours.port, STORED_SECONDS, events=10)
    acknowledged = sent["statuses"]["202"] * 10
    wait_for(lambda: events_stored(store) - before >= acknowledged, 60)
    seconds = time.perf_counter() - began
    drained(store)
    events = events_stored(store) - before
    if events != acknowledged:
        raise SystemExit(f"{acknowledged} events were acknowledged, {events} are stored")
    return {"events": events, "seconds": seconds, "events_per_second": events / seconds,
            "drained_after_seconds": seconds - sent["seconds"], "p50_ms": sent["p50_ms"], "p99_ms": sent["p99_ms"]}


def click_to_report(ours, store, site):
    """From sending one page view until the overview of today counts it: median and worst of CLICKS."""
    waits, one_view = [], load.requests(1, seed=1)
    for _ in range(CLICKS):
        before, began = views_today(store, site), time.perf_counter()
        ours.post(next(one_view))
        wait_for(lambda: views_today(store, site) > before, 10)
        waits.append(time.perf_counter() - began)
    return {"median": statistics.median(waits), "worst": max(waits)}


def views_today(store, site):
    period = period_of("today", site, int(time.time() * 1000))
    return overview.report(store, site, period, Filters()).totals.views


def events_stored(store):
    return int(store.ask("bench/stored")[0].events)


def drained(store):
    """Waits until two looks, a second apart, find the same number of events."""
    last = -1
    while (count := events_stored(store)) != last:
        last = count
        time.sleep(1)


class Gunicorn:
    """A server with the project's own settings, in processes of its own."""

    def __init__(self, application, port, **environment):
        self.port = port
        keep = {name: value for name, value in os.environ.items() if not name.startswith("NETIV_")}
        self._master = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application], cwd=ROOT,
            env=keep | {"NETIV_BIND": f"127.0.0.1:{port}", "NETIV_RATE": "0", "NETIV_PROXIES": "1"} | environment)
        wait_for(self._answers, 20)

    def _answers(self):
        try:
            return self.post(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        except ConnectionRefusedError:
            return False

    def post(self, request):
        """Sends a request as bytes; gives the beginning of the answer."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(request)
            return connection.recv(4096)

    def loader(self):
        return next((pid for pid in self.processes() if b"collector.loader" in Path(f"/proc/{pid}/cmdline").read_bytes()), 0)

    def processes(self):
        found = [self._master.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        return found

    def cpu_seconds(self):
        """Processor time of master and workers since they started, without the loader."""
        loader, ticks = self.loader(), 0
        for pid in self.processes():
            if pid != loader:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Proportional set size of all its processes together, in MB."""
        kilobytes = 0
        for pid in self.processes():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kilobytes += int(rollup.split("\nPss:")[1].split()[0])
        return kilobytes / 1000

    def stop(self):
        self._master.terminate()
        self._master.wait()


def wait_for(true, seconds):
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit("it took too long")
        time.sleep(0.02)


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
