"""The page of campaign links: made here, drawn as QR codes, with the numbers of their campaign as the report `sources` has them."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from collector import audit, campaigns, labels
from collector.current import store
from collector.fields import BadField, N_
from collector.link_api import drawn
from collector.locale import said
from journeys.bar import bar
from journeys.navigation import page_address
from journeys.reports import asked

blueprint = Blueprint("links", __name__)

ABOUT = N_("Links that say where a visit comes from: for mails, posts, partners, and, as a QR code, for everything printed.")
SUGGESTED = 30  # words of each kind
USUAL = {"source": ("instagram", "facebook", "tiktok", "google", "newsletter", "whatsapp", "flyer", "packaging"), "medium": campaigns.MEDIA}


@dataclass(frozen=True)
class Line:
    """A link with the numbers of its campaign."""

    link: object
    page: str  # the address it leads to, on the site's own host without it
    channel: str
    known: bool  # whether the channel is one that reports tell apart
    numbers: object  # the campaign's row of the report `sources`, or None when nobody came
    href: str  # that row


@blueprint.get("/sites/<key>/links")
def links_page(key):
    return _page()


@blueprint.post("/sites/<key>/links")
def link_made(key):
    typed = {name: request.form.get(name, "") for name in ("address", *campaigns.WORDS)}
    try:
        link = campaigns.add(store, g.site, typed, g.actor.email)
    except BadField as error:
        return _page(typed, {each.field: said(each) for each in error.errors}, 400)
    audit.record(store, g.actor, "added link", f"{key} {link.url}")
    return redirect(url_for("links.links_page", key=key, made=link.id))


@blueprint.post("/sites/<key>/links/<int:number>/remove")
def link_removed(key, number):
    gone = campaigns.remove(store, g.site, number) or abort(404)
    audit.record(store, g.actor, "removed link", f"{key} {gone.url}")
    flash(_("The link is out of the list. Where it was published, it leads there all the same."))
    return redirect(url_for("links.links_page", key=key))


@blueprint.get("/sites/<key>/links/<int:number>.<any(svg, png):form>")
def code(key, number, form):
    """The QR code of a link."""
    return drawn(campaigns.one(store, g.site, number) or abort(404), form, shown=bool(request.args.get("shown")))


def _page(typed=None, errors=None, status=200):
    arguments = {"period": request.args.getlist("period")} if request.method == "GET" else {}
    report = asked(store, g.site, "sources", arguments | {"by": ["campaign"], "limit": ["100000"]}, int(time.time() * 1000))
    rows = {row.value: row for row in report.rows}
    links = campaigns.all_of(store, g.site)
    lines = [_line(link, rows, report.period) for link in links]
    made = request.args.get("made", type=int)
    return render_template("journeys/links.html", about=_(ABOUT), bar=bar("links", report, has_filters=False, has_downloads=False), typed=typed or {}, errors=errors or {},
                           lines=lines, made=next((line.link for line in lines if line.link.id == made), None),
                           suggested=_suggested(links, report.period), columns={column.key: column for column in report.columns}), status


def _line(link, rows, period):
    href = page_address("sources", by="campaign", campaign=link.campaign, period=period.name)
    at = urlsplit(link.address)
    page = urlunsplit(("", "" if at.netloc == g.site.domain else at.netloc, at.path or "/", at.query, at.fragment))
    return Line(campaigns.at_home(link, g.site, request.host_url), page.removeprefix("//"), labels.label("channel", link.channel), link.channel != "Unassigned", rows.get(link.campaign), href)


def _suggested(links, period):
    """Words to choose from, {field: [words]}: those of this site's links and visits, then usual ones."""
    found = {}
    for name in campaigns.WORDS:
        used = [getattr(link, name) for link in links]
        seen = [row.value for row in asked(store, g.site, "sources", {"by": [name], "limit": [str(SUGGESTED)], "period": [period.name]}).rows]
        words = dict.fromkeys([*used, *seen, *USUAL.get(name, ())])
        found[name] = [word for word in words if word and word == campaigns.spelled(word)][:SUGGESTED]
    return found
