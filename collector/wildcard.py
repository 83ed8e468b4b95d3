"""Patterns of owners, where * stands for any text: paths of goals, pages of measures, rules of journeys. Pure."""

import re


def fits(pattern):
    """A function that says whether a text is like the pattern.

    Its time grows with the text's length and no faster: the loader asks it about whatever visitors send.

    >>> bool(fits("/blog/*")("/blog/a")), bool(fits("/blog/*")("/blog"))
    (True, False)
    """
    first, *others = map(re.escape, pattern.split("*"))
    if not others:
        return re.compile(first).fullmatch
    *middle, last = others
    # each piece between stars is taken where it comes first, for good: a text that fits at all fits so too
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last, re.DOTALL).fullmatch
