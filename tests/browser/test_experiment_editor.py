"""The editor as an owner meets it: an element is picked on a copy of the page, and the change is the variant's."""

import pytest
from playwright.sync_api import expect

from collector import accounts, signin, sites
from experiments import register

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang=en><title>Cart</title><script>document.title = 'It runs'; parent.ran = 1</script>
<h1 id=title onclick="document.title='It runs'">Your cart</h1><form><p><button>Pay</button></p></form>"""


def test_an_element_is_picked_its_change_saved_and_shown_in_both_directions_and_sizes(live, shop, visitor):
    site = sites.add(live.store, "Editor", shop.url, key="editor")
    user = accounts.add(live.store, "editor@x.example", "Dana", "correct horse battery")
    accounts.set_role(live.store, user, site, "owner")
    register.add(live.store, site, {"key": "short", "where": {"paths": [shop.part + "cart*"]}, "variants": [
        {"key": "control", "weight": 0.5}, {"key": "b", "weight": 0.5}]}, "test")
    shop.file("cart", PAGE.encode())
    visitor.context.add_cookies([{"name": "netiv", "value": signin.begin(live.store, user, ""), "url": live.url}])
    violations = []
    visitor.on("console", lambda line: violations.append(line.text) if "Content Security" in line.text else None)

    visitor.goto(f"{live.url}/sites/editor/experiments/short/plan")
    visitor.get_by_role("link", name="Change it on a copy of the page").click()
    copy = visitor.frame_locator("iframe.copy")
    copy.locator("button").click()
    expect(visitor.locator("[name=selector]")).to_have_value("button")
    assert visitor.input_value("[name=value]") == "Pay"
    copy.locator("h1").click()
    expect(visitor.locator("[name=selector]")).to_have_value("#title")
    visitor.fill("[name=value]", "סל הקניות")
    visitor.get_by_role("button", name="Add the change").click()
    copy.get_by_text("סל הקניות").wait_for()
    record = register.by_key(live.store, site, "short")
    assert [(change.kind, change.selector, change.value) for change in record.experiment.variants[1].changes] == [("text", "#title", "סל הקניות")]

    visitor.get_by_role("button", name="Telephone").click()
    visitor.get_by_role("button", name="Right to left").click()
    copy.locator("html[dir=rtl]").wait_for()
    assert visitor.evaluate("document.querySelector('iframe').clientWidth") <= 390
    assert copy.locator("title").text_content() == "Cart" and visitor.evaluate("self.ran") is None

    visitor.select_option("[name=kind]", "attribute")
    visitor.fill("[name=selector]", "#title")
    visitor.fill("[name=name]", "onclick")
    visitor.get_by_role("button", name="Add the change").click()
    visitor.get_by_text("it can hold a script").wait_for()
    visitor.get_by_role("button", name="Remove", exact=True).click()
    visitor.get_by_text("None yet.").wait_for()
    assert visitor.faults == violations == []
