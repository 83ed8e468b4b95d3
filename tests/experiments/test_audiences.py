"""An audience that names a segment: what it asks for at assignment, and which segments cannot be one."""

import pytest

from collector import segments
from experiments import audiences, launch, register
from experiments.reading import BadExperiment
from tests.experiments.example import made
from tests.story import NOW

WHO = "dana@shop.example"


def kept(store, site, name="Phones abroad", **filters):
    return segments.add(store, site, name, filters, WHO).key


def defined(key, **audience):
    return made(audience={"segment": key} | audience, where={"paths": ["/checkout*"]}, secondary=[], guardrails=[])


def met(store, site, key, **audience):
    record = register.add(store, site, defined(key, **audience), WHO, now=NOW)
    return audiences.resolved(store, site, record).experiment.audience


def test_what_a_segment_asks_for_is_asked_of_visitors(store, site):
    key = kept(store, site, device=["mobile", "tablet"], country=["US"], visitor=["new"], channel=[r"Paid \*"])
    found = met(store, site, key)
    assert (found.device, found.country, found.visitors, found.channel) == (("mobile", "tablet"), ("US",), "new", ("Paid *",))


def test_beside_other_conditions_both_hold(store, site):
    found = met(store, site, kept(store, site, device=["mobile", "tablet"], visitor=["new", "returning"]), device=["mobile"], visitors="new")
    assert (found.device, found.visitors) == (("mobile",), "new")


@pytest.mark.parametrize("filters, audience, says", [
    ({"goal": ["Purchase"]}, {}, "asks for goal, which is not known when a variant is assigned"),
    ({"pace": ["slow"]}, {}, "asks for pace"), ({"page": ["/cart"]}, {}, "asks for page"),
    ({"device": ["!mobile"]}, {}, "without ! and"), ({"channel": ["Paid*"]}, {}, "without ! and"),
    ({"device": ["mobile"]}, {"device": ["desktop"]}, "leave nobody"), ({"visitor": ["new"]}, {"visitors": "returning"}, "leave nobody")])
def test_what_is_not_known_at_assignment_is_refused_at_its_field(store, site, filters, audience, says):
    key = kept(store, site, **filters)
    with pytest.raises(BadExperiment, match=says) as wrong:
        register.add(store, site, defined(key, **audience), WHO)
    assert wrong.value.field == "audience.segment" and register.all_of(store, site) == []


def test_a_segment_the_site_has_not_is_refused_and_one_that_is_used_stays(store, site):
    with pytest.raises(BadExperiment, match="old is no segment"):
        register.add(store, site, defined("old"), WHO)
    register.add(store, site, defined(kept(store, site, device=["mobile"])), WHO)
    with pytest.raises(segments.BadSegment, match="used by short-checkout"):
        segments.remove(store, site, "phones-abroad")


def test_the_launch_check_counts_those_of_the_segment_only(store, site, story):
    for number, device in enumerate(("mobile", "mobile", "desktop")):
        story.visitor(f"v{number}", at=NOW - 2 * 86_400_000, device=device).view("/checkout").purchase(10)
    record = register.add(store, site, defined(kept(store, site, device=["mobile"])), WHO, now=NOW)
    assert launch.check(store, site, record, NOW).tried[0].n == 2
