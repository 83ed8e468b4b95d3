"""Numbers as collector/planes.py packs them. Pure."""

from zlib import decompress

import numpy as np

_FEW = {1: np.uint8, 2: np.uint16, 3: np.uint32, 4: np.uint32}  # by how many bytes of a number are not 0


def numbers(packed):
    """The array that was packed, as whole numbers of 8 bytes."""
    return few_bytes(packed).astype(np.int64, copy=False)


def few_bytes(packed):
    """The same in as few bytes as all of them need: without a sign where there are less than 8."""
    planes = np.frombuffer(decompress(packed[1:]), np.uint8).reshape(packed[0], -1)
    if len(planes) == 1:
        return planes[0]
    kind = np.dtype(_FEW.get(len(planes), np.int64)).newbyteorder("<")
    found = np.zeros((planes.shape[1], kind.itemsize), np.uint8)
    for place, plane in enumerate(planes):
        found[:, place] = plane
    return found.view(kind).ravel()
