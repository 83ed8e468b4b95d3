"""Reads a mapping that somebody typed, field by field, and gathers all that is wrong with it. Pure."""

import math
import re
from fractions import Fraction

from collector.fields import BadField, N_


UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class BadExperiment(BadField):
    """Fields of an experiment are wrong: this one, and all of `errors`."""

    @classmethod
    def of(cls, errors):
        """One error for several, the first of them with the others in its `errors`."""
        errors[0].errors = list(errors)
        return errors[0]


class Stale(BadExperiment):
    """Somebody else changed it meanwhile."""

    status = 409


class Reader:
    """One mapping of a definition. `path` says where it stands; parts share the list of `errors` with the whole."""

    def __init__(self, mapping, path="", errors=None):
        self.path, self.errors = path, [] if errors is None else errors
        self._asked = set()
        self._is_table = isinstance(mapping, dict)
        self._mapping = mapping if self._is_table else {}
        if not self._is_table:
            self.errors.append(BadExperiment(path or "experiment", N_("is not a table of fields")))

    def text(self, name, default="", longest=100, needed=False, strip=True):
        value = self._take(name)
        if value is None or value == "":
            if needed:
                self.wrong(name, N_("is missing"))
            return default
        if not isinstance(value, str):
            self.wrong(name, N_("is not a text"))
            return default
        value = value.strip() if strip else value
        if len(value) > longest:
            self.wrong(name, N_("is longer than %(longest)s characters"), longest=longest)
            return default
        if UNSTORABLE.search(value):
            self.wrong(name, N_("holds a character that is none: a zero byte, or half a pair of surrogates"))
            return default
        return value or default

    def choice(self, name, choices, default=None, needed=False):
        """One of `choices`, the first when nothing else is said."""
        value = self.text(name, needed=needed)
        if not value:
            return default or next(iter(choices))
        self.one_of(name, value, choices)
        return value

    def one_of(self, name, value, choices):
        if value not in choices:
            self.wrong(name, N_("%(typed)s is unknown; write one of %(choices)s"), typed=value, choices=", ".join(choices))

    def number(self, name, default, least, most):
        """A number from `least` to `most`; must be there when its default is None."""
        value = self._take(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) \
                or not least <= value <= most:
            self.wrong(name, N_("must be a number from %(least)s to %(most)s"), least=least, most=most)
            return default if default is not None else 0.0
        return float(value)

    def whole(self, name, default, least, most):
        """A whole number from `least` to `most`, or the default when it is left out."""
        value = self._take(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(name, N_("must be a whole number from %(least)s to %(most)s"), least=least, most=most)
            return default
        return value

    def exact(self, name, least, most):
        """A number that must be there, as it is written: whole, or a Fraction (0.1 is a tenth)."""
        value = self._take(name)
        if value is None:
            self.wrong(name, N_("is missing"))
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            self.wrong(name, N_("must be a number from %(least)s to %(most)s"), least=least, most=most)
        else:
            return value if isinstance(value, int) else Fraction(repr(value))
        return 0

    def numbers(self, name, least, most):
        """A list of numbers, () when it is left out."""
        value = self._take(name)
        value = [] if value is None else value
        if not isinstance(value, (list, tuple)):
            self.wrong(name, N_("is not a list of numbers"))
            return ()
        for at, each in enumerate(value):
            if isinstance(each, bool) or not isinstance(each, (int, float)) or not least <= each <= most:
                self.wrong(f"{name}[{at}]", N_("must be a number from %(least)s to %(most)s"), least=least, most=most)
        return () if self.is_wrong(name) else tuple(value)

    def flag(self, name):
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            self.wrong(name, N_("is neither true nor false"))
        return value is True

    def texts(self, name, longest, most=50):
        """A list of texts, empty ones left out."""
        value = self._take(name)
        value = [] if value is None else value
        if not isinstance(value, (list, tuple)) or len(value) > most or not all(
                isinstance(each, str) and len(each) <= longest and not UNSTORABLE.search(each) for each in value):
            self.wrong(name, N_("is not a list of at most %(most)s texts of at most %(longest)s characters"),
                       most=most, longest=longest)
            return ()
        return tuple(each.strip() for each in value if each.strip())

    def has(self, name):
        self._asked.add(name)
        return self._mapping.get(name) is not None

    def part(self, name):
        """A Reader for the mapping under a name; empty when there is none."""
        value = self._take(name)
        return Reader({} if value is None else value, self._at(name), self.errors)

    def parts(self, name, most, fewest=0):
        """Readers for a list of mappings."""
        value = self._take(name)
        value = [] if value is None else value
        if not isinstance(value, (list, tuple)) or not fewest <= len(value) <= most:
            self.wrong(name, N_("is not a list of %(fewest)s to %(most)s tables"), fewest=fewest, most=most)
            return []
        return [Reader(each, self._at(f"{name}[{at}]"), self.errors) for at, each in enumerate(value)]

    def only(self, *names):
        """Says of every other field that it is unknown."""
        for name in self._mapping:
            if name not in names:
                self.wrong(str(name)[:60], N_("is unknown; there are: %(choices)s"), choices=", ".join(names))

    def done(self):
        """Raises BadExperiment when anything was wrong, or unknown in the whole."""
        self.only(*sorted(self._asked))
        if self.errors:
            raise BadExperiment.of(self.errors)

    def wrong(self, name, text, **values):
        if self._is_table:  # of what is none, that says all
            self.errors.append(BadExperiment(self._at(name), text, **values))

    def is_wrong(self, name):
        """Was anything found wrong at this field or within it?"""
        field = self._at(name)
        return any(error.field == field or error.field.startswith((f"{field}.", f"{field}[")) for error in self.errors)

    def _at(self, name):
        return ".".join(part for part in (self.path, name) if part)

    def _take(self, name):
        self._asked.add(name)
        return self._mapping.get(name)
