"""A new owner in a real browser: copies the snippet, pastes it, and sees the page say by itself that it works."""

import re

import pytest

from collector import accounts, signin, sites
from tests.browser.shop import Shop

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(live, visitor):
    """A page in which the owner of a new site is signed in, and that site."""
    site = sites.by_key(live.store, live.add_site("new.example", f"new{len(sites.all_sites(live.store))}"))
    user = accounts.add(live.store, f"{site.key}@x.example", "Dana", "correct horse battery")
    accounts.set_role(live.store, user, site, "owner")
    visitor.context.add_cookies([{"name": "netiv", "value": signin.begin(live.store, user, ""), "url": live.url}])
    visitor.violations = []
    visitor.on("console", lambda line: visitor.violations.append(line.text) if "Content Security" in line.text else None)
    return visitor, site


def test_the_waiting_line_turns_into_the_first_event(live, owner):
    page, site = owner
    page.goto(f"{live.url}/sites/{site.key}/settings")
    assert page.get_by_text("Waiting for the first event").is_visible()
    page.evaluate("window.sameDocument = true")
    shown = page.locator("#snippet-html").text_content()
    stranger = page.context.browser.new_page(user_agent=page.evaluate("navigator.userAgent"))
    with Shop(live.url, site.key, "first") as shop:
        stranger.goto(shop.file("", f"<!doctype html><title>New</title><head>{shown}</head><h1>Hello</h1>".encode()))
        page.get_by_text("Events are coming in").wait_for(timeout=15_000)
    assert page.evaluate("window.sameDocument"), "by itself, without another page"
    assert not page.get_by_text("Waiting for the first event").is_visible()
    stranger.close()
    assert page.faults == page.violations == []


def test_the_snippet_is_copied_as_it_stands(live, owner):
    page, site = owner
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.url)
    page.goto(f"{live.url}/sites/{site.key}/settings")
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(rf'<script defer src="{live.url}/netiv\.js" data-site="{site.key}"></script>', copied)
    assert copied == page.locator("#snippet-html").text_content()
    assert page.faults == page.violations == []


def test_without_scripts_a_link_looks_again(live, owner):
    page, site = owner
    context = page.context.browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"{live.url}/sites/{site.key}/settings")
    plain.get_by_role("link", name="Look again").click()
    assert plain.url == f"{live.url}/sites/{site.key}/settings"
    assert not plain.get_by_role("button", name="Copy").first.is_visible()
    context.close()
