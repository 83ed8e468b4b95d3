"""The page of campaign links: what it makes leads where it says, its code is read back, its numbers are those of `sources`."""

import re

import pytest

from click.testing import CliRunner

from collector import audit, campaigns, qr, sites, tokens
from tests.office import office  # noqa: F401
from tests.story import Story
from wsgi import netiv

GOOD = {"address": "/sale", "source": "instagram", "medium": "social", "campaign": "summer_sale", "content": "window"}


def make(office, **changes):
    return office.as_("owner").post("/sites/shop/links", GOOD | changes)


def test_a_link_is_made_shown_and_taken_out(office):
    answer = make(office)
    assert answer.status_code == 302
    page = office.as_("viewer").get(answer.location).text
    assert "utm_source=instagram&amp;utm_medium=social&amp;utm_campaign=summer_sale&amp;utm_content=window" in page and "<form class=\"form\" method=\"post\"" not in page
    assert office.as_("viewer").post("/sites/shop/links", GOOD).status_code == 403
    assert office.as_("owner").post("/sites/shop/links/1/remove").status_code == 302
    assert "No link yet" in office.as_("owner").get("/sites/shop/links").text


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(office):
    answer = make(office, source="Insta gram", address="https://other.example/")
    assert answer.status_code == 400 and 'value="Insta gram"' in answer.text
    assert "insta_gram" in answer.text and "leads to" in answer.text and campaigns.all_of(office.store, office.shop) == []


def test_its_numbers_are_those_of_sources(office):
    story = Story(office.store, office.shop, office.data_dir / "spool")
    now = office.shop.created_at
    link = campaigns.add(office.store, office.shop, GOOD, "dana")
    for number in range(3):
        visitor = story.visitor(f"visitor {number}", at=now - 3_600_000).view(link.url)
        if not number:
            visitor.purchase(120)
    story.tell()
    story.close()
    row, = office.as_("owner").get("/api/sites/shop/sources?by=campaign&campaign=summer_sale&period=7d").json["rows"]
    assert (row["sessions"], row["conversions"]) == (3, 1)
    cells = re.findall(r'<td class="number">([^<]*)', office.as_("owner").get("/sites/shop/links?period=7d").text)
    assert cells[:2] == ["3", "1"]


@pytest.mark.parametrize("form, begins", [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_code_comes_as_a_file(office, form, begins):
    make(office)
    answer = office.as_("viewer").get(f"/sites/shop/links/1.{form}")
    assert answer.status_code == 200 and answer.content_type == qr.FORMS[form] and answer.data.startswith(begins)
    assert f'attachment; filename="shop-summer_sale-1.{form}"' == answer.headers["Content-Disposition"]
    assert office.as_("viewer").get("/sites/shop/links/2.svg").status_code == 404


def test_the_code_holds_the_links_address(office):
    """Segno reads nothing, so the modules are compared with those another way of asking it gives for the very text."""
    import segno
    link = campaigns.add(office.store, office.shop, GOOD, "dana")
    assert f'd="{path(segno.make_qr(link.url, error="q", boost_error=False))}"'.encode() in qr.drawn(link.url, "svg")


def path(code):
    """The SVG path of a code, from its modules alone: runs of dark ones, row by row."""
    parts, x, y = [], 0, 0
    for row, modules in enumerate(code.matrix):
        column = 0
        while column < len(modules):
            if not modules[column]:
                column += 1
                continue
            end = column
            while end < len(modules) and modules[end]:
                end += 1
            left, top = column + qr.QUIET, row + qr.QUIET + 0.5
            parts.append(f"M{left} {top}h{end - column}" if not parts else f"m{left - x} {int(top - y)}h{end - column}")
            x, y, column = left + end - column, top, end
    return "".join(parts)


def program(office, *scopes):
    client = office.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {tokens.make(office.store, office.shop, 'Printer', scopes)}"
    return client


def test_a_program_makes_lists_draws_and_removes_links_by_its_scope(office):
    client, reader = program(office, "site:write"), program(office, "stats:read")
    made = client.post("/api/sites/shop/links", json=GOOD)
    assert made.status_code == 201 and made.json["channel"] == "Organic Social" and "utm_content=window" in made.json["url"]
    assert reader.post("/api/sites/shop/links", json=GOOD).status_code == 403
    listed, = reader.get("/api/sites/shop/links").json["links"]
    assert "who" not in listed and client.get("/api/sites/shop/links").json["links"] == [listed | {"who": "Printer"}]
    drawn = reader.get(f"/api/sites/shop/links/{listed['id']}.png")
    assert drawn.data == qr.drawn(listed["url"], "png") and drawn.headers["Content-Disposition"] == 'attachment; filename="shop-summer_sale-1.png"'
    assert reader.delete("/api/sites/shop/links/1").status_code == 403 and client.delete("/api/sites/shop/links/1").status_code == 204
    assert campaigns.all_of(office.store, office.shop) == [] and {"added link", "removed link"} <= {line.action for line in audit.latest(office.store)}


@pytest.mark.parametrize("body, field", [(GOOD | {"source": "Insta gram"}, "source"), ({"address": "/sale"}, "source"), ([], "body"),
                                         (GOOD | {"campaign": 7}, "campaign"), (GOOD | {"colour": "red"}, "body")])
def test_a_program_is_told_what_is_wrong_with_a_link(office, body, field):
    answer = program(office, "site:write").post("/api/sites/shop/links", json=body)
    assert answer.status_code == 400 and answer.json["error"]["field"] == field and campaigns.all_of(office.store, office.shop) == []


def test_links_from_a_terminal(office, tmp_path):
    def run(*words):
        return CliRunner(env={"NETIV_DATA": str(office.data_dir)}).invoke(netiv, ["link", *words])
    made = run("add", "shop", "/sale", "--source", "flyer", "--medium", "qr", "--campaign", "summer_sale")
    assert made.exit_code == 0, made.output
    number, url = made.output.strip().split("\t")
    assert run("list", "shop").output.strip().split("\t")[::2] == [number, url]
    assert run("qr", "shop", number, str(tmp_path / "a.svg")).exit_code == 0 and (tmp_path / "a.svg").read_bytes() == qr.drawn(url, "svg")
    assert "neither .svg nor .png" in run("qr", "shop", number, str(tmp_path / "a.gif")).output
    refused = run("add", "shop", "/sale", "--source", "Flyer", "--medium", "qr", "--campaign", "summer_sale")
    assert refused.exit_code == 1 and "flyer" in refused.output
    assert run("remove", "shop", number).exit_code == 0 and run("list", "shop").output == ""
    assert "has no link" in run("remove", "shop", number).output


def test_a_link_of_a_site_at_home_on_this_machine_leads_to_where_netiv_is(office):
    sites.change(office.store, office.shop, domain="localhost")
    shop = sites.by_key(office.store, "shop")
    link = campaigns.add(office.store, shop, GOOD, "dana")
    here = "http://localhost:8095/sale?utm_source=instagram"
    owner = office.as_("owner")
    page = owner.get(f"/sites/shop/links?made={link.id}", base_url="http://localhost:8095").text
    assert page.count(here) == 2 and '<bdi dir="ltr">/sale</bdi>' in page
    assert owner.get("/api/sites/shop/links", base_url="http://localhost:8095").json["links"][0]["url"].startswith(here)
    assert owner.get(f"/sites/shop/links/{link.id}.svg", base_url="http://localhost:8095").data == qr.drawn(link.url.replace("localhost", "localhost:8095"), "svg")
    assert campaigns.at_home(link, office.cafe, "http://localhost:8095/") == link
