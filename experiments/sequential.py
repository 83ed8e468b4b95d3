"""When one may say so: how large z must be, at this moment, for a verdict that keeps its word however often one looks. Pure.

    hybrid     any number of looks while it runs (a fifth of α), one test at the planned end (the rest)
    scheduled  looks at agreed times, α spent slowly: experiments.spending
    fixed      one look, at the planned end

Statistics come as z; how they are made is experiments.statistics' business.
"""

import math
from dataclasses import dataclass

from experiments.spending import bounds
from experiments.statistics.curves import critical

HYBRID, SCHEDULED, FIXED = RULES = ("hybrid", "scheduled", "fixed")
RUNNING, END, BETWEEN, OPEN = "running", "end", "between looks", "open"  # stages of an experiment, as the rule sees it
EARLY = 5  # a fifth of α is for looking early: 0.01 of 0.05


@dataclass(frozen=True)
class Plan:
    """What was agreed before the start. `visitors` in all variants, None when nothing was planned; `looks` are the visitors at
    each scheduled look so far; `final` says that the planned end is reached whatever the visitors; `stopped` that it was
    ended before."""

    visitors: int | None = None
    rule: str = HYBRID
    alpha: float = 0.05
    looks: tuple = ()
    final: bool = False
    stopped: bool = False

    def level(self, stage):
        """α of what may be decided at a stage: under the hybrid rule all early looks share a fifth, the end has the rest.

        Without planned visitors there are no early looks, and the end has it all.

        >>> Plan(20000).level(RUNNING), Plan(20000).level(END), Plan(final=True).level(END)
        (0.01, 0.04, 0.05)
        """
        if self.rule != HYBRID or not self.visitors:
            return self.alpha
        return self.alpha - self.always_alpha if stage == END else self.always_alpha

    def stage(self, visitors):
        """Where an experiment with so many visitors in all stands: RUNNING, END, BETWEEN (scheduled looks) or OPEN (no plan).

        >>> Plan(20000).stage(12000), Plan(20000).stage(20000), Plan(final=True).stage(5), Plan().stage(5)
        ('running', 'end', 'end', 'open')
        """
        if not self.stopped and (self.final or (self.visitors and visitors >= self.visitors)):
            return END
        if not self.visitors:
            return OPEN
        if self.rule == SCHEDULED and visitors not in self.looks:
            return BETWEEN
        return RUNNING

    def critical(self, stage, tests, visitors, share=1.0):
        """How large |z| must be to reject at this stage at α / `tests`; None when nothing may be rejected now.

        `visitors` are those of the two variants compared, `share` their part of all
        planned visitors.
        """
        if stage == END and self.rule != SCHEDULED:
            return critical(self.level(END) / tests)
        if stage in (END, RUNNING) and self.rule == SCHEDULED:
            return self._scheduled(stage, tests)
        if stage == RUNNING and self.rule == HYBRID and visitors:
            return always_valid_z(visitors, self.tuning(share), self.level(RUNNING) / tests)
        return None

    def tuning(self, share=1.0):
        """ρ² for comparing two variants that get `share` of the planned visitors; None when none are planned."""
        return tuning(self.visitors * share, self.always_alpha) if self.visitors and share else None

    @property
    def always_alpha(self):
        """α of the always-valid interval: shown under every rule, decisive while the hybrid one runs."""
        return self.alpha / EARLY

    def _scheduled(self, stage, tests):
        fractions = [min(look / self.visitors, 1.0) for look in self.looks if look < self.visitors] if self.visitors else []
        if stage == END:  # whatever is left of α, even when the end came with fewer visitors
            fractions = [each for each in fractions if each < 1.0] + [1.0]
        return bounds(tuple(fractions), self.alpha / tests)[-1]


def tuning(planned, alpha):
    """ρ² that makes the sequence tightest near `planned` visitors: Waudby-Smith et al. (2024), Annals of Statistics 52, appendix B.

    >>> round(tuning(20000, 0.01) * 20000, 4)
    11.5337
    """
    return (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / planned


def always_valid_z(visitors, rho2, alpha):
    """How large |z| must be after `visitors`: with chance 1 - `alpha` it never gets there, however long and often one looks.

    Robbins (1970), Annals of Mathematical Statistics 41, 1397-1409; Howard, Ramdas,
    McAuliffe & Sekhon (2021), Annals of Statistics 49, 1055-1080; for estimated
    spread Waudby-Smith et al. (2024).

    >>> round(always_valid_z(20000, tuning(20000, 0.01), 0.01), 4)
    3.5716
    """
    information = visitors * rho2
    return math.sqrt(2 * (information + 1) / information * math.log(math.sqrt(information + 1) / alpha))


def always_valid_p(z, visitors, rho2):
    """The smallest α whose sequence leaves out zero at this look: a p for which one look is like any number. At most 1, never 0.

    >>> round(always_valid_p(always_valid_z(9000, 0.0005, 0.01), 9000, 0.0005), 12)
    0.01
    """
    information = visitors * rho2
    exponent = math.log(information + 1) / 2 - z * z * information / (2 * (information + 1))
    return max(math.exp(min(exponent, 0.0)), 1e-300)
