"""The list of experiments arranged for its page: what runs, what waits for a decision, what was learnt, and what ran beside what."""

from dataclasses import dataclass

from flask_babel import gettext as _

from collector import locale
from collector.period import day_of
from experiments import definition, drawn, launch, register, result_page, results, sentences, words

DAY = 86_400_000
GROUPS = (("running", "paused"), ("stopped",), ("decided",), ("draft",), ("archived",))


@dataclass(frozen=True)
class Line:
    record: register.Record
    state: str
    since: str
    sentence: object  # the verdict, or what was decided
    tone: str
    symbol: str
    why: str  # the decision's reason
    progress: float | None


@dataclass(frozen=True)
class Span:
    """One bar of the calendar; `beside` are names of others on the same pages at the same time."""

    name: object
    x: float
    width: float
    text: str
    beside: tuple


@dataclass(frozen=True)
class Page:
    search: str
    groups: tuple  # (title, Lines, what to say when there are none)
    won: tuple  # (shipped, decided) or ()
    won_text: str
    spans: tuple
    ticks: tuple
    found: int


def page(store, site, search, now):
    """The Page for a site; `search` narrows by words."""
    records = register.all_of(store, site, search)
    titles = (_("Running"), _("Waiting for a decision"), _("Decided: what was learnt"), _("Drafts"), _("Archived"))
    groups = tuple((title, tuple(_line(store, site, record, now) for record in records if record.state in states))
                   for title, states in zip(titles, GROUPS, strict=True))
    decided = [each for each in register.all_of(store, site) if each.decision]
    shipped = sum(each.decision["decision"] == "ship" for each in decided)
    text = _("%(shipped)s of %(decided)s decided tests were won by a treatment (%(share)s).", shipped=locale.number(shipped),
             decided=locale.number(len(decided)), share=locale.percent(shipped / len(decided), 0)) if decided else ""
    spans, ticks = _calendar([each for each in records if each.started_at], site, now)
    return Page(search, tuple(each for each in groups if each[1]), (shipped, len(decided)), text, spans, ticks, len(records))


def _line(store, site, record, now):
    state = _(words.STATES[record.state])
    if not record.started_at:
        return Line(record, state, _("since %(day)s", day=_day(record.created_at, site)), "", "", "info", "", None)
    names = sentences.Names(record.experiment)
    since = _("%(first)s to %(last)s", first=_day(record.started_at, site), last=_day(record.stopped_at, site)) if record.stopped_at \
        else _("since %(day)s", day=_day(record.started_at, site))
    if record.decision:
        made = record.decision
        what = made["decision"]
        said = _(sentences.DECISIONS[what])
        if made.get("variant"):
            said = sentences.Markup("{}: {}").format(said, names.variant(made["variant"]))
        return Line(record, state, since, said, "", {"ship": "check", "keep_control": "close", "rerun": "next"}[what], made["reason"], None)
    brief = results.brief(store, site, record, now)
    found = brief.result
    return Line(record, state, since, sentences.verdict(brief, names), result_page.TONES.get(found.verdict, ""),
                result_page.SYMBOLS[found.verdict], "", found.progress if record.state in definition.LIVE else None)


def _calendar(records, site, now):
    """(Spans, ticks): when each ran, and beside which others on the same pages."""
    if not records:
        return (), ()
    ends = {each.id: each.stopped_at or now for each in records}
    first, last = min(each.started_at for each in records), max(max(ends.values()), min(each.started_at for each in records) + 7 * DAY)
    whole = last - first
    spans = []
    for each in sorted(records, key=lambda record: record.started_at):
        x, width = 100 * (each.started_at - first) / whole, max(100 * (ends[each.id] - each.started_at) / whole, .6)
        if locale.direction() == "rtl":
            x = 100 - x - width
        beside = tuple(sentences.bdi(other.experiment.name) for other in records if other.id != each.id and _meet(each, other, ends)
                       and not (each.experiment.group and each.experiment.group == other.experiment.group))
        text = _("%(first)s to %(last)s", first=_day(each.started_at, site), last=_day(ends[each.id], site))
        spans.append(Span(sentences.bdi(each.experiment.name), round(x, 2), round(width, 2), text, beside))
    step = whole / 4
    ticks = tuple((drawn.side(25 * at), drawn.day_text(day_of(round(first + at * step), site.zone))) for at in range(5))
    return tuple(spans), ticks


def _meet(one, other, ends):
    """Did both run at one time, on pages that may be the same?"""
    if one.started_at >= ends[other.id] or other.started_at >= ends[one.id]:
        return False
    return launch.same_pages(one.experiment.where, other.experiment.where)


def _day(at, site):
    return locale.date(day_of(at, site.zone)) if at else locale.UNKNOWN
