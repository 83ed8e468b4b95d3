"""Every page of ours in a real browser, in both languages, wide and narrow: quiet, whole, and usable by everyone."""

import re
from pathlib import Path

import pytest

import wsgi  # noqa: F401, it joins the experiments to the demo
from collector import accounts, signin, sites
from collector.demo.cli import EMAIL, make
from collector.storage import open_store
from experiments.demo import TRUTHS
from journeys import boards, maps
from journeys.reports import REPORTS
from tests.fault.server import Server
from tests.journeys import busy

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tracker/node_modules/axe-core/axe.min.js"
LANGUAGES = {"en": "ltr", "he": "rtl"}
WIDTHS = (1440, 390)
SITE = "/sites/demo/"
OVERVIEW = f"{SITE}overview"
CALCULATED = "/calculator?" + "&".join(f"variants[{at}].visitors=1000&variants[{at}].conversions={100 + 9 * at}" for at in range(4)) + "&planned_visitors=9000"
PLANNED = "/calculator/plan?baseline=3&relative_mde=10&variants=2&alpha=5&power=80&visitors_per_week=9000"
PAGES = [SITE, *(f"{SITE}{name}" for name in REPORTS), f"{SITE}links", f"{SITE}links?made=1",
         f"{OVERVIEW}?source=google&device=!mobile&show=revenue", f"{OVERVIEW}?period=2020-01-01", f"{SITE}sources?period=2020-01-01",
         f"{SITE}paths?steps=/shop/&steps=/shop/acoustic", f"{SITE}paths?steps=/shop/cart&direction=before",
         f"{SITE}forms?by=form", f"{SITE}goals?by=event", f"{SITE}clicks?by=page", f"{SITE}rejected?by=event",
         f"{SITE}maps/compare", f"{SITE}maps/new", f"{SITE}maps/main/edit", f"{SITE}maps/main/notes/new?stage=purchase&lane=feel", f"{SITE}maps/main/notes/1",
         f"{SITE}maps/main/versions", f"{SITE}maps/main/canvas", f"{SITE}settings", f"{SITE}journey", f"{SITE}groups",
         f"{SITE}funnel?by=device", f"{SITE}funnel?against=previous", f"{SITE}funnels/new", f"{SITE}personas?propose=1", f"{SITE}experiments/new", f"{SITE}experiments", *(f"{SITE}experiments/{each.key}" for each in TRUTHS), CALCULATED, PLANNED,
         "/sites/", "/sites/new", "/account", "/patterns"]
OUTSIDE = ["/sign-in", "/setup/no-such-link"]
FOUND = """axe => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(each => each.impact !== 'minor' && !(each.id === 'landmark-unique' && location.pathname === '/patterns'))  // there every part stands twice
  .map(each => `${each.id}: ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' | ' + node.failureSummary).join('; ')}`))"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A served demo, and the cookie of its owner."""
    data = tmp_path_factory.mktemp("pages") / "demo"
    make(data)
    with Server(data) as server:
        store = open_store(data)
        server.url = f"http://127.0.0.1:{server.port}"
        server.cookie = signin.begin(store, accounts.by_email(store, EMAIL), "Chromium")
        store.close()
        yield server


@pytest.fixture
def reader(browser, demo):
    """Opens browser windows that note every complaint and every request."""
    contexts = []

    def open_window(width, scheme="light", signed_in=True, scripts=True):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme,
                                      java_script_enabled=scripts, reduced_motion="reduce")
        contexts.append(context)
        if signed_in:
            context.add_cookies([{"name": "netiv", "value": demo.cookie, "url": demo.url}])
        page = context.new_page()
        page.complaints, page.asked = [], []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    yield open_window
    for context in contexts:
        context.close()


def with_language(path, language):
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_runs_in_the_direction_of_reading(demo, reader, language):
    """Its numbers and its line: two weeks, where reading begins, find least."""
    page = reader(1440)
    page.goto(demo.url + with_language(PLANNED, language))
    starts, ends = page.eval_on_selector(".plot .line", """path => [0, path.getTotalLength()].map(
        at => path.getPointAtLength(at).matrixTransform(path.getScreenCTM()).x)""")
    two, *_, eight = page.eval_on_selector_all(".plot .xs text", "all => all.map(each => each.getBoundingClientRect().x)")
    assert (starts < ends) == (two < eight) == (language == "en")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_quiet_fits_its_window_and_asks_nobody_else(demo, reader, language, width):
    page = reader(width)
    for path in PAGES:
        answer = page.goto(demo.url + with_language(path, language))
        assert answer.status == 200, path
        page.wait_for_load_state("networkidle")
        root = page.evaluate("() => ({lang: document.documentElement.lang, dir: document.documentElement.dir, "
                             "over: document.documentElement.scrollWidth - innerWidth})")
        assert (root["lang"], root["dir"]) == (language, LANGUAGES[language]), path
        assert root["over"] <= 0, f"{path} is {root['over']} pixels wider than its window"
        assert page.complaints == [], path
    assert [url for url in page.asked if not url.startswith(demo.url)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_of_a_report_is_wider_than_its_panel_on_a_small_laptop(demo, reader, language):
    page = reader(1280)
    wider = {}
    for path in (f"{SITE}links", *(f"{SITE}{name}" for name in REPORTS if name != "map")):
        page.goto(demo.url + with_language(path, language))
        wider[path] = page.eval_on_selector_all("main .scroll", "all => all.map(each => each.scrollWidth - each.clientWidth).filter(over => over > 0)")
    assert {path: over for path, over in wider.items() if over} == {}


# both languages at both widths, each language, and each width, in both schemes
@pytest.mark.parametrize(("language", "width", "scheme"), [
    ("en", 1440, "light"), ("en", 390, "dark"), ("he", 1440, "dark"), ("he", 390, "light")])
def test_axe_finds_nothing_worse_than_minor(demo, reader, language, width, scheme):
    page = reader(width, scheme)
    found = {}
    for path in PAGES:
        page.goto(demo.url + with_language(path, language))
        page.evaluate(AXE.read_text(encoding="utf-8"))
        complaints = page.evaluate(f"({FOUND})(axe)")
        if complaints:
            found[path] = complaints
    assert found == {}


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1440, "light"), ("he", 390, "dark")])
def test_the_story_of_a_session_is_reached_from_the_list_by_keyboard_and_as_good(demo, reader, language, width, scheme):
    page = reader(width, scheme)
    page.goto(demo.url + with_language(f"{SITE}sessions?abandoned=checkout&with=form&period=90d", language))
    page.locator("tbody th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f]{16}(\?|$)"))
    assert page.locator(".chapter li.field").count() > 3 and page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(f"({FOUND})(axe)") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_before_the_door_are_as_good(demo, reader, language):
    page = reader(390, signed_in=False)
    for path in OUTSIDE:
        page.goto(demo.url + with_language(path, language))
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(f"({FOUND})(axe)") == [], path
        assert page.evaluate("document.documentElement.dir") == LANGUAGES[language]


def test_the_picture_is_drawn_mirrored_in_hebrew(demo, reader):
    page = reader(1440)
    ends = {}
    for language in LANGUAGES:
        page.goto(demo.url + with_language(OVERVIEW, language))
        page.wait_for_selector(".canvas svg text")
        ends[language] = page.evaluate("""() => {
          const box = document.querySelector('.canvas').getBoundingClientRect();
          const zero = [...document.querySelectorAll('.canvas svg text')].find(text => text.textContent === '0');
          return (zero.getBoundingClientRect().x - box.x) / box.width; }""")
    assert ends["en"] < 0.1 < 0.9 < ends["he"]


def test_the_tooltip_of_the_picture_says_both_periods(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    page.wait_for_selector(".canvas svg text")
    before = page.locator(".canvas svg text").count()
    box = page.locator(".canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"document.querySelectorAll('.canvas svg text').length >= {before + 2}")
    assert page.complaints == []


def test_a_row_filters_everything_and_its_chip_takes_the_filter_away(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    sessions = page.locator(".tile", has=page.locator("#tile-sessions")).locator(".value").inner_text()
    page.locator("section", has=page.locator("#sources-title")).get_by_role("link", name="google").click()
    assert "source=google" in page.url
    narrowed = page.locator(".tile", has=page.locator("#tile-sessions")).locator(".value").inner_text()
    assert 0 < int(narrowed.replace(",", "")) < int(sessions.replace(",", ""))
    page.get_by_role("link", name="Pages", exact=True).click()
    assert "source=google" in page.url
    page.get_by_role("link", name="Remove the filter: Source google").click()
    assert "source=" not in page.url


def test_what_drops_down_is_open_alone_and_closes_by_escape_and_by_a_press_beside_it(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    dates, filters = page.locator("summary", has_text="Dates"), page.locator("summary", has_text="Add a filter")
    dates.press("Enter")
    filters.press("Enter")
    assert page.locator(".drop[open] > summary").all_inner_texts() == ["Add a filter"]
    page.get_by_label("Value").press("Escape")
    assert page.locator(".drop[open]").count() == 0
    assert filters.evaluate("summary => summary === document.activeElement")
    dates.click()
    page.get_by_role("heading", level=1).click()
    assert page.locator(".drop[open]").count() == 0


@pytest.mark.parametrize("path", [SITE, f"{SITE}rejected", f"{SITE}experiments", f"{SITE}settings"])
def test_the_menu_shows_where_one_is_in_a_low_window(demo, reader, path):
    page = reader(1280)
    page.set_viewport_size({"width": 1280, "height": 640})
    page.goto(demo.url + with_language(path, "en"))
    page.wait_for_load_state("networkidle")
    box = page.locator(".nav [aria-current]").bounding_box()
    assert 0 <= box["y"] <= 640 - box["height"]


def test_all_of_it_works_without_scripts(demo, reader):
    page = reader(390, scripts=False)
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    page.locator("summary", has_text="The picture as a table").click()
    assert page.locator("#numbers-title ~ .picture tbody tr").count() == 30
    page.get_by_text("Dates", exact=True).click()
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Last day").fill("2026-01-31")
    page.get_by_role("button", name="Show", exact=True).click()
    assert "period=2026-01-01..2026-01-31" in page.url
    page.get_by_text("Add a filter").click()
    page.get_by_label("Only sessions where").select_option("device")
    page.get_by_label("Condition").select_option("!")
    page.get_by_label("Value").fill("mobile")
    page.get_by_role("button", name="Filter", exact=True).click()
    assert "device=!mobile" in page.url.replace("%21", "!")
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("link", name="Paths").is_visible()


@pytest.mark.parametrize("path", [SITE, f"{SITE}maps/main/canvas"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_and_its_canvas_print_on_one_a3_page(demo, reader, language, path):
    page = reader(1440)
    page.goto(demo.url + with_language(path, language))
    assert printed(page) == (1, 420, 297)


def printed(page):
    """How many pages a page has on paper, and how wide and high they are in millimetres."""
    paper = page.pdf(prefer_css_page_size=True)
    size = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper).groups()
    return len(re.findall(rb"/Type\s*/Page\b", paper)), *(round(float(points) / 72 * 25.4) for points in size)


@pytest.fixture(scope="module")
def kept(demo):
    """Keeps a board as a version of the demo's map, and gives its address."""
    store = open_store(demo.data_dir)
    site = sites.by_key(store, "demo")
    yield lambda name, board: f"{SITE}maps/main/versions/{maps.keep(store, maps.by_key(store, site, 'main'), 'Dana', name, boards.as_dict(board))}"
    store.close()


FULL = {"nothing written": {"pains": 0, "said": 0}, "a note in each cell": {"pains": 1, "said": 1}, "a busy map": {}, "the other stages": {"preset": "action"},
        "as much as there may be": {"pains": 12, "said": 20, "text": (busy.TEXT * 5)[:480]}}


@pytest.mark.parametrize("asked", FULL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_prints_on_one_a3_page_however_full_it_is(demo, reader, kept, language, asked):
    page = reader(1440)
    page.goto(demo.url + with_language(kept(asked, busy.board(**FULL[asked])), language))
    assert printed(page) == (1, 420, 297)
    page.emulate_media(media="print")
    in_a_cell = page.locator("#cell-retention-stop .said-note:visible").count()
    left_out = page.locator("#cell-retention-stop .aside:visible")
    there = FULL[asked].get("pains", 3) + FULL[asked].get("said", 2) - in_a_cell
    assert left_out.all_inner_texts() == ([] if there == 0 else [f"+{there} more" if language == "en" else f"ועוד {there}"])
    assert page.locator(".touchpoints li:visible").count() == 33  # numbers are never left out


@pytest.mark.parametrize("full", [{}, {"pains": 12, "said": 20, "text": (busy.TEXT * 5)[:480]}])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_of_twelve_stages_prints_on_two_a3_pages_in_type_that_can_be_read(demo, reader, kept, language, full):
    page = reader(1440)
    page.goto(demo.url + with_language(kept("Twelve", busy.board(count=12, **full)), language))
    assert printed(page) == (2, 420, 297)
    page.emulate_media(media="print")
    assert page.locator(".on-paper > .lane-band:visible").count() == 2 * 9  # each page says what its rows are
    assert page.locator(".board-panel").evaluate("panel => parseFloat(getComputedStyle(panel).zoom)") >= .84


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_prints_on_one_a3_page(demo, reader, language):
    page = reader(1440)
    page.goto(demo.url + with_language(f"{SITE}maps/compare", language))
    assert printed(page) == (1, 420, 297)


def test_a_note_is_written_on_the_map_without_scripts(demo, reader):
    page = reader(390, scripts=False)
    page.goto(demo.url + with_language(SITE, "en"))
    page.locator("#cell-retention-ask").get_by_role("link", name="Add a note").click()
    page.get_by_label("Note", exact=True).fill("When will it come?")
    page.get_by_role("button", name="Write it down").click()
    assert "#note-" in page.url
    note = page.locator("#cell-retention-ask .said-note")
    assert "When will it come?" in note.inner_text() and "assumed" in note.inner_text()
    note.locator("time a").click()
    page.get_by_role("button", name="Take it off the map").click()
    assert page.locator("#cell-retention-ask .said-note").count() == 0


def test_the_lanes_of_all_stages_stand_in_line(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(SITE, "he"))
    tops = page.eval_on_selector_all(".lane-stop", "all => all.map(each => Math.round(each.getBoundingClientRect().y))")
    lefts = page.eval_on_selector_all(".stage", "all => all.map(each => each.getBoundingClientRect().x)")
    assert len(tops) == 5 and len(set(tops)) == 1 and lefts == sorted(lefts, reverse=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_number_of_the_map_can_be_seen(demo, reader, width):
    page = reader(width)
    page.goto(demo.url + with_language(SITE, "en"))
    assert page.locator(".transitions .skip").count(), "the demo has customers who skip a stage"
    hidden = """all => all.map(each => [each, each.getBoundingClientRect()])
        .filter(([, box]) => !box.width || box.top < 0 || box.left < 0 || box.right > innerWidth).map(([each]) => each.outerHTML)"""
    assert page.eval_on_selector_all(".transitions li, .figure, .behind", hidden) == []


def test_a_way_is_walked_five_steps_by_links(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(f"{SITE}paths", "en"))
    for step in range(1, 5):
        page.locator(".step").nth(step - 1).locator("a.hop").first.click()
        page.wait_for_function(f"document.querySelectorAll('.step:not(.hint)').length === {step + 1}")
    assert page.locator(".hop[aria-current]").count() == 4


def test_a_definition_opens_beside_its_number(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    assert not page.locator("#tile-visitors").is_visible()
    page.locator("[popovertarget=tile-visitors]").click()
    assert "may tell them apart" in page.locator("#tile-visitors").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#tile-visitors").is_visible()


def test_light_and_dark_are_switched_by_a_link_and_remembered(demo, reader):
    page = reader(1440, "light")
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("link", name="Dark").click()
    page.goto(f"{demo.url}{SITE}pages")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_the_first_key_leads_to_the_content(demo, reader):
    page = reader(1440)
    page.goto(demo.url + with_language(OVERVIEW, "en"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
