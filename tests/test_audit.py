"""The audit log takes every action that the code writes into it."""

import ast
from pathlib import Path

from collector.audit import ACTIONS

ROOT = Path(__file__).resolve().parents[1]


def actions(tree):
    """Every action a module gives to audit.record: literally, or through a function of its own that takes it as an argument."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    passed_on = {}  # name of a function: place of the argument that it hands over
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in function.args.args]
        for given in (node.args[2] for node in ast.walk(function) if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"):
            if isinstance(given, ast.Name):
                passed_on[function.name] = names.index(given.id)
            else:
                yield from _texts(given)
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in passed_on:
            yield from _texts(call.args[passed_on[call.func.id]])


def _texts(node):
    """The texts an expression can come to: one, or one of two."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    assert isinstance(node, ast.Constant), f"an action is a text: {ast.unparse(node)}"
    return [node.value]


def test_every_action_that_is_written_is_known_and_every_known_one_is_written():
    written = {action for folder in ("collector", "journeys", "experiments") for path in sorted((ROOT / folder).rglob("*.py"))
               for action in actions(ast.parse(path.read_text(encoding="utf-8")))}
    assert written == set(ACTIONS)
