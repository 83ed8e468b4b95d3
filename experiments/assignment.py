"""Which variant a unit gets: nothing but arithmetic, the same here, in the browser and in OFREP.

A unit and a seed give a place on a line from 0 to 1 (bucket), and variants
divide that line among themselves (divide). The hash is GrowthBook's version 2,
published in its SDK guide: FNV-1a of 32 bits, twice, in ten thousand buckets.
It reads UTF-8, as FNV is defined on bytes. tracker/src/assign.js does the same;
tests/golden/assignment.json holds both to it.
"""

import re
from dataclasses import dataclass

BUCKETS = 10_000
OFFSET, PRIME = 0x811C9DC5, 0x01000193  # of FNV-1a, 32 bits


@dataclass(frozen=True)
class Split:
    """How an experiment divides its units. All edges are whole ten-thousandths, as fractions."""

    seed: str  # the experiment's key
    ranges: tuple  # of each variant: (start, end), end not included
    group: str = ""  # seed of a mutually exclusive group's own line; "" for none
    slots: tuple = ()  # the parts of that line that are this experiment's


def bucket(seed, unit):
    """The place of a unit, in [0, 1): one of ten thousand.

    >>> bucket("seed", "a")
    0.0505
    """
    return _fnv(str(_fnv(seed + unit))) % BUCKETS / BUCKETS


def divide(weights, share=1.0):
    """The ranges of variants that get `share` of the traffic, by `weights` that add up to 1.

    Each variant begins where it would with all traffic and takes the first part of its
    range: when the share grows, nobody changes the variant.

    >>> divide((0.5, 0.5), 0.5)
    ((0.0, 0.25), (0.5, 0.75))
    """
    ranges, start = [], 0.0
    for weight in weights:
        ranges.append((_edge(start), _edge(start + share * weight)))
        start += weight
    return tuple(ranges)


def variant_for(split, unit):
    """The variant of a unit, as its place in the definition, or None: not in this experiment."""
    if split.group and place_in(split.slots, bucket(split.group, unit)) is None:
        return None
    return place_in(split.ranges, bucket(split.seed, unit))


def place_in(ranges, n):
    """Which of the ranges holds `n`, or None."""
    return next((at for at, (start, end) in enumerate(ranges) if start <= n < end), None)


def group_seed(name):
    """The seed of a group's line; no experiment's key has a colon."""
    return f"group:{name}" if name else ""


def free_slots(taken, share, own=()):
    """Slots for an experiment that needs `share` of its group's line beside those `taken`, or None: not enough free.

    Takes and gives ranges. Keeps of its `own` what it can, so that a change of share moves as few units as it may.

    >>> free_slots([(0.0, 0.4)], 0.5)
    ((0.4, 0.9),)
    """
    need, found = round(share * BUCKETS), []
    for start, end in [*own, *_gaps([*taken, *own])]:
        width = min(need, round((end - start) * BUCKETS))
        if width > 0:
            found.append((start, _edge(start + width / BUCKETS)))
            need -= width
    return tuple(_joined(found)) if need <= 0 else None


def free_share(taken):
    """How much of a group's line is not `taken`.

    >>> free_share([(0.0, 0.25), (0.5, 1.0)])
    0.25
    """
    return _edge(sum(end - start for start, end in _gaps(taken)))


def _gaps(taken):
    """What of the line is in none of the ranges, in order."""
    at = 0.0
    for start, end in [*sorted(taken), (1.0, 1.0)]:
        if start > at:
            yield at, start
        at = max(at, end)


def _joined(ranges):
    """Ranges in order, those that touch made one."""
    joined = []
    for start, end in sorted(ranges):
        if joined and joined[-1][1] == start:
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _edge(x):
    return round(x, 4)  # 0.1 + 0.2 is an edge at 0.3, which the bucket 0.3 lies behind


def _fnv(text):
    value = OFFSET
    for byte in _bytes(text):
        value = (value ^ byte) * PRIME & 0xFFFFFFFF
    return value


def _bytes(text):
    try:
        return text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: browsers write U+FFFD for it
        return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()
