"""A session's story in sentences of the reader's language: one function for each kind of Moment, in TOLD.

What visitors' pages brought (labels, names, addresses) is put in as it came and
keeps its own direction.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from collector import labels, locale
from journeys.report import N_

FSI, PDI = "\u2068", "\u2069"
QUOTES = {"en": "“”", "he": "״״"}
ARRIVED = {"load": N_("Went to the page"), "navigate": N_("Went to the page"), "restore": N_("Went back to the page"),
           "activate": N_("Went to the page, which the browser had loaded ahead"), "again": N_("Came back to the page, in another tab")}
RULES = {"valueMissing": N_("it was empty"), "typeMismatch": N_("not what the field asks for"),
         "patternMismatch": N_("not written as the field asks for it"), "tooLong": N_("too long"), "tooShort": N_("too short"),
         "rangeUnderflow": N_("too small"), "rangeOverflow": N_("too large"), "stepMismatch": N_("not one of the steps allowed"),
         "badInput": N_("it could not be read"), "customError": N_("by a check of the page's own"), "server": N_("by the server"),
         "aria-invalid": N_("by the page")}
SHOPPING = {"view_item": N_("Looked at %(items)s"), "add_to_cart": N_("Put %(items)s in the cart"),
            "remove_from_cart": N_("Took %(items)s out of the cart"), "view_cart": N_("Viewed the cart"),
            "begin_checkout": N_("Went to the checkout"), "add_shipping_info": N_("Chose a delivery"),
            "add_payment_info": N_("Gave the details of payment"), "sign_up": N_("Signed up"), "login": N_("Signed in to the site"),
            "generate_lead": N_("Left their details"), "search": N_("Searched the site"), "share": N_("Shared the page")}
SPEED = {"good": N_("The page was fast"), "slow": N_("The page was slow"), "very slow": N_("The page was very slow")}
FORMS = {"form_seen": N_("Saw the form %(form)s"), "form_started": N_("Began to fill in the form %(form)s"),
         "form_sent": N_("Tried to send the form %(form)s")}


@dataclass(frozen=True)
class Line:
    at: int
    kind: str
    text: str
    details: tuple = ()  # further texts, of the same moment
    tone: str = ""


@dataclass(frozen=True)
class Chapter:
    """What happened in one page view."""

    at: int
    head: str
    page: str
    title: str
    read: float
    scroll: float | None
    lines: tuple


@dataclass(frozen=True)
class Told:
    chapters: tuple
    facts: tuple  # (what, text): of where the visitor came from and with what
    goals: str
    end: str


def told(story):
    """A Story as the page shows it."""
    chapters = tuple(_chapter(part, story, first=at == 0) for at, part in enumerate(story.parts))
    goals = ", ".join(labels.label("goal", name) for name in story.goals)
    return Told(chapters, _facts(story), goals, _("The session ended") if story.over else _("Still here: the session goes on"))


def line(moment):
    """A Moment as a Line."""
    text, *details = TOLD[moment.kind](moment.facts)
    slow = moment.kind == "speed" and moment.facts["slow"]
    return Line(moment.at, moment.kind, text, tuple(details), "bad" if slow else moment.tone)


def _chapter(part, story, first):
    head = _(ARRIVED[part.how])
    if first:
        head = _("Came directly to the page") if story.source == "(direct)" else \
            _("Came from %(source)s to the page", source=_own(labels.label("source", story.source)))
    return Chapter(part.at, head, part.page, part.title, part.read, part.scroll, tuple(line(moment) for moment in part.moments))


def _facts(story):
    found = [(labels.name(key), labels.label(key, getattr(story, key)))
             for key in ("source", "channel", "campaign", "referrer", "country", "language", "device", "browser", "os")
             if getattr(story, key)]
    return tuple((name, text) for name, text in found if text)


# -- a sentence for each kind of Moment, and details that follow it

def _pause(facts):
    yield _("%(time)s in which nothing happened", time=locale.seconds(facts["seconds"]))


def _read(facts):
    time = locale.seconds(facts["seconds"])
    yield _("Read for %(time)s, down to %(scroll)s of the page", time=time, scroll=locale.percent(facts["scroll"], 0)) \
        if facts["scroll"] else _("Read for %(time)s", time=time)


def _click(facts):
    what = _what(facts)
    if facts["keyboard"] and facts["times"] == 1:
        yield _("Pressed %(what)s with the keyboard", what=what)
    else:
        yield ngettext("Clicked %(what)s", "Clicked %(what)s %(num)s times", facts["times"], what=what)


def _outbound(facts):
    yield _("Followed the link %(what)s to %(to)s", what=_what(facts), to=_own(facts["to"]))


def _download(facts):
    yield _("Downloaded %(to)s", to=_own(facts["to"]))


def _rage(facts):
    yield _("Rage: %(times)s clicks on %(what)s, one right after the other", times=facts["times"], what=_what(facts))


def _dead(facts):
    yield _("Nothing happened after the click on %(what)s", what=_what(facts))


def _error_click(facts):
    yield _("The click on %(what)s ended in a script error", what=_what(facts))


def _quick_back(facts):
    yield _("Turned back at once to the page before")


def _form(kind):
    def said(facts):
        yield _(FORMS[kind], form=_quoted(facts["form"]))
    return said


def _form_left(facts):
    form = _quoted(facts["form"])
    yield _("Gave up on the form %(form)s; the last field was %(field)s", form=form, field=_quoted(facts["field"])) \
        if facts["field"] else _("Gave up on the form %(form)s", form=form)


def _field(facts):
    yield _("In the field %(field)s for %(time)s", field=_quoted(facts["field"]), time=locale.seconds(facts["seconds"]))
    if facts["sensitive"]:
        yield _("of a sensitive field nothing more is known")
        return
    if facts["hesitation"] is not None:
        yield _("hesitated for %(time)s", time=locale.seconds(facts["hesitation"]))
    if facts["corrections"]:
        yield ngettext("corrected once", "corrected %(num)s times", facts["corrections"])
    for key, text in (("returned", _("came back to it")), ("autofilled", _("filled in by the browser")), ("pasted", _("pasted")),
                      ("left_empty", _("left it empty"))):
        if facts[key]:
            yield text


def _refused(facts):
    field = _quoted(facts["field"])
    known = RULES.get(facts["rule"])
    rule = _(known) if known else facts["rule"] and _quoted(facts["rule"])
    yield _("The field %(field)s was refused: %(rule)s", field=field, rule=rule) if rule else \
        _("The field %(field)s was refused", field=field)


def _error(facts):
    yield _("Script error: %(message)s", message=_quoted(facts["message"]))
    if facts["source"]:
        yield _("%(source)s, line %(line)s", source=_own(facts["source"]), line=facts["line"]) if facts["line"] else _own(facts["source"])


def _speed(facts):
    word = SPEED[facts["word"]]
    yield _("The page moved about on the screen") if facts["slow"] == ["cls"] else _(word)
    for key in sorted(facts["measured"], key=lambda key: key not in facts["slow"]):
        number = facts["measured"][key]
        shown = locale.number(number, 2) if key == "cls" else _("%(count)s ms", count=locale.number(number)) if number < 1000 \
            else locale.seconds(number / 1000)
        yield f"{_own(key.upper())} {shown}"


def _event(facts):
    items = ", ".join(map(_quoted, facts["items"])) or _("a product")
    known = SHOPPING.get(facts["name"])
    yield _(known, items=items) if known else _("Event %(name)s", name=_quoted(facts["name"]))
    if facts["amount"]:
        yield locale.money(facts["amount"])


def _purchase(facts):
    if facts["again"]:
        yield _("The same order was told once more; it counts once")
    elif facts["foreign"]:
        yield _("Bought in %(currency)s, which is not counted as revenue", currency=_own(facts["foreign"]))
    else:
        yield _("Bought for %(amount)s", amount=locale.money(facts["amount"]))
    if facts["items"]:
        yield ", ".join(map(_quoted, facts["items"]))


def _goal(facts):
    names = ", ".join(_quoted(labels.label("goal", name)) for name in facts["goals"])
    yield _("Reached the goal %(goals)s", goals=names) if names else _("Reached a goal that was removed since")


def _variant(facts):
    yield _("Saw the variant %(variant)s of the experiment %(experiment)s", variant=_quoted(facts["variant"]),
            experiment=_quoted(facts["experiment"]))


TOLD = {"pause": _pause, "read": _read, "click": _click, "outbound": _outbound, "download": _download, "rage": _rage, "dead": _dead,
        "error_click": _error_click, "quick_back": _quick_back, **{kind: _form(kind) for kind in FORMS}, "form_left": _form_left,
        "field": _field, "refused": _refused, "error": _error, "speed": _speed, "event": _event, "purchase": _purchase,
        "goal": _goal, "variant": _variant}


def _what(facts):
    return _quoted(facts["what"]) if facts["what"] else _("something without a name")


def _quoted(text):
    """A text that is not ours, between the quotation marks of the reader's language."""
    return "{}{}{}{}{}".format(QUOTES[locale.language()][0], FSI, text, PDI, QUOTES[locale.language()][1])


def _own(text):
    """An address or a sign, in its own direction."""
    return f"{FSI}{text}{PDI}"
