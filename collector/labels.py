"""How collected values read to people: a country by its name, a channel in the reader's language, "" as "not set".

Only what we ourselves wrote or chose is translated; what visitors brought
(addresses, campaign names, labels) stays as it came.
"""

from flask_babel import get_locale
from flask_babel import gettext as _

from collector.contact_rows import KINDS
from collector.fields import N_
from collector.filters import CHOICES, DIMENSIONS
from collector.sites import OUR_GOALS

NAMES = {
    "source": N_("Source"), "medium": N_("Medium"), "campaign": N_("Campaign"), "content": N_("Ad content"),
    "term": N_("Search term"), "channel": N_("Channel"), "referrer": N_("Referring site"), "country": N_("Country"),
    "language": N_("Language"), "device": N_("Device"), "browser": N_("Browser"), "os": N_("Operating system"),
    "entry_page": N_("Entry page"), "exit_page": N_("Exit page"), "goal": N_("Goal"), "page": N_("Page"),
    "event": N_("Event"), "stage": N_("Stage"), "touchpoint": N_("Touchpoint"), "transition": N_("Transition"),
    "visitor": N_("New or returning"), "depth": N_("Page views of the session"),
    "pace": N_("Time on each page"), "segment": N_("Segment"), "abandoned": N_("Abandoned"), "trouble": N_("Met a trouble"), "variant": N_("Saw a variant"), "cohort": N_("Time of the first session"), "person": N_("One visitor"),
    "group": N_("Page group"), "funnel": N_("Came to the step of a funnel, and no further"),
}
WORDS = {"new": N_("New"), "returning": N_("Returning"), "quick": N_("under 10 seconds"), "steady": N_("10 to 30 seconds"),
         "slow": N_("30 seconds or more"), "cart": N_("Cart"), "checkout": N_("Checkout")}
TROUBLES = {"rage": N_("Rage clicks"), "dead": N_("Dead clicks"), "error_click": N_("Error clicks"), "error": N_("Script errors"),
            "slow": N_("Slow pages"), "invalid": N_("Field refused"), "refused": N_("Form refused"), "left": N_("Form left in a field"),
            "detour": N_("Detour"), "hunt": N_("To and fro"), "steps": N_("Many pages before the order"), "stage": N_("Stage"), "touchpoint": N_("Touchpoint")}
CHANNELS = (N_("Direct"), N_("Organic Search"), N_("Paid Search"), N_("Organic Social"), N_("Paid Social"),
            N_("Organic Shopping"), N_("Paid Shopping"), N_("Organic Video"), N_("Paid Video"), N_("Paid Other"),
            N_("Cross-network"), N_("Display"), N_("Email"), N_("Affiliates"), N_("Referral"), N_("Audio"), N_("SMS"),
            N_("Mobile Push Notifications"), N_("AI Assistants"), N_("Unassigned"))
DEVICES = {"desktop": N_("Desktop"), "mobile": N_("Mobile"), "tablet": N_("Tablet"), "tv": N_("TV"),
           "console": N_("Game console"), "server": N_("Server")}
SPECIAL = {"(direct)": N_("(direct)"), "(none)": N_("(none)"), "(not set)": N_("(not set)"), "": N_("(not set)"),
           "[other]": N_("(other)"), "organic": N_("organic"), "referral": N_("referral")}


def name(key):
    """What a filter or dimension is called."""
    return _(NAMES[key]) if key in NAMES else key


def words(key):
    """What we ourselves call the values of a dimension, by value: {"mobile": "Mobile"}. What visitors brought is not in it."""
    if key in ("country", "language"):
        return dict(getattr(get_locale(), "territories" if key == "country" else "languages"))
    found = {"device": DEVICES, "channel": dict(zip(CHANNELS, CHANNELS, strict=True)), "goal": dict(zip(OUR_GOALS, OUR_GOALS, strict=True)),
             **{each: {word: WORDS.get(word, word) for word in CHOICES[each]} for each in CHOICES}}.get(key, {})
    return {value: _(text) for value, text in {**found, **(SPECIAL if key in DIMENSIONS else {})}.items() if value}


def label(key, value):
    """A collected value as it reads on a page. `key` is the dimension it belongs to, or ""."""
    text = str(value)
    if key == "country" and len(text) == 2:
        return get_locale().territories.get(text, text)
    if key == "language" and text:
        return get_locale().languages.get(text, text)
    if key in ("visitor", "pace", "abandoned") and text in WORDS:
        return _(WORDS[text])
    if key == "trouble" and text.partition(":")[0] in TROUBLES:
        kind, _colon, rest = text.partition(":")
        return f"{_(TROUBLES[kind])}: \u2066{rest}\u2069" if rest else _(TROUBLES[kind])
    if key == "device" and text in DEVICES:
        return _(DEVICES[text])
    if key == "goal" and text in OUR_GOALS:
        return _(text)
    if key == "contact" and text in KINDS:
        return _(KINDS[text])
    if not text and key not in NAMES:
        return ""
    if text in SPECIAL or (key == "channel" and text in CHANNELS):
        return _(SPECIAL.get(text, text))
    return text
