"""Links that show a variant: to whom, where, for how long, and what the script behind them says."""

import time
from dataclasses import replace

import pytest

from experiments import preview, register
from tests.experiments.example import made


@pytest.fixture
def experiment(store, site):
    return register.add(store, site, made(), "dana@shop.example").experiment


def test_a_link_leads_to_the_beginning_of_the_first_path_or_to_a_page_of_the_site(site, experiment):
    (control, first), (short, second) = preview.links("secret", site, experiment)
    assert control.key == "control" and first.startswith("https://shop.example/checkout?netiv-preview=") and first != second
    assert preview.link("secret", site, experiment, "short", "/cart?x=1").startswith("https://shop.example/cart?x=1&netiv-preview=")


@pytest.mark.parametrize("domain, address", [
    ("localhost", "http://127.0.0.1:8001/checkout?"), ("localhost:5000", "http://localhost:5000/checkout?"),
    ("shop.example", "https://shop.example/checkout?")])
def test_a_site_of_this_machine_without_a_port_is_at_home_where_netiv_is(site, experiment, domain, address):
    local = replace(site, domain=domain)
    assert preview.link("secret", local, experiment, "short", here="http://127.0.0.1:8001/").startswith(address)


@pytest.mark.parametrize("variant, page, field", [("long", "", "variant"), ("short", "https://other.example/", "page"),
                                                  ("short", "javascript:alert(1)", "page")])
def test_what_is_not_there_has_no_link(site, experiment, variant, page, field):
    with pytest.raises(preview.BadPreview) as wrong:
        preview.link("secret", site, experiment, variant, page)
    assert wrong.value.field == field


def test_a_token_says_which_variant_until_it_is_over_or_another_secret_signs(site, experiment, monkeypatch):
    token = preview.link("secret", site, experiment, "short").rpartition("=")[2]
    assert preview.read("secret", token) == ("guitars", "short-checkout", "short")
    for secret, token, later in (("another", token, 0), ("secret", token[:-2] + "xx", 0), ("secret", "", 0), ("secret", token, 8 * 86_400)):
        now = time.time() + later
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda now=now: now)
        with pytest.raises(preview.BadPreview):
            preview.read(secret, token)
