"""Reports over days whose sessions were let go: those that read sessions begin where all are kept, and say so."""

import pytest

from collector import cleanup, sites
from journeys import let_go
from journeys.options import BadOption
from journeys.reports import asked
from tests.story import NOW

DAY = 86_400_000
LATER = NOW - 4 * DAY + cleanup.EVENTS
BOTH, OLD = "2026-02-20..2026-03-10", "2026-02-20..2026-03-04"


@pytest.fixture
def cleaned(store, site, story):
    for days in (9, 8, 2, 1):
        story.visitor(f"{days}", at=NOW - days * DAY).view("/cart").event("begin").event("pay")
    story.visitor("left", at=NOW - DAY).view("/cart").event("begin")
    story.tell()
    cleanup.clean(store, LATER)
    return sites.by_key(store, site.key)


def ask(store, site, name, now=LATER, **args):
    return asked(store, site, name, {key: values if isinstance(values, list) else [values] for key, values in args.items()}, now)


@pytest.mark.parametrize("steps", [["event:begin", "event:pay"], ["/cart", "event:pay"], ["/cart", "/*"]])
def test_a_funnel_begins_with_the_first_day_that_has_all_its_sessions(store, cleaned, steps):
    funnel = ask(store, cleaned, "funnel", period=BOTH, steps=steps)
    # of the day of the oldest session kept some may be gone, so the one of two days ago is left out too
    assert [(row.sessions, row.everybody) for row in funnel.rows] == [(2, 2), (1 if "event:pay" in steps else 0, 2)]
    assert funnel.notes[0] == let_go.SAID and funnel.period.name == BOTH
    assert let_go.SAID not in ask(store, cleaned, "funnel", period="2026-03-09", steps=steps).notes


def test_totals_are_of_all_days_and_filtered_numbers_of_those_that_have_sessions(store, cleaned):
    everything, narrowed = (ask(store, cleaned, "devices", period=BOTH, **filters) for filters in ({}, {"device": "desktop"}))
    assert (everything.rows[0].sessions, narrowed.rows[0].sessions) == (5, 2)
    assert let_go.SAID not in everything.notes and let_go.SAID in narrowed.notes
    assert ask(store, cleaned, "sessions", period=BOTH).extra["found"] == 2
    assert ask(store, cleaned, "sessions", period=OLD).rows == () and let_go.SAID in ask(store, cleaned, "sessions", period=OLD).notes


@pytest.mark.parametrize(("name", "options"), [
    ("funnel", {"steps": ["/cart", "/*"]}), ("funnel", {"steps": ["event:begin", "event:pay"]}), ("funnel", {"steps": ["/cart", "/*"], "window": "7d"}),
    ("funnel", {"steps": ["/cart", "event:pay"], "window": "7d"}), ("funnel", {"steps": ["/cart", "/*"], "device": "desktop"}),
    ("paths", {}), ("paths", {"steps": ["/cart"]}), ("abandonment", {}), ("pain", {}), ("moments", {}), ("retention", {}), ("advocates", {}), ("personas", {}),
    ("overview", {"device": "desktop"}), ("pages", {"device": "desktop"}), ("map", {"device": "desktop"})])
def test_where_every_session_was_let_go_nothing_is_counted(store, cleaned, name, options):
    report = ask(store, cleaned, name, period=OLD, **options)
    counted = [getattr(row, key, None) for row in (*report.rows, report.totals) for key in ("sessions", "everybody", "visitors", "views")]
    assert not any(counted) and report.notes[0] == let_go.SAID and report.period.name == OLD


def test_a_funnel_is_not_compared_with_days_that_have_no_sessions(store, cleaned, monkeypatch):
    monkeypatch.setattr(let_go.time, "time", lambda: LATER / 1000)
    with pytest.raises(BadOption, match="13 months ago"):
        ask(store, cleaned, "funnel", period="2026-03-09..2026-03-10", steps=["/cart", "event:pay"], against=OLD)


def test_of_a_young_site_nothing_is_left_out(store, site, story):
    story.visitor("dana", at=NOW - 3 * DAY).view("/cart")
    story.tell()
    young = sites.by_key(store, site.key)
    assert let_go.SAID not in ask(store, young, "sessions", NOW, period="year").notes
    assert let_go.SAID not in ask(store, young, "sessions", LATER + 60 * DAY, period=BOTH).notes  # no server has let go of anything yet
