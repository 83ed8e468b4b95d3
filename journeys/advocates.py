"""Who speaks for the site: sessions that shared, recommended, came on somebody's word, or answered 9 or 10.

Of custom events: `share`, `refer`, and `answer` with a whole number from 0 to 10 as `score`.
"""

import math
from typing import NamedTuple

from journeys import columns, listing, names
from journeys.ask import begin_sessions, keep, read_columns, session_count
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "advocates"
TITLE = N_("Advocates")
OPTIONS = (Option("by", "kind", N_("What to list"), choices=("kind", "session")), *LISTING)
SHARED, RECOMMENDED, REFERRED = N_("Shared"), N_("Recommended it to somebody"), N_("Came over a link elsewhere")
PROMOTERS, PASSIVES, DETRACTORS = N_("Answered 9 or 10"), N_("Answered 7 or 8"), N_("Answered 0 to 6")
UNREADABLE = N_("Answered without a score from 0 to 10")
EVENTS = {"share": SHARED, "refer": RECOMMENDED}
FILTERS = {SHARED: ("event", "share"), RECOMMENDED: ("event", "refer"), REFERRED: ("channel", "Referral"),
           PROMOTERS: ("event", "answer"), PASSIVES: ("event", "answer"), DETRACTORS: ("event", "answer"), UNREADABLE: ("event", "answer")}
KINDS = (
    Column("kind", N_("What they did"), "words", N_(
        "The custom events share, refer and answer (with its score), and the channel Referral.")),
    columns.SESSIONS,
    Column("visitors", N_("Visitors"), "count", N_("Different visitors in these sessions, as far as we may tell.")),
    Column("share", N_("Share"), "rate", N_("These sessions out of all sessions; of answers, out of all answers with a score."),
           of="of_sessions", interval=("low", "high")),
    Column("low", N_("Share, low end"), "rate", N_("Low end of the rate's interval of 95 % (Wilson)."), of="of_sessions"),
    Column("high", N_("Share, high end"), "rate", N_("High end of the rate's interval of 95 % (Wilson)."), of="of_sessions"),
    Column("of_sessions", N_("Out of"), "count", N_("All sessions that the filters leave, or all answers with a score.")),
)
SESSIONS = (
    Column("at", N_("Time"), "time", N_("When it happened, in the site's time zone."), to="session"),
    Column("kind", N_("What they did"), "words", N_(
        "The custom events share, refer and answer (with its score), and the channel Referral.")),
    Column("score", N_("Score"), "number", N_("Of an answer: from 0 to 10.")),
    Column("visitor", N_("Visitor"), "text", N_("The visitor's name in addresses. It says nothing about who it is."), filter="person"),
    Column("session", N_("Session"), "text", N_("The session's name in addresses. It says nothing of whose session it was.")),
)


class Kind(NamedTuple):
    kind: str
    sessions: int
    visitors: int
    share: float | None
    low: float | None
    high: float | None
    of_sessions: int


class Told(NamedTuple):
    at: int
    kind: str
    score: int | None
    visitor: str
    session: str


class Referred(NamedTuple):
    """Sessions that came over a link elsewhere, and of how many visitors."""

    sessions: int
    visitors: int


class Nps(NamedTuple):
    """Net promoter score: promoters minus detractors out of all answers, -1 to 1; None of no answers."""

    score: float | None
    low: float | None
    high: float | None
    answers: int


def report(store, site, period, filters, **options):
    """A session's last answer counts. `extra["nps"]` is the Nps."""
    options = check(OPTIONS, options)
    events = begin_sessions(store, "advocate_events", site, period, filters)
    referred, = keep(store, site, period, filters, "referred", lambda: [_referred(store, site, period, filters)])
    known = names.of(store, site)
    told = [Told(row.at, kind_of(row.name, row.score), score_of(row.score) if row.name == "answer" else None,
                 known.person(row.visitor), known.session(row.session_id))
            for row in events()]
    kinds = _kinds(told, referred, session_count(store, site, period, filters).sessions)
    shown, rows = (KINDS, kinds) if options["by"] == "kind" else (SESSIONS, told)
    by_kind = {row.kind: row.sessions for row in kinds}
    rows, found = listing.chosen(rows, shown, options)
    return Report(NAME, TITLE, shown, rows, None, period, filters, extra={
        "found": found, "nps": nps(*(by_kind.get(kind, 0) for kind in (PROMOTERS, PASSIVES, DETRACTORS)))})


def kind_of(name, score):
    if name != "answer":
        return EVENTS[name]
    score = score_of(score)
    return UNREADABLE if score is None else PROMOTERS if score >= 9 else PASSIVES if score >= 7 else DETRACTORS


def score_of(sent):
    """A score as sent, as a whole number from 0 to 10, or None.

    >>> score_of(9), score_of("10"), score_of(7.0), score_of(11), score_of("very")
    (9, 10, 7, None, None)
    """
    try:
        score = float(sent)
    except (TypeError, ValueError):
        return None
    return int(score) if 0 <= score <= 10 and score == int(score) else None


def nps(promoters, passives, detractors, z=1.959964):
    """The Nps of so many answers.

    Adjusted Wald interval, three answers added: Rocks (2016), Interval Estimation for the Net Promoter Score,
    The American Statistician 70, 365-372.

    >>> score, low, high, answers = nps(50, 30, 20)
    >>> round(score, 2), round(low, 3), round(high, 3), answers
    (0.3, 0.141, 0.442, 100)
    """
    answers = promoters + passives + detractors
    if not answers:
        return Nps(None, None, None, 0)
    whole = answers + 3
    above, below = (promoters + 0.75) / whole, (detractors + 0.75) / whole
    half = z * math.sqrt((above + below - (above - below) ** 2) / whole)
    return Nps((promoters - detractors) / answers, max(-1.0, above - below - half), min(1.0, above - below + half), answers)


def _referred(store, site, period, filters):
    """Sessions that came over a link somebody placed elsewhere: of the channel Referral."""
    import numpy as np  # not above: the server starts without it

    from journeys import ways

    channel = [row.id for row in store.ask("journeys/chosen_names", "and text = 'Referral'")]

    def read(part):
        return part.sessions.person[part.chosen & np.isin(part.sessions.channel, channel)]

    found = read_columns(store, site, period, filters, {"sessions": ("channel", "person")}, read)
    visitors = np.concatenate(found)
    return Referred(len(visitors), ways.distinct(visitors))


def _kinds(told, referred, everything):
    """The Kind of each that there is. `referred` is a Referred, `everything` how many sessions there are."""
    answers = sum(each.score is not None for each in told)
    found = []
    for kind in (SHARED, RECOMMENDED, REFERRED, PROMOTERS, PASSIVES, DETRACTORS, UNREADABLE):
        some = [each for each in told if each.kind == kind]
        count, visitors = (len(some), len({each.visitor for each in some})) if kind != REFERRED else referred
        of = answers if kind in (PROMOTERS, PASSIVES, DETRACTORS) else everything
        if count:
            found.append(Kind(kind, count, visitors, listing.rate(count, of), *listing.wilson(count, of), of))
    return found
