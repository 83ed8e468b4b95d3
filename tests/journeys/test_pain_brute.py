"""What the detectors of pain points and the moments of truth say of random small sites is what plain loops over the raw events say."""

import json
from collections import defaultdict
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import filters as narrowing
from collector import period as periods
from journeys import meetings, moments_of_truth, names, trouble_filter, troubles
from journeys.detectors import candidates
from journeys.reports import asked
from tests.journeys import brute
from tests.journeys.test_brute_force import TODAY, small_shop
from tests.story import NOW

PAGES = ("/", "/cart", "/he/cart", "/returns", "/checkout", "/a")
NAMES = {"/he/cart": "/cart"}  # another language of the same page
GOALS = (("Purchase", "event", "purchase"),)
FIELDS = ("mail", "phone")
EVERYBODY = narrowing.parse({"source": "*"})

STEPS = st.one_of(
    st.tuples(st.just("view"), st.sampled_from(PAGES)),
    st.tuples(st.just("frustration"), st.sampled_from(("rage", "dead", "error")), st.sampled_from(("Buy", "Hear")), st.sampled_from(("#a", "p>b"))),
    st.tuples(st.just("error"), st.sampled_from(("boom", "bang"))),
    st.tuples(st.just("vitals"), st.sampled_from((1200, 2500, 2600, 4000))),
    st.tuples(st.just("form"), st.just("order"), st.sampled_from(("start", "submit", "abandon")), st.sampled_from(FIELDS)),
    st.tuples(st.just("field"), st.just("order"), st.sampled_from(FIELDS)),
    st.tuples(st.just("invalid"), st.just("order"), st.sampled_from(FIELDS)),
    st.tuples(st.just("purchase"), st.just(120)))
VISITS = st.lists(st.lists(STEPS, min_size=1, max_size=12), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS)
def test_everything_that_is_looked_at_is_in_the_raw_events(visits):
    with small_shop() as (store, site, story):
        for steps in (list(zip(["view"] * 6, PAGES)), *visits):  # all pages are known, so that two are told to be one
            number = len(story.tellers)
            teller = story.visitor(f"visitor {number}", at=NOW - 3_600_000 + number)
            teller.view("/")
            for name, *values in steps:
                if name == "vitals":
                    teller.vitals(lcp=values[0])
                elif name == "form":
                    teller.form(values[0], values[1], values[2] if values[1] == "abandon" else "")
                else:
                    getattr(teller, name)(*values)
        story.tell()
        some = brute.read(store, site, GOALS)
        today = periods.of_dates(TODAY, TODAY, site.zone)
        seen = troubles.read(store, site, today, narrowing.NONE)
        found = candidates(seen, least=1)
        assert said(found) == counted(some, loads(store, site))
        assert said(candidates(troubles.read(store, site, today, EVERYBODY), least=1)) == said(found)  # looked up session by session
        check_filters(store, site, seen, found)
        check_moments(seen, some)


def check_filters(store, site, seen, found):
    """The filter of each chooses the sessions that met it, and none besides."""
    name_of = names.of(store, site).session
    for each in found:
        row = SimpleNamespace(sort=each.kind, page=each.page, what=each.what, form=each.form, details=each.details, addresses=seen.addresses.get(each.page))
        args = trouble_filter.behind(row)
        listed = asked(store, site, "sessions", {"period": [str(TODAY)], **args, "limit": ["1000"]}, NOW).rows
        assert args and {row.session for row in listed} == set(map(name_of, seen.ids[each.met].tolist())), args


def said(found):
    """{what: (sessions that met it, that could have)} of Candidates."""
    return {(each.kind, each.form or each.page if each.kind not in ("element", "error", "steps") else "", each.what if each.kind != "steps" else ""):
            (int(each.met.sum()), int(each.could.sum())) for each in found}


def loads(store, site):
    """For each session in order, [(page, lcp)]."""
    found = defaultdict(list)
    with store.facts as db:
        for row in db.query("select session_id, path, detail from events join pages on pages.id = page where events.site_id = ? and type = 8", [site.id]):
            found[row["session_id"]].append((NAMES.get(row["path"], row["path"]), json.loads(row["detail"])["lcp"]))
        return [found[row["id"]] for row in db.query("select id from sessions where site_id = ? order by id", [site.id])]


def counted(visits, times):
    ways = [way(visit) for visit in visits]
    found = {}

    def note(kind, where, what, met, could):
        if sum(met):
            found[kind, where, what] = sum(met), sum(one or other for one, other in zip(met, could))

    signs = [[event for event in visit.of(brute.FRUSTRATION)] for visit in visits]
    for thing in {_thing(event) for some in signs for event in some if event.name != "error"}:
        mine = [[event for event in some if event.name != "error" and _thing(event) == thing] for some in signs]
        pages = {name(event.page) for some in mine for event in some}
        note("element", "", thing, [bool(some) for some in mine], [bool(pages & set(one)) for one in ways])
    for message in {event.name for visit in visits for event in visit.of(brute.ERROR)}:
        mine = [[event for event in visit.of(brute.ERROR) if event.name == message] for visit in visits]
        pages = {name(event.page) for some in mine for event in some}
        note("error", "", message, [bool(some) for some in mine], [bool(pages & set(one)) for one in ways])
    check_slow(note, ways, times)
    formal = _form(visits)
    orders = {page for one in ways for page in one if page in ("/cart", "/checkout")}
    for here in orders:
        for there in {page for one in ways for page in one} - orders:
            note("detour", here, there, [(here, there) in list(zip(one, one[1:])) for one in ways], [here in one for one in ways])
    for one_page in {page for one in ways for page in one}:
        for other in {page for one in ways for page in one}:
            if one_page < other and (one_page in orders) == (other in orders):
                fro = [any(set(one[at:at + 4]) == {one_page, other} for at in range(len(one) - 3)) for one in ways]
                note("hunt", one_page, other, fro, [one_page in one and other in one for one in ways])
    if len(formal) > 1:
        sent = [any(event.type == brute.FORM and event.x == 3 for event in visit.events) and stays(visit) for visit in visits]
        for field in FIELDS:
            note("refused", "order", field, [refused(visit, field) for visit in visits], sent)
            note("field", "order", field, [left(visit) == field for visit in visits], [reached(visit, field) for visit in visits])
    before = [next((at for at, page in enumerate(one) if page in orders), None) for one in ways]
    if some := sorted(at for at in before if at is not None):
        usual = some[-(-len(some) * 3 // 4) - 1]
        note("steps", "", "", [at is not None and at > usual for at in before], [at is not None for at in before])
    return found


def check_slow(note, ways, times):
    for page in {page for some in times for page, _ in some}:
        slowest = [max((lcp for where, lcp in some if where == page), default=None) for some in times]
        known = sorted(lcp for lcp in slowest if lcp is not None)
        slow = [lcp is not None and lcp > 2500 for lcp in slowest]
        if not any(slow):
            continue
        if known[-(-len(known) * 3 // 4) - 1] <= 2500:
            note("slow", page, page, slow, [lcp is not None for lcp in slowest])
            continue
        came = [page in one and one.index(page) > 0 for one in ways]
        from_here = {one[one.index(page) - 1] for one, did in zip(ways, came) if did}
        note("slow", page, page, came, [did or (page not in one and bool(from_here & set(one))) for one, did in zip(ways, came)])


def name(page):
    return NAMES.get(page, page)


def way(visit):
    pages = [name(page) for page in visit.views]
    return [page for at, page in enumerate(pages) if not at or pages[at - 1] != page]


def _thing(event):
    return event.element if event.element.startswith("#") else f"{event.element} {event.label}"


def _form(visits):
    return {event.element for visit in visits if stays(visit) for event in visit.of(brute.FIELD)}


def refused(visit, field):
    """Whether a field of the form was the first one met after it was sent, with no goal between."""
    for at, event in enumerate(visit.events):
        if event.type == brute.FORM and event.x == 3 and stays(visit):
            after = visit.events[at + 1:]
            end = next((at for at, each in enumerate(after) if each.type == brute.CUSTOM and each.y), len(after))
            first = next((each.element for each in after[:end] if each.type == brute.FIELD), None)
            if first == field:
                return True
    return False


def left(visit):
    """The field in which the form was left for good: not after a goal, unless it was started again since; "" for none.

    Sessions that were in no field are not read.
    """
    started = answered = False
    found = ""
    for event in visit.events:
        if event.type == brute.CUSTOM and started:
            answered, found = True, ""
        elif event.type == brute.FORM:
            answered = answered and event.x != 2
            found = {3: "", 4: "" if answered else event.element}.get(event.x, found)
        started = started or event.type == brute.FORM or (event.type == brute.FIELD and event.value is not None)
    return found if stays(visit) else ""


def stays(visit):
    """Whether the session was in any field; one in which fields were only refused is not read."""
    return any(event.value is not None for event in visit.of(brute.FIELD))


def reached(visit, field):
    return any((event.type == brute.FIELD or (event.type == brute.FORM and event.x == 4)) and event.element == field for event in visit.events) and stays(visit)


def check_moments(seen, visits):
    rows = {row.name: row for row in moments_of_truth.judged(meetings.at_pages(seen), seen.names)}
    ways = [way(visit) for visit in visits]
    assert set(rows) == {page for one in ways for page in one}
    for page, row in rows.items():
        on = [(visit, one) for visit, one in zip(visits, ways) if page in one]
        there = [visit for visit, one in on if one[-1] == page]
        further = [visit for visit, one in on if one[-1] != page]
        assert (row.sessions, row.left, row.went_on) == (len(on), len(there), len(further))
        assert row.left_rate == (sum(bool(visit.goals) for visit in there) / len(there) if there else None)
        assert row.went_on_rate == (sum(bool(visit.goals) for visit in further) / len(further) if further else None)


def test_who_reached_a_goal_did_not_leave_the_form(store, site, story):
    story.visitor("dana").view("/checkout").field("order", "mail").field("order", "phone").purchase(120).form("order", "abandon", "mail")
    story.visitor("avi").view("/checkout").field("order", "mail").field("order", "phone").form("order", "abandon", "mail")
    seen = troubles.read(store, site, periods.of_dates(TODAY, TODAY, site.zone), narrowing.NONE)
    left, = [each for each in candidates(seen, least=1) if each.kind == "field"]
    assert left.met.sum() == 1 and left.could.sum() == 2
