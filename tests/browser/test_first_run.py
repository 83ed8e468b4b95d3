"""The first run in a real browser: from the link on the console to a colleague who was invited, in both languages."""

from pathlib import Path

import pytest

from collector import links
from collector.storage import open_store
from tests.fault.server import Server

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "tracker/node_modules/axe-core/axe.min.js"
SERIOUS = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(each => ['serious', 'critical'].includes(each.impact))
  .map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`))"""
PASSWORD = "correct horse battery"


@pytest.fixture
def fresh(tmp_path):
    """The address of a server nobody has an account at, and its set-up link."""
    with Server(tmp_path / "data") as server:
        store = open_store(server.data_dir)
        url = f"http://127.0.0.1:{server.port}"
        yield url, f"{url}/setup/{links.make(store, 'setup')}"
        store.close()


def sound(page):
    """The page breaks no rule of axe that matters, and is not wider than its window."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(SERIOUS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize("language, width", [("en", 1280), ("he", 390)])
def test_from_the_link_on_the_console_to_an_invited_colleague(fresh, browser, language, width):
    url, link = fresh
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    complaints = []
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{link}?lang={language}")
    sound(page)
    fill(page, email="dana@shop", name="Dana", password="aaaaaaaaaaaa", site_name="Guitars", domain="no host", currency="shekel")
    page.locator("form button[type=submit]").click()
    sound(page)
    assert page.locator(".error").count() == 3, "password, domain and currency; what was right is not complained about"
    assert page.locator("#domain").input_value() == "no host" and page.locator("#password").input_value() == ""

    fill(page, password=PASSWORD, domain="shop.example", currency="ILS")
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/settings")
    sound(page)
    page.locator("#people-title ~ *, #people-title").first.scroll_into_view_if_needed()
    page.locator("form[action$='/people/invite'] button").click()
    invitation = page.locator("#invitation").text_content()
    sound(page)
    page.goto(f"{url}/account/log")
    sound(page)

    guest = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    guest.goto(f"{invitation}?lang={language}")
    sound(guest)
    fill(guest, email="vera@shop.example", name="Vera", password=PASSWORD)
    guest.locator("form button[type=submit]").click()
    guest.wait_for_url("**/sites/*/")
    assert guest.goto(guest.url + "settings").status == 200
    assert guest.locator("form[action$='/delete']").count() == 0, "a viewer changes nothing"
    sound(guest)
    guest.context.close()
    context.close()
    assert complaints == []


def fill(page, **fields):
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)
