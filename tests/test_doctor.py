"""netiv doctor reads pages as the tracker will meet them."""

import http.server
import json
import re
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.doctor import cli, policy
from collector.doctor.findings import SENSITIVE, examine
from collector.snippet import HOLD, STUB, variants

TRACKER = Path(__file__).parents[1] / "tracker" / "src"
SHOP, NETIV = "https://shop.example", "https://netiv.example"
SNIPPET = variants(NETIV, "abc", {})[0].code
WITH_EXPERIMENTS = variants(NETIV, "abc", {}, experiments=True)[0].code


def page(body="", head="", html='<html lang="en">'):
    return f"<!doctype html>{html}<head><title>A page</title>{head}</head><body>{body}</body></html>"


def fields(body):
    return {field.name: field for form in examine(page(body)).forms for field in form.fields}


def test_which_fields_are_sensitive_is_the_trackers_own_rule():
    written = re.search(r"const SENSITIVE = /(.*)/i;", (TRACKER / "form.js").read_text(encoding="utf-8"))[1]
    assert SENSITIVE.pattern == written


@pytest.mark.parametrize("body", [
    '<input name="a" type="password">',
    '<input name="a" autocomplete="cc-number">',
    '<label for="x">תעודת זהות</label><input id="x" name="a">',
    '<label>ת"ז <input name="a"></label>',
    '<label>טלפון נייד<input name="a"></label>',
    '<label>מספר כרטיס אשראי<input name="a"></label>',
    '<input name="a" aria-label="Credit card">',
    '<input name="a" placeholder="סיסמה">',
])
def test_a_sensitive_field_is_told_by_type_token_name_and_label_in_both_languages(body):
    assert fields(body)["a"].sensitive


@pytest.mark.parametrize("body", ['<label>שם מלא<input name="a"></label>', '<input name="a" type="email">',
                                  '<label>City<input name="a"></label>', '<textarea name="a"></textarea>'])
def test_an_ordinary_field_is_not_sensitive(body):
    assert not fields(body)["a"].sensitive


def test_forms_and_their_fields_are_named_as_the_tracker_names_them():
    found = examine(page("""
        <form id="order"><label for="n">Name</label><input id="n" name="who"><select name="size"><option>S</select>
          <input type="hidden" name="token"><input type="submit" value="Buy"><textarea aria-label="Note"></textarea></form>
        <input name="late" form="order"><form name="news"><input type="email" name="mail"></form><input name="q">"""))
    assert [(form.name, [field.name for field in form.fields]) for form in found.forms] == [
        ("order", ["who", "size", "Note", "late"]), ("news", ["mail"]), ("(no form)", ["q"])]
    assert found.forms[0].fields[0].label == "Name"
    assert found.buttons == 1


def test_a_page_without_any_rule_in_the_way_has_no_problem():
    found = examine(page(head=SNIPPET), url=SHOP)
    assert (found.sites, found.stub, found.problems) == (("abc",), True, ())


def test_the_tag_managers_variant_is_recognised_too():
    assert examine(page(head=variants(NETIV, "abc", {})[1].code)).sites == ("abc",)


def test_a_strict_policy_is_mended_by_the_lines_it_proposes():
    strict = "default-src 'self'; script-src 'self' https://cdn.example"
    found = examine(page(head=SNIPPET), [("Content-Security-Policy", strict)], SHOP)
    assert [(problem.where, problem.directive) for problem in found.problems] == [
        ("header", "script-src"), ("header", "default-src")]
    mended = "; ".join(["default-src 'self'", *[problem.add for problem in found.problems]])
    assert f"script-src 'self' https://cdn.example {policy.STUB_HASH} {NETIV}" in mended
    assert examine(page(head=SNIPPET), [("Content-Security-Policy", mended)], SHOP).problems == ()


def test_with_a_second_script_the_second_inline_script_is_let_in_too():
    strict = f"script-src {NETIV} {policy.STUB_HASH}; connect-src {NETIV}"
    found = examine(page(head=WITH_EXPERIMENTS), [("Content-Security-Policy", strict)], SHOP)
    assert found.second and [problem.what for problem in found.problems] == [
        "The second inline script, which waits for experiments, does not run."]
    mended = f"{found.problems[0].add}; connect-src {NETIV}"
    assert policy.HOLD_HASH in mended
    assert examine(page(head=WITH_EXPERIMENTS), [("Content-Security-Policy", mended)], SHOP).problems == ()
    assert examine(page(head=SNIPPET), [("Content-Security-Policy", strict)], SHOP).problems == ()  # nothing of it is needed here


def test_the_second_scripts_hash_is_that_of_the_script_in_the_snippet():
    inside = re.findall(r"<script>(.*?)</script>", WITH_EXPERIMENTS, re.DOTALL)
    assert inside == [STUB, HOLD]


def test_a_second_script_without_the_one_before_it_is_noticed():
    alone = WITH_EXPERIMENTS.replace(f"<script>{HOLD}</script>", "")
    assert any("may show the control first" in hint for hint in examine(page(head=alone)).hints)
    assert not any("may show the control first" in hint for hint in examine(page(head=WITH_EXPERIMENTS)).hints)


def test_the_stubs_hash_is_that_of_the_script_in_the_snippet():
    inside = re.search(r"<script>(.*?)</script>", SNIPPET)[1]
    assert inside == STUB


@pytest.mark.parametrize("rules, what", [
    ("script-src 'nonce-abc'", "nonce"),
    ("script-src 'strict-dynamic'", "strict-dynamic"),
    ("connect-src 'none'", "Messages"),
    ("sandbox", "No script runs"),
    ("script-src 'unsafe-inline' 'sha256-abc' https://netiv.example", "stub"),
])
def test_each_kind_of_rule_in_the_way_is_named(rules, what):
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    found = examine(page(head=meta + SNIPPET), url=SHOP)
    assert [problem.where for problem in found.problems] == ["meta"]
    assert what in found.problems[0].what


@pytest.mark.parametrize("rules", [
    "script-src 'unsafe-inline' https:; connect-src https:", "script-src 'unsafe-inline' *.example; connect-src *",
    f"script-src {policy.STUB_HASH} netiv.example; connect-src netiv.example:443"])
def test_rules_that_let_the_snippet_work_are_left_alone(rules):
    assert examine(page(head=SNIPPET), [("content-security-policy", rules)], SHOP).problems == ()


def test_direction_and_language_are_read_and_a_hebrew_page_from_left_to_right_is_noticed():
    assert examine(page(html='<html lang="he" dir="rtl">')).direction == "rtl"
    assert any("dir=" in hint for hint in examine(page(html='<html lang="he">')).hints)
    assert not any("dir=" in hint for hint in examine(page(html='<html lang="he" dir="rtl">')).hints)


@pytest.mark.parametrize("body, hint", [
    ('<div id="root"></div>', "single-page app"),
    ("<script>(function(){})(window,document,'script','dataLayer','GTM-AB12CD')</script>", "GTM-AB12CD"),
    ("<script>window.dataLayer = []</script>", "data-netiv-datalayer"),
    ('<img src="/wp-content/a.png">', "WordPress"),
    ('<iframe src="https://js.stripe.com/v3/"></iframe>', "payment"),
])
def test_what_an_owner_should_know_is_said(body, hint):
    assert any(hint in said for said in examine(page(body)).hints)
    assert not any(hint in said for said in examine(page("<p>Plain</p>")).hints)


@pytest.mark.parametrize("html", ["", "<", "<form><input name=a", "</div></form><label><input></body>", "\x00<a href=//[>x"])
def test_broken_pages_are_read_as_far_as_they_go(html):
    assert examine(html, url=SHOP).url == SHOP


# -- the command

@pytest.fixture
def server():
    """Serves one page at any address: on /policy with a policy, on /away a redirect out of the web, on /cart to the shop."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = page('<form id="f"><input name="שם"></form>', SNIPPET).encode("windows-1255")
            to = {"/away": "file:///etc/passwd", "/cart": "/"}.get(self.path)
            self.send_response(302 if to else 200)
            self.send_header("Content-Type", "text/html; charset=windows-1255")
            if to:
                self.send_header("Location", to)
            if self.path == "/policy":
                self.send_header("Content-Security-Policy", "default-src 'none'")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def run(*words):
    return CliRunner().invoke(cli.doctor, words)


def test_the_command_reads_an_address_with_its_charset_and_headers(server):
    answer = run(server + "/", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["forms"][0]["fields"][0]["name"] == "שם"
    refused = run(server + "/policy")
    assert refused.exit_code == 1 and "connect-src" in refused.output


def test_the_command_reads_a_file(tmp_path):
    (tmp_path / "page.html").write_text(page('<input name="card">'), encoding="utf-8")
    assert "sensitive" in run(str(tmp_path / "page.html")).output


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.com/", "data:text/html,x", "/no/such/file"])
def test_nothing_but_the_web_and_files_by_name_is_read(address):
    answer = run(address)
    assert answer.exit_code == 1 and answer.output.startswith("Error: ")


def test_a_redirect_out_of_the_web_is_not_followed(server):
    answer = run(server + "/away")
    assert answer.exit_code == 1 and "root:" not in answer.output


def test_an_address_that_leads_to_another_is_named(server):
    answer = run(server + "/cart")
    assert answer.exit_code == 0 and f"{server}/\n          redirected from {server}/cart" in answer.output
    assert "redirected" not in run(server + "/").output


def test_a_page_is_cut_where_it_is_too_long(server, monkeypatch):
    monkeypatch.setattr(cli, "LONGEST", 100)
    html, _, _ = cli.fetch(server + "/")
    assert len(html) < len(page('<form id="f"><input name="שם"></form>', SNIPPET))
