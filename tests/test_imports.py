"""Who may import whom, and what pure modules keep away from. The rules stand in ARCHITECTURE.md."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("collector", "journeys", "experiments")
MODULES = sorted([*(path for room in ROOMS for path in (ROOT / room).rglob("*.py")), ROOT / "wsgi.py"])

# Every module of a room may import from these of ours; wsgi from all.
MAY = {"collector": {"collector"}, "journeys": {"collector", "journeys"}, "experiments": {"collector", "experiments"}}
STORAGE_MAY = {"collector.storage", "collector.filters"}
PURE = {f"collector.{name}" for name in
        ("carts", "editions", "message", "session", "device", "place", "mask", "period", "filters", "source", "exclusions", "money", "rows",
         "totals", "trail", "unit", "stages", "presets", "matcher", "wildcard", "day_columns", "planes", "walk_columns", "walk_rows", "walk_visitors", "packed", "journey_form", "events", "headers", "snippet", "demo.plan", "demo.shop", "demo.truths", "demo.words",
         "demo.people", "cells", "contact_rows", "history_rows", "interval", "quantile", "sheet_reader", "doctor.findings", "doctor.page", "doctor.policy")} | {
        f"experiments.{name}" for name in
        ("assignment", "calculator", "calculator_form", "changes", "comparison", "corrections", "definition", "form", "guardrails", "packet", "plots", "power", "reading", "reasons", "sequential", "spending", "srm", "statistics",
         "statistics.curves", "statistics.few", "statistics.means", "statistics.posterior", "statistics.rates", "statistics.roots",
         "statistics.sums", "verdict", "words")} | {f"journeys.{name}" for name in
        ("attribution", "boards", "buying", "cohorts", "detectors", "draft", "field_cost", "form_columns", "map_paper", "meetings", "met_columns", "moments", "practices", "proposals", "seen", "session_columns", "sizing", "steps", "survival", "ways", "onwards", "funnel_columns", "parts", "unpacked")}
IMPURE = {"flask", "werkzeug", "gunicorn", "pysqlite3", "sqlite3", "sqlite_utils", "time", "secrets", "socket",
          "subprocess", "urllib.request"}
FLASK = {"views", "api", "ofrep", "cli", "accounts", "current", "locale", "answers", "wsgi"}
PAGE_PARTS = {"collector.frame", "collector.labels"} | {f"journeys.{name}" for name in (
    "about", "attempts", "bar", "figures", "filter_words", "funnel_page", "headline", "heat", "labels", "left", "light", "map_drawn", "map_forms", "map_page", "matrix", "navigation", "pain_page", "portraits", "refusals", "table", "telling", "walk")} | {
    f"experiments.{name}" for name in ("calculator_page", "computed", "curve", "drawn", "listing", "navigation", "result_effects", "result_facts", "result_health", "result_page", "result_people", "result_readings", "sentences")}  # speak the reader's language


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """Full names of what a module imports, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports with their full name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name, packages):
    return any(name == package or name.startswith(package + ".") for package in packages)


def ours(path):
    return {name for name in imports(path) if within(name, (*ROOMS, "wsgi"))}


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "wsgi.py"], ids=name_of)
def test_a_module_imports_only_from_rooms_it_may_know(path):
    allowed = MAY[name_of(path).partition(".")[0]]
    assert {name for name in ours(path) if not within(name, allowed)} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if "storage" in path.parts], ids=name_of)
def test_storage_knows_nothing_of_ours_but_filters(path):
    assert {name for name in ours(path) if not within(name, STORAGE_MAY)} == set()


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path) in PURE], ids=name_of)
def test_a_pure_module_has_no_web_store_clock_or_chance(path):
    assert {name for name in imports(path) if within(name, IMPURE)} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_flask_is_imported_by_views_and_their_like_only(path):
    uses = {name for name in imports(path) if within(name, {"flask", "flask_babel"})}
    assert not uses or any(part in FLASK for part in path.stem.split("_")) or name_of(path) in PAGE_PARTS, uses


def test_every_pure_module_is_there():
    assert PURE - {name_of(path) for path in MODULES} == set()


def test_the_rules_see_a_breach(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("import journeys.views\ndef f():\n    from flask import request\n", encoding="utf-8")
    assert set(imports(bad)) == {"journeys.views", "flask.request"}
