"""Numbers that stand for things in `events` and the totals, and what each column of an event row means.

Never renumber one. Columns of `events` by type; what is not listed is 0 or null:

    type         name         element       label  x               y                    value           detail (JSON)
    PAGEVIEW     how, "load"  -             title  late_ms
                 being 0
    LEAVE        -            -             -      scroll, 0-100                        engaged_ms
    CLICK        link target  element path  label  in its box,     in its box           OUTBOUND or
                                                   null: keyboard                       DOWNLOAD
    FRUSTRATION  "rage"…      element path  label  RAGE…                                clicks
    FORM         form         last field    -      VIEW…           fields               late_ms
    FIELD        form         field         label  hesitation_ms,  flags | corrections  time_ms;        control, autocomplete,
                                                   null: not typed << 8                 null: invalid   changes, error,
                                                                                                        late_ms
    ERROR        message      source        -      line            column
    VITALS                                                                              -               lcp inp fcp ttfb cls
    CUSTOM       its name     -             -      late_ms                              minor units     props
    EXPOSURE     experiment   -             variant                                     UTC ms

CUSTOM `purchase`: the value is null when its transaction_id was counted before,
and 0 when it is in another currency than the site's or has no amount.

EXPOSURE: the value is when it happened. `at` is later when events of the same
session that happened after it had been taken before it came.

late_ms, where there is any, is how long before `at` it happened: events of the same session that happened
after it had been taken before it came. Reports read `at`, experiments happened_at().

A click whose link leaves the site or fetches a file is counted in `event_days`
as CLICK and once more as OUTBOUND or DOWNLOAD. There, `name` and `label` are
element path and label for CLICK, link target and label for OUTBOUND and
DOWNLOAD, kind and label (else element path) for FRUSTRATION, message and source
for ERROR, and the event's name and nothing for CUSTOM.
"""

import re

PAGEVIEW, LEAVE, CLICK, FRUSTRATION, FORM, FIELD, ERROR, VITALS, CUSTOM, OUTBOUND, DOWNLOAD, EXPOSURE = range(1, 13)

TYPES = {"pageview": PAGEVIEW, "leave": LEAVE, "click": CLICK, "frustration": FRUSTRATION, "form": FORM,
         "field": FIELD, "error": ERROR, "vitals": VITALS, "custom": CUSTOM,
         "outbound": OUTBOUND, "download": DOWNLOAD, "exposure": EXPOSURE}

# x of a FRUSTRATION
RAGE, DEAD, ERROR_CLICK, QUICK_BACK = 1, 2, 3, 4
FRUSTRATIONS = {"rage": RAGE, "dead": DEAD, "error": ERROR_CLICK, "quick_back": QUICK_BACK}

# x of a FORM
VIEW, START, SUBMIT, ABANDON = 1, 2, 3, 4
FORMS = {"view": VIEW, "start": START, "submit": SUBMIT, "abandon": ABANDON}

# bits of a FIELD's y; corrections stand above them
RETURNED, AUTOFILLED, PASTED, FILLED, SENSITIVE = 1, 2, 4, 8, 16
CORRECTIONS_SHIFT = 8

PURCHASE = 1  # in `names` from the start: the custom event whose value is revenue

LATE = re.compile(r'"late_ms":(\d+)')  # in the detail of a FIELD


def late(kind, x, value, detail, late_ms):
    """(x, value, detail) of a row whose event happened so long before its `at`; as they were for types that say nothing of it."""
    if kind in (PAGEVIEW, CUSTOM):
        return late_ms, value, detail
    if kind == FORM:
        return x, late_ms, detail
    if kind == FIELD:
        return x, value, f'{{"late_ms":{late_ms}{f",{detail[1:]}" if detail else "}"}'
    return x, value, detail


def happened_at(row):
    """When the event of a row of `events` happened, as far as its sender's clock is right.

    >>> row = (1, 7, 3, 5000, CUSTOM, 1, 1, 1, 0, 0, 1200, None, 100, None)
    >>> happened_at(row)
    3800
    """
    _, _, _, at, kind, _, _, _, _, _, x, _, value, detail = row
    if kind in (PAGEVIEW, CUSTOM):
        return at - (x or 0)
    if kind == FORM:
        return at - (value or 0)
    told = LATE.match(detail, 1) if kind == FIELD and detail else None
    return at - int(told[1]) if told else at
