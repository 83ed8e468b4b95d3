"""docs/reports.md says of every report, option and column what the code says."""

from pathlib import Path

import pytest

from collector.filters import KEYS
from collector.period import NAMES
from journeys import abandonment, advocates, clicks, devices, forms, goals, loyalty, pages, places, rejected, retention, sources
from journeys.reports import REPORTS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0].strip("` "): part for part in TEXT.split("\n## ")[1:]}
OTHER_COLUMNS = {"sources": tuple(sources.BY.values()), "places": tuple(places.BY.values()), "devices": tuple(devices.BY.values()),
                 "goals": goals.GOALS + goals.EVENTS + goals.LINKS, "clicks": clicks.ELEMENTS + clicks.PAGES,
                 "abandonment": (*abandonment.BY.values(), abandonment.KIND, abandonment.ABANDONS, *abandonment.SHARE, abandonment.MET,
                                 *abandonment.RATE, *abandonment.DIFFERENCE, abandonment.WORTH),
                 "pages": (pages.PAGE, pages.GROUP, *pages.NUMBERS), "forms": (*forms.FIELDS, *forms.FORMS, *forms.APART.values(), *forms.DIFFERENCE),
                 "rejected": rejected.REASONS + rejected.EVENTS, "advocates": advocates.KINDS + advocates.SESSIONS,
                 "loyalty": loyalty.VISITS + loyalty.ORDERS + loyalty.WAIT,
                 "retention": retention.columns("return") + retention.columns("reorder") + retention.columns("revenue")}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_section_with_options_and_columns(name, store, site):
    module, section = REPORTS[name], SECTIONS[name]
    for option in module.OPTIONS:
        assert f"`{option.name}`" in section or option.name in ("limit", "search", "sort")
        for choice in option.choices:
            assert f"`{choice}`" in section
    columns = OTHER_COLUMNS.get(name) or getattr(module, "COLUMNS", None) or module.report(
        store, site, _week(site), _nothing()).columns
    for column in columns:
        assert f"| `{column.key}` | {column.title} |" in section, column.key
        assert column.definition in section, column.key


def test_every_filter_and_period_is_named():
    for name in (*KEYS, *NAMES):
        assert f"`{name}`" in TEXT, name


def _week(site):
    from collector import period
    return period.parse("7d", site, site.created_at)


def _nothing():
    from collector import filters
    return filters.NONE
