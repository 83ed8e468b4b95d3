"""The command line: every command works, says what it did, and names the field that is wrong."""

import csv
import io
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from collector import accounts, audit, cli, contacts, sheet_reader, sites
from collector.visitor import Visitors
from tests.story import NOW
from wsgi import netiv

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run(store, data_dir):
    """run(*words) gives (exit code, output and errors together) of `netiv words --data …`."""
    def run(*words, **more):
        found = CliRunner().invoke(netiv, [*words, "--data", str(data_dir)], catch_exceptions=False, **more)
        return found.exit_code, found.output
    return run


def commands(group=netiv, path=("netiv",)):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


@pytest.mark.parametrize("name, command", [pytest.param(*each, id=each[0]) for each in commands()])
def test_every_command_and_option_has_help_and_stands_in_the_docs(name, command):
    assert command.help, name
    for option in command.params:
        if isinstance(option, click.Option) and not isinstance(option.type, click.Choice):
            assert option.help, f"{name} {option.opts}"
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    section = re.search(rf"^### `{name}[` ].*?(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"docs/cli.md says nothing of `{name}`"
    for option in command.params:
        if isinstance(option, click.Option) and option.name not in ("data_dir",):
            assert option.opts[-1] in section[0], f"docs/cli.md: `{name}` has {option.opts[-1]}"


def test_help_answers_without_a_data_directory():
    for words in (["--help"], ["site", "--help"], ["serve", "--help"], ["--version"]):
        assert CliRunner().invoke(netiv, words).exit_code == 0


def test_a_data_directory_that_is_not_there_is_named(tmp_path):
    found = CliRunner().invoke(netiv, ["site", "list", "--data", str(tmp_path / "nothing")])
    assert found.exit_code == 1 and "--data" in found.output and "holds no Netiv data" in found.output
    assert not (tmp_path / "nothing").exists()


def test_the_data_directory_may_stand_in_the_environment(store, data_dir):
    found = CliRunner().invoke(netiv, ["site", "list"], env={"NETIV_DATA": str(data_dir)})
    assert found.exit_code == 0


def test_sites_come_and_go(run, store):
    code, key = run("site", "add", "https://www.drums.example/", "--name", "Drums", "--currency", "EUR")
    assert code == 0
    site = sites.by_key(store, key.strip())
    assert (site.name, site.domain, site.currency) == ("Drums", "drums.example", "EUR")
    assert f"{site.key}\tdrums.example\tDrums\tno event yet" in run("site", "list")[1]
    assert "Aborted" in run("site", "remove", site.key, input="n\n")[1]
    assert sites.by_key(store, site.key)
    assert run("site", "remove", site.key, "--yes") == (0, "drums.example is deleted.\n")
    assert sites.by_key(store, site.key) is None


@pytest.mark.parametrize("words, field", [
    (["site", "add", "no host"], "domain"), (["site", "add", "x.example", "--timezone", "Mars"], "timezone"),
    (["site", "add", "x.example", "--currency", "XXQ"], "currency"), (["site", "remove", "nope", "--yes"], "site"),
    (["site", "add", "x.example", "--owner", "a@b.example"], "email"),
    (["site", "goal", "guitars", "page", "thanks"], "pattern"),
    (["user", "password", "a@b.example", "--password", "long enough"], "email"),
    (["user", "add", "dana", "--name", "Dana", "--password", "long enough"], "email"),
    (["user", "add", "a@b.example", "--name", "Dana", "--password", "short"], "password"),
    (["export", "nope"], "site"), (["export", "guitars", "--period", "sometime"], "period"),
])
def test_what_is_wrong_is_named_and_there_is_no_traceback(run, site, words, field):
    code, output = run(*words)
    assert code == 1 and output.startswith(f"Error: {field}: ") and output.count("\n") == 1


def test_goals_come_and_go(run, store, site):
    assert run("site", "goal", "guitars", "page", "/thanks*", "--name", "Thanks")[0] == 0
    assert [goal.name for goal in sites.goals(store, site)] == ["Purchase", "Thanks"]
    assert run("site", "goal", "guitars", "page", "/thanks*", "--remove")[0] == 0
    assert [goal.name for goal in sites.goals(store, site)] == ["Purchase"]


def test_users_come_change_and_go(run, store, site):
    assert run("user", "add", "dana@x.example", "--name", "Dana", "--site", "guitars", "--role", "owner",
               "--password", "correct horse") == (0, "dana@x.example may sign in.\n")
    run("user", "add", "vera@x.example", "--name", "Vera", "--password", "correct horse")
    assert run("user", "role", "vera@x.example", "guitars", "viewer")[0] == 0
    listed = run("user", "list")[1]
    assert "dana@x.example\tDana\tguitars: owner\n" in listed and "vera@x.example\tVera\tguitars: viewer\n" in listed
    before = store.ask("collector/password", user=1)[0].password_hash
    assert run("user", "password", "dana@x.example", "--password", "another good one")[0] == 0
    assert store.ask("collector/password", user=1)[0].password_hash != before
    assert run("user", "remove", "dana@x.example")[1] == "Error: role: cannot change: a site needs at least one owner\n"
    assert run("user", "remove", "vera@x.example") == (0, "vera@x.example is removed.\n")
    assert accounts.by_email(store, "vera@x.example") is None
    actions = {row.action for row in audit.latest(store)}
    assert {"added user", "changed role", "changed password", "removed user"} <= actions


def test_a_password_is_asked_for_and_not_shown(run):
    code, output = run("user", "add", "dana@x.example", "--name", "Dana", input="correct horse\ncorrect horse\n")
    assert code == 0 and "Password:" in output and "correct horse" not in output


def test_signing_out_from_the_terminal(run, store):
    from collector import signin
    user = accounts.add(store, "dana@x.example", "Dana", "correct horse")
    token = signin.begin(store, user, "")
    assert run("user", "sign-out", "dana@x.example")[1] == "dana@x.example is signed out of 1 places.\n"
    assert signin.find(store, token) is None


def test_a_set_up_link_is_given_again_while_nobody_has_an_account(run, store):
    one, two = (re.search(r"/setup/(\S+)", run("user", "first", "--url", "https://stats.example/")[1])[1] for _ in "12")
    from collector import links
    assert links.find(store, "setup", one) is None and links.find(store, "setup", two) is not None
    accounts.add(store, "dana@x.example", "Dana", "correct horse")
    assert run("user", "first")[0] == 1


def test_an_export_has_every_event_readable(run, story):
    story.visitor("dana").view("/?utm_source=news").event("sign_up", plan="=big").view("/cart")
    story.tell()
    lines = [json.loads(line) for line in run("export", "guitars")[1].splitlines() if line.startswith("{")]
    seen = [(line["type"], line.get("page"), line.get("name")) for line in lines]
    assert ("pageview", "/", None) in seen and ("pageview", "/cart", None) in seen and ("custom", "/", "sign_up") in seen
    assert len({line["session_id"] for line in lines}) == 1
    assert {line["source"] for line in lines} == {"news"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"]) for line in lines)
    custom = next(line for line in lines if line["type"] == "custom")
    assert custom["detail"]["plan"] == "=big"


def test_an_export_to_csv_holds_no_formula(run, story, tmp_path):
    story.visitor("dana").view("/").event("=HYPERLINK(1)")
    story.tell()
    target = tmp_path / "out.csv"
    assert run("export", "guitars", "--format", "csv", "--output", str(target))[0] == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert "'=HYPERLINK(1)" in {row["name"] for row in rows}
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_an_export_of_one_visitor_or_period_has_nothing_else(run, story, store):
    story.visitor("dana").view("/")
    story.visitor("omer").view("/cart")
    story.tell()
    def exported(*words):
        return [json.loads(line) for line in run("export", "guitars", *words)[1].splitlines() if line.startswith("{")]

    both = exported()
    one = both[0]["visitor_id"]
    only = exported("--visitor", str(one))
    assert len({line["visitor_id"] for line in both}) == 2 and {line["visitor_id"] for line in only} == {one}
    none = run("export", "guitars", "--period", "2001-01-01..2001-01-02")[1]
    assert "{" not in none


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_of_a_customer_has_what_erasing_takes(run, story, store, site, data_dir, form):
    customer = Visitors(data_dir / "keys").customer(site, "1042")
    story.visitor("dana").view("/").purchase(10, "88121")
    story.visitor("omer").view("/cart")
    story.tell()
    with store.transaction() as connection:  # she signed in after the first page
        connection.execute("update sessions set lasting = ? where purchases > 0", [customer])
    for text, what in (("at,kind,customer,note\n2026-03-09,call,1042,late\n2026-03-09,call,77,\n", "contacts"), ("at,order\n2026-03-10,88121\n", "orders")):
        contacts.bring_in(store, site, contacts.look(store, site, sheet_reader.read(text), what, now=NOW), "dana")
    by_customer, by_visitor = (run("export", "guitars", "--format", form, *words)[1]
                               for words in (("--customer", "1042"), (f"--visitor={customer}",)))
    assert by_customer == by_visitor
    lines = [json.loads(line) for line in by_customer.splitlines() if line.startswith("{")] if form == "jsonl" \
        else list(csv.DictReader(io.StringIO(by_customer)))
    assert [(line["type"], line.get("page") or "", line.get("name") or "") for line in lines] == [
        ("pageview", "/", ""), ("custom", "/", "purchase"), ("contact", "", "call"), ("order", "", "order")]
    assert "late" in str(lines[2]["detail"])
    assert "say one" in run("export", "guitars", "--customer", "1042", "--visitor", "7")[1]


def test_serve_becomes_the_server_with_the_directory_ready(tmp_path, monkeypatch):
    became = []
    monkeypatch.setattr(cli.os, "execv", lambda path, words: became.append((words, dict(cli.os.environ))))
    bind = f"127.0.0.1:{free_port()}"
    found = CliRunner().invoke(netiv, ["serve", "--data", str(tmp_path / "data"), "--bind", bind,
                                       "--url", "https://stats.example"], catch_exceptions=False)
    words, environment = became[0]
    assert words[1:3] == ["-m", "gunicorn"] and words[-1] == "wsgi:create_app()"
    assert environment["NETIV_DATA"] == str(tmp_path / "data") and environment["NETIV_BIND"] == bind
    assert re.search(r"https://stats\.example/setup/[\w-]{43}", found.output)
    assert (tmp_path / "data/netiv.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize(("bind", "said"), [("", "another program listens at 127.0.0.1:"), ("127.0.0.1:70000", "cannot listen at 127.0.0.1:70000"),
                                            ("192.0.2.1:8000", "cannot listen at 192.0.2.1:8000")])
def test_an_address_where_nobody_can_listen_is_said_before_any_link_is_printed(tmp_path, command, bind, said):
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = CliRunner().invoke(netiv, [command, "--data", str(tmp_path / "data"), "--bind", bind or f"127.0.0.1:{other.getsockname()[1]}"])
    assert found.exit_code == 1 and f"--bind: {said}" in found.output and "http" not in found.output
    assert not (tmp_path / "data").exists()


def test_served_for_real_the_link_on_the_console_opens(tmp_path):
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", "from wsgi import netiv; netiv()", "serve", "--data",
                               str(tmp_path / "data"), "--bind", f"127.0.0.1:{port}", "--workers", "1"],
                              cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+/setup/\S+", line):
                break
        page = opened(found[0])
        assert "Set up Netiv" in page
        assert not (tmp_path / "data/demo").exists()
        assert "lag_seconds" in opened(f"http://127.0.0.1:{port}/health")
    finally:
        server.send_signal(signal.SIGTERM)
        server.stderr.close()
        server.wait(30)


def opened(url, seconds=20):
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_the_installed_command_works_from_any_folder(tmp_path):
    command = [Path(sys.executable).with_name("netiv"), "--help"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 0 and "bench" in found.stdout, found.stderr
