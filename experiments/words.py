"""What the parts of a definition are called on pages, as msgids."""

import re

from experiments.reading import N_

GOOD, BAD, ATTENTION, PLAIN = "good", "bad", "attention", ""  # what a colour says, with a sign beside it
STATES = {"draft": N_("Draft"), "running": N_("Running"), "paused": N_("Paused"), "stopped": N_("Stopped"),
          "decided": N_("Decided"), "archived": N_("Archived")}
KINDS_OF_METRIC = {
    "conversion": N_("Conversion: the share of visitors who do it"), "abandonment": N_("Abandonment: the share who do not"),
    "revenue": N_("Revenue per visitor"), "order_value": N_("Average order value"), "time": N_("Time until it is done"),
    "form_errors": N_("Errors in a form, per starter"), "count": N_("How often it happens, per visitor")}
SENT = {"conversion": N_("Sent the form: the share of visitors"),
        "abandonment": N_("Did not send the form: the share of visitors"), "time": N_("Time until the form is sent")}
SOURCES = {"event": N_("an event"), "page": N_("a page"), "form": N_("a form"), "goal": N_("a goal of the site")}
LOOKS = {
    "hybrid": N_("Look whenever you like: strict while it runs, one full test at the end"),
    "scheduled": N_("Look once a week: a little sooner where the effect is large"),
    "fixed": N_("Look once, at the end")}
VISITORS = {"all": N_("All visitors"), "new": N_("New visitors"), "returning": N_("Returning visitors")}
KINDS_OF_CHANGE = {"text": N_("Text"), "html": N_("Content (HTML)"), "attribute": N_("Attribute"), "style": N_("Style"),
                   "order": N_("Place"), "remove": N_("Take away"), "redirect": N_("Another address")}
# where something is wrong: the name of the nearest part that a page shows
PLACES = {"where": N_("Pages"), "where.event": N_("After the event"), "audience": N_("Visitors"), "variants": N_("Variants"),
          "primary": N_("The primary metric"), "secondary": N_("Secondary metrics"), "guardrails": N_("Guardrails"),
          "plan.visitors": N_("Planned visitors"), "plan.until": N_("Planned end"), "plan.relative_mde": N_("Smallest effect worth finding"),
          "plan": N_("Plan"), "share": N_("Share of the traffic"),
          "group": N_("Group"), "needs_consent": N_("Consent"), "hypothesis": N_("Hypothesis"), "key": N_("Key"), "name": N_("Name"),
          "owner": N_("Owner"), "notes": N_("Notes"), "state": N_("State"), "version": N_("Version")}


def metric(kind, source):
    """What a metric of that kind counts, a msgid; of a form that it was sent, which is less than what the report on forms calls completed.

    >>> metric("abandonment", "form"), metric("abandonment", "goal")
    ('Did not send the form: the share of visitors', 'Abandonment: the share who do not')
    """
    return SENT.get(kind, KINDS_OF_METRIC[kind]) if source == "form" else KINDS_OF_METRIC[kind]


def place(field):
    """What a page calls the part of a definition that a field belongs to, a msgid; the field itself where it has no name.

    >>> place("guardrails[0].margin"), place("plan.visitors")
    ('Guardrails', 'Planned visitors')
    """
    path = re.sub(r"\[\d+\]", "", field)
    while path and path not in PLACES:
        path = path.rpartition(".")[0]
    return PLACES.get(path, field)
