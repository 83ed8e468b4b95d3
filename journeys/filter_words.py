"""A filter's value in words, both ways: how it reads on a page, and which value a reader means who types what he reads there.

A site's stages, touchpoints and segments go by the names their owner gave
them; an address has their keys.
"""

import re

from flask_babel import gettext as _

from collector import current, journey_register, labels, segments
from collector.filters import NOT_SET, BadFilter, literal
from collector.period import BadPeriod
from journeys import cohort_filter, funnel_page, funnels, heat, trouble_filter
from journeys.map_drawn import AGAIN
from journeys.pain_page import MOVE
from journeys.report import N_
from journeys.transitions import ENTRANCE, EXIT, NO_STAGE

NOT = N_("not %(what)s")
BEGAN = {"week": N_("the week from %(day)s"), "month": N_("the month from %(day)s")}
DID = {"return": N_("Came back"), "reorder": N_("Ordered again"), "revenue": N_("Ordered")}
AT_ONCE = {"week": N_("in the same week"), "month": N_("in the same month")}
LATER = {"week": N_("in week %(n)s after it"), "month": N_("in month %(n)s after it")}
SUGGESTED = ("device", "channel", "visitor", "pace", "abandoned", "stage", "touchpoint", "segment")  # countries are too many


def read(key, value):
    """A value as typed, without its !, in the reader's words."""
    if key == "cohort":
        return _cohort(value)
    text = unescaped(value)
    if key == "transition":
        return _move(text)
    if key == "funnel":
        return _step(text)
    kind, colon, rest = text.partition(":")
    if key == "trouble" and kind in trouble_filter.OF_THE_MAP and rest:
        text = f"{kind}:{read(kind, rest)}"
    return _ours(key).get(text) or labels.label(key, text)


def meant(key, typed):
    """The value of an address for what somebody typed: his word for it, in any case, or what is typed itself."""
    wanted = typed.strip().casefold()
    for value, text in (labels.words(key) | _ours(key)).items():
        if wanted in (text.casefold(), value.casefold()):
            return value if value == NOT_SET else literal(value)
    return typed


def suggested():
    """Words that may be typed, each with its dimension: (word, name of the dimension)."""
    return tuple((text, labels.name(key)) for key in SUGGESTED for text in _said(key))


def unescaped(text):
    r"""A filter's value without the backslashes that take a character's meaning away.

    >>> unescaped(r"50\* off")
    '50* off'
    """
    return re.sub(r"\\(.)", r"\1", text)


def _said(key):
    return dict.fromkeys(text for value, text in (labels.words(key) | _ours(key)).items() if value not in labels.SPECIAL)


def _ours(key):
    """Names of what the owner of this site made, by their keys in filters."""
    if key == "segment":
        return {each.key: each.name for each in segments.of(current.store, current.site)}
    if key not in ("stage", "touchpoint"):
        return {}
    return {f"{prefix}{part.key}": _(part.name) for prefix, stage in _stages()
            for part in ((stage,) if key == "stage" else stage.touchpoints)}


def _stages():
    """Stages of all journeys of the site, each with what stands before its keys: nothing for those of the first journey."""
    return ((prefix, stage) for prefix, record in journey_register.prefixed(current.store, current.site) for stage in record.journey.stages)


def _cohort(value):
    """Whose sessions a value of `cohort` means, and which of them."""
    try:
        told = cohort_filter.read(current.store, current.site, value)
    except (BadFilter, BadPeriod):
        return value
    first = ", ".join(f"{labels.name(key)}: {_(NOT, what=read(key, each[1:])) if each.startswith('!') else read(key, each)}" for key, each in told.first.terms)
    said = [_(BEGAN[told.by], day=heat.named(told.first_day, told.by == "week", "yMMMd"))] + ([f"({first})"] if first else [])
    if told.after is not None:
        said += ["·", _(DID[told.what])] + ([_(LATER[told.by], n=told.after)] if told.after else [_(AT_ONCE[told.by])])
    return " ".join(said)


def _step(text):
    """The step of a saved funnel, what is none as it was typed."""
    key, _colon, number = text.rpartition(":")
    funnel = funnels.by_key(current.store, current.site, key)
    if funnel is None or not number.isdecimal() or not 1 <= int(number) <= len(funnel.steps):
        return text
    return _("%(funnel)s, step %(number)s: %(step)s", funnel=_(funnel.name), number=number, step=funnel_page.words_of(funnel.steps[int(number) - 1]))


def _move(text):
    """A transition as the map says it, what is none as it was typed."""
    names = _ours("stage")
    prefix = f"{text.partition('/')[0]}/" if "/" in text else ""
    move = re.fullmatch(r"([^:]+):(return:)?([^:]*)", text.removeprefix(prefix))
    if not move:
        return text
    start, again, end = move.groups()
    first = _(ENTRANCE) if start == "enter" else names.get(prefix + start, start)
    last = _(EXIT) if end == "leave" else names.get(prefix + end, end) or _(NO_STAGE)
    return _(MOVE, start=first, end=_(AGAIN, stage=last) if again else last)
