"""What must hold in every engine: what happened is told once, and what was typed stays where it was typed."""

import json
import time

import pytest

from tests.browser.engines import BACKSPACE, TAB

pytestmark = pytest.mark.browser

CANARY = "Kanarienvogel"
FORM = """<h1>Order</h1><button id="open">Open</button>
<form id="order" action="thanks" method="get">
 <label>Name <input name="name"></label>
 <label>E-mail <input name="email" required></label>
 <label>Password <input name="pw" type="password"></label>
 <label>מספר כרטיס אשראי <input name="field_7"></label>
 <label>Note <textarea name="note">old</textarea></label>
 <div contenteditable aria-label="Story"></div>
 <button>Send</button>
</form>"""


def everything(live):
    """Every byte that left a browser, and what the server wrote of it."""
    files = [path for path in live.data_dir.rglob("*") if path.is_file()]
    return b"".join(record.body for record in live.received()) + b"".join(path.read_bytes() for path in files)


def test_a_visit_with_a_form_is_told_once_and_no_typed_value_leaves(live, shop, engine):
    url = shop.page("order", FORM)
    shop.page("thanks", "<h1>Thank you</h1>")
    engine.go(url)
    time.sleep(1.5)  # long enough on the screen to be a form that was seen
    engine.click("#open")
    for name in ("name", "pw", "field_7", "note"):
        engine.type(f"[name={name}]", CANARY + name)
    engine.type("[contenteditable]", CANARY + "story")
    engine.type("[name=name]", "x" + BACKSPACE + TAB)
    engine.click("form button")  # the browser refuses: no e-mail
    engine.type("[name=email]", CANARY + "@example.org")
    engine.click("form button")
    live.wait_for(shop.part + "thanks", "pageview")
    engine.go("about:blank")
    live.wait_for(shop.part + "thanks", "leave")

    events = live.events(shop.part + "order")
    assert [event.how for event in events if type(event).__name__ == "Pageview"] == ["load"]
    assert [event.kind for event in events if type(event).__name__ == "Form"] == ["view", "start", "submit", "submit"]
    clicks = [event.label for event in events if type(event).__name__ == "Click"]
    assert clicks.count("Open") == 1 and clicks.count("Send") == 2
    fields = [event for event in events if type(event).__name__ == "Field"]
    assert [field.error for field in fields if field.kind == "invalid"] == ["valueMissing"]
    stays = {field.field: field for field in fields if field.kind == "blur"}
    assert {"name", "email", "pw", "field_7", "note"} <= stays.keys()
    assert stays["pw"].sensitive and stays["field_7"].sensitive
    assert stays["pw"].changes == stays["field_7"].changes == 0 and not stays["field_7"].filled
    assert stays["name"].returned and stays["name"].filled and stays["name"].corrections == 1
    assert stays["email"].changes == len(CANARY + "@example.org") and stays["email"].hesitation_ms is not None
    ids = [(page.view, event.n) for batch, _ in live.batches(shop.part) for event in batch.events
           for page in [batch.pages[event.page]]]
    assert len(ids) == len(set(ids)), "sent twice"
    assert CANARY.encode() not in everything(live)
    assert json.dumps(CANARY)[1:-1].encode() not in everything(live)
    assert any(CANARY in request for request in shop.requests), "the shop itself did get what was typed"


def test_pages_of_an_application_are_counted_once_each(live, shop, engine):
    url = shop.page("app", "<h1>App</h1>")
    engine.go(url)
    engine.script("document.title = 'One'")
    time.sleep(0.6)
    for change in ("history.pushState({}, '', 'two')", "history.pushState({}, '', 'two')",
                   "history.replaceState({}, '', 'two?sort=price')", "history.replaceState({}, '', 'three')",
                   "location.hash = 'part'", "history.pushState({}, '', 'four'); history.back()"):
        engine.script(change)
        time.sleep(0.6)
    engine.go("about:blank")
    live.wait_for(shop.part, "leave", 4)
    urls = [page.url.rpartition("/")[2] for batch, _ in live.batches(shop.part) for page in batch.pages]
    views = live.events(shop.part, "pageview")
    assert [view.how for view in views][:3] == ["load", "navigate", "navigate"]
    assert list(dict.fromkeys(urls))[:3] == ["app", "two", "three"]
    assert len(views) in (3, 5), "pushed and taken back at once may be seen as two views or none"
