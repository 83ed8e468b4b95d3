"""Every report counted anew by plain loops over raw events: slow, and sharing nothing with the reports' SQL.

Reads rows of `events` and, for what no event says (source, device, visitor),
of `sessions`. A report is a list of dicts here.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

PAGEVIEW, LEAVE, CLICK, FRUSTRATION, FORM, FIELD, ERROR, VITALS, CUSTOM = range(1, 10)
OUTBOUND, DOWNLOAD, EXPOSURE = 10, 11, 12
NAMED = ("source", "medium", "campaign", "content", "term", "channel", "referrer", "country", "language", "device",
         "browser", "os")


@dataclass
class Event:
    at: int
    type: int
    view: int
    page: str
    name: str
    element: str
    label: str
    x: int | None
    y: int | None
    value: int | None
    detail: str | None = None  # JSON
    stages: frozenset = frozenset()  # that it meets, where a funnel asks for them
    again: bool = False  # it is a repeated order, where a stage asks for orders


@dataclass
class Visit:
    """One session."""

    visitor: int
    start: datetime  # on the site's clock
    midnight: datetime
    dimensions: dict
    events: list
    goals: frozenset
    returning: bool
    lasting: int | None = None  # by which the visitor can be known again

    @property
    def person(self):
        """Sessions with the same one are of the same visitor."""
        return self.visitor if self.lasting is None else self.lasting

    def of(self, kind):
        return [event for event in self.events if event.type == kind]

    @property
    def views(self):
        return [event.page for event in self.of(PAGEVIEW)]

    @property
    def entry(self):
        return self.events[0].page

    @property
    def exit(self):
        return (self.views or [self.entry])[-1]

    @property
    def trail(self):
        """Pages in order, the same one twice running once."""
        views = self.views
        return [page for at, page in enumerate(views) if at == 0 or views[at - 1] != page]

    @property
    def day(self):
        return self.start.date()

    @property
    def hour(self):
        return int(self.start.timestamp() - self.midnight.timestamp()) // 3600

    @property
    def engaged_ms(self):
        return sum(event.value for event in self.of(LEAVE))

    @property
    def bounce(self):
        acted = any(event.type in (CLICK, FORM, FIELD, CUSTOM) for event in self.events)
        return len(self.views) == 1 and self.engaged_ms < 10_000 and not acted

    @property
    def orders(self):
        return [event.value for event in self.of(CUSTOM) if event.name == "purchase" and event.value is not None]


def read(store, site, goals):
    """Every Visit of a site. `goals` are (name, kind, pattern)."""
    with store.facts as db:
        names = {row["id"]: row["text"] for row in db.query("select id, text from names")}
        pages = {row["id"]: row["path"] for row in db.query("select id, path from pages")}
        events = defaultdict(list)
        for row in db.query("select * from events where site_id = ? order by session_id, number", [site.id]):
            events[row["session_id"]].append(Event(
                row["at"], row["type"], row["view"], pages[row["page"]], names[row["name"]], names[row["element"]],
                names[row["label"]], row["x"], row["y"], row["value"], row["detail"]))
        return [_visit(row, events[row["id"]], names, site, goals)
                for row in db.query("select * from sessions where site_id = ? order by id", [site.id])]


def _visit(row, events, names, site, goals):
    start = datetime.fromtimestamp(events[0].at / 1000, site.zone)
    return Visit(row["visitor_id"], start, start.replace(hour=0, minute=0, second=0, microsecond=0, fold=0),
                 {name: names[row[name]] for name in NAMED}, events,
                 frozenset(name for name, kind, pattern in goals if any(_reaches(event, kind, pattern) for event in events)),
                 row["previous_day"] is not None, row["lasting"])


def _reaches(event, kind, pattern):
    if kind == "event":
        return event.type == CUSTOM and event.name == pattern
    return event.type == PAGEVIEW and _like(event.page, pattern)


def chosen(visits, first, last, filters):
    """Visits that began on these dates and that the filters, {key: [value as typed]}, leave."""
    return [visit for visit in visits if first <= visit.day <= last
            and all(_passes(visit, key, values) for key, values in filters.items())]


def _passes(visit, key, values):
    words = {"visitor": "returning" if visit.returning else "new", "depth": _band(len(visit.views), {"1": 2, "2-4": 5, "5-9": 10, "10+": None}),
             "pace": _band(visit.engaged_ms / (len(visit.views) or 1), {"quick": 10_000, "steady": 30_000, "slow": None})}
    have = {**{name: [word] for name, word in words.items()}, "page": visit.views, "event": [event.name for event in visit.of(CUSTOM)], "goal": list(visit.goals),
            "entry_page": [visit.entry], "exit_page": [visit.exit]}.get(key, [visit.dimensions.get(key)])
    wanted = [value for value in values if not value.startswith("!")]
    unwanted = [value[1:] for value in values if value.startswith("!")]
    return (not wanted or any(_like(text, value) for value in wanted for text in have)) and \
        not any(_like(text, value) for value in unwanted for text in have)


def _band(number, bands):
    """The word of a number: the first whose bound it is under."""
    return next(word for word, bound in bands.items() if bound is None or number < bound)


def _like(text, value):
    return text == "" if value == "(not set)" else bool(re.fullmatch(".*".join(map(re.escape, value.split("*"))), text, re.S))


def variant(visit, experiment):
    """The variant of an experiment that the visit was shown first, as reports write it; None where it was shown none."""
    return next((f"{experiment}:{event.label}" for event in visit.of(EXPOSURE) if event.name == experiment), None)


def numbers(visits):
    """What the overview says of some visits."""
    n = len(visits)
    reached = sum(bool(visit.goals) for visit in visits)
    return {"visitors": len({visit.visitor for visit in visits}), "sessions": n,
            "views": sum(len(visit.views) for visit in visits),
            "engaged": _mean([visit.engaged_ms / 1000 for visit in visits]),
            "bounce_rate": _mean([visit.bounce for visit in visits]),
            "clicks": sum(len(visit.of(CLICK)) for visit in visits),
            "fields": sum(event.value is not None for visit in visits for event in visit.of(FIELD)),
            "conversions": reached, "conversion_rate": reached / n if n else None,
            "purchases": sum(len(visit.orders) for visit in visits),
            "revenue": sum(sum(visit.orders) for visit in visits)}


def sessions(visits):
    """A dict of each visit, as the list of sessions has them."""
    return [{"at": visit.events[0].at, **{key: visit.dimensions[key] for key in ("source", "channel", "device", "country")},
             "entry_page": visit.entry, "exit_page": visit.exit, "goals": tuple(sorted(visit.goals)), "views": len(visit.views),
             "engaged": visit.engaged_ms / 1000, "lasted": (visit.events[-1].at - visit.events[0].at) / 1000,
             "clicks": len(visit.of(CLICK)),
             "trouble": len(visit.of(ERROR)) + sum(event.name != "quick_back" for event in visit.of(FRUSTRATION)),
             "fields": sum(event.value is not None for event in visit.of(FIELD)),
             "purchases": len(visit.orders), "revenue": sum(visit.orders)} for visit in visits]


def by_value(visits, value_of):
    """Numbers of the visits with each value."""
    found = defaultdict(list)
    for visit in visits:
        found[value_of(visit)].append(visit)
    keys = ("sessions", "bounce_rate", "engaged", "conversions", "conversion_rate", "purchases", "revenue")
    return {value: {key: numbers(some)[key] for key in keys} | {"share": len(some) / len(visits)}
            for value, some in found.items()}


def pages(visits):
    found = {}
    for page in {event.page for visit in visits for event in visit.events if event.type != VITALS}:
        views = sum(visit.views.count(page) for visit in visits)
        deepest = {}
        for visit in visits:
            for event in visit.of(LEAVE):
                if event.page == page:
                    key = id(visit), event.view
                    deepest[key] = max(deepest.get(key, 0), event.x)
        here = [event for visit in visits for event in visit.events if event.page == page]
        engaged_ms = sum(event.value for event in here if event.type == LEAVE)
        entries = sum(visit.entry == page for visit in visits)
        exits = sum(visit.exit == page for visit in visits)
        bounces = sum(visit.bounce and visit.entry == page for visit in visits)
        found[page] = {
            "views": views, "sessions": sum(page in visit.views for visit in visits),
            "engaged": engaged_ms / views / 1000 if views else None, "scroll": _mean(deepest.values(), 100),
            "scrolled": len(deepest), "entries": entries, "exits": exits, "exit_rate": exits / views if views else None,
            "bounces": bounces, "bounce_rate": bounces / entries if entries else None,
            "clicks": sum(event.type == CLICK for event in here)}
    return {page: row for page, row in found.items()
            if row["views"] or row["entries"] or row["exits"] or row["scrolled"] or row["clicks"]}


def path(visits, steps, direction):
    """For each step, {page or "" for the end: sessions}."""
    columns = [Counter(page for visit in visits for page in set(visit.views))]
    for depth in range(1, min(len(steps), 4) + 1):
        column = Counter()
        for visit in visits:
            trail = visit.trail if direction == "after" else visit.trail[::-1]
            if steps[0] not in trail:
                continue
            first = visit.trail.index(steps[0])
            at = first if direction == "after" else len(trail) - 1 - first
            if trail[at:at + depth] == list(steps[:depth]):
                column[(trail[at + depth:at + depth + 1] or [""])[0]] += 1
        columns.append(column)
    return columns


def goals(visits, names):
    return {name: {"sessions": sum(name in visit.goals for visit in visits),
                   "purchases": sum(len(visit.orders) for visit in visits if name in visit.goals),
                   "revenue": sum(sum(visit.orders) for visit in visits if name in visit.goals)} for name in names}


def custom_events(visits):
    found = defaultdict(lambda: {"events": 0, "sessions": 0, "amount": 0})
    for visit in visits:
        for event in visit.of(CUSTOM):
            found[event.name]["events"] += 1
            found[event.name]["amount"] += event.value or 0
        for name in {event.name for event in visit.of(CUSTOM)}:
            found[name]["sessions"] += 1
    return dict(found)


def links(visits, kind):
    found = defaultdict(list)
    for visit in visits:
        for event in visit.of(CLICK):
            if event.value == kind:
                found[event.name].append(event.page)
    return {link: {"clicks": len(where), "pages": len(set(where))} for link, where in found.items()}


def clicks(visits, on=""):
    found = defaultdict(lambda: {"clicks": 0, "rage": 0, "dead": 0, "error_clicks": 0})
    signs = {"rage": "rage", "dead": "dead", "error": "error_clicks"}
    for visit in visits:
        for event in visit.events:
            if on in ("", event.page):
                if event.type == CLICK:
                    found[event.label or event.element]["clicks"] += 1
                elif event.type == FRUSTRATION and event.name in signs:
                    found[event.label or event.element][signs[event.name]] += 1
    return dict(found)


def click_pages(visits):
    found = defaultdict(lambda: {"clicks": 0, "rage": 0, "dead": 0, "error_clicks": 0, "quick_backs": 0})
    signs = {"rage": "rage", "dead": "dead", "error": "error_clicks", "quick_back": "quick_backs"}
    for visit in visits:
        for event in visit.events:
            if event.type == CLICK:
                found[event.page]["clicks"] += 1
            elif event.type == FRUSTRATION:
                found[event.page][signs[event.name]] += 1
    return dict(found)


def fields(visits, form):
    """{field: what visits did in it} of one form, and what became of the form where they had touched it."""
    found = {}
    for field in {event.element for visit in visits for event in visit.of(FIELD) if event.name == form} | \
            {last(visit, form) for visit in visits} - {""}:
        here = [[event for event in visit.of(FIELD) if (event.name, event.element) == (form, field)] for visit in visits]
        events = [event for some in here for event in some]
        stays = [event for event in events if event.value is not None]
        typed = [event for event in stays if event.x is not None and not event.y & 6]
        reached = [(visit, some) for visit, some in zip(visits, here)
                   if last(visit, form) == field or any(event.value is not None for event in some)]
        gone = [some for visit, some in reached if _attempt(visit, form)["abandoned"]]
        done = [some for visit, some in reached if _attempt(visit, form)["completed"] and not _attempt(visit, form)["abandoned"]]
        found[field] = {
            "sessions": len(reached), "stays": len(stays), "time_ms": sum(event.value for event in stays),
            "hesitations": len(typed), "hesitation_ms": sum(event.x for event in typed),
            "corrections": sum(event.y >> 8 for event in stays), "returns": sum(bool(event.y & 1) for event in stays),
            "autofills": sum(bool(event.y & 2) for event in stays), "pastes": sum(bool(event.y & 4) for event in stays),
            "errors": len(events) - len(stays), "last_fields": sum(last(visit, form) == field for visit in visits),
            "places": sum(_place(visit, form, field) for visit in visits),
            "completions": sum(_attempt(visit, form)["completed"] and last(visit, form) != field for visit, _ in reached),
            "gone": len(gone), "done": len(done)} | {
            f"{word}_{what}": sum(any(did(event) for event in some) for some in group)
            for word, group in (("gone", gone), ("done", done)) for what, did in _DID.items()}
    return {field: row for field, row in found.items() if row["sessions"] or row["errors"]}


_DID = {"returned": lambda event: event.value is not None and event.y & 1,
        "corrected": lambda event: event.value is not None and event.y >> 8, "refused": lambda event: event.value is None}


def _place(visit, form, field):
    """Which of the form's fields it was for this visit, counted from 1 in the order of touching; 0 for none."""
    touched = list(dict.fromkeys(event.element for event in visit.of(FIELD) if event.name == form and event.value is not None))
    return touched.index(field) + 1 if field in touched else 0


def forms(visits):
    found = {}
    for form in {event.name for visit in visits for event in visit.events if event.type in (FORM, FIELD)}:
        states = [_attempt(visit, form) for visit in visits]
        found[form] = {"viewers": sum(state["viewed"] for state in states),
                       "starters": sum(state["started"] for state in states),
                       "submitters": sum(state["submitted"] for state in states),
                       "abandons": sum(state["abandoned"] for state in states),
                       "completions": sum(state["completed"] for state in states),
                       "revenue": sum(sum(visit.orders) for visit, state in zip(visits, states) if state["completed"])}
    return {form: counts for form, counts in found.items() if counts["viewers"]}


def last(visit, form):
    """The field an abandon of the form happened in, "" when it was not abandoned."""
    state = _attempt(visit, form)
    return state["last"] if state["abandoned"] else ""


def _attempt(visit, form):
    """Read backwards: abandoned when the last word on the form is an abandon, and no goal came after its last start;
    completed when one came after its first."""
    mine = [(at, event) for at, event in enumerate(visit.events) if event.type in (FORM, FIELD) and event.name == form
            and not (event.type == FIELD and event.value is None)]
    words = [(at, event.x, event.element) for at, event in mine if event.type == FORM]
    touched = [at for at, event in mine if event.type == FIELD]
    ends = [(at, kind, field) for at, kind, field in words if kind in (3, 4)]
    state = {"viewed": bool(mine), "started": bool(touched) or any(kind in (2, 3, 4) for _, kind, _ in words),
             "submitted": any(kind == 3 for _, kind, _ in words), "abandoned": False, "last": ""}
    first = min([at for at, kind, _ in words if kind in (2, 3, 4)] + touched, default=len(visit.events))
    goals = [at for at, event in enumerate(visit.events) if event.y and event.type in (PAGEVIEW, CUSTOM)]
    state["completed"] = any(at > first for at in goals)
    if ends and ends[-1][1] == 4:
        abandoned_at, _, state["last"] = ends[-1]
        started = max([at for at, kind, _ in words if kind == 2 and at < abandoned_at], default=first)
        state["abandoned"] = not any(at > min(started, abandoned_at) for at in goals)
    return state


def _mean(values, of=1):
    values = list(values)
    return sum(values) / len(values) / of if values else None


CART = {"cart": ("add_to_cart", "view_cart"), "checkout": ("begin_checkout", "add_shipping_info", "add_payment_info")}
CART_PAGES = {"cart": r".*/(cart|basket)(\..*|/)?", "checkout": r".*/checkout(\..*|/.*)?"}


def abandonment(visits, of, everybody):
    """What became of each visit that met a cart or checkout: a dict a visit. `everybody` are all visits there ever were."""
    by_pages = not any(event.name in CART[of] for visit in everybody for event in visit.of(CUSTOM))
    found = []
    for visit in visits:
        if by_pages:
            met = any(re.fullmatch(CART_PAGES[of], page) for page in visit.views)
            bought = bool(visit.orders)
        else:
            places = [at for at, event in enumerate(visit.events) if event.type == CUSTOM and event.name in CART[of]]
            met = bool(places)
            bought = met and any(event.type == CUSTOM and event.name == "purchase" and event.value is not None
                                 for event in visit.events[places[0]:])
        if met:
            found.append({"abandoned": not bought, "page": visit.exit, "device": visit.dimensions["device"],
                          "source": visit.dimensions["source"], "hour": visit.start.isoweekday() % 7 * 24 + visit.start.hour,
                          "field": _left_field(visit), "error": _went_wrong(visit), "worth": None if by_pages else _cart_worth(visit)})
    return found


def _cart_worth(visit):
    totals = [event.value for event in visit.of(CUSTOM) if event.value is not None and event.name in (
        "view_cart", "begin_checkout", "add_shipping_info", "add_payment_info")]
    pieces = [event.value * (1 if event.name == "add_to_cart" else -1) for event in visit.of(CUSTOM)
              if event.value is not None and event.name in ("add_to_cart", "remove_from_cart")]
    return totals[-1] if totals else max(sum(pieces), 0) if pieces else None


def _left_field(visit):
    """The field an abandoned form was left at; of several forms that with most fields, then the one met first."""
    forms = list(dict.fromkeys(event.name for event in visit.events if event.type in (FORM, FIELD)))
    left = [form for form in forms if last(visit, form)]
    fields = {form: len({event.element for event in visit.of(FIELD) if event.name == form}) for form in left}
    return {last(visit, form) for form in left if fields[form] == max(fields.values())} or {""}


def _went_wrong(visit):
    """(type, what) of the last event that went wrong, (0, "") when none did."""
    touched = {event.name for event in visit.of(FIELD)}
    for event in reversed(visit.events):
        if event.type == ERROR or event.type == FORM and event.x == 3 and event.name in touched:
            return event.type, event.name
        if event.type == FIELD and event.value is None:
            return event.type, event.element
    return 0, ""


def funnel(visits, parts, strict, longest_ms=None):
    """How each session, or with a window each visitor, came along a funnel: [(Visit in which it began, steps reached, waits in ms, page after)].

    `parts` are, for each step, predicates of an Event that have to hold one after another. Every way through a line is tried; the
    longest counts, and of those the one that is earliest in each step.
    """
    lines = {}
    for visit in visits:
        lines.setdefault(id(visit) if longest_ms is None else visit.person, []).extend(_line(visit, parts))
    ways = []
    for line in lines.values():
        best = max(_ways(line, parts, strict, longest_ms), key=lambda way: (len(way[1]), [-at for at in way[1]]), default=(None, ()))
        if best[1]:
            begun, best = best
            at = [line[place][1].at for place in best]
            visit, last = line[best[-1]]
            after = [event.page for other, event in line[best[-1] + 1:]
                     if other is visit and event.type == PAGEVIEW and event.page != last.page]
            ways.append((line[begun][0], len(best), tuple(b - a for a, b in zip(at, at[1:])),
                         None if len(best) == len(parts) else (after or [""])[0]))
    return ways


def _line(visit, parts):
    """(visit, event) of the page views, and of other events that any part asks for; the same twice running once."""
    asked = [event for event in visit.events if event.type == PAGEVIEW or any(part(event) for step in parts for part in step)]
    return [(visit, event) for at, event in enumerate(asked) if at == 0 or _what(asked[at - 1]) != _what(event)]


def _what(event):
    if event.type == PAGEVIEW:
        return PAGEVIEW, event.page
    return event.type, event.name, {FORM: event.x, FIELD: event.element, CUSTOM: event.again}.get(event.type)


def _ways(line, parts, strict, longest_ms):
    """Every way through a line as (where it begins, the places of its steps), however far it leads. A way begins with the first part of its first step."""
    for start, (_, event) in enumerate(line):
        if parts[0][0](event):
            end = None if longest_ms is None else event.at + longest_ms
            within = line[:start] + [each for each in line[start:] if end is None or each[1].at <= end]
            yield from ((start, way) for way in _on(within, (), start, parts, strict))


def _on(line, way, place, parts, strict):
    if len(way) == len(parts):
        return
    for last in _met(line, parts[len(way)], place, strict or not way, strict):
        yield (*way, last)
        yield from _on(line, (*way, last), last + 1, parts, strict)


def _met(line, step, place, at_once, strict):
    """Places at which the last part of a step may be met, its parts one after another from a place on."""
    part, *others = step
    for at in range(place, min(place + 1, len(line)) if at_once else len(line)):
        if part(line[at][1]):
            yield from _met(line, others, at + 1, strict, strict) if others else (at,)
