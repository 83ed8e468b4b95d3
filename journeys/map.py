"""The journey map: what was measured at each stage, at its touchpoints and between stages, and what people wrote beside it.

It counts nothing itself: every number is a cell of the reports `stages`,
`touchpoints`, `transitions` and `pain`, asked with the same days and sessions, and says
which (boards.py). A stage without data is a gap and a touchpoint without rules
is not measured; neither is filled by a guess.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from collector import journey_register, walks
from collector import period as periods
from collector.filters import NONE, BadFilter, Filters
from collector.wildcard import fits
from journeys import boards, contacts, maps, notes, pain, stages, touchpoints, transitions, walked
from journeys.boards import Board, Cell, Said
from journeys.options import BadOption, Option, check
from journeys.report import Column, N_, Report

NAME = "map"
TITLE = N_("Journey map")
PREVIOUS = "previous"
OF_STAGES = ("sessions", "visitors", "share", "engaged", "forward_rate", "skips_rate", "backs_rate", "returns_rate", "leaves_rate", "conversions_rate",
             "revenue", "troubled_rate")
OF_TOUCHPOINTS = ("sessions", "visitors", "share", "engaged", "forward_rate", "skips_rate", "backs_rate", "returns_rate", "leaves_rate",
                  "conversions_rate", "troubled_rate")
OF_TRANSITIONS = ("sessions", "share")
OF_PAINS = ("rate", "lost")
MOST_PAINS = 12
ALL = check(touchpoints.OPTIONS, {"limit": "100000"})
OF = {report.NAME: {column.key: column for column in report.COLUMNS} for report in (stages, touchpoints, transitions, contacts, pain)}  # its columns by their keys
# the columns of the numbers on a map, each once by its title
MEASURES = tuple({(column.title, column.definition): column for name, keys in (
    ("stages", OF_STAGES), ("touchpoints", OF_TOUCHPOINTS), ("transitions", OF_TRANSITIONS), ("contacts", ("contacts",)), ("pain", OF_PAINS))
    for key, column in OF[name].items() if key in keys}.values())
OPTIONS = (
    Option("map", maps.MAIN, N_("The key of the map")),
    Option("against", "", N_("Other days it is compared with: previous, a day, or the first and last day")),
    Option("beside", "", N_("The key of another map it is compared with")),
)
COLUMNS = (
    Column("stage", N_("Stage"), "text", N_("The key of the stage.")),
    Column("lane", N_("Lane"), "text", N_(
        "stage, touchpoint or transition for what was measured; do, think, feel, ask, stop or help for what was written.")),
    Column("item", N_("Item"), "text", N_("The touchpoint, or the stage gone to; leave is away from the site.")),
    Column("measure", N_("Measure"), "text", N_("The column of the report the number is found in.")),
    Column("value", N_("Value"), "number", N_("The number: a rate from 0 to 1, seconds, money in minor units, a feeling from -2 to 2.")),
    Column("n", N_("Out of"), "number", N_("What a rate or a mean is out of.")),
    Column("low", N_("Low end"), "number", N_("Low end of a rate's interval of 95 % (Wilson).")),
    Column("high", N_("High end"), "number", N_("High end of a rate's interval of 95 % (Wilson).")),
    Column("evidence", N_("What it rests on"), "text", N_("measured, reported or assumed; empty where nothing is known.")),
    Column("text", N_("Note"), "text", N_("What was written.")),
    Column("who", N_("Who"), "text", N_("Who wrote it.")),
    Column("at", N_("When"), "time", N_("When it was written.")),
)


class Row(NamedTuple):
    stage: str
    lane: str
    item: str
    measure: str
    value: object
    n: int | None
    low: float | None
    high: float | None
    evidence: str
    text: str = ""
    who: str = ""
    at: int | None = None


def report(store, site, period, filters, **options):
    """Rows are the cells of the map and the notes on it, stage by stage.

    `extra` has the whole "board" (boards.Board); "other", the board it is compared with, without pain points, or None, and the
    "differences"; "measures", the columns its numbers are from; "map"; and what the report of stages says of the journey.
    """
    options = check(OPTIONS, options)
    map_ = _map(store, site, "map", options["map"])
    board, asked = _board(store, site, map_, period, filters)
    other = None
    if options["against"] or options["beside"]:
        beside = _map(store, site, "beside", options["beside"]) if options["beside"] else map_
        days = _days(options["against"], period) if options["against"] else period
        other, _ = _board(store, site, beside, days, filters, hurting=False)
    return Report(NAME, TITLE, COLUMNS, tuple(_rows(board)), None, period, narrowed(map_, filters), asked["stages"].notes, extra={
        "map": map_, "board": board, "other": other, "differences": tuple(boards.differences(board, other).values()) if other else (),
        "measures": MEASURES, "journey": asked["stages"].extra["journey"], "applied": asked["stages"].extra.get("applied")})


def gone(store, site, map_, now):
    """Touchpoints that nothing has met for thirty days, though in the ninety before something did: names, and none while the past is applied."""
    lately = periods.parse("30d", site, now)
    before = periods.of_dates(lately.first_date - timedelta(days=90), lately.first_date - timedelta(days=1), site.zone)
    record = journey_of(store, site, map_)
    met = [{row.touchpoint: row for row in touchpoints.of(walked.Walked(store, site, each, NONE, record), ALL).rows} for each in (lately, before)]
    return tuple(row.name for key, row in met[0].items() if row.sessions == 0 and met[1][key].sessions)


def narrowed(map_, filters):
    """The sessions of a map that the reader's filters leave. Raises BadFilter: the same key again would mean "or"."""
    for key, _ in map_.filters.terms:
        if key in filters.query():
            raise BadFilter(key, N_("is what this map is about already; filter by something else"))
    return Filters((*map_.filters.terms, *filters.terms), map_.filters.named or filters.named)


def journey_of(store, site, map_):
    """The Record of the journey a map shows, or None before a site has one."""
    return journey_register.by_key(store, site, map_.journey) or journey_register.by_key(store, site)


def stages_of(store, site, map_):
    """The stages of a map's journey, none before a site has one."""
    record = journey_of(store, site, map_)
    return record.journey.stages if record else ()


def known_stage(store, site, map_, key):
    """The key of a stage, when the map has it. Raises BadNote."""
    known = [stage.key for stage in stages_of(store, site, map_)]
    if key not in known:
        raise notes.BadNote("stage", N_("%(typed)s is no stage of this map; write one of %(choices)s"), typed=key[:40] or "-",
                            choices=", ".join(known) or "-")
    return key


def _map(store, site, option, key):
    found = maps.by_key(store, site, key)
    if found is None:
        raise BadOption(option, N_("is no map of this site; write one of %(choices)s"),
                        choices=", ".join(each.key for each in maps.all_of(store, site)))
    return found


def _days(text, period):
    """The Period it is compared with. Raises BadOption."""
    if text == PREVIOUS:
        return period.previous()
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?", text):
        raise BadOption("against", N_("is %(typed)s; write previous, a day, or two days such as 2026-03-01..2026-03-31"), typed=text[:40])
    try:
        return periods.parse(text, period.zone, period.end)
    except periods.BadPeriod as error:
        raise BadOption("against", error.text, **error.values) from None


# -- putting it together

def _board(store, site, map_, period, filters, hurting=True):
    """(the Board of a map, the reports it was put together from, by name). Pain points take longest and are not compared: `hurting` says whether they are wanted."""
    chosen, record = narrowed(map_, filters), journey_of(store, site, map_)
    met = walked.Walked(store, site, period, chosen, record)
    hurts = pain.begin(store, site, period, chosen, met.sessions) if hurting else None
    asked = {"stages": stages.of(met), "touchpoints": touchpoints.of(met, ALL), "transitions": transitions.of(met),
             "contacts": contacts.report(store, site, period, chosen),
             "places": _places(store, site, record)} | ({"pain": hurts(limit=str(MOST_PAINS))} if hurts else {})
    written = notes.of(store, map_)
    found = tuple(_stage(stage, row, asked, written)
                  for stage, row in zip(record.journey.stages if record else (), asked["stages"].rows, strict=True))
    return Board(map_.key, map_.name, map_.kind, map_.segment, str(period.first_date), str(period.last_date), found), asked


def _stage(stage, row, asked, written):
    hurts = tuple(boards.Pain(each.key, each.sort, each.label, each.page, each.form, *_cells(asked["pain"], each, each.key, OF_PAINS))
                  for each in asked["pain"].rows if _place(asked["places"], each) == stage.number) if "pain" in asked else ()
    said = tuple(Said(note.id, note.lane, note.text, note.feeling, note.who, note.at, note.version, note.basis,
                      note.evidence_kind, note.evidence) for note in written if note.stage == stage.key)
    feeling, felt = notes.feeling_of(said)
    return boards.Stage(
        stage.key, stage.name, _cells(asked["stages"], row, row.stage, OF_STAGES) if stage.is_measured else (),
        tuple(boards.Touchpoint(each.number, each.key, each.name, bool(each.rules),
                                (*_cells(asked["touchpoints"], found, found.touchpoint, OF_TOUCHPOINTS), *_reported(each, asked["contacts"])) if each.rules else ())
              for each, found in _of_stage(stage, row, asked["touchpoints"])),
        tuple(boards.Transition(move.transition, move.to_stage, move.to_name, kind, *_cells(asked["transitions"], move, move.transition, OF_TRANSITIONS))
              for move in asked["transitions"].rows if move.from_stage == stage.key and (kind := _kind(move))),
        hurts, said, feeling, felt)


def _places(store, site, record):
    """A function that gives the Touch whose page an address is, or None."""
    matcher = walks.by_paths(store, site, record.journey) if record else None
    return lambda page: matcher.of_page(page)[0] if matcher else None


def _place(places, found):
    """The number of the stage in which a pain point hurts, None where it is no touchpoint's page."""
    return next((touch.stage for page in (found.page, *found.addresses) if (touch := places(page))), None)


def _reported(touchpoint, report):
    """A Cell for each kind of contact outside the page that is this touchpoint, as people wrote them down; none for chosen sessions only."""
    kinds = [fits(rule.value) for rule in touchpoint.rules if rule.kind == "contact"]
    return tuple(replace(_cell(report, row, row.contact, OF[contacts.NAME]["contacts"]), basis=boards.REPORTED)
                 for row in report.rows if any(matches(row.contact) for matches in kinds) and not report.filters)


def _of_stage(stage, row, report):
    """(touchpoint of the journey, its row of the report) of a stage, in order."""
    rows = {each.touchpoint.removeprefix(row.stage.removesuffix(stage.key)): each for each in report.rows}
    return [(touchpoint, rows[touchpoint.key]) for touchpoint in stage.touchpoints]


def _kind(move):
    """forward, skip, back, return or leave."""
    return next(key for key, title in transitions.KINDS.items() if title == move.kind)


def _cells(report, row, key, measures):
    return tuple(_cell(report, row, key, OF[report.name][measure]) for measure in measures)


def _cell(report, row, key, column):
    low, high = (getattr(row, end) for end in column.interval) if column.interval else (None, None)
    n = getattr(row, column.of) if column.of else report.extra["sessions"] if column.kind == "rate" else None
    return Cell(column.key, column.title, column.kind, getattr(row, column.key), n, low, high, report.name, key)


def _rows(board):
    for stage in board.stages:
        for cell in stage.cells:
            yield _measured(stage, "stage", "", cell)
        for touchpoint in stage.touchpoints:
            for cell in touchpoint.cells:
                yield _measured(stage, "touchpoint", touchpoint.key, cell)
            if not touchpoint.digital:
                yield Row(stage.key, "touchpoint", touchpoint.key, "", None, None, None, None, boards.UNKNOWN)
        for move in stage.transitions:
            for cell in (move.sessions, move.share):
                yield _measured(stage, "transition", move.key, cell)
        for hurt in stage.pains:
            for cell in (hurt.met, hurt.lost):
                yield _measured(stage, "stop", hurt.key, cell)
        for note in stage.said:
            yield Row(stage.key, note.lane, str(note.id), "", note.feeling, None, None, None, note.basis, note.text, note.who, note.at)


def _measured(stage, lane, item, cell):
    basis = cell.basis if cell.value is not None else boards.UNKNOWN
    return Row(stage.key, lane, item, cell.measure, cell.value, cell.n, cell.low, cell.high, basis)
