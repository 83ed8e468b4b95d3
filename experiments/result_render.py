"""A result as text: JSON for programs, CSV for spreadsheets, a table for the terminal. English, as all that programs read.

In JSON everything stands as it was counted: rates 0-1, money in minor units,
times as UTC milliseconds. CSV has a line for each metric and variant.
"""

import io
import json

from collector import sheet
from collector.period import date_of
from experiments import packet, shapes
from experiments.reasons import sentence

BOM = "\ufeff"  # without it Excel reads Hebrew as Latin letters
COLUMNS = ("metric", "role", "variant", "n", "value", "low", "high", "difference", "relative", "p", "p_adjusted", "always_valid_p",
           "interval_level", "relative_low", "relative_high", "verdict")


def to_json(findings, site):
    """Everything on the page: verdict with its reasons, every number, the raw counts, the days, segments, funnel and form."""
    result = findings.result.as_dict()
    for name in ("reasons", "warnings"):
        result[name] = [each | {"sentence": said} for each, said in zip(result[name], map(sentence, getattr(findings.result, name)), strict=True)]
    found = {"experiment": shapes.line(findings.record), "site": site.key, "timezone": site.timezone, "currency": site.currency,
             "asked_at": findings.now, "data_until": findings.until, "code": findings.code, "result": result,
             "raw": packet.case_as_dict(findings.case), "caps": findings.caps, "days_left": findings.days_left,
             "days": [vars(day) | {"day": str(date_of(day.day))} for day in findings.days],
             "segments": [vars(each) for each in findings.segments], "days_since_exposure": [vars(each) for each in findings.since],
             "funnel": findings.funnel, "form": findings.form, "revenue": findings.revenue,
             "exclusions": [{"reason": row.reason, "events": row.events} for row in findings.exclusions]}
    return json.dumps(found, ensure_ascii=False, indent=1, default=vars) + "\n"


def to_csv(findings, site):
    """Every cell quoted, formulas disarmed."""
    out = io.StringIO()
    lines = sheet.writer(out)
    lines.writerow(COLUMNS)
    for row in rows(findings):
        lines.writerow(["" if each is None else f"{each:.10g}" if isinstance(each, float) else sheet.cell(each) for each in row])
    return BOM + out.getvalue()


def to_table(findings, site):
    """The verdict, its reasons, and a line for each metric and variant."""
    result = findings.result
    said = [f"{findings.record.key}: {result.verdict}{f' ({result.winner})' if result.winner else ''}"]
    said += [f"  {sentence(each)}" for each in (*result.reasons, *result.warnings)]
    lines = [("metric", "variant", "n", "value", "change", "interval", "verdict")]
    for row in rows(findings):
        each = dict(zip(COLUMNS, row, strict=True))
        interval = f"{each['relative_low']:+.1%} to {each['relative_high']:+.1%}" if each["relative_low"] is not None else "-"
        lines.append((each["metric"], each["variant"], str(each["n"]), _short(each["value"]),
                      f"{each['relative']:+.1%}" if each["relative"] is not None else "-", interval, each["verdict"]))
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    table = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    table.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*said, "", *table]) + "\n"


def rows(findings):
    """Tuples in the order of COLUMNS: each metric's variants, control first."""
    result = findings.result
    roles = (("primary", (result.primary,)), ("secondary", result.secondary), ("guardrail", result.guardrails))
    for role, several in roles:
        for judged in several:
            for at, (variant, value) in enumerate(zip(result.variants, judged.values, strict=True)):
                yield (judged.key, role, variant, value.n, value.value, value.low, value.high, *_effect(judged, at))


def _effect(judged, at):
    if not at:
        return (None,) * 8 + ("control",)
    effect = judged.effects[at - 1]
    interval = effect.deciding or effect.always or effect.interval
    relative = (interval.relative if interval else None) or (None, None)
    verdict = judged.guards[at - 1].state if judged.guards else effect.verdict
    return (effect.difference, effect.relative, effect.p, effect.p_adjusted, effect.always_p, 1 - interval.alpha if interval else None, *relative, verdict)


def _short(value):
    return "-" if value is None else f"{value:.4g}"


FORMATS = {"json": (to_json, "application/json"), "csv": (to_csv, "text/csv"), "table": (to_table, "text/plain")}
