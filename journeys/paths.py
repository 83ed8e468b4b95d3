"""Which way visitors go: what came after a page, or before it, one column a step.

The reader chooses a page in each column and the next one narrows. A session
counts once, from the first time it saw the first page chosen; a column's rows
and its end therefore add up to the sessions that took the way chosen so far.
Read from the trails of sessions, which keep their first 60 pages. Page groups and the
stages of a journey are walked like pages: several pages of one group running are one.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from journeys import listing, walked
from journeys.ask import ask, session_count, sum_columns, sum_sessions
from journeys.options import BadOption, Option, check
from journeys.report import Column, N_, Report
from journeys.walked import JOURNEY

NAME = "paths"
TITLE = N_("Paths")
MOST = 5
END = N_("end")
WHAT = {"page": (N_("page"), N_("other pages")), "group": (N_("page group"), N_("other page groups")), "stage": (N_("stage"), N_("other stages"))}
OPTIONS = (
    Option("steps", (), N_("The pages chosen so far, from the first column on")),
    Option("by", "page", N_("What to walk through"), choices=("page", "group", "stage")),
    Option("direction", "after", N_("What came after the first page, or before it"), choices=("after", "before")),
    Option("limit", 10, N_("How many pages to show in a column; the others stand together"), most=1000),
    JOURNEY,
)
COLUMNS = (
    Column("step", N_("Step"), "number", N_("The page chosen first is step 1.")),
    Column("page", N_("Page"), "page", N_(
        "The page seen at this step, after the pages chosen in the steps before it, with nothing in between."),
        filter="page"),
    Column("what", N_("What"), "words", N_(
        "One page, page group or stage, others together, or the end: where sessions left, or began when read backwards.")),
    Column("sessions", N_("Sessions"), "count", N_(
        "Sessions that went this way the first time they saw the first page chosen.")),
    Column("share", N_("Share"), "rate", N_("Out of the sessions that took the way chosen so far."), of="total"),
    Column("total", N_("Sessions at this step"), "count", N_("Sessions that took the way chosen so far.")),
)


GROUPED = (COLUMNS[0], replace(COLUMNS[1], title=N_("Page group"), kind="text", filter="group"), *COLUMNS[2:])
STAGED = (COLUMNS[0], replace(COLUMNS[1], title=N_("Stage's key"), kind="text", definition=N_("As filters name it."), filter="stage"),
          Column("name", N_("Stage"), "words", N_("The stage entered at this step, after the stages chosen in the steps before it, with nothing in between."),
                 filter="stage", by="page"), *COLUMNS[2:])
SHOWN = {"page": COLUMNS, "group": GROUPED, "stage": STAGED}


class Row(NamedTuple):
    step: int
    page: str  # or the name of a page group, or the key of a stage
    what: str
    sessions: int
    share: float | None
    total: int
    name: str = ""  # of a stage


@dataclass(frozen=True)
class Step:
    """One column. `pages` are Rows; with `others` and `end` they add up to `total`, but in the first step."""

    number: int
    total: int  # sessions that took the way chosen so far
    pages: tuple
    others: Row | None  # the pages not shown, together
    others_count: int
    end: Row | None  # left here, or began here; None in the first step
    chosen: str  # the page chosen in this column, "" when none is


def report(store, site, period, filters, **options):
    """`extra["steps"]` holds the Steps, one column each; the rows are the same, one after another."""
    options = check(OPTIONS, options)
    chosen = options["steps"]
    if len(chosen) > MOST:
        raise BadOption("steps", N_("has more than %(most)s pages; take some out"), most=MOST)
    by, asked = options["by"], None
    if by == "stage":
        asked = walked.Walked(store, site, period, filters, walked.chosen(store, site, options))
    if by == "page":
        sessions, counted = _by_page(store, site, period, filters, chosen, options["direction"])
    else:
        ways = _through_stages(asked) if asked else _through_groups(store, site, period, filters)
        sessions = asked.sessions if asked else session_count(store, site, period, filters).sessions
        counted = _along(ways, chosen, options["direction"])
    notes, extra = asked.said if asked else ((), {})
    steps = _steps(counted, sessions, chosen, options["limit"], by, _stages(asked))
    rows = tuple(row for step in steps for row in (*step.pages, step.others, step.end) if row)
    return Report(NAME, TITLE, SHOWN[by], rows, Row(0, "", "", sessions, None, sessions), period, filters, notes,
                  extra=extra | {"steps": steps, "chosen": chosen, "direction": options["direction"], "by": by, "found": len(rows)})


def _by_page(store, site, period, filters, chosen, direction):
    """All sessions; and for each column, sessions by page, "" is the end."""
    from journeys import onwards  # not above: the server starts without numpy
    paths = onwards.by_number(ask(store, "page_ids", site, period))
    numbers = {path: number for number, path in paths.items()}
    way = onwards.Way(tuple(numbers.get(path, onwards.UNKNOWN) for path in chosen[:MOST - 1]), direction == "before")
    counted = [{} for _ in range(len(way.pages) + 1)]
    made = onwards.Onwards(way, all_pages=bool(filters))
    found = sum_columns(store, site, period, filters, made, key=2, order=()) if filters or chosen else []
    if filters:
        sessions = next(row.sessions for row in found if (row.column, row.page) == (1, onwards.END))
    else:
        sessions = session_count(store, site, period, filters).sessions
        counted[0] = {row.page: row.sessions for row in ask(store, "paths_pages", site, period)}
    paths[onwards.END] = ""
    for row in found:
        if row.page in paths:  # else it came in meanwhile
            counted[row.column - 1][paths[row.page]] = row.sessions
    return sessions, counted


def _through_groups(store, site, period, filters):
    """Ways from page group to page group, and the sessions that went each."""
    return [(row.way.split("\n"), row.sessions) for row in sum_sessions(
        store, "paths_grouped", site, period, filters, key=1, order=("-sessions", "way"))]


def _through_stages(asked):
    """The same from stage to stage; one that is no more, in days not yet brought up to date, is left out. Takes a walked.Walked."""
    if asked.record is None:
        return []
    keys = {str(stage.number): key for stage, key in zip(asked.record.journey.stages, _stages(asked))}
    return [([key for key, _ in groupby(keys[number] for number in row.way.split() if number in keys)], row.sessions) for row in asked.trails]


def _stages(asked):
    """{key as filters name it: name} of a journey's stages, none of no journey."""
    return {asked.prefix + stage.key: stage.name for stage in asked.record.journey.stages} if asked and asked.record else {}


def _along(ways, chosen, direction):
    """For each column, sessions by what they came to, of ways few enough to be walked here; "" is the end."""
    counted = [Counter() for _ in range(min(len(chosen), MOST - 1) + 1)]
    for way, sessions in ways:
        way = way[::-1] if direction == "before" else way
        for group in set(way):
            counted[0][group] += sessions
        if chosen and chosen[0] in way:
            # read backwards the way begins at the same place: where the group was first seen
            first = way.index(chosen[0]) if direction == "after" else len(way) - 1 - way[::-1].index(chosen[0])
            for depth in range(1, len(counted)):
                if way[first:first + depth] == list(chosen[:depth]):
                    counted[depth][(way[first + depth:first + depth + 1] or [""])[0]] += sessions
    return counted


def _steps(counted, sessions, chosen, limit, by, names):
    steps, total = [], sessions
    for number, by_page in enumerate(counted, 1):
        here = chosen[number - 1] if number <= len(chosen) else ""
        if number > 1:
            total = sum(by_page.values())
        steps.append(_step(number, total, by_page, here, limit, by, names))
    return tuple(steps)


def _step(number, total, by_page, chosen, limit, by, names):
    one, others = WHAT[by]

    def row(page, what, sessions):
        return Row(number, page, what, sessions, listing.rate(sessions, total), total, names.get(page, ""))

    pages = sorted(((page, sessions) for page, sessions in by_page.items() if page),
                   key=lambda each: (-each[1], each[0]))
    shown = pages[:limit] + [each for each in pages[limit:] if each[0] == chosen]
    hidden = [each for each in pages[limit:] if each[0] != chosen]
    first = number == 1
    # a session sees several pages, so those of the first step do not add up to anything
    together = row("", others, sum(sessions for _, sessions in hidden)) if hidden and not first else None
    return Step(number, total, tuple(row(page, one, sessions) for page, sessions in shown), together, len(hidden),
                None if first else row("", END, by_page.get("", 0)), chosen)
