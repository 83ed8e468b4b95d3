"""A session's name in addresses: opaque, the same for good, and no part of its visitor's id. Pure.

It says when the session began, to the millisecond, and has a check that tells
sessions of the same millisecond apart. The visitor's bits of the id only go
into that check.
"""

import hashlib
import re

from collector.session import VISITOR_BITS

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LATEST = 1 << 63 - VISITOR_BITS  # an id has 63 bits
_FORM = re.compile(r"([0-9a-z]{1,10})-([0-9a-f]{6})")


def key(session_id):
    """The name of a session.

    >>> key(1773136800000 << 22 | 7)
    'mmkfvb40-1d5a90'
    """
    check = hashlib.blake2b(str(session_id).encode(), digest_size=3, person=b"netiv session").hexdigest()
    return f"{_written(session_id >> VISITOR_BITS)}-{check}"


def ids(text):
    """The ids among which a session of that name is: (low, high), low <= id < high; None when it is no such name.

    >>> ids("mmkfvb40-1d5a90") == (1773136800000 << 22, 1773136800001 << 22), ids("somebody")
    (True, None)
    """
    found = _FORM.fullmatch(text)
    began = int(found[1], 36) if found else LATEST
    if began >= LATEST:
        return None
    return began << VISITOR_BITS, (began + 1) << VISITOR_BITS


def _written(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"
