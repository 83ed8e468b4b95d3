"""Numbers that stand for event types in the tables, and nothing else. Never renumber one.

OUTBOUND and DOWNLOAD are clicks whose link leaves the site or fetches a file;
in `events` they are clicks, in `event_days` they have a kind of their own.
"""

PAGEVIEW, LEAVE, CLICK, FRUSTRATION, FORM, FIELD, ERROR, VITALS, CUSTOM, OUTBOUND, DOWNLOAD = range(1, 12)

TYPES = {"pageview": PAGEVIEW, "leave": LEAVE, "click": CLICK, "frustration": FRUSTRATION, "form": FORM,
         "field": FIELD, "error": ERROR, "vitals": VITALS, "custom": CUSTOM,
         "outbound": OUTBOUND, "download": DOWNLOAD}
