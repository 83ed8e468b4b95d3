"""What the measurements measure, and that they come to an end; how fast anything is, is not for a test to say."""

import json
import time

import pytest
from click.testing import CliRunner

from bench import reports as bench
from bench.fill import fill
from collector import sites
from collector.storage import open_store
from journeys.reports import REPORTS


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    data = tmp_path_factory.mktemp("filled")
    assert CliRunner().invoke(fill, ["--data", str(data), "--events", "2000", "--days", "5"], catch_exceptions=False).exit_code == 0
    return data


def measured(data, *more):
    output = data / "figures.json"
    found = CliRunner().invoke(bench.reports, ["--data", str(data), "--output", str(output), *more], catch_exceptions=False)
    assert found.exit_code == 0
    return json.loads(output.read_text(encoding="utf-8"))["reports"], found.output


def test_every_report_is_measured():
    assert {name for name, _ in bench.ASKED} == REPORTS.keys()


def test_every_report_has_a_figure_by_every_filter_that_applies_to_it_even_without_time(filled):
    found, table = measured(filled, "--minutes", "0")
    assert len(found) == len(bench.ASKED) * len(bench.FILTERS) - len(bench.UNFILTERED) * (len(bench.FILTERS) - 1)
    assert {each["report"].split()[0] for each in found} == REPORTS.keys()
    assert all(each["runs"] == {"30d": 0, "90d": 0} for each in found) and "* (" in table


def test_what_there_is_time_for_is_asked_again(filled):
    found, table = measured(filled, "--only", "overview", "--runs", "2")
    assert all(each["runs"] == {"30d": 2, "90d": 2} for each in found) and len(found) == len(bench.FILTERS) and "* (" not in table


def test_what_takes_too_long_is_stopped_and_says_so(filled, monkeypatch):
    monkeypatch.setattr(bench, "LONGEST", 0.2)
    store = open_store(filled, read_only=True)
    stopwatch = bench.Stopwatch(store, 5)
    site = sites.by_key(store, "big")

    def endless():
        with store.facts as db:
            db.execute("with recursive n (i) as (select 1 union all select i + 1 from n) select sum(i) from n, sessions "
                       "where site_id = ?", [site.id]).fetchone()
    began = time.monotonic()
    assert stopwatch.median(endless, 0.1)[0] >= 200 and time.monotonic() - began < 20
    store.close()
    assert ">200*" in bench._figure({"90d": 200.4, "runs": {"90d": 0}}, "90d")
