"""Numbers in few bytes: the lowest byte of every number, then the next of each, for those of one place are much alike. Pure."""

import sys
from array import array
from zlib import compress, decompress

from collector.packed import QUICKLY


def pack(numbers):
    """The bytes of an array: how many places of a number have other bytes than 0, and those places."""
    raw, size = numbers.tobytes(), numbers.itemsize
    planes = [raw[at::size] for at in _places(size)]
    while len(planes) > 1 and not planes[-1].strip(b"\0"):
        planes.pop()
    return pack_planes(planes)


def pack_planes(planes):
    """The same of the bytes of each place, the lowest first."""
    return bytes([len(planes)]) + compress(b"".join(planes), QUICKLY)


def unpack(packed, code):
    """The array that was packed.

    >>> unpack(pack(array("q", [1, -2, 300])), "q")
    array('q', [1, -2, 300])
    """
    found = array(code)
    planes = decompress(packed[1:])
    count, size = len(planes) // packed[0], found.itemsize
    raw = bytearray(count * size)
    for nth, at in enumerate(_places(size)[:packed[0]]):
        raw[at::size] = planes[nth * count:(nth + 1) * count]
    found.frombytes(raw)
    return found


def _places(size):
    """Where in a number of this machine its bytes are, the lowest first."""
    return range(size) if sys.byteorder == "little" else range(size - 1, -1, -1)
