"""Answers worked out before, good for as long as what they were worked out from has not changed.

Whoever keeps one says of which version its sources were *before* it was worked
out; it is given back to those only who find the same version now. So an answer
may be forgotten too early, and is never given too late.
"""

import marshal
import threading
import zlib
from collections import OrderedDict
from functools import partial

BESIDE = 4_000  # bytes that a key and its version take, about: SQL, values, and how often each day was written to
MOST_BYTES = 12_000_000  # in each process; 90 days of two thousand pages, by one filter, are about one million


class Kept:
    """Rows by key, those used last, packed into at most `most` bytes with their keys. May be used by several threads."""

    def __init__(self, most=MOST_BYTES):
        self.most = most
        self.bytes = 0
        self._answers = OrderedDict()  # key: (version, type of the rows, packed)
        self._lock = threading.Lock()

    def get(self, key, version):
        """The rows kept under a key, or None when there are none of this version."""
        with self._lock:
            found = self._answers.get(key)
            if found is None or found[0] != version:
                return None
            self._answers.move_to_end(key)
        _, row, packed = found
        return list(map(partial(tuple.__new__, row), marshal.loads(zlib.decompress(packed))))

    def put(self, key, version, rows):
        """Keeps named tuples of what marshal knows, such as numbers, texts and plain tuples of them, in the place of what stood under the key."""
        packed = zlib.compress(marshal.dumps(list(map(tuple, rows))), 1)
        with self._lock:
            self._drop(key)
            self._answers[key] = version, type(rows[0]) if rows else tuple, packed
            self.bytes += len(packed) + BESIDE
            while self.bytes > self.most:
                self._drop(next(iter(self._answers)))

    def _drop(self, key):
        if key in self._answers:
            self.bytes -= len(self._answers.pop(key)[2]) + BESIDE
