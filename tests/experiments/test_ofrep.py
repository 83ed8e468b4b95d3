"""OFREP: what a flag is in each state, and every answer that the specification names."""

import pytest

from collector import sites, tokens
from experiments import ofrep, register
from experiments.assignment import bucket
from tests.experiments.example import made
from tests.office import Office, office  # noqa: F401
from wsgi import create_app

ALL = "/flags/shop/ofrep/v1/evaluate/flags"
KEY = "short-checkout"


def defined(**changed):
    return made(**{"audience": {}} | changed)


@pytest.fixture
def running(office, monkeypatch):
    monkeypatch.setattr(ofrep, "FRESH_SECONDS", 0)
    register.add(office.store, office.shop, defined(), "dana")
    return register.start(office.store, office.shop, KEY, "dana")


def ask(office, key=KEY, unit="dana", headers=None, **context):
    path = f"{ALL}/{key}" if key else ALL
    return office.app.test_client().post(path, json={"context": {"targetingKey": unit, **context}}, headers=headers)


def test_a_running_experiment_is_split_by_the_units_place(office, running):
    for unit in ("dana", "דנה", "👩‍💻", "42"):
        variant = "control" if bucket(KEY, unit) < 0.5 else "short"
        answer = ask(office, unit=unit)
        assert answer.json == {"key": KEY, "value": variant, "variant": variant, "reason": "SPLIT",
                               "metadata": {"experiment": KEY, "state": "running", "version": 2, "takesPart": True}}


def test_nobody_is_split_before_or_after(office, running):
    store, site = office.store, office.shop
    said = lambda: (ask(office).json["value"], ask(office).json["reason"])  # noqa: E731
    register.add(store, site, defined(key="draft"), "dana")
    assert ask(office, "draft").json["errorCode"] == "FLAG_NOT_FOUND"
    register.pause(store, site, KEY, "dana")
    assert said() == ("control", "DISABLED")
    register.resume(store, site, KEY, "dana")
    assert said()[1] == "SPLIT"
    register.stop(store, site, KEY, "dana")
    assert said() == ("control", "DISABLED")
    register.decide(store, site, KEY, "dana", "ship", "More orders")
    assert said() == ("short", "STATIC")
    register.archive(store, site, KEY, "dana")
    assert said() == ("short", "STATIC")


def test_control_is_kept_when_that_was_decided(office, running):
    register.stop(office.store, office.shop, KEY, "dana")
    register.decide(office.store, office.shop, KEY, "dana", "keep_control", "Nothing gained")
    assert ask(office).json["value"] == "control" and ask(office).json["reason"] == "DISABLED"


@pytest.mark.parametrize("audience, context, reason", [
    ({"device": ["mobile"]}, {}, "STATIC"), ({"device": ["mobile"]}, {"device": "desktop"}, "STATIC"),
    ({"device": ["mobile"]}, {"device": "mobile"}, "SPLIT"), ({"country": ["IL"]}, {"country": "IL"}, "SPLIT"),
    ({"visitors": "new"}, {"visitors": "returning"}, "STATIC"), ({"visitors": "new"}, {"visitors": "new"}, "SPLIT"),
    ({"parameter": "ref=news"}, {"ref": "news"}, "SPLIT"), ({"parameter": "ref=news"}, {"ref": "other"}, "STATIC"),
    ({"device": ["mobile"]}, {"device": ["mobile"]}, "STATIC"), ({"device": ["mobile"]}, {"device": {"a": 1}}, "STATIC")])
def test_the_context_says_who_is_of_the_audience(office, monkeypatch, audience, context, reason):
    monkeypatch.setattr(ofrep, "FRESH_SECONDS", 0)
    register.add(office.store, office.shop, made(audience=audience), "dana")
    register.start(office.store, office.shop, KEY, "dana")
    answer = ask(office, **context).json
    assert (answer["reason"], answer["metadata"]["takesPart"]) == (reason, reason == "SPLIT")


def test_an_experiment_that_needs_consent_waits_for_it(office):
    register.add(office.store, office.shop, defined(needs_consent=True), "dana")
    register.start(office.store, office.shop, KEY, "dana")
    assert ask(office).json["reason"] == "STATIC" and ask(office, consent="yes").json["reason"] == "STATIC"
    assert ask(office, consent=True).json["reason"] == "SPLIT"


def test_one_variant_for_everybody_is_no_split(office):
    mapping = defined()
    mapping["variants"][0]["weight"], mapping["variants"][1]["weight"] = 0, 1
    register.add(office.store, office.shop, mapping, "dana")
    register.start(office.store, office.shop, KEY, "dana")
    assert ask(office).json["reason"] == "TARGETING_MATCH" and ask(office).json["value"] == "short"


@pytest.mark.parametrize("body, code", [
    (b"{", "PARSE_ERROR"), (b"", "PARSE_ERROR"), (b"[" * 100_000, "PARSE_ERROR"), (b"\xff", "PARSE_ERROR"),
    (b"[]", "INVALID_CONTEXT"), (b"{}", "INVALID_CONTEXT"), (b'{"context": 5}', "INVALID_CONTEXT"),
    (b'{"context": {}}', "TARGETING_KEY_MISSING"), (b'{"context": {"targetingKey": ""}}', "TARGETING_KEY_MISSING"),
    (b'{"context": {"targetingKey": 5}}', "INVALID_CONTEXT"), (b'{"context": {"targetingKey": "%s"}}' % (b"x" * 1001), "INVALID_CONTEXT")])
@pytest.mark.parametrize("path", [f"{ALL}/{KEY}", ALL])
def test_a_wrong_body_gets_the_code_of_the_specification(office, running, path, body, code):
    answer = office.app.test_client().post(path, data=body, content_type="application/json")
    assert answer.status_code == (413 if len(body) > 65536 else 400)
    assert answer.json["errorCode"] == code and answer.json["errorDetails"]
    assert answer.json.get("key") == (KEY if path.endswith(KEY) else None)


def test_an_unknown_flag_and_an_unknown_site_are_not_found(office, running):
    answer = ask(office, "other")
    assert (answer.status_code, answer.json["key"], answer.json["errorCode"]) == (404, "other", "FLAG_NOT_FOUND")
    answer = office.app.test_client().post(ALL.replace("shop", "nope"), json={"context": {"targetingKey": "a"}})
    assert answer.status_code == 404 and "no site" in answer.json["errorDetails"]


def test_all_flags_come_with_a_tag_and_304_while_nothing_changed(office, running):
    register.add(office.store, office.shop, defined(key="draft"), "dana")
    answer = ask(office, None)
    assert [flag["key"] for flag in answer.json["flags"]] == [KEY]
    tag = answer.headers["ETag"]
    for sent in (tag, tag.strip('"'), f"W/{tag}", f'"other", {tag}'):
        again = ask(office, None, headers={"If-None-Match": sent})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag), sent
    register.pause(office.store, office.shop, KEY, "dana")
    changed = ask(office, None, headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["ETag"] != tag


def test_any_page_may_ask(office, running):
    client = office.app.test_client()
    before = client.options(ALL, headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST",
                                          "Access-Control-Request-Headers": "content-type,if-none-match,authorization"})
    assert before.status_code == 204 and before.headers["Access-Control-Allow-Origin"] == "*"
    for name in ("content-type", "if-none-match", "authorization"):
        assert name in before.headers["Access-Control-Allow-Headers"].lower()
    answer = ask(office, None, headers={"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 200 and "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_token_that_is_sent_must_be_right(office, running, header):
    good, reads = (tokens.make(office.store, office.shop, "Shop", [scope]) for scope in ("flags:evaluate", "stats:read"))
    other = tokens.make(office.store, office.cafe, "Café", ["flags:evaluate"])
    sent = lambda text: {header: f"Bearer {text}" if header == "Authorization" else text}  # noqa: E731
    assert [ask(office, headers=sent(text)).status_code for text in (good, "netiv_wrong", reads, other)] == [200, 401, 403, 403]
    tokens.revoke(office.store, office.shop, tokens.of(office.store, office.shop)[-1].id)
    assert ask(office, headers=sent(good)).status_code == 401


def test_too_many_requests_of_one_address_are_told_when_to_come_back(office, running, monkeypatch):
    monkeypatch.setenv("NETIV_RATE", "0.2")
    app = create_app(office.data_dir, TESTING=True)
    client = app.test_client()
    body = {"context": {"targetingKey": "a"}}
    answers = [client.post(ALL, json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers][-1] == 429 and int(answers[-1].headers["Retry-After"]) >= 1
    token = tokens.make(office.store, office.shop, "Shop", ["flags:evaluate"])
    assert client.post(ALL, json=body, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_database_that_cannot_be_read_is_said_in_json(office, running, monkeypatch):
    def broken(*_, **__):
        raise office.store.Error("disk I/O error")
    monkeypatch.setattr(type(office.store), "ask", broken)
    answer = ask(office)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5" and "disk" not in answer.text


def test_another_sites_flags_are_not_there(office, running):
    register.add(office.store, office.cafe, defined(key="menu"), "omer")
    register.start(office.store, office.cafe, "menu", "omer")
    assert ask(office, "menu").status_code == 404
    assert sites.by_key(office.store, "cafe")
