"""How much of the conversions goes to each touchpoint: by what would be lost without it, and by first, last and linear touch. Pure.

Ways through touchpoints are read as a Markov chain of first order with a start,
a conversion and an end without one. A touchpoint's *removal effect* is the part
of the conversions that is lost when everybody who comes to it leaves instead:
Anderl, Becker, von Wangenheim & Schumann (2016), International Journal of
Research in Marketing 33, 457-474. Because who is removed at T would have gone
through T,

    effect = P(a way comes to T) * P(conversion, once at T) / P(conversion)

The effects are brought to a sum of all conversions. It is association: a page
that everybody passes before paying gets much whether or not it persuades.
"""

from collections import Counter, defaultdict
from itertools import groupby
from typing import NamedTuple

START, CONVERTED, LEFT = "(start)", "(converted)", "(left)"


class Credit(NamedTuple):
    """Conversions given to one touchpoint by each method, and what its removal would lose."""

    removal: float  # share of all conversions, 0-1
    markov: float
    first: float
    last: float
    linear: float


def credits(ways):
    """{touchpoint: Credit}. Takes {(touchpoints in order, whether it converted): how many such ways}.

    >>> found = credits({(("a", "b"), True): 1, (("a",), False): 1, (("b",), False): 1})
    >>> found["a"].removal, found["b"].removal
    (0.5, 1.0)
    """
    counts = Counter()
    for (way, converted), number in ways.items():
        counts[_once(way), converted] += number
    conversions = sum(number for (way, converted), number in counts.items() if converted and way)
    steps = _transitions(counts)
    places = sorted({place for way, _ in counts for place in way})
    effects = _effects(steps, places)
    total = sum(effects.values())
    touched = _touches(counts)
    return {place: Credit(effects[place], conversions * effects[place] / total if total else 0.0, *touched[place]) for place in places}


def _once(way):
    """The way without a touchpoint that follows itself."""
    return tuple(place for place, _ in groupby(way))


def _transitions(counts):
    """{from: {to: probability}}."""
    numbers = defaultdict(Counter)
    for (way, converted), number in counts.items():
        if way:
            for before, after in zip((START, *way), (*way, CONVERTED if converted else LEFT)):
                numbers[before][after] += number
    return {before: {after: number / after_all.total() for after, number in after_all.items()} for before, after_all in numbers.items()}


def _effects(steps, places):
    """The removal effect of each place."""
    passed = _visits(steps, places)
    conversion = {place: sum(visits * steps[other].get(CONVERTED, 0.0) for other, visits in passed[place].items()) for place in passed}
    whole = conversion[START] if START in conversion else 0.0
    return {place: passed[START].get(place, 0.0) / passed[place][place] * conversion[place] / whole if whole else 0.0 for place in places}


def _visits(steps, places):
    """{from: {place: how often a way that is at `from` comes to it, being there counted too}}: (1 - Q)⁻¹ by Gauss and Jordan."""
    names = [START, *places] if START in steps else []
    size, at = len(names), {name: number for number, name in enumerate(names)}
    left = [[float(row == column) for column in range(size)] for row in range(size)]
    for name in names:
        for after, probability in steps.get(name, {}).items():
            if after in at:
                left[at[name]][at[after]] -= probability
    right = [[float(row == column) for column in range(size)] for row in range(size)]
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda row: abs(left[row][pivot]))
        left[pivot], left[best], right[pivot], right[best] = left[best], left[pivot], right[best], right[pivot]
        scale = left[pivot][pivot]
        left[pivot], right[pivot] = [each / scale for each in left[pivot]], [each / scale for each in right[pivot]]
        for row in range(size):
            factor = left[row][pivot]
            if row != pivot and factor:
                left[row] = [mine - factor * its for mine, its in zip(left[row], left[pivot])]
                right[row] = [mine - factor * its for mine, its in zip(right[row], right[pivot])]
    return {name: dict(zip(names, right[at[name]], strict=True)) for name in names}


def _touches(counts):
    """{place: [first, last, linear]} conversions."""
    found = {place: [0.0, 0.0, 0.0] for way, _ in counts for place in way}
    for (way, converted), number in counts.items():
        if converted and way:
            found[way[0]][0] += number
            found[way[-1]][1] += number
            for place in way:
                found[place][2] += number / len(way)
    return found
