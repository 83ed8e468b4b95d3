"""What happened in a session, event by event, as facts that can be told. Pure.

A Part is what happened in one page view, up to the next; a visitor with two
tabs comes back to a part's page in another Part. Each of its Moments has a
`kind` and `facts` under plain names; telling.py has the sentence for each kind.
Never more is in them than what was stored: a field's value was not even read.
"""

import json
from dataclasses import dataclass, field
from typing import NamedTuple

from collector import events
from collector.matcher import SLOW_LCP

PAUSE = 60_000  # milliseconds in which nothing happened that are worth a word
# What a page's speed is called from here on: good up to the first, slow up to the second, very slow beyond.
# Core Web Vitals and its further metrics, web.dev/articles/vitals (Google, 2024). Milliseconds; cls has no unit.
SPEEDS = {"lcp": (SLOW_LCP, 4000), "inp": (200, 500), "cls": (0.1, 0.25), "fcp": (1800, 3000), "ttfb": (800, 1800)}
WORDS = ("good", "slow", "very slow")
FRUSTRATIONS = {events.RAGE: "rage", events.DEAD: "dead", events.ERROR_CLICK: "error_click", events.QUICK_BACK: "quick_back"}
FORMS = {events.VIEW: "form_seen", events.START: "form_started", events.SUBMIT: "form_sent", events.ABANDON: "form_left"}
BAD = {"rage", "dead", "error_click", "quick_back", "refused", "error", "form_left"}
GOOD = {"goal", "purchase"}
LATE = (events.LEAVE, events.VITALS, events.EXPOSURE)  # sent when a page goes: part of it, whatever came meanwhile


class Moment(NamedTuple):
    at: int
    kind: str
    facts: dict
    tone: str = ""  # "good", "bad" or ""
    began: int = 0  # before `at` where it took time


@dataclass
class Part:
    """One page view. `how` is how the page came: load, navigate, restore or activate; "again" when it was come back to."""

    at: int
    page: str
    title: str
    how: str
    view: int
    moments: list = field(default_factory=list)

    @property
    def read(self):
        """Seconds engaged."""
        return sum(moment.facts["seconds"] for moment in self.moments if moment.kind == "read")

    @property
    def scroll(self):
        """The deepest point, 0-1, or None when none was reported."""
        return max((moment.facts["scroll"] for moment in self.moments if moment.kind == "read"), default=None)


def parts(rows, goals, currency):
    """The Parts of a session. Takes rows of journeys/sql/session_events.sql, the site's goals and its currency."""
    found, of_view, names = [], {}, _names(rows)
    for row in rows:
        part = found[-1] if found else None
        if row.type in LATE and row.view in of_view:
            part = of_view[row.view]
        elif row.type == events.PAGEVIEW or part is None or part.view != row.view:
            part = Part(row.at, row.page, *_arrival(row, of_view), row.view)
            found.append(part)
            of_view[row.view] = part
        for moment in _moments(row, goals, names, currency):
            _append(part.moments, moment)
    for part in found:
        part.moments.sort(key=lambda moment: moment.at)  # stable: an exposure is told when it happened
    return tuple(_with_pauses(found))


def _arrival(row, of_view):
    """Title and how of a page."""
    if row.type == events.PAGEVIEW:
        return row.label, row.name or "load"
    known = of_view.get(row.view)
    return (known.title, "again") if known else ("", "load")


def _names(rows):
    """What people read beside each field: {(form, field): label}."""
    return {(row.name, row.element): row.label for row in rows if row.type == events.FIELD and row.label}


def _moments(row, goals, names, currency):
    """The Moments of an event: none where nothing is to be told."""
    told = _KINDS[row.type](row, names, currency)
    if told:
        kind, facts, *took = told
        yield Moment(facts.pop("at", row.at), kind, facts, "bad" if kind in BAD else "good" if kind in GOOD else "",
                     row.at - (took[0] if took else 0))
    if row.y and row.type in (events.PAGEVIEW, events.CUSTOM):
        yield Moment(row.at, "goal", {"goals": [goal.name for goal in goals if _reaches(goal, row)]}, "good", row.at)


def _reaches(goal, row):
    if goal.kind == "event":
        return row.type == events.CUSTOM and row.name == goal.pattern
    return row.type == events.PAGEVIEW and _like(goal.pattern, row.page)


def _like(pattern, path):
    """Whether a path is like a pattern, * standing for anything."""
    first, *others = pattern.split("*")
    if not others:
        return path == pattern
    rest, last = path[len(first):], others.pop()
    if not path.startswith(first) or not rest.endswith(last):
        return False
    rest = rest[:len(rest) - len(last)]
    for other in others:
        _, found, rest = rest.partition(other)
        if not found and other:
            return False
    return True


# -- each type of event: (kind, facts, milliseconds it took), or None

def _leave(row, names, currency):
    return row.value and ("read", {"seconds": row.value / 1000, "scroll": (row.x or 0) / 100}, row.value)


def _click(row, names, currency):
    if row.value in (events.OUTBOUND, events.DOWNLOAD):
        return "outbound" if row.value == events.OUTBOUND else "download", {"to": row.name, "what": row.label or row.element}
    return "click", {"what": row.label or row.element, "times": 1, "keyboard": row.x is None}


def _frustration(row, names, currency):
    return FRUSTRATIONS[row.x], {"what": row.label or row.element, "times": row.value or 1}


def _form(row, names, currency):
    facts = {"form": row.name}
    if row.x == events.ABANDON:
        facts["field"] = names.get((row.name, row.element), row.element)
    return FORMS[row.x], facts


def _field(row, names, currency):
    what = {"field": row.label or names.get((row.name, row.element), row.element), "form": row.name}
    if row.value is None:
        return "refused", what | {"rule": _detail(row).get("error", "")}
    flags, sensitive = row.y or 0, bool((row.y or 0) & events.SENSITIVE)
    return "field", what | {
        "seconds": row.value / 1000, "sensitive": sensitive,
        "hesitation": None if row.x is None else row.x / 1000,
        "corrections": flags >> events.CORRECTIONS_SHIFT, "returned": bool(flags & events.RETURNED),
        "autofilled": bool(flags & events.AUTOFILLED), "pasted": bool(flags & events.PASTED),
        "left_empty": not sensitive and not flags & events.FILLED}, row.value


def _error(row, names, currency):
    return "error", {"message": row.name, "source": row.element, "line": row.x}


def _vitals(row, names, currency):
    measured = {key: number for key, number in _detail(row).items() if key in SPEEDS}
    if not measured:
        return None
    return "speed", {"measured": measured, "word": WORDS[max(_slowness(key, number) for key, number in measured.items())],
                     "slow": [key for key, number in measured.items() if _slowness(key, number)]}


def _slowness(key, number):
    good, slow = SPEEDS[key]
    return int(number > good) + int(number > slow)


def _custom(row, names, currency):
    props = _detail(row)
    facts = {"name": row.name, "amount": row.value, "items": _items(props)}
    if row.name != "purchase":
        return "event", facts
    paid_in = str(props.get("currency") or currency).upper()[:3]
    return "purchase", facts | {"again": row.value is None, "foreign": "" if paid_in == currency else paid_in}


def _items(props):
    """Names of the products of an e-commerce event, each once."""
    items = props.get("items")
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return list(dict.fromkeys(str(item.get("item_name") or item.get("item_id") or "") for item in items if item))[:5]


def _exposure(row, names, currency):
    return "variant", {"experiment": row.name, "variant": row.label, "at": row.value or row.at}


def _nothing(row, names, currency):
    """A page view is its part's head."""


_KINDS = {events.PAGEVIEW: _nothing, events.LEAVE: _leave, events.CLICK: _click, events.FRUSTRATION: _frustration,
          events.FORM: _form, events.FIELD: _field, events.ERROR: _error, events.VITALS: _vitals, events.CUSTOM: _custom,
          events.EXPOSURE: _exposure}


def _detail(row):
    return json.loads(row.detail) if row.detail else {}


# -- what belongs together

def _append(moments, moment):
    """Adds a Moment; one more click on the same thing is told with the clicks before it."""
    last = moments[-1] if moments else None
    if last and moment.kind == last.kind == "click" and moment.facts["what"] == last.facts["what"] and \
            moment.at - last.at < PAUSE:
        moments[-1] = moment._replace(facts=moment.facts | {"times": last.facts["times"] + 1}, began=last.began)
    else:
        moments.append(moment)


def _with_pauses(found):
    """The Parts with a Moment "pause" wherever nothing happened for a while."""
    last = found[0].at if found else 0
    before = None
    for part in found:
        if before and part.at - last >= PAUSE:
            before.moments.append(_pause(last, part.at))
        last, told = max(last, part.at), []
        for moment in part.moments:
            if moment.began - last >= PAUSE:
                told.append(_pause(last, moment.began))
            told.append(moment)
            last = max(last, moment.at)
        part.moments = told
        before = part
    return found


def _pause(since, until):
    return Moment(since, "pause", {"seconds": (until - since) / 1000}, "", since)
