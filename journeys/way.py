"""Which pages are on the way of an order: cart, checkout, payment. Told by their addresses, in several languages. Pure."""

import re

WORDS = frozenset("""
    cart basket bag checkout payment billing shopping-cart shopping-basket shopping-bag one-page-checkout onepage my-cart
    warenkorb kasse panier paiement commande carrito carrello cassa koszyk
    סל עגלה עגלת-קניות סל-קניות קופה תשלום
""".split())


def is_on_the_way(path):
    """Whether a page is part of cart, checkout or payment: one segment of its address says so, without an ending like .php.

    >>> [is_on_the_way(path) for path in ("/shop/cart", "/checkout/address", "/סל-קניות", "/blog/cart-abandonment")]
    [True, True, True, False]
    """
    return any(re.sub(r"\.\w{2,5}$", "", segment).lower().replace("_", "-") in WORDS for segment in path.split("/")[1:])
