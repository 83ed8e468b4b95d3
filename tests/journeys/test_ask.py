"""Filtered reports give kept answers again, and never one that is not true any more."""

from datetime import date, timedelta

import pytest

from collector import cleanup, erase, sites
from collector import filters as narrowing
from collector import period as periods
from collector.storage import open_store
from collector.storage.kept import Kept
from journeys import ways
from journeys.ask import DAYS, SHARES, _parts, session_count
from journeys.reports import REPORTS
from tests.story import NOW

DAY = 86_400_000
TODAY = date(2026, 3, 10)
FILTERS = narrowing.parse({"device": "desktop", "goal": "!Signed up"})
ASKED = [(name, {}) for name in REPORTS if name not in ("live", "exclusions", "rejected")] + [
    ("clicks", {"by": "page"}), ("goals", {"by": "event"}), ("goals", {"by": "outbound"}), ("forms", {"by": "form"}),
    ("paths", {"steps": ("/", "/cart")}), ("sources", {"by": "campaign"})]


@pytest.fixture
def month(site):
    return periods.of_dates(TODAY - timedelta(days=29), TODAY, site.zone)


@pytest.fixture
def visits(story):
    for days in (20, 6, 5, 1):
        story.visitor(f"dana {days}", at=NOW - days * DAY, consented=True).view("/").stay(20).click("Buy").view("/cart") \
            .click("Out", link="outbound", to="https://x.example/a").field("checkout", "email").submit("checkout").purchase(12, f"order {days}")
    story.tell()


def answers(store, site, period):
    return [REPORTS[name].report(store, site, period, FILTERS, **options) for name, options in ASKED]


def test_what_was_answered_is_not_counted_again(store, site, visits, month, monkeypatch):
    first = answers(store, site, month)
    asked, ask = [], store.ask
    monkeypatch.setattr(store, "ask", lambda question, *more, **values: asked.append(question) or ask(question, *more, **values))
    assert answers(store, site, month) == first
    assert "journeys/columns" not in asked
    # what a cohort did later stands in other days than the cohort
    assert {question for question in asked if question.endswith("_filtered")} == {"journeys/cohorts_filtered"}


def test_another_period_counts_only_the_days_that_are_new(store, site, visits, month, monkeypatch):
    answers(store, site, month)
    asked, ask = [], store.ask

    def listen(question, fragment="", **values):
        if question == "journeys/columns":
            asked.append((values["first_day"], values["last_day"]))
        return ask(question, fragment, **values)
    monkeypatch.setattr(store, "ask", listen)
    tomorrow = periods.of_dates(TODAY - timedelta(days=28), TODAY + timedelta(days=1), site.zone)
    REPORTS["pages"].report(store, site, tomorrow, FILTERS)
    assert len(asked) == 2 and all(first <= tomorrow.first_day or last == tomorrow.last_day for first, last in asked)


def late_event(store, site, story):
    story.visitor("avi", at=NOW - 6 * DAY).view("/cart").stay(5).click("Buy")
    story.tell()


def erased(store, site, story):
    with store.facts as db:
        visitor, = db.execute("select visitor_id from sessions order by id limit 1").fetchone()
    assert erase.erase(store, site, visitor).sessions == 1


def too_old(store, site, story):
    cleanup.clean(store, NOW - 4 * DAY + cleanup.EVENTS)


def new_goal(store, site, story):
    sites.add_goal(store, site, "Newsletter", "event", "sign_up")


def gone_goal(store, site, story):
    sites.remove_goal(store, site, sites.goals(store, site)[0].id)


def renamed_goal(store, site, story):
    with store.facts as db:
        db["goals"].update(sites.goals(store, site)[0].id, {"name": "Signed up"})


@pytest.mark.parametrize("change", [late_event, erased, too_old, new_goal, gone_goal, renamed_goal])
def test_after_any_change_the_answer_is_what_a_fresh_look_gives(store, site, story, visits, month, change, data_dir):
    before = answers(store, site, month)
    change(store, site, story)
    fresh = open_store(data_dir)
    assert answers(store, site, month) == answers(fresh, site, month) != before
    fresh.close()


def test_what_arrives_while_it_is_counted_is_not_lost(store, site, story, visits, month, monkeypatch, data_dir):
    """The version is looked at first: an answer that is newer than it says is counted again, and no older one is given."""
    ask, arrived = store.ask, []

    def late(question, fragment="", **values):
        rows = ask(question, fragment, **values)
        if question == "journeys/columns" and not arrived:
            arrived.append(late_event(store, site, story))
        return rows
    monkeypatch.setattr(store, "ask", late)
    REPORTS["pages"].report(store, site, month, FILTERS)
    fresh = open_store(data_dir)
    assert arrived and REPORTS["pages"].report(store, site, month, FILTERS) == REPORTS["pages"].report(fresh, site, month, FILTERS)
    fresh.close()


def test_which_sessions_a_filter_chooses_is_known_to_the_next_question(store, site, story, visits, month, monkeypatch, data_dir):
    read, ask = [], store.ask

    def listen(question, *more, **values):
        if question == "journeys/columns":
            read.append(values["wanted"])
        return ask(question, *more, **values)
    monkeypatch.setattr(store, "ask", listen)
    filters = narrowing.parse({"page": "/cart"})
    REPORTS["sources"].report(store, site, month, filters)
    assert all('"pages"' in wanted for wanted in read)
    read.clear()
    REPORTS["sources"].report(store, site, month, filters, by="campaign")
    assert read and not any('"pages"' in wanted for wanted in read)
    late_event(store, site, story)
    fresh = open_store(data_dir)
    assert REPORTS["devices"].report(store, site, month, filters) == REPORTS["devices"].report(fresh, site, month, filters)
    fresh.close()


def test_of_names_a_filter_asks_only_about_those_of_the_sessions_it_looks_at(store, site, visits, month, monkeypatch):
    with store.transaction() as connection:
        connection.executemany("insert into names (id, text) values (?, ?)", [(number, f"Buy number {number}") for number in range(1000, 1500)])
    rows, ask = [], store.ask

    def listen(question, *more, **values):
        found = ask(question, *more, **values)
        rows.extend(found if question == "journeys/chosen_names" else ())
        return found
    monkeypatch.setattr(store, "ask", listen)
    for typed, sessions in (({"device": "*e*"}, 4), ({"device": "!*e*"}, 0), ({"event": "*u*"}, 4), ({"source": "Buy*"}, 0)):
        assert session_count(store, site, month, narrowing.parse(typed)).sessions == sessions
    assert 0 < len(rows) < 20


@pytest.mark.parametrize("first", range(12))
@pytest.mark.parametrize("days", [1, 2, 5, 6, 11])
def test_parts_are_all_the_days_once(site, first, days):
    begin = TODAY + timedelta(days=first)
    parts = _parts(periods.of_dates(begin, begin + timedelta(days=days - 1), site.zone))
    covered = [day for part in parts for day in range(part.first_day, part.last_day + 1)]
    assert covered == list(range(covered[0], covered[0] + days)) and all(part.days <= DAYS for part in parts)
    assert all(left.end == right.start for left, right in zip(parts, parts[1:], strict=False))


def test_shares_are_all_ids_of_visitors_once():
    ids = [each for share in SHARES for each in share.values()]
    assert ids[0] == -1 << 63 and ids[-1] == (1 << 63) - 1
    assert all(least <= most for least, most in zip(ids[::2], ids[1::2])) and [each + 1 for each in ids[1:-1:2]] == ids[2::2]


def test_whether_pages_tell_of_a_cart_is_asked_anew_when_the_first_event_comes(store, site, story, month):
    story.visitor("dana", at=NOW - 6 * DAY).view("/").view("/cart")
    story.tell()
    left = narrowing.parse({"abandoned": "cart"})
    assert session_count(store, site, month, left).sessions == 1
    story.visitor("omer", at=NOW - 3_600_000).view("/").event("add_to_cart")
    story.tell()
    assert session_count(store, site, month, left).sessions == 1  # omer's
    assert [row.page for row in REPORTS["pages"].report(store, site, month, left).rows] == ["/"]


@pytest.mark.parametrize("filters", [narrowing.NONE, FILTERS])
def test_a_session_that_comes_in_between_two_questions_takes_no_share_beyond_all(store, site, story, month, filters, monkeypatch):
    def bought():
        story.visitor(f"{len(asked)}", at=NOW - 3_600_000).view("/").event("add_to_cart")
        story.tell()

    asked, ask = [], store.ask
    bought()
    asked.append(1)

    def and_more(question, *more, **values):
        found = ask(question, *more, **values)
        if question in ("journeys/session_count", "journeys/custom_events", "journeys/columns") and values["last_day"] == month.last_day and len(asked) < 4:
            asked.append(question)
            bought()
        return found
    monkeypatch.setattr(store, "ask", and_more)
    row, = REPORTS["goals"].report(store, site, month, filters, by="event").rows
    assert len(asked) > 1 and row.sessions <= row.of_sessions and row.rate <= 1


def test_a_session_that_goes_on_for_days_is_not_over_and_what_is_over_is_kept_once(store, site, story, month):
    kiosk = story.visitor("kiosk", at=NOW - 12 * DAY, consented=True).view("/cart")
    while kiosk.at < NOW - 60_000:
        kiosk.wait(1500).view("/")
    story.visitor("dana", at=NOW - 2 * DAY).view("/cart")
    story.tell()

    def met(later=0):
        return REPORTS["abandonment"].report(store, site, month, narrowing.NONE, now=NOW + later, of="cart").totals.sessions

    assert met() == 1
    entries = store.kept.bytes
    assert [met(later) for later in (1, 2, 3)] == [1] * 3 and store.kept.bytes == entries
    assert met(3_600_000) == 2


def test_ids_far_beyond_how_many_there_are_change_no_answer(store, site, visits, month, monkeypatch):
    asked = [*ASKED, ("pages", {"by": "group"}), ("abandonment", {"of": "cart", "by": "error"}), ("sources", {"by": "referrer"}), ("funnel", {"steps": ("/", "/cart"), "by": "source"})]
    near = [REPORTS[name].report(store, site, month, FILTERS, **options) for name, options in asked]
    monkeypatch.setattr(ways, "NEAR", -10**9)
    store.kept = Kept()
    assert [REPORTS[name].report(store, site, month, FILTERS, **options) for name, options in asked] == near
