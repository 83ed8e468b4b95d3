"""How a session shows that it met a cart or a checkout, and that it left without an order. Pure.

By the events that GA4's e-commerce has for it. A site that never sent any of
them is judged by its pages instead: those whose address ends with a word for
a cart, or has one for a checkout in it.
"""

from typing import NamedTuple

from collector import events


class Sign(NamedTuple):
    """Names of events, and what addresses of pages are like, as SQLite's glob reads them."""

    events: tuple
    pages: tuple


def _ends(*words):
    return tuple(f"*/{word}{end}" for word in words for end in ("", "/", ".*"))


SIGNS = {
    "cart": Sign(("add_to_cart", "view_cart"), _ends("cart", "basket", "bag", "shopping-cart", "עגלה", "סל", "עגלת-קניות", "סל-קניות")),
    "checkout": Sign(("begin_checkout", "add_shipping_info", "add_payment_info"),
                     (*_ends("checkout", "קופה", "תשלום"), "*/checkout/*", "*/קופה/*")),
}


def abandoned(of):
    """SQL, true of a row of `sessions` that met the cart or the checkout and ordered nothing after it. Binds :site, :start, :end.

    Where pages are the sign, one that ordered nothing at all.
    """
    sign = SIGNS[of]
    names = f"select id from names where text in ({_listed(sign.events)})"
    within = "session_id >= :start << 22 and session_id < :end << 22"
    paths = " or ".join(f"path glob '{page}'" for page in sign.pages)
    return (f"(id in (select session_id from events where site_id = :site and type = {events.CUSTOM} and {within} "
            f"and (name = {events.PURCHASE} or name in ({names})) group by session_id "
            f"having min(iif(name = {events.PURCHASE}, null, number)) > "
            f"coalesce(max(iif(name = {events.PURCHASE} and value is not null, number, null)), 0)) "
            f"or purchases = 0 and not exists (select 1 from event_days where site_id = :site and kind = {events.CUSTOM} and name in ({names})) "
            f"and id in (select session_id from session_pages where site_id = :site and views > 0 and {within} "
            f"and page in (select id from pages where site_id = :site and ({paths}))))")


def _listed(texts):
    return ", ".join(f"'{text}'" for text in texts)
