"""The pages of experiments in the navigation."""

from flask import request, url_for
from flask_babel import gettext as _

from collector import current
from collector.frame import Way

ROOMS = ("results", "define")  # blueprints whose pages are about experiments


def groups():
    """Groups of (title, [Way, …]) of the experiments of the site shown."""
    here = request.blueprint in ROOMS and request.view_args.get("key") == current.site.key
    return [(_("Experiments"), [Way("experiments", _("Experiments"), url_for("results.listed", key=current.site.key), here),
                                Way("calculator", _("Calculator"), url_for("calculator.judged", key=current.site.key), request.blueprint == "calculator")])]
