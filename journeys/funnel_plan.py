"""A funnel made ready to be asked: what its steps stand for among the site's pages, names and goals, as the questions bind it."""

import json
from dataclasses import dataclass
from functools import cached_property

from collector import events, filters, journey_register, trail
from collector.fields import N_
from journeys import funnel_names, stage_wants
from journeys import steps as steps_of
from journeys.options import BadOption

ANY = 0  # element of a row that any element fits
PAGES, EVENTS, FORMS, FIELDS, GOALS, ANY_GOAL, STAGES = 1, 2, 4, 8, 16, 32, 64  # where funnel.sql looks for the first two parts
TABLES = {"page": PAGES, "group": PAGES, "event": EVENTS, "goal": GOALS, "stage": STAGES}
GOAL = 0  # type of a row that is a goal of a session
KINDS = {"seen": (events.VIEW, events.START, events.SUBMIT, events.ABANDON), "start": (events.START, events.SUBMIT, events.ABANDON),
         "submit": (events.SUBMIT,)}  # of a FORM event, by the part of a form
NONE_YET = {"group": N_("has the group %(typed)s, and this site has no page groups yet; make one in the settings"),
            "goal": N_("has the goal %(typed)s, and this site has no goals yet; choose one in the settings"),
            "stage": N_("has the stage %(typed)s, and this site has no journey yet; choose one in the settings")}


@dataclass(frozen=True)
class Way:
    """A way of steps of one kind, as ways.py looks for it: for each step the numbers of what meets it, None for anything."""

    steps: tuple
    strict: bool


@dataclass(frozen=True)
class Plan:
    steps: tuple
    strict: bool
    bits: tuple  # for each step, those of its parts
    wants: tuple  # (type, page or name, element or x, bits, bits when a goal was reached), each of the first three once
    any_goal: int
    journey: int  # whose stages are steps; 0: none are
    tables: int
    table: int  # that of the first part
    trails: Way | None  # of codes of pages, where every step is pages; else None

    @property
    def events(self):
        """Way of custom events, each number twice the name's, and one more when a goal was reached, where nothing else is asked for
        and none of them more than once; else None.

        Then what lies between makes no difference, nor does the same twice running.
        """
        if self.strict or self.any_goal or any(kind not in (events.CUSTOM, GOAL) for kind, *_ in self.wants):
            return None
        met = [(name, bits, goal_bits) for kind, name, _, bits, goal_bits in self.wants if kind == events.CUSTOM]
        if any((bits + goal_bits).bit_count() > 1 for _, bits, goal_bits in met):
            return None
        return Way(tuple(tuple(each for name, bits, goal_bits in met for each in _of_event(name, bits & bit, goal_bits & bit)) for bit, in self.bits), strict=False)

    @cached_property
    def lines(self):
        """What funnel_lines.sql binds."""
        return {"wants": json.dumps(self.wants), "any_goal": self.any_goal, "journey": self.journey}

    @property
    def values(self):
        """What funnel.sql binds besides."""
        return self.lines | {"tables": self.tables, "alone": int(len(self.bits[0]) == 1),
                             "ways": json.dumps(steps_of.globs(self.bits, self._seen(), self.strict))}

    def _seen(self):
        """Every sum of bits that a place in a line may have."""
        found = {0, self.any_goal}
        every = {(kind, key): (bits, goal_bits) for kind, key, element, bits, goal_bits in self.wants if element == ANY}
        for kind, key, _, bits, goal_bits in self.wants:
            both, more = (one | other for one, other in zip((bits, goal_bits), every.get((kind, key), (0, 0))))
            found |= {bits, both, both | more | self.any_goal}
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
    first, *second = [_table(part) for parts in steps_of.parts(steps) for part in parts][:2]
    wants = tuple((*key, *both) for key, both in sorted(reader.wants.items()))
    return Plan(tuple(steps), strict, tuple(bits), wants, reader.any_goal, reader.journey, sum({first, *second}), first,
                _trails(reader, steps, bits, strict))


def _trails(reader, steps, bits, strict):
    if any(_table(step) != PAGES for step in steps):
        return None
    every, ways = None, []
    for bit, in bits:
        pages = reader.pages_of(bit)
        if len(pages) > 1 and every is None:
            every = reader.all_pages()
        ways.append(None if pages == every else tuple(sorted(_number(trail.code(page)) for page in pages)))
    return Way(tuple(ways), strict)


def _of_event(name, always, with_goal):
    return (2 * name, 2 * name + 1) if always else (2 * name + 1,) if with_goal else ()


def _number(code):
    """As ways.codes reads it."""
    return int.from_bytes(code[1:].encode(), "little")


def _table(part):
    if part == steps_of.ANY_GOAL:
        return ANY_GOAL
    return TABLES.get(part.kind) or (FIELDS if part.part == "field" else FORMS)


class _Reader:
    def __init__(self, store, site):
        self._store, self._site = store, site
        self.wants, self.any_goal, self.journey = {}, 0, 0

    def want(self, part, bit):
        getattr(self, f"_{part.kind}")(part, bit)

    def pages_of(self, bit):
        return {key for (kind, key, _), (bits, _) in self.wants.items() if kind == events.PAGEVIEW and bits & bit}

    def all_pages(self):
        return set(self._pages("*"))

    def _page(self, part, bit):
        for page in self._pages(part.value):
            self._add(events.PAGEVIEW, page, ANY, bit)

    def _group(self, part, bit):
        known = {row.name for row in self._store.ask("collector/page_groups", site=self._site.id)}
        if part.value not in known and "*" not in part.value:
            _unknown("group", part.value, known)
        for row in funnel_names.grouped(self._store, self._site, part.value):
            self._add(events.PAGEVIEW, row.id, ANY, bit)

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

    def _stage(self, part, bit):
        record = journey_register.by_key(self._store, self._site)
        known = [stage.key for stage in record.journey.stages] if record else []
        if part.value not in known:
            _unknown("stage", part.value, known)
        self.journey = record.id
        for want in stage_wants.of(self._store, self._site, record.journey, part.value):
            self._add(*want, bit)

    def _add(self, kind, key, element, bit, goal_bit=0):
        bits, goal_bits = self.wants.get((kind, key, element), (0, 0))
        self.wants[kind, key, element] = bits | bit, goal_bits | goal_bit

    def _pages(self, pattern):
        return [row.id for row in funnel_names.pages(self._store, self._site, pattern)]

    def _names(self, pattern):
        return [row.id for row in funnel_names.names(self._store, pattern)]


def _unknown(kind, name, known):
    raise BadOption("steps", N_("has the %(kind)s %(typed)s, which this site does not have; it has %(known)s") if known else NONE_YET[kind],
                    kind=kind, typed=name[:60], known=", ".join(sorted(known)[:12]))
