"""Kinds of visitors as measurement finds them: a few clusters of sessions that hold when they are looked for again. Pure.

Sessions are compared by where they came from, device, new or returning, page
views and time on each page: Gower's distance (1971), the mean of what differs in
words and of how far numbers are apart, at equal weight. Clusters are k-medoids (Kaufman &
Rousseeuw 1990; steps of Park & Jun 2009), two to five of them, tried in the
order of their mean silhouette (Rousseeuw 1987). What is proposed must be there
again when the sessions are drawn anew: every cluster's mean Jaccard likeness to
the nearest cluster of bootstrap samples at least 0.75 (Hennig 2007). And the
groups must come from what goes together: shuffled column by column, the same
sessions must not fall apart as well.

A cluster is told by the filters that come nearest to it; what it is called is a
person's to say.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from collector.filters import depth_of, literal, pace_of

MOST = 5  # clusters
FEWEST_SESSIONS = 200
STRUCTURE = 0.25  # mean silhouette below which there is none to speak of (Kaufman & Rousseeuw 1990)
STABLE = 0.75  # mean Jaccard likeness of a cluster that is found again (Hennig 2007)
SAMPLES = 20  # of the bootstrap
SHUFFLES = 19
SMALLEST = 0.05  # of the sessions: a cluster with fewer is proposed to nobody
BETTER = 0.02  # likeness that one more filter must bring
MOST_KEYS = 3  # filters of one proposal


class Session(NamedTuple):
    """What a session is told apart by."""

    channel: str
    device: str
    visitor: str  # "new" or "returning"
    views: int
    engaged_ms: int


@dataclass(frozen=True)
class Cluster:
    share: float  # of the sessions looked at
    likeness: float  # mean Jaccard of the bootstrap
    terms: tuple  # pairs (key, value) of the filters that come nearest
    fit: float  # Jaccard of the sessions those filters choose and the cluster


@dataclass(frozen=True)
class Proposal:
    """`why` says why nothing is proposed: "few", "none" (no structure) or "unstable"; then there are no clusters."""

    sessions: int  # looked at
    clusters: tuple = ()  # largest first
    silhouette: float | None = None
    again: float | None = None  # mean adjusted Rand index of the bootstrap samples
    why: str = ""


def propose(sessions):
    """The Proposal for some Sessions, the same for the same ones."""
    if len(sessions) < FEWEST_SESSIONS:
        return Proposal(len(sessions), why="few")
    apart = distances(sessions)
    found = []
    for count in range(2, MOST + 1):
        labels = clusters(apart, count)
        if np.bincount(labels, minlength=count).min() >= SMALLEST * len(sessions):
            found.append((silhouette(apart, labels), labels))
    found.sort(key=lambda each: -each[0])
    if not found or found[0][0] < STRUCTURE:
        return Proposal(len(sessions), silhouette=found[0][0] if found else None, why="none")
    why = "none"
    for width, labels in found:
        if width < STRUCTURE:
            break
        if not goes_together(sessions, width, labels.max() + 1):
            continue
        likeness, again = stability(apart, labels)
        if min(likeness) >= STABLE:
            return Proposal(len(sessions), _described(sessions, labels, likeness), width, again)
        why = "unstable"
    return Proposal(len(sessions), silhouette=found[0][0], why=why)


def distances(sessions):
    """Gower's distance of every pair, each part at a mean of 1. Numbers by their logarithm, within what 95 of 100 sessions lie in."""
    parts = [_differs([getattr(each, name) for each in sessions]) for name in ("channel", "device", "visitor")]
    parts += [_far(np.log1p(numbers)) for numbers in (np.array([each.views for each in sessions], float),
                                                      np.array([each.engaged_ms / 1000 / max(each.views, 1) for each in sessions]))]
    # each weighs by how far it is apart on average, so that no one of them decides by its kind
    return sum(part / part.mean() for part in parts if part.mean()) / len(parts) if any(part.mean() for part in parts) else parts[0]


def _differs(words):
    numbers = np.unique(words, return_inverse=True)[1]
    return (numbers[:, None] != numbers[None, :]).astype(float)


def _far(numbers):
    low, high = np.quantile(numbers, (0.025, 0.975))
    numbers = np.clip(numbers, low, high)
    return np.abs(numbers[:, None] - numbers[None, :]) / (high - low) if high > low else np.zeros((len(numbers),) * 2)


def clusters(apart, count):
    """The number of its cluster for each of the points that lie so far apart."""
    return _nearest(apart, medoids(apart, count))


def medoids(apart, count):
    """Points in the middle of clusters: each the one that brings all nearest (BUILD), then moved until none is better."""
    middle, near = [], np.full(len(apart), np.inf)
    for _ in range(count):
        middle.append(int(np.minimum(apart, near[None, :]).sum(axis=1).argmin()) if middle else int(apart.sum(axis=1).argmin()))
        near = np.minimum(near, apart[middle[-1]])
    for _ in range(50):
        labels = _nearest(apart, middle)
        moved = [_middle_of(apart, np.flatnonzero(labels == number), middle[number]) for number in range(count)]
        if moved == middle:
            break
        middle = moved
    return middle


def _nearest(apart, middle):
    return apart[:, middle].argmin(axis=1)


def _middle_of(apart, members, former):
    return int(members[apart[np.ix_(members, members)].sum(axis=1).argmin()]) if len(members) else former


def silhouette(apart, labels):
    """Mean silhouette: 1 when clusters are far from each other, 0 when they are not told apart."""
    members = np.eye(labels.max() + 1)[labels]
    sizes = members.sum(axis=0)
    means = apart @ members / np.maximum(sizes, 1)
    rows = np.arange(len(labels))
    own = means[rows, labels] * sizes[labels] / np.maximum(sizes[labels] - 1, 1)
    means[rows, labels] = np.inf
    other = means.min(axis=1)
    widths = np.where(sizes[labels] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-12), 0.0)
    return float(widths.mean())


def goes_together(sessions, width, count):
    """Whether sessions fall into groups because what they are told apart by goes together: the silhouette is wider than any of
    SHUFFLES sets of sessions in which each column was shuffled by itself (p = 1 in SHUFFLES + 1). Else groups are only the
    values of one column, or of several that have nothing to do with each other.
    """
    chance = np.random.default_rng(1)
    columns = list(zip(*sessions, strict=True))
    for _ in range(SHUFFLES):
        mixed = [[column[at] for at in chance.permutation(len(column))] for column in columns[:3]]
        order = chance.permutation(len(sessions))  # page views and time stay together: the pace of a page is made of both
        apart = distances([Session(*words, columns[3][at], columns[4][at]) for *words, at in zip(*mixed, order, strict=True)])
        if silhouette(apart, clusters(apart, count)) >= width:
            return False
    return True


def stability(apart, labels):
    """(mean Jaccard likeness of each cluster, mean adjusted Rand index) over bootstrap samples; every point goes to its nearest."""
    chance, count = np.random.default_rng(0), labels.max() + 1
    likeness, again = np.zeros(count), 0.0
    for _ in range(SAMPLES):
        drawn = chance.integers(len(labels), size=len(labels))
        middle = drawn[medoids(apart[np.ix_(drawn, drawn)], count)]
        anew = _nearest(apart, middle)
        both = np.histogram2d(labels, anew, (np.arange(count + 1), np.arange(count + 1)))[0]
        either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
        likeness += (both / np.maximum(either, 1)).max(axis=1)
        again += adjusted_rand(both)
    return tuple(float(each) for each in likeness / SAMPLES), again / SAMPLES


def adjusted_rand(both):
    """The adjusted Rand index of two clusterings, from how many points are in each pair of clusters. Hubert & Arabie (1985).

    >>> adjusted_rand(np.array([[5, 0], [0, 7]]))
    1.0
    """
    pairs = [float((each * (each - 1) / 2).sum()) for each in (both, both.sum(axis=0), both.sum(axis=1))]
    total = float(both.sum() * (both.sum() - 1) / 2)
    expected = pairs[1] * pairs[2] / total
    most = (pairs[1] + pairs[2]) / 2
    return (pairs[0] - expected) / (most - expected) if most != expected else 1.0


# -- the filters that come nearest

def _described(sessions, labels, likeness):
    words = {"channel": np.array([literal(each.channel) for each in sessions]), "device": np.array([literal(each.device) for each in sessions]),
             "visitor": np.array([each.visitor for each in sessions]), "depth": np.array([depth_of(each.views) for each in sessions]),
             "pace": np.array([pace_of(each.engaged_ms, each.views) for each in sessions])}
    found = [Cluster(float((labels == number).mean()), likeness[number], *nearest_filters(words, labels == number)) for number in range(labels.max() + 1)]
    return tuple(sorted(found, key=lambda each: -each.share))


def nearest_filters(words, wanted):
    """(terms, Jaccard likeness) of filters, one key after another, each with the values that come nearest to the points `wanted`.

    `words` are, by key, the value of each point.
    """
    terms, chosen, best = (), np.ones(len(wanted), bool), float(wanted.mean())
    for _ in range(MOST_KEYS):
        options = [(*_values(words[key], chosen, wanted), key) for key in words if key not in dict(terms)]
        fit, values, key = max(options, key=lambda each: each[0], default=(0, (), ""))
        if fit < best + BETTER:
            break
        terms, best = (*terms, *((key, value) for value in values)), fit
        chosen = chosen & np.isin(words[key], values)
    return terms, best


def _values(words, chosen, wanted):
    """(likeness, values) of the values of one key: those in which the wanted are most at home, as many of them as help."""
    names = sorted(set(words[wanted].tolist()), key=lambda name: (-wanted[words == name].mean(), name))
    found = [(_jaccard(chosen & np.isin(words, names[:count]), wanted), tuple(names[:count])) for count in range(1, min(len(names), 4) + 1)]
    return max(found, key=lambda each: (each[0], -len(each[1])))


def _jaccard(one, other):
    return float((one & other).sum() / max((one | other).sum(), 1))
