"""The script of a preview: /netiv-x.js with a token, asked for by the second script of the page in a visitor's place."""

import json

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _

from collector import sites
from collector.current import store
from collector.locale import direction
from experiments import delivery, preview, register

blueprint = Blueprint("preview", __name__)
templates = delivery.Templates()


@blueprint.get(delivery.PATH)
def script():
    token = request.args.get(preview.PARAMETER, "")
    templates.refresh()
    code, told = _forced(token)
    words = {"told": told, "end": _("End the preview"), "dir": direction()}
    answer = Response(f"{code};({templates.bar})({json.dumps(token)},{json.dumps(words)})", headers=delivery.HEADERS)
    answer.vary.add("Accept-Language")
    return answer


def _forced(token):
    """(script that shows the variant, what the bar says)."""
    try:
        site_key, key, variant = preview.read(current_app.secret_key, token)
    except preview.BadPreview:
        return "", _("This link to a preview is not valid any more. You see the page as it is.")
    site = sites.by_key(store, site_key) if site_key == request.args.get("site") else None
    record = register.by_key(store, site, key) if site else None
    found = {each.key: (place, each) for place, each in enumerate(record.experiment.variants)} if record else {}
    if variant not in found:
        return "", _("The variant of this preview is not there any more. You see the page as it is.")
    place, variant = found[variant]
    told = _("Preview of “%(experiment)s”: %(variant)s. This visit is not counted.", experiment=record.experiment.name, variant=variant.name)
    return templates.script([delivery.forced(record, place)], forced=True), told
