"""Why an event was refused, in the reader's language.

The collector keeps the reason as the English sentence it answered with
(message.py); it is made of few parts, which are found again here. Words the
sender wrote, and a sentence that is not known, stay as they are.
"""

import re

from flask_babel import gettext as _

from journeys.report import N_

# a part is looked for in this order; what its groups hold is said in the same way
PARTS = tuple((re.compile(pattern, re.DOTALL), text) for pattern, text in (
    (r"is missing", N_("is missing")),
    (r"is not JSON in UTF-8", N_("is not JSON in UTF-8")),
    (r"cannot be (?P<value>'.*')", N_("cannot be %(value)s")),
    (r"could not be taken \((?P<error>\w+)\)", N_("could not be taken (%(error)s)")),
    (r"must be (?P<right>.+), not (?P<wrong>.+)", N_("must be %(right)s, not %(wrong)s")),
    (r"must be (?P<right>.+)", N_("must be %(right)s")),
    (r"text of at most (?P<most>\d+) characters", N_("text of at most %(most)s characters")),
    (r"text of at least (?P<least>\d+) characters", N_("text of at least %(least)s characters")),
    (r"text like (?P<pattern>'.*')", N_("text like %(pattern)s")),
    (r"a whole number < (?P<count>\d+), the number of pages", N_("a whole number < %(count)s, the number of pages")),
    (r"a whole number (?P<limit>[<>]=? -?\d+)", N_("a whole number %(limit)s")),
    (r"a number (?P<limit>[<>]=? -?[\d.]+)", N_("a number %(limit)s")),
    (r"text", N_("text")), (r"a whole number", N_("a whole number")), (r"a number", N_("a number")),
    (r"true or false", N_("true or false")), (r"a list", N_("a list")), (r"an object", N_("an object")),
    (r"null", N_("null")),
    (r"(?P<one>.+) or (?P<other>.+)", N_("%(one)s or %(other)s")),
))


def said(sentence):
    """The sentence in the reader's language, as far as it is ours."""
    for pattern, text in PARTS:
        found = pattern.fullmatch(sentence)
        if found:
            return _(text, **{name: said(part) for name, part in found.groupdict().items()})
    return sentence
