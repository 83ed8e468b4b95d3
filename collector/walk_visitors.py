"""Who met the touchpoints of a day: how many visitors passed by, and the ids of those who can be known again on another day. Pure.

A number for each touchpoint and each stage, touchpoint 0. Of a range of days those
who passed by are added up, and each id counts once. An id is 8 bytes, the lowest first.
"""

import struct
from array import array
from collections import Counter

KEY = ("journey_id", "day", "stage", "touchpoint")  # of `touchpoint_visitors`
ID = "<i8"  # as numpy calls it


class Met:
    """The visitors of one day, taken session by session. A day may have many, so ids that must be kept are 8 bytes each."""

    def __init__(self):
        self._once = Counter()  # (stage, touchpoint): visitors of one session who passed by
        self._ids = {}  # the same: (others who passed by, those who can be known again), for each session

    def add(self, visitor, lasting, touchpoints, alone=False):
        """A session's rows of `session_touchpoints`; `lasting` is the id by which its visitor can be known again, or None.

        `alone`: it is the visitor's only session of the day.
        """
        met = {(row[3], row[2]) for row in touchpoints}
        for cell in met | {(stage, 0) for stage, _ in met}:
            passing, known = self._ids.get(cell) or self._ids.setdefault(cell, (array("q"), array("q")))
            if lasting is not None:
                known.append(lasting)
            elif alone:
                self._once[cell] += 1
            else:
                passing.append(visitor)

    def rows(self, journey, day):
        """Rows of `touchpoint_visitors`."""
        return [(journey, day, *cell, self._once[cell] + len(set(passing)), pack(set(known))) for cell, (passing, known) in sorted(self._ids.items())]

    def taken_from(self, row):
        """What is left of a row of `touchpoint_visitors` without these visitors, or None when nobody is.

        An id that is not in it was counted as one who passed by: before it was known, or the day's ids were let go.
        """
        *key, were_passing, blob = row
        passing, known = map(set, self._ids.get(tuple(key[2:]), ((), ())))
        ids = set(unpack(blob))
        left = max(0, were_passing - len(passing) - len(known - ids))
        return (*key, left, pack(ids - known)) if left or ids - known else None


def pack(ids):
    return struct.pack(f"<{len(ids)}q", *sorted(ids))


def unpack(blob):
    return struct.unpack(f"<{len(blob) // 8}q", blob)
