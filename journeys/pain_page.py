"""What the pages of pain points show: each finding in words, its evidence, what to do about it, and the backlog."""

import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from collector import current, locale
from collector.filters import MOST, literal
from collector.points import EXPERIMENT
from journeys import backlog, draft, mended, pain, practices, trouble_filter
from journeys.navigation import kept, page_address
from journeys.report import N_

TITLES = {
    "slow": N_("%(page)s is slow"), "error": N_("A script breaks on %(page)s"), "element": N_("A click on “%(label)s” leads nowhere"),
    "field": N_("The field %(label)s of the form %(form)s loses people"), "payment": N_("The form %(form)s comes back to %(label)s: payments fail"),
    "refused": N_("The form %(form)s comes back to %(label)s"), "detour": N_("From %(page)s people go off to %(label)s"),
    "hunt": N_("People go to and fro between %(page)s and %(label)s"), "steps": N_("More than %(label)s pages before %(page)s"),
}
MOVE = N_("%(start)s, then %(end)s")
APART = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")
COLUMNS = ("label", "kind", "page", "verdict", "sessions", "met_rate", "others_rate", "difference", "lost", "stake", "chance")


@dataclass(frozen=True)
class Card:
    """One finding as its panel shows it."""

    row: object  # pain.Row
    title: str
    kind: str
    why: tuple  # sentences
    sessions: str  # address of the sessions that met it, or of those of the place where no filter tells them
    told: bool  # the former
    examples: tuple  # (number, address)
    practices: tuple  # (text, evidence)
    also: tuple  # titles of what is the same
    point: object = None  # the backlog's
    draft: str = ""  # address of an experiment's form


def parts(report):
    """What the template of the pain page shows beside the report: cards, and the backlog."""
    every = pain.judged(current.store, current.site, report.period, report.filters)
    points = backlog.of(current.store, current.site)
    by_key = {point.key: point for point in points}
    dismissed = [row for row in report.rows if row.verdict == pain.FOUND and getattr(by_key.get(row.key), "status", "") == "dismissed"]
    cards = tuple(card(row, every, by_key.get(row.key)) for row in report.rows if row.verdict == pain.FOUND and row not in dismissed)
    return {"cards": cards, "dismissed": len(dismissed), "caption": pain.CAPTION, "take": url_for("pain.take", key=current.site.key, **kept()),
            "points": [(point, title(point), status(point)) for point in points],
            "table_title": _("What was found") if report.rows and all(row.verdict == pain.FOUND for row in report.rows) else _("All that was looked at")}


def columns(report):
    """Keys of the columns that the table has; the verdict only where it differs."""
    return tuple(key for key in COLUMNS if key != "verdict" or any(row.verdict != pain.FOUND for row in report.rows))


def card(row, every, point=None):
    also = tuple(title(other) for other in every if other.into == row.key and other.key != row.key)
    return Card(row, title(row), _(row.kind), why(row), *_sessions(row), tuple((at, url_for("journeys.story", key=current.site.key, session=name)) for at, name in enumerate(row.examples, 1)),
                tuple((_(each.text), _(each.evidence)) for each in practices.of_kind(row.sort)), also, point,
                drafted(row) if current.can("experiment") else "")


def anchor(key):
    """The place of a finding on the page of pain points."""
    return f"#pain-{key}"


def title(it):
    """A finding or Point in words."""
    if getattr(it, "title", ""):
        return it.title
    return _(TITLES[getattr(it, "sort", "") or it.kind], page=_own(it.page), label=_own(it.label), form=_own(it.form))


def status(point):
    """(its status in words, the tone of its tag); what came back since it was fixed says so."""
    if backlog.came_back(current.store, current.site, point):
        return _("Came back after it was fixed"), "bad"
    return _(backlog.STATUSES[point.status]), {"open": "attention", "doing": "blue", "fixed": "good"}.get(point.status, "")


def why(row):
    """Sentences about what was seen, beside the numbers."""
    known = row.details
    if row.sort == "slow":
        said = [_("Three of four loads show the page's largest part within %(usual)s.", usual=_ms(known["usual"]))]
        if known["left"] and known["went_on"]:
            said.append(_("The middle load of those who left there took %(left)s, of those who went on %(went_on)s.", left=_ms(known["left"]),
                          went_on=_ms(known["went_on"])))
        if known.get("for_most"):
            said.append(_("It is slow for most, so those who went to it are compared with those who stood on the same pages before it and did not."))
        return tuple(said)
    if row.sort == "element":
        return (_("Nothing happened after %(dead)s clicks, and it was clicked again and again %(rage)s times.", dead=locale.number(known["dead"]),
                  rage=locale.number(known["rage"])),)
    if row.sort == "error":
        return (_own(row.what), *((_("Most had just clicked %(what)s.", what=_own(known["clicked"])),) if known.get("clicked") else ()))
    if row.sort == "detour":
        return (_("%(left)s sessions ended there, %(back)s came back.", left=locale.number(known["left"]), back=locale.number(known["back"])),)
    if row.sort == "field":
        return (_("More leave the form in this field than in the two before and the two after it."),)
    if row.sort in ("payment", "refused"):
        return (_("They sent the form, and found themselves in this field again before anything was reached."),)
    return ()


def drafted(row):
    """Address of the form of an experiment, filled in from a finding."""
    known = row.details
    baseline = known["went_on"] / known["of"] if known["of"] and known["next"] else row.others_rate
    what = _plain(title(row))
    element = draft.field(row.form, row.what) if row.form else known.get("element", "")
    given = draft.arguments(known["on"], known["next"], draft.guardrails(row.form, row.stake is not None), element)
    finding = urlencode({"point": row.key, **kept()}, doseq=True)
    return url_for("define.new", key=current.site.key, name=what[:100], **given, finding=finding, notes=_plain(_baseline(row, baseline)),
                   hypothesis=_plain(_hypothesis(row, what)))


def _hypothesis(row, what):
    known, could, met = row.details, locale.number(row.could), locale.number(row.sessions)
    if row.sort == "field":  # whoever left in it did not complete: only what it loses beyond its neighbours says something
        return _("%(what)s. Of %(could)s sessions that came to it, %(met)s left the form there, which is %(rate)s; in the fields around it %(around)s do. "
                 "Without it, more of them will go on.", what=what, could=could, met=met, rate=locale.percent(row.rate), around=locale.percent(known["around"]))
    return _("%(what)s. Of %(could)s sessions that came to the place, %(met)s met it; %(with)s of them convert, against %(without)s of others like them. "
             "Without it, more of them will go on.", what=what, could=could, met=met, without=locale.percent(row.others_rate),
             **{"with": locale.percent(row.met_rate)})


def _plain(text):
    """The text as it becomes the owner's own: without marks of direction, but where an address would be drawn the wrong way round without them."""
    mirrored = locale.direction() == "rtl"
    return APART.sub(lambda found: found[0] if mirrored and found[1].startswith("/") else found[1], text)


def _baseline(row, baseline):
    known = row.details
    if known["next"]:
        return _("Measured before: %(rate)s of %(of)s sessions went on from there to %(next)s.", rate=locale.percent(baseline),
                 of=locale.number(known["of"]), next=_own(known["next_page"]))
    return _("Measured before: of sessions like these that did not meet it, %(rate)s reached a goal. The plan's number is another one: of the visitors of these pages, "
             "those who did what decides.", rate=locale.percent(baseline))


def one(point, report, released_on=""):
    """What the page of one Point shows; before and after a release that was typed and not saved, where it says one. Takes the report of what was looked at."""
    row = next((row for row in report.rows if row.key == point.key and row.verdict != pain.FEW), None)
    return {"card": row and card(row, report.rows, point), "span": report.period, "all": page_address("pain") + anchor(point.key),
            "point": point, "title": title(point), "status": status(point), "statuses": [(key, _(text)) for key, text in backlog.STATUSES.items()],
            "notes": [row._replace(text=_said(row.text)) for row in backlog.notes(current.store, point)], "change": _change(point, released_on or point.released_on),
            "practices": tuple((_(each.text), _(each.evidence)) for each in practices.of_kind(point.kind))}


def _said(text):
    """A note; of one that was written when the status or the experiment changed, its words in the reader's language."""
    before, _arrow, after = text.partition(" → ")
    if before == EXPERIMENT and after:
        return _("Experiment: %(key)s", key=_own(after))
    if before in backlog.STATUSES and after in backlog.STATUSES:
        return _(MOVE, start=_(backlog.STATUSES[before]), end=_(backlog.STATUSES[after]))
    return text


def _change(point, released_on):
    """Before and after a release: (mended.Change, what it means), or None."""
    try:
        day = backlog.released(released_on)
    except backlog.BadPoint:
        return None
    found = mended.before_after(current.store, current.site, point, day, _now())
    return found, _(mended.MEANINGS[found.reason])


def _sessions(row):
    """(address of the sessions that met it, True), or of those that came to the place, and False; "" where that takes too many filters."""
    here, met = kept(), trouble_filter.behind(row)
    if not met or set(met) & set(here):  # a filter that narrows this page already would mean "or"
        if len(row.addresses) > MOST:
            return "", False
        return page_address("sessions", **here | {"page": [literal(address) for address in row.addresses]}), False
    return page_address("sessions", **here | met), True


def _own(text):
    """What visitors or owners wrote, on its own side whatever its direction."""
    return f"\u2068{text}\u2069"


def _ms(milliseconds):
    return locale.seconds(milliseconds / 1000)


def _now():
    return int(time.time() * 1000)
