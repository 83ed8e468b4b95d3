"""Forms: seen, begun, refused, submitted, given up; of every field that it was filled, of none with what."""

import re
import time

import pytest

from journeys import draft

pytestmark = pytest.mark.browser


def told(live, shop, type="form"):
    return [event.kind for event in live.events(shop.part, type)]


def stays(live, shop):
    return [event for event in live.events(shop.part, "field") if event.kind == "blur"]


def test_a_form_is_seen_only_after_a_second_on_the_screen(live, shop, visitor):
    visitor.goto(shop.page("home", "<form id=top><input></form><div style='height:3000px'></div><form id=below><input></form>"))
    visitor.mouse.move(9, 9)
    time.sleep(2)
    visitor.mouse.wheel(0, 5000)
    time.sleep(.4)
    visitor.mouse.wheel(0, -5000)
    time.sleep(1.5)
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert [(event.kind, event.form) for event in live.events(shop.part, "form")] == [("view", "top")]


def test_a_form_given_up_names_the_last_field(live, shop, visitor):
    visitor.goto(shop.page("home", "<form name=order><input name=first><input name=street><input name=other></form>"))
    visitor.click("[name=first]")
    visitor.keyboard.type("Dana")
    visitor.click("[name=street]")
    time.sleep(.3)
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    view, start, abandon = live.events(shop.part, "form")
    assert (view.kind, start.kind, abandon.kind) == ("view", "start", "abandon")
    assert (abandon.form, abandon.last_field, abandon.fields) == ("order", "street", 2)
    assert [field.field for field in stays(live, shop)] == ["first", "street"]


@pytest.mark.parametrize("html", [
    "<form id=checkout><input><input name=phone class=it></form>", "<form name=order><input id=tel class=it></form>",
    "<form><input name='to[city]' class=it></form>", "<main><form><input><input class=it></form></main>", "<input name=phone class=it>"])
def test_a_field_is_found_again_by_what_it_and_its_form_are_called(live, shop, visitor, html):
    address = shop.page("home", f"{html}<form id=other><input name=phone></form>")
    visitor.goto(address)
    visitor.click(".it")
    visitor.keyboard.type("x")
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    stay, = stays(live, shop)
    visitor.goto(address)
    found = visitor.eval_on_selector_all(draft.field(stay.form, stay.field), "found => found.map((one) => one.className)")
    assert found[0] == "it" and (found == ["it"] or stay.form == draft.NO_FORM)


def test_a_stay_in_a_field_says_how_it_was_filled(live, shop, visitor):
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.goto(shop.page("home", """<form id=f><label>City <input name=city autocomplete="address-level2"></label>
        <label>Code <input name=coupon></label><select name=size aria-label=Size><option>S<option>M<option>L</select></form>"""))
    visitor.click("[name=city]")
    time.sleep(.5)
    visitor.keyboard.type("Haif")
    for _ in range(3):
        visitor.keyboard.press("Backspace")
    visitor.keyboard.type("aifa")
    visitor.keyboard.press("Control+a")
    visitor.keyboard.press("Control+c")
    visitor.click("[name=coupon]")
    visitor.keyboard.press("Control+v")
    visitor.click("[name=city]")
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Tab")
    visitor.keyboard.type("M")
    visitor.keyboard.type("L")
    visitor.keyboard.press("Tab")
    city, coupon, again, empty, size = live.wait_for(shop.part, "field", 5)
    assert (city.label, city.control, city.autocomplete) == ("City", "text", "address-level2")
    assert (city.changes, city.corrections, city.filled, city.returned) == (11, 1, True, False)
    assert 450 <= city.hesitation_ms <= 1500 and city.time_ms >= city.hesitation_ms
    assert (coupon.pasted, coupon.filled, coupon.hesitation_ms) == (True, True, None)
    assert (again.field, again.returned, again.changes, again.hesitation_ms) == ("city", True, 0, None)
    assert (empty.field, empty.returned) == ("coupon", True)
    assert (size.label, size.control, size.filled) == ("Size", "select-one", True)


def test_a_window_that_loses_the_focus_does_not_end_a_stay(live, shop, visitor):
    visitor.goto(shop.page("home", "<form><input name=city></form>"))
    visitor.click("[name=city]")
    visitor.keyboard.type("Ha")
    visitor.evaluate("""() => { const field = document.activeElement;
        field.dispatchEvent(new FocusEvent('focusout', {bubbles: true, composed: true})) }""")
    visitor.keyboard.type("ifa")
    visitor.evaluate("document.activeElement.blur()")
    field, = live.wait_for(shop.part, "field")
    assert field.changes == 5


SENSITIVE = {
    "password": "<input type=password name=a>", "telephone": "<input type=tel name=a>",
    "autocomplete": "<input autocomplete=cc-number name=a>", "one time code": "<input autocomplete=one-time-code name=a>",
    "name": "<input name=cvv>", "name in camels": "<input name=cardNumber>", "id": "<input id=passport_no>",
    "label": "<label>מספר כרטיס אשראי <input name=a></label>", "identity": "<label>ת\"ז <input name=a></label>",
    "identity with dots": "<label>ת.ז. <input name=a></label>", "telephone in Hebrew": "<label>טלפון <input name=a></label>",
    "password in Hebrew": "<label>סיסמה <input name=a></label>", "placeholder": "<input name=a placeholder='CVV'>",
}


@pytest.mark.parametrize("field", SENSITIVE.values(), ids=SENSITIVE.keys())
def test_a_sensitive_field_says_only_that_it_was_entered_and_left(live, shop, visitor, field):
    visitor.goto(shop.page("home", f"<form>{field.replace('<input', '<input required')}<button>Go</button></form>"))
    visitor.click("button")  # refused: and not even that is told of it
    visitor.click("input")
    visitor.keyboard.type("12")
    visitor.evaluate("document.activeElement.blur()")
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    told, = [event for event in live.events(shop.part, "field") if event.time_ms or event.kind != "blur" or event.sensitive][-1:]
    assert told.sensitive and told.kind == "blur"
    assert (told.changes, told.corrections, told.filled, told.hesitation_ms, told.error) == (0, 0, False, None, "")
    assert "invalid" not in [event.kind for event in live.events(shop.part, "field")]


def test_ordinary_fields_are_not_taken_for_sensitive_ones(live, shop, visitor):
    names = ["first_name", "email", "street-address", "shipping", "city", "hotel", "company", "notes", "quantity"]
    visitor.goto(shop.page("home", "<form>" + "".join(f"<input name='{name}'>" for name in names) + "</form>"))
    for name in names:
        visitor.click(f"[name='{name}']")
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert [(field.field, field.sensitive) for field in stays(live, shop)] == [(name, False) for name in names]


def test_a_refused_value_is_told_once_with_the_rule(live, shop, visitor):
    visitor.goto(shop.page("home", """<form id=f><input name=mail type=email><button>Go</button></form>
        <script>f.mail.oninvalid = () => f.mail.setAttribute('aria-invalid', 'true')</script>"""))
    visitor.click("[name=mail]")
    visitor.keyboard.type("nonsense")
    visitor.click("button")
    live.wait_for(shop.part, "field", 2)
    time.sleep(.5)
    fields = live.events(shop.part, "field")
    assert [(field.kind, field.error) for field in fields] == [("blur", ""), ("invalid", "typeMismatch")]
    assert told(live, shop) == ["view", "start", "submit"], "an attempt the browser stops is an attempt"


def test_fields_may_have_any_name(live, shop, visitor):
    """Also one the built script has for something of its own: those are single letters."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    visitor.goto(shop.page("home", "<form id=f>" + "".join(f"<input name={name} size=1 required>" for name in letters) + "<button>Go</button></form>"))
    visitor.click("button")
    visitor.click("[name=z]")
    visitor.keyboard.type("1")
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert [field.field for field in live.events(shop.part, "field") if field.kind == "invalid"] == list(letters)
    assert {event.form for event in live.events(shop.part, "form")} == {"f"}
    assert sorted(told(live, shop)) == ["abandon", "start", "submit", "view"]


def test_a_page_that_validates_by_itself_is_understood(live, shop, visitor):
    visitor.goto(shop.page("home", """<form id=f novalidate><input name=zip><button>Go</button></form>
        <script>f.onsubmit = event => { event.preventDefault(); f.zip.setAttribute('aria-invalid', 'true') }</script>"""))
    visitor.click("[name=zip]")
    visitor.keyboard.type("1")
    visitor.click("button")
    time.sleep(.3)
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    errors = [field.error for field in live.events(shop.part, "field") if field.kind == "invalid"]
    assert errors == ["aria-invalid"]
    assert told(live, shop) == ["view", "start", "submit", "abandon"]


def test_an_error_that_came_with_the_page_is_the_servers(live, shop, visitor):
    visitor.goto(shop.page("home", "<form><input name=zip aria-invalid=true aria-errormessage=e><p id=e>No such zip</p></form>"))
    field, = live.wait_for(shop.part, "field")
    assert (field.kind, field.error) == ("invalid", "server")


def test_focus_that_the_page_gives_itself_is_no_start(live, shop, visitor):
    visitor.goto(shop.page("home", "<form><input name=q autofocus></form>"))
    time.sleep(1.5)
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert told(live, shop) == ["view"]


def test_a_submitted_form_is_not_given_up(live, shop, visitor):
    shop.page("thanks")
    visitor.goto(shop.page("home", f"<form id=f data-netiv-event=ordered action='{shop.part}thanks'><input name=city></form>"))
    visitor.click("[name=city]")
    visitor.keyboard.type("Haifa")
    visitor.keyboard.press("Enter")
    live.wait_for(shop.part + "thanks", "pageview")
    assert told(live, shop) == ["view", "start", "submit"]
    assert [event.name for event in live.events(shop.part, "custom")] == ["ordered"]
    assert [field.filled for field in stays(live, shop)] == [True]


def test_the_source_asks_a_value_one_question(live):
    from tests.browser.conftest import ROOT
    source = "\n".join(path.read_text() for path in (ROOT / "tracker/src").glob("*.js"))
    reads = [line.strip() for line in source.splitlines() if re.search(r"\.(value|textContent|checked)\b(?! = )", line)]
    assert len(reads) == 1 and "!!(" in reads[0], reads
    for forbidden in ("innerHTML", "outerHTML", "innerText", "eval(", "document.write", "insertAdjacent", "FormData", "valueAs"):
        assert forbidden not in source.replace("element.innerHTML.length", "")  # how much the parser has made of it so far
