"""What chosen sessions did in forms and in their fields, added up from columns (parts.py). Pure."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from journeys import parts


class Tried(NamedTuple):
    """How far sessions came in a form: a row of forms.sql."""

    form: Any  # at first the id of its name
    value: Any  # of a sides.Side, at first its id; None for none
    viewers: int
    starters: int
    submitters: int
    abandons: int
    completions: int
    revenue: int


class Filled(NamedTuple):
    """What sessions did in a field of a form: a row of form_fields.sql."""

    form: Any  # at first the id of its name
    field: Any  # so too
    sessions: int
    stays: int = 0
    time_ms: int = 0
    hesitations: int = 0
    hesitation_ms: int = 0
    corrections: int = 0
    returns: int = 0
    autofills: int = 0
    pastes: int = 0
    errors: int = 0
    last_fields: int = 0
    places: int = 0
    completions: int = 0
    gone: int = 0
    gone_returned: int = 0
    gone_corrected: int = 0
    gone_refused: int = 0
    done: int = 0
    done_returned: int = 0
    done_corrected: int = 0
    done_refused: int = 0


@dataclass(frozen=True)
class Tries:
    """Makes Tried of a Part, by the ids that a by_side.BySide gives."""

    side: Any

    @property
    def wants(self):
        return parts.together(self.side.wants, {"sessions": ("revenue",), "forms": ("form", "viewed", "started", "submitted", "abandoned", "completed")})

    def __call__(self, part):
        of, mine = part.forms, part.of_chosen("forms")
        whose, completed = part.whose("forms")[mine], of.completed[mine] > 0
        return [Tried(*row) for row in _sums(
            of.form[mine], self.side.of(part)[whose], of.viewed[mine], of.started[mine], of.submitted[mine], of.abandoned[mine],
            completed, np.where(completed, part.sessions.revenue[whose], 0))]


@dataclass(frozen=True)
class Fields:
    """Makes Filled of a Part."""

    wants = {"forms": ("form", "abandoned", "last_field", "completed"),
             "fields": ("form", "field", "stays", "time_ms", "hesitations", "hesitation_ms", "corrections", "returns", "autofills", "pastes",
                        "errors", "place")}

    def __call__(self, part):
        mine, tries = part.of_chosen("fields"), part.forms
        form, field, *numbers, place = (getattr(part.fields, name)[mine] for name in self.wants["fields"])
        stays, _, _, _, corrections, returns, _, _, errors = numbers
        # the attempt each field is of: none where the form was not touched, only a value refused; beyond the last attempt there is one of nothing
        attempts, wanted = _pairs(part.whose("forms"), tries.form), _pairs(part.whose("fields")[mine], form)
        at = np.searchsorted(attempts, wanted)
        tried = np.append(attempts, -1)[at] == wanted
        abandoned, completed = (tried & (np.append(column, 0)[at] > 0) for column in (tries.abandoned, tries.completed))
        left = tried & (np.append(tries.last_field, 0)[at] == field)
        reached = (stays > 0) | left
        gone, done = reached & abandoned, reached & completed & ~abandoned
        did = returns > 0, corrections > 0, errors > 0
        found = [Filled(*row) for row in _sums(
            form, field, reached, *numbers, left, place, reached & completed & ~left,
            gone, *(gone & each for each in did), done, *(done & each for each in did))]
        # those left in a field in which the session did nothing else
        elsewhere = part.of_chosen("forms") & (tries.last_field > 0)
        elsewhere[at[left]] = False
        return found + [Filled(*pair, sessions, last_fields=sessions, gone=sessions)
                        for *pair, sessions in _sums(tries.form[elsewhere], tries.last_field[elsewhere], np.ones(np.count_nonzero(elsewhere)))]


def _sums(first, second, *columns):
    """(first, second, the sum of each column) of each different pair."""
    pairs, which = np.unique(_pairs(first, second), return_inverse=True)
    return [(pair >> 32, (pair & 0xffffffff) - 1, *sums) for pair, (_, _, *sums) in zip(pairs.tolist(), parts.sums(which, *columns))]


def _pairs(first, second):
    """A number for each pair of numbers from 0 on; the second may be -1, too. In the order of the first, then of the second."""
    return first.astype(np.int64) << 32 | second.astype(np.int64) + 1
