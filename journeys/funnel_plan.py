"""A funnel made ready to be asked: what its steps stand for among the site's pages, names and goals, as the questions bind it."""

import json
from dataclasses import dataclass

from collector import events, filters
from collector.fields import N_
from journeys import steps as steps_of
from journeys.options import BadOption

ANY = 0  # element of a row that any element fits
PAGES, EVENTS, FORMS, FIELDS, GOALS, ANY_GOAL = 1, 2, 4, 8, 16, 32  # where funnel.sql looks for the first two parts
TABLES = {"page": PAGES, "group": PAGES, "event": EVENTS, "goal": GOALS}
GOAL = 0  # type of a row that is a goal of a session
KINDS = {"seen": (events.VIEW, events.START, events.SUBMIT, events.ABANDON), "start": (events.START, events.SUBMIT, events.ABANDON),
         "submit": (events.SUBMIT,)}  # of a FORM event, by the part of a form


@dataclass(frozen=True)
class Plan:
    steps: tuple
    strict: bool
    bits: tuple  # for each step, those of its parts
    wants: tuple  # (type, page or name, element or x, bits, bits when a goal was reached), each of the first three once
    any_goal: int
    tables: int

    @property
    def lines(self):
        """What funnel_lines.sql binds."""
        return {"wants": json.dumps(self.wants), "any_goal": self.any_goal}

    @property
    def values(self):
        """What funnel.sql binds besides."""
        return self.lines | {"tables": self.tables, "alone": int(len(self.bits[0]) == 1),
                             "ways": json.dumps(steps_of.globs(self.bits, self._seen(), self.strict))}

    def _seen(self):
        """Every sum of bits that a place in a line may have."""
        found = {0, self.any_goal}
        every = {(kind, key): bits for kind, key, element, bits, _ in self.wants if element == ANY}
        for kind, key, _, bits, goal_bits in self.wants:
            both = bits | every.get((kind, key), 0)
            found |= {bits, both, both | goal_bits | self.any_goal}
        return found


def plan(store, site, steps, strict):
    """The Plan of Steps. A page, event or form that never came stands for nothing; a goal or group must be known. Raises BadOption."""
    reader = _Reader(store, site)
    bits, bit = [], 1
    for parts in steps_of.parts(steps):
        met = []
        for part in parts:
            reader.want(part, bit)
            met.append(bit)
            bit <<= 1
        bits.append(tuple(met))
    first_two = [part for parts in steps_of.parts(steps) for part in parts][:2]
    tables = 0
    for part in first_two:
        tables |= _table(part)
    wants = tuple((*key, *both) for key, both in sorted(reader.wants.items()))
    return Plan(tuple(steps), strict, tuple(bits), wants, reader.any_goal, tables)


def _table(part):
    if part == steps_of.ANY_GOAL:
        return ANY_GOAL
    return TABLES.get(part.kind) or (FIELDS if part.part == "field" else FORMS)


class _Reader:
    def __init__(self, store, site):
        self._store, self._site = store, site
        self.wants, self.any_goal = {}, 0

    def want(self, part, bit):
        getattr(self, f"_{part.kind}")(part, bit)

    def _page(self, part, bit):
        for page in self._pages(part.value):
            self._add(events.PAGEVIEW, page, ANY, bit)

    def _group(self, part, bit):
        fragment, values = _like("name", part.value)
        known = {row.name for row in self._store.ask("collector/page_groups", site=self._site.id)}
        if part.value not in known and "*" not in part.value:
            _unknown("group", part.value, known)
        for row in self._store.ask("journeys/funnel_grouped", fragment, site=self._site.id, **values):
            self._add(events.PAGEVIEW, row.page, ANY, bit)

    def _event(self, part, bit):
        for name in self._names(part.value):
            self._add(events.CUSTOM, name, ANY, bit)

    def _goal(self, part, bit):
        if part == steps_of.ANY_GOAL:
            self.any_goal |= bit
            return
        goals = self._store.ask("collector/goals", site=self._site.id)
        for goal in [goal for goal in goals if goal.name == part.value] or _unknown("goal", part.value, [goal.name for goal in goals]):
            self._add(GOAL, goal.id, ANY, bit)
            kind, found = (events.PAGEVIEW, self._pages(goal.pattern)) if goal.kind == "page" else \
                (events.CUSTOM, self._names(filters.literal(goal.pattern)))
            for each in found:
                self._add(kind, each, ANY, 0, bit)

    def _form(self, part, bit):
        for form in self._names(filters.literal(part.value)):
            if part.part == "field":
                for field in self._names(filters.literal(part.field)):
                    self._add(events.FIELD, form, field, bit)
                continue
            for kind in KINDS[part.part]:
                self._add(events.FORM, form, kind, bit)
            if part.part != "submit":
                self._add(events.FIELD, form, ANY, bit)

    def _add(self, kind, key, element, bit, goal_bit=0):
        bits, goal_bits = self.wants.get((kind, key, element), (0, 0))
        self.wants[kind, key, element] = bits | bit, goal_bits | goal_bit

    def _pages(self, pattern):
        fragment, values = _like("path", pattern)
        return [row.id for row in self._store.ask("journeys/funnel_pages", fragment, site=self._site.id, **values)]

    def _names(self, pattern):
        fragment, values = _like("text", pattern)
        return [row.id for row in self._store.ask("journeys/funnel_names", fragment, **values)]


def _like(column, pattern):
    values = {}
    return f"and {filters.text(column, [pattern], values)}", values


def _unknown(kind, name, known):
    raise BadOption("steps", N_("has the %(kind)s %(typed)s, which this site does not have; it has %(known)s"),
                    kind=kind, typed=name[:60], known=", ".join(sorted(known)[:12]) or "-")
