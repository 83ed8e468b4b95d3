"""The reviewer's packet: one file that asks nobody anything, whose raw counts come to the numbers it shows, and that says so when they do not."""

import base64
import hashlib
import json
import re

import pytest
from click.testing import CliRunner

from experiments import packet
from experiments.packet_cli import verify
from experiments.verdict import judge
from tests.experiments import figures
from tests.experiments.lab import Lab

BLOCK = re.compile(rf'(<script type="application/json" id="{packet.ID}">)(.*?)(</script>)', re.DOTALL)


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab") / "data", tests=("young",))
    answer = lab.as_("viewer").get("/sites/shop/experiments/young/packet", headers={"Accept-Language": "en"})
    assert answer.status_code == 200 and answer.headers["Content-Disposition"] == 'attachment; filename="shop-young.html"'
    lab.store.close()
    return answer.text


def changed(text, change):
    """The packet with its block changed by a function, as somebody would who wants it to say something else."""
    block = json.loads(BLOCK.search(text)[2])
    change(block)
    return BLOCK.sub(lambda found: found[1] + json.dumps(block) + found[3], text)


def run(text):
    return CliRunner().invoke(verify, ["-"], input=text)


def test_a_packet_agrees_with_itself(text):
    answer = run(text)
    assert answer.exit_code == 0 and answer.output.startswith("young: it agrees. ") and "collecting" in answer.output


def test_it_asks_nobody_runs_nothing_and_has_its_one_style_named_by_its_hash(text):
    assert not re.search(r'\b(src|href)="(?!#)|url\(|@import|<form|<link|\bstyle="|\son\w+="', text)
    assert re.findall(r"<script[^>]*>", text) == [f'<script type="application/json" id="{packet.ID}">']
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert f"style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in text
    assert "default-src 'none'" in text and "csrf" not in text


def test_it_holds_definition_plan_raw_counts_and_the_version(text):
    block = json.loads(BLOCK.search(text)[2])
    assert block["definition"]["key"] == "young" and block["case"]["plan"]["visitors"] == 2000
    assert sum(block["case"]["visitors"]) == 60 == sum(each["visitors"] for each in block["case"]["primary"]["sums"])
    assert block["code"] and block["site"]["timezone"]


@pytest.mark.parametrize(("change", "said"), [
    (lambda block: block["case"]["primary"]["sums"][1].update(conversions=block["case"]["primary"]["sums"][1]["conversions"] + 1), "numbers.conversions is"),
    (lambda block: block["result"].update(verdict="better"), "result.verdict is better in the packet, and the raw counts come to collecting"),
    (lambda block: block["result"]["primary"]["effects"][0].update(p=0.01), "result.primary.effects[0].p is 0.01"),
    (lambda block: block["result"].update(reasons=[]), "result.reasons"),
    (lambda block: block["result"].update(reasons=[], visitors=61), "result.visitors is 61 in the packet, and the raw counts come to 60"),
    (lambda block: block["case"]["plan"].update(alpha=0.2), "result.plan.alpha"),
])
def test_the_first_number_that_differs_is_named(text, change, said):
    answer = run(changed(text, change))
    assert answer.exit_code == 1 and said in answer.output and answer.output.startswith("It does not agree")


def test_what_is_read_cannot_be_changed_without_notice(text):
    answer = run(text.replace("Too early to say anything.", "Without coupon converts better than control."))
    assert answer.exit_code == 1 and "the page's text" in answer.output
    assert run(text.replace("\n", "\r\n")).exit_code == 0


@pytest.mark.parametrize(("broken", "said"), [
    (lambda text: "<html></html>", "packet holds no block of numbers"),
    (lambda text: BLOCK.sub(lambda found: found[1] + "{" + found[3], text), "packet holds a block that is no JSON"),
    (lambda text: changed(text, lambda block: block.update(format=9)), "format is unknown to this version"),
    (lambda text: changed(text, lambda block: block["case"].pop("weights")), "case cannot be read"),
    (lambda text: changed(text, lambda block: block["case"]["primary"]["sums"][0].update(kind="guess")), "case cannot be read"),
])
def test_what_is_no_packet_is_said_in_one_sentence(text, broken, said):
    answer = run(broken(text))
    assert answer.exit_code == 1 and said in answer.output and "Traceback" not in answer.output


@pytest.mark.parametrize("rates", [(0.118, 0.141), (0.118, 0.119), (0.0, 0.0)])
def test_a_case_comes_back_from_json_as_it_was(rates):
    found = figures.made(figures.record("stopped", plan={"visitors": 10_000}), rates)
    again = packet.read_case(json.loads(json.dumps(packet.case_as_dict(found.case))))
    assert again == found.case and judge(again) == found.result
