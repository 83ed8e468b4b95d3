"""The reviewer's packet: all that is needed to compute a verdict again, as a block of JSON inside one offline page. Pure.

`block()` makes the block, `verify()` reads it out of the page, judges the raw
counts once more and compares every number with what the packet says.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass, fields

from collector.fields import BadField, N_
from experiments import definition, statistics
from experiments.reasons import Reason
from experiments.sequential import Plan
from experiments.verdict import Case, Metric, judge

FORMAT = 1
ID = "netiv-packet"  # of the script element that holds the block
KINDS = {each.__name__.lower(): each for each in (statistics.Rate, statistics.Mean, statistics.Ratio, statistics.Adjusted)}
CLOSE = 1e-9  # relative: another processor may round its last digits differently


class BadPacket(BadField):
    """This is no packet, or one of its fields cannot be read."""


@dataclass(frozen=True)
class Verified:
    """`difference` is (path, what the packet says, what the raw counts come to), None when all agree."""

    key: str
    verdict: str  # of the raw counts
    numbers: int  # compared
    difference: tuple | None

    @property
    def agrees(self):
        return self.difference is None


def block(findings, site, page):
    """The block of Findings, ready for JSON: definition, raw counts with all the judge was told, and his Result.

    `page` is the HTML within <main>, so that whoever changes what is read there changes what is compared.
    """
    return {"format": FORMAT, "page": digest(page), "code": findings.code, "made_at": findings.now, "data_until": findings.until,
            "site": {"name": site.name, "timezone": site.timezone, "currency": site.currency},
            "state": findings.record.state, "started_at": findings.record.started_at, "stopped_at": findings.record.stopped_at,
            "decision": findings.record.decision, "caps": findings.caps,
            "definition": definition.as_dict(findings.experiment), "case": case_as_dict(findings.case), "result": findings.result.as_dict()}


def digest(page):
    """SHA-256 of the packet's visible part, whatever line ends it was saved with."""
    return hashlib.sha256("\n".join(page.split()).encode()).hexdigest()


def case_as_dict(case):
    """A Case as JSON has it; read_case() gives the same Case back."""
    return {"variants": list(case.variants), "weights": list(case.weights), "visitors": list(case.visitors),
            "primary": _metric(case.primary), "secondary": [_metric(each) for each in case.secondary],
            "guardrails": [_metric(each) for each in case.guardrails], "plan": vars(case.plan) | {"looks": list(case.plan.looks)},
            "epochs": [[list(visitors), list(weights)] for visitors, weights in case.epochs],
            "segments": [[kind, [[name, list(visitors)] for name, visitors in parts]] for kind, parts in case.segments],
            "multiple": case.multiple, "days": case.days, "later": case.later,
            "faults": [{"code": each.code, "numbers": each.numbers} for each in case.faults]}


def read_case(mapping):
    """The Case of what case_as_dict() gave. Raises BadPacket."""
    try:
        return Case(
            tuple(mapping["variants"]), _read_metric(mapping["primary"]), tuple(map(_read_metric, mapping["secondary"])),
            tuple(map(_read_metric, mapping["guardrails"])), tuple(mapping["weights"]),
            Plan(**mapping["plan"] | {"looks": tuple(mapping["plan"]["looks"])}), tuple(mapping["visitors"]),
            tuple((tuple(visitors), tuple(weights)) for visitors, weights in mapping["epochs"]),
            tuple((kind, tuple((name, tuple(visitors)) for name, visitors in parts)) for kind, parts in mapping["segments"]),
            mapping["multiple"], mapping["days"], tuple(Reason(each["code"], each["numbers"]) for each in mapping["faults"]),
            mapping["later"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadPacket("case", N_("cannot be read: %(error)s"), error=f"{type(error).__name__}: {error}"[:200]) from error


def verify(text):
    """The Verified of a packet's text. Raises BadPacket when it is none."""
    found = re.search(rf'<script type="application/json" id="{ID}">(.*?)</script>', text, re.DOTALL)
    if not found:
        raise BadPacket("packet", N_("holds no block of numbers; is it the file that the result page gave?"))
    try:
        packed = json.loads(found[1])
    except ValueError as error:
        raise BadPacket("packet", N_("holds a block that is no JSON: %(error)s"), error=str(error)) from error
    if not isinstance(packed, dict) or packed.get("format") != FORMAT:
        raise BadPacket("format", N_("is unknown to this version of Netiv; it reads format %(format)s"), format=FORMAT)
    case = read_case(packed.get("case"))
    computed = json.loads(json.dumps(judge(case).as_dict()))
    counter = [0]
    difference = min(_differences("result", packed.get("result"), computed, counter), key=_plainness, default=None)
    read = text.partition("<main>")[2].rpartition("</main>")[0]
    if not difference and packed.get("page") != digest(read):
        difference = "page", packed.get("page"), digest(read)
    return Verified(str(packed.get("definition", {}).get("key", "")), computed["verdict"], counter[0], difference)


def _differences(path, said, computed, counter):
    """(path, said, computed) of everything that differs, in the order of the result."""
    if isinstance(computed, dict) and isinstance(said, dict):
        for name in {**computed, **said}:
            yield from _differences(f"{path}.{name}", said.get(name), computed.get(name), counter)
    elif isinstance(computed, list) and isinstance(said, list) and len(said) == len(computed):
        for at, (one, other) in enumerate(zip(said, computed, strict=True)):
            yield from _differences(f"{path}[{at}]", one, other, counter)
    else:
        counter[0] += 1
        if not _same(said, computed):
            yield path, said, computed


def _plainness(difference):
    """Which difference is named: a count before another number, and both before a verdict or reasons, which follow from them."""
    _, *sides = difference
    kinds = {type(side) for side in sides}
    return 0 if kinds == {int} else 1 if kinds <= {int, float} else 2


def _same(said, computed):
    if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (said, computed)):
        return math.isclose(said, computed, rel_tol=CLOSE, abs_tol=1e-300)
    return type(said) is type(computed) and said == computed


def _metric(metric):
    return {"key": metric.key, "direction": metric.direction, "margin": metric.margin, "sums": [_sums(each) for each in metric.sums],
            "beside": [_sums(each) for each in metric.beside]}


def _sums(each):
    return {"kind": type(each).__name__.lower(), **{field.name: getattr(each, field.name) for field in fields(each)}}


def _read_metric(mapping):
    sums, beside = (tuple(_read_sums(each) for each in mapping[name]) for name in ("sums", "beside"))
    return Metric(mapping["key"], sums, mapping["direction"], mapping["margin"], beside)


def _read_sums(mapping):
    values = dict(mapping)
    return KINDS[values.pop("kind")](**values)
