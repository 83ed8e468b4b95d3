"""Documentation that fails when it lies: what the code has, the documents name, and the other way round."""

import configparser
import json
import re
from collections import Counter
from importlib import metadata
from pathlib import Path

import click
import pytest
from flask import Flask

from collector import message
from collector.events import TYPES
from collector.exclusions import REASONS
from collector.limits import BODY_BYTES
from collector.prepare import prepare
from journeys.reports import REPORTS
from wsgi import create_app, netiv

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
CODE = sorted(path for folder in ("collector", "journeys", "experiments", "bench", "tools") for path in (ROOT / folder).rglob("*.py"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


# -- the command line

def commands(group, name=""):
    for each in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), each)
        if isinstance(command, click.Group):
            yield from commands(command, f"{name}{each} ")
        else:
            yield name + each, command


COMMANDS = dict(commands(netiv))


def test_the_command_line_has_what_the_readme_promises():
    assert {"serve", "demo", "site add", "user add", "migrate", "export", "doctor", "report"} <= COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented_with_its_options(name):
    page = text("docs/cli.md")
    assert f"netiv {name}" in page
    for option in COMMANDS[name].params:
        long = [word for word in option.opts if word.startswith("--")]
        assert not long or long[0] in page, f"{long[0]} of netiv {name} is not in docs/cli.md"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_does(name):
    command = COMMANDS[name]
    assert command.help and command.get_short_help_str()
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_no_command_is_documented_that_is_not_there():
    named = re.findall(r"^#+ `netiv ([a-z-]+(?: [a-z-]+)?)", text("docs/cli.md"), re.M)
    assert named and [each for each in named if each not in COMMANDS and each.split()[0] not in COMMANDS] == []


def test_every_setting_of_the_environment_is_documented():
    used = {name for path in [*CODE, ROOT / "wsgi.py", ROOT / "gunicorn.conf.py"]
            for name in re.findall(r"\bNETIV_[A-Z]+\b", path.read_text(encoding="utf-8"))}
    assert used and {name for name in used if name not in text("docs/cli.md")} == set()


# -- addresses

@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    data = tmp_path_factory.mktemp("docs")
    prepare(data).close()
    app = create_app(data)
    while not isinstance(app, Flask):
        app = app.app
    return {rule.rule for rule in app.url_map.iter_rules()}


def test_every_address_for_programs_is_documented(rules):
    page = text("docs/http-api.md") + text("docs/reports.md")
    public = {"/event", "/netiv.js", "/health", *(rule for rule in rules if rule.startswith("/api/"))}
    # An address is documented with its variables, or with an example in their place.
    assert {rule for rule in public if not re.search(re.sub(r"<[^>]+>", r"[\\w<>]+", rule) + r"\b", page)} == set()


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_report_is_documented(name):
    assert re.search(rf"`{name}`", text("docs/reports.md"))


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_number_of_a_report_has_a_definition_or_speaks_for_itself(name):
    for value in vars(REPORTS[name]).values():
        columns = value if isinstance(value, tuple) else ()
        for column in columns:
            if getattr(column, "kind", "") in ("count", "rate", "seconds", "money"):
                assert column.definition, f"{column.key} of {name}"


# -- events

def test_every_event_type_is_in_the_wire_format_and_the_trackers_page():
    tags = {struct.__struct_config__.tag for struct in message.AnyEvent.__args__}
    assert tags - {"opt_out"} == set(TYPES) - {"outbound", "download"}
    for tag in tags:
        assert f"`{tag}`" in text("docs/http-api.md"), tag


def test_every_field_of_an_event_is_in_the_wire_format():
    page = text("docs/http-api.md")
    fields = {name for struct in (message.Batch, message.Page, *message.AnyEvent.__args__) for name in struct.__struct_fields__}
    assert {name for name in fields if f"`{name}`" not in page} == set()


def test_the_limits_are_those_in_the_wire_format():
    page = text("docs/http-api.md")
    for number in (BODY_BYTES >> 10, message.MAX_EVENTS, message.MAX_PAGES, message.MAX_DEPTH):
        assert re.search(rf"\b{number}\b", page), number


def test_every_option_of_the_snippet_is_documented():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tracker/src").glob("*.js"))
    options = {"data-" + re.sub(r"[A-Z]", lambda letter: "-" + letter[0].lower(), name)
               for name in re.findall(r"options\.(netiv[A-Za-z]+)", sources)} | set(re.findall(r"data-netiv-[a-z]+", sources))
    page = text("docs/tracker.md")
    assert options and {name for name in options if name not in page} == set()


def test_calls_that_documents_and_pages_show_are_the_trackers_commands():
    commands = set(re.search(r"export const commands = .*\{(\w.*)\}", text("tracker/src/rest.js"))[1].split(", ")) | {"variant"}
    shown = {call for path in [*PAGES, *(ROOT / "templates").rglob("*.html")] for call in re.findall(r"\bnetiv\('(\w+)'", path.read_text(encoding="utf-8"))}
    assert shown and shown - commands == set()


def test_every_reason_to_leave_something_out_is_documented():
    pages = text("docs/reports.md") + text("docs/privacy.md") + text("docs/http-api.md")
    assert {reason for reason in REASONS if f"`{reason}`" not in pages} == set()


# -- words, decisions, packages, links

def test_each_word_of_the_glossary_stands_once_and_in_order():
    words = re.findall(r"^\| ([^|]+?) \|", text("docs/glossary.md"), re.M)[2:]
    assert words == sorted(words, key=str.lower) and len(set(words)) == len(words) > 50


def test_the_code_says_the_words_of_the_glossary():
    avoided = re.compile(r"\b(uniques|pageload|landing_page|visit_id|dwell)\b")
    found = {path.name: avoided.findall(path.read_text(encoding="utf-8")) for path in CODE}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_event_type_and_dimension_of_the_journey_is_in_the_glossary():
    page = text("docs/glossary.md").lower()
    for word in ("session", "visitor", "site", "source", "medium", "channel", "campaign", "goal", "conversion", "spool", "loader", "store",
                 "totals", "trail", "bounce", "engaged time", "exit page", "entry page", "rage click", "dead click", "error click", "quick back"):
        assert f"| {word} |" in page, word


def test_decisions_are_numbered_once():
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert len(set(numbers)) == len(numbers) >= 8


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_has_context_decision_and_consequences_on_half_a_page(path):
    page = path.read_text(encoding="utf-8")
    assert page.startswith(f"# {int(path.name[:4])}. ")
    assert all(f"**{part}.**" in page for part in ("Context", "Decision", "Consequences"))
    assert len(page.split()) < 330


def pinned():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lists = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    found = dict(line.split("==") for each in lists for line in each.split("\n") if "==" in line)
    package = json.loads(text("tracker/package.json"))
    return {**found, **package["dependencies"], **package["devDependencies"]}


def test_every_dependency_is_documented_with_the_release_that_is_pinned():
    rows = re.findall(r"^\| (\S+) \| ([^|]+) \| ([^|]+) \| (\S+) \|$", text("docs/dependencies.md"), re.M)
    documented = {name: release for name, why, licence, release in rows if name not in ("package", "---")}
    assert documented == pinned()


def test_what_is_installed_is_pinned_down_to_what_the_packages_bring_with_them():
    wanted, seen = ["netiv"], {}
    while wanted:
        name = wanted.pop()
        for line in metadata.requires(name) or ():
            needed = canonical(re.match(r"[\w.-]+", line)[0])
            if needed not in seen and (name == "netiv" or "extra ==" not in line):
                try:
                    seen[needed] = metadata.version(needed)
                    wanted.append(needed)
                except metadata.PackageNotFoundError:  # for another system, or for an extra not asked for
                    pass
    pins = {canonical(name): release for name, release in pinned().items()}
    assert seen.pop("pip") and seen  # of sqlite-utils; each environment has its own
    assert seen == {name: pins.get(name) for name in seen}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_documents_lead_somewhere(path):
    page = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", page) if "://" not in link and not link.startswith("#")]
    assert [link for link in links if not (path.parent / link.partition("#")[0]).exists()] == []


def test_files_that_the_architecture_names_are_there():
    named = {name for page in ("ARCHITECTURE.md", "CONTRIBUTING.md") for name in re.findall(r"`((?:[a-z_-]+/)+[\w.-]+\.\w+)`", text(page))}
    assert named and {name for name in named if not (ROOT / name).exists()} == set()


def test_make_help_has_a_line_for_every_target():
    lines = text("Makefile").splitlines()
    targets = [line.partition(":")[0] for line in lines if re.match(r"[a-z-]+:", line)]
    explained = [line.partition(":")[0] for line in lines if re.match(r"[a-z-]+:.*## ", line)]
    assert set(targets) - set(explained) == {"test-setup"}
    assert Counter(targets).most_common(1)[0][1] == 1
