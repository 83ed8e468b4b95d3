"""What reports tell sessions apart by: one of their dimensions, or which variant of an experiment they were shown.

A session is shown the variants of several experiments, so one experiment is
looked at at a time, and only sessions that were shown any of its variants.
"""

from dataclasses import dataclass

from collector.filters import DIMENSIONS, Filters, literal
from journeys.options import BadOption, Option
from journeys.report import Column, N_

VARIANT = 16  # stands in sql/dimension.sql beside the numbers of DIMENSIONS
EXPERIMENT = Option("experiment", "", N_("The experiment whose variants are told apart; the one started last when left out"))
COLUMN = Column("value", N_("Variant"), "text", N_("The experiment and the variant of it that the session was shown first."), filter="variant")
SHOWN = N_("Only sessions in which a variant of the experiment was shown. The differences to its first variant are no verdict: which variant is better says the experiment's own result.")
NONE_YET = N_("This site has not started an experiment yet, so no variant was shown.")


@dataclass(frozen=True)
class Side:
    by: str = ""  # "" for nothing: all together
    experiment: str = ""  # its key, where variants are told apart; "" where the site has none
    control: str = ""  # its first variant, as COLUMN has it

    @property
    def values(self):
        """What questions with dimension.sql in them bind."""
        return {"dimension": VARIANT if self.by == "variant" else DIMENSIONS.get(self.by, 0), "experiment": self.experiment}

    @property
    def notes(self):
        return (SHOWN if self.experiment else NONE_YET,) if self.by == "variant" else ()

    def narrowed(self, filters):
        """The filters, and that a session has such a side at all."""
        return filters.within(Filters((("variant", f"{literal(self.experiment)}:*"),))) if self.by == "variant" else filters


NONE = Side()


def read(store, site, options):
    """The Side that the options `by` and `experiment` ask for. Raises BadOption."""
    by, wanted = options["by"], options["experiment"]
    if by != "variant":
        return Side(by if by in DIMENSIONS else "")
    known = experiments(store, site)
    if wanted and wanted not in known:
        raise BadOption("experiment", N_("is %(typed)s; write one of %(choices)s") if known else N_("is %(typed)s, and no experiment was started here yet"),
                        typed=wanted[:40], choices=", ".join(known))
    key = wanted or next(iter(known), "")
    return Side(by, key, f"{key}:{known[key]}" if key else "")


def experiments(store, site):
    """{key: its first variant's} of the site's experiments that were ever started, that started last first."""
    return {row.key: row.control for row in store.ask("journeys/experiments", site=site.id)}
