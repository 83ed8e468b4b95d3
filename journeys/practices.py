"""What often helps, by stage and by trouble: our own short list, each with the kind of evidence it hangs on. Pure.

A practice is an idea for a test and never a fact about this site.
"""

from typing import NamedTuple

from collector.fields import N_

WATCHED = N_("seen again and again when people are watched using shops and forms")
TESTED = N_("won in many published tests, and lost in some")
STANDARD = N_("asked for by a public standard or guideline")
CUSTOM = N_("custom of the trade; we know of no measurement")


class Practice(NamedTuple):
    stages: tuple  # keys of stages
    kinds: tuple  # keys of pain.KINDS it may help with
    text: str  # a msgid
    evidence: str  # one of the four above


EARLY, MIDDLE, ORDER = ("awareness",), ("consideration", "interest", "decision"), ("purchase", "action")
LATE = ("retention", "advocacy")
PRACTICES = (
    Practice(EARLY, (), N_("Let the first page say in its headline what the advertisement or search result promised."), TESTED),
    Practice(EARLY + MIDDLE, ("slow",), N_("Show the page's main part within 2.5 seconds for three of four visitors: smaller pictures, less before the first byte."), STANDARD),
    Practice(MIDDLE, ("element",), N_("Make everything that looks like a button do something at once, or take its look away."), WATCHED),
    Practice(MIDDLE, ("hunt",), N_("Put side by side what people go to and fro for: prices, sizes, differences."), WATCHED),
    Practice(MIDDLE + ORDER, ("detour",), N_("Answer returns, delivery and price beside the cart's button, in one line, so that nobody has to leave the cart to look."), WATCHED),
    Practice(ORDER, ("error",), N_("Mend the script, and let the order go on without it when it breaks."), STANDARD),
    Practice(ORDER, ("field", "refused"), N_("Take a number in every way people write it, and bring it into shape on the server."), WATCHED),
    Practice(ORDER, ("field",), N_("Ask only for what the order needs; say beside a field why it is asked."), TESTED),
    Practice(ORDER, ("refused", "payment"), N_("Say beside the field what is wrong and what would be right, and keep everything else that was typed."), STANDARD),
    Practice(ORDER, ("payment",), N_("Offer a second way to pay as soon as the first is refused, without starting again."), CUSTOM),
    Practice(ORDER, ("steps",), N_("Let people reach the cart from wherever they are, and buy without an account."), WATCHED),
    Practice(("retention",), (), N_("Write once after the order with what helps to use what was bought, before writing with what else to buy."), CUSTOM),
    Practice(LATE, (), N_("Ask for an opinion when the thing was in use for a while, and answer those who are not content first."), CUSTOM),
)


def of_stage(stage):
    """Practices of a stage, by its key."""
    return [practice for practice in PRACTICES if stage in practice.stages]


def of_kind(kind):
    """Practices that may help with a kind of trouble, by its key in pain.KINDS."""
    return [practice for practice in PRACTICES if kind in practice.kinds]
