"""Experiments for programs: what they may read and do, what is said when something is wrong."""

import pytest

from collector import tokens
from experiments import register
from tests.experiments.example import backlog_says, made, pain_point, with_weights
from tests.office import office  # noqa: F401

HERE = "/api/sites/shop/experiments"
KEY = "short-checkout"


@pytest.fixture
def program(office):
    """Asks with a token that may write: program("POST", "/…", {…}) -> (status, JSON)."""
    return asking(office, ["stats:read", "experiments:write"])


def asking(office, scopes):
    client = office.app.test_client()
    token = tokens.make(office.store, office.shop, "Deploy", scopes)

    def ask(method, path="", body=None, **more):
        answer = client.open(HERE + path, method=method, json=body, headers={"Authorization": f"Bearer {token}"}, **more)
        return answer.status_code, answer.json
    return ask


def test_an_experiment_is_made_read_changed_and_deleted(program):
    status, one = program("POST", body=made())
    assert (status, one["state"], one["version"], one["history"][0]["who"]) == (201, "draft", 1, "token Deploy")
    assert program("GET", f"/{KEY}") == (200, one)
    status, one = program("PUT", f"/{KEY}", {"version": 1, "definition": made(name="Other")})
    assert (status, one["version"], one["definition"]["name"]) == (200, 2, "Other")
    assert [each["key"] for each in program("GET")[1]["experiments"]] == [KEY]
    assert program("DELETE", f"/{KEY}")[0] == 204 and program("GET", f"/{KEY}")[0] == 404


def test_everything_wrong_is_said_by_field(program):
    status, said = program("POST", body=with_weights(0.5, 0.6) | {"share": 2})
    assert status == 400 and [each["field"] for each in said["errors"]] == ["variants", "share"]
    assert said["error"] == said["errors"][0]
    assert program("GET") == (200, {"experiments": []})


def test_a_stale_edit_gets_409(program):
    program("POST", body=made())
    program("PUT", f"/{KEY}", {"version": 1, "definition": made(name="Other")})
    status, said = program("PUT", f"/{KEY}", {"version": 1, "definition": made(name="Mine")})
    assert status == 409 and said["error"]["field"] == "version" and "token Deploy changed it" in said["error"]["message"]


@pytest.mark.parametrize("body, field", [
    ({"definition": {}}, "version"), ({"version": "1", "definition": {}}, "version"), ({"version": True, "definition": {}}, "version"),
    ({"version": 1}, "definition"), ({"version": 1, "definition": [], "more": 1}, "more"), ([], "body")])
def test_a_change_says_its_version_and_definition(program, body, field):
    program("POST", body=made())
    status, said = program("PUT", f"/{KEY}", body)
    assert (status, said["error"]["field"]) == (400, field)


def test_what_is_no_json_is_refused(program):
    assert program("POST", data="key=a")[1]["error"]["field"] == "body"
    for broken in ("{", "", "[" * 200_000, '"text"'):
        assert program("POST", data=broken, content_type="application/json")[1]["error"]["field"] == "body"


def test_steps_and_a_decision(program, office):
    program("POST", body=made())
    status, said = program("POST", f"/{KEY}/start")
    assert status == 400 and said["error"]["field"] == "where"
    assert program("GET", f"/{KEY}/check")[1]["blockers"][0]["field"] == "where"
    register.start(office.store, office.shop, KEY, "dana")
    assert program("POST", f"/{KEY}/pause", {"version": 2})[1]["state"] == "paused"
    assert program("POST", f"/{KEY}/stop", {"version": 2})[0] == 409
    assert program("POST", f"/{KEY}/stop")[1]["state"] == "stopped"
    assert program("POST", f"/{KEY}/decide", {"decision": "keep_control"})[1]["error"]["field"] == "reason"
    assert program("POST", f"/{KEY}/decide", {"decision": "keep_control", "reason": 5})[1]["error"]["field"] == "reason"
    status, one = program("POST", f"/{KEY}/decide", {"decision": "keep_control", "reason": "No difference worth the work"})
    assert one["decision"] == {"decision": "keep_control", "variant": "", "reason": "No difference worth the work", "who": "token Deploy"}
    assert program("POST", f"/{KEY}/archive")[1]["state"] == "archived"
    assert program("GET", "?state=running")[1] == {"experiments": []} and program("GET", "?state=lost")[0] == 400
    assert len(program("GET", "?search=worth")[1]["experiments"]) == 1


def test_a_token_that_only_reads_changes_nothing(office):
    ask = asking(office, ["stats:read"])
    assert ask("POST", body=made())[0] == 403 and ask("GET")[0] == 200
    assert asking(office, ["flags:evaluate"])("GET")[0] == 403


def test_a_page_of_ours_sends_the_form_token(office):
    browser = office.as_("owner")
    assert browser.client.post(HERE, json=made()).status_code == 403
    answer = browser.client.post(HERE, json=made(), headers={"X-CSRF-Token": browser.token()})
    assert answer.status_code == 201 and answer.json["history"][0]["who"] == "dana@shop.example"
    assert office.as_("viewer").client.get(HERE).status_code == 200


def test_an_experiment_is_named_at_its_pain_point_until_its_draft_is_deleted(office):
    ask, number = asking(office, ["stats:read", "experiments:write", "site:write"]), pain_point(office.store, office.shop)
    assert ask("POST", "?point=x", made())[1]["error"]["message"].startswith("x is no point of the backlog; write the number of one: ")
    assert asking(office, ["experiments:write"])("POST", f"?point={number}", made())[0] == 403 and ask("GET")[1] == {"experiments": []}
    assert ask("POST", f"?point={number}", made())[0] == 201
    assert backlog_says(office.store, number) == (KEY, [("token Deploy", f"experiment → {KEY}")])
    assert ask("DELETE", f"/{KEY}")[0] == 204
    assert backlog_says(office.store, number) == ("", [("token Deploy", f"experiment → {KEY}"), ("token Deploy", "experiment → –")])
