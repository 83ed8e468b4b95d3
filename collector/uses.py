"""What hangs on a page group or a goal: it is not taken away under it, and who takes it away is told by whom it is used."""

from urllib.parse import quote_plus

from collector import filters
from collector.fields import N_, Names

USED = N_("%(name)s is used by %(users)s; remove it there first")


def refuse(store, site, kind, name, error, field):
    """Raises `error`, a BadField, when the site has funnels, journeys, segments, maps or experiments that use the "group" or "goal" of that name."""
    typed = filters.literal(name)
    found = store.ask("collector/uses", site=site.id, kind=kind, name=name, typed=typed, quoted=quote_plus(typed))
    if found:
        raise error(field, USED, name=Names([name]), users=Names(use.name for use in found))
