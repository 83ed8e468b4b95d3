"""What the demo shop sells and what its checkout accepts. Pure; prices in agorot.

The checkout's rules are meant: the browser checks the easy ones by the form's
attributes, this module checks all of them again, and some (a card's check
digit, a date gone by) only here.
"""

import re
from dataclasses import dataclass

CURRENCY = "ILS"
CATEGORIES = ("acoustic", "electric", "classical")
MOST_IN_CART = 20


@dataclass(frozen=True)
class Product:
    slug: str
    category: str
    price: int  # agorot
    drawing: str  # which shape templates/shop/_guitar.html draws
    wood: str
    edge: str
    panel: str  # class of the tile behind it

    def item(self, quantity=1):
        """The product as GA4's e-commerce events name it; price in shekels."""
        return {"item_id": self.slug, "item_category": self.category, "price": self.price / 100,
                "quantity": quantity}


PRODUCTS = {product.slug: product for product in (
    Product("carmel", "acoustic", 189_000, "dreadnought", "#d99a4e", "#8a4b1c", "sand"),
    Product("gilboa", "acoustic", 245_000, "cutaway", "#c0703a", "#5b2413", "sage"),
    Product("arbel", "acoustic", 149_000, "dreadnought", "#e6c48a", "#b98545", "rose"),
    Product("negev", "electric", 329_000, "horns", "#efe3c8", "#d8c49a", "sky"),
    Product("ramon", "electric", 459_000, "singlecut", "#e2a23a", "#7a2316", "sand"),
    Product("eilat", "electric", 389_000, "hollow", "#2f7f86", "#123f49", "rose"),
    Product("galil", "classical", 129_000, "classical", "#dfa764", "#9a5a26", "sage"),
    Product("tavor", "classical", 219_000, "classical", "#b5662f", "#552613", "sky"),
    Product("sharon", "classical", 99_000, "classical", "#eccf9c", "#c69a5c", "sand"),
)}


def in_category(category):
    return [product for product in PRODUCTS.values() if product.category == category]


# -- cart: a cookie such as "carmel:1,ramon:2"

def read_cart(text):
    """{slug: quantity} from the cart cookie; whatever is not ours is left out.

    >>> read_cart("carmel:2,bogus:1,ramon:x")
    {'carmel': 2}
    """
    cart = {}
    for part in text.split(",")[:len(PRODUCTS)]:
        slug, _, quantity = part.partition(":")
        if slug in PRODUCTS and re.fullmatch(r"[1-9]\d?", quantity):
            cart[slug] = min(int(quantity), MOST_IN_CART)
    return cart


def write_cart(cart):
    return ",".join(f"{slug}:{quantity}" for slug, quantity in cart.items())


def total(cart):
    """Agorot."""
    return sum(PRODUCTS[slug].price * quantity for slug, quantity in cart.items())


def items(cart):
    return [PRODUCTS[slug].item(quantity) for slug, quantity in cart.items()]


# -- checkout

FIELDS = ("name", "email", "phone", "city", "street", "postcode", "delivery", "card", "expiry", "cvc")
DELIVERIES = ("courier", "shop")

# What the browser checks as well: the `pattern` of the field.
PATTERNS = {
    "name": r"\S+(\s+\S+)+",
    "phone": r"05\d-\d{7}",
    "postcode": r"\d{7}",
    "card": r"[\d ]{12,23}",
    "expiry": r"(0[1-9]|1[0-2])/\d\d",
    "cvc": r"\d{3,4}",
}


def check_order(form, year, month):
    """{field: word of the complaint} of a filled-in checkout form; empty when all is well."""
    complaints = {field: _complaint(field, form.get(field, "").strip()) for field in FIELDS}
    expiry = form.get("expiry", "").strip()
    if not complaints["expiry"] and (2000 + int(expiry[3:]), int(expiry[:2])) < (year, month):
        complaints["expiry"] = "wrong_expired"
    return {field: word for field, word in complaints.items() if word}


def _complaint(field, value):
    if not value:
        return "wrong_empty"
    if field in PATTERNS and not re.fullmatch(PATTERNS[field], value):
        return f"wrong_{field}"
    if field == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "wrong_email"
    if field == "delivery" and value not in DELIVERIES:
        return "wrong_empty"
    if field == "card" and not luhn(value):
        return "wrong_card"
    return ""


def luhn(number):
    """The check digit of a payment card (ISO/IEC 7812-1), spaces allowed.

    >>> luhn("4242 4242 4242 4242"), luhn("4242 4242 4242 4241")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(number.replace(" ", ""))]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
