"""What a result says, in the reader's language: the verdict's sentences, its reasons, and its numbers.

Sentences are those of docs/statistics.md and hold to its rules: never how sure one is of a winner,
never that there is no effect. Names that people gave stand in <bdi>, signs are kept
on their side of the digits.
"""

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from collector import locale
from collector.fields import N_
from experiments.reasons import Reason, text_of

QUOTES = {"en": "“”", "he": "״״"}
RATES, MONEY = ("conversion", "abandonment"), ("revenue", "order_value")
KINDS = {"conversion": N_("conversion rate"), "abandonment": N_("abandonment"), "revenue": N_("revenue per visitor"),
         "order_value": N_("average order value"), "time": N_("time to completion"), "form_errors": N_("form errors per visitor who began"),
         "count": N_("events per visitor")}
SENT = {"conversion": N_("share who sent the form"), "abandonment": N_("share who did not send the form"), "time": N_("time until the form is sent")}
DECISIONS = {"ship": N_("Ship"), "keep_control": N_("Keep the control"), "rerun": N_("Run again")}
ACTIONS = {"defined": N_("Defined"), "changed": N_("Changed"), "started": N_("Started"), "paused": N_("Paused"),
           "resumed": N_("Resumed"), "stopped": N_("Stopped"), "decided": N_("Decided"), "archived": N_("Archived")}
RULES = {"hybrid": N_("any number of looks, and one test at the planned end"), "scheduled": N_("scheduled looks"),
         "fixed": N_("one look, at the planned end")}
VERDICTS = {"unusable": N_("Do not use these results"), "collecting": N_("Collecting"), "better": N_("Better"), "worse": N_("Worse"),
            "undecided": N_("No decision yet"), "ended": N_("Ended without a clear difference"), "review": N_("For review")}
# kind of metric with its usual direction: what a winner does, what a loser does
SAYS = {
    ("conversion", "up"): (N_("%(variant)s converts better than %(control)s."), N_("%(variant)s converts worse than %(control)s.")),
    ("abandonment", "down"): (N_("%(variant)s is abandoned less often than %(control)s."),
                              N_("%(variant)s is abandoned more often than %(control)s.")),
    ("revenue", "up"): (N_("%(variant)s brings more revenue per visitor than %(control)s."),
                        N_("%(variant)s brings less revenue per visitor than %(control)s.")),
    ("order_value", "up"): (N_("%(variant)s brings larger orders than %(control)s."),
                            N_("%(variant)s brings smaller orders than %(control)s.")),
    ("time", "down"): (N_("%(variant)s is completed faster than %(control)s."), N_("%(variant)s is completed more slowly than %(control)s.")),
    ("form_errors", "down"): (N_("%(variant)s has fewer form errors than %(control)s."),
                              N_("%(variant)s has more form errors than %(control)s.")),
}
OTHERWISE = (N_("%(variant)s does better than %(control)s on %(metric)s."), N_("%(variant)s does worse than %(control)s on %(metric)s."))


# -- numbers

def amount(value, kind):
    """A metric's value: a rate, money, a duration or a number."""
    if value is None:
        return locale.UNKNOWN
    if kind in RATES:
        return locale.percent(value, 2 if value < 0.1 else 1)
    if kind in MONEY:
        return locale.money(round(value))
    return locale.seconds(value / 1000) if kind == "time" else locale.number(value, 3)


def difference(value, kind):
    """A difference of values with its sign; of rates in points."""
    if value is None:
        return locale.UNKNOWN
    return _("%(points)s points", points=_apart(value, kind)) if kind in RATES else _apart(value, kind)


def differences(ends, kind):
    """An interval of differences: +0.18 to +4.84 points."""
    low, high = (_apart(end, kind) for end in ends)
    return _("%(low)s to %(high)s points", low=low, high=high) if kind in RATES else _("%(low)s to %(high)s", low=low, high=high)


def _apart(value, kind):
    if kind in RATES:
        value = round(100 * value, 2)
        return _signed(value, locale.number(abs(value), 2))
    return _signed(value, amount(abs(value), kind))


def relative(value):
    """A relative change: +12%, +3.4%, −0.3%.

    Where it is beyond ten times it says so instead of a long number.
    """
    if value is None:
        return locale.UNKNOWN
    if value > 10:
        return _signed(value, _("%(times)s times", times=locale.number(value + 1)))
    value = round(value, 2 if abs(value) >= 0.1 else 3)
    return _signed(value, locale.percent(abs(value)))


def between(ends, said=relative):
    """An interval from its low to its high end, in both directions of reading."""
    if not ends:
        return locale.UNKNOWN
    return _("%(low)s to %(high)s", low=said(ends[0]), high=said(ends[1]))


def p_value(p):
    """0.031, 0.0004, < 0.0001: never 0."""
    if p is None:
        return locale.UNKNOWN
    return f"\u2066< {locale.number(0.0001, 4)}\u2069" if p < 0.0001 else locale.number(float(f"{p:.2g}"), 4)


def p_in_words(p):
    """What a p means: "p = 0.003: a gap this large would appear in 3 of 1,000 tests of two identical variants." """
    if p is None:
        return ""
    of = 100 if p >= 0.0995 else 1000 if p >= 0.00095 else 10_000
    if p * of < 0.95:
        return tidy(_("p = %(p)s: a gap this large would appear in fewer than 1 of %(of)s tests of two identical variants.",
                      p=p_value(p), of=locale.number(of)))
    return _("p = %(p)s: a gap this large would appear in %(times)s of %(of)s tests of two identical variants.",
             p=p_value(p), times=locale.number(round(p * of)), of=locale.number(of))


def tidy(text):
    """The same with "p < 0.0001" for "p = < 0.0001": the sentence does not know how small p is."""
    for sign in ("= ", "≤ "):
        for less in ("<", Markup("&lt;")):  # in a text, and in one already escaped
            text = text.replace(f"{sign}\u2066{less}", Markup(f"\u2066{less}"))
    return text


def level(alpha):
    """The level of an interval: 95%, 99.75%."""
    return locale.percent(1 - alpha, 2)


def _signed(value, text):
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"\u2066{sign}{text}\u2069"


# -- names

def bdi(text):
    """A name that people gave, with a direction of its own."""
    return Markup("<bdi>{}</bdi>").format(text)


def filled(text, **values):
    """A translated sentence with its values put in, each escaped."""
    return Markup(escape(_(text))) % values


class Names:
    """What the variants and metrics of one experiment are called."""

    def __init__(self, experiment):
        self.variants = {each.key: each.name or each.key for each in experiment.variants}
        self.metrics = {each.key: each.name if each.name != each.key else _called(each) for each in experiment.metrics}
        self.first = next(iter(self.variants))
        self.control = self.variant(self.first)
        self.is_control = self.variants[self.first].lower() in ("control", "ביקורת")  # the name says already what it is

    def variant(self, key):
        return bdi(self.variants.get(key, key))

    def quoted(self, key):
        """A variant within a sentence, where its name could be taken for a part of it."""
        before, after = QUOTES[locale.language()]
        return Markup("{}{}{}").format(before, self.variant(key), after)

    def metric(self, key):
        return bdi(self.metrics.get(key, key))


def _called(metric):
    """What a metric without a name of its own is called: Conversion rate: purchase."""
    said = kind(metric)
    _source, what = metric.source
    return f"{said[:1].upper()}{said[1:]}{'' if metric.kind in MONEY else f': {what}'}"


def kind(metric):
    """What a metric counts; of a form that it was sent, which is less than what the report on forms calls completed."""
    return _(SENT.get(metric.kind, KINDS[metric.kind]) if metric.form else KINDS[metric.kind])


# -- sentences

def reason(each, names, has_end=False):
    """The sentence of a Reason."""
    if each.code == "no_plan" and has_end:
        each = Reason("waits_for_the_end")
    return Markup(tidy(filled(text_of(each), **{name: _number(name, value, names) for name, value in each.numbers.items()})))


def _number(name, value, names):
    if name == "variant":
        return names.quoted(value)
    if name == "metric":
        return names.metric(value)
    if name in ("p", "alpha"):
        return p_value(value)
    if name in ("share", "change", "margin"):
        return locale.percent(value, 1)
    if isinstance(value, (int, float)):
        return locale.number(value, 0 if isinstance(value, int) else 2)
    return bdi(value)


def verdict(findings, names):
    """The verdict in one sentence."""
    result, metric = findings.result, findings.experiment.primary
    if result.verdict in ("better", "review"):
        said = _does(metric, True, result.winner, names)
        return said if result.verdict == "better" else Markup("{} {}").format(said, _("But look at the guardrails before shipping it."))
    if result.verdict == "worse":
        losers = [each.variant for each in result.primary.effects if each.verdict == "worse"]
        return _does(metric, False, losers[0], names) if len(losers) == 1 else filled(
            N_("Every variant does worse than %(control)s on %(metric)s."), control=names.quoted(names.first), metric=names.metric(metric.key))
    if _too_little(result):
        return _("Ended with too little data to say anything.")
    return {"unusable": _("Do not use these results."), "collecting": _("Too early to say anything."),
            "undecided": _("No decision yet."), "ended": _("Ended without a clear difference.")}[result.verdict]


def title(result):
    """The verdict in a word or two."""
    return _("Ended too early") if _too_little(result) else _(VERDICTS[result.verdict])


def _too_little(result):
    """Over, and what was planned to be asked cannot be: that is no finding of "no clear difference"."""
    return result.verdict == "ended" and any(each.code.startswith("few_") for each in result.reasons)


def _does(metric, better, variant, names):
    unsent = metric.kind == "abandonment" and metric.form  # its name says more than "abandoned"
    text = (OTHERWISE if unsent else SAYS.get((metric.kind, metric.direction), OTHERWISE))[0 if better else 1]
    return filled(text, variant=names.quoted(variant), control=names.quoted(names.first), metric=names.metric(metric.key))


def estimate(effect, kind):
    """How large the effect is, with the interval the verdict rests on."""
    interval = effect.deciding or effect.always or effect.interval
    if effect.difference is None or interval is None or interval.difference is None:
        return ""
    said = dict(difference=difference(effect.difference, kind), level=level(interval.alpha),
                between=differences(interval.difference, kind))
    if effect.relative is None or interval.relative is None:
        return _("Estimated %(difference)s (%(level)s interval %(between)s).", **said)
    return _("Estimated %(difference)s (%(level)s interval %(between)s), that is %(relative)s (%(relative_between)s).", **said,
             relative=relative(effect.relative), relative_between=between(interval.relative))


def compatible(effect, names, alone):
    """What nothing speaks against, while nothing is decided."""
    interval = effect.deciding or effect.always
    if not interval or not interval.relative:
        return ""
    if alone:
        return _("Compatible with anything from %(low)s to %(high)s.", low=relative(interval.relative[0]), high=relative(interval.relative[1]))
    return filled(N_("%(variant)s: compatible with anything from %(low)s to %(high)s."), variant=names.quoted(effect.variant),
                  low=relative(interval.relative[0]), high=relative(interval.relative[1]))


def days(least, most):
    """A range of days: 8 to 11 more days."""
    if least is None:
        return _("an unknown number of days")
    if most is None:
        return ngettext("at least %(days)s more day", "at least %(days)s more days", least, days=locale.number(least))
    if least == most:
        return ngettext("%(days)s more day", "%(days)s more days", least, days=locale.number(least))
    return _("%(least)s to %(most)s more days", least=locale.number(least), most=locale.number(most))
