"""Who met the touchpoints of a day: how many visitors passed by, and the ids of those who can be known again on another day. Pure.

A number for each touchpoint and each stage, touchpoint 0. Of a range of days those
who passed by are added up, and each id counts once. An id is 8 bytes, the lowest first.
"""

import struct
from array import array

KEY = ("journey_id", "day", "stage", "touchpoint")  # of `touchpoint_visitors`
ID = "<i8"  # as numpy calls it


class Met:
    """The visitors of one day, taken session by session. An id is kept as 8 bytes, and each once only in the end: a day may have many."""

    def __init__(self):
        self._cells = {}  # (stage, touchpoint): (those who passed by, those who can be known again)

    def add(self, visitor, lasting, touchpoints):
        """A session's rows of `session_touchpoints`; `lasting` is the id by which its visitor can be known again, or None."""
        place, person = (0, visitor) if lasting is None else (1, lasting)
        met = {(row[3], row[2]) for row in touchpoints}
        for cell in met | {(stage, 0) for stage, _ in met}:
            found = self._cells.get(cell)
            if found is None:
                found = self._cells[cell] = array("q"), array("q")
            found[place].append(person)

    def rows(self, journey, day):
        """Rows of `touchpoint_visitors`."""
        return [(journey, day, *cell, len(set(passing)), pack(set(lasting))) for cell, (passing, lasting) in sorted(self._cells.items())]

    def taken_from(self, row):
        """What is left of a row of `touchpoint_visitors` without these visitors, or None when nobody is.

        An id that is not in it was counted as one who passed by: before it was known, or the day's ids were let go.
        """
        *key, were_passing, blob = row
        passing, lasting = map(set, self._cells.get(tuple(key[2:]), ((), ())))
        ids = set(unpack(blob))
        left = max(0, were_passing - len(passing) - len(lasting - ids))
        return (*key, left, pack(ids - lasting)) if left or ids - lasting else None


def pack(ids):
    return struct.pack(f"<{len(ids)}q", *sorted(ids))


def unpack(blob):
    return struct.unpack(f"<{len(blob) // 8}q", blob)
