"""What the reports about stages share: which journey is asked for, its numbers added up, the columns that stages and touchpoints have."""

from functools import cached_property
from operator import add, attrgetter
from typing import NamedTuple

from collector import journey_register as register
from collector import walks
from journeys import ask, listing, met, visitors
from journeys.options import BadOption, Option
from journeys.report import Column, N_

JOURNEY = Option("journey", "", N_("The journey's key; the site's first one when left out"), most=40)
NONE = N_("This site has no journey yet. One is made from its first visits, or choose one in the settings.")
UNDERWAY = N_("The rules, the visits or this program changed: some days are still counted as before, or with filters not yet at all. They are brought up to date by themselves, the latest first.")
UNCONFIRMED = N_("The stages and touchpoints were guessed from the site's pages. Look through them in the settings and say whether they are right.")
MEASURED, NOTHING, NOT_DIGITAL = N_("measured"), N_("nothing met it"), N_("not digital")

LOW, HIGH = N_("Low end of the rate's interval of 95 % (Wilson)."), N_("High end of the rate's interval of 95 % (Wilson).")
SHARE_OF = N_("Out of the sessions that were here.")


def _rated(key, title, definition, share, low, high):
    """A count, its share of the sessions here, and the share's interval."""
    return (Column(key, title, "count", definition),
            Column(f"{key}_rate", share, "rate", SHARE_OF, of="sessions", interval=(f"{key}_low", f"{key}_high")),
            Column(f"{key}_low", low, "rate", LOW, of="sessions"), Column(f"{key}_high", high, "rate", HIGH, of="sessions"))


VISITORS = Column("visitors", N_("Visitors"), "count", N_(
    "Visitors of these sessions: each once where they can be known again on another day, else once a day. "
    "On days more than 13 months ago all of them once a day: nobody is known any more."))
COUNTED = (
    Column("share", N_("Share"), "rate", N_("Part of all sessions in the period."), interval=("share_low", "share_high")),
    Column("share_low", N_("Share, low end"), "rate", LOW), Column("share_high", N_("Share, high end"), "rate", HIGH),
    Column("engaged", N_("Engaged time"), "seconds", N_(
        "Mean seconds on the pages that belong here, of the sessions that were here. Nothing where no page does."), of="sessions"),
    *_rated("forward", N_("Went on"), N_("Sessions that went from here to the next stage, at least once."),
            N_("Went on, share"), N_("Went on, low end"), N_("Went on, high end")),
    *_rated("skips", N_("Skipped ahead"), N_("Sessions that went from here beyond the next stage, at least once."),
            N_("Skipped ahead, share"), N_("Skipped ahead, low end"), N_("Skipped ahead, high end")),
    *_rated("backs", N_("Went back"), N_("Sessions that went from here to an earlier stage, at least once."),
            N_("Went back, share"), N_("Went back, low end"), N_("Went back, high end")),
    *_rated("returns", N_("Came again"), N_("Sessions that ended here and whose visitor came again in a later one."),
            N_("Came again, share"), N_("Came again, low end"), N_("Came again, high end")),
    *_rated("leaves", N_("Left"), N_("Sessions that ended here and whose visitor did not come again, as far as may be known."),
            N_("Left, share"), N_("Left, low end"), N_("Left, high end")),
    *_rated("conversions", N_("Goals reached later"), N_("Sessions that reached any goal here or later in the same session."),
            N_("Conversion later"), N_("Conversion later, low end"), N_("Conversion later, high end")),
    Column("revenue", N_("Revenue later"), "money", N_("Sum of the purchases made here or later in the same session.")),
    *_rated("troubled", N_("Had trouble"), N_(
        "Sessions with a rage, dead or error click, a script error, a slow page or a form error on the pages and forms that belong here."),
        N_("Had trouble, share"), N_("Had trouble, low end"), N_("Had trouble, high end")),
    Column("rage", N_("Rage clicks"), "count", N_("Three clicks or more, quickly, on the same spot, on the pages that belong here.")),
    Column("dead", N_("Dead clicks"), "count", N_("Clicks after which nothing happened, on the pages that belong here.")),
    Column("error_clicks", N_("Error clicks"), "count", N_("Clicks followed by a script error, on the pages that belong here.")),
    Column("errors", N_("Script errors"), "count", N_("Errors of scripts on the pages that belong here.")),
    Column("slow", N_("Slow pages"), "count", N_(
        "Page views whose largest part was painted later than 2.5 seconds (LCP), of the pages that belong here.")),
    Column("form_errors", N_("Form errors"), "count", N_("Values refused in the forms that belong here, or in those of its pages.")),
)
EVIDENCE = Column("evidence", N_("Evidence"), "words", N_(
    "Measured; nothing met it: it has rules and no session fitted them in these days; not digital: it has no rule."))


class Numbers(NamedTuple):
    """Sums of a stage or touchpoint."""

    sessions: int
    times: int
    engaged_ms: int
    rage: int
    dead: int
    error_clicks: int
    errors: int
    slow: int
    form_errors: int
    forward: int
    skips: int
    backs: int
    returns: int
    leaves: int
    troubled: int
    converted: int
    revenue: int


NOBODY = Numbers(*(0,) * len(Numbers._fields))
# of a row of touchpoints.sql, Numbers of the touchpoint, and of the stage that was entered there
MET = attrgetter(*Numbers._fields)
ENTERED = attrgetter("entered", *(f"entered_{name}" if name in ("forward", "skips", "backs", "returns", "leaves", "troubled", "converted", "revenue")
                                  else name for name in Numbers._fields[1:]))


def chosen(store, site, options):
    """The journey_register.Record asked for, None of a site without any. Raises BadOption."""
    found = register.by_key(store, site, options["journey"])
    if found is None and options["journey"]:
        raise BadOption("journey", N_("is %(typed)s; write one of %(choices)s"), typed=options["journey"],
                        choices=", ".join(each.key for each in register.all_of(store, site)) or "-")
    return found


class Walked:
    """A journey, a journey_register.Record or None, and what the chosen sessions of a period came to on their way through it.

    Every number is asked for when a report first wants it, and once for all reports that are made of the same Walked.
    """

    def __init__(self, store, site, period, filters, record):
        self.store, self.site, self.period, self.filters, self.record = store, site, period, filters, record

    @cached_property
    def said(self):
        """(what the reader must know of the numbers, `extra` of the report: the journey and how far its rules are applied)."""
        record = self.record
        if record is None:
            return (NONE,), {"journey": None}
        done, days = walks.progress(self.store, self.site, record.id, record.journey)
        notes = tuple(note for note, holds in ((UNDERWAY, done < days), (UNCONFIRMED, record.confirmed_at is None)) if holds)
        return notes, {"journey": {"key": record.key, "name": record.journey.name, "version": record.version,
                                   "confirmed": record.confirmed_at is not None}, "applied": {"days": done, "of": days}}

    @cached_property
    def prefix(self):
        """What stands before keys in filters: nothing for the site's first journey, else the journey's own key."""
        return "" if register.by_key(self.store, self.site).id == self.record.id else f"{self.record.key}/"

    @cached_property
    def sessions(self):
        """How many sessions are chosen: of those that are read anyway for a journey, if there is one."""
        chosen = self._met if self.filters and self.record else ask.session_count(self.store, self.site, self.period, self.filters)
        return chosen.sessions

    @cached_property
    def sums(self):
        """(Numbers of each touchpoint, of each stage), by their numbers."""
        touchpoints, stages = {}, {}
        for row in self._rows("touchpoints"):
            _add(touchpoints, row.touchpoint, Numbers(*MET(row)))
            _add(stages, row.stage, Numbers(*ENTERED(row)))
        return touchpoints, stages

    @cached_property
    def visitors(self):
        """(visitors of each touchpoint, of each stage), by their numbers."""
        if self.filters:
            return self._met.of_touchpoints, self._met.of_stages
        return visitors.counts(self.store, self.site, self.period, self.record)

    @property
    def moves(self):
        """Rows of from_stage, to_stage, kind and sessions."""
        return self._rows("moves", "transitions")

    @property
    def trails(self):
        """Rows of a way, the numbers of its stages, and sessions."""
        return self._rows("trails", "paths_stages")

    @cached_property
    def _met(self):
        return met.of(self.store, self.site, self.period, self.filters, self.record)

    def _rows(self, name, question=None):
        """Of chosen sessions those of a Met; of all, the answer of a question."""
        return getattr(self._met, name) if self.filters else ask.ask(self.store, question or name, self.site, self.period, journey=self.record.id)


def counted(numbers, all_sessions, has_pages):
    """Values of COUNTED by their keys; of None, what is not digital, there are none."""
    if numbers is None:
        return {column.key: None for column in COUNTED}
    found = {"share": listing.rate(numbers.sessions, all_sessions),
             "engaged": listing.seconds(numbers.engaged_ms, numbers.sessions) if has_pages else None}
    found["share_low"], found["share_high"] = listing.wilson(numbers.sessions, all_sessions)
    for key in ("forward", "skips", "backs", "returns", "leaves", "conversions", "troubled"):
        count = numbers.converted if key == "conversions" else getattr(numbers, key)
        found[key], found[f"{key}_rate"] = count, listing.rate(count, numbers.sessions)
        found[f"{key}_low"], found[f"{key}_high"] = listing.wilson(count, numbers.sessions)
    return found | {key: getattr(numbers, key) for key in (
        "revenue", "rage", "dead", "error_clicks", "errors", "slow", "form_errors")}


def evidence(rules, numbers):
    return NOT_DIGITAL if not rules else MEASURED if numbers.sessions else NOTHING


def has_pages(touchpoints):
    """Whether time can be measured there: it is that of pages."""
    return any(rule.kind in ("page", "group") for touchpoint in touchpoints for rule in touchpoint.rules)


def row_type(name, *first):
    """A named tuple of the columns `first` and COUNTED."""
    return NamedTuple(name, [(key, object) for key in (*first, *(column.key for column in COUNTED))])


def _add(sums, number, numbers):
    sums[number] = Numbers(*map(add, sums[number], numbers)) if number in sums else numbers
