"""What of ours arrives when a page ends: closed, left, crashed, or kept by the browser and come back to."""

import asyncio
import time
from contextlib import AsyncExitStack

from bench.tracker.cost import opened

PAGES, CLICKS, RETURNS = 20, 3, 10


async def arrived(browser, site, how):
    """Of 20 pages, in how many the last click arrived. It is the last act before the page ends, or comes 2 s before its crash.

    The first two clicks are a second apart, so that the third is in a batch that would have waited for fifteen seconds.
    """
    paths = [f"/page/netiv/{how}-{number}" for number in range(PAGES)]
    async with AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(opened(browser)) for _ in paths]
        for start in range(0, PAGES, 5):
            await asyncio.gather(*(page.goto(site.url + path) for path, (page, _) in list(zip(paths, pages))[start:start + 5]))
        for _ in range(CLICKS - 1):
            await asyncio.gather(*(page.click("button >> nth=0") for page, _ in pages))
            await asyncio.sleep(2.2)
        before = [site.events(path).count("click") for path in paths]
        dying = [asyncio.create_task(END[how](page, cdp)) for page, cdp in pages]
        await until(lambda: all(site.events(path).count("click") == CLICKS for path in paths), 15)
        for task in dying:
            task.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
    return {"of": PAGES, "arrived": sum(site.events(path).count("click") == CLICKS for path in paths),
            "earlier_clicks_sent": sum(before)}


async def close(page, _):
    await page.click("button >> nth=0")
    await page.close()


async def leave(page, _):
    await page.click("button >> nth=0")
    await page.goto("about:blank")


async def crash(page, cdp):
    await page.click("button >> nth=0")
    await asyncio.sleep(2)
    await cdp.send("Page.crash")  # never answers: its task is given up


END = {"close": close, "navigation": leave, "crash": crash}


async def back_forward(browser, site):
    """Of ten pages left and come back to: how many the browser had kept, and how many returns were counted as a view, once."""
    kept = counted = 0
    async with opened(browser) as (page, cdp):
        for number in range(RETURNS):
            path = f"/page/netiv/back-{number}"
            await page.goto(site.url + path)
            await page.evaluate("window.still = true; addEventListener('pageshow', (event) => { window.restored = event.persisted })")
            await page.wait_for_timeout(400)
            await page.goto(site.url + "/page/none/next")
            await page.evaluate("setTimeout(() => history.back())")
            await until(lambda: site.events(path).count("pageview") == 2, 4)
            answer = await asyncio.wait_for(cdp.send("Runtime.evaluate", {"expression": "!!(window.still && window.restored)"}), 5)
            kept += answer["result"]["value"]
            counted += site.events(path).count("pageview") == 2
    return {"of": RETURNS, "kept": kept, "counted": counted}


async def until(true, seconds):
    """Waits until `true()` is, or for so many seconds."""
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        await asyncio.sleep(.1)
