"""What the page of personas shows: each persona beside its numbers and those of all, the segments, and what was proposed."""

from dataclasses import dataclass, replace

from collector import current, labels, segments
from collector.fields import N_
from journeys import columns, filter_words, personas
from journeys.navigation import kept, page_address
from journeys.persona_register import PARTS
from journeys.table import table

SEGMENTS = ("segment", "sessions", "share", "visitors", "engaged", "conversion_rate", "difference", "revenue")
BESIDE = (columns.SHARE, columns.VISITORS, columns.ENGAGED, columns.CONVERSION_RATE, personas.DIFFERENCE, columns.PURCHASES, columns.REVENUE)
WHY_NOT = {
    "few": N_("Fewer than 200 sessions were looked at: too few to tell kinds of visitors apart. Choose a longer period."),
    "none": N_("No kinds of visitors were found: sessions differ by degrees, or in things that do not go together."),
    "unstable": N_("Groups were found, and others when the sessions were drawn anew. What does not hold is not proposed."),
}


@dataclass(frozen=True)
class Number:
    column: object
    own: object
    all: object
    own_ends: tuple = ()
    all_ends: tuple = ()


@dataclass(frozen=True)
class Card:
    """A persona: `numbers` are empty when its segment is gone."""

    persona: object
    segment: str  # its name
    profile: tuple  # (part, text)
    numbers: tuple
    made_of: tuple  # (dimension, [(value, share)])
    sessions: int
    href: str  # its map


@dataclass(frozen=True)
class Proposed:
    share: float
    fit: float
    likeness: float
    filters: tuple  # (dimension, values)
    typed: str  # as the form sends them
    href: str  # the sessions they choose


def parts(report):
    """What the template shows beside the report."""
    known = segments.of(current.store, current.site)
    names = {each.key: each.name for each in known}
    shown = table(report, only=SEGMENTS)
    rows = tuple((replace(cells[0], text=row.name), *cells[1:]) for row, cells in zip(report.rows, shown.rows, strict=True))
    proposal = report.extra["proposal"]
    return {"segments": replace(shown, rows=rows), "cards": tuple(_card(each, names, report.totals) for each in report.extra["personas"]),
            "kept": tuple((each, _read(each.filters)) for each in known), "typed": _typed(report.filters.terms),
            "can_save": bool(report.filters) and not report.filters.named,
            "proposal": proposal, "proposed": _proposed(proposal), "why_not": WHY_NOT.get(proposal.why, "") if proposal else "",
            "propose_href": page_address("personas", **kept() | {"propose": "1"}) + "#proposed-title"}


def _card(portrait, names, everybody):
    persona, row = portrait.persona, portrait.row
    numbers = tuple(_number(column, row, everybody) for column in BESIDE) if row else ()
    made_of = tuple((labels.name(key), tuple((labels.label(key, value), share) for value, share in values))
                    for key, values in (("device", portrait.devices), ("channel", portrait.channels)) if values)
    profile = tuple((PARTS[part][0], persona.profile[part]) for part in PARTS if persona.profile.get(part))
    return Card(persona, names.get(persona.segment, persona.segment), profile, numbers, made_of, row.sessions if row else 0,
                page_address("map", **kept() | {"segment": persona.segment}) if row else "")


def _number(column, row, everybody):
    def ends(which):
        found = tuple(getattr(which, key) for key in column.interval)
        return found if all(each is not None for each in found) else ()
    return Number(column, getattr(row, column.key), getattr(everybody, column.key), ends(row), ends(everybody))


def _proposed(proposal):
    return tuple(Proposed(each.share, each.fit, each.likeness, _by_key(each.terms), _typed(each.terms),
                          page_address("personas", **kept() | _query(each.terms)))
                 for each in proposal.clusters) if proposal else ()


def _query(terms):
    found = {}
    for key, value in terms:
        found.setdefault(key, []).append(value)
    return found


def _by_key(terms):
    return tuple((labels.name(key), tuple(filter_words.read(key, value) for value in values)) for key, values in _query(terms).items())


def _read(filters):
    """Filters as people read them: (dimension, whether it is not so, value)."""
    return tuple((labels.name(key), value.startswith("!"), filter_words.read(key, value.removeprefix("!"))) for key, value in filters.terms)


def _typed(terms):
    return "\n".join(f"{key}={value}" for key, value in terms)
