"""What a report may be narrowed by. Every filter chooses sessions; the report is then about those sessions.

Pure. In an address a filter is `key=value`: a key given again means "or",
a value that starts with ! means "not", * stands for any text, (not set) for
none. A backslash takes the meaning from the character after it. Keys of CHOICES
take one of a few words instead, and `segment` the key of filters that the site
keeps under a name (segments.py).

DIMENSIONS are the columns of `sessions` that have totals of their own in
`session_days`; the number is what stands there. Never renumber one.
"""

from dataclasses import dataclass, replace
from functools import partial

from collector import carts, events, trail
from collector.fields import BadField, N_

DIMENSIONS = {"source": 1, "medium": 2, "campaign": 3, "content": 4, "term": 5, "channel": 6, "referrer": 7,
              "country": 8, "language": 9, "device": 10, "browser": 11, "os": 12,
              "entry_page": 13, "exit_page": 14, "goal": 15}
KEYS = (*DIMENSIONS, "page", "group", "event", "stage", "touchpoint", "transition", "funnel", "visitor", "depth", "pace", "segment",
        "abandoned", "trouble", "variant", "cohort", "person")
# keys that take one of a few words, with what the word says of a row of `sessions`, never null
CHOICES = {
    "visitor": {"new": "previous_day is null", "returning": "previous_day is not null"},  # seen on an earlier day, as far as that is known
    "depth": {"1": "views <= 1", "2-4": "views between 2 and 4", "5-9": "views between 5 and 9", "10+": "views >= 10"},  # page views
    "pace": {"quick": "engaged_ms < 10000 * max(views, 1)",  # engaged time for each page view: under 10 s, under 30 s, more
             "steady": "engaged_ms >= 10000 * max(views, 1) and engaged_ms < 30000 * max(views, 1)",
             "slow": "engaged_ms >= 30000 * max(views, 1)"},
    "abandoned": {of: carts.abandoned(of) for of in carts.SIGNS},
}
VARIANT = "experiment.text || ':' || variant.text"  # SQL: a variant as `variant` names it, of two rows of `names`
NOT_SET = "(not set)"
MOST = 20  # values in all
LONGEST = 512  # characters of a value


class BadFilter(BadField):
    """A filter cannot be read: `field` is its key."""


@dataclass(frozen=True)
class Filters:
    """Pairs of key and value as typed, in the order given. Empty: every session.

    `named` are the site's segments, each Named, when a term is one of them. `apart` are terms that hold
    besides, in tuples that stand each for itself, where among the others they would mean "or": no address says them.
    """

    terms: tuple = ()
    named: tuple = ()
    apart: tuple = ()

    def __bool__(self):
        return bool(self.terms or self.apart)

    def query(self):
        """Arguments of an address, as url_for takes them: {"source": ["google", "bing"]}. Those apart are not among them."""
        return _by_key(self.terms)

    def groups(self):
        """(key, its values as typed) of everything that a session has to meet, apart or not."""
        return [group for terms in (self.terms, *self.apart) for group in _by_key(terms).items()]

    def with_(self, key, text):
        """These filters and one more: the cell of a report, taken literally. A key has one cell at a time."""
        return replace(self, terms=(*self.without(key).terms, (key, literal(text))))

    def without(self, key, value=None):
        """These filters without a key, or without one of its values as typed."""
        return replace(self, terms=tuple(term for term in self.terms
                                         if term[0] != key or (value is not None and term[1] != value)))

    def within(self, other):
        """Filters that choose what these and the others choose, both. What both want of one key, but differently, goes apart."""
        mine, theirs = (_by_key(term for term in each.terms if not term[1].startswith("!")) for each in (self, other))
        clash = tuple((key, value) for key, typed in theirs.items() if key in mine and set(typed) != set(mine[key]) for value in typed)
        terms = (*self.terms, *(term for term in other.terms if term not in clash))
        return Filters(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys((*self.named, *other.named))),
                       (*self.apart, *other.apart, *([clash] if clash else ())))


@dataclass(frozen=True)
class Named:
    """A segment as filters know it: filters under a name, none of which is a segment."""

    key: str
    name: str
    filters: Filters


NONE = Filters()


def parse(args, named=()):
    """Filters of an address. Takes pairs of key and value, or a mapping to a value or a list of them, and the site's
    segments as Named when there may be one among them (segments.parse() does).

    An empty value is a form field left empty, and is no filter. Raises BadFilter.

    >>> parse({"source": ["google", "bing"], "device": "!mobile"}).query()
    {'source': ['google', 'bing'], 'device': ['!mobile']}
    """
    terms = tuple(dict.fromkeys((key, value.strip()) for key, value in _pairs(args) if value.strip()))
    for key, value in terms:
        if key not in KEYS:
            raise BadFilter(key, N_("is not a filter; write one of %(keys)s"), keys=", ".join(KEYS))
        if len(value) > LONGEST or "\0" in value:
            raise BadFilter(key, N_("is longer than %(most)s characters or has a zero byte"), most=LONGEST)
        if value == "!":
            raise BadFilter(key, N_("says not, but not what; write a value after the !"))
        _check_word(key, value.removeprefix("!"), named)
    if len(terms) > MOST:
        raise BadFilter(terms[MOST][0], N_("is one filter too many; %(most)s values are the most"), most=MOST)
    return Filters(terms, tuple(named) if any(key == "segment" for key, _ in terms) else ())


def _check_word(key, word, named):
    """Raises BadFilter unless a key that takes one of a few words has one of them."""
    if key in CHOICES and word not in CHOICES[key]:
        raise BadFilter(key, N_("is %(typed)s; write one of %(choices)s"), typed=word[:40], choices=", ".join(CHOICES[key]))
    keys = [each.key for each in named]
    if key == "segment" and word not in keys:
        raise BadFilter(key, N_("%(typed)s is no segment of this site, or was removed; there are: %(choices)s") if keys else
                        N_("%(typed)s is no segment of this site, or was removed; there are none. Save the filters over a report as one"),
                        typed=word[:40], choices=", ".join(keys))


def keepable(filters):
    """The same Filters. Raises BadFilter when they name a visitor, who may ask to be erased: no name is kept. Nor are filters
    within a filter, where nobody would find what they name.
    """
    for key, value in filters.terms:
        if key == "person":
            raise BadFilter("person", N_("is one visitor, and what is kept may name none; take it away"))
        if key == "cohort" and "=" in value:
            raise BadFilter("cohort", N_("has filters of the first session in it, and what is kept may not; take them away"))
    return filters


def depth_of(views):
    """The word of `depth` for so many page views.

    >>> depth_of(0), depth_of(4), depth_of(12)
    ('1', '2-4', '10+')
    """
    return "1" if views <= 1 else "2-4" if views <= 4 else "5-9" if views <= 9 else "10+"


def pace_of(engaged_ms, views):
    """The word of `pace` for so much engaged time in so many page views.

    >>> pace_of(9_999, 1), pace_of(30_000, 2), pace_of(60_000, 2)
    ('quick', 'steady', 'slow')
    """
    each = engaged_ms / max(views, 1)
    return "quick" if each < 10_000 else "steady" if each < 30_000 else "slow"


def literal(text):
    r"""The filter value that means exactly this text.

    >>> literal("2*3"), literal(""), literal("!")
    ('2\\*3', '(not set)', '\\!')
    """
    if not text:
        return NOT_SET
    escaped = text.replace("\\", "\\\\").replace("*", "\\*")
    return "\\" + escaped if escaped.startswith("!") or escaped == NOT_SET else escaped


def exact(value):
    r"""The text that a value as typed means by itself; None when it says not, stands for several, or for none.

    >>> exact("IL"), exact(r"2\*3"), exact("!IL"), exact("I*"), exact("(not set)")
    ('IL', '2*3', None, None, None)
    """
    return None if value.startswith("!") or _wild(value) or value == NOT_SET else _exact(value)


def sql(filters, further=None, values=None):
    """SQL that narrows a step reading `sessions`, and its values: ("and source in (…)", {"filter0": "google"}).

    The question binds :site, and :start and :end as instants. `further` is {key: function of the values as typed and of the
    values bound so far, to add to} for what only other rooms can say: it gives a condition on a row of `sessions`. `values`
    are those bound so far, to add to.
    """
    values = {} if values is None else values
    return "\n    ".join(_conditions(filters, filters.named, values, further)), values


def _conditions(filters, named, values, further):
    for key, typed in filters.groups():
        wanted = [value for value in typed if not value.startswith("!")]
        unwanted = [value[1:] for value in typed if value.startswith("!")]
        if wanted:
            yield f"and {_matches(key, wanted, values, named, further)}"
        if unwanted:
            yield f"and not {_matches(key, unwanted, values, named, further)}"


def _by_key(terms):
    found = {}
    for key, value in terms:
        found.setdefault(key, []).append(value)
    return found


def _pairs(args):
    if hasattr(args, "items"):
        args = args.items(multi=True) if hasattr(args, "getlist") else args.items()
    for key, value in args:
        for each in value if isinstance(value, (list, tuple)) else (value,):
            yield key, str(each)


def _matches(key, typed, values, named=(), further=None):
    """One condition on a row of `sessions`, true or false and never null."""
    if key == "segment":
        chosen = [" ".join(_conditions(each.filters, (), values, further)) for each in named if each.key in typed]
        return f"({' or '.join(f'(true {conditions})' for conditions in chosen)})"
    if key in CHOICES:
        return f"({' or '.join(CHOICES[key][word] for word in typed)})"
    if key in ("funnel", "trouble", "cohort", "person"):
        return (further or {}).get(key, partial(_nowhere, key))(typed, values)
    if key == "page" and not any(map(_wild, typed)):
        return _saw(typed, values)
    if key in ("page", "group"):
        pages = f"select id from pages where site_id = :site and {text('path', typed, values)}" if key == "page" else \
            f"select page from grouped_pages where site_id = :site and {text('name', typed, values)}"
        return ("(id in (select session_id from session_pages where site_id = :site and views > 0 and "
                f"page in ({pages}) and session_id >= :start << 22 and session_id < :end << 22))")
    if key == "event":
        names = f"select id from names where {text('text', typed, values)}"
        return ("(id in (select session_id from events where site_id = :site and type = "
                f"{events.CUSTOM} and name in ({names}) and session_id >= :start << 22 and session_id < :end << 22))")
    if key == "variant":
        shown = text(VARIANT, typed, values)
        return ("(exists (select 1 from events join names as experiment on experiment.id = events.name join names as variant on variant.id = events.label "
                f"where events.site_id = :site and session_id = sessions.id and type = {events.EXPOSURE} and {shown}))")
    if key in _WALKED:
        return walked(key, typed, values)
    if key == "goal":
        return ("(goals <> '' and exists (select 1 from goals as goal where goal.site_id = :site and "
                f"{text('goal.name', typed, values)} and instr(sessions.goals, ',' || goal.id || ',')))")
    if key in ("entry_page", "exit_page"):
        return f"({key} in (select id from pages where site_id = :site and {text('path', typed, values)}))"
    return f"({key} in (select id from names where {text('text', typed, values)}))"


def _saw(paths, values):
    """A condition on a row of `sessions`: it saw one of these pages. Its trail says so at once, but of pages later than those it keeps."""
    names = [f"filter{len(values) + number}" for number in range(len(paths))]
    values |= zip(names, map(_exact, paths))
    in_trail = " or ".join(f"coalesce(instr(trail, (select code from pages where site_id = :site and path = :{name})), 0)" for name in names)
    return (f"({in_trail} or length(trail) >= {trail.LONGEST * trail.WIDTH} and exists (select 1 from session_pages where site_id = :site and "
            f"session_id = sessions.id and views > 0 and page in (select id from pages where site_id = :site and path in ({', '.join(':' + name for name in names)}))))")


def _nowhere(key, typed, values):
    raise BadFilter(key, N_("cannot narrow this; take it away here"))


def walked(key, typed, values, also=""):
    """A condition on a row of `sessions`: it met such a stage or touchpoint, or moved so. Adds to `values` what it binds.

    `also` is SQL that must hold of the session's row of the meeting, after "and".
    """
    table, columns = _WALKED[key]
    named = f"select journey, {', '.join(columns)} from ({_NAMED[key]}) where {text('text', typed, values)}"
    return (f"(id in (select session_id from {table} where journey_id in (select id from journeys where site_id = :site) and "
            f"session_id >= :start << 22 and session_id < :end << 22 {also} and "
            f"(+journey_id, {', '.join('+' + column for column in columns)}) in ({named})))")


# What sessions met of a journey, by the keys of its definition. Those of the site's first journey stand alone, those
# of another one after its key: "awareness", "wholesale/awareness".
_PREFIX = "iif(journeys.id = (select min(id) from journeys where site_id = :site), '', journeys.key || '/')"
_STAGES = (f"select journeys.id as journey, {_PREFIX} as prefix, stage.value ->> 'number' as number, stage.value ->> 'key' as key, "
           "stage.value as stage from journeys, json_each(journeys.definition, '$.stages') as stage where site_id = :site")
_ALL_STAGES = f"select journey, prefix, number, key from ({_STAGES}) union all " \
              f"select journeys.id, {_PREFIX}, 0, '' from journeys where site_id = :site"
_NAMED = {
    "stage": f"select journey, number as stage, prefix || key as text from ({_STAGES})",
    "touchpoint": "select journey, touchpoint.value ->> 'number' as touchpoint, prefix || (touchpoint.value ->> 'key') as text "
                  f"from ({_STAGES}), json_each(stage, '$.touchpoints') as touchpoint",
    # "a:b" within a session; "a:return", and "a:return:b" into that stage; "a:leave"; "enter:b"
    "transition": f"""
        with stage as ({_ALL_STAGES})
        select one.journey, one.number as from_stage, other.number as to_stage, kind,
               one.prefix || case kind when 0 then 'enter:' || other.key when 4 then one.key || ':return:' || other.key
                                       else one.key || ':' || other.key end as text
        from stage as one join stage as other using (journey)
        join (select 0 as kind union all select 1 union all select 2 union all select 3 union all select 4) on (kind = 0) = (one.number = 0)
        union all
        select one.journey, one.number, other.number, 4, one.prefix || one.key || ':return'
        from stage as one join stage as other using (journey)
        union all
        select journey, number, 0, 5, prefix || key || ':leave' from stage""",
}
# key: (table, columns that tell it)
_WALKED = {"stage": ("session_touchpoints", ("stage",)), "touchpoint": ("session_touchpoints", ("touchpoint",)),
           "transition": ("session_moves", ("from_stage", "to_stage", "kind"))}


def text(column, typed, values):
    """A condition on a text: one of the exact ones, or like one of the patterns. Adds to `values` what it binds."""
    exact, patterns = [], []
    for each in typed:
        name = f"filter{len(values)}"
        wild = _wild(each)
        values[name] = pattern(each) if wild else _exact(each)
        (patterns if wild else exact).append(name)
    parts = [f"{column} glob :{name}" for name in patterns]
    if exact:
        parts.insert(0, f"{column} in ({', '.join(':' + name for name in exact)})")
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _characters(value):
    """Each character of a value as typed, and whether it stands for itself."""
    escaped = False
    for character in value:
        if character == "\\" and not escaped:
            escaped = True
            continue
        yield character, escaped or character != "*"
        escaped = False
    if escaped:
        yield "\\", True


def _wild(value):
    return any(not itself for _, itself in _characters(value))


def _exact(value):
    return "" if value == NOT_SET else "".join(character for character, _ in _characters(value))


def pattern(value):
    """The value as SQLite's glob reads it, where ? and [ have a meaning too."""
    return "".join(f"[{character}]" if itself and character in "*?[" else character
                   for character, itself in _characters(value))
