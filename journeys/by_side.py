"""What each session of a Part (parts.py) has of what a report tells sessions apart by."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from journeys.ask import texts_of
from journeys.ways import NO_VALUE


@dataclass(frozen=True)
class BySide:
    """A dimension, or the number of an experiment's name whose variants are told apart; neither for nothing."""

    dimension: str = ""
    experiment: int | None = None

    @property
    def wants(self):
        if self.experiment is not None:
            return {"exposures": ("name", "label")}
        return {"sessions": (self.dimension,)} if self.dimension else {}

    def of(self, part):
        """The id of each session's value, NO_VALUE for none."""
        if self.experiment is not None:
            return self._shown_first(part)
        return getattr(part.sessions, self.dimension) if self.dimension else np.full(len(part.chosen), NO_VALUE)

    def _shown_first(self, part):
        found = np.full(len(part.chosen), NO_VALUE)
        shown = part.exposures.name == self.experiment
        found[part.whose("exposures")[shown][::-1]] = part.exposures.label[shown][::-1]  # the first is put in last
        return found


class Shown(NamedTuple):
    several: int  # sessions that were shown several variants of the experiment


@dataclass(frozen=True)
class Crossed:
    """Makes Shown of a Part; `side` is the BySide of an experiment."""

    side: BySide

    @property
    def wants(self):
        return self.side.wants

    def __call__(self, part):
        whose, shown = part.whose("exposures"), part.exposures
        found = np.zeros(len(part.chosen), bool)
        found[whose[(shown.name == self.side.experiment) & (shown.label != self.side.of(part)[whose])]] = True
        return [Shown(int((found & part.chosen).sum()))]


def of(store, side):
    """The BySide of a sides.Side."""
    if side.by != "variant":
        return BySide(side.by)
    return BySide(experiment=next((row.id for row in store.ask("journeys/chosen_names", "and text = :text", text=side.experiment)), NO_VALUE))


def texts(store, side, ids):
    """{id: how it is written} of such values."""
    question = "page_paths" if side.by in ("entry_page", "exit_page") else "name_texts"
    found = texts_of(store, question, ids)
    return {key: f"{side.experiment}:{text}" for key, text in found.items()} if side.by == "variant" else found
