"""Numbers that stand for event types in the tables, and nothing else. Never renumber one.

OUTBOUND and DOWNLOAD are clicks whose link leaves the site or fetches a file,
RAGE to QUICK_BACK the kinds of frustration: in `events` they are clicks and
frustrations, in `event_days` each has a kind of its own.
"""

PAGEVIEW, LEAVE, CLICK, FRUSTRATION, FORM, FIELD, ERROR, VITALS, CUSTOM, OUTBOUND, DOWNLOAD = range(1, 12)
RAGE, DEAD, ERROR_CLICK, QUICK_BACK = range(12, 16)

TYPES = {"pageview": PAGEVIEW, "leave": LEAVE, "click": CLICK, "frustration": FRUSTRATION, "form": FORM,
         "field": FIELD, "error": ERROR, "vitals": VITALS, "custom": CUSTOM,
         "outbound": OUTBOUND, "download": DOWNLOAD}

FRUSTRATIONS = {"rage": RAGE, "dead": DEAD, "error": ERROR_CLICK, "quick_back": QUICK_BACK}
