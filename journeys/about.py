"""What each page is for, in a sentence, and what to say when it has nothing to show."""

from flask import url_for
from flask_babel import gettext as _

from collector import current
from collector.filters import KEYS
from collector.frame import address_with
from journeys.report import N_

ABOUT = {
    "stages": N_("The phases of your customers' journey: how many enter each, and where they go from there."),
    "touchpoints": N_("Every contact on the way: who meets it, with what trouble, and where they go from it."),
    "transitions": N_("How sessions move between the stages: on, ahead, back, and out."),
    "sources": N_("Where visitors come from, and which of them get where you want them."),
    "pages": N_("Which pages are seen, how long people stay, and where they leave."),
    "entries": N_("The page a session begins with, and what becomes of those who begin there."),
    "exits": N_("The page a session ends with."),
    "paths": N_("Choose a page, then walk on: each column shows where sessions went next."),
    "funnel": N_("How many go on from one step to the next, how long it takes them, and where the others go instead."),
    "goals": N_("What you hope visitors do, and how many do it."),
    "clicks": N_("What people click, and where clicking leads nowhere."),
    "forms": N_("Where forms lose people. What was typed is never read, sent or kept."),
    "abandonment": N_("Carts and checkouts left without an order: where, when, after which error, and what they were worth."),
    "sessions": N_("Single sessions. Choose one to read its story, event by event."),
    "pain": N_("What gets in people's way and costs you customers, found by measurement, with what is at stake and how sure that is."),
    "moments": N_("Touchpoints after which those who go on and those who leave differ most in whether they convert."),
    "personas": N_("Kinds of visitors: what people know of them, beside what is measured."),
    "retention": N_("Of those who came for the first time in a week or month: how many came back, ordered again, and what they brought."),
    "loyalty": N_("Whether visitors become customers who stay."),
    "customers": N_("Who ordered more than once, how likely each still is a customer, and what is at stake."),
    "advocates": N_("Who shares, recommends and answers well."),
    "places": N_("The countries and languages of your visitors."),
    "devices": N_("The devices, browsers and systems your visitors use."),
    "contacts": N_("Calls, visits to the shop, mails and orders by telephone: written down by you, brought in here, joined to visitors where that can be."),
    "orders": N_("The orders of your shop's own system beside those that the tracking saw. Where they differ, every conversion rate is off by as much."),
    "exclusions": N_("What arrived and was not counted, and why. Nothing is left out in silence."),
    "rejected": N_("Events that did not have the agreed form. A rising number means that a page sends something wrong."),
    "live": N_("The last events, as they come in."),
}
NOTHING = {
    "goals": N_("No goal was reached in these days"), "forms": N_("No form was touched in these days"),
    "clicks": N_("Nothing was clicked in these days"), "rejected": N_("No event was rejected in these days"),
    "retention": N_("No visitor who can be known again had a first session in these days"),
    "customers": N_("There is nothing to say of single customers yet"), "advocates": N_("Nobody shared, recommended or answered in these days"),
    "live": N_("Nothing happened in the last day"), "sessions": N_("No session in these days"),
    "pain": N_("Nothing was found that costs you customers"),
    "abandonment": N_("Nothing was abandoned in these days"),
}
# pages that stay empty until a site tells more
WHAT_TO_SEND = {
    "retention": N_("Your site can say that a visitor agreed, or tell your own id of a customer: then visitors can be known again on other days."),
    "customers": N_("Your site can say that a visitor agreed, or tell your own id of a customer: then visitors can be known again on other days."),
    "advocates": N_("Send the custom events share, refer, and answer with a score from 0 to 10, from your pages."),
}


def about(name):
    return _(ABOUT[name]) if name in ABOUT else ""


def nothing(name, filters):
    """What an empty page says and where it leads: (title, text, what to do, its address)."""
    settings = url_for("sites.settings", key=current.site.key)
    if not current.site.first_event_at:
        return (_("No event has come in yet"), _("Paste the snippet into your site; the first visit shows up here within seconds."),
                _("Get the snippet"), settings)
    if name == "map":
        return (_("No stages yet"), _("They are made from the first visits to your site, within a day. Until then the overview shows what came in."),
                _("Overview"), url_for("journeys.overview", key=current.site.key))
    if filters:
        return (_("No session fits these filters"), _("Remove a filter, or choose a longer period."),
                _("Remove all filters"), address_with(**dict.fromkeys(KEYS)))
    if name == "goals":
        return _(NOTHING[name]), _("A goal is an event or a page you choose in the settings."), _("Choose goals"), settings
    if name in WHAT_TO_SEND:
        return _(NOTHING[name]), _(WHAT_TO_SEND[name]), _("Get the snippet"), settings
    return (_(NOTHING.get(name, N_("No visits in these days"))), _("Choose a longer period, or look at the live page."),
            _("The last 90 days"), address_with(period="90d"))
