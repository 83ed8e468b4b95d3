"""Every report, on random small sites, says what plain loops over the raw events say (brute.py), filtered or not."""

import tempfile
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import filters as narrowing
from collector import page_groups, sites
from collector import period as periods
from journeys import abandonment, form_sums, listing
from journeys.reports import REPORTS
from tests import trials
from tests.journeys import brute
from tests.story import NOW, ListeningStore, Story

TODAY = date(2026, 3, 10)
# the first is goal 1 and the last two are 11 and 12, which have a 1 in them too
GOALS = (("Purchase", "event", "purchase"), *((f"Never {number}", "event", f"never {number}") for number in range(2, 11)),
         ("Signed up", "event", "signup"), ("Read the blog", "page", "/blog/*"))
PAGES = ("/", "/cart", "/blog/a", "/blog/[b]?", "/מחירון")
PERIODS = {"3d": (TODAY - timedelta(days=2), TODAY), "yesterday": (TODAY - timedelta(days=1),) * 2, "today": (TODAY, TODAY),
           "longest": (TODAY - timedelta(days=30), TODAY), "nothing": (TODAY - timedelta(days=400), TODAY - timedelta(days=390))}
FILTERS = ({}, {"source": ["*"]}, {"source": ["google"]}, {"source": ["!google"], "device": ["mobile", "tablet"]},
           {"page": ["/cart"]}, {"page": ["/blog/*"]}, {"page": ["!/", "*t*"]}, {"event": ["signup"]}, {"event": ["!s*"]},
           {"goal": ["Purchase", "Read*"]}, {"goal": ["!Signed up"]}, {"entry_page": ["/"]}, {"exit_page": ["!/blog/*"]},
           {"campaign": ["(not set)"]}, {"campaign": ["spring*"]}, {"country": ["IL"], "language": ["!he"]},
           {"source": ["nowhere"]}, {"visitor": ["returning"]}, {"depth": ["2-4", "1"], "pace": ["!quick"]}, {"pace": ["slow"], "visitor": ["!returning"]})

STEPS = st.one_of(
    st.tuples(st.just("view"), st.sampled_from(PAGES)),
    st.tuples(st.just("stay"), st.sampled_from((0.5, 4, 9.999, 10, 60)), st.sampled_from((0, 10, 100))),
    st.tuples(st.just("wait"), st.sampled_from((5, 1700, 1801))),
    st.tuples(st.just("click"), st.sampled_from(("Buy", "", "More")), st.sampled_from(("#a", "#b"))),
    st.tuples(st.just("link"), st.sampled_from(("outbound", "download")), st.sampled_from(("x.example/a", "y.example/b.pdf"))),
    st.tuples(st.just("frustration"), st.sampled_from(("rage", "dead", "error", "quick_back")), st.sampled_from(("Buy", ""))),
    st.tuples(st.just("form"), st.sampled_from(("checkout", "news")), st.sampled_from(("view", "start", "submit", "abandon")),
              st.sampled_from(("mail", "phone"))),
    st.tuples(st.just("field"), st.sampled_from(("checkout", "news")), st.sampled_from(("mail", "phone")),
              st.fixed_dictionaries({}, optional={
                  "time_ms": st.sampled_from((0, 700)), "hesitation_ms": st.sampled_from((300, 0)), "corrections": st.just(2),
                  "returned": st.just(True), "autofilled": st.just(True), "pasted": st.just(True)})),
    st.tuples(st.just("invalid"), st.sampled_from(("checkout", "news")), st.sampled_from(("mail", "phone"))),
    st.tuples(st.just("event"), st.sampled_from(("signup", "video"))),
    st.tuples(st.just("purchase"), st.sampled_from((0, 120.5, 99)), st.sampled_from((None, "order-1"))),
    st.tuples(st.just("error"), st.sampled_from(("boom",))), 
    st.tuples(st.just("exposed"), st.sampled_from(("short-checkout", "blue")), st.sampled_from(("control", "short"))))
KNOWN = st.one_of(st.just(("consent",)), st.tuples(st.just("sign_in"), st.sampled_from(("1042", "77"))))  # in mid-session

SENDER = {
    "name": st.sampled_from(("dana", "avi", "noa", "eli")), "minutes_ago": st.integers(1, 3 * 1440),
    "referrer": st.sampled_from(("", "https://www.google.com/", "https://bing.com/x")), "tag": st.sampled_from(("", "spring", "Spring*2")),
    "device": st.sampled_from(("desktop", "mobile", "tablet")), "country": st.sampled_from(("IL", "", "US")),
    "language": st.sampled_from(("he", "en-US")), "consented": st.booleans()}


def visits_of(steps):
    return st.lists(st.fixed_dictionaries(SENDER | {"steps": st.lists(steps, min_size=1, max_size=9)}), max_size=6)


@contextmanager
def small_shop(*goals):
    """(store, site, story) of a shop of its own, which has these goals besides its purchases."""
    with tempfile.TemporaryDirectory() as directory:
        store = ListeningStore(Path(directory) / "netiv.db")
        store.migrate()
        site = sites.add(store, "Guitars", "shop.example", key="guitars")
        for goal in goals:
            sites.add_goal(store, site, *goal)
        for key in ("blue", "short-checkout"):
            trials.start(store, site, NOW - 40 * 86_400_000, key=key)
        story = Story(store, site, Path(directory) / "spool")
        try:
            yield store, site, story
        finally:
            story.close()
            store.close()


VISITS, SIGNING = visits_of(STEPS), visits_of(st.one_of(STEPS, STEPS, KNOWN))


def play(story, visit):
    teller = story.visitor(visit["name"] + str(visit["consented"]), at=NOW - visit["minutes_ago"] * 60_000,
                           **{key: visit[key] for key in ("referrer", "device", "country", "language", "consented")})
    tag = visit["tag"]
    teller.view(f"/?utm_source=mail&utm_medium=email&utm_campaign={tag}&utm_content={tag}-a&utm_term={tag[:3]}" if tag else "/")
    for name, *values in visit["steps"]:
        if name == "link":
            teller.click("Out", link=values[0], to=f"https://{values[1]}?q=1")
        elif name == "field":
            teller.field(values[0], values[1], **values[2])
        elif name == "form":
            teller.form(values[0], values[1], values[2] if values[1] == "abandon" else "")
        elif name == "frustration":
            teller.frustration(values[0], values[1], "" if values[0] == "quick_back" else "#a")
        else:
            getattr(teller, name)(*values)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS)
def test_every_report_says_what_the_raw_events_say(visits):
    with small_shop(*GOALS[1:]) as (store, site, story):
        page_groups.save(store, site, "Blog", ["/blog/*"])
        for visit in visits:
            play(story, visit)
        story.tell()
        check_everything(store, site)


WAYS = st.lists(st.lists(st.sampled_from(PAGES[:3]), min_size=1, max_size=8), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ways=WAYS, steps=st.lists(st.sampled_from(PAGES[:3]), max_size=5))
def test_paths_follow_every_way_step_by_step(ways, steps):
    with small_shop() as (store, site, story):
        for number, way in enumerate(ways):
            visitor = story.visitor(f"visitor {number}")
            for page in way:
                visitor.view(page)
        story.tell()
        some = brute.chosen(brute.read(store, site, GOALS), TODAY, TODAY, {})
        for filters in (narrowing.NONE, narrowing.parse({"source": "*"})):
            check_paths(store, site, periods.of_dates(TODAY, TODAY, site.zone), filters, some, (tuple(steps),))


CART_STEPS = st.one_of(
    st.tuples(st.just("view"), st.sampled_from(("/", "/cart", "/checkout", "/checkout/pay", "/carts"))),
    st.tuples(st.just("event"), st.sampled_from(("add_to_cart", "view_cart", "begin_checkout", "remove_from_cart", "add_payment_info")),
              st.sampled_from((None, 10, 25.5, 0))),
    st.tuples(st.just("purchase"), st.sampled_from((0, 30)), st.sampled_from((None, "order-1"))),
    st.tuples(st.just("error"), st.sampled_from(("boom", "bang"))),
    st.tuples(st.just("field"), st.sampled_from(("checkout", "news")), st.sampled_from(("mail", "phone"))),
    st.tuples(st.just("invalid"), st.sampled_from(("checkout", "news")), st.sampled_from(("mail", "phone"))),
    st.tuples(st.just("submit"), st.sampled_from(("checkout", "add"))),
    st.tuples(st.just("abandon"), st.sampled_from(("checkout", "news")), st.sampled_from(("mail", "phone"))),
    st.tuples(st.just("wait"), st.sampled_from((5, 1801))))
SHOPPERS = st.lists(st.tuples(st.integers(1, 3 * 1440), st.sampled_from(("desktop", "mobile")), st.sampled_from(("", "https://bing.com/x")),
                              st.lists(CART_STEPS, min_size=1, max_size=10)), max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shoppers=SHOPPERS, with_events=st.booleans())
def test_abandonment_says_what_the_raw_events_say(shoppers, with_events):
    with small_shop() as (store, site, story):
        for number, (minutes, device, referrer, steps) in enumerate(shoppers):
            teller = story.visitor(f"visitor {number}", at=NOW - minutes * 60_000, device=device, referrer=referrer).view("/")
            for name, *values in steps:
                if name != "event":
                    getattr(teller, name)(*values)
                elif with_events:
                    teller.event(values[0], **({} if values[1] is None else {"value": values[1]}))
        story.tell()
        check_abandonment(store, site)


def check_abandonment(store, site):
    visits = brute.read(store, site, GOALS[:1])
    over = [visit for visit in visits if visit.events[-1].at < NOW - 30 * 60_000]
    for first, last in (PERIODS["3d"], PERIODS["today"]):
        period = periods.of_dates(first, last, site.zone)
        for typed in ({}, {"device": ["mobile"]}):
            filters, some = narrowing.parse(typed), brute.chosen(over, first, last, typed)
            orders = brute.numbers(brute.chosen(visits, first, last, typed))
            mean = orders["revenue"] / orders["purchases"] if orders["purchases"] else None
            for of in brute.CART:
                met = brute.abandonment(some, of, visits)
                left = [each for each in met if each["abandoned"]]
                for by in ("page", "device", "source", "hour", "error", "field"):
                    report = abandonment.report(store, site, period, filters, now=NOW, of=of, by=by)
                    same(report.totals, {"sessions": len(met), "abandons": len(left), "rate": len(left) / len(met) if met else None,
                                         "worth": worth(left, mean)})
                    assert sum(row.abandons for row in report.rows) == len(left)
                    for row in report.rows if by != "field" else ():
                        here = [each for each in left if each[by] == ((KINDS[row.kind], row.value) if by == "error" else row.value)]
                        same(row, {"abandons": len(here), "share": len(here) / len(left) if left else None, "worth": worth(here, mean)})
                    if by == "field":
                        assert all(row.abandons <= sum(row.value in each["field"] for each in left) for row in report.rows)
                chosen = narrowing.parse(typed | {"abandoned": [of]})
                ended = [visit for visit in brute.chosen(visits, first, last, typed)]
                assert REPORTS["sessions"].report(store, site, period, chosen).extra["found"] == \
                    sum(each["abandoned"] for each in brute.abandonment(ended, of, visits))


KINDS = {text: kind for kind, text in abandonment.KINDS.items()}


def worth(left, mean):
    known = [each["worth"] for each in left if each["worth"] is not None]
    if len(known) < len(left) and mean is None:
        return sum(known) or None
    return sum(known) + round((len(left) - len(known)) * (mean or 0))


def check_everything(store, site):
    visits = brute.read(store, site, GOALS)
    for first, last in PERIODS.values():
        period = periods.of_dates(first, last, site.zone)
        for typed in FILTERS:
            filters = narrowing.parse(typed)
            some = brute.chosen(visits, first, last, typed)
            before = brute.chosen(visits, *(day - timedelta(days=period.days) for day in (first, last)), typed)
            check_overview(store, site, period, filters, some, before)
            check_breakdowns(store, site, period, filters, some)
            check_pages(store, site, period, filters, some)
            check_paths(store, site, period, filters, some)
            check_goals(store, site, period, filters, some)
            check_clicks_and_forms(store, site, period, filters, some)
            check_sessions(store, site, period, filters, some)
            if (first, last) == PERIODS["3d"] and typed in (FILTERS[0], FILTERS[3]):
                check_sides(store, site, period, filters, some)


def check_overview(store, site, period, filters, some, before):
    report = REPORTS["overview"].report(store, site, period, filters)
    same(report.totals, brute.numbers(some))
    same(report.extra["previous"], brute.numbers(before))
    for row in report.rows:
        if period.days == 1:
            here = [visit for visit in some if visit.hour == (row.at - period.start) // periods.HOUR]
        else:
            here = [visit for visit in some if visit.day == periods.date_of(row.day)]
        same(row, brute.numbers(here))
    assert len(report.rows) == (24 if period.days == 1 else period.days)


def check_breakdowns(store, site, period, filters, some):
    for name, choices in (("sources", ("channel", "source", "medium", "campaign", "content", "term", "referrer")),
                          ("places", ("country", "language")), ("devices", ("device", "browser", "os"))):
        for by in choices:
            report = REPORTS[name].report(store, site, period, filters, by=by)
            same_rows(report, "value", brute.by_value(some, lambda visit, by=by: visit.dimensions[by]))
            numbers = brute.numbers(some)
            same(report.totals, {key: numbers[key] for key in ("sessions", "bounce_rate", "engaged", "conversions", "revenue")})
    entries = REPORTS["entries"].report(store, site, period, filters)
    same_rows(entries, "value", brute.by_value(some, lambda visit: visit.entry))


def check_pages(store, site, period, filters, some):
    found = brute.pages(some)
    report = REPORTS["pages"].report(store, site, period, filters)
    same_rows(report, "page", found)
    assert report.totals.sessions == len(some)
    groups = {}
    for page, row in found.items():
        groups.setdefault(group_of(page), []).append(row)
    same_rows(REPORTS["pages"].report(store, site, period, filters, by="group"), "page", {
        group: {"sessions": sum(any(group_of(page) == group for page in visit.views) for visit in some)} |
        {name: sum(row[name] for row in rows) for name in ("views", "scrolled", "entries", "exits", "bounces", "clicks")}
        for group, rows in groups.items()})
    same_rows(REPORTS["exits"].report(store, site, period, filters), "page", {
        page: {"exits": row["exits"], "exit_rate": row["exit_rate"], "views": row["views"], "share": row["exits"] / len(some)}
        for page, row in found.items() if row["exits"]})


def group_of(page):
    return "Blog" if page.startswith("/blog/") else ""


def check_paths(store, site, period, filters, some, ways=((), ("/",), ("/", "/cart"), ("/blog/a", "/"), ("/nowhere", "/")), by="page"):
    for steps in ways:
        for direction in ("after", "before"):
            report = REPORTS["paths"].report(store, site, period, filters, steps=steps, direction=direction, limit=2, by=by)
            for step, expected in zip(report.extra["steps"], brute.path(some, steps, direction), strict=True):
                shown = {row.page: row.sessions for row in step.pages}
                assert shown.items() <= expected.items() and len(shown) >= min(2, len(set(expected) - {""}))
                assert not step.chosen or step.chosen in shown or not expected[step.chosen]
                if step.number == 1:
                    assert step.total == len(some)
                else:
                    assert step.end.sessions == expected[""]
                    assert step.total == sum(expected.values()) == \
                        sum(shown.values()) + step.end.sessions + (step.others.sessions if step.others else 0)


def check_goals(store, site, period, filters, some):
    goals = REPORTS["goals"]
    same_rows(goals.report(store, site, period, filters), "value", {
        name: row | {"rate": row["sessions"] / len(some) if some else None}
        for name, row in brute.goals(some, [name for name, _, _ in GOALS]).items()})
    same_rows(goals.report(store, site, period, filters, by="event"), "value", brute.custom_events(some))
    for by, kind in (("outbound", brute.OUTBOUND), ("download", brute.DOWNLOAD)):
        same_rows(goals.report(store, site, period, filters, by=by), "value", brute.links(some, kind))


def check_clicks_and_forms(store, site, period, filters, some):
    clicks, forms = REPORTS["clicks"], REPORTS["forms"]
    same_rows(clicks.report(store, site, period, filters), "value", brute.clicks(some))
    same_rows(clicks.report(store, site, period, filters, on="/cart"), "value", brute.clicks(some, on="/cart"))
    same_rows(clicks.report(store, site, period, filters, by="page"), "page", brute.click_pages(some))
    same_rows(forms.report(store, site, period, filters, by="form"), "form", brute.forms(some))
    for form in ("checkout", "news"):
        expected = brute.fields(some, form) if form in brute.forms(some) else {}
        rows = form_sums.filled(store, site, period, filters, form)
        assert {row.field: row._asdict() | {"form": form} for row in rows} == {
            field: counts | {"field": field, "form": form} for field, counts in brute.fields(some, form).items()}
        report = forms.report(store, site, period, filters, form=form)
        same_rows(report, "field", {
            field: {key: counts[key] for key in ("sessions", "corrections", "returns", "errors", "last_fields")} |
            {"time": counts["time_ms"] / counts["sessions"] / 1000 if counts["sessions"] else None,
             "leave_rate": counts["last_fields"] / counts["sessions"] if counts["sessions"] else None}
            for field, counts in expected.items()})
        places = [expected[row.field]["places"] / row.sessions for row in report.rows if row.sessions]
        assert places == sorted(places) and [row.place for row in report.rows if row.sessions] == list(range(1, len(places) + 1))


def check_sides(store, site, period, filters, some, form="checkout"):
    """What sessions did in a form and on a way through pages, told apart: by their dimensions, and by the variant they were shown."""
    for asked, side_of in ((("device",), lambda visit: visit.dimensions["device"]), (("language",), lambda visit: visit.dimensions["language"]),
                           (("source",), lambda visit: visit.dimensions["source"]),
                           (("variant", "blue"), lambda visit: brute.variant(visit, "blue")),
                           (("variant", "short-checkout"), lambda visit: brute.variant(visit, "short-checkout"))):
        options = dict(zip(("by", "experiment"), asked))
        sides = {}
        for visit in some:
            sides.setdefault(side_of(visit), []).append(visit)
        sides.pop(None, None)
        control = asked[0] == "variant" and f"{asked[1]}:control"
        same_rows(REPORTS["forms"].report(store, site, period, filters, form=form, **options), "value", {
            side: met[form] for side, visits in sides.items() if form in (met := brute.forms(visits))})
        report = REPORTS["funnel"].report(store, site, period, filters, steps=("/", "/cart"), **options)
        rows, first = report.rows, {row.step: row for row in report.rows if row.value == control}
        for row in rows if first else ():
            assert row.value == control or (row.change, row.change_low, row.change_high) == listing.difference(
                row.sessions, row.before, first[row.step].sessions, first[row.step].before)
        assert report.extra.get("crossed", 0) == (sum(len({event.label for event in visit.of(brute.EXPOSURE) if event.name == asked[1]}) > 1
                                                      for visits in sides.values() for visit in visits) if control else 0)
        assert [(row.value, row.sessions, row.before) for row in rows if row.step == 1] == sorted(
            ((side, count, len(visits)) for side, visits in sides.items() if (count := sum("/" in visit.views for visit in visits))),
            key=lambda each: (-each[1], each[0]))


def check_sessions(store, site, period, filters, some):
    sessions = REPORTS["sessions"]
    for chosen, fits in (("all", lambda row: True), ("trouble", lambda row: row["trouble"]), ("order", lambda row: row["purchases"]),
                         ("form", lambda row: row["fields"]),
                         ("none", lambda row: not (row["trouble"] or row["purchases"] or row["fields"]))):
        expected = [row for row in brute.sessions(some) if fits(row)]
        report = sessions.report(store, site, period, filters, **{"with": chosen})
        assert report.extra["found"] == len(report.rows) == len(expected)
        assert sorted(_written(row._asdict()) for row in report.rows) == sorted(map(_written, expected))
        assert [row.at for row in report.rows] == sorted((row.at for row in report.rows), reverse=True)
        for sort in ("engaged", "revenue", "trouble"):
            rows = sessions.report(store, site, period, filters, sort=sort, **{"with": chosen}).rows
            assert [getattr(row, sort) for row in rows] == sorted((numbers[sort] for numbers in expected), reverse=True)


def _written(numbers):
    """One session, to be compared: goals in any order."""
    return [repr(sorted(value) if key == "goals" else value) for key, value in sorted(numbers.items()) if key not in ("session", "stages")]


def same_rows(report, key, expected):
    assert {getattr(row, key) for row in report.rows} == set(expected), report.name
    for row in report.rows:
        same(row, expected[getattr(row, key)])


def same(row, expected):
    for key, value in expected.items():
        found = getattr(row, key)
        assert (found is None) == (value is None), f"{key} of {row}, expected {value}"
        assert value is None or found == pytest.approx(value, abs=1e-12), f"{key} of {row}, expected {value}"
