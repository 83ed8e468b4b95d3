"""Events as they stand in the table: the columns that events.py describes. Pure.

Each function takes the event, its Page, a function that turns a text into its
id in `names`, and what the loader found out before: the amount in minor units
(of an exposure: when it happened) and 1 when a goal was reached. It gives (type, name, element, label, x, y, value, detail).
"""

import msgspec

from collector import events, mask, message

LONGEST_DETAIL = 4000  # characters of JSON
KEPT_TEXT = 300

_encode = msgspec.json.Encoder().encode


def pageview(event, page, name, value, reached):
    how = 0 if event.how == "load" else name(event.how)
    return events.PAGEVIEW, how, 0, name(page.title), None, reached, None, None


def leave(event, page, name, value, reached):
    return events.LEAVE, 0, 0, 0, event.scroll, None, event.engaged_ms, None


def click(event, page, name, value, reached):
    x, y = (None, None) if event.keyboard else (event.x, event.y)
    if not event.link:
        return events.CLICK, 0, name(event.element), name(event.label), x, y, None, None
    target = name("".join(mask.address(event.to)))
    return events.CLICK, target, name(event.element), name(event.label), x, y, events.TYPES[event.link], None


def frustration(event, page, name, value, reached):
    return (events.FRUSTRATION, name(event.kind), name(event.element), name(event.label),
            events.FRUSTRATIONS[event.kind], None, event.clicks, None)


def form(event, page, name, value, reached):
    return (events.FORM, name(event.form), name(event.last_field), 0,
            events.FORMS[event.kind], event.fields, None, None)


def field(event, page, name, value, reached):
    flags = (event.returned * events.RETURNED | event.autofilled * events.AUTOFILLED | event.pasted * events.PASTED
             | event.filled * events.FILLED | event.sensitive * events.SENSITIVE
             | event.corrections << events.CORRECTIONS_SHIFT)
    more = {key: text for key, text in (("control", event.control), ("autocomplete", event.autocomplete),
                                        ("changes", event.changes), ("error", event.error)) if text}
    return (events.FIELD, name(event.form), name(event.field), name(event.label), event.hesitation_ms, flags,
            None if event.kind == "invalid" else event.time_ms, _detail(more))


def error(event, page, name, value, reached):
    host, path = mask.address(event.source) if event.source else ("", "")
    return (events.ERROR, name(event.message), name(host + path), 0,
            min(event.line, 1 << 53), min(event.column, 1 << 53), None, None)


def vitals(event, page, name, value, reached):
    numbers = {key: round(number, 4) for key in ("lcp", "inp", "fcp", "ttfb", "cls")
               if (number := getattr(event, key)) is not None}
    return events.VITALS, 0, 0, 0, None, None, None, _encode(numbers).decode() if numbers else None  # too small for anybody's numbers


def custom(event, page, name, value, reached):
    return events.CUSTOM, name(event.name), 0, 0, None, reached, value, _detail(event.props)


def exposure(event, page, name, value, reached):
    return events.EXPOSURE, name(event.experiment), 0, name(event.variant), None, None, value, None


WRITERS = {message.Pageview: pageview, message.Leave: leave, message.Click: click,
           message.Frustration: frustration, message.Form: form, message.Field: field,
           message.ScriptError: error, message.Vitals: vitals, message.Custom: custom, message.Exposure: exposure}


def _detail(values):
    """JSON of further values, scrubbed; without its lists and objects, and then without its end, when it is long."""
    if not values:
        return None
    text = _encode(scrubbed(values)).decode()
    if len(text) > LONGEST_DETAIL:
        flat = {key: value for key, value in values.items() if not isinstance(value, (dict, list))}
        while flat and len(text) > LONGEST_DETAIL:
            text = _encode(scrubbed(flat)).decode()
            flat.popitem()
    return text if len(text) <= LONGEST_DETAIL else None


def scrubbed(value):
    """A JSON value with every text and long number in it scrubbed and cut.

    >>> scrubbed({"mail": "dana@example.com", "card": 4111111111111111, "size": 42})
    {'mail': '[x]', 'card': '[x]', 'size': 42}
    """
    if isinstance(value, str):
        return mask.scrub(value)[:KEPT_TEXT]
    if isinstance(value, dict):
        return {mask.scrub(key): scrubbed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [scrubbed(each) for each in value]
    if isinstance(value, (int, float)) and abs(value) >= 10_000_000 and mask.scrub(str(value)) != str(value):
        return mask.MASK
    return value
