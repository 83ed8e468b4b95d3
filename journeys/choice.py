"""Which sessions of a Part (parts.py) filters choose: the same that collector/filters.py says in SQL.

What stands in columns is looked for in all sessions at once. What only rows say,
such as a step of a funnel, is asked in SQL, for the rest of the filters alone.
"""

import json
from functools import partial, reduce
from itertools import chain

import numpy as np

from collector import filters as narrowing
from collector.filters import Filters
from journeys import abandoned
from journeys.ways import close

_PAGES = ("entry_page", "exit_page")
_TELLS = {  # key of CHOICES: (columns of sessions, function of them and the word)
    "visitor": (("previous_day",), lambda word, previous: (previous >= 0) == (word == "returning")),
    "depth": (("views",), lambda word, views: _within(views, *_DEPTHS[word])),
    "pace": (("views", "engaged_ms"), lambda word, views, engaged: _within(engaged.astype(np.int64) // np.maximum(views, 1), *_PACES[word]))}
_DEPTHS = {"1": (None, 1), "2-4": (2, 4), "5-9": (5, 9), "10+": (10, None)}
_PACES = {"quick": (None, 9_999), "steady": (10_000, 29_999), "slow": (30_000, None)}


class Choice:
    """Filters, read once for all parts of a period. `wants` are the columns to read for them, by family; `rest` those that rows must answer."""

    def __init__(self, store, site, filters):
        self._store, self._site, self._named = store, site, filters.named
        here, rest = [], []
        for group in filters.groups():
            (here if self._is_in_columns(*group) else rest).append(group)
        self.wants = {}
        self._tests = [self._group(*each) for each in here]
        self.rest = Filters((), filters.named, tuple(tuple((key, value) for value in typed) for key, typed in rest))

    def of(self, part):
        """Of each session of a Part, whether the columns choose it."""
        return _all([test(part) for test in self._tests], part)

    def _is_in_columns(self, key, typed):
        if key == "segment":
            return all(self._is_in_columns(*group) for each in self._chosen(typed) for group in each.filters.groups())
        return key in narrowing.DIMENSIONS or key in _TELLS or key in ("page", "group", "event", "abandoned", "variant")

    def _chosen(self, typed):
        words = {value.removeprefix("!") for value in typed}
        return [each for each in self._named if each.key in words]

    def _group(self, key, typed):
        """A function of a Part: whether each session has one of what is wanted, and none of what is not."""
        wanted = [value for value in typed if not value.startswith("!")]
        unwanted = [value[1:] for value in typed if value.startswith("!")]
        has, hasnt = (self._has(key, values) if values else None for values in (wanted, unwanted))
        if has and hasnt:
            return lambda part: has(part) & ~hasnt(part)
        return has or (lambda part: ~hasnt(part))

    def _has(self, key, typed):
        if key == "segment":
            segments = [[self._group(*group) for group in each.filters.groups()] for each in self._chosen(typed)]
            return lambda part: _any([_all([test(part) for test in tests], part) for tests in segments])
        if key in _TELLS:
            names, tells = _TELLS[key]
            self._want("sessions", *names)
            return lambda part: _any([tells(word, *(getattr(part.sessions, name) for name in names)) for word in typed])
        if key == "goal":
            goals = [f",{number}," for number in self._ids("goals", "name", typed)]
            self._want("sessions", "goals")
            return lambda part: np.array([any(goal in text for goal in goals) for text in part.sessions.goals.texts] or [False])[part.sessions.goals.places]
        if key in ("page", "group"):
            pages = self._ids("pages", "path", typed) if key == "page" else self._ids("group", "name", typed)
            self._want("pages", "page", "views")
            return lambda part: part.saw(pages)
        if key == "event":
            named = self._named_so(typed)
            self._want("events", "name")
            return lambda part: part.any_of("events", named(part.events.name))
        if key == "abandoned":
            steps = [abandoned.step(self._store, self._site, word) for word in typed]
            for family, names in chain.from_iterable(each.wants.items() for each in steps):
                self._want(family, *names)
            return lambda part: _any([each.of(part)[1] for each in steps])
        if key == "variant":
            bound = {}
            self._want("exposures", "name", "label")
            return partial(_shown, self._store.ask, f"and {narrowing.text(narrowing.VARIANT, typed, bound)}", bound)
        self._want("sessions", key)
        if key in _PAGES:
            pages = self._ids("pages", "path", typed)
            return lambda part: np.isin(getattr(part.sessions, key), pages)
        named = self._named_so(typed)
        return lambda part: named(getattr(part.sessions, key))

    def _want(self, family, *names):
        self.wants[family] = tuple(dict.fromkeys((*self.wants.get(family, ()), *names)))

    def _ids(self, question, column, typed):
        bound = {}
        fragment = f"and {narrowing.text(column, typed, bound)}"
        return [row.id for row in self._store.ask(f"journeys/chosen_{question}", fragment, site=self._site, **bound)]

    def _named_so(self, typed):
        """A function of a column of names' ids: whether each is one of those meant."""
        bound = {}
        return partial(_is_named, self._store.ask, f"and {narrowing.text('text', typed, bound)}", bound)


def _is_named(ask, fragment, bound, column):
    """Whether each of some names' ids is one that a fragment chooses. Names are of all sites and of very much: only those that stand here are asked about."""
    numbers, (places,) = close(column)
    among = json.dumps(numbers[np.flatnonzero(np.bincount(places))].tolist())
    rows, named = ask("journeys/chosen_names", f"and id in (select value from json_each(:among)) {fragment}", among=among, **bound), np.zeros(len(numbers), bool)
    named[np.searchsorted(numbers, [row.id for row in rows])] = True
    return named[places]


def _shown(ask, fragment, bound, part):
    """Whether each session was shown one of the variants that a fragment chooses, of those of these days."""
    pairs = part.exposures.name.astype(np.int64) << 32 | part.exposures.label
    chosen = [row.id for row in ask("journeys/chosen_variants", fragment, pairs=json.dumps(np.unique(pairs).tolist()), **bound)]
    return part.any_of("exposures", np.isin(pairs, chosen))


def _within(numbers, least, most):
    return (numbers >= least if least is not None else True) & (numbers <= most if most is not None else True)


def _all(tests, part):
    return reduce(np.logical_and, tests, np.ones(len(part.sessions.day), bool))


def _any(tests):
    return reduce(np.logical_or, tests)
