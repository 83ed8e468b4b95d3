"""The steps of a funnel: how each is written, and the line of what a session did as letters that steps are found in. Pure.

A step is a text: a page (`/shop/*`, or `pay.example/*` on another host),
`group:Products`, `event:add_to_cart`, `goal:Purchase`, `stage:consideration` of the
site's first journey, or `form:checkout:` with `seen`, `start`, `submit`,
`complete` or `field:phone`.

A stage is met by whatever meets a touchpoint of it: a page, an event, a form, an
order as they come; what is known when the session begins stands before its first
event, in the order of stages.

A funnel reads a session as a line: its page views, and of all other events
those that its steps name; the same twice running is one. Where the order is
open, each step is the first of its kind later in the line than the step
before. Where it is strict, it is the very next in the line: no other page, and
nothing else that the funnel asks for, lies between. A session that begins the
way more than once counts with the time it came furthest, the first of those.

Each part of a step is a bit, and a place in the line is a character, 256 + its
bits, so that SQLite's glob finds the steps in a line of any length.
"""

import re
from dataclasses import dataclass

from collector.fields import N_
from journeys.options import BadOption

KINDS = ("page", "group", "event", "goal", "form", "stage")
PARTS = ("seen", "start", "submit", "complete", "field")
FEWEST, MOST = 2, 10
MOST_BITS = 15  # beyond them the characters run into the surrogates
FIRST_CHARACTER = 256  # after all that glob gives a meaning
MINUTE = 60_000
UNITS = {"m": MINUTE, "h": 60 * MINUTE, "d": 1440 * MINUTE}
LONGEST_WINDOW = 90 * UNITS["d"]
SESSION = "session"


@dataclass(frozen=True)
class Step:
    """`value` is the page's pattern, the group's, event's or goal's name, the stage's key, or the form; `part` and `field` are a form's."""

    text: str
    kind: str
    value: str
    part: str = ""
    field: str = ""


def read(texts):
    """The Steps of a funnel, in order. Takes them as written; raises BadOption.

    >>> [step.kind for step in read(["/cart", "event:purchase"])]
    ['page', 'event']
    """
    steps = tuple(_step(text.strip()) for text in texts if text.strip())
    if len(steps) < FEWEST:
        raise BadOption("steps", N_("has one step; a funnel leads from one step to another, write two at least"))
    if len(steps) > MOST:
        raise BadOption("steps", N_("has more than %(most)s steps; take some out"), most=MOST)
    for before, step in zip(steps, steps[1:]):
        if before == step:
            raise BadOption("steps", N_("has %(typed)s twice in a row; take one out"), typed=step.text)
    if sum(map(len, parts(steps))) > MOST_BITS:
        raise BadOption("steps", N_("completes too many forms; take some of those steps out"))
    return steps


def _step(text):
    kind, colon, value = text.partition(":")
    if not colon or kind not in KINDS:
        kind, value = "page", text
    if not value or "\0" in text or len(text) > 512:
        raise BadOption("steps", N_("has %(typed)s, which is too short or too long; write a path like /shop/*, or event:add_to_cart"), typed=text[:40])
    if kind == "page" and "/" not in value and not value.startswith("*"):
        raise BadOption("steps", N_("has %(typed)s, which is no step; write a path like /shop/*, or one of %(kinds)s with a colon and a name"),
                        typed=text[:40], kinds=", ".join(KINDS))
    if kind != "form":
        return Step(text.removeprefix("page:"), kind, value)
    found = re.fullmatch(r"(.+?):(?:(seen|start|submit|complete)|field:(.+))", value)
    if not found:
        raise BadOption("steps", N_("has %(typed)s; write form:NAME: and one of %(parts)s, as in form:checkout:start or form:checkout:field:phone"),
                        typed=text[:60], parts=", ".join(PARTS))
    return Step(text, "form", found[1], found[2] or "field", found[3] or "")


def parts(steps):
    """What has to be met for each step, in turn: Steps. A form is completed by any goal after it was begun.

    >>> [[part.text for part in each] for each in parts(read(["/a", "form:f:complete"]))]
    [['/a'], ['form:f:start', 'goal:*']]
    """
    found, begun = [], set()
    for step in steps:
        if step.kind == "form" and step.part == "complete":
            start = Step(f"form:{step.value}:start", "form", step.value, "start")
            found.append(([] if step.value in begun else [start]) + [ANY_GOAL])
        else:
            found.append([step])
        if step.kind == "form" and step.part != "seen":
            begun.add(step.value)
    return found


ANY_GOAL = Step("goal:*", "goal", "*")


def window(text):
    """Milliseconds of a window, None for the session. Raises BadOption.

    >>> window("session"), window("30m"), window("2d")
    (None, 1800000, 172800000)
    """
    if text == SESSION:
        return None
    found = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if not found:
        raise BadOption("window", N_("is %(typed)s; write session, or minutes, hours or days such as 30m, 2h or 7d"), typed=text[:40])
    length = int(found[1]) * UNITS[found[2]]
    if not length:
        raise BadOption("window", N_("is zero, so nobody could reach a second step; write one like 30m, 2h or 7d"))
    if length > LONGEST_WINDOW:
        raise BadOption("window", N_("is longer than %(most)s days; write a shorter one"), most=LONGEST_WINDOW // UNITS["d"])
    return length


def globs(bits, seen, strict):
    """For each step a pattern that finds it, and all before it, in a line of characters.

    `bits` are those of each step's parts, in turn; `seen` all that a place may have.
    """
    between, found, so_far = "" if strict else "*", [], ""
    for step in bits:
        for bit in step:
            characters = "".join(chr(FIRST_CHARACTER + each) for each in sorted(seen) if each & bit)
            so_far += (between if so_far else "") + (f"[{characters}]" if characters else "!")  # ! stands in no line
        found.append(f"*{so_far}*")
    return found


def walk(line, bits, strict, longest=None):
    """(where the way begins, places of a line at which each step was reached), the furthest way and of those the first; (None, ()) for none.

    A way begins where the first part of its first step is met, which is before the step is reached where that has several.
    `line` are (at, bits met) in order; `bits` those of each step's parts; `longest` the window in milliseconds.
    """
    begun, best = None, ()
    for start, (at, met) in enumerate(line):
        if met & bits[0][0]:
            end = None if longest is None else at + longest
            found = _walk_from(line, start, bits, strict, end)
            if len(found) > len(best):
                begun, best = start, found
            if len(best) == len(bits) or (not strict and longest is None):
                break  # none that begins later comes further
    return begun, best


def _walk_from(line, start, bits, strict, end):
    reached, place = [], start - 1
    for step in bits:
        for bit in step:
            place = _next(line, place + 1, bit, strict, end)
            if place is None:
                return tuple(reached)
        reached.append(place)
    return tuple(reached)


def _next(line, place, bit, strict, end):
    while place < len(line) and (end is None or line[place][0] <= end):
        if line[place][1] & bit:
            return place
        if strict:
            return None
        place += 1
    return None
