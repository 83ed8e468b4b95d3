"""What arrived and was not counted, and why: bots, opt-outs, duplicates, refused events."""

from typing import NamedTuple

from collector.exclusions import REASONS, RULES, rule
from journeys import listing
from journeys.ask import ask
from journeys.options import check
from journeys.report import Column, N_, Report

NAME = "exclusions"
TITLE = N_("Left out")
OPTIONS = ()
NO_FILTERS = N_("Filters do not apply here: what was left out belongs to no session.")
COUNTED, EXCLUDED, OFF = N_("counted"), N_("left out"), N_("rule is off")
COLUMNS = (
    Column("reason", N_("Reason"), "text", N_("The rule's short name, as in the settings.")),
    Column("meaning", N_("What it means"), "words"),
    Column("rule", N_("Rule"), "words", N_(
        "Whether such events are left out. Opt-outs and bots can be switched off in the settings.")),
    Column("events", N_("Events"), "count", N_("Events that arrived.")),
    Column("batches", N_("Messages"), "count", N_("Messages from browsers that they arrived in.")),
    Column("share", N_("Share"), "rate", N_("Part of all events that arrived, counted or left out."), of="arrived"),
    Column("arrived", N_("All events"), "count", N_("All events that arrived, counted or left out.")),
)


class Row(NamedTuple):
    reason: str
    meaning: str
    rule: str
    events: int
    batches: int | None
    share: float | None
    arrived: int


def report(store, site, period, filters, **options):
    """Every reason there is, also those with no events, so that nobody need wonder."""
    check(OPTIONS, options)
    counted = ask(store, "event_count", site, period)[0].events
    found = {row.reason: row for row in ask(store, "exclusions", site, period)}
    excluded = sum(row.events for reason, row in found.items() if reason != "other_currency")
    arrived = counted + excluded
    rows = sorted((_row(reason, found.get(reason), arrived, site) for reason in {**REASONS, **found}),
                  key=lambda row: -row.events)
    totals = Row("", "", "", excluded, None, listing.rate(excluded, arrived), arrived)
    return Report(NAME, TITLE, COLUMNS, tuple(rows), totals, period, filters, notes=(NO_FILTERS,) if filters else (),
                  extra={"counted": counted, "found": len(rows),
                         "rules": {name: name not in site.exclusions_off for name in RULES}})


def _row(reason, found, arrived, site):
    events, batches = (found.events, found.batches) if found else (0, 0)
    state = COUNTED if reason == "other_currency" else OFF if rule(reason) in site.exclusions_off else EXCLUDED
    return Row(reason, REASONS.get(reason, ""), state, events, batches, listing.rate(events, arrived), arrived)
