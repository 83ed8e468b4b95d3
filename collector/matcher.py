"""How one session walks through the stages of a journey: which touchpoints it met, and how it moved between stages. Pure.

A Matcher is a Journey made ready to be asked often. It takes what is known when
a session begins (Facts) and the session's events in their order, and gives a Walk.

What is known at the start is met first, in the order of stages; then each event
meets touchpoints as it comes. Of several rules of one kind that fit the same
thing the most specific wins, the one with the longest pattern, ties by the order
of the journey: /shop/returns is the returns policy although /shop/* is the shop.
Page and group rules are one kind here, a page being of the group that page_groups.py puts it in. Rules of different kinds do not compete:
a purchase may be an order, a repeat order and a goal at once, met in the order
of stages.
"""

import re
from fnmatch import translate
from typing import NamedTuple

from collector.events import (CUSTOM, DEAD, ERROR, ERROR_CLICK, FIELD, FORM, FRUSTRATION, LEAVE, PAGEVIEW, PURCHASE, RAGE,
                              VITALS)
from collector.trail import LONGEST
from collector.wildcard import fits

ENTER, FORWARD, SKIP, BACK, RETURN, LEAVE_SITE = range(6)  # kinds of moves; never renumber one
MOVES = {"enter": ENTER, "forward": FORWARD, "skip": SKIP, "back": BACK, "return": RETURN, "leave": LEAVE_SITE}
TROUBLED = 1 << 6  # beside the bits of moves
SLOW_LCP = 2500  # milliseconds: until the largest part of a page is shown; above it the page "needs improvement" (web.dev/articles/lcp)
SHARE_EVENT, ANSWER_EVENT = "share", "answer"  # names of custom events; the first is GA4's
AT_START = ("channel", "source", "campaign", "referral", "repeat_visit", "contact")


class Facts(NamedTuple):
    """What is known of a session when it begins. Texts are ids, as in the row of `sessions`."""

    channel: int
    source: int
    campaign: int
    referral: int  # the host it came from
    returning: bool  # the visitor was here before
    bought: bool  # and bought something
    contacts: tuple = ()  # kinds of contact outside the page since the visitor's last session, as texts


class Touch(NamedTuple):
    """A touchpoint as the matcher knows it."""

    place: int  # in the order of the journey
    number: int
    stage: int  # its number
    step: int  # the stage's place among those that are measured


class Meeting:
    """What a session did at one touchpoint. Time and trouble are those of its pages and forms."""

    __slots__ = ("touch", "first", "times", "engaged_ms", "rage", "dead", "error_clicks", "errors", "slow", "form_errors",
                 "moved", "converted", "revenue", "view")

    def __init__(self, touch, first, revenue):
        self.touch, self.first = touch, first  # first: the place of the event that met it
        self.times = self.engaged_ms = self.moved = 0  # times: in how many page views it was met
        self.view = -1  # the latest of them
        self.rage = self.dead = self.error_clicks = self.errors = self.slow = self.form_errors = 0
        self.converted, self.revenue = 0, -revenue  # what came before does not count

    @property
    def troubles(self):
        return self.rage, self.dead, self.error_clicks, self.errors, self.slow, self.form_errors


class Walk:
    """A session's meetings in the order of their beginning, and its moves: {(from stage, to stage, kind)}.

    `moved` of a meeting, and `stages[number]`, have the bit 1 << kind for each kind of move made from there.
    Stage 0 is none: where a walk comes from, and of a session that met nothing.
    `trail` has the stages in order, none twice running, the first LONGEST of them.
    """

    def __init__(self):
        self.meetings = {}  # touchpoint: Meeting
        self.stages = {}  # stage: bits
        self.moves = set()
        self.trail = []
        self.now = None  # the Touch where it stands

    @property
    def first_stage(self):
        return next(iter(self.stages), 0)

    def meet(self, touch, at, view, revenue):
        """Event number `at`, in that page view of the session, meets a touchpoint; `revenue` is what came before it."""
        found = self.meetings.get(touch.number)
        if found is None:
            found = self.meetings[touch.number] = Meeting(touch, at, revenue)
            self.stages.setdefault(touch.stage, 0)
        if found.view != view:
            found.view = view
            found.times += 1
        if self.now is None:
            self.moves.add((0, touch.stage, ENTER))
            self.trail.append(touch.stage)
        elif touch.stage != self.now.stage:
            step = touch.step - self.now.step
            self._move(touch.stage, BACK if step < 0 else FORWARD if step == 1 else SKIP)
            if len(self.trail) < LONGEST:
                self.trail.append(touch.stage)
        self.now = touch

    def end(self, kind, stage=0):
        """The session is over: the visitor left for good, or came again, into that stage."""
        if self.now is None:
            self.moves.add((0, 0, ENTER))
        else:
            self._move(stage, kind)

    def _move(self, stage, kind):
        here = self.now
        self.moves.add((here.stage, stage, kind))
        self.meetings[here.number].moved |= 1 << kind
        self.stages[here.stage] |= 1 << kind


class Matcher:
    """Takes a Journey; `page` and `text` give the path and the text of an id.

    `goals` are (name, kind, pattern) of the site, `groups` what page_groups.ranked() gives.
    """

    def __init__(self, journey, page, text, goals=(), groups=()):
        self._page, self._text = page, text
        self._rules = {}  # kind: [(pattern, Touch)]
        for rule, touch in _placed(journey):
            self._rules.setdefault(rule.kind, []).append((rule.value, touch))
        self._page_rules = [(-weight(pattern), fits(pattern), touch) for pattern, touch in self._of("page")]
        self._group_rules = [(fits(value), touch) for value, touch in self._of("group")]
        self._group_of = group_of(groups if self._group_rules else ())
        events = self._of("event") + [(SHARE_EVENT, touch) for _, touch in self._of("share")] \
            + [(ANSWER_EVENT, touch) for _, touch in self._of("answer")]
        reached = {kind: [(pattern, touch) for value, touch in self._of("goal") for name, of, pattern in goals
                          if of == kind and fits(value)(name)] for kind in ("event", "page")}
        self._best_event, self._best_form = best(events), best(self._of("form"))
        self._page_goals, self._event_goals = [(fits(pattern), touch) for pattern, touch in reached["page"]], reached["event"]
        self._start = [(field, best(self._of(field))) for field in ("channel", "source", "campaign", "referral")]
        self._pages, self._events, self._forms, self._begun = {}, {}, {}, {}

    def walk(self, facts, rows):
        """The Walk of a session. Rows are (type, view, page, name, x, y, value, lcp) as in `events`, lcp of VITALS; not ended yet."""
        walk, bought = Walk(), facts.bought
        for touch in self._at_start(facts):
            walk.meet(touch, 0, 0, 0)
        meetings, revenue, converted = walk.meetings, 0, -1
        for at, (kind, view, page, name, x, y, value, lcp) in enumerate(rows, 1):
            if kind == PAGEVIEW:
                for touch in self.of_page(page)[1]:
                    walk.meet(touch, at, view, revenue)
                if y:
                    converted = at
            elif kind == CUSTOM:
                ordered = name == PURCHASE and value is not None
                for touch in self.of_event(name, ordered, ordered and bought):
                    walk.meet(touch, at, view, revenue)
                if ordered:
                    bought = True
                    revenue += value
                if y:
                    converted = at
            elif kind in (FORM, FIELD):
                form = self.of_form(name)
                if form:
                    found = meetings.get(form.number)
                    if found is None or found.view != view:
                        walk.meet(form, at, view, revenue)
                if kind == FIELD and value is None:
                    found = meetings.get((form or self.of_page(page)[0] or _NOWHERE).number)
                    if found:
                        found.form_errors += 1
            else:
                found = meetings.get((self.of_page(page)[0] or _NOWHERE).number)
                if found:
                    _note(found, kind, x, value, lcp)
        for found in meetings.values():
            found.converted = int(converted >= found.first)
            found.revenue += revenue
            if any(found.troubles):
                found.moved |= TROUBLED
                walk.stages[found.touch.stage] |= TROUBLED
        return walk

    def _of(self, kind):
        return self._rules.get(kind, [])

    # -- what meets what; asked once of each id

    def _at_start(self, facts):
        found = self._begun.get(facts)
        if found is None:
            touches = [choose(self._text(getattr(facts, field))) for field, choose in self._start]
            touches += [touch for value, touch in self._of("repeat_visit") if (facts.bought if value else facts.returning)]
            touches += [touch for value, touch in self._of("contact") if any(map(fits(value), facts.contacts))]
            found = _keep(self._begun, facts, _in_order(touches))
        return found

    def of_start(self, field, text):
        """The Touch that a session meets when it begins, for its channel, source, campaign or referral: one of those, or None."""
        return dict(self._start)[field](text)

    def of_page(self, page):
        """(the Touch whose page it is, or None, all that a view of it meets): here alone it is said which touchpoint a page is."""
        found = self._pages.get(page)
        if found is None:
            path = self._page(page)
            own = self._touch_of_page(path)
            found = _keep(self._pages, page, (own, _in_order([own, *(
                touch for matches, touch in self._page_goals if matches(path))])))
        return found

    def _touch_of_page(self, path):
        """The one touchpoint whose page it is by page and group rules, or None."""
        found = [(rank, touch.place, touch) for rank, matches, touch in self._page_rules if matches(path)]
        name, pattern = self._group_of(path)
        found += [(-weight(pattern), touch.place, touch) for matches, touch in self._group_rules if name and matches(name)]
        return min(found)[2] if found else None

    def of_event(self, name, ordered, again):
        """All that a custom event meets; `ordered`: it is an order that counts, `again`: not the visitor's first."""
        key = name, ordered, again
        found = self._events.get(key)
        if found is None:
            text = self._text(name)
            found = _keep(self._events, key, _in_order([
                self._best_event(text), *(touch for pattern, touch in self._event_goals if pattern == text),
                *(touch for _, touch in self._of("order") if ordered), *(touch for _, touch in self._of("repeat_order") if again)]))
        return found

    def of_form(self, name):
        """The Touch that a form meets, or None."""
        if name not in self._forms:
            _keep(self._forms, name, self._best_form(self._text(name)))
        return self._forms[name]


def group_of(groups):
    """A function that gives the name of the page group that has a path, and the pattern by which; twice "" for none. Takes page_groups.ranked().

    >>> group_of([("Cart", "/shop/cart", "/shop/cart"), ("Shop", "/shop/*", "/shop/*")])("/shop/a")
    ('Shop', '/shop/*')
    """
    ready = [(re.compile(translate(glob)).match, (name, pattern)) for name, pattern, glob in groups]
    return lambda path: next((group for matches, group in ready if matches(path)), ("", ""))


def weight(pattern):
    """How specific a pattern is: its characters besides *."""
    return len(pattern.replace("*", ""))


def best(rules):
    """A function that gives what the most specific pattern that fits a text stands for, or None. Takes (pattern, Touch) pairs.

    >>> best([("sign*", Touch(0, 1, 1, 0)), ("signup", Touch(1, 2, 1, 0))])("signup").number
    2
    """
    ordered = sorted(rules, key=lambda rule: (-weight(rule[0]), rule[1].place))
    ready = [(fits(pattern), touch) for pattern, touch in ordered]
    return lambda text: next((touch for matches, touch in ready if text and matches(text)), None)


_NOWHERE = Touch(-1, -1, 0, 0)
_MOST_KEPT = 20_000


def _placed(journey):
    """(Rule, Touch) of every rule."""
    measured = [stage for stage in journey.stages if stage.is_measured]
    place = 0
    for step, stage in enumerate(measured):
        for touchpoint in stage.touchpoints:
            place += 1
            for rule in touchpoint.rules:
                yield rule, Touch(place, touchpoint.number, stage.number, step)


def _in_order(touches):
    return tuple(sorted({touch for touch in touches if touch}))


def _keep(kept, key, value):
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value


def _note(found, kind, x, value, lcp):
    """Time and trouble on a page of that touchpoint."""
    if kind == LEAVE:
        found.engaged_ms += value
    elif kind == FRUSTRATION:
        if x == RAGE:
            found.rage += 1
        elif x == DEAD:
            found.dead += 1
        elif x == ERROR_CLICK:
            found.error_clicks += 1
    elif kind == ERROR:
        found.errors += 1
    elif kind == VITALS and lcp is not None and lcp > SLOW_LCP:
        found.slow += 1
