"""Why something that arrived was not counted: the closed list of reasons. Pure."""

from collector.fields import N_

REASONS = {
    "gpc": N_("The browser asks not to be measured (Global Privacy Control)."),
    "dnt": N_("The browser asks not to be measured (Do Not Track)."),
    "bot:search": N_("A search engine's robot."),
    "bot:ai": N_("A robot that reads for an AI model or assistant."),
    "bot:preview": N_("A robot that makes a preview of a shared link."),
    "bot:monitor": N_("A robot that checks whether the site is up or fast."),
    "bot:seo": N_("A robot of a search marketing service."),
    "bot:headless": N_("A browser steered by a program."),
    "bot:other": N_("Another robot."),
    "duplicate": N_("The same event delivered again; it is counted once."),
    "rejected": N_("Not in the agreed form; kept seven days to be looked at."),
    "too_many": N_("More events in one page view or session than a person makes."),
    "idle": N_("A page closed, with nothing done in it, after its session had ended."),
    "other_currency": N_("A purchase in another currency than the site's: counted, its amount not added up."),
}

RULES = ("gpc", "dnt", "bot")  # each can be switched off for a site: sites.exclusions_off


def rule(reason):
    """The rule that a reason belongs to.

    >>> rule("bot:search")
    'bot'
    """
    return reason.partition(":")[0]


def bot(kind):
    """The reason for a robot of that kind.

    >>> bot("search"), bot("unheard of")
    ('bot:search', 'bot:other')
    """
    return f"bot:{kind}" if f"bot:{kind}" in REASONS else "bot:other"
