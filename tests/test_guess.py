"""What a new site's journey is guessed from, and what becomes of the guess when the owner looks at it."""

import pytest

from collector import carts, guess, stages
from collector import journey_register as register
from collector.stages import BadJourney, Stale
from tests.story import NOW

HOUR = 3_600_000


def found(pages, events=(), forms=()):
    """{touchpoint: values of its further rules}."""
    return {key: [rule.value for rule in some] for key, some in guess.rules(pages, list(events), list(forms)).items()}


@pytest.mark.parametrize("path, key", [
    ("/cart", "cart"), ("/עגלה", "cart"), ("/checkout", "order-form"), ("/תשלום", "order-form"), ("/thank-you", "order"), ("/תודה", "order"),
    ("/about-us", "about"), ("/אודות", "about"), ("/blog", "articles"), ("/help/returns", "returns"), ("/מדיניות-החזרות", "returns"),
    ("/terms", "terms"), ("/תקנון", "terms"), ("/contact", "contact"), ("/צור-קשר", "contact"), ("/product/x", "product"),
    ("/category", "category"), ("/Warenkorb.php", "cart"), ("/shop/my_cart", "cart"), ("/panier", "cart"), ("/kasse", "order-form"), ("/paiement", "payment")])
def test_a_page_is_known_by_the_words_of_its_address(path, key):
    assert found([("/", "Shop", 10), (path, "", 3)]) == {"landing": ["/"], key: [path]}


@pytest.mark.parametrize("path", ["/cart/**", "/cart/*", "/cart/?", "/product/" + 300 * "x", "/cart ", "/cart/\x07"])
def test_a_page_that_no_rule_can_hold_is_passed_over(path):
    assert found([("/", "Shop", 10), ("/about", "", 3), (path, "", 3)]) == {"landing": ["/"], "about": ["/about"]}
    assert found([("/", "Shop", 10)], forms=["contact**", "contact" + 300 * "x", "contact *"]) == {"landing": ["/"]}


def test_a_word_within_another_is_none():
    assert "cart" not in found([("/", "", 9), ("/cartography", "", 5), ("/paying-guests", "", 5)])


def test_a_page_is_known_by_its_title_where_the_address_says_nothing():
    assert found([("/", "Shop", 9), ("/p/17", "מדיניות החזרות - החנות", 2)])["returns"] == ["/p/17"]
    many = [(f"/p/{number}", "תודה רבה", 1) for number in range(9)]
    assert "order" not in found([("/", "", 9), *many])


@pytest.mark.parametrize("path, title", [("/blog/cart-abandonment", ""), ("/p/9", "Leather bag – Six Strings"), ("/p/9", "How to cut cart abandonment")])
def test_what_is_no_cart_in_the_other_reports_is_none_in_the_guess(path, title):
    assert not carts.is_on_the_way(path) and "cart" not in found([("/", "", 9), (path, title, 5)])


@pytest.mark.parametrize("title, key", [("Shopping cart | Six Strings", "cart"), ("סל הקניות - שישה מיתרים", "cart"), ("Six Strings — Checkout", "order-form")])
def test_a_cart_is_known_by_its_title_in_the_words_of_the_other_reports(title, key):
    assert found([("/", "", 9), ("/p/9", title, 5)])[key] == ["/p/9"]


def test_pages_that_lie_together_are_one_pattern_and_the_page_above_is_their_category():
    pages = [("/shop/", "", 50), *((f"/shop/bass/{name}", "", 9) for name in "abcd"), ("/shop/bass", "", 20), ("/shop/cart", "", 5)]
    events = [(f"/shop/bass/{name}", "view_item", 9) for name in "abcd"]
    assert found(pages, events) == {"landing": ["/shop/"], "product": ["/shop/bass/*"], "category": ["/shop/bass"], "cart": ["/shop/cart"]}


def test_a_form_is_known_by_its_name_and_a_home_page_by_its_place_in_each_language():
    assert found([("/en/", "", 9), ("/he/", "", 30), ("/en/x", "", 3)], forms=["contact-form", "search"]) == {
        "landing": ["/en/", "/he/"], "lead-form": ["contact-form"]}


def test_a_site_with_visits_and_no_journey_gets_one_that_nobody_confirmed_and_it_follows_the_pages(store, site, story):
    story.visitor("dana").view("/").view("/cart").purchase(10)
    story.tell()
    guess.keep_up(store, NOW)
    first = register.by_key(store, site)
    assert first.confirmed_at is None and first.version == 1
    story.visitor("avi").view("/about")
    story.tell()
    guess.keep_up(store, NOW, again=False)
    assert register.by_key(store, site).version == 1
    guess.keep_up(store, NOW + HOUR)
    second = register.by_key(store, site)
    about = next(each for each in second.journey.touchpoints if each.key == "about")
    assert second.version == 2 and about.rules and {each.key: each.number for each in second.journey.touchpoints} == {
        each.key: each.number for each in first.journey.touchpoints}
    register.change(store, site, "main", stages.as_dict(second.journey), 2, "the owner")
    story.visitor("noa").view("/contact")
    story.tell()
    guess.keep_up(store, NOW + 2 * HOUR)
    assert register.by_key(store, site).version == 3  # the confirmation; nothing is guessed over it


def test_what_anybody_can_send_stops_no_guess(store, site, story):
    story.visitor("dana").view("/").view("/cart").view("/cart/**").view("/cart/%3F").view("/product/" + 300 * "x").field("contact**", "name")
    story.tell()
    guess.keep_up(store, NOW)
    cart = next(each for each in register.by_key(store, site).journey.touchpoints if each.key == "cart")
    assert [rule.value for rule in cart.rules if rule.kind == "page"] == ["/cart"]


def test_a_site_that_cannot_be_guessed_holds_up_no_other(store, site, story, monkeypatch, caplog):
    story.visitor("dana").view("/")
    story.tell()

    def refused(*_):
        raise BadJourney("stages", "is wrong")
    monkeypatch.setattr(guess, "propose", refused)
    guess.keep_up(store, NOW)
    assert "guitars cannot be guessed" in caplog.text and register.all_of(store, site) == []


def test_after_a_week_a_guess_stands(store, site, story):
    story.visitor("dana").view("/")
    story.tell()
    guess.keep_up(store, NOW)
    story.visitor("avi").view("/about")
    story.tell()
    guess.keep_up(store, NOW + guess.NEW + HOUR)
    assert register.by_key(store, site).version == 1


def test_a_stale_edit_changes_nothing_and_says_who_was_first(store, site):
    made = register.add(store, site, {"key": "main", "name": "Main", "stages": [{"key": "a", "name": "A"}]}, "dana@example.com")
    mapping = stages.as_dict(made.journey)
    register.change(store, site, "main", mapping | {"name": "Other"}, 1, "avi@example.com")
    with pytest.raises(Stale) as error:
        register.change(store, site, "main", mapping | {"name": "Third"}, 1, "dana@example.com")
    assert "avi@example.com" in error.value.message and register.by_key(store, site).journey.name == "Other"
    with pytest.raises(BadJourney):
        register.add(store, site, mapping, "dana@example.com")
    with pytest.raises(BadJourney):
        register.remove(store, site, "main")
