"""The pages: the overview, and one page a report. Each shows the same report(...) the API and the command line give."""

from flask import Blueprint, render_template

from collector.current import open_to_all

blueprint = Blueprint("journeys", __name__)


@blueprint.get("/patterns")
@open_to_all
def patterns():
    """Every part of a page once, in both directions."""
    return render_template("patterns.html")
