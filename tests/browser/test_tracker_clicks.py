"""Clicks and what they betray: place, name, rage, nothing happening."""

import time

import pytest

pytestmark = pytest.mark.browser


def kinds(live, shop):
    return [event.kind for event in live.events(shop.part, "frustration")]


def test_a_click_says_which_element_what_it_is_called_and_where_in_it(live, shop, visitor):
    visitor.goto(shop.page("home", """<div><button style="width:200px;height:100px;border:0" onclick="this.title='x'">
        Buy <b>now</b>, 4580 1234 5678 9010</button></div><p id="here">Text of dana</p>"""))
    visitor.mouse.click(50, 75)
    visitor.keyboard.press("Enter")
    visitor.click("#here")
    clicks = live.wait_for(shop.part, "click", 3)
    assert [click.element for click in clicks] == ["body>div>button", "body>div>button", "#here"]
    assert [click.label for click in clicks] == ["Buy now , [x]", "Buy now , [x]", ""]
    assert [click.keyboard for click in clicks] == [False, True, False]
    assert abs(clicks[0].x - 32767 / 4) < 200 and abs(clicks[0].y - 32767 * 3 / 4) < 400


def test_a_click_is_seen_through_shadow_trees_and_past_pages_that_stop_it(live, shop, visitor):
    visitor.goto(shop.page("home", """<x-shop id="shop"></x-shop><script>
        shop.attachShadow({mode: 'open'}).innerHTML = '<p>a</p><p><button>Inside</button></p>';
        document.addEventListener('click', event => event.stopImmediatePropagation(), true);</script>"""))
    visitor.click("button")
    click, = live.wait_for(shop.part, "click")
    assert (click.element, click.label) == ("#shop >>> p:nth-of-type(2)>button", "Inside")


def test_a_label_and_its_field_are_one_click_and_a_choice_is_not_named(live, shop, visitor):
    visitor.goto(shop.page("home", """<form><label id=one>Your plan <input name=plan></label>
        <label id=two><input type=radio name=sex value=f>Female</label><label for=mail>Mail</label><input id=mail></form>"""))
    for selector in ("#one", "#two", "[for=mail]"):
        visitor.click(selector, position={"x": 4, "y": 4})
    clicks = live.wait_for(shop.part, "click", 3)
    time.sleep(.5)
    assert [click.label for click in live.events(shop.part, "click")] == ["Your plan", "", "Mail"], clicks


def test_what_the_owner_ignores_is_not_told_and_what_he_names_has_that_name(live, shop, visitor):
    visitor.goto(shop.page("home", """<div data-netiv-ignore><button id=a>secret</button><form><input id=f name=secret></form></div>
        <button id=b data-netiv-name="Buy it">Dana, buy</button>
        <button id=c data-netiv-event="wish" data-netiv-prop-size="42" data-netiv-prop-in-stock="yes">Wish</button>"""))
    for selector in ("#a", "#b", "#c"):
        visitor.click(selector)
    visitor.fill("#f", "secret")
    custom, = live.wait_for(shop.part, "custom")
    assert (custom.name, custom.props) == ("wish", {"size": "42", "in-stock": "yes"})
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert [click.label for click in live.events(shop.part, "click")] == ["Buy it", "Wish"]
    assert live.events(shop.part, "field") == live.events(shop.part, "form") == []


def test_links_that_leave_and_files_are_told_without_their_query(live, shop, visitor):
    shop.file("list.pdf", b"%PDF-1", {"Content-Disposition": "attachment"})
    visitor.goto(shop.page("home", f"""<a id=out target=_blank href="http://127.0.0.1:9/elsewhere?email=secret"><b>Out</b></a>
        <a id=file href="{shop.part}list.pdf?token=secret">List</a> <a id=own href="#top">Top</a>"""))
    for selector in ("#out b", "#file", "#own"):
        visitor.click(selector)
    clicks = live.wait_for(shop.part, "click", 3)
    assert [(click.link, click.to) for click in clicks] == [
        ("outbound", "http://127.0.0.1:9/elsewhere"), ("download", f"{shop.url}{shop.part}list.pdf"), ("", "")]


def test_three_fast_clicks_in_one_place_are_rage_and_counted_on(live, shop, visitor):
    visitor.goto(shop.page("home", "<button style='width:300px' onclick='this.title += 1'>Pay</button>"))
    visitor.click("button", click_count=1)
    visitor.click("button", position={"x": 250, "y": 5})  # too far from the last
    time.sleep(.2)
    box = visitor.locator("button").bounding_box()
    for _ in range(4):
        visitor.mouse.click(box["x"] + 20, box["y"] + 5)
    rage, = live.wait_for(shop.part, "frustration")
    assert (rage.kind, rage.label, rage.clicks) == ("rage", "Pay", 4)


@pytest.mark.parametrize("body", [
    "<button>›</button>", "<button>+</button>", "<button>הבא</button>", "<button>Next slide</button>",
    "<div class='my-carousel'><button>o</button></div>", "<input type=number value=1>", "<p>Words to be selected</p>",
], ids=["sign", "plus", "hebrew", "next", "class", "number", "selection"])
def test_steps_slides_and_selecting_are_no_rage(live, shop, visitor, body):
    visitor.goto(shop.page("home", body + "<script>onclick = () => document.title += '.'</script>"))
    element = visitor.locator("button, input, p").first
    if body.startswith("<p>"):
        element.click(click_count=3)
    else:
        for _ in range(4):
            element.click()
    live.wait_for(shop.part, "click", 3)
    time.sleep(.3)
    assert kinds(live, shop) == []


def test_a_click_that_does_nothing_is_dead_after_two_and_a_half_seconds(live, shop, visitor):
    visitor.goto(shop.page("home", "<button>Broken</button><p>words</p>"))
    visitor.click("button")
    time.sleep(2.3)
    assert kinds(live, shop) == []
    time.sleep(1)
    visitor.goto("about:blank")
    dead, = live.wait_for(shop.part, "frustration")
    assert (dead.kind, dead.element, dead.label) == ("dead", "body>button", "Broken")


@pytest.mark.parametrize("action", [
    "document.body.append('x')", "window.scrollTo(0, 200)", "history.pushState({}, '', 'other')", "words.focus()",
    "getSelection().selectAllChildren(words)", "setTimeout(() => document.body.className = 'a', 2000)",
], ids=["mutation", "scroll", "navigation", "focus", "selection", "late"])
def test_a_click_that_does_something_is_not_dead(live, shop, visitor, action):
    visitor.goto(shop.page("home", f"<button onclick=\"{action}\">Do</button><p id=words tabindex=0>words</p>"
                                   "<div style='height:3000px'></div>"))
    time.sleep(.3)
    visitor.click("button")
    time.sleep(3.3)
    visitor.goto("about:blank")
    live.wait_for(shop.part, "leave")
    assert kinds(live, shop) == []


def test_fields_frames_and_links_elsewhere_are_never_dead(live, shop, visitor):
    visitor.goto(shop.page("home", """<input><select><option>a</select><canvas style="background:red"></canvas>
        <a href="mailto:dana@shop.example" onclick="event.preventDefault()">Mail</a>"""))
    for selector in ("input", "canvas", "a"):
        visitor.click(selector)
    time.sleep(3.3)
    assert kinds(live, shop) == []
