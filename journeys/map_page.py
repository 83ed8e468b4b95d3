"""What the pages of maps show beside the board itself: names and ways, what to know first, two boards compared."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode

from babel import dates
from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from collector import current, filters, labels, locale, segments
from collector.period import day_of
from journeys import backlog, boards, filter_words, map_drawn, map_paper, maps, notes, pain_page
from journeys import map as map_report
from journeys.bar import bar
from journeys.map_drawn import Shown
from journeys.navigation import page_address
from journeys.report import N_

ABOUT = {"as is": N_("The way your customers go, drawn by measurement, with what you know of them beside it."),
         "to be": N_("The way as it should be: what you wish for, beside what is measured today.")}
MEASURED = {"numbers": N_("What was measured"), "touchpoints": N_("Touchpoints"), "transitions": N_("Where they went next")}


@dataclass(frozen=True)
class Lane:
    """A band over the cells of all stages."""

    key: str
    title: str


@dataclass(frozen=True)
class Remark:
    """What the reader of a map should know first, and where to go about it."""

    text: str
    names: tuple = ()
    action: str = ""
    href: str = ""
    tone: str = "attention"
    may_look: bool = False


def address(map_, **arguments):
    """The address of a map's page."""
    if map_.key == maps.MAIN:
        return url_for("maps.home", key=current.site.key, **arguments)
    return url_for("maps.one", key=current.site.key, map_key=map_.key, **arguments)


def within(map_, page, **values):
    """The address of a page of a map: its versions, its canvas."""
    return url_for(f"maps.{page}", key=current.site.key, map_key=map_.key, **values)


def name_of(map_):
    return _(map_.name) if map_.name == maps.OUR_NAME else map_.name


def lanes():
    return tuple(Lane(key, _(title)) for key, title in {**MEASURED, **notes.LANES}.items())


def _drawn(board, shown, lanes_, compared=False):
    """What templates/journeys/_board.html prints of a board, as part of its page."""
    columns = map_drawn.columns(board, shown)
    return {"columns": columns, "lanes": lanes_, "compared": compared, "paper": map_paper.fit(columns, lanes_, compared)}


# -- one map

def page(store, map_, report, now):
    """All that the page of a map prints. Takes the map report."""
    own = replace(report, filters=_asked())
    board, span = report.extra["board"], {"period": report.period.name}
    shown = Shown(map_, span | report.filters.query(), writes=current.can("change"))
    drawn = _drawn(board, shown, lanes())
    return SimpleNamespace(
        title=name_of(map_), about=_(ABOUT[map_.kind]), bar=_bar(own, map_), whose=whose(map_), edit=_("Note and its history"),
        maps=_tabs(store, map_, span), compare=_compare(store, map_, span), versions=within(map_, "versions", **span),
        canvas=within(map_, "canvas"), change=within(map_, "edit"), new=url_for("maps.new", key=current.site.key, segment=urlencode(report.filters.query(), doseq=True) or None),
        looked=within(map_, "looked"), stops=map_drawn.stops(drawn["columns"]), **drawn,
        remarks=tuple(_remarks(map_, report, map_report.gone(store, current.site, map_, now), now)), begun=current.site.first_event_at is not None, terms=report.extra["measures"],
        signed=_("Looked over on %(day)s.", day=locale.date(day_of(map_.looked_at, current.site.zone))))


def _asked():
    """The filters of this address, without those of the map."""
    args = request.args.to_dict(flat=False)
    return segments.parse(current.store, current.site, {key: values for key, values in args.items() if key in filters.KEYS})


def whose(map_):
    """Whose journey it is, as (dimension, value) pairs: those of its segment."""
    return tuple((labels.name(key), filter_words.read(key, value.removeprefix("!")), value.startswith("!"))
                 for key, value in map_.filters.terms)


def _bar(report, map_):
    found = bar("map", report)
    if map_.key == maps.MAIN:
        return found
    return replace(found, downloads=tuple((name, f"{href}{'&' if '?' in href else '?'}map={map_.key}") for name, href in found.downloads))


def _tabs(store, map_, span):
    return [(name_of(each), address(each, **span), each.key == map_.key) for each in maps.all_of(store, current.site)]


def _compare(store, map_, span):
    """With the map it is the wish of, or the wish there is of it; else with the days before."""
    others = [each.key for each in maps.all_of(store, current.site) if each.key == map_.base or each.base == map_.key]
    against = {"beside": others[0]} if others else {"against": "previous"}
    return url_for("maps.compare", key=current.site.key, map=map_.key, **against, **span)


def _remarks(map_, report, gone, now):
    stages, applied = page_address("journey"), report.extra["applied"]
    if report.extra["journey"] and not report.extra["journey"]["confirmed"]:
        yield Remark(_("These stages were guessed from your site. Look at them, change what is wrong, and confirm."),
                     action=_("Look at the stages"), href=stages)
    if applied and applied["days"] < applied["of"]:
        yield Remark(_("The stages are being applied to the past: %(share)s is done. What is shown grows until then.",
                       share=locale.percent(applied["days"] / applied["of"], 0)), tone="")
    for point in backlog.of(current.store, current.site):
        if backlog.came_back(current.store, current.site, point, now):
            yield Remark(_("%(what)s: this came back after it was fixed.", what=pain_page.title(point)), action=_("To the backlog"),
                         href=url_for("pain.one", key=current.site.key, point=point.id), tone="bad")
    if gone:
        yield Remark(_("Nothing in the last thirty days fits the rules of these touchpoints any more, though it did before:"),
                     names=tuple(map(_, gone)), action=_("Mend the rules"), href=stages)
    if map_.is_stale(now):
        yield Remark(_("Nobody has looked this map over for ninety days. Is what stands on it still so?"),
                     may_look=current.can("change"))


# -- two boards

def comparison(store, report):
    """Two boards side by side: those of two spans of days, or of two maps."""
    board, other = report.extra["board"], report.extra["other"]
    map_, beside = (maps.by_key(store, current.site, each.key) for each in (board, other))
    alike = _sessions(map_, board) == _sessions(beside, other)
    changes = {} if alike else boards.differences(board, other)
    shown = Shown(map_, {"period": report.period.name} | report.filters.query(), changes,
                  other if beside.key != map_.key else None, name_of(beside))
    own = replace(report, filters=_asked())
    all_lanes = lanes() if beside.key != map_.key else tuple(lane for lane in lanes() if lane.key in MEASURED)
    return SimpleNamespace(
        title=_("Compare"), map_name=name_of(map_), back=address(map_), bar=bar("map", own),
        sides=((name_of(map_), days(board), whose(map_)), (name_of(beside), days(other), whose(beside))),
        other_name=name_of(beside), overlap=not alike and (board.first_day, board.last_day) == (other.first_day, other.last_day),
        **_drawn(board, shown, all_lanes, compared=True), edit="", choices=_choices(store, map_), verdict="" if alike else _verdict(changes.values()),
        beside=request.args.get("beside", ""), asked=("", "") if request.args.get("against", "previous") == "previous" else (other.first_day, other.last_day),
        kept=tuple(pair for pair in request.args.items(multi=True) if pair[0] not in ("beside", "against", "lang", "theme")))


def _sessions(map_, board):
    """What decides which sessions a board is of."""
    return map_.journey, board.segment, board.first_day, board.last_day


def _verdict(changes):
    """How many of the differences that could be told are told."""
    tested = [change for change in changes if change.low is not None]
    told = sum(change.changed for change in tested)
    if not tested:
        return _("Not enough data to compare.")
    return _("%(told)s of %(tested)s rates differ.", told=locale.number(told), tested=locale.number(len(tested)))


def _choices(store, map_):
    """What a map may be compared with: [(value, title)] for the form."""
    return [("", _("this map, on other days")), *((each.key, name_of(each)) for each in maps.all_of(store, current.site) if each.key != map_.key)]


def days(board):
    """The days of a board, as a reader writes them."""
    first, last = (dates.parse_date(day, format="y-M-d") for day in (board.first_day, board.last_day))
    return dates.format_interval(first, last, skeleton="yMMMd", locale=get_locale())


# -- kept versions

def of_version(map_, kept):
    """A kept version, drawn from what was kept."""
    board = boards.restore(kept.snapshot)
    query = {"period": f"{board.first_day}..{board.last_day}"} | parse_qs(board.segment)
    return SimpleNamespace(
        title=_("Version %(number)s: %(name)s", number=locale.number(kept.number), name=kept.name), days=days(board),
        map_name=name_of(map_), back=address(map_), versions=within(map_, "versions"), edit="",
        **_drawn(board, Shown(map_, query, live=False), lanes()),
        signed=_("kept by %(who)s on %(day)s", who=kept.who, day=locale.date(day_of(kept.at, current.site.zone))))


def versions(store, map_):
    return SimpleNamespace(map_name=name_of(map_), back=address(map_),
                           kept=[(each, within(map_, "version", number=each.number)) for each in maps.kept(store, map_)])
