"""What a site has of what filters name: stages, touchpoints, goals and the like. A name it does not have is refused with those it has.

Every filter that somebody asks for passes here, in segments.parse(). What a segment or a map keeps does not pass again.
"""

import fnmatch
import re

from collector.events import EXPOSURE
from collector.fields import N_
from collector.filters import NOT_SET, VARIANT, BadFilter, exact, pattern, text
from collector.journey_register import prefixed
from collector.labels import DEVICES

LISTED = 12  # names in a message at most
UNKNOWN = {
    "device": N_("%(typed)s is no kind of device; write one of %(choices)s"),
    "goal": N_("%(typed)s is no goal of this site, or was removed; there are: %(choices)s"),
    "group": N_("%(typed)s is no page group of this site, or was removed; there are: %(choices)s"),
    "stage": N_("%(typed)s is no stage of this site, or was removed; there are: %(choices)s"),
    "touchpoint": N_("%(typed)s is no touchpoint of this site, or was removed; there are: %(choices)s"),
    "transition": N_("%(typed)s is no move between stages of this site; write from:to, enter:to, from:leave, from:return or from:return:to, "
                     "with these stages: %(choices)s"),
    "variant": N_("%(typed)s is no variant of an experiment of this site; there are: %(choices)s")}


def check(store, site, filters):
    """The same Filters. Raises BadFilter when they name what the site does not have."""
    for key, value in filters.terms:
        if key in UNKNOWN:
            refuse_unknown(store, site, key, value.removeprefix("!"))
    return filters


def refuse_unknown(store, site, key, value, field=""):
    """Raises BadFilter of `field`, else of the key, unless the site has what a value, without its !, names or a pattern stands for."""
    if value == "*":
        return  # any, of none as well
    names = _names(store, site, key)
    if not any(map(_means(value), names)) and not (key == "variant" and _was_shown(store, site, value)):
        listed = _stages(store, site) if key == "transition" else [name or NOT_SET for name in names]
        raise BadFilter(field or key, UNKNOWN[key], typed=value[:60], choices=", ".join(listed[:LISTED]) or "-")


def _means(value):
    """A function of a name: whether the value means it."""
    name = "" if value == NOT_SET else exact(value)
    return re.compile(fnmatch.translate(pattern(value))).match if name is None else name.__eq__


def _was_shown(store, site, value):
    """Whether anybody was, of an experiment that was never defined here, or by a name that it has no more."""
    bound = {}
    fragment = f"and {text(VARIANT, [value], bound)}"
    return bool(store.ask("collector/shown", fragment, site=site.id, exposure=EXPOSURE, **bound))


def _names(store, site, key):
    """Names that a filter of that key may have; those of journeys but the first after the journey's key."""
    if key == "device":
        return [*DEVICES, ""]
    if key in ("goal", "group"):
        return list(dict.fromkeys(row.name for row in store.ask("collector/goals" if key == "goal" else "collector/page_groups", site=site.id)))
    if key == "variant":
        return [row.variant for row in store.ask("collector/variants", site=site.id)]
    if key == "stage":
        return _stages(store, site)
    if key == "touchpoint":
        return [f"{prefix}{each.key}" for prefix, record in prefixed(store, site) for stage in record.journey.stages for each in stage.touchpoints]
    return [f"{prefix}{move}" for prefix, record in prefixed(store, site) for move in _moves(["", *(stage.key for stage in record.journey.stages)])]


def _moves(stages):
    """Moves between stages, "" being none, as filters.py writes them."""
    return [move for one in stages for move in (f"enter:{one}", f"{one}:leave", f"{one}:return",
                                                *(f"{one}:{between}{other}" for between in ("", "return:") for other in stages))]


def _stages(store, site):
    return [f"{prefix}{stage.key}" for prefix, record in prefixed(store, site) for stage in record.journey.stages]
