"""What chosen sessions did on each page, or on the pages of each page group, added up from the columns of their days."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from journeys.ask import sum_columns, written

_ON_PAGES = ("views", "engaged_ms", "scroll", "scrolled", "clicks")


class Sums(NamedTuple):
    page: Any  # a path, or the name of a group, '' for none; at first the id of a page
    views: int
    sessions: int
    entries: int
    exits: int
    bounces: int
    engaged_ms: int
    scroll: int
    scrolled: int
    clicks: int


def of_pages(store, site, period, filters):
    """A Sums for each page, most viewed first."""
    return _ordered(written(store, "page_paths", sum_columns(store, site, period, filters, _Adds(), key=1, order=()), "page"))


def of_groups(store, site, period, filters):
    """A Sums for each page group: a session counts once, however many of its pages it saw."""
    return _ordered(sum_columns(store, site, period, filters, _Adds(by_group=True), key=1, order=()))


def _ordered(found):
    seen = [row for row in found if row.views or row.entries or row.exits or row.engaged_ms or row.clicks]
    return sorted(seen, key=lambda row: (-row.views, -row.sessions, row.page))


@dataclass(frozen=True)
class _Adds:
    """Makes Sums of a Part."""

    by_group: bool = False
    wants = {"sessions": ("entry_page", "exit_page", "bounce"), "pages": ("page", *_ON_PAGES)}

    def __call__(self, part):
        import numpy as np  # not above: the server starts without it

        from journeys import ways
        of, chosen, mine = part.sessions, part.chosen, np.flatnonzero(part.of_chosen("pages"))
        pages, views, *others = (getattr(part.pages, name)[mine] for name in ("page", *_ON_PAGES))
        pages, entries, exits = (column.astype(np.intp) for column in (pages, of.entry_page[chosen], of.exit_page[chosen]))
        names, (pages, entries, exits) = ways.close(pages, entries, exits)
        seen = pages[views > 0]
        if self.by_group:
            names, place = _groups(part, names, pages)
            pages, entries, exits = place[pages], place[entries], place[exits]
            pairs = np.sort(part.whose("pages")[mine][views > 0] * len(names) + place[seen])
            seen = pairs[ways.news(pairs)] % len(names)

        def counted(places, numbers=None):
            return np.bincount(places, numbers, len(names)).astype(np.int64)

        sums = np.stack([counted(pages, views), counted(seen), counted(entries), counted(exits), counted(entries, of.bounce[chosen]),
                         *(counted(pages, numbers) for numbers in others)], axis=1)
        found = np.flatnonzero(sums.any(axis=1))
        return [Sums(name, *row) for name, row in zip(names[found].tolist(), sums[found].tolist())]


def _groups(part, numbers, pages):
    """(names of groups, the place of each page's among them) of the pages seen; takes all pages and the places of these."""
    import numpy as np
    rows = part.ask("journeys/page_groups", pages=json.dumps(numbers[np.flatnonzero(np.bincount(pages))].tolist()))
    names = list({row.name: None for row in rows}) or [""]
    place, found = np.zeros(len(numbers), np.int64), {name: at for at, name in enumerate(names)}
    place[np.searchsorted(numbers, [row.page for row in rows])] = [found[row.name] for row in rows]
    return np.array(names, object), place
