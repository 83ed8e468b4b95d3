"""Page groups: pages that belong together under a name, by patterns of their paths.

A page is in one group at most: of all patterns that fit it, the most specific
wins, that is the one with most characters besides *; between equals the group
that stands first. Groups are applied as pages are read, so a change is true of
the past as well.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from collector import filters, uses
from collector.editions import editions, without_language
from collector.fields import BadField, N_

MOST, MOST_PATTERNS = 50, 30
LONGEST_NAME, LONGEST_PATTERN = 60, 300
FEW_CHILDREN = 3  # fewer pages under a path are no group yet
MOST_PROPOSED = 8


class BadGroup(BadField):
    """A field of a page group is wrong."""


@dataclass(frozen=True)
class Group:
    name: str
    patterns: tuple


def of(store, site):
    """The site's Groups in their order."""
    found = {}
    for row in store.ask("collector/page_groups", site=site.id):
        found.setdefault(row.name, []).append(row.pattern)
    return [Group(name, tuple(patterns)) for name, patterns in found.items()]


def ranked(store, site):
    """Rows of name, pattern, glob (the pattern as SQLite's glob reads it): the first whose glob fits a page has it."""
    return store.ask("collector/page_group_ranks", site=site.id)


def save(store, site, name, patterns, former=""):
    """Adds a group, or changes the one called `former`. `patterns` stand one to a line. Raises BadGroup: a name that is used stays."""
    name, patterns = _good_name(name), _good_patterns(patterns)
    with store.facts as db:
        groups = {row["name"]: row for row in db.query("select * from page_groups where site_id = ? order by place", [site.id])}
        if name in groups and name != former:
            raise BadGroup("name", N_("%(typed)s is a group already; choose another name, or change that one"), typed=name)
        if former not in groups and len(groups) >= MOST:
            raise BadGroup("name", N_("is one too many; %(most)s groups are the most"), most=MOST)
        _refuse_taken(db, site, patterns, former)
        if former in groups:
            if name != former:
                uses.refuse(store, site, "group", former, BadGroup, "name")
            group = groups[former]["id"]
            db.execute("update page_groups set name = ? where id = ?", [name, group])
            db.execute("delete from page_group_patterns where group_id = ?", [group])
        else:
            place = max((row["place"] for row in groups.values()), default=0) + 1
            group = db["page_groups"].insert({"site_id": site.id, "name": name, "place": place}).last_pk
        db["page_group_patterns"].insert_all(
            {"group_id": group, "pattern": each, "glob": filters.pattern(each), "weight": weight(each)} for each in patterns)


def remove(store, site, name):
    """Whether there was such a group. Raises BadGroup of one that something hangs on."""
    with store.facts as db:
        uses.refuse(store, site, "group", name, BadGroup, "group")
        return db.execute("delete from page_groups where site_id = ? and name = ?", [site.id, name]).rowcount > 0


def weight(pattern):
    """How specific a pattern is; one that names a page exactly before one with a * of the same length.

    >>> weight("/shop/*") < weight("/shop/cart*") < weight("/shop/cart")
    True
    """
    return 2 * len(pattern.replace("*", "")) + ("*" not in pattern)


def proposed(paths, groups=()):
    """Groups that a site's own addresses suggest: [(name, patterns, how many pages), …], the largest first.

    Takes its paths. A path under which several pages lie is one, as deep as its pages share it, together with the same in
    other languages; numbers and long names with dashes in the middle of a path stand for any text. What `groups` have already is left out.
    """
    taken = {pattern for group in groups for pattern in group.patterns}
    found = {pattern: count for pattern, count in _shared(paths) if pattern not in taken}
    together = defaultdict(list)
    for pattern, shared in editions(sorted(found)).items():
        together[shared].append(pattern)
    names, known = Counter(map(_name, together)), {group.name for group in groups}
    proposals = []
    for shared, patterns in together.items():
        if name := _name(shared):
            named = name if names[name] == 1 and name not in known else shared.removesuffix("/*")
            proposals.append((named, tuple(patterns), sum(map(found.get, patterns))))
    return sorted(proposals, key=lambda each: (-each[2], each[1]))[:MOST_PROPOSED]


def _shared(paths):
    """(pattern, how many pages) of paths under which several pages lie: what deeper ones hold already does not make their parent one."""
    children = defaultdict(set)
    for path in paths:
        host, slash, rest = path.partition("/")
        parts = [_collapsed(part) for part in rest.split("/")]
        for depth in range(1, len(parts)):
            if parts[depth]:
                children[f"{host}/{'/'.join(parts[:depth])}/*"].add(path)
    covered = set()
    for pattern, pages in sorted(children.items(), key=lambda each: (-each[0].count("/"), -len(each[1]), each[0])):
        own = pages - covered
        if len(own) >= FEW_CHILDREN:
            covered |= own
            yield pattern, len(own)


def _collapsed(part):
    return "*" if part.isdigit() or len(part) > 20 or (any(map(str.isdigit, part)) and "-" in part) else part


def _name(pattern):
    """What the last word of a pattern says: /shop/acoustic/* is Acoustic, in any language; nothing where there is no word but a language."""
    words = [word for word in without_language(pattern).split("/") if word not in ("", "*")]
    return words[-1].replace("-", " ").replace("_", " ").capitalize()[:LONGEST_NAME] if words else ""


def _good_name(text):
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME or name == filters.NOT_SET:
        raise BadGroup("name", N_("is empty or longer than %(most)s characters; write what the pages are, such as Products"), most=LONGEST_NAME)
    return name


def _good_patterns(text):
    lines = text.splitlines() if isinstance(text, str) else text
    patterns = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not 1 <= len(patterns) <= MOST_PATTERNS:
        raise BadGroup("patterns", N_("is empty or has more than %(most)s lines; write one path to a line, such as /shop/*"), most=MOST_PATTERNS)
    for each in patterns:
        if "/" not in each or len(each) > LONGEST_PATTERN or "\0" in each:
            raise BadGroup("patterns", N_("has %(typed)s, which is no path; write one like /shop/*, a page of another host with its host before it"),
                           typed=each[:60])
    return patterns


def _refuse_taken(db, site, patterns, former):
    for row in db.query("select pattern, name from page_group_patterns join page_groups on id = group_id where site_id = ? and name <> ?",
                        [site.id, former]):
        if row["pattern"] in patterns:
            raise BadGroup("patterns", N_("has %(typed)s, which stands in the group %(name)s; take it out of one of them"),
                           typed=row["pattern"], name=row["name"])
