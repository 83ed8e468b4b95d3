"""What a tracker costs the page: evaluation, script time in a session, requests. Thread time, so other work on the machine is not in it."""

import asyncio
import json
import statistics
from contextlib import asynccontextmanager

from tests.browser.engines import CHROME_AGENT

THROTTLE, LOADS = 4, 5
CLICKS, KEYS, SCROLLS, ROUNDS = 100, 200, 60, 10
INTERACTIONS = CLICKS + KEYS + SCROLLS
PAUSE_MS, IDLE_MS, TAIL_MS = 10, 4000, 2500


@asynccontextmanager
async def opened(browser, rate=1):
    """A page in a context of its own, and its CDP session, slowed down `rate` times."""
    context = await browser.new_context(user_agent=CHROME_AGENT, viewport={"width": 1280, "height": 720})
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    await cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    try:
        yield page, cdp
    finally:
        await asyncio.wait_for(context.close(), 10)


async def evaluation(browser, site, name, rate):
    """Milliseconds of thread time that evaluating the script takes: one figure a load, each with cold caches."""
    async with opened(browser, rate) as (page, _):
        await browser.start_tracing(page=page, categories=["devtools.timeline"])
        for number in range(LOADS):
            await page.goto(f"{site.url}/page/{name}/load?{rate}-{number}", wait_until="load")
        trace = json.loads(await browser.stop_tracing())
    took = [event["tdur"] / 1000 for event in trace["traceEvents"] if event["name"] == "EvaluateScript" and event["ph"] == "X"
            and f"/{name}.js" in event["args"]["data"].get("url", "")]
    if not took:
        raise ValueError(f"the trace of {name} holds no EvaluateScript with a thread time")
    return took


async def session(browser, site, name, number):
    """(ms of script, requests) of a slowed session of 100 clicks, 200 keys and 60 scrolls on a form, and 2.5 s after it."""
    path = f"/page/{name}/session-{number}"
    async with opened(browser) as (page, cdp):
        await page.goto(site.url + path)
        await page.wait_for_timeout(1500)  # what the load itself costs is not an interaction's
        await cdp.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        before, requests = await script_ms(cdp), site.requests(path)
        places = await page.evaluate("""() => [...document.querySelectorAll('.row')].slice(1, 11).map((row) => ['input', 'button'].map((name) => {
            const {x, y, width, height} = row.querySelector(name).getBoundingClientRect(); return [x + width / 2, y + height / 2] }))""")
        for field, button in places:
            await act(cdp, page, field, button)
        await page.wait_for_timeout(TAIL_MS)
        return await script_ms(cdp) - before, site.requests(path) - requests


async def act(cdp, page, field, button):
    """A tenth of the session: into a field, type, press the button beside it, scroll down and up again."""
    for number in range(CLICKS // ROUNDS):
        await click(cdp, *(button if number else field))
        if not number:
            for _ in range(KEYS // ROUNDS):
                await cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "a", "code": "KeyA", "text": "a"})
                await cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "a", "code": "KeyA"})
                await page.wait_for_timeout(PAUSE_MS)
        await page.wait_for_timeout(PAUSE_MS)
    for number in range(SCROLLS // ROUNDS):
        await cdp.send("Input.dispatchMouseEvent", {"type": "mouseWheel", "x": 900, "y": 600, "deltaX": 0, "deltaY": -40 if number % 2 else 40})
        await page.wait_for_timeout(PAUSE_MS)


async def click(cdp, x, y):
    for kind in ("mousePressed", "mouseReleased"):
        await cdp.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})


async def script_ms(cdp):
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return 1000 * next(each["value"] for each in metrics if each["name"] == "ScriptDuration")


async def idle_requests(browser, site, name):
    """Requests of a view that is looked at for four seconds and left."""
    path = f"/page/{name}/idle"
    async with opened(browser) as (page, _):
        await page.goto(site.url + path)
        await page.wait_for_timeout(IDLE_MS)
        await page.goto("about:blank")
        await page.wait_for_timeout(1500)
    return site.requests(path)


async def path_ms(browser, site):
    """Milliseconds, slowed down, that our path to an element takes: mean over the elements of the page, median of nine passes."""
    async with opened(browser) as (page, cdp):
        await page.goto(site.url + "/page/where/path")
        await cdp.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
        return statistics.median(await page.evaluate("""() => { const all = [...document.querySelectorAll('body *')];
            return [...Array(9)].map(() => { const began = performance.now(); all.forEach((element) => where(element));
                return (performance.now() - began) / all.length }) }"""))
