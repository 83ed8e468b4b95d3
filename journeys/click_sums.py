"""What chosen sessions clicked, on which pages, and where links led: added up from the columns of their days."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from collector.events import QUICK_BACK
from journeys.ask import sum_columns, written
from journeys.ways import NO_VALUE, close

_SIGNS = QUICK_BACK + 1  # of frustration, by their numbers; 0 is none, but a click


class Element(NamedTuple):
    value: Any  # its label, else its place in the page; at first the id
    element: Any  # its place, '' in the row of the signs of frustration
    clicks: int
    rage: int
    dead: int
    error_clicks: int


class Page(NamedTuple):
    page: Any  # its path; at first the id
    clicks: int
    rage: int
    dead: int
    error_clicks: int
    quick_backs: int


class Link(NamedTuple):
    value: Any  # where it leads; at first the id
    page: int  # the id
    clicks: int


def of_elements(store, site, period, filters, on):
    """An Element for each place that was clicked under each label, by these; on one page, or "" for all."""
    page = next((row.id for row in store.ask("journeys/chosen_pages", "and path = :path", site=site.id, path=on)), NO_VALUE) if on else None
    found = written(store, "name_texts", sum_columns(store, site, period, filters, _Elements(page), key=2, order=()), "value", "element")
    return sorted(found, key=lambda row: (row.value, row.element))


def of_pages(store, site, period, filters):
    """A Page for each page with any, most clicks first."""
    found = written(store, "page_paths", sum_columns(store, site, period, filters, _Pages(), key=1, order=()), "page")
    return sorted(found, key=lambda row: (-row.clicks, row.page))


def of_links(store, site, period, filters, kind):
    """A Link for each page on which each link of a kind, OUTBOUND or DOWNLOAD, was clicked."""
    return written(store, "name_texts", sum_columns(store, site, period, filters, _Links(kind), key=2, order=()), "value")


@dataclass(frozen=True)
class _Elements:
    """Makes Elements of a Part."""

    page: int | None

    @property
    def wants(self):
        return {"clicks": ("sign", "element", "label", *(["page"] if self.page is not None else []))}

    def __call__(self, part):
        of, some = part.clicks, part.of_chosen("clicks") & (part.clicks.sign != QUICK_BACK)
        if self.page is not None:
            some &= of.page == self.page
        signs, elements, labels = _sign(of.sign[some]), of.element[some].astype(np.int64), of.label[some]
        size = 1 + int(elements.max(initial=0))
        cells, counts = np.unique((np.where(labels, labels, elements) * size + elements * (signs == 0)) * _SIGNS + signs, return_counts=True)
        return [Element(cell // _SIGNS // size, cell // _SIGNS % size, *(count * (cell % _SIGNS == sign) for sign in range(QUICK_BACK)))
                for cell, count in zip(cells.tolist(), counts.tolist())]


@dataclass(frozen=True)
class _Pages:
    """Makes Pages of a Part."""

    wants = {"clicks": ("sign", "page")}

    def __call__(self, part):
        some = part.of_chosen("clicks")
        numbers, (places,) = close(part.clicks.page[some].astype(np.int64))
        sums = np.bincount(places * _SIGNS + _sign(part.clicks.sign[some]), minlength=_SIGNS * len(numbers)).reshape(-1, _SIGNS)
        found = np.flatnonzero(sums.any(axis=1))
        return [Page(page, *row) for page, row in zip(numbers[found].tolist(), sums[found].tolist())]


@dataclass(frozen=True)
class _Links:
    """Makes Links of a Part."""

    kind: int
    wants = {"clicks": ("sign", "page", "link")}

    def __call__(self, part):
        of, some = part.clicks, part.of_chosen("clicks") & (part.clicks.sign == self.kind)
        size = 1 + int(of.page.max(initial=0))
        cells, counts = np.unique(of.link[some].astype(np.int64) * size + of.page[some], return_counts=True)
        return [Link(*divmod(cell, size), count) for cell, count in zip(cells.tolist(), counts.tolist())]


def _sign(kinds):
    """The sign of frustration of each row, 0 of every click, those on links too."""
    return np.where(kinds > QUICK_BACK, 0, kinds)
