"""What stands on the demo shop's map: notes of ours, signed as the demo's, and not those of anybody who was asked.

What stops people needs none: it is measured. Those that rest on a report lead to it; what they say is true of the sixty days
(collector/demo/truths.py). All others are assumed, as a first map is. Retention
has no feeling, so that the curve shows a gap.
"""

from collector import journey_register
from collector.demo import SITE
from journeys import maps, notes
from journeys.report import N_

WHO = "Netiv demo"
# stage, lane, text, feeling, report it rests on
NOTES = (
    ("awareness", "do", N_("Look for a guitar that will last, and compare a few makers."), None, ""),
    ("awareness", "think", N_("Is a handmade one worth what it costs?"), None, ""),
    ("awareness", "feel", N_("Curious."), 1, ""),
    ("consideration", "do", N_("Look at two or three guitars, and read how they may be sent back."), None, "pages?page=*/returns"),
    ("consideration", "ask", N_("May I send it back if the sound is not for me?"), None, "paths?steps=/shop/cart&steps=/shop/returns"),
    ("consideration", "feel", N_("Unsure: nothing can be heard, and comparing takes long."), 0, ""),
    ("consideration", "help", N_("A sample of the sound on every guitar's page."), None, ""),
    ("purchase", "think", N_("Why do they want my telephone number?"), None, ""),
    ("purchase", "feel", N_("Annoyed by a form that refuses what they write."), -1, ""),
    ("purchase", "help", N_("Say what the number is for, or do without it."), None, ""),
    ("retention", "do", N_("Come back by the newsletter to see what is new."), None, "sources"),
    ("advocacy", "feel", N_("Proud: they play it to their friends."), 2, ""),
)
TEXTS = frozenset(text for _, _, text, _, _ in NOTES)  # ours, so translated where they are shown


def join(told, store, site, now):
    """Nothing to add to the visitors."""


def end(told, store, site, now):
    """Writes the notes on the map, of those stages that the shop's journey has."""
    record = journey_register.by_key(store, site)
    stages = {stage.key for stage in record.journey.stages} if record else ()
    for stage, lane, text, feeling, report in NOTES:
        if stage in stages:
            written = notes.Written(text, feeling, "report" if report else "", f"/sites/{SITE}/{report}" if report else "")
            notes.add(store, maps.by_key(store, site, maps.MAIN), stage, lane, written, WHO, now=now)
