"""Real browsers before the real server: what a visitor does in a page, and what of it reached the spool.

`live` is Netiv as it is served; `shop` is a customer's web server on another
port, whose pages carry the snippet; `visitor` is somebody in Chromium.
"""

import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from collector import sites, spool
from collector.message import parse
from collector.storage import open_store
from tests.browser import engines
from tests.browser.shop import Shop
from tests.fault.server import SITE, Server, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def browser():
    """A Chromium: the system's, else the one Playwright brings."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        path = path or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.fail("no Chromium: install it (apt-get install chromium) or run `playwright install chromium`")
        chromium = playwright.chromium.launch(executable_path=path, args=engines.CHROMIUM_FLAGS,
                                              ignore_default_args=["--disable-back-forward-cache"])
        yield chromium
        chromium.close()


class Live:
    """The running server, and what reached it."""

    site = SITE

    def __init__(self, server):
        self.server = server
        self.url = f"http://127.0.0.1:{server.port}"
        self.data_dir = server.data_dir
        self.store = open_store(server.data_dir)

    def add_site(self, domain, key):
        sites.add(self.store, key, domain, key=key)
        time.sleep(1.1)  # a new site is known after a second
        return key

    def received(self):
        """Messages as they lie in the spool, oldest first."""
        positions, messages = {}, []
        while True:
            records, positions = spool.read(self.data_dir / "spool", positions)
            if not records:
                return messages
            messages += records

    def batches(self, part):
        """Batches, and what was refused of them, with a page whose address contains `part`."""
        parsed = (parse(record.body) for record in self.received())
        return [(batch, refused) for batch, refused in parsed if any(part in page.url for page in batch.pages)]

    def events(self, part, type=None):
        """Events of pages whose address contains `part`, in the order they happened; none may have been refused."""
        found = []
        for batch, refused in self.batches(part):
            assert not refused, refused
            found += [(batch.pages[event.page], event) for event in batch.events if part in batch.pages[event.page].url]
        kind = [event for _, event in found if type is None or event.__struct_config__.tag == type]
        return sorted(kind, key=lambda event: (event.at, event.n))

    def wait_for(self, part, type, count=1, seconds=10):
        """At least `count` events of a type have come; gives all of them."""
        wait_until(lambda: len(self.events(part, type)) >= count, seconds, f"{count} × {type} from {part}")
        return self.events(part, type)


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    if not list((ROOT / "tracker/dist").glob("netiv.*.js")):
        pytest.fail("the tracker is not built: cd tracker && npm ci && npm run build")
    with Server(tmp_path_factory.mktemp("live")) as server:
        live = Live(server)
        yield live
        live.store.close()


@pytest.fixture
def shop(live, request):
    """A customer's site; every test has addresses of its own, under `shop.part`."""
    with Shop(live.url, live.site, request.node.name) as shop:
        yield shop


@pytest.fixture
def visitor(browser):
    """A page in a fresh Chromium profile whose agent is no bot's."""
    context = browser.new_context(user_agent=engines.CHROME_AGENT, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    context.close()


@pytest.fixture(params=list(engines.ENGINES))
def engine(request, browser):
    """One of the engines; skipped only where it is not installed."""
    with engines.ENGINES[request.param](browser) as engine:
        yield engine
