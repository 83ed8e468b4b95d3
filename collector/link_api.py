"""Campaign links for programs: /api/sites/<key>/links. Who may is checked before, in current.py: reading takes "read", all else "change"."""

from flask import Blueprint, Response, abort, jsonify, request

from collector import audit, campaigns, current, qr

blueprint = Blueprint("links_api", __name__, url_prefix="/api/sites/<key>/links")


@blueprint.get("")
def listed(key):
    """Every link, latest first."""
    return jsonify(links=[_shape(link) for link in campaigns.all_of(current.store, current.site)])


@blueprint.post("")
def added(key):
    """A new link; the body is its words: address, source, medium, campaign, content, term."""
    typed = current.sent(campaigns.BadLink, ("address", *campaigns.WORDS))
    link = campaigns.add(current.store, current.site, typed, current.who())
    audit.record(current.store, current.user(), "added link", f"{key} {link.url}")
    return jsonify(_shape(link)), 201


@blueprint.delete("/<int:number>")
def removed(key, number):
    """Out of the list; where it was published, it leads there all the same."""
    gone = campaigns.remove(current.store, current.site, number) or abort(404)
    audit.record(current.store, current.user(), "removed link", f"{key} {gone.url}")
    return "", 204


@blueprint.get("/<int:number>.<any(svg, png):form>")
def code(key, number, form):
    """The QR code of a link."""
    return drawn(campaigns.one(current.store, current.site, number) or abort(404), form)


def drawn(link, form, shown=False):
    """The answer with a link's QR code: a file to keep, or shown in a page."""
    link = campaigns.at_home(link, current.site, request.host_url)
    answer = Response(qr.drawn(link.url, form), content_type=qr.FORMS[form])
    answer.headers["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{current.site.key}-{link.campaign}-{link.id}.{form}"' \
        .encode("ascii", "replace").decode()
    return answer


def _shape(link):
    """A link; who made it only for those who may do so themselves."""
    url = campaigns.at_home(link, current.site, request.host_url).url
    return {"id": link.id, "at": link.at, "url": url, "channel": link.channel,
            **{name: getattr(link, name) for name in ("address", *campaigns.WORDS)}} | ({"who": link.who} if current.can("change") else {})
