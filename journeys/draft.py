"""A pain point as the address of an experiment's form, filled in as far as measurement can: what to test, on which pages, for how long. Pure.

The smallest effect that four weeks of this traffic can tell apart is that of
two rates with equal halves (Fleiss, Levin & Paik, 2003, chapter 4), 80 % power
and 5 % error, relative to the baseline. The experiments' own plan counts it
anew, with its looks.
"""

import math
import os.path

WEEKS = 4
POWER, ERROR = 0.8416, 1.9600  # normal quantiles
LEAST, MOST = 1, 500  # per cent that the form takes


def arguments(addresses, baseline, visitors_a_day, following, before, element=""):
    """{argument: text} of /experiments/new but its words. Takes what the pain page knows.

    `addresses` of the page, `following` and `before` those of the pages that lead
    on from it and to it. The primary metric is the step that leaks.
    """
    found = {"paths": "\n".join(addresses), "selector": element}
    if following:
        found |= {"of": "page", "what": pattern(following)}
    if before:
        found["guardrail"] = pattern(before)  # the step before: a remedy must not keep people from coming
    visitors = round(visitors_a_day * WEEKS * 7)
    effect = smallest_effect(baseline, visitors)
    if effect:
        found |= {"visitors": str(max(100, visitors)), "relative_mde": str(effect)}
    return {name: text for name, text in found.items() if text}


def smallest_effect(baseline, visitors):
    """In per cent of the baseline, rounded up; None where nothing can be said.

    >>> smallest_effect(0.1, 8000)
    19
    """
    if not baseline or baseline >= 1 or visitors < 2:
        return None
    effect = (POWER + ERROR) * math.sqrt(2 * baseline * (1 - baseline) / (visitors / 2)) / baseline
    return min(MOST, max(LEAST, math.ceil(100 * effect)))


def pattern(addresses):
    """One path with * for pages that are languages of one.

    >>> pattern(("/shop/cart", "/shop/he/cart")), pattern(("/cart",))
    ('/shop/*cart', '/cart')
    """
    if len(addresses) == 1:
        return addresses[0]
    start = os.path.commonprefix(addresses)
    end = os.path.commonprefix([address[len(start):][::-1] for address in addresses])[::-1]
    return f"{start}*{end}"
