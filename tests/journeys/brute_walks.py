"""How visits walk through a journey, counted anew by plain loops over raw events: slow, and sharing nothing with matcher.py.

Takes the Visits of brute.py and a journey's mapping, as stages.read() has it.
"""

import json
import re
from collections import Counter, defaultdict
from itertools import groupby

from tests.journeys.brute import CUSTOM, ERROR, FIELD, FORM, FRUSTRATION, LEAVE, PAGEVIEW, VITALS

FACTS = ("channel", "source", "campaign", "referral")
MOVED = ("forward", "skips", "backs", "returns", "leaves")


def like(text, pattern):
    return bool(text) and bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.S))


class Walker:
    """A visit's way: `met` is a list of (place of the event, page view, touchpoint) in order, place -1 being the start."""

    def __init__(self, mapping, visit, before, after, goals):
        self.visit, self.goals = visit, goals
        self.rules = [(rule["kind"], rule["value"], touchpoint["key"])
                      for stage in mapping["stages"] for touchpoint in stage["touchpoints"] for rule in touchpoint["rules"]]
        self.order = [touchpoint["key"] for stage in mapping["stages"] for touchpoint in stage["touchpoints"]]
        self.stage_of = {touchpoint["key"]: stage["key"] for stage in mapping["stages"] for touchpoint in stage["touchpoints"]}
        self.measured = [stage["key"] for stage in mapping["stages"]
                         if any(touchpoint["rules"] for touchpoint in stage["touchpoints"])]
        self.bought_before = any(each.orders for each in before)
        self.met = [(-1, 0, key) for key in self.sorted(self.at_start(before))]
        for at, event in enumerate(visit.events):
            for key in self.sorted(self.at_event(at, event)):
                self.met.append((at, event.view, key))
        self.after = after

    def sorted(self, keys):
        return sorted(set(keys) - {None}, key=self.order.index)

    def best(self, kind, text):
        fitting = [(value, key) for of, value, key in self.rules if of == kind and like(text, value)]
        return min(fitting, key=lambda each: (-len(each[0].replace("*", "")), self.order.index(each[1])))[1] if fitting else None

    def of(self, kind):
        return [(value, key) for each, value, key in self.rules if each == kind]

    def at_start(self, before):
        for kind in FACTS:
            yield self.best(kind, self.visit.dimensions["referrer" if kind == "referral" else kind])
        for value, key in self.of("repeat_visit"):
            if self.bought_before if value == "order" else before:
                yield key

    def at_event(self, at, event):
        if event.type == PAGEVIEW:
            yield self.best("page", event.page)
        if event.type == CUSTOM:
            yield self.best("event", event.name)
            if event.name == "purchase" and event.value is not None:
                yield from (key for _, key in self.of("order"))
                if self.bought_before or any(each.type == CUSTOM and each.name == "purchase" and each.value is not None
                                             for each in self.visit.events[:at]):
                    yield from (key for _, key in self.of("repeat_order"))
        for value, key in self.of("goal"):
            for name, kind, pattern in self.goals:
                if name == value and ((kind == "event" and event.type == CUSTOM and event.name == pattern)
                                      or (kind == "page" and event.type == PAGEVIEW and like(event.page, pattern))):
                    yield key
        if event.type in (FORM, FIELD):
            key = self.best("form", event.name)
            earlier = [view for _, view, met in self.met if met == key]
            if key and (not earlier or earlier[-1] != event.view):
                yield key

    # -- what it comes to

    @property
    def trail(self):
        """The stages it went through, none twice running; `views` is what brute.path() calls all of them."""
        return [stage for stage, _ in groupby(self.stage_of[key] for _, _, key in self.met)]

    views = trail

    def moves(self):
        """[(touchpoint it left from, from stage, to stage, kind)]"""
        stages = [self.stage_of[key] for _, _, key in self.met]
        if not stages:
            return [(None, "enter", "", "enter")]
        found = [(None, "enter", stages[0], "enter")]
        for at in range(1, len(stages)):
            if stages[at] != stages[at - 1]:
                steps = self.measured.index(stages[at]) - self.measured.index(stages[at - 1])
                found.append((self.met[at - 1][2], stages[at - 1], stages[at], "back" if steps < 0 else "forward" if steps == 1 else "skip"))
        end = self.met[-1][2]
        if self.after is None:
            return [*found, (end, stages[-1], "leave", "leave")]
        return [*found, (end, stages[-1], self.after.first_stage(), "return")]

    def first_stage(self):
        return self.stage_of[self.met[0][2]] if self.met else ""

    def times(self, key):
        views = [view for _, view, met in self.met if met == key]
        return sum(at == 0 or views[at] != views[at - 1] for at in range(len(views)))

    def first(self, keys):
        return min(at for at, _, key in self.met if key in keys)

    def converted(self, keys):
        return any(at >= self.first(keys) and event.y and event.type in (PAGEVIEW, CUSTOM) for at, event in enumerate(self.visit.events))

    def revenue(self, keys):
        return sum(event.value for at, event in enumerate(self.visit.events)
                   if at >= self.first(keys) and event.type == CUSTOM and event.name == "purchase" and event.value is not None)

    def place_of(self, at, event):
        """The touchpoint whose time or trouble an event is, if it was met by then."""
        page, form = self.best("page", event.page), self.best("form", event.name) if event.type in (FORM, FIELD) else None
        key = form or page
        return key if any(met == key and place <= at for place, _, met in self.met) else None

    def noted(self, keys):
        """Counter of engaged_ms and troubles."""
        found = Counter()
        for at, event in enumerate(self.visit.events):
            if self.place_of(at, event) in keys:
                if event.type == LEAVE:
                    found["engaged_ms"] += event.value
                elif event.type == FRUSTRATION and event.name in ("rage", "dead", "error"):
                    found[{"error": "error_clicks"}.get(event.name, event.name)] += 1
                elif event.type == ERROR:
                    found["errors"] += 1
                elif event.type == VITALS and json.loads(event.detail or "{}").get("lcp", 0) > 2500:
                    found["slow"] += 1
                elif event.type == FIELD and event.value is None:
                    found["form_errors"] += 1
        return found


def walkers(mapping, visits, goals):
    """A Walker for each visit, in their order."""
    by_person = defaultdict(list)
    for visit in visits:
        by_person[visit.person].append(visit)
    made = {}
    for some in by_person.values():
        after = None
        for at in range(len(some) - 1, -1, -1):
            after = made[id(some[at])] = Walker(mapping, some[at], some[:at], after, goals)
    return [made[id(visit)] for visit in visits]


def numbers(walked, keys):
    """What is said of a touchpoint, or of a stage by all of its touchpoints."""
    here = [walker for walker in walked if any(met in keys for _, _, met in walker.met)]
    found = Counter()
    for walker in here:
        noted = walker.noted(keys)
        found += noted
        found["troubled"] += any(count for name, count in noted.items() if name != "engaged_ms")
        kinds = {kind for key, _, _, kind in walker.moves() if key in keys}
        for name, kind in zip(MOVED, ("forward", "skip", "back", "return", "leave")):
            found[name] += kind in kinds
        found["conversions"] += walker.converted(keys)
        found["revenue"] += walker.revenue(keys)
        found["times"] += sum(walker.times(key) for key in keys)
    people = {(walker.visit.midnight.date(), walker.visit.visitor) if walker.visit.lasting is None else walker.visit.lasting for walker in here}
    return {"sessions": len(here), "visitors": len(people), **{name: found[name] for name in (
        *MOVED, "conversions", "revenue", "troubled", "rage", "dead", "error_clicks", "errors", "slow", "form_errors", "times", "engaged_ms")}}


def transitions(walked):
    """{transition as filters name it: sessions}"""
    found = Counter()
    for walker in walked:
        found.update({f"{one}:return:{other}" if kind == "return" else f"{one}:{other}" for _, one, other, kind in walker.moves()})
    return dict(found)
