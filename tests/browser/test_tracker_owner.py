"""What the owner and the visitor decide: own events, shop events, consent, and being left alone."""

import time

import pytest

pytestmark = pytest.mark.browser

STUB = "<script>window.netiv=window.netiv||function(){(netiv.q=netiv.q||[]).push(arguments)};%s</script>"
PURCHASE = "{transaction_id: 'T1', value: 249.9, currency: 'ILS', items: [{item_id: 'g1', quantity: 1}]%s}"


def custom(live, shop, count=1):
    return [(event.name, event.props) for event in live.wait_for(shop.part, "custom", count)]


def test_calls_made_before_the_script_came_are_kept(live, shop, visitor):
    visitor.goto(shop.page("home", head=STUB % "netiv('track', 'early', {a: 1}); netiv('identify', 'customer-7')"))
    visitor.evaluate("netiv('track', 'late'); netiv('track', 'bad', {big: 1n}); netiv('nonsense'); netiv()")
    assert custom(live, shop, 2) == [("early", {"a": 1}), ("late", {})]
    assert {batch.user for batch, _ in live.batches(shop.part)} == {"customer-7"}
    assert visitor.faults == []


def test_a_data_layer_is_read_only_when_asked_for(live, shop, visitor):
    pushes = f"""window.dataLayer = [{{event: 'view_item', ecommerce: {{value: 5, currency: 'ILS', secret: 'x'}}}}];
        function gtag() {{ dataLayer.push(arguments) }} gtag('js', new Date()); gtag('event', 'add_to_cart', {PURCHASE % ", email: 'x'"});
        gtag('event', 'scroll', {{}});"""
    for name, attributes in (("no", ""), ("yes", "data-netiv-datalayer")):
        visitor.goto(shop.page(name, head=f"<script>{pushes}</script>", attributes=attributes))
        time.sleep(1)
        visitor.evaluate("dataLayer.push({event: 'purchase', ecommerce: %s})" % (PURCHASE % ""))
        visitor.evaluate("dataLayer.push({event: 'purchase'}); dataLayer.push(function () {}); dataLayer.push(null)")
    whole = {"transaction_id": "T1", "value": 249.9, "currency": "ILS", "items": [{"item_id": "g1", "quantity": 1}]}
    assert custom(live, shop, 3) == [("view_item", {"value": 5, "currency": "ILS"}), ("add_to_cart", whole), ("purchase", whole)]
    assert visitor.evaluate("dataLayer.length") == 8 and visitor.faults == []


def cookies(visitor):
    return {cookie["name"]: cookie for cookie in visitor.context.cookies()}


def test_nothing_is_stored_without_consent_and_an_id_of_13_months_with_it(live, shop, visitor):
    visitor.goto(shop.page("home"))
    live.wait_for(shop.part, "pageview")
    assert visitor.context.storage_state() == {"cookies": [], "origins": []}
    visitor.evaluate("netiv('consent', {analytics: true}); netiv('track', 'one')")
    live.wait_for(shop.part, "custom")
    cookie = cookies(visitor)["netiv"]
    assert abs(cookie["expires"] - time.time() - 13 * 30.44 * 86400) < 86400
    assert live.batches(shop.part)[-1][0].visitor == cookie["value"] and live.batches(shop.part)[0][0].visitor == ""
    time.sleep(1.1)
    visitor.goto(shop.page("next", head=STUB % "netiv('consent', {analytics: true})"))
    live.wait_for(shop.part + "next", "pageview")
    assert live.batches(shop.part + "next")[0][0].visitor == cookie["value"]
    assert cookies(visitor)["netiv"]["expires"] == cookie["expires"], "never renewed"
    visitor.evaluate("netiv('consent', {analytics: false}); netiv('track', 'two')")
    live.wait_for(shop.part + "next", "custom")
    assert cookies(visitor) == {} and live.batches(shop.part + "next")[-1][0].visitor == ""


def test_googles_consent_mode_is_understood(live, shop, visitor):
    gtag = """<script>window.dataLayer = []; function gtag() { dataLayer.push(arguments) }
              gtag('consent', 'default', {analytics_storage: 'denied', ad_storage: 'denied'})</script>"""
    visitor.goto(shop.page("home", head=gtag))
    live.wait_for(shop.part, "pageview")
    assert cookies(visitor) == {}
    visitor.evaluate("gtag('consent', 'update', {analytics_storage: 'granted'})")
    assert "netiv" in cookies(visitor)
    visitor.evaluate("gtag('consent', 'update', {analytics_storage: 'denied'})")
    assert cookies(visitor) == {}


@pytest.mark.parametrize("signal, script", [
    ("gpc", "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"),
    ("dnt", "Object.defineProperty(navigator, 'doNotTrack', {value: '1'})")])
def test_who_asks_not_to_be_measured_is_counted_and_nothing_else_is_said(live, shop, visitor, signal, script):
    visitor.add_init_script(script)
    url = shop.page("home", "<button onclick='history.pushState({}, 0, 2)'>a</button>")
    before = len(live.received())
    visitor.goto(url)
    visitor.click("button")
    visitor.evaluate("netiv('track', 'x'); netiv('consent', {analytics: true}); netiv('identify', 'x')")
    time.sleep(2)
    visitor.goto("about:blank")
    time.sleep(1)
    batches = [batch for batch, _ in live.batches(shop.url) if len(live.received()) > before]
    assert [[event.signal for event in batch.events] for batch in batches] == [[signal]]
    batch, = batches
    assert batch.pages[0].url == shop.url and not (batch.pages[0].title or batch.pages[0].referrer)
    assert not (batch.visitor or batch.user or batch.language or batch.screen)
    assert cookies(visitor) == {}


def test_an_owner_who_may_ignore_the_signal_can(live, shop, visitor):
    visitor.add_init_script("Object.defineProperty(navigator, 'doNotTrack', {value: '1'})")
    visitor.goto(shop.page("home", attributes='data-netiv-signals="ignore"'))
    assert live.wait_for(shop.part, "pageview")
