"""What a tracker costs the page, ours and other people's, in one Chromium; and what of ours gets lost.

    python -m bench.tracker.run [NAME …]     about four minutes; writes bench/results/tracker.json

Needs `npm ci` in bench/tracker and in tracker, and `npm run build` in tracker. Figures of one
run may be compared with each other, not with another machine's.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import brotli
from playwright.async_api import Error, async_playwright

from bench.tracker import cost, loss
from bench.tracker.site import Site
from tests.browser.engines import CHROMIUM_FLAGS

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results" / "tracker.json"
BEGAN = time.monotonic()
SESSIONS = {"none": 3, "netiv": 3}  # every other: one
MISSING = {name: "is not on npm as a browser script of its own" for name in ("umami", "rybbit", "matomo", "goatcounter")}


async def main(wanted):
    with tempfile.TemporaryDirectory() as folder:
        found = json.loads(subprocess.run(["node", HERE / "peers.mjs", folder], check=True, stdout=subprocess.PIPE).stdout)
        names = [name for name in found["ready"] if not wanted or name in wanted]
        results = {"throttle": cost.THROTTLE, "interactions": cost.INTERACTIONS, "trackers": {},
                   "not_measured": MISSING | found["missing"]}
        site = Site(Path(folder))
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            results["chromium"] = browser.version
            await ours(playwright, browser, site, results)
            await theirs(browser, site, names, Path(folder), results)
            await browser.close()
    say(table(results))


def launch(playwright):
    return playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                                      args=[*CHROMIUM_FLAGS, "--disable-blink-features=AutomationControlled"],
                                      ignore_default_args=["--disable-back-forward-cache"])


async def ours(playwright, browser, site, results):
    """What is measured of ours alone: losses, returns from the back-forward cache, element paths."""
    results["last_events"] = {}
    for how in loss.END:
        # A crash takes other pages of its process with it, so it has a browser of its own.
        own = await launch(playwright) if how == "crash" else browser
        results["last_events"][how] = await loss.arrived(own, site, how)
        if own is not browser:
            await own.close()
        say("last clicks arrived after {}: {arrived} of {of}".format(how, **results["last_events"][how]))
    results["back_forward_cache"] = await loss.back_forward(browser, site)
    say("of {of} pages come back to, {kept} were kept and {counted} counted".format(**results["back_forward_cache"]))
    results["path_ms"] = round(await cost.path_ms(browser, site), 4)
    save(results)


async def theirs(browser, site, names, scripts, results):
    """What every tracker costs. One that cannot be measured is listed with the reason."""
    say("requests of an idle view …")
    idle = dict(zip(names, await asyncio.gather(*(cost.idle_requests(browser, site, name) for name in names))))
    bare, _ = await sessions(browser, site, "none")
    results["bare_session_ms"] = [round(each, 1) for each in bare]
    for name in names:
        try:
            results["trackers"][name] = {"brotli_bytes": len(brotli.compress((scripts / f"{name}.js").read_bytes())),
                                         "requests_per_view": idle[name], **await costs(browser, site, name, statistics.median(bare))}
            say("{}: evaluation {evaluation_ms} ms, {interaction_ms} ms an interaction".format(name, **results["trackers"][name]))
        except (Error, ValueError, asyncio.TimeoutError) as error:
            results["not_measured"][name] = str(error).splitlines()[0]
            say(f"{name}: {error}")
        save(results)


async def costs(browser, site, name, bare):
    slowed = await cost.evaluation(browser, site, name, cost.THROTTLE)
    unslowed = await cost.evaluation(browser, site, name, 1)
    script, requests = await sessions(browser, site, name)
    return {"evaluation_ms": round(statistics.median(slowed), 2), "evaluation_loads_ms": [round(each, 2) for each in slowed],
            "evaluation_unthrottled_ms": round(statistics.median(unslowed), 2),
            "interaction_ms": round(max(0, statistics.median(script) - bare) / cost.INTERACTIONS, 3),
            "session_script_ms": [round(each, 1) for each in script], "requests_per_session": statistics.median(requests)}


async def sessions(browser, site, name):
    found = [await cost.session(browser, site, name, number) for number in range(SESSIONS.get(name, 1))]
    return list(zip(*found))


def save(results):
    """What is known so far, so that a run that is ended early has not been for nothing."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def table(results):
    """The figures as a Markdown table.

    >>> print(table({"trackers": {"netiv": {"brotli_bytes": 4600, "evaluation_ms": 2.04, "evaluation_unthrottled_ms": 0.5,
    ...     "interaction_ms": 0.312, "requests_per_view": 2, "requests_per_session": 3}}}).splitlines()[2])
    | netiv | 4,600 | 2.0 | 0.5 | 0.31 | 2 | 3 |
    """
    rows = ["| tracker | brotli bytes | evaluation ms, 4 times slowed | unslowed | script ms an interaction, 4 times slowed | "
            "requests of an idle view | of the session |", "| --- |" + " ---: |" * 6]
    for name, of in results["trackers"].items():
        rows.append(f"| {name} | {of['brotli_bytes']:,} | {of['evaluation_ms']:.1f} | {of['evaluation_unthrottled_ms']:.1f} "
                    f"| {of['interaction_ms']:.2f} | {of['requests_per_view']} | {of['requests_per_session']:.0f} |")
    return "\n".join(rows)


def say(text):
    print(f"{time.monotonic() - BEGAN:4.0f} s  {text}" if "\n" not in text else text, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
