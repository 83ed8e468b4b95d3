"""An audience that names a segment of the site: what the segment's filters ask for when a variant is assigned.

A segment is chosen from finished sessions; a variant is assigned on the first
page. So only filters may stand in it whose answer is known by then: device,
channel, country, and whether the visitor is new. Segments never change, so
neither does the audience of a test that runs.
"""

from dataclasses import replace

from collector import filters, segments
from experiments.reading import BadExperiment, N_

KNOWN = {"device": "device", "channel": "channel", "country": "country", "visitor": "visitors"}  # filter: part of an audience


def check(store, site, experiment):
    """Raises BadExperiment when the audience names a segment that cannot be one."""
    if experiment.audience.segment:
        met(experiment.audience, segments.by_key(store, site, experiment.audience.segment))


def resolved(store, site, record):
    """The Record with what its segment asks for among the conditions of its audience. Raises BadExperiment."""
    experiment = record.experiment
    if not experiment.audience.segment:
        return record
    segment = segments.by_key(store, site, experiment.audience.segment)
    return replace(record, experiment=replace(experiment, audience=met(experiment.audience, segment)))


def every(store, site, records):
    """Those Records resolved; one whose segment is no more is for nobody, and left out."""
    found = []
    for record in records:
        try:
            found.append(resolved(store, site, record))
        except BadExperiment:
            continue
    return found


def met(audience, segment):
    """The Audience of those who are of both. Raises BadExperiment at the segment's field."""
    if segment is None:
        raise BadExperiment("audience.segment", N_("%(typed)s is no segment of this site"), typed=audience.segment)
    asked = {}
    for key, value in segment.filters.terms:
        if key not in KNOWN:
            raise BadExperiment("audience.segment", N_("%(name)s asks for %(key)s, which is not known when a variant is assigned; "
                                                       "a segment may ask for %(choices)s"), name=segment.name, key=key, choices=", ".join(KNOWN))
        text = filters.exact(value)
        if text is None:
            raise BadExperiment("audience.segment", N_("%(name)s asks for %(key)s=%(value)s; an audience takes values as they are, "
                                                       "without ! and *"), name=segment.name, key=key, value=value)
        asked.setdefault(KNOWN[key], []).append(text)
    both = {part: _both(audience, part, tuple(texts), segment) for part, texts in asked.items()}
    return replace(audience, segment="", **both)


def _both(audience, part, texts, segment):
    own = getattr(audience, part)
    if part == "visitors":
        wanted = texts[0] if len(set(texts)) == 1 else "all"
        found = own if wanted == "all" else wanted if own in ("all", wanted) else ""
    else:
        found = tuple(text for text in texts if not own or text in own)
    if not found:
        raise BadExperiment("audience.segment", N_("%(name)s and the other conditions leave nobody: they ask for different values of %(part)s"),
                            name=segment.name, part=part)
    return found
