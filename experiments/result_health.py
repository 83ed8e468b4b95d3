"""The health of a result: the split of its visitors, whether they were alike before, whether tracking kept up. One line each."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from collector import labels, locale
from collector.fields import N_
from collector.orders import LIGHTS
from experiments import sentences, srm
from experiments.words import ATTENTION, BAD, GOOD, PLAIN

BALANCES = {srm.OK: GOOD, srm.WARN: ATTENTION, srm.BLOCK: BAD, srm.FEW: PLAIN}
SEGMENTS = {"device": N_("Device"), "browser": N_("Browser"), "channel": N_("Channel"), "country": N_("Country"),
            "seen_before": N_("New or returning")}


@dataclass(frozen=True)
class Check:
    """One line of health. `tone` is its sign too: checked, to be looked at, wrong, or not known yet."""

    tone: str
    title: str
    text: object


def health(findings, names):
    result, balance = findings.result, findings.result.balance
    found = [split(balance)]
    found += [Check(ATTENTION, _("Split in one segment"), sentences.Markup(sentences.tidy(sentences.filled(
        N_("%(segment)s: p = %(p)s, corrected for looking at all segments."), segment=segment_name(kind, each.where), p=sentences.p_value(each.p)))))
        for kind, parts in result.segments for each in parts if each.state in (srm.WARN, srm.BLOCK)]
    if not any(each.state in (srm.WARN, srm.BLOCK) for _kind, parts in result.segments for each in parts) and result.segments:
        tested = [_(SEGMENTS.get(kind, N_("Day"))) for kind, parts in result.segments if any(each.p is not None for each in parts)]
        found.append(Check(GOOD, _("Split in every segment"), _("As planned by %(kinds)s.", kinds=", ".join(tested))) if tested else
                     Check(PLAIN, _("Split in every segment"), _("Not enough data: fewer than 100 visitors.")))
    found.append(_in_two(findings))
    if findings.before:
        found.append(_before(findings, names))
    found.append(_tracking(findings))
    if findings.orders:
        found.append(_orders(findings.orders))
    found += [Check(ATTENTION, _("Goal removed"), sentences.filled(
        N_("%(metric)s counts the goal %(goal)s, which the site has no more: what happened since it was removed is not in these numbers."),
        metric=names.metric(key), goal=sentences.bdi(findings.metric(key).goal))) for key in findings.gone]
    if len(findings.epochs) > 1:
        changed = len(findings.epochs) - 1
        found.append(Check(PLAIN, _("Epochs"), ngettext(
            "The weights were changed once; each epoch is compared with its own weights, and the numbers are of the latest.",
            "The weights were changed %(times)s times; each epoch is compared with its own weights, and the numbers are of the latest.",
            changed, times=locale.number(changed))))
    return tuple(found)


def split(balance):
    """The Check of a Balance."""
    seen = " · ".join(locale.number(each) for each in balance.counts)
    planned = " · ".join(locale.number(round(each)) if each is not None else locale.UNKNOWN for each in balance.expected)
    if balance.p is None:
        return Check(PLAIN, _("Split of the visitors"), _("Not enough data: fewer than 100 visitors."))
    text = sentences.tidy(_("Seen %(seen)s, planned %(planned)s (p = %(p)s).", seen=seen, planned=planned, p=sentences.p_value(balance.p)))
    return Check(BALANCES[balance.state], _("Split of the visitors"), text)


def _in_two(findings):
    result = findings.result
    everybody = result.visitors + result.multiple
    share = result.multiple / everybody if everybody else 0
    tone = ATTENTION if any(each.code == "multiple" for each in result.warnings) else GOOD if everybody else PLAIN
    return Check(tone, _("Visitors in two variants"), _("%(visitors)s (%(share)s), left out of all numbers.",
                                                      visitors=locale.number(result.multiple), share=locale.percent(share, 2)))


def _before(findings, names):
    """Visitors of different variants who differed before the test make a difference after it doubtful."""
    key, p = min(findings.before, key=lambda each: each[1])
    text = sentences.filled(N_("%(metric)s of returning visitors in the 30 days before: p = %(p)s, corrected."), metric=names.metric(key), p=sentences.p_value(p))
    return Check(ATTENTION if p < srm.BLOCKS else GOOD, _("Alike before the test"), sentences.Markup(sentences.tidy(text)))


def _tracking(findings):
    faulty = [each for each in findings.case.faults]
    last = findings.until
    text = _("Counted up to %(moment)s.", moment=locale.moment(last)) if last else _("Nothing was counted yet.")
    return Check(BAD if faulty else GOOD if last else PLAIN, _("Tracking"), text)


def _orders(health):
    """Real orders of these days beside the tracked ones."""
    tone = {"green": GOOD, "amber": ATTENTION, "red": BAD}.get(health.light, PLAIN)
    if health.share is None:
        return Check(tone, _("Real orders"), _(LIGHTS[health.says]))
    return Check(tone, _("Real orders"), _("%(says)s: %(share)s of %(orders)s real orders were tracked.", says=_(LIGHTS[health.says]),
                                           share=locale.percent(health.share), orders=locale.number(health.of)))


def segment_name(kind, name):
    """A segment's value as people read it."""
    if kind == "seen_before":
        return _("Returning visitors") if name in ("1", 1) else _("New visitors")
    if kind == "day":
        return locale.date(int(name))
    return sentences.bdi(labels.label(kind, name))
