"""The journey of a site: stages in order, the touchpoints of each, and the rules by which a touchpoint is met. Pure.

One shape everywhere, from the form to the store: see docs/journey.md. A stage is
entered when any of its touchpoints is met; a touchpoint is met when any of its
rules holds, and one without rules is not digital. How sessions walk through it
stands in matcher.py.
"""

import re
from dataclasses import dataclass, replace

from collector.fields import BadField, N_

# kind of rule: what its value may be; None: a text, * standing for any
KINDS = {
    "channel": None, "source": None, "campaign": None, "referral": None,  # known when the session begins
    "repeat_visit": ("", "order"),  # came again; came again after an order
    "contact": None,  # outside the page: see docs/journey.md
    "page": None, "group": None, "event": None, "goal": None, "form": None,
    "order": ("",), "repeat_order": ("",), "share": ("",), "answer": ("",),
}
MOST_STAGES, MOST_TOUCHPOINTS, MOST_RULES = 12, 60, 20  # of a journey, of all its stages, of a touchpoint
LONGEST_NAME, LONGEST_VALUE = 100, 200
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
TAKEN_KEYS = ("enter", "leave", "return")  # words of a transition: see filters.py
_UNSEEN = re.compile("[\0-\x1f\x7f\ud800-\udfff]")


class BadJourney(BadField):
    """Fields of a journey are wrong: this one, "stages[1].touchpoints[0].rules[2].value", and all of `errors`."""


class Stale(BadJourney):
    """Somebody else changed it meanwhile."""

    status = 409


@dataclass(frozen=True)
class Rule:
    kind: str
    value: str = ""


@dataclass(frozen=True)
class Touchpoint:
    number: int  # stands in what is counted; never another one's
    key: str
    name: str  # of a preset: a msgid
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Stage:
    number: int  # as a touchpoint's, among stages
    key: str
    name: str
    touchpoints: tuple[Touchpoint, ...] = ()

    @property
    def is_measured(self):
        """Whether sessions can enter it; if not, it is a gap of the map."""
        return any(touchpoint.rules for touchpoint in self.touchpoints)


@dataclass(frozen=True)
class Journey:
    key: str
    name: str
    stages: tuple[Stage, ...]

    @property
    def touchpoints(self):
        """All of them, in order."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)

    @property
    def last_number(self):
        return max((part.number for part in (*self.stages, *self.touchpoints)), default=0)


def read(mapping, former=None, last=0):
    """The Journey a mapping defines. Raises BadJourney, whose `errors` are all that is wrong.

    A part keeps its number: the one it says, if `former` (a Journey) has it or
    there is no former one; else that of the former part with its key; else a new
    one, above `last` and all there are.
    """
    reader = _Reader(mapping)
    journey = Journey(reader.key("key"), reader.name("name"), tuple(_stages(reader)))
    reader.only("key", "name", "stages")
    if not reader.errors:
        _look_at_all(journey, reader)
    if reader.errors:
        reader.errors[0].errors = list(reader.errors)
        raise reader.errors[0]
    return _numbered(journey, former, last)


def is_good(rule):
    """Whether read() would take the rule, just as it is."""
    reader = _Reader({"kind": rule.kind, "value": rule.value})
    return _rule(reader) == rule and not reader.errors


def without_numbers(mapping):
    """The same mapping with no numbers said: its parts keep those of their keys, and others get new ones."""
    return {**mapping, "stages": [
        {"key": stage["key"], "name": stage["name"], "touchpoints": [
            {name: value for name, value in touchpoint.items() if name != "number"} for touchpoint in stage["touchpoints"]]}
        for stage in mapping["stages"]]}


def as_dict(journey):
    """The mapping that read() takes."""
    return {"key": journey.key, "name": journey.name, "stages": [
        {"number": stage.number, "key": stage.key, "name": stage.name, "touchpoints": [
            {"number": touchpoint.number, "key": touchpoint.key, "name": touchpoint.name,
             "rules": [{"kind": rule.kind, "value": rule.value} for rule in touchpoint.rules]}
            for touchpoint in stage.touchpoints]} for stage in journey.stages]}


# -- reading

def _stages(reader):
    stages = reader.parts("stages", most=MOST_STAGES, fewest=1)
    for stage in stages:
        touchpoints = stage.parts("touchpoints", most=MOST_TOUCHPOINTS)
        yield Stage(stage.number("number"), stage.key("key"), stage.name("name"),
                    tuple(map(_touchpoint, touchpoints)))
        stage.only("number", "key", "name", "touchpoints")


def _touchpoint(reader):
    found = Touchpoint(reader.number("number"), reader.key("key"), reader.name("name"),
                       tuple(_rule(part) for part in reader.parts("rules", most=MOST_RULES)))
    reader.only("number", "key", "name", "rules")
    return found


def _rule(reader):
    reader.only("kind", "value")
    kind, value = reader.text("kind", 40), reader.text("value", LONGEST_VALUE, needed=False)
    if kind and kind not in KINDS:
        reader.wrong("kind", N_("%(typed)s is no kind of rule; write one of %(choices)s"), typed=kind, choices=", ".join(KINDS))
    elif kind:
        _check_value(reader, kind, value)
    return Rule(kind, value)


def _check_value(reader, kind, value):
    choices = KINDS[kind]
    if choices is not None:
        if value not in choices:
            words = " / ".join(choice or "-" for choice in choices)
            reader.wrong("value", N_("is %(typed)s; a rule of the kind %(kind)s takes %(choices)s, - being nothing"),
                         typed=value, kind=kind, choices=words)
    elif not value:
        reader.wrong("value", N_("is missing; write what the %(kind)s is called, with * for any text"), kind=kind)
    elif "**" in value:
        reader.wrong("value", N_("has ** in it; one * stands for any text"))
    elif kind == "page" and value.startswith(("http:", "https:")):
        reader.wrong("value", N_("begins with %(typed)s; write the path alone, such as /cart or /blog/*"),
                     typed=value.partition("//")[0] + "//")
    elif kind == "page" and "?" in value:
        reader.wrong("value", N_("has a question mark; pages are known by their path, without what follows it"))
    elif kind == "page" and "/" not in value:
        reader.wrong("value", N_("has no slash; write a path such as /cart or /blog/*, a page of another host with its host before it"))


def _look_at_all(journey, reader):
    """What is wrong between the parts."""
    keys, rules = {}, {}
    _each_once(reader, [(f"stages[{at}].key", stage.key) for at, stage in enumerate(journey.stages)])
    for at, stage in enumerate(journey.stages):
        if stage.key in TAKEN_KEYS:
            reader.wrong(f"stages[{at}].key", N_("%(typed)s is a word of transitions; choose another key"), typed=stage.key)
    placed = [(f"stages[{at}].touchpoints[{place}]", touchpoint) for at, stage in enumerate(journey.stages)
              for place, touchpoint in enumerate(stage.touchpoints)]
    if len(placed) > MOST_TOUCHPOINTS:
        reader.wrong("stages", N_("has %(count)s touchpoints in all; %(most)s are the most"), count=len(placed), most=MOST_TOUCHPOINTS)
    _each_once(reader, [(f"{where}.key", touchpoint.key) for where, touchpoint in placed], keys)
    _each_once(reader, [(f"{where}.number", touchpoint.number) for where, touchpoint in placed if touchpoint.number])
    _each_once(reader, [(f"stages[{at}].number", stage.number) for at, stage in enumerate(journey.stages) if stage.number])
    for where, touchpoint in placed:
        for at, rule in enumerate(touchpoint.rules):
            other = rules.setdefault(rule, touchpoint)
            if other is not touchpoint:
                reader.wrong(f"{where}.rules[{at}].value", N_(
                    "is the same rule, %(rule)s, in %(this)s and in %(other)s; take it out of one of them"),
                    rule=f"{rule.kind} {rule.value}".strip(), this=touchpoint.name, other=other.name)


def _each_once(reader, placed, seen=None):
    seen = {} if seen is None else seen
    for where, value in placed:
        if value in seen:
            reader.wrong(where, N_("%(typed)s stands here twice; each needs its own"), typed=value)
        seen[value] = where


class _Reader:
    """One mapping of a definition. `path` says where it stands; parts share the list of errors with the whole."""

    def __init__(self, mapping, path="", errors=None):
        self.path, self.errors = path, [] if errors is None else errors
        self._mapping = mapping if isinstance(mapping, dict) else {}
        if not isinstance(mapping, dict):
            self.errors.append(BadJourney(path or "journey", N_("is not a table of fields")))

    def text(self, name, longest, needed=True):
        value = self._mapping.get(name)
        value = "" if value is None else value
        if not isinstance(value, str):
            self.wrong(name, N_("is not a text"))
        elif len(value.strip()) > longest:
            self.wrong(name, N_("is longer than %(longest)s characters"), longest=longest)
        elif _UNSEEN.search(value):
            self.wrong(name, N_("holds a character that cannot be seen"))
        elif needed and not value.strip():
            self.wrong(name, N_("is missing"))
        else:
            return value.strip()
        return ""

    def key(self, name):
        value = self.text(name, 200)
        if value and not KEY.fullmatch(value):
            self.wrong(name, N_("%(typed)s cannot be a key; use up to 40 small letters, digits, - and _, such as landing-page"),
                       typed=value[:60])
        return value

    def name(self, name):
        return self.text(name, LONGEST_NAME)

    def number(self, name):
        """A whole number above 0, or 0 when none is said."""
        value = self._mapping.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
            self.wrong(name, N_("is not a whole number from 1 to 1000000; leave it out for a new one"))
            return 0
        return value

    def parts(self, name, most, fewest=0):
        value = self._mapping.get(name)
        value = [] if value is None else value
        if not isinstance(value, (list, tuple)) or not fewest <= len(value) <= most:
            self.wrong(name, N_("is not a list of %(fewest)s to %(most)s"), fewest=fewest, most=most)
            return []
        return [_Reader(each, self._at(f"{name}[{at}]"), self.errors) for at, each in enumerate(value)]

    def only(self, *names):
        for name in self._mapping:
            if name not in names:
                self.wrong(str(name)[:60], N_("is unknown; there are: %(choices)s"), choices=", ".join(names))

    def wrong(self, name, text, **values):
        self.errors.append(BadJourney(self._at(name), text, **values))

    def _at(self, name):
        return ".".join(part for part in (self.path, name) if part)


# -- numbers

def _numbered(journey, former, last):
    last = max(last, journey.last_number if former is None else former.last_number)
    stages = _Numbers(former.stages if former else journey.stages, last)
    touchpoints = _Numbers(former.touchpoints if former else journey.touchpoints, stages.all_of(journey.stages))
    touchpoints.all_of(journey.touchpoints)
    return replace(journey, stages=tuple(
        replace(stage, number=stages.found[stage.key], touchpoints=tuple(
            replace(touchpoint, number=touchpoints.found[touchpoint.key]) for touchpoint in stage.touchpoints))
        for stage in journey.stages))


class _Numbers:
    """Gives parts the numbers they had, and new ones above `last`."""

    def __init__(self, former, last):
        self._known = {part.number for part in former if part.number}
        self._by_key = {part.key: part.number for part in former}
        self._last = last
        self.found = {}  # key: number

    def all_of(self, parts):
        """Fills `found`; gives the last number there is now."""
        taken = {part.number for part in parts if part.number in self._known}
        for part in parts:
            number = part.number if part.number in self._known else self._by_key.get(part.key, 0)
            if not number or (number != part.number and number in taken):
                self._last += 1
                number = self._last
            self.found[part.key] = number
        return self._last
