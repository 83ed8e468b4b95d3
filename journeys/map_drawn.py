"""A board as its page draws it: columns of stages with every number, its words and the address it is found at again.

Everything is chosen here, so that the template only prints.
"""

from dataclasses import dataclass, field, replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from collector import current, frame, locale
from collector.period import day_of
from journeys import demo, labels, notes, pain_page, trouble_filter
from journeys.navigation import page_address
from journeys.report import N_
from journeys.reports import REPORTS
from journeys.table import anchor

SYMBOLS = {"forward": "next", "skip": "skip", "back": "back", "return": "again", "leave": "exit"}
LEFT, AGAIN = N_("left"), N_("came again: %(stage)s")
TITLES = {"forward_rate": N_("Went on"), "skips_rate": N_("Skipped ahead"), "backs_rate": N_("Went back"), "returns_rate": N_("Came again"),
          "leaves_rate": N_("Left"), "conversions_rate": N_("Goal later"), "troubled_rate": N_("Had trouble")}  # shorter than those of the columns: on the map all are shares
OF_TOUCHPOINTS = {"visitors": N_("visitors"), "leaves_rate": N_("left"), "conversions_rate": N_("goal later"), "troubled_rate": N_("trouble")}  # beside how many met it
TROUBLE = ("troubled_rate",)
EVIDENCE = {"report": N_("report"), "session": N_("session"), "answer": N_("answer"), "file": N_("file")}
HEAD = ("sessions", "visitors", "share")  # cells of a stage that stand in its head
WALKED = ("stages", "touchpoints", "transitions")  # reports about one journey
WORST = 3  # pain points over the map
MIDDLE, STEP = 30, 12.5  # of the box of 60 a curve is drawn in, and how far one feeling is from the next


@dataclass(frozen=True)
class Shown:
    """How a board is shown: where its numbers lead, whether notes may be added, what it is compared with."""

    map_: object
    query: dict  # period and filters of the addresses its numbers lead to
    changes: dict = field(default_factory=dict)  # of board.differences()
    other: object = None  # the Board it stands beside
    other_name: str = ""
    live: bool = True  # False for a kept version: its notes lead nowhere
    writes: bool = False


@dataclass(frozen=True)
class Figure:
    """A number, what it is called on the map, and the address of the report it is found in."""

    cell: object
    title: str
    href: str = ""
    against: object = None  # an Against, where the board is compared
    trouble: bool = False
    sessions: str = ""  # of trouble: how many sessions had it
    behind: str = ""  # and the address of them


@dataclass(frozen=True)
class Against:
    """What stood there before, or stands there on the other map."""

    text: str
    told: bool  # the interval of the difference leaves out zero
    symbol: str = ""


@dataclass(frozen=True)
class Contact:
    """A touchpoint."""

    name: str
    measured: bool
    met: Figure | None  # the sessions that met it
    rates: tuple  # Figures
    share: Figure | None  # out of all sessions
    reported: tuple = ()  # Figures: contacts outside the page, by kind


@dataclass(frozen=True)
class Way:
    """A transition; `behind` is the address of the sessions that went it."""

    kind: str
    symbol: str
    title: str
    share: Figure
    sessions: str
    behind: str


@dataclass(frozen=True)
class Sheet:
    """A note."""

    note: object
    text: str
    feeling: str
    sign: str
    evidence: str
    href: str
    day: str
    more: str


@dataclass(frozen=True)
class Hurt:
    """A pain point found by measurement."""

    title: str
    href: str
    met: Figure
    of: str
    lost: Figure


@dataclass(frozen=True)
class Stops:
    """Where most sessions leave, and what costs most on the whole map."""

    stage: str
    way: Way  # of those who leave there
    hurts: tuple  # Hurts of all stages, the dearest first


@dataclass(frozen=True)
class People:
    """A stage's cell in a lane that people fill."""

    sheets: tuple
    pains: tuple = ()  # Hurts
    others: tuple = ()  # those on the other map
    add: str = ""
    curve: object = None

    def left_out(self, notes):
        """How many are not printed, when of each kind no more than `notes` are."""
        return sum(max(0, len(each) - notes) for each in (self.pains, self.sheets, self.others))

    @property
    def empty(self):
        return not self.sheets and not self.others and not self.pains


@dataclass(frozen=True)
class Curve:
    """The part of the curve of feelings in one stage, in a box of 100 × 60; both empty in a gap."""

    line: str
    dot: str
    text: str
    of: str


@dataclass(frozen=True)
class Flow:
    """Shapes in a box of 100 × 40: those who came, narrowing to those who went on, and those who did not."""

    on: str
    lost: str


@dataclass(frozen=True)
class Column:
    stage: object
    name: str
    reached: Figure | None
    visitors: Figure | None
    share: Figure | None
    flow: Flow | None
    facts: tuple
    touchpoints: tuple
    ways: tuple
    people: dict  # by lane

    @property
    def gap(self):
        return not self.stage.has_data

    @property
    def met(self):
        """Touchpoints that sessions met in these days."""
        return tuple(each for each in self.touchpoints if each.measured and (each.met.cell.value or each.reported))

    @property
    def unmet(self):
        return tuple(each for each in self.touchpoints if each.measured and not each.met.cell.value and not each.reported)

    @property
    def unmeasured(self):
        return tuple(each for each in self.touchpoints if not each.measured)


def columns(board, shown):
    """A Column for each stage of a Board."""
    most = max((_count(stage) for stage in board.stages), default=0)
    return tuple(_column(board, at, shown, most) for at in range(len(board.stages)))


def stops(columns_):
    """What a map says before anything else: its Stops, None while nobody left. Takes Columns."""
    left = [(move.sessions.value, column.name, way) for column in columns_ for move, way in zip(column.stage.transitions, column.ways, strict=True)
            if move.kind == "leave" and move.sessions.value]
    if not left:
        return None
    _count, stage, way = max(left, key=lambda each: each[0])
    hurts = [hurt for column in columns_ for hurt in column.people["stop"].pains]
    return Stops(stage, way, tuple(sorted(hurts, key=lambda hurt: -hurt.lost.cell.value)[:WORST]))


def _column(board, at, shown, most):
    stage = board.stages[at]
    there = shown.other.stage(stage.key) if shown.other else None
    facts = tuple(_figure(cell, shown, stage.key) for cell in stage.cells if cell.measure not in HEAD)
    reached, visitors, share = (stage.cell(measure) and _figure(stage.cell(measure), shown, stage.key) for measure in HEAD)
    return Column(stage, stage_name(stage), reached, visitors, share, _flow(stage, most) if stage.has_data else None, facts,
                  tuple(_contact(each, shown, stage) for each in stage.touchpoints),
                  tuple(_way(each, shown, stage) for each in stage.transitions),
                  {lane: _people(board, at, lane, shown, there) for lane in notes.LANES})


def stage_name(part):
    """The name of a stage or touchpoint: of a preset in the reader's language, else as its owner wrote it."""
    return _(part.name)


def _figure(cell, shown, stage="", item="", title=""):
    """A Figure; with the key of its stage it says what stands there on the other board."""
    change = shown.changes.get((stage, item, cell.measure))
    trouble = cell.measure in TROUBLE and bool(cell.value)
    return Figure(cell, title or _(TITLES.get(cell.measure, cell.title)),
                  page_address(cell.report, **shown.query, **_journey(shown.map_, cell), _anchor=anchor(cell.report, cell.row) or None),
                  change and _against(change, cell, shown), trouble, *(_troubled(cell, shown) if trouble else ()))


def _troubled(cell, shown):
    """How many sessions had trouble at a stage or touchpoint, and the address of them."""
    return labels.sessions(round(cell.value * cell.n)), _behind(shown, "trouble", trouble_filter.value(cell.report.removesuffix("s"), cell.row))


def _behind(shown, key, value):
    """The address of the sessions behind a number; "" where a filter of that key narrows the map already: two values would mean "or"."""
    return page_address("sessions", **shown.query | {key: value}) if "sessions" in REPORTS and key not in shown.query else ""


def _journey(map_, cell):
    """The option by which a report about stages shows another journey than the site's first."""
    return {"journey": map_.journey} if map_.journey and cell.report in WALKED else {}


def _against(change, cell, shown):
    if change.before is None:
        return None
    before = _written(change.before, cell.kind)
    was = _("there %(value)s", value=before) if shown.other else _("was %(value)s", value=before)
    if not change.changed:
        return Against(was, False)
    ends = f"{frame.points(change.difference)} ({frame.interval((change.low, change.high), 'points')})"
    return Against(f"{ends}, {was}", True, "up" if change.difference > 0 else "down")


def _written(value, kind):
    if value is None:
        return locale.UNKNOWN
    write = {"rate": locale.percent, "seconds": locale.seconds, "money": frame.whole_money}.get(kind, locale.number)
    return write(value)


def _contact(touchpoint, shown, stage):
    cells = {cell.measure: cell for cell in touchpoint.cells}
    if not touchpoint.digital:
        return Contact(stage_name(touchpoint), False, None, (), None)
    rates = tuple(_figure(cells[measure], shown, title=_(short)) for measure, short in OF_TOUCHPOINTS.items()
                  if measure in cells and cells[measure].value)
    return Contact(stage_name(touchpoint), True, _figure(cells["sessions"], shown), rates,
                   _figure(cells["share"], shown, stage.key, touchpoint.key, _("share of all sessions")),
                   tuple(_figure(cell, shown, title=labels.label("contact", cell.row)) for cell in touchpoint.cells if cell.report == "contacts"))


def _way(move, shown, stage):
    title = _(LEFT) if move.kind == "leave" else _(AGAIN, stage=_(move.name)) if move.kind == "return" else _(move.name)
    return Way(move.kind, SYMBOLS[move.kind], title, _figure(move.share, shown, stage.key, move.key),
               labels.sessions(move.sessions.value or 0), _behind(shown, "transition", move.key))


def _people(board, at, lane, shown, there):
    stage = board.stages[at]
    add = url_for("maps.new_note", key=current.site.key, map_key=shown.map_.key, stage=stage.key, lane=lane) if shown.writes else ""
    return People(tuple(sheet(each, shown.map_ if shown.live else None) for each in stage.in_lane(lane)),
                  tuple(_hurt(each, shown) for each in stage.pains) if lane == "stop" else (),
                  tuple(sheet(each) for each in there.in_lane(lane)) if there else (), add,
                  _curve(board, at) if lane == "feel" else None)


def _hurt(hurt, shown):
    met, lost = (replace(each, href=each.href + pain_page.anchor(hurt.key)) for each in (_figure(hurt.met, shown), _figure(hurt.lost, shown)))
    return Hurt(pain_page.title(hurt), met.href, met, locale.number(hurt.met.n), lost)


def sheet(note, map_=None):
    """A Sheet of a note; with its map it leads to the note's own page."""
    feeling = "" if note.feeling is None else _(notes.FEELINGS[note.feeling])
    sign = "" if note.feeling is None else (f"+{note.feeling}" if note.feeling > 0 else f"\u2212{-note.feeling}" if note.feeling else "0")
    more = url_for("maps.one_note", key=current.site.key, map_key=map_.key, note=note.id) if map_ else ""
    return Sheet(note, _(note.text) if note.text in demo.TEXTS else note.text, feeling, sign, _(EVIDENCE[note.evidence_kind]) if note.evidence_kind else "",
                 notes.followed(note.evidence), locale.date(day_of(note.at, current.site.zone)), more)


def _curve(board, at):
    """Half of the line to the stages beside it: it is drawn only between two that were felt, so a gap stays one."""
    here = board.stages[at]
    if here.feeling is None:
        return Curve("", "", "", "")
    before = board.stages[at - 1].feeling if at else None
    after = board.stages[at + 1].feeling if at + 1 < len(board.stages) else None
    y = _height(here.feeling)
    points = [f"0 {(y + _height(before)) / 2:g}"] if before is not None else []
    points += [f"50 {y:g}"]
    points += [f"100 {(y + _height(after)) / 2:g}"] if after is not None else []
    nearest = round(here.feeling)
    return Curve("M" + "L".join(points) if len(points) > 1 else "", f"M50 {y:g}h.01", _(notes.FEELINGS[nearest]),
                 ngettext("of %(count)s note", "of %(count)s notes", here.felt, count=here.felt))


def _height(feeling):
    return MIDDLE - STEP * feeling


def _flow(stage, most):
    came = 20 * _count(stage) / most
    on = 20 * sum(each.sessions.value or 0 for each in stage.transitions if each.kind in ("forward", "skip")) / most
    shape = "M0 {0:.1f}L100 {1:.1f}V{2:.1f}L0 {3:.1f}Z"
    return Flow(shape.format(20 - came, 20 - on, 20 + on, 20 + came), shape.format(20 - came, 20 - came, 20 + came, 20 + came))


def _count(stage):
    cell = stage.cell("sessions")
    return (cell.value or 0) if cell else 0
