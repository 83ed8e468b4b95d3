"""Where visitors come from: by channel, source, medium, campaign, content, term or referrer."""

from journeys import breakdown
from journeys.options import LISTING, Option, check
from journeys.report import Column, N_, Report

NAME = "sources"
TITLE = N_("Sources")
BY = {
    "channel": Column("value", N_("Channel"), "text", N_(
        "GA4's default grouping of source and medium, plus AI assistants."), filter="channel"),
    "source": Column("value", N_("Source"), "text", N_(
        "utm_source, else the one a click id belongs to, else the site of the referrer; (direct) when there is none."),
        filter="source"),
    "medium": Column("value", N_("Medium"), "text", N_(
        "utm_medium, else what a click id or the referrer tells; (none) for direct."), filter="medium"),
    "campaign": Column("value", N_("Campaign"), "text", N_("utm_campaign of the session's first page."),
                       filter="campaign"),
    "content": Column("value", N_("Content"), "text", N_("utm_content of the session's first page."),
                      filter="content"),
    "term": Column("value", N_("Term"), "text", N_("utm_term of the session's first page."), filter="term"),
    "referrer": Column("value", N_("Referrer"), "text", N_("The page a session came from, without its query."),
                       filter="referrer"),
}
OPTIONS = (Option("by", "source", N_("What to tell sources apart by"), choices=tuple(BY)), *LISTING)


def report(store, site, period, filters, **options):
    options = check(OPTIONS, options)
    rows, totals = breakdown.rows(store, site, period, filters, options["by"])
    rows, found, columns = breakdown.cut(rows, BY[options["by"]], options)
    return Report(NAME, TITLE, columns, rows, totals, period, filters, extra={"found": found})
