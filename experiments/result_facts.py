"""What was agreed on before an experiment began, and the raw counts its numbers are of."""

from flask_babel import gettext as _

from collector import locale
from collector.fields import N_
from experiments import drawn, sentences
from experiments.result_effects import pair



def facts(findings, names):
    """Pairs (term, text) of what always stands on the page."""
    experiment, result, plan = findings.experiment, findings.result, findings.result.plan
    total = sum(result.balance.counts) or 1
    seen = " · ".join(locale.percent(count / total, 2) for count in result.balance.counts)
    found = [
        (_("Started"), locale.moment(findings.record.started_at)),
        (_("Ended"), locale.moment(findings.record.stopped_at)) if findings.record.stopped_at else None,
        (_("Planned"), _plan_text(experiment.plan)),
        (_("Rule"), _(sentences.RULES[plan.rule])),
        ("α", locale.percent(plan.alpha, 1)),
        (_("Planned split"), _split_planned(result, names)),
        (_("Seen split"), seen),
        (_("Primary metric"), _metric(experiment.primary, names)),
        (_("Share of the traffic"), locale.percent(experiment.share, 1)),
        (_("Where"), _where(experiment)),
        (_("Owner"), sentences.bdi(experiment.owner)) if experiment.owner else None,
        *((_("Cap"), sentences.filled(N_("%(metric)s: %(cap)s a visitor, frozen at the first look"), metric=names.metric(key), cap=locale.money(cap)))
          for key, cap in findings.caps.items() if cap is not None),
        (_("Data until"), locale.moment(findings.until)),
        (_("Version of Netiv"), sentences.bdi(f"Netiv {findings.code}")),
    ]
    return tuple(each for each in found if each)


def _split_planned(result, names):
    return sentences.Markup(" · ").join(pair(names.variant(key), locale.percent(weight, 1), " ")
                     for key, weight in zip(result.variants, result.weights, strict=True))


def _plan_text(plan):
    said = []
    if plan.visitors:
        said.append(_("%(visitors)s visitors in all", visitors=locale.number(plan.visitors)))
    if plan.until:
        said.append(_("until %(day)s", day=locale.date(drawn.day_named(plan.until), "long")))
    return ", ".join(said) or locale.UNKNOWN


def _metric(metric, names):
    _source, what = metric.source
    if metric.name == metric.key:  # what it is called says what it is
        return sentences.filled(N_("%(metric)s, within %(hours)s hours of the first exposure"), metric=names.metric(metric.key),
                                hours=locale.number(metric.window_hours))
    return sentences.filled(N_("%(metric)s: %(kind)s from %(source)s, within %(hours)s hours of the first exposure"), metric=names.metric(metric.key),
                        kind=sentences.kind(metric), source=sentences.bdi(what), hours=locale.number(metric.window_hours))


def _where(experiment):
    where = experiment.where
    return sentences.Markup(", ").join(sentences.bdi(each) for each in (*where.paths, where.event) if each) or _("every page")


def raw(findings, names, judged):
    """(name, [(variant, what was counted as pairs)]) of one metric."""
    metrics = {each.key: each for each in (findings.case.primary, *findings.case.secondary, *findings.case.guardrails)}
    return (names.metric(judged.key), tuple((names.variant(variant), tuple(vars(sums).items()))
                                            for variant, sums in zip(findings.case.variants, metrics[judged.key].sums, strict=True)))
