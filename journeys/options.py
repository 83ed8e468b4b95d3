"""Options of a report: what may be asked besides period and filters, read from an address or given in Python."""

from dataclasses import dataclass

from collector import filters
from collector.fields import BadField, N_


class BadOption(BadField):
    """An option cannot be read: `field` is its name."""


@dataclass(frozen=True)
class Option:
    """One option. Its default says its type: a text, a number, or a tuple for one that may be given several times."""

    name: str
    default: object
    definition: str
    choices: tuple = ()
    least: int = 1
    most: int = 512  # the largest number, or the longest text


LIMIT = Option("limit", 100, N_("How many rows to show"), most=100_000)
SEARCH = Option("search", "", N_("Show only rows with this text in them"))
SORT = Option("sort", "", N_("The column to sort by; a minus before it puts the largest first"))
LISTING = (LIMIT, SEARCH, SORT)


def check(options, given):
    """Every option by name, read from `given` or as its default. Raises BadOption.

    >>> check((Option("by", "page", "", choices=("page", "form")), LIMIT), {"limit": "5"})
    {'by': 'page', 'limit': 5}
    """
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            raise BadOption(name, N_("is neither an option of this report nor a filter; the options are %(options)s, the filters %(filters)s") if known else
                            N_("is no filter, and this report has no options; the filters are %(filters)s"),
                            options=", ".join(known), filters=", ".join(filters.KEYS))
    return {name: _read(option, given[name]) if name in given else option.default
            for name, option in known.items()}


def _read(option, value):
    if isinstance(option.default, tuple):
        values = [value] if isinstance(value, str) else list(value)
        return tuple(_text(option, each) for each in values if each)
    if isinstance(value, (list, tuple)):
        if len(value) > 1:
            raise BadOption(option.name, N_("is given more than once; give it once"))
        value = value[0] if value else ""
    if value in ("", None):
        return option.default
    return _number(option, value) if isinstance(option.default, int) else _text(option, value)


def _number(option, value):
    try:
        number = int(value)
    except ValueError:
        number = None
    if number is None or not option.least <= number <= option.most:
        raise BadOption(option.name, N_("is %(typed)s; write a whole number from %(least)s to %(most)s"),
                        typed=str(value)[:40], least=option.least, most=option.most)
    return number


def _text(option, value):
    if option.choices and value not in option.choices:
        raise BadOption(option.name, N_("is %(typed)s; write one of %(choices)s"),
                        typed=str(value)[:40], choices=", ".join(option.choices))
    if len(value) > option.most or "\0" in value:
        raise BadOption(option.name, N_("is longer than %(most)s characters or has a zero byte"), most=option.most)
    return value
