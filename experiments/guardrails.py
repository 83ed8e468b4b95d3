"""Guardrails: is it shown that a treatment does not harm by more than a margin agreed before? Pure.

One-sided non-inferiority at 5 %, not corrected: a guardrail that is asked too
kindly is none. Piaggio et al. (2012), JAMA 308, 2594-2604.
"""

from dataclasses import dataclass

from experiments.statistics.curves import SMALLEST, normal_quantile, normal_tail

ALPHA = 0.05
HOLDS, UNSURE, BROKEN = "holds", "unsure", "broken"


@dataclass(frozen=True)
class Guard:
    """`worst` is the worst relative change not rejected (one-sided 95 %), towards harm; `p` of harm as large as the margin."""

    state: str  # HOLDS: harm beyond the margin is ruled out; BROKEN: it is shown; UNSURE: neither
    margin: float
    worst: float | None
    p: float | None


def guard(compared, margin, direction="up"):
    """The Guard of a Rates or Means whose metric should not get worse by more than `margin`, a fraction of the control.

    >>> from experiments.statistics import Rate, Rates
    >>> found = guard(Rates(Rate(5000, 100000), Rate(5010, 100000)), 0.05)
    >>> found.state, round(found.worst, 4), round(found.p, 4)
    ('holds', -0.0296, 0.0031)
    """
    sign = 1 if direction == "up" else -1
    z, interval = compared.z_at(-sign * margin), compared.relative_interval(normal_quantile(ALPHA))
    if z is None or interval is None:
        return Guard(UNSURE, margin, None, None)
    ends = sorted(sign * end for end in interval)
    state = HOLDS if ends[0] > -margin else BROKEN if ends[1] < -margin else UNSURE
    return Guard(state, margin, sign * ends[0], min(max(normal_tail(sign * z), SMALLEST), 1.0))
