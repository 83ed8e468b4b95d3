"""The demo shop under /shop/ (English) and /shop/he/ (Hebrew): pages, a cart in a cookie, a checkout.

It stands for an owner's site and knows nothing of the product but the snippet
pasted into its base template. What is typed at the checkout is looked at once
and dropped: never stored, never logged.
"""

import json
import secrets
import time

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from collector.demo import shop
from collector.demo.words import LANGUAGES, LINES, NAMES, WORDS

blueprint = Blueprint("shop", __name__, url_prefix="/shop")

CART, ORDER = "shop_cart", "shop_order"  # cookies of the shop, gone when the browser closes
SLOW_SECONDS = 1.5


def page(rule, **options):
    """A view of the shop, reached in English at /shop<rule> and in Hebrew at /shop/he<rule>."""
    def register(view):
        blueprint.add_url_rule(rule, view.__name__, view, defaults={"lang": "en"}, **options)
        blueprint.add_url_rule(f"/he{rule}", view.__name__, view, defaults={"lang": "he"}, **options)
        return view
    return register


@page("/")
def home(lang):
    return show("home", lang, favourites=[shop.PRODUCTS[slug] for slug in ("ramon", "carmel", "tavor")])


@page("/<any(acoustic, electric, classical):category>")
def category(lang, category):
    return show("category", lang, category=category, products=shop.in_category(category))


@page("/<any(acoustic, electric, classical):category>/<slug>")
def product(lang, category, slug):
    found = shop.PRODUCTS.get(slug)
    if found is None or found.category != category:
        abort(404)
    others = [other for other in shop.in_category(category) if other != found]
    return show("product", lang, category=category, slug=slug, product=found, others=others)


@page("/compare")
def compare(lang):
    """The slow page: slow on the server, as a page with a heavy query would be."""
    time.sleep(SLOW_SECONDS)
    return show("compare", lang, products=list(shop.PRODUCTS.values()))


@page("/returns")
def returns(lang):
    return show("returns", lang)


@page("/care-guide.txt")
def care(lang):
    answer = make_response(WORDS[lang]["care_text"])
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=care-guide.txt"
    return answer


@page("/cart")
def cart(lang):
    return show("cart", lang)


@page("/cart", methods=["POST"])
def change_cart(lang):
    """Adds one of `add`, or takes out all of `remove`."""
    held = shop.read_cart(request.cookies.get(CART, ""))
    if (slug := request.form.get("add")) in shop.PRODUCTS:
        held[slug] = min(held.get(slug, 0) + 1, shop.MOST_IN_CART)
    held.pop(request.form.get("remove"), None)
    return remember(redirect(url_for(".cart", lang=lang), 303), CART, shop.write_cart(held))


@page("/checkout")
def checkout(lang):
    if not shop.read_cart(request.cookies.get(CART, "")):
        return redirect(url_for(".cart", lang=lang), 303)
    return show("checkout", lang, filled={}, wrong={})


@page("/checkout", methods=["POST"])
def place_order(lang):
    held = request.cookies.get(CART, "")
    if not shop.read_cart(held):
        return redirect(url_for(".cart", lang=lang), 303)
    today = time.localtime()
    wrong = shop.check_order(request.form, today.tm_year, today.tm_mon)
    if wrong:
        kept = {field: request.form.get(field, "") for field in shop.FIELDS if field not in ("card", "cvc")}
        return show("checkout", lang, filled=kept, wrong=wrong, status=422)
    answer = redirect(url_for(".thanks", lang=lang), 303)
    remember(answer, ORDER, json.dumps({"number": f"SIX-{secrets.token_hex(4).upper()}", "cart": held}))
    return remember(answer, CART, "")


@page("/thanks")
def thanks(lang):
    try:
        order = json.loads(request.cookies.get(ORDER, ""))
        number, bought = str(order["number"])[:20], shop.read_cart(order["cart"])
    except (ValueError, TypeError, KeyError, AttributeError):  # none, or a cookie somebody made up
        return redirect(url_for(".home", lang=lang), 303)
    return show("thanks", lang, number=number, bought=bought)


@page("/<path:rest>")
def lost(lang, rest):
    return show("lost", lang, status=404)


@blueprint.errorhandler(404)
def no_such_product(error):
    return show("lost", request.view_args["lang"], status=404)


# -- what every page is given

def show(name, lang, status=200, **values):
    held = shop.read_cart(request.cookies.get(CART, ""))
    return render_template(
        f"shop/{name}.html", t=WORDS[lang], names=NAMES[lang], lines=LINES[lang], lang=lang,
        direction=LANGUAGES[lang], held=held, here=name, shop=shop, other=other_language(lang),
        **values), status


def other_language(lang):
    """This page's address in the other language, the shop's front door for pages that have none."""
    other = "en" if lang == "he" else "he"
    endpoint = {"shop.place_order": "shop.checkout", "shop.change_cart": "shop.cart"}.get(
        request.endpoint, request.endpoint or "shop.home")
    return url_for(endpoint, **{**(request.view_args or {}), "lang": other})


def remember(answer, name, value):
    answer.set_cookie(name, value, path="/shop", httponly=True, samesite="Lax")
    return answer
