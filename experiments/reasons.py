"""Why a verdict is what it is, and why a number is not there: a code with its numbers, and its sentence. Pure.

The judge gives codes; pages translate the sentence and print the numbers as their
reader writes them. `sentence` is English, for programs and the command line.
"""

from dataclasses import dataclass, field

from collector.fields import N_


@dataclass(frozen=True)
class Reason:
    """`code` is a key of TEXTS, `numbers` what its sentence names: p and rates are fractions."""

    code: str
    numbers: dict = field(default_factory=dict)


TEXTS = {
    # do not use these results
    "srm": N_("The visitors are not split as planned (p = %(p)s). Whatever lost them may have changed the result too."),
    "exposure_broken": N_("A variant has no visitors although some were planned for it: %(variant)s."),
    "tracking_fault": N_("Tracking failed while the test ran."),
    "goal_removed": N_("%(metric)s counts the goal %(goal)s, which the site has no more: nothing was counted since it was removed. Add the goal "
                       "again and count anew with netiv experiment recount."),
    "orders_differ": N_("Only %(share)s of %(orders)s real orders were tracked: what is missing may be one variant's."),
    # collecting
    "few_days": N_("%(days)s days of at least %(needed)s: a week has days of every kind."),
    "few_visitors": N_("%(visitors)s visitors saw %(variant)s, of at least %(needed)s."),
    "few_conversions": N_("Not enough data: %(conversions)s conversions in %(variant)s and the control together, of at least %(needed)s."),
    "few_in_one": N_("Not enough data: %(conversions)s conversions in %(variant)s, of at least %(needed)s."),
    "few_others": N_("Not enough data: in %(variant)s nearly everyone converted, %(others)s did not."),
    "few_nonzero": N_("Not enough data: %(values)s values other than zero in all variants, of at least %(needed)s."),
    # what decided, or did not
    "always_valid": N_("This reading stays valid however often you looked (p ≤ %(p)s, needed %(alpha)s)."),
    "planned_end": N_("Tested once at the planned end: p = %(p)s, needed %(alpha)s."),
    "scheduled_look": N_("Tested at a scheduled look: |z| = %(z)s, needed %(needed)s."),
    "not_yet": N_("The planned end is not reached: %(visitors)s of %(planned)s visitors."),
    "between_looks": N_("Between two scheduled looks: the next one decides."),
    "waits_for_the_end": N_("This test is looked at once, at its planned end."),
    "no_plan": N_("Without a planned number of visitors a test is judged once, when it is over."),
    "no_difference_seen": N_("Effects beyond ±%(change)s are unlikely."),
    "no_spread": N_("All values of a variant are the same, so there is no spread to compare the difference with."),
    "stopped_before_the_end": N_("Stopped before the planned end without a clear difference."),
    "one_variant_left": N_("Only one variant gets visitors: there is nothing to compare."),
    # a winner with a catch
    "guardrail_broken": N_("%(metric)s is worse by more than its margin of %(margin)s in %(variant)s."),
    "guardrail_unsure": N_("%(metric)s may be worse by more than its margin of %(margin)s in %(variant)s."),
    # worth knowing
    "early": N_("Stopped early: the estimate is likely too high."),
    "srm_near": N_("The split is unlikely for the planned one (p = %(p)s)."),
    "srm_segment": N_("In %(segment)s the visitors are not split as planned (p = %(p)s, corrected)."),
    "multiple": N_("%(visitors)s visitors (%(share)s) saw more than one variant and are left out."),
    "beyond_the_plan": N_("%(visitors)s visitors, more than the planned %(planned)s: the test at the end is one test, not a daily one."),
    "after_the_end": N_("%(visitors)s visitors came after the planned end and are not counted: the test at the end is one test."),
    "short_of_the_plan": N_("Ended with %(visitors)s of the planned %(planned)s visitors."),
    "by_chance": N_("%(notable)s of %(tested)s secondary comparisons shown as notable; about %(expected)s would be by chance alone."),
    # numbers that are not there
    "control_zero": N_("No relative change: the control has no conversions."),
    "control_not_positive": N_("No relative change: the control's value is not above zero."),
    "control_near_zero": N_("No interval of the relative change: the control's value is not clearly above zero."),
    "too_few_values": N_("Not enough data: fewer than two values in a variant."),
    "nobody": N_("No visitors."),
}

# of those whose count may be one: the number, and the sentence for one
ONE = {
    "few_days": ("days", N_("1 day of at least %(needed)s: a week has days of every kind.")),
    "few_visitors": ("visitors", N_("1 visitor saw %(variant)s, of at least %(needed)s.")),
    "few_conversions": ("conversions", N_("Not enough data: 1 conversion in %(variant)s and the control together, of at least %(needed)s.")),
    "few_in_one": ("conversions", N_("Not enough data: 1 conversion in %(variant)s, of at least %(needed)s.")),
    "few_nonzero": ("values", N_("Not enough data: 1 value other than zero in all variants, of at least %(needed)s.")),
    "after_the_end": ("visitors", N_("1 visitor came after the planned end and is not counted: the test at the end is one test.")),
}

FRACTIONS = {"share", "change", "margin"}


def text_of(reason):
    """The sentence of a Reason before its numbers, a msgid.

    >>> text_of(Reason("few_visitors", {"visitors": 1, "variant": "b", "needed": 100}))
    '1 visitor saw %(variant)s, of at least %(needed)s.'
    """
    number, text = ONE.get(reason.code, ("", ""))
    return text if number and reason.numbers.get(number) == 1 else TEXTS[reason.code]


def sentence(reason, translate=str):
    """The sentence of a Reason with its numbers; `translate` turns the English text into another language's.

    >>> sentence(Reason("few_days", {"days": 3, "needed": 7}))
    '3 days of at least 7: a week has days of every kind.'
    >>> sentence(Reason("srm_near", {"p": 3e-9}))
    'The split is unlikely for the planned one (p < 0.0001).'
    """
    filled = translate(text_of(reason)) % {name: shown(name, value) for name, value in reason.numbers.items()}
    return filled.replace("= <", "<").replace("≤ <", "<")


def shown(name, value):
    """One number of a reason as text.

    >>> shown("p", 3.2e-7), shown("p", 0.0031), shown("share", 0.0123), shown("visitors", 12000)
    ('< 0.0001', '0.0031', '1.2%', '12,000')
    """
    if name in FRACTIONS:
        return f"{value:.1%}"
    if name in ("p", "alpha"):
        return "< 0.0001" if value < 0.0001 else f"{value:.2g}"
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
