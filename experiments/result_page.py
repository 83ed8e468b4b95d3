"""The result of an experiment arranged for its page: which sentence, which row, where each bar stands.

Everything is chosen here, in the reader's language, so that the templates only
print. Colour comes in after the rule has decided, never before.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from collector import labels, locale
from collector.exclusions import REASONS
from collector.fields import N_
from collector.orders import LIGHTS
from experiments import computed, drawn, plots, register, reviews, sentences, shares, srm, words
from experiments.guardrails import BROKEN, HOLDS

GOOD, BAD, ATTENTION, PLAIN = "good", "bad", "attention", ""
TONES = {"better": GOOD, "worse": BAD, "review": ATTENTION, "unusable": BAD}
SYMBOLS = {"better": "check", "worse": "down", "review": "eye", "unusable": "rejected", "collecting": "calendar", "undecided": "calendar",
           "ended": "info"}
ELSEWHERE = ("by_chance", "srm_segment")  # warnings that stand beside what they are about
GUARDS = {HOLDS: N_("Holds"), "unsure": N_("Not shown yet"), BROKEN: N_("Broken")}
BALANCES = {srm.OK: GOOD, srm.WARN: ATTENTION, srm.BLOCK: BAD, srm.FEW: PLAIN}
SEGMENTS = {"device": N_("Device"), "browser": N_("Browser"), "channel": N_("Channel"), "country": N_("Country"),
            "seen_before": N_("New or returning")}
STEP_NAMES = {"": N_("Saw the variant"), "view_item": N_("Looked at a product"), "add_to_cart": N_("Put it in the cart"), "view_cart": N_("Looked at the cart"),
              "begin_checkout": N_("Began the checkout"), "add_shipping_info": N_("Told where to send it"),
              "add_payment_info": N_("Told how to pay"), "purchase": N_("Bought")}


@dataclass(frozen=True)
class Bar:
    """An interval on an axis, in percent of its width; an end that lies beyond the axis is cut."""

    low: float
    high: float
    at: float | None
    cut_low: bool
    cut_high: bool
    margin: float | None = None

    @property
    def width(self):
        return round(self.high - self.low, 2)


@dataclass(frozen=True)
class Row:
    """One line of a table of effects. Texts are ready to be printed; `bar` is None where there is no interval."""

    name: object
    n: str = ""
    value: str = ""
    value_between: str = ""
    change: str = ""
    difference: str = ""
    between: str = ""
    bar: Bar | None = None
    tag: str = ""
    tone: str = PLAIN
    notes: tuple = ()


@dataclass(frozen=True)
class Effects:
    """Rows on one common axis: its ticks are pairs (percent, text), `zero` where no difference is."""

    rows: tuple
    ticks: tuple
    zero: float
    level: str = ""


@dataclass(frozen=True)
class Check:
    """One line of health. `tone` is its sign too: checked, to be looked at, wrong, or not known yet."""

    tone: str
    title: str
    text: object


@dataclass(frozen=True)
class Verdict:
    name: str  # of the verdict, short
    tone: str
    symbol: str
    sentence: object
    lines: tuple
    warnings: tuple
    progress: float | None
    progress_text: object


@dataclass(frozen=True)
class Page:
    findings: object
    names: sentences.Names
    state: str
    verdict: Verdict
    primary: Effects
    guardrails: Effects | None
    secondary: tuple  # pairs (name of the metric, Effects), all on one axis
    secondary_note: object
    health: tuple
    effect: tuple  # (name of the treatment, drawn.Plot) over the days
    exposures: object
    balance: object
    days: tuple  # rows of the table of days
    segments: tuple  # pairs (title, Effects), all on one axis
    since: tuple
    funnel: tuple
    funnel_note: str
    form: object
    revenue: object
    facts: tuple
    computed: tuple
    raw: tuple
    exclusions: tuple
    others: tuple  # pairs (title, Effects), all on one axis
    times: tuple  # (name of the metric, [(variant, median, within which nine of ten, completed)])


def page(findings):
    """The Page of Findings."""
    names = sentences.Names(findings.experiment)
    result = findings.result
    return Page(
        findings, names, _(words.STATES[findings.record.state]),
        verdict(findings, names, bool(findings.experiment.plan.until), _planned_end(findings)), primary(findings, names),
        _guardrails(findings, names), _secondary(findings, names), _by_chance(findings, names), _health(findings, names),
        drawn.effect(findings, names), drawn.exposures(findings, names), drawn.balance(findings, names), _days(findings),
        _segments(findings, names), _since(findings, names), _funnel(findings, names), _sampled(findings.funnel), _form(findings, names),
        drawn.revenue(findings, names), _facts(findings, names), computed.steps(findings, names),
        tuple(_raw(findings, names, judged) for judged in (result.primary, *result.secondary, *result.guardrails)),
        tuple((_(REASONS[row.reason]), locale.number(row.events)) for row in findings.exclusions),
        _others(findings, names), _times(findings, names))


# -- the verdict

def verdict(findings, names, has_end=False, planned_end=""):
    """The Verdict of what has a `result` and an `experiment`. `planned_end` is said while nothing is decided."""
    result = findings.result
    lines = [text for text in _estimates(findings, names) if text]
    for each in result.reasons:
        if each.code != "not_yet":
            lines.append(sentences.reason(each, names, has_end))
        if each.code == "planned_end":
            lines.append(sentences.p_in_words(each.numbers["p"]))
    if result.verdict in ("undecided", "collecting"):
        lines.append(planned_end)
    warnings = tuple(sentences.reason(each, names, has_end) for each in result.warnings if each.code not in ELSEWHERE)
    return Verdict(sentences.title(result), TONES.get(result.verdict, PLAIN), SYMBOLS[result.verdict], sentences.verdict(findings, names),
                   tuple(each for each in lines if each), warnings, result.progress, _progress(result))


def _estimates(findings, names):
    result, kind = findings.result, findings.experiment.primary.kind
    if result.verdict in ("better", "review"):
        winner = next(each for each in result.primary.effects if each.variant == result.winner)
        return [sentences.estimate(winner, kind)]
    if result.verdict == "worse":
        return [sentences.estimate(each, kind) for each in result.primary.effects if each.verdict == "worse"]
    if result.verdict == "undecided":
        return [sentences.compatible(each, names, alone=len(result.primary.effects) == 1) for each in result.primary.effects]
    return []


def _planned_end(findings):
    plan = findings.experiment.plan
    fewest, most = findings.days_left
    if plan.until:
        return _("Planned end: %(day)s.", day=locale.date(drawn.day_named(plan.until), "long"))
    if findings.record.state != "running" or (fewest, most) == (0, 0):
        return ""
    return _("Planned end: in %(days)s at the pace of the last week.", days=sentences.days(fewest, most))


def _progress(result):
    if result.progress is None:
        return ""
    return _("%(share)s of the planned visitors: %(visitors)s of %(planned)s", share=locale.percent(result.progress, 0),
             visitors=locale.number(result.visitors), planned=locale.number(result.plan.visitors))


# -- effects on one axis

def primary(findings, names):
    """The Effects of the primary metric, of what has a `result`, an `experiment`, `fired` and `metric`."""
    judged = findings.result.primary
    return _effects(findings, names, judged, _axis([judged]), lambda effect: _tone(findings, effect))


def _tone(findings, effect):
    return {"better": GOOD, "worse": BAD}.get(effect.verdict, PLAIN) if findings.fired or findings.result.verdict == "worse" else PLAIN


def _axis(several):
    """The common axis of some Judged metrics."""
    found = [_shown(effect) for judged in several for effect in judged.effects]
    return plots.clipped([interval.relative for interval in found if interval])


def _shown(effect):
    """The interval a row draws: the one that decides, else the one that holds however often one looks."""
    return effect.deciding or effect.always or effect.interval


def _effects(findings, names, judged, axis, tone, tag=lambda effect: ""):
    """The Effects of one metric: a row of the control, then one of each treatment."""
    kind = findings.metric(judged.key).kind
    control, *others = judged.values
    rows = [Row(names.control, locale.number(control.n), sentences.amount(control.value, kind), _own(control, kind), tag="" if names.is_control else _("control"))]
    for value, effect in zip(others, judged.effects, strict=True):
        interval = _shown(effect)
        rows.append(Row(
            names.variant(effect.variant), locale.number(value.n), sentences.amount(value.value, kind), _own(value, kind),
            sentences.relative(effect.relative), sentences.difference(effect.difference, kind),
            sentences.between(interval.relative) if interval and interval.relative else "",
            _bar(interval.relative if interval else None, effect.relative, axis),
            tag(effect), tone(effect), tuple(sentences.reason(each, names) for each in effect.why)))
    levels = {sentences.level(_shown(effect).alpha) for effect in judged.effects if _shown(effect)}
    return Effects(tuple(rows), _ticks(axis), axis.at(0), levels.pop() if len(levels) == 1 else "")


def _own(value, kind):
    return sentences.between((value.low, value.high), lambda end: sentences.amount(end, kind)) if value.low is not None else ""


def _bar(ends, at, axis, margin=None):
    if not ends:
        return None
    low, high = ends
    return Bar(axis.at(low), axis.at(high), axis.at(at) if at is not None and axis.holds(at) else None, not axis.holds(low),
               not axis.holds(high), axis.at(margin) if margin is not None and axis.holds(margin) else None)


def _ticks(axis):
    return tuple((axis.at(tick), sentences.relative(tick) if tick else locale.percent(0)) for tick in axis.ticks)


def _guardrails(findings, names):
    """One Effects whose rows are the guardrails × the treatments."""
    guardrails = findings.result.guardrails
    if not guardrails:
        return None
    several = len(findings.case.variants) > 2
    ends = [each.relative for judged in guardrails for effect in judged.effects if (each := _shown(effect)) and each.relative]
    margins = [_margin(judged, guard) for judged in guardrails for guard in judged.guards]
    axis = plots.clipped([*ends, *((margin, -margin) for margin in margins)], 12)
    rows = []
    for judged in guardrails:
        kind = findings.metric(judged.key).kind
        for effect, guard, value in zip(judged.effects, judged.guards, judged.values[1:], strict=True):
            name = sentences.filled(N_("%(metric)s in %(variant)s"), metric=names.metric(judged.key), variant=names.variant(effect.variant)) \
                if several else names.metric(judged.key)
            tone = ({HOLDS: GOOD, BROKEN: BAD}.get(guard.state, ATTENTION)) if findings.fired else PLAIN
            margin = _margin(judged, guard)
            notes = [_("Allowed: %(margin)s", margin=sentences.relative(margin))]
            if guard.worst is not None:
                notes.append(_("at worst %(worst)s", worst=sentences.relative(guard.worst)))
            rows.append(Row(name, locale.number(value.n), sentences.amount(value.value, kind),
                            _("control %(value)s", value=sentences.amount(judged.values[0].value, kind)),
                            sentences.relative(effect.relative), sentences.difference(effect.difference, kind),
                            sentences.between(_shown(effect).relative) if _shown(effect) else "",
                            _bar(_shown(effect).relative if _shown(effect) else None, effect.relative, axis, margin), _(GUARDS[guard.state]), tone,
                            tuple([*notes, *(sentences.reason(each, names) for each in effect.why)])))
    return Effects(tuple(rows), _ticks(axis), axis.at(0), "")


def _margin(judged, guard):
    return guard.margin if judged.direction == "down" else -guard.margin


def _secondary(findings, names):
    secondary = findings.result.secondary
    axis = _axis(secondary) if secondary else None

    def tone(effect, judged):
        if not (findings.fired and effect.notable):
            return PLAIN
        return GOOD if (effect.difference > 0) == (judged.direction == "up") else BAD

    return tuple((names.metric(judged.key), _effects(
        findings, names, judged, axis, lambda effect, judged=judged: tone(effect, judged),
        lambda effect: _("notable") if effect.notable else "")) for judged in secondary)


def _others(findings, names):
    """Other readings of a metric: not capped, adjusted."""
    if not findings.others:
        return ()
    axis = _axis([judged for _how, judged in findings.others])
    titles = {"uncapped": N_("%(metric)s, without the cap"),
              "adjusted": N_("%(metric)s of returning visitors, adjusted by what the same visitors did in the 30 days before")}
    return tuple((sentences.filled(titles[how], metric=names.metric(judged.key)), _effects(findings, names, judged, axis, lambda effect: PLAIN))
                 for how, judged in findings.others)


def _times(findings, names):
    """Median and ninth decile of each time metric: a mean alone says little of durations."""
    return tuple((names.metric(key), tuple(
        (names.variant(variant), locale.seconds(median / 1000) if median is not None else locale.UNKNOWN,
         locale.seconds(p90 / 1000) if p90 is not None else locale.UNKNOWN, _completed(findings, key, at))
        for at, (variant, median, p90) in enumerate(zip(findings.case.variants, times.medians, times.p90s, strict=True))))
        for key, times in findings.times.items())


def _completed(findings, key, at):
    """Only those who completed have a time: their part of all, beside it."""
    metrics = {each.key: each for each in (findings.case.primary, *findings.case.secondary, *findings.case.guardrails)}
    visitors = findings.case.visitors[at]
    return locale.percent(metrics[key].sums[at].n / visitors, 1) if visitors else locale.UNKNOWN


def _by_chance(findings, names):
    return next((sentences.reason(each, names) for each in findings.result.warnings if each.code == "by_chance"), "")


# -- health

def _health(findings, names):
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
    text = _("Counted up to %(moment)s.", moment=drawn.moment(last)) if last else _("Nothing was counted yet.")
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


# -- further readings

def _days(findings):
    """Rows of the table under the pictures over time, latest first."""
    kind = findings.experiment.primary.kind
    return tuple((locale.date(day.day, "medium"), [locale.number(each) for each in day.visitors], [locale.number(each) for each in day.total],
                  [sentences.amount(each, kind) for each in day.values],
                  [(sentences.relative(change), sentences.between(band) if band else "") for change, band in zip(day.changes, day.bands, strict=True)])
                 for day in reversed(findings.days))


def _segments(findings, names):
    kinds = dict.fromkeys(each.kind for each in findings.segments)
    axis = plots.clipped([pair for each in findings.segments for pair in each.intervals], 2.5)
    several = len(findings.case.variants) > 2
    found = []
    for kind in kinds:
        rows = []
        for segment in (each for each in findings.segments if each.kind == kind):
            for variant, change, interval in zip(findings.case.variants[1:], segment.changes, segment.intervals, strict=True):
                name = segment_name(kind, segment.name)
                if several:
                    name = _pair(name, names.variant(variant))
                rows.append(_exploratory(name, sum(segment.visitors), change, interval, axis))
        found.append((_(SEGMENTS[kind]), Effects(tuple(rows), _ticks(axis), axis.at(0), locale.percent(0.95))))
    return tuple(found)


def _pair(one, other, between=", "):
    return sentences.Markup("{}{}{}").format(one, between, other)


def _exploratory(name, visitors, change, interval, axis):
    """A Row that decides nothing; without an interval it says that there is not enough."""
    if not interval:
        return Row(name, locale.number(visitors), notes=(_("Not enough data"),))
    return Row(name, locale.number(visitors), change=sentences.relative(change), between=sentences.between(interval), bar=_bar(interval, change, axis))


def _since(findings, names):
    """Rows (days, [(rate, visitors)] by variant, Row of each treatment)."""
    found = [each for each in findings.since if sum(each.visitors)]
    axis = plots.clipped([pair for each in found for pair in each.intervals if pair])
    rows = []
    for each in found:
        for index, (change, interval) in enumerate(zip(each.changes, each.intervals, strict=True), start=1):
            days = _("Within %(days)s days", days=locale.number(each.days + 1)) if each.days else _("On the first day")
            name = days if len(each.visitors) == 2 else _pair(days, names.variant(findings.case.variants[index]))
            rows.append(_exploratory(name, each.visitors[0] + each.visitors[index], change, interval, axis))
    return (("", Effects(tuple(rows), _ticks(axis), axis.at(0), locale.percent(0.95))),) if rows else ()


def _funnel(findings, names):
    """Steps with their share by variant: (title, [(name of the variant, text, share 0-1, note)])."""
    if not findings.funnel:
        return ()
    return tuple((_(STEP_NAMES[step]), tuple(
        (names.variant(variant), locale.number(share.visitors), locale.percent(share.value, 1), share.value or 0,
         _compared(share), share.notable) for variant, share in zip(findings.case.variants, shares, strict=True)))
        for step, shares in findings.funnel.steps)


def _sampled(part):
    return _("From a random sample of %(visitors)s visitors.", visitors=locale.number(part.sampled)) if part and part.sampled else ""


def _compared(share):
    """The difference from the control in points, where there is enough to say so."""
    return sentences.difference(share.difference, "conversion") if share.difference is not None and share.p is not None else ""


def _form(findings, names):
    """The matrix of the form's fields: heads, and rows of cells (text, n, difference, notable)."""
    form = findings.form
    if not form:
        return None
    columns = (("reached", _("Reached")), ("left", _("Gave up here")), ("returned", _("Came back")), ("refused", _("Refused")))
    rows = []
    for field in form.fields:
        for index, variant in enumerate(findings.case.variants):
            cells = [_matrix_cell(getattr(field, name)[index], index) for name, _title in columns]
            rows.append((sentences.bdi(field.name) if not index else "", names.variant(variant), cells,
                         locale.seconds(round(field.hesitation[index], 1)) if field.hesitation[index] is not None else locale.UNKNOWN))
    return {"name": sentences.bdi(form.name), "heads": [title for _name, title in columns], "rows": rows, "variants": len(findings.case.variants),
            "note": _("%(tested)s comparisons, corrected together; marked are those notable after the correction.", tested=locale.number(form.tested)),
            "sampled": _sampled(form)}


def _matrix_cell(share, index):
    told = _compared(share) if index else ""
    return (locale.percent(share.value, 1) if share.of else locale.UNKNOWN, locale.number(share.of), told, share.notable)


# -- what was agreed, and the raw counts

def _facts(findings, names):
    """Pairs (term, text) of what always stands on the page."""
    experiment, result, plan = findings.experiment, findings.result, findings.result.plan
    total = sum(result.balance.counts) or 1
    seen = " · ".join(locale.percent(count / total, 2) for count in result.balance.counts)
    found = [
        (_("Started"), drawn.moment(findings.record.started_at)),
        (_("Ended"), drawn.moment(findings.record.stopped_at)) if findings.record.stopped_at else None,
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
        (_("Data until"), drawn.moment(findings.until)),
        (_("Version of Netiv"), sentences.bdi(f"Netiv {findings.code}")),
    ]
    return tuple(each for each in found if each)


def _split_planned(result, names):
    return sentences.Markup(" · ").join(_pair(names.variant(key), locale.percent(weight, 1), " ")
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
                        kind=_(sentences.KINDS[metric.kind]), source=sentences.bdi(what), hours=locale.number(metric.window_hours))


def _where(experiment):
    where = experiment.where
    return sentences.Markup(", ").join(sentences.bdi(each) for each in (*where.paths, where.event) if each) or _("every page")


def _raw(findings, names, judged):
    """(name, [(variant, what was counted as pairs)]) of one metric."""
    metrics = {each.key: each for each in (findings.case.primary, *findings.case.secondary, *findings.case.guardrails)}
    return (names.metric(judged.key), tuple((names.variant(variant), tuple(vars(sums).items()))
                                            for variant, sums in zip(findings.case.variants, metrics[judged.key].sums, strict=True)))


# -- who decides

@dataclass(frozen=True)
class People:
    """What was said and decided: `reviews` are (when, who, kind, text, what the page said then), `history` (when, who, what, detail)."""

    reviews: tuple
    history: tuple
    links: tuple
    decision: tuple  # pairs (term, text), () before
    kinds: tuple  # (key, title) of reviews
    decisions: tuple  # (key, title)
    days: tuple


def decision(record, names):
    """Pairs (term, text) of what was decided, () before."""
    made = record.decision
    return () if not made else tuple(pair for pair in (
        (_("Decision"), _(sentences.DECISIONS[made["decision"]])),
        (_("Variant"), names.variant(made["variant"])) if made.get("variant") else None,
        (_("Why"), sentences.bdi(made["reason"])), (_("Who"), sentences.bdi(made["who"])) if made.get("who") else None,
        (_("When"), drawn.moment(record.decided_at))) if pair)


def people(store, record, names):
    """The People of an experiment."""
    return People(
        tuple((drawn.moment(each.at), sentences.bdi(each.who), _(reviews.KINDS[each.kind]), each.text,
               ngettext("The page said: %(verdict)s, %(visitors)s visitor", "The page said: %(verdict)s, %(visitors)s visitors", each.visitors,
                        verdict=_(sentences.VERDICTS[each.verdict]), visitors=locale.number(each.visitors)))
              for each in reviews.of(store, record)),
        tuple((drawn.moment(line.at), sentences.bdi(line.who), _(sentences.ACTIONS[line.action]), _detail(line)) for line in register.history(store, record)),
        tuple((each, drawn.moment(each.expires_at), drawn.moment(each.used_at) if each.used_at else _("never")) for each in shares.of(store, record)),
        decision(record, names), tuple((key, _(title)) for key, title in reviews.KINDS.items()),
        tuple((key, _(title)) for key, title in sentences.DECISIONS.items()),
        tuple((str(days), _("%(days)s days", days=locale.number(days))) for days in shares.DAYS))


def _detail(line):
    """What changed, each as field: before → after."""
    if line.action != "changed":
        return ()
    return tuple(f"{field}: {_side(pair[0])} → {_side(pair[1])}" for field, pair in line.detail.items() if isinstance(pair, list) and len(pair) == 2)


def _side(value):
    return "–" if value is None else str(value)[:80]
