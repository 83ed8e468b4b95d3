"""What is true of the demo shop's sixty days, written down before anybody visits it. Pure.

people.py makes visitors who do exactly this, the reports have to find it again
(tests/test_demo.py), and docs/demo.md prints both. Every count is of sessions
unless it says otherwise; prices are shop.py's.
"""

from dataclasses import dataclass

SEED = 20_260_901
DAYS = 60


@dataclass(frozen=True)
class Cohort:
    """Sessions from one source on one device, and how many of them got how far."""

    origin: str  # a key of ORIGINS
    device: str
    sessions: int
    product: int  # saw a product
    cart: int  # put it in the cart
    checkout: int  # opened the checkout
    paid: int


@dataclass(frozen=True)
class Origin:
    """How a visitor arrives, and what the source reports have to call it."""

    query: str
    referrer: str
    source: str
    medium: str
    channel: str
    campaign: str = ""


ORIGINS = {
    "search": Origin("", "https://www.google.com/", "google", "organic", "Organic Search"),
    "direct": Origin("", "", "(direct)", "(none)", "Direct"),
    "instagram": Origin("utm_source=instagram&utm_medium=paid_social&utm_campaign=summer-strings",
                        "https://l.instagram.com/", "instagram", "paid_social", "Paid Social", "summer-strings"),
    "newsletter": Origin("utm_source=newsletter&utm_medium=email&utm_campaign=new-in-the-workshop", "",
                         "newsletter", "email", "Email", "new-in-the-workshop"),
    "ads": Origin("utm_source=google&utm_medium=cpc&utm_campaign=handmade-guitars&gclid=x",
                  "https://www.google.com/", "google", "cpc", "Paid Search", "handmade-guitars"),
    "chatgpt": Origin("", "https://chatgpt.com/", "chatgpt", "referral", "AI Assistants"),
    "perplexity": Origin("", "https://www.perplexity.ai/", "perplexity", "referral", "AI Assistants"),
    "facebook": Origin("", "https://m.facebook.com/", "facebook", "social", "Organic Social"),
    "youtube": Origin("", "https://www.youtube.com/", "youtube", "video", "Organic Video"),
    "shared": Origin("utm_source=share&utm_medium=referral", "", "share", "referral", "Referral"),
}

COHORTS = (
    Cohort("search", "desktop", 900, 520, 170, 110, 62),
    Cohort("search", "mobile", 1200, 600, 160, 96, 34),
    Cohort("direct", "desktop", 420, 248, 86, 56, 32),
    Cohort("direct", "mobile", 555, 273, 75, 44, 15),
    Cohort("instagram", "desktop", 60, 26, 5, 3, 1),
    Cohort("instagram", "mobile", 900, 330, 45, 22, 4),
    Cohort("newsletter", "desktop", 260, 200, 96, 70, 46),
    Cohort("newsletter", "mobile", 240, 170, 68, 46, 22),
    Cohort("ads", "desktop", 240, 150, 45, 29, 15),
    Cohort("ads", "mobile", 330, 180, 44, 26, 8),
    Cohort("chatgpt", "desktop", 180, 140, 58, 40, 27),
    Cohort("chatgpt", "mobile", 90, 62, 22, 14, 7),
    Cohort("perplexity", "desktop", 60, 44, 15, 10, 6),
    Cohort("perplexity", "mobile", 30, 19, 5, 3, 1),
    Cohort("facebook", "desktop", 60, 28, 6, 4, 2),
    Cohort("facebook", "mobile", 210, 84, 15, 9, 2),
    Cohort("youtube", "desktop", 80, 46, 12, 7, 3),
    Cohort("youtube", "mobile", 110, 56, 12, 7, 2),
    Cohort("shared", "desktop", 30, 22, 9, 6, 4),
    Cohort("shared", "mobile", 45, 27, 9, 6, 3),
)

# Which field those who left the checkout touched last; "" touched none.
LAST_FIELDS = {"phone": 140, "card": 62, "postcode": 37, "delivery": 22, "email": 16, "name": 12, "cvc": 5, "": 18}
PHONE_TWICE_PAID = 118  # were refused by the phone field once, came back to it and paid all the same
REFUSED_TWICE = ("phone", "postcode")  # those who left at these sent the form twice, refused by the browser each time
CARD_REFUSED = LAST_FIELDS["card"]  # sent the form, the server refused the card, and they left

# What those did who put a guitar in the cart and never opened the checkout.
CART_TO_RETURNS = 140  # read the returns policy and left there
CART_TO_RETURNS_AND_BACK = 60  # read it, came back to the cart, and left there
VOUCHER_ERRORS = 84  # pressed the broken voucher button
VOUCHER_ERROR = "Uncaught TypeError: Cannot read properties of null (reading 'focus')"

# What those did who saw a product and went no further.
COMPARE_FROM_PRODUCT, COMPARE_FROM_PRODUCT_LEFT = 420, 280  # opened the slow page; left on it
RETURNS_FROM_PRODUCT = 120
RAGE = 190  # pressed the button that does nothing, again and again
DEAD = 150  # pressed it once
QUICK_BACKS = 130
OUTBOUND = 75
DOWNLOADS = 60

# What those did who saw no product.
BOUNCES = 1500
ONE_PAGE_READERS = 500  # one page, but read
COMPARE_EARLY, COMPARE_EARLY_LEFT = 200, 140

PAID_AFTER_RETURNS = 60  # read the returns policy first, then paid

# Visitors who allowed to be remembered: how many came how often. All others are new each time.
RETURNING = {2: 100, 3: 100, 5: 60, 8: 40}

# Of them: how many ordered how often, on as many days; all others never. CUSTOMERS of those who ordered twice sign in: the shop's own number of them is known.
ORDERED = {3: 14, 2: 48, 1: 30}
CUSTOMERS = 30

# What those said who had paid.
SHARES = 38  # passed the shop's link on
ANSWERS = {10: 41, 9: 30, 8: 18, 7: 9, 6: 4, 5: 3, 3: 2, 0: 1}  # how likely they are to recommend it: sessions by score

LEFT_OUT = {"bot:search": 310, "bot:ai": 140, "bot:seo": 95, "gpc": 280, "dnt": 60}  # visits, one message each

# Outside the page.
ORDERS_LOST = 9  # real orders that the tracking did not see
CALLS_ABOUT_ORDERS = 24  # about one that was tracked, by somebody who never came again
CALLS_BEFORE_RETURN = 12  # by customers who came back within the day: they met the touchpoint "Call"
ORDERS_BY_CUSTOMERS = 4  # by telephone, of customers who had ordered twice on the page
CONTACTS = {"call": CALLS_ABOUT_ORDERS + CALLS_BEFORE_RETURN, "mail": 18, "chat": 15, "shop_visit": 12, "phone_order": 2 + ORDERS_BY_CUSTOMERS}

# What chance, from the seed, made of the rest.
PAGE_VIEWS = 14_204
HEBREW = 3_603  # sessions of browsers that speak it
REVENUE = 74_382_000  # agorot


def total(step, device=None, origin=None):
    """Sessions that reached a step ("sessions", "product", "cart", "checkout", "paid")."""
    return sum(getattr(cohort, step) for cohort in COHORTS
               if device in (None, cohort.device) and origin in (None, cohort.origin))


def by(word, step):
    """{source, medium, channel or campaign: sessions that reached the step}; campaign "" is none."""
    found = {}
    for cohort in COHORTS:
        name = getattr(ORIGINS[cohort.origin], word)
        found[name] = found.get(name, 0) + getattr(cohort, step)
    return found


def visitors():
    """Different people of the sixty days, as far as may be told."""
    visits = sum(times * people for times, people in RETURNING.items())
    return total("sessions") - visits + sum(RETURNING.values())


def later_sessions():
    """Sessions of visitors who allowed to be remembered, after their first."""
    return sum((times - 1) * people for times, people in RETURNING.items())


def orders_of_customers():
    """{orders: customers} with those by telephone."""
    return ORDERED | {3: ORDERED[3] + ORDERS_BY_CUSTOMERS, 2: ORDERED[2] - ORDERS_BY_CUSTOMERS}


def answers(least, most):
    return sum(count for score, count in ANSWERS.items() if least <= score <= most)


def left_checkout():
    return total("checkout") - total("paid")


def started_checkout():
    return total("checkout") - LAST_FIELDS[""]


def submitted_checkout():
    """Sent it, whether or not it was accepted."""
    return total("paid") + CARD_REFUSED + sum(LAST_FIELDS[name] for name in REFUSED_TWICE)


def pain_points():
    """What keeps people from buying, as the reports name it, and how many sessions met each.

    The telephone number, asked in one way only; the returns policy, which nobody finds from the cart; the slow page; cards that are
    refused; the button that does nothing; the voucher button, which breaks; and the postcode, which the browser refuses twice.
    """
    return {"A field that costs: phone": LAST_FIELDS["phone"], "A field that costs: postcode": LAST_FIELDS["postcode"],
            "A detour from the order: /shop/returns": CART_TO_RETURNS + CART_TO_RETURNS_AND_BACK,
            "A slow page: /shop/compare": saw_compare(), "A payment refused: card": CARD_REFUSED, "Clicked in vain: #hear": RAGE + DEAD,
            f"A script error: {VOUCHER_ERROR}": VOUCHER_ERRORS}


def phone_cost():
    """Orders a month at stake in the telephone number, counted by hand as docs/reports.md says under "cost".

    Before it come name and email, after it city and street, which lose nobody. It is a month of the two.
    """
    named = started_checkout()
    mailed = named - LAST_FIELDS["name"]
    phoned = mailed - LAST_FIELDS["email"]
    around = (LAST_FIELDS["name"] + LAST_FIELDS["email"]) / (named + mailed + 2 * phoned)
    more = LAST_FIELDS["phone"] - around * phoned
    return round(more * total("paid") / (phoned - LAST_FIELDS["phone"]) / 2)


def last_errors():
    """{what went wrong last in checkouts left without an order, by the name of the field, form or nothing: sessions}."""
    in_vain = LAST_FIELDS["phone"] + CARD_REFUSED  # of their fields the tracker says only that they were entered and left
    refused = LAST_FIELDS["postcode"]
    return {"checkout": in_vain, "postcode": refused, "": left_checkout() - in_vain - refused}


def saw_returns():
    return CART_TO_RETURNS + CART_TO_RETURNS_AND_BACK + RETURNS_FROM_PRODUCT + PAID_AFTER_RETURNS


def saw_compare():
    return COMPARE_FROM_PRODUCT + COMPARE_EARLY


def left_on_compare():
    return COMPARE_FROM_PRODUCT_LEFT + COMPARE_EARLY_LEFT
