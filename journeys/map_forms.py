"""What the forms around a map show: a note with its former versions, a map's own facts, and the canvas to fill in by hand."""

from types import SimpleNamespace

from flask import url_for
from flask_babel import gettext as _

from collector import current, journey_register
from journeys import map_drawn, map_page, maps, notes, practices
from journeys.report import N_

ASKED = {  # what a workshop is asked, under the title of each row
    "touchpoints": N_("Where do they meet us?"), "do": N_("What do they try to get done?"), "think": N_("What goes through their mind?"),
    "feel": N_("Draw a line: above is good, below is bad"), "ask": N_("Which questions have no answer yet?"),
    "stop": N_("Where do they give up, and why?"), "help": N_("What would we try first?")}
TALL = ("touchpoints", "stop", "help")


def note(map_, stages, typed, versions=()):
    """The form of a note. `stages` are those of the map; `versions` are those of a note that is there, latest first."""
    names = {stage.key: map_drawn.stage_name(stage) for stage in stages}
    latest = versions[0] if versions else None
    return SimpleNamespace(
        title=_("A note on the map") if latest else _("Add a note"), map_name=map_page.name_of(map_), back=map_page.address(map_),
        stage_name=names.get(typed["stage"], typed["stage"]), lane_title=_(notes.LANES.get(typed["lane"], "")) if typed["lane"] else "",
        stages=list(names.items()), lanes=[(key, _(title)) for key, title in notes.LANES.items()],
        feelings=[(str(value), _(title)) for value, title in notes.FEELINGS.items()],
        evidence=[(key, _(title)) for key, title in notes.EVIDENCE.items()],
        version=latest.version if latest else 0, gone=bool(latest and latest.gone),
        versions=[map_drawn.sheet(each) for each in versions],
        practices=[(_(each.text), _(each.evidence)) for each in practices.of_stage(typed["stage"])] if typed["lane"] == "help" else (),
        remove=map_page.within(map_, "remove_note", note=latest.id) if latest else "")


def facts(store, map_=None):
    """The form of a map's name, kind and segment."""
    exists = map_ is not None
    return SimpleNamespace(
        title=_("Name and visitors") if exists else _("New map"), exists=exists,
        map_name=map_page.name_of(map_) if exists else _(maps.OUR_NAME),
        back=map_page.address(map_) if exists else url_for("maps.home", key=current.site.key),
        kinds=[(key, _(title)) for key, title in maps.KINDS.items()],
        bases=[("", "–"), *((each.key, map_page.name_of(each)) for each in maps.all_of(store, current.site) if each.kind == "as is")],
        journeys=[(record.key, _(record.journey.name)) for record in journey_register.all_of(store, current.site)],
        remove=map_page.within(map_, "remove") if exists and map_.key != maps.MAIN else "")


def canvas(map_, stages):
    """Stages across and empty rows under them."""
    titles = {"touchpoints": map_page.MEASURED["touchpoints"], **notes.LANES}
    return SimpleNamespace(
        map_name=map_page.name_of(map_), back=map_page.address(map_), stages=[map_drawn.stage_name(stage) for stage in stages],
        rows=[SimpleNamespace(title=_(title), asked=_(ASKED[key]), tall=key in TALL, felt=key == "feel") for key, title in titles.items()])
