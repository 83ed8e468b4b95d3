"""What a cart, a checkout and a payment are, by pages and by events, and whether a session left one without an order. Pure.

Pages are told by words in their addresses, in several languages; guesses of a
journey, pain points and abandonment all take them from here. Whether a session
met a cart or a checkout is told by the events that GA4's e-commerce has for it;
a site that never sent any of them is judged by its pages instead: those whose
address ends with a word for it, or has one for a checkout in it.
"""

import re
from typing import NamedTuple

from collector import events

WORDS = {
    "cart": tuple("""cart basket bag shopping-cart shopping-basket shopping-bag my-cart warenkorb panier carrito carrello koszyk
                     עגלה סל עגלת-קניות סל-קניות סל-הקניות""".split()),
    "checkout": tuple("checkout one-page-checkout onepage kasse commande cassa קופה תשלום".split()),
    "payment": ("payment", "pay", "billing", "paiement"),
}
OF = {word: step for step, words in WORDS.items() for word in words}


class Sign(NamedTuple):
    """Names of events, and what addresses of pages (as ADDRESS has them) are like, as SQLite's glob reads them."""

    events: tuple
    pages: tuple


def _ends(step):
    return tuple(f"*/{word}{end}" for word in WORDS[step] for end in ("", ".*"))


# a payment is met on the way through a checkout; alone it may be an account's
SIGNS = {
    "cart": Sign(("add_to_cart", "view_cart"), _ends("cart")),
    "checkout": Sign(("begin_checkout", "add_shipping_info", "add_payment_info"),
                     (*_ends("checkout"), *(f"*/{word}/*" for word in WORDS["checkout"]))),
}
ADDRESS = "replace(rtrim(lower(path), '/'), '_', '-')"  # SQL


def step(segment):
    """cart, checkout or payment: what one segment of an address, without an ending like .php, says that a page is; "" for none.

    >>> [step(segment) for segment in ("Cart.php", "סל_קניות", "checkout", "cart-abandonment")]
    ['cart', 'cart', 'checkout', '']
    """
    return OF.get(re.sub(r"\.\w{2,5}$", "", segment).lower().replace("_", "-"), "")


def is_on_the_way(path):
    """Whether a page is on the way of an order: some segment of its address is a cart, a checkout or a payment.

    >>> [is_on_the_way(path) for path in ("/shop/cart", "/checkout/address", "/סל-קניות", "/blog/cart-abandonment")]
    [True, True, True, False]
    """
    return any(map(step, path.split("/")[1:]))


def abandoned(of):
    """SQL, true of a row of `sessions` that met the cart or the checkout and ordered nothing after it. Binds :site, :start, :end.

    Where pages are the sign, one that ordered nothing at all.
    """
    sign = SIGNS[of]
    names = f"select id from names where text in ({_listed(sign.events)})"
    within = "session_id >= :start << 22 and session_id < :end << 22"
    paths = " or ".join(f"{ADDRESS} glob '{page}'" for page in sign.pages)
    return (f"(id in (select session_id from events where site_id = :site and type = {events.CUSTOM} and {within} "
            f"and (name = {events.PURCHASE} or name in ({names})) group by session_id "
            f"having min(iif(name = {events.PURCHASE}, null, number)) > "
            f"coalesce(max(iif(name = {events.PURCHASE} and value is not null, number, null)), 0)) "
            f"or purchases = 0 and not exists (select 1 from event_days where site_id = :site and kind = {events.CUSTOM} and name in ({names})) "
            f"and id in (select session_id from session_pages where site_id = :site and views > 0 and {within} "
            f"and page in (select id from pages where site_id = :site and ({paths}))))")


def _listed(texts):
    return ", ".join(f"'{text}'" for text in texts)
