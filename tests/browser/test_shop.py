"""The demo shop, clicked through by somebody in Chromium: exactly what happened is stored, and nothing that was typed."""

import time
from collections import Counter

import pytest

from collector import sites
from collector.demo.words import WORDS
from collector.storage import open_store
from tests.browser import engines, told
from tests.fault.server import Server

pytestmark = pytest.mark.browser

TYPED = {"name": "Zelophehad Kanarienvogel", "email": "zk.canary@birds.example", "phone": "052-7391846", "city": "Vogelhausen",
         "street": "Piepmatz 77", "postcode": "8417365", "card": "4000 0566 5566 5556", "expiry": "11/48", "cvc": "739"}
WRONG_PHONE, WRONG_CARD = "527391846", "4000 0566 5566 5557"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("shop")
    (data / "demo").touch()
    with Server(data) as server:
        store = open_store(data)
        sites.add(store, "Six Strings", "localhost", key="demo")
        store.close()
        time.sleep(1.2)  # a new site is known after a second; a beacon before that is refused
        yield server


@pytest.fixture
def visitor(browser, server):
    """Somebody with a fresh profile, on a telephone's or a desk's screen, and all that their browser sends."""
    context = browser.new_context(user_agent=engines.CHROME_AGENT, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.listener = told.Listener(context)
    yield page
    context.close()


def fill(page, field, text):
    page.click(f"#{field}")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def buy(page, shop, t):
    """From the home page to the thank-you page, with a telephone number the browser refuses and a card the shop does."""
    page.goto(shop + "/")
    page.click(f"text={t['browse']}")
    page.click("text=₪2,450")
    page.click("#add >> text=" + t["add"])
    page.click("text=" + t["to_checkout"])
    page.wait_for_timeout(1300)  # a form is seen after a second
    for field in ("name", "email"):
        fill(page, field, TYPED[field])
    fill(page, "phone", WRONG_PHONE)
    for field in ("city", "street", "postcode"):
        fill(page, field, TYPED[field])
    page.focus("#delivery")
    page.select_option("#delivery", "courier")
    fill(page, "card", WRONG_CARD)
    for field in ("expiry", "cvc"):
        fill(page, field, TYPED[field])
    page.click("text=" + t["place"])  # the browser refuses the telephone number and puts the cursor there
    fill(page, "phone", TYPED["phone"])
    page.click("text=" + t["place"])  # the shop refuses the card
    page.wait_for_selector("#card-wrong")
    fill(page, "card", TYPED["card"])
    fill(page, "cvc", TYPED["cvc"])
    page.click("text=" + t["place"])
    page.wait_for_url("**/thanks")
    page.wait_for_timeout(300)
    page.goto("about:blank")


def expected(path, t):
    """What buy() does, an event a line."""
    lines = [f"{kind} {path}{page}" for page in ("/", "/acoustic", "/acoustic/gilboa", "/cart", "/checkout", "/checkout", "/thanks")
             for kind in ("pageview", "vitals", "leave")]
    lines += [f"click {path}/ {t['browse']}", f"click {path}/acoustic/gilboa {t['add']}",
              f"form {path}/acoustic/gilboa add submit", f"click {path}/cart {t['to_checkout']}"]
    lines += [f"custom {path}{page} {name}" for page, name in (
        ("/acoustic/gilboa", "view_item"), ("/acoustic/gilboa", "add_to_cart"), ("/checkout", "begin_checkout"), ("/thanks", "purchase"))]
    checkout = f"{path}/checkout"
    lines += [f"form {checkout} checkout {kind}" for kind in ("view", "start", "submit", "view", "start", "submit", "submit")]
    lines += [f"click {checkout} {t['place']}"] * 3
    stays = [*TYPED, "phone", "card", "cvc"]
    lines += [f"field {checkout} checkout.{field}" for field in (*stays, "delivery")]
    lines += [f"click {checkout} {t[field]}" for field in stays]
    return Counter(lines)


@pytest.mark.parametrize("language", ["en", "he"])
def test_from_home_to_purchase_every_event_is_stored_once_and_no_typed_value_anywhere(server, visitor, language):
    t = WORDS[language]
    path = "/shop" if language == "en" else "/shop/he"
    shop = f"http://localhost:{server.port}{path}"
    buy(visitor, shop, t)
    found = told.wait_for(server, f"leave {path}/thanks", part=path + "/")
    if language == "en":
        found = Counter({line: count for line, count in found.items() if " /shop/he/" not in line})
    card = [line for line in found if line.startswith(f"click {path}/acoustic ")]  # named by all that stands in its tile
    assert len(card) == 1 and found.pop(card[0]) == 1
    assert found == expected(path, t)
    assert visitor.listener.faults == []
    assert visitor.listener.elsewhere([f"http://localhost:{server.port}/", "about:"]) == []
    where = told.places(server, visitor.listener, own_forms={f"{shop}/checkout"})
    assert any(name.startswith("spool/") for name in where) and b"begin_checkout" in b"".join(where.values())
    for typed in (*TYPED.values(), *"".join(TYPED.values()).split(), WRONG_PHONE, WRONG_CARD, "0527391846", "4000056655665556"):
        # four digits may stand in any time by chance
        assert [name for name, text in where.items() if typed.encode() in text and len(typed) > 5] == []
    assert server.ask("select sum(purchases), sum(revenue) from sessions where conversions = 1")[0] in ((1, 245_000), (2, 490_000))


def test_the_button_that_does_nothing_and_the_one_that_fails_are_noticed(server, visitor):
    visitor.goto(f"http://localhost:{server.port}/shop/electric/ramon")
    visitor.wait_for_timeout(500)
    for _ in range(4):
        visitor.click("#hear", delay=20)
        visitor.wait_for_timeout(150)
    visitor.wait_for_timeout(2800)
    visitor.click("#add >> button[name=add]")
    visitor.wait_for_url("**/cart")
    visitor.wait_for_timeout(500)
    visitor.click("#voucher")
    visitor.wait_for_timeout(500)
    visitor.goto("about:blank")
    found = told.wait_for(server, "leave /shop/electric/ramon", part="/shop/electric/ramon")
    assert found["click /shop/electric/ramon ▶ Hear it"] == 4
    assert found["frustration /shop/electric/ramon rage ▶ Hear it"] == 1
    assert found["frustration /shop/electric/ramon dead ▶ Hear it"] >= 1
    found = told.wait_for(server, "frustration /shop/cart error I have a voucher", part="/shop/cart")
    assert found["error /shop/cart"] == 1
    assert len(visitor.listener.faults) == 1  # the shop's own


def test_the_slow_page_tells_how_long_it_took(server, visitor):
    visitor.goto(f"http://localhost:{server.port}/shop/he/compare")
    visitor.wait_for_timeout(300)
    visitor.goto("about:blank")
    told.wait_for(server, "vitals /shop/he/compare", part="/compare")
    ttfb = server.ask("select json_extract(detail, '$.ttfb') from events join pages on pages.id = page "
                      "where type = 8 and path = '/shop/he/compare'")
    assert ttfb[0][0] >= 1500
