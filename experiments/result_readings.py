"""Further readings of a result, which decide nothing: its days, the steps of the checkout, the fields of the form, how long things took."""

from flask_babel import gettext as _

from collector import locale
from collector.fields import N_
from experiments import sentences

STEP_NAMES = {"": N_("Saw the variant"), "view_item": N_("Looked at a product"), "add_to_cart": N_("Put it in the cart"), "view_cart": N_("Looked at the cart"),
              "begin_checkout": N_("Began the checkout"), "add_shipping_info": N_("Told where to send it"),
              "add_payment_info": N_("Told how to pay"), "purchase": N_("Bought")}


def days(findings):
    """Rows of the table under the pictures over time, latest first."""
    kind = findings.experiment.primary.kind
    return tuple((locale.date(day.day, "medium"), [locale.number(each) for each in day.visitors], [locale.number(each) for each in day.total],
                  [sentences.amount(each, kind) for each in day.values],
                  [(sentences.relative(change), sentences.between(band) if band else "") for change, band in zip(day.changes, day.bands, strict=True)])
                 for day in reversed(findings.days))


def times(findings, names):
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


def funnel(findings, names):
    """Steps with their share by variant: (title, [(name of the variant, text, share 0-1, note)])."""
    if not findings.funnel:
        return ()
    return tuple((_(STEP_NAMES[step]), tuple(
        (names.variant(variant), locale.number(share.visitors), locale.percent(share.value, 1), share.value or 0,
         _compared(share), share.notable) for variant, share in zip(findings.case.variants, shares, strict=True)))
        for step, shares in findings.funnel.steps)


def form(findings, names):
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
            "sampled": sampled(form)}


def _matrix_cell(share, index):
    told = _compared(share) if index else ""
    return (locale.percent(share.value, 1) if share.of else locale.UNKNOWN, locale.number(share.of), told, share.notable)


def sampled(part):
    return _("From a random sample of %(visitors)s visitors.", visitors=locale.number(part.sampled)) if part and part.sampled else ""


def _compared(share):
    """The difference from the control in points, where there is enough to say so."""
    return sentences.difference(share.difference, "conversion") if share.difference is not None and share.p is not None else ""
