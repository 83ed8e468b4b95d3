"""Which way visitors go: what came after a page, or before it, one column a step.

The reader chooses a page in each column and the next one narrows. A session
counts once, from the first time it saw the first page chosen; a column's rows
and its end therefore add up to the sessions that took the way chosen so far.
Read from the trails of sessions, which keep their first 60 pages. Page groups are
walked like pages: several pages of one group running are one.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from journeys import listing
from journeys.ask import ask, sum_sessions, ask_sums, session_count
from journeys.options import BadOption, Option, check
from journeys.report import Column, N_, Report

NAME = "paths"
TITLE = N_("Paths")
MOST = 5
PAGE, OTHERS, END = N_("page"), N_("other pages"), N_("end")
OPTIONS = (
    Option("steps", (), N_("The pages chosen so far, from the first column on")),
    Option("by", "page", N_("What to walk through"), choices=("page", "group")),
    Option("direction", "after", N_("What came after the first page, or before it"), choices=("after", "before")),
    Option("limit", 10, N_("How many pages to show in a column; the others stand together"), most=1000),
)
COLUMNS = (
    Column("step", N_("Step"), "number", N_("The page chosen first is step 1.")),
    Column("page", N_("Page"), "page", N_(
        "The page seen at this step, after the pages chosen in the steps before it, with nothing in between."),
        filter="page"),
    Column("what", N_("What"), "words", N_(
        "One page, other pages together, or the end: where sessions left, or began when read backwards.")),
    Column("sessions", N_("Sessions"), "count", N_(
        "Sessions that went this way the first time they saw the first page chosen.")),
    Column("share", N_("Share"), "rate", N_("Out of the sessions that took the way chosen so far."), of="total"),
    Column("total", N_("Sessions at this step"), "count", N_("Sessions that took the way chosen so far.")),
)


GROUPED = tuple(replace(column, title=N_("Page group"), kind="text", filter="group") if column.key == "page" else column for column in COLUMNS)


class Row(NamedTuple):
    step: int
    page: str
    what: str
    sessions: int
    share: float | None
    total: int


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
    totals = session_count(store, site, period, filters)
    counted = (_by_group if options["by"] == "group" else _by_page)(store, site, period, filters, chosen, options["direction"])
    steps = _steps(counted, totals.sessions, chosen, options["limit"])
    rows = tuple(row for step in steps for row in (*step.pages, step.others, step.end) if row)
    return Report(NAME, TITLE, GROUPED if options["by"] == "group" else COLUMNS, rows, Row(0, "", "", totals.sessions, None, totals.sessions), period, filters,
                  extra={"steps": steps, "chosen": chosen, "direction": options["direction"], "by": options["by"], "found": len(rows)})


def _by_page(store, site, period, filters, chosen, direction):
    """For each column, sessions by page; "" is the end."""
    codes = {row.path: row.code for row in ask(store, "page_codes", site, period)}
    paths = {code: path for path, code in codes.items()}
    counted = [{paths[row.code]: row.sessions for row in ask_sums(
        store, "paths_pages", site, period, filters, key=1, order=("-sessions", "code"))}]
    return counted + (_walked(store, site, period, filters, chosen, direction, codes, paths) if chosen else [])


def _by_group(store, site, period, filters, chosen, direction):
    """The same of page groups, whose ways are few enough to be walked here."""
    ways = [(row.way.split("\n")[::-1 if direction == "before" else 1], row.sessions) for row in sum_sessions(
        store, "paths_grouped", site, period, filters, key=1, order=("-sessions", "way"))]
    counted = [Counter() for _ in range(min(len(chosen), MOST - 1) + 1)]
    for way, sessions in ways:
        for group in set(way):
            counted[0][group] += sessions
        if chosen and chosen[0] in way:
            # read backwards the way begins at the same place: where the group was first seen
            first = way.index(chosen[0]) if direction == "after" else len(way) - 1 - way[::-1].index(chosen[0])
            for depth in range(1, len(counted)):
                if way[first:first + depth] == list(chosen[:depth]):
                    counted[depth][(way[first + depth:first + depth + 1] or [""])[0]] += sessions
    return counted


def _walked(store, site, period, filters, chosen, direction, codes, paths):
    """For each step after the first, sessions by the page they took there; "" is the end."""
    wanted = [codes.get(path, "?") for path in chosen] + [None] * (MOST - len(chosen))
    names = ("first", "second", "third", "fourth", "fifth")
    found = ask_sums(store, "paths", site, period, filters, key=2, order=("matched", "-sessions", "next"), in_parts=True,
                     before=int(direction == "before"), **dict(zip(names, wanted, strict=True)))
    counted = [{} for _ in range(min(len(chosen), MOST - 1))]
    for row in found:
        if row.matched <= len(counted):
            counted[row.matched - 1][paths.get(row.next, "")] = row.sessions
        for step in range(1, row.matched):
            counted[step - 1][chosen[step]] = counted[step - 1].get(chosen[step], 0) + row.sessions
    return counted


def _steps(counted, sessions, chosen, limit):
    steps, total = [], sessions
    for number, by_page in enumerate(counted, 1):
        here = chosen[number - 1] if number <= len(chosen) else ""
        if number > 1:
            total = sum(by_page.values())
        steps.append(_step(number, total, by_page, here, limit))
    return tuple(steps)


def _step(number, total, by_page, chosen, limit):
    def row(page, what, sessions):
        return Row(number, page, what, sessions, listing.rate(sessions, total), total)

    pages = sorted(((page, sessions) for page, sessions in by_page.items() if page),
                   key=lambda each: (-each[1], each[0]))
    shown = pages[:limit] + [each for each in pages[limit:] if each[0] == chosen]
    hidden = [each for each in pages[limit:] if each[0] != chosen]
    first = number == 1
    # a session sees several pages, so those of the first step do not add up to anything
    others = row("", OTHERS, sum(sessions for _, sessions in hidden)) if hidden and not first else None
    return Step(number, total, tuple(row(page, PAGE, sessions) for page, sessions in shown), others, len(hidden),
                None if first else row("", END, by_page.get("", 0)), chosen)
