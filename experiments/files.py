"""Experiments as TOML files, to be kept in a repository: in, out, and what differs between file and store. Pure."""

import tomllib
from dataclasses import MISSING, fields, is_dataclass

import tomli_w

from experiments.definition import KINDS, Metric, Variant
from experiments.reading import BadExperiment, N_

LARGEST = 1_000_000  # characters


def read(text):
    """The mapping of a TOML file, for definition.read(). Raises BadExperiment when it is no TOML."""
    if len(text) > LARGEST:
        raise BadExperiment("file", N_("is too large to be one experiment"))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadExperiment("file", N_("is no TOML: %(why)s"), why=error) from None
    except RecursionError:
        raise BadExperiment("file", N_("is no TOML: %(why)s"), why="nested too deep") from None


def write(experiment):
    """The experiment as TOML; what has its usual value is left out."""
    return tomli_w.dumps(_brief(experiment), multiline_strings=True)


def shown(differences):
    """Lines of a difference as definition.differences() gives it: what goes with a minus, what comes with a plus."""
    for field, (before, after) in differences.items():
        if before is not None:
            yield f"- {field} = {_value(before)}"
        if after is not None:
            yield f"+ {field} = {_value(after)}"


def _brief(value):
    if isinstance(value, tuple):
        return [_brief(each) for each in value]
    if not is_dataclass(value):
        return value
    usual = {field.name: field.default for field in fields(value) if field.default is not MISSING}
    if isinstance(value, (Metric, Variant)):
        usual["name"] = value.key
    if isinstance(value, Metric):
        usual["direction"] = KINDS[value.kind][0]
    return {field.name: _brief(getattr(value, field.name)) for field in fields(value)
            if usual.get(field.name, MISSING) != getattr(value, field.name)}


def _value(value):
    return tomli_w.dumps({"v": value}).partition(" = ")[2].strip()
