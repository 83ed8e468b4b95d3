"""What meets a stage of a journey, as the questions of a funnel bind it: the same that the loader's matcher says.

Rows of a session do not keep where in it a touchpoint was met, so a funnel finds
the place again by the rules. Of a touchpoint that people outside the page make
contacts for, and that is met by events too, the place cannot be told.
"""

from collector import events, filters, sites, walks
from collector.fields import N_
from collector.matcher import ANSWER_EVENT, AT_START, SHARE_EVENT
from collector.wildcard import fits
from journeys import funnel_names
from journeys.options import BadOption

# types of rows of :wants that are no events. A stage: its number. At the start of a session: the id of a name, what the visitor
# had done before (collector/walk_rows.py: past), or a touchpoint; their element is the stage's place in the journey
STAGE, CHANNEL, SOURCE, CAMPAIGN, REFERRAL, PAST, TOUCHPOINT = range(-1, -8, -1)
FIELDS = {"channel": CHANNEL, "source": SOURCE, "campaign": CAMPAIGN, "referral": REFERRAL}
PASTS = {"": (1, 2), "order": (1,)}  # of a rule repeat_visit
ANY = 0
ORDER, ORDER_AGAIN = -2, -3  # element of a purchase that counts: the visitor's first, or a later one


def of(store, site, journey, key):
    """{(type, page or name, element)} of all that meets the stage with that key. Raises BadOption."""
    matcher = walks.by_paths(store, site, journey)
    at, stage = next((at, stage) for at, stage in enumerate(journey.stages, 1) if stage.key == key)
    found = {(STAGE, stage.number, ANY)}
    for touchpoint in stage.touchpoints:
        kinds = {rule.kind for rule in touchpoint.rules}
        if "contact" in kinds:
            if not kinds <= set(AT_START):
                raise BadOption("steps", N_("has the stage %(typed)s, whose touchpoint %(name)s is met by contacts and by events: a funnel cannot tell "
                                            "when. Make two touchpoints of it"), typed=key, name=touchpoint.name)
            found.add((TOUCHPOINT, touchpoint.number, at))
        for rule in touchpoint.rules:
            found |= _met(store, site, matcher, stage, at, rule)
    return found


def _met(store, site, matcher, stage, at, rule):
    def is_here(*touches):
        return any(touch and touch.stage == stage.number for touch in touches)

    pattern = _written(rule.value)
    if rule.kind in FIELDS:
        return {(FIELDS[rule.kind], row.id, at) for row in funnel_names.names(store, pattern) if is_here(matcher.of_start(rule.kind, row.text))}
    if rule.kind == "repeat_visit":
        return {(PAST, past, at) for past in PASTS[rule.value]}
    if rule.kind in ("page", "group"):
        pages = funnel_names.pages(store, site, pattern) if rule.kind == "page" else funnel_names.grouped(store, site, pattern)
        return {(events.PAGEVIEW, row.id, ANY) for row in pages if is_here(matcher.of_page(row.path)[0])}
    if rule.kind == "goal":
        return {each for goal in sites.goals(store, site) if fits(rule.value)(goal.name) for each in _of_goal(store, site, goal)}
    if rule.kind == "form":
        return {(kind, row.id, ANY) for row in funnel_names.names(store, pattern) if is_here(matcher.of_form(row.text))
                for kind in (events.FORM, events.FIELD)}
    if rule.kind in ("order", "repeat_order"):
        return {(events.CUSTOM, events.PURCHASE, element) for element in (ORDER, ORDER_AGAIN)[rule.kind == "repeat_order":]}
    if rule.kind in ("event", "share", "answer"):
        name = {"share": SHARE_EVENT, "answer": ANSWER_EVENT}.get(rule.kind, pattern)
        return {(events.CUSTOM, row.id, ANY) for row in funnel_names.names(store, name) if is_here(*matcher.of_event(row.text, False, False))}
    return set()


def _of_goal(store, site, goal):
    if goal.kind == "page":
        return [(events.PAGEVIEW, row.id, ANY) for row in funnel_names.pages(store, site, _written(goal.pattern))]
    return [(events.CUSTOM, row.id, ANY) for row in funnel_names.names(store, filters.literal(goal.pattern))]


def _written(pattern):
    """The pattern of a rule as filters write it, where a backslash has a meaning."""
    return pattern.replace("\\", "\\\\")
