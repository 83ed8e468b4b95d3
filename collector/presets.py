"""Journeys to begin with: two presets, and the typical touchpoints of their stages as a checklist. Pure.

Names are msgids. A touchpoint's rules hold on any site: channels, and GA4's names
of events. Which pages of a site belong to it is found out in guess.py; what
cannot be measured has no rule and is not digital.
"""

from collector.fields import N_
from collector.stages import Journey, Rule, Stage, Touchpoint

KEY = "main"
NAME = N_("Main journey")


def _rules(**values):
    return tuple(Rule(kind, value) for kind, some in values.items() for value in some)


# key: (name, rules that hold on any site), in the order in which people meet them
TYPICAL = {
    "search": (N_("Search results"), _rules(channel=("Organic Search", "Organic Shopping", "AI Assistants"))),
    "ads": (N_("Ads"), _rules(channel=("Paid *", "Display", "Cross-network"))),
    "social": (N_("Social posts"), _rules(channel=("Organic Social",))),
    "videos": (N_("Videos"), _rules(channel=("Organic Video",))),
    "recommended": (N_("Links on other sites"), _rules(channel=("Referral",))),
    "own-links": (N_("Printed codes and other links of yours"),  # what GA4 knows no channel for, such as qr and print, is Unassigned
                  _rules(channel=("Affiliates", "Audio", "SMS", "Mobile Push Notifications", "Unassigned"))),
    "direct": (N_("Came by themselves"), _rules(channel=("Direct",))),
    "landing": (N_("Landing page"), ()),
    "about": (N_("About us"), ()),
    "articles": (N_("Articles"), ()),
    "newsletter": (N_("Newsletter"), _rules(channel=("Email",), event=("newsletter_signup",))),
    "category": (N_("Category page"), _rules(event=("view_item_list",))),
    "product": (N_("Product page"), _rules(event=("view_item",))),
    "comparison": (N_("Comparison"), ()),
    "testimonials": (N_("Testimonials"), ()),
    "chat": (N_("Chat"), _rules(event=("chat", "chat_started"))),
    "returns": (N_("Returns policy"), ()),
    "terms": (N_("Terms"), ()),
    "contact": (N_("Contact page"), ()),
    "cart": (N_("Cart"), _rules(event=("add_to_cart", "view_cart"))),
    "order-form": (N_("Order form"), _rules(event=("begin_checkout", "add_shipping_info"))),
    "lead-form": (N_("Lead form"), _rules(event=("generate_lead",))),
    "payment": (N_("Payment"), _rules(event=("add_payment_info",))),
    "order": (N_("Placed order"), _rules(order=("",))),
    "confirmation": (N_("Confirmation mail"), ()),
    "follow-up": (N_("Follow-up mail"), ()),
    "repeat-visit": (N_("Visit after an order"), _rules(repeat_visit=("order",))),
    "repeat-order": (N_("Repeat order"), _rules(repeat_order=("",))),
    "customer-content": (N_("Customer content"), ()),
    "loyalty": (N_("Loyalty programme"), _rules(event=("join_group",))),
    "survey": (N_("Satisfaction survey"), _rules(answer=("",))),
    "share": (N_("Shares"), _rules(share=("",))),
    "community": (N_("Community"), ()),
}

# preset: stages as (key, name, keys of TYPICAL)
STAGES = {
    "shop": (
        ("awareness", N_("Awareness"), ("search", "ads", "social", "videos", "recommended", "own-links", "direct")),
        ("consideration", N_("Consideration"), ("landing", "about", "articles", "newsletter", "category", "product", "comparison",
                                                "testimonials", "chat", "returns", "terms", "contact")),
        ("purchase", N_("Purchase"), ("cart", "order-form", "lead-form", "payment", "order", "confirmation")),
        ("retention", N_("Retention"), ("follow-up", "repeat-visit", "repeat-order", "customer-content", "loyalty", "survey")),
        ("advocacy", N_("Advocacy"), ("share", "community")),
    ),
    "action": (
        ("awareness", N_("Awareness"), ("search", "ads", "social", "videos", "recommended", "own-links", "direct")),
        ("interest", N_("Interest"), ("landing", "about", "articles", "newsletter", "category")),
        ("decision", N_("Decision"), ("product", "comparison", "testimonials", "chat", "returns", "terms", "contact")),
        ("action", N_("Action"), ("cart", "order-form", "lead-form", "payment", "order", "confirmation")),
        ("retention", N_("Retention"), ("follow-up", "repeat-visit", "repeat-order", "customer-content", "loyalty", "survey",
                                        "share", "community")),
    ),
}
TITLES = {"shop": N_("Awareness, consideration, purchase, retention, advocacy"),
          "action": N_("Awareness, interest, decision, action, retention")}


def preset(name, more=None, key=KEY):
    """The Journey of a preset; `more` maps keys of TYPICAL to further rules, those of the site's own pages."""
    more, number, stages = more or {}, 0, []
    for at, (stage_key, stage_name, keys) in enumerate(STAGES[name], 1):
        touchpoints = []
        for each in keys:
            number += 1
            title, rules = TYPICAL[each]
            touchpoints.append(Touchpoint(number, each, title, (*rules, *more.get(each, ()))))
        stages.append(Stage(at, stage_key, stage_name, tuple(touchpoints)))
    return Journey(key, NAME, tuple(stages))
