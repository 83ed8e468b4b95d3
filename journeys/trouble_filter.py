r"""The filter `trouble=dead:/cart:#pay`: sessions that met a trouble, by its kind, where it happened, and what it was about.

What may be left out at the end, or stand as *, is any: `dead:/cart` is a dead
click on anything of the cart. A colon within the page or form has a backslash
before it. The sessions are exactly those that the pain points count, told by
the same rules (detectors.py): a page in all its languages, an element with an
id as one thing on every page, any other by its place and label.
"""

import fnmatch
import json
import re
from collections import defaultdict
from functools import partial
from itertools import permutations

from collector import events, filter_names, trail
from collector.carts import is_on_the_way
from collector.editions import editions
from collector.fields import N_
from collector.filters import LONGEST, MOST, BadFilter, literal, pattern, text, walked
from collector.matcher import SLOW_LCP, TROUBLED

THING = "iif(element.text glob '#*', element.text, rtrim(element.text || ' ' || label.text))"  # as detectors.elements() tells it
OF_THE_MAP = ("stage", "touchpoint")
MOST_PAGES = 20  # that one end of a way may stand for: a page in so many languages
_SPLIT = re.compile(r"((?:[^\\:]|\\.?)*)(?::(.*))?", re.DOTALL)
_LISTED = re.compile(r"(?:[^\\,]|\\.)+")
_PLACES = f"with recursive places (place) as (select 1 union all select place + 1 from places where place < {trail.LONGEST}) select place from places"
_OF = "site_id = :site and session_id = sessions.id"


def condition(store, site, typed, values):
    """A condition on a row of `sessions`: any of the values as typed holds. Adds to `values` what it binds. Raises BadFilter."""
    return f"({' or '.join(_one(store, site, each, values) for each in typed)})"


def behind(row):
    """The filters, {key: values}, that choose the sessions which met a finding, a pain.Row; {} where none do."""
    found = _behind(row.sort, row.page, row.what, row.form, row.addresses if row.details.get("for_most") else (), row.details.get("forms", ()))
    values = [each for typed in found.values() for each in typed]
    too_many = len(values) > MOST or (row.sort in ("detour", "hunt") and len(row.addresses) > MOST_PAGES)
    return {} if too_many or any(len(each) > LONGEST for each in values) else found


def value(kind, where, what=None):
    r"""The filter's value. Takes where as filters write it, and what taken literally.

    >>> value("dead", "/cart", "#pay"), value("hunt", "/wiki/Talk:Main", "/2*3"), value("slow", "/compare")
    ('dead:/cart:#pay', 'hunt:/wiki/Talk\\:Main:/2\\*3', 'slow:/compare')
    """
    return ":".join((kind, where.replace(":", r"\:"), *(() if what is None else (literal(what),))))


def is_of_the_map(filters):
    """Do Filters choose sessions by what the map counts as trouble at a stage or touchpoint?"""
    return any(_parts(each.removeprefix("!"))[0] in OF_THE_MAP for key, typed in filters.groups() if key == "trouble" for each in typed)


def _behind(kind, page, what, form, slow_for_most, with_forms):
    if kind == "element":
        return {"trouble": [value(sign, "*", what.rstrip()) for sign in ("rage", "dead")]}
    if kind == "error":
        return {"trouble": [value("error", "*", what)]}
    if kind == "slow" and slow_for_most:  # its addresses: who went there from another page
        return {"page": [literal(each) for each in slow_for_most], "entry_page": ["!" + literal(each) for each in slow_for_most]}
    if kind == "slow":
        return {"trouble": [value("slow", literal(page))]}
    if kind in ("detour", "hunt"):
        return {"trouble": [value(kind, literal(page), what)]}
    if kind in ("field", "payment", "refused"):
        return {"trouble": [value("left" if kind == "field" else "refused", literal(form), what)]}
    if kind == "steps":
        besides = ",".join(literal(each).replace(",", r"\,") for each in with_forms)
        return {"trouble": [f"steps:{what}:{besides}" if besides else f"steps:{what}"]}
    return {}


def _one(store, site, typed, values):
    kind, where, what = _parts(typed)
    if kind not in KINDS:
        raise BadFilter("trouble", N_("is %(typed)s; write one of %(choices)s, and after a colon where, as in dead:/cart:#pay"), typed=kind[:40],
                        choices=", ".join(KINDS))
    return KINDS[kind](store, site, where, what, values)


def _parts(typed):
    """(kind, where, what) of a value as typed, each of the last two None for any."""
    kind, rest = _SPLIT.fullmatch(typed).groups()
    where, what = _SPLIT.fullmatch(rest or "").groups()
    return kind, *(None if each in (None, "", "*") else each for each in (where, what))


def _click(sign, column, store, site, where, what, values):
    return (f"({column} > 0 and exists (select 1 from events join names as element on element.id = events.element "
            f"join names as label on label.id = events.label where {_OF} and type = {events.FRUSTRATION} and x = {sign}"
            f"{_on(store, site, where, values)}{_like(THING, what, values)}))")


def _error(store, site, where, what, values):
    return (f"(errors > 0 and exists (select 1 from events where {_OF} and type = {events.ERROR}"
            f"{_on(store, site, where, values)}{_named('name', what, values)}))")


def _slow(store, site, where, what, values):
    _refuse(what)
    return (f"(exists (select 1 from events where {_OF} and type = {events.VITALS} and json_extract(detail, '$.lcp') > {SLOW_LCP}"
            f"{_on(store, site, where, values)}))")


def _invalid(store, site, where, what, values):
    return (f"(exists (select 1 from session_fields where {_OF} and errors > 0"
            f"{_named('form', where, values)}{_named('field', what, values)}))")


def _left(store, site, where, what, values):
    return (f"(exists (select 1 from session_forms where {_OF} and last_field > 0"
            f"{_named('form', where, values)}{_named('last_field', what, values)}))")


def _refused(store, site, where, what, values):
    """Sent, and in that field again before anything else of the form and before a goal: detectors.refusals()."""
    return (f"(fields > 0 and exists (select 1 from events as sent cross join events as again on again.site_id = :site "
            f"and again.session_id = sessions.id and again.number > sent.number and again.type = {events.FIELD} and again.name = sent.name "
            f"where sent.site_id = :site and sent.session_id = sessions.id and sent.type = {events.FORM} and sent.x = {events.SUBMIT}"
            f"{_named('sent.name', where, values)}{_named('again.element', what, values)} and not exists (select 1 from events where {_OF} "
            f"and number > sent.number and number < again.number and (type = {events.FIELD} and name = sent.name or type in "
            f"({events.PAGEVIEW}, {events.CUSTOM}) and y > 0))))")


def _detour(store, site, where, what, values):
    here, there = _two(store, site, "detour", where, what)
    return f"(instr({_renamed(here, there)}, '{here[0]}{there[0]}'))" if here and there else "(false)"


def _hunt(store, site, where, what, values):
    """Of the two pages one was seen, the other, and both again, with nothing between: detectors.hunts()."""
    one, other = _two(store, site, "hunt", where, what)
    if not one or not other:
        return "(false)"
    way = _renamed(one, other)
    for code in (one[0], other[0]):
        for _ in range(trail.LONGEST.bit_length()):  # each halves how often a page can stand there several times running
            way = f"replace({way}, '{code}{code}', '{code}')"
    there_and_back = 2 * (one[0] + other[0]), 2 * (other[0] + one[0])
    return f"({' or '.join(f'instr({way}, {each!r})' for each in there_and_back)})"


def _steps(store, site, where, what, values):
    """More pages than so many before the first on the way of an order, or before one of those named besides: detectors.long_ways()."""
    if not (where or "").isdecimal():
        raise BadFilter("trouble", N_("%(kind)s needs the number of pages that it is more than, as in %(kind)s:6"), kind="steps")
    codes = {row.path: trail.code(row.id) for row in store.ask("journeys/page_ids", site=site.id)}
    named = editions(codes)
    ends = {codes[path] for path, name in named.items() if is_on_the_way(name)} | {code for each in _LISTED.findall(what or "") for code in _codes(store, site, each)}
    way, pairs, many = (f"filter{len(values) + more}" for more in range(3))
    values.update({way: json.dumps(sorted(ends)), pairs: json.dumps(_languages(codes, named)), many: min(int(where), trail.LONGEST)})
    # a page in another language straight after it is no further page
    return (f"(length(trail) > {trail.WIDTH} * :{many} and exists (select 1 from (select min(nullif(instr(trail, value), 0)) / {trail.WIDTH} as pages "
            f"from json_each(:{way})) where pages > :{many} and pages - (select count(*) from ({_PLACES}) where place < pages and "
            f"substr(trail, {trail.WIDTH} * (place - 1) + 1, {2 * trail.WIDTH}) in (select value from json_each(:{pairs}))) > :{many}))")


def _languages(codes, named):
    """What stands in a trail where a page is followed by itself in another language."""
    same = defaultdict(list)
    for path, name in named.items():
        same[name].append(codes[path])
    return [one + other for group in same.values() for one, other in permutations(group, 2)]


def _met(key, bits, store, site, where, what, values):
    _refuse(what)
    filter_names.refuse_unknown(store, site, key, where or "*", "trouble")
    return walked(key, [where or "*"], values, f"and {bits} & {TROUBLED}")


KINDS = {
    "rage": partial(_click, events.RAGE, "rage"), "dead": partial(_click, events.DEAD, "dead"),
    "error_click": partial(_click, events.ERROR_CLICK, "error_clicks"), "error": _error, "slow": _slow, "invalid": _invalid, "refused": _refused,
    "left": _left, "detour": _detour, "hunt": _hunt, "steps": _steps, "stage": partial(_met, "stage", "stage_moved"), "touchpoint": partial(_met, "touchpoint", "moved"),
}


def _on(store, site, where, values):
    """SQL after a condition on events: on one of the pages."""
    if where is None:
        return ""
    name = f"filter{len(values)}"
    values[name] = json.dumps([trail.pages(code)[0] for code in _codes(store, site, where)])
    return f" and page in (select value from json_each(:{name}))"


def _codes(store, site, where):
    """What stands in trails for the pages of that address, or that are another language of it."""
    wanted = re.compile(fnmatch.translate(pattern(where))).match
    codes = {row.path: trail.code(row.id) for row in store.ask("journeys/page_ids", site=site.id)}
    return [codes[path] for path, name in editions(codes).items() if wanted(path) or wanted(name)]


def _two(store, site, kind, where, what):
    """The codes of both pages."""
    both = [None if each is None else _codes(store, site, each) for each in (where, what)]
    if None in both:
        raise BadFilter("trouble", N_("%(kind)s needs two pages, as in %(kind)s:/cart:/returns"), kind=kind)
    if max(map(len, both)) > MOST_PAGES:
        raise BadFilter("trouble", N_("%(kind)s stands for more than %(most)s pages at one end; name one of them"), kind=kind, most=MOST_PAGES)
    return both


def _renamed(*groups):
    """SQL of the trail with each page of a group as the first of it."""
    way = "trail"
    for first, *others in groups:
        for code in others:
            way = f"replace({way}, '{code}', '{first}')"
    return way


def _named(column, typed, values):
    return "" if typed is None else f" and {column} in (select id from names where {text('text', [typed], values)})"


def _like(column, typed, values):
    return "" if typed is None else f" and {text(column, [typed], values)}"


def _refuse(what):
    if what is not None:
        raise BadFilter("trouble", N_("says too much; after its kind it takes one thing, as in slow:/cart"))
