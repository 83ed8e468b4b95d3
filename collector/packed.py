"""Rows that wait for the transaction that writes them, held in a small part of the memory they would take as tuples. Pure."""

from zlib import compress, decompress

import msgspec

_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder().decode
QUICKLY = 1  # rows of one table are much alike: more effort finds little more


class Packed:
    """Pieces of rows. What was put in last comes out first; each piece stays in its order. May be read more than once.

    >>> rows = Packed()
    >>> rows.put([(3, "c"), (4, "d")])
    >>> rows.put([(1, "a"), (2, "b")])
    >>> list(rows)
    [[1, 'a'], [2, 'b'], [3, 'c'], [4, 'd']]
    """

    def __init__(self):
        self._pieces = []

    def put(self, rows):
        if rows:
            self._pieces.append(compress(_encode(rows), QUICKLY))

    def __bool__(self):
        return bool(self._pieces)

    def __iter__(self):
        for piece in reversed(self._pieces):
            yield from _decode(decompress(piece))
