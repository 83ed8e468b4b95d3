"""What is true of the demo shop is what the reports say, and the shop is what an owner would have."""

import time
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from collector import accounts, message, sites, source
from collector.demo import cli, people, plan, shop, truths, words
from collector.demo.shop import PRODUCTS
from collector.prepare import prepare
from collector.snippet import variants
from journeys.reports import asked
from tools.demo_doc import CLAIMS, NOW, answer, demo, expected, page
from wsgi import create_app, netiv

ROOT = Path(__file__).parents[1]
JERUSALEM = ZoneInfo("Asia/Jerusalem")
DAY = 86_400_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    store, site, days = demo(tmp_path_factory.mktemp("demo") / "data")
    yield store, site, days
    store.close()


# -- truths

@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.says)
def test_the_report_finds_what_is_true(filled, claim):
    found, truth = answer(*filled, claim), expected(claim)
    assert (found and {name: found.get(name) for name in truth} if isinstance(truth, dict) else found) == truth
    if isinstance(truth, dict):
        assert set(found) - set(truth) <= {"", "rejected", "duplicate"}


def test_the_page_on_the_demo_is_fresh(filled):
    assert (ROOT / "docs" / "demo.md").read_text(encoding="utf-8") == page(*filled), "run tools/demo_doc.py"


def test_filling_the_demo_takes_well_under_thirty_seconds(tmp_path):
    began = time.monotonic()
    store, _, _ = demo(tmp_path / "data", now=NOW - 5 * DAY)
    store.close()
    assert time.monotonic() - began < 30


def test_retention_and_advocacy_are_measured_on_the_demos_map(filled):
    store, site, days = filled
    stages = {row.stage: row for row in asked(store, site, "stages", days, NOW).rows}
    touchpoints = {row.touchpoint: row.sessions for row in asked(store, site, "touchpoints", days, NOW).rows}
    assert all(stages[stage].evidence == "measured" and stages[stage].sessions for stage in ("retention", "advocacy"))
    assert touchpoints["survey"] == truths.answers(0, 10) and touchpoints["share"] == truths.SHARES and touchpoints["repeat-order"] == sum(
        (times - 1) * count for times, count in truths.ORDERED.items())


def test_the_truths_add_up_in_themselves():
    assert sum(truths.LAST_FIELDS.values()) == truths.left_checkout()
    for cohort in truths.COHORTS:
        assert cohort.sessions >= cohort.product >= cohort.cart >= cohort.checkout >= cohort.paid > 0


def test_every_origin_is_called_what_the_truths_say():
    for origin in truths.ORIGINS.values():
        found = source.of(f"http://localhost/shop/?{origin.query}", origin.referrer)
        assert (found.source, found.medium, found.channel, found.campaign) == (
            origin.source, origin.medium, origin.channel, origin.campaign)


# -- plan and messages

def test_the_plan_is_the_same_every_time():
    assert plan.visits() == plan.visits()


def test_what_chance_made_is_written_down():
    visits = plan.visits()
    assert sum(len(visit.pages) for visit in visits) == truths.PAGE_VIEWS
    assert sum(visit.person.language == "he" for visit in visits) == truths.HEBREW
    assert sum(PRODUCTS[visit.bought].price for visit in visits if visit.kind == "paid") == truths.REVENUE


def test_those_who_return_get_further_each_time_and_never_come_twice_in_one_session():
    now = NOW
    begun = {}
    visits = plan.visits()
    moments = people.times(len(visits), now, JERUSALEM, people.random.Random(1))
    for visit, at in zip(visits, moments):
        begun.setdefault(visit.person.visitor, []).append((at, plan._how_far(visit)))
    returning = [times for times in begun.values() if len(times) > 1]
    assert Counter(len(times) for times in returning) == truths.RETURNING
    for times in returning:
        assert [far for _, far in times] == sorted(far for _, far in times)
        assert all(after - before > 40 * 60_000 for (before, _), (after, _) in zip(times, times[1:]))


def test_customers_order_as_often_as_is_written_down_and_on_as_many_days():
    ordered = {}
    for place, visit in enumerate(plan.visits()):
        if visit.kind == "paid" and visit.person.id:
            ordered.setdefault(visit.person.id, []).append(place)
    assert Counter(map(len, ordered.values())) == truths.ORDERED
    assert all(after - before >= plan.APART for places in ordered.values() for before, after in zip(places, places[1:]))
    days = Counter(people.datetime.fromtimestamp(at / 1000, JERUSALEM).date() for at in people.times(6000, NOW, JERUSALEM, people.random.Random(1)))
    assert max(days.values()) < plan.APART


@pytest.mark.parametrize("now", [NOW, NOW - NOW % DAY - 3 * 3_600_000 + 60_000, NOW + 183 * DAY], ids=["noon", "just after midnight", "autumn"])
def test_the_messages_are_good_and_lie_in_the_sixty_days(now):
    found = people.messages(now, JERUSALEM)
    for received in found:
        assert message.parse(received.body)[1] == []
    first, last = found[0].received_at, found[-1].received_at
    assert now - 60 * DAY - 3_600_000 <= first < last <= now


def test_shabbat_is_quieter_than_the_days_around_it():
    moments = people.times(6000, NOW, JERUSALEM, people.random.Random(1))
    week = Counter(people.datetime.fromtimestamp(at / 1000, JERUSALEM).weekday() for at in moments)
    assert week[5] < week[4] < min(week[day] for day in (0, 1, 2, 3, 6))


# -- the command

@pytest.fixture
def few(monkeypatch):
    """The demo with its first 200 messages only, for tests of the command itself."""
    whole = cli.messages
    monkeypatch.setattr(cli, "messages", lambda now, zone, join: whole(now, zone, join)[-200:])


def run(*words):
    return CliRunner().invoke(netiv, ["demo", "--no-serve", *words])


def link_in(text):
    return next(word for word in text.split() if "/enter/" in word)


def test_the_command_makes_the_demo_once_and_prints_a_link_that_signs_in(tmp_path, few):
    data = tmp_path / "demo"
    first = run("--data", str(data))
    assert first.exit_code == 0, first.output
    made_at = (data / "demo").read_text()
    again = run("--data", str(data))
    assert (data / "demo").read_text() == made_at and link_in(again.output) != link_in(first.output)
    client = create_app(data).test_client()
    assert client.get("/sites/demo/overview").status_code == 302  # to the sign-in page
    client.get("/" + link_in(again.output).split("/", 3)[3])
    assert client.get("/sites/demo/overview").status_code == 200
    assert create_app(data).test_client().get("/" + link_in(again.output).split("/", 3)[3]).status_code == 404


def test_fresh_throws_the_demo_away_first(tmp_path, few):
    data = tmp_path / "demo"
    run("--data", str(data))
    (data / "left.over").touch()
    assert run("--data", str(data), "--fresh").exit_code == 0
    assert not (data / "left.over").exists()


def test_a_real_installation_is_never_turned_into_a_demo(tmp_path):
    data = tmp_path / "real"
    prepare(data).close()
    refused = run("--data", str(data), "--fresh")
    assert refused.exit_code == 1 and "no demo" in refused.output
    assert (data / "netiv.db").exists()
    assert create_app(data).test_client().get("/shop/").status_code == 404


def test_an_interrupted_making_leaves_nothing_that_looks_like_a_demo(tmp_path, monkeypatch):
    def broken(*arguments):
        raise KeyboardInterrupt
    monkeypatch.setattr(cli, "fill", broken)
    assert run("--data", str(tmp_path / "demo")).exit_code != 0
    assert not (tmp_path / "demo").exists()


def test_nobody_knows_the_password_of_the_demo(tmp_path, few):
    run("--data", str(tmp_path / "demo"))
    store = prepare(tmp_path / "demo")
    user = accounts.by_email(store, cli.EMAIL)
    assert not any(accounts.password_is_right(store, user, word) for word in ("", "demo", "netiv", "password", cli.EMAIL))
    store.close()


# -- the shop

@pytest.fixture
def client(tmp_path):
    store = prepare(tmp_path / "data")
    sites.add(store, "Six Strings", "localhost", key="demo")
    store.close()
    (tmp_path / "data" / "demo").touch()
    return create_app(tmp_path / "data").test_client()


ORDER = {"name": "Dana Levi", "email": "dana@example.com", "phone": "050-1234567", "city": "Haifa", "street": "Herzl 1",
         "postcode": "3300001", "delivery": "shop", "card": "4242 4242 4242 4242", "expiry": "08/49", "cvc": "123"}


def test_the_checkout_has_ten_fields():
    assert len(shop.FIELDS) == 10 == len(ORDER)


@pytest.mark.parametrize("language", ["/shop", "/shop/he"])
def test_every_page_of_the_shop_has_the_snippet_as_the_settings_page_shows_it(client, language):
    client.post(f"{language}/cart", data={"add": "ramon"})
    for path in ("/", "/acoustic", "/acoustic/carmel", "/returns", "/cart", "/checkout", "/no/such/page", "/electric/carmel"):
        assert variants("http://localhost", "demo", {}, experiments=True)[0].code in client.get(language + path).text


def test_the_shop_speaks_both_languages_in_the_same_words():
    assert set(words.ENGLISH) == set(words.HEBREW)
    assert set(words.NAMES["he"]) == set(words.NAMES["en"]) == set(words.LINES["he"]) == set(words.LINES["en"]) == set(PRODUCTS)


def test_every_page_links_to_itself_in_the_other_language(client):
    assert 'href="/shop/he/acoustic/carmel"' in client.get("/shop/acoustic/carmel").text
    assert 'href="/shop/acoustic/carmel"' in client.get("/shop/he/acoustic/carmel").text


def test_the_slow_page_is_slow_and_the_others_are_not(client):
    began = time.monotonic()
    client.get("/shop/compare")
    assert time.monotonic() - began >= 1.5


@pytest.mark.parametrize("wrong, complaint", [
    ({"name": "Dana"}, "wrong_name"), ({"email": "dana"}, "wrong_email"), ({"phone": "0501234567"}, "wrong_phone"),
    ({"city": " "}, "wrong_empty"), ({"postcode": "33"}, "wrong_postcode"), ({"delivery": "drone"}, "wrong_empty"),
    ({"card": "4242 4242 4242 4241"}, "wrong_card"), ({"expiry": "13/49"}, "wrong_expiry"),
    ({"expiry": "08/19"}, "wrong_expired"), ({"cvc": "12"}, "wrong_cvc")])
def test_the_server_refuses_what_is_wrong_and_says_so_at_the_field(client, wrong, complaint):
    client.post("/shop/he/cart", data={"add": "ramon"})
    answer = client.post("/shop/he/checkout", data={**ORDER, **wrong})
    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-wrong">{words.HEBREW[complaint]}' in answer.text.replace("&#39;", "'")
    assert answer.text.count('aria-invalid="true"') == 1
    assert f'value="{ORDER["card"]}"' not in answer.text and f'value="{ORDER["cvc"]}"' not in answer.text


def test_an_order_that_is_right_is_thanked_for_with_what_was_bought(client):
    client.post("/shop/cart", data={"add": "ramon"})
    client.post("/shop/cart", data={"add": "carmel"})
    client.post("/shop/cart", data={"remove": "carmel"})
    answer = client.post("/shop/checkout", data=ORDER, follow_redirects=True)
    assert answer.request.path == "/shop/thanks"
    assert "'purchase'" in answer.text and "4590.0" in answer.text and "carmel" not in answer.text
    assert client.get("/shop/checkout").status_code == 303  # the cart is empty now


@pytest.mark.parametrize("cookie", ["", "{}", "[]", "null", '{"number": 1}', '{"number": 1, "cart": 2}', "{"])
def test_a_made_up_order_is_no_order(client, cookie):
    client.set_cookie("shop_order", cookie, path="/shop")
    assert client.get("/shop/thanks").status_code == 303
