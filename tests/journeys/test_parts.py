"""Columns of days say what the rows do: whether they stand ready, or are made because the day was written to since."""

from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from collector import cleanup, column_days, day_columns, erase, page_groups, removal, sites
from collector import filters as narrowing
from collector import period as periods
from collector.day_columns import FAMILIES
from collector.day_work import DayWork
from collector.fields import BadField
from journeys import parts
from journeys.ask import _bounds, _within_at_once, fragment_of, read_columns
from journeys.parts import Words
from journeys.reports import REPORTS
from journeys.ways import Lines
from tests.journeys.test_brute_force import FILTERS, GOALS, VISITS, play, small_shop
from tests.story import NOW

TODAY = date(2026, 3, 10)
DAY = 86_400_000
MORE = ({"variant": ["blue:*"], "device": ["mobile"]}, {"variant": ["short-checkout:short", "!blue:c*"]}, {"group": ["Blog"]}, {"group": ["!Blog"], "depth": ["!1"]}, {"abandoned": ["cart"], "pace": ["quick"]},
        {"goal": ["Purchase", "!Signed up"]}, {"page": ["(not set)"]}, {"page": ["/blog/[[]b]?"]}, {"page": ["/cart", "!/"], "source": ["!google", "*"]})
EVERYTHING = {family: kind.columns for family, kind in FAMILIES.items()}


@pytest.fixture
def week(site):
    return periods.of_dates(TODAY - timedelta(days=6), TODAY, site.zone)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS)
def test_filters_choose_the_same_sessions_in_columns_as_in_rows(visits):
    with small_shop(*GOALS[1:]) as (store, site, story):
        page_groups.save(store, site, "Blog", ["/blog/*"])
        for visit in visits:
            play(story, visit)
        story.tell()
        period = periods.of_dates(TODAY - timedelta(days=3), TODAY, site.zone)
        for typed in (*FILTERS, *MORE):
            filters = narrowing.parse(typed)
            fragment, values = fragment_of(store, site, filters)
            ids, = store.ask("journeys/chosen", fragment, **_bounds(site.id, period), **values)[0]
            assert chosen(store, site, period, filters) == sorted(map(int, ids.split(",") if ids else ()))


def chosen(store, site, period, filters):
    return [session for some in read_columns(store, site, period, filters, {"sessions": ("id",)}, lambda part: part.sessions.id[part.chosen].tolist())
            for session in some]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS)
def test_columns_are_the_rows_of_their_days(visits):
    with small_shop() as (store, site, story):
        for visit in visits:
            play(story, visit)
        story.tell()
        period = periods.of_dates(TODAY - timedelta(days=3), TODAY, site.zone)
        assert column_days.pending(store, site) == []
        ready = as_rows(store, site, period)
        assert ready == {family: list(map(tuple, stored(store, site, period, family))) for family in FAMILIES}
        with store.transaction() as connection:
            connection.execute("update column_days set changes = changes - 1")
        assert as_rows(store, site, period) == ready
        for cut in ({"SESSIONS_READ": 2, "SESSIONS": 2}, {"EVENTS_READ": 4, "EVENTS": 9}):
            with pytest.MonkeyPatch.context() as patch:
                for name, few in cut.items():
                    patch.setattr(day_columns, name, few)
                assert as_rows(store, site, period) == ready
                DayWork(store).finish()
                assert column_days.pending(store, site) == [] and as_rows(store, site, period) == ready
            with store.transaction() as connection:
                connection.execute("update column_days set changes = changes - 1")



def stored(store, site, period, family):
    columns = (*([] if family == "sessions" else ["session_id"]), *EVERYTHING[family])
    return store.ask(f"collector/columns_{family}", columns=columns, site=site.id, first=period.start << 22, end=period.end << 22, limit=-1)


def as_rows(store, site, period):
    """{family: rows as columns_<family>.sql has them} of a Part."""
    bound = _bounds(site.id, period)
    part = parts.read(partial(store.ask, **bound), partial(_within_at_once, store.at_once, bound), period, EVERYTHING)
    found = {}
    for family, names in EVERYTHING.items():
        listed = [listed_of(getattr(getattr(part, family), name)) for name in names]
        if family != "sessions":
            listed.insert(0, part.sessions.id[part.whose(family)].tolist())
        found[family] = list(zip(*listed))
    return found


def listed_of(column):
    if isinstance(column, Words):
        return [column.texts[place] for place in column.places.tolist()]
    if isinstance(column, Lines):
        codes = column.met.astype("<u4").tobytes().decode("ascii")
        each = ["/" + codes[at:at + 4] for at in range(0, len(codes), 4)]
        return ["".join(each[start:end]) for start, end in zip(column.starts.tolist(), column.starts.tolist()[1:])]
    return column.tolist()


def test_every_column_of_sessions_is_read_by_a_report_or_a_filter(store, site, story, visits, week, monkeypatch):
    read, unread = parts.read, set(EVERYTHING["sessions"])

    def noted(ask, at_once, period, wanted):
        unread.difference_update(wanted["sessions"])
        return read(ask, at_once, period, wanted)

    monkeypatch.setattr(parts, "read", noted)
    for report in REPORTS.values():
        choices = [option for option in report.OPTIONS if option.choices]
        for chosen_ones in product(*(option.choices for option in choices)):
            try:
                report.report(store, site, week, narrowing.parse({"source": ["*"]}), **dict(zip((option.name for option in choices), chosen_ones)))
            except BadField:
                pass  # these do not go together
    for typed in (*FILTERS, *MORE, *({key: ["*"]} for key in narrowing.DIMENSIONS)):
        REPORTS["overview"].report(store, site, week, narrowing.parse(typed))
    assert unread == set()


@pytest.fixture
def visits(story):
    for days in (5, 3, 3, 1):
        story.visitor(f"dana {days} {len(story.tellers)}", at=NOW - days * DAY, consented=True).view("/").stay(20).view("/cart").purchase(12, f"order {len(story.tellers)}")
    story.tell()


def kept(store):
    with store.transaction() as connection:
        return {day for day, in connection.execute("select day from day_columns union select day from column_days")}


def test_a_day_that_is_written_to_is_read_from_its_rows_until_it_rests(store, site, story, visits, week):
    clock = [0.0]
    days = DayWork(store, lambda: clock[0])
    before = chosen(store, site, week, narrowing.NONE)
    store.before_reading = None  # the story's loader makes no columns any more
    story.visitor("avi", at=NOW - 3 * DAY).view("/cart")
    for teller in story.tellers:
        teller.send()
    for record in story.records:
        story.spool.append(record)
    story.loader.drain()
    (day, _), = column_days.pending(store, site)
    assert len(chosen(store, site, week, narrowing.NONE)) == len(before) + 1
    days.turn()
    clock[0] += column_days.REST_SECONDS - 1
    days.turn()
    assert column_days.pending(store, site)
    clock[0] += 1
    days.turn()
    assert column_days.pending(store, site) == [] and day in kept(store)
    assert len(chosen(store, site, week, narrowing.NONE)) == len(before) + 1


def test_a_day_that_is_written_to_while_its_rows_are_read_says_the_same_in_all_columns(store, site, story, visits, week, monkeypatch):
    store.before_reading = None  # the story's loader makes no columns any more
    with store.transaction() as connection:
        connection.execute("delete from column_days")
    goes_on, at_once = [story.visitor("dana 1 3", at=NOW - DAY + 60_000, consented=True)], store.at_once

    @contextmanager
    def written_meanwhile():
        with at_once() as ask:
            def asked(question, *more, **values):
                found = ask(question, *more, **values)
                if question == "collector/columns_sessions" and goes_on and found and found[0].id >> 22 == NOW - DAY:
                    goes_on.pop().view("/meanwhile").send()
                    story.spool.append(story.records.pop())
                    story.loader.drain()
                return found
            yield asked
    monkeypatch.setattr(store, "at_once", written_meanwhile)
    numbers = read_columns(store, site, week, narrowing.NONE, {"sessions": ("views",), "pages": ("views",)},
                           lambda part: (int(part.sessions.views.sum()), int(part.pages.views.sum())))
    assert not goes_on and all(of_sessions == of_pages for of_sessions, of_pages in numbers)


def test_a_day_that_is_written_to_while_its_columns_are_made_is_left_for_later(store, site, story, visits):
    store.before_reading = None  # the story's loader makes no columns any more
    with store.transaction() as connection:
        connection.execute("delete from column_days")
    task = column_days.Columns(store).tasks(at_once=True)[0]
    work = task.work(store)
    next(work)
    with store.transaction() as connection:
        connection.execute("update day_changes set changes = changes + 1 where day = ?", [task.day])
    assert list(work) == []
    assert (task.day, task.changes + 1) in column_days.pending(store, site)


def test_an_erased_visitor_is_in_no_column(store, site, story, visits, week):
    with store.facts as db:
        visitor, day = db.execute("select visitor_id, day from sessions order by id limit 1").fetchone()
    assert day in kept(store)
    erase.erase(store, site, visitor)
    assert day not in kept(store)
    assert len(chosen(store, site, week, narrowing.NONE)) == 3


def test_columns_go_with_what_is_too_old_and_with_their_site(store, site, story, visits):
    assert len(kept(store)) == 3
    cleanup.clean(store, NOW - 2 * DAY + cleanup.EVENTS)
    assert len(kept(store)) == 1
    sites.remove(store, site)
    removal.purge(store, site)
    assert kept(store) == set()


@pytest.mark.parametrize("damage", [
    "delete from day_columns where day = :day and family = 'pages' and name = 'views'", "update day_columns set packed = x'0102' where day = :day",
    "update day_columns set packed = x'' where day = :day and name = 'goals.words'", "update day_columns set packed = cast(x'00' || substr(packed, 2) as blob) where day = :day",
    "delete from day_columns where day = :day and piece = 1 and name = 'trail.codes'", "delete from day_columns where day = :day"])
def test_a_day_whose_columns_are_damaged_or_missing_is_read_from_its_rows_and_that_is_said_once(store, site, story, week, monkeypatch, caplog, damage):
    monkeypatch.setattr(day_columns, "SESSIONS", 1)
    monkeypatch.setattr(day_columns, "SESSIONS_READ", 1)
    for name in ("dana", "avi"):
        for days in (3, 1):
            story.visitor(name, at=NOW - days * DAY).view("/").purchase(12, f"{name} {days}").view("/cart")
    story.tell()
    store.before_reading = None
    before = as_rows(store, site, week)
    parts._say.cache_clear()
    with store.transaction() as connection:
        connection.execute(damage, {"day": (NOW - 3 * DAY) // DAY})
    assert as_rows(store, site, week) == as_rows(store, site, week) == before
    assert [record.getMessage() for record in caplog.records] == ["columns of site guitars on 2026-03-07 cannot be read; its rows are read instead"]


def test_a_day_without_sessions_has_no_columns_and_that_is_no_damage(store, site, story, visits, week, caplog):
    erase.erase(store, site, store.ask("collector/columns_sessions", site=site.id, first=0, end=(1 << 63) - 1, limit=1)[0].visitor)
    story.tell()
    assert column_days.pending(store, site) == [] and len(chosen(store, site, week, narrowing.NONE)) == 3 and not caplog.records
