"""A session's pages in order, as text that SQL can search: '/' and four characters a page.

The slash stands at the start of every code and nowhere else, so instr() and
glob never match across two codes. Pure.
"""

import functools

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
WIDTH = 5
LONGEST = 60  # pages kept of one session


@functools.lru_cache(maxsize=8192)
def code(page_id):
    """The five characters of a page id from 0 to 64**4 - 1.

    >>> code(0), code(65)
    ('/0000', '/0011')
    """
    digits = []
    for _ in range(WIDTH - 1):
        page_id, digit = divmod(page_id, 64)
        digits.append(ALPHABET[digit])
    return "/" + "".join(reversed(digits))


def pages(trail):
    """The page ids of a trail, in order.

    >>> pages(code(7) + code(65))
    [7, 65]
    """
    return [_number(trail[start + 1:start + WIDTH]) for start in range(0, len(trail), WIDTH)]


def _number(digits):
    number = 0
    for digit in digits:
        number = number * 64 + ALPHABET.index(digit)
    return number
