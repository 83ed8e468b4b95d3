"""Who reviewed, decided and changed an experiment, and who may read its result, for the result's page."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from collector import locale
from experiments import register, reviews, sentences, shares



@dataclass(frozen=True)
class People:
    """What was said and decided: `reviews` are (when, who, kind, text, what the page said then), `history` (when, who, what, detail)."""

    reviews: tuple
    history: tuple
    links: tuple
    decision: tuple  # pairs (term, text), () before
    kinds: tuple  # (key, title) of reviews
    decisions: tuple  # (key, title)
    days: tuple


def decision(record, names):
    """Pairs (term, text) of what was decided, () before."""
    made = record.decision
    what = made and sentences.DECISIONS[made["decision"]]
    return () if not made else tuple(pair for pair in (
        (_("Decision"), _(what)),
        (_("Variant"), names.variant(made["variant"])) if made.get("variant") else None,
        (_("Why"), sentences.bdi(made["reason"])), (_("Who"), sentences.bdi(made["who"])) if made.get("who") else None,
        (_("When"), locale.moment(record.decided_at))) if pair)


def people(store, record, names):
    """The People of an experiment."""
    return People(
        tuple((locale.moment(each.at), sentences.bdi(each.who), _(reviews.KINDS[each.kind]), each.text,
               ngettext("The page said: %(verdict)s, %(visitors)s visitor", "The page said: %(verdict)s, %(visitors)s visitors", each.visitors,
                        verdict=_(sentences.VERDICTS[each.verdict]), visitors=locale.number(each.visitors)))
              for each in reviews.of(store, record)),
        tuple((locale.moment(line.at), sentences.bdi(line.who), _(sentences.ACTIONS[line.action]), _detail(line)) for line in register.history(store, record)),
        tuple((each, locale.moment(each.expires_at), locale.moment(each.used_at) if each.used_at else _("never")) for each in shares.of(store, record)),
        decision(record, names), tuple((key, _(title)) for key, title in reviews.KINDS.items()),
        tuple((key, _(title)) for key, title in sentences.DECISIONS.items()),
        tuple((str(days), _("%(days)s days", days=locale.number(days))) for days in shares.DAYS))


def _detail(line):
    """What changed, each as field: before → after."""
    if line.action != "changed":
        return ()
    return tuple(f"{field}: {_side(pair[0])} → {_side(pair[1])}" for field, pair in line.detail.items() if isinstance(pair, list) and len(pair) == 2)


def _side(value):
    return "–" if value is None else str(value)[:80]
