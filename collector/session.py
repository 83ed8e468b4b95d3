"""What one session is and what it adds to the totals. Pure.

A Session is the fold of its rows in `events`: `add` takes the next row, in the
order of events.py, and rebuilding one after a restart adds the stored rows
again. `contribution` says what the session counts for at this moment; the
totals in the store are the sums of all contributions, so the loader adds the
new one and takes the old one away.
"""

from operator import attrgetter

from collector import trail
from collector.events import (ABANDON, AUTOFILLED, CLICK, CORRECTIONS_SHIFT, CUSTOM, DEAD, ERROR, ERROR_CLICK,
                              EXPOSURE, FIELD, FORM, FRUSTRATION, LEAVE, PAGEVIEW, PASTED, PURCHASE, QUICK_BACK, RAGE,
                              RETURNED, START, SUBMIT, VIEW, VITALS)
from collector.filters import DIMENSIONS

GAP = 30 * 60 * 1000  # a session's events are less than this apart
ENGAGED = 10_000  # a visit engaged for less than this may be a bounce
VISITOR_BITS = 22

ORIGIN = ("source", "medium", "campaign", "content", "term", "channel", "referrer")
CLIENT = ("country", "language", "device", "browser", "os")

_origin, _client = attrgetter(*ORIGIN), attrgetter(*CLIENT)
_ENTRY, _EXIT, _GOAL = DIMENSIONS["entry_page"], DIMENSIONS["exit_page"], DIMENSIONS["goal"]


def session_id(started_at, visitor_id):
    """Sorted by time; the low bits keep visitors of one millisecond apart."""
    return started_at << VISITOR_BITS | visitor_id & (1 << VISITOR_BITS) - 1


class Session:
    """One visitor's events less than 30 minutes apart."""

    __slots__ = ("site_id", "id", "visitor_id", "day", "hour", "previous_day", "started_at", "last_at",
                 "views", "events", "clicks", "stays", "engaged_ms", "rage", "dead", "error_clicks", "quick_backs",
                 "errors", "purchases", "revenue", "entry_page", "exit_page", "origin", "client", "goals", "trail", "lasting",
                 "acted", "last_view", "pages", "scrolls", "counts", "forms", "fields", "complete")

    def __init__(self, site_id, id, visitor_id, day, hour, previous_day, started_at, entry_page, origin, client):
        self.site_id, self.id, self.visitor_id = site_id, id, visitor_id
        self.day, self.hour, self.previous_day = day, hour, previous_day
        self.started_at = started_at
        self.last_at = started_at - 1  # of no event yet
        self.views = self.events = self.clicks = self.stays = self.engaged_ms = 0
        self.rage = self.dead = self.error_clicks = self.quick_backs = self.errors = 0
        self.purchases = self.revenue = 0
        self.entry_page = self.exit_page = entry_page
        self.origin, self.client = origin, client  # ids of ORIGIN and CLIENT in `names`
        self.goals = ()
        self.trail = ""
        self.lasting = None  # the id by which the visitor can be known again on another day, if there is one
        self.last_view = 0  # number of the latest page view
        self.acted = False  # a click, form event or custom event: no bounce
        self.pages = {}  # page: [views, engaged_ms, scroll, scrolled, clicks]
        self.scrolls = {}  # view: deepest point, 0-100
        self.counts = {}  # (type, name, label, page): [events, value]
        self.forms = {}  # form: Form
        self.fields = {}  # (form, field): [stays, time_ms, hesitations, …, errors, place]
        self.complete = True  # False: read from its row only, the events still to be added

    @property
    def bounce(self):
        return int(self.views == 1 and self.engaged_ms < ENGAGED and not self.acted)

    def fits(self, at):
        """Whether an event at that time is part of this session."""
        return self.started_at - GAP < at < self.last_at + GAP

    def reach(self, goal_id):
        if goal_id not in self.goals:
            self.goals = tuple(sorted((*self.goals, goal_id)))

    def add(self, row):
        """Takes the next event: a row of `events`, its columns in the table's order."""
        _, _, self.events, self.last_at, kind, view, page, name, element, label, x, y, value, _ = row
        if view > self.last_view:
            self.last_view = view
        numbers = self.pages.get(page)
        if numbers is None:
            numbers = self.pages[page] = [0, 0, 0, 0, 0]
        if kind == PAGEVIEW:
            self.views += 1
            self.exit_page = page
            numbers[0] += 1
            code = trail.code(page)
            if not self.trail.endswith(code) and len(self.trail) < trail.LONGEST * trail.WIDTH:
                self.trail += code
            if y:
                self._complete_forms()
        elif kind == LEAVE:
            self.engaged_ms += value
            numbers[1] += value
            deepest = self.scrolls.get(view)
            if deepest is None:
                numbers[3] += 1
            if x > (deepest or 0) or deepest is None:
                numbers[2] += x - (deepest or 0)
                self.scrolls[view] = x
        elif kind == CLICK:
            self.acted = True
            self.clicks += 1
            numbers[4] += 1
            self._count((CLICK, element, label, page), 0)
            if value:
                self._count((value, name, label, page), 0)
        elif kind == FIELD:
            self.acted = True
            self._field(name, element, x, y, value)
        elif kind == CUSTOM:
            self.acted = True
            self._count((CUSTOM, name, 0, 0), value or 0)
            if name == PURCHASE and value is not None:
                self.purchases += 1
                self.revenue += value
            if y:
                self._complete_forms()
        elif kind == FORM:
            self.acted = True
            self._form(name).hear(x, element)
        elif kind == FRUSTRATION:
            self._frustration(x)
            self._count((FRUSTRATION, name, label or element, page), value)
        elif kind == ERROR:
            self.errors += 1
            self._count((ERROR, name, element, page), 0)
        elif kind not in (VITALS, EXPOSURE):  # of these the session keeps nothing: the visitor did nothing
            raise ValueError(f"event type {kind} is unknown")

    def _count(self, key, value):
        found = self.counts.get(key)
        if found is None:
            self.counts[key] = [1, value]
        else:
            found[0] += 1
            found[1] += value

    def _frustration(self, kind):
        if kind == RAGE:
            self.rage += 1
        elif kind == DEAD:
            self.dead += 1
        elif kind == ERROR_CLICK:
            self.error_clicks += 1
        elif kind == QUICK_BACK:
            self.quick_backs += 1

    def _form(self, form):
        found = self.forms.get(form)
        if found is None:
            found = self.forms[form] = Form()
        return found

    def _field(self, form, field, hesitation_ms, flags, time_ms):
        numbers = self.fields.get((form, field))
        if numbers is None:
            numbers = self.fields[form, field] = [0] * 10
        if time_ms is None:
            numbers[8] += 1
            return
        self.stays += 1
        place = self._form(form).touch(new=not numbers[0])
        numbers[0] += 1
        numbers[9] = numbers[9] or place
        numbers[1] += time_ms
        # Autofilled and pasted fields say nothing about hesitation.
        if hesitation_ms is not None and not flags & (AUTOFILLED | PASTED):
            numbers[2] += 1
            numbers[3] += hesitation_ms
        numbers[4] += flags >> CORRECTIONS_SHIFT
        numbers[5] += bool(flags & RETURNED)
        numbers[6] += bool(flags & AUTOFILLED)
        numbers[7] += bool(flags & PASTED)

    def _complete_forms(self):
        for form in self.forms.values():
            form.complete()


class Form:
    """What a session did in one form.

    Abandoned: left as the last word, and no goal reached since it was started.
    Completed: a goal was reached after it was started, whatever came then.
    """

    __slots__ = ("viewed", "started", "submitted", "abandoned", "completed", "answered", "last_field", "touched")

    def __init__(self):
        self.viewed = self.started = self.submitted = self.abandoned = self.completed = False
        self.answered = False  # by a goal, since it was last started
        self.last_field = 0
        self.touched = 0  # how many of its fields

    def touch(self, new):
        """One of its fields was touched, a `new` one or one of before. Gives how many were by now."""
        self.viewed = self.started = True
        self.touched += new
        return self.touched

    def hear(self, kind, last_field):
        self.viewed = True
        if kind == START:
            self.started = True
            self.answered = False
        elif kind == SUBMIT:
            self.started = self.submitted = True
            self.abandoned = False
        elif kind == ABANDON:
            self.started = True
            self.abandoned = not self.answered
            self.last_field = last_field
        elif kind != VIEW:
            raise ValueError(f"form event {kind} is unknown")

    def complete(self):
        if self.started:
            self.completed = self.answered = True
            self.abandoned = False

    def left_at(self, field):
        """Whether it was abandoned in this field."""
        return self.abandoned and self.last_field == field


def contribution(session):
    """What a session adds to the totals now: a list of (table, key, numbers), as the tables order them.

    A session's seven source columns and five client columns go together, as
    ("origins", (site, day, origin)) and ("clients", …); totals.py takes them apart.
    """
    if not session.events:
        return []
    site, day = session.site_id, session.day
    bounce, converted = session.bounce, int(bool(session.goals))
    money = (converted, session.purchases, session.revenue)
    numbers = (1, session.views, bounce, session.engaged_ms, *money)
    found = [
        ("hours", (site, day, session.hour),
         (1, session.views, session.events, session.clicks, session.stays, session.engaged_ms, bounce,
          session.rage, session.dead, session.error_clicks, session.quick_backs, session.errors, *money)),
        ("origins", (site, day, session.origin), numbers),
        ("clients", (site, day, session.client), numbers),
        ("session_days", (site, _ENTRY, day, session.entry_page), numbers),
        ("session_days", (site, _EXIT, day, session.exit_page), numbers),
    ]
    found += [("session_days", (site, _GOAL, day, goal), numbers) for goal in session.goals]
    entry, last = session.entry_page, session.exit_page
    found += [("page_days", (site, day, page),
               (views, 1 if views else 0, 1 if page == entry else 0, 1 if page == last else 0,
                bounce if page == entry else 0, engaged, scroll, scrolled, clicks))
              for page, (views, engaged, scroll, scrolled, clicks) in session.pages.items()]
    found += [("event_days", (site, kind, day, name, label, page), (events, 1 if kind == CUSTOM else 0, value))
              for (kind, name, label, page), (events, value) in session.counts.items()]
    for form, state in session.forms.items():
        found.append(("form_days", (site, day, form),
                      (int(state.viewed), int(state.started), int(state.submitted), int(state.abandoned),
                       int(state.completed), session.revenue if state.completed else 0)))
        if state.abandoned and state.last_field and (form, state.last_field) not in session.fields:
            found.append(("field_days", (site, day, form, state.last_field), _field_numbers((0,) * 10, state, state.last_field)))
    found += [("field_days", (site, day, form, field), _field_numbers(numbers, session.forms.get(form) or Form(), field))
              for (form, field), numbers in session.fields.items()]
    return found


def _field_numbers(numbers, form, field):
    """What a field of a session counts for in `field_days`. Takes its numbers and its Form."""
    stays, *sums, place = numbers
    left = form.left_at(field)
    reached = bool(stays or left)
    gone, done = reached and form.abandoned, reached and form.completed and not form.abandoned
    did = numbers[5] > 0, numbers[4] > 0, numbers[8] > 0  # came back, corrected, was refused
    return (int(reached), stays, *sums, int(left), place, int(reached and form.completed and not left),
            int(gone), *(int(gone and each) for each in did), int(done), *(int(done and each) for each in did))


def row(session):
    """The session as a row of `sessions`, its columns in the table's order."""
    goals = f",{','.join(map(str, session.goals))}," if session.goals else ""
    return (session.site_id, session.id, session.visitor_id, session.day, session.hour, session.previous_day,
            session.started_at, session.last_at, session.views, session.events, session.clicks, session.stays,
            session.engaged_ms, session.bounce, session.rage, session.dead, session.error_clicks,
            session.quick_backs, session.errors, int(bool(session.goals)), session.purchases, session.revenue,
            session.entry_page, session.exit_page, *session.origin, *session.client, goals, session.trail, session.lasting)


def page_rows(session):
    """Its rows of `session_pages`."""
    return [(session.site_id, session.id, page, *numbers) for page, numbers in session.pages.items()]


def form_rows(session):
    """Its rows of `session_forms`."""
    return [(session.site_id, session.id, form, int(state.viewed), int(state.started), int(state.submitted),
             int(state.abandoned), state.last_field if state.abandoned else 0, int(state.completed))
            for form, state in session.forms.items()]


def field_rows(session):
    """Its rows of `session_fields`."""
    return [(session.site_id, session.id, form, field, *numbers) for (form, field), numbers in session.fields.items()]


def from_row(stored):
    """A Session from its named row, without its events: enough to see whether an event belongs to it."""
    session = Session(stored.site_id, stored.id, stored.visitor_id, stored.day, stored.hour, stored.previous_day,
                      stored.started_at, stored.entry_page, _origin(stored), _client(stored))
    session.last_at = stored.last_at
    session.lasting = stored.lasting
    if stored.goals:
        session.goals = tuple(int(goal) for goal in stored.goals.split(",") if goal)
    session.complete = False
    return session
