"""The filter `funnel=checkout:2`: sessions that came to step 2 of a saved funnel and no further; of its last step, to its end.

It chooses exactly the sessions that the report on the funnel counts: the same
question, asked for every session, stands inside the condition.
"""

import re
from functools import cache

from collector.fields import N_
from collector.filters import BadFilter
from collector.storage.sqlite import text_of
from journeys import funnels, sides, steps
from journeys.funnel_plan import plan

BOUND = ("wants", "any_goal", "journey", "tables", "alone", "ways", "dimension", "experiment", "narrowed", "each", "long")


def condition(store, site, typed, values):
    """A condition on a row of `sessions`: any of the values as typed holds. Adds to `values` what it binds. Raises BadFilter."""
    return f"({' or '.join(_one(store, site, each, values) for each in typed)})"


def value(funnel, step):
    """The filter's value for those who came to a step and no further.

    >>> value(funnels.Funnel("checkout", "Checkout", ()), 2)
    'checkout:2'
    """
    return f"{funnel.key}:{step}"


def _one(store, site, typed, values):
    key, _, step = typed.rpartition(":")
    funnel = funnels.by_key(store, site, key)
    if funnel is None or not step.isdecimal() or not 1 <= int(step) <= len(funnel.steps):
        raise BadFilter("funnel", N_("is %(typed)s; write the key of a saved funnel and the number of one of its steps, as in checkout:2"),
                        typed=typed[:60])
    if funnel.window != steps.SESSION:
        raise BadFilter("funnel", N_("%(typed)s counts visitors over several sessions; only a funnel within the session chooses sessions"),
                        typed=key)
    number = len(values)
    bound = plan(store, site, steps.read(funnel.steps), funnel.order == "strict").values | sides.NONE.values | {
        "narrowed": 0, "each": 1, "long": 0}
    values.update({f"{name}{number}": bound[name] for name in BOUND} | {f"step{number}": int(step)})
    return f"id in (select session_id from ({_question(number)}) where furthest = :step{number})"


@cache
def _question(number):
    """The text of funnel.sql with names of its own for what it binds."""
    text = text_of("journeys/funnel").replace("/*filters*/", "")
    return re.sub(rf":({'|'.join(BOUND)})\b", rf":\g<1>{number}", text)
